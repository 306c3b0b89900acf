/* flow.c - a topic's answer, and the way through its action: identity, details, confirmation, result. */
#include <jansson.h>
#include <stdlib.h>

#include "assistant/details.h"
#include "assistant/fill.h"
#include "assistant/turn.h"

#define CERTAIN 990 /* the customer has chosen or confirmed it */
#define LEAVE_CONFIDENCE 750
#define LEAVE_COVERED 0.5
#define TRIES_MAX 2

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

/* What may be said without the action; empty if nothing. */
static struct str text_without_action(const struct turn *turn, const struct topic *topic)
{
    struct str language = answer_language(turn, topic);
    struct str text = case_text(topic, language, "general", STR_EMPTY);
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

/* Approved text as it stands or filled; every fact is checked before it leaves. */
static bool say(struct turn *turn, const struct topic *topic, enum decision decision, struct str approved,
                const struct filling *filling)
{
    struct err err;
    struct str text = approved, values = STR_EMPTY;
    if (filling) {
        struct buf facts;
        if (!fill_template(&err, turn->arena, approved, filling, &text)) {
            turn->check = arena_copy(turn->arena, str_of(err.text));
            return false;
        }
        buf_init(&facts, LIMIT_ACTION_RESULT * 2);
        fill_flatten(filling->result, &facts);
        fill_flatten(filling->parameters, &facts);
        values = arena_copy(turn->arena, buf_str(&facts));
        buf_free(&facts);
    }
    if (!turn_is_grounded(turn, text, &approved, 1, values))
        return false;
    turn_answer(turn, decision, text);
    turn_add_topic_sources(turn, topic);
    add_quick_replies(turn, topic);
    return true;
}

static void say_without_action(struct turn *turn, const struct topic *topic)
{
    struct str text = text_without_action(turn, topic);
    if (text.len == 0 || !say(turn, topic, DECISION_ANSWER, text, NULL))
        turn_hand_over(turn, STR("policy"), SENTENCE_HAND_POLICY);
}

/* --- the action --------------------------------------------------------------------------------- */

static void give_up(struct turn *turn, const struct action *action)
{
    turn_hand_over(turn, STR("assistant_failed"), action->changes ? SENTENCE_HAND_CHANGE : SENTENCE_HAND_ACTION);
}

static void report(struct turn *turn, const struct topic *topic, const struct action *action, struct str outcome,
                   const struct filling *filling)
{
    bool done = str_equal(outcome, STR("done")), refused = str_equal(outcome, STR("refused"));
    struct str text = done ? text_for_result(turn, topic, filling->result)
                    : refused ? text_for_refusal(turn, topic, filling->result) : STR_EMPTY;
    dialogue_settle(&turn->dialogue);
    if (text.len == 0 || !say(turn, topic, DECISION_ACT, text, filling)) {
        give_up(turn, action);
        return;
    }
    dialogue_found(&turn->dialogue, turn->arena, markdown_plain(turn->reply->text, turn->arena));
}

static void run(struct turn *turn, const struct topic *topic, const struct action *action)
{
    const struct question *question = turn->question;
    struct action_result result = { .outcome = STR("failed"), .json = STR("{}") };
    json_t *parameters = details_json(turn);
    char *text = json_dumps(parameters, JSON_COMPACT);
    struct str key = arena_format(turn->arena, "%.*s-%.*s", STR_ARG(str_slice(question->key, 0, LIMIT_IDEMPOTENCY_KEY - LIMIT_TAG - 1)),
                                  STR_ARG(action->name));
    if (question->act && text)
        result = question->act(question->context, turn->arena, action, arena_copy(turn->arena, str_of(text)), key);
    free(text);
    dialogue_tried(&turn->dialogue, turn->arena,
                   arena_format(turn->arena, "%.*s: %.*s", STR_ARG(action->name), STR_ARG(result.outcome)));
    json_t *json = json_loadb(result.json.len ? result.json.data : "{}", result.json.len ? result.json.len : 2, 0, NULL);
    struct filling filling = { json_is_object(json) ? json : NULL, parameters, answer_language(turn, topic) };
    report(turn, topic, action, result.outcome, &filling);
    json_decref(json);
    json_decref(parameters);
}

static void ask_value(struct turn *turn, const struct topic *topic, const struct action_parameter *parameter, bool again)
{
    struct str question = workspace_text(turn->workspace, parameter->questions, parameter->question_count, turn->language);
    turn->dialogue.pending = PENDING_VALUE;
    turn->dialogue.asked_topic = topic->name;
    turn->dialogue.parameter = parameter->name;
    if (again)
        question = arena_format(turn->arena, "%.*s %.*s", STR_ARG(turn_sentence(turn, SENTENCE_NOT_VALID)), STR_ARG(question));
    turn_answer(turn, DECISION_ASK, question);
    for (size_t i = 0; i < parameter->choice_count; i++)
        turn_add_choice(turn, parameter->choices[i]);
    if (again)
        turn_failed(turn);
}

static void ask_confirmation(struct turn *turn, const struct topic *topic, const struct action *action, bool again)
{
    struct err err;
    json_t *parameters = details_json(turn);
    struct filling filling = { NULL, parameters, turn->language };
    struct str text, template = workspace_text(turn->workspace, action->confirmations, action->confirmation_count, turn->language);
    bool good = fill_template(&err, turn->arena, template, &filling, &text);
    json_decref(parameters);
    if (!good) {
        turn->check = arena_copy(turn->arena, str_of(err.text));
        turn_hand_over(turn, STR("assistant_failed"), SENTENCE_HAND_ACTION);
        return;
    }
    turn->dialogue.pending = PENDING_CONFIRMATION;
    turn->dialogue.asked_topic = topic->name;
    if (again)
        text = arena_format(turn->arena, "%.*s %.*s", STR_ARG(turn_sentence(turn, SENTENCE_YES_OR_NO)), STR_ARG(text));
    turn_answer(turn, DECISION_ASK, text);
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_YES));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_NO));
    if (again)
        turn_failed(turn);
}

