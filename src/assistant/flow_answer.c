/* flow_answer.c - what the customer's words are to a question of a flow: the answer, a correction, a stop, or
 * something else altogether. */
#include "assistant/flow.h"

#define LEAVE_CONFIDENCE 750
#define LEAVE_COVERED 0.5

/* Something else is clearly meant now: another topic than the one that waits. Surer than for an
 * answer, since the likeliest meaning of what follows a question is an answer to it. What has changed
 * something already is not left half-way without a word. */
bool flow_is_left(const struct turn *turn)
{
    return turn->dialogue.place.done_count == 0 && turn->intents.count > 0 && turn->intents.covered >= LEAVE_COVERED &&
           turn_thousandths(turn->intents.confidence) >= LEAVE_CONFIDENCE &&
           !str_equal(turn->workspace->topics[turn->intents.top[0].topic].name, turn->dialogue.asked_topic);
}

static bool changes_anything(const struct turn *turn, const struct topic *topic)
{
    for (size_t i = 0; i < topic->step_count; i++) {
        const struct action *action = topic->steps[i].kind == STEP_CALL ? workspace_action(turn->workspace, topic->steps[i].subject) : NULL;
        if (action && action->changes)
            return true;
    }
    return false;
}

/* The customer stops it: what can be undone is, and they are told. What should have been undone and was not is for a person. */
bool flow_stop(struct turn *turn, const struct topic *topic, enum sentence nothing_done)
{
    bool undone = flow_undo(turn);
    struct str done = flow_done_and_not(turn, topic, NULL), text = turn_sentence(turn, nothing_done);
    if (!undone) {
        dialogue_found(&turn->dialogue, turn->arena, markdown_plain(done, turn->arena));
        turn_hand_over_saying(turn, STR("assistant_failed"),
                              arena_format(turn->arena, "%.*s\n\n%.*s", STR_ARG(done), STR_ARG(turn_sentence(turn, SENTENCE_HAND_POLICY))));
        return true;
    }
    if (done.len)
        text = arena_format(turn->arena, "%.*s\n\n%.*s\n\n%.*s", STR_ARG(turn_sentence(turn, SENTENCE_STOPPED_HERE)), STR_ARG(done),
                            STR_ARG(turn_sentence(turn, SENTENCE_ANYTHING_ELSE)));
    else if (topic->steps_version.len > 0 && changes_anything(turn, topic))
        text = turn_sentence(turn, SENTENCE_CANCELLED);
    dialogue_settle(&turn->dialogue);
    turn_answer(turn, DECISION_ANSWER, text);
    return true;
}

bool flow_give_up_asking(struct turn *turn, const struct topic *topic)
{
    struct str done = flow_done_and_not(turn, topic, NULL);
    if (done.len)
        dialogue_found(&turn->dialogue, turn->arena, markdown_plain(done, turn->arena));
    turn_hand_over(turn, STR("assistant_failed"), SENTENCE_HAND_FAILED);
    return true;
}

/* --- a value ------------------------------------------------------------------------------------ */

/* Whether the words could be the answer to the question that waits. */
static bool could_answer(struct turn *turn, const struct topic *topic, size_t at)
{
    struct flow_wanted wanted = flow_wanted(turn, topic, at, turn->dialogue.parameter);
    json_t *facts = flow_facts(turn);
    struct str value = wanted.slot ? slots_find(turn, wanted.slot, facts, turn->question->text, true)
                     : wanted.parameter ? details_find(turn, wanted.parameter, turn->question->text, true) : STR_EMPTY;
    json_decref(facts);
    return value.len > 0;
}

static struct str take_value(struct turn *turn, const struct flow_wanted *wanted)
{
    struct dialogue *dialogue = &turn->dialogue;
    struct str asked = dialogue->parameter, before = dialogue_value(dialogue, asked);
    if (!wanted->slot) {
        details_gather(turn, wanted->action, arena_cstr(turn->arena, asked));
        return dialogue_value(dialogue, asked);
    }
    json_t *facts = flow_facts(turn);
    struct str value = slots_find(turn, wanted->slot, facts, turn->question->text, true);
    if (value.len && slots_fits(turn, wanted->slot, facts, value))
        dialogue_set_value(dialogue, turn->arena, asked, value);
    else
        value = before;
    json_decref(facts);
    return value;
}

