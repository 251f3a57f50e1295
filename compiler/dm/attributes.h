/* Walking the attributes of one thing, and the arguments of one attribute.
 *
 * A pass takes the attributes it knows, and of each the arguments it knows; what is left is reported. The
 * rules that hold for every attribute (no argument twice, one unnamed argument, no trailing comma) are
 * checked here. */
#ifndef DM_ATTRIBUTES_H
#define DM_ATTRIBUTES_H

#include "dm/resolve.h"

/* Where an attribute may stand; a bit set in attribute.def. */
typedef enum dm_place {
  DM_ON_FIELD = 1,
  DM_ON_MODEL = 2,
  DM_ON_VIEW = 4,
  DM_ON_ENUM = 8,
  DM_ON_VALUE = 16
} dm_place;

/* No attribute has more. */
enum { DM_MOST_ARGUMENTS = 16 };

/* Marks for so many attributes, or arguments, stand in dm_attrs itself; longer lists are written by machines.
 */
enum { DM_FEW_MARKS = 8 };

typedef struct dm_attrs dm_attrs;
struct dm_attrs {
  dm_pass *pass;
  dm_place place;
  const ast_attr *const *items;
  size_t len;
  bool *seen;                   /* of items */
  size_t left;                  /* how many of them are not seen */
  unsigned lengths;             /* dm_length_bit of the name of each of these */
  size_t next;                  /* where dm_attrs_next goes on */
  const ast_attr *attr;         /* the current one */
  bool *taken;                  /* of its arguments */
  str asked[DM_MOST_ARGUMENTS]; /* the names that were asked for, for "did you mean" */
  size_t asked_count;
  bool *replaced; /* arguments whose name comes again later, which counts; NULL: none */
  bool few_seen[DM_FEW_MARKS], few_taken[DM_FEW_MARKS];
};

/* Most attributes that are asked for are not there, and the length of the name alone says so. */
static inline unsigned dm_length_bit(str name)
{
  return 1U << name.len % 32;
}

void dm_attrs_begin(dm_attrs *attrs, dm_pass *pass, dm_place place, const ast_attrs *list);
/* The attribute is an extension of ours, by its name or by what it says. */
bool dm_is_extension(const ast_attr *attr, dm_place place);
/* An attribute of this name may stand there. */
bool dm_attribute_stands(str name, dm_place place);
bool dm_attrs_take_single(dm_attrs *attrs, str name); /* dm_attrs_single of a name whose length is there */
/* The one attribute of this name becomes the current one. False when there is none, or more than one
 * (reported), or its arguments make no sense (reported). */
static inline bool dm_attrs_single(dm_attrs *attrs, str name)
{
  return attrs->lengths & dm_length_bit(name) && dm_attrs_take_single(attrs, name);
}
/* The next attribute of a name that may be repeated; set attrs->next to 0 before another name. */
bool dm_attrs_next(dm_attrs *attrs, str name);
/* The @db.… attribute, NULL when there is none. Several are reported. */
const ast_attr *dm_attrs_native(dm_attrs *attrs);
/* Reports what nobody took. */
void dm_attrs_end(dm_attrs *attrs);

/* The value of an argument of the current attribute, NULL when it is not there. */
const ast_expr *dm_arg(dm_attrs *attrs, str name);
/* The argument of that name or the unnamed one; NULL after a report when there is neither or both. */
const ast_expr *dm_arg_default(dm_attrs *attrs, str name);
/* The same, without the report. */
const ast_expr *dm_arg_default_quiet(dm_attrs *attrs, str name);
/* map: or name: as text that is not empty. False when there is none, or it is no such text (reported). */
bool dm_arg_name(dm_attrs *attrs, str name, str *out);
/* Ends the current attribute: reports arguments that nobody took, or not. */
void dm_args_end(dm_attrs *attrs);
void dm_args_drop(dm_attrs *attrs);

/* @default of a column (defaults.c): what can be said without looking at other attributes. */
void dm_default_attribute(dm_attrs *attrs, dm_draft *draft, dm_field *field);

#endif
