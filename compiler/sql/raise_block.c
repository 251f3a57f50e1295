/* Models and enums as text, with what a hand wrote in the previous schema. */
#include "sql/raise_inside.h"

#include "sql/claim.h"
#include "syntax/word.h"

/* Attributes that say what the database knows: they are written anew. The others are a hand's. */
static bool is_known(str name)
{
  static const str names[] = {STR_INIT("id"),        STR_INIT("unique"),  STR_INIT("index"),
                              STR_INIT("map"),       STR_INIT("default"), STR_INIT("relation"),
                              STR_INIT("fulltext"),  STR_INIT("check"),   STR_INIT("comment"),
                              STR_INIT("generated"), STR_INIT("schema"),  STR_INIT("renamedFrom"),
                              STR_INIT("backfill"),  STR_INIT("using")};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (str_eq(names[i], name)) return true;
  return str_starts(name, STR("db."));
}

/* A comment that is one of our extensions, written anew when the database still has it. */
static bool is_said_again(const ast_comment *comment)
{
  str text = ast_trim(comment->text);
  while (str_starts(text, STR("@"))) text = str_slice(text, 1, text.len);
  return comment->kind == AST_COMMENT_DOC && text.len < ast_trim(comment->text).len &&
         is_known(str_slice(text, 0, ast_identifier_length(text)));
}

/* ---- fields ---- */

static bool is_default_type(const sql_column *column)
{
  const sql_type *type = &column->type;
  if (dm_scalar_native(dm_native_scalar(type->native)) != type->native) return false;
  if (type->native == DM_NATIVE_TIMESTAMP) return type->arg_count == 1 && type->args[0] == 3;
  if (type->native == DM_NATIVE_DECIMAL)
    return type->arg_count == 2 && type->args[0] == 65 && type->args[1] == 30;
  return true;
}

/* Types of time have six digits where none are said; so has Prisma, but for lists. */
static bool has_six_digits(const sql_column *column)
{
  if (column->arity == SQL_LIST || column->type.arg_count) return false;
  dm_native native = column->type.native;
  return native == DM_NATIVE_TIMESTAMP || native == DM_NATIVE_TIMESTAMPTZ || native == DM_NATIVE_TIME ||
         native == DM_NATIVE_TIMETZ;
}

static void print_native(const sql_column *column, buf *out)
{
  const sql_type *type = &column->type;
  if (type->kind != SQL_TYPE_NATIVE || is_default_type(column)) return;
  sc_buf_format(out, " @db.%s", dm_native_name(type->native));
  if (has_six_digits(column)) BUF_LIT(out, "(6)");
  for (unsigned i = 0; i < type->arg_count; i++) sc_buf_format(out, "%s%u", i ? ", " : "(", type->args[i]);
  if (type->arg_count) buf_char(out, ')');
}

static void print_type(const raiser *r, const sql_column *column, buf *out)
{
  static const char *const marks[] = {[SQL_REQUIRED] = "", [SQL_NULLABLE] = "?", [SQL_LIST] = "[]"};
  const raise_enum *enum_ = NULL;
  if (column->type.kind == SQL_TYPE_ENUM) enum_ = raise_find_enum(r, column->type.schema, column->type.name);
  if (enum_) {
    buf_add(out, enum_->name);
  } else if (column->type.kind == SQL_TYPE_NATIVE) {
    buf_add(out, str_from(dm_scalar_name(dm_native_scalar(column->type.native))));
  } else {
    BUF_LIT(out, "Unsupported(");
    raise_string(column->type.name, out);
    buf_char(out, ')');
  }
  buf_add(out, str_from(marks[column->arity]));
}

static const dm_field *old_field(const raise_model *model, str name)
{
  return model->old ? dm_model_field(model->old, name) : NULL;
}

static const ast_attr *written(const dm_field *old, str name)
{
  for (size_t i = 0; old && i < old->ast->attrs.len; i++)
    if (str_eq(old->ast->attrs.items[i]->name.text, name)) return old->ast->attrs.items[i];
  return NULL;
}

