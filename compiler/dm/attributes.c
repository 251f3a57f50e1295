#include "dm/attributes.h"

#include "dm/advise.h"

#include "base/buf.h"

#include <string.h>

typedef struct known_attribute known_attribute;
struct known_attribute {
  str name;
  unsigned places;
  bool extension;
};

static const known_attribute known[] = {
#define ATTRIBUTE(name, places, extension) {STR_INIT(name), places, extension},
#define FIELD                              DM_ON_FIELD
#define MODEL                              DM_ON_MODEL
#define VIEW                               DM_ON_VIEW
#define ENUM                               DM_ON_ENUM
#define VALUE                              DM_ON_VALUE
#include "dm/attribute.def"
#undef FIELD
#undef MODEL
#undef VIEW
#undef ENUM
#undef VALUE
#undef ATTRIBUTE
};
enum { KNOWN_COUNT = sizeof known / sizeof known[0] };

static const known_attribute *find_known(str name, dm_place place)
{
  for (size_t i = 0; i < KNOWN_COUNT; i++)
    if ((known[i].places & (unsigned)place) && str_eq(known[i].name, name)) return &known[i];
  return NULL;
}

/* An attribute of Prisma's that says what only we understand. */
static bool uses_extension(const ast_attr *attr)
{
  static const str ours[] = {STR_INIT("where"),      STR_INIT("include"),
                             STR_INIT("with"),       STR_INIT("nullsNotDistinct"),
                             STR_INIT("deferrable"), STR_INIT("trigger")};
  for (size_t i = 0; i < attr->args->len; i++) {
    const ast_arg *arg = &attr->args->items[i];
    for (size_t k = 0; k < sizeof ours / sizeof ours[0]; k++)
      if (str_eq(arg->name.text, ours[k])) return true;
    str sql;
    for (size_t k = 0; arg->value && arg->value->kind == AST_ARRAY && k < arg->value->len; k++)
      if (dm_raw(arg->value->items[k], &sql)) return true;
  }
  return false;
}

bool dm_is_extension(const ast_attr *attr, dm_place place)
{
  const known_attribute *row = find_known(attr->name.text, place);
  return row && (row->extension || uses_extension(attr));
}

static bool is_ours(const ast_attr *attr)
{
  for (size_t i = 0; i < KNOWN_COUNT; i++)
    if (known[i].extension && str_eq(known[i].name, attr->name.text)) return true;
  return uses_extension(attr);
}

/* Behind /// stand our extensions, even where they may not; whatever else is there is documentation, and all
 * of it is for Prisma: an index that somebody commented out does not come back to life. */
static bool is_documentation(const dm_attrs *attrs, const ast_attr *attr)
{
  if (!attr->from_comment) return false;
  return attrs->pass->options.prisma_only || !is_ours(attr);
}

static bool *new_marks(arena *mem, bool few[static DM_FEW_MARKS], size_t count)
{
  if (count > DM_FEW_MARKS) return arena_array(mem, bool, count);
  memset(few, 0, DM_FEW_MARKS * sizeof *few);
  return few;
}

void dm_attrs_begin(dm_attrs *attrs, dm_pass *pass, dm_place place, const ast_attrs *list)
{
  attrs->pass = pass;
  attrs->place = place;
  attrs->items = (const ast_attr *const *)list->items;
  attrs->len = list->len;
  attrs->seen = attrs->taken = attrs->replaced = NULL;
  attrs->next = attrs->asked_count = attrs->left = 0;
  attrs->lengths = 0;
  attrs->attr = NULL;
  if (!list->len) return;
  attrs->seen = new_marks(pass->mem, attrs->few_seen, list->len);
  for (size_t i = 0; i < list->len; i++) {
    attrs->seen[i] = is_documentation(attrs, list->items[i]);
    if (attrs->seen[i]) continue;
    attrs->left++;
    attrs->lengths |= dm_length_bit(list->items[i]->name.text);
  }
}

