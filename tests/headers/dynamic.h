/* Shared by dynamic.c and dynamic.cc: what a user of a program might ask for, known only at run time. */
#ifndef DYNAMIC_H
#define DYNAMIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct search {
  const char *name;   /* NULL: any */
  const int *min_age; /* NULL: any */
  const char **ids;
  size_t id_count;
  bool only_authors;
  bool newest_first;
  int page;
} search;

#endif
