/* What a JSON schema lets through and what it refuses, with the place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "workspace/schema.h"

static const char order[] =
    "{\"type\":\"object\",\"required\":[\"id\",\"lines\"],\"additionalProperties\":false,\"properties\":{"
    "\"id\":{\"type\":\"string\",\"pattern\":\"^W-[0-9]+$\",\"maxLength\":8},"
    "\"state\":{\"enum\":[\"open\",\"paid\",3]},"
    "\"count\":{\"type\":\"integer\"},\"note\":{\"type\":[\"string\",\"null\"],\"minLength\":2},"
    "\"lines\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":2,\"items\":{\"type\":\"object\","
    "\"required\":[\"amount\"],\"properties\":{\"amount\":{\"type\":\"number\",\"minimum\":0,\"maximum\":500.5}}}}}}";

#define TEN9(s) s s s s s s s s s
#define TEN(s) TEN9(s) s

static const struct { const char *value, *fault; } rows[] = {
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":500.5}]}", NULL },
    { "{\"id\":\"W-1\",\"state\":3,\"note\":null,\"lines\":[{\"amount\":0},{\"amount\":1,\"more\":true}]}", NULL },
    { "{\"id\":\"W-1\",\"note\":\"\u00e5\u00e4\",\"lines\":[{\"amount\":1}]}", NULL },
    { "{\"id\":\"W-1\",\"count\":2.0,\"lines\":[]}", "lines: too few items" },
    { "{\"id\":\"W-1\",\"count\":1e300,\"lines\":[{\"amount\":1}]}", NULL },
    { "{\"id\":\"W-1\",\"count\":2.5,\"lines\":[{\"amount\":1}]}", "count: not of type integer" },
    { "[]", "not of type object" },
    { "{\"id\":\"W-1\"}", "'lines' is missing" },
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":1}],\"x\":1}", "'x' is not expected" },
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":1}],\"a" TEN("åäåä") "\":1}", "'a" TEN9("åäåä") "åäå' is not expected" },
    { "{\"id\":\"X-1\",\"lines\":[{\"amount\":1}]}", "id: not as the pattern says" },
    { "{\"id\":\"W-1234567\",\"lines\":[{\"amount\":1}]}", "id: too long" },
    { "{\"id\":5,\"lines\":[{\"amount\":1}]}", "id: not of type string" },
    { "{\"id\":\"W-1\",\"state\":\"gone\",\"lines\":[{\"amount\":1}]}", "state: none of the allowed values" },
    { "{\"id\":\"W-1\",\"note\":\"\u00e5\",\"lines\":[{\"amount\":1}]}", "note: too short" },
    { "{\"id\":\"W-1\",\"note\":1,\"lines\":[{\"amount\":1}]}", "note: not of type that is allowed" },
    { "{\"id\":\"W-1\",\"lines\":[]}", "lines: too few items" },
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":1},{\"amount\":1},{\"amount\":1}]}", "lines: too many items" },
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":1},{}]}", "lines[1]: 'amount' is missing" },
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":-1}]}", "lines[0].amount: less than 0" },
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":501}]}", "lines[0].amount: more than 500.5" },
    { "{\"id\":\"W-1\",\"lines\":[{\"amount\":\"1\"}]}", "lines[0].amount: not of type number" },
};

static void every_misfit_is_named_with_its_place(void **state)
{
    UNUSED(state);
    json_t *schema = json_loads(order, 0, NULL);
    assert_non_null(schema);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = { "" };
        json_t *value = json_loads(rows[i].value, 0, NULL);
        bool fits = schema_check(&err, schema, value);
        if (fits != !rows[i].fault || (rows[i].fault && strcmp(err.text, rows[i].fault))) fail_msg("%s: '%s'", rows[i].value, err.text);
        json_decref(value);
    }
    json_decref(schema);
}

/* A whole number may be written with a point, and may be larger than any integer of the machine. */
static void whole_is_what_has_no_fraction(void **state)
{
    static const struct { const char *value; bool whole; } numbers[] = {
        { "[3]", true }, { "[3.0]", true }, { "[3.5]", false }, { "[1e300]", true }, { "[-1e300]", true },
    };
    UNUSED(state);
    json_t *schema = json_loads("{\"items\":{\"type\":\"integer\"}}", 0, NULL);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        struct err err;
        json_t *value = json_loads(numbers[i].value, 0, NULL);
        if (schema_check(&err, schema, value) != numbers[i].whole) fail_msg("%s", numbers[i].value);
        json_decref(value);
    }
    json_decref(schema);
}

static void depth_is_bounded(void **state)
{
    char schema_text[4000] = "", value_text[4000] = "";
    struct err err;
    UNUSED(state);
    for (int i = 0; i < 40; i++) strcat(schema_text, "{\"items\":"), strcat(value_text, "[");
    strcat(schema_text, "{}");
    for (int i = 0; i < 40; i++) strcat(schema_text, "}"), strcat(value_text, "]");
    json_t *schema = json_loads(schema_text, 0, NULL), *value = json_loads(value_text, 0, NULL);
    assert_true(schema && value);
    assert_false(schema_check(&err, schema, value));
    assert_non_null(strstr(err.text, "nested too deep"));
    json_decref(schema);
    json_decref(value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_misfit_is_named_with_its_place), cmocka_unit_test(whole_is_what_has_no_fraction), cmocka_unit_test(depth_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
