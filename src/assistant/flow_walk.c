/* flow_walk.c - from step to step, until somebody is asked something, or it ends.
 *
 * Between two questions the place is in the dialogue: which step, what was agreed to, what results said and what
 * has been changed. A change is made only after a yes to what stands then: whatever the file says, the action's own
 * confirmation is asked for when no step has asked for one since the last question. */
#include <stdlib.h>

#include "assistant/flow.h"

#define STEPS_IN_A_TURN (STEPS_MAX * 2)

struct walk {
    struct turn *turn;
    const struct topic *topic;
    json_t *facts;             /* of results, as later steps need them */
    struct str said;           /* in this turn so far */
    const struct action *last; /* that was run in this turn */
    struct str outcome;
    json_t *result;
    bool acted, failed;        /* an action has run; the last one did not come off */
    bool proposed;             /* a person is asked to allow the call: that is nothing that was found */
    bool own;                  /* what was agreed to is the action's own confirmation: for this call only */
};

json_t *flow_facts(const struct turn *turn)
{
    struct str facts = turn->dialogue.place.facts;
    json_t *json = facts.len ? json_loadb(facts.data, facts.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (json_is_object(json))
        return json;
    json_decref(json);
    return json_object();
}

struct str flow_join(struct turn *turn, struct str said, struct str text)
{
    if (said.len == 0 || text.len == 0)
        return said.len ? said : text;
    return arena_format(turn->arena, "%.*s\n\n%.*s", STR_ARG(said), STR_ARG(text));
}

/* --- values ------------------------------------------------------------------------------------- */

static const struct step *step_asking(const struct topic *topic, struct str name)
{
    for (size_t i = 0; i < topic->step_count; i++)
        if (topic->steps[i].kind == STEP_ASK && str_equal(topic->steps[i].subject, name))
            return &topic->steps[i];
    return NULL;
}

/* What the customer has said, as they read it: a choice by its label. */
static json_t *spoken_values(struct turn *turn, const struct topic *topic, const json_t *facts)
{
    json_t *values = details_json(turn);
    for (size_t i = 0; i < turn->dialogue.value_count; i++) {
        const struct dialogue_value *value = &turn->dialogue.values[i];
        const struct step *step = step_asking(topic, value->name);
        struct str all[STEP_OPTIONS_MAX], labels[STEP_OPTIONS_MAX];
        size_t count = step && step->option_count ? slots_choices(turn, step, facts, all, labels, STEP_OPTIONS_MAX) : 0;
        for (size_t k = 0; k < count; k++)
            if (str_equal(all[k], value->value))
                json_object_set_new(values, arena_cstr(turn->arena, value->name), json_stringn(labels[k].data, labels[k].len));
    }
    return values;
}

static bool fill_step(struct turn *turn, const struct topic *topic, const json_t *facts, struct str approved, struct str *out)
{
    json_t *values = spoken_values(turn, topic, facts);
    struct filling filling = { facts, values, turn->language };
    bool good = flow_fill(turn, approved, &filling, out);
    json_decref(values);
    return good;
}

static struct str step_text(const struct turn *turn, const struct step *step)
{
    return workspace_text(turn->workspace, step->texts, step->text_count, turn->language);
}

static struct str value_of(const struct turn *turn, const json_t *facts, struct str name)
{
    struct str value = dialogue_value(&turn->dialogue, name);
    return value.len ? value : fill_plain(turn->arena, json_object_get(facts, arena_cstr(turn->arena, name)));
}

/* --- asking ------------------------------------------------------------------------------------- */

struct flow_wanted flow_wanted(const struct turn *turn, const struct topic *topic, size_t at, struct str name)
{
    struct flow_wanted wanted = { NULL, NULL, NULL };
    const struct step *step = at < topic->step_count ? &topic->steps[at] : NULL;
    if (step && step->kind == STEP_ASK && str_equal(step->subject, name))
        wanted.slot = step;
    else if (step && step->kind == STEP_CALL)
        wanted.action = workspace_action(turn->workspace, step->subject);
    for (size_t i = 0; wanted.action && i < wanted.action->parameter_count; i++)
        if (str_equal(wanted.action->parameters[i].name, name))
            wanted.parameter = &wanted.action->parameters[i];
    return wanted;
}

void flow_keep_place(struct turn *turn, const struct topic *topic, size_t at, enum pending pending)
{
    struct dialogue *dialogue = &turn->dialogue;
    dialogue->pending = pending;
    dialogue->asked_topic = topic->name;
    dialogue->place.step = at;
    dialogue->place.version = topic->steps_version;
    dialogue->place.at_ms = turn->question->now_ms;
    dialogue->place.asleep = false;
}

static void offer_choices(struct turn *turn, const struct flow_wanted *wanted)
{
    struct str labels[STEP_OPTIONS_MAX];
    json_t *facts = flow_facts(turn);
    size_t count = wanted->slot ? slots_choices(turn, wanted->slot, facts, NULL, labels, STEP_OPTIONS_MAX) : 0;
    for (size_t i = 0; i < count; i++)
        turn_add_choice(turn, labels[i]);
    for (size_t i = 0; wanted->parameter && i < wanted->parameter->choice_count; i++)
        turn_add_choice(turn, wanted->parameter->choices[i]);
    if (wanted->slot && wanted->slot->type == SLOT_YES_NO) {
        turn_add_choice(turn, turn_sentence(turn, SENTENCE_YES));
        turn_add_choice(turn, turn_sentence(turn, SENTENCE_NO));
    }
    json_decref(facts);
}

/* A detail that need not be given has no question of its own; where another one was meant, it is asked for all the same. */
static struct str question_for(const struct turn *turn, const struct action_parameter *parameter)
{
    struct str question = workspace_text(turn->workspace, parameter->questions, parameter->question_count, turn->language);
    struct str title = workspace_text(turn->workspace, parameter->titles, parameter->title_count, turn->language);
    if (question.len)
        return question;
    return arena_format(turn->arena, "%.*s %.*s.", STR_ARG(turn_sentence(turn, SENTENCE_WHICH_ONE)), STR_ARG(title.len ? title : parameter->name));
}

static struct str filled(struct turn *turn, const struct topic *topic, struct str text)
{
    json_t *facts = flow_facts(turn);
    bool good = fill_step(turn, topic, facts, text, &text);
    json_decref(facts);
    return good ? text : STR_EMPTY;
}

/* To say yes or no to: of a step, or of the action that it calls. */
static struct str confirmation(struct turn *turn, const struct topic *topic, size_t at)
{
    const struct step *step = &topic->steps[at];
    const struct action *action = step->kind == STEP_CALL ? workspace_action(turn->workspace, step->subject) : NULL;
    return filled(turn, topic, action ? workspace_text(turn->workspace, action->confirmations, action->confirmation_count, turn->language)
                                      : step_text(turn, step));
}

static struct str value_question(struct turn *turn, const struct topic *topic, const struct flow_wanted *wanted)
{
    const struct action_parameter *parameter = wanted->slot ? &wanted->slot->slot : wanted->parameter;
    struct str question = parameter ? question_for(turn, parameter) : STR_EMPTY;
    return wanted->slot ? filled(turn, topic, question) : question;
}

struct str flow_question(struct turn *turn, const struct topic *topic, size_t at)
{
    struct flow_wanted wanted = flow_wanted(turn, topic, at, turn->dialogue.parameter);
    return turn->dialogue.pending == PENDING_CONFIRMATION ? confirmation(turn, topic, at) : value_question(turn, topic, &wanted);
}

void flow_ask(struct turn *turn, const struct topic *topic, size_t at, struct str name, bool again, struct str said)
{
    struct flow_wanted wanted = flow_wanted(turn, topic, at, name);
    const struct action_parameter *parameter = wanted.slot ? &wanted.slot->slot : wanted.parameter;
    struct str question = value_question(turn, topic, &wanted);
    if (question.len == 0) {
        flow_give_up(turn, NULL, said);
        return;
    }
    flow_keep_place(turn, topic, at, PENDING_VALUE);
    turn->dialogue.place.agreed = false;
    turn->dialogue.parameter = parameter->name;
    bool asked = again && context_asks(turn->arena, turn->question->text);
    if (again)
        question = arena_format(turn->arena, "%.*s %.*s", STR_ARG(turn_sentence(turn, asked ? SENTENCE_CANNOT_SAY : SENTENCE_NOT_VALID)),
                                STR_ARG(question));
    turn_answer(turn, DECISION_ASK, flow_join(turn, said, question));
    offer_choices(turn, &wanted);
    if (asked)
        turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
    if (again)
        turn_failed(turn);
}

void flow_ask_to_confirm(struct turn *turn, const struct topic *topic, size_t at, bool again, struct str said)
{
    struct str text = confirmation(turn, topic, at);
    if (text.len == 0) {
        flow_give_up(turn, NULL, said);
        return;
    }
    flow_keep_place(turn, topic, at, PENDING_CONFIRMATION);
    if (again)
        text = arena_format(turn->arena, "%.*s %.*s", STR_ARG(turn_sentence(turn, SENTENCE_YES_OR_NO)), STR_ARG(text));
    turn_answer(turn, DECISION_ASK, flow_join(turn, said, text));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_YES));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_NO));
    if (again)
        turn_failed(turn);
}

