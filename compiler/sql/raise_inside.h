/* Inside of introspection: what its parts share. */
#ifndef SQL_RAISE_INSIDE_H
#define SQL_RAISE_INSIDE_H

#include "base/vec.h"
#include "sql/raise.h"

typedef VEC(str) raise_names;

/* One end of a relation as a field of its model. */
typedef struct raise_end raise_end;
struct raise_end {
  struct raise_relation *relation;
  bool forward; /* holds the foreign key; of a many-to-many relation: side A */
  str name;
  const dm_field *old; /* the field in the previous schema, or NULL */
};

typedef struct raise_model raise_model;
struct raise_model {
  const sql_table *table;
  const dm_model *old; /* in the previous schema, or NULL */
  str name;
  str clean;    /* the name without the previous schema: fields are named after it */
  str reserved; /* the name that could not be, or empty */
  bool is_view;
  bool ignored;       /* has no key that a client could use */
  raise_names fields; /* names of the columns, in their order */
  VEC(raise_end *) ends;
};

typedef struct raise_relation raise_relation;
struct raise_relation {
  const sql_foreign_key *key; /* NULL: many-to-many */
  const sql_table *join;      /* of a many-to-many relation */
  raise_model *from, *to;
  const dm_relation *old;
  bool ambiguous, named;
  str name;
  raise_end ends[2]; /* forward, back */
};

typedef struct raise_enum raise_enum;
struct raise_enum {
  const sql_enum *type;
  const dm_enum *old;
  str name;
  raise_names values;
};

typedef struct raiser raiser;
struct raiser {
  arena *mem;
  const sql_schema *live;
  const dm_schema *previous;
  const ast_schema *ast;
  bool forget;
  bool prisma;        /* Prisma's tools read the schema too */
  bool qualified;     /* models and enums say their schema */
  const str *schemas; /* of the datasource anew, or NULL */
  size_t schema_count;
  VEC(raise_model *) models;
  VEC(raise_model *)
  views; /* that the previous schema has not; none where it does not name the preview feature */
  VEC(raise_enum *) enums;
  VEC(raise_relation *) relations;
  VEC(const sql_table *) joins; /* tables of implicit many-to-many relations */
  VEC(sql_note) notes;
};

/* ---- raise_name.c ---- */

/* The name as an identifier: what stands before the first letter is cut, other characters become `_`. May be
 * empty. */
str raise_clean(arena *mem, str name);
bool raise_taken(const raise_names *names, str name);
/* `name`, or `name` with a number behind it that is not taken. */
str raise_unique(arena *mem, const raise_names *names, str name);
/* Names of all models, enums, columns and enum values; fills models and enums. */
void raise_name_all(raiser *r);

/* ---- raise_relation.c ---- */

/* The table has the shape of an implicit many-to-many relation. */
bool raise_is_join(const raiser *r, const sql_table *table);
void raise_relations(raiser *r);
/* `name type? @relation(…)` */
void raise_print_end(const raiser *r, const raise_end *end, buf *out);

/* ---- raise_value.c ---- */

/* Text as a string of the schema, with its quotes. */
void raise_string(str text, buf *out);
/* The arguments of @default, or nothing when the column has none that the schema could say. */
void raise_default(const raiser *r, const sql_column *column, buf *out);

/* ---- raise_index.c ---- */

bool raise_has_key(const sql_table *table);
/* @id or @unique on the field of this column, when there is one. */
void raise_field_keys(const raiser *r, const raise_model *model, const sql_column *column, buf *out);
/* The lines of @@id, @@unique, @@index and @@fulltext. */
void raise_block_keys(const raiser *r, const raise_model *model, buf *out);
void raise_index_notes(raiser *r, const raise_model *model);

/* ---- raise_block.c ---- */

void raise_print_model(raiser *r, const raise_model *model, buf *out);
void raise_print_enum(raiser *r, const raise_enum *enum_, buf *out);

/* ---- raise.c ---- */

raise_model *raise_find_model(const raiser *r, str schema, str table);
const raise_enum *raise_find_enum(const raiser *r, str schema, str name);
str raise_column_name(const raise_model *model, str column);
void raise_note(raiser *r, sql_note_kind kind, str text);

#endif
