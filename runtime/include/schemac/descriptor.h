/* The contract between generated code and the engine: constant tables that say where everything is.
 *
 * A generated source is one sc_client with its models, fields, relations, keys and enums, and a typed
 * function for each operation that hands its arguments to the sc_… function of the same name below. The
 * engine walks argument structs and builds records with these tables and knows no model. Programs do not
 * include this header.
 *
 * How the generated structs are laid out, which the tables rely on:
 *
 *  - Every struct of a model has its scalars first, in the order of sc_model.fields, then its relations, in
 *    the order of sc_model.relations. In `where` follow AND, OR and NOT: offsets ascend, and blocks of zeros
 *    can be skipped.
 *  - Every argument struct begins with what it acts on: `where`, or `data` where there is only data. An
 * offset of 0 in sc_args_at therefore means "no such member".
 *  - In Select and Omit the bool of field i is at byte i. In OrderBy the sc_order of field i is the i-th.
 *  - `_null` is an array of bools; the slot of a field is sc_field.null_slot.
 *  - Bit i of a record's `_loaded` (32-bit words) belongs to field i; then come the relations, then the
 * counts.
 *  - Any list is {pointer, size_t}, asked for when the pointer is not NULL: memcpy it into an sc_list.
 *
 * Numbers of fields that a program sees (UserField) are 1 + the index here. */
#ifndef SCHEMAC_DESCRIPTOR_H
#define SCHEMAC_DESCRIPTOR_H

#include <schemac/schemac.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- types ---- */

typedef enum sc_type {
  SC_TYPE_STRING = 1,
  SC_TYPE_BOOLEAN,
  SC_TYPE_INT,
  SC_TYPE_BIGINT,
  SC_TYPE_FLOAT,
  SC_TYPE_DECIMAL,
  SC_TYPE_DATETIME,
  SC_TYPE_JSON,
  SC_TYPE_BYTES,
  SC_TYPE_ENUM,
} sc_type;

/* The column's type. */
typedef enum sc_native {
  SC_NATIVE_NONE = 0, /* of enums */
  SC_NATIVE_TEXT,
  SC_NATIVE_VARCHAR,
  SC_NATIVE_CHAR,
  SC_NATIVE_BIT,
  SC_NATIVE_VARBIT,
  SC_NATIVE_UUID,
  SC_NATIVE_XML,
  SC_NATIVE_INET,
  SC_NATIVE_CITEXT,
  SC_NATIVE_BOOLEAN,
  SC_NATIVE_INTEGER,
  SC_NATIVE_SMALLINT,
  SC_NATIVE_OID,
  SC_NATIVE_BIGINT,
  SC_NATIVE_DOUBLE_PRECISION,
  SC_NATIVE_REAL,
  SC_NATIVE_DECIMAL,
  SC_NATIVE_MONEY,
  SC_NATIVE_TIMESTAMP,
  SC_NATIVE_TIMESTAMPTZ,
  SC_NATIVE_DATE,
  SC_NATIVE_TIME,
  SC_NATIVE_TIMETZ,
  SC_NATIVE_JSONB,
  SC_NATIVE_JSON,
  SC_NATIVE_BYTEA,
} sc_native;

/* Any list of the generated header, and of value.h. */
typedef struct sc_list {
  const void *items;
  size_t len;
} sc_list;

/* ---- enums ---- */

/* The C value of values[i] is i + 1; 0 is no value. */
typedef struct sc_enum_value {
  const char *name; /* in the schema */
  const char *db_name;
} sc_enum_value;

typedef struct sc_enum {
  const char *name;
  const char *schema; /* of the database; NULL: the connection's */
  const char *db_name;
  const sc_enum_value *values;
  uint32_t value_count;
} sc_enum;

/* ---- fields ---- */

enum {
  SC_FIELD_NULLABLE = 1u << 0,
  SC_FIELD_LIST = 1u << 1,
  SC_FIELD_HAS_DEFAULT = 1u << 2, /* the database has one: leaving it out of an INSERT is fine */
  SC_FIELD_UPDATED_AT = 1u << 3,  /* set to the time of every write that does not set it itself */
  SC_FIELD_READ_ONLY = 1u << 4,   /* a generated column */
};

/* A value that the client makes when a create leaves the field out. */
typedef enum sc_maker {
  SC_MAKE_NONE = 0,
  SC_MAKE_UUID4,
  SC_MAKE_UUID7,
  SC_MAKE_CUID1,
  SC_MAKE_CUID2,
  SC_MAKE_ULID,
  SC_MAKE_NANOID, /* of maker_argument characters */
} sc_maker;

