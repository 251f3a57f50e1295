/* Writes: records that are to be, the statements that make them, and the pipelines these go in.
 *
 * A create is planned first (create.c): each record becomes a *step* with a *source* a field that says where
 * the value comes from, each connect a step or a lookup inside one. Nothing has been sent then, and
 * everything that can be wrong with the arguments has been told. The steps stand in an order in which foreign
 * keys hold.
 *
 * Then it runs (write_run.c). Steps whose values are all known go in one pipeline with one Sync, which is
 * atomic; ids that the client makes are known from the start, so that mostly there is just this one. A value
 * that only the database makes (autoincrement, dbgenerated) is asked for with RETURNING, and the steps that
 * need it go in the next pipeline: then BEGIN travels with the first and COMMIT with the last, and a tree
 * costs one round trip for each level of such ids. Reading the record back comes last, in the last pipeline.
 * What was written stays when memory runs out while that record is decoded: the call says SC_NO_MEMORY, the
 * database has the record.
 *
 * A connect must find its record, and PostgreSQL thinks nothing of a statement that touches no row. So a
 * statement that may find nothing raises an error of its own (a *guard*, write_text.c), which ends the
 * pipeline and undoes it; it is known by its text, not by its SQLSTATE alone, and becomes SC_NOT_FOUND. */
#ifndef ENGINE_WRITE_H
#define ENGINE_WRITE_H

#include "engine/engine.h"

typedef struct sc_step sc_step;

/* Where the value of a field comes from. */
typedef enum sc_source_kind {
  SC_SOURCE_NONE = 0, /* left to the database */
  SC_SOURCE_VALUE,    /* `held`, as Create holds it */
  SC_SOURCE_NULL,
  SC_SOURCE_EMPTY,  /* a list left out: '{}' */
  SC_SOURCE_RECORD, /* field `field` of the record that `from` makes */
  SC_SOURCE_FOUND,  /* field `field` of the record that lookup number `lookup` finds */
} sc_source_kind;

typedef struct sc_source sc_source;
struct sc_source {
  uint8_t kind;
  bool wanted; /* some step needs the value, and the database makes it */
  uint16_t field, lookup;
  const void *held;
  sc_step *from;
  const sc_relation
      *through; /* the relation whose create or connect gave the value, NULL for a scalar's own */
};

/* A connect on the side that has the key: its record is joined to the INSERT. */
typedef struct sc_lookup sc_lookup;
struct sc_lookup {
  const sc_relation *relation;
  const void *unique;
};

typedef enum sc_step_kind {
  SC_STEP_INSERT = 1, /* a record of `model` */
  SC_STEP_CHECK,      /* that `unique` finds a record of relation->target */
  SC_STEP_ATTACH,     /* the record that `unique` finds gets the key of `parent` */
  SC_STEP_LINK,       /* `parent` and `other` get a row in the join table */
  SC_STEP_LINK_FOUND, /* `parent` and the record that `unique` finds */
} sc_step_kind;

struct sc_step {
  sc_step *next; /* in the order in which foreign keys hold */
  sc_step_kind kind;
  const sc_model *model;       /* of the record; of the other kinds: the one that has the relation */
  const sc_relation *relation; /* NULL: of an INSERT */
  sc_source *sources;          /* of an INSERT: one a field */
  VEC(sc_lookup) lookups;      /* of an INSERT */
  sc_step *parent, *other;
  const void *unique;
  bool wants; /* a source is wanted */
  bool sent;
  bool guarded; /* raises when nothing is found */
  bool skip_duplicates;
  size_t at; /* its place in the pipeline; SIZE_MAX: not in it */
};

/* A write of which the arguments are being read: `ask` holds the first failure. */
typedef struct sc_write sc_write;
struct sc_write {
  sc_db *db;
  arena *mem; /* for the time of the call */
  sc_ask ask; /* for sc_ask_given and sc_ask_fail */
  sc_step *first, *last;
  size_t step_count;
  sc_time now; /* one time for the whole write */
};

/* False, with the thread's error, when memory ran out, the model is a view, or just one of out and mem is
 * NULL. */
bool sc_write_begin(sc_write *write, sc_db *db, const sc_model *model, const arena *mem, void *out);
/* Ends what begin began. */
void sc_write_end(sc_write *write);
/* A new ask of the write's memory with text switched on; `sql` is its buffer. */
sc_ask sc_write_ask(const sc_write *write, buf *sql);

/* ---- create.c ---- */

/* Plans a record of `model` from a Create and all that is nested in it. `through` is the relation of `parent`
 * that it is nested in, NULL at the root. NULL after a failure. */
sc_step *sc_plan_record(sc_write *write, const sc_model *model, const void *data, sc_step *parent,
                        const sc_relation *through);
/* Fills sources of the fields that a create leaves out: makers, @updatedAt, empty lists. SC_MISSING_FIELD
 * otherwise. */
void sc_plan_defaults(sc_write *write, const sc_model *model, sc_source *sources);
/* Reads the scalars of a Create into sources. */
void sc_plan_scalars(sc_write *write, const sc_model *model, const void *data, sc_source *sources);

/* ---- make.c ---- */

/* A value of a field with a maker, as Create holds it. NULL when memory ran out. */
const void *sc_make(arena *mem, const sc_field *field);
/* A value of a record as Create holds it; NULL for SQL NULL. False when memory ran out. */
bool sc_hold(arena *mem, const sc_field *field, const void *record, const void **held);

/* ---- write_text.c ---- */

/* True when the source's value is known, with what it is: NULL for SQL NULL. */
bool sc_source_known(const sc_source *source, const void **held);
/* The statement of a step whose values are known. `returning` may be NULL. */
sc_status sc_step_statement(const sc_write *write, const sc_step *step, const sc_selection *returning,
                            sc_statement *out);

/* ---- write_run.c ---- */

/* What is to be read of the record that `root` makes. */
typedef struct sc_readback sc_readback;
struct sc_readback {
  const sc_model *model;
  const void *args;
  const sc_args_at *at;
  arena *mem; /* of the result; NULL: nothing is read */
  void **record;
};

/* Runs the steps and reads the record. */
sc_status sc_write_run(sc_write *write, sc_step *root, const sc_readback *back);
/* How many rows a statement returned, changed or counted. */
int64_t sc_result_count(const PGresult *result);

/* Adds the WHERE of an update or delete of many. SC_INVALID_ARGUMENT when it asks nothing and the flag is not
 * set. */
sc_status sc_write_filter(sc_ask *ask, const sc_model *model, const void *args, size_t flag,
                          const char *operation);
/* Runs one statement; how many rows it changed. */
sc_status sc_write_many(const sc_write *write, const sc_model *model, const sc_statement *statement,
                        int64_t *count);

/* ---- write_error.c ---- */

/* Prisma's text for a record that was required: "No record was found for an update." */
sc_status sc_fail_no_record(const sc_model *model, const char *what);
/* A connect found nothing. */
sc_status sc_fail_connect(const sc_step *step, const sc_relation *relation);
/* Whether the thread's error is a guard's. */
bool sc_guard_raised(void);
/* After a failed statement on `model`: fills model and fields of the thread's error from the constraint
 * tables, the model's own and those of its relations. Returns the status. */
sc_status sc_error_place(const sc_model *model);
/* The same for the step that failed, whose guard or foreign key may tell of a connect. */
sc_status sc_error_place_step(const sc_step *step);

#endif
