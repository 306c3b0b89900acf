#include "assistant/follow.h"

#define KNOWN 0.4     /* share of its words, by weight, that the examples know */
#define NEARNESS 8.0  /* so much likelier is a topic that shares an article with the one that was spoken of */

static bool counts(struct turn *turn, const struct intent_result *other)
{
    struct intent_result alone = turn->intents;
    turn->intents = *other;
    if (turn_is_understood(turn))
        return true;
    turn->intents = alone;
    return false;
}

/* Read once more behind the topic's title. Only what the words themselves could mean counts, so a strange remark is not
 * pressed into that topic. */
static bool means_something_behind(struct turn *turn, const struct topic *topic)
{
    struct intent_result both;
    struct str title = workspace_text(turn->workspace, topic->titles, topic->title_count, turn->language);
    struct str text = arena_format(turn->arena, "%.*s %.*s", STR_ARG(title), STR_ARG(turn->matter));
    intent_predict(turn->assistant->intent, turn->arena, text, turn->language, &both);
    for (size_t i = 0; i < turn->intents.count && both.count; i++)
        if (turn->intents.top[i].topic == both.top[0].topic)
            return counts(turn, &both);
    return false;
}

static bool share_an_article(const struct topic *a, const struct topic *b)
{
    for (size_t i = 0; i < a->related_count; i++)
        for (size_t k = 0; k < b->related_count; k++)
            if (str_equal(a->related[i], b->related[k]))
                return true;
    return false;
}

/* Of what the words could mean, what is near the topic is likelier: after a return, "the money" is the refund's. */
static bool means_something_near(struct turn *turn, const struct topic *topic)
{
    struct intent_result near = turn->intents;
    double all = 1;
    size_t best = 0;
    for (size_t i = 0; i < near.count; i++) {
        const struct topic *other = &turn->workspace->topics[near.top[i].topic];
        double weight = other != topic && share_an_article(topic, other) ? NEARNESS : 1;
        all += near.top[i].probability * (weight - 1);
        near.top[i].probability *= weight;
    }
    for (size_t i = 0; i < near.count; i++) {
        near.top[i].probability /= all;
        if (near.top[i].probability > near.top[best].probability)
            best = i;
    }
    struct intent_guess first = near.top[best];
    memmove(near.top + 1, near.top, best * sizeof *near.top);
    near.top[0] = first;
    near.right = first.probability;
    near.confidence = near.inside * near.right;
    return all > 1 && counts(turn, &near);
}

bool follow_is_understood_behind(struct turn *turn, struct str topic)
{
    const struct topic *spoken_of = workspace_topic(turn->workspace, topic);
    return spoken_of && turn->intents.known >= KNOWN && (means_something_behind(turn, spoken_of) || means_something_near(turn, spoken_of));
}

bool follow_is_understood(struct turn *turn)
{
    const struct dialogue *dialogue = &turn->dialogue;
    if (!context_follows(turn->arena, turn->matter))
        return false;
    if (follow_is_understood_behind(turn, dialogue->topic))
        return true;
    for (size_t i = dialogue->earlier_count; i-- > 0;)
        if (follow_is_understood_behind(turn, dialogue->earlier[i]))
            return true;
    return false;
}
