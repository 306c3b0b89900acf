/* virtual.c - the engine as a stage: commands go straight in, and the clock jumps to whatever is due next. */
#include "planner/virtual_state.h"

#include <stdio.h>

#include "assistant/care.h"
#include "base/memory.h"

/* --- events --- */

/* Events outlive the command that caused them. */
static void keep(struct virtual_stage *stage, const struct event *event)
{
    if (stage->count == stage->capacity) {
        stage->capacity = stage->capacity ? stage->capacity * 2 : 256;
        stage->events = memory_resize(stage->events, stage->capacity, sizeof *stage->events);
    }
    struct event *copy = &stage->events[stage->count++];
    const struct event_row *row = &event_table[event->kind];
    *copy = *event;
    for (size_t i = 0; i < row->field_count; i++)
        if (event_field_is_text(row->fields[i].type))
            *event_text(copy, &row->fields[i]) = arena_copy(&stage->arena, *event_text(event, &row->fields[i]));
}

struct outcome virtual_give(struct virtual_stage *stage, const struct command *command)
{
    events_clear(&stage->fresh);
    struct outcome outcome = engine_handle(stage->engine, stage->now_ms, command, &stage->fresh);
    size_t from = stage->count;
    for (size_t i = 0; i < stage->fresh.count; i++)
        keep(stage, &stage->fresh.items[i]);
    virtual_notice(stage, stage->events + from, stage->count - from);
    return outcome;
}

static struct viewer viewer_of(const struct performer *performer)
{
    if (performer->who == BY_CUSTOMER)
        return (struct viewer){ VIEWER_CUSTOMER, performer->id };
    return (struct viewer){ performer->who == BY_SUPERVISOR ? VIEWER_SUPERVISOR : VIEWER_AGENT, performer->id };
}

static void pull_one(struct virtual_stage *stage, struct performer *performer)
{
    struct virtual_seat *seat = performer->seat;
    struct viewer viewer = viewer_of(performer);
    struct buf text;
    if (!seat || seat->logged_out) return;
    buf_init(&text, 1 << 22);
    for (; seat->pulled < stage->count; seat->pulled++) {
        const struct event *event = &stage->events[seat->pulled];
        if (!event_visible(event, viewer)) continue;
        buf_clear(&text);
        event_json(event, viewer.role, &text);
        json_t *json = json_loadb(text.data, text.len, 0, NULL);
        must(json);
        json_array_append_new(performer->inbox, json);
        performer->last_seq = event->seq;
    }
    buf_free(&text);
}

static bool pull(struct stage *base, struct err *err)
{
    UNUSED(err);
    struct virtual_stage *stage = (struct virtual_stage *)base;
    for (size_t i = 0; i < base->cast->count; i++)
        pull_one(stage, base->cast->items[i]);
    return true;
}

/* --- coming in --- */

static struct digest digest_of(const char *purpose, struct str text)
{
    uint64_t hash = str_hash(text), salt = str_hash(str_of(purpose));
    return (struct digest){ hash ^ salt, hash * 0x9e3779b97f4a7c15u + salt + 1 };
}

static struct str member(struct virtual_stage *stage, json_t *details, const char *name)
{
    json_t *value = json_object_get(details, name);
    return value ? arena_copy(&stage->arena, str_make(json_string_value(value), json_string_length(value))) : STR_EMPTY;
}

static struct outcome enter_customer(struct virtual_stage *stage, struct performer *performer, json_t *details)
{
    struct virtual_customer *customer = ARENA_NEW(&stage->arena, struct virtual_customer);
    customer->external_id = member(stage, details, "identity");
    customer->name = member(stage, details, "name");
    customer->verified = customer->external_id.len > 0;
    if (json_object_get(details, "forged")) return (struct outcome){ .refusal = REFUSAL_BAD_IDENTITY };
    struct command command = { .kind = COMMAND_SEE_CUSTOMER, .actor = ACTOR_NODE, .customer = performer->id };
    struct command_see_customer *see = &command.see_customer;
    *see = (struct command_see_customer){ .given = 0x3f, .verified = customer->verified,
        .external_id = customer->external_id, .name = customer->name, .email = member(stage, details, "email"),
        .language = stage->workspace->languages[0] };
    if (customer->verified) {
        see->identity = digest_of("identity", customer->external_id);
        command.customer = engine_customer_by_identity(stage->engine, see->identity);
    }
    struct outcome outcome = virtual_give(stage, &command);
    if (!outcome.id) outcome.id = command.customer;
    if (!outcome.refusal && outcome.id && !map_get(&stage->customers, outcome.id))
        map_put(&stage->customers, outcome.id, customer);
    return outcome;
}

