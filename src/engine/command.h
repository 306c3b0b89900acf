/* command.h - what somebody wishes: the one table of commands.
 *
 * From COMMANDS and the field lists come the C struct, the check of a request's JSON body (types,
 * required and unknown fields, maxima) and the request schemas of the API description. A command
 * says who wishes it (actor) and about what (conversation, offer, agent); the gateway fills both
 * from the session and the path, never from the body.
 *
 * Personal text only passes through the engine. A command's strings live until the call ends. */
#ifndef ENGINE_COMMAND_H
#define ENGINE_COMMAND_H

#include "base/limits.h"
#include "engine/event.h"

/* Who may give a command. NODE is beckon itself: start-up, timers, the command line. */
enum actor {
    ACTOR_CUSTOMER = 1, ACTOR_AGENT = 2, ACTOR_SUPERVISOR = 4, ACTOR_ASSISTANT = 8, ACTOR_NODE = 16,
    ACTOR_STAFF = ACTOR_AGENT | ACTOR_SUPERVISOR,
};

/* C(KIND, member, who may, what it wishes) */
#define COMMANDS(C) \
    C(WAKE, wake, ACTOR_NODE, "Do what is due: a deadline has passed.") \
    C(CONFIGURE, configure, ACTOR_NODE, "Take these settings.") \
    C(SEE_CUSTOMER, see_customer, ACTOR_NODE, "A customer came to the door: make or update the record.") \
    C(END_CUSTOMER_SESSIONS, end_customer_sessions, ACTOR_CUSTOMER | ACTOR_NODE, \
      "End all sessions of the customer.") \
    C(ERASE_CUSTOMER, erase_customer, ACTOR_SUPERVISOR | ACTOR_NODE, \
      "Erase the customer: delete the key, so that nothing personal can be read any more.") \
    C(OPEN, open, ACTOR_CUSTOMER, "Open a conversation.") \
    C(SAY, say, ACTOR_CUSTOMER | ACTOR_STAFF, "Say something in a conversation.") \
    C(MARK, mark, ACTOR_CUSTOMER | ACTOR_STAFF, "Messages up to here have arrived or were read.") \
    C(ASK_HUMAN, ask_human, ACTOR_CUSTOMER, "Ask for a person.") \
    C(MAKE_APPOINTMENT, make_appointment, ACTOR_CUSTOMER, \
      "Leave an address or a time, so that a person comes back to you.") \
    C(RATE, rate, ACTOR_CUSTOMER, "Rate the conversation.") \
    C(END, end, ACTOR_CUSTOMER, "End the conversation: the matter is settled.") \
    C(ASSISTANT_REPLY, assistant_reply, ACTOR_ASSISTANT, "The assistant's decision on a message.") \
    C(ACTION_START, action_start, ACTOR_ASSISTANT, "The assistant begins an action.") \
    C(ACTION_FINISH, action_finish, ACTOR_ASSISTANT, "An action ended.") \
    C(SEND_CODE, send_code, ACTOR_ASSISTANT, "A one-time code is about to be sent to the customer.") \
    C(REQUEST_APPROVAL, request_approval, ACTOR_ASSISTANT | ACTOR_STAFF, "Run an action for the customer; what is above the limit is allowed by a colleague first.") \
    C(GIVE_APPROVAL, give_approval, ACTOR_STAFF, "Allow the action: it runs at once.") \
    C(REFUSE_APPROVAL, refuse_approval, ACTOR_STAFF, "Do not allow the action.") \
    C(FINISH_APPROVAL, finish_approval, ACTOR_NODE, "An action that was allowed has run.") \
    C(NOTE_HANDOVER, note_handover, ACTOR_ASSISTANT, \
      "The hand-over note of a conversation that left the assistant by a button or by words.") \
    C(TRANSLATE, translate, ACTOR_ASSISTANT, "A message in the language of who reads it.") \
    C(ADD_AGENT, add_agent, ACTOR_SUPERVISOR | ACTOR_NODE, "Add a member of staff.") \
    C(CHANGE_AGENT, change_agent, ACTOR_SUPERVISOR | ACTOR_NODE, \
      "Change role, pool, capacity, skills or languages; what is left out stays.") \
    C(SET_PASSWORD, set_password, ACTOR_SUPERVISOR | ACTOR_NODE, \
      "Set an agent's password; ends the agent's sessions.") \
    C(REMOVE_AGENT, remove_agent, ACTOR_SUPERVISOR | ACTOR_NODE, "Remove a member of staff.") \
    C(OPEN_SESSION, open_session, ACTOR_NODE, "A member of staff logged in.") \
    C(CLOSE_SESSION, close_session, ACTOR_STAFF | ACTOR_NODE, "End one session or all of an agent's.") \
    C(SET_PRESENCE, set_presence, ACTOR_STAFF, "Go online, away or offline.") \
    C(HEARTBEAT, heartbeat, ACTOR_STAFF, "The agent's page is still there.") \
    C(ACCEPT, accept, ACTOR_STAFF, "Accept an offer.") \
    C(DECLINE, decline, ACTOR_STAFF, "Decline an offer; it costs nothing.") \
    C(NOTE, note, ACTOR_STAFF, "Write a note that the customer does not see.") \
    C(TRANSFER, transfer, ACTOR_STAFF, "Give the conversation to a colleague or a skill.") \
    C(RESOLVE, resolve, ACTOR_STAFF, "The matter is settled.") \
    C(END_WRAPUP, end_wrapup, ACTOR_STAFF, "Finish the work after a conversation.") \
    C(LEARN, learn, ACTOR_STAFF, \
      "Confirm what the customer's words were about: the assistant learns the wording.") \
    C(APPROVE_PARAPHRASE, approve_paraphrase, ACTOR_SUPERVISOR, "Approve a learned wording.") \
    C(REVOKE_PARAPHRASE, revoke_paraphrase, ACTOR_SUPERVISOR, \
      "Revoke a learned wording: the assistant forgets it.") \
    C(PUBLISH, publish, ACTOR_NODE, "Put on record that a version of the files was published.") \
    C(JOIN, join, ACTOR_SUPERVISOR, "Join a conversation as a third party.") \
    C(LEAVE, leave, ACTOR_SUPERVISOR, "Leave a conversation that was joined.") \
    C(TAKE_OVER, take_over, ACTOR_SUPERVISOR, "Own the conversation from now on.") \
    C(ASSIGN, assign, ACTOR_SUPERVISOR, "Give the conversation to a certain agent now.")

