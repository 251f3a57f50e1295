/* Sending pieces of a script, and saying what the server said. */
#ifndef MIGRATE_SEND_H
#define MIGRATE_SEND_H

#include "migrate/connection.h"
#include "migrate/unit.h"

typedef struct send_failure send_failure;
struct send_failure {
  str text;     /* ERROR, DETAIL, HINT and CONTEXT, with the lines before the place, or the statement */
  str sqlstate; /* empty when the server is gone */
  str way_out;  /* of a file that is sent as a whole; empty where there is no rule */
  bool lost;    /* the connection is: sc_error_last says how */
};

/* Sends a unit as one simple query, with `inserted` (whole statements, or nothing) where it commits. When it
 * fails the session is usable again, unless it is lost. */
sc_status send_unit(connection *db, const unit_list *units, const unit *u, str inserted,
                    send_failure *failure);
/* The whole text as it is. */
sc_status send_text(connection *db, const sql_script *script, send_failure *failure);

#endif