/* --- calling ------------------------------------------------------------------------------------ */

/* A text of `with` becomes a value: {{slot}} as it was given, not as it is shown. */
static struct str argument_text(struct walk *walk, struct str text)
{
    struct turn *turn = walk->turn;
    struct str out = STR_EMPTY;
    for (size_t at = 0; at < text.len;) {
        ptrdiff_t open = str_find(text, STR("{{"), at), close = open < 0 ? -1 : str_find(text, STR("}}"), (size_t)open);
        size_t end = close < 0 ? text.len : (size_t)open;
        out = arena_format(turn->arena, "%.*s%.*s", STR_ARG(out), STR_ARG(str_slice(text, at, end)));
        if (close < 0)
            break;
        struct str name = str_trim(str_slice(text, (size_t)open + 2, (size_t)close));
        out = arena_format(turn->arena, "%.*s%.*s", STR_ARG(out), STR_ARG(value_of(turn, walk->facts, name)));
        at = (size_t)close + 2;
    }
    return out;
}

/* What the step's `with` says of a parameter; NULL if nothing: it is the customer's to give. */
static const struct step_argument *argument_of(const struct step *step, struct str name)
{
    for (size_t i = 0; i < step->argument_count; i++)
        if (str_equal(step->arguments[i].name, name))
            return &step->arguments[i];
    return NULL;
}

