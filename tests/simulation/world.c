#include "world.h"

#include <stdio.h>

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "promise.h"

#define HOUR_MS 3600000
#define REPEAT_MS (20 * HOUR_MS) /* clients give up before the engine forgets their keys */

/* --- commands and what becomes of them --- */

struct deed *world_deed(struct world *world, enum command_kind kind, enum actor actor)
{
    struct deed *deed = MEMORY_NEW(struct deed);
    deed->command.kind = kind;
    deed->command.actor = actor;
    deed->command.key = (struct command_key){ { 77, ++world->keys }, random_next(&world->random) };
    deed->actor = -1;
    if (world->deed_count == world->deed_room) {
        world->deed_room = world->deed_room ? world->deed_room * 2 : 256;
        world->deeds = memory_resize(world->deeds, world->deed_room, sizeof(struct deed *));
    }
    world->deeds[world->deed_count++] = deed;
    return deed;
}

/* The replica takes each event as it stands in the log: personal fields are noise to it (P6, P8). */
static void follow(struct world *world, size_t from)
{
    for (size_t i = from; i < world->events.count; i++) {
        struct event sealed;
        store_add(world->store, &world->events.items[i], &sealed);
        shadow_before(world->shadow, world->replica, &sealed);
        engine_apply(world->replica, &sealed);
        shadow_after(world->shadow, world->replica, &sealed);
    }
}

static void trace(const struct world *world, const struct command *command, const struct outcome *outcome)
{
    if (!world->trace) return;
    printf("%lld %s by %d: %s%s seq %llu conversation %llu\n", (long long)world->clock_ms,
           command_table[command->kind].name, command->actor, refusal_table[outcome->refusal].code,
           outcome->repeated ? " (repeated)" : "", (unsigned long long)outcome->seq,
           (unsigned long long)outcome->conversation);
    for (size_t i = 0; i < world->events.count; i++) {
        struct buf json;
        buf_init(&json, LIMIT_RECORD);
        event_json(&world->events.items[i], VIEWER_SUPERVISOR, &json);
        printf("    %.*s\n", STR_ARG(buf_str(&json)));
        buf_free(&json);
    }
}

/* P3: who gave no sign for so long is not there, whatever the engine holds in its heaps. */
static void check_leases(const struct world *world)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&world->engine->agents, &i, &slot); ) {
        const struct agent *agent = slot.value;
        int64_t sign = (int64_t)(intptr_t)map_get(&world->signs, agent->id);
        if (agent->state == AGENT_OFFLINE) continue;
        if (sign < world->started_ms) sign = world->started_ms;
        if (sign < agent->state_since) sign = agent->state_since;
        invariant(sign + world->engine->settings.lease_ms > world->engine->now_ms,
                  "agent %llu is %s and gave no sign for %lld ms", (unsigned long long)agent->id,
                  agent_state_names[agent->state], (long long)(world->engine->now_ms - sign));
    }
}

static struct outcome give(struct world *world, const struct command *command)
{
    bool look = world_chance(world, 50);
    struct buf before, after;
    buf_init(&before, LIMIT_SNAPSHOT);
    buf_init(&after, LIMIT_SNAPSHOT);
    if (look) engine_encode(world->engine, &before);
    events_clear(&world->events);
    int64_t now_ms = world->clock_ms > world->engine->now_ms ? world->clock_ms : world->engine->now_ms;
    shadow_expect_order(world->shadow, engine_next_wake(world->engine) > now_ms);
    struct promise promise;
    promise_note(&promise, world->engine, command);
    struct outcome outcome = engine_handle(world->engine, world->clock_ms, command, &world->events);
    trace(world, command, &outcome);
    world->commands++;
    if (command->actor & ACTOR_STAFF && agent_find(world->engine, command->agent))
        map_put(&world->signs, command->agent, (void *)(intptr_t)world->engine->now_ms);
    if (outcome.refusal) {
        world->refusals++;
        if (look) engine_encode(world->engine, &after);
        invariant(!world->events.count, "a refusal came with events");
        invariant(!look || str_equal(buf_str(&before), buf_str(&after)), "a refused command changed the state");
    }
    buf_free(&before);
    buf_free(&after);
    follow(world, 0);
    promise_check(&promise, world->engine, command, &outcome, &world->events);
    invariant_settled(world->engine);
    if (command->kind == COMMAND_WAKE && !outcome.refusal) {
        invariant_awake(world->engine);
        check_leases(world);
    }
    if (world_chance(world, 30)) invariant_equal(world->engine, world->replica);
    if (world_chance(world, 30)) invariant_places(world->engine);
    return outcome;
}