/* A no is an answer where one can choose it; a free text is not. */
static bool may_say_no(const struct flow_wanted *wanted)
{
    return wanted->slot && (wanted->slot->type == SLOT_YES_NO || wanted->slot->type == SLOT_CHOICE || wanted->slot->type == SLOT_NUMBER);
}

/* "B-2001" alone is an answer, if a wrong one: nothing else is asked by it. */
static bool is_bare_value(struct str text)
{
    bool digit = false;
    text = str_trim(text);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == ' ' || text.data[i] == '\n' || text.data[i] == '\t')
            return false;
        digit |= text.data[i] >= '0' && text.data[i] <= '9';
    }
    return digit;
}

static bool go_on_with_value(struct turn *turn, const struct topic *topic, size_t at)
{
    struct dialogue *dialogue = &turn->dialogue;
    struct flow_wanted wanted = flow_wanted(turn, topic, at, dialogue->parameter);
    if (!wanted.slot && !wanted.parameter)
        return false;
    if (turn->remark == REMARK_CANCEL || (turn->remark == REMARK_NO && !may_say_no(&wanted)))
        return flow_stop(turn, topic, SENTENCE_STOPPED);
    if (take_value(turn, &wanted).len) {
        dialogue->parameter = STR_EMPTY;
        dialogue->tries = 0;
        flow_walk(turn, topic, at, STR_EMPTY);
        return true;
    }
    if (turn->remark == REMARK_NO)
        return flow_stop(turn, topic, SENTENCE_STOPPED);
    bool bare = is_bare_value(turn->question->text);
    if (!bare && turn_answer_beside(turn))
        return true;
    if (!bare && flow_is_left(turn))
        return false;
    if (++dialogue->tries >= FLOW_TRIES)
        return flow_give_up_asking(turn, topic);
    flow_ask(turn, topic, at, dialogue->parameter, true, STR_EMPTY);
    return true;
}

/* --- a confirmation ----------------------------------------------------------------------------- */

/* The last step before `at` that asked for a value, among those passed. */
static size_t last_asked(const struct turn *turn, const struct topic *topic, size_t at)
{
    for (size_t i = at; i-- > 0;)
        if (topic->steps[i].kind == STEP_ASK && dialogue_value(&turn->dialogue, topic->steps[i].subject).len)
            return i;
    return STEP_NOWHERE;
}

/* Other values of what was asked for in steps: the first step with a new one, or STEP_NOWHERE. */
static size_t corrected_slot(struct turn *turn, const struct topic *topic)
{
    size_t first = STEP_NOWHERE;
    json_t *facts = flow_facts(turn);
    for (size_t i = topic->step_count; i-- > 0;) {
        const struct step *step = &topic->steps[i];
        struct str before = step->kind == STEP_ASK ? dialogue_value(&turn->dialogue, step->subject) : STR_EMPTY;
        struct str now = before.len ? slots_find(turn, step, facts, turn->question->text, step->type == SLOT_NUMBER) : STR_EMPTY;
        if (now.len == 0 || str_equal(now, before) || !slots_fits(turn, step, facts, now))
            continue;
        dialogue_set_value(&turn->dialogue, turn->arena, step->subject, now);
        first = i;
    }
    json_decref(facts);
    return first;
}

static bool is_changed(const struct dialogue *now, const struct dialogue *before)
{
    bool changed = false;
    for (size_t i = 0; i < now->value_count; i++)
        changed |= !str_equal(now->values[i].value, dialogue_value(before, now->values[i].name));
    return changed;
}

/* "No, Harbour Street 7": what stands behind the denial is the value, if it could be one and not a remark. */
static void gather_instead(struct turn *turn, const struct action *action, struct str rest)
{
    const struct question *question = turn->question;
    struct question instead = *question;
    bool is_value = str_find_char(rest, '@', 0) >= 0;
    for (size_t i = 0; i < rest.len; i++)
        is_value |= rest.data[i] >= '0' && rest.data[i] <= '9';
    if (!is_value || action->parameter_count != 1)
        return;
    instead.text = rest;
    turn->question = &instead;
    details_gather(turn, action, arena_cstr(turn->arena, action->parameters[0].name));
    turn->question = question;
}

