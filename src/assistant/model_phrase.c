/* model_phrase.c - an approved answer in other words, for the question. */
#include "assistant/ground.h"
#include "assistant/model_work.h"
#include "assistant/restated.h"

#define PHRASE_MAX 4000   /* bytes of an approved answer that is put in other words */
#define LONGER_BY 200     /* than the approved answer, at most */

static struct str data_of(struct turn *turn)
{
    struct mask *mask = model_mask(turn);
    struct buf out;
    /* The approved text first: a value that stands in both goes back as it stands there. */
    struct str approved = mask_hide(mask, turn->reply->text), question = mask_hide(mask, turn->question->text);
    buf_init(&out, LIMIT_MODEL_REQUEST);
    buf_add_str(&out, STR("{\"question\":"));
    buf_add_json_str(&out, question);
    buf_add_str(&out, STR(",\"approved\":"));
    buf_add_json_str(&out, approved);
    buf_add_str(&out, STR(",\"language\":"));
    buf_add_json_str(&out, turn->language);
    buf_add_char(&out, '}');
    struct str data = arena_copy(turn->arena, buf_str(&out));
    buf_free(&out);
    return data;
}

/* Why the text may not be sent, as the log has it; NULL if it may. */
static const char *objection(struct turn *turn, struct str text, struct err *err)
{
    struct str embedded = turn->reply->text;
    if (text.len == 0 || text.len > LIMIT_MESSAGE || text.len > embedded.len + embedded.len / 2 + LONGER_BY) {
        err_set(err, "it has %zu bytes instead of %zu", text.len, embedded.len);
        return "check_size";
    }
    if (!model_form_fits(err, turn->arena, text, embedded))
        return "check_form";
    if (!ground_facts(err, text, turn->grounds, turn->ground_count, turn->ground_values))
        return "check_facts";
    return restated_is(err, text, embedded, turn->language) ? NULL : "check_statements";
}

static bool may_phrase(const struct turn *turn)
{
    const struct reply *reply = turn->reply;
    bool answers = reply->decision == DECISION_ANSWER || reply->decision == DECISION_ACT;
    return model_may(turn->question->model, MODEL_TASK_PHRASE) && answers && !reply->failed && turn->ground_count &&
           reply->text.len <= PHRASE_MAX && restated_knows(turn->language);
}

void model_phrase(struct turn *turn)
{
    struct reply *reply = turn->reply;
    struct model_work work = { turn->question->model, turn->arena, &reply->trace };
    struct model_question question = { .message_count = 0 };
    struct model_answer answer;
    struct err err = { "" };
    struct str text = STR_EMPTY;
    if (!may_phrase(turn))
        return;
    if (model_ask(&work, MODEL_TASK_PHRASE, data_of(turn), &question, &answer)) {
        bool known = mask_show(turn->mask, model_plain(completion_text(&answer.completion, turn->arena)), &text);
        if (!known)
            err_set(&err, "it has a placeholder that stands for nothing");
        const char *why = known ? objection(turn, text, &err) : "check_placeholder";
        if (why) {
            model_refuse(&reply->trace, why);
            reply->trace.objection = arena_copy(turn->arena, str_of(err.text));
        } else {
            reply->text = text;
            reply->trace.used = str_equal(reply->trace.used, STR("planned")) ? STR("planned,phrased") : STR("phrased");
        }
    }
    completion_free(&answer.completion);
}