static bool same(const struct outcome *a, const struct outcome *b)
{
    return a->seq == b->seq && a->conversation == b->conversation && a->id == b->id;
}

void world_do(struct world *world, struct deed *deed)
{
    deed->at_ms = world->clock_ms;
    deed->outcome = give(world, &deed->command);
    deed->state = deed->outcome.refusal ? DEED_OVER : DEED_PENDING;
}

/* The client had no answer, or did not get it, and gives the same command again. */
static void repeat(struct world *world, struct deed *deed)
{
    struct outcome first = deed->outcome;
    bool was_done = deed->state == DEED_DONE && first.seq;
    struct outcome outcome = give(world, &deed->command);
    world->repeats++;
    bool forgotten = world->engine->now_ms - deed->at_ms >= REPEAT_MS;
    bool actor_gone = outcome.refusal == REFUSAL_NOT_LOGGED_IN || outcome.refusal == REFUSAL_ERASED ||
                      outcome.refusal == REFUSAL_NOT_ALLOWED;
    if (was_done && !forgotten && !actor_gone)
        invariant(!outcome.refusal && outcome.repeated && same(&outcome, &first),
                  "command %s was acknowledged as event %llu; repeated, it became event %llu (%s)",
                  command_table[deed->command.kind].name, (unsigned long long)first.seq,
                  (unsigned long long)outcome.seq, refusal_table[outcome.refusal].code);
    if (deed->state == DEED_DONE) return;
    deed->outcome = outcome;
    deed->at_ms = world->clock_ms;
    deed->state = outcome.refusal ? DEED_OVER : DEED_PENDING;
}

/* The same key with another body is a client's mistake, and does nothing. */
static void misuse_key(struct world *world, const struct deed *deed)
{
    struct command command = deed->command;
    command.key.body++;
    struct outcome outcome = give(world, &command);
    bool forgotten = world->engine->now_ms - deed->at_ms >= REPEAT_MS;
    if (deed->state == DEED_DONE && deed->outcome.seq && !forgotten)
        invariant(outcome.refusal != REFUSAL_NONE, "a key was used for two different commands");
}

/* --- time --- */

static void wake_until(struct world *world, int64_t until_ms)
{
    struct command wake = { .kind = COMMAND_WAKE, .actor = ACTOR_NODE };
    for (int64_t next; (next = engine_next_wake(world->engine)) <= until_ms; ) {
        if (next > world->clock_ms) world->clock_ms = next;
        give(world, &wake);
        /* A clock behind the engine's own time cannot wait for anything. */
        if (world->clock_ms < world->engine->now_ms) break;
    }
    if (until_ms > world->clock_ms) world->clock_ms = until_ms;
}

static void pass_time(struct world *world)
{
    uint64_t dice = world_below(world, 1000);
    uint64_t hasty = world->temper.hasty;
    int64_t ms = dice < hasty ? (int64_t)world_below(world, 2000)
               : dice < 930 ? (int64_t)world_below(world, 20000)
               : dice < 990 ? (int64_t)world_below(world, 300000)
               : dice < 997 ? (int64_t)world_below(world, 30 * HOUR_MS)
               : (int64_t)world_below(world, 12LL * 24 * HOUR_MS);
    if (world_chance(world, 3)) world->clock_ms -= (int64_t)world_below(world, HOUR_MS); /* set back */
    if (world_chance(world, world->temper.asleep)) world->clock_ms += ms; /* nobody wakes the engine meanwhile */
    else wake_until(world, world->clock_ms + ms);
}

