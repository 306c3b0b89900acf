/* small_talk.c - what people say beside the matter: greetings, thanks, questions about the assistant itself, insults. */
#include "assistant/turn.h"

#define INSULTS_MAX 2 /* the second one brings a person */

static const enum sentence answers[] = {
    [REMARK_YES] = SENTENCE_GO_ON, [REMARK_NO] = SENTENCE_GOODBYE, [REMARK_CANCEL] = SENTENCE_STOPPED,
    [REMARK_HELLO] = SENTENCE_HELLO, [REMARK_THANKS] = SENTENCE_THANKS, [REMARK_GOODBYE] = SENTENCE_GOODBYE,
    [REMARK_WHAT_ARE_YOU] = SENTENCE_WHAT_AM_I, [REMARK_HELP] = SENTENCE_GO_ON, [REMARK_HOW_ARE_YOU] = SENTENCE_HOW_I_AM,
    [REMARK_NAME] = SENTENCE_NO_NAME, [REMARK_JOKE] = SENTENCE_NO_JOKE, [REMARK_CAN_DO] = SENTENCE_WHAT_I_CAN,
    [REMARK_ABUSE] = SENTENCE_CALM,
};

static size_t example_count(const struct topic *topic)
{
    size_t count = 0;
    for (size_t i = 0; i < topic->example_count; i++)
        count += topic->examples[i].count;
    return count;
}

/* Those that customers ask about in the most ways, as far as the examples tell. */
static void offer_topics(struct turn *turn)
{
    const struct workspace *workspace = turn->workspace;
    const struct topic *best[TOPICS_OFFERED];
    size_t count = 0;
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        size_t at = count;
        if (topic->ceiling < AUTONOMY_ANSWER) continue;
        for (; at > 0 && example_count(topic) > example_count(best[at - 1]); at--)
            if (at < TOPICS_OFFERED) best[at] = best[at - 1];
        if (at < TOPICS_OFFERED) best[at] = topic;
        if (count < TOPICS_OFFERED) count++;
    }
    for (size_t i = 0; i < count; i++)
        turn_offer_topic(turn, best[i]);
    turn_offer_person(turn);
}

/* While a question waits, only what was asked about the assistant is answered; then the question again. */
static bool is_about_me(enum remark remark)
{
    return remark == REMARK_WHAT_ARE_YOU || remark == REMARK_NAME || remark == REMARK_CAN_DO;
}

static bool answer_and_repeat(struct turn *turn)
{
    bool about_me = is_about_me(turn->remark);
    enum sentence lead = turn->remark == REMARK_NAME ? SENTENCE_NO_NAME : SENTENCE_WHAT_AM_I;
    if (turn->remark == REMARK_GOODBYE && turn->dialogue.pending > PENDING_CHOICE)
        turn->remark = REMARK_CANCEL; /* who leaves wants no more of what was asked */
    if (turn->remark < REMARK_HELLO || turn->remark == REMARK_HELP) return false;
    if (!flow_repeats(turn, about_me ? turn_sentence(turn, lead) : STR_EMPTY)) return false;
    turn->path = STR("small_talk");
    if (about_me) turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
    return true;
}

bool small_talk(struct turn *turn)
{
    bool asks = turn->remark == REMARK_CAN_DO || turn->remark == REMARK_HELP;
    if (turn->remark == REMARK_NOTHING) return false;
    if (turn->remark == REMARK_YES && heard_remark_in(turn->question->text).remark == HEARD_REMARK_THANKS)
        turn->remark = REMARK_THANKS; /* "that's fine, thank you", with nothing to agree to */
    turn->path = STR("small_talk");
    turn->reply->confidence = 1000;
    turn_answer(turn, asks ? DECISION_ASK : DECISION_ANSWER, turn_sentence(turn, answers[turn->remark]));
    if (turn->remark == REMARK_CAN_DO)
        offer_topics(turn);
    else if (is_about_me(turn->remark))
        turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
    return true;
}

static void calm(struct turn *turn)
{
    struct str text = turn_sentence(turn, SENTENCE_CALM);
    turn->path = STR("calm");
    turn->reply->confidence = 1000;
    if (!flow_repeats(turn, text))
        turn_answer(turn, DECISION_ASK, arena_format(turn->arena, "%.*s %.*s", STR_ARG(text), STR_ARG(turn_sentence(turn, SENTENCE_GO_ON))));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
}

/* An insult beside a matter is counted and otherwise passed over: the matter is served. */
bool small_talk_between(struct turn *turn)
{
    struct dialogue *dialogue = &turn->dialogue;
    if (heard_remark_in(turn->question->text).abuse && dialogue->insults < DIALOGUE_INSULTS)
        dialogue->insults++;
    if (turn->remark != REMARK_ABUSE)
        return answer_and_repeat(turn);
    if (dialogue->insults >= INSULTS_MAX) {
        turn->path = STR("insults");
        turn_hand_over(turn, STR("assistant_failed"), SENTENCE_HAND_FAILED);
    } else {
        calm(turn);
    }
    return true;
}
