/* script.h - the scenario language: one story a file, read into statements.
 *
 *   customer anna open
 *   customer anna say "When is my payment due?"
 *   customer anna expect message.sent author assistant text contains "due"
 *
 * A statement stands on one line. docs/scenarios.md describes the language; its table of verbs and
 * their arguments is the one below. This reads and checks the words only: who may do what when is
 * decided by whoever plays the script (play.h). */
#ifndef PLANNER_SCRIPT_H
#define PLANNER_SCRIPT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define SCRIPT_MAX (1 << 20)      /* bytes of one file */
#define SCRIPT_STATEMENTS_MAX 20000
#define SCRIPT_ARGS_MAX 8
#define SCRIPT_MATCHES_MAX 12
#define SCRIPT_REPEAT_MAX 100000
#define SCRIPT_TIME_MAX 31622400000 /* 366 days in ms */

enum script_who {
    BY_NOBODY = 1, BY_CUSTOMER = 2, BY_AGENT = 4, BY_SUPERVISOR = 8, BY_OPERATOR = 16,
    BY_STAFF = BY_AGENT | BY_SUPERVISOR,
    BY_PERSON = BY_CUSTOMER | BY_STAFF,
};

/* V(VERB, word, who, arguments, meaning)
 * Arguments in order, then options in any order: TEXT "quoted", WORD, NAME of an actor, NUMBER (a time such as 15s
 * is one), RANGE (2s..5s or one time), JSON {...}; [word TYPE] is an option, [word] a switch. */
#define SCRIPT_VERBS(V) \
    V(STORY, "story", BY_NOBODY, "TEXT", "what the file is about; at the top") \
    V(SETTING, "setting", BY_NOBODY, "WORD NUMBER", "a setting of the engine; before the first actor") \
    V(ACTION, "action", BY_NOBODY, "WORD [returns JSON] [outcome WORD] [takes NUMBER]", \
      "what an action of the workspace comes to from here on: done (the default), refused, failed, timed_out") \
    V(ASSISTANT, "assistant", BY_NOBODY, "WORD", "silent: it does not answer from here on (virtual time only); normal") \
    V(ADVANCE, "advance", BY_NOBODY, "NUMBER", "let time pass; on a real clock at most ten seconds") \
    V(CRASH, "crash", BY_NOBODY, "", "the server is killed and started again; everybody reconnects") \
    V(REPEAT, "repeat", BY_NOBODY, "NUMBER WORD NAME [over RANGE] [seed NUMBER]", \
      "the lines up to `done` are played by so many customers, who come at random moments of the time given") \
    V(DONE, "done", BY_NOBODY, "", "ends a repeat") \
    V(IDENTIFY, "identify", BY_CUSTOMER, "TEXT [name TEXT] [email TEXT] [forged]", \
      "come with the host page's signed identity; forged: signed with a wrong secret") \
    V(SAME_AS, "same-as", BY_CUSTOMER, "NAME", "be a second tab of that customer") \
    V(OPEN, "open", BY_CUSTOMER, "[language WORD]", "open a conversation") \
    V(ASK_HUMAN, "ask-human", BY_CUSTOMER, "", "press the button to a person") \
    V(APPOINTMENT, "appointment", BY_CUSTOMER, "WORD TEXT [due NUMBER]", "leave an address: call_back or email") \
    V(RATE, "rate", BY_CUSTOMER, "NUMBER [comment TEXT]", "rate the conversation, 1 to 5") \
    V(END, "end", BY_CUSTOMER, "", "end the conversation") \
    V(SEND_FILE, "send-file", BY_CUSTOMER, "", "send a file") \
    V(TRANSCRIPT, "expect-transcript", BY_CUSTOMER, "TEXT", "the transcript has this in it") \
    V(SAY, "say", BY_PERSON, "TEXT", "say something") \
    V(READ, "read", BY_PERSON, "", "read up to the last message") \
    V(RECEIVE, "receive", BY_PERSON, "", "the messages have arrived") \
    V(TYPING, "typing", BY_PERSON, "", "type") \
    V(RECONNECT, "reconnect", BY_PERSON, "", "lose the connection and come back") \
    V(WAIT, "wait", BY_PERSON, "RANGE", "do nothing for a while") \
    V(EXPECT, "expect", BY_PERSON, "", "an event, a signal or a state comes to be as told") \
    V(EXPECT_BOARD, "expect-board", BY_SUPERVISOR, "", "the live board comes to show this") \
    V(EXPECT_METRIC, "expect-metric", BY_OPERATOR, "", "a metric of the server comes to be as told; counters count from the start of the file") \
    V(ONLINE, "online", BY_STAFF, "", "go online") \
    V(AWAY, "away", BY_STAFF, "", "go away: keep conversations, get no offers") \
    V(OFFLINE, "offline", BY_STAFF, "", "go offline") \
    V(VANISH, "vanish", BY_STAFF, "", "close the laptop: no heartbeats from here on") \
    V(COME_BACK, "come-back", BY_STAFF, "", "open it again") \
    V(ACCEPT, "accept", BY_STAFF, "", "accept the offer that was made last") \
    V(DECLINE, "decline", BY_STAFF, "", "decline it") \
    V(ALLOW, "allow", BY_STAFF, "", "allow the action that was asked for last") \
    V(REFUSE, "refuse", BY_STAFF, "TEXT", "do not allow it, for this reason") \
    V(NOTE, "note", BY_STAFF, "TEXT", "write a note that the customer does not see") \
    V(TRANSFER, "transfer", BY_STAFF, "[agent NAME] [skill WORD] [note TEXT]", "give the conversation on") \
    V(RESOLVE, "resolve", BY_STAFF, "WORD [topic WORD] [note TEXT]", "resolve it with a disposition") \
    V(END_WRAPUP, "end-wrapup", BY_STAFF, "", "finish the work after the conversation") \
    V(TEACH, "teach", BY_STAFF, "WORD TEXT", "confirm what the customer's last message was about: a topic, and the words that the assistant learns") \
    V(LOG_OUT, "log-out", BY_STAFF, "", "end the session") \
    V(WORK, "work", BY_STAFF, "[takes RANGE]", "from here on by themselves: accept, answer, resolve after that time") \
    V(JOIN, "join", BY_SUPERVISOR, "", "join the conversation") \
    V(LEAVE, "leave", BY_SUPERVISOR, "", "leave it") \
    V(TAKE_OVER, "take-over", BY_SUPERVISOR, "", "own it from now on") \
    V(REVOKE, "revoke", BY_SUPERVISOR, "TEXT", "revoke a learned wording: the assistant forgets it") \
    V(APPROVE, "approve", BY_SUPERVISOR, "TEXT", "approve a learned wording") \
    V(ASSIGN, "assign", BY_SUPERVISOR, "NAME", "give it to that agent") \
    V(ADD_AGENT, "add-agent", BY_OPERATOR, "NAME [skills WORD] [languages WORD] [capacity NUMBER] [pool WORD] [role WORD]", \
      "add a member of staff; who is not added comes with all skills and languages") \
    V(CHANGE_AGENT, "change-agent", BY_OPERATOR, "NAME [skills WORD] [languages WORD] [capacity NUMBER] [pool WORD]", \
      "change a member of staff") \
    V(REMOVE_AGENT, "remove-agent", BY_OPERATOR, "NAME", "remove a member of staff") \
    V(ERASE, "erase", BY_OPERATOR, "NAME", "erase a customer")

