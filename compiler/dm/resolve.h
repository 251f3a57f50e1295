/* Inside the resolver: what its passes share. Nothing outside compiler/dm includes this.
 *
 * dm_resolve runs the passes in this order, which is the order of Prisma's reports:
 *   names        blocks, fields and enum values get their places in the model, duplicates are reported
 *   types        every field's type becomes a scalar, an enum, a model or Unsupported
 *   attributes   @relation of the whole schema, then every attribute, each in isolation
 *   relations    the two sides of every relation are joined
 *   config       datasource and generators
 *   rules        what only the whole schema shows; skipped when anything before was wrong
 *   finish       defaults filled in, lists brought into their final order
 *
 * A field whose type is unknown is *poisoned*: nothing that would only follow from it is reported. */
#ifndef DM_RESOLVE_H
#define DM_RESOLVE_H

#include "base/table.h"
#include "dm/dm.h"

typedef struct dm_pass dm_pass;
typedef struct dm_draft dm_draft;
typedef struct dm_side dm_side;
typedef struct dm_group dm_group;

/* What a name at the top level stands for. */
typedef enum dm_top_kind { DM_TOP_MODEL, DM_TOP_ENUM, DM_TOP_COMPOSITE } dm_top_kind;

typedef struct dm_top dm_top;
struct dm_top {
  dm_top_kind kind;
  const ast_block *block;
  dm_draft *draft; /* of DM_TOP_MODEL */
  dm_enum *enum_;  /* of DM_TOP_ENUM */
};

/* A field while it is being resolved, beside its dm_field. */
typedef struct dm_field_draft dm_field_draft;
struct dm_field_draft {
  bool poisoned;              /* its type is not known */
  bool mapped, named;         /* @map has been read; its name is not empty */
  const ast_block *composite; /* its type is a composite type */
  const ast_attr *native;     /* @db.…, NULL: none */
  const ast_attr *default_attr;
  const ast_expr *default_value; /* accepted by the attribute pass; checked closely by the rules */
  bool default_named;            /* @default(…, map: "…") */
  bool unknown_function;         /* @default(foo()): pass->unknown_functions */
  const ast_expr *listed_in;     /* the last list of fields that named it: a second time there is a mistake */
  dm_side *side;                 /* of a relation field */
  dm_field_extension *extension; /* the field's own, NULL: none */
};

/* A key or index while it is being resolved. Its dm_index is moved into the model at the end. */
typedef struct dm_key_draft dm_key_draft;
struct dm_key_draft {
  dm_index index;
  dm_draft *draft;
  bool clustered_written, length_written, opclass_written;
  bool name_written; /* name: or map: was there, so that views can refuse it */
};

typedef VEC(dm_key_draft *) dm_key_drafts;

/* What one relation field says. */
struct dm_side {
  dm_draft *draft; /* of its model */
  dm_draft *target;
  dm_field *field;
  const ast_attr *attr; /* @relation, NULL: none */
  bool has_fields, has_references;
  const dm_field **fields, **references;
  size_t field_count, reference_count;
  str name; /* empty: none */
  bool has_on_delete, has_on_update;
  dm_action on_delete, on_update;
  span on_delete_place, on_update_place;
  str db_name; /* map:, empty: none */
  span db_name_place;
  dm_deferrable deferrable;
  dm_group *group;   /* it and those that refer to the same model under the same name: groups.h */
  dm_side *opposite; /* of its relation */
  size_t
      pair; /* number of its relation in pass->pairs, counted from 1; 0: the opposite side has it, or none */
};

typedef VEC(dm_side *) dm_sides;

/* A model or view while it is being resolved. */
struct dm_draft {
  dm_model *model;
  dm_field_draft *fields; /* as model->fields */
  table *by_name;         /* name -> dm_field; NULL: few enough to search */
  table *by_column;       /* names given by @map -> dm_field; NULL: none yet, or few enough to search */
  ast_attrs attrs;
  dm_sides sides;
  dm_key_draft *primary_key;
  dm_key_drafts keys; /* uniques of fields, then @@index, @@unique, @@fulltext: Prisma's order */
  VEC(dm_check) checks;
  const ast_expr *schema; /* of @@schema, NULL: none */
  const ast_attr
      *shard_key; /* @shardKey or @@shardKey, NULL: none. No key of PostgreSQL: refused by the rules */
  const dm_field *sharded_by; /* the field marked with @shardKey, NULL: none */
  bool shards_by_nothing;     /* @@shardKey([]) */
  bool has_version;           /* one of its fields is marked with @version */
};