/* How a field of each type is held, with T one of int32_t, int64_t, double, bool, sc_decimal, sc_time,
 * sc_json and sc_bytes, and sc_T the tagged sc_int, sc_bigint, sc_float, sc_bool or T itself:
 *
 *              STRING              ENUM (32 bits)      others             lists
 *   record     const char *        enum                T                  {const T *, size_t}
 *    nullable  const char *        const enum *        const T *
 *   where      sc_string_filter    sc_enum_filter      sc_t_filter        sc_t_list_filter
 *    (uuid)    sc_uuid_filter
 *   create     const char *        enum, 0 not given   sc_T               as in the record
 *   update     sc_string_update    sc_enum_update      sc_t_update        sc_t_list_update */
typedef struct sc_field {
  const char *name; /* in the schema */
  const char *column;
  const sc_enum *enum_; /* of SC_TYPE_ENUM */
  uint8_t type;         /* sc_type */
  uint8_t native;       /* sc_native */
  uint8_t flags;
  uint8_t maker; /* sc_maker */
  uint16_t maker_argument;
  uint16_t null_slot;     /* in `_null`, of nullable fields */
  uint32_t native_arg[2]; /* VarChar(n), Decimal(p, s), Timestamp(p): 0 when not written */
  uint32_t record;        /* offsets: in the record, */
  uint32_t where;         /* in Where, */
  uint32_t create;        /* in Create, */
  uint32_t update;        /* and in Update */
} sc_field;

/* ---- relations ---- */

typedef struct sc_model sc_model;

typedef enum sc_relation_kind {
  SC_TO_ONE = 1,      /* the foreign key is here */
  SC_TO_ONE_BACK,     /* one record there refers here */
  SC_TO_MANY,         /* records there refer here */
  SC_TO_MANY_BY_JOIN, /* both sides are lists: a join table */
} sc_relation_kind;

/* The table of an implicit many-to-many relation. `here` and `there` are its columns "A" and "B" for the id
 * of this model and of the target. */
typedef struct sc_join {
  const char *schema; /* NULL: the connection's */
  const char *table;
  const char *here, *there;
} sc_join;

#define SC_NO_RELATION UINT16_MAX

/* How a relation is held:
 *
 *              record            where                      create                  select, include
 *   to one     T *               {const Where *is, *is_not; {const Create *create;  const Read *
 *                                 sc_is null;}               const WhereUnique
 *                                                            *connect;}
 *   to many    {T *, len}        {const Where *some,        {list of Create,        const FindMany *
 *                                 *every, *none;}            list of WhereUnique}
 *
 * In OrderBy a to-one is a const OrderBy *, a to-many an sc_count_order. `create` is 0 where the target is a
 * view. */
typedef struct sc_relation {
  const char *name;     /* in the schema */
  const char *relation; /* the name of both sides together: "PostToUser" */
  const sc_model *target;
  uint8_t kind; /* sc_relation_kind */
  bool required;
  bool indexed;          /* of SC_TO_MANY: an index of the target begins with the columns of the key */
  uint16_t opposite;     /* the index of the other side in target->relations, or SC_NO_RELATION */
  uint16_t key_count;    /* columns of the key */
  uint16_t count_slot;   /* of to-many: which int64_t in Counts, which pointer behind `_all` in CountSelect */
  const uint16_t *here;  /* indexes in this model's fields; by join: the id */
  const uint16_t *there; /* indexes in the target's fields, as many */
  const sc_join *join;   /* of SC_TO_MANY_BY_JOIN */
  uint32_t record, where, order_by, select, include, create; /* offsets */
} sc_relation;

/* ---- keys ---- */

/* A unique criterion, as WhereUnique has it: one value, or a struct of values that must all be given. */
typedef struct sc_unique {
  const char *name; /* of the member: "email", "email_status" */
  uint16_t field_count;
  bool primary;
  const uint16_t *fields;  /* indexes in the model's fields */
  const uint32_t *offsets; /* of each value in WhereUnique, tagged as in Create */
} sc_unique;

/* A constraint that a program can ask an error for; the number it sees is 1 + the index. */
typedef struct sc_constraint {
  const char *name;       /* in the database */
  const uint16_t *fields; /* indexes */
  uint16_t field_count;
} sc_constraint;

