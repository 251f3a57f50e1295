DO $$ BEGIN
  ASSERT (SELECT concat_ws(' ', id, y, z, x) FROM "B") = '1 one two new';
  ASSERT (SELECT concat_ws(' ', id, x) FROM "C") = '1 three';
  ASSERT (SELECT count(*) FROM "A") = 0;
END $$;
