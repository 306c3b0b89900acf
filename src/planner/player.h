/* player.h - what the files of the player share. Nobody else includes this. */
#ifndef PLANNER_PLAYER_H
#define PLANNER_PLAYER_H

#include "base/random.h"
#include "planner/compare.h"
#include "planner/play.h"

enum step { STEP_NEXT, STEP_WAIT, STEP_FAILED };

/* A line of play: the file itself, or one customer of a repeat. */
struct line_of_play {
    size_t at, end;
    struct performer *performer; /* who plays the repeat's customer; NULL for the file */
    int64_t wake_at;             /* nothing to do before; 0: at once */
    int64_t deadline;            /* of the statement under way; 0: not begun */
    bool done;
};

/* Somebody who works by themselves: see SCRIPT_WORK. */
struct worker_shift {
    struct performer *agent;
    size_t looked;               /* at so much of the inbox */
    int64_t takes, takes_most;
    struct { uint64_t conversation; int64_t due; } cases[32];
    size_t case_count;
};

struct player {
    const struct script *script;
    struct stage *stage;
    const struct play_options *options;
    struct err *err;
    struct cast cast;
    struct random random;
    struct line_of_play *lines;  /* of the repeat under way */
    size_t line_count;
    struct worker_shift *shifts;
    size_t shift_count;
    uint64_t opened_last;        /* conversation */
    json_t *board, *metrics;     /* as they were at the start */
};

struct compare_names player_names(const struct player *player);

/* How long to wait for what has no `within`, in ms. */
int player_patience(const struct player *player);

/* Fails the statement: "FILE:LINE: text", then what the format says. Always false. */
bool player_fail(struct player *player, const struct script_statement *statement, const char *format, ...)
    PRINTF_LIKE(3, 4);

/* The performer of a statement, who comes in if it is their first. NULL: failed. */
struct performer *player_performer(struct player *player, const struct script_statement *statement,
                                   struct line_of_play *line, bool enter);
struct performer *player_add(struct player *player, enum script_who who, struct str name);

/* What the answer to a command must look like, by the statement's options. */
bool player_check_answer(struct player *player, const struct script_statement *statement,
                         const struct act_answer *answer);

/* act.c: statements that are commands or gestures. */
enum step player_act(struct player *player, const struct script_statement *statement, struct line_of_play *line);

/* expect.c: statements that wait. */
enum step player_expect(struct player *player, const struct script_statement *statement, struct line_of_play *line);
bool player_baseline(struct player *player);

/* shift.c */
void shift_begin(struct player *player, struct performer *agent, const struct script_value *takes);
bool shift_run(struct player *player);
int64_t shift_next(const struct player *player);

#endif
