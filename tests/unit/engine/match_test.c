/* Many wait and many come free at the same moment: the rule holds for each of them, in order. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/random.h"

enum { AGENTS = 24, CHATS = 40, SKILLS = 6 };

struct crowd {
    struct story s;
    uint64_t agents[AGENTS], chats[CHATS];
    uint64_t agent_skills[AGENTS], chat_skills[CHATS]; /* bits */
    int places[AGENTS];
};

static const char *skill_list(uint64_t bits, char *text)
{
    text[0] = '\0';
    for (int i = 0; i < SKILLS; i++)
        if (bits >> i & 1) sprintf(text + strlen(text), "%ss%d", text[0] ? "," : "", i);
    return text;
}

/* Every set of up to two skills is a topic. With `open` the agents' language is one of the workspace. */
static void settings(struct buf *text, bool open)
{
    buf_init(text, LIMIT_SETTINGS);
    buf_add_str(text, open ? STR("language en\nlanguage xx\n") : STR("language xx\n"));
    for (int i = 0; i < SKILLS; i++) buf_add_format(text, "skill s%d\n", i);
    for (int a = 0; a < SKILLS; a++)
        for (int b = a; b < SKILLS; b++) buf_add_format(text, a == b ? "topic t%d%d s%d\n" : "topic t%d%d s%d,s%d\n", a, b, a, b);
}

static void configure(struct crowd *crowd, const char *version, bool open)
{
    struct buf text;
    settings(&text, open);
    assert_int_equal(story_configure(&crowd->s, version, buf_cstr(&text)), REFUSAL_NONE);
    buf_free(&text);
}

static void gather(struct crowd *crowd, struct random *random)
{
    char text[64];
    *crowd = (struct crowd){ .places = { 0 } };
    story_begin(&crowd->s);
    configure(crowd, "2", true);
    for (int i = 0; i < AGENTS; i++) {
        crowd->agent_skills[i] = random_next(random) & random_next(random) & ((1 << SKILLS) - 1);
        crowd->agents[i] = story_agent(&crowd->s, skill_list(crowd->agent_skills[i], text), "en");
        crowd->places[i] = 1 + (int)random_below(random, 2);
        struct command change = story_by_node(COMMAND_CHANGE_AGENT);
        change.agent = crowd->agents[i];
        change.change_agent.capacity = (uint64_t)crowd->places[i];
        assert_int_equal(story_give(&crowd->s, &change), REFUSAL_NONE);
    }
    for (int i = 0; i < CHATS; i++) {
        uint64_t customer = story_customer(&crowd->s);
        crowd->chats[i] = story_open(&crowd->s, customer);
        uint64_t a = random_below(random, SKILLS), b = random_below(random, SKILLS);
        snprintf(text, sizeof text, "t%d%d", (int)(a < b ? a : b), (int)(a < b ? b : a));
        crowd->chat_skills[i] = 1u << a | 1u << b;
        story_say(&crowd->s, customer, crowd->chats[i], "Hello");
        story_answer(&crowd->s, crowd->chats[i], text, "Hm.");
        story_ask_human(&crowd->s, customer, crowd->chats[i]);
        crowd->s.now_ms += (int64_t)random_below(random, 3);
    }
    /* Now nobody speaks the only language; everybody comes online in some order. */
    configure(crowd, "3", false);
    for (int i = 0; i < AGENTS; i++) {
        story_online(&crowd->s, crowd->agents[(i * 7) % AGENTS]);
        assert_int_equal(story_count(&crowd->s, EVENT_OFFER_MADE), 0);
        crowd->s.now_ms += (int64_t)random_below(random, 3);
    }
}

static int longest_idle(const struct crowd *crowd, uint64_t skills)
{
    int best = -1;
    int64_t since = INT64_MAX;
    for (int i = 0; i < AGENTS; i++) {
        int64_t idle = story_agent_view(&crowd->s, crowd->agents[i]).state_since;
        if (!crowd->places[i] || (crowd->agent_skills[i] & skills) != skills || idle >= since) continue;
        best = i;
        since = idle;
    }
    return best;
}

static void everybody_at_once(void **state)
{
    UNUSED(state);
    size_t total = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random random = { seed };
        struct crowd crowd;
        gather(&crowd, &random);
        configure(&crowd, "4", true);
        size_t at = 1; /* behind workspace.configured */
        for (int i = 0; i < CHATS; i++) {
            int agent = longest_idle(&crowd, crowd.chat_skills[i]);
            if (agent < 0) continue;
            assert_true(at < crowd.s.events.count);
            const struct event *event = &crowd.s.events.items[at++];
            assert_int_equal(event->kind, EVENT_OFFER_MADE);
            assert_int_equal(event->conversation, crowd.chats[i]);
            assert_int_equal(event->agent, crowd.agents[agent]);
            crowd.places[agent]--;
            total++;
        }
        assert_int_equal(at, crowd.s.events.count);
        story_end(&crowd.s);
    }
    assert_true(total > 60 * 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(everybody_at_once) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
