/* mcp_params.c - arguments that a tool wants in headers as well (`x-mcp-header` in its schema, revision 2026-07-28), so
 * that whoever stands between can route by them. Which these are, only the server's list of tools says. */
#include <sodium.h>

#include "assistant/mcp_client.h"

#define NAME_MAX_BYTES 64
#define VALUE_MAX 2000

static bool is_token(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && (!c || !strchr("!#$%&'*+-.^_`|~", c)))
            return false;
    }
    return name.len > 0 && name.len <= NAME_MAX_BYTES;
}

static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] < ' ' || (unsigned char)text.data[i] > '~')
            return false;
    return text.len && text.data[0] != ' ' && text.data[text.len - 1] != ' ' && !str_starts(text, STR("=?base64?"));
}

struct str mcp_header_value(struct arena *arena, struct str text)
{
    if (is_plain(text))
        return text;
    size_t room = sodium_base64_encoded_len(text.len, sodium_base64_VARIANT_ORIGINAL);
    char *coded = arena_take(arena, room);
    sodium_bin2base64(coded, room, (const unsigned char *)(text.data ? text.data : ""), text.len, sodium_base64_VARIANT_ORIGINAL);
    return arena_format(arena, "=?base64?%s?=", coded);
}

/* Texts, whole numbers and truth values only; null and what is left out have no header. */
static struct str text_of(struct arena *arena, const json_t *value)
{
    if (json_is_string(value))
        return mcp_header_value(arena, str_make(json_string_value(value), json_string_length(value)));
    if (json_is_integer(value))
        return arena_format(arena, "%lld", (long long)json_integer_value(value));
    return json_is_boolean(value) ? str_of(json_is_true(value) ? "true" : "false") : STR_EMPTY;
}

static const json_t *tool_of(const json_t *listed, struct str name)
{
    const json_t *tool;
    size_t i;
    json_array_foreach(json_object_get(json_object_get(listed, "result"), "tools"), i, tool) {
        const char *its = json_string_value(json_object_get(tool, "name"));
        if (its && str_equal(name, str_of(its)))
            return tool;
    }
    return NULL;
}

size_t mcp_params(const json_t *listed, const struct mcp_call *call, struct mcp_param *out, size_t max)
{
    const json_t *properties = json_object_get(json_object_get(tool_of(listed, call->tool), "inputSchema"), "properties");
    const char *key;
    json_t *property;
    size_t count = 0;
    json_object_foreach((json_t *)(uintptr_t)properties, key, property) {
        const char *header = json_string_value(json_object_get(property, "x-mcp-header"));
        struct str value = text_of(call->arena, json_object_get(call->arguments, key));
        if (header && is_token(str_of(header)) && value.len && value.len <= VALUE_MAX && count < max)
            out[count++] = (struct mcp_param){ arena_copy(call->arena, str_of(header)), value };
    }
    return count;
}
