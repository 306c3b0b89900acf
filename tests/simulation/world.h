/* world.h - a small company in virtual time: customers, staff, an assistant that is not to be
 * trusted, a clock that jumps, a disk that fails, a process that dies; all from one seed.
 *
 * Clients know only what was acknowledged to them. A `deed` is one command that a client gave with
 * an idempotency key: it may be repeated until it is answered, and must then have happened exactly
 * once (P2). */
#ifndef SIMULATION_WORLD_H
#define SIMULATION_WORLD_H

#include "base/random.h"
#include "invariant.h"
#include "store.h"

#define WORLD_CUSTOMERS 24
#define WORLD_STAFF 12

enum deed_state {
    DEED_PENDING,  /* decided, waits for the commit */
    DEED_DONE,     /* acknowledged */
    DEED_UNKNOWN,  /* the server died before it answered */
    DEED_OVER,     /* refused, or given up */
};

struct deed {
    struct command command;  /* strings in `arena` */
    struct arena arena;
    struct outcome outcome;
    enum deed_state state;
    int64_t at_ms;
    int actor;               /* index of the customer or member of staff whom the answer tells something */
};

struct person {
    uint64_t id;             /* 0: does not exist yet */
    bool asleep;             /* staff: sends no heartbeats */
    struct digest identity;  /* customers: zero for anonymous */
};

/* What kind of company it is; a seed each. Shares are of a thousand. */
struct temper {
    int customers, staff;              /* how many of each */
    uint64_t customer, assistant, office, nonsense; /* who acts next; the rest is for staff */
    uint64_t sleepy;                   /* staff who do not notice that they should send heartbeats */
    uint64_t asleep;                   /* how often nobody wakes the engine in time */
    uint64_t hasty;                    /* of the passing of time: how often hardly any passes */
};

/* A client's event stream: what it has seen cannot change or vanish, and comes once, in order. */
struct stream {
    uint64_t seq, digest;
};

struct world {
    struct random random;
    struct temper temper;
    struct store *store;
    struct engine *engine;   /* the node's */
    struct engine *replica;  /* has seen the sealed events only, one by one */
    struct shadow *shadow;
    int64_t clock_ms;        /* what the node's clock shows */
    struct events events;
    struct stream stream;
    struct person customers[WORLD_CUSTOMERS], staff[WORLD_STAFF];
    struct deed **deeds;
    size_t deed_count, deed_room;
    uint64_t keys, logins, tokens, settings_version;
    struct map signs;        /* staff: id -> the engine's time of the last command */
    int64_t started_ms;      /* the engine's time at the last start: everybody got a lease then */
    size_t steps, commands, refusals, commits, crashes, rollbacks, repeats, snapshots;
    bool trace;
};

struct world *world_new(uint64_t seed);
void world_free(struct world *world);
void world_run(struct world *world, size_t steps);

/* --- for actors.c --- */
static inline uint64_t world_below(struct world *world, uint64_t bound) { return random_below(&world->random, bound); }
static inline bool world_chance(struct world *world, uint64_t in_thousand) { return world_below(world, 1000) < in_thousand; }

/* A deed to fill in; it is given by world_do. */
struct deed *world_deed(struct world *world, enum command_kind kind, enum actor actor);
void world_do(struct world *world, struct deed *deed);

/* Somebody does something. */
void actors_step(struct world *world);
/* What an acknowledgement tells its client. */
void actors_learn(struct world *world, const struct deed *deed);
/* Settings of the workspace; `variant` changes skills and times. */
struct str actors_settings(struct arena *arena, uint64_t variant);

#endif
