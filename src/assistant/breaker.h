/* breaker.h - a back end that fails again and again is left in peace for a while.
 *
 * After BREAKER_FAILURES failures in a row a host's breaker opens: calls fail at once, so that customers do
 * not wait for a time-out each. After BREAKER_REST_MS one call is let through; if it succeeds the breaker
 * closes, else it rests again (Nygard, "Release It!", 2007: Circuit Breaker). A "no" of the back end is no
 * failure. May be used by several threads. */
#ifndef ASSISTANT_BREAKER_H
#define ASSISTANT_BREAKER_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define BREAKER_FAILURES 5
#define BREAKER_REST_MS 15000
#define BREAKER_HOSTS 64 /* more hosts than that share the last one's breaker */

struct breakers;

struct breakers *breakers_new(void);
void breakers_free(struct breakers *breakers);

/* The host of a url: scheme, name and port. */
struct str breaker_host(struct str url);

/* True if a call may be tried now. Whoever got true says how it went with breaker_note, or with breaker_give_back that it
 * came to nothing, such as when it was cancelled: then the next one may try. */
bool breaker_allows(struct breakers *breakers, struct str host, int64_t now_ms);
void breaker_note(struct breakers *breakers, struct str host, bool failed, int64_t now_ms);
void breaker_give_back(struct breakers *breakers, struct str host, int64_t now_ms);

#endif
