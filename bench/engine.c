/* The engine alone, on one core: commands a second on a mix, and how long one decision takes with
 * 10,000 conversations waiting and 10,000 agents. The peer, in the same run and on the same queue, is
 * the plain way (Asterisk's app_queue, without its allocations): look at every candidate each time. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/memory.h"
#include "base/random.h"
#include "engine/state.h"

#define START_MS 1790000000000

struct bench {
    struct engine *engine;
    struct events events;
    struct random random;
    int64_t now_ms;
    uint64_t keys, commands, done;
};

/* Time of this thread on the processor: what other programs do meanwhile does not count. */
static uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static struct outcome give(struct bench *bench, struct command *command)
{
    /* As the gateway does: what a client sends has a key, what beckon itself does has none. */
    if (!(command->actor & (ACTOR_NODE | ACTOR_ASSISTANT)) && command->kind != COMMAND_HEARTBEAT)
        command->key = (struct command_key){ { random_next(&bench->random), ++bench->keys }, bench->keys };
    events_clear(&bench->events);
    struct outcome outcome = engine_handle(bench->engine, bench->now_ms, command, &bench->events);
    bench->commands++;
    bench->done += !outcome.refusal;
    return outcome;
}

static struct command by(enum command_kind kind, enum actor actor, uint64_t who, uint64_t conversation)
{
    struct command command = { .kind = kind, .actor = actor, .conversation = conversation };
    if (actor == ACTOR_CUSTOMER) command.customer = who;
    else command.agent = who;
    return command;
}

static uint64_t new_customer(struct bench *bench)
{
    struct command command = by(COMMAND_SEE_CUSTOMER, ACTOR_NODE, 0, 0);
    command.see_customer.language = STR("l0");
    return give(bench, &command).id;
}

static uint64_t new_agent(struct bench *bench, struct str skills, struct str languages, uint64_t capacity)
{
    struct command command = by(COMMAND_ADD_AGENT, ACTOR_NODE, 0, 0);
    command.add_agent = (struct command_add_agent){ .login = STR("login"), .name = STR("name"), .skills = skills,
        .languages = languages, .capacity = capacity, .login_digest = { 1, random_next(&bench->random) } };
    uint64_t agent = give(bench, &command).id;
    command = by(COMMAND_SET_PRESENCE, ACTOR_AGENT, agent, 0);
    command.set_presence.state = STR("online");
    give(bench, &command);
    return agent;
}

enum { SKILLS = 64, LANGUAGES = 8, TOPICS = 600 };

/* Topic i needs up to three skills; the first half of the topics only skills of the first half. */
static uint64_t topic_skills(uint64_t topic)
{
    struct random random = { topic + 1 };
    uint64_t bits = 0, base = topic < TOPICS / 2 ? 0 : SKILLS / 2;
    for (uint64_t i = 0; i <= topic % 3; i++) bits |= (uint64_t)1 << (base + random_below(&random, SKILLS / 2));
    return bits;
}

static struct str skill_list(struct arena *arena, uint64_t bits)
{
    struct str list = STR_EMPTY;
    for (int i = 0; i < SKILLS; i++)
        if (bits >> i & 1) list = arena_format(arena, "%.*s%ss%d", STR_ARG(list), list.len ? "," : "", i);
    return list;
}

static void begin(struct bench *bench)
{
    struct arena arena = { 0 };
    struct buf text;
    buf_init(&text, LIMIT_SETTINGS);
    *bench = (struct bench){ .engine = engine_new(), .random = { 1 }, .now_ms = START_MS };
    buf_add_str(&text, STR("wrapup_ms 0\nlease_ms 300000\n"));
    for (int i = 0; i < LANGUAGES; i++) buf_add_format(&text, "language l%d\n", i);
    for (int i = 0; i < SKILLS; i++) buf_add_format(&text, "skill s%d\n", i);
    for (uint64_t i = 0; i < TOPICS; i++) {
        struct str skills = skill_list(&arena, topic_skills(i));
        buf_add_format(&text, "topic t%d %.*s\n", (int)i, STR_ARG(skills));
    }
    struct command command = by(COMMAND_CONFIGURE, ACTOR_NODE, 0, 0);
    command.configure = (struct command_configure){ .version = STR("1"), .settings = buf_str(&text) };
    must(!give(bench, &command).refusal);
    buf_free(&text);
    arena_free(&arena);
}

