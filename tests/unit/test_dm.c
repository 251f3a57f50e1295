/* The data model. What it refuses: the report on tests/errors/NAME.prisma is NAME.expected, one rule a file;
 * NAME.notes, where there is one, is what stands below it.
 * What it makes of a valid schema: read here. */
#include "unit/golden.h"

#include "dm/dm.h"
#include "dm/literals.h"
#include "report/render.h"

static arena *mem;
static diag_list *diags;
static source_set sources;

static int setup(void **state)
{
  (void)state;
  mem = sc_arena_new_fatal(test_out_of_memory);
  diags = diag_list_new(mem);
  sources = (source_set){0};
  return 0;
}

static int teardown(void **state)
{
  (void)state;
  sc_arena_free(mem);
  return 0;
}

/* ---- helpers ---- */

static const dm_schema *resolve_as(str text, bool prisma)
{
  vec_push(mem, &sources, ((source){STR("schema.prisma"), text}));
  const ast_schema *ast = ast_parse_with(&sources, &(ast_parse_options){.prisma = prisma}, mem, diags);
  return dm_resolve(ast, &(dm_options){.prisma_only = prisma}, mem, diags);
}

static const dm_schema *resolve_well(str text)
{
  const dm_schema *schema = resolve_as(text, false);
  if (diags->errors) fail_msg("%.*s", STR_ARG(diags->items[0]->message));
  assert_non_null(schema);
  return schema;
}

static const dm_model *model(const dm_schema *schema, const char *name)
{
  const dm_model *found = dm_schema_model(schema, str_from(name));
  if (!found) fail_msg("there is no model %s", name);
  return found;
}

static const dm_field *field(const dm_schema *schema, const char *model_name, const char *name)
{
  const dm_field *found = dm_model_field(model(schema, model_name), str_from(name));
  if (!found) fail_msg("there is no field %s.%s", model_name, name);
  return found;
}

static const dm_relation *relation(const dm_schema *schema, const char *model_name, const char *name)
{
  const dm_relation *found = field(schema, model_name, name)->relation;
  assert_non_null(found);
  return found;
}

static const dm_index *index_called(const dm_model *of, const char *db_name)
{
  for (size_t i = 0; i < of->index_count; i++)
    if (str_eq(of->indexes[i].db_name, str_from(db_name))) return &of->indexes[i];
  fail_msg("there is no index %s", db_name);
  return NULL;
}

static void assert_first_message(const char *expected)
{
  assert_true(diags->len > 0);
  assert_str_eq(diags->items[0]->message, expected);
}

#define DATASOURCE "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n"

/* ---- what is refused ---- */

/* The same for editors is JSON, an object for each error. */
static void assert_json(void)
{
  buf out = {.mem = mem};
  render_json(diags, &sources, &out);
  str fault = dm_json_fault(mem, buf_str(&out));
  if (fault.len) fail_msg("%.*s in %.*s", STR_ARG(fault), STR_ARG(buf_str(&out)));
  size_t objects = 0;
  for (str rest = buf_str(&out); rest.len;) {
    size_t at = sc_str_find(rest, STR("\n{\"code\":\""));
    objects += at != SIZE_MAX;
    rest = at == SIZE_MAX ? STR_NONE : str_slice(rest, at + 1, rest.len);
  }
  assert_int_equal(objects, diags->len);
}

static void reports_as_expected(void **state)
{
  const char *name = *state;
  setup(NULL);
  str text = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.prisma", name)));
  str expected = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.expected", name)));
  assert_null(resolve_as(text, false));
  buf out = {.mem = mem};
  render_prisma(diags, &sources, &(render_options){0}, &out);
  assert_text(buf_str(&out), expected, __FILE__, __LINE__);
  assert_json();
  teardown(NULL);
}

/* Prisma's own reports on the refused schemas of the conformance tests, kept for where Prisma is not at hand.
 */
static void reports_as_prismas(void **state)
{
  const char *name = *state;
  setup(NULL);
  str text = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.prisma", name)));
  str expected = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.report", name)));
  assert_null(resolve_as(text, true));
  buf out = {.mem = mem};
  render_prisma(diags, &sources, &(render_options){0}, &out);
  assert_text(buf_str(&out), expected, __FILE__, __LINE__);
  teardown(NULL);
}

