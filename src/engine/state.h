/* state.h - what the engine remembers: the structs behind engine.h.
 *
 * Only files of this folder, and tests that look for broken promises, include it. Fields under
 * "derived" follow from the others (with the settings and the time) and are in no snapshot.
 *
 *   customer --< conversation >-- owner: agent --< session
 *       |             |  |              |
 *       |             |  +-- offer -----+
 *       |             +----- queue group (skills, language)     agent -- group of free agents
 *       +--< resolution (topic, time): for recontacts */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include <sys/queue.h>

#include "base/heap.h"
#include "engine/engine.h"
#include "engine/group.h"
#include "engine/idempotency.h"
#include "engine/lookup.h"
#include "engine/pool.h"
#include "engine/symbol.h"

#define STATE_RECONTACTS 4 /* topics a conversation is marked for */
#define STATE_GUESTS 8     /* supervisors who joined a conversation */

enum deadline_kind { DEADLINE_OFFER, DEADLINE_WRAPUP, DEADLINE_LEASE, DEADLINE_SESSION, DEADLINE_CONVERSATION, DEADLINE_APPROVAL };

/* See deadline.h: the node's key may be earlier than at_ms. */
struct deadline {
    struct heap_node node;
    enum deadline_kind kind;
    int64_t at_ms;
};

/* An entry of the heap that match.c works through: a conversation, or an agent with a free place. */
struct candidate {
    struct heap_node node;
    bool is_agent;
    uint64_t last_offer; /* engine->last_offer when it was added: the same now, nothing has changed */
};

struct decliner {
    uint64_t agent;
    int64_t until; /* the conversation is not offered to this agent before */
};

struct decliners {
    size_t count;
    struct decliner items[LIMIT_DECLINERS];
};

struct guests {
    size_t count;
    uint64_t ids[STATE_GUESTS];
};

/* An action that a person has to allow: approval.h. */
struct approval {
    uint64_t id, conversation, customer;
    uint64_t asked_by;           /* an agent, or 0: the assistant */
    uint64_t given_by;           /* 0: not decided yet */
    uint64_t seq;                /* of approval.requested */
    uint64_t settled;            /* seq of its end, while the flow that waits for it has not gone on; 0: it has not ended */
    struct symbol *skills;       /* that an agent needs to decide it */
    bool supervisor;             /* only supervisors may */
    bool free;                   /* nobody has to allow it: a member of staff runs it, within the limit */
    bool flow;                   /* the assistant goes on when it has ended */
    int64_t expires_at;
    struct deadline deadline;    /* derived; while it is not decided */
};

/* A one-time code: proof.h. */
struct proof {
    struct digest code;          /* zero: used, or given up */
    int64_t sent_at, good_until; /* good_until: the customer is proven until then */
    int tries;                   /* wrong ones */
    enum proof_outcome outcome;  /* of the last try, which was the message `tried` */
    uint64_t tried;
    bool waits;
};

/* The first member of a struct that stands in an agent's lists is its id: see agent.c. */
struct offer {
    uint64_t id;
    struct conversation *conversation;
    struct agent *agent;
    int64_t made_at, expires_at;
    struct deadline deadline;
};

struct wrapup {
    uint64_t conversation;
    struct agent *agent;
    int64_t until;
    struct deadline deadline;
};

struct session {
    uint64_t id;
    struct agent *agent;
    struct lookup_link token;
    int64_t expires_at;
    struct deadline deadline;
};

/* That a customer's matter on a topic was resolved: what is left of a conversation that was let go. */
struct resolution {
    struct customer *customer;
    struct symbol *topic;
    uint64_t conversation;
    int64_t resolved_at;
    TAILQ_ENTRY(resolution) of_customer, of_all;
};
TAILQ_HEAD(resolutions, resolution);

struct conversation {
    uint64_t id;
    struct customer *customer;
    enum conversation_state state;
    struct agent *owner;
    struct symbol *language, *topic, *skills; /* skills: of the queue; never NULL */
    int64_t opened_at, last_at, wait_from, queued_at, assigned_at, resolved_at;
    int64_t turn_at;
    uint64_t turn, to_agent, last_message, appointment;
    uint64_t acted_turn;         /* the turn that has last begun something outside; if it is `turn`, nothing overtakes it */
    uint64_t next_turn;          /* what the customer wrote last while it did: the turn after it */
    uint64_t asked_turn;         /* the turn in which an approval was asked for last: taken up again after a crash, it asks once */
    uint64_t handler;            /* the agent in whose hands it was resolved; 0: open, or in nobody's */
    uint64_t customer_read, customer_delivered, staff_read, staff_delivered;
    int failed_turns, stars;
    size_t approvals;            /* of this conversation; derived */
    size_t recontact_count;
    struct symbol *recontacts[STATE_RECONTACTS];
    struct decliners *decliners; /* NULL: none */
    struct guests *guests;       /* NULL: none */
    struct proof *proof;         /* NULL: no code was sent */
    struct offer *offer;         /* pending */

