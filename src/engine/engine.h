/* engine.h - all live state of one workspace, and every rule about it.
 *
 * A pure state machine: no I/O, no clock, no randomness, no threads, no personal text. Time comes in
 * with the command. engine_handle decides and applies in one call: each event that a rule produces
 * is applied at once by the same engine_apply that replay uses, and events are the only thing that
 * changes the state. So state = fold(apply, log), on any machine (P8).
 *
 * Two things are volatile on purpose, are in no snapshot and are compared by no test: presence
 * leases (a heartbeat is no event; after a start every online agent gets a fresh lease) and the
 * heap of deadlines, which is rebuilt from the state.
 *
 * The engine owns its state; the events it gives out hold strings of the command, of `out->arena` or
 * of the engine (names, good until engine_free).
 * It does not seal, store, send or count money. One thread uses it at a time. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/refusal.h"
#include "engine/command.h"
#include "engine/settings.h"

struct engine;

struct engine *engine_new(void);
void engine_free(struct engine *engine);

/* What a command came to, beside its events. */
struct outcome {
    enum refusal refusal;  /* REFUSAL_NONE: done */
    bool repeated;         /* the key was seen before with the same body: nothing was done again */
    uint64_t seq;          /* of the command's first event; 0 if it had none */
    uint64_t conversation; /* the conversation it opened or touched, or 0 */
    uint64_t id;           /* the customer, agent, session or offer it made, or 0 */
    const char *field;     /* of a refusal: the field that is at fault (a literal), or NULL */
};

/* Decides `command` at `now_ms`; events are appended to `out` with their seq. A clock that runs
 * backwards is held at the latest time that was seen. On refusal nothing is appended and nothing
 * durable has changed. */
struct outcome engine_handle(struct engine *engine, int64_t now_ms, const struct command *command,
                             struct events *out);

/* Replays one event; event->seq must be the next. */
void engine_apply(struct engine *engine, const struct event *event);

/* Call once after replay, before the first engine_handle: gives online agents fresh leases. */
void engine_start(struct engine *engine, int64_t now_ms);

/* When COMMAND_WAKE is wanted next, or INT64_MAX. A time that has passed: at once. */
int64_t engine_next_wake(const struct engine *engine);

uint64_t engine_seq(const struct engine *engine);    /* of the last event applied */
int64_t engine_at_ms(const struct engine *engine);   /* its time */
const struct settings *engine_settings(const struct engine *engine);

/* The whole durable state as bytes: equal states give equal bytes. engine_decode wants a new engine,
 * which may only be freed if it fails. */
void engine_encode(const struct engine *engine, struct buf *out);
bool engine_decode(struct err *err, struct engine *engine, struct str snapshot) WARN_UNUSED;

/* --- Looking in. All pointers are valid until the next engine_handle or engine_apply. --- */

enum conversation_state {
    CONVERSATION_ASSISTANT, /* the assistant owns it */
    CONVERSATION_WAITING,   /* the queue owns it */
    CONVERSATION_ACTIVE,    /* an agent owns it */
    CONVERSATION_RESOLVED,  /* nobody owns it */
    CONVERSATION_STATES
};
extern const char *const conversation_state_names[CONVERSATION_STATES];

enum agent_state { AGENT_OFFLINE, AGENT_AWAY, AGENT_ONLINE, AGENT_STATES };
extern const char *const agent_state_names[AGENT_STATES];
/* Whether these are names of a role and of a pool. */
bool engine_knows_role(struct str name);
bool engine_knows_pool(struct str name);

/* What came of the last try at a one-time code. */
enum proof_outcome { PROOF_NONE, PROOF_RIGHT, PROOF_WRONG_CODE, PROOF_USED_UP, PROOF_EXPIRED, PROOF_OUTCOMES };

struct conversation_view {
    uint64_t id, customer, agent; /* agent: the owner, or 0 */
    enum conversation_state state;
    struct str language, topic;
    int64_t opened_at, wait_from, last_at; /* wait_from: of the request that waits, or was met last; 0: none */
    uint64_t offer;               /* the pending offer, or 0 */
    uint64_t offered_to;
    uint64_t appointment;         /* its number while it is to be kept, or 0 */
    uint64_t turn;                /* seq of the customer's message, or of an approval's end, that the assistant owes an answer, or 0 */
    uint64_t last_message;        /* seq of the last message.sent */
    uint64_t customer_read, customer_delivered, staff_read, staff_delivered; /* marks: up to this seq */
    int failed_turns;
    int stars;                    /* 0: not rated */
    bool recontact;
    bool code_waits;              /* a one-time code was sent: six digits are a try */
    enum proof_outcome code_outcome; /* of the message that the assistant owes an answer; NONE: it was no try */
    int64_t proven_until;         /* a code was shown in this conversation; 0: none */
};

struct agent_view {
    uint64_t id;
    enum agent_state state;
    struct str role, pool, skills, languages;
    int capacity, active, wrapping, offered; /* free = capacity - the other three */
    int64_t state_since;
    uint64_t added_seq, password_seq; /* seq of agent.added, and of the event with the present password */
};

struct offer_view {
    uint64_t id, conversation, agent;
    int64_t made_at, expires_at;
};

struct queue_view {
    size_t waiting;
    int64_t longest_wait_from; /* 0 if nobody waits */
    size_t online, away, free_places; /* agents online, away; free places of those online */
    int64_t handle_time_ms;    /* running mean of a person's conversation */
    size_t by_assistant, active;
};

