/* The way back: from what a plan made to what was there before.
 *
 * It is the reverse difference with the plan's renames turned round. A column that the plan cast is cast back
 * rather than dropped and added; a required column that the plan dropped comes back with a neutral value in
 * its rows, since the values are gone. What is lost, and what may fail, is said in comments. */
#ifndef SQL_REVERT_H
#define SQL_REVERT_H

#include "sql/sql.h"

/* What begins the line of a comment that says which data the way back destroys. */
#define SQL_LOSES "-- This loses "

/* `now` is what stands after `up`, inspected; so is the state from which `up` was planned. */
const sql_plan *sql_revert(const sql_plan *up, const sql_schema *now, arena *mem);
/* Its script, which runs in one transaction. */
void sql_render_revert(const sql_plan *down, buf *out);

#endif