static void end(struct bench *bench)
{
    engine_free(bench->engine);
    events_free(&bench->events);
}

/* --- the mix --- */

/* More than a whole Klarna month has going on at a time (about 540). */
enum { SLOTS = 1000, MIX_AGENTS = 400, MIX_COMMANDS = 6000000 };

struct slot {
    uint64_t customer, conversation, agent;
    int step;
};

static void say(struct bench *bench, enum actor actor, uint64_t who, uint64_t conversation)
{
    struct command command = by(COMMAND_SAY, actor, who, conversation);
    command.say.text = STR("When is my next payment due, and can I move it to the tenth?");
    give(bench, &command);
}

static void answer(struct bench *bench, uint64_t conversation)
{
    struct conversation_view view;
    must(engine_conversation(bench->engine, conversation, &view));
    struct command command = by(COMMAND_ASSISTANT_REPLY, ACTOR_ASSISTANT, 0, conversation);
    command.assistant_reply = (struct command_assistant_reply){ .turn = view.turn, .decision = STR("answer"),
        .topic = STR("t7"), .confidence = 900, .text = STR("On the fifth; yes, twice a year.") };
    give(bench, &command);
}

static void mark(struct bench *bench, uint64_t customer, uint64_t conversation)
{
    struct conversation_view view;
    must(engine_conversation(bench->engine, conversation, &view));
    struct command command = by(COMMAND_MARK, ACTOR_CUSTOMER, customer, conversation);
    command.mark = (struct command_mark){ .mark = STR("read"), .up_to = view.last_message };
    give(bench, &command);
}

/* The agent who was offered it accepts. */
static bool accept(struct bench *bench, struct slot *slot)
{
    struct conversation_view view;
    must(engine_conversation(bench->engine, slot->conversation, &view));
    if (!view.offer) return false;
    struct command command = by(COMMAND_ACCEPT, ACTOR_AGENT, view.offered_to, 0);
    command.target = view.offer;
    slot->agent = view.offered_to;
    return !give(bench, &command).refusal;
}

/* One step of a conversation's life: 14 commands, every third of them with a person. */
static void step(struct bench *bench, struct slot *slot)
{
    struct command command;
    bool human = slot->customer % 3 == 0;
    switch (slot->step++) {
    case 0:
        if (!slot->customer) slot->customer = new_customer(bench);
        command = by(COMMAND_OPEN, ACTOR_CUSTOMER, slot->customer, 0);
        slot->conversation = give(bench, &command).conversation;
        break;
    case 1: case 3: case 5: say(bench, ACTOR_CUSTOMER, slot->customer, slot->conversation); break;
    case 2: case 4: answer(bench, slot->conversation); break;
    case 6:
        command = by(COMMAND_ASK_HUMAN, ACTOR_CUSTOMER, slot->customer, slot->conversation);
        if (human) give(bench, &command);
        else answer(bench, slot->conversation);
        break;
    case 7:
        if (!human) mark(bench, slot->customer, slot->conversation);
        else if (!accept(bench, slot)) slot->step--; /* nobody free yet */
        break;
    case 8: case 10:
        if (human) say(bench, ACTOR_AGENT, slot->agent, slot->conversation);
        break;
    case 9: case 11:
        if (human) mark(bench, slot->customer, slot->conversation);
        break;
    case 12:
        command = by(COMMAND_RESOLVE, ACTOR_AGENT, slot->agent, slot->conversation);
        command.resolve.disposition = STR("solved");
        if (!human) command = by(COMMAND_END, ACTOR_CUSTOMER, slot->customer, slot->conversation);
        give(bench, &command);
        break;
    default:
        command = by(COMMAND_RATE, ACTOR_CUSTOMER, slot->customer, slot->conversation);
        command.rate.stars = 5;
        give(bench, &command);
        slot->step = 0;
    }
}