/* The parameters; false if a value does not fit the action, or the back end left out what the step takes from it.
 * `missing` is the first that must be asked for, or NULL. */
static bool collect(struct walk *walk, const struct step *step, const struct action *action, json_t *parameters,
                    const struct action_parameter **missing)
{
    *missing = NULL;
    for (size_t i = 0; i < action->parameter_count && !*missing; i++) {
        const struct action_parameter *parameter = &action->parameters[i];
        const struct step_argument *argument = argument_of(step, parameter->name);
        struct str value = argument ? argument_text(walk, argument->text) : dialogue_value(&walk->turn->dialogue, parameter->name);
        if (value.len ? !details_fits(walk->turn, parameter, value) : argument && parameter->required)
            return false;
        if (value.len)
            json_object_set_new(parameters, arena_cstr(walk->turn->arena, parameter->name), json_stringn(value.data, value.len));
        else if (parameter->required)
            *missing = parameter;
    }
    return true;
}

/* Names this call: the same again when the same turn is tried again after a crash. */
static struct str call_key(const struct walk *walk, const struct action *action, size_t at)
{
    const struct turn *turn = walk->turn;
    struct str key = str_slice(turn->question->key, 0, LIMIT_IDEMPOTENCY_KEY - LIMIT_TAG - 8);
    if (walk->topic->steps_version.len == 0)
        return arena_format(turn->arena, "%.*s-%.*s", STR_ARG(key), STR_ARG(action->name));
    return arena_format(turn->arena, "%.*s-%zu-%.*s", STR_ARG(key), at, STR_ARG(action->name));
}

