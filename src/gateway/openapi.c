#include <string.h>

#include "gateway/answer.h"
#include "gateway/gateway.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/route.h"
#include "gateway/schemas.h"
#include "gateway/server.h"

/* OpenAPI 3.1 from the tables of routes, commands, events, refusals and from schemas.c. */

static void add_ref(struct buf *out, const char *key, const char *kind, const char *name)
{
    json_open(out, key, '{');
    buf_add_format(out, "\"$ref\":\"#/components/%s/%s\"", kind, name);
    json_close(out, '}');
}

/* --- requests --- */

static void add_field(const struct command_field *field, struct buf *out)
{
    json_open(out, field->name, '{');
    bool text = field->type < COMMAND_FIELD_JSON, object = field->type == COMMAND_FIELD_JSON;
    json_text(out, "type", object ? STR("object") : text ? STR("string") : field->type == COMMAND_FIELD_FLAG ? STR("boolean") : STR("integer"));
    if (text) json_u64(out, "maxLength", field->max);
    if (field->type == COMMAND_FIELD_TAG) json_text(out, "pattern", STR("^[A-Za-z0-9_.,-]*$"));
    if (field->type == COMMAND_FIELD_COUNT) json_u64(out, "maximum", field->max);
    if (!text && !object && field->type != COMMAND_FIELD_FLAG) json_u64(out, "minimum", field->type == COMMAND_FIELD_ID);
    if (field->meaning[0]) json_text(out, "description", str_of(field->meaning));
    json_close(out, '}');
}

static void body_of(const struct route *route, const struct command_field **fields, size_t *count)
{
    bool command = route->command != ROUTE_NO_COMMAND;
    *fields = command ? command_table[route->command].fields : route->fields;
    *count = command ? command_table[route->command].field_count : route->field_count;
}

static void add_body(const struct route *route, struct buf *out)
{
    const struct command_field *fields;
    size_t count, required = 0;
    if (route->flags & ROUTE_OWN_BODY) {
        json_raw(out, "requestBody", STR("{\"required\":true,\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\"}}}}"));
        return;
    }
    body_of(route, &fields, &count);
    for (size_t i = 0; i < count; i++) required += fields[i].origin == COMMAND_REQUIRED;
    json_open(out, "requestBody", '{');
    json_bool(out, "required", required > 0);
    buf_add_str(out, STR(",\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\",\"additionalProperties\":false"));
    json_open(out, "properties", '{');
    for (size_t i = 0; i < count; i++)
        if (fields[i].origin != COMMAND_NODE) add_field(&fields[i], out);
    json_close(out, '}');
    if (required) {
        json_open(out, "required", '[');
        for (size_t i = 0; i < count; i++)
            if (fields[i].origin == COMMAND_REQUIRED) json_text(out, NULL, str_of(fields[i].name));
        json_close(out, ']');
    }
    buf_add_str(out, STR("}}}}"));
}

static void add_parameter(struct buf *out, struct str name, const char *in, const char *type)
{
    json_open(out, NULL, '{');
    json_text(out, "name", name);
    json_text(out, "in", str_of(in));
    json_bool(out, "required", strcmp(in, "path") == 0);
    buf_add_format(out, ",\"schema\":{\"type\":\"%s\"}", type);
    json_close(out, '}');
}

static const char *query_type(struct str name)
{
    static const char *const texts[] = { "language", "state", "text" };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (str_equal(name, str_of(texts[i]))) return "string";
    return "integer";
}

static void add_parameters(const struct route *route, struct buf *out)
{
    struct str path = str_of(route->path), names = str_of(route->query), piece;
    json_open(out, "parameters", '[');
    while (str_split(&path, '/', &piece)) {
        if (!str_starts(piece, STR("{"))) continue;
        piece = str_slice(piece, 1, piece.len - 1);
        add_parameter(out, piece, "path", str_equal(piece, STR("name")) ? "string" : "integer");
    }
    while (route->query && str_split(&names, ' ', &piece)) add_parameter(out, piece, "query", query_type(piece));
    if (route->flags & ROUTE_KEY) add_ref(out, NULL, "parameters", "IdempotencyKey");
    if (route->handle == page_events) add_ref(out, NULL, "parameters", "LastEventID");
    json_close(out, ']');
}