static struct str joined(struct virtual_stage *stage, const struct str *items, size_t count)
{
    struct buf list;
    buf_init(&list, LIMIT_LIST);
    for (size_t i = 0; i < count; i++) {
        if (i) buf_add_char(&list, ',');
        buf_add_str(&list, items[i]);
    }
    struct str copy = arena_copy(&stage->arena, buf_str(&list));
    buf_free(&list);
    return copy;
}

static struct outcome enter_staff(struct virtual_stage *stage, struct performer *performer, json_t *details)
{
    const struct workspace *workspace = stage->workspace;
    struct command command = { .kind = COMMAND_ADD_AGENT, .actor = ACTOR_NODE };
    struct command_add_agent *add = &command.add_agent;
    add->given = ~(uint64_t)0;
    add->login = add->name = performer->name;
    add->role = member(stage, details, "role");
    add->pool = member(stage, details, "pool");
    add->skills = member(stage, details, "skills");
    add->languages = member(stage, details, "languages");
    if (!add->role.len) add->role = STR("agent");
    if (!add->pool.len) add->pool = STR("employee");
    if (!add->skills.len) add->skills = joined(stage, workspace->skills, workspace->skill_count);
    if (!add->languages.len) add->languages = joined(stage, workspace->languages, workspace->language_count);
    json_t *capacity = json_object_get(details, "capacity");
    add->capacity = capacity ? (uint64_t)json_integer_value(capacity) : 3;
    add->login_digest = digest_of("login", performer->name);
    add->password_hash = STR("none");
    struct outcome outcome = virtual_give(stage, &command);
    if (outcome.refusal) return outcome;
    struct command session = { .kind = COMMAND_OPEN_SESSION, .actor = ACTOR_NODE, .agent = outcome.id, .target = outcome.id };
    session.open_session = (struct command_open_session){ .given = 3, .token = digest_of("session", performer->name),
        .expires_at = stage->now_ms + engine_settings(stage->engine)->session_ms };
    struct outcome opened = virtual_give(stage, &session);
    ((struct virtual_seat *)performer->seat)->session = opened.id;
    return outcome;
}

static void tell_refusal(enum refusal refusal, struct act_answer *answer)
{
    if (refusal) snprintf(answer->refusal, sizeof answer->refusal, "%s", refusal_table[refusal].code);
}

static bool enter(struct stage *base, struct err *err, struct performer *performer, json_t *details,
                  struct act_answer *answer)
{
    UNUSED(err);
    struct virtual_stage *stage = (struct virtual_stage *)base;
    struct virtual_seat *seat = performer->seat = ARENA_NEW(&stage->arena, struct virtual_seat);
    seat->pulled = stage->count;
    if (performer->same_as) {
        answer->id = performer->same_as->id;
        return true;
    }
    struct outcome outcome = performer->who == BY_CUSTOMER ? enter_customer(stage, performer, details)
                                                           : enter_staff(stage, performer, details);
    tell_refusal(outcome.refusal, answer);
    answer->id = outcome.id;
    return true;
}

/* --- commands --- */

static bool fill_field(struct virtual_stage *stage, struct command *command, const struct command_field *field,
                       json_t *value)
{
    void *place = command_field_at(command, field);
    bool text = field->type <= COMMAND_FIELD_JSON;
    if (text != json_is_string(value)) return false;
    if (text) *(struct str *)place = arena_copy(&stage->arena, str_make(json_string_value(value), json_string_length(value)));
    else *(uint64_t *)place = (uint64_t)json_integer_value(value);
    return true;
}

