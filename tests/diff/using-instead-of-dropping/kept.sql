DO $$ BEGIN
  ASSERT (SELECT string_agg(concat_ws(' ', id, price, level, size, tags, "when"::date), ';' ORDER BY id) FROM "Item")
    = '1 10 HIGH BIG {a,b} 1970-01-01;2 20 LOW SMALL {}';
END $$;
