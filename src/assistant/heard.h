/* heard.h - what the words of one message say about the person who wrote it, without any model.
 *
 * Four things go before everything else that the assistant does: danger, signs of vulnerability, a
 * complaint, the wish for a person. The heaviest that is heard is the answer; each has kinds, so that
 * the sentence to the customer and the note to the agent can be right. It errs towards the human. No memory,
 * no locks: fast enough for every message, on any thread. docs/safety.md says what is heard in which languages. */
#ifndef ASSISTANT_HEARD_H
#define ASSISTANT_HEARD_H

#include "base/arena.h"

/* X(KIND, name, via). The order inside a `via` is the order of weight: the first that is heard names it.
 * HARM and CARE are what the second ear hears, which knows no finer. */
#define HEARD_KINDS(X) \
    X(DANGER_SELF_HARM, "self_harm", DANGER) X(DANGER_VIOLENCE, "violence", DANGER) X(DANGER_EMERGENCY, "emergency", DANGER) \
    X(DANGER_FRAUD, "fraud", DANGER) X(DANGER_HARM, "harm", DANGER) \
    X(SELF_HARM, "self_harm", VULNERABLE) X(COERCION, "coercion", VULNERABLE) X(BEREAVEMENT, "bereavement", VULNERABLE) \
    X(PREGNANCY, "pregnancy", VULNERABLE) X(ILLNESS, "illness", VULNERABLE) X(GAMBLING, "gambling", VULNERABLE) \
    X(OLD_AGE, "old_age", VULNERABLE) X(LOST_JOB, "lost_job", VULNERABLE) X(DEBT, "debt", VULNERABLE) X(CARE, "care", VULNERABLE) \
    X(LEGAL, "legal", COMPLAINT) X(AUTHORITY, "authority", COMPLAINT) X(COMPLAINT, "complaint", COMPLAINT) \
    X(OUTRAGE, "outrage", COMPLAINT) \
    X(MANAGER, "manager", WORDS) X(CALL_BACK, "call_back", WORDS) X(PERSON, "person", WORDS) X(NOT_HELPED, "not_helped", WORDS)

/* Beside the matter: what a message may consist of that is about nothing. The first that is there names the remark. */
#define HEARD_REMARKS(X) \
    X(ABUSE, "abuse") X(WHAT_ARE_YOU, "what_are_you") X(NAME, "name") X(CAN_DO, "can_do") X(JOKE, "joke") \
    X(HOW_ARE_YOU, "how_are_you") X(GOODBYE, "goodbye") X(THANKS, "thanks") X(HELP, "help") X(HELLO, "hello") X(FILLER, "filler")

enum heard_via { HEARD_NOTHING, HEARD_WORDS, HEARD_COMPLAINT, HEARD_VULNERABLE, HEARD_DANGER };

enum heard_kind {
    HEARD_NEAR_MISS,
#define X(kind, name, via) HEARD_KIND_##kind,
    HEARD_KINDS(X)
#undef X
    HEARD_KIND_COUNT,
    HEARD_REMARK_FIRST = HEARD_KIND_COUNT - 1,
#define X(remark, name) HEARD_REMARK_##remark,
    HEARD_REMARKS(X)
#undef X
    HEARD_COUNT
};

struct heard {
    enum heard_via via;
    enum heard_kind kind;      /* the heaviest; HEARD_NEAR_MISS if nothing was heard */
    struct str language;       /* whose words they were, such as "sv"; one of several that have them */
    uint32_t languages;        /* for heard_speaks */
    int line;                  /* of src/assistant/wants_human/LANGUAGE.txt: the rule; 0 when it was the second ear */
    uint64_t kinds;            /* all that was heard: bits 1 << kind */
};

struct heard heard_in(struct str text);

/* What stands beside the matter in a message. `remark`: what it is if there is nothing else in it, else
 * HEARD_NEAR_MISS. `abuse`: somewhere in it somebody is insulted. */
struct heard_remark {
    enum heard_kind remark;
    bool abuse;
    uint32_t languages;        /* for heard_speaks: whose words the remark is */
};

struct heard_remark heard_remark_in(struct str text);

/* Whether the words that were heard are words of this language. */
bool heard_speaks(uint32_t languages, struct str language);

/* human_requested's `via` ("words", "complaint", "vulnerable", "danger"; empty for nothing), and the kind's name. */
struct str heard_via_name(enum heard_via via);
struct str heard_kind_name(enum heard_kind kind);

#endif
