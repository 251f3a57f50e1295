-- schemac:transaction off
SET lock_timeout = '100ms';
ALTER TABLE u ADD COLUMN m int;
