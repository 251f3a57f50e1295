/* The attributes of a model or view: its key, its indexes, its names. */
#include "dm/advise.h"
#include "dm/attr_key.h"
#include "dm/extensions.h"

/* ---- @@ignore, @@map, @@schema ---- */

static void visit_ignore(dm_pass *pass, dm_draft *draft)
{
  for (size_t i = 0; i < draft->model->field_count; i++) {
    const dm_field *field = &draft->model->fields[i];
    if (field->is_ignored && dm_field_is_column(field))
      dm_say_attr_at(pass, "@ignore", dm_field_place(field),
                     "Fields on an already ignored Model do not need an `@ignore` annotation.");
  }
  draft->model->is_ignored = true;
}

static void visit_map(dm_pass *pass, dm_attrs *attrs, str *db_name)
{
  const ast_expr *value = dm_arg_default(attrs, STR("name"));
  str name;
  if (value && dm_coerce_string(pass, value, &name) && name.len) *db_name = name;
}

static void visit_schema(dm_pass *pass, dm_attrs *attrs, str *schema, const ast_expr **written)
{
  const ast_expr *value = dm_arg_default(attrs, STR("map"));
  if (value && dm_coerce_string(pass, value, schema)) *written = value;
}

/* ---- @@id ---- */

/* "field `a`", "fields `a`, `b`" */
static str fields_with_word(dm_pass *pass, const str *names, size_t count)
{
  str text = STR("");
  for (size_t i = 0; i < count; i++) {
    text = sc_str_format(pass->mem, "%.*s%s`%.*s`", STR_ARG(text), i ? ", " : "", STR_ARG(names[i]));
  }
  return sc_str_format(pass->mem, count == 1 ? "field %.*s" : "fields %.*s", STR_ARG(text));
}

static diag *say_model(dm_pass *pass, const dm_draft *draft, span place, str text)
{
  return diag_add(pass->diags, DIAG_MODEL, place, draft->model->name, text);
}

/* Prisma's words for a key that records are told apart by, or sharded by. */
typedef struct key_words key_words;
struct key_words {
  const char *kind, *title; /* "id", "ID" */
  bool plain;               /* its fields are names that take no arguments */
};

static void report_key_fields(dm_pass *pass, dm_attrs *attrs, const dm_draft *draft, const ast_expr *fields,
                              const key_words *words, const dm_key_problems *problems)
{
  if (problems->unknown.len) {
    str unknown = fields_with_word(pass, problems->unknown.items, problems->unknown.len);
    diag *d = say_model(pass, draft, fields->place,
                        sc_str_format(pass->mem, "The multi field %s declaration refers to the unknown %.*s.",
                                      words->kind, STR_ARG(unknown)));
    dm_suggest_column(pass, d, draft, problems->unknown.items[0]);
  }
  if (!problems->relations.len) return;
  dm_names_list names = {0};
  for (size_t i = 0; i < problems->relations.len; i++)
    vec_push(pass->mem, &names, problems->relations.items[i]->name);
  say_model(
      pass, draft, attrs->attr->place,
      sc_str_format(
          pass->mem,
          "The %s definition refers to the relation %.*s. %s definitions must reference only scalar fields.",
          words->kind, STR_ARG(fields_with_word(pass, names.items, names.len)), words->title));
}

static void report_optional(dm_pass *pass, dm_attrs *attrs, const dm_draft *draft, const key_words *words,
                            const dm_key_draft *key)
{
  dm_names_list optional = {0};
  for (size_t i = 0; i < key->index.key_count; i++) {
    const dm_field *field = key->index.keys[i].field;
    if (field && field->arity != AST_REQUIRED) vec_push(pass->mem, &optional, field->name);
  }
  if (!optional.len || draft->model->is_ignored) return;
  say_model(pass, draft, attrs->attr->place,
            sc_str_format(pass->mem,
                          "The %s definition refers to the optional %.*s. %s definitions must reference only "
                          "required fields.",
                          words->kind, STR_ARG(fields_with_word(pass, optional.items, optional.len)),
                          words->title));
}

static bool are_plain(dm_pass *pass, const ast_expr *fields)
{
  const ast_expr *const *items;
  size_t len = dm_array_items(&fields, &items);
  bool plain = true;
  str name;
  for (size_t i = 0; i < len; i++) plain = dm_coerce_constant(pass, items[i], &name) && plain;
  return plain;
}

