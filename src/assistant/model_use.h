/* model_use.h - a language model at the service of one turn, and what came of it.
 *
 * The model is never trusted. It sees masked text of this one customer and approved text, nothing else; what it says
 * passes the same checks as every answer, and more; what it chooses runs through the ordinary flow. On any failure
 * the embedded answer stays as it is, and the trace says why. docs/model.md. */
#ifndef ASSISTANT_MODEL_USE_H
#define ASSISTANT_MODEL_USE_H

#include <stdatomic.h>

#include "base/arena.h"
#include "workspace/model_settings.h"

struct model_state;

struct model_use {
    const struct workspace_model *settings;
    struct model_state *state;
    int64_t deadline_at_ms;        /* of model_clock_ms, for all that the turn asks */
    const atomic_bool *cancelled;  /* or NULL */
    uint64_t tokens_left;          /* of the conversation's budget */
    struct str customer_email;     /* to be masked */
};

/* How an answer came about, for the log. */
struct model_trace {
    struct str used;      /* embedded, phrased, planned; or planned,phrased */
    struct str model;     /* that was asked, or empty */
    struct str prompt;    /* versions of the prompts, such as phrase-1f2e3d4c */
    struct str fallback;  /* why the model's answer was not used, or empty */
    struct str objection; /* the check's sentence about it, or empty */
    uint64_t tokens;
    unsigned calls, failures, refused; /* how many; without an answer; with one that the checks refused */
    uint64_t took_us;
};

#endif
