/* event.h - what happened: the one table of events.
 *
 * Everything about an event comes from EVENTS and the field lists below it: the C struct, the codec
 * (event_encode, event_decode), the JSON that clients see, the visibility rules and docs/api.md.
 *
 * Every event has a head (struct event): who it concerns. Personal fields pass through the engine
 * as opaque strings: apply() never reads them, so a log can be replayed without any key. They are
 * sealed by the node under the key of the event's customer or, if it has none, of its agent.
 *
 * Who may see an event, and which of its fields, is decided by event_visible and event_json only.
 * Strings in an event point into memory that the maker of the event names; an event owns nothing. */
#ifndef ENGINE_EVENT_H
#define ENGINE_EVENT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Who may see: C the conversation's customer, O the agent who owns the conversation, A the agent in
 * the head, T all agents (the team), S supervisors and administrators. */
enum sees {
    SEES_NOBODY = 0,
    SEES_C = 1, SEES_O = 2, SEES_A = 4, SEES_T = 8, SEES_S = 16,
    SEES_STAFF = SEES_O | SEES_A | SEES_S,
    SEES_CHAT = SEES_C | SEES_O | SEES_A | SEES_S,
};

/* A new kind goes to the end of the table and a new field to the end of its event: older records are then read, with the new
 * fields empty.
 *
 * Field types.
 *   U64 TIME COUNT   unsigned, varint; TIME is ms since 1970, and 0 is "none"
 *   I64              signed, zigzag
 *   TAG              short plain text without personal data (topic, skill, reason, state)
 *   JSON             plain text that is JSON, without personal data; written unquoted
 *   PERSONAL         text, sealed
 *   PERSONAL_JSON    text that is JSON, sealed; written unquoted
 *   SECRET           text, sealed, never written as JSON
 *   DIGEST           128 bits, never written as JSON */
#define EVENT_FIELD_TYPES(X) X(U64) X(TIME) X(COUNT) X(I64) X(TAG) X(JSON) X(PERSONAL) X(PERSONAL_JSON) \
    X(SECRET) X(DIGEST)

struct digest {
    uint64_t high, low;
};