/* Generated columns are defaults to Prisma. */
static void print_default(const raiser *r, const sql_column *column, const dm_field *old, buf *out)
{
  buf value = {.mem = r->mem};
  if (column->generated.len && !r->prisma) {
    BUF_LIT(out, " @generated(raw(");
    raise_string(column->generated, out);
    BUF_LIT(out, "))");
    return;
  }
  sql_column plain = *column;
  if (column->generated.len)
    plain.default_ = (sql_default){.kind = SQL_DEFAULT_EXPRESSION, .text = column->generated};
  raise_default(r, &plain, &value);
  if (value.len) {
    sc_buf_format(out, " @default(%.*s)", STR_ARG(buf_str(&value)));
    return;
  }
  const ast_attr *attr = written(old, STR("default"));
  bool clients = old && (old->default_->kind >= DM_DEFAULT_UUID ||
                         (old->default_->kind == DM_DEFAULT_DBGENERATED && !old->default_->sql.len));
  if (attr && clients) sc_buf_format(out, " %.*s", STR_ARG(span_text(r->ast->sources, attr->full_place)));
}

static void print_carried(const raiser *r, const dm_field *old, bool ignored, buf *out)
{
  for (size_t i = 0; old && i < old->ast->attrs.len; i++) {
    const ast_attr *attr = old->ast->attrs.items[i];
    bool ignore = str_eq(attr->name.text, STR("ignore"));
    if (attr->from_comment || is_known(attr->name.text) || (ignore && ignored)) continue;
    sc_buf_format(out, " %.*s", STR_ARG(span_text(r->ast->sources, attr->full_place)));
  }
}

static void print_column(raiser *r, const raise_model *model, size_t at, buf *out)
{
  const sql_column *column = &model->table->columns[at];
  str name = model->fields.items[at];
  const dm_field *old = old_field(model, name);
  sc_buf_format(out, "%.*s ", STR_ARG(name));
  print_type(r, column, out);
  raise_field_keys(r, model, column, out);
  print_default(r, column, old, out);
  if (!str_eq(name, column->name)) {
    BUF_LIT(out, " @map(");
    raise_string(column->name, out);
    buf_char(out, ')');
  }
  print_native(column, out);
  print_carried(r, old, model->ignored || (model->old && model->old->is_ignored), out);
  if (column->comment.len) {
    buf_add(out, r->prisma ? STR(" /// @comment(") : STR(" @comment("));
    raise_string(column->comment, out);
    buf_char(out, ')');
  }
  if (column->type.kind == SQL_TYPE_OTHER)
    raise_note(r, SQL_NOTE_UNSUPPORTED,
               sc_str_format(r->mem, "%s: \"%.*s\", field: \"%.*s\", original data type: \"%.*s\"",
                             model->is_view ? "View" : "Model", STR_ARG(model->name), STR_ARG(name),
                             STR_ARG(column->type.name)));
}

static void print_relation(const raiser *r, const raise_end *end, buf *out)
{
  buf line = {.mem = r->mem};
  raise_print_end(r, end, &line);
  buf_add(out, buf_str(&line));
  const ast_attr *ignore = end->old ? written(end->old, STR("ignore")) : NULL;
  if (ignore && !str_ends(buf_str(&line), STR("@ignore"))) BUF_LIT(out, " @ignore");
}

/* ---- attributes of the block ---- */

static void print_checks(const raiser *r, const raise_model *model, buf *out)
{
  for (size_t i = 0; i < model->table->check_count; i++) {
    const sql_check *check = &model->table->checks[i];
    sc_buf_format(out, "%s@@check(raw(", r->prisma ? "/// " : "");
    raise_string(check->expression, out);
    BUF_LIT(out, "), map: ");
    raise_string(check->name, out);
    BUF_LIT(out, ")\n");
  }
}

static void print_name(const char *attribute, str name, buf *out)
{
  sc_buf_format(out, "@@%s(", attribute);
  raise_string(name, out);
  BUF_LIT(out, ")\n");
}

