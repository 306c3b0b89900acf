/* What somebody hostile does to the real server's network: requests that two programs would read in two
 * ways, slow clients of every kind, floods, foreign pages, a session that is over; and that everybody
 * else is served meanwhile. The payloads are those of http-garden's trophies and h1spec's cases. */
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/server.h"
#include "../support/wire.h"
#include "base/limits.h"
#include "base/memory.h"

#define SLOW 20            /* clients of each slow kind */
#define READERS 300        /* that ask for a long page and read nothing */
#define LONG_TEXTS 70      /* of 8,000 bytes: a page of half a megabyte */

struct scene {
    struct checks checks;
    struct arena arena;
    struct own_server *server;
    struct remote remote;
    struct visitor anna;
    const char *boss;      /* a supervisor's token */
    uint64_t boss_id;
    int slow_heads[SLOW], slow_bodies[SLOW];
    int64_t began_ms;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool healthy(const struct remote *remote)
{
    struct response response = server_call(remote, &(struct call){ .path = "/healthz" });
    bool fine = response.status == 200;
    response_free(&response);
    return fine;
}

/* --- requests that must not be read in two ways --- */

#define POST "POST /v1/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define GET "GET /healthz HTTP/1.1\r\nHost: a\r\n"

/* The statuses of all answers on one connection, such as "200 400", and " closed" if it was ended. */
struct payload {
    const char *name;
    struct str bytes;
    const char *answers;
};

static const struct payload payloads[] = {
    { "Content-Length: +1_0", STR(POST "Content-Length: +1_0\r\n\r\n{}"), "400 closed" },
    { "Content-Length: 0x10", STR(POST "Content-Length: 0x10\r\n\r\n{}"), "400 closed" },
    { "Content-Length: 02 is two", STR(POST "Content-Length: 02\r\n\r\n{}" GET "\r\n"), "200 200" },
    { "an empty Content-Length", STR(POST "Content-Length:\r\n\r\n"), "400 closed" },
    { "a negative Content-Length", STR(POST "Content-Length: -1\r\n\r\n"), "400 closed" },
    { "a Content-Length of 2^64", STR(POST "Content-Length: 18446744073709551616\r\n\r\n"), "400 closed" },
    { "a list in Content-Length", STR(POST "Content-Length: 2, 2\r\n\r\n{}"), "400 closed" },
    { "two equal Content-Lengths", STR(POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}"), "400 closed" },
    { "Content-Length and Transfer-Encoding", STR(POST "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "two Transfer-Encodings", STR(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "400 closed" },
    { "Transfer-Encoding: ,chunked", STR(POST "Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"), "501 closed" },
    { "Transfer-Encoding with 0xA0", STR(POST "Transfer-Encoding: \xa0" "chunked\r\n\r\n0\r\n\r\n"), "501 closed" },
    { "Transfer-Encoding: chunked, identity", STR(POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"), "501 closed" },
    { "Transfer-Encoding over HTTP/1.0", STR("POST /v1/session HTTP/1.0\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "chunks as they should be", STR(CHUNKED "1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n" GET "\r\n"), "200 200" },
    { "a chunk of 0_2e", STR(CHUNKED "0_2e\r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "a chunk of -0x0", STR(CHUNKED "-0x0\r\n\r\n"), "400 closed" },
    { "a chunk of 0x2", STR(CHUNKED "0x2\r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "a chunk with a blank behind", STR(CHUNKED "2 \r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "a chunk without a size", STR(CHUNKED "\r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "a chunk that is longer than it says", STR(CHUNKED "2\r\n{}xx0\r\n\r\n"), "400 closed" },
    { "a bare LF in a chunk's extension", STR(CHUNKED "2;a\nb\r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "a bare CR in a chunk's extension", STR(CHUNKED "2;a\rb\r\n{}\r\n0\r\n\r\n"), "400 closed" },
    { "chunks that end with LF", STR(CHUNKED "2\n{}\n0\n\n"), "400 closed" },
    { "a chunk whose size overflows", STR(CHUNKED "10000000000000002\r\n{}\r\n0\r\n\r\n"), "413 closed" },
    { "a trailer", STR(CHUNKED "2\r\n{}\r\n0\r\nContent-Length: 9\r\n\r\n"), "400 closed" },
    { "an extra byte behind the last chunk", STR(CHUNKED "2\r\n{}\r\n0\r\n\r\nX" GET "\r\n"), "200 405" },
    { "a bare LF as line end", STR("GET /healthz HTTP/1.1\nHost: a\n\n"), "400 closed" },
    { "one bare LF", STR("GET /healthz HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"), "400 closed" },
    { "a bare CR in a value", STR(GET "X: a\rb\r\n\r\n"), "400 closed" },
    { "a NUL in a value", STR(GET "X: a\0b\r\n\r\n"), "400 closed" },
    { "a NUL in a name", STR(GET "X\0: a\r\n\r\n"), "400 closed" },
    { "a control character", STR(GET "X: \x01\r\n\r\n"), "400 closed" },
    { "a space before the colon", STR("GET /healthz HTTP/1.1\r\nHost : a\r\n\r\n"), "400 closed" },
    { "a folded value", STR(GET "X: a\r\n b\r\n\r\n"), "400 closed" },
    { "a folded name", STR("GET /healthz HTTP/1.1\r\n Host: a\r\n\r\n"), "400 closed" },
    { "a header without a name", STR(GET ": b\r\n\r\n"), "400 closed" },
    { "a header without a colon", STR(GET "Xyz\r\n\r\n"), "400 closed" },
    { "two Hosts", STR(GET "Host: a\r\n\r\n"), "400 closed" },
    { "a Host with a path", STR("GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n"), "400 closed" },
    { "HTTP/1.2", STR("GET /healthz HTTP/1.2\r\nHost: a\r\n\r\n"), "400 closed" },
    { "HTTP/2", STR("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "400 closed" },
    { "http in small letters", STR("GET /healthz http/1.1\r\nHost: a\r\n\r\n"), "400 closed" },
    { "two spaces in the request line", STR("GET  /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), "400 closed" },
    { "tabs in the request line", STR("GET\t/healthz\tHTTP/1.1\r\nHost: a\r\n\r\n"), "400 closed" },
    { "a method with @", STR("G@T /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), "400 closed" },
    { "TRACE", STR("TRACE /healthz HTTP/1.1\r\nHost: a\r\n\r\n"), "405" },
    { "CONNECT", STR("CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"), "400 closed" },
    { "a fragment", STR("GET /healthz#a HTTP/1.1\r\nHost: a\r\n\r\n"), "400 closed" },
    { "an 8-bit path", STR("GET /healthz\xff HTTP/1.1\r\nHost: a\r\n\r\n"), "400 closed" },
    { "a pipelined invalid request", STR(GET "\r\nGET /x HTTP/1.1\r\nHost : a\r\n\r\n"), "200 400 closed" },
    { "two requests, one behind the other", STR(GET "\r\n" GET "Connection: close\r\n\r\n"), "200 200 closed" },
    { "a GET with a body", STR(GET "Content-Length: 3\r\n\r\nabc" GET "\r\n"), "200 200" },
    { "an unknown expectation", STR(POST "Content-Length: 2\r\nExpect: tea\r\n\r\n{}"), "417 closed" },
    { "a packed body", STR(POST "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}" GET "\r\n"), "415 200" },
    { "an upgrade to something else", STR(GET "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n"), "200" },
    { "a query that pollutes prototypes", STR("GET /v1/workspace?__proto__[x]=1 HTTP/1.1\r\nHost: a\r\n\r\n"), "400" },
};

/* Sends and reads until nothing more comes. What every answer must carry is looked for as well. */
static void exchange(const struct remote *remote, struct str bytes, char answers[64], bool *guarded)
{
    static const char *const marks[] = { "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
        "frame-ancestors 'none'", "Cache-Control: no-store" };
    struct buf got;
    int fd = wire_open(remote, 0);
    buf_init(&got, 1 << 20);
    wire_send(fd, bytes.data, bytes.len);
    bool closed = wire_read(fd, &got, 1 << 19, 250);
    close(fd);
    size_t len = 0, count = 0, found[ARRAY_LEN(marks)] = { 0 };
    answers[0] = 0;
    for (ptrdiff_t at = 0; (at = str_find(buf_str(&got), STR("HTTP/1.1 "), (size_t)at)) >= 0 && len < 50; at += 9, count++)
        len += (size_t)snprintf(answers + len, 64 - len, "%s%.3s", count ? " " : "", got.data + at + 9);
    if (closed) snprintf(answers + len, 64 - len, "%sclosed", count ? " " : "");
    *guarded = true;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        for (ptrdiff_t at = 0; (at = str_find(buf_str(&got), str_of(marks[i]), (size_t)at)) >= 0; at++) found[i]++;
        *guarded = *guarded && found[i] == count;
    }
    buf_free(&got);
}

static void smuggling(struct scene *scene)
{
    for (size_t i = 0; i < ARRAY_LEN(payloads); i++) {
        char answers[64];
        bool guarded;
        exchange(&scene->remote, payloads[i].bytes, answers, &guarded);
        check(&scene->checks, !strcmp(answers, payloads[i].answers), "%s: %s", payloads[i].name, payloads[i].answers);
        if (strcmp(answers, payloads[i].answers) != 0) printf("# seen: %s\n", answers);
        if (!guarded) check(&scene->checks, false, "%s: every answer has its security headers", payloads[i].name);
    }
    check(&scene->checks, healthy(&scene->remote), "the server is well after that");
}

/* --- slow clients --- */

static void slow_ones_begin(struct scene *scene)
{
    static const char head[] = "GET /healthz HTTP/1.1\r\nHo", body[] = POST "Content-Length: 5000\r\n\r\n{";
    scene->began_ms = now_ms();
    for (int i = 0; i < SLOW; i++) {
        scene->slow_heads[i] = wire_open(&scene->remote, 0);
        scene->slow_bodies[i] = wire_open(&scene->remote, 0);
        wire_send(scene->slow_heads[i], head, sizeof head - 1);
        wire_send(scene->slow_bodies[i], body, sizeof body - 1);
    }
}

/* A byte now and then keeps nobody's place. */
static void drip(const int *fds)
{
    for (int i = 0; i < SLOW; i++) wire_send(fds[i], "x", 1);
}

static int ended(int fds[SLOW], int status)
{
    int count = 0;
    for (int i = 0; i < SLOW; i++) {
        struct buf got;
        buf_init(&got, 1 << 16);
        bool closed = wire_read(fds[i], &got, 1 << 15, 100);
        count += closed && (!got.len || atoi(buf_cstr(&got) + 9) == status);
        buf_free(&got);
        close(fds[i]);
    }
    return count;
}

static void slow_ones_end(struct scene *scene)
{
    while (now_ms() < scene->began_ms + 12500) {
        drip(scene->slow_heads);
        drip(scene->slow_bodies);
        usleep(400000);
    }
    check(&scene->checks, ended(scene->slow_heads, 408) == SLOW, "heads that come byte by byte are given up after 10 s, with 408");
    while (now_ms() < scene->began_ms + 23000) {
        drip(scene->slow_bodies);
        usleep(400000);
    }
    check(&scene->checks, ended(scene->slow_bodies, 408) == SLOW, "and bodies after 20 s");
    check(&scene->checks, healthy(&scene->remote), "others were served all the while");
}

static uint64_t metric(const struct remote *remote, const char *name)
{
    struct response response = server_call(remote, &(struct call){ .path = "/metrics" });
    char line[100];
    snprintf(line, sizeof line, "\n%s ", name);
    ptrdiff_t at = str_find(buf_str(&response.text), str_of(line), 0);
    uint64_t value = at >= 0 ? strtoull(buf_cstr(&response.text) + at + strlen(line), NULL, 10) : UINT64_MAX;
    response_free(&response);
    return value;
}

/* Three hundred ask for half a megabyte each and read nothing of it. */
static void readers(struct scene *scene)
{
    int fds[READERS];
    char request[700], key[32];
    char *text = memory_new(LIMIT_MESSAGE + 1, 1);
    memset(text, 'y', LIMIT_MESSAGE - 20);
    int said = 0;
    for (int i = 0; i < LONG_TEXTS; i++) {
        snprintf(key, sizeof key, "long-%d", i);
        said += visitor_say(&scene->remote, &scene->anna, text, key) == 200;
    }
    memory_free(text);
    int len = snprintf(request, sizeof request, "GET /v1/conversations/%llu/events?limit=500 HTTP/1.1\r\nHost: a\r\n"
                       "Authorization: Bearer %s\r\n\r\n", (unsigned long long)scene->anna.conversation, scene->anna.token);
    uint64_t most = 0;
    for (int i = 0; i < READERS; i++) {
        fds[i] = wire_open(&scene->remote, 4096);
        wire_send(fds[i], request, (size_t)len);
    }
    bool cut_off = false;
    for (int i = 0; i < 200 && !cut_off; i++) {
        cut_off = metric(&scene->remote, "beckon_clients_cut_off_total") > 0;
        uint64_t waiting = metric(&scene->remote, "beckon_output_waiting_bytes");
        if (waiting > most) most = waiting;
        usleep(50000);
    }
    check(&scene->checks, said == LONG_TEXTS && most > LIMIT_OUTPUT / 4 && most <= LIMIT_OUTPUT + (1 << 20),
          "what waits for %d clients who read nothing is bounded: %.1f MB", READERS, (double)most / 1048576);
    check(&scene->checks, cut_off, "the slowest are cut off");
    struct response page = server_call(&scene->remote, &(struct call){ .token = scene->anna.token,
        .path = arena_format(&scene->arena, "/v1/conversations/%llu/events?limit=500", (unsigned long long)scene->anna.conversation).data });
    check(&scene->checks, page.status == 200 && page.text.len > (1 << 18), "whoever reads gets the page (%zu bytes)", page.text.len);
    response_free(&page);
    for (int i = 0; i < READERS; i++) close(fds[i]);
}

/* --- foreign pages --- */

struct forgery {
    const char *name, *method, *path, *body, *headers[3];
    long status;
};

static void forgeries(struct scene *scene)
{
    const char *cookie = arena_format(&scene->arena, "Cookie: beckon_session=%s", scene->boss).data;
    const char *own = arena_format(&scene->arena, "Origin: %s", scene->remote.url).data;
    const struct forgery rows[] = {
        { "a form of another site", "POST", "/v1/presence", "{\"state\":\"away\"}", { "Content-Type: text/plain", "Origin: http://evil.example" }, 403 },
        { "JSON of another site", "POST", "/v1/presence", "{\"state\":\"away\"}", { "Content-Type: application/json", "Origin: http://evil.example" }, 403 },
        { "a page without an origin of its own", "POST", "/v1/presence", "{\"state\":\"away\"}", { "Content-Type: application/json", "Origin: null" }, 403 },
        { "another site that hides its origin", "POST", "/v1/presence", "{\"state\":\"away\"}", { "Content-Type: application/json", "Sec-Fetch-Site: cross-site" }, 403 },
        { "text/plain from the own page", "POST", "/v1/presence", "{\"state\":\"away\"}", { "Content-Type: text/plain", own }, 415 },
        { "nothing at all, as a form would", "POST", "/v1/heartbeat", "", { "Content-Type: application/x-www-form-urlencoded", own }, 415 },
        { "two origins", "POST", "/v1/presence", "{\"state\":\"away\"}", { "Content-Type: application/json", arena_format(&scene->arena, "%s, http://evil.example", own).data }, 403 },
        { "logged in by another site", "POST", "/v1/login", "{\"login\":\"boss\",\"password\":\"a long password\"}", { "Content-Type: application/json", "Origin: http://evil.example" }, 403 },
        { "another site's subscription", "GET", "/v1/events", NULL, { "Accept: text/event-stream", "Origin: http://evil.example" }, 403 },
        { "another site's question", "GET", "/v1/board", NULL, { "Origin: http://evil.example" }, 403 },
        { "a change by GET", "GET", "/v1/logout", NULL, { NULL }, 405 },
        { "the own page", "POST", "/v1/presence", "{\"state\":\"away\"}", { "Content-Type: application/json", own }, 200 },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct forgery *row = &rows[i];
        struct response response = server_call(&scene->remote, &(struct call){ .method = row->method, .path = row->path,
            .body = row->body, .key = arena_format(&scene->arena, "f-%zu", i).data,
            .headers = { row->headers[0], row->headers[1] ? row->headers[1] : cookie, row->headers[1] ? cookie : NULL } });
        if (!row->headers[0]) {
            response_free(&response);
            response = server_call(&scene->remote, &(struct call){ .method = row->method, .path = row->path, .headers = { cookie } });
        }
        check(&scene->checks, response.status == row->status, "%s: %ld", row->name, row->status);
        if (response.status != row->status) printf("# seen: %ld %s\n", response.status, response.code);
        response_free(&response);
    }
}

static void through_a_proxy(struct scene *scene)
{
    static const char *const traces[] = { "X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1", "Via: 1.1 proxy", "X-Real-IP: 192.0.2.1" };
    struct response here = server_call(&scene->remote, &(struct call){ .path = "/metrics" });
    check(&scene->checks, here.status == 200, "figures are for this machine");
    response_free(&here);
    for (size_t i = 0; i < ARRAY_LEN(traces); i++) {
        struct response response = server_call(&scene->remote, &(struct call){ .path = "/metrics", .headers = { traces[i] } });
        check(&scene->checks, response.status == 403, "not for those who come by a proxy on it (%s)", traces[i]);
        response_free(&response);
    }
}

/* --- sessions that are over --- */

static int listen_to(struct scene *scene, const char *token)
{
    char request[700];
    struct buf got;
    int fd = wire_open(&scene->remote, 0);
    int len = snprintf(request, sizeof request, "GET /v1/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n"
                       "Authorization: Bearer %s\r\n\r\n", token);
    wire_send(fd, request, (size_t)len);
    buf_init(&got, 1 << 20);
    for (int i = 0; i < 20 && str_find(buf_str(&got), STR("event: hello"), 0) < 0; i++) wire_read(fd, &got, got.len + 1, 250);
    buf_free(&got);
    return fd;
}

/* What comes on the stream within a second; *closed: and that it was ended. */
static bool hears(int fd, const char *part, bool *closed)
{
    struct buf got;
    buf_init(&got, 1 << 20);
    *closed = wire_read(fd, &got, 1 << 19, 1000);
    bool found = str_find(buf_str(&got), str_of(part), 0) >= 0;
    buf_free(&got);
    return found;
}

static long operator_posts(struct scene *scene, const char *path, const char *body, const char *key)
{
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .body = body, .token = scene->remote.token, .key = key });
    long status = response.status;
    response_free(&response);
    return status;
}

static void revoked(struct scene *scene)
{
    char token[400], path[80];
    uint64_t id;
    bool closed;
    static const char *const ways[] = { "sessions/end", "password", "remove" };
    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        snprintf(path, sizeof path, "gone%zu", i);
        check(&scene->checks, staff_come(&scene->remote, path, "agent", token, &id), "an agent logs in and listens");
        int fd = listen_to(scene, token);
        snprintf(path, sizeof path, "/v1/agents/%llu/%s", (unsigned long long)id, ways[i]);
        check(&scene->checks, operator_posts(scene, path, i == 1 ? "{\"password\":\"another password\"}" : "{}", ways[i]) == 200 &&
              hears(fd, "event: bye", &closed) && closed, "%s: the stream says bye and ends within a second", ways[i]);
        close(fd);
    }
    struct visitor cleo;
    check(&scene->checks, visitor_come(&scene->remote, &cleo, "{}"), "a customer comes");
    int fd = listen_to(scene, cleo.token);
    struct response response = server_call(&scene->remote, &(struct call){ .path = "/v1/session/end", .body = "{}", .token = cleo.token });
    check(&scene->checks, response.status == 200 && hears(fd, "event: bye", &closed) && closed, "and ends all sessions: the same");
    response_free(&response);
    close(fd);
}

/* A supervisor who is one no more hears no more of what is not hers, on the stream that is open. */
static void demoted(struct scene *scene)
{
    bool closed;
    char path[80];
    int fd = listen_to(scene, scene->boss);
    check(&scene->checks, visitor_say(&scene->remote, &scene->anna, "heard-by-the-boss", "d1") == 200 &&
          hears(fd, "heard-by-the-boss", &closed), "a supervisor hears every conversation");
    snprintf(path, sizeof path, "/v1/agents/%llu/change", (unsigned long long)scene->boss_id);
    check(&scene->checks, operator_posts(scene, path, "{\"role\":\"agent\"}", "demote") == 200 &&
          visitor_say(&scene->remote, &scene->anna, "not-for-her-ears", "d2") == 200 &&
          !hears(fd, "not-for-her-ears", &closed), "made an agent, she hears no more of them on the stream that is open");
    close(fd);
    check(&scene->checks, operator_posts(scene, path, "{\"role\":\"supervisor\"}", "promote") == 200, "she is a supervisor again");
}

/* --- the end under load --- */

struct talker {
    pthread_t thread;
    struct remote remote;
    struct visitor visitor;
    uint64_t acknowledged;
    int number;
};

static void *talk(void *context)
{
    struct talker *talker = context;
    char key[40];
    for (;; talker->acknowledged++) {
        snprintf(key, sizeof key, "t%d-%llu", talker->number, (unsigned long long)talker->acknowledged);
        if (visitor_say(&talker->remote, &talker->visitor, "on and on", key) != 200) return NULL;
    }
}

static uint64_t said_by(const struct remote *remote, const struct visitor *visitor)
{
    uint64_t count = 0, after = 0;
    for (size_t rows = 1; rows;) {
        char path[120];
        json_t *events, *event;
        size_t i;
        snprintf(path, sizeof path, "/v1/conversations/%llu/events?after=%llu&limit=500",
                 (unsigned long long)visitor->conversation, (unsigned long long)after);
        struct response page = server_call(remote, &(struct call){ .path = path, .token = visitor->token });
        events = json_object_get(page.json, "events");
        rows = json_array_size(events);
        json_array_foreach(events, i, event) {
            const char *author = json_string_value(json_object_get(event, "author"));
            count += author && !strcmp(author, "customer");
            after = (uint64_t)json_integer_value(json_object_get(event, "seq"));
        }
        response_free(&page);
    }
    return count;
}

/* SIGTERM while sixteen talk and one listens: what was acknowledged is there, and nothing but what was
 * under way besides. */
static void stopped_under_load(struct scene *scene)
{
    enum { TALKERS = 16 };
    static struct talker talkers[TALKERS];
    struct err err;
    bool come = true, closed;
    uint64_t acknowledged = 0, missing = 0, extra = 0;
    for (int i = 0; i < TALKERS; i++) {
        talkers[i] = (struct talker){ .remote = scene->remote, .number = i };
        come = come && visitor_come(&scene->remote, &talkers[i].visitor, "{}") && visitor_open(&scene->remote, &talkers[i].visitor);
    }
    int fd = listen_to(scene, talkers[0].visitor.token);
    for (int i = 0; come && i < TALKERS; i++) must(pthread_create(&talkers[i].thread, NULL, talk, &talkers[i]) == 0);
    usleep(700000);
    bool ended = own_server_end(&err, scene->server);
    check(&scene->checks, come && ended, "it stops in good order under load%s%s", ended ? "" : ": ", ended ? "" : err.text);
    check(&scene->checks, hears(fd, ": the server stops", &closed) && closed, "streams are told and closed");
    close(fd);
    for (int i = 0; come && i < TALKERS; i++) pthread_join(talkers[i].thread, NULL);
    bool started = own_server_launch(&err, scene->server);
    check(&scene->checks, started, "and starts again%s%s", started ? "" : ": ", started ? "" : err.text);
    scene->remote = *own_server_remote(scene->server);
    for (int i = 0; i < TALKERS; i++) {
        uint64_t stored = said_by(&scene->remote, &talkers[i].visitor);
        acknowledged += talkers[i].acknowledged;
        if (stored < talkers[i].acknowledged) missing += talkers[i].acknowledged - stored;
        if (stored > talkers[i].acknowledged + 1) extra += stored - talkers[i].acknowledged - 1;
    }
    check(&scene->checks, acknowledged > TALKERS && !missing && !extra, "all %llu that was acknowledged is there, once",
          (unsigned long long)acknowledged);
}

/* --- with the usual limits: a flood from one address --- */

static void flood(struct scene *scene, const char *program)
{
    enum { FLOOD = 3000 };
    static int fds[FLOOD];
    struct err err;
    int refused = 0;
    struct own_server *server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .limited = true,
        .program = program });
    if (!check(&scene->checks, server != NULL, "a server with the usual limits starts")) return;
    struct remote remote = *own_server_remote(server);
    for (int i = 0; i < FLOOD; i++) {
        /* Those that were turned away are closed by the server: their place is used again. */
        fds[i] = wire_open(&remote, 0);
        if (i >= 600 && fds[i] >= 0) close(fds[i]), fds[i] = -1;
    }
    for (int i = 0; i < 600; i++) {
        struct buf got;
        buf_init(&got, 4096);
        bool closed = wire_read(fds[i], &got, 4000, 20);
        refused += closed && str_find(buf_str(&got), STR("too_many_connections"), 0) > 0 &&
            str_find(buf_str(&got), STR("nosniff"), 0) > 0;
        buf_free(&got);
    }
    check(&scene->checks, refused >= 600 - LIMIT_CONNECTIONS_PER_ADDRESS, "of %d connections from one address all but %d are told "
          "429 (%d of the first 600)", FLOOD, LIMIT_CONNECTIONS_PER_ADDRESS, refused);
    int status = shell(NULL, "curl -s -m 5 --interface 127.0.0.9 -o /dev/null -f %s/v1/workspace", remote.url);
    check(&scene->checks, status == 0, "from another address everybody is served meanwhile (%d)", status);
    for (int i = 0; i < 600; i++)
        if (fds[i] >= 0) close(fds[i]);
    bool stopped = own_server_stop(&err, server);
    check(&scene->checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    struct err err;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    signal(SIGPIPE, SIG_IGN);
    scene.server = own_server_start(&err, &(struct own_server_options){ .directory = "demo",
        .program = server_program(&scene.arena, argv[0]) });
    if (check(&scene.checks, scene.server != NULL, "the server starts%s%s", scene.server ? "" : ": ", scene.server ? "" : err.text)) {
        char token[400];
        scene.remote = *own_server_remote(scene.server);
        slow_ones_begin(&scene);
        check(&scene.checks, visitor_come(&scene.remote, &scene.anna, "{}") && visitor_open(&scene.remote, &scene.anna) &&
              staff_come(&scene.remote, "boss", "supervisor", token, &scene.boss_id), "a customer and a supervisor come");
        scene.boss = arena_cstr(&scene.arena, str_of(token));
        smuggling(&scene);
        forgeries(&scene);
        through_a_proxy(&scene);
        revoked(&scene);
        demoted(&scene);
        readers(&scene);
        slow_ones_end(&scene);
        stopped_under_load(&scene);
        flood(&scene, server_program(&scene.arena, argv[0]));
        bool stopped = own_server_stop(&err, scene.server);
        check(&scene.checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
