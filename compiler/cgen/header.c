#include "cgen/comment.h"
#include "cgen/unit.h"

#include "client_header_tmpl.h"

/* ---- comments ---- */

/* The schema's documentation as a comment of its own; nothing when there is none. */
static void write_documentation(buf *out, str indent, str documentation)
{
  str line;
  str next;
  if (!comment_next_line(out->mem, &documentation, &line)) return;
  if (!comment_next_line(out->mem, &documentation, &next)) {
    tmpl_comment_line(out, indent, line);
    return;
  }
  tmpl_comment_first(out, indent, line);
  for (line = next; comment_next_line(out->mem, &documentation, &next); line = next) {
    tmpl_comment_next(out, indent, line);
  }
  tmpl_comment_last(out, indent, line);
}

static void write_section(buf *out, str name, str documentation)
{
  str line;
  str next;
  if (!comment_next_line(out->mem, &documentation, &line)) {
    tmpl_section(out, name);
    return;
  }
  tmpl_section_first(out, name);
  for (; comment_next_line(out->mem, &documentation, &next); line = next)
    tmpl_comment_next(out, STR(""), line);
  tmpl_comment_last(out, STR(""), line);
  tmpl_blank(out);
}

static void write_member(buf *out, str type, str name, str note)
{
  if (note.len > 0)
    tmpl_member_noted(out, type, name, note);
  else
    tmpl_member(out, type, name);
}

/* ---- enums ---- */

static void write_enum(buf *out, const cg_enum *e)
{
  write_documentation(out, STR(""), e->dm->documentation);
  tmpl_enum_open(out, e->name);
  tmpl_enumerator_first(out, e->values[0]);
  for (size_t i = 1; i < e->dm->value_count; i++) tmpl_enumerator(out, e->values[i]);
  tmpl_alias_close(out, e->name);
  tmpl_enum_types(out, e->name, e->list, e->filter, e->list_filter, e->update, e->list_update);
  tmpl_enum_functions(out, e->name, e->name_function, e->parse_function);
}

/* ---- what models refer to each other by ---- */

static void write_forward(buf *out, const cg_model *m)
{
  static const cg_type types[] = {CG_WHERE, CG_UNIQUE, CG_ORDER_BY, CG_CREATE, CG_FIND_MANY, CG_READ};
  tmpl_forward(out, m->name);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (cg_has(m, types[i])) tmpl_forward(out, m->types[types[i]]);
  }
  tmpl_blank(out);
}

static void write_shared(buf *out, const cg_model *m)
{
  static const cg_type lists[][2] = {
      {CG_WHERE_LIST, CG_WHERE},
      {CG_UNIQUE_LIST, CG_UNIQUE},
      {CG_ORDER_BY_LIST, CG_ORDER_BY},
      {CG_CREATE_LIST, CG_CREATE},
  };
  const str *types = m->types;
  tmpl_record_list(out, types[CG_LIST], m->name);
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    if (cg_has(m, lists[i][0])) tmpl_input_list(out, types[lists[i][0]], types[lists[i][1]]);
  }
  if (cg_has(m, CG_ONE_FILTER)) tmpl_one_filter(out, types[CG_ONE_FILTER], types[CG_WHERE]);
  if (cg_has(m, CG_NESTED_ONE))
    tmpl_nested_one(out, types[CG_NESTED_ONE], types[CG_CREATE], types[CG_UNIQUE]);
  if (cg_has(m, CG_MANY_FILTER)) tmpl_many_filter(out, types[CG_MANY_FILTER], types[CG_WHERE]);
  if (cg_has(m, CG_NESTED_MANY)) {
    tmpl_nested_many(out, types[CG_NESTED_MANY], types[CG_CREATE_LIST], types[CG_UNIQUE_LIST]);
  }
  tmpl_blank(out);
}

/* ---- one model: constants and the record ---- */

static void write_field_numbers(buf *out, const cg_model *m)
{
  tmpl_enum_open(out, m->types[CG_FIELD]);
  tmpl_enumerator_first(out, m->fields[0].constant);
  for (size_t i = 1; i < m->field_count; i++) tmpl_enumerator(out, m->fields[i].constant);
  for (size_t i = 0; i < m->relation_count; i++) tmpl_enumerator(out, m->relations[i].constant);
  for (size_t i = 0; i < m->relation_count; i++) {
    if (m->relations[i].list) tmpl_enumerator(out, m->relations[i].count_constant);
  }
  tmpl_alias_close(out, m->types[CG_FIELD]);
}

