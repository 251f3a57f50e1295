/* What other tools' files say about this project: package.json, prisma.config.ts. */
#ifndef CLI_PACKAGE_H
#define CLI_PACKAGE_H

#include "cli/cli.h"

/* The text under "prisma": { key: "…" } in package.json, of the working folder or else of the nearest one
 * above it that has one, as Prisma reads its schema and seed from there. *file is the file's path. value->ptr
 * is NULL where there is no such file, key or text. A file that is no JSON, and a value that is no text, is
 * reported. */
cli_exit package_text(const cli *c, str key, str *value, str *file);

/* The Prisma configuration file of the working directory ("prisma.config.ts"), NULL when there is none. It is
 * a program: it is never read, users are told which options say the same. */
const char *package_config(const cli *c);

#endif
