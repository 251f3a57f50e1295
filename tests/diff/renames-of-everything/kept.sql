DO $$ BEGIN
  ASSERT (SELECT string_agg(concat_ws(' ', id, name, born, role, "leaderId"), ',' ORDER BY id) FROM "Account") = '1 ada x OWNER,2 bob USER 1';
  ASSERT (SELECT string_agg(concat_ws(' ', "A", "B"), ',' ORDER BY "A") FROM "_AccountToTag") = '1 7,2 8';
  ASSERT (SELECT concat_ws(' ', "A", "B") FROM "_likes") = '1 8';
  INSERT INTO "Account" (name) VALUES ('cy');
  ASSERT (SELECT id || ' ' || role FROM "Account" WHERE name = 'cy') = '3 OWNER';
END $$;