/* F(S, TYPE, member, origin, maximum, what it is)
 * Types: TEXT (bytes up to the maximum), TAG (letters, digits, '-', '_', '.', ','), JSON (the node's),
 * COUNT (0 to the maximum), ID (a positive number), TIME (ms since 1970), FLAG (true or false), DIGEST.
 * Origin: REQUIRED or OPTIONAL in the request's body; NODE is filled in by beckon itself. */
#define COMMAND_FIELDS_wake(F, S)
#define COMMAND_FIELDS_configure(F, S) \
    F(S, TAG, version, NODE, LIMIT_TAG, "digest of the workspace's files") \
    F(S, TEXT, settings, NODE, LIMIT_SETTINGS, "settings_encode's text")
#define COMMAND_FIELDS_see_customer(F, S) \
    F(S, DIGEST, identity, NODE, 0, "keyed digest of the external id; zero for anonymous") \
    F(S, FLAG, verified, NODE, 1, "the host page signed the identity") \
    F(S, TAG, language, NODE, LIMIT_TAG, "the customer's language") \
    F(S, TEXT, external_id, NODE, LIMIT_IDENTITY, "the host page's id of the customer") \
    F(S, TEXT, name, NODE, LIMIT_NAME, "") \
    F(S, TEXT, email, NODE, LIMIT_ADDRESS, "")
#define COMMAND_FIELDS_end_customer_sessions(F, S)
#define COMMAND_FIELDS_erase_customer(F, S) \
    F(S, ID, customer, NODE, 0, "the customer")
