#include "gateway/mcp.h"

#include <sodium.h>
#include <stdlib.h>

#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/server.h"

/* The Model Context Protocol over HTTP, both eras at one address. 2026-07-28 has no handshake: every request
 * says its version in `params._meta` and repeats version, method and tool in headers. The older revisions
 * begin with `initialize`; no session is kept for them either, since every tool only reads. */

#define MODERN "2026-07-28"
#define META_VERSION "io.modelcontextprotocol/protocolVersion"
#define TTL_MS 300000

static const char *const legacy[] = { "2025-11-25", "2025-06-18", "2025-03-26" }; /* the newest first */

enum mcp_error {
    PARSE_ERROR = -32700, INVALID_REQUEST = -32600, METHOD_NOT_FOUND = -32601, INVALID_PARAMS = -32602,
    HEADER_MISMATCH = -32020, UNSUPPORTED_VERSION = -32022,
};

struct exchange {
    struct request *request;
    json_t *root;
    const json_t *id, *params;
    const char *method;
    bool modern;
};

static void send_json(struct request *request, int status, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    struct str body = arena_copy(&request->arena, str_of(text));
    free(text);
    json_decref(json);
    answer_send(request, &(struct answer){ .status = status, .body = body });
}

static void fail(const struct exchange *exchange, int status, enum mcp_error code, const char *message, json_t *data)
{
    json_t *error = json_pack("{s:i,s:s}", "code", (int)code, "message", message);
    if (data) json_object_set_new(error, "data", data);
    json_t *json = json_pack("{s:s,s:o}", "jsonrpc", "2.0", "error", error);
    json_object_set_new(json, "id", exchange->id ? json_deep_copy(exchange->id) : json_null());
    send_json(exchange->request, status, json);
}

static json_t *server_info(const struct exchange *exchange)
{
    json_t *info = json_pack("{s:s,s:s}", "name", "beckon", "version", BECKON_VERSION);
    struct str name = node_workspace(exchange->request->gateway->node)->name;
    json_object_set_new(info, "title", json_sprintf("beckon of %.*s", STR_ARG(name)));
    return info;
}

static void succeed(const struct exchange *exchange, json_t *result)
{
    if (exchange->modern) {
        json_object_set_new(result, "resultType", json_string("complete"));
        json_object_set_new(result, "_meta", json_pack("{s:o}", "io.modelcontextprotocol/serverInfo", server_info(exchange)));
    }
    json_t *json = json_pack("{s:s,s:o}", "jsonrpc", "2.0", "result", result);
    json_object_set_new(json, "id", json_deep_copy(exchange->id));
    send_json(exchange->request, 200, json);
}

static void set_cache(const struct exchange *exchange, json_t *result)
{
    if (!exchange->modern) return;
    json_object_set_new(result, "ttlMs", json_integer(TTL_MS));
    json_object_set_new(result, "cacheScope", json_string("private"));
}

/* --- methods ------------------------------------------------------------------------------------- */

static const char instructions[] =
    "Read-only tools of a customer-support service: approved help articles, how a conversation stands, how the queue stands. "
    "Articles are quoted, never changed; customers' words and data are not available here.";

static void initialize(const struct exchange *exchange)
{
    const char *wished = json_string_value(json_object_get(exchange->params, "protocolVersion")), *version = legacy[0];
    for (size_t i = 0; wished && i < ARRAY_LEN(legacy); i++)
        if (!strcmp(wished, legacy[i])) version = legacy[i];
    succeed(exchange, json_pack("{s:s,s:{s:{s:b}},s:o,s:s}", "protocolVersion", version, "capabilities", "tools", "listChanged", 0,
                                "serverInfo", server_info(exchange), "instructions", instructions));
}

static void discover(const struct exchange *exchange)
{
    json_t *result = json_pack("{s:[s],s:{s:{}},s:o,s:s}", "supportedVersions", MODERN, "capabilities", "tools", "serverInfo",
                               server_info(exchange), "instructions", instructions);
    set_cache(exchange, result);
    succeed(exchange, result);
}

