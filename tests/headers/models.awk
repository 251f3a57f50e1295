# Prints a schema of N models that has every construct a client can meet: awk -v N=200 -f tests/headers/models.awk
#
# Model i refers to model i / 2, so that there is a tree of relations; each kind of construct comes round in turn.

function line(text) {
  print "  " text
}

function model(i, parent) {
  parent = int(i / 2)
  print "\n/// Model " i " of " N ", which has /* everything */."
  print "model Item" i " {"
  if (i % 5 == 0) {
    line("tenant String @db.Uuid")
    line("number Int")
  } else line("id " (i % 3 == 0 ? "String @id @default(" (i % 2 ? "cuid(2)" : "ulid()") ")" : "Int @id @default(autoincrement())"))
  line("title String @db.VarChar(200) /// what it is called")
  line("slug String @unique @default(nanoid(12)) @map(\"the slug\")")
  line("note String?")
  line("size Int?")
  line("big BigInt @default(0)")
  line("ratio Float?")
  line("price Decimal @default(1.5) @db.Decimal(12, 3)")
  line("active Boolean @default(true)")
  line("kind Kind" i % 7 " @default(ALPHA)")
  line("kinds Kind" i % 7 "[]")
  line("tags String[] @default([\"a\"])")
  line("sizes Int[]")
  line("extra Json?")
  line("image Bytes?")
  line("madeAt DateTime @default(now()) @db.Timestamptz(6)")
  line("dayOf DateTime? @db.Date")
  line("clock DateTime? @db.Time(3)")
  line("changedAt DateTime @updatedAt")
  line("token String @default(uuid(7)) @db.Uuid")
  line("secret String @default(\"x\") @ignore")
  if (i % 11 == 0) line("place Unsupported(\"point\")?")
  if (i % 13 == 0) line("area Unsupported(\"polygon\")")
  line("parent" i " " key_type(parent) "?")
  if (parent % 5 == 0) line("parent" i "Number Int?")
  if (parent != i) line("parent Item" parent "? @relation(\"Tree" i "\", fields: [" key_fields(i, parent) "], references: [" ids(parent) "])")
  else {
    line("self Item" i "? @relation(\"Self\", fields: [" key_fields(i, parent) "], references: [" ids(parent) "])")
    line("selves Item" i "[] @relation(\"Self\")")
  }
  if (2 * i < N && i > 0) line("children" 2 * i " Item" 2 * i "[] @relation(\"Tree" 2 * i "\")")
  if (2 * i + 1 < N) line("children" 2 * i + 1 " Item" 2 * i + 1 "[] @relation(\"Tree" 2 * i + 1 "\")")
  if (i % 5 != 0 && i % 10 != 9 && i % 2 == 1 && i + 1 < N && (i + 1) % 5 != 0) line("friends Item" i + 1 "[]")
  if (i % 5 != 0 && i % 2 == 0 && i > 0 && (i - 1) % 5 != 0) line("friends Item" i - 1 "[]")
  if (i % 5 == 0) line("@@id([tenant, number])")
  line("@@unique([title, size], name: \"title_and_size\")")
  line("@@index([madeAt(sort: Desc)])")
  line("@@map(\"items_" i "\")")
  line("@@schema(\"" (i % 2 ? "odd" : "even") "\")")
  print "}"
}

function ids(i) {
  return i % 5 == 0 ? "tenant, number" : "id"
}

function key_type(i) {
  return i % 5 == 0 || i % 3 == 0 ? "String" : "Int"
}

function key_fields(i, parent) {
  return "parent" i (parent % 5 == 0 ? ", parent" i "Number" : "")
}

BEGIN {
  print "generator client {\n  provider = \"schemac\"\n  name = \"many\"\n  previewFeatures = [\"views\"]\n}\n"
  print "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n  schemas = [\"odd\", \"even\"]\n}"
  for (k = 0; k < 7; k++) {
    print "\nenum Kind" k " {\n  ALPHA\n  beta @map(\"the \\\"beta\\\"\")\n  GammaRay\n\n  @@schema(\"odd\")\n}"
  }
  for (n = 0; n < N; n++) model(n)
  print "\nview Summary {\n  id Int @unique\n  total BigInt?\n  kind Kind0\n\n  @@schema(\"odd\")\n}"
  print "\nview Loose {\n  total BigInt?\n\n  @@schema(\"odd\")\n}"
  print "\nmodel Hidden {\n  id Int @id\n\n  @@ignore\n  @@schema(\"odd\")\n}"
}
