/* completion.h - one answer of a chat model, put together from what the server sends.
 *
 * Takes the chunks of a stream (OpenAI's chat.completion.chunk) or a whole answer, and bears what
 * compatible servers do otherwise: calls without index, id or type; arguments in pieces, whole, as an
 * object, empty or null; `finish_reason` "stop" although there are calls; chunks without choices; usage in
 * any chunk or in none; errors in the middle of a stream or with status 200; no [DONE]; data that is no
 * JSON; letters cut in two. What a model sends is never trusted here: sizes are bounded, and whoever uses
 * text or arguments checks them. */
#ifndef ASSISTANT_COMPLETION_H
#define ASSISTANT_COMPLETION_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define COMPLETION_CALLS 8            /* further ones are dropped */
#define COMPLETION_NAME 64            /* bytes of a tool's name */
#define COMPLETION_ID 128
#define COMPLETION_ARGUMENTS 8192     /* bytes of one call's */
#define COMPLETION_TEXT 32768

enum completion_finish { COMPLETION_UNFINISHED, COMPLETION_STOPPED, COMPLETION_CUT, COMPLETION_FILTERED };

struct completion_call {
    char id[COMPLETION_ID + 1], name[COMPLETION_NAME + 1];
    struct buf arguments;
    int64_t index;  /* -1: the server gave none */
    bool bad;       /* a name, an id or arguments longer than allowed */
};

struct completion {
    struct buf text;
    struct completion_call calls[COMPLETION_CALLS];
    size_t call_count;
    enum completion_finish finish;
    bool done;                        /* [DONE] came */
    bool refused;                     /* the model says that it will not */
    bool has_usage;
    uint64_t prompt_tokens, answer_tokens;
    size_t skipped;                   /* pieces that were no JSON */
    bool failed;                      /* the server said that it failed, or something is too long */
    struct err err;
};

void completion_init(struct completion *completion);
void completion_free(struct completion *completion);

/* The data of one event. False: it failed (err says why) or it is done: no more is wanted. */
bool completion_add(struct completion *completion, struct str data) WARN_UNUSED;

/* A body that is one JSON object, with any status. False: it failed. */
bool completion_take(struct completion *completion, struct str body) WARN_UNUSED;

/* What the model says, without its thinking and blank space around; in valid UTF-8. Lives in the arena. */
struct str completion_text(const struct completion *completion, struct arena *arena);

/* A model that writes its call into its text, as small ones do: {"name": …, "arguments": {…}}, perhaps in a fence or between
 * <tool_call> tags. It becomes the call; nothing happens if the text is anything else, or a call is there already. */
void completion_call_in_text(struct completion *completion, struct arena *arena);

/* The sentence in an error's body, or empty. */
struct str completion_error(struct str body, struct arena *arena);

#endif
