/* dialogue.h - the assistant's memory of one conversation, as JSON between two turns.
 *
 * It comes back from the log, so it may be of another version of the program or the workspace, or
 * garbage: whatever does not read exactly is dropped, and the dialogue starts anew. Everything in
 * it is bounded; encoded it always fits LIMIT_DIALOGUE. */
#ifndef ASSISTANT_DIALOGUE_H
#define ASSISTANT_DIALOGUE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"

#define DIALOGUE_SAID 6        /* sentences of the customer that are remembered, newest last */
#define DIALOGUE_SAID_BYTES 400
#define DIALOGUE_NOTES 6       /* lines of what was tried and found */
#define DIALOGUE_NOTE_BYTES 500
#define DIALOGUE_CHOICES 5
#define DIALOGUE_LATER 3       /* further matters of a message that wait their turn */
#define DIALOGUE_EARLIER 2     /* topics that were spoken of before the last one */
#define DIALOGUE_VALUES 16     /* parameters of an action */
#define DIALOGUE_SHOWN 2       /* what the last result was about */
#define DIALOGUE_VALUE_BYTES 200
#define DIALOGUE_TRIES 9       /* to answer one question: more are not counted */
#define DIALOGUE_DONE 8        /* changes that a flow has made */
#define DIALOGUE_FACTS_BYTES 4000 /* of results that later steps speak of */
#define DIALOGUE_UNDO_BYTES 500
#define DIALOGUE_INSULTS 9     /* likewise */

/* What the assistant waits for. */
enum pending { PENDING_NOTHING, PENDING_CHOICE, PENDING_VALUE, PENDING_CONFIRMATION, PENDING_CODE };

struct dialogue_value {
    struct str name, value;
};

struct dialogue_choice {
    struct str text, topic; /* topic empty: a person */
};

/* A change that a flow has made, and how it would be undone. */
enum done_state { DONE_STANDS, DONE_UNDONE, DONE_STUCK };
struct dialogue_done {
    struct str action;
    struct str undo; /* the parameters of the action that undoes it, as JSON; empty: it cannot be */
    enum done_state state; /* within a turn: a flow that has undone something does not go on */
};

/* Where a flow is, while it waits. */
struct dialogue_place {
    int64_t at_ms;                 /* when it asked; 0: nobody told the time */
    struct str version;            /* of the steps */
    uint64_t step;
    bool agreed;                   /* to what the next steps change */
    bool asleep;                   /* it was asked whether to go on */
    struct str facts;              /* of results, for later steps: a JSON object */
    struct dialogue_done done[DIALOGUE_DONE];
    size_t done_count;
};

struct dialogue {
    struct str said[DIALOGUE_SAID];
    size_t said_count;
    struct str tried[DIALOGUE_NOTES], found[DIALOGUE_NOTES];
    size_t tried_count, found_count;
    struct str later[DIALOGUE_LATER]; /* topics that the customer named too, the next one first */
    size_t later_count;
    struct str topic;              /* of the last answer */
    struct str earlier[DIALOGUE_EARLIER]; /* of those before, newest last */
    size_t earlier_count;
    struct dialogue_value shown[DIALOGUE_SHOWN]; /* such as an order's number: "it", as parameters of actions */
    size_t shown_count;
    struct str language;           /* that the customer was last understood in */
    enum pending pending;
    struct str asked_topic;        /* whose action waits */
    struct str parameter;          /* that is asked for */
    struct dialogue_place place;
    int tries;
    int insults;                   /* messages that insulted somebody */
    struct dialogue_value values[DIALOGUE_VALUES];
    size_t value_count;
    struct dialogue_choice choices[DIALOGUE_CHOICES];
    size_t choice_count;
};

/* Always gives a usable dialogue; strings live in the arena. */
void dialogue_read(struct arena *arena, struct str json, struct dialogue *out);
struct str dialogue_write(struct arena *arena, const struct dialogue *dialogue);

/* What is spoken of now; what was spoken of before is remembered for a while. */
void dialogue_turn_to(struct dialogue *dialogue, struct str topic);
void dialogue_said(struct dialogue *dialogue, struct arena *arena, struct str text);
void dialogue_tried(struct dialogue *dialogue, struct arena *arena, struct str line);
void dialogue_found(struct dialogue *dialogue, struct arena *arena, struct str line);

/* Forgets what was waited for. */
void dialogue_settle(struct dialogue *dialogue);

struct str dialogue_value(const struct dialogue *dialogue, struct str name); /* empty if not known */
struct str dialogue_shown(const struct dialogue *dialogue, struct str name); /* likewise */
void dialogue_show(struct dialogue *dialogue, struct arena *arena, struct str name, struct str value);
void dialogue_drop_value(struct dialogue *dialogue, struct str name);
void dialogue_set_value(struct dialogue *dialogue, struct arena *arena, struct str name, struct str value);

#endif
