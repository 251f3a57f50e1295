/* The data model: what the schema means.
 *
 * dm_resolve reads the syntax tree and builds this, resolved and complete: every name is a pointer, every
 * default and database name is filled in, every relation joins its two sides. It is immutable afterwards; the
 * back ends (sql, cgen, dmmf) read nothing else. Lists keep the order of the schema.
 *
 * Three kinds of names, never mixed: `name` as written, `db_name` after @map and @@map; C names belong to
 * cg_. */
#ifndef DM_DM_H
#define DM_DM_H

#include "base/arena.h"
#include "base/str.h"
#include "dm/storage.h"
#include "base/vec.h"
#include "report/diag.h"
#include "syntax/ast.h"

typedef struct dm_model dm_model;
typedef struct dm_field dm_field;
typedef struct dm_enum dm_enum;
typedef struct dm_relation dm_relation;

/* ---- types ---- */

typedef enum dm_scalar {
#define SCALAR(symbol, name, native) DM_##symbol,
#include "dm/scalar.def"
#undef SCALAR
  DM_SCALAR_COUNT
} dm_scalar;

typedef enum dm_native {
#define NATIVE(symbol, name, scalar, sql, fewest, most) DM_NATIVE_##symbol,
#include "dm/native.def"
#undef NATIVE
  DM_NATIVE_COUNT
} dm_native;

const char *dm_scalar_name(dm_scalar scalar); /* "BigInt" */
bool dm_scalar_called(str name, dm_scalar *out);
dm_native dm_scalar_native(dm_scalar scalar); /* the one used when no @db. is written */
const char *dm_native_name(dm_native native); /* "VarChar" */
const char *dm_native_sql(dm_native native);  /* "VARCHAR" */
dm_scalar dm_native_scalar(dm_native native);

/* @db.VarChar(200): explicit is false when the scalar's own default is meant; its default arguments are
 * filled in (Decimal 65,30 and Timestamp 3). */
typedef struct dm_native_type dm_native_type;
struct dm_native_type {
  dm_native native;
  bool explicit_;
  uint32_t args[2];
  unsigned arg_count;
};

typedef enum dm_type_kind {
  DM_TYPE_SCALAR,
  DM_TYPE_ENUM,
  DM_TYPE_RELATION,
  DM_TYPE_UNSUPPORTED
} dm_type_kind;

/* ---- defaults ---- */

typedef enum dm_value_kind {
  DM_VALUE_STRING,
  DM_VALUE_NUMBER,
  DM_VALUE_BOOLEAN,
  DM_VALUE_ENUM,
  DM_VALUE_LIST
} dm_value_kind;

typedef struct dm_enum_value dm_enum_value;

typedef struct dm_value dm_value;
struct dm_value {
  dm_value_kind kind;
  str text; /* decoded string, number as written, "true" */
  const dm_enum_value *enum_value;
  const dm_value *items; /* of a list */
  size_t len;
};

typedef enum dm_default_kind {
  DM_DEFAULT_NONE,
  DM_DEFAULT_VALUE,
  DM_DEFAULT_AUTOINCREMENT,
  DM_DEFAULT_NOW,         /* by the database, and by the client */
  DM_DEFAULT_DBGENERATED, /* sql is empty for dbgenerated() */
  DM_DEFAULT_UUID,        /* by the client: argument 4 or 7 */
  DM_DEFAULT_CUID,        /* by the client: argument 1 or 2 */
  DM_DEFAULT_ULID,        /* by the client */
  DM_DEFAULT_NANOID,      /* by the client: argument is the length, 21 when none is written */
} dm_default_kind;

typedef struct dm_default dm_default;
struct dm_default {
  dm_default_kind kind;
  dm_value value;
  str sql;
  uint32_t argument;
  bool argument_written; /* uuid(7) as opposed to uuid() */
};

/* ---- enums ---- */

struct dm_enum_value {
  str name, db_name;
  str documentation;
  str renamed_from; /* extension */
  const ast_enum_value *ast;
};

struct dm_enum {
  str name, db_name;
  str schema; /* of the database; empty when the datasource has no `schemas` */
  str documentation;
  dm_enum_value *values;
  size_t value_count;
  str comment, renamed_from; /* extensions */
  span place;
  const ast_block *ast;
};

/* ---- extensions that stand on several things ---- */

typedef struct dm_check dm_check;
struct dm_check {
  str name; /* of the constraint; empty: any will do */
  str sql;
  const dm_field *field; /* it is written on; NULL: on the model */
};

typedef enum dm_deferrable { DM_NOT_DEFERRABLE, DM_INITIALLY_IMMEDIATE, DM_INITIALLY_DEFERRED } dm_deferrable;