static bool corrected_parameters(struct turn *turn, const struct action *action, const struct correction *correction)
{
    struct dialogue before = turn->dialogue;
    details_gather(turn, action, NULL);
    if (correction->found && !is_changed(&turn->dialogue, &before))
        gather_instead(turn, action, correction->rest);
    return is_changed(&turn->dialogue, &before);
}

/* "No, 30 days", "the other order": before anything is changed, what was understood may be taken back. */
static bool take_back_detail(struct turn *turn, const struct topic *topic, size_t at)
{
    struct dialogue *dialogue = &turn->dialogue;
    struct correction correction = context_correction(turn->arena, turn->question->text);
    const struct action *action = topic->steps[at].kind == STEP_CALL ? workspace_action(turn->workspace, topic->steps[at].subject) : NULL;
    size_t asked = last_asked(turn, topic, at), corrected;
    if (dialogue->place.done_count)
        return false;
    if (action && corrected_parameters(turn, action, &correction)) {
        flow_ask_to_confirm(turn, topic, at, false, STR_EMPTY);
        return true;
    }
    if ((corrected = corrected_slot(turn, topic)) != STEP_NOWHERE) {
        flow_walk(turn, topic, corrected, STR_EMPTY);
        return true;
    }
    if (!correction.other)
        return false;
    if (asked != STEP_NOWHERE) {
        dialogue_drop_value(dialogue, topic->steps[asked].subject);
        flow_ask(turn, topic, asked, topic->steps[asked].subject, false, STR_EMPTY);
        return true;
    }
    return flow_ask_instead(turn, topic, at);
}

static bool go_on_with_confirmation(struct turn *turn, const struct topic *topic, size_t at)
{
    const struct step *step = &topic->steps[at];
    bool own = step->kind == STEP_CALL;
    if (turn->remark == REMARK_YES) {
        turn->dialogue.place.agreed = true;
        if (own)
            flow_walk_agreed(turn, topic, at);
        else
            flow_walk(turn, topic, step->next, STR_EMPTY);
        return true;
    }
    if (turn->remark == REMARK_CANCEL || (turn->remark == REMARK_NO && (own || step->refused == STEP_TO_END)))
        return flow_stop(turn, topic, SENTENCE_CANCELLED);
    if (turn->remark == REMARK_NO) {
        flow_walk(turn, topic, step->refused, STR_EMPTY);
        return true;
    }
    if (take_back_detail(turn, topic, at))
        return true;
    if (turn_answer_beside(turn))
        return true;
    if (flow_is_left(turn))
        return false;
    if (++turn->dialogue.tries >= FLOW_TRIES)
        return flow_give_up_asking(turn, topic);
    flow_ask_to_confirm(turn, topic, at, true, STR_EMPTY);
    return true;
}

/* --- a choice of topics ------------------------------------------------------------------------- */

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
        flow_topic(turn, topic, FLOW_CERTAIN);
    else if (choice->topic.len == 0)
        turn_hand_over(turn, STR("words"), SENTENCE_HAND_WORDS);
    return topic || choice->topic.len == 0;
}

/* --- after a rest ------------------------------------------------------------------------------- */

/* What came back from the log is checked as if it were new: a value must be of a step, or of an action that a step
 * calls, as they are now, and fit. */
static bool still_fits(struct turn *turn, const struct topic *topic, const json_t *facts, const struct dialogue_value *value)
{
    for (size_t i = 0; i < topic->step_count; i++) {
        const struct step *step = &topic->steps[i];
        struct flow_wanted wanted = flow_wanted(turn, topic, i, value->name);
        if (wanted.slot && slots_fits(turn, step, facts, value->value))
            return true;
        if (wanted.parameter && details_fits(turn, wanted.parameter, value->value))
            return true;
    }
    return false;
}

