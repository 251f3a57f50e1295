#include "dm/resolve.h"

enum {
  LINE = 64,      /* bytes of a cache line */
  MOST = 1 << 16, /* bytes: a larger block would push out of the cache what is worked on */
};

/* From one object to another that was made behind it; what lies between is never read here. */
static void fetch(const void *from, const void *to)
{
  uintptr_t at = (uintptr_t)from, end = (uintptr_t)to;
  if (at >= end || end - at > MOST) return; /* they are in different blocks of the arena */
  for (; at < end; at += LINE) __builtin_prefetch((const void *)at);
}

void dm_fetch_block(const dm_pass *pass, size_t block)
{
  if (block + 2 < pass->ast->blocks.len)
    fetch(pass->ast->blocks.items[block + 1], pass->ast->blocks.items[block + 2]);
}

void dm_fetch_model(const dm_pass *pass, size_t model)
{
  if (model + 2 >= pass->schema->model_count) return;
  const dm_draft *next = pass->drafts[model + 1], *after = pass->drafts[model + 2];
  fetch(next, after);
  fetch(next->model->ast, after->model->ast);
}

static const dm_key_draft *first_key(const dm_draft *draft)
{
  return draft->primary_key || !draft->keys.len ? draft->primary_key : draft->keys.items[0];
}

void dm_fetch_keys(const dm_pass *pass, size_t model)
{
  if (model + 2 >= pass->schema->model_count) return;
  const dm_key_draft *next = first_key(pass->drafts[model + 1]), *after = first_key(pass->drafts[model + 2]);
  if (next && after) fetch(next, after);
}