/* What later steps speak of is kept; the rest is forgotten when the turn ends. */
static void learn_result(struct walk *walk)
{
    struct turn *turn = walk->turn;
    const char *key;
    json_t *value;
    json_object_foreach(walk->result, key, value)
        if (steps_use(walk->topic, str_of(key)))
            json_object_set(walk->facts, key, value);
    char *text = json_dumps(walk->facts, JSON_COMPACT);
    struct str facts = str_of(text ? text : "");
    turn->dialogue.place.facts = facts.len <= DIALOGUE_FACTS_BYTES ? arena_copy(turn->arena, facts) : STR_EMPTY;
    free(text);
}

static void take_result(struct walk *walk, const struct action *action, const json_t *parameters, const struct action_result *result)
{
    struct turn *turn = walk->turn;
    dialogue_tried(&turn->dialogue, turn->arena,
                   arena_format(turn->arena, "%.*s: %.*s", STR_ARG(action->name), STR_ARG(result->outcome)));
    json_decref(walk->result);
    walk->result = json_loadb(result->json.len ? result->json.data : "{}", result->json.len ? result->json.len : 2, 0, NULL);
    walk->last = action;
    walk->outcome = result->not_found ? STR("not_found") : result->outcome;
    walk->acted = true;
    walk->failed = !str_equal(result->outcome, STR("done"));
    if (walk->failed)
        return;
    learn_result(walk);
    details_show(turn, walk->result);
    if (walk->topic->steps_version.len)
        flow_note_done(turn, action, parameters, walk->result);
}

static void run(struct walk *walk, const struct action *action, json_t *parameters, size_t at)
{
    struct turn *turn = walk->turn;
    const struct question *question = turn->question;
    struct action_result result = { .outcome = STR("failed"), .json = STR("{}") };
    char *text = json_dumps(parameters, JSON_COMPACT);
    if (question->act && text)
        result = question->act(question->context, turn->arena, action, arena_copy(turn->arena, str_of(text)), call_key(walk, action, at));
    free(text);
    take_result(walk, action, parameters, &result);
}

/* A person is asked; the flow rests here, and the customer is free to go on with other things. */
static size_t propose(struct walk *walk, const struct action *action, const json_t *parameters, size_t at)
{
    struct turn *turn = walk->turn;
    struct flow_call call = { action, parameters, walk->facts, call_key(walk, action, at), at, walk->own };
    if (!flow_propose(turn, walk->topic, &call))
        return STEP_TO_PERSON;
    if (walk->said.len)
        dialogue_found(&turn->dialogue, turn->arena, markdown_plain(walk->said, turn->arena));
    walk->said = flow_join(turn, walk->said, turn_sentence(turn, SENTENCE_APPROVAL_ASKED));
    walk->proposed = true;
    return STEP_TO_END;
}

static struct str refusal_code(const struct walk *walk)
{
    const json_t *error = json_object_get(walk->result, "error");
    const json_t *code = json_object_get(json_is_object(error) ? error : walk->result, "code");
    return json_is_string(code) ? fill_plain(walk->turn->arena, code) : STR_EMPTY;
}