/* The checks that a server makes before the engine sees a body. */
static enum refusal fill(struct virtual_stage *stage, struct command *command, json_t *body)
{
    const struct command_row *row = &command_table[command->kind];
    for (size_t i = 0; i < row->field_count; i++) {
        const struct command_field *field = &row->fields[i];
        json_t *value = json_object_get(body, field->name);
        if (!value && field->origin == COMMAND_REQUIRED) return REFUSAL_MISSING_FIELD;
        if (!value) continue;
        if (!fill_field(stage, command, field, value)) return REFUSAL_BAD_FIELD;
        if (json_is_string(value) && json_string_length(value) > field->max) return REFUSAL_TOO_LONG;
        if (json_is_string(value) && !json_string_length(value) && field->origin == COMMAND_REQUIRED) return REFUSAL_EMPTY;
        if (field->type == COMMAND_FIELD_COUNT && (uint64_t)json_integer_value(value) > field->max) return REFUSAL_BAD_FIELD;
        *command_given(command) |= (uint64_t)1 << i;
    }
    bool knows = command->kind != COMMAND_RESOLVE || !stage->workspace->disposition_count;
    for (size_t i = 0; !knows && i < stage->workspace->disposition_count; i++)
        knows = str_equal(stage->workspace->dispositions[i], command->resolve.disposition);
    return knows ? REFUSAL_NONE : REFUSAL_BAD_FIELD;
}

static int put_text(const char *data, size_t len, void *context)
{
    buf_add(context, data, len);
    return 0;
}

static struct command_key key_of(struct virtual_stage *stage, const struct act *act)
{
    char text[128];
    if (!act->key) {
        snprintf(text, sizeof text, "fresh %llu", (unsigned long long)++stage->keys);
        return (struct command_key){ digest_of("key", str_of(text)), 1 };
    }
    snprintf(text, sizeof text, "%llu %.80s", act->by ? (unsigned long long)act->by->id : 0, act->key);
    struct buf whole;
    buf_init(&whole, 1 << 20);
    buf_add_format(&whole, "%d %llu ", act->kind, (unsigned long long)act->conversation);
    json_dump_callback(act->body, put_text, &whole, JSON_COMPACT | JSON_SORT_KEYS);
    uint64_t digest = str_hash(buf_str(&whole));
    buf_free(&whole);
    return (struct command_key){ digest_of("key", str_of(text)), digest ? digest : 1 };
}

static enum actor actor_of(const struct performer *performer)
{
    if (!performer) return ACTOR_NODE;
    return performer->who == BY_CUSTOMER ? ACTOR_CUSTOMER
           : performer->who == BY_SUPERVISOR ? ACTOR_SUPERVISOR : ACTOR_AGENT;
}

/* As the gateway does. */
static void hear_out(struct virtual_stage *stage, struct command *command)
{
    struct conversation_view view = { .language = STR_EMPTY };
    struct heard heard = heard_in(command->say.text);
    engine_conversation(stage->engine, command->conversation, &view);
    command->say.wants_human = heard_via_name(heard.via);
    command->say.care_kind = heard.via >= HEARD_VULNERABLE ? heard_kind_name(heard.kind) : STR_EMPTY;
    command->say.care = care_at_once(stage->workspace, &heard, view.language, &stage->arena);
    if (heard.via && heard.via < HEARD_VULNERABLE)
        command->say.topic = assistant_topic_meant(virtual_assistant(stage), command->say.text, view.language, &stage->arena);
}

static struct str approval_language(const struct virtual_stage *stage, uint64_t number)
{
    struct approval_view approval;
    struct conversation_view view = { .language = STR_EMPTY };
    if (engine_approval(stage->engine, number, &approval)) engine_conversation(stage->engine, approval.conversation, &view);
    return view.language;
}

