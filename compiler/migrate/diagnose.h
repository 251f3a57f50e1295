/* How a folder of migrations and a database's history stand to each other. */
#ifndef MIGRATE_DIAGNOSE_H
#define MIGRATE_DIAGNOSE_H

#include "migrate/folder.h"
#include "migrate/history.h"
#include "sql/sql.h"

typedef struct diagnosis diagnosis;
struct diagnosis {
  folder migrations;
  history rows;
  migrate_names failed; /* begun, neither finished nor rolled back */
  migrate_names
      interrupted; /* the same, but by a run of ours that was cut off: it goes on with the pending ones */
  migrate_names edited;  /* applied, and the file has another checksum since */
  migrate_names missing; /* applied, and not in the folder */
  migrate_names pending; /* in the folder, not applied: the interrupted ones too */
  str last_common;       /* the last one that both have */
};

/* Reads both and compares them. */
migrate_status diagnose(const migrate_context *context, connection *db, diagnosis *out,
                        migrate_report *report);

/* "3 migrations found in prisma/migrations", and an empty line. */
void diagnose_count(const migrate_context *context, const diagnosis *found, buf *out);
/* P3009: no new migration is applied after a failed one. */
migrate_status diagnose_refuse_failed(arena *mem, const diagnosis *found, migrate_report *report);

/* The schemas of the database that the data model speaks of, or else the URL's. */
sc_status diagnose_inspect(const migrate_context *context, connection *db, const sql_schema **out);
/* The same of these; of none: of the URL's. */
sc_status diagnose_inspect_schemas(connection *db, const str *schemas, size_t count, const sql_schema **out);
/* Whether it holds nothing of anybody's. */
bool diagnose_is_empty(const sql_schema *live);

#endif