#define COMMAND_FIELDS_open(F, S) \
    F(S, TAG, language, OPTIONAL, LIMIT_TAG, "language of the conversation, such as en; the session's if left out") \
    F(S, TAG, channel, NODE, LIMIT_TAG, "chat")
/* wants_human: one of human_requested's `via`, or empty; found in the words before the engine sees
 * the command, so that a wish for a person is honoured with no assistant's turn in between.
 * care: what a customer in need is told at once, and of what kind the need is.
 * topic: what the words are about besides, for who is to take it; it counts where nothing was talked about yet. */
#define COMMAND_FIELDS_say(F, S) \
    F(S, TEXT, text, REQUIRED, LIMIT_MESSAGE, "what is said") \
    F(S, TEXT, name, NODE, LIMIT_NAME, "display name of the member of staff") \
    F(S, TAG, wants_human, NODE, LIMIT_TAG, "") F(S, TEXT, care_kind, NODE, LIMIT_TAG, "") F(S, TEXT, care, NODE, LIMIT_CARE, "") \
    F(S, TAG, topic, NODE, LIMIT_TAG, "") \
    F(S, DIGEST, code, NODE, 0, "of the six digits in the text, which the node has hidden; zero: none")
#define COMMAND_FIELDS_mark(F, S) \
    F(S, TAG, mark, REQUIRED, LIMIT_TAG, "delivered or read") \
    F(S, ID, up_to, REQUIRED, 0, "seq of the last message")
#define COMMAND_FIELDS_ask_human(F, S)
#define COMMAND_FIELDS_make_appointment(F, S) \
    F(S, TAG, way, REQUIRED, LIMIT_TAG, "call_back or email") \
    F(S, TEXT, address, REQUIRED, LIMIT_ADDRESS, "telephone number or e-mail address") \
    F(S, TIME, due_at, OPTIONAL, 0, "when it suits, in ms since 1970; left out: as soon as possible")
#define COMMAND_FIELDS_rate(F, S) \
    F(S, COUNT, stars, REQUIRED, 5, "1 (bad) to 5 (very good)") \
    F(S, TEXT, comment, OPTIONAL, LIMIT_COMMENT, "in the customer's own words")
#define COMMAND_FIELDS_end(F, S)
/* turn: seq of the message that is answered. reason: human_requested's `via` when handing over. */
#define COMMAND_FIELDS_assistant_reply(F, S) \
    F(S, ID, turn, NODE, 0, "") F(S, TAG, decision, NODE, LIMIT_TAG, "") F(S, TAG, topic, NODE, LIMIT_TAG, "") \
    F(S, COUNT, confidence, NODE, 1000, "") F(S, FLAG, failed, NODE, 1, "") F(S, TAG, reason, NODE, LIMIT_TAG, "") \
    F(S, TEXT, text, NODE, LIMIT_MESSAGE, "") F(S, JSON, sources, NODE, LIMIT_SOURCES, "") \
    F(S, JSON, choices, NODE, LIMIT_CHOICES, "") F(S, JSON, explanation, NODE, LIMIT_DIALOGUE, "") \
    F(S, JSON, dialogue, NODE, LIMIT_DIALOGUE, "") F(S, JSON, note, NODE, LIMIT_NOTE, "hand-over note") \
    F(S, TAG, language, NODE, LIMIT_TAG, "language found in the text, or empty") \
    F(S, TAG, made_by, NODE, LIMIT_TAG, "embedded, phrased, planned; or planned,phrased") F(S, TEXT, model, NODE, LIMIT_NAME, "") \
    F(S, TEXT, prompt, NODE, LIMIT_NAME, "") F(S, TAG, fallback, NODE, LIMIT_TAG, "") F(S, COUNT, tokens, NODE, LIMIT_TOKENS, "")
#define COMMAND_FIELDS_action_start(F, S) \
    F(S, ID, turn, NODE, 0, "") F(S, TAG, action, NODE, LIMIT_TAG, "") \
    F(S, JSON, parameters, NODE, LIMIT_ACTION_RESULT, "") F(S, FLAG, proven, NODE, 1, "the action needs a one-time code")