/* The next question, the confirmation, or the call itself. */
static void proceed(struct turn *turn, const struct topic *topic, const struct action *action, bool confirmed)
{
    for (size_t i = 0; i < action->parameter_count; i++)
        if (action->parameters[i].required && dialogue_value(&turn->dialogue, action->parameters[i].name).len == 0) {
            ask_value(turn, topic, &action->parameters[i], false);
            return;
        }
    if (action->changes && !confirmed)
        ask_confirmation(turn, topic, action, false);
    else
        run(turn, topic, action);
}

static bool is_identified(const struct turn *turn)
{
    return turn->question->verified && turn->question->customer_id.len > 0;
}

static bool may_act(const struct turn *turn, const struct topic *topic, const struct action *action)
{
    bool signed_needed = action->identity == IDENTITY_SIGNED || topic->identity == IDENTITY_SIGNED;
    return topic->ceiling == AUTONOMY_ACT && (!signed_needed || is_identified(turn));
}

static void ask_to_log_in(struct turn *turn, const struct topic *topic)
{
    struct str general = text_without_action(turn, topic);
    if (general.len && say(turn, topic, DECISION_ANSWER, general, NULL)) {
        turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
        return;
    }
    turn_answer(turn, DECISION_ANSWER, turn_sentence(turn, SENTENCE_LOG_IN));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
    turn_failed(turn);
}

void flow_topic(struct turn *turn, const struct topic *topic, int confidence)
{
    const struct action *action = topic->action.len ? workspace_action(turn->workspace, topic->action) : NULL;
    dialogue_settle(&turn->dialogue);
    turn->reply->topic = turn->dialogue.topic = topic->name;
    turn->reply->confidence = confidence;
    dialogue_tried(&turn->dialogue, turn->arena,
                   workspace_text(turn->workspace, topic->titles, topic->title_count, turn->workspace->languages[0]));
    if (topic->ceiling == AUTONOMY_OFF || topic->ceiling == AUTONOMY_DRAFT) {
        turn->suggestion = topic->ceiling == AUTONOMY_DRAFT ? text_without_action(turn, topic) : STR_EMPTY;
        turn_hand_over(turn, STR("policy"), SENTENCE_HAND_POLICY);
    } else if (!action || topic->ceiling < AUTONOMY_ACT) {
        say_without_action(turn, topic);
    } else if (!may_act(turn, topic, action)) {
        ask_to_log_in(turn, topic);
    } else {
        details_gather(turn, action, NULL);
        proceed(turn, topic, action, false);
    }
}