static void write_constraints(buf *out, const cg_model *m)
{
  if (m->constraint_count == 0) return;
  tmpl_enum_open(out, m->types[CG_CONSTRAINT]);
  tmpl_enumerator_zero(out, m->unknown_constraint);
  for (size_t i = 0; i < m->constraint_count; i++) {
    const cg_constraint *c = &m->constraints[i];
    tmpl_enumerator_noted(out, c->constant, comment_safe(out->mem, c->db_name));
  }
  tmpl_alias_close(out, m->types[CG_CONSTRAINT]);
}

/* A type as a declaration wants it in front of a name. */
static str spaced(const buf *out, str type)
{
  return sc_str_format(out->mem, "%.*s ", STR_ARG(type));
}

static str pointer_to(const buf *out, str type)
{
  return sc_str_format(out->mem, "const %.*s *", STR_ARG(type));
}

static void write_counts(buf *out, const cg_model *m)
{
  if (m->many_count == 0) return;
  tmpl_alias_open(out, m->types[CG_COUNTS]);
  for (size_t i = 0; i < m->relation_count; i++) {
    if (m->relations[i].list) tmpl_member(out, STR("int64_t "), m->relations[i].name);
  }
  tmpl_alias_close(out, m->types[CG_COUNTS]);
}

static void write_record(buf *out, const cg_model *m)
{
  const str maybe = STR("may be NULL");
  tmpl_struct_open(out, m->name);
  for (size_t i = 0; i < m->field_count; i++) {
    const cg_field *f = &m->fields[i];
    write_documentation(out, STR("  "), f->dm->documentation);
    write_member(out, f->record_type, f->name, f->nullable ? maybe : STR_NONE);
  }
  for (size_t i = 0; i < m->relation_count; i++) {
    const cg_relation *r = &m->relations[i];
    write_documentation(out, STR("  "), r->dm->documentation);
    if (r->list)
      tmpl_member(out, spaced(out, r->target->types[CG_LIST]), r->name);
    else
      write_member(out, sc_str_format(out->mem, "%.*s *", STR_ARG(r->target->name)), r->name,
                   r->dm->arity == AST_OPTIONAL ? maybe : STR_NONE);
  }
  if (m->many_count > 0) tmpl_member(out, spaced(out, m->types[CG_COUNTS]), STR("_count"));
  size_t bits = m->field_count + m->relation_count + m->many_count;
  tmpl_loaded(out, sc_str_format(out->mem, "%zu", (bits + 31) / 32));
  tmpl_struct_close(out);
}

/* ---- one model: what is asked ---- */

static void write_where(buf *out, const cg_model *m)
{
  tmpl_struct_open(out, m->types[CG_WHERE]);
  for (size_t i = 0; i < m->field_count; i++) tmpl_member(out, m->fields[i].filter_type, m->fields[i].name);
  for (size_t i = 0; i < m->relation_count; i++) {
    const cg_relation *r = &m->relations[i];
    tmpl_member(out, spaced(out, r->target->types[r->list ? CG_MANY_FILTER : CG_ONE_FILTER]), r->name);
  }
  tmpl_logic(out, m->types[CG_WHERE_LIST]);
  tmpl_struct_close(out);
}

static void write_unique(buf *out, const cg_model *m)
{
  if (!m->has_unique) return;
  tmpl_note_unique(out);
  tmpl_struct_open(out, m->types[CG_UNIQUE]);
  for (size_t i = 0; i < m->unique_count; i++) {
    const cg_unique *u = &m->uniques[i];
    if (u->field_count == 1) {
      tmpl_member(out, u->fields[0]->input_type, u->name);
      continue;
    }
    tmpl_inner_open(out);
    for (size_t k = 0; k < u->field_count; k++)
      tmpl_inner_member(out, u->fields[k]->input_type, u->fields[k]->name);
    tmpl_inner_close(out, u->name);
  }
  tmpl_logic(out, m->types[CG_WHERE_LIST]);
  tmpl_struct_close(out);
}

static void write_order(buf *out, const cg_model *m)
{
  tmpl_note_order(out);
  tmpl_struct_open(out, m->types[CG_ORDER_BY]);
  for (size_t i = 0; i < m->field_count; i++) tmpl_member(out, STR("sc_order "), m->fields[i].name);
  for (size_t i = 0; i < m->relation_count; i++) {
    const cg_relation *r = &m->relations[i];
    if (r->list)
      tmpl_member(out, STR("sc_count_order "), r->name);
    else
      tmpl_member(out, pointer_to(out, r->target->types[CG_ORDER_BY]), r->name);
  }
  tmpl_struct_close(out);
}