/* Options that every line of an actor may have. */
#define SCRIPT_COMMON "[for NAME] [refused WORD] [key WORD] [repeated] [within NUMBER]"

enum script_verb {
#define V(verb, word, who, arguments, meaning) SCRIPT_##verb,
    SCRIPT_VERBS(V)
#undef V
    SCRIPT_VERB_COUNT
};

struct script_verb_row {
    const char *word;
    int who;
    const char *arguments, *meaning;
};
extern const struct script_verb_row script_verbs[SCRIPT_VERB_COUNT];

enum script_op { OP_IS, OP_IS_NOT, OP_CONTAINS, OP_AT_LEAST, OP_AT_MOST, OP_PRESENT, OP_ABSENT };

struct script_value {
    const char *slot;      /* word of an option, or NULL: the next argument in order */
    struct str text;
    int64_t number, upper; /* of NUMBER and RANGE */
    bool is_number;
};

struct script_match {
    struct str field;
    enum script_op op;
    struct script_value value;
};

struct script_statement {
    int line;
    struct str text;       /* the line itself, for messages */
    enum script_who who;
    struct str name;       /* of the actor */
    enum script_verb verb;
    struct script_value args[SCRIPT_ARGS_MAX];
    size_t arg_count;
    bool never;            /* expect no ... */
    struct str event;      /* expect: kind of event or signal, or empty: a state */
    struct script_match matches[SCRIPT_MATCHES_MAX];
    size_t match_count;
    size_t done;           /* of a repeat: the place of its `done` */
};

struct script {
    struct arena arena;
    struct str file;
    struct str story;
    struct script_statement *statements;
    size_t count;
};

/* Reads `text`. false: err says "FILE:LINE: what". The script owns copies of all strings. */
bool script_read(struct err *err, struct script *script, struct str file, struct str text) WARN_UNUSED;
void script_free(struct script *script);

/* The n-th argument in order (NULL if there is none), or an option by its word (NULL if not given). */
const struct script_value *script_argument(const struct script_statement *statement, size_t n);
const struct script_value *script_option(const struct script_statement *statement, const char *word);

/* The tables of docs/scenarios.md, as Markdown. */
void script_docs(struct buf *out);

#endif
