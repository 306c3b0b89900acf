#include "assistant/asked.h"

#include "assistant/tokens.h"
#include "assistant/turn.h"

#define WORDS_TRIED 2     /* of a message that the assistant looked at */
#define WORDS_UNTRIED 3   /* of one that it did not: "yes please" is said to a person */
#define ARTICLE_COVERAGE 0.5

static bool is_matter(struct str text, size_t words)
{
    struct arena scratch = { 0 };
    bool matter = !heard_in(text).via && words_remark(&scratch, text) == REMARK_NOTHING && tokens_of(&scratch, text).count >= words;
    arena_free(&scratch);
    return matter;
}

static bool is_customers(const struct event *event)
{
    return event->kind == EVENT_MESSAGE_SENT && str_equal(event->message_sent.author, STR("customer"));
}

static const struct event *decision_on(const struct event *events, size_t count, size_t message)
{
    for (size_t i = message + 1; i < count; i++)
        if (events[i].kind == EVENT_ASSISTANT_DECIDED && events[i].assistant_decided.turn == events[message].seq)
            return &events[i];
    return NULL;
}

static bool is_learned(const struct event *events, size_t count, uint64_t message)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_PARAPHRASE_LEARNED && events[i].paraphrase_learned.message == message)
            return true;
    return false;
}

static bool is_understood(const struct event *decided)
{
    return !decided->assistant_decided.failed && decided->assistant_decided.topic.len;
}

bool asked_find(const struct event *events, size_t count, struct asked *out)
{
    size_t from = 0, untried = count;
    bool understood = false;
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_CONVERSATION_REOPENED)
            from = i;
    for (size_t i = from; i < count; i++) {
        if (!is_customers(&events[i]))
            continue;
        const struct event *decided = decision_on(events, count, i);
        struct str text = events[i].message_sent.text;
        bool was_understood = decided && is_understood(decided);
        understood = understood || was_understood;
        if (was_understood || is_learned(events, count, events[i].seq))
            continue;
        if (decided && is_matter(text, WORDS_TRIED)) {
            *out = (struct asked){ events[i].seq, text };
            return true;
        }
        if (!decided && untried == count && is_matter(text, WORDS_UNTRIED))
            untried = i;
    }
    if (understood || untried == count)
        return false;
    *out = (struct asked){ events[untried].seq, events[untried].message_sent.text };
    return true;
}

size_t asked_choices(const struct assistant *assistant, struct arena *arena, struct str text, struct str language,
                     struct asked_choice choices[ASKED_CHOICES])
{
    struct intent_result intents;
    struct passage_hit hits[PASSAGES_TOP];
    size_t count = 0;
    intent_predict(assistant->intent, arena, text, language, &intents);
    for (; count < intents.count && count < ASKED_CHOICES; count++)
        choices[count] = (struct asked_choice){ false, assistant->workspace->topics[intents.top[count].topic].name,
                                                turn_thousandths(intents.top[count].probability) };
    if (!passages_search(assistant->passages, arena, text, language, hits) || hits[0].coverage < ARTICLE_COVERAGE)
        return count;
    size_t last = count < ASKED_CHOICES ? count++ : ASKED_CHOICES - 1;
    choices[last] = (struct asked_choice){ true, hits[0].passage->article->name, turn_thousandths(hits[0].coverage) };
    return count;
}