/* E(KIND, member, name on the wire, who sees it, what it means) */
#define EVENTS(E) \
    E(WORKSPACE_CONFIGURED, workspace_configured, "workspace.configured", SEES_T | SEES_S, \
      "The workspace's files were loaded or reloaded.") \
    E(AGENT_ADDED, agent_added, "agent.added", SEES_A | SEES_S, "A member of staff was added.") \
    E(AGENT_CHANGED, agent_changed, "agent.changed", SEES_A | SEES_S, \
      "An agent's role, pool, capacity, skills or languages changed.") \
    E(AGENT_PASSWORD_SET, agent_password_set, "agent.password_set", SEES_A | SEES_S, \
      "A password was set; all sessions of the agent ended.") \
    E(AGENT_REMOVED, agent_removed, "agent.removed", SEES_A | SEES_S, \
      "A member of staff was removed; all their sessions ended.") \
    E(SESSION_OPENED, session_opened, "session.opened", SEES_A | SEES_S, "A member of staff logged in.") \
    E(SESSION_CLOSED, session_closed, "session.closed", SEES_A | SEES_S, \
      "A session of a member of staff ended.") \
    E(PRESENCE_CHANGED, presence_changed, "presence.changed", SEES_A | SEES_T | SEES_S, \
      "An agent went online, away or offline.") \
    E(CUSTOMER_SEEN, customer_seen, "customer.seen", SEES_C | SEES_S, \
      "A customer came for the first time, or their details changed.") \
    E(CUSTOMER_SESSIONS_ENDED, customer_sessions_ended, "customer.sessions_ended", SEES_C | SEES_S, \
      "All sessions of the customer that began before this event ended.") \
    E(CUSTOMER_ERASED, customer_erased, "customer.erased", SEES_C | SEES_S, \
      "The customer's key was deleted: nothing personal of theirs can be read any more.") \
    E(CONVERSATION_OPENED, conversation_opened, "conversation.opened", SEES_CHAT, \
      "A customer opened a conversation; the assistant owns it.") \
    E(CONVERSATION_REOPENED, conversation_reopened, "conversation.reopened", SEES_CHAT, \
      "A customer came back to a resolved conversation, or what they waited for is decided.") \
    E(RECONTACT_MARKED, recontact_marked, "recontact.marked", SEES_STAFF, \
      "The customer asks again on a topic that was resolved within the window.") \
    E(MESSAGE_SENT, message_sent, "message.sent", SEES_CHAT, "Somebody said something.") \
    E(NOTE_ADDED, note_added, "note.added", SEES_STAFF, "Staff wrote a note that the customer does not see.") \
    E(MARK_SET, mark_set, "mark.set", SEES_CHAT, "One side has received or read up to a message.") \
    E(ASSISTANT_DECIDED, assistant_decided, "assistant.decided", SEES_STAFF, \
      "What the assistant decided on a customer's message, and why.") \
    E(ACTION_STARTED, action_started, "action.started", SEES_STAFF, "The assistant began an action.") \
    E(ACTION_FINISHED, action_finished, "action.finished", SEES_STAFF, "An action ended.") \
    E(HUMAN_REQUESTED, human_requested, "human.requested", SEES_CHAT, \
      "A person is wanted: asked for by the customer, or the assistant hands over. The wait counts from here.") \
    E(HANDOVER_NOTED, handover_noted, "handover.noted", SEES_STAFF, \
      "The hand-over note: who, what they want, what was tried and found, what is still missing, a suggested reply.") \
    E(CONVERSATION_QUEUED, conversation_queued, "conversation.queued", SEES_CHAT, \
      "The conversation waits for a person.") \
    E(OFFER_MADE, offer_made, "offer.made", SEES_A | SEES_S, "An agent is asked to take a conversation.") \
    E(OFFER_ENDED, offer_ended, "offer.ended", SEES_A | SEES_S, \
      "An offer was accepted, declined, expired or cancelled.") \
    E(CONVERSATION_ASSIGNED, conversation_assigned, "conversation.assigned", SEES_CHAT, \
      "A person owns the conversation now.") \
    E(CONVERSATION_TRANSFERRED, conversation_transferred, "conversation.transferred", SEES_CHAT, \
      "The agent in the head gave the conversation up for a colleague or a skill.") \
    E(SUPERVISOR_JOINED, supervisor_joined, "supervisor.joined", SEES_CHAT, \
      "A supervisor joined the conversation.") \
    E(SUPERVISOR_LEFT, supervisor_left, "supervisor.left", SEES_CHAT, "A supervisor left the conversation.") \
    E(CONVERSATION_RESOLVED, conversation_resolved, "conversation.resolved", SEES_CHAT, \
      "The conversation was resolved.") \
    E(WRAPUP_STARTED, wrapup_started, "wrapup.started", SEES_A | SEES_S, \
      "The agent finishes the work after a conversation and is not offered its place.") \
    E(WRAPUP_ENDED, wrapup_ended, "wrapup.ended", SEES_A | SEES_S, "The wrap-up is over.") \
    E(CONVERSATION_RATED, conversation_rated, "conversation.rated", SEES_CHAT, \
      "The customer rated the conversation.") \
    E(APPOINTMENT_MADE, appointment_made, "appointment.made", SEES_CHAT, \
      "The customer left an address: a person will come back to them, with this number.") \
    E(APPOINTMENT_KEPT, appointment_kept, "appointment.kept", SEES_CHAT, \
      "A person took up the appointment.") \
    E(CARE_OFFERED, care_offered, "care.offered", SEES_CHAT, \
      "The customer's words told of danger or of a need for special care: what they are told at once, such as where help is.") \
    E(PARAPHRASE_LEARNED, paraphrase_learned, "paraphrase.learned", SEES_STAFF, \
      "An agent confirmed what a customer's words were about; the assistant learns them.") \
    E(PARAPHRASE_REVIEWED, paraphrase_reviewed, "paraphrase.reviewed", SEES_S, \
      "A supervisor approved or revoked a learned wording.") \
    E(WORKSPACE_PUBLISHED, workspace_published, "workspace.published", SEES_S, \
      "An administrator published a version of the topics and articles, or rolled back to one.") \
    E(MESSAGE_TRANSLATED, message_translated, "message.translated", SEES_CHAT, \
      "A language model put a message into the reader's language; the message itself stays as it is.") \
    E(CODE_SENT, code_sent, "identity.code_sent", SEES_STAFF, "A one-time code was drawn for the customer of this conversation.") \
    E(CODE_TRIED, code_tried, "identity.code_tried", SEES_STAFF, "The customer wrote six digits while a code was waited for.") \
    E(CODE_USED, code_used, "identity.code_used", SEES_STAFF, "An action that needs a one-time code runs: the customer has shown one.") \
    E(APPROVAL_REQUESTED, approval_requested, "approval.requested", SEES_STAFF | SEES_T, "An action waits until a person allows it; or it runs at once, if it needs nobody.") \
    E(APPROVAL_GIVEN, approval_given, "approval.given", SEES_STAFF | SEES_T, "The person in the head allowed the action: it runs now.") \
    E(APPROVAL_REFUSED, approval_refused, "approval.refused", SEES_STAFF | SEES_T, "The person in the head did not allow the action.") \
    E(APPROVAL_EXPIRED, approval_expired, "approval.expired", SEES_STAFF | SEES_T, "Nobody has decided in time, or the customer is erased.") \
    E(APPROVAL_DONE, approval_done, "approval.done", SEES_STAFF | SEES_T, "The action that was allowed has run.")