static void add_security(const struct route *route, struct buf *out)
{
    json_open(out, "security", '[');
    if (route->who & WHO_CUSTOMER) buf_add_str(out, STR("{\"customer\":[]}"));
    if (route->who & WHO_STAFF) {
        json_raw(out, NULL, STR("{\"staffCookie\":[]}"));
        json_raw(out, NULL, STR("{\"staffToken\":[]}"));
    }
    if (route->who & WHO_OPERATOR) json_raw(out, NULL, STR("{\"operator\":[]}"));
    if (route->who & WHO_PROGRAM) json_raw(out, NULL, STR("{\"program\":[]}"));
    json_close(out, ']');
}

static const char *answer_type(const struct route *route)
{
    return route->handle == help_page ? "text/html" : "text/plain";
}

static void add_answers(const struct route *route, struct buf *out)
{
    json_open(out, "responses", '{');
    json_open(out, "200", '{');
    json_text(out, "description", STR("Done."));
    json_open(out, "content", '{');
    if (route->answer) {
        json_open(out, "application/json", '{');
        add_ref(out, "schema", "schemas", route->answer);
        json_close(out, '}');
    }
    if (!route->answer) json_raw(out, answer_type(route), STR("{\"schema\":{\"type\":\"string\"}}"));
    if (route->handle == page_events) json_raw(out, "text/event-stream", STR("{\"schema\":{\"type\":\"string\"}}"));
    json_close(out, '}');
    json_close(out, '}');
    if (route->handle == probe_ready) json_raw(out, "503", STR(
        "{\"description\":\"Commands are not taken now.\",\"content\":{\"application/json\":{\"schema\":"
        "{\"$ref\":\"#/components/schemas/Ready\"}}}}"));
    add_ref(out, "default", "responses", "Refused");
    json_close(out, '}');
}

/* post_conversations_messages: the method and the path's own words. */
static void add_operation_id(const struct route *route, struct buf *out)
{
    struct str path = str_of(route->path), piece;
    json_text(out, "operationId", STR(""));
    out->len--;
    buf_add_str(out, route->method == HTTP_GET ? STR("get") : STR("post"));
    while (str_split(&path, '/', &piece)) {
        if (!piece.len || str_equal(piece, STR("v1"))) continue;
        buf_add_char(out, '_');
        for (size_t i = 0; i < piece.len; i++)
            if (piece.data[i] != '{' && piece.data[i] != '}')
                buf_add_char(out, piece.data[i] == '-' || piece.data[i] == '.' ? '_' : piece.data[i]);
    }
    buf_add_char(out, '"');
}

static const char *tag_of(const struct route *route)
{
    if (!route->who) return "anybody";
    if (route->who & WHO_CUSTOMER) return route->who & WHO_STAFF ? "conversation" : "customer";
    if (route->who & WHO_AGENT) return "staff";
    return route->who & WHO_SUPERVISOR ? "supervisor" : route->who & WHO_ADMINISTRATOR ? "administrator"
         : route->who & WHO_PROGRAM ? "program" : "operator";
}

static void add_operation(const struct route *route, struct buf *out)
{
    json_open(out, route->method == HTTP_GET ? "get" : "post", '{');
    add_operation_id(route, out);
    json_text(out, "summary", str_of(route->summary));
    json_open(out, "tags", '[');
    json_text(out, NULL, str_of(tag_of(route)));
    json_close(out, ']');
    add_security(route, out);
    add_parameters(route, out);
    if (route->method == HTTP_POST && !(route->flags & ROUTE_ANY_BODY)) add_body(route, out);
    add_answers(route, out);
    json_close(out, '}');
}

static bool seen_before(size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(route_table[i].path, route_table[at].path) == 0) return true;
    return false;
}

static void add_paths(struct buf *out)
{
    json_open(out, "paths", '{');
    for (size_t i = 0; i < route_count; i++) {
        if (seen_before(i)) continue;
        json_open(out, route_table[i].path, '{');
        for (size_t j = i; j < route_count; j++)
            if (strcmp(route_table[j].path, route_table[i].path) == 0) add_operation(&route_table[j], out);
        json_close(out, '}');
    }
    json_close(out, '}');
}

