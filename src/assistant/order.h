/* order.h - documents by their scores, best first, ties by number; those without a score are left out. */
#ifndef ASSISTANT_ORDER_H
#define ASSISTANT_ORDER_H

#include "base/arena.h"

/* The best `room` of `count`; gives how many there are. */
size_t order_by_score(struct arena *arena, const float *scores, size_t count, uint32_t *documents, size_t room);

#endif
