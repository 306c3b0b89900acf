/* model_state.h - what all turns that use the language model share: the day's tokens, what the server is known
 * not to take, connections that are open, and whether the server is up.
 *
 * Outlives the workspace's files, so that a reload gives no new budget. Any thread may use it. */
#ifndef ASSISTANT_MODEL_STATE_H
#define ASSISTANT_MODEL_STATE_H

#include <curl/curl.h>

#include "assistant/breaker.h"
#include "base/str.h"

/* What some compatible servers refuse. X(NAME, the parameter whose name stands in the refusal) */
#define MODEL_LIMITS(X) \
    X(MAX_TOKENS, "max_tokens") X(STREAM_OPTIONS, "stream_options") X(RESPONSE_FORMAT, "response_format") \
    X(TEMPERATURE, "temperature") X(PARALLEL_CALLS, "parallel_tool_calls") X(TOOL_CHOICE, "tool_choice")

enum model_limit_bit {
#define X(NAME, word) MODEL_LIMIT_BIT_##NAME,
    MODEL_LIMITS(X)
#undef X
    MODEL_LIMIT_BITS
};
enum {
#define X(NAME, word) MODEL_LIMIT_##NAME = 1 << MODEL_LIMIT_BIT_##NAME,
    MODEL_LIMITS(X)
#undef X
};

struct model_state;

struct model_state *model_state_new(void);
void model_state_free(struct model_state *state);

/* Tokens are taken before a call, as many as it may need, and the rest is given back afterwards. A day is a
 * day of UTC; what is used counts on the day on which it is known. False: the day's budget would not suffice. */
struct model_taken {
    int64_t day;
    uint64_t tokens;
};
bool model_state_take(struct model_state *state, int64_t budget_day, uint64_t tokens, struct model_taken *taken);
void model_state_give_back(struct model_state *state, const struct model_taken *taken, uint64_t used);
/* What was used on a day before this start. */
void model_state_used(struct model_state *state, int64_t day, uint64_t tokens);
uint64_t model_state_today(struct model_state *state);
int64_t model_state_day(int64_t unix_ms);

/* MODEL_LIMIT_ bits of the server at `base_url`; learned from what it refused. */
unsigned model_state_limits(struct model_state *state, struct str base_url);
void model_state_learn(struct model_state *state, struct str base_url, unsigned limits);

struct breakers *model_state_breakers(struct model_state *state);

/* A connection that was used before, or a new one. `good`: it may be used again. */
struct model_line {
    CURLM *multi;
    CURL *easy;
};
struct model_line model_state_line(struct model_state *state);
void model_state_line_back(struct model_state *state, struct model_line line, bool good);

/* Different for every call: so that clients that failed together do not come back together. In [0, bound). */
uint64_t model_state_random(struct model_state *state, uint64_t bound);

#endif
