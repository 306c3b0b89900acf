/* workspace.h - the workspace's files as plain structs, read and checked.
 *
 * A workspace is read whole and never changed afterwards: a reload reads a new one beside it. All
 * strings and arrays live in its arena. Every mistake in the files is found in one pass, each with
 * file, line, what is wrong and the cure. docs/workspace.md describes the files. */
#ifndef WORKSPACE_WORKSPACE_H
#define WORKSPACE_WORKSPACE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "workspace/model_settings.h"

/* What a customer must have shown before a topic's action may run: nothing, an identity that the host page signed, or
 * besides it a one-time code just now (engine/proof.h). */
enum identity { IDENTITY_NONE, IDENTITY_SIGNED, IDENTITY_CODE };

/* Who has not shown the identity that a topic asks for hears its general answer, or gets a person at once. */
enum strangers { STRANGERS_ANSWER, STRANGERS_PERSON };

/* How much the assistant may do on a topic at most. */
enum autonomy { AUTONOMY_OFF, AUTONOMY_DRAFT, AUTONOMY_ANSWER, AUTONOMY_ACT };

struct text_by_language {
    struct str language;
    struct str text;
};

struct utterances {
    struct str language;
    struct str *items;
    size_t count;
};

/* An answer for one situation: `--- when: FIELD=VALUE` (a field of the action's result), or a reserved
 * FIELD: "refused" (value: the back end's code or empty) and "general" (the action may not run). */
struct topic_case {
    struct str language, field, value, text;
};

/* topics/NAME.md: YAML front matter, then the approved answer as Markdown. Answers in further
 * languages follow under a line `--- lang: sv`. `{{name}}` in an answer is a field of the action's
 * result. */
struct step;
struct topic {
    struct str name; /* file name without .md: a-z, 0-9, '-', '_' */
    struct str file;
    struct text_by_language *titles;
    size_t title_count;
    struct utterances *examples; /* by language */
    size_t example_count;
    struct str *skills;          /* that a person needs */
    size_t skill_count;
    struct str *related;         /* knowledge articles that are further sources */
    size_t related_count;
    struct text_by_language *answers;
    size_t answer_count;
    struct topic_case *cases;    /* in the file's order */
    size_t case_count;
    struct str action;           /* of actions/, or empty */
    struct step *steps;          /* steps.h: those of the file, or made of `action`; none if it has neither */
    size_t step_count;
    struct str steps_version;    /* of the steps in the file: the same text, the same version; empty if it has none */
    int64_t timeout_ms;          /* a flow that rested longer asks whether to go on */
    enum identity identity;
    enum strangers strangers;    /* what those get who have not shown it */
    enum autonomy ceiling;
    struct utterances *quick_replies; /* offered after the answer as choices, by language */
    size_t quick_reply_count;
};

/* knowledge/NAME.md in one language: front matter (title, url, language, questions), then Markdown; further
 * languages follow under a line `--- lang: sv`. Those of a file stand in a row, its own language first. */
struct article {
    struct str name, file, title, url, language;
    struct utterances *questions; /* as customers ask what it answers; by language */
    size_t question_count;
    struct str markdown;
};

#define SYNONYM_WORDS 4 /* of one phrase */

/* Words and short phrases that mean the same. */
struct synonyms {
    struct str language;
    struct str *words;
    size_t count;
};

/* Who must allow an action before it runs. */
enum approval { APPROVAL_NONE, APPROVAL_AGENT, APPROVAL_SUPERVISOR };

/* What a value is as JSON. */
enum argument { ARGUMENT_TEXT, ARGUMENT_NUMBER, ARGUMENT_BOOL };

/* actions/NAME.yaml */
struct action_parameter {
    struct str name;
    struct str pattern;                  /* a POSIX extended regular expression for the whole value */
    struct text_by_language *titles;     /* how people call it: "New address" */
    size_t title_count;
    struct text_by_language *questions;  /* asked when the value is missing */
    size_t question_count;
    struct str *choices;                 /* offered to tap when it is asked for */
    size_t choice_count;
    bool required;
    enum argument type;                  /* what a tool of an MCP server gets; HTTP gets text */
};

struct action {
    struct str name, file;
    struct text_by_language *titles;     /* what it does, in a few words: "Block the card" */
    size_t title_count;
    struct str method, url;              /* `{customer}` and `{parameter}` in url are filled, URL-encoded */
    struct str tool;                     /* not empty: of the MCP server at url */
    struct str customer_argument;        /* of the tool: the signed id goes there */
    enum identity identity;
    bool changes;                        /* it changes something: confirm before, idempotency key with it */
    struct text_by_language *confirmations; /* `{{parameter}}` is filled */
    size_t confirmation_count;
    struct action_parameter *parameters;
    size_t parameter_count;
    enum approval approval;              /* who must allow it, above `limit` if there is one */
    struct str limit_field;              /* a parameter, or a field of an earlier result of the flow; empty: no limit */
    int limit_most;                      /* of its value, as it stands: in hundredths for NAME_minor */
    struct str compensate;               /* the action that undoes this one, or empty */
    int timeout_ms;                      /* for all tries together */
    int retries;                         /* further tries after a failure that may pass; the key is the same */
    struct str result_schema;            /* JSON schema (schema.h) of the back end's answer, or empty */
};

struct canned_reply {
    struct str name, language, title, text;
};

