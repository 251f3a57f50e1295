/* The folder of migrations: <YYYYMMDDHHMMSS>_<name>/migration.sql, and migration_lock.toml beside them. */
#ifndef MIGRATE_FOLDER_H
#define MIGRATE_FOLDER_H

#include "base/vec.h"
#include "migrate/migrate.h"
#include "sql/sql.h"

typedef struct folder_entry folder_entry;
struct folder_entry {
  str name;
  str script;   /* NUL-terminated */
  bool missing; /* the directory has no migration.sql */
};

typedef struct folder folder;
struct folder {
  folder_entry *items; /* by name */
  size_t len, cap;
};

/* Reads all of it; a folder that does not exist is an empty one. Refuses one that belongs to another kind of
 * database (P3019). */
migrate_status folder_read(const migrate_context *context, folder *out, migrate_report *report);
const folder_entry *folder_find(const folder *migrations, str name);

#define FOLDER_DOWN "down.sql"

/* What the scripts' lines "-- schemac: …" claim as made by our extensions. */
#define FOLDER_CLAIM "-- schemac: "
sql_claims folder_claims(arena *mem, const folder *migrations);
/* The lines of a script that turns one state into the other, behind an empty line; nothing where it makes
 * nothing of ours. `moved` are lines that it needs besides (sql_claims_moved). */
void folder_write_claims(const sql_schema *from, const sql_schema *to, const sql_claims *moved, buf *out);

/* A name for the next migration: the time in UTC, or when that would sort before the last one the second
 * after it, and `wish` as lower-case words joined by _. */
str folder_new_name(arena *mem, const folder *migrations, str wish);
/* Writes a new migration, its way back (empty: none) and the lock file: all appear whole, or nothing does. */
migrate_status folder_write(const migrate_context *context, str name, str script, str down,
                            migrate_report *report);
/* A file beside a migration's script; false when it is not there or cannot be read. */
bool folder_read_beside(const migrate_context *context, str name, const char *file, str *out);
/* Takes back what folder_write wrote. */
void folder_remove(const migrate_context *context, str name);

/* The SHA-256 of a script in hexadecimal, as `_prisma_migrations` keeps it. */
str folder_checksum(arena *mem, str script);
/* Whether a checksum belongs to the script, its line ends being \n or \r\n. */
bool folder_checksum_matches(arena *mem, str script, str checksum);

/* migrations/
 *   └─ 20240102030405_init/
 *     └─ migration.sql
 * as Prisma prints what it has written or applied. */
void folder_tree(const migrate_context *context, const migrate_names *names, buf *out);

#endif
