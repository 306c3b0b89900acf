/* turn.h - one question on its way to a reply: what the parts of the assistant share.
 *
 * A turn ends when reply->decision is set by one of the turn_... functions below; whoever calls one
 * returns at once. Everything lives in the turn's arena. */
#ifndef ASSISTANT_TURN_H
#define ASSISTANT_TURN_H

#include "assistant/assistant.h"
#include "assistant/context.h"
#include "assistant/dialogue.h"
#include "assistant/heard.h"
#include "assistant/intent.h"
#include "assistant/languages.h"
#include "assistant/passages.h"
#include "assistant/words.h"

#include <jansson.h>

#define TOPICS_OFFERED 3 /* beside the person */
#define TURN_GROUNDS 12  /* approved texts that a reply may be taken from */
#define TURN_MISSING 4
#define TURN_PERSONAL 32 /* values of results that a model may not see */

struct mask;

struct assistant {
    const struct workspace *workspace;
    struct intent *intent;
    struct languages *languages;
    struct passages *passages;
    struct intent_figures figures;
    struct err model; /* why the file of intents is not used, or empty */
    bool is_first;
};

struct turn {
    const struct assistant *assistant;
    const struct workspace *workspace;
    const struct question *question;
    struct arena *arena;
    struct reply *reply;
    struct dialogue dialogue;
    struct intent_result intents;
    struct passage_hit hits[PASSAGES_TOP];
    size_t hit_count;
    struct str language;        /* that the reply is in */
    struct str foreign;         /* that the customer writes in, if the workspace does not speak it; else empty */
    struct heard heard;         /* who needs a person, and why */
    enum remark remark;         /* what the message is if it is about nothing */
    struct str matter;          /* the message behind its remarks: what is to be understood */
    struct str path;            /* which way the decision came about, for the explanation */
    bool checked;               /* a text went through the check of facts */
    struct str check;           /* what the check said, when it refused */
    struct str missing[TURN_MISSING]; /* that a person has to ask for, or look up */
    size_t missing_count;
    struct str suggestion;      /* an answer for the person who takes over */
    struct str grounds[TURN_GROUNDS], ground_values; /* what the reply was taken from */
    size_t ground_count;
    struct mask *mask;          /* made when a model is asked first */
    struct str personal[TURN_PERSONAL];
    size_t personal_count;
    struct dialogue_value planned[DIALOGUE_VALUES]; /* details that a model found in the customer's words, checked */
    size_t planned_count;
};

/* Reads question and dialogue, finds language and intents. */
void turn_begin(struct turn *turn, const struct assistant *assistant, const struct question *question, struct arena *arena,
                struct reply *reply);
/* A result's names, addresses and numbers, to be masked before a model is asked. */
void turn_learn_personal(struct turn *turn, const json_t *result);

struct str turn_sentence(const struct turn *turn, enum sentence sentence);
int turn_thousandths(double probability);

/* Endings. */
void turn_answer(struct turn *turn, enum decision decision, struct str text);
void turn_hand_over(struct turn *turn, struct str reason, enum sentence sentence);
/* The same with words of its own (care.h). */
void turn_hand_over_saying(struct turn *turn, struct str reason, struct str text);
/* This turn did not help: keeps the reply, or hands over if it was one too many. */
void turn_failed(struct turn *turn);

void turn_add_source(struct turn *turn, struct str title, struct str url);
void turn_add_topic_sources(struct turn *turn, const struct topic *topic);
void turn_add_choice(struct turn *turn, struct str text);
/* To choose by tapping it, saying it, or its number. */
void turn_offer_topic(struct turn *turn, const struct topic *topic);
void turn_offer_person(struct turn *turn);
/* The topic that the words name surely; NULL if they only ask for a person, or may mean several. */
const struct topic *turn_topic_meant(const struct turn *turn);
/* Whether the intents are sure enough to answer by. */
bool turn_is_understood(const struct turn *turn);
/* Something else is asked while a question waits: answered, if that takes no more than words, and the question
 * asked again; true if it was. */
bool turn_answer_beside(struct turn *turn);
/* The check of facts (ground.h); keeps what it says for the explanation. */
bool turn_is_grounded(struct turn *turn, struct str text, const struct str *approved, size_t count, struct str values) WARN_UNUSED;

/* flow.c: the topic is known; say its answer, or begin and go on with its action. */
void flow_topic(struct turn *turn, const struct topic *topic, int confidence);
/* Whether the assistant may run this action (NULL: any) of the topic for this customer. */
bool flow_may_act(const struct turn *turn, const struct topic *topic, const struct action *action);
/* question->settled: the flow that waited for a person goes on, or it is told what was decided. */
void flow_settled(struct turn *turn);
/* The question of a flow that waits, as it was asked; `code` if that is the one-time code; empty if none waits. */
struct str flow_open_question(struct turn *turn);
/* A question of a flow waits: true if the words answered it (or the flow said something). */
bool flow_goes_on(struct turn *turn);
/* Asks the question that waits once more, after `lead`; false if none does. */
bool flow_repeats(struct turn *turn, struct str lead);
/* "No, the other order": the last topic's action again, with other details; true if it said something. */
bool flow_corrects(struct turn *turn, const struct correction *correction);

/* small_talk.c: the message is about nothing; true if something was said. */
bool small_talk(struct turn *turn);
/* What may not be taken for an answer to a question that waits: small talk is answered and the question repeated; an
 * insult and nothing else is answered calmly, once, then a person takes over. */
bool small_talk_between(struct turn *turn);
bool flow_has_answer(const struct turn *turn, const struct topic *topic); /* without its action */

/* model_plan.c: the message was not understood; true if a model found what it is about and something was said. */
bool model_plan(struct turn *turn);
/* model_phrase.c: the answer in other words, if a model finds some that pass all checks. */
void model_phrase(struct turn *turn);

/* note.c. What is missing is collected while what waits is still known, and written with the note. */
void note_missing(struct turn *turn);
struct str note_write(struct turn *turn);
struct str explanation_write(const struct turn *turn);

#endif