/* --- going on ----------------------------------------------------------------------------------- */

/* Something else is clearly meant now: another topic than the one that waits. Surer than for an
 * answer, since the likeliest meaning of what follows a question is an answer to it. */
static bool is_about_something_else(const struct turn *turn)
{
    return turn->intents.count > 0 && turn->intents.covered >= LEAVE_COVERED &&
           turn_thousandths(turn->intents.confidence) >= LEAVE_CONFIDENCE &&
           !str_equal(turn->workspace->topics[turn->intents.top[0].topic].name, turn->dialogue.asked_topic);
}

static const struct action_parameter *parameter_of(const struct action *action, struct str name)
{
    for (size_t i = 0; i < action->parameter_count; i++)
        if (str_equal(action->parameters[i].name, name))
            return &action->parameters[i];
    return NULL;
}

static bool leave(struct turn *turn, enum sentence sentence)
{
    dialogue_settle(&turn->dialogue);
    turn_answer(turn, DECISION_ANSWER, turn_sentence(turn, sentence));
    return true;
}

static bool go_on_with_value(struct turn *turn, const struct topic *topic, const struct action *action, enum remark remark)
{
    struct dialogue *dialogue = &turn->dialogue;
    struct str asked = dialogue->parameter;
    if (remark == REMARK_CANCEL || remark == REMARK_NO)
        return leave(turn, SENTENCE_STOPPED);
    details_gather(turn, action, arena_cstr(turn->arena, asked));
    if (dialogue_value(dialogue, asked).len) {
        dialogue->parameter = STR_EMPTY;
        dialogue->tries = 0;
        proceed(turn, topic, action, false);
        return true;
    }
    if (is_about_something_else(turn))
        return false;
    if (++dialogue->tries >= TRIES_MAX) {
        turn_hand_over(turn, STR("assistant_failed"), SENTENCE_HAND_FAILED);
        return true;
    }
    const struct action_parameter *parameter = parameter_of(action, asked);
    if (parameter)
        ask_value(turn, topic, parameter, true);
    return parameter;
}

/* The first detail is asked for anew: what was understood was not what was meant. */
static bool ask_instead(struct turn *turn, const struct topic *topic, const struct action *action)
{
    if (action->parameter_count == 0)
        return false;
    turn->dialogue.value_count = 0;
    ask_value(turn, topic, &action->parameters[0], false);
    return true;
}

static bool go_on_with_confirmation(struct turn *turn, const struct topic *topic, const struct action *action, enum remark remark)
{
    struct dialogue *dialogue = &turn->dialogue;
    if (remark == REMARK_YES) {
        proceed(turn, topic, action, true);
        return true;
    }
    if (remark == REMARK_NO || remark == REMARK_CANCEL)
        return leave(turn, SENTENCE_CANCELLED);
    struct correction correction = context_correction(turn->arena, turn->question->text);
    struct dialogue before = *dialogue;
    details_gather(turn, action, NULL);
    bool corrected = false;
    for (size_t i = 0; i < dialogue->value_count; i++)
        corrected |= !str_equal(dialogue->values[i].value, dialogue_value(&before, dialogue->values[i].name));
    if (!corrected && correction.other && ask_instead(turn, topic, action))
        return true;
    if (!corrected && is_about_something_else(turn))
        return false;
    if (!corrected && ++dialogue->tries >= TRIES_MAX)
        turn_hand_over(turn, STR("assistant_failed"), SENTENCE_HAND_FAILED);
    else
        ask_confirmation(turn, topic, action, !corrected);
    return true;
}

