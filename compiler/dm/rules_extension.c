/* Rules about our extensions that only the whole schema shows: what must stand beside what, and what must
 * not. */
#include "dm/advise.h"
#include "dm/extensions.h"
#include "dm/rules.h"

/* ---- reading attributes ---- */

static const ast_attr *find_attr(const ast_attrs *attrs, const char *name)
{
  for (size_t i = 0; i < attrs->len; i++)
    if (str_eq(attrs->items[i]->name.text, str_from(name))) return attrs->items[i];
  return NULL;
}

/* One that was checked by dm_carry. */
static const ast_attr *find_carried(const dm_draft *draft, const char *name)
{
  return find_attr(&draft->model->carried, name);
}

static const ast_expr *unnamed(const ast_attr *attr)
{
  for (size_t i = 0; i < attr->args->len; i++)
    if (!attr->args->items[i].name.text.len) return attr->args->items[i].value;
  return NULL;
}

static const ast_expr *named(const ast_attr *attr, const char *name)
{
  const ast_arg *arg = ast_args_named(attr->args, str_from(name));
  return arg ? arg->value : NULL;
}

/* The field's own attribute, for the place of a report. */
static const ast_attr *attr_of(const dm_field *field, const char *name)
{
  return find_attr(&field->ast->attrs, name);
}

/* ---- what one field cannot be at once ---- */

typedef struct exclusion exclusion;
struct exclusion {
  const char *attribute, *other, *why;
};

static const exclusion exclusions[] = {
    {"generated", "version", "the database computes it, the client counts it up"},
    {"generated", "backfill", "the database computes it for every row"},
    {"generated", "validate", "no value of it is sent"},
    {"version", "id", "a key does not change"},
    {"version", "updatedAt", "it is a counter"},
};

static void check_exclusions(dm_pass *pass, const dm_field *field)
{
  if (!field->extension->generated.len && !field->extension->is_version) return;
  for (size_t i = 0; i < sizeof exclusions / sizeof *exclusions; i++) {
    const exclusion *row = &exclusions[i];
    const ast_attr *attr = attr_of(field, row->attribute), *other = attr ? attr_of(field, row->other) : NULL;
    if (!other) continue;
    diag *d = dm_say_attr(pass, attr, "The field `%.*s` cannot have both `@%s` and `@%s`: %s.",
                          STR_ARG(field->name), row->attribute, row->other, row->why);
    diag_note_at(pass->diags, d, other->full_place, "`@%s` is here", row->other);
  }
}

/* ---- columns of views ---- */

static void check_view_field(dm_pass *pass, const dm_field *field)
{
  static const char *const of_tables[] = {"generated", "version",  "backfill",   "using",
                                          "check",     "validate", "renamedFrom"};
  for (size_t i = 0; i < sizeof of_tables / sizeof *of_tables; i++) {
    const ast_attr *attr = attr_of(field, of_tables[i]);
    if (attr)
      dm_say_attr(pass, attr, "The columns of a view come from its query: `@%s` is for fields of models.",
                  of_tables[i]);
  }
  if (field->extension->updated_by_trigger)
    dm_say_attr(pass, attr_of(field, "updatedAt"), "A view has no triggers.");
}

/* ---- @validate ---- */

static const char *validate_fault(const dm_field *field, str rule)
{
  bool single = field->type == DM_TYPE_SCALAR && field->arity != AST_LIST;
  bool number = single && (field->scalar == DM_INT || field->scalar == DM_BIGINT ||
                           field->scalar == DM_FLOAT || field->scalar == DM_DECIMAL);
  bool text = single && field->scalar == DM_STRING;
  if (str_eq(rule, STR("range"))) return number ? NULL : "numbers: Int, BigInt, Float and Decimal";
  return text ? NULL : "fields of type String";
}

static void check_validate(dm_pass *pass, const dm_field *field)
{
  const ast_attr *attr = field->extension->validate;
  if (!attr) return;
  if (!attr->args->len) {
    diag *d = dm_say_attr(pass, attr, "It says nothing that could be checked.");
    diag_help(pass->diags, d,
              "write `email: true`, `length: [1, 100]`, `pattern: \"…\"` or `range: [0, 10]`");
  }
  for (size_t i = 0; i < attr->args->len; i++) {
    str rule = attr->args->items[i].name.text;
    const char *fault = validate_fault(field, rule);
    if (!fault) continue;
    diag *d = dm_say_attr(pass, attr, "The `%.*s` argument is for %s; `%.*s` is of type `%.*s%s`.",
                          STR_ARG(rule), fault, STR_ARG(field->name), STR_ARG(field->ast->type.text),
                          field->arity == AST_LIST ? "[]" : "");
    diag_note_at(pass->diags, d, field->ast->name.place, "`%.*s` is declared here", STR_ARG(field->name));
  }
  const ast_expr *range = named(attr, "range");
  bool whole = field->type == DM_TYPE_SCALAR && (field->scalar == DM_INT || field->scalar == DM_BIGINT);
  for (size_t i = 0; range && whole && i < range->len; i++) {
    int64_t unused;
    if (!dm_parse_i64(range->items[i]->text, &unused))
      dm_say_attr(pass, attr, "The `range` argument of an `%.*s` is of whole numbers, not `%.*s`.",
                  STR_ARG(field->ast->type.text), STR_ARG(range->items[i]->text));
  }
}