/* The fields of the current attribute's key. False after a report. */
static bool read_key_fields(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, const key_words *words,
                            dm_key_draft *key)
{
  const ast_expr *fields = dm_arg_default(attrs, STR("fields"));
  dm_key_problems problems = {0};
  if (!fields || (words->plain && !are_plain(pass, fields))) return false;
  if (!dm_resolve_keys(attrs, draft, fields, key, &problems)) {
    report_key_fields(pass, attrs, draft, fields, words, &problems);
    return false;
  }
  report_optional(pass, attrs, draft, words, key);
  return true;
}

static void visit_id(dm_pass *pass, dm_attrs *attrs, dm_draft *draft)
{
  dm_key_draft *key = dm_new_key(attrs, draft, DM_PRIMARY_KEY);
  if (!read_key_fields(pass, attrs, draft, &(key_words){"id", "ID", false}, key)) return;
  if (draft->primary_key) {
    diag *d = say_model(
        pass, draft, draft->model->place,
        STR("Each model must have at most one id criteria. You can't have `@id` and `@@id` at the same "
            "time."));
    dm_note_first(pass, d, draft->primary_key->index.ast->full_place);
    diag_help(pass->diags, d, "keep `@@id` and remove `@id`, or the other way round");
  }
  key->index.db_named = dm_arg_name(attrs, STR("map"), &key->index.db_name);
  key->index.client_named = dm_arg_name(attrs, STR("name"), &key->index.client_name);
  if (key->index.client_named) dm_check_client_name(attrs, draft->model, "@@id", key->index.client_name);
  dm_arg_clustered(attrs, key);
  dm_extend_key(pass, attrs, draft, key);
  draft->primary_key = key;
}

/* ---- @@shardKey ---- */

static void visit_shard_key(dm_pass *pass, dm_attrs *attrs, dm_draft *draft)
{
  dm_key_draft *key = dm_new_key(attrs, draft, DM_PRIMARY_KEY);
  if (!read_key_fields(pass, attrs, draft, &(key_words){"shard key", "Shard key", true}, key)) return;
  if (draft->shard_key)
    say_model(
        pass, draft, draft->model->place,
        STR("Each model must have at most one shard key. You can't have `@shardKey` and `@@shardKey` at "
            "the same time."));
  draft->shard_key = attrs->attr;
  draft->sharded_by = NULL;
  draft->shards_by_nothing = !key->index.key_count;
}

/* ---- @@index, @@unique, @@fulltext ---- */

static void report_key_problems(dm_pass *pass, dm_attrs *attrs, const dm_draft *draft, dm_index_kind kind,
                                const dm_key_problems *problems)
{
  const char *unique = kind == DM_UNIQUE ? "unique " : "";
  if (problems->unknown.len) {
    str unknown = dm_join(pass, problems->unknown.items, problems->unknown.len, ", ");
    diag *d = say_model(pass, draft, attrs->attr->place,
                        sc_str_format(pass->mem, "The %sindex definition refers to the unknown fields: %.*s.",
                                      unique, STR_ARG(unknown)));
    dm_suggest_column(pass, d, draft, problems->unknown.items[0]);
  }
  if (!problems->relations.len) return;
  dm_names_list names = {0}, suggested = {0};
  for (size_t i = 0; i < problems->relations.len; i++) {
    const dm_field *field = problems->relations.items[i];
    const dm_side *side = dm_field_draft_of(pass, field)->side;
    vec_push(pass->mem, &names, field->name);
    for (size_t j = 0; side && j < side->field_count; j++)
      vec_push(pass->mem, &suggested, side->fields[j]->name);
  }
  str suggestion = STR("");
  if (suggested.len)
    suggestion =
        sc_str_format(pass->mem, " Did you mean `@@%s([%.*s])`?", kind == DM_UNIQUE ? "unique" : "index",
                      STR_ARG(dm_join(pass, suggested.items, suggested.len, ", ")));
  say_model(pass, draft, attrs->attr->place,
            sc_str_format(pass->mem,
                          "The %sindex definition refers to the relation fields %.*s. Index definitions must "
                          "reference only scalar fields.%.*s",
                          unique, STR_ARG(dm_join(pass, names.items, names.len, ", ")), STR_ARG(suggestion)));
}