/* What the node adds to a command of a session. */
static void add_own(struct virtual_stage *stage, struct command *command, const struct performer *by)
{
    struct str name = by && by->who != BY_CUSTOMER ? by->name : STR_EMPTY;
    switch (command->kind) {
    case COMMAND_SAY:
        command->say.name = name;
        if (by->who == BY_CUSTOMER) hear_out(stage, command);
        if (by->who == BY_CUSTOMER) virtual_take_code(stage, command);
        break;
    case COMMAND_OPEN: command->open.channel = STR("chat"); break;
    case COMMAND_ACCEPT: command->accept.name = name; break;
    case COMMAND_NOTE: command->note.name = name; break;
    case COMMAND_GIVE_APPROVAL: command->give_approval.name = name; break;
    case COMMAND_REFUSE_APPROVAL:
        command->refuse_approval.name = name;
        command->refuse_approval.note = assistant_not_approved(approval_language(stage, command->target), command->refuse_approval.reason, &stage->arena);
        break;
    case COMMAND_JOIN: command->join.name = name; break;
    case COMMAND_LEAVE: command->leave.name = name; break;
    case COMMAND_TAKE_OVER: command->take_over.name = name; break;
    case COMMAND_ASSIGN:
        for (size_t i = 0; i < stage->stage.cast->count; i++)
            if (stage->stage.cast->items[i]->id == command->assign.agent && stage->stage.cast->items[i]->who & BY_STAFF)
                command->assign.name = stage->stage.cast->items[i]->name;
        break;
    case COMMAND_ERASE_CUSTOMER: command->erase_customer.customer = command->target; break;
    default: break;
    }
}

static bool act(struct stage *base, struct err *err, const struct act *act, struct act_answer *answer)
{
    UNUSED(err);
    struct virtual_stage *stage = (struct virtual_stage *)base;
    struct virtual_seat *seat = act->by ? act->by->seat : NULL;
    struct command command = { .kind = act->kind, .actor = actor_of(act->by), .conversation = act->conversation,
        .target = act->target, .key = key_of(stage, act) };
    if (act->by && act->by->who == BY_CUSTOMER) command.customer = act->by->id;
    else command.agent = act->by ? act->by->id : act->target;
    bool erased = command.customer && engine_customer_erased(stage->engine, command.customer);
    if ((seat && seat->logged_out) || erased) {
        tell_refusal(REFUSAL_NOT_LOGGED_IN, answer);
        return true;
    }
    if (act->kind == COMMAND_SAY) stage_put_code(act->body, stage->code);
    enum refusal refusal = fill(stage, &command, act->body);
    stage->now_ms++; /* two commands are never given in the same instant */
    add_own(stage, &command, act->by);
    if (!refusal && command.kind == COMMAND_LEARN) refusal = virtual_check_learn(stage, &command);
    struct outcome outcome = { .refusal = refusal };
    if (!refusal) outcome = virtual_give(stage, &command);
    if (!outcome.refusal && command.kind == COMMAND_GIVE_APPROVAL) virtual_run_approved(stage, command.target);
    tell_refusal(outcome.refusal, answer);
    answer->repeated = outcome.repeated;
    answer->seq = outcome.seq;
    answer->conversation = outcome.conversation;
    answer->id = outcome.id;
    return true;
}

/* --- gestures --- */

static bool is_among(const uint64_t *ids, size_t count, uint64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id) return true;
    return false;
}

static enum refusal tell_typing(struct virtual_stage *stage, const struct performer *by, uint64_t conversation)
{
    struct conversation_view view;
    uint64_t staff[ENGINE_STAFF_IN_MAX];
    size_t count = engine_staff_in(stage->engine, conversation, staff);
    if (!engine_conversation(stage->engine, conversation, &view)) return REFUSAL_NOT_FOUND;
    if (by->who == BY_AGENT && !engine_agent_may_read(stage->engine, by->id, conversation, stage->now_ms)) return REFUSAL_NOT_FOUND;
    if (by->who != BY_CUSTOMER && !is_among(staff, count, by->id)) return REFUSAL_NOT_OWNER;
    const char *author = by->who == BY_CUSTOMER ? "customer" : by->id == view.agent ? "agent" : "supervisor";
    for (size_t i = 0; i < stage->stage.cast->count; i++) {
        struct performer *other = stage->stage.cast->items[i];
        bool concerned = other->who == BY_CUSTOMER ? other->id == view.customer && by->who != BY_CUSTOMER
                                                   : is_among(staff, count, other->id);
        if (!concerned || other == by) continue;
        json_array_append_new(other->inbox, json_pack("{s:s,s:I,s:s}", "type", "signal.typing", "conversation",
            (json_int_t)conversation, "author", author));
    }
    return REFUSAL_NONE;
}

