/* flow.h - the way through a topic's steps: what flow.c, flow_walk.c and flow_answer.c share. Nobody else includes it.
 *
 *   flow.c         which text, whether it may act, saying it
 *   flow_walk.c    from step to step until somebody is asked, or it ends
 *   flow_done.c    what it has changed, told and undone
 *   flow_approval.c  actions that a person has to allow first
 *   flow_settled.c what happens when that was decided
 *   flow_code.c    one-time codes
 *   flow_answer.c  what the customer's words are to a question that waits
 *
 * A topic that names an action only has two steps, call and report (steps_of_action). */
#ifndef ASSISTANT_FLOW_H
#define ASSISTANT_FLOW_H

#include "assistant/details.h"
#include "assistant/fill.h"
#include "assistant/slots.h"
#include "assistant/turn.h"

#define FLOW_TRIES 2 /* answers that do not fit, then a person */
#define FLOW_CERTAIN 990 /* the customer has chosen or confirmed it */

/* --- flow.c --- */
/* Approved text as it stands or filled, every fact of it checked; false: it may not be said, and turn->check says why. */
bool flow_fill(struct turn *turn, struct str approved, const struct filling *filling, struct str *out) WARN_UNUSED;
/* What a topic that only names an action says of its result; hands over if nothing fits. */
void flow_report(struct turn *turn, const struct topic *topic, const struct action *action, struct str outcome, const struct filling *filling);
/* What may be said without any action; empty if nothing. */
struct str flow_general(const struct turn *turn, const struct topic *topic);
/* Says it; false if there is none. */
bool flow_say_general(struct turn *turn, const struct topic *topic);
void flow_add_sources(struct turn *turn, const struct topic *topic);
/* Why a flow could not go on: after an action that did not come off, the words say what that means. */
void flow_give_up(struct turn *turn, const struct action *action, struct str said);

/* --- flow_walk.c --- */
/* Goes on at this step. `said` stands before what is said next. */
void flow_walk(struct turn *turn, const struct topic *topic, size_t at, struct str said);
/* Goes on at this call, whose own question was answered with a yes: that is about this call alone. */
void flow_walk_agreed(struct turn *turn, const struct topic *topic, size_t at);
/* The call at this step was decided by a person, as question->settled says: goes on with what came of it. */
void flow_walk_on(struct turn *turn, const struct topic *topic, size_t at);
/* The facts of results so far; the caller gives them back. */
json_t *flow_facts(const struct turn *turn);
/* The place as it is now, for the next turn. */
void flow_keep_place(struct turn *turn, const struct topic *topic, size_t at, enum pending pending);
struct str flow_join(struct turn *turn, struct str said, struct str text); /* two paragraphs */
/* Asks for an action's parameter, or a step's slot, once more or for the first time. */
void flow_ask(struct turn *turn, const struct topic *topic, size_t at, struct str name, bool again, struct str said);
/* The question of this step, or of the parameter that is asked for, filled; empty if it cannot be. */
struct str flow_question(struct turn *turn, const struct topic *topic, size_t at);
void flow_ask_to_confirm(struct turn *turn, const struct topic *topic, size_t at, bool again, struct str said);

/* The call's first parameter anew, all others forgotten; false if it has none. */
bool flow_ask_instead(struct turn *turn, const struct topic *topic, size_t at);

/* --- flow_approval.c --- */
bool flow_needs_approval(const struct turn *turn, const struct action *action, const json_t *parameters, const json_t *facts);
struct flow_call {
    const struct action *action;
    const json_t *parameters, *facts;
    struct str key;
    size_t at;
    bool own; /* what was agreed to is this call only */
};
bool flow_propose(struct turn *turn, const struct topic *topic, const struct flow_call *call);

/* --- flow_settled.c: question->settled --- */
struct str flow_approved(const struct turn *turn, const struct action *action, bool done); /* "It has been allowed, and it is done: …" */

/* --- flow_answer.c --- */
/* Something else is clearly meant. */
bool flow_is_left(const struct turn *turn);
bool flow_stop(struct turn *turn, const struct topic *topic, enum sentence nothing_done); /* always true, as the next */
bool flow_give_up_asking(struct turn *turn, const struct topic *topic);

/* --- flow_done.c --- */
void flow_note_done(struct turn *turn, const struct action *action, const json_t *parameters, const json_t *result);
/* Undoes what can be undone, the last first; false if something could not be. */
bool flow_undo(struct turn *turn);
/* What has been done, what was undone, what could not be, what may have been done (`unsure`, or NULL), and what was not; a paragraph
 * each. Empty if nothing was changed. */
struct str flow_done_and_not(struct turn *turn, const struct topic *topic, const struct action *unsure);

/* --- flow_code.c: the customer must show just now that it is they --- */
bool flow_is_proven(const struct turn *turn);
/* Has a code sent and asks for it; false if that cannot be done. */
bool flow_ask_code(struct turn *turn, const struct topic *topic, size_t at, struct str said);
/* The message that came while a code was asked for; false: it is about something else. */
bool flow_goes_on_with_code(struct turn *turn, const struct topic *topic, size_t at);
void flow_ask_code_again(struct turn *turn, const struct topic *topic, size_t at, enum sentence sentence);

/* What the question that waits asks for: a slot of an ask step, or a parameter of a call; one of the two. */
struct flow_wanted {
    const struct step *slot;
    const struct action *action;
    const struct action_parameter *parameter;
};
struct flow_wanted flow_wanted(const struct turn *turn, const struct topic *topic, size_t at, struct str name);

#endif
