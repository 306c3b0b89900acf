/* flow_done.c - what a flow has changed: remembered, told, undone.
 *
 * An action that names another with `compensate` is undone by it, the last first, when a later call does not come
 * off or the customer stops. Its parameters are taken from the result and the parameters of what it undoes, at the
 * time when that is done. Each try is in the log as any action is. */
#include "assistant/flow.h"

#include <stdlib.h>

static struct str title_of(const struct turn *turn, struct str name)
{
    const struct action *action = workspace_action(turn->workspace, name);
    struct str title = action ? workspace_text(turn->workspace, action->titles, action->title_count, turn->language) : STR_EMPTY;
    return title.len ? title : name;
}

/* The parameters of the undoing action as JSON; empty if one that it needs is not there. */
static struct str undo_parameters(struct turn *turn, const struct action *undo, const json_t *parameters, const json_t *result)
{
    json_t *object = json_object();
    bool whole = true;
    for (size_t i = 0; i < undo->parameter_count; i++) {
        const struct action_parameter *parameter = &undo->parameters[i];
        const char *name = arena_cstr(turn->arena, parameter->name);
        struct str value = fill_plain(turn->arena, json_object_get(result, name));
        if (value.len == 0)
            value = fill_plain(turn->arena, json_object_get(parameters, name));
        if (value.len && details_fits(turn, parameter, value))
            json_object_set_new(object, name, json_stringn(value.data, value.len));
        else
            whole = whole && !parameter->required;
    }
    char *text = json_dumps(object, JSON_COMPACT);
    struct str json = whole && text && strlen(text) <= DIALOGUE_UNDO_BYTES ? arena_copy(turn->arena, str_of(text)) : STR_EMPTY;
    free(text);
    json_decref(object);
    return json;
}

void flow_note_done(struct turn *turn, const struct action *action, const json_t *parameters, const json_t *result)
{
    struct dialogue_place *place = &turn->dialogue.place;
    const struct action *undo = action->compensate.len ? workspace_action(turn->workspace, action->compensate) : NULL;
    if (action->changes && place->done_count < DIALOGUE_DONE)
        place->done[place->done_count++] =
            (struct dialogue_done){ action->name, undo ? undo_parameters(turn, undo, parameters, result) : STR_EMPTY, DONE_STANDS };
}

/* --- undoing ------------------------------------------------------------------------------------ */

static bool undo_one(struct turn *turn, const struct dialogue_done *done, size_t place)
{
    const struct question *question = turn->question;
    const struct action *action = workspace_action(turn->workspace, done->action);
    const struct action *undo = action && action->compensate.len ? workspace_action(turn->workspace, action->compensate) : NULL;
    if (!undo || !question->act)
        return false;
    struct str key = arena_format(turn->arena, "%.*s-undo%zu-%.*s", STR_ARG(str_slice(question->key, 0, LIMIT_IDEMPOTENCY_KEY - LIMIT_TAG - 12)), place,
                                  STR_ARG(undo->name));
    struct action_result result = question->act(question->context, turn->arena, undo, done->undo, key);
    dialogue_tried(&turn->dialogue, turn->arena, arena_format(turn->arena, "%.*s: %.*s", STR_ARG(undo->name), STR_ARG(result.outcome)));
    return str_equal(result.outcome, STR("done"));
}

bool flow_undo(struct turn *turn)
{
    struct dialogue_place *place = &turn->dialogue.place;
    bool all = true;
    for (size_t i = place->done_count; i-- > 0;) {
        struct dialogue_done *done = &place->done[i];
        if (done->undo.len == 0 || done->state != DONE_STANDS)
            continue;
        done->state = undo_one(turn, done, i) ? DONE_UNDONE : DONE_STUCK;
        all = all && done->state == DONE_UNDONE;
    }
    return all;
}

/* --- telling ------------------------------------------------------------------------------------ */

static struct str add_item(struct turn *turn, struct str list, struct str name)
{
    return arena_format(turn->arena, "%.*s\n- %.*s", STR_ARG(list), STR_ARG(title_of(turn, name)));
}

static struct str add_list(struct turn *turn, struct str text, enum sentence lead, struct str items)
{
    return items.len ? arena_format(turn->arena, "%.*s%s%.*s%.*s", STR_ARG(text), text.len ? "\n\n" : "", STR_ARG(turn_sentence(turn, lead)), STR_ARG(items))
                     : text;
}

static bool is_among(const struct dialogue_place *place, struct str action)
{
    for (size_t i = 0; i < place->done_count; i++)
        if (str_equal(place->done[i].action, action))
            return true;
    return false;
}

struct str flow_done_and_not(struct turn *turn, const struct topic *topic, const struct action *unsure)
{
    static const enum sentence leads[] = { [DONE_STANDS] = SENTENCE_BEEN_DONE, [DONE_UNDONE] = SENTENCE_UNDONE, [DONE_STUCK] = SENTENCE_NOT_UNDONE };
    const struct dialogue_place *place = &turn->dialogue.place;
    struct str text = STR_EMPTY, left = STR_EMPTY;
    for (size_t state = 0; state < ARRAY_LEN(leads); state++) {
        struct str items = STR_EMPTY;
        for (size_t i = 0; i < place->done_count; i++)
            if (place->done[i].state == state)
                items = add_item(turn, items, place->done[i].action);
        text = add_list(turn, text, leads[state], items);
    }
    for (size_t i = 0; i < topic->step_count && place->done_count; i++) {
        const struct action *action = topic->steps[i].kind == STEP_CALL ? workspace_action(turn->workspace, topic->steps[i].subject) : NULL;
        if (action && action->changes && action != unsure && !is_among(place, action->name))
            left = add_item(turn, left, action->name);
    }
    if (unsure && place->done_count)
        text = add_list(turn, text, SENTENCE_NOT_SURE, add_item(turn, STR_EMPTY, unsure->name));
    return add_list(turn, text, SENTENCE_NOT_DONE, left);
}