/* An action that waits for a person, or has been allowed and not finished yet. */
struct approval_view {
    uint64_t id, conversation, customer, asked_by, given_by, seq, settled; /* seq: of approval.requested; settled: of its end, or 0 */
    bool supervisor, flow, free;  /* flow: the assistant goes on with one when it has ended; free: nobody has to allow it */
    int64_t expires_at;
};
bool engine_approval(const struct engine *engine, uint64_t id, struct approval_view *out);
/* In ascending id; return false to stop. */
typedef bool engine_approval_fn(void *context, const struct approval_view *approval);
void engine_each_approval(const struct engine *engine, engine_approval_fn *each, void *context);
/* Whether this member of staff may allow or refuse it. */
bool engine_may_decide(const struct engine *engine, uint64_t agent, uint64_t approval);

bool engine_conversation(const struct engine *engine, uint64_t id, struct conversation_view *out);
bool engine_agent(const struct engine *engine, uint64_t id, struct agent_view *out);
bool engine_offer(const struct engine *engine, uint64_t id, struct offer_view *out); /* pending only */
void engine_queue(const struct engine *engine, struct queue_view *out);

/* Each calls `each` in ascending id; return false to stop. */
typedef bool engine_conversation_fn(void *context, const struct conversation_view *conversation);
typedef bool engine_agent_fn(void *context, const struct agent_view *agent);
void engine_each_open_conversation(const struct engine *engine, engine_conversation_fn *each, void *context);
void engine_each_agent(const struct engine *engine, engine_agent_fn *each, void *context);
/* The conversations an agent has now (active and wrapping) and the customer's latest ones. */
size_t engine_conversations_of_agent(const struct engine *engine, uint64_t agent, uint64_t *ids, size_t max);
size_t engine_offers_of_agent(const struct engine *engine, uint64_t agent, uint64_t *ids, size_t max);
size_t engine_conversations_of_customer(const struct engine *engine, uint64_t customer, uint64_t *ids, size_t max);
/* Until when an agent wraps up after this conversation, or 0. */
int64_t engine_wrapup_until(const struct engine *engine, uint64_t agent, uint64_t conversation);

/* The one rule of which conversations an agent may read: the ones they own; the ones they wrap up; and,
 * to look back, the ones that were resolved in their hands, while they stay resolved, for
 * settings.look_back_ms. Reading only: what they may do is decided by engine_handle. */
bool engine_agent_may_read(const struct engine *engine, uint64_t agent, uint64_t conversation, int64_t now_ms);

/* What the assistant learned from people (paraphrase.h), in the order in which it was learned. */
struct paraphrase_view {
    uint64_t id, conversation, message, agent, reviewer;
    struct str target, language, wording;
    bool article, revoked;        /* article: the target is one, else it is a topic */
    int64_t learned_at, reviewed_at;
    uint64_t version, changed_seq;
};
typedef bool engine_paraphrase_fn(void *context, const struct paraphrase_view *paraphrase);
void engine_each_paraphrase(const struct engine *engine, engine_paraphrase_fn *each, void *context);
/* Those below `before`, the newest first. */
void engine_each_paraphrase_back(const struct engine *engine, uint64_t before, engine_paraphrase_fn *each, void *context);

/* The staff who are in a conversation now: its owner, if there is one, then the supervisors who joined. */
#define ENGINE_STAFF_IN_MAX 9
size_t engine_staff_in(const struct engine *engine, uint64_t conversation, uint64_t ids[ENGINE_STAFF_IN_MAX]);

/* Place (from 1) and honest estimate for each waiting conversation, all in one pass, longest wait
 * first. The estimate is a range in ms; both are -1 when nobody who could take it is online.
 *   low  = handle time x (place - 1) / places that could take it
 *   high = handle time x (place + 1) / places that could take it
 * where a place is one conversation of one suitable online agent. */
struct queue_place {
    uint64_t conversation, customer;
    size_t place;
    int64_t low_ms, high_ms;
};
typedef void engine_place_fn(void *context, const struct queue_place *place);
void engine_each_place(const struct engine *engine, engine_place_fn *each, void *context);
/* The same for one of them, without looking at those behind it; false if it does not wait. */
bool engine_place(const struct engine *engine, uint64_t conversation, struct queue_place *out);

/* What somebody who asked for a person now would wait. */
void engine_wait_now(const struct engine *engine, struct str language, int64_t *low_ms, int64_t *high_ms);

/* Identity and sessions. 0 or false if unknown. */
uint64_t engine_customer_by_identity(const struct engine *engine, struct digest identity);
bool engine_customer_known(const struct engine *engine, uint64_t customer);
bool engine_customer_erased(const struct engine *engine, uint64_t customer);
bool engine_customer_verified(const struct engine *engine, uint64_t customer);
int64_t engine_customer_sessions_from(const struct engine *engine, uint64_t customer); /* older sessions are over */
/* seq of the customer's last customer.seen event, where the details stand; 0 if there is none. */
uint64_t engine_customer_seen(const struct engine *engine, uint64_t customer);
uint64_t engine_agent_by_login(const struct engine *engine, struct digest login);

struct session_view {
    uint64_t session, agent;
    int64_t expires_at;
};
bool engine_session(const struct engine *engine, struct digest token, int64_t now_ms, struct session_view *out);

#endif
