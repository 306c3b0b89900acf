/* assistant.h - text in, one decision out.
 *
 * assistant_new learns from a workspace (intents, passages) and is immutable afterwards, so many
 * threads may use one at once. It borrows the workspace, which must outlive it. It never stores
 * text, never talks to a customer itself and decides nothing about who owns a conversation. */
#ifndef ASSISTANT_ASSISTANT_H
#define ASSISTANT_ASSISTANT_H

#include "assistant/model_use.h"
#include "workspace/workspace.h"

struct assistant;

/* Learns; takes about a second for a hundred topics in four languages. */
struct assistant *assistant_new(struct err *err, const struct workspace *workspace);

/* The same for a server, which learns in two steps. */
struct assistant_lesson {
    const struct workspace *workspace;
    bool at_once;     /* what can be learned in a moment; assistant_is_first says if there is more to learn */
    const bool *stop; /* set by another thread: give up, NULL is returned and err is empty; or NULL */
};
struct assistant *assistant_learn(struct err *err, const struct assistant_lesson *lesson);
bool assistant_is_first(const struct assistant *assistant);

/* What the operator should know about what it could not use, or an empty text. */
const char *assistant_complains(const struct assistant *assistant);
void assistant_free(struct assistant *assistant);

enum decision { DECISION_ANSWER, DECISION_ASK, DECISION_ACT, DECISION_HAND_OVER, DECISIONS };
extern const char *const decision_names[DECISIONS]; /* answer, ask, act, hand_over */

/* human_requested's `via` of what the words say about wanting a person: "words", "vulnerable", "complaint",
 * "danger", or empty. heard.h says more about it. */
struct str wants_human(struct str text);

/* Language of the text among the workspace's, or empty if unsure (then keep the conversation's). */
struct str assistant_language(const struct assistant *assistant, struct str text);

/* The topic that the text surely names, also beside a wish for a person; empty if none. `arena` holds it. */
struct str assistant_topic_meant(const struct assistant *assistant, struct str text, struct str language, struct arena *arena);

/* What an action came to. `json` is the back end's answer: an object, personal. */
struct action_result {
    struct str outcome; /* done, refused, failed, timed_out */
    struct str json;
    int64_t took_ms;
    bool not_found;     /* refused, since there is no such thing */
};

/* Runs an action for the conversation's customer. Given by the caller so that it can be logged. */
typedef struct action_result action_fn(void *context, struct arena *arena, const struct action *action,
                                       struct str parameters_json, struct str idempotency_key);

/* What came of sending the customer a one-time code, and of the six digits of a message. */
enum code_sent { CODE_ON_ITS_WAY, CODE_SENT_JUST_NOW, CODE_NOT_SENT };
enum code_shown { CODE_NONE, CODE_RIGHT, CODE_WRONG, CODE_USED_UP, CODE_EXPIRED };

/* An action that a person has to allow first: put before them. Given by the caller; false: that could not be done. */
struct proposal {
    const struct action *action;
    struct str topic, parameters_json, idempotency_key;
    struct str amount; /* as it is shown, or empty */
    struct str why;    /* the customer's own words */
    struct str place;  /* where the flow is that goes on when it is decided: a dialogue, for `settled` */
};

/* What became of it. */
struct settled {
    struct str place, parameters_json;
    bool allowed;
    struct str outcome, result_json; /* of the action, if it was allowed */
    bool told_only;                  /* a person has the conversation: what the flow says until somebody is asked or something is run */
};
typedef bool propose_fn(void *context, const struct proposal *proposal);

/* Draws a code, puts it on record and has it sent. Given by the caller, who alone knows the code. */
typedef enum code_sent send_code_fn(void *context, struct arena *arena);

struct question {
    struct str text;
    struct str language;       /* of the conversation */
    struct str dialogue;       /* what the last decision of this conversation gave, or empty */
    int failed_turns;          /* in a row, before this one */
    int failed_turns_max;      /* at this many the assistant hands over */
    struct str customer_id;    /* the host page's id, or empty: anonymous */
    struct str customer_name;
    bool verified;             /* the host page signed the identity */
    int64_t now_ms;            /* since 1970; 0: unknown, then nothing is ever too long ago */
    struct str key;            /* names this turn; actions derive their idempotency keys from it */
    int64_t proven_until;      /* a one-time code was shown in this conversation; 0: none */
    enum code_shown shown;     /* whether this message showed one */
    propose_fn *propose;       /* NULL: nobody can be asked here */
    send_code_fn *send_code;   /* NULL: it cannot be asked for here */
    action_fn *act;
    void *context;
    const struct settled *settled; /* no words of the customer: a flow goes on after this; or NULL */
    const struct model_use *model; /* a language model that may help, or NULL */
};