/* ---- fields ---- */

/* What language.md adds to a field. Empty, false or NULL when not written. */
typedef struct dm_field_extension dm_field_extension;
struct dm_field_extension {
  str comment;
  str generated;    /* SQL of a stored generated column */
  str renamed_from; /* database name of the column before */
  str backfill, using_;
  const ast_attr *validate; /* @validate, checked; NULL: none */
  bool is_sensitive;
  bool is_version;
  bool updated_by_trigger; /* @updatedAt(trigger: true) */
};

/* Every pass walks over all fields, so that they are small: what few have stands elsewhere. */
struct dm_field {
  const dm_model *model;
  str name, db_name;
  str documentation;
  const dm_enum *enum_;                /* of DM_TYPE_ENUM */
  str unsupported;                     /* of DM_TYPE_UNSUPPORTED: the SQL type as written */
  const dm_relation *relation;         /* of DM_TYPE_RELATION */
  const dm_field *opposite;            /* of DM_TYPE_RELATION: the other side's field */
  const dm_model *target;              /* of DM_TYPE_RELATION */
  const dm_default *default_;          /* never NULL */
  const dm_field_extension *extension; /* never NULL */
  const ast_field *ast;
  span place;     /* of the whole declaration */
  uint32_t index; /* in model->fields */
  dm_type_kind type;
  dm_scalar scalar;      /* of DM_TYPE_SCALAR */
  dm_native_type native; /* of DM_TYPE_SCALAR */
  ast_arity arity;
  bool is_id;     /* @id on the field itself */
  bool is_unique; /* @unique on the field itself */
  bool is_updated_at;
  bool is_ignored;
};

/* ---- keys and indexes ---- */

typedef enum dm_index_kind { DM_PRIMARY_KEY, DM_UNIQUE, DM_INDEX, DM_FULLTEXT } dm_index_kind;

typedef enum dm_index_type { DM_BTREE, DM_HASH, DM_GIN, DM_GIST, DM_SPGIST, DM_BRIN } dm_index_type;

typedef enum dm_sort { DM_SORT_NONE, DM_SORT_ASC, DM_SORT_DESC } dm_sort;

typedef struct dm_index_key dm_index_key;
struct dm_index_key {
  const dm_field *field; /* NULL: an expression, in `sql` */
  str sql;
  dm_sort sort;
  str opclass;     /* as PostgreSQL names it: jsonb_path_ops; empty: the type's default */
  str opclass_ast; /* as written: JsonbPathOps; empty when raw */
  bool has_length; /* length: was written; PostgreSQL has none, so that this is false once the model is
                      resolved */
};

typedef struct dm_index dm_index;
struct dm_index {
  dm_index_kind kind;
  const dm_model *model;
  dm_index_key *keys;
  size_t key_count;
  str client_name;   /* name: of @@id and @@unique, else the default a_b; empty for a single field's */
  str db_name;       /* constraint or index name, the default filled in and cut to 63 bytes */
  bool client_named; /* name: was written */
  bool db_named;     /* map: was written */
  bool on_field;     /* written as @id or @unique */
  dm_index_type type;
  bool type_written;

  /* Extensions. */
  str where;                    /* predicate as SQL; empty: none */
  const ast_expr *where_object; /* { deletedAt: null } instead, checked against the fields */
  const dm_field **include;
  size_t include_count;
  bool nulls_not_distinct;
  const dm_storage *storage; /* with: { … }; NULL: not written */
  dm_deferrable deferrable;
  str language; /* of DM_FULLTEXT */

  span place;          /* of the attribute */
  const ast_attr *ast; /* the attribute */
};

/* ---- relations ---- */

typedef enum dm_relation_kind { DM_ONE_TO_ONE, DM_ONE_TO_MANY, DM_MANY_TO_MANY } dm_relation_kind;

typedef enum dm_action { DM_CASCADE, DM_RESTRICT, DM_NO_ACTION, DM_SET_NULL, DM_SET_DEFAULT } dm_action;

/* `from` holds the foreign key and refers to `to`. In a many-to-many relation `from` is side A of the join
 * table (the model, or for a self relation the field, that sorts first) and there are no columns in either
 * model. A field is NULL where a side was not written; that happens only inside dm_resolve. */
