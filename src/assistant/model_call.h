/* model_call.h - one question to a language model: any server that speaks OpenAI's chat completions.
 *
 * Blocks its thread, never longer than the deadline, and looks every 50 ms whether it was cancelled. Failures
 * that may pass are tried again within the deadline, later each time, as late as Retry-After says. No redirect
 * is followed. The key goes to the server and nowhere else. What comes back is not to be trusted. */
#ifndef ASSISTANT_MODEL_CALL_H
#define ASSISTANT_MODEL_CALL_H

#include <stdatomic.h>

#include "assistant/completion.h"
#include "assistant/model_state.h"
#include "base/arena.h"
#include "workspace/model_settings.h"

#define MODEL_MESSAGES 8
#define MODEL_TOOLS 64

struct model_message {
    const char *role; /* system, user */
    struct str content;
};

struct model_tool {
    struct str name;        /* [A-Za-z0-9_-], at most 64 */
    struct str description;
    struct str parameters;  /* JSON schema */
};

struct model_question {
    const struct workspace_model *model;
    struct model_state *state;
    struct model_message messages[MODEL_MESSAGES];
    size_t message_count;
    const struct model_tool *tools;
    size_t tool_count;
    struct str schema;             /* of the answer, as JSON schema; or empty */
    int64_t deadline_at_ms;        /* of the monotonic clock: model_clock_ms */
    const atomic_bool *cancelled;  /* or NULL */
    uint64_t tokens_left;          /* of the conversation's budget */
};

/* How it ended. X(NAME, as the log has it) */
#define MODEL_OUTCOMES(X) \
    X(DONE, "done") X(LATE, "late") X(CANCELLED, "cancelled") X(BUDGET_CONVERSATION, "budget_conversation") \
    X(BUDGET_DAY, "budget_day") X(DOWN, "down") X(REFUSED, "refused_by_server") X(FAILED, "failed") X(TOO_LONG, "too_long")

enum model_outcome {
#define X(NAME, word) MODEL_##NAME,
    MODEL_OUTCOMES(X)
#undef X
    MODEL_OUTCOME_COUNT
};
extern const char *const model_outcome_names[MODEL_OUTCOME_COUNT];

struct model_answer {
    enum model_outcome outcome;
    struct err err;                /* a sentence for the operator, without the key, unless DONE */
    struct completion completion;  /* whole when DONE */
    uint64_t tokens;               /* used by all tries; the server's count, else estimated */
    int tries;
};

/* completion_free(&answer->completion) afterwards, whatever the outcome. */
void model_call(const struct model_question *question, struct arena *arena, struct model_answer *answer);

int64_t model_clock_ms(void);

/* Roughly, for budgets: three bytes each. */
uint64_t model_tokens(struct str text);

/* model_body.c: the request as JSON, without what the server is known not to take. */
struct str model_body(const struct model_question *question, unsigned limits, struct arena *arena);

#endif
