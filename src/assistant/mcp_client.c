#include "assistant/mcp_client.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"

#define MODERN "2026-07-28"
#define LEGACY "2025-11-25"
#define CALL_ID "call"
#define CONNECT_MS 2000
#define SESSION_ROOM 256
#define HEADER_MISMATCH (-32020)
#define UNSUPPORTED_VERSION (-32022)
#define INVALID_PARAMS (-32602)
#define WHY_BYTES 200 /* of a server's own words that are kept in the log */
#define PARAMS_MAX 16
#define LIST_MAX (256 * 1024) /* of all tools of a server */

/* One POST and what came of it. */
struct exchange {
    const struct mcp_call *call;
    struct curl_slist *headers;
    struct buf body;
    char session[SESSION_ROOM];
    long status;
    CURLcode code;
    const char *id; /* of the request, or NULL: nothing is answered */
    bool stream;
    json_t *answer; /* that has come in the stream, which may stay open behind it */
};

static int64_t now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* --- what is sent ------------------------------------------------------------------------------- */

static json_t *client_info(void)
{
    return json_pack("{s:s,s:s}", "name", "beckon", "version", BECKON_VERSION);
}

static json_t *call_params(const struct mcp_call *call)
{
    return json_pack("{s:o,s:O,s:{s:o}}", "name", json_stringn(call->tool.data, call->tool.len), "arguments", call->arguments, "_meta",
                     "beckon/idempotencyKey", json_stringn(call->key.data, call->key.len));
}

static struct str message(const struct mcp_call *call, const char *id, const char *method, json_t *params)
{
    json_t *json = json_pack("{s:s,s:s,s:o}", "jsonrpc", "2.0", "method", method, "params", params);
    if (id)
        json_object_set_new(json, "id", json_string(id));
    char *text = json_dumps(json, JSON_COMPACT);
    struct str out = arena_copy(call->arena, str_of(text ? text : ""));
    free(text);
    json_decref(json);
    return out;
}

static void add_meta(json_t *meta)
{
    json_object_set_new(meta, "io.modelcontextprotocol/protocolVersion", json_string(MODERN));
    json_object_set_new(meta, "io.modelcontextprotocol/clientCapabilities", json_object());
    json_object_set_new(meta, "io.modelcontextprotocol/clientInfo", client_info());
}

struct str mcp_request(const struct mcp_call *call)
{
    json_t *params = call_params(call);
    add_meta(json_object_get(params, "_meta"));
    return message(call, CALL_ID, "tools/call", params);
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < ' ' || (unsigned char)text.data[i] > '~')
            return false;
    return text.len > 0;
}

static void add_header(struct exchange *exchange, const char *name, struct str value)
{
    if (!is_plain(value))
        return;
    struct curl_slist *longer = curl_slist_append(exchange->headers, arena_format(exchange->call->arena, "%s: %.*s", name, STR_ARG(value)).data);
    exchange->headers = longer ? longer : exchange->headers;
}

/* --- sending ------------------------------------------------------------------------------------ */

static bool ends_event(struct str body)
{
    return str_ends(body, STR("\n\n")) || str_ends(body, STR("\r\r")) || str_ends(body, STR("\r\n\r\n"));
}

static size_t take(char *data, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    buf_add(&exchange->body, data, size * count);
    if (exchange->stream && exchange->id && !exchange->body.full && ends_event(buf_str(&exchange->body)))
        exchange->answer = mcp_find_answer(buf_str(&exchange->body), true, exchange->id);
    return exchange->body.full || exchange->answer ? 0 : size * count;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    struct exchange *exchange = context;
    struct str line = str_trim(str_make(data, size * count)), name;
    if (!str_split(&line, ':', &name) || !line.data)
        return size * count;
    struct str value = str_trim(line);
    if (str_equal_nocase(name, STR("content-type")))
        exchange->stream = str_equal_nocase(str_slice(value, 0, 17), STR("text/event-stream"));
    if (str_equal_nocase(name, STR("mcp-session-id")) && is_plain(value) && value.len < sizeof exchange->session)
        snprintf(exchange->session, sizeof exchange->session, "%.*s", STR_ARG(value));
    return size * count;
}

