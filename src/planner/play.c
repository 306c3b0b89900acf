#include "planner/play.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"
#include "planner/player.h"

#define REAL_STEP_MS 50
#define REAL_ADVANCE_MAX_MS 10000

struct compare_names player_names(const struct player *player)
{
    return (struct compare_names){ &player->cast };
}

int player_patience(const struct player *player)
{
    return player->stage->real_time ? PLAY_PATIENCE_REAL_MS : PLAY_PATIENCE_MS;
}

bool player_fail(struct player *player, const struct script_statement *statement, const char *format, ...)
{
    char text[ERR_MAX];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof text, format, list);
    va_end(list);
    return err_set(player->err, "%.*s:%d: %.*s\n    %s", STR_ARG(player->script->file), statement->line,
                   STR_ARG(statement->text), text);
}

/* The stage itself failed: its reason is in player->err. */
static bool stage_failed(struct player *player, const struct script_statement *statement)
{
    return err_wrap(player->err, "%.*s:%d", STR_ARG(player->script->file), statement->line);
}

struct performer *player_add(struct player *player, enum script_who who, struct str name)
{
    struct cast *cast = &player->cast;
    if (cast->count == cast->capacity) {
        cast->capacity = cast->capacity ? cast->capacity * 2 : 16;
        cast->items = memory_resize(cast->items, cast->capacity, sizeof *cast->items);
    }
    struct performer *performer = MEMORY_NEW(struct performer);
    performer->who = who;
    performer->name = name;
    performer->inbox = json_array();
    cast->items[cast->count++] = performer;
    return performer;
}

/* --- statements about the stage itself --- */

static enum step advance(struct player *player, const struct script_statement *statement, struct line_of_play *line,
                         int64_t ms)
{
    int64_t now = player->stage->now(player->stage);
    if (player->stage->real_time && ms > REAL_ADVANCE_MAX_MS) {
        player->stage->cannot = "a real clock cannot be advanced that far";
        return STEP_FAILED;
    }
    UNUSED(statement);
    if (!line->deadline)
        line->deadline = now + ms;
    line->wake_at = line->deadline;
    return now < line->deadline ? STEP_WAIT : STEP_NEXT;
}

static enum step crash(struct player *player, const struct script_statement *statement)
{
    if (!player->stage->crash(player->stage, player->err)) {
        if (!player->stage->cannot)
            stage_failed(player, statement);
        return STEP_FAILED;
    }
    json_decref(player->metrics); /* a new process counts from nothing */
    player->metrics = NULL;
    return STEP_NEXT;
}

static enum step repeat(struct player *player, const struct script_statement *statement, struct line_of_play *line)
{
    const struct script_value *over = script_option(statement, "over"), *seed = script_option(statement, "seed");
    size_t count = (size_t)script_argument(statement, 0)->number;
    int64_t now = player->stage->now(player->stage);
    if (line->deadline) { /* under way: done when each of its lines is */
        for (size_t i = 0; i < player->line_count; i++)
            if (!player->lines[i].done)
                return STEP_WAIT;
        memory_free(player->lines);
        player->lines = NULL;
        player->line_count = 0;
        line->at = statement->done;
        return STEP_NEXT;
    }
    line->deadline = now + SCRIPT_TIME_MAX;
    line->wake_at = line->deadline;
    player->random.state = seed ? (uint64_t)seed->number : player->options->seed;
    player->lines = MEMORY_NEW_ARRAY(struct line_of_play, count);
    player->line_count = count;
    for (size_t i = 0; i < count; i++) {
        struct performer *performer = player_add(player, BY_CUSTOMER, script_argument(statement, 2)->text);
        int64_t spread = over ? over->upper : 0;
        player->lines[i] = (struct line_of_play){
            .at = (size_t)(statement - player->script->statements) + 1, .end = statement->done, .performer = performer,
            .wake_at = now + (int64_t)random_below(&player->random, (uint64_t)spread + 1),
        };
    }
    return STEP_WAIT;
}

/* What comes from here on comes of what is done now: `expect no` looks at all of it. */
static void mark_inboxes(struct player *player)
{
    for (size_t i = 0; i < player->cast.count; i++) {
        struct performer *performer = player->cast.items[i];
        performer->asked = json_array_size(performer->inbox);
        json_decref(performer->expected);
        performer->expected = NULL;
    }
}

static enum step step(struct player *player, struct line_of_play *line)
{
    const struct script_statement *statement = &player->script->statements[line->at];
    const struct script_value *first = script_argument(statement, 0);
    if (!line->deadline && player->options->on_line)
        player->options->on_line(player->options->context, statement);
    switch (statement->verb) {
    case SCRIPT_STORY:
    case SCRIPT_SETTING:
    case SCRIPT_DONE: return STEP_NEXT;
    case SCRIPT_ACTION:
    case SCRIPT_ASSISTANT:
        if (player->stage->direct(player->stage, player->err, statement)) return STEP_NEXT;
        if (!player->stage->cannot) stage_failed(player, statement);
        return STEP_FAILED;
    case SCRIPT_ADVANCE: return advance(player, statement, line, first->number);
    case SCRIPT_CRASH: return crash(player, statement);
    case SCRIPT_REPEAT: return repeat(player, statement, line);
    case SCRIPT_WAIT:
        return advance(player, statement, line, first->number +
                       (int64_t)random_below(&player->random, (uint64_t)(first->upper - first->number) + 1));
    case SCRIPT_EXPECT:
    case SCRIPT_EXPECT_BOARD:
    case SCRIPT_EXPECT_METRIC:
    case SCRIPT_TRANSCRIPT: return player_expect(player, statement, line);
    default:
        if (!line->deadline)
            mark_inboxes(player);
        return player_act(player, statement, line);
    }
}

