/* For test programs that live through migrations: schemas, plans and the catalog of the database of DATABASE_URL.
 * What goes wrong is said as TAP comments. Everything lives in the connection's arena. */
#ifndef TESTS_SUPPORT_LIVE_H
#define TESTS_SUPPORT_LIVE_H

#include "base/vec.h"
#include "migrate/connection.h"
#include "sql/sql.h"
#include "syntax/ast.h"

typedef struct live_schema live_schema;
struct live_schema {
  const ast_schema *ast;
  const dm_schema *model;
  str text;
};

/* False, always. */
bool live_complain(const char *what, str text);
/* The runtime's last error, and the text it came of. */
bool live_complain_error(const char *what, str text);
/* The lines of `here` that `there` lacks. */
void live_complain_lines(const char *what, str here, str there);

/* A schema without a datasource gets the plain one. */
bool live_understand(arena *mem, str text, live_schema *out);
bool live_inspect(connection *db, const live_schema *s, const sql_schema **out);

/* The plan from what the database holds to the schema, the server's spelling taken into account. What the schema does
 * not say is dropped, as far as extensions have made it, or left to the hand that made it. NULL: it went wrong. */
const sql_plan *live_plan(connection *db, const live_schema *to, bool all_ours);

/* An empty database; what a schema asks for in an empty database. `s` NULL: nothing. */
bool live_wipe(connection *db);
bool live_create(connection *db, const live_schema *s);
/* As one simple query. */
bool live_apply(connection *db, const sql_plan *plan);
/* Statement by statement, as `-- schemac:transaction off` wants it. */
bool live_apply_script(connection *db, str script);

/* The catalog as text, without the order of columns, which no migration changes, and the names of checks, of which a
 * schema may say nothing. Empty when it cannot be read. */
str live_catalog(connection *db);

#endif
