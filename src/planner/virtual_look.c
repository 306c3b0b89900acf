/* virtual_look.c - what a server would answer, read from the engine and the events so far. */
#include "planner/virtual_state.h"

static json_t *text(struct str s)
{
    return json_stringn(s.data ? s.data : "", s.len);
}

static void put(json_t *object, const char *name, int64_t value)
{
    json_object_set_new(object, name, json_integer(value));
}

static struct str agent_name(const struct virtual_stage *stage, uint64_t agent)
{
    for (size_t i = 0; agent && i < stage->stage.cast->count; i++)
        if (stage->stage.cast->items[i]->who & BY_STAFF && stage->stage.cast->items[i]->id == agent)
            return stage->stage.cast->items[i]->name;
    return STR_EMPTY;
}

static json_t *conversation(struct virtual_stage *stage, uint64_t id, bool staff)
{
    struct conversation_view view;
    if (!engine_conversation(stage->engine, id, &view)) return NULL;
    json_t *object = json_object();
    const struct { const char *name; int64_t value; } numbers[] = {
        { "conversation", (int64_t)view.id }, { "customer", (int64_t)view.customer }, { "agent", (int64_t)view.agent },
        { "opened_at", view.opened_at }, { "wait_from", view.wait_from }, { "appointment", (int64_t)view.appointment },
        { "customer_read", (int64_t)view.customer_read }, { "customer_delivered", (int64_t)view.customer_delivered },
        { "staff_read", (int64_t)view.staff_read }, { "staff_delivered", (int64_t)view.staff_delivered },
        { "stars", view.stars }, { "place", 0 }, { "low_ms", -1 }, { "high_ms", -1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) put(object, numbers[i].name, numbers[i].value);
    json_object_set_new(object, "state", json_string(conversation_state_names[view.state]));
    json_object_set_new(object, "language", text(view.language));
    if (staff) json_object_set_new(object, "topic", text(view.topic));
    json_object_set_new(object, "agent_name", text(agent_name(stage, view.agent)));
    json_object_set_new(object, "turn", json_boolean(view.turn != 0));
    if (staff) json_object_set_new(object, "recontact", json_boolean(view.recontact));
    struct queue_place place;
    if (engine_place(stage->engine, id, &place)) {
        put(object, "place", (int64_t)place.place);
        put(object, "low_ms", place.low_ms);
        put(object, "high_ms", place.high_ms);
    }
    return object;
}

static json_t *agent(const struct virtual_stage *stage, const struct performer *performer)
{
    struct agent_view view;
    if (!performer || !engine_agent(stage->engine, performer->id, &view)) return NULL;
    json_t *object = json_object();
    put(object, "agent", (int64_t)view.id);
    put(object, "active", view.active);
    put(object, "wrapping", view.wrapping);
    put(object, "offered", view.offered);
    put(object, "capacity", view.capacity);
    json_object_set_new(object, "state", json_string(agent_state_names[view.state]));
    json_object_set_new(object, "role", text(view.role));
    json_object_set_new(object, "pool", text(view.pool));
    return object;
}

/* The figures that views_figures counts, straight from the events. */
static json_t *figures(const struct virtual_stage *stage)
{
    int64_t opened = 0, resolved = 0, requests = 0, met = 0, ratings = 0, recontacts = 0, answered = 0;
    struct map asked = { 0 }, helped = { 0 };
    for (size_t i = 0; i < stage->count; i++) {
        const struct event *event = &stage->events[i];
        switch (event->kind) {
        case EVENT_CONVERSATION_OPENED: opened++; break;
        case EVENT_CONVERSATION_RESOLVED: resolved++; break;
        case EVENT_HUMAN_REQUESTED: requests++; map_put(&asked, event->conversation, stage->events); break;
        case EVENT_CONVERSATION_ASSIGNED: met += map_get(&asked, event->conversation) != NULL; break;
        case EVENT_CONVERSATION_RATED: ratings++; break;
        case EVENT_RECONTACT_MARKED: recontacts++; break;
        case EVENT_ASSISTANT_DECIDED:
            if (!event->assistant_decided.failed) map_put(&helped, event->conversation, stage->events);
            break;
        default: break;
        }
    }
    struct map_slot slot;
    for (size_t i = 0; map_next(&helped, &i, &slot);) answered += map_get(&asked, slot.key) == NULL;
    map_free(&asked);
    map_free(&helped);
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "opened", (json_int_t)opened, "resolved", (json_int_t)resolved,
                     "human_requests", (json_int_t)requests, "met", (json_int_t)met, "ratings", (json_int_t)ratings,
                     "recontacts", (json_int_t)recontacts, "answered_by_assistant", (json_int_t)answered);
}

static json_t *board(const struct virtual_stage *stage)
{
    struct queue_view queue;
    engine_queue(stage->engine, &queue);
    json_t *live = json_object();
    put(live, "waiting", (int64_t)queue.waiting);
    put(live, "longest_wait_from", queue.longest_wait_from);
    put(live, "online", (int64_t)queue.online);
    put(live, "away", (int64_t)queue.away);
    put(live, "free_places", (int64_t)queue.free_places);
    put(live, "by_assistant", (int64_t)queue.by_assistant);
    put(live, "active", (int64_t)queue.active);
    json_t *object = json_object();
    json_object_set_new(object, "live", live);
    json_object_set_new(object, "figures", figures(stage));
    return object;
}

static json_t *metrics(struct virtual_stage *stage)
{
    struct queue_view queue;
    engine_queue(stage->engine, &queue);
    json_t *object = json_object();
    put(object, "beckon_events_total", (int64_t)engine_seq(stage->engine));
    put(object, "beckon_learned_wordings", (int64_t)virtual_learned(stage));
    put(object, "beckon_waiting", (int64_t)queue.waiting);
    put(object, "beckon_agents_online", (int64_t)queue.online);
    return object;
}

static json_t *transcript(const struct virtual_stage *stage, uint64_t id)
{
    struct buf whole;
    buf_init(&whole, 1 << 22);
    for (size_t i = 0; i < stage->count; i++) {
        const struct event *event = &stage->events[i];
        if (event->conversation == id && event->kind == EVENT_MESSAGE_SENT)
            buf_add_format(&whole, "%.*s: %.*s\n", STR_ARG(event->message_sent.author), STR_ARG(event->message_sent.text));
    }
    json_t *string = json_stringn(whole.data ? whole.data : "", whole.len);
    buf_free(&whole);
    return string;
}

static json_t *history(const struct virtual_stage *stage, uint64_t id)
{
    json_t *list = json_array();
    for (size_t i = 0; i < stage->count; i++)
        if (stage->events[i].conversation == id && event_visible_in_history(&stage->events[i], VIEWER_CUSTOMER))
            json_array_append_new(list, json_pack("{s:I}", "seq", (json_int_t)stage->events[i].seq));
    return list;
}

json_t *virtual_look(struct stage *base, struct err *err, struct performer *performer, enum look look, uint64_t id)
{
    struct virtual_stage *stage = (struct virtual_stage *)base;
    err->text[0] = 0;
    switch (look) {
    case LOOK_CONVERSATION: return conversation(stage, id, performer->who != BY_CUSTOMER);
    case LOOK_AGENT: return agent(stage, performer);
    case LOOK_BOARD: return board(stage);
    case LOOK_METRICS: return metrics(stage);
    case LOOK_TRANSCRIPT: return transcript(stage, id);
    case LOOK_HISTORY: return history(stage, id);
    }
    return NULL;
}