/* --- commits, crashes --- */

static void forget_what_was_lost(struct world *world, enum deed_state state)
{
    for (size_t i = 0; i < world->deed_count; i++)
        if (world->deeds[i]->state == DEED_PENDING) world->deeds[i]->state = state;
}

static void see_event(void *context, const struct event *event)
{
    struct stream *stream = context;
    struct buf record;
    invariant(event->seq == stream->seq + 1, "a stream gets event %llu after %llu", (unsigned long long)event->seq,
              (unsigned long long)stream->seq);
    buf_init(&record, LIMIT_RECORD);
    event_encode(event, &record);
    stream->seq = event->seq;
    stream->digest = (stream->digest ^ str_hash(buf_str(&record))) * 0x9e3779b97f4a7c15u;
    buf_free(&record);
}

static void see_stored(struct world *world)
{
    store_each(world->store, world->stream.seq + 1, see_event, &world->stream);
}

/* After a start the log begins with all that the stream has seen. */
static void check_stream(void *context, const struct event *event)
{
    struct stream *again = context;
    if (event->seq <= again[1].seq) see_event(&again[0], event);
}

static void check_seen(struct world *world)
{
    struct stream again[2] = { { 0, 0 }, world->stream };
    store_each(world->store, 1, check_stream, again);
    invariant(again[0].seq == world->stream.seq && again[0].digest == world->stream.digest,
              "of the %llu events that a client has seen, %llu are as they were", (unsigned long long)world->stream.seq,
              (unsigned long long)again[0].seq);
}

static void acknowledge(struct world *world)
{
    if (!disk_is_crashed(store_disk(world->store))) see_stored(world);
    for (size_t i = 0; i < world->deed_count; i++) {
        struct deed *deed = world->deeds[i];
        if (deed->state != DEED_PENDING) continue;
        invariant(deed->outcome.seq <= store_committed(world->store), "acknowledged before it was on disk");
        deed->state = DEED_DONE;
        actors_learn(world, deed);
    }
}

struct replay {
    struct engine *engine;
    struct shadow *shadow;
};

static void replay_one(void *context, const struct event *event)
{
    struct replay *replay = context;
    engine_apply(replay->engine, event);
    shadow_follow(replay->shadow, replay->engine, event);
}

/* The process may have died between the event and the deletion of the key. */
static void erase_again(struct world *world)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&world->engine->customers, &i, &slot); )
        if (((const struct customer *)slot.value)->erased) store_erase(world->store, slot.key);
}

/* The engine comes from snapshot and log, the replica from the log alone: they must agree. */
static void rebuild(struct world *world)
{
    engine_free(world->engine);
    engine_free(world->replica);
    shadow_free(world->shadow);
    world->engine = store_recover(world->store);
    erase_again(world);
    world->replica = engine_new();
    world->shadow = shadow_new();
    struct replay replay = { world->replica, world->shadow };
    store_each(world->store, 1, replay_one, &replay);
    invariant_equal(world->engine, world->replica);
    engine_start(world->engine, world->clock_ms);
    world->started_ms = world->engine->now_ms;
    invariant_settled(world->engine);
}

static void check_nothing_lost(struct world *world)
{
    for (size_t i = 0; i < world->deed_count; i++)
        invariant(world->deeds[i]->state != DEED_DONE || world->deeds[i]->outcome.seq <= store_committed(world->store),
                  "event %llu was acknowledged and is lost; the log ends at %llu",
                  (unsigned long long)world->deeds[i]->outcome.seq, (unsigned long long)store_committed(world->store));
    check_seen(world);
}

static void restart(struct world *world)
{
    world->crashes++;
    if (world->trace) puts("--- the process dies and starts again");
    forget_what_was_lost(world, DEED_UNKNOWN);
    while (!store_restart(world->store)) continue;
    check_nothing_lost(world);
    rebuild(world);
}

