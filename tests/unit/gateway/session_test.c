#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/session.h"

static void the_cookie_is_found_among_others(void **state)
{
    UNUSED(state);
    struct str name = STR("beckon_session");
    const struct { struct str header, value; } cases[] = {
        { STR("beckon_session=abc"), STR("abc") },
        { STR("a=b; beckon_session=abc; c=d"), STR("abc") },
        { STR("a=b;beckon_session=\"abc\""), STR("abc") },
        { STR("xbeckon_session=no; beckon_session=yes"), STR("yes") },
        { STR("beckon_session=first; beckon_session=second"), STR("first") },
        { STR("beckon_sessions=abc"), STR("") },
        { STR("Beckon_Session=abc"), STR("") },
        { STR("beckon_session"), STR("") },
        { STR("=abc; ;;"), STR("") },
        { STR(""), STR("") },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (!str_equal(session_cookie(cases[i].header, name), cases[i].value)) fail_msg("case %zu", i);
}

static void a_bearer_token_is_one_word(void **state)
{
    UNUSED(state);
    const struct { struct str header, value; } cases[] = {
        { STR("Bearer abc"), STR("abc") },
        { STR("bearer  abc "), STR("abc") },
        { STR("Bearer"), STR("") },
        { STR("Bearer "), STR("") },
        { STR("Basic abc"), STR("") },
        { STR("Bearerabc"), STR("") },
        { STR("Bearer a b"), STR("") },
        { STR("Bearer a, Bearer b"), STR("") },
        { STR(""), STR("") },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        if (!str_equal(session_bearer(cases[i].header), cases[i].value)) fail_msg("case %zu", i);
}

static void a_session_sees_as_what_it_is(void **state)
{
    UNUSED(state);
    struct session customer = { .kind = SESSION_CUSTOMER, .who = WHO_CUSTOMER, .customer = 5 };
    struct session agent = { .kind = SESSION_STAFF, .who = WHO_AGENT, .agent = 5 };
    struct session administrator = { .kind = SESSION_STAFF, .who = WHO_ADMINISTRATOR, .agent = 5 };
    struct session operator = { .kind = SESSION_OPERATOR, .who = WHO_OPERATOR };
    struct session nobody = { 0 };
    assert_int_equal(session_viewer(&customer).role, VIEWER_CUSTOMER);
    assert_int_equal(session_viewer(&agent).role, VIEWER_AGENT);
    assert_int_equal(session_viewer(&administrator).role, VIEWER_SUPERVISOR);
    /* Whoever is nobody sees what a customer without a number would: nothing. */
    assert_true(session_viewer(&nobody).role == VIEWER_CUSTOMER && session_viewer(&nobody).id == 0);
    assert_true(session_viewer(&operator).role == VIEWER_CUSTOMER && session_viewer(&operator).id == 0);
    assert_int_equal(session_actor(&operator), ACTOR_NODE);
    assert_true(session_subject(&customer) != session_subject(&agent));
    assert_string_equal(session_name(&nobody), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cookie_is_found_among_others),
        cmocka_unit_test(a_bearer_token_is_one_word),
        cmocka_unit_test(a_session_sees_as_what_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