/* What every index says first. */
static dm_key_draft *visit_key_fields(dm_pass *pass, dm_attrs *attrs, dm_draft *draft, dm_index_kind kind)
{
  dm_key_draft *key = dm_new_key(attrs, draft, kind);
  const ast_expr *fields = dm_arg_default(attrs, STR("fields"));
  dm_key_problems problems = {0};
  if (fields && !dm_resolve_keys(attrs, draft, fields, key, &problems))
    report_key_problems(pass, attrs, draft, kind, &problems);
  return key;
}

static void visit_index_type(dm_pass *pass, dm_attrs *attrs, dm_key_draft *key)
{
  static const char *const names[] = {[DM_BTREE] = "BTree", [DM_HASH] = "Hash",     [DM_GIN] = "Gin",
                                      [DM_GIST] = "Gist",   [DM_SPGIST] = "SpGist", [DM_BRIN] = "Brin"};
  const ast_expr *value = dm_arg(attrs, STR("type"));
  str name;
  if (!value || !dm_coerce_constant(pass, value, &name)) return;
  for (dm_index_type type = DM_BTREE; type <= DM_BRIN; type++) {
    if (!str_eq(name, str_from(names[type]))) continue;
    key->index.type = type;
    key->index.type_written = true;
    return;
  }
  diag *d = dm_say_attr(pass, attrs->attr, "Unknown index type: %.*s.", STR_ARG(name));
  str known[DM_BRIN + 1];
  for (size_t i = 0; i <= DM_BRIN; i++) known[i] = str_from(names[i]);
  dm_suggest(pass, d, name, known, DM_BRIN + 1);
}

/* `name` of @@index is an older spelling of `map`. */
static void visit_index(dm_pass *pass, dm_attrs *attrs, dm_draft *draft)
{
  dm_key_draft *key = visit_key_fields(pass, attrs, draft, DM_INDEX);
  str name, map;
  bool has_name = dm_arg_name(attrs, STR("name"), &name), has_map = dm_arg_name(attrs, STR("map"), &map);
  if (has_name && has_map)
    dm_say_attr(pass, attrs->attr,
                "The `@@index` attribute accepts the `name` argument as an alias for the `map` argument for "
                "legacy reasons. It does not accept both though. Please use the `map` argument to specify "
                "the database name of the index.");
  else if (has_name || has_map) {
    key->index.db_named = true;
    key->index.db_name = has_name ? name : map;
  }
  visit_index_type(pass, attrs, key);
  dm_arg_clustered(attrs, key);
  dm_extend_key(pass, attrs, draft, key);
  vec_push(pass->mem, &draft->keys, key);
}

static void visit_unique(dm_pass *pass, dm_attrs *attrs, dm_draft *draft)
{
  dm_key_draft *key = visit_key_fields(pass, attrs, draft, DM_UNIQUE);
  key->index.client_named = dm_arg_name(attrs, STR("name"), &key->index.client_name);
  key->index.db_named = dm_arg_name(attrs, STR("map"), &key->index.db_name);
  if (key->index.client_named) dm_check_client_name(attrs, draft->model, "@@unique", key->index.client_name);
  dm_arg_clustered(attrs, key);
  dm_extend_key(pass, attrs, draft, key);
  vec_push(pass->mem, &draft->keys, key);
}

static void visit_fulltext(dm_pass *pass, dm_attrs *attrs, dm_draft *draft)
{
  dm_key_draft *key = visit_key_fields(pass, attrs, draft, DM_FULLTEXT);
  pass->extended = true;
  key->index.db_named = dm_arg_name(attrs, STR("map"), &key->index.db_name);
  dm_extend_fulltext(pass, attrs, key);
  vec_push(pass->mem, &draft->keys, key);
}

/* @id on a field that may be empty. Said here because @@ignore forgives it. */
static void check_id_arity(dm_pass *pass, const dm_draft *draft)
{
  const dm_key_draft *key = draft->primary_key;
  if (!key || !key->index.on_field || draft->model->is_ignored) return;
  if (key->index.keys[0].field->arity != AST_REQUIRED)
    dm_say_attr_at(pass, "@id", key->index.place, "Fields that are marked as id must be required.");
}