/* One relation with its sides: `from` holds the key, or is side A of a many-to-many relation. Either may be
 * NULL where only one side was written. */
typedef struct dm_pair dm_pair;
struct dm_pair {
  dm_side *from, *to;
  dm_relation_kind kind;
  bool embedded; /* lists on both sides, with fields: only MongoDB has that */
  str db_name;   /* of the foreign key, default filled in; for many-to-many empty */
};

typedef struct dm_enum_draft dm_enum_draft;
struct dm_enum_draft {
  dm_enum *enum_;
  const ast_expr *schema;
};

struct dm_pass {
  const ast_schema *ast;
  dm_options options;
  arena *mem;
  diag_list *diags;
  dm_schema *schema;
  table *tops;          /* name -> dm_top */
  dm_draft **drafts;    /* as schema->models */
  dm_enum_draft *enums; /* as schema->enums */
  VEC(const ast_block *) composites;
  dm_sides sides; /* of the whole schema */
  VEC(dm_pair) pairs;
  table *groups; /* see relations.c */
  const ast_block *datasource;
  span *schema_places; /* as datasource.schemas */
  bool preview_views, preview_extensions, preview_shard_keys;
  span extensions_place;
  bool extensions_written;
  bool extended;          /* something beyond Prisma's language was read */
  bool unknown_functions; /* some default has one */
  size_t suggestions;     /* names looked at for "did you mean": see advise.c */
};

/* ---- the passes ---- */

/* A schema for another database is refused in one sentence: true then, and no pass is to follow. */
bool dm_pass_foreign(dm_pass *pass);
void dm_pass_names(dm_pass *pass);
void dm_pass_types(dm_pass *pass);
void dm_pass_attributes(dm_pass *pass);
void dm_pass_relations(dm_pass *pass);
void dm_pass_config(dm_pass *pass);
void dm_pass_rules(dm_pass *pass);
void dm_pass_finish(dm_pass *pass);

/* ---- reporting (say.c); what is returned may be given notes and help (advise.h) ---- */

