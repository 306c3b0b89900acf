/* flow_approval.c - an action that a person has to allow first, always or above a limit.
 *
 * What is compared with the limit is a parameter, or what an earlier step found. A value that is not there, or is no number, is above
 * any limit: in doubt a person looks at it. */
#include <stdlib.h>

#include "assistant/flow.h"

static const json_t *limited(struct arena *arena, const struct action *action, const json_t *parameters, const json_t *facts)
{
    const char *name = arena_cstr(arena, action->limit_field);
    const json_t *value = json_object_get(parameters, name);
    return value ? value : json_object_get(facts, name);
}

/* A number that is not whole is the next greater one; a text is digits only. */
static bool number_of(const json_t *value, int64_t *out)
{
    if (json_is_integer(value)) {
        *out = json_integer_value(value);
        return *out >= 0;
    }
    if (json_is_real(value) && json_real_value(value) >= 0 && json_real_value(value) < 1e12) {
        *out = (int64_t)json_real_value(value) + (json_real_value(value) > (double)(int64_t)json_real_value(value));
        return true;
    }
    return json_is_string(value) && str_to_i64(str_of(json_string_value(value)), out) && *out >= 0;
}

bool flow_needs_approval(const struct turn *turn, const struct action *action, const json_t *parameters, const json_t *facts)
{
    int64_t value = 0;
    if (action->approval == APPROVAL_NONE)
        return false;
    return action->limit_field.len == 0 || !number_of(limited(turn->arena, action, parameters, facts), &value) || value > action->limit_most;
}

void action_weigh(const struct action *action, struct str parameters_json, struct arena *arena, uint64_t *value, uint64_t *most)
{
    int64_t number = 0;
    json_t *parameters = json_loadb(parameters_json.data, parameters_json.len, JSON_REJECT_DUPLICATES, NULL);
    *value = *most = 0;
    if (action->approval != APPROVAL_NONE) {
        bool known = action->limit_field.len && number_of(limited(arena, action, parameters, NULL), &number) && number < ACTION_VALUE_MAX;
        *value = known ? (uint64_t)number : ACTION_VALUE_MAX;
        *most = action->limit_field.len ? (uint64_t)action->limit_most : 0;
    }
    json_decref(parameters);
}

/* As a program reads it: what people see is in their language, on the page. */
static struct str amount_text(const struct turn *turn, const struct action *action, const json_t *parameters, const json_t *facts)
{
    const json_t *value = action->limit_field.len ? limited(turn->arena, action, parameters, facts) : NULL;
    const char *currency = json_string_value(json_object_get(facts, "currency"));
    if (json_is_integer(value) && str_ends(action->limit_field, STR("_minor"))) {
        bool below = json_integer_value(value) < 0;
        uint64_t minor = below ? 0 - (uint64_t)json_integer_value(value) : (uint64_t)json_integer_value(value);
        return str_cut(arena_format(turn->arena, "%s%s%s%llu.%02u", currency ? currency : "", currency ? " " : "", below ? "-" : "",
                                    (unsigned long long)(minor / 100), (unsigned)(minor % 100)), LIMIT_NAME);
    }
    return str_cut(fill_plain(turn->arena, value), LIMIT_NAME);
}

/* "Yes", "14" and a number of an order say nothing of why. */
static bool says_something(const struct turn *turn, struct str text)
{
    return tokens_of(turn->arena, text).count > 1 && words_remark(turn->arena, text) == REMARK_NOTHING;
}

/* The flow as it stands, for when it is decided. What was said, tried and found until then is in the dialogue of that time. */
static struct str place_of(struct turn *turn, const struct topic *topic, const struct flow_call *call)
{
    struct dialogue waiting = turn->dialogue;
    waiting.said_count = waiting.tried_count = waiting.found_count = waiting.later_count = 0;
    waiting.pending = PENDING_CONFIRMATION;
    waiting.asked_topic = topic->name;
    waiting.place.step = call->at;
    waiting.place.agreed = waiting.place.agreed && !call->own;
    waiting.place.version = topic->steps_version;
    waiting.place.at_ms = turn->question->now_ms;
    return dialogue_write(turn->arena, &waiting);
}

bool flow_propose(struct turn *turn, const struct topic *topic, const struct flow_call *call)
{
    const struct action *action = call->action;
    const json_t *parameters = call->parameters, *facts = call->facts;
    const struct question *question = turn->question;
    const struct dialogue *dialogue = &turn->dialogue;
    char *text = json_dumps(parameters, JSON_COMPACT);
    struct str why = STR_EMPTY;
    for (size_t i = 0; i < dialogue->said_count; i++)
        if (says_something(turn, dialogue->said[i]))
            why = arena_format(turn->arena, "%.*s%s%.*s", STR_ARG(why), why.len ? "\n" : "", STR_ARG(dialogue->said[i]));
    struct proposal proposal = { action, topic->name, arena_copy(turn->arena, str_of(text ? text : "{}")), call->key,
                                 amount_text(turn, action, parameters, facts), why, place_of(turn, topic, call) };
    free(text);
    dialogue_tried(&turn->dialogue, turn->arena, arena_format(turn->arena, "%.*s: approval", STR_ARG(action->name)));
    return question->propose && question->propose(question->context, &proposal);
}