static void add_headers(struct exchange *exchange, const char *version)
{
    const struct mcp_call *call = exchange->call;
    exchange->headers = NULL;
    add_header(exchange, "Content-Type", STR("application/json"));
    add_header(exchange, "Accept", STR("application/json, text/event-stream"));
    add_header(exchange, "Idempotency-Key", call->key);
    if (call->token.len)
        add_header(exchange, "Authorization", arena_format(call->arena, "Bearer %.*s", STR_ARG(call->token)));
    if (version)
        add_header(exchange, "MCP-Protocol-Version", str_of(version));
    if (exchange->session[0])
        add_header(exchange, "MCP-Session-Id", str_of(exchange->session));
}

static void prepare(CURL *curl, struct exchange *exchange, const char *body)
{
    int64_t left = exchange->call->deadline_ms - now_ms();
    curl_easy_setopt(curl, CURLOPT_URL, exchange->call->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left < 1 ? 1L : (long)left);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, left < 1 ? 1L : left < CONNECT_MS ? (long)left : (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, exchange->headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "beckon");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, exchange);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, exchange);
}

/* The answer's message with this id, or NULL; the rest stands in the exchange. */
static json_t *post(struct exchange *exchange, struct str body, const char *id)
{
    CURL *curl = curl_easy_init();
    json_t *json = NULL;
    exchange->status = 0;
    exchange->stream = false;
    exchange->answer = NULL;
    exchange->id = id;
    exchange->code = CURLE_FAILED_INIT;
    buf_clear(&exchange->body);
    if (curl) {
        prepare(curl, exchange, arena_cstr(exchange->call->arena, body));
        exchange->code = curl_easy_perform(curl);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &exchange->status);
        if (exchange->answer)
            exchange->code = CURLE_OK;
        json = exchange->answer;
        if (!json && id && !exchange->body.full)
            json = mcp_find_answer(buf_str(&exchange->body), exchange->stream, exchange->status == 200 ? id : NULL);
        curl_easy_cleanup(curl);
    }
    curl_slist_free_all(exchange->headers);
    exchange->headers = NULL;
    return json;
}

/* --- the two eras ------------------------------------------------------------------------------- */

static json_int_t error_code(const json_t *message)
{
    return json_integer_value(json_object_get(json_object_get(message, "error"), "code"));
}

/* Why there is no result, for the log: the server's own error, the status, or what happened to the connection. */
static struct str why_not(const struct exchange *exchange, const json_t *message)
{
    struct arena *arena = exchange->call->arena;
    const json_t *error = json_object_get(message, "error"), *text = json_object_get(error, "message");
    struct str code = error ? arena_format(arena, "rpc_%lld", (long long)error_code(message)) : exchange->body.full ? STR("too_large")
                    : exchange->code == CURLE_OK ? arena_format(arena, "http_%ld", exchange->status) : STR("broken_off");
    struct str words = json_is_string(text) ? str_cut(str_make(json_string_value(text), json_string_length(text)), WHY_BYTES)
                     : exchange->body.full ? STR("the answer is too long")
                     : exchange->code == CURLE_OK ? STR("the server gave no result of the tool") : str_of(curl_easy_strerror(exchange->code));
    struct buf out;
    buf_init(&out, LIMIT_ACTION_RESULT);
    buf_add_format(&out, "{\"error\":{\"code\":\"%.*s\",\"message\":", STR_ARG(code));
    buf_add_json_str(&out, words);
    buf_add_str(&out, STR("}}"));
    struct str json = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return json;
}

static struct mcp_answer judged(const struct exchange *exchange, const json_t *message)
{
    struct mcp_answer answer = { MCP_FAILED, false, STR_EMPTY };
    if (message && exchange->status == 200 && !json_object_get(message, "error"))
        return mcp_read_answer(exchange->call->arena, message);
    if (exchange->code == CURLE_OPERATION_TIMEDOUT)
        answer.outcome = MCP_TIMED_OUT;
    else
        answer.json = why_not(exchange, message);
    answer.passing = (exchange->code != CURLE_OK && exchange->code != CURLE_WRITE_ERROR) || exchange->status >= 500 || exchange->status == 408 ||
                     exchange->status == 429;
    return answer;
}

