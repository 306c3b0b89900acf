/* steps.h - the steps of a topic: what is asked, called, said, confirmed, and where it goes from there.
 *
 * `answer` says the topic's own approved answer. A topic that only names an action has steps too, made
 * by steps_of_action: call it, then report. So there is one machine for both (assistant/flow_walk.c).
 * Targets are places in topic->steps, or one of the two ends. check_steps.c finds what a flow could get
 * stuck in; docs/workspace.md shows the form. */
#ifndef WORKSPACE_STEPS_H
#define WORKSPACE_STEPS_H

#include "workspace/workspace.h"

#define STEPS_MAX 60
#define STEP_WAYS_MAX 24
#define STEP_OPTIONS_MAX 8      /* that are written out; more cannot be tapped */
#define STEP_ANY_TEXT ".{1,200}" /* the pattern of a text without one */
#define STEP_TO_END SIZE_MAX
#define STEP_TO_PERSON (SIZE_MAX - 1)
#define STEP_NOWHERE (SIZE_MAX - 2)

/* X(NAME, key): the key makes a map of the list a step of this kind. REPORT has none: steps_of_action's own. */
#define STEP_KINDS(X) X(ASK, "ask") X(CALL, "call") X(SAY, "say") X(CONFIRM, "confirm") X(BRANCH, "branch") X(ANSWER, "answer") \
    X(HAND_OVER, "hand_over") X(END, "end")

enum step_kind {
#define X(name, key) STEP_##name,
    STEP_KINDS(X)
#undef X
    STEP_REPORT
};

/* What may come of a call, as `if` names it. */
#define STEP_OUTCOMES(X) X(OK, "ok") X(REFUSED, "refused") X(NOT_FOUND, "not_found") X(FAILED, "failed") X(TIMEOUT, "timeout") \
    X(NOT_APPROVED, "not_approved")

enum step_outcome {
#define X(name, word) OUTCOME_##name,
    STEP_OUTCOMES(X)
#undef X
    OUTCOME_COUNT
};
extern const char *const step_outcome_names[OUTCOME_COUNT];

enum slot_type { SLOT_TEXT, SLOT_NUMBER, SLOT_DATE, SLOT_EMAIL, SLOT_YES_NO, SLOT_CHOICE };

/* One of the values of a choice. */
struct step_option {
    struct str value;
    struct text_by_language *labels;
    size_t label_count;
    struct utterances *also;         /* words that mean it, by language */
    size_t also_count;
};

/* `value` of a branch's field, or of a call an outcome, or "refused=CODE". */
struct step_way {
    struct str value, to;
    int line;
    size_t target;
};

/* An action's parameter and what it gets: text with {{slot}}. */
struct step_argument {
    struct str name, text;
    int line;
};

struct step {
    struct str name;                 /* that others go to; may be empty */
    int line;
    enum step_kind kind;
    struct str subject;              /* the slot, the action, or the field that decides */
    struct text_by_language *texts;  /* what is asked or said */
    size_t text_count;
    /* ask */
    struct action_parameter slot;    /* name, pattern, questions */
    enum slot_type type;
    int min, max;
    struct step_option *options;
    size_t option_count;
    struct str from;                 /* a list of an earlier result, whose items are the options */
    struct str value;                /* the item's field that is kept; the slot's name if empty */
    struct text_by_language *labels; /* how an item reads */
    size_t label_count;
    /* call */
    struct step_argument *arguments;
    size_t argument_count;
    /* where to */
    struct step_way *ways;
    size_t way_count;
    struct str then, otherwise, no;
    size_t next, other, refused;     /* their targets; `refused`: after a no. STEP_NOWHERE: none is given */
};

/* The steps of a topic that only names an action. */
struct step *steps_of_action(struct arena *arena, struct str action, size_t *count);

/* Where this value, or outcome, leads: of a call "refused=CODE" comes before "refused". STEP_NOWHERE if nothing fits. */
size_t step_way_for(const struct step *step, struct str value);

/* Whether any step of the topic uses this field of a result, itself or as the amount of FIELD_minor. */
bool steps_use(const struct topic *topic, struct str field);

#endif