struct dm_relation {
  str name; /* as written, or the default: UserToPost, models sorted */
  bool named;
  dm_relation_kind kind;
  const dm_model *from, *to;
  const dm_field *from_field, *to_field;
  const dm_field **fields;     /* of `from` */
  const dm_field **references; /* of `to`, as many */
  size_t field_count;
  dm_action on_delete, on_update; /* defaults filled in */
  bool on_delete_written, on_update_written;
  str db_name; /* of the foreign key, default filled in */
  bool db_named;
  str join_table; /* of a many-to-many relation: "_PostToTag"; its columns are "A" and "B" */
  str join_schema;
  dm_deferrable deferrable; /* extension */
};

/* ---- models ---- */

struct dm_model {
  str name, db_name;
  str schema; /* of the database; empty when the datasource has no `schemas` */
  str documentation;
  size_t index; /* in schema->models */
  bool is_view;
  bool is_ignored;
  dm_field *fields; /* scalars and relations, in the order of the schema */
  size_t field_count;
  const dm_index *primary_key; /* NULL: none */
  dm_index *indexes; /* primary key, uniques, indexes and full-text indexes, in the order of the schema:
                        those of fields first, then those of the block */
  size_t index_count;

  /* Extensions. */
  str comment;
  str renamed_from;
  dm_check *checks; /* of the model and of its fields */
  size_t check_count;
  ast_attrs carried; /* @@policy, @@scope and the others of carried.def, checked */

  span place;
  const ast_block *ast;
};

/* ---- configuration ---- */

/* A value of the datasource that may come from the environment. */
typedef struct dm_url dm_url;
struct dm_url {
  bool present;
  str literal; /* when env is empty */
  str env;     /* env("X") */
  span place;
};

typedef struct dm_extension dm_extension;
struct dm_extension {
  str name, db_name, schema, version; /* db_name is map: or the name */
};

typedef struct dm_datasource dm_datasource;
struct dm_datasource {
  bool present;
  str name;
  str provider;
  dm_url url, direct_url, shadow_url;
  bool relation_mode_prisma; /* no foreign keys in the database */
  str *schemas;              /* as written */
  size_t schema_count;
  dm_extension *extensions;
  size_t extension_count;
  span place;
};

typedef struct dm_property dm_property;
struct dm_property {
  str key;
  const ast_expr *value;
};

typedef struct dm_generator dm_generator;
struct dm_generator {
  str name;
  str provider; /* as written, or the variable's name when it comes from env() */
  bool provider_from_env;
  dm_property *properties; /* all of them, in order */
  size_t property_count;
  str *preview_features;
  size_t preview_feature_count;
  span place;
};

typedef struct dm_schema dm_schema;
struct dm_schema {
  dm_datasource datasource;
  dm_generator *generators;
  size_t generator_count;
  dm_model **models; /* models and views */
  size_t model_count;
  dm_enum **enums;
  size_t enum_count;
  dm_relation **relations; /* each once */
  size_t relation_count;
};

typedef struct dm_options dm_options;
struct dm_options {
  bool prisma_only; /* refuse our extensions with Prisma's own words (`validate --prisma`) */
};

/* Resolves and checks a parsed schema. NULL when there are errors (all of them reported); warnings alone do
 * not stop it. The result lives in `mem` and points into the tree. */
const dm_schema *dm_resolve(const ast_schema *ast, const dm_options *options, arena *mem, diag_list *diags);

/* Reports what is wrong with names, types and attributes, each in isolation: what must hold before the
 * formatter adds to a schema what is missing in it. */
void dm_check_attributes(const ast_schema *ast, const dm_options *options, arena *mem, diag_list *diags);

/* ---- our extensions to Prisma's language ---- */

/* One attribute that Prisma's tools do not know, or that says what only we understand. */
typedef struct dm_extension_use dm_extension_use;
struct dm_extension_use {
  str block, member; /* "Product", "price"; member is empty for an attribute of the block */
  const ast_attr *attr;
};

typedef struct dm_extension_uses dm_extension_uses;
struct dm_extension_uses {
  dm_extension_use *items; /* in the order of the schema */
  size_t len, cap;
};

dm_extension_uses dm_list_extensions(const ast_schema *ast, arena *mem);

/* ---- reading the model ---- */

const dm_model *dm_schema_model(const dm_schema *schema, str name);
const dm_enum *dm_schema_enum(const dm_schema *schema, str name);
const dm_field *dm_model_field(const dm_model *model, str name);
/* A column exists for it: scalar, enum or Unsupported. */
bool dm_field_is_column(const dm_field *field);
bool dm_field_is_list(const dm_field *field);
/* The side of its relation that holds the foreign key. */
bool dm_field_owns_key(const dm_field *field);

/* Names as the database has them: cut to 63 bytes in front of the suffix (Prisma 3.1). */
str dm_default_name(arena *mem, str table, const str *columns, size_t count, const char *suffix);

#endif