/* ---- keys and indexes ---- */

static void say_key(dm_pass *pass, const dm_index *index, const char *text)
{
  dm_say_attr_at(pass, dm_key_word(index), index->place, "%s", text);
}

static bool is_key_field(const dm_index *index, const dm_field *field)
{
  for (size_t i = 0; i < index->key_count; i++)
    if (index->keys[i].field == field) return true;
  return false;
}

static void check_include(dm_pass *pass, const dm_index *index)
{
  if (index->include_count && index->type != DM_BTREE && index->type != DM_GIST && index->type != DM_SPGIST)
    say_key(pass, index, "Only indexes of type BTree, Gist and SpGist can `include` fields.");
  for (size_t i = 0; i < index->include_count; i++) {
    const dm_field *field = index->include[i];
    bool twice = is_key_field(index, field);
    for (size_t k = 0; k < i; k++) twice = twice || index->include[k] == field;
    if (twice)
      dm_say_attr_at(pass, dm_key_word(index), index->place,
                     "The `include` argument names the field %.*s, which is in the index already.",
                     STR_ARG(field->name));
  }
}

/* A deferrable unique is a constraint, and those are of whole columns. */
static void check_deferrable(dm_pass *pass, const dm_index *index)
{
  if (index->deferrable == DM_NOT_DEFERRABLE) return;
  bool plain = !index->where.len && !index->where_object;
  for (size_t i = 0; i < index->key_count; i++)
    plain = plain && index->keys[i].field && index->keys[i].sort != DM_SORT_DESC;
  if (!plain)
    say_key(pass, index, "A deferrable unique has neither `where` nor raw(\"…\") nor `sort: Desc`.");
}

static void check_fulltext(dm_pass *pass, const dm_index *index)
{
  for (size_t i = 0; i < index->key_count; i++) {
    const dm_field *field = index->keys[i].field;
    bool text =
        field && field->type == DM_TYPE_SCALAR && field->scalar == DM_STRING && field->arity != AST_LIST;
    if (text) continue;
    diag *d = dm_say_attr_at(pass, "@@fulltext", index->place,
                             "Only fields of type String can be searched, not %.*s.",
                             STR_ARG(field ? field->name : STR("raw(\"…\")")));
    if (field)
      diag_note_at(pass->diags, d, field->ast->name.place, "`%.*s` is declared here", STR_ARG(field->name));
  }
}

static void check_key(dm_pass *pass, const dm_index *index)
{
  check_include(pass, index);
  check_deferrable(pass, index);
  for (dm_setting i = 0; index->storage && i < DM_STORAGE_COUNT; i++)
    if (index->storage->said[i] && !dm_setting_fits(i, index->type))
      dm_say_attr_at(pass, dm_key_word(index), index->place, "Indexes of type %s have no setting %.*s.",
                     dm_index_type_name(index->type), STR_ARG(dm_setting_name(i)));
  if (index->kind == DM_FULLTEXT) check_fulltext(pass, index);
}

static void check_keys(dm_pass *pass, const dm_draft *draft)
{
  for (size_t i = 0; i < draft->keys.len; i++) check_key(pass, &draft->keys.items[i]->index);
}

/* ---- names of checks and exclusion constraints ---- */

static void check_constraint_name(dm_pass *pass, const dm_scopes *scopes, const dm_model *model, table *names,
                                  const ast_attr *attr, bool on_block)
{
  const ast_expr *map = named(attr, "map");
  if (!map || map->kind != AST_STRING) return;
  dm_check_name_length(pass, model, attr, map->text, on_block);
  bool excludes = str_eq(attr->name.text, STR("exclude"));
  const ast_expr *other = sc_table_get(names, map->text);
  if (other || dm_scopes_in_table(scopes, model, map->text) ||
      (excludes && dm_scopes_in_schema(scopes, model, map->text))) {
    dm_say_attr(pass, attr,
                "The constraint name `%.*s` is taken: keys, indexes, relations, checks and exclusion "
                "constraints of a table have different names.",
                STR_ARG(map->text));
    return;
  }
  union {
    const ast_expr *in;
    void *out;
  } value = {map}; /* the table has no const values; nobody writes to this one */
  sc_table_put(names, map->text, value.out);
}