static size_t after_call(const struct walk *walk, const struct step *step)
{
    size_t to = STEP_NOWHERE;
    bool missing = str_equal(walk->outcome, STR("not_found")), refused = missing || str_equal(walk->outcome, STR("refused"));
    if (!walk->failed) {
        to = step_way_for(step, STR("ok"));
        return to != STEP_NOWHERE ? to : step->next;
    }
    if (refused) {
        struct str code = refusal_code(walk);
        to = step_way_for(step, arena_format(walk->turn->arena, "refused=%.*s", STR_ARG(code)));
        if (to == STEP_NOWHERE)
            to = step_way_for(step, missing || str_equal(code, STR("not_found")) ? STR("not_found") : STR("refused"));
    } else {
        to = step_way_for(step, str_equal(walk->outcome, STR("timed_out")) ? STR("timeout") : STR("failed"));
    }
    return to != STEP_NOWHERE ? to : step->other;
}

/* --- steps: each gives the place to go on at, or STEP_NOWHERE when the turn is over -------------- */

static size_t on_call(struct walk *walk, const struct step *step, size_t at)
{
    struct turn *turn = walk->turn;
    const struct action *action = workspace_action(turn->workspace, step->subject);
    const struct action_parameter *missing = NULL;
    size_t to = STEP_NOWHERE;
    json_t *parameters = json_object();
    if (!action || !flow_may_act(turn, walk->topic, action)) {
        to = STEP_TO_PERSON;
    } else if (!collect(walk, step, action, parameters, &missing)) {
        turn->check = arena_format(turn->arena, "a value does not fit the action '%.*s'", STR_ARG(action->name));
        to = STEP_TO_PERSON;
    } else if (action->changes && turn->dialogue.place.done_count == DIALOGUE_DONE) {
        to = STEP_TO_PERSON; /* one more could be neither told nor undone */
    } else if (action->identity == IDENTITY_CODE && !flow_is_proven(turn)) {
        to = flow_ask_code(turn, walk->topic, at, walk->said) ? STEP_NOWHERE : STEP_TO_PERSON;
    } else if (missing) {
        flow_ask(turn, walk->topic, at, missing->name, false, walk->said);
    } else if (action->changes && !turn->dialogue.place.agreed) {
        flow_ask_to_confirm(turn, walk->topic, at, false, walk->said);
    } else if (flow_needs_approval(turn, action, parameters, walk->facts)) {
        to = propose(walk, action, parameters, at);
    } else {
        run(walk, action, parameters, at);
        if (walk->own)
            turn->dialogue.place.agreed = walk->own = false;
        to = after_call(walk, step);
    }
    json_decref(parameters);
    return to;
}

/* Known already, said or pointed at already, the only one there is; else it is asked. */
static size_t on_ask(struct walk *walk, const struct step *step, size_t at)
{
    struct turn *turn = walk->turn;
    struct dialogue *dialogue = &turn->dialogue;
    struct str value = dialogue_value(dialogue, step->subject), values[2];
    size_t choices = step->from.len ? slots_choices(turn, step, walk->facts, values, NULL, 2) : 2;
    if (value.len && !slots_fits(turn, step, walk->facts, value))
        value = STR_EMPTY;
    if (value.len == 0)
        value = slots_find(turn, step, walk->facts, turn->question->text, false);
    if (value.len == 0 && slots_fits(turn, step, walk->facts, details_pointed_at(turn, step->subject)))
        value = details_pointed_at(turn, step->subject);
    for (size_t i = dialogue->said_count; value.len == 0 && step->type != SLOT_CHOICE && i-- > 0;)
        value = slots_find(turn, step, walk->facts, dialogue->said[i], false);
    if (choices == 0)
        return STEP_TO_PERSON;
    if (value.len == 0 && choices == 1)
        value = values[0];
    if (value.len == 0) {
        flow_ask(turn, walk->topic, at, step->subject, false, walk->said);
        return STEP_NOWHERE;
    }
    dialogue_set_value(dialogue, turn->arena, step->subject, value);
    return step->next;
}