/* What stands below the report. */
static void notes_as_expected(void **state)
{
  const char *name = *state;
  setup(NULL);
  str text = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.prisma", name)));
  str expected = golden_read(mem, sc_str_c(mem, sc_str_format(mem, "%s.notes", name)));
  assert_null(resolve_as(text, false));
  buf out = {.mem = mem};
  render_notes(diags, &sources, &(render_options){0}, &out);
  assert_text(buf_str(&out), expected, __FILE__, __LINE__);
  teardown(NULL);
}

/* ---- fields ---- */

static void types_of_fields(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR(DATASOURCE "model A {\n"
                                  "  id    Int @id\n"
                                  "  price Decimal\n"
                                  "  at    DateTime? @db.Timestamptz(6)\n"
                                  "  late  DateTime @db.Timestamp\n"
                                  "  tags  String[] @db.VarChar(20)\n"
                                  "  kind  Kind\n"
                                  "  spot  Unsupported(\"point\")?\n"
                                  "}\n"
                                  "enum Kind {\n  ONE\n  TWO @map(\"zwei\")\n  @@map(\"kinds\")\n}\n"));
  const dm_field *price = field(schema, "A", "price"), *at = field(schema, "A", "at"),
                 *late = field(schema, "A", "late");
  assert_int_equal(price->native.native, DM_NATIVE_DECIMAL);
  assert_false(price->native.explicit_);
  assert_int_equal(price->native.arg_count, 2);
  assert_int_equal(price->native.args[0], 65);
  assert_int_equal(price->native.args[1], 30);
  assert_true(at->native.explicit_);
  assert_int_equal(at->native.args[0], 6);
  assert_int_equal(at->arity, AST_OPTIONAL);
  assert_int_equal(late->native.arg_count, 0);
  assert_true(dm_field_is_list(field(schema, "A", "tags")));
  assert_int_equal(field(schema, "A", "tags")->native.native, DM_NATIVE_VARCHAR);
  assert_ptr_equal(field(schema, "A", "kind")->enum_, dm_schema_enum(schema, STR("Kind")));
  assert_str_eq(dm_schema_enum(schema, STR("Kind"))->db_name, "kinds");
  assert_str_eq(dm_schema_enum(schema, STR("Kind"))->values[1].db_name, "zwei");
  assert_str_eq(field(schema, "A", "spot")->unsupported, "point");
}

static void defaults_of_fields(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR(DATASOURCE "model A {\n"
                                  "  id    String @id @default(uuid(7))\n"
                                  "  code  String @default(nanoid())\n"
                                  "  key   String @default(uuid())\n"
                                  "  made  DateTime @default(now())\n"
                                  "  num   Int @default(-007)\n"
                                  "  kind  Kind @default(TWO)\n"
                                  "  list  Boolean[] @default([true, false])\n"
                                  "  raw   Int @default(dbgenerated(\"nextval('x')\"))\n"
                                  "  none  Int\n"
                                  "}\n"
                                  "enum Kind {\n  ONE\n  TWO\n}\n"));
  assert_int_equal(field(schema, "A", "id")->default_->kind, DM_DEFAULT_UUID);
  assert_int_equal(field(schema, "A", "id")->default_->argument, 7);
  assert_true(field(schema, "A", "id")->default_->argument_written);
  assert_int_equal(field(schema, "A", "code")->default_->argument, 21);
  assert_int_equal(field(schema, "A", "key")->default_->argument, 4);
  assert_false(field(schema, "A", "key")->default_->argument_written);
  assert_int_equal(field(schema, "A", "made")->default_->kind, DM_DEFAULT_NOW);
  assert_str_eq(field(schema, "A", "num")->default_->value.text, "-007");
  assert_ptr_equal(field(schema, "A", "kind")->default_->value.enum_value,
                   &dm_schema_enum(schema, STR("Kind"))->values[1]);
  const dm_value *list = &field(schema, "A", "list")->default_->value;
  assert_int_equal(list->kind, DM_VALUE_LIST);
  assert_int_equal(list->len, 2);
  assert_str_eq(list->items[1].text, "false");
  assert_str_eq(field(schema, "A", "raw")->default_->sql, "nextval('x')");
  assert_int_equal(field(schema, "A", "none")->default_->kind, DM_DEFAULT_NONE);
}

