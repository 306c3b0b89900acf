/* model_work.h - what the model's tasks share: prompts, asking, masks. Nobody else includes this. */
#ifndef ASSISTANT_MODEL_WORK_H
#define ASSISTANT_MODEL_WORK_H

#include "assistant/model_call.h"
#include "assistant/turn.h"
#include "privacy/mask.h"

/* X(NAME, word, bit of `uses`) */
#define MODEL_TASKS(X) \
    X(PHRASE, "phrase", MODEL_USE_PHRASE) X(PLAN, "plan", MODEL_USE_PLAN) X(SUMMARISE, "summarise", MODEL_USE_SUMMARISE) \
    X(TRANSLATE, "translate", MODEL_USE_TRANSLATE)

enum model_task {
#define X(NAME, word, bit) MODEL_TASK_##NAME,
    MODEL_TASKS(X)
#undef X
    MODEL_TASK_COUNT
};

#define SPOTTED_MAX 64 /* words of the customer's that could be numbers of orders and the like */

struct model_work {
    const struct model_use *use;
    struct arena *arena;
    struct model_trace *trace;
};

/* Whether there is a model and it may do this. */
bool model_may(const struct model_use *use, enum model_task task);

/* Not what tells of danger or of a need for special care: that is for people. */
bool model_may_hear(struct str text);

/* Puts the task's prompt before `data`, a JSON object, and asks. `question` brings tools or a schema. True: an
 * answer has come. False: the trace says why not. completion_free(&answer->completion) either way. */
bool model_ask(struct model_work *work, enum model_task task, struct str data, struct model_question *question, struct model_answer *answer);

/* The answer did not pass: `why` is what the log says. */
void model_refuse(struct model_trace *trace, const char *why);

/* "phrase-1f2e3d4c": the task and a digest of its prompt. */
struct str model_prompt_version(enum model_task task, struct arena *arena);
const char *model_prompt(enum model_task task);

/* The mask of a turn, which knows the customer, the details of the dialogue and what results had. */
struct mask *model_mask(struct turn *turn);

/* Refuses what no answer may have, whoever wrote it: HTML, images, turned writing, addresses and numbers with a
 * shape that `source` does not have. */
bool model_form_fits(struct err *err, struct arena *arena, struct str text, struct str source);

/* Without the code fence that some models put around the whole of an answer. */
struct str model_plain(struct str text);

/* A member of the answer that is JSON, perhaps in a fence; empty if it is none. */
struct str model_member(struct str text, const char *name, struct arena *arena);

#endif
