/* Bad input to the real server: each gives the documented error, none a crash, none another's data. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/server.h"
#include "../support/wire.h"
#include "base/limits.h"
#include "base/memory.h"

struct scene {
    struct checks checks;
    struct remote remote;
    struct visitor anna, bo;
    char agent[400], supervisor[400], administrator[400];
    uint64_t agent_id, supervisor_id, administrator_id;
    char messages[80];  /* path of Anna's conversation's messages */
};

/* Whose token a request carries. */
enum as { NOBODY, ANNA, BO, AGENT, SUPERVISOR, ADMINISTRATOR, GARBAGE };

struct attempt {
    const char *name, *method, *path, *body;
    enum as as;
    const char *key, *header;
    long status;
    const char *code; /* NULL: not looked at */
};

static const char *token_of(const struct scene *scene, enum as as)
{
    switch (as) {
    case NOBODY: return NULL;
    case ANNA: return scene->anna.token;
    case BO: return scene->bo.token;
    case AGENT: return scene->agent;
    case SUPERVISOR: return scene->supervisor;
    case ADMINISTRATOR: return scene->administrator;
    case GARBAGE: return "bm90IGEgdG9rZW4gb2YgdGhpcyBzZXJ2ZXI";
    }
    return NULL;
}

static void attempt(struct scene *scene, const struct attempt *a)
{
    struct call call = { .method = a->method, .path = a->path, .body = a->body, .token = token_of(scene, a->as),
        .key = a->key, .headers = { a->header } };
    struct response response = server_call(&scene->remote, &call);
    bool fits = response.status == a->status && (!a->code || !strcmp(response.code, a->code));
    check(&scene->checks, fits, "%s: %ld %s%s", a->name, a->status, a->code ? a->code : "", fits ? "" : " expected");
    if (!fits) printf("# seen: %ld %s %.*s\n", response.status, response.code, (int)(response.text.len < 300 ? response.text.len : 300),
                      response.text.len ? response.text.data : "");
    response_free(&response);
}

/* "M" stands for the messages of Anna's conversation. */
static void attempt_all(struct scene *scene, struct attempt *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(rows[i].path, "M")) rows[i].path = scene->messages;
        attempt(scene, &rows[i]);
    }
}