static bool gesture(struct stage *base, struct err *err, struct performer *performer, enum gesture gesture,
                    uint64_t conversation, struct act_answer *answer)
{
    UNUSED(err);
    struct virtual_stage *stage = (struct virtual_stage *)base;
    struct virtual_seat *seat = performer->seat;
    struct command close = { .kind = COMMAND_CLOSE_SESSION, .actor = ACTOR_NODE, .agent = performer->id,
        .target = performer->id };
    switch (gesture) {
    case GESTURE_TYPING: tell_refusal(tell_typing(stage, performer, conversation), answer); break;
    case GESTURE_FILE: tell_refusal(REFUSAL_FILES_NOT_TAKEN, answer); break;
    case GESTURE_RECONNECT: break; /* nothing can be lost on the way here */
    case GESTURE_LOG_OUT:
        close.close_session = (struct command_close_session){ .given = 3, .session = seat->session, .reason = STR("logged_out") };
        tell_refusal(virtual_give(stage, &close).refusal, answer);
        seat->logged_out = true;
        break;
    }
    return true;
}

/* --- time --- */

static int64_t now(struct stage *base)
{
    return ((struct virtual_stage *)base)->now_ms;
}

static void beat(struct virtual_stage *stage)
{
    for (size_t i = 0; i < stage->stage.cast->count; i++) {
        const struct performer *performer = stage->stage.cast->items[i];
        if (!(performer->who & BY_STAFF) || !performer->on_duty || performer->dark) continue;
        struct command command = { .kind = COMMAND_HEARTBEAT, .actor = actor_of(performer), .agent = performer->id };
        virtual_give(stage, &command);
    }
    stage->next_beat = stage->now_ms + engine_settings(stage->engine)->lease_ms / 3;
}

static bool pass(struct stage *base, struct err *err, int64_t ms)
{
    UNUSED(err);
    struct virtual_stage *stage = (struct virtual_stage *)base;
    int64_t until = stage->now_ms + ms;
    const int64_t due[] = { engine_next_wake(stage->engine), virtual_next_thought(stage), stage->next_beat };
    for (size_t i = 0; i < ARRAY_LEN(due); i++)
        if (due[i] < until) until = due[i];
    if (until > stage->now_ms) stage->now_ms = until;
    if (stage->now_ms >= stage->next_beat) beat(stage);
    virtual_think(stage);
    if (engine_next_wake(stage->engine) <= stage->now_ms)
        virtual_give(stage, &(struct command){ .kind = COMMAND_WAKE, .actor = ACTOR_NODE });
    return true;
}

/* --- a crash: all that is left is the log --- */

static bool replay(struct err *err, struct virtual_stage *stage, struct engine *engine)
{
    struct buf record;
    bool fine = true;
    buf_init(&record, LIMIT_RECORD);
    for (size_t i = 0; fine && i < stage->count; i++) {
        struct event event;
        buf_clear(&record);
        event_encode(&stage->events[i], &record);
        fine = event_decode(err, buf_str(&record), &event);
        event.seq = stage->events[i].seq;
        if (fine) engine_apply(engine, &event);
    }
    buf_free(&record);
    return fine;
}

static bool crash(struct stage *base, struct err *err)
{
    struct virtual_stage *stage = (struct virtual_stage *)base;
    struct engine *engine = engine_new();
    struct buf before, after;
    buf_init(&before, LIMIT_SNAPSHOT);
    buf_init(&after, LIMIT_SNAPSHOT);
    bool fine = replay(err, stage, engine);
    engine_encode(stage->engine, &before);
    engine_encode(engine, &after);
    if (fine && !str_equal(buf_str(&before), buf_str(&after)))
        fine = err_set(err, "the state read back from the log is not the state before the crash");
    engine_free(stage->engine);
    stage->engine = engine;
    stage->thought_count = 0;
    if (fine) {
        engine_start(engine, stage->now_ms);
        virtual_take_up(stage);
    }
    buf_free(&before);
    buf_free(&after);
    return fine;
}

