DO $$ BEGIN
  ASSERT (SELECT string_agg(concat_ws(',', id, "full", email, role, org, since::date), ';' ORDER BY id) FROM "User")
    = '1,Ada L,user1@example.com,GUEST,2000-01-01;2,Bob,b@x,USER,ACME,2000-01-01';
END $$;