/* ---- keys and indexes ---- */

static void names_of_keys(void **state)
{
  (void)state;
  const dm_schema *schema = resolve_well(STR(DATASOURCE "model Seat {\n"
                                                        "  row  Int @map(\"row_no\")\n"
                                                        "  no   Int\n"
                                                        "  code String @unique\n"
                                                        "  data Json\n"
                                                        "  @@index([data(ops: JsonbPathOps)], type: Gin)\n"
                                                        "  @@id([row, no])\n"
                                                        "  @@unique([no, row(sort: Desc)], name: \"place\")\n"
                                                        "  @@index([no], map: \"by_number\")\n"
                                                        "  @@map(\"seats\")\n"
                                                        "}\n"));
  const dm_model *seat = model(schema, "Seat");
  assert_int_equal(seat->index_count, 5);
  assert_str_eq(seat->indexes[0].db_name, "seats_code_key"); /* those of fields come first */
  assert_str_eq(seat->indexes[1].db_name, "seats_data_idx");
  assert_str_eq(seat->indexes[1].keys[0].opclass, "jsonb_path_ops");
  assert_int_equal(seat->indexes[1].type, DM_GIN);
  assert_ptr_equal(seat->primary_key, &seat->indexes[2]);
  assert_str_eq(seat->primary_key->db_name, "seats_pkey");
  assert_str_eq(seat->primary_key->client_name, "row_no");
  const dm_index *place = index_called(seat, "seats_no_row_no_key");
  assert_str_eq(place->client_name, "place");
  assert_int_equal(place->keys[1].sort, DM_SORT_DESC);
  assert_true(index_called(seat, "by_number")->db_named);
}

static void long_names_are_cut_at_a_character(void **state)
{
  (void)state;
  str columns[] = {STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")}; /* 53 */
  assert_str_eq(dm_default_name(mem, STR("t"), columns, 1, "_key"),
                "t_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_key");
  str accents[] = {
      STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaéé")}; /* the é is on the edge */
  str cut = dm_default_name(mem, STR("t"), accents, 1, "_key");
  assert_str_eq(cut, "t_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_key");
  assert_true(cut.len <= 63);
}

/* ---- relations ---- */

static void one_to_many_fills_in_its_defaults(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR(DATASOURCE "model Shelf {\n  id Int @id\n  books Book[]\n}\n"
                                  "model Book {\n  id Int @id\n"
                                  "  shelfId Int? @map(\"shelf_id\")\n"
                                  "  shelf Shelf? @relation(fields: [shelfId], references: [id])\n"
                                  "  @@map(\"books\")\n}\n"));
  const dm_relation *shelf = relation(schema, "Book", "shelf");
  assert_ptr_equal(shelf, relation(schema, "Shelf", "books"));
  assert_int_equal(schema->relation_count, 1);
  assert_int_equal(shelf->kind, DM_ONE_TO_MANY);
  assert_str_eq(shelf->name, "BookToShelf");
  assert_str_eq(shelf->db_name, "books_shelf_id_fkey");
  assert_int_equal(shelf->on_delete, DM_SET_NULL);
  assert_int_equal(shelf->on_update, DM_CASCADE);
  assert_ptr_equal(shelf->from, model(schema, "Book"));
  assert_ptr_equal(shelf->fields[0], field(schema, "Book", "shelfId"));
  assert_ptr_equal(shelf->references[0], field(schema, "Shelf", "id"));
  assert_true(dm_field_owns_key(field(schema, "Book", "shelf")));
  assert_false(dm_field_owns_key(field(schema, "Shelf", "books")));
  assert_ptr_equal(field(schema, "Shelf", "books")->opposite, field(schema, "Book", "shelf"));
}

static void required_relations_restrict(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR(DATASOURCE "model A {\n  id Int @id\n  b B?\n}\n"
                                  "model B {\n  aId Int @id\n"
                                  "  a A @relation(fields: [aId], references: [id])\n}\n"));
  assert_int_equal(relation(schema, "B", "a")->kind, DM_ONE_TO_ONE);
  assert_int_equal(relation(schema, "B", "a")->on_delete, DM_RESTRICT);
  assert_ptr_equal(relation(schema, "A", "b")->from, model(schema, "B"));
}