/* F(S, TYPE, member, who sees the field among those who see the event); S is the event's member
 * name, passed through so that F can name the struct. */
#define EVENT_FIELDS_workspace_configured(F, S) \
    F(S, TAG, version, SEES_S) F(S, TAG, settings, SEES_S)
#define EVENT_FIELDS_agent_added(F, S) \
    F(S, TAG, role, ~0) F(S, TAG, pool, ~0) F(S, COUNT, capacity, ~0) F(S, TAG, skills, ~0) F(S, TAG, languages, ~0) \
    F(S, DIGEST, login_digest, 0) F(S, PERSONAL, name, ~0) F(S, PERSONAL, login, SEES_S) F(S, SECRET, password, 0)
#define EVENT_FIELDS_agent_changed(F, S) \
    F(S, TAG, role, ~0) F(S, TAG, pool, ~0) F(S, COUNT, capacity, ~0) F(S, TAG, skills, ~0) F(S, TAG, languages, ~0)
#define EVENT_FIELDS_agent_password_set(F, S) F(S, SECRET, password, 0)
#define EVENT_FIELDS_agent_removed(F, S) F(S, TAG, reason, ~0)
#define EVENT_FIELDS_session_opened(F, S) F(S, DIGEST, token, 0) F(S, U64, session, ~0) F(S, TIME, expires_at, ~0)
/* reason: logged_out, expired, too_many, or the gateway's own */
#define EVENT_FIELDS_session_closed(F, S) F(S, U64, session, ~0) F(S, TAG, reason, ~0)
/* state: online, away, offline. reason: requested, lease_expired, missed_offers, logged_out, removed,
 * took_over (a supervisor who was offline and took a conversation over is away) */
#define EVENT_FIELDS_presence_changed(F, S) F(S, TAG, state, ~0) F(S, TAG, reason, ~0)
/* verified: 1 when the host page signed the identity */
#define EVENT_FIELDS_customer_seen(F, S) \
    F(S, DIGEST, identity, 0) F(S, COUNT, verified, ~0) F(S, TAG, language, ~0) \
    F(S, PERSONAL, external_id, ~0) F(S, PERSONAL, name, ~0) F(S, PERSONAL, email, ~0)
#define EVENT_FIELDS_customer_sessions_ended(F, S) F(S, TAG, reason, ~0)
#define EVENT_FIELDS_customer_erased(F, S) F(S, TAG, reason, ~0)
#define EVENT_FIELDS_conversation_opened(F, S) F(S, TAG, channel, ~0) F(S, TAG, language, ~0)
/* by: customer; assistant, which has the result of something that was asked for before */
#define EVENT_FIELDS_conversation_reopened(F, S) F(S, TAG, by, ~0)
#define EVENT_FIELDS_recontact_marked(F, S) F(S, TAG, topic, ~0) F(S, U64, previous, ~0) F(S, TIME, resolved_at, ~0)
/* author: customer, assistant, agent, supervisor. sources: [{"title","url"}], choices: ["…"] */
#define EVENT_FIELDS_message_sent(F, S) \
    F(S, TAG, author, ~0) F(S, TAG, topic, SEES_STAFF) F(S, PERSONAL, name, ~0) F(S, PERSONAL, text, ~0) \
    F(S, JSON, sources, ~0) F(S, PERSONAL_JSON, choices, ~0)
