/* Where the database is: the schema's urls, the environment, .env files and the private server of `schemac
 * dev`. */
#ifndef CLI_ENVIRONMENT_H
#define CLI_ENVIRONMENT_H

#include "cli/dotenv.h"
#include "cli/schema.h"

typedef struct environment environment;
struct environment {
  dotenv file; /* of ./.env and of the .env beside the schema, expanded */
};

/* Reads ./.env and the .env beside the schema (else prisma/.env). As in Prisma a variable that has the same
 * value in both is an error, and one that has two keeps that of ./.env. */
cli_exit environment_load(const cli *c, const cli_schema *schema, environment *env);

typedef struct database_urls database_urls;
struct database_urls {
  str url;    /* for migrations: --url, else directUrl, else url */
  str shadow; /* empty: none is given */
  bool private_server;
};

/* Follows the datasource: a literal, a variable, DATABASE_URL where it has no url; where the variable is not
 * set, the private server of this folder. Reports what is missing, empty or no PostgreSQL URL as Prisma does:
 * an error of the schema, at the url's place (P1012). Only a directUrl whose variable is not set is no error
 * to us. */
cli_exit environment_database(const cli *c, const cli_schema *schema, const environment *env,
                              database_urls *urls);

#endif