static void several_relations_are_told_apart_by_name(void **state)
{
  (void)state;
  const dm_schema *schema = resolve_well(STR(
      DATASOURCE
      "model Account {\n  id Int @id\n  out Transfer[] @relation(\"From\")\n  in Transfer[] "
      "@relation(\"To\")\n}\n"
      "model Transfer {\n  id Int @id\n  fromId Int\n  toId Int\n"
      "  to Account @relation(\"To\", fields: [toId], references: [id], onDelete: Cascade, map: \"to_fk\")\n"
      "  from Account @relation(\"From\", fields: [fromId], references: [id])\n}\n"));
  assert_ptr_equal(field(schema, "Account", "out")->opposite, field(schema, "Transfer", "from"));
  assert_ptr_equal(field(schema, "Account", "in")->opposite, field(schema, "Transfer", "to"));
  assert_str_eq(relation(schema, "Account", "in")->db_name, "to_fk");
  assert_int_equal(relation(schema, "Account", "in")->on_delete, DM_CASCADE);
}

static void many_to_many_sorts_models_then_fields(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR(DATASOURCE "model Post {\n  id Int @id\n  tags Tag[]\n  @@map(\"a_posts\")\n}\n"
                                  "model Tag {\n  id Int @id\n  posts Post[]\n"
                                  "  up Tag[] @relation(\"tree\")\n  down Tag[] @relation(\"tree\")\n}\n"));
  const dm_relation *tags = relation(schema, "Tag", "posts"), *tree = relation(schema, "Tag", "up");
  assert_int_equal(tags->kind, DM_MANY_TO_MANY);
  assert_str_eq(tags->join_table, "_PostToTag");
  assert_ptr_equal(tags->from, model(schema, "Post"));
  assert_str_eq(tree->join_table, "_tree");
  assert_str_eq(tree->from_field->name, "down");
}

static void order_of_declaration_does_not_matter(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR("model B {\n  id Int @id\n  aId Int\n  kind K @default(X)\n"
                       "  a A @relation(references: [id], fields: [aId])\n}\n"
                       "enum K {\n  X\n}\n"
                       "model A {\n  bs B[]\n  id Int @id @db.SmallInt\n}\n" DATASOURCE));
  assert_ptr_equal(relation(schema, "B", "a")->to, model(schema, "A"));
  assert_int_equal(field(schema, "A", "id")->native.native, DM_NATIVE_SMALLINT);
}

/* ---- configuration ---- */

static void configuration_is_read(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR("datasource db {\n  provider = \"postgres\"\n  url = env(\"DATABASE_URL\")\n"
                       "  directUrl = \"postgresql://x\"\n  schemas = [\"b\", \"a\"]\n"
                       "  extensions = [citext, uuid(map: \"uuid-ossp\", schema: \"b\")]\n}\n"
                       "generator client {\n  provider = \"schemac\"\n  prefix = \"shop\"\n"
                       "  previewFeatures = [\"postgresqlExtensions\"]\n}\n"
                       "model A {\n  id Int @id\n  @@schema(\"b\")\n}\n"));
  const dm_datasource *datasource = &schema->datasource;
  assert_str_eq(datasource->url.env, "DATABASE_URL");
  assert_str_eq(datasource->direct_url.literal, "postgresql://x");
  assert_false(datasource->shadow_url.present);
  assert_int_equal(datasource->schema_count, 2);
  assert_str_eq(datasource->extensions[1].db_name, "uuid-ossp");
  assert_str_eq(datasource->extensions[0].db_name, "citext");
  assert_str_eq(model(schema, "A")->schema, "b");
  assert_int_equal(schema->generator_count, 1);
  assert_str_eq(schema->generators[0].provider, "schemac");
  assert_str_eq(schema->generators[0].properties[1].key, "prefix");
}