static void keep_valid(struct turn *turn, const struct topic *topic)
{
    struct dialogue *dialogue = &turn->dialogue;
    json_t *facts = flow_facts(turn);
    size_t kept = 0;
    for (size_t i = 0; i < dialogue->value_count; i++)
        if (still_fits(turn, topic, facts, &dialogue->values[i]))
            dialogue->values[kept++] = dialogue->values[i];
    dialogue->value_count = kept;
    json_decref(facts);
}

/* The steps have changed since it was asked. What has been done already is not begun a second time. */
static bool begin_anew(struct turn *turn, const struct topic *topic)
{
    struct str done = flow_done_and_not(turn, topic, NULL);
    if (done.len)
        return flow_give_up_asking(turn, topic);
    struct str lead = turn_sentence(turn, SENTENCE_BEGIN_ANEW);
    dialogue_settle(&turn->dialogue);
    flow_walk(turn, topic, 0, lead);
    return true;
}

static bool has_rested(const struct turn *turn, const struct topic *topic)
{
    const struct dialogue_place *place = &turn->dialogue.place;
    return place->at_ms && turn->question->now_ms && turn->question->now_ms - place->at_ms > topic->timeout_ms;
}

static void ask_whether_to_go_on(struct turn *turn, const struct topic *topic)
{
    struct str title = workspace_text(turn->workspace, topic->titles, topic->title_count, turn->language);
    turn->dialogue.place.asleep = true;
    turn->dialogue.place.at_ms = turn->question->now_ms;
    turn_answer(turn, DECISION_ASK, arena_format(turn->arena, "%.*s **%.*s** %.*s", STR_ARG(turn_sentence(turn, SENTENCE_STILL_GOING_ON)), STR_ARG(title),
                                                 STR_ARG(turn_sentence(turn, SENTENCE_SHALL_WE_GO_ON))));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_YES));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_NO));
}

static void repeat(struct turn *turn, const struct topic *topic, size_t at)
{
    if (turn->dialogue.pending == PENDING_CODE)
        flow_ask_code_again(turn, topic, at, SENTENCE_CODE_TYPE_IT);
    else if (turn->dialogue.pending == PENDING_CONFIRMATION)
        flow_ask_to_confirm(turn, topic, at, false, STR_EMPTY);
    else
        flow_ask(turn, topic, at, turn->dialogue.parameter, false, STR_EMPTY);
}

/* --- whatever waits ----------------------------------------------------------------------------- */

/* The topic whose question waits, and its step; NULL if the files no longer have it or the customer has logged out. */
static const struct topic *waiting(const struct turn *turn, size_t *at)
{
    const struct dialogue *dialogue = &turn->dialogue;
    const struct topic *topic = workspace_topic(turn->workspace, dialogue->asked_topic);
    if (!topic || topic->step_count == 0)
        return NULL;
    const struct step *step = dialogue->place.step < topic->step_count ? &topic->steps[dialogue->place.step] : NULL;
    const struct action *action = step && step->kind == STEP_CALL ? workspace_action(turn->workspace, step->subject) : NULL;
    *at = (size_t)dialogue->place.step;
    if ((step && step->kind == STEP_CALL && !action) || !flow_may_act(turn, topic, action))
        return NULL;
    return topic;
}

static bool is_a_question(const struct turn *turn, const struct topic *topic, size_t at)
{
    struct flow_wanted wanted = flow_wanted(turn, topic, at, turn->dialogue.parameter);
    enum step_kind kind = at < topic->step_count ? topic->steps[at].kind : STEP_END;
    if (turn->dialogue.pending == PENDING_CODE)
        return kind == STEP_CALL;
    if (turn->dialogue.pending == PENDING_CONFIRMATION)
        return kind == STEP_CONFIRM || kind == STEP_CALL;
    return turn->dialogue.pending == PENDING_VALUE && (wanted.slot || wanted.parameter);
}

