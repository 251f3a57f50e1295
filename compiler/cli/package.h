/* What other tools' files in the working directory say about this project: package.json, prisma.config.ts. */
#ifndef CLI_PACKAGE_H
#define CLI_PACKAGE_H

#include "cli/cli.h"

/* The text under "prisma": { key: "…" } in ./package.json, as Prisma reads its schema and seed from there.
 * value->ptr is NULL where there is no such file, key or text. A file that is no JSON is reported. */
cli_exit package_text(const cli *c, str key, str *value);

/* The Prisma configuration file of the working directory ("prisma.config.ts"), NULL when there is none. It is
 * a program: it is never read, users are told which options say the same. */
const char *package_config(const cli *c);

#endif
