/* Migrations: a folder of scripts and a database kept in step, as Prisma 6 and 7 do it.
 *
 * The folder holds <YYYYMMDDHHMMSS>_<name>/migration.sql and migration_lock.toml, the database holds what was
 * applied in `_prisma_migrations`; both are Prisma's, so that either tool may go on where the other stopped.
 *
 * Nothing here prints or asks. A command fills a migrate_report: `text` is what a person may read on the way,
 * `error` one message when it did not succeed. Questions go through the context's `confirm` and `ask`; where
 * these are NULL (no terminal) a command that would ask is refused with the flag that answers.
 *
 * Ownership: everything lives in context->mem. The database is met through <schemac/schemac.h> alone.
 *
 * Safety: a refused command has changed nothing; a file is written whole or not at all; one command at a time
 * runs on a database (advisory lock 72707369, Prisma's). */
#ifndef MIGRATE_MIGRATE_H
#define MIGRATE_MIGRATE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "dm/dm.h"

typedef enum migrate_status {
  MIGRATE_DONE,        /* exit code 0 */
  MIGRATE_REFUSED,     /* exit code 1: the schema, the history or the database is wrong */
  MIGRATE_UNREACHABLE, /* exit code 3: a file or the network is wrong */
  MIGRATE_CANCELLED,   /* exit code 130: a question was answered with no */
} migrate_status;

typedef struct migrate_context migrate_context;
struct migrate_context {
  arena *mem;              /* never returns NULL: sc_arena_new_fatal */
  const dm_schema *schema; /* NULL where only a URL is known */
  str folder;              /* path of migrations/, which need not exist; also as texts name it */
  str url;                 /* postgresql://…: directUrl where there is one, else url */
  str shadow_url;          /* empty: another way is found (shadow.h) */
  str private_url;         /* of the private server of `schemac dev`; empty: none runs */
  bool reset_shadow;       /* shadow_url may be emptied, whatever it holds */

  /* What the line says before data is destroyed (guard.h). */
  str confirmed; /* --confirm: the database's name */
  bool force;    /* --force, of Prisma's commands that have it */

  bool resume; /* --resume: deploy goes on with a migration in steps that failed */

  void *ui; /* for the four below */
  /* May the warnings be passed over? `text` holds them, one a line, and ends with the question. */
  bool (*confirm)(void *ui, str text);
  /* One line, as typed; may be empty. */
  str (*ask)(void *ui, str question);
  /* How far a long step is: a line in the place of the last one; empty: it is over. NULL: nobody watches. */
  void (*progress)(void *ui, str line);
  /* Asked between steps: whoever has started it wants it to stop. NULL: nobody can say so. */
  bool (*stopped)(void *ui);
};

typedef struct migrate_names migrate_names;
struct migrate_names {
  str *items; /* names of migrations: 20240102030405_init */
  size_t len, cap;
};

typedef struct migrate_report migrate_report;
struct migrate_report {
  buf text;  /* for standard output, complete lines, in Prisma's words */
  str code;  /* "P3005"; empty when there is none */
  str error; /* complete message without the code, empty when the command succeeded */

  bool database_created;
  migrate_names applied;     /* by this run, in order */
  migrate_names rolled_back; /* by this run, in order */
  str created;               /* name of the migration that was written; empty: none */

  /* How the folder and the history stand to each other, as found before anything was done. */
  migrate_names found; /* in the folder */
  migrate_names pending, failed, edited, missing;
  str drift; /* the summary of what the database has beyond its history; empty: none, or not looked at */

  /* Of the change: data loss that the user has to know of, and what cannot be done at all. */
  migrate_names warnings, unexecutable;
  migrate_names notes; /* what a person should know besides */
  bool differs;        /* of a comparison */
};

/* What is done about drift (drift.h). */
typedef enum migrate_drift {
  MIGRATE_DRIFT_ASK, /* where nobody can be asked: refused, with the difference */
  MIGRATE_DRIFT_ADOPT,
  MIGRATE_DRIFT_REVERT,
  MIGRATE_DRIFT_IGNORE,
  MIGRATE_DRIFT_RESET, /* guarded */
} migrate_drift;

/* "adopt", "revert", "ignore" or "reset"; false for anything else. */
bool migrate_drift_read(str word, migrate_drift *out);

typedef struct migrate_dev_options migrate_dev_options;
struct migrate_dev_options {
  str name; /* of the new migration; empty: ask, else nameless as with Prisma */
  bool name_given;
  bool create_only;      /* write it, do not apply it */
  bool accept_data_loss; /* --accept-data-loss: do not ask about warnings */
  migrate_drift drift;
  bool online;           /* --online: as sql/online.h writes it */
  migrate_names renames; /* --rename: "User.nick=name", "Old=New" */
};

/* `migrate dev`: refuses a history that failed or was edited; settles drift as options->drift says; applies
 * what is pending; replays the history in a shadow database, writes the difference to the schema as a new
 * migration and applies it. All that may refuse it is looked at before anything is done. */