/* Those behind /// stand for themselves: the formatter moves a comment with the attribute below it. */
static void split_comments(raiser *r, str text, buf *out)
{
  buf comments = {.mem = r->mem}, attrs = {.mem = r->mem};
  while (text.len) {
    size_t end = sc_str_find_char(text, '\n') + 1;
    str line = str_slice(text, 0, end);
    buf_add(str_starts(line, STR("///")) ? &comments : &attrs, line);
    text = str_slice(text, end, text.len);
  }
  buf_char(out, '\n');
  buf_add(out, buf_str(&comments));
  if (comments.len) buf_char(out, '\n');
  buf_add(out, buf_str(&attrs));
}

static void print_block_attrs(raiser *r, const raise_model *model, str carried, buf *out)
{
  buf text = {.mem = r->mem};
  raise_block_keys(r, model, &text);
  print_checks(r, model, &text);
  if (model->table->comment.len) {
    if (r->prisma) BUF_LIT(&text, "/// ");
    print_name("comment", model->table->comment, &text);
  }
  buf_add(&text, carried);
  if (!str_eq(model->name, model->table->name)) print_name("map", model->table->name, &text);
  bool ignored = model->ignored || (model->old && model->old->is_ignored);
  if (ignored) BUF_LIT(&text, "@@ignore\n");
  if (r->qualified) print_name("schema", model->table->schema, &text);
  split_comments(r, buf_str(&text), out);
}

/* ---- what a hand wrote ---- */

/* One line of a block; its comments stand in front of it. */
typedef struct block_line block_line;
struct block_line {
  str text;
  bool column, relation;
};

typedef struct body body;
struct body {
  VEC(block_line) lines;
  buf carried; /* block attributes of a hand's */
};

static bool has_old_column(const raise_model *model, const dm_field *old, size_t *at)
{
  for (size_t i = 0; i < model->table->column_count; i++)
    if (dm_field_is_column(old) && str_eq(model->table->columns[i].name, old->db_name)) {
      *at = i;
      return true;
    }
  return false;
}

static const raise_end *end_of(const raise_model *model, const dm_field *old)
{
  for (size_t i = 0; i < model->ends.len; i++)
    if (model->ends.items[i]->old == old) return model->ends.items[i];
  return NULL;
}

static void trailing(const raiser *r, const ast_item *item, buf *out)
{
  if (!item->trailing || is_said_again(item->trailing)) return;
  buf_char(out, ' ');
  buf_add(out, span_text(r->ast->sources, item->trailing->place));
}

static void keep_items(raiser *r, const raise_model *model, body *b)
{
  buf pending = {.mem = r->mem};
  for (size_t i = 0; i < model->old->ast->items.len; i++) {
    const ast_item *item = model->old->ast->items.items[i];
    if (item->blank_before && i) buf_char(&pending, '\n');
    if (item->kind == AST_COMMENT) {
      if (!is_said_again(item->as.comment)) {
        buf_add(&pending, span_text(r->ast->sources, item->place));
        buf_char(&pending, '\n');
      }
      continue;
    }
    size_t at;
    const dm_field *old =
        item->kind == AST_FIELD ? dm_model_field(model->old, item->as.field->name.text) : NULL;
    const raise_end *end = old && !dm_field_is_column(old) ? end_of(model, old) : NULL;
    bool column = old && has_old_column(model, old, &at);
    if (column)
      print_column(r, model, at, &pending);
    else if (end)
      print_relation(r, end, &pending);
    if (column || end) {
      trailing(r, item, &pending);
      buf_char(&pending, '\n');
      vec_push(r->mem, &b->lines, (block_line){buf_str(&pending), column, end != NULL});
    } else if (item->kind == AST_BLOCK_ATTR && !item->as.attr->from_comment) {
      bool keep = !is_known(item->as.attr->name.text) && !str_eq(item->as.attr->name.text, STR("ignore"));
      str comments = sc_str_trim(buf_str(&pending));
      if (comments.len) sc_buf_format(&b->carried, "%.*s\n", STR_ARG(comments));
      if (keep)
        sc_buf_format(&b->carried, "%.*s\n", STR_ARG(span_text(r->ast->sources, item->as.attr->full_place)));
    }
    pending = (buf){.mem = r->mem};
  }
  if (sc_str_trim(buf_str(&pending)).len)
    vec_push(r->mem, &b->lines, (block_line){.text = buf_str(&pending)});
}

