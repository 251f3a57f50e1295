DO $$ BEGIN
  ASSERT (SELECT string_agg(concat_ws(' ', id, years, long), ',' ORDER BY id) FROM "User") = '1 41 a,2 -1 b';
  ASSERT (SELECT "ownerId" FROM "Post") = 1;
END $$;
