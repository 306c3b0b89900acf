#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "gateway/http.h"

/* Reads `text` as a whole request head: the status it is refused with, or 0; -1 when more must come. */
static int status_of(struct str text, struct http_head *head)
{
    size_t scanned = 0;
    switch (http_scan(text, &scanned)) {
    case HTTP_MORE: return -1;
    case HTTP_BAD: return 400;
    case HTTP_HEAD_ENDS: break;
    }
    return http_parse(str_slice(text, 0, scanned), head);
}

static void a_usual_request_is_read(void **state)
{
    UNUSED(state);
    struct http_head head;
    assert_int_equal(0, status_of(STR("GET /v1/events?after=3&x=%20 HTTP/1.1\r\nHost: beckon.example:8080\r\n"
                                      "ACCEPT: \t text/event-stream \r\n\r\n"), &head));
    assert_int_equal(head.method, HTTP_GET);
    assert_true(str_equal(head.path, STR("/v1/events")));
    assert_true(str_equal(head.query, STR("after=3&x=%20")));
    assert_true(str_equal(head.host, STR("beckon.example:8080")));
    assert_true(str_equal(http_header(&head, STR("accept")), STR("text/event-stream")));
    assert_true(head.keep_alive && !head.chunked && !head.content_length && !head.http10);
}