/* It does not know the newer revision: then nothing has been done. */
static bool is_older(const struct exchange *exchange, const json_t *message)
{
    json_int_t code = error_code(message);
    bool status = exchange->status == 400 || exchange->status == 404 || exchange->status == 405;
    return exchange->code == CURLE_OK && (code == UNSUPPORTED_VERSION || (status && code != HEADER_MISMATCH && code != INVALID_PARAMS));
}

static struct mcp_answer call_in_session(struct exchange *exchange)
{
    const struct mcp_call *call = exchange->call;
    exchange->session[0] = 0;
    add_headers(exchange, NULL);
    json_t *begun = post(exchange, message(call, "begin", "initialize", json_pack("{s:s,s:{},s:o}", "protocolVersion", LEGACY, "capabilities",
                                                                                   "clientInfo", client_info())), "begin");
    const char *agreed = json_string_value(json_object_get(json_object_get(begun, "result"), "protocolVersion"));
    struct mcp_answer answer = judged(exchange, error_code(begun) ? begun : NULL);
    if (agreed && exchange->status == 200) {
        const char *version = arena_cstr(call->arena, str_of(agreed));
        add_headers(exchange, version);
        json_decref(post(exchange, message(call, NULL, "notifications/initialized", json_object()), NULL));
        add_headers(exchange, version);
        json_t *called = post(exchange, message(call, CALL_ID, "tools/call", call_params(call)), CALL_ID);
        answer = judged(exchange, called);
        json_decref(called);
    }
    json_decref(begun);
    return answer;
}

/* A server that has lost the session (it was started again, or there are several) has done nothing: once more, in a new one. */
static struct mcp_answer call_as_before(struct exchange *exchange)
{
    struct mcp_answer answer = call_in_session(exchange);
    return exchange->status == 404 && exchange->session[0] ? call_in_session(exchange) : answer;
}

static json_t *call_at_once(struct exchange *exchange, const struct mcp_param *params, size_t count)
{
    struct arena *arena = exchange->call->arena;
    add_headers(exchange, MODERN);
    add_header(exchange, "Mcp-Method", STR("tools/call"));
    add_header(exchange, "Mcp-Name", mcp_header_value(arena, exchange->call->tool));
    for (size_t i = 0; i < count; i++)
        add_header(exchange, arena_format(arena, "Mcp-Param-%.*s", STR_ARG(params[i].name)).data, params[i].value);
    return post(exchange, mcp_request(exchange->call), CALL_ID);
}

/* Which of the arguments the tool wants in headers. */
static size_t ask_for_params(const struct mcp_call *call, struct mcp_param *params)
{
    struct exchange exchange = { .call = call };
    json_t *asked = json_pack("{s:{}}", "_meta");
    add_meta(json_object_get(asked, "_meta"));
    buf_init(&exchange.body, LIST_MAX);
    add_headers(&exchange, MODERN);
    add_header(&exchange, "Mcp-Method", STR("tools/list"));
    json_t *listed = post(&exchange, message(call, "list", "tools/list", asked), "list");
    size_t count = exchange.status == 200 ? mcp_params(listed, call, params, PARAMS_MAX) : 0;
    json_decref(listed);
    buf_free(&exchange.body);
    return count;
}

struct mcp_answer mcp_call_tool(const struct mcp_call *call)
{
    struct exchange exchange = { .call = call };
    struct mcp_param params[PARAMS_MAX];
    size_t count = 0;
    buf_init(&exchange.body, LIMIT_ACTION_RESULT * 2);
    json_t *called = call_at_once(&exchange, NULL, 0);
    /* Headers that do not fit are refused before anything is done: once more, with those of the arguments. */
    if (exchange.status == 400 && error_code(called) == HEADER_MISMATCH && (count = ask_for_params(call, params))) {
        json_decref(called);
        called = call_at_once(&exchange, params, count);
    }
    struct mcp_answer answer = is_older(&exchange, called) ? call_as_before(&exchange) : judged(&exchange, called);
    json_decref(called);
    buf_free(&exchange.body);
    return answer;
}
