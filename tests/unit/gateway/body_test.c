#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/body.h"

/* Reads `json` as the body of the command, into *command. */
static struct body_refusal read_body(enum command_kind kind, struct str json, struct command *command,
                                     struct arena *arena)
{
    const struct command_row *row = &command_table[kind];
    memset(command, 0, sizeof *command);
    command->kind = kind;
    return body_read(arena, json, row->fields, row->field_count, &command->wake);
}

static void a_good_body_fills_the_command(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct command command;
    struct body_refusal result = read_body(
        COMMAND_MAKE_APPOINTMENT, STR("{\"way\":\"email\",\"address\":\"kim@shop.example\",\"due_at\":1795382401668}"),
        &command, &arena);
    assert_int_equal(result.refusal, REFUSAL_NONE);
    assert_true(str_equal(command.make_appointment.way, STR("email")));
    assert_true(str_equal(command.make_appointment.address, STR("kim@shop.example")));
    assert_true(command.make_appointment.due_at == 1795382401668);
    assert_int_equal(command.make_appointment.given, 7);
    arena_free(&arena);
}

static void what_is_left_out_is_told_from_zero(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct command command;
    assert_int_equal(read_body(COMMAND_CHANGE_AGENT, STR("{\"skills\":\"\"}"), &command, &arena).refusal, REFUSAL_NONE);
    assert_int_equal(*command_given(&command), 1 << 3); /* the fourth field only, and it is empty */
    assert_int_equal(command.change_agent.skills.len, 0);
    assert_non_null(command.change_agent.role.data);
    assert_int_equal(read_body(COMMAND_CHANGE_AGENT, STR(""), &command, &arena).refusal, REFUSAL_NONE);
    assert_int_equal(*command_given(&command), 0); /* no body is an empty object */
    arena_free(&arena);
}

#define RATE(json) { COMMAND_RATE, STR(json)
#define SAY(json) { COMMAND_SAY, STR(json)

static void everything_else_is_refused_by_name(void **state)
{
    UNUSED(state);
    const struct {
        enum command_kind kind;
        struct str json;
        enum refusal refusal;
        const char *field;
    } cases[] = {
        SAY("{"), REFUSAL_BAD_JSON, NULL },
        SAY("null"), REFUSAL_BAD_JSON, NULL },
        SAY("[]"), REFUSAL_BAD_JSON, NULL },
        SAY("\"text\""), REFUSAL_BAD_JSON, NULL },
        SAY("{\"text\":\"a\"} x"), REFUSAL_BAD_JSON, NULL },
        SAY("{\"text\":\"a\",\"text\":\"b\"}"), REFUSAL_BAD_JSON, NULL },
        SAY("{\"text\":\"a\\u0000b\"}"), REFUSAL_BAD_JSON, NULL },
        SAY("{\"text\":\"\\ud800\"}"), REFUSAL_BAD_JSON, NULL },
        SAY("{\"text\":'a'}"), REFUSAL_BAD_JSON, NULL },
        SAY("{\"text\":\"\xff\"}"), REFUSAL_BAD_UTF8, NULL },
        SAY("{\"text\":\"\xc0\xaf\"}"), REFUSAL_BAD_UTF8, NULL },
        SAY("{}"), REFUSAL_MISSING_FIELD, "text" },
        SAY("{\"text\":\"\"}"), REFUSAL_EMPTY, "text" },
        SAY("{\"text\":\" \\n \"}"), REFUSAL_EMPTY, "text" },
        SAY("{\"text\":3}"), REFUSAL_BAD_FIELD, "text" },
        SAY("{\"text\":null}"), REFUSAL_BAD_FIELD, "text" },
        SAY("{\"text\":[\"a\"]}"), REFUSAL_BAD_FIELD, "text" },
        SAY("{\"text\":{\"$ne\":1}}"), REFUSAL_BAD_FIELD, "text" },
        SAY("{\"text\":\"a\",\"author\":\"agent\"}"), REFUSAL_UNKNOWN_FIELD, "author" },
        SAY("{\"text\":\"a\",\"__proto__\":{}}"), REFUSAL_UNKNOWN_FIELD, "__proto__" },
        /* Fields that beckon fills in itself do not exist for a client. */
        SAY("{\"text\":\"a\",\"name\":\"Boss\"}"), REFUSAL_UNKNOWN_FIELD, "name" },
        SAY("{\"text\":\"a\",\"wants_human\":\"\"}"), REFUSAL_UNKNOWN_FIELD, "wants_human" },
        { COMMAND_SEE_CUSTOMER, STR("{\"verified\":true}"), REFUSAL_UNKNOWN_FIELD, "verified" },
        RATE("{\"stars\":6}"), REFUSAL_BAD_FIELD, "stars" },
        RATE("{\"stars\":-1}"), REFUSAL_BAD_FIELD, "stars" },
        RATE("{\"stars\":4.5}"), REFUSAL_BAD_FIELD, "stars" },
        RATE("{\"stars\":\"5\"}"), REFUSAL_BAD_FIELD, "stars" },
        RATE("{\"stars\":true}"), REFUSAL_BAD_FIELD, "stars" },
        RATE("{\"stars\":99999999999999999999}"), REFUSAL_BAD_JSON, NULL },
        { COMMAND_TRANSFER, STR("{\"to_agent\":0}"), REFUSAL_BAD_FIELD, "to_agent" },
        { COMMAND_TRANSFER, STR("{\"to_skill\":\"a b\"}"), REFUSAL_BAD_FIELD, "to_skill" },
        { COMMAND_TRANSFER, STR("{\"to_skill\":\"<b>\"}"), REFUSAL_BAD_FIELD, "to_skill" },
        { COMMAND_MAKE_APPOINTMENT, STR("{\"way\":\"email\",\"address\":\"a@b.c\\r\\nBcc: x\"}"), REFUSAL_BAD_FIELD,
          "address" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct arena arena = { 0 };
        struct command command;
        struct body_refusal result = read_body(cases[i].kind, cases[i].json, &command, &arena);
        if (result.refusal != cases[i].refusal) fail_msg("case %zu: %s", i, refusal_table[result.refusal].code);
        if (cases[i].field) assert_string_equal(result.field, cases[i].field);
        else assert_null(result.field);
        arena_free(&arena);
    }
}