static void measure_mix(void)
{
    struct bench bench;
    begin(&bench);
    struct arena arena = { 0 };
    uint64_t *agents = MEMORY_NEW_ARRAY(uint64_t, MIX_AGENTS);
    struct slot *slots = MEMORY_NEW_ARRAY(struct slot, SLOTS);
    for (int i = 0; i < MIX_AGENTS; i++)
        agents[i] = new_agent(&bench, skill_list(&arena, topic_skills(7) | (uint64_t)1 << i % SKILLS), STR("l0"), 3);
    for (int i = 0; i < SLOTS; i++) slots[i].step = 0;
    struct command wake = by(COMMAND_WAKE, ACTOR_NODE, 0, 0);
    bench.commands = bench.done = 0;
    uint64_t from = now_ns();
    for (uint64_t i = 0; bench.commands < MIX_COMMANDS; i++) {
        step(&bench, &slots[random_below(&bench.random, SLOTS)]);
        if (i % 4) continue;
        struct command beat = by(COMMAND_HEARTBEAT, ACTOR_AGENT, agents[i / 4 % MIX_AGENTS], 0);
        give(&bench, &beat);
        if (i % 16) continue;
        bench.now_ms += 1;
        if (engine_next_wake(bench.engine) <= bench.now_ms) give(&bench, &wake);
    }
    double seconds = (double)(now_ns() - from) / 1e9;
    must(bench.done * 100 > bench.commands * 99);
    printf("engine: commands of a mix, one core, a million keys remembered\t%.0f\t/s\t>= 2,000,000 /s\t%.1f events a command\t\n",
           (double)bench.commands / seconds, (double)engine_seq(bench.engine) / (double)bench.commands);
    memory_free(agents);
    memory_free(slots);
    arena_free(&arena);
    end(&bench);
}

/* --- one decision --- */

enum { WAITING = 10000, AGENTS = 10000, ROUNDS = 20000 };

/* The same situation as plain arrays. */
struct plain_agent { uint64_t id, skills; uint32_t languages; bool free; int64_t idle_since; };
struct plain_chat { uint64_t id, skills; uint32_t language; bool waits; int64_t wait_from; };

struct hall {
    struct bench bench;
    uint64_t busy[AGENTS / 2], busy_chats[AGENTS / 2];
    struct plain_agent *agents;
    struct plain_chat *chats;
    size_t agent_count, chat_count;
};

static uint64_t waiting_chat(struct bench *bench, uint64_t topic, uint64_t language)
{
    char text[16];
    uint64_t customer = new_customer(bench);
    struct command command = by(COMMAND_OPEN, ACTOR_CUSTOMER, customer, 0);
    snprintf(text, sizeof text, "l%d", (int)language);
    command.open.language = str_of(text);
    uint64_t conversation = give(bench, &command).conversation;
    say(bench, ACTOR_CUSTOMER, customer, conversation);
    struct conversation_view view;
    must(engine_conversation(bench->engine, conversation, &view));
    snprintf(text, sizeof text, "t%d", (int)topic);
    command = by(COMMAND_ASSISTANT_REPLY, ACTOR_ASSISTANT, 0, conversation);
    command.assistant_reply = (struct command_assistant_reply){ .turn = view.turn, .decision = STR("answer"),
        .topic = str_of(text), .text = STR("Hm.") };
    give(bench, &command);
    return conversation;
}

static void ask(struct bench *bench, uint64_t conversation)
{
    struct conversation_view view;
    must(engine_conversation(bench->engine, conversation, &view));
    struct command command = by(COMMAND_ASK_HUMAN, ACTOR_CUSTOMER, view.customer, conversation);
    must(!give(bench, &command).refusal);
}

/* `kinds` different mixes of skills and languages among the agents of each half.
 * Half of the agents serve the first half of the skills: they are all busy, and 10,000 conversations
 * wait for them. The other half serve the second half of the skills, and are free. */
