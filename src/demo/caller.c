#include "demo/caller.h"

#include <curl/curl.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/memory.h"

#define ANSWER_MAX (1024 * 1024)
#define TIMEOUT_MS 20000L

struct call {
    CURL *easy;
    struct curl_slist *headers;
    struct arena arena;
    struct buf body;
    caller_done_fn *done;
    void *context;
    struct call *next, **back; /* in the caller's list of what is under way */
};

struct caller {
    CURLM *multi;
    struct arena arena;
    struct str base_url;
    struct call *calls;
};

struct caller *caller_new(const char *base_url)
{
    struct caller *caller = MEMORY_NEW(struct caller);
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    must(caller->multi = curl_multi_init());
    caller->base_url = arena_copy(&caller->arena, str_of(base_url));
    return caller;
}

static void call_free(struct caller *caller, struct call *call)
{
    *call->back = call->next;
    if (call->next) call->next->back = call->back;
    curl_multi_remove_handle(caller->multi, call->easy);
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    buf_free(&call->body);
    arena_free(&call->arena);
    memory_free(call);
}

void caller_free(struct caller *caller)
{
    while (caller->calls) call_free(caller, caller->calls);
    curl_multi_cleanup(caller->multi);
    arena_free(&caller->arena);
    memory_free(caller);
    curl_global_cleanup();
}

static size_t on_data(char *data, size_t size, size_t count, void *context)
{
    struct call *call = context;
    buf_add(&call->body, data, size * count);
    return call->body.full ? 0 : size * count;
}

static void add_header(struct call *call, const char *name, const char *value)
{
    call->headers = curl_slist_append(call->headers, arena_format(&call->arena, "%s: %s", name, value).data);
    must(call->headers);
}

void caller_send(struct caller *caller, const struct caller_request *request, caller_done_fn *done, void *context)
{
    struct call *call = MEMORY_NEW(struct call);
    struct str url = arena_format(&call->arena, "%.*s%s", STR_ARG(caller->base_url), request->path);
    call->done = done;
    call->context = context;
    call->next = caller->calls;
    call->back = &caller->calls;
    if (call->next) call->next->back = &call->next;
    caller->calls = call;
    buf_init(&call->body, ANSWER_MAX);
    must(call->easy = curl_easy_init());
    add_header(call, "Accept", "application/json");
    if (*request->token) add_header(call, "Authorization", arena_format(&call->arena, "Bearer %s", request->token).data);
    if (*request->key) add_header(call, "Idempotency-Key", request->key);
    curl_easy_setopt(call->easy, CURLOPT_URL, url.data);
    curl_easy_setopt(call->easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, on_data);
    curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
    curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(call->easy, CURLOPT_NOPROXY, "*");
    /* The server's own address: a demo's certificate is signed by nobody. */
    bool loopback = str_starts(url, STR("https://127.0.0.1")) || str_starts(url, STR("https://localhost"));
    if (loopback) {
        curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYPEER, 0L);
        curl_easy_setopt(call->easy, CURLOPT_SSL_VERIFYHOST, 0L);
    }
    if (strcmp(request->method, "GET")) {
        add_header(call, "Content-Type", "application/json");
        curl_easy_setopt(call->easy, CURLOPT_CUSTOMREQUEST, request->method);
        curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE, (long)request->body.len);
        curl_easy_setopt(call->easy, CURLOPT_COPYPOSTFIELDS, request->body.len ? request->body.data : "");
    }
    curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, call->headers);
    must(curl_multi_add_handle(caller->multi, call->easy) == CURLM_OK);
}

static void finish(struct caller *caller, struct call *call, CURLcode result)
{
    struct caller_answer answer = { 0 };
    long status = 0;
    curl_off_t retry_s = 0;
    if (result == CURLE_OK) {
        curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
        curl_easy_getinfo(call->easy, CURLINFO_RETRY_AFTER, &retry_s);
        answer.json = call->body.len ? json_loadb(call->body.data, call->body.len, 0, NULL) : NULL;
    }
    answer.status = (int)status;
    answer.retry_ms = (int64_t)retry_s * 1000;
    call->done(call->context, &answer);
    json_decref(answer.json);
    call_free(caller, call);
}

void caller_turn(struct caller *caller, int wait_ms)
{
    int running, left;
    CURLMsg *message;
    curl_multi_perform(caller->multi, &running);
    while ((message = curl_multi_info_read(caller->multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        struct call *call;
        CURLcode result = message->data.result;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
        finish(caller, call, result);
        wait_ms = 0;
    }
    if (wait_ms > 0) curl_multi_poll(caller->multi, NULL, 0, wait_ms, NULL);
}

void caller_wake(struct caller *caller)
{
    curl_multi_wakeup(caller->multi);
}
