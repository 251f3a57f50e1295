#include "migrate/renames.h"

#include "base/vec.h"
#include "migrate/connection.h"

/* ---- --rename ---- */

static bool called(str name, str db_name, str wanted)
{
  return str_eq(name, wanted) || str_eq(db_name, wanted);
}

static const dm_model *find_model(const dm_schema *schema, str name)
{
  for (size_t i = 0; i < schema->model_count; i++)
    if (called(schema->models[i]->name, schema->models[i]->db_name, name)) return schema->models[i];
  return NULL;
}

static const dm_enum *find_enum(const dm_schema *schema, str name)
{
  for (size_t i = 0; i < schema->enum_count; i++)
    if (called(schema->enums[i]->name, schema->enums[i]->db_name, name)) return schema->enums[i];
  return NULL;
}

/* Old=New */
static bool read_object(const dm_schema *schema, str from, str to, sql_rename *out)
{
  const dm_model *model = find_model(schema, to);
  const dm_enum *enum_ = find_enum(schema, to);
  if (model) {
    *out = (sql_rename){SQL_RENAMED_TABLE, model->schema, model->db_name, from, model->db_name};
  } else if (enum_) {
    *out = (sql_rename){SQL_RENAMED_ENUM, enum_->schema, enum_->db_name, from, enum_->db_name};
  } else {
    for (size_t i = 0; i < schema->relation_count; i++) {
      const dm_relation *relation = schema->relations[i];
      if (relation->kind != DM_MANY_TO_MANY || !str_eq(relation->join_table, to)) continue;
      *out = (sql_rename){SQL_RENAMED_TABLE, relation->join_schema, to, from, to};
      return true;
    }
    return false;
  }
  return true;
}

/* User.nick=name */
static bool read_member(const dm_schema *schema, str owner, str from, str to, sql_rename *out)
{
  const dm_model *model = find_model(schema, owner);
  for (size_t i = 0; model && i < model->field_count; i++) {
    const dm_field *field = &model->fields[i];
    if (!dm_field_is_column(field) || !called(field->name, field->db_name, to)) continue;
    *out = (sql_rename){SQL_RENAMED_COLUMN, model->schema, model->db_name, from, field->db_name};
    return true;
  }
  const dm_enum *enum_ = find_enum(schema, owner);
  for (size_t i = 0; enum_ && i < enum_->value_count; i++) {
    if (!called(enum_->values[i].name, enum_->values[i].db_name, to)) continue;
    *out = (sql_rename){SQL_RENAMED_VALUE, enum_->schema, enum_->db_name, from, enum_->values[i].db_name};
    return true;
  }
  return false;
}

static migrate_status refuse(arena *mem, str said, const char *why, str what, migrate_report *report)
{
  return report_refused(report, "",
                        sc_str_format(mem, "--rename %.*s: %s%s%s", STR_ARG(said), why, sc_str_c(mem, what),
                                      what.len ? "`." : ""));
}

migrate_status renames_read(arena *mem, const dm_schema *schema, const migrate_names *said, sql_renames *out,
                            migrate_report *report)
{
  for (size_t i = 0; said && i < said->len; i++) {
    str text = said->items[i];
    size_t equals = sc_str_find_char(text, '='), dot = sc_str_find_char(text, '.');
    str to = equals == SIZE_MAX ? STR_NONE : str_slice(text, equals + 1, text.len);
    str from = str_slice(text, 0, equals);
    bool member = dot < from.len;
    if (!to.len || !from.len || (member && (dot == 0 || dot + 1 == from.len)))
      return refuse(mem, text, "a rename is written as User.nick=name, or as Old=New for a model or an enum.",
                    STR_NONE, report);
    sql_rename rename;
    bool good =
        member ? read_member(schema, str_slice(from, 0, dot), str_slice(from, dot + 1, from.len), to, &rename)
               : read_object(schema, from, to, &rename);
    if (!good)
      return refuse(mem, text,
                    member ? "the schema has no such model or enum, or nothing in it called `"
                           : "the schema has no model or enum called `",
                    to, report);
    vec_push(mem, out, rename);
  }
  return MIGRATE_DONE;
}

/* ---- asking ---- */

static str flag_of(arena *mem, const sql_rename *rename)
{
  bool member = rename->kind == SQL_RENAMED_COLUMN || rename->kind == SQL_RENAMED_VALUE;
  return sc_str_format(mem, "--rename %.*s%s%.*s=%.*s", STR_ARG(member ? rename->object : STR_NONE),
                       member ? "." : "", STR_ARG(rename->from), STR_ARG(rename->to));
}

static str question_of(arena *mem, const sql_rename *rename)
{
  static const char *const kinds[] = {
      [SQL_RENAMED_ENUM] = "enum",
      [SQL_RENAMED_VALUE] = "value",
      [SQL_RENAMED_TABLE] = "table",
      [SQL_RENAMED_COLUMN] = "column",
  };
  bool member = rename->kind == SQL_RENAMED_COLUMN || rename->kind == SQL_RENAMED_VALUE;
  buf out = {.mem = mem};
  sc_buf_format(&out, "the %s `%.*s`", kinds[rename->kind], STR_ARG(rename->from));
  if (member) sc_buf_format(&out, " of `%.*s`", STR_ARG(rename->object));
  return buf_str(&out);
}

static bool was_asked(const sql_renames *asked, const sql_rename *rename)
{
  for (size_t i = 0; i < asked->len; i++)
    if (asked->items[i].kind == rename->kind && str_eq(asked->items[i].object, rename->object) &&
        str_eq(asked->items[i].from, rename->from) && str_eq(asked->items[i].to, rename->to))
      return true;
  return false;
}

bool renames_ask(const migrate_context *context, const sql_plan *plan, sql_renames *asked, sql_renames *out,
                 migrate_report *report)
{
  arena *mem = context->mem;
  sql_renames likely = sql_guess_renames(plan, mem);
  bool more = false;
  for (size_t i = 0; i < likely.len; i++) {
    const sql_rename *rename = &likely.items[i];
    if (was_asked(asked, rename)) continue;
    if (context->stopped && context->stopped(context->ui)) return false;
    vec_push(mem, asked, *rename);
    str thing = question_of(mem, rename), to = rename->to, flag = flag_of(mem, rename);
    if (!context->confirm) {
      vec_push(mem, &report->notes,
               sc_str_format(mem, "%.*s goes and `%.*s` comes; if that is a rename, pass %.*s",
                             STR_ARG(thing), STR_ARG(to), STR_ARG(flag)));
    } else if (context->confirm(context->ui, sc_str_format(mem, "Was %.*s renamed to `%.*s`?", STR_ARG(thing),
                                                           STR_ARG(to)))) {
      vec_push(mem, out, *rename);
      more = true;
    }
  }
  return more;
}