#define EVENT_FIELDS_note_added(F, S) F(S, PERSONAL, name, ~0) F(S, PERSONAL, text, ~0)
/* reader: customer, agent. mark: delivered, read */
#define EVENT_FIELDS_mark_set(F, S) F(S, TAG, reader, ~0) F(S, TAG, mark, ~0) F(S, U64, up_to, ~0)
/* turn: seq of the message that is answered, or of the approval.done or approval.refused that a flow goes on after.
 * decision: answer, ask, act, hand_over. confidence in thousandths. failed: 1 when the customer was
 * not helped by this turn. dialogue: the assistant's own memory of the conversation. made_by: embedded,
 * phrased, planned, or planned,phrased; model and prompt: the language model that was asked and the versions of the
 * prompts, fallback: why its words were not used, tokens: what it cost (docs/model.md). */
#define EVENT_FIELDS_assistant_decided(F, S) \
    F(S, U64, turn, ~0) F(S, TAG, decision, ~0) F(S, TAG, topic, ~0) F(S, COUNT, confidence, ~0) F(S, COUNT, failed, ~0) \
    F(S, TAG, reason, ~0) F(S, PERSONAL_JSON, explanation, ~0) F(S, PERSONAL_JSON, dialogue, 0) \
    F(S, TAG, made_by, ~0) F(S, TAG, model, ~0) F(S, TAG, prompt, ~0) F(S, TAG, fallback, ~0) F(S, COUNT, tokens, ~0)
#define EVENT_FIELDS_action_started(F, S) F(S, U64, turn, ~0) F(S, TAG, action, ~0) F(S, PERSONAL_JSON, parameters, ~0)
/* outcome: done, refused, failed, timed_out */
#define EVENT_FIELDS_action_finished(F, S) \
    F(S, U64, turn, ~0) F(S, TAG, action, ~0) F(S, TAG, outcome, ~0) F(S, COUNT, took_ms, ~0) F(S, PERSONAL_JSON, result, ~0)
/* via: button, words, assistant_failed, low_confidence, complaint, vulnerable, danger, policy,
 * assistant_silent, transfer, appointment */
#define EVENT_FIELDS_human_requested(F, S) F(S, TAG, via, ~0)
#define EVENT_FIELDS_handover_noted(F, S) F(S, PERSONAL_JSON, note, ~0)
/* wait_from: what the waiting time counts from; to_agent: 0, or the colleague it is meant for */
#define EVENT_FIELDS_conversation_queued(F, S) \
    F(S, TIME, wait_from, ~0) F(S, TAG, topic, SEES_STAFF) F(S, TAG, skills, SEES_STAFF) F(S, TAG, language, ~0) \
    F(S, U64, to_agent, SEES_STAFF)
/* appointment: its number, if the conversation is one that is to be kept; or 0 */
#define EVENT_FIELDS_offer_made(F, S) \
    F(S, U64, offer, ~0) F(S, TIME, expires_at, ~0) F(S, TAG, topic, ~0) F(S, TAG, language, ~0) F(S, TIME, wait_from, ~0) \
    F(S, U64, appointment, ~0)
/* outcome: accepted, declined, expired, cancelled. reason, when cancelled: agent_gone,
 * conversation_gone, taken_over */
#define EVENT_FIELDS_offer_ended(F, S) F(S, U64, offer, ~0) F(S, TAG, outcome, ~0) F(S, TAG, reason, ~0)
/* via: offer, take_over, assign. name: the agent's, for the customer */
#define EVENT_FIELDS_conversation_assigned(F, S) F(S, TAG, via, ~0) F(S, PERSONAL, name, ~0)
/* reason: transfer, agent_gone, taken_over, assigned */
#define EVENT_FIELDS_conversation_transferred(F, S) \
    F(S, U64, to_agent, SEES_STAFF) F(S, TAG, to_skill, SEES_STAFF) F(S, TAG, reason, SEES_STAFF) F(S, PERSONAL, note, SEES_STAFF)
#define EVENT_FIELDS_supervisor_joined(F, S) F(S, PERSONAL, name, ~0)
#define EVENT_FIELDS_supervisor_left(F, S) F(S, PERSONAL, name, ~0)
/* by: agent, customer, idle, erased */
#define EVENT_FIELDS_conversation_resolved(F, S) \
    F(S, TAG, by, ~0) F(S, TAG, disposition, SEES_STAFF) F(S, TAG, topic, SEES_STAFF) F(S, PERSONAL, note, SEES_STAFF)