static void a_url_is_not_needed_but_to_prisma(void **state)
{
  (void)state;
  str text = STR("datasource db {\n  provider = \"postgresql\"\n}\nmodel A {\n  id Int @id\n}\n");
  assert_false(resolve_well(text)->datasource.url.present);
  assert_null(resolve_as(text, true));
}

static void other_databases_are_refused_in_one_sentence(void **state)
{
  (void)state;
  assert_null(resolve_as(STR("datasource db {\n  provider = \"mysql\"\n  url = \"mysql://x\"\n}\n"), false));
  assert_int_equal(diags->errors, 1);
  assert_first_message("Error validating datasource `db`: schemac is for PostgreSQL only; the provider "
                       "\"mysql\" is not supported.");
}

static void warnings_do_not_refuse(void **state)
{
  (void)state;
  resolve_well(STR(DATASOURCE "model A {\n  id Int @id\n  bId Int\n"
                              "  b B @relation(fields: [bId], references: [id], onDelete: SetNull)\n}\n"
                              "model B {\n  id Int @id\n  a A[]\n}\n"));
  assert_int_equal(diags->len, 1);
  assert_int_equal(diags->items[0]->severity, DIAG_WARNING);
}

/* ---- extensions ---- */

static const str extended = STR_INIT(
    DATASOURCE "model Product {\n"
               "  id     Int @id\n"
               "  name   String @comment(\"as on the label\") @renamedFrom(\"title\")\n"
               "  price  Int @check(raw(\"price > 0\"))\n"
               "  gross  Int @generated(raw(\"price * 2\"))\n"
               "  secret String? @sensitive /// @backfill(raw(\"'x'\"))\n"
               "  rev    Int @version\n"
               "  gone   DateTime?\n"
               "  @@index([name, raw(\"lower(name)\")], where: raw(\"price > 0\"))\n"
               "  @@unique([name], nullsNotDistinct: true, include: [price], where: { gone: null })\n"
               "  @@fulltext([name])\n"
               "  @@check(raw(\"price < 100\"), map: \"cheap\")\n"
               "  /// @@comment(\"what we sell\")\n"
               "  @@softDelete(gone)\n"
               "}\n");

static void reports_for_editors_escape_what_they_quote(void **state)
{
  (void)state;
  str text =
      STR(DATASOURCE
          "model A {\n  id Int @id\n  größe Strin /* \t */\n  b Int @default(\"\\u0001\\\\ \\\"x\")\n}\n");
  assert_null(resolve_as(text, false));
  assert_true(diags->len >= 1);
  assert_json();
  buf out = {.mem = mem};
  render_json(diags, &sources, &out);
  str expected = STR("\"code\":\"TYPE_UNKNOWN\",\"severity\":\"error\",");
  assert_true(sc_str_find(buf_str(&out), expected) != SIZE_MAX);
  /* columns count bytes, from 1 */
  expected = STR("\"span\":{\"file\":\"schema.prisma\",\"start\":{\"line\":7,\"column\":11,\"offset\":");
  assert_true(sc_str_find(buf_str(&out), expected) != SIZE_MAX);
}

static void comments_that_are_nearly_extensions_are_told(void **state)
{
  (void)state;
  resolve_well(STR(DATASOURCE
                   "model A {\n  id Int @id /// @versoin\n  /// @deprecated\n  /// @zod.int()\n"
                   "  /// @version of the row\n  b Int\n  at DateTime?\n  /// @softDelete(at)\n}\n"));
  assert_int_equal(diags->len, 2);
  assert_first_message("This comment is no attribute: `@versoin` is not known.");
  assert_str_eq(diags->items[1]->message, "This comment is no attribute: `@softDelete` is not known.");
  assert_str_eq(diags->items[1]->help, "did you mean `@@softDelete`?");
}

