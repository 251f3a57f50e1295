DO $$ BEGIN
  ASSERT (SELECT concat_ws(' ', id, y, z) FROM "B") = '1 one two';
  ASSERT (SELECT concat_ws(' ', id, x) FROM "C") = '1 three';
END $$;