static void check_constraint_names(dm_pass *pass, const dm_scopes *scopes, const dm_draft *draft)
{
  bool has_exclusions = find_carried(draft, "exclude") != NULL;
  if (!draft->checks.len && !has_exclusions) return;
  table *names = sc_table_new(pass->mem);
  for (size_t i = 0; i < draft->model->field_count; i++) {
    const ast_attrs *attrs = &draft->model->fields[i].ast->attrs;
    for (size_t k = 0; k < attrs->len; k++)
      if (str_eq(attrs->items[k]->name.text, STR("check")))
        check_constraint_name(pass, scopes, draft->model, names, attrs->items[k], false);
  }
  for (size_t i = 0; i < draft->attrs.len; i++) {
    str name = draft->attrs.items[i]->name.text;
    if (str_eq(name, STR("check")) || str_eq(name, STR("exclude")))
      check_constraint_name(pass, scopes, draft->model, names, draft->attrs.items[i], true);
  }
}

/* ---- @@exclude ---- */

static void check_exclude(dm_pass *pass, const ast_attr *attr)
{
  str sql;
  if (!dm_raw(unnamed(attr), &sql)) return;
  str start = str_slice(sc_str_trim(sql), 0, 5);
  if (sc_str_eq_fold(start, STR("USING")) || str_starts(start, STR("("))) return;
  diag *d = dm_say_attr(pass, attr, "What excludes is written as USING method (column WITH operator, …).");
  diag_help(pass->diags, d, "for example `@@exclude(raw(\"USING gist (room WITH =, during WITH &&)\"))`");
}

/* ---- @@policy ---- */

static void check_policy(dm_pass *pass, const dm_draft *draft, const ast_attr *attr)
{
  const ast_expr *command = named(attr, "for");
  str word = command ? command->text : STR("All");
  bool only_reads = str_eq(word, STR("Select")) || str_eq(word, STR("Delete"));
  bool only_writes = str_eq(word, STR("Insert"));
  if (named(attr, "check") && only_reads)
    dm_say_attr(pass, attr, "A policy for %.*s has no `check`: it writes no row. Write `using`.",
                STR_ARG(word));
  if (named(attr, "using") && only_writes)
    dm_say_attr(pass, attr, "A policy for Insert has no `using`: there is no row before. Write `check`.");
  if (!named(attr, "check") && !named(attr, "using"))
    dm_say_attr(pass, attr, "A policy needs `using`, `check` or both: without them it lets everything pass.");
  if (find_carried(draft, "rls")) return;
  diag *d = dm_say_warning(pass, attr->place, "The policy `%.*s` has no effect: the model has no `@@rls`.",
                           STR_ARG(unnamed(attr)->text));
  diag_help(pass->diags, d, "add `@@rls` to model `%.*s`", STR_ARG(draft->model->name));
}

/* ---- @@scope ---- */

static bool is_c_name(str name)
{
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && !(i && c >= '0' && c <= '9')) return false;
  }
  return name.len > 0;
}

static void check_scope(dm_pass *pass, const ast_attr *attr)
{
  str name = unnamed(attr)->text;
  if (!is_c_name(name))
    dm_say_attr(pass, attr, "The name `%.*s` becomes a name in C: letters, digits and _.", STR_ARG(name));
}

/* ---- @@partition ---- */

static void check_partitioned_key(dm_pass *pass, const dm_index *index, const dm_field *field,
                                  const ast_attr *attr)
{
  if (index->kind == DM_INDEX || index->kind == DM_FULLTEXT || is_key_field(index, field)) return;
  diag *d = dm_say_attr_at(pass, dm_key_word(index), index->place,
                           "The model is partitioned by `%.*s`: every key of it has to contain that field.",
                           STR_ARG(field->name));
  diag_note_at(pass->diags, d, attr->full_place, "partitioned here");
  if (!index->key_count || index->key_count != 1 || !index->keys[0].field) return;
  diag_help(pass->diags, d, "write `@@%s([%.*s, %.*s])`", index->kind == DM_PRIMARY_KEY ? "id" : "unique",
            STR_ARG(index->keys[0].field->name), STR_ARG(field->name));
}

