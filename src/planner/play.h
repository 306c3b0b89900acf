/* play.h - plays a script on a stage and says at which line it did not go as written.
 *
 * The file is played line by line; each `expect` waits for what it describes, in virtual time or on
 * the clock. In a repeat every virtual customer is a line of play of its own; they take turns, so that
 * the same seed gives the same play in virtual time. */
#ifndef PLANNER_PLAY_H
#define PLANNER_PLAY_H

#include "planner/stage.h"

/* How long an `expect` waits unless told otherwise: a server on a busy machine is slow, not wrong. */
#define PLAY_PATIENCE_MS 5000
#define PLAY_PATIENCE_REAL_MS 15000

struct play_options {
    uint64_t seed;
    void (*on_line)(void *context, const struct script_statement *statement); /* may be NULL */
    void *context;
};

enum play_result { PLAY_DONE, PLAY_FAILED, PLAY_CUT };

/* PLAY_FAILED: err has file, line, what was expected and what was seen. PLAY_CUT: the stage cannot do
 * what a line asks for; err says which, and all lines before it went as written. */
enum play_result play(struct err *err, const struct script *script, struct stage *stage,
                      const struct play_options *options);

#endif