#define EVENT_FIELDS_wrapup_started(F, S) F(S, TIME, until, ~0)
/* reason: finished, time */
#define EVENT_FIELDS_wrapup_ended(F, S) F(S, TAG, reason, ~0)
#define EVENT_FIELDS_conversation_rated(F, S) F(S, COUNT, stars, ~0) F(S, PERSONAL, comment, ~0)
/* way: call_back, email. due_at: when the customer would like it, or 0 for as soon as possible */
#define EVENT_FIELDS_appointment_made(F, S) \
    F(S, U64, number, ~0) F(S, TAG, way, ~0) F(S, TIME, due_at, ~0) F(S, PERSONAL, address, ~0)
#define EVENT_FIELDS_appointment_kept(F, S) F(S, U64, number, ~0)
/* via: vulnerable, danger. kind: such as bereavement, self_harm (docs/safety.md) */
#define EVENT_FIELDS_care_offered(F, S) F(S, TAG, via, ~0) F(S, PERSONAL, kind, ~0) F(S, PERSONAL, text, ~0)
/* message: the seq of the one that was translated; said_by: its author. An empty translation: it was not translated, and
 * fallback says why */
#define EVENT_FIELDS_message_translated(F, S) \
    F(S, U64, message, ~0) F(S, TAG, said_by, ~0) F(S, TAG, from, ~0) F(S, TAG, to, ~0) F(S, TAG, model, SEES_STAFF) \
    F(S, TAG, prompt, SEES_STAFF) F(S, COUNT, tokens, SEES_STAFF) F(S, PERSONAL, translation, ~0) F(S, TAG, fallback, SEES_STAFF)

/* topic or article: one of the two. message: seq of the customer's message. wording: edited by the agent,
 * refused if it holds personal data; the company's from here on, so it is not sealed and outlives the customer. */
#define EVENT_FIELDS_paraphrase_learned(F, S) \
    F(S, U64, paraphrase, ~0) F(S, TAG, topic, ~0) F(S, TAG, article, ~0) F(S, TAG, language, ~0) F(S, U64, message, ~0) \
    F(S, TAG, wording, ~0)
/* state: approved, revoked. version: 1 is what was learned */
#define EVENT_FIELDS_paraphrase_reviewed(F, S) \
    F(S, U64, paraphrase, ~0) F(S, COUNT, version, ~0) F(S, TAG, state, ~0)

/* number: of the version in DIR/data/versions; what: the file, "removed FILE" or "restored N"; previous: the workspace's version before */
#define EVENT_FIELDS_workspace_published(F, S) \
    F(S, U64, number, ~0) F(S, TAG, version, ~0) F(S, TAG, previous, ~0) F(S, TAG, what, ~0)
/* code: keyed, so that nobody who reads the log can try them all */
#define EVENT_FIELDS_code_sent(F, S) F(S, U64, turn, ~0) F(S, DIGEST, code, 0) F(S, TIME, expires_at, ~0)
/* outcome: right, wrong, used_up (wrong, and the last try), expired. until: the customer is proven until then, or 0 */
#define EVENT_FIELDS_code_tried(F, S) F(S, TAG, outcome, ~0) F(S, TIME, until, ~0)
#define EVENT_FIELDS_code_used(F, S) F(S, U64, turn, ~0) F(S, TAG, action, ~0)
/* agent in the head: who asked for it, 0 for the assistant. needs: agent, supervisor; nobody, for what a member of
 * staff may run. The team sees that there is something to decide; what and for whom is for those who may: GET
 * /v1/approvals. flow: 1 when a flow of the assistant waits for it, at `place` */
#define EVENT_FIELDS_approval_requested(F, S) \
    F(S, U64, number, ~0) F(S, U64, turn, SEES_S) F(S, TAG, action, ~0) F(S, TAG, topic, ~0) F(S, TAG, skills, ~0) F(S, TAG, needs, ~0) \
    F(S, TIME, expires_at, ~0) F(S, PERSONAL_JSON, parameters, SEES_S) F(S, PERSONAL, amount, SEES_S) F(S, PERSONAL, why, SEES_S) \
    F(S, PERSONAL, idempotency_key, 0) F(S, COUNT, flow, 0) F(S, PERSONAL_JSON, place, 0)
