/* Reads: what a call selects, the statements of a tree of records, and how their answers become structs.
 *
 * For writes that return a record:
 *
 *   sc_selection sel;
 *   status = sc_select(&ask, model, args, &model->create, &sel);
 *
 * When sel.simple is set, "… RETURNING " is followed by sc_ask_columns(&ask, &sel, alias), and sc_decode_rows
 * reads the answer. Otherwise sc_read_one gives statements that go behind those of the write in the same
 * pipeline, and sc_read_decode reads their results. */
#ifndef ENGINE_READ_H
#define ENGINE_READ_H

#include "engine/ask.h"
#include "engine/filter.h"

/* ---- what is selected ---- */

typedef struct sc_selection sc_selection;
struct sc_selection {
  const sc_model *model;
  const uint16_t *fields; /* indexes, ascending */
  uint16_t field_count;
  bool simple; /* no relation and no count */
};

/* Reads select, omit and include of an argument struct (NULL: zeroed). SC_INVALID_ARGUMENT when select comes
 * with omit or include. */
sc_status sc_select(sc_ask *ask, const sc_model *model, const void *args, const sc_args_at *at,
                    sc_selection *out);
/* The selected columns, for a SELECT or RETURNING list. Never empty. */
void sc_ask_columns(sc_ask *ask, const sc_selection *selection, unsigned alias);
/* One column as it is read: money comes as numeric. */
void sc_ask_read_column(sc_ask *ask, unsigned alias, const sc_field *field);
/* The rows of a binary result whose first columns are the selection's: *records is an array of result's rows.
 */
sc_status sc_decode_rows(const sc_selection *selection, const PGresult *result, arena *mem, void **records);

/* ---- a tree of records ---- */

typedef struct sc_read sc_read;
struct sc_read {
  const sc_statement *statements; /* in one pipeline, in this order */
  size_t count;
  struct sc_plan *plan;
};

/* Reads the record that a WhereUnique names, with select, omit and include of `args`. What is returned lives
 * in `scratch`; sc_read_end gives the plan back and must be called when the status was SC_OK. */
sc_status sc_read_one(sc_db *db, arena *scratch, const sc_model *model, const void *unique, const void *args,
                      const sc_args_at *at, sc_read *out);
/* *record is NULL when there is no such record. `results` are the `count` results of the statements. */
sc_status sc_read_decode(const sc_read *read, PGresult *const *results, arena *mem, void **record);
void sc_read_end(sc_read *read);

#endif
