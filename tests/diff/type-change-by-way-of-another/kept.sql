DO $$ BEGIN
  ASSERT (SELECT (price, cents, oid, code, sent::time, seen::time)::text FROM "Item" WHERE id = 1)
    = '(12,1.5,3,42,10:11:12.5,10:11:12.5)';
END $$;
