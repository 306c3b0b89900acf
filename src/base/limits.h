/* limits.h - every input has a maximum, and all of them stand here.
 *
 * A text longer than its limit is refused with `too_long`, never cut. Bytes unless the name says
 * otherwise. docs/api.md prints this table. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* What a client sends */
#define LIMIT_BODY 65536               /* an HTTP request body */
#define LIMIT_LONG_BODY 786432         /* one with a draft in it, as JSON */
#define LIMIT_URL 2048                 /* path and query */
#define LIMIT_HEAD 16384               /* request line and headers */
#define LIMIT_HEADERS 64               /* headers in one request */
#define LIMIT_MESSAGE 8000             /* text of one message or note */
#define LIMIT_NAME 200                 /* a person's name */
#define LIMIT_LOGIN 100
#define LIMIT_PASSWORD 256
#define LIMIT_PASSWORD_MIN 8
#define LIMIT_ADDRESS 254              /* e-mail address or telephone number */
#define LIMIT_IDENTITY 128             /* the host page's id of a customer */
#define LIMIT_IDEMPOTENCY_KEY 128
#define LIMIT_HELP_LINE 500            /* where help is, of one kind in one language */
#define LIMIT_CARE 1500                /* what a customer in need is told at once */
#define LIMIT_COMMENT 2000             /* with a rating */
#define LIMIT_TAG 64                   /* topic, skill, disposition, canned reply, language */
#define LIMIT_LIST 1024                /* a comma-separated list of tags */
#define LIMIT_PARAPHRASE 300           /* a wording that the assistant learns */
#define LIMIT_SEARCH 200
#define LIMIT_PAGE 500                 /* events or rows in one page */
#define LIMIT_WAIT_S 60                /* `wait=` of a JSON page */
#define LIMIT_JSON_DEPTH 16

/* What the assistant and the node write */
#define LIMIT_SOURCES 8192             /* JSON list of an answer's sources */
#define LIMIT_CHOICES 4096
#define ACTION_VALUE_MAX 1000000000     /* of an action, as far as it is compared with its limit */
#define LIMIT_DIALOGUE 16384           /* the assistant's own state of a conversation */
#define LIMIT_NOTE 16384               /* a hand-over note */
#define LIMIT_ACTION_RESULT 16384
#define LIMIT_TOKENS 2000000000          /* of a language model, that one turn says it used */
#define LIMIT_MODEL_REQUEST 131072     /* to a language model */
#define LIMIT_MODEL_ANSWER 2097152     /* bytes of its answer on the wire */
#define LIMIT_MODEL_EVENT 262144       /* one event of its stream */
#define LIMIT_SETTINGS 262144          /* the engine's settings as text */
#define LIMIT_RECORD 524288            /* one event in the log, sealed */
#define LIMIT_SNAPSHOT (1024 * 1024 * 1024)

/* What the engine holds */
#define LIMIT_SKILLS 64
#define LIMIT_LANGUAGES 32
#define LIMIT_TOPICS 1024
#define LIMIT_CAPACITY 20              /* conversations an agent may have at once */
#define LIMIT_PARAPHRASES 10000        /* learned wordings; then the oldest revoked one goes */
#define LIMIT_DECLINERS 16             /* remembered for one waiting conversation */
#define LIMIT_IDEMPOTENCY_KEYS 1000000 /* remembered at most; each for 24 hours */
#define LIMIT_OPEN_PER_CUSTOMER 3      /* open conversations of one customer */
#define LIMIT_SESSIONS_PER_AGENT 16
#define LIMIT_IDLE_CUSTOMERS 100000    /* anonymous ones who have said nothing: the oldest are let go */

/* What the gateway holds */
#define LIMIT_CONNECTIONS 18000        /* below the usual hard limit of 20,000 open files */
#define LIMIT_CONNECTIONS_PER_ADDRESS 256
#define LIMIT_STREAMS_PER_SESSION 16
#define LIMIT_STREAM_BACKLOG 262144    /* bytes waiting for a slow client before it is cut off */
#define LIMIT_OUTPUT 67108864          /* bytes waiting for all slow clients together: the slowest go first */

/* What the workspace's files may hold */
#define LIMIT_FILE 1048576
#define LIMIT_WORKSPACE_FILES 4096
#define LIMIT_DRAFT 262144             /* bytes of a topic or an article that is edited in the browser */
#define LIMIT_VERSIONS 100000          /* published ones that are kept */
#define LIMIT_UTTERANCES 1000          /* example utterances of one topic, questions of one article */
#define LIMIT_SYNONYMS 500             /* groups in all */
#define LIMIT_SYNONYMS_GROUP 16        /* words of one group */

/* What files named on the command line may hold */
#define LIMIT_CSV (256 * 1024 * 1024)
#define LIMIT_CSV_COLUMNS 64
#define LIMIT_CSV_FIELD 65536          /* bytes of one field */
#define LIMIT_EXAMPLES 100000          /* rows of texts with their intents, to learn from or to examine */
#define LIMIT_MODEL (1024 * 1024 * 1024) /* a model of intents */
#define LIMIT_ARTICLES_FILE (64 * 1024 * 1024)
#define LIMIT_ARTICLES 50000           /* of a collection that is measured */
#define LIMIT_QUESTIONS 200000         /* rows: a question and one right article */

#endif