static bool go_on(struct turn *turn, const struct topic *topic, size_t at)
{
    turn->reply->topic = topic->name;
    turn->reply->confidence = FLOW_CERTAIN;
    if (!str_equal(turn->dialogue.place.version, topic->steps_version))
        return turn->remark == REMARK_CANCEL ? flow_stop(turn, topic, SENTENCE_STOPPED) : !flow_is_left(turn) && begin_anew(turn, topic);
    if (!is_a_question(turn, topic, at))
        return false;
    keep_valid(turn, topic);
    if (turn->dialogue.place.asleep) {
        turn->dialogue.place.asleep = false;
        if (turn->remark == REMARK_NO || turn->remark == REMARK_CANCEL)
            return flow_stop(turn, topic, SENTENCE_STOPPED);
        if (turn->remark == REMARK_YES) {
            repeat(turn, topic, at);
            return true;
        }
    } else if (has_rested(turn, topic) && turn->remark != REMARK_CANCEL) {
        if (flow_is_left(turn) && !could_answer(turn, topic, at))
            return false;
        ask_whether_to_go_on(turn, topic);
        return true;
    }
    if (turn->dialogue.pending == PENDING_CODE)
        return flow_goes_on_with_code(turn, topic, at);
    return turn->dialogue.pending == PENDING_VALUE ? go_on_with_value(turn, topic, at) : go_on_with_confirmation(turn, topic, at);
}

bool flow_goes_on(struct turn *turn)
{
    struct dialogue *dialogue = &turn->dialogue;
    size_t at = 0;
    const struct topic *topic = waiting(turn, &at);
    bool done = false;
    if (dialogue->pending == PENDING_CHOICE)
        done = go_on_with_choice(turn);
    else if (dialogue->pending != PENDING_NOTHING && topic)
        done = go_on(turn, topic, at);
    if (!done) {
        turn->reply->topic = STR_EMPTY;
        dialogue_settle(dialogue);
    }
    return done;
}

struct str flow_open_question(struct turn *turn)
{
    size_t at = 0;
    const struct topic *topic = waiting(turn, &at);
    if (!topic || !str_equal(turn->dialogue.place.version, topic->steps_version) || !is_a_question(turn, topic, at))
        return STR_EMPTY;
    return turn->dialogue.pending == PENDING_CODE ? STR("code") : markdown_plain(flow_question(turn, topic, at), turn->arena);
}

bool flow_repeats(struct turn *turn, struct str lead)
{
    size_t at = 0;
    const struct topic *topic = waiting(turn, &at);
    if (!topic || !str_equal(turn->dialogue.place.version, topic->steps_version) || !is_a_question(turn, topic, at))
        return false;
    turn->reply->topic = topic->name;
    turn->reply->confidence = FLOW_CERTAIN;
    if (turn->dialogue.place.asleep || has_rested(turn, topic))
        ask_whether_to_go_on(turn, topic);
    else
        repeat(turn, topic, at);
    if (turn->reply->decision == DECISION_ASK && lead.len)
        turn->reply->text = arena_format(turn->arena, "%.*s %.*s", STR_ARG(lead), STR_ARG(turn->reply->text));
    return true;
}

/* The first detail is asked for anew: what was understood was not what was meant. */
bool flow_ask_instead(struct turn *turn, const struct topic *topic, size_t at)
{
    const struct action *action = topic->steps[at].kind == STEP_CALL ? workspace_action(turn->workspace, topic->steps[at].subject) : NULL;
    if (!action || action->parameter_count == 0)
        return false;
    turn->dialogue.value_count = 0;
    flow_ask(turn, topic, at, action->parameters[0].name, false, STR_EMPTY);
    return true;
}

bool flow_corrects(struct turn *turn, const struct correction *correction)
{
    const struct topic *topic = workspace_topic(turn->workspace, turn->dialogue.topic);
    const struct action *action = topic && topic->action.len ? workspace_action(turn->workspace, topic->action) : NULL;
    if (!action || action->parameter_count == 0 || !flow_may_act(turn, topic, action))
        return false;
    details_gather(turn, action, arena_cstr(turn->arena, action->parameters[0].name));
    bool given = dialogue_value(&turn->dialogue, action->parameters[0].name).len > 0;
    if (!given && !correction->other)
        return false;
    turn->reply->topic = topic->name;
    turn->reply->confidence = FLOW_CERTAIN;
    if (given)
        flow_walk(turn, topic, 0, STR_EMPTY);
    else
        flow_ask_instead(turn, topic, 0);
    return true;
}
