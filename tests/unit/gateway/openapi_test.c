#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "gateway/chunk.h"
#include "gateway/files.h"
#include "gateway/gateway.h"
#include "gateway/route.h"

static json_t *description(void)
{
    struct buf text;
    buf_init(&text, 4 << 20);
    gateway_openapi(&text);
    assert_false(text.full);
    json_error_t error;
    json_t *json = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, &error);
    if (!json) fail_msg("%s at %d", error.text, error.position);
    buf_free(&text);
    return json;
}

static void it_is_json_and_has_every_route(void **state)
{
    UNUSED(state);
    json_t *json = description(), *paths = json_object_get(json, "paths");
    assert_string_equal(json_string_value(json_object_get(json, "openapi")), "3.1.0");
    size_t operations = 0;
    const char *name;
    json_t *item;
    json_object_foreach(paths, name, item) operations += json_object_size(item);
    assert_int_equal(operations, route_count);
    for (size_t i = 0; i < route_count; i++) {
        json_t *path = json_object_get(paths, route_table[i].path);
        assert_non_null(json_object_get(path, route_table[i].method == HTTP_GET ? "get" : "post"));
    }
    json_decref(json);
}

/* Every $ref points at something that is there. */
static void check_references(json_t *root, json_t *at)
{
    const char *key;
    json_t *value;
    size_t index;
    if (json_is_array(at)) json_array_foreach(at, index, value) check_references(root, value);
    json_object_foreach(at, key, value) {
        if (strcmp(key, "$ref") != 0) {
            check_references(root, value);
            continue;
        }
        struct str path = str_of(json_string_value(value)), piece;
        json_t *found = root;
        str_split(&path, '/', &piece);
        while (str_split(&path, '/', &piece)) found = json_object_getn(found, piece.data, piece.len);
        if (!found) fail_msg("%s is not there", json_string_value(value));
    }
}

static void its_references_lead_somewhere(void **state)
{
    UNUSED(state);
    json_t *json = description();
    check_references(json, json);
    json_decref(json);
}

static void operations_have_names_of_their_own(void **state)
{
    UNUSED(state);
    json_t *json = description(), *names = json_object(), *item, *operation;
    const char *path, *method;
    json_object_foreach(json_object_get(json, "paths"), path, item)
        json_object_foreach(item, method, operation) {
            const char *name = json_string_value(json_object_get(operation, "operationId"));
            if (json_object_get(names, name)) fail_msg("%s twice", name);
            json_object_set_new(names, name, json_true());
        }
    json_decref(names);
    json_decref(json);
}

static void the_document_has_every_route_error_and_event(void **state)
{
    UNUSED(state);
    struct buf text;
    buf_init(&text, 4 << 20);
    gateway_docs(&text);
    assert_false(text.full);
    for (size_t i = 0; i < route_count; i++) assert_true(str_find(buf_str(&text), str_of(route_table[i].path), 0) >= 0);
    for (int i = 1; i < REFUSAL_COUNT; i++)
        assert_true(str_find(buf_str(&text), str_of(refusal_table[i].code), 0) >= 0);
    for (int i = 0; i < EVENT_KINDS; i++) assert_true(str_find(buf_str(&text), str_of(event_table[i].name), 0) >= 0);
    buf_free(&text);
}

static void an_event_becomes_three_lines_for_the_stream(void **state)
{
    UNUSED(state);
    struct event event = { .seq = 12, .at_ms = 5, .kind = EVENT_MESSAGE_SENT, .conversation = 3, .customer = 4 };
    event.message_sent.author = STR("customer");
    event.message_sent.topic = STR("refund");
    event.message_sent.text = STR("one\ntwo\r\n\nid: 99");
    struct chunk *chunk = chunk_of_event(&event, VIEWER_CUSTOMER);
    struct str text = chunk_str(chunk);
    assert_true(str_starts(text, STR("id: 12\nevent: message.sent\ndata: {")));
    assert_true(str_ends(text, STR("}\n\n")));
    size_t lines = 0;
    for (size_t i = 0; i < text.len; i++) lines += text.data[i] == '\n';
    assert_int_equal(lines, 4); /* line feeds of the text stay inside the JSON */
    assert_true(str_find(text, STR("refund"), 0) < 0); /* the topic is for staff */
    chunk_drop(chunk);
    chunk = chunk_of_event(&event, VIEWER_SUPERVISOR);
    assert_true(str_find(chunk_str(chunk), STR("refund"), 0) > 0);
    chunk_drop(chunk_hold(chunk));
    chunk_drop(chunk);
}

static void files_have_types_and_only_hashed_ones_are_kept(void **state)
{
    UNUSED(state);
    assert_string_equal(files_type(STR("/agent/main.js")), "text/javascript; charset=utf-8");
    assert_string_equal(files_type(STR("/style/icon.svg")), "image/svg+xml");
    assert_string_equal(files_type(STR("/LICENSE")), "application/octet-stream");
    assert_true(files_is_hashed(STR("/lib/app.0123abcd.js")));
    assert_false(files_is_hashed(STR("/lib/app.js")));
    assert_false(files_is_hashed(STR("/lib/app.min.js")));
    assert_false(files_is_hashed(STR("/0123abcd")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_json_and_has_every_route),
        cmocka_unit_test(its_references_lead_somewhere),
        cmocka_unit_test(operations_have_names_of_their_own),
        cmocka_unit_test(the_document_has_every_route_error_and_event),
        cmocka_unit_test(an_event_becomes_three_lines_for_the_stream),
        cmocka_unit_test(files_have_types_and_only_hashed_ones_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