static void every_text_has_its_maximum(void **state)
{
    UNUSED(state);
    /* Each text field of each command: exactly the maximum passes, one byte more does not. */
    for (int kind = 0; kind < COMMAND_KINDS; kind++) {
        const struct command_row *row = &command_table[kind];
        for (size_t i = 0; i < row->field_count; i++) {
            const struct command_field *field = &row->fields[i];
            if (field->origin == COMMAND_NODE || field->type > COMMAND_FIELD_TAG) continue;
            for (size_t more = 0; more < 2; more++) {
                struct arena arena = { 0 };
                struct command command;
                struct buf json;
                buf_init(&json, 1 << 20);
                buf_add_format(&json, "{\"%s\":\"", field->name);
                for (size_t n = 0; n < field->max + more; n++) buf_add_char(&json, 'a');
                buf_add_str(&json, STR("\"}"));
                struct body_refusal result = read_body((enum command_kind)kind, buf_str(&json), &command, &arena);
                assert_int_equal(result.refusal == REFUSAL_TOO_LONG, more == 1);
                if (more) assert_string_equal(result.field, field->name);
                buf_free(&json);
                arena_free(&arena);
            }
        }
    }
}

static void json_is_an_object_with_a_maximum(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct command command;
    struct buf json;
    assert_int_equal(read_body(COMMAND_REQUEST_APPROVAL, STR("{\"action\":\"a\",\"parameters\":{ \"b\" : \"c\" }}"), &command, &arena).refusal, REFUSAL_NONE);
    assert_true(str_equal(command.request_approval.parameters, STR("{\"b\":\"c\"}")));
    assert_int_equal(read_body(COMMAND_REQUEST_APPROVAL, STR("{\"action\":\"a\",\"parameters\":\"{}\"}"), &command, &arena).refusal, REFUSAL_BAD_FIELD);
    buf_init(&json, 1 << 20);
    buf_add_str(&json, STR("{\"action\":\"a\",\"parameters\":{\"b\":\""));
    for (size_t n = 0; n < LIMIT_ACTION_RESULT; n++) buf_add_char(&json, 'a');
    buf_add_str(&json, STR("\"}}"));
    assert_int_equal(read_body(COMMAND_REQUEST_APPROVAL, buf_str(&json), &command, &arena).refusal, REFUSAL_TOO_LONG);
    buf_free(&json);
    arena_free(&arena);
}

static void nesting_has_a_maximum(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct command command;
    struct buf json;
    buf_init(&json, 1 << 20);
    buf_add_str(&json, STR("{\"text\":"));
    for (size_t i = 0; i < 30000; i++) buf_add_char(&json, '[');
    assert_int_equal(read_body(COMMAND_SAY, buf_str(&json), &command, &arena).refusal, REFUSAL_BAD_JSON);
    /* Brackets in a text are text. */
    assert_int_equal(read_body(COMMAND_SAY, STR("{\"text\":\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[\"}"), &command,
                               &arena).refusal, REFUSAL_NONE);
    buf_free(&json);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_body_fills_the_command),
        cmocka_unit_test(what_is_left_out_is_told_from_zero),
        cmocka_unit_test(everything_else_is_refused_by_name),
        cmocka_unit_test(every_text_has_its_maximum),
        cmocka_unit_test(json_is_an_object_with_a_maximum),
        cmocka_unit_test(nesting_has_a_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