    /* derived */
    struct group *group;         /* while waiting */
    struct heap_node waiting;    /* in engine->waiting */
    struct heap_node queued;     /* in group->members or an agent's `personal`; not while offered */
    struct agent *queued_for;    /* whose `personal` */
    struct deadline deadline;
    struct candidate candidate;
    bool fresh;                  /* stands in engine->fresh */
    int64_t looked_ms;           /* volatile: when it was last looked for somebody who could take it */
    TAILQ_ENTRY(conversation) of_customer, of_fresh, of_resolved;
};
TAILQ_HEAD(conversations, conversation);

struct customer {
    uint64_t id;
    struct lookup_link identity; /* zero: anonymous */
    bool verified, erased;
    struct symbol *language;
    int64_t sessions_from;
    uint64_t seen_seq;           /* of the last customer.seen, 0: none */
    int64_t idle_from;           /* anonymous, with nothing to remember since then; 0: is not */
    int64_t codes_from;          /* one-time codes: since then these were sent, and tried in vain */
    int codes_sent, codes_wrong;
    int open;                    /* conversations not resolved */
    struct conversations conversations; /* newest first */
    struct resolutions resolutions;     /* oldest first */
    TAILQ_ENTRY(customer) of_idle;
};
TAILQ_HEAD(customers, customer);

enum agent_role { ROLE_AGENT, ROLE_SUPERVISOR, ROLE_ADMINISTRATOR, ROLES };
enum agent_pool { POOL_EMPLOYEE, POOL_ON_DEMAND, POOL_OUTSOURCED, POOLS };

struct agent {
    uint64_t id;
    struct lookup_link login;
    enum agent_state state;
    enum agent_role role;
    enum agent_pool pool;
    int capacity, missed;        /* missed: offers in a row */
    struct str skills, languages; /* lists as they were given; owned */
    int64_t state_since, idle_since; /* idle from coming online, or from when work last came or went */
    uint64_t added_seq, password_seq; /* of agent.added, and of the event with the present password */
    int active_count, offer_count, wrapup_count, session_count; /* the first three: at most LIMIT_CAPACITY together */
    struct conversation *active[LIMIT_CAPACITY]; /* each list in ascending id */
    struct offer *offers[LIMIT_CAPACITY];
    struct wrapup *wrapups[LIMIT_CAPACITY];
    struct session *sessions[LIMIT_SESSIONS_PER_AGENT + 1];

    /* derived */
    struct group *group;         /* of agents with the same skills and languages */
    struct heap_node free;       /* in group->members while online with a free place */
    struct heap personal;        /* conversations that wait for this agent only */
    struct candidate candidate;
    bool fresh;
    TAILQ_ENTRY(agent) of_fresh;
    int counted_free;            /* what this agent adds to the sums in struct engine */
    size_t counted_capacity;
    enum agent_state counted_state;
    /* volatile */
    struct deadline lease;       /* while online or away */
};
TAILQ_HEAD(agents, agent);

struct engine {
    uint64_t seq;
    int64_t at_ms;
    struct str version, settings_text; /* owned */
    struct settings settings;
    struct arena settings_arena;
    struct symbols symbols;
    uint64_t last_customer, last_conversation, last_agent, last_session, last_offer, last_appointment,
        last_paraphrase, last_approval;
    int64_t handle_time_ms;
    uint64_t handled;            /* conversations in the mean, as far as it counts */
    struct map customers, conversations, open, agents, offers, approvals; /* by id; open: not resolved */
    struct map paraphrases;      /* by id */
    struct lookup tokens, logins, identities;
    struct resolutions resolutions; /* oldest first */
    struct idempotency idempotency;

    /* derived */
    struct conversations resolved;  /* in the order of resolution */
    struct customers idle;          /* in the order of idle_from */
    size_t idle_count;
    struct groups queue, free;
    struct heap waiting, deadlines, candidates;
    struct conversations fresh;     /* may be offered, since the last match */
    struct agents fresh_agents;     /* may take something, since the last match */
    size_t state_count[CONVERSATION_STATES], agents_in[AGENT_STATES], free_places;
    /* volatile */
    int64_t now_ms;                 /* never smaller than at_ms; a clock set back does not move it */

    struct pool customer_pool, conversation_pool, agent_pool, offer_pool, wrapup_pool, session_pool,
        resolution_pool, decliners_pool, guests_pool, proof_pool, approval_pool;
};

#endif