migrate_status migrate_dev(const migrate_context *context, const migrate_dev_options *options,
                           migrate_report *report);

/* `migrate deploy`: applies what is pending. Refuses after a failed migration (P3009) and for a database that
 * holds tables but no history (P3005). Asks nothing, needs no shadow. */
migrate_status migrate_deploy(const migrate_context *context, migrate_report *report);

/* `migrate status`: compares the folder with the database. MIGRATE_REFUSED when they differ; report->text
 * says how. */
migrate_status migrate_status_of(const migrate_context *context, migrate_report *report);

/* `migrate reset`: empties the schemas (reset.h), then applies all migrations. Guarded. */
migrate_status migrate_reset(const migrate_context *context, migrate_report *report);

/* `migrate resolve`: records that a migration was applied by hand, or that a failed one was taken back.
 * Exactly one of the names is not empty. P3008, P3011, P3012, P3017. */
migrate_status migrate_resolve(const migrate_context *context, str applied, str rolled_back,
                               migrate_report *report);

typedef struct migrate_rollback_options migrate_rollback_options;
struct migrate_rollback_options {
  str to;       /* the migration that stays the last one; empty: as `steps` says */
  size_t steps; /* 0: one */
};

/* `migrate rollback`: runs the down.sql of the last applied migrations, the last first, each in one
 * transaction with its row in the history, which goes: the migration is pending again. What a down.sql says
 * that it loses is asked about (guard.h). Refused, before anything is changed, where a way back is missing,
 * the history has failed or was edited. */
migrate_status migrate_rollback(const migrate_context *context, const migrate_rollback_options *options,
                                migrate_report *report);

/* `migrate check`: whether the folder, replayed, gives the schema; the schema's own script gives it too; `db
 * pull` of it gives the schema back; and every down.sql leads back. MIGRATE_REFUSED at the first that does
 * not hold. `ast` is what context->schema was made of. No database is changed. */
migrate_status migrate_check(const migrate_context *context, const ast_schema *ast, migrate_report *report);

/* ---- without migrations ---- */

typedef struct migrate_push_options migrate_push_options;
struct migrate_push_options {
  bool accept_data_loss;
  bool force_reset; /* empty the schemas first: guarded, and in one transaction with what follows */
};

/* `db push`: brings the database to the schema at once, in one transaction, without a migration. Data loss is
 * counted and asked about; what cannot be done is refused. */
migrate_status migrate_push(const migrate_context *context, const migrate_push_options *options,
                            migrate_report *report);

/* `db execute`: sends a script as one simple query, unqualified names meaning the URL's schema. */
migrate_status migrate_execute(const migrate_context *context, str script, migrate_report *report);

/* `db protect` and `db unprotect`: marks a database as one whose data no command of ours destroys (guard.h).
 * Taking the mark away is guarded. */
migrate_status migrate_protect(const migrate_context *context, bool protect, migrate_report *report);

/* ---- migrate diff ---- */

typedef enum migrate_state_kind {
  MIGRATE_STATE_EMPTY,
  MIGRATE_STATE_SCHEMA,   /* a data model */
  MIGRATE_STATE_DATABASE, /* a live one */
  MIGRATE_STATE_FOLDER,   /* where a folder of migrations leads */
} migrate_state_kind;

typedef struct migrate_state migrate_state;
struct migrate_state {
  migrate_state_kind kind;
  const dm_schema *schema; /* of a SCHEMA; of the others: whose `schemas` are looked into, or NULL */
  str url;                 /* of a DATABASE */
  str folder;              /* of a FOLDER */
};

typedef struct migrate_diff_options migrate_diff_options;
struct migrate_diff_options {
  migrate_state from, to;
  bool script;           /* SQL rather than a summary */
  bool online;           /* that as sql/online.h writes it */
  migrate_names renames; /* as of migrate_dev_options; where `to` is a SCHEMA */
};

/* `migrate diff`: how to get from one state to the other, into report->text; *empty when they agree. Of the
 * context it takes mem and shadow_url: a folder is replayed there, or else in a database created beside the
 * other state's; without either it is refused. No state is changed. */
migrate_status migrate_diff(const migrate_context *context, const migrate_diff_options *options, bool *empty,
                            migrate_report *report);

/* What a URL says, for texts: `Datasource "db": PostgreSQL database "x", schema "public" at
 * "localhost:5432"`. Percent-encoding is resolved; the port is "5432" and the schema "public" when not
 * written. */
typedef struct migrate_url migrate_url;
struct migrate_url {
  str host, port, user, database, schema;
  bool schema_given;
};

/* False when it is no PostgreSQL URL. */
bool migrate_url_read(arena *mem, str url, migrate_url *out);
/* The same URL for another database of the server. */
str migrate_url_with_database(arena *mem, str url, str database);

#endif
