#include "engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/memory.h"

static void keep(struct story *story, const struct event *event)
{
    struct buf record;
    buf_init(&record, LIMIT_RECORD);
    event_encode(event, &record);
    assert_false(record.full);
    if (story->log_count == story->log_room) {
        story->log_room = story->log_room ? story->log_room * 2 : 64;
        story->log = memory_resize(story->log, story->log_room, sizeof *story->log);
    }
    story->log[story->log_count++] = (struct story_record){ event->seq, buf_str(&record) };
}

enum refusal story_give(struct story *story, const struct command *command)
{
    events_clear(&story->events);
    story->outcome = engine_handle(story->engine, story->now_ms, command, &story->events);
    for (size_t i = 0; i < story->events.count; i++) keep(story, &story->events.items[i]);
    return story->outcome.refusal;
}

static void give(struct story *story, const struct command *command)
{
    enum refusal refusal = story_give(story, command);
    if (refusal) fail_msg("%s was refused: %s", command_table[command->kind].name, refusal_table[refusal].code);
}

enum refusal story_configure(struct story *story, const char *version, const char *settings)
{
    struct command command = story_by_node(COMMAND_CONFIGURE);
    command.configure.version = str_of(version);
    command.configure.settings = str_of(settings);
    return story_give(story, &command);
}

void story_begin_with(struct story *story, const char *settings)
{
    *story = (struct story){ .engine = engine_new(), .now_ms = STORY_START };
    assert_int_equal(story_configure(story, "1", settings), REFUSAL_NONE);
}

void story_begin(struct story *story)
{
    story_begin_with(story, STORY_SETTINGS);
}

static void encode(const struct engine *engine, struct buf *out)
{
    buf_init(out, LIMIT_SNAPSHOT);
    engine_encode(engine, out);
    assert_false(out->full);
}

void story_check_replay(const struct story *story)
{
    struct engine *replayed = engine_new(), *restored = engine_new();
    struct err err;
    for (size_t i = 0; i < story->log_count; i++) {
        struct event event = { .seq = story->log[i].seq };
        if (!event_decode(&err, story->log[i].bytes, &event)) fail_msg("%s", err.text);
        engine_apply(replayed, &event);
    }
    struct buf live, again, third;
    encode(story->engine, &live);
    encode(replayed, &again);
    assert_int_equal(live.len, again.len);
    assert_memory_equal(live.data, again.data, live.len);
    if (!engine_decode(&err, restored, buf_str(&live))) fail_msg("%s", err.text);
    encode(restored, &third);
    assert_int_equal(live.len, third.len);
    assert_memory_equal(live.data, third.data, live.len);
    buf_free(&live);
    buf_free(&again);
    buf_free(&third);
    engine_free(replayed);
    engine_free(restored);
}

void story_end(struct story *story)
{
    story_check_replay(story);
    engine_free(story->engine);
    events_free(&story->events);
    for (size_t i = 0; i < story->log_count; i++) memory_free((char *)(uintptr_t)story->log[i].bytes.data);
    memory_free(story->log);
}

void story_wait(struct story *story, int64_t ms)
{
    int64_t until = story->now_ms + ms;
    struct command wake = story_by_node(COMMAND_WAKE);
    for (int64_t next; (next = engine_next_wake(story->engine)) <= until; ) {
        if (next > story->now_ms) story->now_ms = next;
        give(story, &wake);
    }
    story->now_ms = until;
}

static bool beat(void *context, const struct agent_view *agent)
{
    struct story *story = context;
    struct command command = story_by_agent(COMMAND_HEARTBEAT, agent->id, 0);
    assert_int_equal(engine_handle(story->engine, story->now_ms, &command, &story->events).refusal, REFUSAL_NONE);
    return true;
}

void story_wait_alive(struct story *story, int64_t ms)
{
    int64_t step = engine_settings(story->engine)->lease_ms / 3;
    for (; ms > 0; ms -= step) {
        engine_each_agent(story->engine, beat, story);
        story_wait(story, ms < step ? ms : step);
    }
}

struct command story_by_customer(enum command_kind kind, uint64_t customer, uint64_t conversation)
{
    return (struct command){ .kind = kind, .actor = ACTOR_CUSTOMER, .customer = customer, .conversation = conversation };
}

struct command story_by_agent(enum command_kind kind, uint64_t agent, uint64_t conversation)
{
    return (struct command){ .kind = kind, .actor = ACTOR_AGENT, .agent = agent, .conversation = conversation };
}

struct command story_by_supervisor(enum command_kind kind, uint64_t agent, uint64_t conversation)
{
    return (struct command){ .kind = kind, .actor = ACTOR_SUPERVISOR, .agent = agent, .conversation = conversation };
}

struct command story_by_assistant(enum command_kind kind, uint64_t conversation)
{
    return (struct command){ .kind = kind, .actor = ACTOR_ASSISTANT, .conversation = conversation };
}