struct source {
    struct str title, url;
};

struct reply {
    enum decision decision;
    struct str topic;          /* or empty */
    int confidence;            /* thousandths, calibrated */
    bool failed;               /* this turn did not help the customer: counts towards failed_turns_max */
    struct str reason;         /* when handing over: one of human_requested's `via` */
    struct str language;       /* found in the text, or the conversation's */
    struct str text;           /* Markdown for the customer; every fact stands in a source or a result */
    struct source *sources;
    size_t source_count;
    struct str *choices;       /* quick answers to tap */
    size_t choice_count;
    struct str dialogue;       /* JSON; give it back with the next question */
    struct str explanation;    /* JSON: intents with probabilities, passages with scores, checks */
    struct model_trace trace;  /* how it came about: by the assistant alone, or with a model */
    struct str note;           /* JSON hand-over note when handing over:
                                  {"who","wants","tried":[…],"found":[…],"heard":[…],"suggested_reply","language"} */
};

/* Never fails: what it cannot do, it hands over. Everything in *reply lives in `arena`. */
void assistant_decide(const struct assistant *assistant, const struct question *question,
                      struct arena *arena, struct reply *reply);

/* Passages of the approved articles that fit the words, best first, at most `max`. Quick: any thread. */
struct found_passage {
    struct str title, heading, url, markdown;
    int score; /* thousandths of the share of the words, by weight, that stand in it */
};
size_t assistant_search(const struct assistant *assistant, struct arena *arena, struct str text, struct str language,
                        struct found_passage *found, size_t max);

/* What the person who has the conversation reads when an action that the assistant asked for was decided: question->settled, told_only. */
struct str assistant_settled_note(const struct assistant *assistant, const struct question *question, struct arena *arena);
/* The same of an action that a member of staff has run: its title, what it came to, and what the back end said. */
struct str assistant_result_note(const struct workspace *workspace, const struct action *action, const struct action_result *result, struct str language,
                                 struct arena *arena);
struct str assistant_not_approved(struct str language, struct str reason, struct arena *arena);

/* A hand-over note for a conversation that leaves the assistant without its doing (button, words). */
struct str assistant_note(const struct assistant *assistant, const struct question *question, struct arena *arena);

/* The same with a summary of the conversation, by the question's model; empty if there is none, or none that
 * passes the checks. What was masked stays masked. */
struct str assistant_summary(const struct assistant *assistant, const struct question *question, struct arena *arena,
                             struct model_trace *trace);

/* A message in another language, by a model. False: there is no translation, and the trace says why. */
struct translation {
    const struct model_use *model;
    struct str text, to;
    struct str customer_id, customer_name; /* to be masked */
};
bool assistant_translate(const struct assistant *assistant, const struct translation *wanted, struct arena *arena, struct str *out,
                         struct model_trace *trace) WARN_UNUSED;

/* The language of any text, ISO 639-1 or the workspace's code; empty if unsure. `arena` holds it. */
struct str assistant_any_language(const struct assistant *assistant, struct str text, struct arena *arena);

/* One call of an action, for the conversation's customer. */
struct action_request {
    const struct action *action;
    struct str customer_id;      /* signed; the url's {customer}. Never from text */
    struct str parameters_json;
    struct str idempotency_key;
};

struct breakers; /* breaker.h */

/* Runs the HTTP call (libcurl): the url's placeholders are filled from the customer's id and the
 * parameters, never from text as it is. Failures that may pass are tried again under the same key; an
 * answer that is not of the action's result schema is a failure. `breakers` may be NULL. Blocks up to the
 * action's timeout: not on the loop. */
struct action_result action_call(const struct workspace *workspace, struct breakers *breakers,
                                 const struct action_request *request, struct arena *arena);

/* What action_call would send, as text for a person, the token left out; empty if it would send nothing. */
struct str action_dry_run(const struct workspace *workspace, const struct action_request *request, struct arena *arena);

/* Whether these are parameters of the action: `field` (in the arena) is the one at fault, or "parameters". */
bool action_takes(const struct action *action, struct str parameters_json, struct arena *arena, const char **field) WARN_UNUSED;
/* What is compared with the action's limit, at most ACTION_VALUE_MAX, and the limit. In doubt it is above. An action that nobody has
 * to allow is never above. */
void action_weigh(const struct action *action, struct str parameters_json, struct arena *arena, uint64_t *value, uint64_t *most);

/* Markdown of approved text to plain text, and a check that it is safe to show (no raw HTML). */
struct str markdown_plain(struct str markdown, struct arena *arena);

#endif