/* Error parsing attribute "@name": … at the attribute. */
diag *dm_say_attr(dm_pass *pass, const ast_attr *attr, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with the name spelled out ("@@index", "@relation") and any place. */
diag *dm_say_attr_at(dm_pass *pass, const char *name, span place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Error validating model "A": …, or view. */
diag *dm_say_model(dm_pass *pass, const dm_model *model, span place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same, always saying model: Prisma does for some rules, of views too. */
diag *dm_say_model_only(dm_pass *pass, const dm_model *model, span place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Error validating field `f` in model `A`: … */
diag *dm_say_field(dm_pass *pass, const dm_field *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Error validating: … */
diag *dm_say_invalid(dm_pass *pass, span place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Without anything in front. */
diag *dm_say(dm_pass *pass, span place, const char *format, ...) __attribute__((format(printf, 3, 4)));
diag *dm_say_warning(dm_pass *pass, span place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

const char *dm_action_name(dm_action action); /* "SetNull" */

/* Prisma's place of a field: its lines, with the line end. */
span dm_field_place(const dm_field *field);
/* "model" or "view". */
const char *dm_model_word(const dm_model *model);
/* `a, b`: the fields' names joined. */
str dm_join_fields(dm_pass *pass, const dm_field *const *fields, size_t count, const char *separator);
str dm_join(dm_pass *pass, const str *items, size_t count, const char *separator);

/* ---- expressions as values (coerce.c); false after reporting what was expected ---- */

bool dm_coerce_string(dm_pass *pass, const ast_expr *expr, str *out);
bool dm_coerce_constant(dm_pass *pass, const ast_expr *expr, str *out);
bool dm_coerce_boolean(dm_pass *pass, const ast_expr *expr, bool *out);
bool dm_coerce_integer(dm_pass *pass, const ast_expr *expr, int64_t *out);
/* Expected a <expected> value, but received … */
void dm_coerce_failed(dm_pass *pass, const char *expected, const ast_expr *expr);
/* raw("…"): its text. False without a report when it is something else. */
bool dm_raw(const ast_expr *expr, str *sql);
/* The items of an array; anything else counts as an array of one. */
size_t dm_array_items(const ast_expr *const *expr, const ast_expr *const **items);
bool dm_parse_i64(str digits, int64_t *out);

/* ---- fetching ahead (fetch.c) ---- */

/* A pass over a large schema would wait for memory most of its time: behind every field stand its declaration, its
 * attributes, their arguments and their values, each found through the one before. But the parser and the first pass put
 * the parts of a block, and of a model, one behind the other, so that those of the next one can be asked for while this
 * one is worked on. Asking changes nothing and cannot fail. */

void dm_fetch_block(const dm_pass *pass, size_t block); /* the declaration of the block behind this one */
void dm_fetch_model(const dm_pass *pass, size_t model); /* the model behind this one, its draft and its declaration */
void dm_fetch_keys(const dm_pass *pass, size_t model);  /* its keys and indexes, once the attributes were read */

/* ---- look-ups ---- */

/* The field stands in this list for the second time. */
bool dm_listed_before(const dm_pass *pass, const dm_field *field, const ast_expr *list);

/* A key of two parts for the tables: in `room` when it fits, else in the arena. A number is a part by its
 * bytes. */
str dm_key_of(arena *mem, char *room, size_t size, str scope, str name);
#define DM_KEY_ROOM      256
#define DM_BYTES(object) ((str){(const char *)&(object), sizeof(object)})

/* What the fields without default and extensions point to. */
extern const dm_default dm_no_default;
extern const dm_field_extension dm_no_extension;
/* The field's own extensions, to be written. */
dm_field_extension *dm_extension_of(const dm_pass *pass, dm_field *field);

dm_draft *dm_draft_of(const dm_pass *pass, const dm_model *model);
dm_field_draft *dm_field_draft_of(const dm_pass *pass, const dm_field *field);
dm_field *dm_draft_field(const dm_draft *draft, str name);

/* The type of a composite type's field is one that it may have: anything but a model. */
bool dm_has_value_type(const dm_pass *pass, const ast_field *field);
/* Fills in a scalar, an enum or Unsupported. False when the type is a composite one. */
bool dm_value_type(const dm_pass *pass, const ast_field *ast, dm_field *field);

/* ---- the attribute passes ---- */

void dm_relation_attributes(dm_pass *pass, dm_side *side);
void dm_model_attributes(dm_pass *pass, dm_draft *draft);
void dm_scalar_attributes(dm_pass *pass, dm_draft *draft, dm_field *field);
void dm_enum_attributes(dm_pass *pass, dm_enum_draft *draft);
void dm_composite_attributes(dm_pass *pass, const ast_block *block);

/* ---- defaults (defaults.c) ---- */

/* The literal read as a value of its type: a date that is one, JSON that parses. */
void dm_check_default(dm_pass *pass, const dm_field *field, const dm_field_draft *draft);

/* ---- native types (native.c) ---- */

/* Sets the type where the attribute makes sense; the rules report later where it does not. */
void dm_resolve_native(dm_field *field, const ast_attr *attr);
void dm_check_native(dm_pass *pass, const dm_field *field, const ast_attr *attr);
void dm_check_unsupported(dm_pass *pass, const dm_field *field);
dm_native_type dm_native_default(dm_scalar scalar);

/* ---- defaults that the rules need before the end (finish.c) ---- */

void dm_name_keys(dm_pass *pass); /* fills the database names of keys, indexes and foreign keys */
dm_action dm_on_delete(const dm_side *from);
dm_action dm_on_update(const dm_side *from);

#endif
