# `awk -v n=300 -f wide.awk`: the soak's schema, a model of n fields of six types in turn, and parents with children.
# With -v part=c: macros that fill all of these fields with values made of a number, ask for them, and compare them.
function name(i) { return "f" i }
BEGIN {
  split("Int String Boolean BigInt Float Int?", type, " ")
  split("SC_INT((i) + @)|text(@, i)|SC_BOOL(((i) + @) % 2)|SC_BIGINT((int64_t)(i) * 10000000000 + @)|SC_FLOAT((i) + @ / 4.0)|SC_INT((i) - @)", value, "|")
  split("== (i) + @| |== ((i) + @) % 2|== (int64_t)(i) * 10000000000 + @|== (i) + @ / 4.0| ", same, "|")
  if (part == "c") {
    print "#define FILL(i) \\"
    for (k = 0; k < n; k++) { v = value[k % 6 + 1]; gsub("@", k, v); printf "  .%s = %s, \\\n", name(k), v }
    print "\n#define ASK(i) \\"
    for (k = 0; k < n; k++) { v = value[k % 6 + 1]; gsub("@", k, v); printf "  .%s = {.equals = %s}, \\\n", name(k), v }
    print "\n#define SAME(r, i) ( \\"
    for (k = 0; k < n; k++) {
      kind = k % 6; s = same[kind + 1]; gsub("@", k, s)
      if (kind == 1) printf "  strcmp((r)->%s, text(%d, i)) == 0 && \\\n", name(k), k
      else if (kind == 5) printf "  (r)->%s && *(r)->%s == (i) - %d && \\\n", name(k), name(k), k
      else printf "  (r)->%s %s && \\\n", name(k), s
    }
    print "  (r)->id == (i))"
    exit
  }
  print "generator client {\n  provider = \"schemac\"\n  output = \"./generated\"\n  name = \"soak\"\n}\n"
  print "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n"
  print "model Wide {\n  id Int @id"
  for (k = 0; k < n; k++) print "  " name(k) " " type[k % 6 + 1]
  print "}\n\nmodel Parent {\n  id Int @id\n  name String @unique\n  numbers Int[]\n  children Child[]\n}\n"
  print "model Child {\n  id Int @id @default(autoincrement())\n  name String\n  parentId Int\n  parent Parent @relation(fields: [parentId], references: [id])\n\n  @@index([parentId])\n}"
}
