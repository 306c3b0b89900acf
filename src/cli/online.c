#include "cli/online.h"

#include "assistant/model_call.h"

void online_ask(const struct workspace *workspace, struct online *out)
{
    struct arena arena = { 0 };
    struct model_answer answer;
    *out = (struct online){ .asked = workspace->model.base_url.len > 0 };
    if (!out->asked)
        return;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    int64_t began = model_clock_ms();
    struct model_question question = {
        .model = &workspace->model, .state = model_state_new(), .deadline_at_ms = began + workspace->model.deadline_ms,
        .messages = { { "system", STR("You test a connection.") }, { "user", STR("Answer with the word OK.") } }, .message_count = 2,
        .tokens_left = UINT64_MAX / 2,
    };
    model_call(&question, &arena, &answer);
    out->good = answer.outcome == MODEL_DONE;
    out->tokens = answer.tokens;
    out->err = answer.err;
    out->took_ms = model_clock_ms() - began;
    completion_free(&answer.completion);
    model_state_free(question.state);
    curl_global_cleanup();
    arena_free(&arena);
}