/* Adds the step's text to what is said; false if it may not be said. */
static bool say(struct walk *walk, const struct step *step)
{
    struct str text = step_text(walk->turn, step);
    if (text.len && !fill_step(walk->turn, walk->topic, walk->facts, text, &text))
        return false;
    walk->said = flow_join(walk->turn, walk->said, text);
    return walk->said.len <= LIMIT_MESSAGE;
}

static size_t on_report(struct walk *walk)
{
    json_t *parameters = details_json(walk->turn);
    struct filling filling = { json_is_object(walk->result) ? walk->result : NULL, parameters, walk->turn->language };
    flow_report(walk->turn, walk->topic, walk->last, str_equal(walk->outcome, STR("not_found")) ? STR("refused") : walk->outcome, &filling);
    json_decref(parameters);
    return STEP_NOWHERE;
}

static bool is_refusal(const struct walk *walk)
{
    return str_equal(walk->outcome, STR("refused")) || str_equal(walk->outcome, STR("not_found"));
}

/* It may have been done all the same: nobody knows. */
static bool is_unsure(const struct walk *walk)
{
    return walk->failed && walk->last && walk->last->changes && !is_refusal(walk);
}

/* A call that did not come off leaves nothing half done: what can be undone is, and the customer is told. */
static size_t hand_over(struct walk *walk)
{
    struct turn *turn = walk->turn;
    if (walk->said.len)
        dialogue_found(&turn->dialogue, turn->arena, markdown_plain(walk->said, turn->arena));
    if (walk->failed)
        flow_undo(turn);
    struct str done = flow_done_and_not(turn, walk->topic, is_unsure(walk) ? walk->last : NULL);
    if (done.len)
        dialogue_found(&turn->dialogue, turn->arena, markdown_plain(done, turn->arena));
    if (walk->failed && !is_refusal(walk))
        flow_give_up(turn, walk->last, flow_join(turn, walk->said, done));
    else
        turn_hand_over_saying(turn, STR("policy"),
                              flow_join(turn, flow_join(turn, walk->said, walk->failed ? done : STR_EMPTY),
                                        turn_sentence(turn, walk->failed && !walk->said.len ? SENTENCE_HAND_REFUSED : SENTENCE_HAND_POLICY)));
    return STEP_NOWHERE;
}

static size_t finish(struct walk *walk)
{
    struct turn *turn = walk->turn;
    bool told = walk->acted && (!walk->failed || is_refusal(walk));
    dialogue_settle(&turn->dialogue);
    turn_answer(turn, told ? DECISION_ACT : DECISION_ANSWER, walk->said.len ? walk->said : turn_sentence(turn, SENTENCE_ANYTHING_ELSE));
    flow_add_sources(turn, walk->topic);
    if (walk->said.len && !walk->proposed)
        dialogue_found(&turn->dialogue, turn->arena, markdown_plain(walk->said, turn->arena));
    return STEP_NOWHERE;
}

static size_t take_step(struct walk *walk, size_t at)
{
    const struct step *step = &walk->topic->steps[at];
    size_t to;
    switch (step->kind) {
    case STEP_ASK: return on_ask(walk, step, at);
    case STEP_CALL: return on_call(walk, step, at);
    case STEP_SAY: return say(walk, step) ? step->next : STEP_TO_PERSON;
    case STEP_CONFIRM:
        flow_ask_to_confirm(walk->turn, walk->topic, at, false, walk->said);
        return STEP_NOWHERE;
    case STEP_BRANCH:
        to = step_way_for(step, value_of(walk->turn, walk->facts, step->subject));
        return to != STEP_NOWHERE ? to : step->other != STEP_NOWHERE ? step->other : STEP_TO_PERSON;
    case STEP_ANSWER:
        walk->said = flow_join(walk->turn, walk->said, flow_general(walk->turn, walk->topic));
        return step->next;
    case STEP_HAND_OVER:
        if (!say(walk, step))
            walk->said = STR_EMPTY; /* the person comes all the same */
        return STEP_TO_PERSON;
    case STEP_END: return say(walk, step) ? STEP_TO_END : STEP_TO_PERSON;
    case STEP_REPORT: return on_report(walk);
    }
    return STEP_TO_PERSON;
}

