/* Orders: a list of OrderBy becomes the expressions behind ORDER BY. */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include "engine/ask.h"

/* Appends "t0."name" ASC, …" and, to `joins`, a LEFT JOIN for each to-one relation on the way (an ask without
 * text writes neither). Each element names one key: SC_INVALID_ARGUMENT else. `backwards` turns every
 * direction round. False when the list asks for nothing. */
bool sc_ask_order(sc_ask *ask, const sc_model *model, unsigned alias, const sc_list *list, bool backwards,
                  buf *joins);

#endif
