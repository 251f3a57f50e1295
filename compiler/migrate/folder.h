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

/* What the scripts' lines "-- schemac: …" claim as made by our extensions. */
#define FOLDER_CLAIM "-- schemac: "
sql_claims folder_claims(arena *mem, const folder *migrations);
/* The lines of a script that turns one state into the other, behind an empty line; nothing where it makes
 * nothing of ours. */
void folder_write_claims(const sql_schema *from, const sql_schema *to, buf *out);

/* A name for the next migration: the time in UTC, or when that would sort before the last one the second
 * after it, and `wish` as lower-case words joined by _. */
str folder_new_name(arena *mem, const folder *migrations, str wish);
/* Writes a new migration and the lock file: both appear whole, or nothing does. */
migrate_status folder_write(const migrate_context *context, str name, str script, migrate_report *report);
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