static void ping(const struct exchange *exchange)
{
    succeed(exchange, json_object());
}

static void list_tools(const struct exchange *exchange)
{
    json_t *tools = json_array();
    for (size_t i = 0; i < mcp_tool_count; i++) {
        const struct mcp_tool *tool = &mcp_tools[i];
        json_array_append_new(tools, json_pack("{s:s,s:s,s:s,s:o,s:o,s:{s:b,s:b}}", "name", tool->name, "title", tool->title, "description",
                                               tool->description, "inputSchema", json_loads(tool->input, 0, NULL), "outputSchema",
                                               json_loads(tool->output, 0, NULL), "annotations", "readOnlyHint", 1, "openWorldHint", 0));
    }
    json_t *result = json_pack("{s:o}", "tools", tools);
    set_cache(exchange, result);
    succeed(exchange, result);
}

/* A mistyped "lang" would else be passed over, and the answer come in another language. NULL: all are known. */
static const char *unknown_argument(const struct exchange *exchange, const struct mcp_tool *tool, const json_t *arguments)
{
    json_t *schema = json_loads(tool->input, 0, NULL), *value;
    const char *key, *fault = NULL;
    if (arguments && !json_is_object(arguments) && !json_is_null(arguments)) fault = "'arguments' must be an object";
    json_object_foreach((json_t *)(uintptr_t)arguments, key, value)
        if (!fault && !json_object_get(json_object_get(schema, "properties"), key))
            fault = arena_format(&exchange->request->arena, "this tool has no argument '%.*s'; tools/list says which it has",
                                 STR_ARG(str_cut(str_of(key), 60))).data;
    json_decref(schema);
    return fault;
}

/* What went wrong inside a tool is for the model to read; an unknown tool is the caller's mistake. */
static void call_tool(const struct exchange *exchange)
{
    const char *name = json_string_value(json_object_get(exchange->params, "name")), *fault = NULL;
    const struct mcp_tool *tool = NULL;
    for (size_t i = 0; name && i < mcp_tool_count; i++)
        if (!strcmp(name, mcp_tools[i].name)) tool = &mcp_tools[i];
    if (!tool) {
        fail(exchange, exchange->modern ? 400 : 200, INVALID_PARAMS, "there is no such tool; tools/list names them", NULL);
        return;
    }
    const json_t *arguments = json_object_get(exchange->params, "arguments");
    fault = unknown_argument(exchange, tool, arguments);
    json_t *found = fault ? NULL : tool->run(exchange->request, arguments, &fault);
    char *text = found ? json_dumps(found, JSON_COMPACT) : NULL;
    json_t *result = json_pack("{s:[{s:s,s:s}],s:b}", "content", "type", "text", "text", text ? text : fault, "isError", found == NULL);
    if (found) json_object_set_new(result, "structuredContent", found);
    free(text);
    succeed(exchange, result);
}

static const struct method {
    const char *name;
    bool legacy, modern;
    void (*run)(const struct exchange *exchange);
} methods[] = {
    { "initialize", true, false, initialize },
    { "ping", true, false, ping },
    { "server/discover", false, true, discover },
    { "tools/list", true, true, list_tools },
    { "tools/call", true, true, call_tool },
};

/* --- the envelope -------------------------------------------------------------------------------- */

static bool header_is(const struct request *request, const char *name, const char *wanted)
{
    return wanted && str_equal(http_header(&request->head, str_of(name)), str_of(wanted));
}