bool flow_corrects(struct turn *turn, const struct correction *correction)
{
    const struct topic *topic = workspace_topic(turn->workspace, turn->dialogue.topic);
    const struct action *action = topic && topic->action.len ? workspace_action(turn->workspace, topic->action) : NULL;
    if (!action || action->parameter_count == 0 || !may_act(turn, topic, action))
        return false;
    details_gather(turn, action, arena_cstr(turn->arena, action->parameters[0].name));
    bool given = dialogue_value(&turn->dialogue, action->parameters[0].name).len > 0;
    if (!given && !correction->other)
        return false;
    turn->reply->topic = topic->name;
    turn->reply->confidence = CERTAIN;
    if (given)
        proceed(turn, topic, action, false);
    else
        ask_instead(turn, topic, action);
    return true;
}

/* A choice by its words or its number. */
static const struct dialogue_choice *chosen(const struct turn *turn)
{
    const struct dialogue *dialogue = &turn->dialogue;
    struct str text = str_trim(turn->question->text), folded = tokens_join(turn->arena, tokens_of(turn->arena, text));
    if (text.len == 1 && text.data[0] >= '1' && (size_t)(text.data[0] - '0') <= dialogue->choice_count)
        return &dialogue->choices[text.data[0] - '1'];
    for (size_t i = 0; i < dialogue->choice_count && folded.len; i++)
        if (str_equal(folded, tokens_join(turn->arena, tokens_of(turn->arena, dialogue->choices[i].text))))
            return &dialogue->choices[i];
    return NULL;
}

static bool go_on_with_choice(struct turn *turn)
{
    const struct dialogue_choice *choice = chosen(turn);
    if (!choice)
        return false;
    const struct topic *topic = choice->topic.len ? workspace_topic(turn->workspace, choice->topic) : NULL;
    if (topic)
        flow_topic(turn, topic, CERTAIN);
    else if (choice->topic.len == 0)
        turn_hand_over(turn, STR("words"), SENTENCE_HAND_WORDS);
    return topic || choice->topic.len == 0;
}

/* The files may have changed since it was asked, and the customer may have logged out. */
static const struct topic *waiting(const struct turn *turn, const struct action **action)
{
    const struct topic *topic = workspace_topic(turn->workspace, turn->dialogue.asked_topic);
    *action = topic && topic->action.len ? workspace_action(turn->workspace, topic->action) : NULL;
    return *action && may_act(turn, topic, *action) ? topic : NULL;
}

bool flow_repeats(struct turn *turn, struct str lead)
{
    const struct action *action = NULL;
    const struct topic *topic = waiting(turn, &action);
    enum pending pending = turn->dialogue.pending;
    const struct action_parameter *parameter = topic ? parameter_of(action, turn->dialogue.parameter) : NULL;
    if (!topic || !(pending == PENDING_CONFIRMATION || (pending == PENDING_VALUE && parameter)))
        return false;
    turn->reply->topic = topic->name;
    turn->reply->confidence = CERTAIN;
    if (pending == PENDING_CONFIRMATION)
        ask_confirmation(turn, topic, action, false);
    else
        ask_value(turn, topic, parameter, false);
    if (turn->reply->decision == DECISION_ASK && lead.len)
        turn->reply->text = arena_format(turn->arena, "%.*s %.*s", STR_ARG(lead), STR_ARG(turn->reply->text));
    return true;
}

bool flow_goes_on(struct turn *turn)
{
    struct dialogue *dialogue = &turn->dialogue;
    const struct action *action;
    const struct topic *topic = waiting(turn, &action);
    bool done = false;
    if (dialogue->pending == PENDING_CHOICE) {
        done = go_on_with_choice(turn);
    } else if (dialogue->pending != PENDING_NOTHING && topic) {
        turn->reply->topic = topic->name;
        turn->reply->confidence = CERTAIN;
        details_keep_valid(turn, action);
        done = dialogue->pending == PENDING_VALUE ? go_on_with_value(turn, topic, action, turn->remark)
                                                  : go_on_with_confirmation(turn, topic, action, turn->remark);
    }
    if (!done) {
        turn->reply->topic = STR_EMPTY;
        dialogue_settle(dialogue);
    }
    return done;
}