static void handle_result(struct world *world, enum store_result result)
{
    if (result == STORE_DEAD) {
        restart(world);
    } else if (result == STORE_FULL) {
        world->rollbacks++;
        if (world->trace) puts("--- the disk is full: back to what is stored");
        forget_what_was_lost(world, DEED_UNKNOWN); /* answered DISK_FULL: clients try again */
        if (!store_roll_back(world->store))
            while (!store_restart(world->store)) continue;
        check_nothing_lost(world);
        rebuild(world);
    }
}

static void commit(struct world *world)
{
    enum store_result result = store_commit(world->store);
    world->commits++;
    bool stored = !store_waiting(world->store);
    if (stored) acknowledge(world);
    handle_result(world, result);
}

static void snapshot(struct world *world)
{
    commit(world);
    if (store_waiting(world->store)) return;
    world->snapshots++;
    enum store_result result = store_snapshot(world->store, world->engine);
    if (result == STORE_FULL) disk_set_room(store_disk(world->store), DISK_NO_LIMIT);
    else handle_result(world, result);
}

static void plan_fault(struct world *world)
{
    struct disk *disk = store_disk(world->store);
    uint64_t soon = 1 + world_below(world, 60);
    switch (world_below(world, 6)) {
    case 0: disk_fail_write(disk, soon); break;
    case 1: disk_fail_sync(disk, 1 + world_below(world, 8)); break;
    case 2: disk_set_room(disk, (int64_t)world_below(world, 20000)); break;
    default: disk_crash_at(disk, soon, (enum disk_crash_how)world_below(world, 4)); break;
    }
}

static void crash(struct world *world)
{
    /* Some time before the crash nothing was committed: all of that must be repeated or be lost. */
    disk_crash(store_disk(world->store), (enum disk_crash_how)world_below(world, 4));
    restart(world);
}

/* --- the run --- */

static void repeat_some(struct world *world)
{
    if (!world->deed_count) return;
    size_t span = world->deed_count < 40 ? world->deed_count : 40;
    struct deed *deed = world->deeds[world->deed_count - 1 - world_below(world, span)];
    if (deed->state == DEED_OVER || world->clock_ms - deed->at_ms > REPEAT_MS) return;
    if (world_chance(world, 150)) misuse_key(world, deed);
    else repeat(world, deed);
}

static void step(struct world *world)
{
    world->steps++;
    pass_time(world);
    if (world_chance(world, 60)) repeat_some(world);
    else actors_step(world);
    if (world_chance(world, 300)) commit(world);
    if (world_chance(world, 8)) snapshot(world);
    if (world_chance(world, 6)) plan_fault(world);
    if (world_chance(world, 3)) crash(world);
}

static void configure(struct world *world)
{
    struct deed *deed = world_deed(world, COMMAND_CONFIGURE, ACTOR_NODE);
    deed->command.configure.version = STR("0");
    deed->command.configure.settings = actors_settings(&deed->arena, 0);
    world_do(world, deed);
    commit(world);
}

static struct temper some_temper(struct world *world)
{
    return (struct temper){
        .customers = 3 + (int)world_below(world, WORLD_CUSTOMERS - 2), .staff = 2 + (int)world_below(world, WORLD_STAFF - 1),
        .customer = 200 + world_below(world, 300), .assistant = 40 + world_below(world, 160),
        .office = world_chance(world, 300) ? 20 + world_below(world, 150) : 20, .nonsense = 20,
        .sleepy = world_below(world, 300), .asleep = world_below(world, 400), .hasty = 300 + world_below(world, 600) };
}

struct world *world_new(uint64_t seed)
{
    struct world *world = MEMORY_NEW(struct world);
    world->random.state = seed;
    world->temper = some_temper(world);
    world->store = store_new(seed);
    world->engine = engine_new();
    world->replica = engine_new();
    world->shadow = shadow_new();
    world->clock_ms = 1790000000000 + (int64_t)world_below(world, 1000000);
    configure(world);
    return world;
}