#define EVENT_FIELDS_approval_given(F, S) F(S, U64, number, ~0) F(S, PERSONAL, name, SEES_S)
#define EVENT_FIELDS_approval_refused(F, S) F(S, U64, number, ~0) F(S, PERSONAL, name, SEES_S) F(S, PERSONAL, reason, SEES_S)
#define EVENT_FIELDS_approval_expired(F, S) F(S, U64, number, ~0)
/* outcome: done, refused, failed, timed_out */
#define EVENT_FIELDS_approval_done(F, S) \
    F(S, U64, number, ~0) F(S, TAG, outcome, ~0) F(S, COUNT, took_ms, SEES_S) F(S, PERSONAL_JSON, result, SEES_S)

enum event_kind {
#define E(kind, member, name, sees, meaning) EVENT_##kind,
    EVENTS(E)
#undef E
    EVENT_KINDS
};

/* The C type of each field type. */
#define EVENT_C_U64 uint64_t
#define EVENT_C_TIME int64_t
#define EVENT_C_COUNT uint64_t
#define EVENT_C_I64 int64_t
#define EVENT_C_TAG struct str
#define EVENT_C_JSON struct str
#define EVENT_C_PERSONAL struct str
#define EVENT_C_PERSONAL_JSON struct str
#define EVENT_C_SECRET struct str
#define EVENT_C_DIGEST struct digest

#define F(S, type, member, sees) EVENT_C_##type member;
#define E(kind, member, name, sees, meaning) struct event_##member { EVENT_FIELDS_##member(F, member) };
EVENTS(E)
#undef E
#undef F

/* The idempotency key of the command that caused the event, and a digest of its body. All zeroes on
 * events that no keyed command caused, and on all but the first event of a command. */
struct command_key {
    struct digest key;
    uint64_t body;
};

struct event {
    uint64_t seq;          /* given by the log, without gaps, from 1 */
    int64_t at_ms;         /* ms since 1970; never smaller than the event before */
    enum event_kind kind;
    uint64_t conversation; /* 0: none, as for all of these */
    uint64_t customer;
    uint64_t agent;        /* who did it, or whom it concerns */
    uint64_t owner;        /* the agent who owned the conversation when this happened */
    struct command_key cause;
    union {
#define E(kind, member, name, sees, meaning) struct event_##member member;
        EVENTS(E)
#undef E
    };
};

enum event_field_type {
#define X(type) EVENT_FIELD_##type,
    EVENT_FIELD_TYPES(X)
#undef X
};

struct event_field {
    const char *name;
    enum event_field_type type;
    size_t offset; /* in the event's own struct: event_text and event_number add the rest */
    int sees;
};

struct event_row {
    const char *name;
    const char *meaning;
    int sees;
    const struct event_field *fields;
    size_t field_count;
};

extern const struct event_row event_table[EVENT_KINDS];

static inline bool event_field_is_text(enum event_field_type type)
{
    return type >= EVENT_FIELD_TAG && type <= EVENT_FIELD_SECRET;
}

static inline bool event_field_is_personal(enum event_field_type type)
{
    return type >= EVENT_FIELD_PERSONAL && type <= EVENT_FIELD_SECRET;
}

/* The place of a field in the event: all members of the union begin at the same byte. */
static inline void *event_field_at(const struct event *event, const struct event_field *field)
{
    return (char *)(uintptr_t)&event->workspace_configured + field->offset;
}

static inline struct str *event_text(const struct event *event, const struct event_field *field)
{
    return event_field_at(event, field);
}

/* Appends the event without its seq. event_decode reads it back; its strings point into `record`.
 * Unknown kinds and records with bytes left over are errors: a newer beckon wrote them. */
void event_encode(const struct event *event, struct buf *out);
bool event_decode(struct err *err, struct str record, struct event *event) WARN_UNUSED;

enum viewer_role { VIEWER_CUSTOMER, VIEWER_AGENT, VIEWER_SUPERVISOR };

struct viewer {
    enum viewer_role role;
    uint64_t id; /* customer or agent */
};

/* Whether this viewer may see the event at all: the one place where that is decided. */
bool event_visible(const struct event *event, struct viewer viewer);

/* The same for an agent who looks into a conversation that is theirs now: its history. */
bool event_visible_in_history(const struct event *event, enum viewer_role role);

/* One JSON object with the fields that the role may see. Empty text fields are left out. */
void event_json(const struct event *event, enum viewer_role role, struct buf *out);

/* A growing list of events whose strings live in `arena` or in memory that outlives the list. */
struct events {
    struct event *items;
    size_t count, capacity;
    struct arena arena;
};

struct event *events_add(struct events *events);
void events_clear(struct events *events); /* keeps the room, frees the strings */
void events_free(struct events *events);

#endif
