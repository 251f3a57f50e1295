/* The relations of a schema as far as its text alone tells them: which fields belong together, and which side
 * is missing. Internal to fmt.
 *
 * Only names are looked up. What is wrong with the schema is nobody's business here: a name that stands for
 * nothing is passed over. The rules of which field finds which are Prisma's. */
#ifndef FMT_RELATE_H
#define FMT_RELATE_H

#include "base/table.h"
#include "syntax/ast.h"

/* The fields of an id or unique constraint. */
typedef VEC(const ast_field *) fmt_key;

typedef struct fmt_model fmt_model;
struct fmt_model {
  const ast_block *block;
  size_t index;      /* among the models */
  table *columns;    /* name -> const ast_field: those that are no relations. NULL: not looked up yet */
  table *uniques;    /* "a,b" of every unique constraint; the id is not among them */
  VEC(fmt_key) keys; /* the id, then unique fields, then unique constraints of the block */
};

/* A relation field. */
typedef struct fmt_side fmt_side;
struct fmt_side {
  fmt_model *model, *target;
  const ast_field *field;
  const ast_attr *attr; /* @relation, NULL: none */
  str name;             /* of the relation; empty: none */
  const ast_arg *fields, *references;
};

/* One with a foreign key. `from` holds it and refers to `to`; the field of one of them may be missing (NULL).
 */
typedef struct fmt_relation fmt_relation;
struct fmt_relation {
  fmt_model *from, *to;
  const fmt_side *forward, *back;
  bool one_to_one;
};

typedef struct fmt_relations fmt_relations;
struct fmt_relations {
  arena *mem;
  table *models; /* name -> fmt_model */
  table *others; /* name -> const ast_block: of enums and composite types */
  VEC(fmt_side *) sides;
  VEC(fmt_relation) list; /* in the order of the fields that show them */
};

/* Everything lives in `mem`. */
fmt_relations *fmt_relate(const ast_schema *schema, arena *mem);
/* Fills in the columns and keys of a model; only the first call does anything. */
void fmt_model_read(fmt_relations *relations, fmt_model *model);

#endif
