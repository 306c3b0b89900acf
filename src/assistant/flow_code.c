/* flow_code.c - an action that needs a one-time code: it is sent, asked for, and shown.
 *
 * The assistant never sees a code: whoever asks it (the node) draws one, has it sent, and says of a message whether it
 * showed the right one. How many tries there are is the engine's matter (engine/proof.h). */
#include "assistant/flow.h"

bool flow_is_proven(const struct turn *turn)
{
    return turn->question->proven_until > turn->question->now_ms;
}

static void ask(struct turn *turn, const struct topic *topic, size_t at, struct str text)
{
    flow_keep_place(turn, topic, at, PENDING_CODE);
    turn_answer(turn, DECISION_ASK, text);
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_CODE_AGAIN));
    turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
}

bool flow_ask_code(struct turn *turn, const struct topic *topic, size_t at, struct str said)
{
    const struct question *question = turn->question;
    enum code_sent sent = question->send_code ? question->send_code(question->context, turn->arena) : CODE_NOT_SENT;
    if (sent == CODE_NOT_SENT)
        return false;
    ask(turn, topic, at, flow_join(turn, said, turn_sentence(turn, sent == CODE_ON_ITS_WAY ? SENTENCE_CODE_ON_ITS_WAY : SENTENCE_CODE_JUST_SENT)));
    return true;
}

void flow_ask_code_again(struct turn *turn, const struct topic *topic, size_t at, enum sentence sentence)
{
    ask(turn, topic, at, turn_sentence(turn, sentence));
}

#define ANOTHER_WORDS 10 /* in more, such a word may be about anything */

/* As folded, in any of the four languages. */
static const char again[] = " again resend another new ny nytt igen neu neue neuen neuer erneut nochmal nochmals otro otra nuevo nueva reenviar reenvíe ";
static const char never[] = " not no never didnt hasnt havent nothing inte ingen inget aldrig nicht kein keine keinen nie nichts ningún ningun nunca nada ";
static const char came[] = " get got received receive arrive arrived come came code kod koden fått får kommit kommer bekommen erhalten angekommen gekommen "
                           "llegado llega llegó recibido recibo código ";

static bool has_one(struct turn *turn, struct tokens said, const char *words)
{
    for (size_t i = 0; i < said.count; i++)
        if (str_find(str_of(words), arena_format(turn->arena, " %.*s ", STR_ARG(said.words[i])), 0) >= 0)
            return true;
    return false;
}

/* "Send it again", "no code has arrived". */
static bool wants_another(struct turn *turn)
{
    struct tokens said = tokens_of(turn->arena, turn->question->text);
    if (turn->remark == REMARK_YES)
        return true;
    return said.count <= ANOTHER_WORDS && (has_one(turn, said, again) || (has_one(turn, said, never) && has_one(turn, said, came)));
}

static bool go_on_without(struct turn *turn, const struct topic *topic, size_t at)
{
    if (turn->remark == REMARK_CANCEL || turn->remark == REMARK_NO)
        return flow_stop(turn, topic, SENTENCE_CANCELLED);
    if (wants_another(turn))
        return flow_ask_code(turn, topic, at, STR_EMPTY) || flow_give_up_asking(turn, topic);
    if (flow_is_left(turn))
        return false;
    if (++turn->dialogue.tries >= FLOW_TRIES)
        return flow_give_up_asking(turn, topic);
    flow_ask_code_again(turn, topic, at, SENTENCE_CODE_TYPE_IT);
    return true;
}

bool flow_goes_on_with_code(struct turn *turn, const struct topic *topic, size_t at)
{
    switch (turn->question->shown) {
    case CODE_RIGHT:
        turn->dialogue.tries = 0;
        flow_walk(turn, topic, at, STR_EMPTY);
        return true;
    case CODE_WRONG:
        flow_ask_code_again(turn, topic, at, SENTENCE_CODE_WRONG);
        return true;
    case CODE_EXPIRED:
        flow_ask_code_again(turn, topic, at, SENTENCE_CODE_EXPIRED);
        return true;
    case CODE_USED_UP: return flow_give_up_asking(turn, topic);
    case CODE_NONE: break;
    }
    return go_on_without(turn, topic, at);
}
