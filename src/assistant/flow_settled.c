/* flow_settled.c - a flow goes on after a person has allowed its action, or has not.
 *
 * Meanwhile the customer may have talked about other things, and a question of another flow may be open. What the flow has to
 * say is said at once; the open question is asked once more behind it. If the flow has to ask something itself, the other matter waits its
 * turn, unless it has changed something already: then a person sees to both. */
#include "assistant/flow.h"

struct str flow_approved(const struct turn *turn, const struct action *action, bool done)
{
    struct str title = workspace_text(turn->workspace, action->titles, action->title_count, turn->language);
    return arena_format(turn->arena, "%.*s %.*s.", STR_ARG(turn_sentence(turn, done ? SENTENCE_APPROVAL_DONE : SENTENCE_APPROVAL_FAILED)), STR_ARG(title));
}

struct str assistant_not_approved(struct str language, struct str reason, struct arena *arena)
{
    return arena_format(arena, "%.*s\n\n%.*s", STR_ARG(words_sentence(SENTENCE_APPROVAL_REFUSED, language)), STR_ARG(reason));
}

/* The step that waited, if the files still have it as it was. */
static const struct topic *waiting(const struct turn *turn, size_t *at)
{
    const struct dialogue *dialogue = &turn->dialogue;
    const struct topic *topic = workspace_topic(turn->workspace, dialogue->asked_topic);
    *at = (size_t)dialogue->place.step;
    if (!topic || *at >= topic->step_count || topic->steps[*at].kind != STEP_CALL || !str_equal(dialogue->place.version, topic->steps_version))
        return NULL;
    return workspace_action(turn->workspace, topic->steps[*at].subject) ? topic : NULL;
}

/* The flow is not there any more: what was decided is said, and a person does the rest, if there may be one. */
static void tell_only(struct turn *turn)
{
    const struct settled *settled = turn->question->settled;
    bool done = settled->allowed && str_equal(settled->outcome, STR("done"));
    if (settled->allowed)
        turn_hand_over(turn, done ? STR("policy") : STR("assistant_failed"), done ? SENTENCE_HAND_POLICY : SENTENCE_HAND_CHANGE);
    else
        turn_answer(turn, DECISION_ANSWER, turn_sentence(turn, SENTENCE_APPROVAL_REFUSED));
}

/* The flow's place of then, with all else as it is now. */
static void take_up(struct turn *turn, const struct dialogue *now)
{
    struct dialogue then, *out = &turn->dialogue;
    dialogue_read(turn->arena, turn->question->settled->place, &then);
    *out = *now;
    out->topic = then.topic;
    out->pending = PENDING_NOTHING;
    out->asked_topic = then.asked_topic;
    out->parameter = STR_EMPTY;
    out->place = then.place;
    out->tries = 0;
    memcpy(out->values, then.values, sizeof out->values);
    out->value_count = then.value_count;
    out->choice_count = 0;
}

/* Nothing is asked by the flow: the question that was open before is open again. */
static void leave_open(struct turn *turn, const struct dialogue *now)
{
    struct dialogue ended = turn->dialogue;
    struct str said = turn->reply->text;
    turn->dialogue = *now;
    memcpy(turn->dialogue.tried, ended.tried, sizeof ended.tried);
    memcpy(turn->dialogue.found, ended.found, sizeof ended.found);
    turn->dialogue.tried_count = ended.tried_count;
    turn->dialogue.found_count = ended.found_count;
    if (flow_repeats(turn, STR_EMPTY))
        turn->reply->text = flow_join(turn, said, turn->reply->text);
}

static void put_off(struct turn *turn, const struct dialogue *now)
{
    struct dialogue *dialogue = &turn->dialogue;
    if (now->place.done_count)
        turn_hand_over(turn, STR("policy"), SENTENCE_HAND_POLICY);
    else if (now->asked_topic.len && dialogue->later_count < DIALOGUE_LATER)
        dialogue->later[dialogue->later_count++] = now->asked_topic;
}

void flow_settled(struct turn *turn)
{
    struct dialogue now = turn->dialogue;
    size_t at;
    take_up(turn, &now);
    const struct topic *topic = waiting(turn, &at);
    turn->reply->confidence = FLOW_CERTAIN;
    if (topic) {
        turn->reply->topic = turn->dialogue.topic = topic->name;
        flow_walk_on(turn, topic, at);
        if (topic->steps_version.len == 0 && turn->reply->decision == DECISION_ACT) /* a topic's own answer, which knows of nobody who had to allow it */
            turn->reply->text = flow_join(turn, flow_approved(turn, workspace_action(turn->workspace, topic->steps[at].subject),
                                                              str_equal(turn->question->settled->outcome, STR("done"))), turn->reply->text);
    } else {
        tell_only(turn);
    }
    if (now.pending == PENDING_NOTHING || turn->reply->decision == DECISION_HAND_OVER)
        return;
    if (turn->dialogue.pending == PENDING_NOTHING)
        leave_open(turn, &now);
    else
        put_off(turn, &now);
}

struct str assistant_settled_note(const struct assistant *assistant, const struct question *question, struct arena *arena)
{
    struct turn turn;
    struct reply reply;
    turn_begin(&turn, assistant, question, arena, &reply);
    flow_settled(&turn);
    return str_cut(reply.text, LIMIT_MESSAGE);
}