/* --- events --- */

static const char *event_type(const struct event_field *field)
{
    switch (field->type) {
    case EVENT_FIELD_JSON:
    case EVENT_FIELD_PERSONAL_JSON: return "{}";
    case EVENT_FIELD_TAG:
    case EVENT_FIELD_PERSONAL: return "{\"type\":\"string\"}";
    default: return "{\"type\":\"integer\"}";
    }
}

static void add_event(const struct event_row *row, struct buf *out)
{
    json_open(out, NULL, '{');
    json_text(out, "type", STR("object"));
    json_text(out, "title", str_of(row->name));
    json_text(out, "description", str_of(row->meaning));
    buf_add_str(out, STR(",\"required\":[\"seq\",\"at\",\"type\"]"));
    json_open(out, "properties", '{');
    buf_add_format(out, "\"seq\":{\"type\":\"integer\"},\"at\":{\"type\":\"integer\"},\"type\":{\"const\":\"%s\"},"
                   "\"conversation\":{\"type\":\"integer\"},\"customer\":{\"type\":\"integer\"},\"agent\":{\"type\":\"integer\"}",
                   row->name);
    for (size_t i = 0; i < row->field_count; i++) {
        const struct event_field *field = &row->fields[i];
        if (field->type == EVENT_FIELD_SECRET || field->type == EVENT_FIELD_DIGEST || !field->sees) continue;
        json_raw(out, field->name, str_of(event_type(field)));
    }
    json_close(out, '}');
    json_close(out, '}');
}

static void add_components(struct buf *out)
{
    json_open(out, "components", '{');
    json_open(out, "schemas", '{');
    for (const struct schema *schema = schemas; schema->name; schema++) json_raw(out, schema->name, str_of(schema->json));
    json_open(out, "Event", '{');
    json_text(out, "description", STR("One event of the log, with the fields that this session may see."));
    json_open(out, "oneOf", '[');
    for (int kind = 0; kind < EVENT_KINDS; kind++) add_event(&event_table[kind], out);
    json_close(out, ']');
    json_close(out, '}');
    json_close(out, '}');
    buf_add_str(out, STR(
        ",\"responses\":{\"Refused\":{\"description\":\"The request was refused: the code says why.\",\"content\":"
        "{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/Error\"}}}}}"
        ",\"parameters\":{\"IdempotencyKey\":{\"name\":\"Idempotency-Key\",\"in\":\"header\",\"required\":true,"
        "\"description\":\"Names the command: sent again with the same key it is done once.\","
        "\"schema\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":128}},"
        "\"LastEventID\":{\"name\":\"Last-Event-ID\",\"in\":\"header\",\"required\":false,"
        "\"description\":\"The last event seen: the stream goes on behind it.\",\"schema\":{\"type\":\"integer\"}}}"
        ",\"securitySchemes\":{"
        "\"customer\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"From POST /v1/session.\"},"
        "\"staffCookie\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"beckon_session\",\"description\":\"From POST /v1/login; over TLS its name is __Host-beckon_session.\"},"
        "\"staffToken\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"The token in the answer of POST /v1/login.\"},"
        "\"operator\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"The token in data/operator.json.\"},"
        "\"program\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"The key in the file that api: key_file: of workspace.yaml names.\"}}"));
    json_close(out, '}');
}

void gateway_openapi(struct buf *out)
{
    json_open(out, NULL, '{');
    json_text(out, "openapi", STR("3.1.0"));
    buf_add_format(out, ",\"info\":{\"title\":\"beckon\",\"version\":\"%s\",\"summary\":\"A customer-support platform: "
                   "an assistant answers first, a person is always one tap away.\",\"license\":{\"name\":\"Apache-2.0\","
                   "\"identifier\":\"Apache-2.0\"}},\"servers\":[{\"url\":\"/\"}]", BECKON_VERSION);
    add_paths(out);
    add_components(out);
    json_close(out, '}');
}

void openapi_show(struct request *request)
{
    struct buf *json = request_buf(request);
    gateway_openapi(json);
    answer_send(request, &(struct answer){ .status = 200, .body = buf_str(json), .cache = ANSWER_REVALIDATE });
}