/* A client may put the name into base64, and must where it is no plain ASCII. */
static bool names(struct request *request, const char *wanted)
{
    struct str value = http_header(&request->head, STR("mcp-name"));
    if (!str_starts(value, STR("=?base64?")) || !str_ends(value, STR("?="))) return header_is(request, "mcp-name", wanted);
    struct str coded = str_slice(value, 9, value.len - 2);
    unsigned char *plain = arena_take(&request->arena, coded.len + 1);
    size_t len = 0;
    bool good = sodium_base642bin(plain, coded.len, coded.data, coded.len, NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
    return good && wanted && str_equal(str_make((char *)plain, len), str_of(wanted));
}

/* Headers repeat what the body says, so that whoever stands between can route without reading bodies. */
static bool headers_fit(const struct exchange *exchange, const char *version)
{
    struct request *request = exchange->request;
    bool named = !strcmp(exchange->method, "tools/call");
    const char *tool = json_string_value(json_object_get(exchange->params, "name"));
    if (!header_is(request, "mcp-protocol-version", version) || !header_is(request, "mcp-method", exchange->method)) return false;
    return !named || names(request, tool);
}

static bool is_legacy_version(struct str version)
{
    for (size_t i = 0; i < ARRAY_LEN(legacy); i++)
        if (str_equal(version, str_of(legacy[i]))) return true;
    return false;
}

/* False: answered already. */
static bool check_version(struct exchange *exchange)
{
    struct str header = http_header(&exchange->request->head, STR("mcp-protocol-version"));
    const json_t *meta = json_object_get(json_object_get(exchange->params, "_meta"), META_VERSION);
    const char *version = json_string_value(meta);
    exchange->modern = version != NULL || str_equal(header, STR(MODERN));
    if (!exchange->modern && (!header.len || is_legacy_version(header) || !strcmp(exchange->method, "initialize"))) return true;
    if (!exchange->modern || !version || strcmp(version, MODERN)) {
        bool missing = exchange->modern && !version;
        fail(exchange, 400, missing ? HEADER_MISMATCH : UNSUPPORTED_VERSION,
             missing ? "params._meta does not say the protocol version that the header says" : "this protocol version is not supported",
             missing ? NULL : json_pack("{s:[s,s,s,s],s:s}", "supported", MODERN, legacy[0], legacy[1], legacy[2], "requested",
                                        version ? version : arena_cstr(&exchange->request->arena, header)));
        return false;
    }
    if (headers_fit(exchange, version)) return true;
    fail(exchange, 400, HEADER_MISMATCH, "MCP-Protocol-Version, Mcp-Method or Mcp-Name does not say what the body says", NULL);
    return false;
}

static void run(struct exchange *exchange)
{
    if (!check_version(exchange)) return;
    for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
        if (strcmp(exchange->method, methods[i].name) || !(exchange->modern ? methods[i].modern : methods[i].legacy)) continue;
        methods[i].run(exchange);
        return;
    }
    fail(exchange, exchange->modern ? 404 : 200, METHOD_NOT_FOUND, "this method is not offered", NULL);
}

void mcp_call(struct request *request)
{
    struct exchange exchange = { .request = request };
    exchange.root = request->body.len ? json_loadb(request->body.data, request->body.len, 0, NULL) : NULL;
    const json_t *id = json_object_get(exchange.root, "id");
    exchange.method = json_string_value(json_object_get(exchange.root, "method"));
    exchange.params = json_object_get(exchange.root, "params");
    const char *version = json_string_value(json_object_get(exchange.root, "jsonrpc"));
    if (json_is_string(id) || json_is_integer(id)) exchange.id = id;
    if (!exchange.root) fail(&exchange, 400, PARSE_ERROR, "the body is not JSON", NULL);
    else if (!json_is_object(exchange.root) || !version || strcmp(version, "2.0") || !exchange.method || (id && !exchange.id))
        fail(&exchange, 400, INVALID_REQUEST, "the body is not one JSON-RPC 2.0 request", NULL);
    else if (!id) answer_send(request, &(struct answer){ .status = 202, .no_body = true }); /* a notification */
    else run(&exchange);
    json_decref(exchange.root);
}
