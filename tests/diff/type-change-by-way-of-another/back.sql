DELETE FROM "Item"; -- a time of day is no timestamp
