/* Same log, same state (P8), and a restored engine behaves as the one that went on. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/memory.h"
#include "base/random.h"

/* A day at random; most commands make sense. */
static struct command anything(struct random *random)
{
    static const enum command_kind kinds[] = { COMMAND_SEE_CUSTOMER, COMMAND_OPEN, COMMAND_OPEN, COMMAND_SAY, COMMAND_SAY,
        COMMAND_SAY, COMMAND_SAY, COMMAND_ASK_HUMAN, COMMAND_ASK_HUMAN, COMMAND_MAKE_APPOINTMENT, COMMAND_RATE, COMMAND_END,
        COMMAND_SET_PRESENCE, COMMAND_ACCEPT, COMMAND_ACCEPT, COMMAND_ACCEPT, COMMAND_DECLINE, COMMAND_TRANSFER,
        COMMAND_RESOLVE, COMMAND_RESOLVE, COMMAND_END_WRAPUP, COMMAND_JOIN, COMMAND_TAKE_OVER, COMMAND_ASSIGN,
        COMMAND_ASSISTANT_REPLY, COMMAND_ASSISTANT_REPLY, COMMAND_HEARTBEAT, COMMAND_HEARTBEAT, COMMAND_HEARTBEAT,
        COMMAND_ERASE_CUSTOMER, COMMAND_OPEN_SESSION };
    struct command command = { .kind = kinds[random_below(random, ARRAY_LEN(kinds))] };
    int who = command_table[command.kind].who;
    command.actor = who & ACTOR_CUSTOMER && random_below(random, 3) ? ACTOR_CUSTOMER : who & ACTOR_AGENT ? ACTOR_AGENT
                  : who & ACTOR_SUPERVISOR && !(who & ACTOR_NODE) ? ACTOR_SUPERVISOR : who & ACTOR_NODE ? ACTOR_NODE : ACTOR_ASSISTANT;
    command.customer = 1 + random_below(random, 20);
    command.agent = command.actor == ACTOR_SUPERVISOR ? 1 : 1 + random_below(random, 6);
    command.conversation = 1 + random_below(random, 60);
    command.target = random_below(random, 100);
    command.key = (struct command_key){ { 1, 1 + random_below(random, 100000) }, 1 };
    return command;
}

static void fill_in(struct story *s, struct random *random, struct command *command)
{
    static const char *const states[] = { "online", "online", "online", "away", "offline" };
    static const char *const topics[] = { "due-date", "lost-card", "greeting", "" };
    switch (command->kind) {
    case COMMAND_SAY: command->say.text = STR("something"); break;
    case COMMAND_MAKE_APPOINTMENT:
        command->make_appointment.way = STR("email");
        command->make_appointment.address = STR("a@b.c");
        break;
    case COMMAND_RATE: command->rate.stars = 1 + random_below(random, 5); break;
    case COMMAND_SET_PRESENCE: command->set_presence.state = str_of(states[random_below(random, ARRAY_LEN(states))]); break;
    case COMMAND_ACCEPT:
    case COMMAND_DECLINE: command->target = story_offer_of(s, command->agent); break;
    case COMMAND_TRANSFER: command->transfer.to_agent = 1 + random_below(random, 6); break;
    case COMMAND_RESOLVE: command->resolve.disposition = STR("solved"); break;
    case COMMAND_ASSIGN: command->assign.agent = 1 + random_below(random, 6); break;
    case COMMAND_ERASE_CUSTOMER: command->erase_customer.customer = random_below(random, 400); break;
    case COMMAND_OPEN_SESSION: command->open_session.token = (struct digest){ 4, random_next(random) }; break;
    case COMMAND_ASSISTANT_REPLY: {
        struct conversation_view view = { 0 };
        engine_conversation(s->engine, command->conversation, &view);
        command->assistant_reply = (struct command_assistant_reply){ .turn = view.turn, .text = STR("an answer"),
            .decision = STR("answer"), .topic = str_of(topics[random_below(random, ARRAY_LEN(topics))]),
            .failed = random_below(random, 4) == 0 };
        break;
    }
    default: break;
    }
}

static void live(struct story *s, struct random *random, int steps)
{
    for (int i = 0; i < steps; i++) {
        struct command command = anything(random);
        fill_in(s, random, &command);
        story_give(s, &command);
        story_wait(s, (int64_t)random_below(random, 4000));
        if (random_below(random, 400) == 0) story_wait(s, (int64_t)random_below(random, 40 * 3600000));
    }
}

static void begin(struct story *s)
{
    story_begin(s);
    story_staff(s, "supervisor", "payments", "en");
    for (int i = 0; i < 5; i++) story_agent(s, i % 2 ? "payments,cards" : "payments", i % 3 ? "en" : "en,es");
}