/* ---- the arguments of an attribute as a whole ---- */

static bool report_args(dm_attrs *attrs, const ast_attr *attr, const ast_args *args)
{
  dm_pass *pass = attrs->pass;
  bool usable = true;
  for (size_t i = 0; i < args->len; i++) {
    if (args->items[i].value) continue;
    dm_say_attr_at(pass, sc_str_c(pass->mem, sc_str_format(pass->mem, "@%.*s", STR_ARG(attr->name.text))),
                   args->items[i].place, "The `%.*s` argument is missing a value.",
                   STR_ARG(args->items[i].name.text));
    usable = false;
  }
  for (size_t i = 0; i < args->len; i++) {
    const ast_expr *value = args->items[i].value;
    if (!value || value->kind != AST_ARRAY) continue;
    for (size_t j = 0; j < value->len; j++) {
      const ast_expr *item = value->items[j];
      if (item->kind != AST_FUNCTION) continue;
      for (size_t k = 0; k < item->args->len; k++) {
        if (item->args->items[k].value) continue;
        dm_say_attr_at(pass,
                       sc_str_c(pass->mem, sc_str_format(pass->mem, "@@%.*s", STR_ARG(attr->name.text))),
                       item->args->items[k].place, "The `%.*s` argument is missing a value.",
                       STR_ARG(item->args->items[k].name.text));
      }
    }
  }
  if (args->trailing_comma)
    dm_say_attr_at(pass, sc_str_c(pass->mem, sc_str_format(pass->mem, "@%.*s", STR_ARG(attr->name.text))),
                   args->trailing_comma_place,
                   "Trailing commas are not valid in attribute arguments, please remove the comma.");
  return usable;
}

static bool report_all_args(dm_attrs *attrs, const ast_attr *attr)
{
  bool usable = report_args(attrs, attr, attr->args);
  for (size_t i = 0; i < attr->args->len; i++) {
    const ast_expr *value = attr->args->items[i].value;
    if (value && value->kind == AST_FUNCTION) usable = report_args(attrs, attr, value->args) && usable;
  }
  return usable;
}

/* Few arguments are compared with each other; many, which no hand writes, go through a table. */
enum { few_args = 16 };

/* Which arguments stand for their name: the last of each. NULL when every name is there once. */
static bool *replaced_args(arena *mem, const ast_args *args)
{
  bool *replaced = NULL;
  table *last = args->len > few_args ? sc_table_new(mem) : NULL;
  for (size_t i = args->len; i-- > 0;) {
    str name = args->items[i].name.text;
    bool later = last && sc_table_get(last, name) != NULL;
    if (last) sc_table_put(last, name, args->items);
    for (size_t j = i + 1; !last && j < args->len && !later; j++)
      later = str_eq(args->items[j].name.text, name);
    if (!later) continue;
    if (!replaced) replaced = arena_array(mem, bool, args->len);
    replaced[i] = true;
  }
  return replaced;
}

/* The places where a name stands that was there before: every one but the first. */
static void report_repeated_names(dm_attrs *attrs, const ast_args *args)
{
  table *seen = sc_table_new(attrs->pass->mem);
  for (size_t i = 0; i < args->len; i++) {
    ast_name name = args->items[i].name;
    if (!name.text.len) continue;
    if (sc_table_get(seen, name.text))
      diag_add(attrs->pass->diags, DIAG_ARGUMENT_REPEATED, args->items[i].place, name.text);
    sc_table_put(seen, name.text, attrs->pass);
  }
}

static str unnamed_args(dm_pass *pass, const ast_args *args)
{
  buf out = {.mem = pass->mem};
  for (size_t i = 0; i < args->len; i++) {
    if (args->items[i].name.text.len) continue;
    if (out.len) BUF_LIT(&out, ", ");
    buf_add(&out, ast_expr_text(args->items[i].value, pass->mem));
  }
  return buf_str(&out);
}