static void write_count_select(buf *out, const cg_model *m)
{
  if (m->many_count == 0) return;
  bool noted = false;
  for (size_t i = 0; i < m->relation_count; i++) {
    const cg_relation *r = &m->relations[i];
    if (!r->list) continue;
    if (!noted) {
      tmpl_note_counts(out, r->target->types[CG_WHERE]);
      tmpl_alias_open(out, m->types[CG_COUNT_SELECT]);
      tmpl_all_counts(out);
      noted = true;
    }
    tmpl_member(out, pointer_to(out, r->target->types[CG_WHERE]), r->name);
  }
  tmpl_alias_close(out, m->types[CG_COUNT_SELECT]);
}

/* The relations of Select and Include. */
static void write_reads(buf *out, const cg_model *m)
{
  for (size_t i = 0; i < m->relation_count; i++) {
    const cg_relation *r = &m->relations[i];
    tmpl_member(out, pointer_to(out, r->target->types[r->list ? CG_FIND_MANY : CG_READ]), r->name);
  }
  if (m->many_count > 0) tmpl_member(out, spaced(out, m->types[CG_COUNT_SELECT]), STR("_count"));
}

static void write_selections(buf *out, const cg_model *m)
{
  tmpl_alias_open(out, m->types[CG_SELECT]);
  for (size_t i = 0; i < m->field_count; i++) tmpl_member(out, STR("bool "), m->fields[i].name);
  write_reads(out, m);
  tmpl_alias_close(out, m->types[CG_SELECT]);

  tmpl_alias_open(out, m->types[CG_OMIT]);
  for (size_t i = 0; i < m->field_count; i++) tmpl_member(out, STR("bool "), m->fields[i].name);
  tmpl_alias_close(out, m->types[CG_OMIT]);

  if (m->relation_count == 0) return;
  tmpl_alias_open(out, m->types[CG_INCLUDE]);
  write_reads(out, m);
  tmpl_alias_close(out, m->types[CG_INCLUDE]);
}

/* ---- one model: what is written ---- */

static void write_nulls(buf *out, const cg_model *m)
{
  if (m->nullable_count == 0) return;
  tmpl_inner_open(out);
  for (size_t i = 0; i < m->field_count; i++) {
    const cg_field *f = &m->fields[i];
    if (f->nullable && cg_is_written(f)) tmpl_inner_member(out, STR("bool "), f->name);
  }
  tmpl_inner_close(out, STR("_null"));
}

static void write_data(buf *out, const cg_model *m)
{
  if (!m->is_writable) return;
  tmpl_struct_open(out, m->types[CG_CREATE]);
  for (size_t i = 0; i < m->field_count; i++) {
    const cg_field *f = &m->fields[i];
    if (cg_is_written(f)) write_member(out, f->input_type, f->name, f->create_note);
  }
  for (size_t i = 0; i < m->relation_count; i++) {
    const cg_relation *r = &m->relations[i];
    if (!r->in_create) continue;
    write_member(out, spaced(out, r->target->types[r->list ? CG_NESTED_MANY : CG_NESTED_ONE]), r->name,
                 r->create_note);
  }
  write_nulls(out, m);
  tmpl_struct_close(out);

  tmpl_alias_open(out, m->types[CG_UPDATE]);
  for (size_t i = 0; i < m->field_count; i++) {
    const cg_field *f = &m->fields[i];
    if (cg_is_written(f)) tmpl_member(out, f->update_type, f->name);
  }
  write_nulls(out, m);
  tmpl_alias_close(out, m->types[CG_UPDATE]);
}

/* ---- one model: arguments and functions ---- */

static void write_selection_members(buf *out, const cg_model *m)
{
  tmpl_selection(out, m->types[CG_SELECT], m->types[CG_OMIT]);
  if (m->relation_count > 0) tmpl_inclusion(out, m->types[CG_INCLUDE]);
}

static void write_read_args(buf *out, const cg_model *m)
{
  const str *types = m->types;
  tmpl_struct_open(out, types[CG_FIND_MANY]);
  tmpl_find_members(out, types[CG_WHERE], types[CG_ORDER_BY_LIST]);
  write_selection_members(out, m);
  tmpl_struct_close(out);
  tmpl_same_struct(out, types[CG_FIND_MANY], types[CG_FIND_FIRST]);

  if (cg_has(m, CG_READ)) {
    tmpl_struct_open(out, types[CG_READ]);
    tmpl_where_member(out, types[CG_WHERE]);
    write_selection_members(out, m);
    tmpl_struct_close(out);
  }
  if (cg_has(m, CG_FIND_UNIQUE)) {
    tmpl_alias_open(out, types[CG_FIND_UNIQUE]);
    tmpl_where_member(out, types[CG_UNIQUE]);
    write_selection_members(out, m);
    tmpl_alias_close(out, types[CG_FIND_UNIQUE]);
  }
}