#define COMMAND_FIELDS_action_finish(F, S) \
    F(S, ID, turn, NODE, 0, "") F(S, TAG, action, NODE, LIMIT_TAG, "") F(S, TAG, outcome, NODE, LIMIT_TAG, "") \
    F(S, COUNT, took_ms, NODE, 3600000, "") F(S, JSON, result, NODE, LIMIT_ACTION_RESULT, "")
#define COMMAND_FIELDS_send_code(F, S) F(S, ID, turn, NODE, 0, "") F(S, DIGEST, code, NODE, 0, "keyed digest of the code")
#define COMMAND_FIELDS_request_approval(F, S) \
    F(S, ID, turn, NODE, 0, "") F(S, TAG, action, REQUIRED, LIMIT_TAG, "one of the workspace's actions") F(S, TAG, topic, NODE, LIMIT_TAG, "") \
    F(S, JSON, parameters, REQUIRED, LIMIT_ACTION_RESULT, "its parameters: an object of texts") \
    F(S, COUNT, value, NODE, ACTION_VALUE_MAX, "what is compared") F(S, COUNT, most, NODE, ACTION_VALUE_MAX, "up to this staff run it themselves") \
    F(S, FLAG, verified, NODE, 1, "the customer must be known") F(S, FLAG, proven, NODE, 1, "the customer must have shown a code") \
    F(S, FLAG, supervisor, NODE, 1, "only supervisors may allow it") \
    F(S, TEXT, amount, NODE, LIMIT_NAME, "as it is shown") F(S, TEXT, why, OPTIONAL, LIMIT_MESSAGE, "why, for whoever has to allow it; of the assistant the customer's own words") \
    F(S, TEXT, idempotency_key, NODE, LIMIT_IDEMPOTENCY_KEY, "") F(S, FLAG, flow, NODE, 1, "a flow goes on when it is decided") \
    F(S, JSON, place, NODE, LIMIT_DIALOGUE, "where that flow is")
#define COMMAND_FIELDS_give_approval(F, S) F(S, TEXT, name, NODE, LIMIT_NAME, "")
#define COMMAND_FIELDS_refuse_approval(F, S) \
    F(S, TEXT, reason, REQUIRED, LIMIT_COMMENT, "why not, for colleagues") F(S, TEXT, name, NODE, LIMIT_NAME, "") \
    F(S, TEXT, note, NODE, LIMIT_MESSAGE, "for the person who has the conversation meanwhile")
#define COMMAND_FIELDS_finish_approval(F, S) \
    F(S, TAG, outcome, NODE, LIMIT_TAG, "") F(S, COUNT, took_ms, NODE, 3600000, "") F(S, JSON, result, NODE, LIMIT_ACTION_RESULT, "") \
    F(S, TEXT, note, NODE, LIMIT_MESSAGE, "for the person who has the conversation meanwhile")
#define COMMAND_FIELDS_note_handover(F, S) F(S, JSON, note, NODE, LIMIT_NOTE, "")
/* message: seq of the one that was translated; said_by: its author; from, to: languages. No text: then fallback says why. */
#define COMMAND_FIELDS_translate(F, S) \
    F(S, ID, message, NODE, 0, "") F(S, TAG, said_by, NODE, LIMIT_TAG, "") F(S, TAG, from, NODE, LIMIT_TAG, "") \
    F(S, TAG, to, NODE, LIMIT_TAG, "") F(S, TEXT, text, NODE, LIMIT_MESSAGE, "") F(S, TEXT, model, NODE, LIMIT_NAME, "") \
    F(S, TEXT, prompt, NODE, LIMIT_NAME, "") F(S, COUNT, tokens, NODE, LIMIT_TOKENS, "") F(S, TAG, fallback, NODE, LIMIT_TAG, "")
