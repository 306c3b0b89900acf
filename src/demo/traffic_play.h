/* traffic_play.h - what the virtual customers and agents share. Only for traffic*.c.
 *
 * An actor has at most one request under way and acts again at due_ms. A request that got no answer,
 * or was told to come back later, is sent again with the same idempotency key. */
#ifndef DEMO_TRAFFIC_PLAY_H
#define DEMO_TRAFFIC_PLAY_H

#include <stdatomic.h>
#include <uv.h>

#include "base/random.h"
#include "demo/traffic.h"
#include "demo/caller.h"

#define TRAFFIC_AGENTS_MAX 8
#define TRAFFIC_JOBS_MAX LIMIT_CAPACITY
#define TRAFFIC_TOKEN_MAX 2048

enum traffic_count {
    COUNT_CUSTOMERS, COUNT_OPEN, COUNT_MESSAGES, COUNT_ACCEPTED, COUNT_DECLINED, COUNT_RESOLVED, COUNT_RATED,
    COUNT_REQUESTS, COUNT_ERRORS, COUNT_REFUSED, COUNTS
};

struct actor {
    struct traffic *traffic;
    int64_t due_ms;
    bool busy;
    int failures;           /* requests in a row without a real answer */
    uint64_t step;          /* part of the idempotency key: moves on with every real answer */
    uint64_t number;        /* of this actor in this run */
    char token[TRAFFIC_TOKEN_MAX];
    caller_done_fn *done;     /* of the request under way; not called for what is tried again */
    void *context;          /* whose actor this is: what `done` gets */
};

struct customer {
    struct actor actor;
    bool here;
    int state;
    int identity;            /* place in firm_names, or -1: anonymous */
    const char *language;
    uint64_t customer, conversation;
    uint64_t seen;           /* events up to this seq have been looked at */
    uint64_t said_to_us;     /* seq of the last message that somebody else wrote */
    uint64_t read;           /* marked as read up to here */
    int64_t heard_ms;        /* when anything happened last */
    int64_t wait_ms;         /* when the wait for a person began */
    int turns_left, odd_left, answers_to_agent, stars;
    bool wants_person, waiting, with_person, resolved, promised;
    bool reply_due;          /* somebody wrote and has not been answered */
    struct str detail;       /* ... and asked for this: an order number, an address; or empty */
    struct str choice;       /* one of the choices that were offered, or empty */
    struct str next, comment;
    struct arena arena;      /* holds the texts */
};

struct job {
    uint64_t conversation;
    uint64_t seen, last;     /* events looked at; newest there is */
    uint64_t said, read;     /* the customer's last message; marked as read */
    int replies, replies_wanted;
    bool owed, typing;
    int64_t reply_ms;        /* when the next reply is ready */
    int64_t quiet_ms;        /* since when the customer has been silent */
    struct str next;
};

struct player {
    struct actor actor;
    int state;
    const char *login, *password;
    int64_t heartbeat_ms, heartbeat_due_ms, break_due_ms, break_end_ms;
    uint64_t offer, offer_conversation;
    int64_t offer_ms;        /* when the agent has made up their mind about it */
    int offer_answer;
    uint64_t declined[16];   /* conversations, newest over oldest */
    size_t declined_count;
    struct job jobs[TRAFFIC_JOBS_MAX];
    size_t job_count;
    size_t job;              /* the one that the request under way is for */
    struct str disposition;
};

struct traffic_utterance {
    const char *language;
    struct str text;
};

#define TRAFFIC_LANGUAGES 4 /* en, sv, de, es */

struct traffic {
    struct arena arena;
    struct caller *caller;
    struct random random;
    uint64_t run;           /* drawn at the start: keys of two runs never meet */
    double rate_per_minute;
    struct str secret;
    struct traffic_utterance *utterances;
    size_t utterance_count;
    bool spoken[TRAFFIC_LANGUAGES]; /* by some agent who is played */
    struct str *dispositions;
    size_t disposition_count;
    struct customer customers[TRAFFIC_OPEN_MAX];
    struct player agents[TRAFFIC_AGENTS_MAX];
    size_t agent_count;
    uint64_t own_customers[512]; /* the last ones who came: agents know them from real visitors */
    uint64_t actors, own_count;
    int64_t next_arrival_ms;
    atomic_bool stopping;
    _Atomic uint64_t counts[COUNTS];
    uv_thread_t thread;
};

int64_t traffic_now(void);
void traffic_count(struct traffic *traffic, enum traffic_count count);
int64_t traffic_between(struct traffic *traffic, int64_t least, int64_t most); /* inclusive */
bool traffic_chance(struct traffic *traffic, int percent);
bool traffic_is_own(const struct traffic *traffic, uint64_t customer);

/* Sends; `done` gets only real answers (2xx and 4xx but 429). */
void actor_ask(struct actor *actor, const char *method, const char *path, struct str body, caller_done_fn *done);

void customer_arrives(struct traffic *traffic, struct customer *customer);
void customer_step(struct customer *customer);
void player_step(struct player *player);

/* {"name":value}, for requests: adds `,"name":"text"` to a body that begins with '{'. */
void traffic_field(struct buf *body, const char *name, struct str text);

/* Words. A language is one of the four; a customer comes only in one that somebody speaks. */
void traffic_speaks(struct traffic *traffic, struct str language);
const char *traffic_language(struct traffic *traffic);
struct str traffic_odd(struct traffic *traffic, const char *language);
struct str traffic_own_words(struct traffic *traffic, const char *language); /* a question that nobody trained on */
struct str traffic_wants_person(struct traffic *traffic, const char *language);
/* What to answer when the assistant asks for a detail; empty if it asks for none. In the arena. */
struct str traffic_detail(struct traffic *traffic, struct arena *arena, const char *question);
struct str traffic_customer_reply(struct traffic *traffic, int turn);
struct str traffic_agent_reply(struct traffic *traffic, int turn);
struct str traffic_comment(struct traffic *traffic, int stars);

static inline uint64_t json_id(const json_t *object, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(object, name));
}

static inline const char *json_text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

#endif