static bool was_kept(const raise_model *model, str column)
{
  for (size_t i = 0; model->old && i < model->old->field_count; i++)
    if (dm_field_is_column(&model->old->fields[i]) && str_eq(model->old->fields[i].db_name, column))
      return true;
  return false;
}

/* New columns follow the last column, new relations the last field. */
static void print_fields(raiser *r, const raise_model *model, body *b, buf *out)
{
  size_t behind = 0;
  for (size_t i = 0; i < b->lines.len; i++)
    if (b->lines.items[i].column) behind = i + 1;
  for (size_t i = 0; i < behind; i++) buf_add(out, b->lines.items[i].text);
  for (size_t i = 0; i < model->table->column_count; i++)
    if (!was_kept(model, model->table->columns[i].name)) {
      print_column(r, model, i, out);
      buf_char(out, '\n');
    }
  for (size_t i = behind; i < b->lines.len; i++) buf_add(out, b->lines.items[i].text);
  for (size_t i = 0; i < model->ends.len; i++)
    if (!model->ends.items[i]->old) {
      print_relation(r, model->ends.items[i], out);
      buf_char(out, '\n');
    }
}

/* ---- what is said above a model ---- */

static void remark(const raise_model *model, str text, buf *out)
{
  if (model->old && sc_str_find(model->old->documentation, text) != SIZE_MAX) return;
  sc_buf_format(out, "/// %.*s\n", STR_ARG(text));
}

static bool other_on(const raiser *r, const raise_model *model, const char *kind)
{
  for (size_t i = 0; i < r->live->other_count; i++)
    if (str_eq(r->live->others[i].kind, str_from(kind)) &&
        str_eq(r->live->others[i].table, model->table->name))
      return true;
  return false;
}

static bool has_nulls(const sql_table *table)
{
  for (size_t i = 0; i < table->index_count; i++)
    if (index_has_nulls(&table->indexes[i])) return true;
  return false;
}

static bool has_deferring(const raiser *r, const sql_table *table)
{
  if (table->primary_key && table->primary_key->deferrable != DM_NOT_DEFERRABLE) return true;
  for (size_t i = 0; r->prisma && i < table->index_count; i++)
    if (table->indexes[i].deferrable != DM_NOT_DEFERRABLE) return true;
  for (size_t i = 0; r->prisma && i < table->foreign_key_count; i++)
    if (table->foreign_keys[i].deferrable != DM_NOT_DEFERRABLE) return true;
  return false;
}

static void print_remarks(const raiser *r, const raise_model *model, buf *out)
{
  if (model->reserved.len)
    remark(model,
           sc_str_format(
               r->mem,
               "This model has been renamed to '%.*s' during introspection, because the original name '%.*s' "
               "is reserved.",
               STR_ARG(model->name), STR_ARG(model->reserved)),
           out);
  if (model->ignored)
    remark(model,
           STR("The underlying table does not contain a valid unique identifier and can therefore currently "
               "not be "
               "handled by Prisma Client."),
           out);
  if (other_on(r, model, "partitioned table"))
    remark(model,
           STR("This table is a partition table and requires additional setup for migrations. Visit "
               "https://pris.ly/d/partition-tables for more info."),
           out);
  if (other_on(r, model, "inherited table"))
    remark(model,
           STR("This table has subclasses and requires additional setup for migrations. Visit "
               "https://pris.ly/d/table-inheritance for more info."),
           out);
  if (has_nulls(model->table))
    remark(
        model,
        STR("This model contains an index with non-default null sort order and requires additional setup for "
            "migrations. Visit https://pris.ly/d/default-index-null-ordering for more info."),
        out);
  if (other_on(r, model, "row level security"))
    remark(model,
           STR("This model contains row level security and requires additional setup for migrations. Visit "
               "https://pris.ly/d/row-level-security for more info."),
           out);
  if (has_deferring(r, model->table))
    remark(
        model,
        STR("This model has constraints using non-default deferring rules and requires additional setup for "
            "migrations. Visit https://pris.ly/d/constraint-deferring for more info."),
        out);
  if (other_on(r, model, "exclusion constraint"))
    remark(
        model,
        STR("This table contains exclusion constraints and requires additional setup for migrations. Visit "
            "https://pris.ly/d/exclusion-constraints for more info."),
        out);
}