/* ---- models ---- */

/* Offsets of the members of an argument struct behind its first; 0: it has no such member.
 *
 *   FindMany, FindFirst      where, order_by, take, skip, select, omit, include
 *   Read                     where, select, omit, include
 *   FindUnique, DeleteArgs   where (unique), select, omit, include
 *   CreateArgs               data, select, omit, include
 *   CreateManyArgs           data (list), skip_duplicates in `flag`
 *   UpdateArgs               where (unique), data, select, omit, include
 *   UpdateManyArgs           where, data, all in `flag`
 *   DeleteManyArgs           where, all in `flag`
 *   CountArgs                where, take, skip
 *
 * take and skip are int64_t, flags are bool; order_by is a list of OrderBy. */
typedef struct sc_args_at {
  uint32_t data, order_by, take, skip, select, omit, include, flag;
} sc_args_at;

enum {
  SC_MODEL_VIEW = 1u << 0,      /* no writes */
  SC_MODEL_NO_CREATE = 1u << 1, /* has a required column that the language cannot fill */
};

struct sc_model {
  const char *name;   /* in the schema */
  const char *schema; /* of the database; NULL: the connection's */
  const char *table;
  const sc_field *fields;
  const sc_relation *relations;
  const sc_unique *uniques; /* the primary key, when there is one, is the first */
  const sc_constraint *constraints;
  uint16_t field_count, relation_count, unique_count, constraint_count;
  uint16_t count_count; /* to-many relations */
  uint16_t flags;
  uint32_t record_size, where_size, unique_size, order_by_size, create_size, update_size;
  uint32_t loaded;        /* offset of `_loaded` in the record */
  uint32_t counts;        /* offset of `_count` in the record: count_count int64_t */
  uint32_t select_count;  /* offset of `_count` in Select: {bool _all; const Where *[count_count];} */
  uint32_t include_count; /* and in Include */
  uint32_t where_logic;   /* offset of AND, OR, NOT in Where: three lists of Where */
  uint32_t unique_logic;  /* and in WhereUnique */
  uint32_t create_null, update_null; /* offsets of `_null`; 0 when nothing is nullable */
  sc_args_at find_many, find_unique, read, create, create_many, update, update_many, delete_many, count;
};

/* ---- the client ---- */

typedef struct sc_client {
  uint32_t abi;
  const char *name;    /* "blog" */
  const char *url_env; /* datasource url: a variable's name, */
  const char *url;     /* or the text itself; NULL when the schema has none: DATABASE_URL */
  const sc_model *const *models;
  uint32_t model_count;
  const sc_enum *const *enums;
  uint32_t enum_count;
} sc_client;

/* Opens a pool for a client; see sc_open. SC_MISUSE when its ABI is not served. */
sc_status sc_open_client(const sc_client *client, const sc_open_options *options, sc_db **out);

/* ---- operations: see the generated header for what each does ----
 *
 * `args` is the struct of the model's operation (NULL: zeroed). `out` is a record pointer (Model **) for one
 * record, a list (ModelList *) for many. Writes that return a record take NULL for `out` and `mem` together:
 * nothing is read back. On failure *out is NULL or an empty list. */
sc_status sc_find_unique(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out);
sc_status sc_find_unique_or_fail(const sc_model *model, sc_db *db, sc_arena *mem, const void *args,
                                 void *out);
sc_status sc_find_first(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out);
sc_status sc_find_first_or_fail(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out);
sc_status sc_find_many(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out);
sc_status sc_create(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out);
sc_status sc_update(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out);
sc_status sc_delete(const sc_model *model, sc_db *db, sc_arena *mem, const void *args, void *out);
/* `count` may be NULL, but not of sc_count. */
sc_status sc_create_many(const sc_model *model, sc_db *db, const void *args, int64_t *count);
sc_status sc_update_many(const sc_model *model, sc_db *db, const void *args, int64_t *count);
sc_status sc_delete_many(const sc_model *model, sc_db *db, const void *args, int64_t *count);
sc_status sc_count(const sc_model *model, sc_db *db, const void *args, int64_t *count);

/* The name in the schema, NULL for what is no value; and the other way, 0 for what is no name. */
const char *sc_enum_name(const sc_enum *type, int value);
int sc_enum_parse(const sc_enum *type, const char *name);
/* 1 + the index of the model's constraint that an error names; 0: none of them. */
int sc_constraint_of(const sc_model *model, const sc_error *error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif
