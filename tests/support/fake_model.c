#include "fake_model.h"

#include <arpa/inet.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"

#define REQUESTS_MAX 4096
#define CONNECTIONS_MAX 4096
#define REQUEST_BYTES 262144

struct fake_model {
    int listener;
    char url[64];
    pthread_t thread;
    pthread_mutex_t lock;
    atomic_bool ending;
    atomic_size_t running, connections;
    struct fake_scene scenes[FAKE_SCENES];
    size_t scene_count, next;
    fake_scene_fn *make;
    void *context;
    struct arena arena;
    struct str requests[REQUESTS_MAX];
    size_t first, count; /* of the present play, of all */
};

struct talk {
    struct fake_model *fake;
    int fd;
};

static void nap(int ms)
{
    struct timespec time = { ms / 1000, ms % 1000 * 1000000L };
    nanosleep(&time, NULL);
}

/* Head and body of one request; false when the client is gone. */
static bool read_request(int fd, struct buf *request, size_t *body)
{
    char bytes[4096];
    size_t want = 0;
    buf_clear(request);
    while (!want || request->len < want) {
        ssize_t got = recv(fd, bytes, sizeof bytes, 0);
        if (got <= 0)
            return false;
        buf_add(request, bytes, (size_t)got);
        ptrdiff_t head = str_find(buf_str(request), STR("\r\n\r\n"), 0);
        if (head < 0 || want)
            continue;
        ptrdiff_t at = str_find(buf_str(request), STR("Content-Length: "), 0);
        *body = (size_t)head + 4;
        want = *body + (at < 0 || at > head ? 0 : (size_t)atol(buf_cstr(request) + at + 16));
    }
    return true;
}

static bool send_all(int fd, struct str bytes)
{
    while (bytes.len) {
        ssize_t sent = send(fd, bytes.data, bytes.len, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        bytes = str_slice(bytes, (size_t)sent, bytes.len);
    }
    return true;
}

static bool send_piece(int fd, const struct fake_scene *scene, struct str bytes)
{
    char size[32];
    if (!scene->keeps)
        return send_all(fd, bytes);
    int len = snprintf(size, sizeof size, "%zx\r\n", bytes.len);
    return send_all(fd, str_make(size, (size_t)len)) && send_all(fd, bytes) && send_all(fd, STR("\r\n"));
}

static bool send_body(struct talk *talk, const struct fake_scene *scene)
{
    struct str body = str_of(scene->body);
    size_t piece = scene->piece ? scene->piece : body.len;
    bool good = true;
    for (size_t at = 0; good && at < body.len && !atomic_load(&talk->fake->ending); at += piece) {
        good = send_piece(talk->fd, scene, str_slice(body, at, at + piece));
        if (scene->between_ms)
            nap(scene->between_ms);
    }
    for (size_t i = 0; good && scene->ending == FAKE_GOES_ON && !atomic_load(&talk->fake->ending) && (!scene->again_times || i < scene->again_times); i++) {
        good = send_piece(talk->fd, scene, str_of(scene->again));
        if (scene->between_ms)
            nap(scene->between_ms);
    }
    char byte;
    while (good && scene->ending == FAKE_HANGS && !atomic_load(&talk->fake->ending) && recv(talk->fd, &byte, 1, MSG_DONTWAIT) != 0)
        nap(10);
    return good && (!scene->keeps || send_all(talk->fd, STR("0\r\n\r\n")));
}

static bool answer(struct talk *talk, const struct fake_scene *scene)
{
    char head[1024];
    bool stream = scene->body && scene->body[0] != '{' && scene->body[0] != '<';
    if (scene->wait_ms)
        nap(scene->wait_ms);
    int len = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Type: %s\r\n%s%s\r\n", scene->status ? scene->status : 200,
                       stream ? "text/event-stream" : "application/json", scene->headers ? scene->headers : "",
                       scene->keeps ? "Transfer-Encoding: chunked\r\n" : "Connection: close\r\n");
    bool good = send_all(talk->fd, str_make(head, (size_t)len)) && send_body(talk, scene);
    if (scene->ending == FAKE_BREAKS) {
        struct linger linger = { 1, 0 };
        setsockopt(talk->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    }
    return good && scene->keeps;
}

static void *serve(void *context)
{
    struct talk *talk = context;
    struct fake_model *fake = talk->fake;
    struct buf request;
    size_t body;
    buf_init(&request, REQUEST_BYTES);
    bool more = true;
    while (more && !atomic_load(&fake->ending) && read_request(talk->fd, &request, &body)) {
        pthread_mutex_lock(&fake->lock);
        must(fake->count < REQUESTS_MAX);
        fake->requests[fake->count++] = arena_copy(&fake->arena, buf_str(&request));
        struct fake_scene scene = { .status = 503 };
        if (fake->make)
            fake->make(fake->context, str_slice(buf_str(&request), body, request.len), &fake->arena, &scene);
        else if (fake->scene_count)
            scene = fake->scenes[fake->next < fake->scene_count ? fake->next++ : fake->scene_count - 1];
        pthread_mutex_unlock(&fake->lock);
        more = answer(talk, &scene);
    }
    close(talk->fd);
    buf_free(&request);
    memory_free(talk);
    atomic_fetch_sub(&fake->running, 1);
    return NULL;
}

static void *listen_on(void *context)
{
    struct fake_model *fake = context;
    for (;;) {
        int fd = accept(fake->listener, NULL, NULL);
        if (atomic_load(&fake->ending)) {
            if (fd >= 0)
                close(fd);
            return NULL;
        }
        if (fd < 0)
            continue;
        struct timeval patience = { 0, 200000 };
        struct talk *talk = MEMORY_NEW(struct talk);
        pthread_t thread;
        *talk = (struct talk){ fake, fd };
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        atomic_fetch_add(&fake->running, 1);
        atomic_fetch_add(&fake->connections, 1);
        must(pthread_create(&thread, NULL, serve, talk) == 0);
        pthread_detach(thread);
    }
}

struct fake_model *fake_model_start(void)
{
    struct fake_model *fake = MEMORY_NEW(struct fake_model);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(fake->listener >= 0 && bind(fake->listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(fake->listener, 64) == 0);
    must(getsockname(fake->listener, (struct sockaddr *)&address, &len) == 0);
    snprintf(fake->url, sizeof fake->url, "http://127.0.0.1:%d/v1", ntohs(address.sin_port));
    must(pthread_mutex_init(&fake->lock, NULL) == 0);
    must(pthread_create(&fake->thread, NULL, listen_on, fake) == 0);
    return fake;
}

void fake_model_end(struct fake_model *fake)
{
    atomic_store(&fake->ending, true);
    shutdown(fake->listener, SHUT_RDWR);
    pthread_join(fake->thread, NULL);
    close(fake->listener);
    while (atomic_load(&fake->running))
        nap(5);
    pthread_mutex_destroy(&fake->lock);
    arena_free(&fake->arena);
    memory_free(fake);
}

const char *fake_model_url(const struct fake_model *fake)
{
    return fake->url;
}

void fake_model_play(struct fake_model *fake, const struct fake_scene *scenes, size_t count)
{
    must(count <= FAKE_SCENES);
    pthread_mutex_lock(&fake->lock);
    memcpy(fake->scenes, scenes, count * sizeof *scenes);
    fake->scene_count = count;
    fake->next = 0;
    fake->make = NULL;
    fake->first = fake->count;
    pthread_mutex_unlock(&fake->lock);
}

void fake_model_improvise(struct fake_model *fake, fake_scene_fn *make, void *context)
{
    pthread_mutex_lock(&fake->lock);
    fake->make = make;
    fake->context = context;
    fake->first = fake->count;
    pthread_mutex_unlock(&fake->lock);
}

size_t fake_model_asked(struct fake_model *fake)
{
    pthread_mutex_lock(&fake->lock);
    size_t asked = fake->count - fake->first;
    pthread_mutex_unlock(&fake->lock);
    return asked;
}

struct str fake_model_request(struct fake_model *fake, size_t number, struct arena *arena)
{
    pthread_mutex_lock(&fake->lock);
    must(fake->first + number < fake->count);
    struct str request = arena_copy(arena, fake->requests[fake->first + number]);
    pthread_mutex_unlock(&fake->lock);
    return request;
}

bool fake_model_heard(struct fake_model *fake, struct str bytes)
{
    bool heard = false;
    pthread_mutex_lock(&fake->lock);
    for (size_t i = 0; i < fake->count && !heard; i++)
        heard = str_find(fake->requests[i], bytes, 0) >= 0;
    pthread_mutex_unlock(&fake->lock);
    return heard;
}

size_t fake_model_connections(struct fake_model *fake)
{
    return atomic_load(&fake->connections);
}

/* --- bodies ------------------------------------------------------------------------------------- */

const char *fake_says(struct arena *arena, const char *text)
{
    struct buf out;
    struct str rest = str_of(text);
    buf_init(&out, 64 * rest.len + 4096);
    buf_add_str(&out, STR(": PROCESSING\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n"));
    for (size_t at = 0; at < rest.len;) {
        size_t to = at + 5;
        while (to < rest.len && ((unsigned char)rest.data[to] & 0xc0) == 0x80)
            to++;
        buf_add_str(&out, STR("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":"));
        buf_add_json_str(&out, str_slice(rest, at, to));
        buf_add_str(&out, STR("}}]}\n\n"));
        at = to;
    }
    buf_add_str(&out, STR("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                          "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20}}\n\ndata: [DONE]\n\n"));
    const char *body = arena_cstr(arena, buf_str(&out));
    buf_free(&out);
    return body;
}

const char *fake_calls(struct arena *arena, const char *name, const char *arguments_json)
{
    struct buf out;
    buf_init(&out, 4096 + 8 * strlen(arguments_json));
    buf_add_str(&out, STR("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":"));
    buf_add_json_str(&out, str_of(name));
    buf_add_str(&out, STR(",\"arguments\":"));
    buf_add_json_str(&out, str_of(arguments_json));
    buf_add_str(&out, STR("}}]},\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":200,\"completion_tokens\":10}}\n\ndata: [DONE]\n\n"));
    const char *body = arena_cstr(arena, buf_str(&out));
    buf_free(&out);
    return body;
}

const char *fake_whole(struct arena *arena, const char *text)
{
    struct buf out;
    buf_init(&out, 4096 + 8 * strlen(text));
    buf_add_str(&out, STR("{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"));
    buf_add_json_str(&out, str_of(text));
    buf_add_str(&out, STR("},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":50,\"completion_tokens\":5}}"));
    const char *body = arena_cstr(arena, buf_str(&out));
    buf_free(&out);
    return body;
}