static void write_create_args(buf *out, const cg_model *m)
{
  const str *types = m->types;
  if (!m->is_creatable) return;
  tmpl_alias_open(out, types[CG_CREATE_ARGS]);
  tmpl_data_member(out, types[CG_CREATE]);
  write_selection_members(out, m);
  tmpl_alias_close(out, types[CG_CREATE_ARGS]);
  tmpl_create_many_args(out, types[CG_CREATE_MANY_ARGS], types[CG_CREATE_LIST]);
}

static void write_write_args(buf *out, const cg_model *m)
{
  const str *types = m->types;
  if (!m->is_writable) return;
  tmpl_same_struct(out, types[CG_FIND_UNIQUE], types[CG_DELETE_ARGS]);
  write_create_args(out, m);
  tmpl_alias_open(out, types[CG_UPDATE_ARGS]);
  tmpl_where_member(out, types[CG_UNIQUE]);
  tmpl_data_member(out, types[CG_UPDATE]);
  write_selection_members(out, m);
  tmpl_alias_close(out, types[CG_UPDATE_ARGS]);

  tmpl_alias_open(out, types[CG_UPDATE_MANY_ARGS]);
  tmpl_where_member(out, types[CG_WHERE]);
  tmpl_data_member(out, types[CG_UPDATE]);
  tmpl_all_member(out);
  tmpl_alias_close(out, types[CG_UPDATE_MANY_ARGS]);

  tmpl_alias_open(out, types[CG_DELETE_MANY_ARGS]);
  tmpl_where_member(out, types[CG_WHERE]);
  tmpl_all_member(out);
  tmpl_alias_close(out, types[CG_DELETE_MANY_ARGS]);
}

static void write_functions(buf *out, const cg_model *m)
{
  for (size_t i = 0; i < CG_OPERATION_COUNT; i++) {
    const cg_operation *operation = &cg_operations[i];
    str function = m->functions[i];
    str args = m->types[operation->args];
    if (function.len == 0) continue;
    switch (operation->shape) {
    case CG_SHAPE_RECORD: tmpl_record_function(out, function, args, m->name); break;
    case CG_SHAPE_LIST: tmpl_list_function(out, function, args, m->types[CG_LIST]); break;
    case CG_SHAPE_COUNT: tmpl_count_function(out, function, args); break;
    }
  }
  if (m->constraint_count > 0) tmpl_constraint_function(out, m->types[CG_CONSTRAINT], m->constraint_function);
  tmpl_has_function(out, m->has_function, m->name, m->types[CG_FIELD]);
}

static void write_model(buf *out, const cg_model *m)
{
  write_section(out, m->dm->name, m->dm->documentation);
  write_field_numbers(out, m);
  write_constraints(out, m);
  write_counts(out, m);
  write_record(out, m);
  write_where(out, m);
  write_unique(out, m);
  write_order(out, m);
  write_count_select(out, m);
  write_selections(out, m);
  write_data(out, m);
  write_read_args(out, m);
  write_write_args(out, m);
  tmpl_alias_open(out, m->types[CG_COUNT_ARGS]);
  tmpl_count_members(out, m->types[CG_WHERE]);
  tmpl_alias_close(out, m->types[CG_COUNT_ARGS]);
  write_functions(out, m);
}

void cg_header(const cg_unit *unit, buf *out)
{
  cg_make_room(unit, 6000, 360, out);
  tmpl_top(out, unit->name, unit->guard, STR(CG_ABI), unit->open_function);
  if (unit->enum_count > 0) tmpl_enums(out);
  for (size_t i = 0; i < unit->enum_count; i++) write_enum(out, &unit->enums[i]);
  if (unit->model_count > 0) tmpl_models(out);
  for (size_t i = 0; i < unit->model_count; i++) write_forward(out, &unit->models[i]);
  for (size_t i = 0; i < unit->model_count; i++) write_shared(out, &unit->models[i]);
  for (size_t i = 0; i < unit->model_count; i++) write_model(out, &unit->models[i]);
  tmpl_bottom(out);
}