/* --- beginning and end of a play --- */

static bool begin(struct stage *base, struct err *err, const struct script *script)
{
    struct virtual_stage *stage = (struct virtual_stage *)base;
    struct buf settings;
    stage->engine = engine_new();
    stage->now_ms = VIRTUAL_BEGIN_MS;
    stage->next_beat = stage->now_ms + 1000;
    buf_init(&settings, LIMIT_SETTINGS);
    workspace_engine_settings(stage->workspace, &settings);
    /* The last line of a name counts, so the script's settings come in place of the workspace's. */
    struct buf merged;
    buf_init(&merged, LIMIT_SETTINGS);
    struct str rest = buf_str(&settings), line;
    while (str_split(&rest, '\n', &line)) {
        struct str value = line, name;
        str_split(&value, ' ', &name);
        bool replaced = false;
        for (size_t i = 0; i < script->count; i++)
            replaced |= script->statements[i].verb == SCRIPT_SETTING &&
                        str_equal(script_argument(&script->statements[i], 0)->text, name);
        if (line.len && !replaced) buf_add_format(&merged, "%.*s\n", STR_ARG(line));
    }
    for (size_t i = 0; i < script->count; i++)
        if (script->statements[i].verb == SCRIPT_SETTING)
            buf_add_format(&merged, "%.*s %lld\n", STR_ARG(script_argument(&script->statements[i], 0)->text),
                           (long long)script_argument(&script->statements[i], 1)->number);
    struct command command = { .kind = COMMAND_CONFIGURE, .actor = ACTOR_NODE };
    command.configure = (struct command_configure){ .given = 3, .version = stage->workspace->version,
        .settings = buf_str(&merged) };
    struct outcome outcome = virtual_give(stage, &command);
    engine_start(stage->engine, stage->now_ms);
    buf_free(&settings);
    buf_free(&merged);
    return outcome.refusal ? err_set(err, "%.*s: the settings are refused: %s", STR_ARG(script->file),
                                     refusal_table[outcome.refusal].sentence) : true;
}

static void end(struct stage *base)
{
    struct virtual_stage *stage = (struct virtual_stage *)base;
    virtual_forget(stage);
    engine_free(stage->engine);
    memory_free(stage->events);
    memory_free(stage->thoughts);
    memory_free(stage->actions);
    events_free(&stage->fresh);
    map_free(&stage->customers);
    map_free(&stage->dialogues);
    map_free(&stage->last_texts);
    arena_free(&stage->arena);
    *stage = (struct virtual_stage){ .stage = stage->stage, .workspace = stage->workspace, .assistant = stage->assistant };
}

struct virtual_stage *virtual_new(struct err *err, const char *directory)
{
    struct problems problems = { 0 };
    struct virtual_stage *stage = MEMORY_NEW(struct virtual_stage);
    stage->workspace = workspace_read(directory, &problems);
    if (!stage->workspace)
        err_set(err, "%.*s: %.*s; %.*s", STR_ARG(problems.items[0].file), STR_ARG(problems.items[0].what),
                STR_ARG(problems.items[0].cure));
    problems_free(&problems);
    stage->assistant = stage->workspace ? assistant_new(err, stage->workspace) : NULL;
    stage->stage = (struct stage){ .begin = begin, .enter = enter, .act = act, .gesture = gesture,
        .direct = virtual_direct, .pull = pull, .look = virtual_look, .now = now, .pass = pass, .crash = crash, .end = end };
    if (stage->assistant) return stage;
    virtual_free(stage);
    return NULL;
}

struct stage *virtual_stage(struct virtual_stage *stage)
{
    return &stage->stage;
}

void virtual_free(struct virtual_stage *stage)
{
    if (!stage) return;
    if (stage->assistant) assistant_free(stage->assistant);
    if (stage->workspace) workspace_free(stage->workspace);
    memory_free(stage);
}
