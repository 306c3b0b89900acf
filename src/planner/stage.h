/* stage.h - where a script is played: the engine in virtual time, or a server over real sockets.
 *
 * The player (play.h) turns statements into calls of this table and never asks which stage it is on.
 * Both sides speak the HTTP API's JSON: bodies of commands, events as a session sees them, and the
 * answers to questions. */
#ifndef PLANNER_STAGE_H
#define PLANNER_STAGE_H

#include <jansson.h>

#include "engine/command.h"
#include "planner/script.h"

/* Somebody who acts in the story. The player owns them; `seat` is the stage's own. */
struct performer {
    enum script_who who;
    struct str name;
    uint64_t id;             /* of the customer or agent */
    uint64_t conversation;   /* opened, accepted or joined last */
    json_t *inbox;           /* events and signals in the order in which they came */
    size_t seen;             /* so many of them have been matched or passed over */
    size_t asked;            /* so many had come when anybody last did something */
    json_t *expected;        /* events matched since then: numbers in the inbox; NULL: none */
    uint64_t last_seq;       /* of the last event in the inbox */
    bool on_duty;            /* went online or away: heartbeats are due */
    bool dark;               /* vanished */
    struct performer *same_as;
    void *seat;
};

struct act {
    struct performer *by;    /* NULL: the operator */
    enum command_kind kind;
    uint64_t conversation, target;
    json_t *body;            /* borrowed; may be NULL */
    const char *key;         /* NULL: a new one */
};

struct act_answer {
    char refusal[48];        /* code, or empty */
    bool repeated;
    uint64_t seq, conversation, id;
};

enum look { LOOK_CONVERSATION, LOOK_AGENT, LOOK_BOARD, LOOK_METRICS, LOOK_TRANSCRIPT, LOOK_HISTORY };

/* What is no command. */
enum gesture { GESTURE_TYPING, GESTURE_FILE, GESTURE_RECONNECT, GESTURE_LOG_OUT };

struct cast {
    struct performer **items;
    size_t count, capacity;
};

/* Every function gives false with err when the stage itself fails, which ends the play. */
struct stage {
    bool real_time;
    const struct cast *cast;         /* set by the player */
    const char *cannot;              /* set when something cannot be done here: the rest is left out */
    bool (*begin)(struct stage *stage, struct err *err, const struct script *script);
    /* Comes in. details: customers {"identity","name","email","forged"}, staff a body of add_agent. */
    bool (*enter)(struct stage *stage, struct err *err, struct performer *performer, json_t *details,
                  struct act_answer *answer);
    bool (*act)(struct stage *stage, struct err *err, const struct act *act, struct act_answer *answer);
    bool (*gesture)(struct stage *stage, struct err *err, struct performer *performer, enum gesture gesture,
                    uint64_t conversation, struct act_answer *answer);
    /* What an action or the assistant does from here on. */
    bool (*direct)(struct stage *stage, struct err *err, const struct script_statement *statement);
    /* Puts what has come since into the inboxes. */
    bool (*pull)(struct stage *stage, struct err *err);
    /* NULL with an empty err: there is no such thing. The caller gives it up with json_decref. */
    json_t *(*look)(struct stage *stage, struct err *err, struct performer *performer, enum look look,
                    uint64_t conversation);
    int64_t (*now)(struct stage *stage);
    /* Lets time pass until something happens, at most so long. */
    bool (*pass)(struct stage *stage, struct err *err, int64_t ms);
    bool (*crash)(struct stage *stage, struct err *err);
    void (*end)(struct stage *stage);
};

/* "{code}" in what somebody says becomes the one-time code that was sent last: nobody else knows it. */
void stage_put_code(json_t *body, struct str code);

/* The engine with a virtual clock and the assistant of the workspace in `directory`, which is read
 * once and may serve many plays. */
struct virtual_stage;
struct virtual_stage *virtual_new(struct err *err, const char *directory);
struct stage *virtual_stage(struct virtual_stage *stage);
void virtual_free(struct virtual_stage *stage);

#endif
