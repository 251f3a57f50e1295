DO $$ BEGIN
  ASSERT (SELECT string_agg(concat_ws(',', id, kind, "row", "holderId"), ';' ORDER BY id) FROM "Box") = '1,LARGE,1;2,LARGE,1,1';
  ASSERT (SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated) = 3;
END $$;
