/* Who sees what (P6): written out here once more, so that a slip in the table is noticed. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

enum { CUSTOMER = 1, OWNER = 2, NAMED = 4, TEAM = 8, SUPERVISORS = 16 };
#define CHAT (CUSTOMER | OWNER | NAMED | SUPERVISORS)
#define STAFF (OWNER | NAMED | SUPERVISORS)

static const int expected[EVENT_KINDS] = {
    [EVENT_WORKSPACE_CONFIGURED] = TEAM | SUPERVISORS,
    [EVENT_AGENT_ADDED] = NAMED | SUPERVISORS, [EVENT_AGENT_CHANGED] = NAMED | SUPERVISORS,
    [EVENT_AGENT_PASSWORD_SET] = NAMED | SUPERVISORS, [EVENT_AGENT_REMOVED] = NAMED | SUPERVISORS,
    [EVENT_SESSION_OPENED] = NAMED | SUPERVISORS, [EVENT_SESSION_CLOSED] = NAMED | SUPERVISORS,
    [EVENT_PRESENCE_CHANGED] = NAMED | TEAM | SUPERVISORS,
    [EVENT_CUSTOMER_SEEN] = CUSTOMER | SUPERVISORS, [EVENT_CUSTOMER_SESSIONS_ENDED] = CUSTOMER | SUPERVISORS,
    [EVENT_CUSTOMER_ERASED] = CUSTOMER | SUPERVISORS,
    [EVENT_CONVERSATION_OPENED] = CHAT, [EVENT_CONVERSATION_REOPENED] = CHAT, [EVENT_MESSAGE_SENT] = CHAT,
    [EVENT_MARK_SET] = CHAT, [EVENT_HUMAN_REQUESTED] = CHAT, [EVENT_CONVERSATION_QUEUED] = CHAT,
    [EVENT_CONVERSATION_ASSIGNED] = CHAT, [EVENT_CONVERSATION_TRANSFERRED] = CHAT,
    [EVENT_SUPERVISOR_JOINED] = CHAT, [EVENT_SUPERVISOR_LEFT] = CHAT, [EVENT_CONVERSATION_RESOLVED] = CHAT,
    [EVENT_CONVERSATION_RATED] = CHAT, [EVENT_APPOINTMENT_MADE] = CHAT, [EVENT_APPOINTMENT_KEPT] = CHAT,
    [EVENT_CARE_OFFERED] = CHAT, [EVENT_MESSAGE_TRANSLATED] = CHAT,
    [EVENT_RECONTACT_MARKED] = STAFF, [EVENT_NOTE_ADDED] = STAFF, [EVENT_ASSISTANT_DECIDED] = STAFF,
    [EVENT_ACTION_STARTED] = STAFF, [EVENT_ACTION_FINISHED] = STAFF, [EVENT_HANDOVER_NOTED] = STAFF,
    [EVENT_OFFER_MADE] = NAMED | SUPERVISORS, [EVENT_OFFER_ENDED] = NAMED | SUPERVISORS,
    [EVENT_PARAPHRASE_LEARNED] = STAFF, [EVENT_PARAPHRASE_REVIEWED] = SUPERVISORS,
    [EVENT_WORKSPACE_PUBLISHED] = SUPERVISORS,
    [EVENT_CODE_SENT] = STAFF, [EVENT_CODE_TRIED] = STAFF, [EVENT_CODE_USED] = STAFF,
    [EVENT_APPROVAL_REQUESTED] = STAFF | TEAM, [EVENT_APPROVAL_GIVEN] = STAFF | TEAM, [EVENT_APPROVAL_REFUSED] = STAFF | TEAM,
    [EVENT_APPROVAL_EXPIRED] = STAFF | TEAM, [EVENT_APPROVAL_DONE] = STAFF | TEAM,
    [EVENT_WRAPUP_STARTED] = NAMED | SUPERVISORS, [EVENT_WRAPUP_ENDED] = NAMED | SUPERVISORS,
};

static void each_event_is_seen_by_whom_it_concerns(void **state)
{
    UNUSED(state);
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        struct event event = { .kind = (enum event_kind)kind, .conversation = 1, .customer = 21, .agent = 31, .owner = 32 };
        int sees = expected[kind];
        const struct { struct viewer viewer; bool may; } viewers[] = {
            { { VIEWER_CUSTOMER, 21 }, sees & CUSTOMER }, { { VIEWER_CUSTOMER, 22 }, false },
            { { VIEWER_CUSTOMER, 31 }, false }, { { VIEWER_AGENT, 21 }, sees & TEAM },
            { { VIEWER_AGENT, 31 }, sees & (NAMED | TEAM) }, { { VIEWER_AGENT, 32 }, sees & (OWNER | TEAM) },
            { { VIEWER_AGENT, 33 }, sees & TEAM }, { { VIEWER_SUPERVISOR, 99 }, sees & SUPERVISORS },
        };
        for (size_t i = 0; i < ARRAY_LEN(viewers); i++)
            if (event_visible(&event, viewers[i].viewer) != viewers[i].may)
                fail_msg("%s: viewer %zu", event_table[kind].name, i);
    }
}

/* An id of 0 is nobody: it must not match events that concern nobody. */
static void nobody_sees_nothing(void **state)
{
    UNUSED(state);
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        struct event event = { .kind = (enum event_kind)kind };
        assert_false(event_visible(&event, (struct viewer){ VIEWER_CUSTOMER, 0 }));
        assert_false(event_visible(&event, (struct viewer){ VIEWER_AGENT, 0 }));
    }
}

