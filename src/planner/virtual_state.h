/* virtual_state.h - what the files of the virtual stage share. Nobody else includes this. */
#ifndef PLANNER_VIRTUAL_STATE_H
#define PLANNER_VIRTUAL_STATE_H

#include "assistant/assistant.h"
#include "base/map.h"
#include "engine/engine.h"
#include "planner/stage.h"
#include "workspace/learned.h"

#define VIRTUAL_THINKING_MS 50 /* how long the assistant takes */
#define VIRTUAL_BEGIN_MS 1767225600000 /* 2026-01-01 00:00 UTC */

/* What a script says that an action comes to. */
struct scripted_action {
    struct str name, json, outcome;
    int64_t takes_ms;
};

/* A message that the assistant will have answered at `due`, or a note that it will have written. */
struct thought {
    int64_t due;
    uint64_t conversation, turn;
    struct str text;
    bool only_note;
};

struct virtual_customer {
    struct str external_id, name;
    bool verified;
};

/* What agents taught so far. */
struct virtual_lesson {
    struct learned_wording *wordings;
    size_t count;
};

struct virtual_stage {
    struct stage stage;
    struct workspace *workspace;
    struct assistant *assistant;
    /* From here on: of the play under way. */
    struct engine *engine;
    int64_t now_ms, next_beat;
    struct arena arena;          /* strings of all events, and names */
    struct event *events;        /* all that happened */
    size_t count, capacity;
    struct events fresh;         /* what engine_handle appends to */
    struct thought *thoughts;
    size_t thought_count, thought_capacity;
    struct scripted_action *actions;
    size_t action_count;
    struct map customers;        /* struct virtual_customer */
    struct map dialogues;        /* conversation -> struct str: the assistant's memory */
    struct map last_texts;       /* conversation -> struct str */
    struct str code;             /* the one-time code that was sent last */
    bool assistant_silent;
    bool must_learn;             /* something was taught or revoked */
    struct workspace *taught_workspace; /* with what was taught, or NULL */
    struct assistant *taught;
    uint64_t keys;               /* idempotency keys given so far */
};

/* The stage's own of a performer. */
struct virtual_seat {
    size_t pulled;               /* index of the next event to be looked at */
    uint64_t session;
    bool logged_out;
};

/* Gives the command to the engine and keeps what happened. */
struct outcome virtual_give(struct virtual_stage *stage, const struct command *command);

/* virtual_assistant.c */
void virtual_notice(struct virtual_stage *stage, const struct event *events, size_t count);
void virtual_think(struct virtual_stage *stage); /* all that is due */
int64_t virtual_next_thought(const struct virtual_stage *stage);
void virtual_take_up(struct virtual_stage *stage); /* after a crash: turns that are owed */
bool virtual_direct(struct stage *stage, struct err *err, const struct script_statement *statement);

/* As the node does: six digits while a code is waited for are hidden, and their digest goes along. */
void virtual_take_code(struct virtual_stage *stage, struct command *command);

void virtual_run_approved(struct virtual_stage *stage, uint64_t number);
/* virtual_learn.c: the assistant that answers now; how many wordings it has learned */
const struct assistant *virtual_assistant(struct virtual_stage *stage);
size_t virtual_learned(struct virtual_stage *stage);
void virtual_forget(struct virtual_stage *stage);
enum refusal virtual_check_learn(struct virtual_stage *stage, struct command *command);

/* virtual_look.c */
json_t *virtual_look(struct stage *stage, struct err *err, struct performer *performer, enum look look,
                     uint64_t conversation);

#endif