static void report_repeated_args(dm_attrs *attrs, const ast_attr *attr)
{
  attrs->replaced = attr->args->len > 1 ? replaced_args(attrs->pass->mem, attr->args) : NULL;
  if (!attrs->replaced) return;
  report_repeated_names(attrs, attr->args);
  size_t unnamed = 0;
  for (size_t i = 0; i < attr->args->len; i++) unnamed += !attr->args->items[i].name.text.len;
  if (unnamed > 1)
    dm_say_attr(attrs->pass, attr,
                "You provided multiple unnamed arguments. This is not possible. Did you forget the brackets? "
                "Did you mean `[%.*s]`?",
                STR_ARG(unnamed_args(attrs->pass, attr->args)));
}

static bool make_current(dm_attrs *attrs, const ast_attr *attr)
{
  if (!report_all_args(attrs, attr)) return false;
  attrs->attr = attr;
  attrs->asked_count = 0;
  attrs->taken = new_marks(attrs->pass->mem, attrs->few_taken, attr->args->len);
  report_repeated_args(attrs, attr);
  return true;
}

/* ---- attributes ---- */

static bool is_called(const dm_attrs *attrs, size_t i, str name)
{
  return !attrs->seen[i] && str_eq(attrs->items[i]->name.text, name);
}

static void see(dm_attrs *attrs, size_t i)
{
  attrs->seen[i] = true;
  if (--attrs->left == 0) attrs->lengths = 0;
}

bool dm_attrs_take_single(dm_attrs *attrs, str name)
{
  const ast_attr *found = NULL, *first = NULL;
  size_t count = 0;
  for (size_t i = 0; i < attrs->len; i++) {
    if (!is_called(attrs, i, name)) continue;
    found = attrs->items[i];
    count++;
  }
  if (!count) return false;
  for (size_t i = 0; i < attrs->len; i++) {
    if (!is_called(attrs, i, name)) continue;
    see(attrs, i);
    if (count < 2) continue;
    diag *d = diag_add(attrs->pass->diags, DIAG_ATTRIBUTE_REPEATED, attrs->items[i]->place, name);
    if (!first)
      first = attrs->items[i];
    else
      dm_note_first(attrs->pass, d, first->full_place);
  }
  return count == 1 && make_current(attrs, found);
}

bool dm_attrs_next(dm_attrs *attrs, str name)
{
  for (; attrs->next < attrs->len && attrs->left; attrs->next++) {
    size_t i = attrs->next;
    if (!is_called(attrs, i, name)) continue;
    see(attrs, i);
    if (make_current(attrs, attrs->items[i])) return true;
  }
  attrs->next = 0;
  return false;
}

const ast_attr *dm_attrs_native(dm_attrs *attrs)
{
  const ast_attr *native = NULL;
  for (size_t i = 0; i < attrs->len && attrs->left; i++) {
    const ast_attr *attr = attrs->items[i];
    if (attrs->seen[i] || !attr->is_native) continue;
    see(attrs, i);
    if (native)
      diag_add(attrs->pass->diags, DIAG_ATTRIBUTE_REPEATED, attr->place,
               str_slice(attr->name.text, 0, sc_str_find_char(attr->name.text, '.')));
    native = attr;
  }
  return native;
}

bool dm_attribute_stands(str name, dm_place place)
{
  return find_known(name, place) != NULL;
}

/* Known, but not here: where it stands then. False where the name is not known at all. */
static bool advise_place(dm_attrs *attrs, diag *d, const ast_attr *attr)
{
  static const struct {
    unsigned place;
    const char *word;
  } words[] = {{DM_ON_FIELD, "fields that are columns"},
               {DM_ON_MODEL, "models"},
               {DM_ON_VIEW, "views"},
               {DM_ON_ENUM, "enums"},
               {DM_ON_VALUE, "values of enums"}};
  unsigned places = 0;
  for (size_t i = 0; i < KNOWN_COUNT; i++)
    if (known[i].extension && str_eq(known[i].name, attr->name.text)) places |= known[i].places;
  if (!places) return false;
  buf text = {.mem = attrs->pass->mem};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    if (!(places & words[i].place)) continue;
    if (text.len) BUF_LIT(&text, ", ");
    buf_add(&text, str_from(words[i].word));
  }
  diag_help(attrs->pass->diags, d, "`%.*s` is for %.*s", STR_ARG(attr->name.text), STR_ARG(buf_str(&text)));
  return true;
}

