/* expect.c - statements that wait for something to come about. */
#include <stdio.h>

#include "base/memory.h"
#include "planner/player.h"

#define SETTLE_VIRTUAL_MS 1000
#define SETTLE_REAL_MS 400
#define SHOWN_EVENTS 12

static int64_t patience(const struct player *player, const struct script_statement *statement)
{
    const struct script_value *within = script_option(statement, "within");
    if (within)
        return within->number;
    if (!statement->never)
        return player_patience(player);
    return player->stage->real_time ? SETTLE_REAL_MS : SETTLE_VIRTUAL_MS;
}

/* --- events --- */

static bool was_expected(const struct performer *performer, size_t at)
{
    json_t *known;
    size_t i;
    json_array_foreach(performer->expected, i, known)
        if (json_integer_value(known) == (json_int_t)at)
            return true;
    return false;
}

/* The place behind the first match above what has been seen, or 0. What must not come is looked for in all that came
 * since anybody last did something, also before what was matched meanwhile, but for that itself. */
static size_t find_event(const struct player *player, const struct script_statement *statement,
                         const struct performer *performer)
{
    struct compare_names names = player_names(player);
    size_t from = statement->never && performer->asked < performer->seen ? performer->asked : performer->seen;
    for (size_t i = from; i < json_array_size(performer->inbox); i++) {
        json_t *event = json_array_get(performer->inbox, i);
        const struct script_match *failed;
        if (i < performer->seen && was_expected(performer, i))
            continue;
        const char *type = json_string_value(json_object_get(event, "type"));
        if (type && str_equal(str_of(type), statement->event) && compare_all(&names, statement, event, &failed))
            return i + 1;
    }
    return 0;
}

/* What has come since the last match: those of the same kind in full, of others the names. */
static void show_inbox(const struct script_statement *statement, const struct performer *performer, struct buf *out)
{
    size_t count = json_array_size(performer->inbox), from = performer->seen;
    if (from == count)
        buf_add_str(out, STR("nothing"));
    if (count - from > SHOWN_EVENTS) {
        buf_add_format(out, "(%zu earlier ones) ", count - from - SHOWN_EVENTS);
        from = count - SHOWN_EVENTS;
    }
    for (size_t i = from; i < count; i++) {
        json_t *event = json_array_get(performer->inbox, i);
        const char *type = json_string_value(json_object_get(event, "type"));
        buf_add_str(out, i > from ? STR("; ") : STR(""));
        if (type && str_equal(str_of(type), statement->event))
            compare_show(event, out);
        else
            buf_add_format(out, "%s", type ? type : "?");
    }
}

static bool fail_event(struct player *player, const struct script_statement *statement,
                       const struct performer *performer, int64_t waited)
{
    struct buf seen;
    buf_init(&seen, ERR_MAX);
    show_inbox(statement, performer, &seen);
    player_fail(player, statement, "expected: %.*s within %lld ms\n    seen: %.*s", STR_ARG(statement->event),
                (long long)waited, STR_ARG(buf_str(&seen)));
    buf_free(&seen);
    return false;
}

static enum step expect_event(struct player *player, const struct script_statement *statement,
                              struct performer *performer, bool late)
{
    size_t behind = find_event(player, statement, performer);
    if (behind && statement->never) {
        struct buf seen;
        buf_init(&seen, ERR_MAX);
        compare_show(json_array_get(performer->inbox, behind - 1), &seen);
        player_fail(player, statement, "expected: no such event\n    seen: %.*s", STR_ARG(buf_str(&seen)));
        buf_free(&seen);
        return STEP_FAILED;
    }
    if (behind) {
        performer->seen = behind;
        performer->expected = performer->expected ? performer->expected : json_array();
        json_array_append_new(performer->expected, json_integer((json_int_t)behind - 1));
        return STEP_NEXT;
    }
    if (!late)
        return STEP_WAIT;
    if (statement->never)
        return STEP_NEXT;
    fail_event(player, statement, performer, patience(player, statement));
    return STEP_FAILED;
}

/* --- states --- */

/* Figures since midnight and counters are compared as they grew since the start of the file. */
static void subtract(json_t *now, json_t *before)
{
    const char *key;
    json_t *value;
    if (!before)
        return;
    json_object_foreach(now, key, value) {
        json_t *old = json_object_get(before, key);
        if (json_is_object(value) && json_is_object(old))
            subtract(value, old);
        else if (json_is_integer(value) && json_is_integer(old))
            json_integer_set(value, json_integer_value(value) - json_integer_value(old));
        else if (json_is_real(value) && json_is_real(old))
            json_real_set(value, json_real_value(value) - json_real_value(old));
    }
}

static bool is_counter(const char *name)
{
    return str_ends(str_of(name), STR("_total"));
}