/* role: agent, supervisor, administrator. pool: employee, on_demand, outsourced. */
#define COMMAND_FIELDS_add_agent(F, S) \
    F(S, TEXT, login, REQUIRED, LIMIT_LOGIN, "what the person logs in with") \
    F(S, TEXT, name, REQUIRED, LIMIT_NAME, "name that customers see") \
    F(S, TEXT, password, REQUIRED, LIMIT_PASSWORD, "at least 8 characters") \
    F(S, TAG, role, OPTIONAL, LIMIT_TAG, "agent (the default), supervisor or administrator") \
    F(S, TAG, pool, OPTIONAL, LIMIT_TAG, "employee (the default), on_demand or outsourced") \
    F(S, COUNT, capacity, OPTIONAL, LIMIT_CAPACITY, "conversations at once; 3 if left out") \
    F(S, TAG, skills, OPTIONAL, LIMIT_LIST, "list, separated by commas") \
    F(S, TAG, languages, OPTIONAL, LIMIT_LIST, "list, separated by commas; the workspace's first if left out") \
    F(S, DIGEST, login_digest, NODE, 0, "keyed digest of the login") \
    F(S, TEXT, password_hash, NODE, LIMIT_PASSWORD, "argon2id; `password` itself never reaches the engine")
#define COMMAND_FIELDS_change_agent(F, S) \
    F(S, TAG, role, OPTIONAL, LIMIT_TAG, "agent, supervisor or administrator") \
    F(S, TAG, pool, OPTIONAL, LIMIT_TAG, "employee, on_demand or outsourced") \
    F(S, COUNT, capacity, OPTIONAL, LIMIT_CAPACITY, "conversations at once") \
    F(S, TAG, skills, OPTIONAL, LIMIT_LIST, "list, separated by commas") \
    F(S, TAG, languages, OPTIONAL, LIMIT_LIST, "list, separated by commas")
#define COMMAND_FIELDS_set_password(F, S) \
    F(S, TEXT, password, REQUIRED, LIMIT_PASSWORD, "at least 8 characters") \
    F(S, TEXT, password_hash, NODE, LIMIT_PASSWORD, "")
#define COMMAND_FIELDS_remove_agent(F, S)
#define COMMAND_FIELDS_open_session(F, S) \
    F(S, DIGEST, token, NODE, 0, "digest of the session's token") \
    F(S, TIME, expires_at, NODE, 0, "")
/* session 0: all sessions of the agent. */
#define COMMAND_FIELDS_close_session(F, S) \
    F(S, ID, session, NODE, 0, "") F(S, TAG, reason, NODE, LIMIT_TAG, "")
#define COMMAND_FIELDS_set_presence(F, S) \
    F(S, TAG, state, REQUIRED, LIMIT_TAG, "online, away or offline")
#define COMMAND_FIELDS_heartbeat(F, S)
#define COMMAND_FIELDS_accept(F, S) \
    F(S, TEXT, name, NODE, LIMIT_NAME, "display name of the agent")
#define COMMAND_FIELDS_decline(F, S)
#define COMMAND_FIELDS_note(F, S) \
    F(S, TEXT, text, REQUIRED, LIMIT_MESSAGE, "the note") \
    F(S, TEXT, name, NODE, LIMIT_NAME, "")
#define COMMAND_FIELDS_transfer(F, S) \
    F(S, ID, to_agent, OPTIONAL, 0, "the colleague; or give a skill") \
    F(S, TAG, to_skill, OPTIONAL, LIMIT_TAG, "the skill that is needed") \
    F(S, TEXT, note, OPTIONAL, LIMIT_MESSAGE, "what the next person should know")
#define COMMAND_FIELDS_resolve(F, S) \
    F(S, TAG, disposition, REQUIRED, LIMIT_TAG, "how it ended, one of the workspace's dispositions") \
    F(S, TAG, topic, OPTIONAL, LIMIT_TAG, "what it was about, if not what the assistant found") \
    F(S, TEXT, note, OPTIONAL, LIMIT_MESSAGE, "for colleagues")
#define COMMAND_FIELDS_end_wrapup(F, S)
#define COMMAND_FIELDS_learn(F, S) \
    F(S, TAG, topic, OPTIONAL, LIMIT_TAG, "what it was about: a topic, or") \
    F(S, TAG, article, OPTIONAL, LIMIT_TAG, "an article; exactly one of the two") \
    F(S, ID, message, REQUIRED, 0, "seq of the customer's message") \
    F(S, TEXT, wording, REQUIRED, LIMIT_PARAPHRASE, "the customer's words without anything personal") \
    F(S, TAG, language, NODE, LIMIT_TAG, "of the wording")