static void bodies(struct scene *scene)
{
    struct attempt rows[] = {
        { "malformed JSON", NULL, "M", "{\"text\":", ANNA, "b1", NULL, 400, "bad_json" },
        { "no object", NULL, "M", "[1,2]", ANNA, "b2", NULL, 400, "bad_json" },
        { "an empty body", "POST", "M", "", ANNA, "b3", NULL, 400, NULL },
        { "a number for a text", NULL, "M", "{\"text\":5}", ANNA, "b4", NULL, 400, "bad_field" },
        { "null for a text", NULL, "M", "{\"text\":null}", ANNA, "b5", NULL, 400, "bad_field" },
        { "an unknown field", NULL, "M", "{\"text\":\"a\",\"texts\":1}", ANNA, "b6", NULL, 400, "unknown_field" },
        { "a field of the server's", NULL, "M", "{\"text\":\"a\",\"wants_human\":\"words\"}", ANNA, "b7", NULL, 400, "unknown_field" },
        { "a missing field", NULL, "M", "{}", ANNA, "b8", NULL, 400, "missing_field" },
        { "an empty text", NULL, "M", "{\"text\":\"\"}", ANNA, "b9", NULL, 400, "empty" },
        { "bytes that are no UTF-8", NULL, "M", "{\"text\":\"\xff\xfe\"}", ANNA, "b10", NULL, 400, "bad_utf8" },
        { "half a surrogate pair", NULL, "M", "{\"text\":\"\\ud800\"}", ANNA, "b11", NULL, 400, NULL },
        { "the same field twice", NULL, "M", "{\"text\":\"a\",\"text\":\"b\"}", ANNA, "b12", NULL, 400, NULL },
        { "something behind the JSON", NULL, "M", "{\"text\":\"a\"} x", ANNA, "b13", NULL, 400, "bad_json" },
        { "another content type", NULL, "M", "text=a", ANNA, "b14", "Content-Type: text/plain", 415, "bad_content_type" },
        { "a form", NULL, "M", "text=a", ANNA, "b15", "Content-Type: application/x-www-form-urlencoded", 415, "bad_content_type" },
        { "a file", "POST", "F", "GIF89a", ANNA, NULL, "Content-Type: image/gif", 415, "files_not_taken" },
        { "stars as text", NULL, "R", "{\"stars\":\"5\"}", ANNA, "b16", NULL, 400, "bad_field" },
        { "six stars", NULL, "R", "{\"stars\":6}", ANNA, "b17", NULL, 400, "bad_field" },
        { "minus one star", NULL, "R", "{\"stars\":-1}", ANNA, "b18", NULL, 400, "bad_field" },
        { "half a star", NULL, "R", "{\"stars\":0.5}", ANNA, "b19", NULL, 400, "bad_field" },
        { "a mark of another kind", NULL, "K", "{\"mark\":\"eaten\",\"up_to\":1}", ANNA, "b20", NULL, 400, "bad_field" },
        { "a mark of nothing", NULL, "K", "{\"mark\":\"read\",\"up_to\":0}", ANNA, "b21", NULL, 400, "bad_field" },
        { "a mark beyond the end", NULL, "K", "{\"mark\":\"read\",\"up_to\":99999999}", ANNA, "b22", NULL, 400, "bad_field" },
        { "an unknown way of an appointment", NULL, "A", "{\"way\":\"pigeon\",\"address\":\"roof\"}", ANNA, "b23", NULL, 400, "bad_field" },
        { "an unknown language", NULL, "/v1/conversations", "{\"language\":\"tlh\"}", BO, "b24", NULL, 400, "unknown_skill" },
    };
    char paths[4][80];
    const char *const ends[] = { "files", "rating", "marks", "appointment" };
    for (size_t i = 0; i < 4; i++)
        snprintf(paths[i], sizeof paths[i], "/v1/conversations/%llu/%s", (unsigned long long)scene->anna.conversation, ends[i]);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        for (size_t j = 0; j < 4; j++)
            if (rows[i].path[1] == 0 && rows[i].path[0] == "FRKA"[j]) rows[i].path = paths[j];
    attempt_all(scene, rows, ARRAY_LEN(rows));
}

static void long_ones(struct scene *scene)
{
    struct buf body;
    buf_init(&body, 1 << 22);
    const struct { const char *name; size_t text; long status; const char *code; } rows[] = {
        { "a message of the greatest length", LIMIT_MESSAGE, 200, "" },
        { "a message one byte longer", LIMIT_MESSAGE + 1, 413, "too_long" },
        { "a body over the limit", LIMIT_BODY + 1, 413, "too_long" },
        { "a body of a megabyte", 1 << 20, 413, "too_long" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char key[20];
        buf_clear(&body);
        buf_add_str(&body, STR("{\"text\":\""));
        for (size_t j = 0; j < rows[i].text; j++) buf_add_char(&body, 'a');
        buf_add_str(&body, STR("\"}"));
        snprintf(key, sizeof key, "long%zu", i);
        attempt(scene, &(struct attempt){ rows[i].name, NULL, scene->messages, buf_cstr(&body), ANNA, key, NULL, rows[i].status,
                                          rows[i].code });
    }
    buf_clear(&body);
    buf_add_str(&body, STR("{\"text\":"));
    for (int i = 0; i < 20000; i++) buf_add_char(&body, '[');
    attempt(scene, &(struct attempt){ "JSON that nests 20,000 deep", NULL, scene->messages, buf_cstr(&body), ANNA, "deep", NULL, 400,
                                      "bad_json" });
    buf_free(&body);
}

/* A draft may be longer than other bodies; nobody but those who edit makes the server keep as much. */
static void long_drafts(struct scene *scene)
{
    struct buf body;
    buf_init(&body, 1 << 22);
    const struct { const char *name; size_t text; enum as as; long status; const char *code; } rows[] = {
        { "a draft of the greatest length", LIMIT_DRAFT, ADMINISTRATOR, 200, "" },
        { "a draft one byte longer", LIMIT_DRAFT + 1, ADMINISTRATOR, 413, "too_long" },
        { "a draft's body over the limit", LIMIT_LONG_BODY + 1, ADMINISTRATOR, 413, "too_long" },
        { "a supervisor's long draft", LIMIT_BODY + 1, SUPERVISOR, 413, "too_long" },
        { "a customer's long draft", LIMIT_BODY + 1, ANNA, 413, "too_long" },
        { "nobody's long draft", LIMIT_BODY + 1, NOBODY, 413, "too_long" },
    };
    static const char head[] = "---\\ntitle:\\n  en: Long\\n---\\n";
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        buf_clear(&body);
        buf_add_format(&body, "{\"kind\":\"article\",\"name\":\"long\",\"text\":\"%s", head);
        for (size_t j = sizeof head - 1 - 4; j < rows[i].text; j++) buf_add_char(&body, 'a'); /* four of its bytes are escapes */
        buf_add_str(&body, STR("\"}"));
        attempt(scene, &(struct attempt){ rows[i].name, NULL, "/v1/drafts/check", buf_cstr(&body), rows[i].as, NULL, NULL, rows[i].status,
                                          rows[i].code });
    }
    buf_free(&body);
}