static void subtract_counters(json_t *now, json_t *before)
{
    const char *key;
    json_t *value;
    json_object_foreach(now, key, value) {
        json_t *old = json_object_get(before, key);
        if (old && is_counter(key) && json_is_number(value))
            json_object_set_new(now, key, json_real(json_number_value(value) - json_number_value(old)));
    }
}

static uint64_t about(struct player *player, const struct script_statement *statement,
                      const struct performer *performer)
{
    const struct script_value *named = script_option(statement, "for");
    struct performer *customer = named ? cast_find(&player->cast, BY_CUSTOMER, named->text) : NULL;
    return customer ? customer->conversation : performer && performer->who == BY_CUSTOMER ? performer->conversation : 0;
}

static json_t *look(struct player *player, const struct script_statement *statement, struct performer *performer)
{
    struct stage *stage = player->stage;
    uint64_t conversation = about(player, statement, performer);
    player->err->text[0] = 0;
    if (statement->verb == SCRIPT_EXPECT_METRIC) {
        json_t *metrics = stage->look(stage, player->err, NULL, LOOK_METRICS, 0);
        if (metrics)
            subtract_counters(metrics, player->metrics);
        return metrics;
    }
    if (statement->verb == SCRIPT_EXPECT_BOARD) {
        json_t *board = stage->look(stage, player->err, NULL, LOOK_BOARD, 0);
        if (board)
            subtract(json_object_get(board, "figures"), json_object_get(player->board, "figures"));
        return board;
    }
    if (statement->verb == SCRIPT_TRANSCRIPT)
        return stage->look(stage, player->err, performer, LOOK_TRANSCRIPT, conversation);
    if (conversation)
        return stage->look(stage, player->err, performer, LOOK_CONVERSATION, conversation);
    return stage->look(stage, player->err, performer, LOOK_AGENT, 0);
}

static enum step expect_state(struct player *player, const struct script_statement *statement,
                              struct performer *performer, bool late)
{
    struct compare_names names = player_names(player);
    const struct script_match *failed = NULL;
    json_t *state = look(player, statement, performer);
    bool holds;
    if (statement->verb == SCRIPT_TRANSCRIPT) {
        const char *text = json_string_value(state);
        holds = text && str_find(str_of(text), script_argument(statement, 0)->text, 0) >= 0;
    } else
        holds = state && compare_all(&names, statement, state, &failed);
    if (holds || !late) {
        json_decref(state);
        return holds ? STEP_NEXT : STEP_WAIT;
    }
    struct buf seen;
    buf_init(&seen, ERR_MAX);
    json_t *value = failed ? compare_member(state, failed->field) : NULL;
    if (!state)
        buf_add_format(&seen, "%s", player->err->text[0] ? player->err->text : "there is no such thing");
    else if (failed && !value)
        buf_add_format(&seen, "no field %.*s", STR_ARG(failed->field));
    else if (failed) {
        json_t *shown = json_object();
        json_object_setn(shown, failed->field.data, failed->field.len, value);
        compare_show(shown, &seen);
        json_decref(shown);
    } else
        compare_show(state, &seen);
    player_fail(player, statement, "expected: this within %lld ms\n    seen: %.*s",
                (long long)patience(player, statement), STR_ARG(buf_str(&seen)));
    buf_free(&seen);
    json_decref(state);
    return STEP_FAILED;
}

enum step player_expect(struct player *player, const struct script_statement *statement, struct line_of_play *line)
{
    struct stage *stage = player->stage;
    struct performer *performer = NULL;
    if (statement->who & BY_PERSON && !(performer = player_performer(player, statement, line, true)))
        return STEP_FAILED;
    int64_t now = stage->now(stage);
    if (!line->deadline)
        line->deadline = now + patience(player, statement);
    if (!stage->pull(stage, player->err)) {
        err_wrap(player->err, "%.*s:%d", STR_ARG(player->script->file), statement->line);
        return STEP_FAILED;
    }
    bool late = now >= line->deadline;
    return statement->event.len ? expect_event(player, statement, performer, late)
                                : expect_state(player, statement, performer, late);
}

bool player_baseline(struct player *player)
{
    bool board = false, metrics = false;
    for (size_t i = 0; i < player->script->count; i++) {
        board |= player->script->statements[i].verb == SCRIPT_EXPECT_BOARD;
        metrics |= player->script->statements[i].verb == SCRIPT_EXPECT_METRIC;
    }
    if (board && !(player->board = player->stage->look(player->stage, player->err, NULL, LOOK_BOARD, 0)))
        return false;
    return !metrics || (player->metrics = player->stage->look(player->stage, player->err, NULL, LOOK_METRICS, 0));
}