static void check_shard_arity(dm_pass *pass, const dm_draft *draft)
{
  if (!draft->sharded_by || draft->model->is_ignored || draft->sharded_by->arity == AST_REQUIRED) return;
  dm_say_attr_at(pass, "@shardKey", draft->shard_key->place,
                 "Fields that are marked as shard keys must be required.");
}

void dm_model_attributes(dm_pass *pass, dm_draft *draft)
{
  for (size_t i = 0; i < draft->model->field_count; i++) {
    dm_field *field = &draft->model->fields[i];
    if (dm_field_is_column(field)) dm_scalar_attributes(pass, draft, field);
  }
  dm_attrs attrs;
  dm_attrs_begin(&attrs, pass, draft->model->is_view ? DM_ON_VIEW : DM_ON_MODEL, &draft->attrs);
  if (dm_attrs_single(&attrs, STR("ignore"))) {
    visit_ignore(pass, draft);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("id"))) {
    visit_id(pass, &attrs, draft);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("map"))) {
    visit_map(pass, &attrs, &draft->model->db_name);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("schema"))) {
    visit_schema(pass, &attrs, &draft->model->schema, &draft->schema);
    dm_args_end(&attrs);
  }
  while (dm_attrs_next(&attrs, STR("index"))) {
    visit_index(pass, &attrs, draft);
    dm_args_end(&attrs);
  }
  while (dm_attrs_next(&attrs, STR("unique"))) {
    visit_unique(pass, &attrs, draft);
    dm_args_end(&attrs);
  }
  while (dm_attrs_next(&attrs, STR("fulltext"))) {
    visit_fulltext(pass, &attrs, draft);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("shardKey"))) {
    visit_shard_key(pass, &attrs, draft);
    dm_args_end(&attrs);
  }
  dm_extend_model(pass, &attrs, draft);
  check_id_arity(pass, draft);
  check_shard_arity(pass, draft);
  dm_attrs_end(&attrs);
}

/* ---- enums ---- */

void dm_enum_attributes(dm_pass *pass, dm_enum_draft *draft)
{
  dm_enum *enum_ = draft->enum_;
  for (size_t i = 0; i < enum_->value_count; i++) {
    dm_attrs attrs;
    dm_attrs_begin(&attrs, pass, DM_ON_VALUE, &enum_->values[i].ast->attrs);
    if (dm_attrs_single(&attrs, STR("map"))) {
      visit_map(pass, &attrs, &enum_->values[i].db_name);
      dm_args_end(&attrs);
    }
    dm_extend_enum_value(pass, &attrs, &enum_->values[i]);
    dm_attrs_end(&attrs);
  }
  ast_attrs list = {0};
  for (size_t i = 0; i < enum_->ast->items.len; i++)
    if (enum_->ast->items.items[i]->kind == AST_BLOCK_ATTR)
      vec_push(pass->mem, &list, enum_->ast->items.items[i]->as.attr);
  dm_attrs attrs;
  dm_attrs_begin(&attrs, pass, DM_ON_ENUM, &list);
  if (dm_attrs_single(&attrs, STR("map"))) {
    visit_map(pass, &attrs, &enum_->db_name);
    dm_args_end(&attrs);
  }
  if (dm_attrs_single(&attrs, STR("schema"))) {
    visit_schema(pass, &attrs, &enum_->schema, &draft->schema);
    dm_args_end(&attrs);
  }
  dm_extend_enum(pass, &attrs, enum_);
  dm_attrs_end(&attrs);
}

/* ---- the pass ---- */

/* @relation of the whole schema goes first: @unique and @@index look at what it says. */
void dm_pass_attributes(dm_pass *pass)
{
  for (size_t i = 0; i < pass->sides.len; i++) dm_relation_attributes(pass, pass->sides.items[i]);
  size_t model = 0, enum_ = 0;
  for (size_t i = 0; i < pass->ast->blocks.len; i++) {
    const ast_block *block = pass->ast->blocks.items[i];
    if (block->kind == AST_MODEL || block->kind == AST_VIEW) {
      dm_fetch_model(pass, model);
      dm_model_attributes(pass, pass->drafts[model++]);
    } else if (block->kind == AST_ENUM) {
      dm_enum_attributes(pass, &pass->enums[enum_++]);
    } else if (block->kind == AST_TYPE) {
      dm_composite_attributes(pass, block);
    }
  }
}
