/* act.h - steps that several commands share. Each emits the events of one thing that happens, in an
 * order in which no promise is broken in between, and refuses nothing. */
#ifndef ENGINE_ACT_H
#define ENGINE_ACT_H

#include "engine/decide.h"
#include "engine/offer.h"

/* Why a person is wanted: human_requested's `via`. X(VIA, name, whether the assistant may give it) */
#define ACT_VIAS(X) \
    X(BUTTON, "button", false) X(WORDS, "words", true) X(ASSISTANT_FAILED, "assistant_failed", true) \
    X(LOW_CONFIDENCE, "low_confidence", true) X(COMPLAINT, "complaint", true) X(VULNERABLE, "vulnerable", true) \
    X(DANGER, "danger", true) X(POLICY, "policy", true) X(ASSISTANT_SILENT, "assistant_silent", false) \
    X(TRANSFER, "transfer", false) X(APPOINTMENT, "appointment", false)

bool act_is_via(struct str via);
bool act_is_assistants_via(struct str via);

/* A person is wanted from now on; `note` may be empty. language: NULL for the conversation's own. */
struct act_request {
    struct str via, note;
    struct symbol *language, *skills; /* NULL: the conversation's, and those that its topic needs */
};
void act_request(struct decision *decision, struct conversation *conversation, const struct act_request *request);

/* Into the queue, or to another place in it; a pending offer must have ended. */
struct act_queue {
    int64_t wait_from;
    struct symbol *skills, *language;
    uint64_t to_agent;
};
void act_queue(struct decision *decision, struct conversation *conversation, const struct act_queue *queue);

void act_reopen(struct decision *decision, struct conversation *conversation, struct str by);
void act_say(struct decision *decision, struct conversation *conversation, struct str author,
             const struct event_message_sent *message);

void act_end_offer(struct decision *decision, struct offer *offer, enum offer_outcome outcome, const char *reason);
void act_cancel_offer_of(struct decision *decision, struct conversation *conversation, const char *reason);
/* Ends offers that the agent may not take any more, after a change of skills, capacity or settings. */
void act_cancel_unfit_offers(struct decision *decision, struct agent *agent);

/* The agent owns it from now on; an open appointment is kept by that. */
struct act_assign {
    const char *via;
    struct str name;
};
void act_assign(struct decision *decision, struct conversation *conversation, struct agent *agent,
                const struct act_assign *assign);
void act_end_wrapup(struct decision *decision, const struct wrapup *wrapup, const char *reason);
void act_start_wrapup(struct decision *decision, const struct conversation *conversation, const struct agent *agent);

/* by: agent, customer, idle, erased. agent: who resolves it, or 0. */
struct act_resolve {
    const char *by;
    uint64_t agent;
    struct str disposition, topic, note;
};
void act_resolve(struct decision *decision, struct conversation *conversation, const struct act_resolve *resolve);

/* Marks the conversation if the customer had a resolution on this topic lately. NULL: no topic. */
void act_mark_recontact(struct decision *decision, struct conversation *conversation, const struct symbol *topic);

struct approval;
void act_expire_approval(struct decision *decision, const struct approval *approval); /* decide_approval.c */
/* All that wait, when their customer is erased. The customer's conversations have been resolved. */
void act_expire_approvals_of(struct decision *decision, uint64_t customer);

/* The last session's end takes the agent offline. */
void act_close_session(struct decision *decision, const struct session *session, struct str reason);

/* With all that follows: offers are taken back, an agent who is gone gives conversations up. */
void act_presence(struct decision *decision, struct agent *agent, enum agent_state state, const char *reason);

#endif
