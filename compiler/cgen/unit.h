/* The planned client: every C name decided, everything in the order in which it is written. Made by plan.c,
 * read by header.c and source.c, and by nobody else. Arrays and texts live in the arena of cg_plan. */
#ifndef CGEN_UNIT_H
#define CGEN_UNIT_H

#include "cgen/cgen.h"

typedef struct cg_enum cg_enum;
typedef struct cg_model cg_model;

typedef enum cg_type {
#define TYPE(symbol, suffix, when) CG_##symbol,
#define OPERATION(name, shape, args, when)
#define STATIC(symbol, suffix)
#include "cgen/names.def"
#undef TYPE
#undef OPERATION
#undef STATIC
  CG_TYPE_COUNT
} cg_type;

typedef enum cg_shape { CG_SHAPE_RECORD, CG_SHAPE_LIST, CG_SHAPE_COUNT } cg_shape;

/* A row of names.def. */
typedef struct cg_operation cg_operation;
struct cg_operation {
  str name;
  cg_shape shape;
  cg_type args;
};

typedef enum cg_operation_id {
#define TYPE(symbol, suffix, when)
#define OPERATION(name, shape, args, when) CG_OP_##name,
#define STATIC(symbol, suffix)
#include "cgen/names.def"
#undef TYPE
#undef OPERATION
#undef STATIC
  CG_OPERATION_COUNT
} cg_operation_id;

typedef enum cg_static {
#define TYPE(symbol, suffix, when)
#define OPERATION(name, shape, args, when)
#define STATIC(symbol, suffix) CG_STATIC_##symbol,
#include "cgen/names.def"
#undef TYPE
#undef OPERATION
#undef STATIC
  CG_STATIC_COUNT
} cg_static;

extern const cg_operation cg_operations[CG_OPERATION_COUNT];

struct cg_enum {
  const dm_enum *dm;
  str stem, function_stem; /* UserRole, user_role: what names are derived from */
  str name;                /* of the type */
  str list, filter, list_filter, update, list_update;
  str *values; /* dm->value_count constants */
  str name_function, parse_function;
  str values_table, table; /* in the source */
};

/* A column that the client sees. */
typedef struct cg_field cg_field;
struct cg_field {
  const dm_field *dm;
  const cg_enum *enum_; /* of an enum */
  str name;             /* of its members */
  str constant;         /* USER_EMAIL */
  size_t index;
  bool nullable, list;
  size_t null_slot; /* of a nullable one */
  /* As a declaration wants them in front of a name. */
  str record_type, input_type, filter_type, update_type;
  str create_note; /* what is said of it in Create; may be empty */
};

typedef struct cg_relation cg_relation;
struct cg_relation {
  const dm_field *dm;
  const cg_model *target;
  str name;
  str constant, count_constant;
  size_t index;
  bool list, owns_key, by_join;
  bool in_create;                 /* its target can be written */
  const cg_relation *opposite;    /* NULL: that side is left out */
  const cg_field **here, **there; /* key_count columns on each side */
  size_t key_count;
  size_t count_slot; /* of a list */
  str create_note;
};

typedef struct cg_unique cg_unique;
struct cg_unique {
  const dm_index *dm;
  str name; /* of its member in WhereUnique */
  const cg_field **fields;
  size_t field_count;
};

typedef struct cg_constraint cg_constraint;
struct cg_constraint {
  str constant; /* USER_EMAIL_TAKEN, POST_AUTHOR_MISSING */
  str db_name;
  const cg_field **fields;
  size_t field_count;
};

struct cg_model {
  const dm_model *dm;
  str stem, function_stem;  /* UserProfile, user_profile: what names are derived from */
  str name;                 /* of the record's type */
  str types[CG_TYPE_COUNT]; /* empty: not there */
  str functions[CG_OPERATION_COUNT];
  str statics[CG_STATIC_COUNT];
  str has_function, constraint_function;
  str unknown_constraint; /* USER_CONSTRAINT_UNKNOWN */
  cg_field *fields;
  size_t field_count;
  size_t nullable_count; /* of fields that can be written */
  cg_relation *relations;
  size_t relation_count;
  size_t many_count;  /* of relations that are lists */
  cg_unique *uniques; /* the primary key first */
  size_t unique_count;
  cg_constraint *constraints;
  size_t constraint_count;
  bool is_one, is_many; /* some relation has it as its target, as one record or as a list */
  bool has_unique;
  bool is_writable;  /* no view, and records can be told apart */
  bool is_creatable; /* and every required column can be given */
};

struct cg_unit {
  const dm_schema *dm;
  str name;
  str guard;
  str open_function, client; /* blog_open, blog_client */
  cg_model *models;
  size_t model_count;
  cg_enum *enums;
  size_t enum_count;
};

/* Makes room for the text of a unit, so that it is not copied again and again while it grows: so many bytes
 * for each model and for each of its columns, a little more than most clients need. */
static inline void cg_make_room(const cg_unit *unit, size_t per_model, size_t per_field, buf *out)
{
  size_t room = per_model;
  for (size_t i = 0; i < unit->model_count; i++) {
    room += per_model + per_field * (unit->models[i].field_count + unit->models[i].relation_count);
  }
  sc_buf_reserve(out, room);
}

/* A type is there. */
static inline bool cg_has(const cg_model *model, cg_type type)
{
  return model->types[type].len > 0;
}

/* A field that a create and an update may give: not a generated column. */
static inline bool cg_is_written(const cg_field *field)
{
  return field->dm->extension->generated.len == 0;
}

#endif