static void extensions_in_comments_that_belong_to_nothing_are_told(void **state)
{
  (void)state;
  const dm_schema *schema = resolve_well(STR(DATASOURCE "/// @@comment(\"above\")\n"
                                                        "model A {\n"
                                                        "  /// @comment(\"of b, not of the line\")\n"
                                                        "\n"
                                                        "  /// @renamedFrom(\"a\")\n"
                                                        "  @@map(\"as\")\n"
                                                        "  b Int @id /// @@unique([b])\n"
                                                        "  @@index([b]) /// @comment(\"of an index\")\n"
                                                        "  /// @version\n"
                                                        "}\n"));
  static const char *const told[] = {
      "`@@comment` belongs on a line of its own within its block.",
      "`@renamedFrom` belongs right above its field or value, or behind it.",
      "`@@unique` belongs on a line of its own within its block.",
      "`@comment` belongs right above its field or value, or behind it.",
      "`@version` belongs right above its field or value, or behind it.",
  };
  assert_int_equal(diags->len, sizeof told / sizeof told[0]);
  for (size_t i = 0; i < diags->len; i++)
    assert_str_eq(diags->items[i]->message,
                  sc_str_c(mem, sc_str_format(mem, "This comment is no attribute: %s", told[i])));
  assert_str_eq(field(schema, "A", "b")->extension->comment, "of b, not of the line");
}

static void a_policy_without_row_level_security_is_told(void **state)
{
  (void)state;
  resolve_well(STR(DATASOURCE "model A {\n  id Int @id\n  @@policy(readers, using: raw(\"id > 0\"))\n}\n"));
  assert_int_equal(diags->len, 1);
  assert_first_message("The policy `readers` has no effect: the model has no `@@rls`.");
}

static void names_may_change_hands(void **state)
{
  (void)state;
  const dm_schema *schema = resolve_well(
      STR(DATASOURCE
          "model A {\n  id Int @id\n  a Int @renamedFrom(\"b\")\n  b Int @renamedFrom(\"a\")\n"
          "  title String @map(\"t\")\n  name String @renamedFrom(\"title\")\n  @@renamedFrom(\"B\")\n}\n"
          "model B {\n  id Int @id\n  @@renamedFrom(\"A\")\n}\n"));
  assert_str_eq(field(schema, "A", "name")->extension->renamed_from, "title");
  assert_int_equal(diags->len, 0);
}

static void sql_may_hold_quotes_and_comments(void **state)
{
  (void)state;
  resolve_well(STR(DATASOURCE "model A {\n  id Int @id\n  t String[]\n"
                              "  @@check(raw(\"t[1] <> E'it\\\\'s (' -- so\\n AND \\\"id\\\" <> 1\"))\n"
                              "  @@check(raw(\"t[2] <> $a$ ); ' $b$ $a$ /* ( /* ' */ ; */ AND id$1 > 0\"))\n"
                              "  @@check(raw(\"t[3] <> 'a\\\\' AND t[4] <> ''';'\"))\n}\n"));
}

static void extensions_are_bound(void **state)
{
  (void)state;
  const dm_schema *schema = resolve_well(extended);
  const dm_model *product = model(schema, "Product");
  assert_str_eq(product->comment, "what we sell");
  assert_str_eq(field(schema, "Product", "name")->extension->comment, "as on the label");
  assert_str_eq(field(schema, "Product", "name")->extension->renamed_from, "title");
  assert_str_eq(field(schema, "Product", "gross")->extension->generated, "price * 2");
  assert_str_eq(field(schema, "Product", "secret")->extension->backfill, "'x'");
  assert_true(field(schema, "Product", "secret")->extension->is_sensitive);
  assert_true(field(schema, "Product", "rev")->extension->is_version);
  assert_int_equal(product->check_count, 2);
  assert_str_eq(product->checks[0].sql, "price > 0");
  assert_str_eq(product->checks[1].name, "cheap");
  const dm_index *index = index_called(product, "Product_name_expr_idx");
  assert_null(index->keys[1].field);
  assert_str_eq(index->keys[1].sql, "lower(name)");
  assert_str_eq(index->where, "price > 0");
  const dm_index *unique = index_called(product, "Product_name_key");
  assert_true(unique->nulls_not_distinct);
  assert_ptr_equal(unique->include[0], field(schema, "Product", "price"));
  assert_non_null(unique->where_object);
  assert_str_eq(index_called(product, "Product_name_fulltext")->language, "english");
}

static void prisma_refuses_extensions(void **state)
{
  (void)state;
  assert_null(
      resolve_as(STR(DATASOURCE "model A {\n  id Int @id @comment(\"x\")\n  @@check(raw(\"id > 0\"))\n"
                                "  @@index([id], where: raw(\"id > 0\"))\n}\n"),
                 true));
  assert_int_equal(diags->errors, 3);
  assert_first_message("Attribute not known: \"@comment\".");
  assert_str_eq(diags->items[1]->message, "No such argument.");
  assert_str_eq(diags->items[2]->message, "Attribute not known: \"@check\".");
}

static void documentation_is_no_attribute(void **state)
{
  (void)state;
  const dm_schema *schema =
      resolve_well(STR(DATASOURCE "model A {\n  /// @HideField() is for another tool\n  id Int @id\n}\n"));
  assert_str_eq(field(schema, "A", "id")->documentation, "@HideField() is for another tool");
}

static void indexes_behind_comments_must_be_extended(void **state)
{
  (void)state;
  const dm_schema *schema = resolve_well(STR(DATASOURCE "model A {\n  id Int @id\n"
                                                        "  /// @@index([id], where: raw(\"id > 0\"))\n"
                                                        "  /// @@index([raw(\"id + 1\")], map: \"next\")\n"
                                                        "  /// @@unique([id])\n}\n"));
  const dm_model *a = model(schema, "A");
  assert_int_equal(a->index_count, 3);
  assert_str_eq(index_called(a, "A_id_idx")->where, "id > 0");
  assert_str_eq(index_called(a, "next")->keys[0].sql, "id + 1");
}

static void unknown_attributes_get_a_suggestion(void **state)
{
  (void)state;
  assert_null(resolve_as(STR(DATASOURCE "model A {\n  id Int @id @sensitiv\n}\n"), false));
  assert_first_message("Attribute not known: \"@sensitiv\".");
  assert_true(sc_str_find(diags->items[0]->help, STR("sensitive")) != SIZE_MAX);
}

static void an_unknown_type_is_one_error(void **state)
{
  (void)state;
  assert_null(resolve_as(STR(DATASOURCE "model A {\n  id Int @id\n  x Foo @unique @default(1)\n}\n"), false));
  assert_int_equal(diags->errors, 1);
}

int main(void)
{
  arena *names = sc_arena_new_fatal(test_out_of_memory);
  golden_tests tests = {0};
  golden_add(names, &tests, "tests/errors", ".prisma", reports_as_expected);
  golden_add(names, &tests, "tests/errors", ".notes", notes_as_expected);
  golden_add(names, &tests, "tests/conformance/schemas/refused", ".report", reports_as_prismas);
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
  const struct CMUnitTest others[] = {
      TEST(types_of_fields),
      TEST(defaults_of_fields),
      TEST(names_of_keys),
      TEST(long_names_are_cut_at_a_character),
      TEST(one_to_many_fills_in_its_defaults),
      TEST(required_relations_restrict),
      TEST(several_relations_are_told_apart_by_name),
      TEST(many_to_many_sorts_models_then_fields),
      TEST(order_of_declaration_does_not_matter),
      TEST(configuration_is_read),
      TEST(a_url_is_not_needed_but_to_prisma),
      TEST(other_databases_are_refused_in_one_sentence),
      TEST(warnings_do_not_refuse),
      TEST(reports_for_editors_escape_what_they_quote),
      TEST(comments_that_are_nearly_extensions_are_told),
      TEST(extensions_in_comments_that_belong_to_nothing_are_told),
      TEST(a_policy_without_row_level_security_is_told),
      TEST(names_may_change_hands),
      TEST(sql_may_hold_quotes_and_comments),
      TEST(extensions_are_bound),
      TEST(prisma_refuses_extensions),
      TEST(documentation_is_no_attribute),
      TEST(indexes_behind_comments_must_be_extended),
      TEST(unknown_attributes_get_a_suggestion),
      TEST(an_unknown_type_is_one_error),
  };
  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) vec_push(names, &tests, others[i]);
  int failed = _cmocka_run_group_tests("dm", tests.items, tests.len, NULL, NULL);
  sc_arena_free(names);
  return failed;
}