void dm_attrs_end(dm_attrs *attrs)
{
  for (size_t i = 0; i < attrs->len && attrs->left; i++) {
    if (attrs->seen[i]) continue;
    const ast_attr *attr = attrs->items[i];
    diag *d = diag_add(attrs->pass->diags, DIAG_ATTRIBUTE_UNKNOWN, attr->place, attr->name.text);
    if (!attrs->pass->options.prisma_only && advise_place(attrs, d, attr)) continue;
    str candidates[KNOWN_COUNT];
    size_t count = 0;
    for (size_t k = 0; k < KNOWN_COUNT; k++)
      if (known[k].places & (unsigned)attrs->place) candidates[count++] = known[k].name;
    dm_suggest(attrs->pass, d, attr->name.text, candidates, count);
  }
}

/* ---- arguments ---- */

/* The last one of a name counts, and the earlier ones are gone with it. */
static const ast_expr *take(dm_attrs *attrs, str name)
{
  const ast_expr *value = NULL;
  if (name.len && attrs->asked_count < DM_MOST_ARGUMENTS) attrs->asked[attrs->asked_count++] = name;
  for (size_t i = 0; i < attrs->attr->args->len; i++) {
    const ast_arg *arg = &attrs->attr->args->items[i];
    if (attrs->taken[i] || !arg->value || !str_eq(arg->name.text, name)) continue;
    attrs->taken[i] = true;
    value = arg->value;
  }
  return value;
}

const ast_expr *dm_arg(dm_attrs *attrs, str name)
{
  return take(attrs, name);
}

const ast_expr *dm_arg_default(dm_attrs *attrs, str name)
{
  const ast_expr *named = take(attrs, name), *unnamed = take(attrs, STR(""));
  if (named && unnamed) {
    diag_add(attrs->pass->diags, DIAG_ARGUMENT_TWICE, named->place, name);
    return NULL;
  }
  if (!named && !unnamed) diag_add(attrs->pass->diags, DIAG_ARGUMENT_MISSING, attrs->attr->place, name);
  return named ? named : unnamed;
}

const ast_expr *dm_arg_default_quiet(dm_attrs *attrs, str name)
{
  const ast_expr *named = take(attrs, name), *unnamed = take(attrs, STR(""));
  if (named && unnamed) return NULL;
  return named ? named : unnamed;
}

bool dm_arg_name(dm_attrs *attrs, str name, str *out)
{
  const ast_expr *value = take(attrs, name);
  str text;
  if (!value || !dm_coerce_string(attrs->pass, value, &text)) return false;
  if (!text.len) {
    dm_say_attr(attrs->pass, attrs->attr, "The `%.*s` argument cannot be an empty string.", STR_ARG(name));
    return false;
  }
  *out = text;
  return true;
}

void dm_args_end(dm_attrs *attrs)
{
  const ast_args *args = attrs->attr->args;
  for (size_t i = 0; i < args->len; i++) {
    bool gone = attrs->taken[i] || !args->items[i].value || (attrs->replaced && attrs->replaced[i]);
    if (gone) continue;
    diag *d = diag_add_plain(attrs->pass->diags, DIAG_ARGUMENT_UNKNOWN, args->items[i].place);
    dm_suggest(attrs->pass, d, args->items[i].name.text, attrs->asked, attrs->asked_count);
  }
  dm_args_drop(attrs);
}

void dm_args_drop(dm_attrs *attrs)
{
  attrs->attr = NULL;
  attrs->taken = NULL;
}