static void fill(struct hall *hall, uint64_t kinds)
{
    struct bench *bench = &hall->bench;
    struct arena arena = { 0 };
    struct random random = { 5 };
    begin(bench);
    struct command add = by(COMMAND_ADD_AGENT, ACTOR_NODE, 0, 0);
    add.add_agent = (struct command_add_agent){ .login = STR("login"), .name = STR("name"), .role = STR("supervisor"),
        .languages = STR("l0"), .login_digest = { 2, 1 } };
    uint64_t supervisor = give(bench, &add).id;
    hall->agents = MEMORY_NEW_ARRAY(struct plain_agent, AGENTS);
    hall->chats = MEMORY_NEW_ARRAY(struct plain_chat, WAITING);
    for (int i = 0; i < AGENTS; i++) {
        bool busy = i < AGENTS / 2;
        struct random kind = { 1 + (uint64_t)i % kinds };
        uint64_t skills = 0, language = random_below(&kind, LANGUAGES), base = busy ? 0 : SKILLS / 2;
        for (int j = 0; j < 12; j++) skills |= (uint64_t)1 << (base + random_below(&kind, SKILLS / 2));
        struct str languages = arena_format(&arena, language ? "l0,l%d" : "l%d", (int)language);
        uint64_t id = new_agent(bench, skill_list(&arena, skills), languages, 1);
        bench->now_ms += 1;
        hall->agents[hall->agent_count++] = (struct plain_agent){ id, skills, (uint32_t)(1u << language | 1), !busy, bench->now_ms };
        if (!busy) continue;
        hall->busy[i] = id;
        uint64_t chat = hall->busy_chats[i] = waiting_chat(bench, 0, 0);
        struct command assign = by(COMMAND_ASSIGN, ACTOR_SUPERVISOR, supervisor, chat);
        assign.assign.agent = id;
        must(!give(bench, &assign).refusal);
    }
    for (int i = 0; i < WAITING; i++) {
        uint64_t topic = random_below(&random, TOPICS / 2), language = random_below(&random, LANGUAGES);
        uint64_t id = waiting_chat(bench, topic, language);
        ask(bench, id);
        hall->chats[hall->chat_count++] =
            (struct plain_chat){ id, topic_skills(topic), 1u << language, true, bench->now_ms };
        if (i % 8 == 0) bench->now_ms += 1;
    }
    arena_free(&arena);
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static double quantile_us(uint64_t *times, size_t count, double q)
{
    qsort(times, count, sizeof *times, by_size);
    return (double)times[(size_t)((double)(count - 1) * q)] / 1000;
}

/* What the plain way does when an agent comes free, and when a conversation begins to wait. */
static const struct plain_chat *plain_take(const struct hall *hall, const struct plain_agent *agent)
{
    const struct plain_chat *best = NULL;
    for (size_t i = 0; i < hall->chat_count; i++) {
        const struct plain_chat *chat = &hall->chats[i];
        if (!chat->waits || (agent->skills & chat->skills) != chat->skills || !(agent->languages & chat->language)) continue;
        if (!best || chat->wait_from < best->wait_from) best = chat;
    }
    return best;
}

static const struct plain_agent *plain_ask(const struct hall *hall, uint64_t skills, uint32_t language)
{
    const struct plain_agent *best = NULL;
    for (size_t i = 0; i < hall->agent_count; i++) {
        const struct plain_agent *agent = &hall->agents[i];
        if (!agent->free || (agent->skills & skills) != skills || !(agent->languages & language)) continue;
        if (!best || agent->idle_since < best->idle_since) best = agent;
    }
    return best;
}

static void report(const char *what, uint64_t *ours, uint64_t *plain, size_t count)
{
    double p50 = quantile_us(ours, count, 0.5), p99 = quantile_us(ours, count, 0.99);
    double plain50 = quantile_us(plain, count, 0.5), plain99 = quantile_us(plain, count, 0.99);
    printf("engine: %s, p50\t%.2f\tus\t< 50 us\tlooking at everybody: %.1f us\t%.2f\n", what, p50, plain50, p50 / plain50);
    printf("engine: %s, p99\t%.2f\tus\t< 50 us\tlooking at everybody: %.1f us\t%.2f\n", what, p99, plain99, p99 / plain99);
}

/* An agent resolves a conversation and is offered the next at once; the place in the queue is filled
 * again, so that 10,000 wait for each decision. */
static void measure_freed(struct hall *hall, uint64_t *ours, uint64_t *plain)
{
    struct bench *bench = &hall->bench;
    size_t offers = 0;
    for (int round = 0; round < ROUNDS; round++) {
        int i = (int)random_below(&bench->random, AGENTS / 2);
        const struct plain_agent *agent = &hall->agents[i];
        struct command command = by(COMMAND_RESOLVE, ACTOR_AGENT, hall->busy[i], hall->busy_chats[i]);
        command.resolve.disposition = STR("solved");
        uint64_t from = now_ns();
        must(!give(bench, &command).refusal);
        ours[round] = now_ns() - from;
        from = now_ns();
        const struct plain_chat *chosen = plain_take(hall, agent);
        plain[round] = now_ns() - from;
        struct agent_view view;
        must(chosen && engine_agent(bench->engine, agent->id, &view) && view.offered == 1);
        offers++;
        struct slot slot = { .conversation = bench->events.items[bench->events.count - 1].conversation };
        must(slot.conversation == chosen->id && accept(bench, &slot));
        hall->busy_chats[i] = slot.conversation;
        struct plain_chat *place = &hall->chats[chosen - hall->chats];
        uint64_t topic = random_below(&bench->random, TOPICS / 2), language = random_below(&bench->random, LANGUAGES);
        if (round % 4 == 0) bench->now_ms += 1;
        *place = (struct plain_chat){ waiting_chat(bench, topic, language), topic_skills(topic), 1u << language, true, bench->now_ms };
        ask(bench, place->id);
        /* Equal times go by number in the engine, and by place in the plain list. */
        struct plain_chat moved = *place;
        memmove(place, place + 1, (size_t)(hall->chats + hall->chat_count - place - 1) * sizeof *place);
        hall->chats[hall->chat_count - 1] = moved;
    }
    must(offers == ROUNDS);
}

/* A customer asks for a person and one of 5,000 free agents is asked at once; the customer then
 * leaves, so that as many are free for each decision. */
static void measure_asked(struct hall *hall, uint64_t *ours, uint64_t *plain)
{
    struct bench *bench = &hall->bench;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t topic = TOPICS / 2 + random_below(&bench->random, TOPICS / 2);
        uint64_t chat = waiting_chat(bench, topic, 0);
        struct conversation_view view;
        must(engine_conversation(bench->engine, chat, &view));
        struct command command = by(COMMAND_ASK_HUMAN, ACTOR_CUSTOMER, view.customer, chat);
        uint64_t from = now_ns();
        must(!give(bench, &command).refusal);
        ours[round] = now_ns() - from;
        from = now_ns();
        const struct plain_agent *chosen = plain_ask(hall, topic_skills(topic), 1);
        plain[round] = now_ns() - from;
        must(engine_conversation(bench->engine, chat, &view));
        must(view.offered_to == (chosen ? chosen->id : 0));
        command = by(COMMAND_END, ACTOR_CUSTOMER, view.customer, chat);
        must(!give(bench, &command).refusal);
    }
}

static void measure_decisions(uint64_t kinds)
{
    char name[96];
    struct hall *hall = MEMORY_NEW(struct hall);
    uint64_t *ours = MEMORY_NEW_ARRAY(uint64_t, ROUNDS), *plain = MEMORY_NEW_ARRAY(uint64_t, ROUNDS);
    fill(hall, kinds);
    measure_freed(hall, ours, plain);
    snprintf(name, sizeof name, "one of %llu kinds of agents comes free, 10,000 wait", (unsigned long long)kinds * 2);
    report(name, ours, plain, ROUNDS);
    measure_asked(hall, ours, plain);
    snprintf(name, sizeof name, "a person is asked for, 10,000 agents of %llu kinds", (unsigned long long)kinds * 2);
    report(name, ours, plain, ROUNDS);
    end(&hall->bench);
    memory_free(hall->agents);
    memory_free(hall->chats);
    memory_free(hall);
    memory_free(ours);
    memory_free(plain);
}

int main(void)
{
    measure_mix();
    fflush(stdout);
    measure_decisions(200);
    measure_decisions(AGENTS / 2); /* no two agents alike */
    return 0;
}