static void a_head_may_come_byte_by_byte(void **state)
{
    UNUSED(state);
    struct str text = STR("\r\nPOST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    size_t scanned = 0, end = text.len - 5;
    for (size_t len = 1; len < end; len++)
        assert_int_equal(http_scan(str_slice(text, 0, len), &scanned), HTTP_MORE);
    assert_int_equal(http_scan(text, &scanned), HTTP_HEAD_ENDS);
    assert_int_equal(scanned, end);
    struct http_head head;
    assert_int_equal(http_parse(str_slice(text, 0, scanned), &head), 0);
    assert_int_equal(head.content_length, 5);
}

#define GET(rest) STR("GET / HTTP/1.1\r\nHost: x\r\n" rest "\r\n")
#define POST(rest) STR("POST / HTTP/1.1\r\nHost: x\r\n" rest "\r\n")

static void what_two_readers_could_read_differently_is_refused(void **state)
{
    UNUSED(state);
    const struct { struct str text; int status; } cases[] = {
        { STR("GET / HTTP/1.1\r\n\r\n"), 400 },                              /* no host */
        { GET("Host: y\r\n"), 400 },
        { STR("GET / HTTP/1.1\r\nHost: a b\r\n\r\n"), 400 },
        { STR("GET / HTTP/1.1\nHost: x\n\n"), 400 },                         /* bare line feeds */
        { STR("GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n"), 400 },             /* a bare carriage return */
        { STR("GET / HTTP/1.1\r\nHost : x\r\n\r\n"), 400 },                  /* a space before the colon */
        { GET(" folded\r\n"), 400 },
        { GET("\tfolded\r\n"), 400 },
        { GET(": nameless\r\n"), 400 },
        { GET("no colon\r\n"), 400 },
        { GET("A: b\0c\r\n"), 400 },
        { GET("A: b\x7f\r\n"), 400 },
        { POST("Content-Length: +1_0\r\n"), 400 },
        { POST("Content-Length: 0x10\r\n"), 400 },
        { POST("Content-Length: \r\n"), 400 },
        { POST("Content-Length: -1\r\n"), 400 },
        { POST("Content-Length: 2, 2\r\n"), 400 },
        { POST("Content-Length: 99999999999999999999999\r\n"), 400 },
        { POST("Content-Length: 2\r\nContent-Length: 2\r\n"), 400 },
        { POST("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n"), 400 },
        { POST("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400 },
        { POST("Transfer-Encoding: ,chunked\r\n"), 501 },
        { POST("Transfer-Encoding: \xa0" "chunked\r\n"), 501 },
        { POST("Transfer-Encoding: gzip, chunked\r\n"), 501 },
        { STR("POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"), 400 },
        { GET("Expect: cake\r\n"), 417 },
        { STR("GET / HTTP/2.0\r\nHost: x\r\n\r\n"), 505 },
        { STR("GET / HTTP/1.2\r\nHost: x\r\n\r\n"), 400 },
        { STR("GET /\r\nHost: x\r\n\r\n"), 400 },
        { STR("GET  / HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
        { STR("GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
        { STR("GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
        { STR("GET /\xc3\xa5 HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
        { STR("GET example.com HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
        { STR("GET * HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
        { STR("G(T / HTTP/1.1\r\nHost: x\r\n\r\n"), 400 },
        { STR("\x16\x03\x01\x02\x00"), 400 },                                /* TLS where HTTP is spoken */
        { STR("\r\n\r\n\r\n\r\n"), 400 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_head head;
        int status = status_of(cases[i].text, &head);
        if (status != cases[i].status) fail_msg("case %zu gave %d: %.*s", i, status, STR_ARG(cases[i].text));
    }
}

static void every_part_has_its_maximum(void **state)
{
    UNUSED(state);
    struct http_head head;
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_str(&text, STR("GET /"));
    for (size_t i = 0; i < LIMIT_URL; i++) buf_add_char(&text, 'a');
    buf_add_str(&text, STR(" HTTP/1.1\r\nHost: x\r\n\r\n"));
    assert_int_equal(status_of(buf_str(&text), &head), 414);
    buf_clear(&text);
    buf_add_str(&text, STR("GET / HTTP/1.1\r\nHost: x\r\n"));
    for (size_t i = 0; i < LIMIT_HEADERS; i++) buf_add_format(&text, "A%zu: b\r\n", i);
    buf_add_str(&text, STR("\r\n"));
    assert_int_equal(status_of(buf_str(&text), &head), 431);
    buf_free(&text);
}

static void the_connection_stays_as_the_version_and_the_client_say(void **state)
{
    UNUSED(state);
    const struct { struct str text; bool stays; } cases[] = {
        { GET(""), true },
        { GET("Connection: close\r\n"), false },
        { GET("Connection: Upgrade, Close\r\n"), false },
        { GET("Connection: keep-alive\r\nConnection: close\r\n"), false },
        { STR("GET / HTTP/1.0\r\n\r\n"), false },
        { STR("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"), true },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct http_head head;
        assert_int_equal(status_of(cases[i].text, &head), 0);
        assert_int_equal(head.keep_alive, cases[i].stays);
    }
}

/* Gives the body in pieces of `step` bytes. */
static enum http_body read_chunks(struct str text, size_t step, struct buf *body, size_t *left)
{
    struct http_chunks chunks = { 0 };
    enum http_body result = HTTP_BODY_MORE;
    size_t at = 0;
    while (result == HTTP_BODY_MORE && at < text.len) {
        struct str piece = str_slice(text, at, at + step);
        size_t len = piece.len;
        result = http_chunks_take(&chunks, &piece, body);
        at += len - piece.len;
    }
    *left = text.len - at;
    return result;
}

static void chunks_become_one_body(void **state)
{
    UNUSED(state);
    struct str text = STR("5;name=\"v\"\r\nhello\r\n00A\r\n, my world\r\n0\r\n\r\nGET");
    for (size_t step = 1; step < 12; step++) {
        struct buf body;
        size_t left;
        buf_init(&body, 100);
        assert_int_equal(read_chunks(text, step, &body, &left), HTTP_BODY_ENDS);
        assert_true(str_equal(buf_str(&body), STR("hello, my world")));
        assert_int_equal(left, 3); /* what follows belongs to the next request */
        buf_free(&body);
    }
}

static void crooked_chunks_are_refused(void **state)
{
    UNUSED(state);
    const struct { struct str text; enum http_body result; } cases[] = {
        { STR("0_2e\r\n"), HTTP_BODY_BAD },
        { STR("-0x0\r\n"), HTTP_BODY_BAD },
        { STR("\r\n"), HTTP_BODY_BAD },
        { STR(" 2\r\n"), HTTP_BODY_BAD },
        { STR("2 \r\n"), HTTP_BODY_BAD },
        { STR("2\n{}\n"), HTTP_BODY_BAD },
        { STR("2\r\n{}x\r\n"), HTTP_BODY_BAD },
        { STR("2\r\n{}\n"), HTTP_BODY_BAD },
        { STR("2;\x01\r\n"), HTTP_BODY_BAD },
        { STR("0\r\nTrailer: x\r\n\r\n"), HTTP_BODY_BAD },
        { STR("0\r\nx"), HTTP_BODY_BAD },
        { STR("FFFFFFFFF\r\n"), HTTP_BODY_TOO_LONG },
        { STR("20\r\n12345678901234567890123456789012\r\n"), HTTP_BODY_TOO_LONG },
        { STR("2\r\n{"), HTTP_BODY_MORE },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct buf body;
        size_t left;
        buf_init(&body, 16);
        enum http_body result = read_chunks(cases[i].text, 3, &body, &left);
        if (result != cases[i].result) fail_msg("case %zu gave %d", i, result);
        buf_free(&body);
    }
}

static void accept_is_understood(void **state)
{
    UNUSED(state);
    struct str stream = STR("text/event-stream"), json = STR("application/json");
    assert_true(http_accepts(STR(""), stream, false));
    assert_false(http_accepts(STR(""), stream, true));
    assert_true(http_accepts(STR("*/*"), stream, false));
    assert_false(http_accepts(STR("*/*"), stream, true));
    assert_true(http_accepts(STR("text/html, text/*;q=0.5"), stream, false));
    assert_true(http_accepts(STR("Application/JSON; q=0.9, text/html"), json, true));
    assert_false(http_accepts(STR("application/json;q=0, text/html"), json, false));
    assert_false(http_accepts(STR("image/png"), json, false));
    assert_true(http_accepts(STR("br, gzip;q=1.0"), STR("gzip"), true));
    assert_false(http_accepts(STR("br, gzip;q=0.000"), STR("gzip"), true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_usual_request_is_read),
        cmocka_unit_test(a_head_may_come_byte_by_byte),
        cmocka_unit_test(what_two_readers_could_read_differently_is_refused),
        cmocka_unit_test(every_part_has_its_maximum),
        cmocka_unit_test(the_connection_stays_as_the_version_and_the_client_say),
        cmocka_unit_test(chunks_become_one_body),
        cmocka_unit_test(crooked_chunks_are_refused),
        cmocka_unit_test(accept_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