/* ---- blocks ---- */

void raise_print_model(raiser *r, const raise_model *model, buf *out)
{
  body b = {.carried = {.mem = r->mem}};
  if (!model->table->column_count) {
    sc_buf_format(
        out,
        "/// We could not retrieve columns for the underlying table. Either it has none or you are missing "
        "rights to see them. Please check your privileges.\n// model %.*s {\n// }\n",
        STR_ARG(model->name));
    return;
  }
  print_remarks(r, model, out);
  sc_buf_format(out, "%s %.*s {", model->is_view ? "view" : "model", STR_ARG(model->name));
  if (model->old && model->old->ast->open_comment) {
    buf_char(out, ' ');
    buf_add(out, span_text(r->ast->sources, model->old->ast->open_comment->place));
  }
  buf_char(out, '\n');
  if (model->old) keep_items(r, model, &b);
  print_fields(r, model, &b, out);
  print_block_attrs(r, model, buf_str(&b.carried), out);
  BUF_LIT(out, "}\n");
}

static void print_value(const raise_enum *enum_, size_t at, buf *out)
{
  buf_add(out, enum_->values.items[at]);
  if (!str_eq(enum_->values.items[at], enum_->type->values[at])) {
    BUF_LIT(out, " @map(");
    raise_string(enum_->type->values[at], out);
    buf_char(out, ')');
  }
}

static void keep_values(const raiser *r, const raise_enum *enum_, bool *done, buf *out)
{
  buf pending = {.mem = r->mem};
  for (size_t i = 0; i < enum_->old->ast->items.len; i++) {
    const ast_item *item = enum_->old->ast->items.items[i];
    if (item->blank_before && i) buf_char(&pending, '\n');
    if (item->kind == AST_COMMENT) {
      if (is_said_again(item->as.comment)) continue;
      buf_add(&pending, span_text(r->ast->sources, item->place));
      buf_char(&pending, '\n');
      continue;
    }
    for (size_t j = 0; item->kind == AST_ENUM_VALUE && j < enum_->type->value_count; j++) {
      if (!str_eq(enum_->values.items[j], item->as.value->name.text)) continue;
      buf_add(out, buf_str(&pending));
      print_value(enum_, j, out);
      trailing(r, item, out);
      buf_char(out, '\n');
      done[j] = true;
    }
    pending = (buf){.mem = r->mem};
  }
}

void raise_print_enum(raiser *r, const raise_enum *enum_, buf *out)
{
  bool *done = arena_array(r->mem, bool, enum_->type->value_count);
  sc_buf_format(out, "enum %.*s {\n", STR_ARG(enum_->name));
  if (enum_->old) keep_values(r, enum_, done, out);
  for (size_t i = 0; i < enum_->type->value_count; i++)
    if (!done[i]) {
      print_value(enum_, i, out);
      buf_char(out, '\n');
    }
  buf_char(out, '\n');
  if (enum_->type->comment.len) {
    if (r->prisma) BUF_LIT(out, "/// ");
    print_name("comment", enum_->type->comment, out);
    if (r->prisma) buf_char(out, '\n'); /* it is no comment on what follows */
  }
  if (!str_eq(enum_->name, enum_->type->name)) print_name("map", enum_->type->name, out);
  if (r->qualified) print_name("schema", enum_->type->schema, out);
  BUF_LIT(out, "}\n");
}