struct command story_by_node(enum command_kind kind)
{
    return (struct command){ .kind = kind, .actor = ACTOR_NODE };
}

uint64_t story_customer(struct story *story)
{
    struct command command = story_by_node(COMMAND_SEE_CUSTOMER);
    command.see_customer.language = STR("en");
    give(story, &command);
    return story->outcome.id;
}

uint64_t story_staff(struct story *story, const char *role, const char *skills, const char *languages)
{
    struct command command = story_by_node(COMMAND_ADD_AGENT);
    command.add_agent = (struct command_add_agent){
        .login = STR("login"), .name = STR("Ana"), .role = str_of(role), .skills = str_of(skills),
        .languages = str_of(languages), .login_digest = { 1, ++story->logins } };
    give(story, &command);
    return story->outcome.id;
}

uint64_t story_agent(struct story *story, const char *skills, const char *languages)
{
    return story_staff(story, "agent", skills, languages);
}

void story_presence(struct story *story, uint64_t agent, const char *state)
{
    struct command command = story_by_agent(COMMAND_SET_PRESENCE, agent, 0);
    command.set_presence.state = str_of(state);
    give(story, &command);
}

void story_online(struct story *story, uint64_t agent)
{
    story_presence(story, agent, "online");
}

uint64_t story_open(struct story *story, uint64_t customer)
{
    struct command command = story_by_customer(COMMAND_OPEN, customer, 0);
    give(story, &command);
    return story->outcome.conversation;
}

uint64_t story_say(struct story *story, uint64_t customer, uint64_t conversation, const char *text)
{
    struct command command = story_by_customer(COMMAND_SAY, customer, conversation);
    command.say.text = str_of(text);
    give(story, &command);
    return story_event(story, EVENT_MESSAGE_SENT)->seq;
}

void story_ask_human(struct story *story, uint64_t customer, uint64_t conversation)
{
    struct command command = story_by_customer(COMMAND_ASK_HUMAN, customer, conversation);
    give(story, &command);
}

uint64_t story_waiting(struct story *story, uint64_t customer)
{
    uint64_t conversation = story_open(story, customer);
    story_say(story, customer, conversation, "I need a person");
    story_ask_human(story, customer, conversation);
    return conversation;
}

void story_answer(struct story *story, uint64_t conversation, const char *topic, const char *text)
{
    struct command command = story_by_assistant(COMMAND_ASSISTANT_REPLY, conversation);
    command.assistant_reply = (struct command_assistant_reply){
        .turn = story_conversation(story, conversation).turn, .decision = STR("answer"),
        .topic = str_of(topic), .text = str_of(text), .confidence = 900 };
    give(story, &command);
}

uint64_t story_accept(struct story *story, uint64_t agent)
{
    struct command command = story_by_agent(COMMAND_ACCEPT, agent, 0);
    command.target = story_offer_of(story, agent);
    command.accept.name = STR("Ana");
    assert_true(command.target);
    give(story, &command);
    return story->outcome.conversation;
}

void story_decline(struct story *story, uint64_t agent)
{
    struct command command = story_by_agent(COMMAND_DECLINE, agent, 0);
    command.target = story_offer_of(story, agent);
    assert_true(command.target);
    give(story, &command);
}

void story_resolve(struct story *story, uint64_t agent, uint64_t conversation)
{
    struct command command = story_by_agent(COMMAND_RESOLVE, agent, conversation);
    command.resolve.disposition = STR("solved");
    give(story, &command);
}

struct conversation_view story_conversation(const struct story *story, uint64_t conversation)
{
    struct conversation_view view;
    assert_true(engine_conversation(story->engine, conversation, &view));
    return view;
}

struct agent_view story_agent_view(const struct story *story, uint64_t agent)
{
    struct agent_view view;
    assert_true(engine_agent(story->engine, agent, &view));
    return view;
}

uint64_t story_offer_of(const struct story *story, uint64_t agent)
{
    uint64_t offer = 0;
    engine_offers_of_agent(story->engine, agent, &offer, 1);
    return offer;
}

size_t story_count(const struct story *story, enum event_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < story->events.count; i++) count += story->events.items[i].kind == kind;
    return count;
}

const struct event *story_event(const struct story *story, enum event_kind kind)
{
    for (size_t i = 0; i < story->events.count; i++)
        if (story->events.items[i].kind == kind) return &story->events.items[i];
    return NULL;
}

const char *story_kinds(const struct story *story, char *text, size_t len)
{
    size_t at = 0;
    text[0] = '\0';
    for (size_t i = 0; i < story->events.count && at < len; i++)
        at += (size_t)snprintf(text + at, len - at, "%s%s", i ? " " : "", event_table[story->events.items[i].kind].name);
    return text;
}
