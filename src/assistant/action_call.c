/* action_call.c - one HTTP call to the company's back end.
 *
 * What goes out is made of the action's file, the signed identity and checked parameters, each
 * encoded. What comes back is trusted only as data: a JSON object of bounded size. */
#include <curl/curl.h>
#include <jansson.h>
#include <time.h>

#include "assistant/assistant.h"

#define CONNECT_MS 2000

struct call {
    const struct workspace *workspace;
    const struct action *action;
    struct str customer, key;
    json_t *parameters;
    struct arena *arena;
    struct buf answer;
};

static void add_encoded(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-_.~", c);
        if (plain && c)
            buf_add_char(out, c);
        else
            buf_add_format(out, "%%%02X", (unsigned)(unsigned char)c);
    }
}

static struct str parameter(const struct call *call, struct str name)
{
    const json_t *value = json_object_get(call->parameters, arena_cstr(call->arena, name));
    return json_is_string(value) ? str_make(json_string_value(value), json_string_length(value)) : STR_EMPTY;
}

/* A value in a path must stay one segment: empty, "." and ".." would name another place. */
static bool is_segment(struct str value)
{
    return value.len > 0 && value.len <= LIMIT_NAME && !str_equal(value, STR(".")) && !str_equal(value, STR(".."));
}

static bool is_in_url(const struct action *action, struct str name)
{
    struct buf mark;
    buf_init(&mark, LIMIT_TAG + 2);
    buf_add_format(&mark, "{%.*s}", STR_ARG(name));
    bool found = str_find(action->url, buf_str(&mark), 0) >= 0;
    buf_free(&mark);
    return found;
}

static bool add_url(struct call *call, struct buf *out)
{
    struct str url = call->action->url;
    struct str base = call->workspace->action_base_url;
    if (url.len && url.data[0] == '/')
        buf_add_str(out, str_ends(base, STR("/")) ? str_slice(base, 0, base.len - 1) : base);
    for (size_t i = 0; i < url.len; i++) {
        ptrdiff_t close = url.data[i] == '{' ? str_find_char(url, '}', i) : -1;
        if (close < 0) {
            buf_add_char(out, url.data[i]);
            continue;
        }
        struct str name = str_slice(url, i + 1, (size_t)close);
        struct str value = str_equal(name, STR("customer")) ? call->customer : parameter(call, name);
        if (!is_segment(value))
            return false;
        add_encoded(out, value);
        i = (size_t)close;
    }
    return true;
}

static bool takes_body(const struct action *action)
{
    return !str_equal(action->method, STR("GET")) && !str_equal(action->method, STR("DELETE"));
}

/* Parameters that are not in the url: the query, or the body. */
static void add_rest(struct call *call, struct buf *url, struct buf *body)
{
    bool first = str_find_char(buf_str(url), '?', 0) < 0, first_in_body = true;
    buf_add_char(body, '{');
    for (size_t i = 0; i < call->action->parameter_count; i++) {
        struct str name = call->action->parameters[i].name, value = parameter(call, name);
        if (value.len == 0 || is_in_url(call->action, name))
            continue;
        if (takes_body(call->action)) {
            if (!first_in_body)
                buf_add_char(body, ',');
            buf_add_json_str(body, name);
            buf_add_char(body, ':');
            buf_add_json_str(body, value);
            first_in_body = false;
        } else {
            buf_add_char(url, first ? '?' : '&');
            add_encoded(url, name);
            buf_add_char(url, '=');
            add_encoded(url, value);
            first = false;
        }
    }
    buf_add_char(body, '}');
}

static size_t take(char *data, size_t size, size_t count, void *context)
{
    struct buf *answer = context;
    buf_add(answer, data, size * count);
    return answer->full ? 0 : size * count; /* too large: the call fails */
}

static bool is_header_safe(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f)
            return false;
    return true;
}

