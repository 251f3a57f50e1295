/* The data model as JSON, as Prisma's generators receive it (DMMF, its key `datamodel`).
 *
 * Equal to Prisma's as JSON values: the order of keys and the white space are ours. Ignored models and fields and
 * columns of unsupported types are left out, as there. Our extensions have no place in it. */
#ifndef DMMF_DMMF_H
#define DMMF_DMMF_H

#include "base/buf.h"
#include "dm/dm.h"

void dmmf_write(const dm_schema *schema, buf *out);

#endif
