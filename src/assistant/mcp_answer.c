/* mcp_answer.c - what an MCP server answered: the message in a body or stream, and what it means. */
#include <stdlib.h>

#include "assistant/mcp_client.h"
#include "base/limits.h"

#define WHY_MAX 200 /* bytes of a server's own words */

/* --- the message -------------------------------------------------------------------------------- */

static json_t *with_id(struct str text, const char *id)
{
    json_t *json = text.len ? json_loadb(text.data, text.len, 0, NULL) : NULL;
    const char *its = json_string_value(json_object_get(json, "id"));
    bool answer = json_object_get(json, "result") || json_object_get(json, "error");
    if (answer && (!id || (its && strcmp(its, id) == 0)))
        return json;
    json_decref(json);
    return NULL;
}

/* Events end at an empty line; the last one may lack it. Requests and notices of the server are passed over. */
static json_t *in_stream(struct str body, const char *id)
{
    struct buf data;
    json_t *found = NULL;
    buf_init(&data, LIMIT_ACTION_RESULT * 2);
    for (size_t at = 0; at <= body.len && !found;) {
        size_t end = at;
        while (end < body.len && body.data[end] != '\n' && body.data[end] != '\r')
            end++;
        struct str line = str_slice(body, at, end);
        at = end + (end + 1 < body.len && body.data[end] == '\r' && body.data[end + 1] == '\n' ? 2 : 1);
        if (str_starts(line, STR("data:"))) {
            buf_add_str(&data, data.len ? STR("\n") : STR(""));
            buf_add_str(&data, str_slice(line, line.len > 5 && line.data[5] == ' ' ? 6 : 5, line.len));
        } else if (line.len == 0 && data.len) {
            found = data.full ? NULL : with_id(buf_str(&data), id);
            buf_clear(&data);
        }
    }
    if (!found && data.len && !data.full)
        found = with_id(buf_str(&data), id);
    buf_free(&data);
    return found;
}

json_t *mcp_find_answer(struct str body, bool stream, const char *id)
{
    return stream ? in_stream(body, id) : with_id(body, id);
}

/* --- what it means ------------------------------------------------------------------------------ */

static struct str dumped(struct arena *arena, const json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    struct str out = text && strlen(text) <= LIMIT_ACTION_RESULT ? arena_copy(arena, str_of(text)) : STR_EMPTY;
    free(text);
    return out;
}

/* All text of the content; if it is one JSON object, that. */
static struct str content_of(struct arena *arena, const json_t *content)
{
    struct buf text;
    const json_t *item;
    size_t i;
    struct str out = STR_EMPTY;
    buf_init(&text, LIMIT_ACTION_RESULT);
    json_array_foreach(content, i, item) {
        const json_t *part = json_object_get(item, "text");
        if (json_is_string(part))
            buf_add_str(&text, str_make(json_string_value(part), json_string_length(part)));
    }
    json_t *object = text.len && !text.full ? json_loadb(text.data, text.len, 0, NULL) : NULL;
    if (!json_is_object(object)) {
        json_decref(object);
        object = json_pack("{s:o}", "text", json_stringn(text.data ? text.data : "", text.full ? 0 : text.len));
    }
    if (object)
        out = dumped(arena, object);
    json_decref(object);
    buf_free(&text);
    return out;
}

struct mcp_answer mcp_read_answer(struct arena *arena, const json_t *message)
{
    const json_t *result = json_object_get(message, "result"), *structured = json_object_get(result, "structuredContent");
    const char *kind = json_string_value(json_object_get(result, "resultType"));
    struct mcp_answer answer = { MCP_FAILED, false, STR_EMPTY, STR("the MCP server's result is none that can be used") };
    const char *error = json_string_value(json_object_get(json_object_get(message, "error"), "message"));
    if (error)
        answer.why = arena_format(arena, "the MCP server says: %.*s", STR_ARG(str_cut(str_of(error), WHY_MAX)));
    if (!json_is_object(result) || (kind && strcmp(kind, "complete") != 0)) /* it would want to be asked more */
        return answer;
    answer.json = json_is_object(structured) ? dumped(arena, structured) : content_of(arena, json_object_get(result, "content"));
    answer.outcome = json_is_true(json_object_get(result, "isError")) ? MCP_REFUSED : answer.json.len ? MCP_DONE : MCP_FAILED;
    return answer;
}