static struct curl_slist *add_header(struct call *call, struct curl_slist *list, const char *name, struct str value)
{
    if (value.len == 0 || !is_header_safe(value))
        return list;
    struct curl_slist *longer = curl_slist_append(list, arena_format(call->arena, "%s: %.*s", name, STR_ARG(value)).data);
    return longer ? longer : list;
}

static struct curl_slist *headers(struct call *call)
{
    struct curl_slist *list = add_header(call, NULL, "Accept", STR("application/json"));
    if (takes_body(call->action))
        list = add_header(call, list, "Content-Type", STR("application/json"));
    list = add_header(call, list, "Idempotency-Key", call->key);
    if (call->workspace->action_token.len)
        list = add_header(call, list, "Authorization",
                          arena_format(call->arena, "Bearer %.*s", STR_ARG(call->workspace->action_token)));
    return list;
}

static void prepare(struct call *call, CURL *curl, const char *url, const char *body, struct curl_slist *list)
{
    long timeout = call->action->timeout_ms;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, timeout);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, timeout < CONNECT_MS ? timeout : (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "beckon");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &call->answer);
    if (takes_body(call->action))
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    if (!str_equal(call->action->method, STR("GET")))
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, arena_cstr(call->arena, call->action->method));
}

static struct str keep_object(struct call *call)
{
    json_t *json = call->answer.full ? NULL : json_loadb(call->answer.data ? call->answer.data : "", call->answer.len, 0, NULL);
    struct str text = json_is_object(json) ? arena_copy(call->arena, buf_str(&call->answer)) : STR_EMPTY;
    json_decref(json);
    return text;
}

/* One HTTP exchange to an outcome; the body is kept when it is a JSON object. */
static struct str outcome_of(struct call *call, CURL *curl, CURLcode code, struct str *json)
{
    long status = 0;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return STR("timed_out");
    if (code != CURLE_OK)
        return STR("failed");
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    *json = keep_object(call);
    if (status >= 200 && status < 300 && json->len)
        return STR("done");
    /* 401 and 403 are about our own token, 408 and 429 about the moment: none is a "no" to the customer. */
    bool own_fault = status == 401 || status == 403 || status == 405 || status == 408 || status == 429;
    return status >= 400 && status < 500 && !own_fault ? STR("refused") : STR("failed");
}

static struct str perform(struct call *call, struct str *json)
{
    struct buf url, body;
    struct str outcome = STR("failed");
    buf_init(&url, LIMIT_URL * 4);
    buf_init(&body, LIMIT_BODY);
    CURL *curl = curl_easy_init();
    if (curl && add_url(call, &url)) {
        add_rest(call, &url, &body);
        struct curl_slist *list = headers(call);
        prepare(call, curl, buf_cstr(&url), buf_cstr(&body), list);
        if (!url.full && !body.full)
            outcome = outcome_of(call, curl, curl_easy_perform(curl), json);
        curl_slist_free_all(list);
    }
    curl_easy_cleanup(curl);
    buf_free(&url);
    buf_free(&body);
    return outcome;
}

static int64_t now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

struct action_result action_call(const struct workspace *workspace, const struct action *action, struct str customer_id,
                                 struct str parameters_json, struct str idempotency_key, struct arena *arena)
{
    struct action_result result = { .outcome = STR("failed"), .json = STR("{}") };
    struct call call = { .workspace = workspace, .action = action, .customer = customer_id, .key = idempotency_key, .arena = arena };
    int64_t began = now_ms();
    struct str json = STR_EMPTY;
    buf_init(&call.answer, LIMIT_ACTION_RESULT);
    call.parameters = json_loadb(parameters_json.len ? parameters_json.data : "{}", parameters_json.len ? parameters_json.len : 2, 0, NULL);
    if (action->identity == IDENTITY_NONE || customer_id.len)
        result.outcome = perform(&call, &json);
    if (json.len)
        result.json = json;
    result.took_ms = now_ms() - began;
    json_decref(call.parameters);
    buf_free(&call.answer);
    return result;
}