/* What is only told to a person ends where somebody would be asked, or something run. */
static bool is_untold(const struct walk *walk, size_t at)
{
    const struct settled *settled = walk->turn->question->settled;
    if (!settled || !settled->told_only)
        return false;
    enum step_kind kind = at < walk->topic->step_count ? walk->topic->steps[at].kind : STEP_HAND_OVER;
    return kind == STEP_ASK || kind == STEP_CALL || kind == STEP_CONFIRM || kind == STEP_HAND_OVER;
}

static void go_on_at(struct walk *walk, size_t at)
{
    for (size_t taken = 0; at != STEP_NOWHERE; taken++) {
        if (at == STEP_TO_END || is_untold(walk, at))
            at = finish(walk);
        else if (at >= walk->topic->step_count || taken == STEPS_IN_A_TURN)
            at = hand_over(walk);
        else
            at = take_step(walk, at);
    }
    json_decref(walk->facts);
    json_decref(walk->result);
}

static void walk_from(struct turn *turn, const struct topic *topic, size_t at, struct str said, bool own)
{
    struct walk walk = { .turn = turn, .topic = topic, .facts = flow_facts(turn), .said = said, .outcome = STR_EMPTY, .own = own };
    turn->dialogue.pending = PENDING_NOTHING; /* what waited has its answer */
    go_on_at(&walk, at);
}

void flow_walk(struct turn *turn, const struct topic *topic, size_t at, struct str said)
{
    walk_from(turn, topic, at, said, false);
}

void flow_walk_agreed(struct turn *turn, const struct topic *topic, size_t at)
{
    walk_from(turn, topic, at, STR_EMPTY, true);
}

/* Without a way of its own a no ends the flow; after other changes a person sees to what is half done. */
static size_t after_refusal(struct walk *walk, const struct step *step)
{
    struct turn *turn = walk->turn;
    size_t to = step_way_for(step, str_of(step_outcome_names[OUTCOME_NOT_APPROVED]));
    walk->failed = true;
    walk->outcome = STR("refused");
    dialogue_tried(&turn->dialogue, turn->arena, arena_format(turn->arena, "%.*s: not approved", STR_ARG(step->subject)));
    if (to == STEP_NOWHERE || turn->question->settled->told_only)
        walk->said = turn_sentence(turn, SENTENCE_APPROVAL_REFUSED);
    return to != STEP_NOWHERE ? to : turn->dialogue.place.done_count ? STEP_TO_PERSON : STEP_TO_END;
}

static size_t after_approval(struct walk *walk, const struct step *step, const struct action *action)
{
    struct turn *turn = walk->turn;
    const struct settled *settled = turn->question->settled;
    json_t *parameters = json_loadb(settled->parameters_json.data, settled->parameters_json.len, JSON_REJECT_DUPLICATES, NULL);
    take_result(walk, action, parameters, &(struct action_result){ .outcome = settled->outcome, .json = settled->result_json });
    json_decref(parameters);
    if (!walk->failed || settled->told_only)
        walk->said = flow_approved(turn, action, !walk->failed);
    size_t to = after_call(walk, step);
    return to != STEP_NOWHERE ? to : STEP_TO_PERSON;
}

void flow_walk_on(struct turn *turn, const struct topic *topic, size_t at)
{
    const struct step *step = &topic->steps[at];
    const struct action *action = workspace_action(turn->workspace, step->subject);
    struct walk walk = { .turn = turn, .topic = topic, .facts = flow_facts(turn), .said = STR_EMPTY, .outcome = STR_EMPTY, .last = action };
    go_on_at(&walk, turn->question->settled->allowed ? after_approval(&walk, step, action) : after_refusal(&walk, step));
}
