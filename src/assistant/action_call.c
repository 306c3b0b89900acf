/* action_call.c - one HTTP call to the company's back end.
 *
 * What goes out is made of the action's file, the signed identity and checked parameters, each
 * encoded. What comes back is trusted only as data: a JSON object of bounded size. */
#include <curl/curl.h>
#include <jansson.h>
#include <time.h>

#include "assistant/assistant.h"
#include "assistant/breaker.h"
#include "assistant/mcp_client.h"
#include "workspace/schema.h"

#define CONNECT_MS 2000
#define PAUSE_MS 100 /* before the second try; doubled before each further one */

struct call {
    const struct workspace *workspace;
    const struct action_request *request;
    const struct action *action;
    json_t *parameters;
    struct arena *arena;
    struct buf url, body, answer;
    struct curl_slist *headers;
    int64_t deadline_ms;
    bool not_found;
    bool passing; /* the last failure may pass: worth another try */
    struct str why; /* it failed, in a sentence for whoever runs the service, or empty */
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

static struct str parameter_text(const struct call *call, struct str name)
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
        struct str value = str_equal(name, STR("customer")) ? call->request->customer_id : parameter_text(call, name);
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
static void add_rest(struct call *call)
{
    struct buf *url = &call->url, *body = &call->body;
    bool first = str_find_char(buf_str(url), '?', 0) < 0, first_in_body = true;
    buf_add_char(body, '{');
    for (size_t i = 0; i < call->action->parameter_count; i++) {
        struct str name = call->action->parameters[i].name, value = parameter_text(call, name);
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
    list = add_header(call, list, "Idempotency-Key", call->request->idempotency_key);
    if (call->workspace->action_token.len)
        list = add_header(call, list, "Authorization",
                          arena_format(call->arena, "Bearer %.*s", STR_ARG(call->workspace->action_token)));
    return list;
}

static int64_t now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void prepare(struct call *call, CURL *curl)
{
    long left = (long)(call->deadline_ms - now_ms());
    if (left < 1)
        left = 1;
    curl_easy_setopt(curl, CURLOPT_URL, buf_cstr(&call->url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, left < CONNECT_MS ? left : (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, call->headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "beckon");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &call->answer);
    if (takes_body(call->action))
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, buf_cstr(&call->body));
    if (!str_equal(call->action->method, STR("GET")))
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, arena_cstr(call->arena, call->action->method));
}

/* The answer, if it is a JSON object. */
static struct str keep_object(struct call *call)
{
    json_t *json = call->answer.full ? NULL : json_loadb(call->answer.data ? call->answer.data : "", call->answer.len, 0, NULL);
    struct str text = json_is_object(json) ? arena_copy(call->arena, buf_str(&call->answer)) : STR_EMPTY;
    json_decref(json);
    return text;
}

/* An answer of another shape than agreed is not shown to anybody: what is wrong with it stands in the log. */
static bool is_as_agreed(struct call *call, struct str *json)
{
    struct err err = { "" };
    struct str text = call->action->result_schema;
    json_t *schema = text.len ? json_loadb(text.data, text.len, 0, NULL) : NULL;
    json_t *value = schema ? json_loadb(json->data, json->len, 0, NULL) : NULL;
    bool good = !text.len || (schema && value && schema_check(&err, schema, value));
    if (!good) {
        struct buf out;
        buf_init(&out, LIMIT_ACTION_RESULT);
        buf_add_str(&out, STR("{\"error\":{\"code\":\"bad_result\",\"message\":"));
        buf_add_json_str(&out, str_of(err.text));
        buf_add_str(&out, STR("}}"));
        *json = arena_copy(call->arena, buf_str(&out));
        buf_free(&out);
    }
    json_decref(schema);
    json_decref(value);
    return good;
}

/* One HTTP exchange to an outcome; the body is kept when it is a JSON object. */
static struct str outcome_of(struct call *call, CURL *curl, CURLcode code, struct str *json)
{
    long status = 0;
    call->why = arena_format(call->arena, "the back end gave no answer: %s", curl_easy_strerror(code));
    if (call->answer.full)
        call->why = STR("the back end's answer is too long");
    call->passing = code != CURLE_OK && code != CURLE_WRITE_ERROR && code != CURLE_UNSUPPORTED_PROTOCOL;
    if (code == CURLE_OPERATION_TIMEDOUT)
        return STR("timed_out");
    if (code != CURLE_OK)
        return STR("failed");
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    *json = keep_object(call);
    call->why = arena_format(call->arena, "the back end answered %ld%s", status, status >= 200 && status < 300 ? " with something that is no JSON object" : "");
    if (status >= 200 && status < 300 && json->len)
        return is_as_agreed(call, json) ? STR("done") : STR("failed");
    call->not_found = status == 404 || status == 410;
    call->passing = status >= 500 || status == 408 || status == 429;
    /* 401 and 403 are about our own token, 408 and 429 about the moment: none is a "no" to the customer. */
    bool own_fault = status == 401 || status == 403 || status == 405 || status == 408 || status == 429;
    return status >= 400 && status < 500 && !own_fault ? STR("refused") : STR("failed");
}

/* --- a tool of an MCP server -------------------------------------------------------------------- */

static json_t *argument(const struct call *call, const struct action_parameter *parameter)
{
    struct str value = parameter_text(call, parameter->name);
    int64_t whole;
    if (parameter->type == ARGUMENT_NUMBER && str_to_i64(value, &whole))
        return json_integer(whole);
    if (parameter->type == ARGUMENT_NUMBER)
        return json_real(strtod(arena_cstr(call->arena, value), NULL));
    if (parameter->type == ARGUMENT_BOOL)
        return json_boolean(str_equal(value, STR("true")) || str_equal(value, STR("yes")));
    return json_stringn(value.data, value.len);
}

/* The caller gives `arguments` back. */
static struct mcp_call tool_call(const struct call *call)
{
    const struct action *action = call->action;
    json_t *arguments = json_object();
    for (size_t i = 0; i < action->parameter_count; i++)
        if (parameter_text(call, action->parameters[i].name).len)
            json_object_set_new(arguments, arena_cstr(call->arena, action->parameters[i].name), argument(call, &action->parameters[i]));
    if (action->customer_argument.len)
        json_object_set_new(arguments, arena_cstr(call->arena, action->customer_argument),
                            json_stringn(call->request->customer_id.data, call->request->customer_id.len));
    return (struct mcp_call){ .url = arena_cstr(call->arena, buf_str(&call->url)), .tool = action->tool, .token = call->workspace->action_token,
                              .key = call->request->idempotency_key, .arguments = arguments, .deadline_ms = call->deadline_ms, .arena = call->arena };
}

static bool says_not_found(struct str json)
{
    json_t *value = json.len ? json_loadb(json.data, json.len, 0, NULL) : NULL;
    const json_t *error = json_object_get(value, "error"), *code = json_object_get(json_is_object(error) ? error : value, "code");
    bool found = json_is_string(code) && strcmp(json_string_value(code), "not_found") == 0;
    json_decref(value);
    return found;
}

static struct str call_tool(struct call *call, struct str *json)
{
    static const char *const outcomes[] = { [MCP_DONE] = "done", [MCP_REFUSED] = "refused", [MCP_FAILED] = "failed", [MCP_TIMED_OUT] = "timed_out" };
    struct mcp_call tool = tool_call(call);
    struct mcp_answer answer = mcp_call_tool(&tool);
    json_decref(tool.arguments);
    *json = answer.json;
    call->why = answer.why;
    call->passing = answer.passing;
    call->not_found = answer.outcome == MCP_REFUSED && says_not_found(answer.json);
    if (answer.outcome == MCP_DONE && !is_as_agreed(call, json))
        return STR("failed");
    return str_of(outcomes[answer.outcome]);
}

static struct str try_once(struct call *call, struct str *json)
{
    if (call->action->tool.len)
        return call_tool(call, json);
    CURL *curl = curl_easy_init();
    if (!curl)
        return STR("failed");
    *json = STR_EMPTY;
    buf_clear(&call->answer);
    prepare(call, curl);
    struct str outcome = outcome_of(call, curl, curl_easy_perform(curl), json);
    curl_easy_cleanup(curl);
    return outcome;
}

/* Waits before the next try; false if the time does not allow one. Not all callers wait alike long, so
 * that those whom one failure hit do not come back at once. */
static bool pause_before(struct call *call, int tries)
{
    int64_t wait = (int64_t)PAUSE_MS << tries;
    wait += (int64_t)(str_hash(call->request->idempotency_key) % (uint64_t)wait);
    if (now_ms() + wait >= call->deadline_ms)
        return false;
    struct timespec time = { wait / 1000, wait % 1000 * 1000000 };
    nanosleep(&time, NULL);
    return true;
}

static struct str perform(struct call *call, struct breakers *breakers, struct str *json)
{
    struct str outcome = STR("failed"), host = breaker_host(buf_str(&call->url));
    for (int tries = 0; ; tries++) {
        if (breakers && !breaker_allows(breakers, host, now_ms())) {
            call->why = tries ? call->why : STR("the server failed lately and is left in peace for a while");
            return outcome;
        }
        outcome = try_once(call, json);
        bool failed = !str_equal(outcome, STR("done")) && !str_equal(outcome, STR("refused"));
        if (breakers)
            breaker_note(breakers, host, failed && call->passing, now_ms());
        if (!failed || !call->passing || tries >= call->action->retries || !pause_before(call, tries))
            return outcome;
    }
}

/* Everything that goes out. False if there is nothing to send: a value does not fit, or the customer is unknown. */
static bool call_begin(struct call *call, const struct workspace *workspace, const struct action_request *request, struct arena *arena)
{
    struct str parameters = request->parameters_json.len ? request->parameters_json : STR("{}");
    *call = (struct call){ .workspace = workspace, .request = request, .action = request->action, .arena = arena };
    call->deadline_ms = now_ms() + request->action->timeout_ms;
    buf_init(&call->url, LIMIT_URL * 4);
    buf_init(&call->body, LIMIT_BODY);
    buf_init(&call->answer, LIMIT_ACTION_RESULT);
    call->parameters = json_loadb(parameters.data, parameters.len, 0, NULL);
    if ((request->action->identity != IDENTITY_NONE && !request->customer_id.len) || !add_url(call, &call->url))
        return false;
    if (request->action->tool.len) {
        struct mcp_call tool = tool_call(call);
        buf_add_str(&call->body, mcp_request(&tool));
        json_decref(tool.arguments);
        return !call->url.full && !call->body.full;
    }
    add_rest(call);
    call->headers = headers(call);
    return !call->url.full && !call->body.full;
}

static void call_end(struct call *call)
{
    curl_slist_free_all(call->headers);
    json_decref(call->parameters);
    buf_free(&call->url);
    buf_free(&call->body);
    buf_free(&call->answer);
}

static bool is_empty(struct str json)
{
    return json.len == 0 || str_equal(json, STR("{}"));
}

/* For people who look at the log: nothing of it reaches a customer. */
static struct str with_why(struct call *call)
{
    struct buf out;
    buf_init(&out, LIMIT_ACTION_RESULT);
    buf_add_str(&out, STR("{\"error\":{\"code\":\"call_failed\",\"message\":"));
    buf_add_json_str(&out, call->why);
    buf_add_str(&out, STR("}}"));
    struct str json = arena_copy(call->arena, buf_str(&out));
    buf_free(&out);
    return json;
}

struct action_result action_call(const struct workspace *workspace, struct breakers *breakers, const struct action_request *request,
                                 struct arena *arena)
{
    struct action_result result = { .outcome = STR("failed"), .json = STR("{}") };
    struct call call;
    int64_t began = now_ms();
    struct str json = STR_EMPTY;
    if (call_begin(&call, workspace, request, arena))
        result.outcome = perform(&call, breakers, &json);
    result.not_found = call.not_found && str_equal(result.outcome, STR("refused"));
    bool failed = !str_equal(result.outcome, STR("done")) && !str_equal(result.outcome, STR("refused"));
    if (failed && is_empty(json) && call.why.len)
        json = with_why(&call);
    if (json.len)
        result.json = json;
    result.took_ms = now_ms() - began;
    call_end(&call);
    return result;
}

struct str action_dry_run(const struct workspace *workspace, const struct action_request *request, struct arena *arena)
{
    struct call call;
    struct buf out;
    struct str text = STR_EMPTY;
    buf_init(&out, LIMIT_BODY * 2);
    if (call_begin(&call, workspace, request, arena)) {
        buf_add_format(&out, "%.*s %.*s\n", STR_ARG(call.action->method), STR_ARG(buf_str(&call.url)));
        for (const struct curl_slist *header = call.headers; header; header = header->next)
            if (strncmp(header->data, "Authorization:", 14) != 0)
                buf_add_format(&out, "%s\n", header->data);
        if (takes_body(call.action))
            buf_add_format(&out, "\n%.*s\n", STR_ARG(buf_str(&call.body)));
        text = arena_copy(arena, buf_str(&out));
    }
    buf_free(&out);
    call_end(&call);
    return text;
}