/* A restored engine and the one that went on give the same events to the same commands. */
static void check_restored(struct world *world)
{
    struct buf state;
    struct err err;
    struct engine *restored = engine_new();
    buf_init(&state, LIMIT_SNAPSHOT);
    engine_encode(world->engine, &state);
    invariant(engine_decode(&err, restored, buf_str(&state)), "%s", err.text);
    buf_free(&state);
    invariant_equal(world->engine, restored);
    int64_t now_ms = world->engine->now_ms;
    engine_start(world->engine, now_ms);
    engine_start(restored, now_ms);
    struct command wake = { .kind = COMMAND_WAKE, .actor = ACTOR_NODE };
    for (int i = 0; i < 50; i++) {
        int64_t a = engine_next_wake(world->engine), b = engine_next_wake(restored);
        if (a == INT64_MAX || b == INT64_MAX) break;
        now_ms = a > now_ms ? a : now_ms;
        events_clear(&world->events);
        engine_handle(world->engine, now_ms, &wake, &world->events);
        events_clear(&world->events);
        engine_handle(restored, now_ms, &wake, &world->events);
        invariant_equal(world->engine, restored);
    }
    engine_free(restored);
}

static void count_cause(void *context, const struct event *event)
{
    struct map *seen = context;
    if (event->cause.key.high != 77) return;
    invariant(!map_get(seen, event->cause.key.low), "the command with key %llu happened twice, the second time as event %llu",
              (unsigned long long)event->cause.key.low, (unsigned long long)event->seq);
    map_put(seen, event->cause.key.low, (void *)(uintptr_t)event->seq);
}

/* P2, at the end: each acknowledged command stands in the log once, where it was said to be, with
 * the customer's own words. */
static void check_deeds(struct world *world)
{
    struct map seen = { 0 };
    struct arena arena = { 0 };
    store_each(world->store, 1, count_cause, &seen);
    for (size_t i = 0; i < world->deed_count; i++) {
        const struct deed *deed = world->deeds[i];
        if (deed->state != DEED_DONE || !deed->outcome.seq) continue;
        uint64_t seq = (uint64_t)(uintptr_t)map_get(&seen, deed->command.key.key.low);
        invariant(seq == deed->outcome.seq, "command %s was acknowledged as event %llu but stands at %llu",
                  command_table[deed->command.kind].name, (unsigned long long)deed->outcome.seq, (unsigned long long)seq);
        if (deed->command.kind != COMMAND_SAY) continue;
        struct event event = { 0 };
        bool open = store_open_event(world->store, seq, &arena, &event);
        if (event.kind == EVENT_CONVERSATION_REOPENED) open = store_open_event(world->store, seq + 1, &arena, &event);
        invariant(open != engine_customer_erased(world->engine, event.customer), "event %llu can%s be read",
                  (unsigned long long)event.seq, open ? "" : "not");
        invariant(!open || str_equal(event.message_sent.text, deed->command.say.text),
                  "event %llu has other words than the client's", (unsigned long long)event.seq);
    }
    arena_free(&arena);
    map_free(&seen);
}

void world_run(struct world *world, size_t steps)
{
    for (size_t i = 0; i < steps; i++) step(world);
    disk_forget_faults(store_disk(world->store));
    disk_set_room(store_disk(world->store), DISK_NO_LIMIT);
    commit(world);
    erase_again(world); /* where the disk did not let a key go, the node tries again */
    check_deeds(world);
    restart(world);
    check_deeds(world);
    check_restored(world);
}

void world_free(struct world *world)
{
    for (size_t i = 0; i < world->deed_count; i++) {
        arena_free(&world->deeds[i]->arena);
        memory_free(world->deeds[i]);
    }
    memory_free(world->deeds);
    events_free(&world->events);
    map_free(&world->signs);
    engine_free(world->engine);
    engine_free(world->replica);
    shadow_free(world->shadow);
    store_free(world->store);
    memory_free(world);
}
