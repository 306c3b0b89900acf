/* flow.c - a topic's answer: which of its texts, who may hear it, and how it is said. */
#include "assistant/flow.h"

/* --- which text --------------------------------------------------------------------------------- */

static bool has_answer_in(const struct topic *topic, struct str language)
{
    for (size_t i = 0; i < topic->answer_count; i++)
        if (str_equal(topic->answers[i].language, language))
            return true;
    return false;
}

/* All of a reply is in one language: the conversation's, or the workspace's first. */
static struct str answer_language(const struct turn *turn, const struct topic *topic)
{
    return has_answer_in(topic, turn->language) ? turn->language : turn->workspace->languages[0];
}

static struct str case_text(const struct topic *topic, struct str language, const char *field, struct str value)
{
    for (size_t i = 0; i < topic->case_count; i++) {
        const struct topic_case *option = &topic->cases[i];
        if (str_equal(option->language, language) && str_equal(option->field, str_of(field)) && str_equal(option->value, value))
            return option->text;
    }
    return STR_EMPTY;
}

/* The section that fits the result, else the answer as such. */
static struct str text_for_result(const struct turn *turn, const struct topic *topic, const json_t *result)
{
    struct str language = answer_language(turn, topic);
    for (size_t i = 0; i < topic->case_count; i++) {
        const struct topic_case *option = &topic->cases[i];
        const json_t *value = json_object_get(result, arena_cstr(turn->arena, option->field));
        if (value && str_equal(option->language, language) && str_equal(fill_plain(turn->arena, value), option->value))
            return option->text;
    }
    return workspace_text(turn->workspace, topic->answers, topic->answer_count, language);
}

static struct str text_for_refusal(const struct turn *turn, const struct topic *topic, const json_t *result)
{
    const json_t *error = json_object_get(result, "error");
    const json_t *code = json_object_get(json_is_object(error) ? error : result, "code");
    struct str language = answer_language(turn, topic);
    struct str text = json_is_string(code) ? case_text(topic, language, "refused", fill_plain(turn->arena, code)) : STR_EMPTY;
    return text.len ? text : case_text(topic, language, "refused", STR_EMPTY);
}

struct str flow_general(const struct turn *turn, const struct topic *topic)
{
    struct str language = answer_language(turn, topic);
    struct str text = case_text(topic, language, "general", STR_EMPTY);
    if (text.len == 0 && topic->action.len)
        return STR_EMPTY; /* its answer is about what the action did */
    if (text.len == 0)
        text = workspace_text(turn->workspace, topic->answers, topic->answer_count, language);
    return str_find(text, STR("{{"), 0) < 0 ? text : STR_EMPTY;
}

/* --- saying it ---------------------------------------------------------------------------------- */

static void add_quick_replies(struct turn *turn, const struct topic *topic)
{
    for (size_t i = 0; i < topic->quick_reply_count; i++)
        if (str_equal(topic->quick_replies[i].language, answer_language(turn, topic)))
            for (size_t k = 0; k < topic->quick_replies[i].count; k++)
                turn_add_choice(turn, topic->quick_replies[i].items[k]);
}

void flow_add_sources(struct turn *turn, const struct topic *topic)
{
    turn_add_topic_sources(turn, topic);
    add_quick_replies(turn, topic);
}

bool flow_fill(struct turn *turn, struct str approved, const struct filling *filling, struct str *out)
{
    struct err err;
    struct str values = STR_EMPTY;
    *out = approved;
    if (filling) {
        struct buf facts;
        turn_learn_personal(turn, filling->result);
        if (!fill_template(&err, turn->arena, approved, filling, out)) {
            turn->check = arena_copy(turn->arena, str_of(err.text));
            return false;
        }
        buf_init(&facts, LIMIT_ACTION_RESULT * 2);
        fill_flatten(filling->result, &facts);
        fill_flatten(filling->parameters, &facts);
        values = arena_copy(turn->arena, buf_str(&facts));
        buf_free(&facts);
    }
    return turn_is_grounded(turn, *out, &approved, 1, values);
}

static bool say(struct turn *turn, const struct topic *topic, enum decision decision, struct str approved,
                const struct filling *filling)
{
    struct str text;
    if (!flow_fill(turn, approved, filling, &text))
        return false;
    turn_answer(turn, decision, text);
    flow_add_sources(turn, topic);
    return true;
}

bool flow_say_general(struct turn *turn, const struct topic *topic)
{
    struct str text = flow_general(turn, topic);
    return text.len > 0 && say(turn, topic, DECISION_ANSWER, text, NULL);
}

