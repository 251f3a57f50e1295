DO $$ BEGIN
  ASSERT (SELECT string_agg(concat_ws(',', id, number, status, open), ';' ORDER BY id) FROM "Order") = '1,7,OPEN,t;2,0,CLOSED,f';
END $$;