static void replay_gives_the_same_state(void **state)
{
    UNUSED(state);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct story s;
        struct random random = { seed };
        begin(&s);
        for (int part = 0; part < 6; part++) {
            live(&s, &random, 250);
            story_check_replay(&s);
        }
        story_end(&s);
    }
}

static struct engine *copy_of(const struct engine *engine)
{
    struct buf bytes;
    struct err err;
    struct engine *copy = engine_new();
    buf_init(&bytes, LIMIT_SNAPSHOT);
    engine_encode(engine, &bytes);
    if (!engine_decode(&err, copy, buf_str(&bytes))) fail_msg("%s", err.text);
    buf_free(&bytes);
    return copy;
}

static void assert_same_events(const struct events *a, const struct events *b)
{
    struct buf x, y;
    buf_init(&x, LIMIT_SNAPSHOT);
    buf_init(&y, LIMIT_SNAPSHOT);
    for (size_t i = 0; i < a->count; i++) event_encode(&a->items[i], &x);
    for (size_t i = 0; i < b->count; i++) event_encode(&b->items[i], &y);
    assert_true(str_equal(buf_str(&x), buf_str(&y)));
    buf_free(&x);
    buf_free(&y);
}

/* The same commands at the same times give the same answers and the same events. */
static void a_restored_engine_goes_on_as_if_nothing_had_happened(void **state)
{
    UNUSED(state);
    for (uint64_t seed = 1; seed <= 12; seed++) {
        struct story s;
        struct random random = { seed * 77 };
        struct events events = { 0 };
        begin(&s);
        live(&s, &random, 600);
        struct engine *restored = copy_of(s.engine);
        engine_start(s.engine, s.now_ms);
        engine_start(restored, s.now_ms);
        for (int i = 0; i < 600; i++) {
            struct command command = anything(&random);
            fill_in(&s, &random, &command);
            if (i % 3 == 0) command = story_by_node(COMMAND_WAKE);
            s.now_ms += (int64_t)random_below(&random, 3000);
            events_clear(&events);
            struct outcome theirs = engine_handle(restored, s.now_ms, &command, &events);
            story_give(&s, &command);
            assert_int_equal(theirs.refusal, s.outcome.refusal);
            assert_int_equal(theirs.seq, s.outcome.seq);
            assert_int_equal(theirs.id, s.outcome.id);
            assert_same_events(&events, &s.events);
        }
        events_free(&events);
        engine_free(restored);
        story_end(&s);
    }
}

/* Personal fields are opaque: noise in their place leads to the same state. */
static void the_engine_never_reads_what_is_personal(void **state)
{
    UNUSED(state);
    struct story s;
    struct random random = { 4711 };
    begin(&s);
    live(&s, &random, 800);
    struct engine *blind = engine_new();
    struct err err;
    for (size_t i = 0; i < s.log_count; i++) {
        struct event event = { .seq = s.log[i].seq };
        assert_true(event_decode(&err, s.log[i].bytes, &event));
        const struct event_row *row = &event_table[event.kind];
        for (size_t field = 0; field < row->field_count; field++)
            if (event_field_is_personal(row->fields[field].type))
                *event_text(&event, &row->fields[field]) = i % 2 ? STR("\x01\xff sealed \x00 noise") : STR_EMPTY;
        engine_apply(blind, &event);
    }
    struct buf a, b;
    buf_init(&a, LIMIT_SNAPSHOT);
    buf_init(&b, LIMIT_SNAPSHOT);
    engine_encode(s.engine, &a);
    engine_encode(blind, &b);
    assert_true(str_equal(buf_str(&a), buf_str(&b)));
    buf_free(&a);
    buf_free(&b);
    engine_free(blind);
    story_end(&s);
}

static void a_damaged_snapshot_does_no_harm(void **state)
{
    UNUSED(state);
    struct story s;
    struct random random = { 99 };
    struct buf bytes;
    struct err err;
    begin(&s);
    live(&s, &random, 300);
    buf_init(&bytes, LIMIT_SNAPSHOT);
    engine_encode(s.engine, &bytes);
    for (size_t len = 0; len < bytes.len; len += 1 + len / 50) {
        struct engine *engine = engine_new();
        assert_false(engine_decode(&err, engine, str_make(bytes.data, len)));
        engine_free(engine);
    }
    for (int i = 0; i < 4000; i++) {
        struct engine *engine = engine_new();
        size_t at = random_below(&random, bytes.len);
        char was = bytes.data[at];
        bytes.data[at] = (char)random_next(&random);
        if (!engine_decode(&err, engine, buf_str(&bytes))) assert_true(err.text[0]);
        engine_free(engine);
        bytes.data[at] = was;
    }
    buf_free(&bytes);
    story_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_gives_the_same_state),
        cmocka_unit_test(a_restored_engine_goes_on_as_if_nothing_had_happened),
        cmocka_unit_test(the_engine_never_reads_what_is_personal),
        cmocka_unit_test(a_damaged_snapshot_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