#define COMMAND_FIELDS_approve_paraphrase(F, S)
#define COMMAND_FIELDS_revoke_paraphrase(F, S)
#define COMMAND_FIELDS_publish(F, S) \
    F(S, ID, number, NODE, 0, "") F(S, TAG, version, NODE, LIMIT_TAG, "") F(S, TAG, previous, NODE, LIMIT_TAG, "") \
    F(S, TEXT, what, NODE, LIMIT_TAG + 24, "")
#define COMMAND_FIELDS_join(F, S) \
    F(S, TEXT, name, NODE, LIMIT_NAME, "")
#define COMMAND_FIELDS_leave(F, S) \
    F(S, TEXT, name, NODE, LIMIT_NAME, "")
#define COMMAND_FIELDS_take_over(F, S) \
    F(S, TEXT, name, NODE, LIMIT_NAME, "")
#define COMMAND_FIELDS_assign(F, S) \
    F(S, ID, agent, REQUIRED, 0, "who shall own it") \
    F(S, TEXT, name, NODE, LIMIT_NAME, "display name of that agent")

enum command_kind {
#define C(kind, member, who, meaning) COMMAND_##kind,
    COMMANDS(C)
#undef C
    COMMAND_KINDS
};

#define COMMAND_C_TEXT struct str
#define COMMAND_C_TAG struct str
#define COMMAND_C_JSON struct str
#define COMMAND_C_COUNT uint64_t
#define COMMAND_C_ID uint64_t
#define COMMAND_C_TIME int64_t
#define COMMAND_C_FLAG uint64_t
#define COMMAND_C_DIGEST struct digest

/* `given` has bit i set when field i of the kind's list was given: 0 and "not given" differ. */
#define F(S, type, member, origin, max, meaning) COMMAND_C_##type member;
#define C(kind, member, who, meaning) struct command_##member { uint64_t given; COMMAND_FIELDS_##member(F, member) };
COMMANDS(C)
#undef C
#undef F

struct command {
    enum command_kind kind;
    enum actor actor;
    uint64_t customer;     /* who acts, when actor is ACTOR_CUSTOMER */
    uint64_t agent;        /* who acts, when actor is ACTOR_AGENT or ACTOR_SUPERVISOR; whom it concerns
                              for commands about an agent given by the node */
    uint64_t conversation; /* from the path */
    uint64_t target;       /* from the path: offer, or the agent a supervisor's command concerns */
    struct command_key key;
    union {
#define C(kind, member, who, meaning) struct command_##member member;
        COMMANDS(C)
#undef C
    };
};

enum command_field_type {
    COMMAND_FIELD_TEXT, COMMAND_FIELD_TAG, COMMAND_FIELD_JSON, COMMAND_FIELD_COUNT, COMMAND_FIELD_ID,
    COMMAND_FIELD_TIME, COMMAND_FIELD_FLAG, COMMAND_FIELD_DIGEST,
};

enum command_origin { COMMAND_REQUIRED, COMMAND_OPTIONAL, COMMAND_NODE };

struct command_field {
    const char *name;
    enum command_field_type type;
    enum command_origin origin;
    size_t offset; /* in the command's own struct: command_field_at adds the rest */
    uint64_t max;
    const char *meaning;
};

struct command_row {
    const char *name; /* the member's name, such as ask_human */
    const char *meaning;
    int who;          /* ACTOR_ bits */
    const struct command_field *fields;
    size_t field_count;
};

extern const struct command_row command_table[COMMAND_KINDS];

/* The place of a field: all members of the union begin at the same byte. */
static inline void *command_field_at(struct command *command, const struct command_field *field)
{
    return (char *)&command->wake + field->offset;
}

/* The command's `given` bits: the first member of every command's struct. */
static inline uint64_t *command_given(struct command *command)
{
    return &command->wake.given;
}

#endif