/* A member of staff in the demo only: `beckon serve` adds those who are missing at first start. */
struct staff {
    struct str login, name, password, role, pool, skills, languages; /* the last two comma-separated */
    int capacity;
};

/* A name and what people read in its place. */
struct named_texts {
    struct str name;
    struct text_by_language *texts;
    size_t text_count;
};

/* An engine setting that workspace.yaml gives. */
struct workspace_setting {
    struct str name;
    int64_t value;
};

struct workspace {
    struct arena arena;
    struct workspace *beneath;           /* what this one was made from and is freed with it, or NULL (learned.h) */
    struct str directory;
    struct str version;                  /* BLAKE2b-128 of all files, hex: same files, same version */
    size_t learned;                      /* wordings that people taught and that the files do not have (learned.h) */
    struct str taught;                   /* digest of those, hex; empty: none */
    struct str name, description;        /* of the company, as customers see it */
    struct str timezone;                 /* such as Europe/Stockholm: "since midnight" */
    struct str *languages;               /* the first is the default */
    size_t language_count;
    struct str *skills;
    size_t skill_count;
    struct str *dispositions;
    size_t disposition_count;
    struct named_texts *titles;          /* of skills and dispositions; without one the name stands for itself */
    size_t title_count;
    struct text_by_language *greetings;
    size_t greeting_count;
    struct str accent;                   /* theme colour, #rrggbb */
    struct str privacy_url;
    struct str identity_secret_file;     /* file with the host page's HMAC secret; empty: no identities */
    struct str identity_secret;          /* its content, trimmed */
    struct str send_code;                /* the action that sends a customer a one-time code; empty: none */
    struct str action_base_url;          /* prefix for actions' urls that begin with '/' */
    struct str action_token;             /* sent as a bearer token, from a file */
    struct str api_key;                  /* bearer token of the company's own programs, from a file; empty: none */
    struct str *origins;                 /* host pages that may embed the widget; empty: any */
    size_t origin_count;
    int64_t answer_threshold, clarify_threshold; /* confidence in thousandths */
    int64_t accepted_risk;               /* of answers that may be wrong, in thousandths */
    struct workspace_model model;        /* base_url empty: none */
    struct synonyms *synonyms;           /* group by group, by language */
    size_t synonym_count;
    struct str emergency_number;         /* 112 where none is given */
    /* Where help is, beside the person who comes, by what is heard (self_harm): said at once (assistant/care.h). */
    struct named_texts *help_lines;
    size_t help_line_count;
    struct workspace_setting *settings;  /* engine settings given in workspace.yaml */
    size_t setting_count;
    struct topic *topics;                /* sorted by name, as the next two */
    size_t topic_count;
    struct article *articles;            /* one for each file and language */
    size_t article_count, article_files;
    struct action *actions;
    size_t action_count;
    struct canned_reply *canned;
    size_t canned_count;
    struct staff *staff;
    size_t staff_count;
};

/* What nobody else may read. Each workspace has its own copies, and wipes them at its end. */
#define WORKSPACE_SECRETS(X) X(identity_secret) X(action_token) X(api_key) X(model.key)

/* One mistake: `cure` says how to mend it. line 0: the file as a whole. */
struct problem {
    struct str file;
    int line;
    struct str what, cure;
};

struct problems {
    struct problem *items;
    size_t count, capacity;
    struct arena arena;
};
void problems_free(struct problems *problems);

/* A file as somebody would have it, in place of the one on disk or beside those: "topics/NAME.md". */
struct drafted_file {
    struct str file, text;
    bool removed;
};

/* Reads DIR with these files in it as drafted. NULL if there is any problem, as workspace_read. */
struct workspace *workspace_read_drafted(const char *directory, const struct drafted_file *drafts, size_t count,
                                         struct problems *problems);

/* Reads DIR. NULL if there is any problem; every one found is in *problems. */
struct workspace *workspace_read(const char *directory, struct problems *problems);

/* workspace.yaml alone, with the checks that need no other file: no topics, articles or actions. */
struct workspace *workspace_read_settings(const char *directory, struct problems *problems);
void workspace_free(struct workspace *workspace);

/* 1 to LIMIT_TAG of a-z, 0-9, '-' and '_': what a topic, an article or an action may be called. */
bool workspace_is_name(struct str name);

const struct topic *workspace_topic(const struct workspace *workspace, struct str name);
/* In `language`, else in the workspace's first language, else in the file's own; NULL if there is none. */
const struct article *workspace_article(const struct workspace *workspace, struct str name, struct str language);
const struct action *workspace_action(const struct workspace *workspace, struct str name);

/* The first of the comma-separated wishes, such as "de-CH,sv", that the workspace speaks in that form or
 * in another of the same language; else its first language. */
struct str workspace_language(const struct workspace *workspace, struct str wishes);

/* Where this server shows a topic or an article in `language`. */
struct str workspace_help_url(const struct workspace *workspace, struct arena *arena, struct str name, struct str language);

/* The text in `language`, else in the workspace's first language, else the first there is; empty if
 * there is none. */
struct str workspace_text(const struct workspace *workspace, const struct text_by_language *texts,
                          size_t count, struct str language);

/* The engine's settings as engine/settings.h describes them (text only: this folder is below). */
void workspace_engine_settings(const struct workspace *workspace, struct buf *out);

/* Writes a small working workspace into an empty or missing directory. */
bool workspace_init(struct err *err, const char *directory) WARN_UNUSED;

#endif