static void sessions(struct scene *scene)
{
    char own[80], bos[80], foreign[80], history[100];
    snprintf(own, sizeof own, "/v1/conversations/%llu", (unsigned long long)scene->anna.conversation);
    snprintf(bos, sizeof bos, "/v1/conversations/%llu", (unsigned long long)scene->bo.conversation);
    snprintf(foreign, sizeof foreign, "/v1/conversations/%llu/messages", (unsigned long long)scene->bo.conversation);
    snprintf(history, sizeof history, "%s/events", bos);
    struct attempt rows[] = {
        { "no session", NULL, own, NULL, NOBODY, NULL, NULL, 401, "not_logged_in" },
        { "a made-up token", NULL, own, NULL, GARBAGE, NULL, NULL, 401, "not_logged_in" },
        { "a made-up operator's token", NULL, "/v1/board", NULL, NOBODY, NULL, "Authorization: Bearer op_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 401, "not_logged_in" },
        { "another's conversation", NULL, bos, NULL, ANNA, NULL, NULL, 404, "not_found" },
        { "another's history", NULL, history, NULL, ANNA, NULL, NULL, 404, "not_found" },
        { "a word in another's conversation", NULL, foreign, "{\"text\":\"a\"}", ANNA, "s1", NULL, 404, "not_found" },
        { "a conversation that is not there", NULL, "/v1/conversations/99999999", NULL, ANNA, NULL, NULL, 404, "not_found" },
        { "conversation 0", NULL, "/v1/conversations/0", NULL, ANNA, NULL, NULL, 404, "not_found" },
        { "a number over 64 bits", NULL, "/v1/conversations/99999999999999999999", NULL, ANNA, NULL, NULL, 404, "not_found" },
        { "a word for a number", NULL, "/v1/conversations/abc", NULL, ANNA, NULL, NULL, 404, "not_found" },
        { "a customer at the board", NULL, "/v1/board", NULL, ANNA, NULL, NULL, 403, "not_allowed" },
        { "an agent at the board", NULL, "/v1/board", NULL, AGENT, NULL, NULL, 403, "not_allowed" },
        { "an agent adds staff", NULL, "/v1/agents", "{\"login\":\"x\",\"name\":\"x\",\"password\":\"12345678\"}", AGENT, "s2", NULL, 403, "not_allowed" },
        { "a supervisor adds staff", NULL, "/v1/agents", "{\"login\":\"x\",\"name\":\"x\",\"password\":\"12345678\"}", SUPERVISOR, "s3", NULL, 403, "not_allowed" },
        { "a supervisor erases", NULL, "/v1/customers/1/erase", "{}", SUPERVISOR, "s4", NULL, 403, "not_allowed" },
        { "a supervisor's backup", NULL, "/v1/operator/backup", "{\"file\":\"/tmp/x\"}", SUPERVISOR, NULL, NULL, 403, "not_allowed" },
        { "an agent reads a conversation that is not theirs", NULL, own, NULL, AGENT, NULL, NULL, 404, "not_found" },
        { "a customer goes online", NULL, "/v1/presence", "{\"state\":\"online\"}", ANNA, "s5", NULL, 403, "not_allowed" },
        { "an agent opens a conversation", NULL, "/v1/conversations", "{}", AGENT, "s6", NULL, 403, "not_allowed" },
        { "a wrong password", NULL, "/v1/login", "{\"login\":\"agent\",\"password\":\"a wrong one\"}", NOBODY, NULL, NULL, 401, "bad_login" },
        { "an unknown login", NULL, "/v1/login", "{\"login\":\"nobody\",\"password\":\"a wrong one\"}", NOBODY, NULL, NULL, 401, "bad_login" },
        { "an identity without a signature", NULL, "/v1/session", "{\"identity\":\"C-1001\"}", NOBODY, NULL, NULL, 401, "bad_identity" },
        { "an identity with a wrong signature", NULL, "/v1/session", "{\"identity\":\"C-1001\",\"signature\":\"00\"}", NOBODY, NULL, NULL, 401, "bad_identity" },
        { "a login from a foreign page's cookie", NULL, "/v1/presence", "{\"state\":\"away\"}", AGENT, "s7", "Origin: https://evil.example", 403, "bad_origin" },
        { "an offer that is not there", NULL, "/v1/offers/4711/accept", "{}", AGENT, "s8", NULL, 404, "not_found" },
    };
    attempt_all(scene, rows, ARRAY_LEN(rows));
}

static void requests(struct scene *scene)
{
    struct attempt rows[] = {
        { "no key", NULL, "M", "{\"text\":\"a\"}", ANNA, NULL, NULL, 400, "bad_key" },
        { "a key of 129 characters", NULL, "M", "{\"text\":\"a\"}", ANNA,
          "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789xyz",
          NULL, 400, "bad_key" },
        { "a key with a blank", NULL, "M", "{\"text\":\"a\"}", ANNA, "a b", NULL, 400, "bad_key" },
        { "said under a key", NULL, "M", "{\"text\":\"once\"}", ANNA, "r1", NULL, 200, "" },
        { "the same again", NULL, "M", "{\"text\":\"once\"}", ANNA, "r1", NULL, 200, "" },
        { "the key for something else", NULL, "M", "{\"text\":\"twice\"}", ANNA, "r1", NULL, 409, "key_reused" },
        { "another method", "DELETE", "M", NULL, ANNA, NULL, NULL, 405, "method_not_allowed" },
        { "a method that nobody knows", "BREW", "M", NULL, ANNA, NULL, NULL, 405, NULL },
        { "a path that is not there", NULL, "/v1/nothing", NULL, ANNA, NULL, NULL, 404, "not_found" },
        { "out of the folder", NULL, "/../../../../etc/passwd", NULL, NOBODY, NULL, NULL, 404, NULL },
        { "out of the folder, encoded", NULL, "/%2e%2e/%2e%2e/etc/passwd", NULL, NOBODY, NULL, NULL, 404, NULL },
        { "an article with a path for a name", NULL, "/help/..%2fworkspace.yaml", NULL, NOBODY, NULL, NULL, 404, NULL },
        { "a word for a sequence number", NULL, "/v1/events?after=abc", NULL, ANNA, NULL, "Accept: application/json", 400, "bad_query" },
        { "an unknown query", NULL, "/v1/events?behind=1", NULL, ANNA, NULL, "Accept: application/json", 400, "bad_query" },
        { "a page of a million", NULL, "/v1/events?after=0&limit=1000000", NULL, ANNA, NULL, "Accept: application/json", 400, "bad_query" },
        { "a page of nothing", NULL, "/v1/events?after=0&limit=0", NULL, ANNA, NULL, "Accept: application/json", 400, "bad_query" },
        { "a sequence number beyond all", NULL, "/v1/events?after=18446744073709551615", NULL, ANNA, NULL, "Accept: application/json", 400, "bad_query" },
        { "a stream from beyond all", NULL, "/v1/events", NULL, ANNA, NULL, "Last-Event-ID: 9223372036854775807", 400, "bad_query" },
        { "a wait of a day", NULL, "/v1/events?after=0&wait=86400", NULL, ANNA, NULL, "Accept: application/json", 400, "bad_query" },
        { "events as a picture", NULL, "/v1/events", NULL, ANNA, NULL, "Accept: image/png", 406, "not_acceptable" },
    };
    attempt_all(scene, rows, ARRAY_LEN(rows));
}

static size_t page_of(struct scene *scene, const char *path, uint64_t *last)
{
    struct response page = server_call(&scene->remote, &(struct call){ .path = path, .token = scene->anna.token,
                                                                     .headers = { "Accept: application/json" } });
    size_t count = json_array_size(json_object_get(page.json, "events"));
    *last = (uint64_t)json_integer_value(json_object_get(page.json, "last"));
    check(&scene->checks, page.status == 200, "%s is answered", path);
    response_free(&page);
    return count;
}

/* Where a page begins at the very end, or behind it, or before the first. */
static void edges(struct scene *scene)
{
    char path[120];
    uint64_t last = 0, head = 0;
    snprintf(path, sizeof path, "/v1/conversations/%llu/events?before=1", (unsigned long long)scene->anna.conversation);
    check(&scene->checks, page_of(scene, path, &last) == 0, "nothing stands before the first event");
    page_of(scene, "/v1/events?after=0&limit=500", &head);
    check(&scene->checks, page_of(scene, "/v1/events?after=4000000000", &last) == 0 && last == head,
          "behind the end is the end: %llu, %llu", (unsigned long long)last, (unsigned long long)head);
    snprintf(path, sizeof path, "/v1/conversations/%llu/events?after=9223372036854775806", (unsigned long long)scene->anna.conversation);
    check(&scene->checks, page_of(scene, path, &last) == 0, "a history behind the end is empty");
}

static void revoked(struct scene *scene)
{
    struct visitor cleo;
    check(&scene->checks, visitor_come(&scene->remote, &cleo, "{}") && visitor_open(&scene->remote, &cleo), "a third customer comes");
    struct response end = server_call(&scene->remote, &(struct call){ .path = "/v1/session/end", .body = "{}", .token = cleo.token });
    check(&scene->checks, end.status == 200, "and ends all sessions");
    response_free(&end);
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu", (unsigned long long)cleo.conversation);
    struct response after = server_call(&scene->remote, &(struct call){ .path = path, .token = cleo.token });
    check(&scene->checks, after.status == 401 && !strcmp(after.code, "not_logged_in"), "an ended session is over");
    response_free(&after);
    struct response out = server_call(&scene->remote, &(struct call){ .path = "/v1/logout", .body = "{}", .token = scene->agent });
    response_free(&out);
    struct response me = server_call(&scene->remote, &(struct call){ .path = "/v1/me", .token = scene->agent });
    check(&scene->checks, me.status == 401, "a staff session that was logged out is over");
    response_free(&me);
}

/* --- what no proper client sends --- */

static bool healthy(const struct remote *remote)
{
    struct response response = server_call(remote, &(struct call){ .path = "/healthz" });
    bool fine = response.status == 200;
    response_free(&response);
    return fine;
}

static void raw(struct scene *scene)
{
    struct buf big;
    buf_init(&big, 1 << 22);
    buf_add_str(&big, STR("GET / HTTP/1.1\r\nHost: a\r\nX-Long: "));
    for (int i = 0; i < 200000; i++) buf_add_char(&big, 'a');
    buf_add_str(&big, STR("\r\n\r\n"));
    const struct { const char *name; struct str request; int least, most; } rows[] = {
        { "bytes that are no HTTP", STR("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), 0, 400 },
        { "a line of HTTP/3", STR("GET / HTTP/3\r\n\r\n"), 400, 505 },
        { "no Host", STR("GET /healthz HTTP/1.1\r\n\r\n"), 400, 400 },
        { "two lengths", STR("POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), 400, 400 },
        { "a length and chunks", STR("POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, 400 },
        { "a negative length", STR("POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n"), 400, 400 },
        { "a chunk of 2^64 bytes", STR("POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"), 400, 413 },
        { "a header with a line break in it", STR("GET /healthz HTTP/1.1\r\nHost: a\r\n Folded: b\r\n\r\n"), 400, 400 },
        { "a NUL in the path", STR("GET /heal\0thz HTTP/1.1\r\nHost: a\r\n\r\n"), 400, 404 },
        { "a header of 200 kB", buf_str(&big), 400, 431 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int status = wire_status(&scene->remote, rows[i].request, 3000);
        check(&scene->checks, status >= rows[i].least && status <= rows[i].most, "%s: %d", rows[i].name, status);
    }
    buf_free(&big);
    check(&scene->checks, healthy(&scene->remote), "the server is well after that");
}

static void slow_ones(struct scene *scene)
{
    int fds[100];
    const char *const piece = "GET /healthz HTTP/1.1\r\nHo";
    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        fds[i] = wire_open(&scene->remote, 0);
        if (i % 2 && fds[i] >= 0) wire_send(fds[i], piece, i % strlen(piece));
    }
    check(&scene->checks, healthy(&scene->remote), "a hundred clients that say nothing, or half a line, hold nobody up");
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        if (fds[i] >= 0) close(fds[i]);
}

/* A stream that is never read, while much is said: it is cut off, and the log still has everything. */
static void unread_stream(struct scene *scene)
{
    char request[700];
    int fd = wire_open(&scene->remote, 4096);
    snprintf(request, sizeof request, "GET /v1/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n",
             scene->bo.token);
    wire_send(fd, request, strlen(request));
    char *text = memory_new(LIMIT_MESSAGE + 1, 1);
    memset(text, 'x', LIMIT_MESSAGE - 10);
    size_t said = 0;
    for (int i = 0; i < 400; i++) {
        char key[32];
        snprintf(key, sizeof key, "flood-%d", i);
        said += visitor_say(&scene->remote, &scene->bo, text, key) == 200;
    }
    memory_free(text);
    struct buf got;
    buf_init(&got, 64 << 20);
    bool closed = wire_read(fd, &got, 60 << 20, 3000);
    check(&scene->checks, said == 400, "3 MB are said while a stream is not read (%zu of 400)", said);
    check(&scene->checks, closed && got.len < (3 << 20), "the stream that was not read is cut off after %zu bytes", got.len);
    close(fd);
    buf_free(&got);
    size_t found = 0;
    uint64_t after = 0;
    for (bool more = true; more;) {
        char path[120];
        snprintf(path, sizeof path, "/v1/events?after=%llu&limit=100", (unsigned long long)after);
        struct response page = server_call(&scene->remote, &(struct call){ .path = path, .token = scene->bo.token,
            .headers = { "Accept: application/json" } });
        json_t *events = json_object_get(page.json, "events"), *event;
        size_t i;
        json_array_foreach(events, i, event) {
            const char *author = json_string_value(json_object_get(event, "author"));
            found += author && !strcmp(author, "customer");
            after = (uint64_t)json_integer_value(json_object_get(event, "seq"));
        }
        more = json_is_true(json_object_get(page.json, "more"));
        response_free(&page);
    }
    check(&scene->checks, found == said, "and pages give all of it: %zu messages", found);
}

/* All of a long history, a page after the other from its end: the texts are long, so no page holds as many as asked for. */
static void paging_back(struct scene *scene)
{
    uint64_t before = INT64_MAX - 1, newest = 0;
    size_t found = 0, pages = 0;
    for (bool more = true; more && pages < 100; pages++) {
        char path[140];
        snprintf(path, sizeof path, "/v1/conversations/%llu/events?before=%llu&limit=250", (unsigned long long)scene->bo.conversation,
                 (unsigned long long)before);
        struct response page = server_call(&scene->remote, &(struct call){ .path = path, .token = scene->bo.token });
        json_t *events = json_object_get(page.json, "events"), *event;
        size_t i, count = json_array_size(events);
        json_array_foreach(events, i, event) {
            const char *author = json_string_value(json_object_get(event, "author"));
            uint64_t seq = (uint64_t)json_integer_value(json_object_get(event, "seq"));
            found += author && !strcmp(author, "customer");
            if (seq > newest) newest = seq;
            if (!i) before = seq;
        }
        more = count && json_is_true(json_object_get(page.json, "more"));
        if (!pages) check(&scene->checks, count > 0 && count < 250, "the last page has %zu events", count);
        response_free(&page);
    }
    check(&scene->checks, found == 400, "paging backwards finds everything (%zu of 400 in %zu pages)", found, pages);
}

/* --- with limits --- */

static void limits(struct checks *checks, const struct remote *remote)
{
    int fds[300], open = 0, turned_away = 0;
    for (size_t i = 0; i < ARRAY_LEN(fds); i++) fds[i] = wire_open(remote, 0);
    usleep(200000);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
        struct buf got;
        buf_init(&got, 4096);
        if (fds[i] < 0 || wire_read(fds[i], &got, 1000, 0) || got.len) turned_away++;
        else open++;
        buf_free(&got);
    }
    check(checks, open <= LIMIT_CONNECTIONS_PER_ADDRESS && turned_away >= 300 - LIMIT_CONNECTIONS_PER_ADDRESS,
          "of 300 connections from one address %d stay open", open);
    for (size_t i = 0; i < ARRAY_LEN(fds); i++)
        if (fds[i] >= 0) close(fds[i]);
    usleep(300000);
    check(checks, healthy(remote), "once they are closed the address is served again");

    size_t limited = 0;
    for (int i = 0; i < 40 && !limited; i++) {
        struct response response = server_call(remote, &(struct call){ .path = "/v1/login",
            .body = "{\"login\":\"nobody\",\"password\":\"guess 12\"}" });
        limited += response.status == 429 && !strcmp(response.code, "rate_limited");
        response_free(&response);
    }
    check(checks, limited, "guessing passwords is slowed down: 429 rate_limited");

    struct visitor visitor;
    size_t refused = 0, customers = 0, conversations = 0;
    must(visitor_come(remote, &visitor, "{}") && visitor_open(remote, &visitor));
    char own[80];
    snprintf(own, sizeof own, "/v1/conversations/%llu", (unsigned long long)visitor.conversation);
    for (int i = 0; i < 1000 && !refused; i++) {
        struct response response = server_call(remote, &(struct call){ .path = own, .token = visitor.token });
        refused += response.status == 429;
        response_free(&response);
    }
    check(checks, refused, "a session that asks without end is told to wait");
    usleep(5500000); /* the address may ask again */
    bool come = true, opened = true;
    for (int i = 0; i < 2000 && come; i++) {
        struct visitor another;
        come = visitor_come(remote, &another, "{}");
        customers += come;
        opened = come && opened && visitor_open(remote, &another);
        conversations += opened;
    }
    check(checks, !come && customers >= 20 && customers < 2000 && !opened && conversations >= 10 && conversations < customers,
          "nor can one address make customers and conversations without end (%zu and %zu)", customers, conversations);
    usleep(1500000);
    check(checks, visitor_say(remote, &visitor, "after the wait", "w1") == 200, "and is served after the wait");
}

static bool set_up(struct scene *scene)
{
    bool fine = visitor_come(&scene->remote, &scene->anna, "{}") && visitor_open(&scene->remote, &scene->anna) &&
        visitor_come(&scene->remote, &scene->bo, "{\"name\":\"Bo\"}") && visitor_open(&scene->remote, &scene->bo) &&
        staff_come(&scene->remote, "agent", "agent", scene->agent, &scene->agent_id) &&
        staff_come(&scene->remote, "boss", "supervisor", scene->supervisor, &scene->supervisor_id) &&
        staff_come(&scene->remote, "editor", "administrator", scene->administrator, &scene->administrator_id);
    snprintf(scene->messages, sizeof scene->messages, "/v1/conversations/%llu/messages", (unsigned long long)scene->anna.conversation);
    return check(&scene->checks, fine, "two customers, an agent and a supervisor come in");
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    static struct scene scene; /* its size does not belong on a stack */
    struct err err;
    struct arena arena = { 0 };
    struct own_server_options options = { .directory = "demo", .program = server_program(&arena, argv[0]) };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    signal(SIGPIPE, SIG_IGN);
    struct own_server *server = own_server_start(&err, &options);
    if (!check(&scene.checks, server != NULL, "the server starts%s%s", server ? "" : ": ", server ? "" : err.text))
        return checks_end(&scene.checks);
    scene.remote = *own_server_remote(server);
    if (set_up(&scene)) {
        bodies(&scene);
        long_ones(&scene);
        long_drafts(&scene);
        sessions(&scene);
        requests(&scene);
        edges(&scene);
        raw(&scene);
        slow_ones(&scene);
        unread_stream(&scene);
        paging_back(&scene);
        revoked(&scene);
    }
    bool stopped = own_server_stop(&err, server);
    check(&scene.checks, stopped, "it stops in good order, with nothing leaked%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    static const char *const few[] = { "--rate-limit", "20", NULL }; /* fewer than even a slow machine asks */
    options.limited = true;
    options.arguments = few;
    server = own_server_start(&err, &options);
    if (check(&scene.checks, server != NULL, "the server starts with limits")) {
        limits(&scene.checks, own_server_remote(server));
        stopped = own_server_stop(&err, server);
        check(&scene.checks, stopped, "and stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    curl_global_cleanup();
    arena_free(&arena);
    return checks_end(&scene.checks);
}
