#include "dm/advise.h"

#include "base/buf.h"

void dm_note_first(dm_pass *pass, diag *d, span place)
{
  diag_note_at(pass->diags, d, place, "first declared here");
}

/* ---- did you mean ---- */

/* A schema with a hundred thousand wrong names is not looked through as often. */
enum { MOST_CANDIDATES = 200000 };

void dm_suggest(dm_pass *pass, diag *d, str written, const str *candidates, size_t count)
{
  if (pass->suggestions >= MOST_CANDIDATES) return;
  pass->suggestions += count;
  diag_did_you_mean(pass->diags, d, written, candidates, count);
}

void dm_suggest_column(dm_pass *pass, diag *d, const dm_draft *draft, str written)
{
  if (pass->suggestions >= MOST_CANDIDATES) return;
  dm_candidates names = {0};
  for (size_t i = 0; i < draft->model->field_count; i++)
    if (dm_field_is_column(&draft->model->fields[i]))
      vec_push(pass->mem, &names, draft->model->fields[i].name);
  dm_suggest(pass, d, written, names.items, names.len);
}

void dm_suggest_type(dm_pass *pass, diag *d, str written)
{
  if (pass->suggestions >= MOST_CANDIDATES) return;
  dm_candidates names = {0};
  for (dm_scalar s = (dm_scalar)0; s < DM_SCALAR_COUNT; s++)
    vec_push(pass->mem, &names, str_from(dm_scalar_name(s)));
  for (size_t i = 0; i < pass->schema->model_count; i++)
    vec_push(pass->mem, &names, pass->schema->models[i]->name);
  for (size_t i = 0; i < pass->schema->enum_count; i++)
    vec_push(pass->mem, &names, pass->schema->enums[i]->name);
  dm_suggest(pass, d, written, names.items, names.len);
}

void dm_suggest_enum_value(dm_pass *pass, diag *d, const dm_enum *enum_, str written)
{
  if (pass->suggestions >= MOST_CANDIDATES) return;
  dm_candidates names = {0};
  for (size_t i = 0; i < enum_->value_count; i++) vec_push(pass->mem, &names, enum_->values[i].name);
  dm_suggest(pass, d, written, names.items, names.len);
  diag_note_at(pass->diags, d, enum_->ast->name.place, "the values of `%.*s` are declared here",
               STR_ARG(enum_->name));
}

/* ---- relations ---- */

/* "blogPost" for BlogPost: what a field that refers to it is mostly called. */
static str field_name_for(dm_pass *pass, const dm_model *model, const char *ending)
{
  str name = sc_str_format(pass->mem, "%.*s%s", STR_ARG(model->name), ending);
  buf out = {.mem = pass->mem};
  for (size_t i = 0; i < name.len; i++) {
    char c = name.ptr[i];
    bool capital = c >= 'A' && c <= 'Z';
    buf_char(&out, i == 0 && capital ? (char)(c - 'A' + 'a') : c);
  }
  return buf_str(&out);
}

/* The one column by which a record of the model is found, or NULL. */
static const dm_field *single_key(const dm_draft *draft)
{
  const dm_key_draft *key = draft->primary_key;
  return key && key->index.key_count == 1 ? key->index.keys[0].field : NULL;
}

/* `author User @relation(fields: [authorId], references: [id])`, and `authorId Int` where it is not there. */
static void advise_key_field(dm_pass *pass, diag *d, const dm_draft *owner, const dm_draft *target, str name,
                             str relation, const char *arity, bool unique)
{
  const dm_field *key = single_key(target);
  if (!key) return;
  str column = sc_str_format(pass->mem, "%.*s%c%.*s", STR_ARG(name),
                             key->name.ptr[0] >= 'a' && key->name.ptr[0] <= 'z' ? key->name.ptr[0] - 'a' + 'A'
                                                                                : key->name.ptr[0],
                             STR_ARG(str_slice(key->name, 1, key->name.len)));
  str named = relation.len ? sc_str_format(pass->mem, "\"%.*s\", ", STR_ARG(relation)) : STR("");
  str also = STR("");
  if (!dm_draft_field(owner, column))
    also = sc_str_format(pass->mem, " and `%.*s %.*s%s%s`", STR_ARG(column), STR_ARG(key->ast->type.text),
                         arity, unique ? " @unique" : "");
  diag_help(pass->diags, d,
            "write in model `%.*s`: `%.*s %.*s%s @relation(%.*sfields: [%.*s], references: [%.*s])`%.*s",
            STR_ARG(owner->model->name), STR_ARG(name), STR_ARG(target->model->name), arity, STR_ARG(named),
            STR_ARG(column), STR_ARG(key->name), STR_ARG(also));
}

void dm_advise_opposite(dm_pass *pass, diag *d, const dm_side *side)
{
  const dm_draft *other = side->target;
  bool list = side->field->arity == AST_LIST;
  str name = field_name_for(pass, side->draft->model, list ? "" : "s");
  if (dm_draft_field(other, name)) name = side->draft->model->name;
  if (list) {
    advise_key_field(pass, d, other, side->draft, name, side->name, "", false);
    return;
  }
  str named =
      side->name.len ? sc_str_format(pass->mem, " @relation(\"%.*s\")", STR_ARG(side->name)) : STR("");
  diag_help(pass->diags, d, "add to model `%.*s`: `%.*s %.*s[]%.*s`", STR_ARG(other->model->name),
            STR_ARG(name), STR_ARG(side->draft->model->name), STR_ARG(named));
}

void dm_advise_key(dm_pass *pass, diag *d, const dm_side *from, const dm_side *to)
{
  const char *arity = from->field->arity == AST_OPTIONAL ? "?" : "";
  advise_key_field(pass, d, from->draft, to->draft, from->field->name, from->name, arity,
                   to->field->arity != AST_LIST);
}

void dm_advise_unique(dm_pass *pass, diag *d, const dm_field *const *fields, size_t count)
{
  if (count != 1) {
    diag_help(pass->diags, d, "add to model `%.*s`: `@@unique([%.*s])`", STR_ARG(fields[0]->model->name),
              STR_ARG(dm_join_fields(pass, fields, count, ", ")));
    return;
  }
  diag_help(pass->diags, d, "write `%.*s %.*s%s @unique`", STR_ARG(fields[0]->name),
            STR_ARG(fields[0]->ast->type.text), fields[0]->arity == AST_OPTIONAL ? "?" : "");
  diag_note_at(pass->diags, d, fields[0]->ast->name.place, "`%.*s` is declared here",
               STR_ARG(fields[0]->name));
}