static void say_without_action(struct turn *turn, const struct topic *topic)
{
    if (!flow_say_general(turn, topic))
        turn_hand_over(turn, STR("policy"), SENTENCE_HAND_POLICY);
}

/* --- what came of the action -------------------------------------------------------------------- */

void flow_give_up(struct turn *turn, const struct action *action, struct str said)
{
    struct str text = turn_sentence(turn, action && action->changes ? SENTENCE_HAND_CHANGE : SENTENCE_HAND_ACTION);
    turn_hand_over_saying(turn, STR("assistant_failed"),
                          said.len ? arena_format(turn->arena, "%.*s\n\n%.*s", STR_ARG(said), STR_ARG(text)) : text);
}

void flow_report(struct turn *turn, const struct topic *topic, const struct action *action, struct str outcome,
                 const struct filling *filling)
{
    bool done = str_equal(outcome, STR("done")), refused = str_equal(outcome, STR("refused"));
    struct str text = done ? text_for_result(turn, topic, filling->result)
                    : refused ? text_for_refusal(turn, topic, filling->result) : STR_EMPTY;
    struct filling in_its_language = { filling->result, filling->parameters, answer_language(turn, topic) };
    dialogue_settle(&turn->dialogue);
    if (refused && text.len == 0) {
        turn_hand_over(turn, STR("policy"), SENTENCE_HAND_REFUSED);
        return;
    }
    if (text.len == 0 || !say(turn, topic, DECISION_ACT, text, &in_its_language)) {
        flow_give_up(turn, action, STR_EMPTY);
        return;
    }
    dialogue_found(&turn->dialogue, turn->arena, markdown_plain(turn->reply->text, turn->arena));
}

/* --- the topic ---------------------------------------------------------------------------------- */

static bool is_identified(const struct turn *turn)
{
    return turn->question->verified && turn->question->customer_id.len > 0;
}

bool flow_may_act(const struct turn *turn, const struct topic *topic, const struct action *action)
{
    bool signed_needed = (action && action->identity >= IDENTITY_SIGNED) || topic->identity >= IDENTITY_SIGNED;
    return topic->ceiling == AUTONOMY_ACT && (!signed_needed || is_identified(turn));
}

bool flow_has_answer(const struct turn *turn, const struct topic *topic)
{
    return flow_general(turn, topic).len > 0;
}

static void ask_to_log_in(struct turn *turn, const struct topic *topic)
{
    if (flow_say_general(turn, topic)) {
        turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
        return;
    }
    turn_answer(turn, DECISION_ANSWER, turn_sentence(turn, SENTENCE_LOG_IN));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
    turn_failed(turn);
}

/* What the first message says already is not asked for later: "my lamp is broken" is what is wrong with it. */
static void take_choices(struct turn *turn, const struct topic *topic)
{
    for (size_t i = 0; i < topic->step_count; i++) {
        const struct step *step = &topic->steps[i];
        struct str value = step->kind == STEP_ASK && step->option_count ? slots_find(turn, step, NULL, turn->question->text, false) : STR_EMPTY;
        if (value.len)
            dialogue_set_value(&turn->dialogue, turn->arena, step->subject, value);
    }
}

void flow_topic(struct turn *turn, const struct topic *topic, int confidence)
{
    const struct action *action = topic->action.len ? workspace_action(turn->workspace, topic->action) : NULL;
    dialogue_settle(&turn->dialogue);
    turn->reply->topic = topic->name;
    dialogue_turn_to(&turn->dialogue, topic->name);
    turn->reply->confidence = confidence;
    dialogue_tried(&turn->dialogue, turn->arena,
                   workspace_text(turn->workspace, topic->titles, topic->title_count, turn->workspace->languages[0]));
    if (topic->ceiling == AUTONOMY_OFF || topic->ceiling == AUTONOMY_DRAFT) {
        turn->suggestion = topic->ceiling == AUTONOMY_DRAFT ? flow_general(turn, topic) : STR_EMPTY;
        turn_hand_over(turn, STR("policy"), SENTENCE_HAND_POLICY);
    } else if (topic->step_count == 0 || topic->ceiling < AUTONOMY_ACT) {
        say_without_action(turn, topic);
    } else if (!flow_may_act(turn, topic, action) && topic->strangers == STRANGERS_PERSON) {
        turn->suggestion = flow_general(turn, topic);
        turn_hand_over(turn, STR("policy"), SENTENCE_HAND_POLICY);
    } else if (!flow_may_act(turn, topic, action)) {
        ask_to_log_in(turn, topic);
    } else {
        if (action)
            details_gather(turn, action, NULL);
        take_choices(turn, topic);
        flow_walk(turn, topic, 0, STR_EMPTY);
    }
}