static void history_is_the_same_without_the_moment(void **state)
{
    UNUSED(state);
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        struct event event = { .kind = (enum event_kind)kind };
        assert_int_equal(event_visible_in_history(&event, VIEWER_CUSTOMER), (expected[kind] & CUSTOMER) != 0);
        assert_int_equal(event_visible_in_history(&event, VIEWER_AGENT), (expected[kind] & OWNER) != 0);
        assert_int_equal(event_visible_in_history(&event, VIEWER_SUPERVISOR), (expected[kind] & SUPERVISORS) != 0);
    }
}

static void assert_json(const struct event *event, enum viewer_role role, const char *text, bool has)
{
    struct buf json;
    buf_init(&json, LIMIT_RECORD);
    event_json(event, role, &json);
    if ((strstr(buf_cstr(&json), text) != NULL) != has) fail_msg("%s in %s", text, buf_cstr(&json));
    buf_free(&json);
}

static void a_customer_does_not_see_how_staff_work(void **state)
{
    UNUSED(state);
    struct event queued = { .kind = EVENT_CONVERSATION_QUEUED, .customer = 1, .conversation_queued = {
        .wait_from = 5, .topic = STR("fraud"), .skills = STR("payments"), .language = STR("en"), .to_agent = 7 } };
    assert_json(&queued, VIEWER_CUSTOMER, "fraud", false);
    assert_json(&queued, VIEWER_CUSTOMER, "payments", false);
    assert_json(&queued, VIEWER_CUSTOMER, "to_agent", false);
    assert_json(&queued, VIEWER_CUSTOMER, "wait_from", true);
    assert_json(&queued, VIEWER_AGENT, "payments", true);
    struct event resolved = { .kind = EVENT_CONVERSATION_RESOLVED, .customer = 1, .conversation_resolved = {
        .by = STR("agent"), .disposition = STR("goodwill"), .note = STR("angry") } };
    assert_json(&resolved, VIEWER_CUSTOMER, "goodwill", false);
    assert_json(&resolved, VIEWER_CUSTOMER, "angry", false);
    assert_json(&resolved, VIEWER_SUPERVISOR, "angry", true);
    struct event decided = { .kind = EVENT_ASSISTANT_DECIDED, .assistant_decided = {
        .explanation = STR("{\"why\":1}"), .dialogue = STR("{\"memory\":1}") } };
    assert_json(&decided, VIEWER_SUPERVISOR, "memory", false);
    assert_json(&decided, VIEWER_AGENT, "why", true);
    struct event added = { .kind = EVENT_AGENT_ADDED, .agent = 1, .agent_added = {
        .login = STR("ana@firm"), .password = STR("argon"), .login_digest = { 12345, 6789 } } };
    assert_json(&added, VIEWER_AGENT, "ana@firm", false);
    assert_json(&added, VIEWER_SUPERVISOR, "ana@firm", true);
    assert_json(&added, VIEWER_SUPERVISOR, "argon", false);
    assert_json(&added, VIEWER_SUPERVISOR, "12345", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_event_is_seen_by_whom_it_concerns),
        cmocka_unit_test(nobody_sees_nothing),
        cmocka_unit_test(history_is_the_same_without_the_moment),
        cmocka_unit_test(a_customer_does_not_see_how_staff_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
