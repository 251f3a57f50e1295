/* The thread's error: how every failure of the runtime becomes an sc_status and an sc_error_last().
 *
 * Everything is kept in thread-local arrays, cut at a character's end where it does not fit: telling of an
 * error never allocates. Messages hold neither parameter values nor passwords: where PostgreSQL's own text
 * may quote a value (the data exceptions of class 22) the quoted part is masked; its DETAIL goes to
 * sc_error.detail alone, never into the message. */
#ifndef ERROR_ERROR_H
#define ERROR_ERROR_H

#include "base/str.h"

#include <libpq-fe.h>
#include <schemac/schemac.h>

enum { SC_ERROR_FIELDS = 32 };

/* Forgets what was, sets status, Prisma's code for it and the message, and returns the status. */
sc_status sc_fail(sc_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* The same with a code that is not the status's usual one. */
sc_status sc_fail_as(sc_status status, const char *code, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
/* SC_NO_MEMORY. */
sc_status sc_fail_memory(void);

/* From an error result of the server. `verbatim` keeps the server's message as it is: for SQL of the caller's
 * own. */
sc_status sc_fail_result(const PGresult *result, bool verbatim);
/* The status that sc_fail_result would give. */
sc_status sc_status_of_sqlstate(const char *sqlstate);

/* Adds what the engine knows to the current error: the model's name (NULL leaves it) and the fields
 * concerned. The message of a unique or a null violation then speaks of these fields, as Prisma's does. */
void sc_error_name(const char *model, const char *const *fields, size_t count);
/* Which statement of a script the current error is of. */
void sc_error_set_statement(size_t number);
/* The server's SQLSTATE of a failed connection, which libpq has no result for. */
void sc_error_set_sqlstate(const char *sqlstate);

/* The whole state, to carry it over calls that may fail themselves. */
typedef struct sc_error_state sc_error_state;
struct sc_error_state {
  sc_error error;
  char message[1024], detail[1024], hint[512], context[1024], constraint[256], model[256], sqlstate[8];
  char names[1024];
  const char *fields[SC_ERROR_FIELDS];
};
void sc_error_save(sc_error_state *state);
void sc_error_restore(const sc_error_state *state);

#endif
