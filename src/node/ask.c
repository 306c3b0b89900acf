#include "node/state.h"

#include "base/memory.h"

/* Words that belong to no conversation: the assistant answers, nothing is stored, no action is run. */

struct asking {
    uv_work_t work;
    struct node *node;
    struct content *content;
    struct arena arena;
    struct node_ask ask;
    struct reply reply;
    node_reply_fn *done;
    void *context;
};

/* What was said before is heard again, so that the last words are understood in their place. */
static void think(uv_work_t *work)
{
    struct asking *asking = work->data;
    struct question question = { .language = asking->ask.language, .failed_turns_max = asking->ask.failed_turns_max,
                                 .dialogue = STR_EMPTY, .key = STR("ask") };
    for (size_t i = 0; i < asking->ask.count; i++) {
        question.text = asking->ask.said[i];
        assistant_decide(asking->content->assistant, &question, &asking->arena, &asking->reply);
        question.dialogue = asking->reply.dialogue;
        question.failed_turns = asking->reply.failed ? question.failed_turns + 1 : 0;
    }
}

static void thought(uv_work_t *work, int status)
{
    struct asking *asking = work->data;
    must(status == 0);
    asking->node->asking--;
    asking->done(asking->context, &asking->reply);
    content_drop(asking->content);
    arena_free(&asking->arena);
    memory_free(asking);
}

void node_ask(struct node *node, const struct node_ask *ask, node_reply_fn *done, void *context)
{
    must(ask->count);
    struct asking *asking = MEMORY_NEW(struct asking);
    asking->node = node;
    asking->content = node->content;
    content_hold(asking->content);
    asking->done = done;
    asking->context = context;
    struct str *said = ARENA_NEW_ARRAY(&asking->arena, struct str, ask->count);
    for (size_t i = 0; i < ask->count; i++) said[i] = arena_copy(&asking->arena, ask->said[i]);
    asking->ask = (struct node_ask){ said, ask->count, arena_copy(&asking->arena, ask->language),
                                     (int)engine_settings(node->engine)->failed_turns_max };
    asking->work.data = asking;
    node->asking++;
    must(uv_queue_work(node->loop, &asking->work, think, thought) == 0);
}
