/* A refusal says which field is at fault, so that whoever sent it knows what to mend. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "../../support/engine_story.h"

static struct story s;
static uint64_t maria, ana, boss, chat;

static int set_up(void **state)
{
    UNUSED(state);
    story_begin(&s);
    maria = story_customer(&s);
    ana = story_agent(&s, "payments", "en");
    boss = story_staff(&s, "administrator", "", "en");
    story_online(&s, ana);
    chat = story_waiting(&s, maria);
    story_accept(&s, ana);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    story_end(&s);
    return 0;
}

static void assert_fault(const struct command *command, enum refusal refusal, const char *field)
{
    assert_int_equal(story_give(&s, command), refusal);
    assert_non_null(s.outcome.field);
    assert_string_equal(s.outcome.field, field);
}

static void of_customers(void **state)
{
    UNUSED(state);
    struct command open = story_by_customer(COMMAND_OPEN, maria, 0);
    open.open.language = STR("tlh");
    assert_fault(&open, REFUSAL_UNKNOWN_SKILL, "language");
    struct command mark = story_by_customer(COMMAND_MARK, maria, chat);
    mark.mark = (struct command_mark){ .mark = STR("eaten"), .up_to = 1 };
    assert_fault(&mark, REFUSAL_BAD_FIELD, "mark");
    mark.mark = (struct command_mark){ .mark = STR("read"), .up_to = 1000 };
    assert_fault(&mark, REFUSAL_BAD_FIELD, "up_to");
    struct command make = story_by_customer(COMMAND_MAKE_APPOINTMENT, maria, chat);
    make.make_appointment = (struct command_make_appointment){ .way = STR("pigeon"), .address = STR("roof") };
    assert_fault(&make, REFUSAL_BAD_FIELD, "way");
    make.make_appointment = (struct command_make_appointment){ .way = STR("email"), .address = STR_EMPTY };
    assert_fault(&make, REFUSAL_EMPTY, "address");
    struct command rate = story_by_customer(COMMAND_RATE, maria, chat);
    rate.rate = (struct command_rate){ .stars = 6, .comment = STR_EMPTY };
    assert_fault(&rate, REFUSAL_BAD_FIELD, "stars");
}

static void of_agents(void **state)
{
    UNUSED(state);
    struct command presence = story_by_agent(COMMAND_SET_PRESENCE, ana, 0);
    presence.set_presence.state = STR("asleep");
    assert_fault(&presence, REFUSAL_BAD_FIELD, "state");
    struct command transfer = story_by_agent(COMMAND_TRANSFER, ana, chat);
    transfer.transfer.to_skill = STR("dancing");
    assert_fault(&transfer, REFUSAL_UNKNOWN_SKILL, "to_skill");
    transfer.transfer.to_skill = STR_EMPTY;
    transfer.transfer.to_agent = 99;
    assert_fault(&transfer, REFUSAL_UNKNOWN_AGENT, "to_agent");
    struct command resolve = story_by_agent(COMMAND_RESOLVE, ana, chat);
    resolve.resolve = (struct command_resolve){ .disposition = STR("solved"), .topic = STR("dancing"), .note = STR_EMPTY };
    assert_fault(&resolve, REFUSAL_BAD_FIELD, "topic");
}

static struct command addition(const char *role, const char *pool, const char *skills, const char *languages)
{
    struct command add = story_by_supervisor(COMMAND_ADD_AGENT, boss, 0);
    add.add_agent = (struct command_add_agent){ .login = STR("new"), .name = STR("New"), .role = str_of(role),
        .pool = str_of(pool), .skills = str_of(skills), .languages = str_of(languages), .login_digest = { 7, 7 },
        .password = STR_EMPTY, .password_hash = STR("hash") };
    return add;
}

static void of_administrators(void **state)
{
    UNUSED(state);
    const struct { struct command command; enum refusal refusal; const char *field; } cases[] = {
        { addition("king", "", "", ""), REFUSAL_BAD_FIELD, "role" },
        { addition("", "deep", "", ""), REFUSAL_BAD_FIELD, "pool" },
        { addition("", "", "dancing", ""), REFUSAL_UNKNOWN_SKILL, "skills" },
        { addition("", "", "", "tlh"), REFUSAL_UNKNOWN_SKILL, "languages" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) assert_fault(&cases[i].command, cases[i].refusal, cases[i].field);
    struct command add = addition("", "", "", "");
    assert_int_equal(story_give(&s, &add), REFUSAL_NONE);
    assert_fault(&add, REFUSAL_TAKEN, "login");
}

static void a_change_that_leaves_a_list_alone_does_not_check_it(void **state)
{
    UNUSED(state);
    /* The workspace forgets a skill that an agent has. */
    assert_int_equal(story_configure(&s, "2", "language en\nskill cards\ntopic lost-card cards\n"), REFUSAL_NONE);
    struct command change = story_by_supervisor(COMMAND_CHANGE_AGENT, boss, 0);
    change.target = ana;
    change.change_agent = (struct command_change_agent){ .role = STR_EMPTY, .pool = STR_EMPTY, .skills = STR_EMPTY,
        .languages = STR_EMPTY, .capacity = 5 };
    assert_int_equal(story_give(&s, &change), REFUSAL_NONE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_customers), TEST(of_agents), TEST(of_administrators),
        TEST(a_change_that_leaves_a_list_alone_does_not_check_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