/* Goes on until the line has to wait. false: failed. */
static bool run_line(struct player *player, struct line_of_play *line)
{
    int64_t now = player->stage->now(player->stage);
    if (line->done || line->wake_at > now) {
        /* A repeat's line wakes when all of its customers are done. */
        bool repeats = !line->done && player->script->statements[line->at].verb == SCRIPT_REPEAT;
        if (!repeats)
            return true;
    }
    while (line->at < line->end) {
        line->wake_at = 0;
        enum step result = step(player, line);
        if (result == STEP_FAILED)
            return false;
        if (result == STEP_WAIT)
            return true;
        line->at++;
        line->deadline = 0;
    }
    line->done = true;
    return true;
}

static int64_t earliest(int64_t at, const struct line_of_play *line)
{
    if (line->done)
        return at;
    int64_t next = line->wake_at ? line->wake_at : line->deadline;
    return next < at ? next : at;
}

static bool run(struct player *player, struct line_of_play *file)
{
    struct stage *stage = player->stage;
    for (;;) {
        if (!run_line(player, file))
            return false;
        for (size_t i = 0; i < player->line_count; i++)
            if (!run_line(player, &player->lines[i]))
                return false;
        if (file->done)
            return true;
        int64_t now = stage->now(stage), next = shift_next(player);
        next = earliest(next, file);
        for (size_t i = 0; i < player->line_count; i++)
            next = earliest(next, &player->lines[i]);
        int64_t ms = next > now ? next - now : 1;
        if (stage->real_time && ms > REAL_STEP_MS)
            ms = REAL_STEP_MS;
        if (!stage->pass(stage, player->err, ms) || !stage->pull(stage, player->err) || !shift_run(player))
            return stage_failed(player, &player->script->statements[file->at]);
    }
}

/* Nothing that a customer's history holds is missing from what came over the stream, or came twice. */
static bool check_history(struct player *player, struct performer *customer)
{
    struct err err = { "" };
    json_t *history = player->stage->look(player->stage, &err, customer, LOOK_HISTORY, customer->conversation);
    json_t *event, *seen;
    size_t at = 0, i, matched = 0;
    bool fine = true;
    json_array_foreach(history, i, event) {
        json_int_t seq = json_integer_value(json_object_get(event, "seq"));
        size_t found = 0;
        json_array_foreach(customer->inbox, at, seen)
            found += json_integer_value(json_object_get(seen, "seq")) == seq;
        matched += found == 1;
        if (found != 1 && fine)
            fine = err_set(player->err, "%.*s: at the end customer %.*s has seen event %lld %zu times",
                           STR_ARG(player->script->file), STR_ARG(customer->name), (long long)seq, found);
    }
    json_decref(history);
    return fine;
}

static bool check_all_histories(struct player *player)
{
    if (!player->stage->pass(player->stage, player->err, REAL_STEP_MS) ||
        !player->stage->pull(player->stage, player->err))
        return false;
    for (size_t i = 0; i < player->cast.count && i < 50; i++) {
        struct performer *performer = player->cast.items[i];
        if (performer->who == BY_CUSTOMER && performer->conversation && !performer->same_as &&
            !check_history(player, performer))
            return false;
    }
    return true;
}

static void player_free(struct player *player)
{
    for (size_t i = 0; i < player->cast.count; i++) {
        json_decref(player->cast.items[i]->inbox);
        json_decref(player->cast.items[i]->expected);
        memory_free(player->cast.items[i]);
    }
    memory_free(player->cast.items);
    memory_free(player->lines);
    memory_free(player->shifts);
    json_decref(player->board);
    json_decref(player->metrics);
}

enum play_result play(struct err *err, const struct script *script, struct stage *stage,
                      const struct play_options *options)
{
    struct player player = { .script = script, .stage = stage, .options = options, .err = err,
        .random = { options->seed } };
    struct line_of_play file = { .end = script->count };
    stage->cannot = NULL;
    stage->cast = &player.cast;
    err->text[0] = 0;
    bool fine = stage->begin(stage, err, script) && player_baseline(&player) && run(&player, &file) &&
                check_all_histories(&player);
    enum play_result result = fine ? PLAY_DONE : PLAY_FAILED;
    if (!fine && stage->cannot) {
        result = PLAY_CUT;
        err_set(err, "%.*s:%d: %.*s: %s", STR_ARG(script->file), script->statements[file.at].line,
                STR_ARG(script->statements[file.at].text), stage->cannot);
    }
    stage->end(stage);
    player_free(&player);
    return result;
}
