/* The query engine: the operations of <schemac/descriptor.h> over any model.
 *
 *   ask.h      a call while it is read: its shape, values and SQL text
 *   filter.h   conditions
 *   read.h     selections, trees of records, decoding
 *   plan.h     how a tree is read, and the cache of such plans
 *
 * A read walks its arguments once for shape and values, finds the compiled plan of that shape in the
 * database's cache (or compiles it by the same walk with text switched on), runs the plan's statements and
 * decodes. A write builds its text on every call, which costs less than a hundredth of a round trip. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "conn/db.h"
#include "engine/ask.h"
#include "engine/filter.h"
#include "engine/read.h"
#include "error/error.h"

#endif
