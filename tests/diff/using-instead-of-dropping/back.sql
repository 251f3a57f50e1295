-- There is no inverse of what @using says.
ALTER TABLE "Item" ALTER "level" DROP DEFAULT, ALTER "level" TYPE TEXT USING (CASE "level" WHEN 'HIGH' THEN '2' ELSE '1' END);
ALTER TABLE "Item" ALTER "when" TYPE TEXT USING (extract(epoch FROM "when")::int::text);
