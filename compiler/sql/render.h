/* Inside of the renderer: what its parts share. Every function writes whole statements, each with its
 * semicolon and line end, but the first ones, which write pieces. */
#ifndef SQL_RENDER_H
#define SQL_RENDER_H

#include "sql/sql.h"

/* The schema in front of an object of `from` that is dropped: Prisma leaves the connection's own unsaid. */
str render_old_schema(const sql_plan *plan, str schema);

void render_default(const sql_column *column, buf *out);
void render_deferrable(dm_deferrable deferrable, buf *out);

/* What stands above a step: "CreateTable". */
const char *render_title(sql_step_kind kind);
/* The sequence that is made for a column that becomes autoincrementing. */
str render_new_sequence(arena *mem, const sql_table *table, const sql_column *column);
/* The sequence that a serial of PostgreSQL makes. */
str render_serial_sequence(arena *mem, str table, str column);
/* What stands above a step: "CreateTable". */
const char *render_title(sql_step_kind kind);
/* CONSTRAINT "name" CHECK (…), and CONSTRAINT "name" FOREIGN KEY …, as behind ADD. */
void render_check(const sql_check *check, buf *out);
void render_foreign_key(const sql_foreign_key *key, buf *out);

/* Rename… and Backfill. */
void render_rename(const sql_step *step, buf *out);
/* `spare`: rows that would get NULL are left alone, rather than written again and again. */
void render_backfill(const sql_step *step, bool spare, buf *out);

void render_create_table(const sql_table *table, buf *out);
void render_alter_table(const sql_plan *plan, const sql_step *step, buf *out);
void render_alter_enum(const sql_plan *plan, const sql_step *step, buf *out);
void render_create_index(const sql_table *table, const sql_index *index, buf *out);
/* The same without locking the table against writes; no constraint, whatever the index says. */
void render_create_index_concurrently(const sql_table *table, const sql_index *index, buf *out);
void render_drop_index(const sql_plan *plan, const sql_table *table, const sql_index *index, buf *out);

#endif