static void check_partition_field(dm_pass *pass, const dm_draft *draft, const ast_attr *attr,
                                  const dm_field *field)
{
  if (field->extension->generated.len)
    dm_say_attr(pass, attr, "The generated column `%.*s` cannot say in which partition a row is.",
                STR_ARG(field->name));
  if (draft->primary_key) check_partitioned_key(pass, &draft->primary_key->index, field, attr);
  for (size_t i = 0; i < draft->keys.len; i++)
    check_partitioned_key(pass, &draft->keys.items[i]->index, field, attr);
}

static void check_partition(dm_pass *pass, const dm_draft *draft, const ast_attr *attr)
{
  const ast_expr *fields = unnamed(attr), *const * items;
  size_t len = dm_array_items(&fields, &items);
  if (str_eq(named(attr, "by")->text, STR("List")) && len > 1)
    dm_say_attr(pass, attr, "A model is partitioned by the List of one field's values, not of %zu.", len);
  for (size_t i = 0; i < len; i++) {
    const dm_field *field = dm_draft_field(draft, items[i]->text);
    bool twice = false;
    for (size_t k = 0; k < i; k++) twice = twice || str_eq(items[k]->text, items[i]->text);
    if (twice)
      dm_say_attr(pass, attr, "It refers to the field %.*s twice.", STR_ARG(field->name));
    else
      check_partition_field(pass, draft, attr, field);
  }
}

/* ---- views ---- */

static void check_view(dm_pass *pass, const dm_draft *draft)
{
  const ast_attr *materialized = find_carried(draft, "materialized");
  if (!materialized || find_carried(draft, "sql")) return;
  diag *d = dm_say_attr(pass, materialized, "A materialized view needs its query.");
  diag_help(pass->diags, d, "add `@@sql(\"SELECT …\")` to view `%.*s`", STR_ARG(draft->model->name));
}

static void check_query(dm_pass *pass, const ast_attr *attr)
{
  static const str words[] = {STR_INIT("SELECT"), STR_INIT("WITH"), STR_INIT("VALUES"), STR_INIT("TABLE")};
  const ast_expr *value = unnamed(attr);
  str sql = value->text;
  if (value->kind != AST_STRING && !dm_raw(value, &sql)) return;
  sql = sc_str_trim(sql);
  bool query = str_starts(sql, STR("(")) || str_starts(sql, STR("--")) || str_starts(sql, STR("/*"));
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    query = query || sc_str_eq_fold(str_slice(sql, 0, words[i].len), words[i]);
  if (!query) dm_say_attr(pass, attr, "A view is a query: SELECT, WITH, VALUES or TABLE.");
}

/* ---- relations ---- */

static void check_sides(dm_pass *pass, const dm_draft *draft)
{
  for (size_t i = 0; i < draft->sides.len; i++) {
    const dm_side *side = draft->sides.items[i];
    if (side->deferrable == DM_NOT_DEFERRABLE || side->has_fields) continue;
    dm_say_attr_at(pass, "@relation", dm_arg_place(side->attr, "deferrable"),
                   "The `deferrable` argument stands on the side of the relation with `fields`: there is the "
                   "constraint.");
  }
}

/* ---- all of them ---- */

static void check_model(dm_pass *pass, const dm_scopes *scopes, const dm_draft *draft)
{
  for (size_t i = 0; i < draft->model->field_count; i++) {
    const dm_field *field = &draft->model->fields[i];
    if (!dm_field_is_column(field) || !field->ast->attrs.len) continue;
    if (draft->model->is_view) check_view_field(pass, field);
    check_exclusions(pass, field);
    check_validate(pass, field);
  }
  check_keys(pass, draft);
  check_constraint_names(pass, scopes, draft);
  check_sides(pass, draft);
  if (draft->model->is_view) check_view(pass, draft);
  for (size_t i = 0; i < draft->model->carried.len; i++) {
    const ast_attr *attr = draft->model->carried.items[i];
    str name = attr->name.text;
    if (str_eq(name, STR("exclude"))) check_exclude(pass, attr);
    if (str_eq(name, STR("policy"))) check_policy(pass, draft, attr);
    if (str_eq(name, STR("scope"))) check_scope(pass, attr);
    if (str_eq(name, STR("partition"))) check_partition(pass, draft, attr);
    if (str_eq(name, STR("sql"))) check_query(pass, attr);
  }
}

void dm_rules_extensions(dm_pass *pass, const dm_scopes *scopes)
{
  if (pass->options.prisma_only || !pass->extended) return;
  for (size_t m = 0; m < pass->schema->model_count; m++) check_model(pass, scopes, pass->drafts[m]);
  dm_rules_renamed(pass);
}
