#include "server.h"

#include <curl/curl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define ANSWER_MAX (64 << 20)

const char *server_program(struct arena *arena, const char *argv0)
{
    const char *given = getenv("BECKON");
    if (given && *given) return given;
    struct str path = str_of(argv0);
    ptrdiff_t at = str_find(path, STR("/tests/"), 0);
    must(at >= 0);
    return arena_format(arena, "%.*s/beckon", (int)at, argv0).data;
}

static size_t take(char *data, size_t size, size_t count, void *context)
{
    buf_add(context, data, size * count);
    return size * count;
}

static struct curl_slist *headers_of(const struct call *call, struct arena *arena)
{
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    bool typed = false;
    for (size_t i = 0; i < ARRAY_LEN(call->headers) && call->headers[i]; i++) {
        typed |= str_starts(str_of(call->headers[i]), STR("Content-Type"));
        headers = curl_slist_append(headers, call->headers[i]);
    }
    if (call->body && !typed) headers = curl_slist_append(headers, "Content-Type: application/json");
    if (call->token)
        headers = curl_slist_append(headers, arena_format(arena, "Authorization: Bearer %s", call->token).data);
    if (call->key) headers = curl_slist_append(headers, arena_format(arena, "Idempotency-Key: %s", call->key).data);
    return headers;
}

struct response server_call(const struct remote *remote, const struct call *call)
{
    struct response response = { 0 };
    struct arena arena = { 0 };
    CURL *curl = curl_easy_init();
    must(curl);
    buf_init(&response.text, ANSWER_MAX);
    struct curl_slist *headers = headers_of(call, &arena);
    curl_easy_setopt(curl, CURLOPT_URL, arena_format(&arena, "%s%s", remote->url, call->path).data);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &response.text);
    if (call->body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)(call->body_len ? call->body_len : strlen(call->body)));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body);
    }
    if (call->method) curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    if (curl_easy_perform(curl) == CURLE_OK) curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.status);
    response.json = response.text.len ? json_loadb(response.text.data, response.text.len, 0, NULL) : NULL;
    const char *code = json_string_value(json_object_get(json_object_get(response.json, "error"), "code"));
    snprintf(response.code, sizeof response.code, "%s", code ? code : "");
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    arena_free(&arena);
    return response;
}

void response_free(struct response *response)
{
    json_decref(response->json);
    buf_free(&response->text);
}

uint64_t response_number(const struct response *response, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(response->json, name));
}

const char *response_string(const struct response *response, const char *name)
{
    const char *text = json_string_value(json_object_get(response->json, name));
    return text ? text : "";
}

bool visitor_come(const struct remote *remote, struct visitor *visitor, const char *body)
{
    *visitor = (struct visitor){ .token = "" };
    struct response response = server_call(remote, &(struct call){ .path = "/v1/session", .body = body });
    snprintf(visitor->token, sizeof visitor->token, "%s", response_string(&response, "token"));
    visitor->customer = response_number(&response, "customer");
    response_free(&response);
    return visitor->customer != 0;
}

bool visitor_open(const struct remote *remote, struct visitor *visitor)
{
    char key[64];
    snprintf(key, sizeof key, "open-%llu", (unsigned long long)visitor->customer);
    struct response response = server_call(remote, &(struct call){ .path = "/v1/conversations", .body = "{}",
        .token = visitor->token, .key = key });
    visitor->conversation = response_number(&response, "conversation");
    response_free(&response);
    return visitor->conversation != 0;
}

long visitor_say(const struct remote *remote, struct visitor *visitor, const char *text, const char *key)
{
    char path[80];
    struct buf body;
    buf_init(&body, 1 << 20);
    buf_add_str(&body, STR("{\"text\":"));
    buf_add_json_str(&body, str_of(text));
    buf_add_char(&body, '}');
    snprintf(path, sizeof path, "/v1/conversations/%llu/messages", (unsigned long long)visitor->conversation);
    struct response response = server_call(remote, &(struct call){ .path = path, .body = buf_cstr(&body),
        .token = visitor->token, .key = key });
    long status = response.status;
    response_free(&response);
    buf_free(&body);
    return status;
}

bool staff_come(const struct remote *remote, const char *login, const char *role, char token[400], uint64_t *id)
{
    char body[512];
    snprintf(body, sizeof body,
             "{\"login\":\"%s\",\"name\":\"%s\",\"password\":\"a long password\",\"role\":\"%s\",\"capacity\":5,"
             "\"skills\":\"payments,refunds,orders,security,credit,accounts\",\"languages\":\"en,sv\"}", login, login, role);
    struct response added = server_call(remote, &(struct call){ .path = "/v1/agents", .body = body,
        .token = remote->token, .key = login });
    *id = response_number(&added, "id");
    response_free(&added);
    snprintf(body, sizeof body, "{\"login\":\"%s\",\"password\":\"a long password\"}", login);
    struct response response = server_call(remote, &(struct call){ .path = "/v1/login", .body = body });
    snprintf(token, 400, "%s", response_string(&response, "token"));
    response_free(&response);
    return *id && token[0];
}

int shell(struct buf *out, const char *format, ...)
{
    char line[4096], piece[4096];
    va_list list;
    va_start(list, format);
    int len = vsnprintf(line, sizeof line - 8, format, list);
    va_end(list);
    must(len > 0 && (size_t)len < sizeof line - 8);
    memcpy(line + len, " 2>&1", 6);
    FILE *pipe = popen(line, "r");
    must(pipe);
    for (size_t got; (got = fread(piece, 1, sizeof piece, pipe)) > 0;)
        if (out) buf_add(out, piece, got);
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
