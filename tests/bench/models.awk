# A schema of n models as a grown project has them: relations in a ring, enums, indexes, mapped names, comments; about
# 23 lines a model, with its columns aligned. `awk -v n=500 -f models.awk`.
function field(name, type, rest) {
  printf rest == "" ? "  %-11s %s\n" : "  %-11s %-11s %s\n", name, type, rest
}
BEGIN {
  print "generator client {\n  provider = \"schemac\"\n  name     = \"many\"\n}\n"
  print "datasource db {\n  provider = \"postgresql\"\n  url      = env(\"DATABASE_URL\")\n}"
  for (i = 0; i < n; i++) {
    if (i % 5 == 0) printf "\nenum Status%d {\n  DRAFT\n  PUBLISHED\n  ARCHIVED  @map(\"gone\")\n}\n", i
    printf "\n/// Number %d of the things that are kept\nmodel Thing%d {\n", i, i
    field("id", "Int", "@id @default(autoincrement())")
    field("uuid", "String", "@unique @default(uuid()) @db.Uuid")
    field("title", "String", "@db.VarChar(200)")
    field("content", "String?", "// as it was typed")
    field("status", "Status" i - i % 5, "@default(DRAFT)")
    field("views", "Int", "@default(0)")
    field("price", "Decimal", "@default(0) @db.Decimal(10, 2)")
    field("tags", "String[]", "")
    field("settings", "Json?", "")
    field("createdAt", "DateTime", "@default(now()) @map(\"created_at\")")
    field("updatedAt", "DateTime", "@updatedAt @map(\"updated_at\")")
    field("nextId", "Int?", "@map(\"next_id\")")
    field("next", "Thing" (i + 1) % n "?", "@relation(\"Next" i "\", fields: [nextId], references: [id], onDelete: SetNull)")
    field("previous", "Thing" (i + n - 1) % n "[]", "@relation(\"Next" (i + n - 1) % n "\")")
    printf "\n  @@unique([title, status])\n  @@index([createdAt(sort: Desc), status])\n  @@map(\"things_%d\")\n}\n", i
  }
}
