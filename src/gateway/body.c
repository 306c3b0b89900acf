#include "gateway/body.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define ONE_LINE_MAX 256 /* texts up to this maximum are names and addresses: no control characters */

static struct body_refusal refuse(enum refusal refusal, const char *field)
{
    return (struct body_refusal){ refusal, field };
}

/* Nesting outside of strings. jansson recurses, so this comes first. */
static bool too_deep(struct str json)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < json.len; i++) {
        char c = json.data[i];
        if (quoted) {
            if (c == '\\') i++;
            else if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            if (++depth > LIMIT_JSON_DEPTH) return true;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }
    return false;
}

static bool is_tag(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr("-_.,", c)))) return false;
    }
    return true;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.data[i] < ' ' || s.data[i] == 127) return true;
    return false;
}

static enum refusal read_text(struct arena *arena, const json_t *value, const struct command_field *field,
                              struct str *out)
{
    if (!json_is_string(value)) return REFUSAL_BAD_FIELD;
    struct str text = str_make(json_string_value(value), json_string_length(value));
    if (text.len > field->max) return REFUSAL_TOO_LONG;
    if (field->type == COMMAND_FIELD_TAG && !is_tag(text)) return REFUSAL_BAD_FIELD;
    if (field->max <= ONE_LINE_MAX && has_control(text)) return REFUSAL_BAD_FIELD;
    if (field->origin == COMMAND_REQUIRED && !str_trim(text).len) return REFUSAL_EMPTY;
    *out = arena_copy(arena, text);
    return REFUSAL_NONE;
}

static enum refusal read_number(const json_t *value, const struct command_field *field, uint64_t *out)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0) return REFUSAL_BAD_FIELD;
    *out = (uint64_t)json_integer_value(value);
    if (field->type == COMMAND_FIELD_ID && !*out) return REFUSAL_BAD_FIELD;
    if (field->type == COMMAND_FIELD_COUNT && *out > field->max) return REFUSAL_BAD_FIELD;
    return REFUSAL_NONE;
}

static enum refusal read_json(struct arena *arena, const json_t *value, const struct command_field *field, struct str *out)
{
    if (!json_is_object(value)) return REFUSAL_BAD_FIELD;
    char *text = json_dumps(value, JSON_COMPACT);
    struct str json = str_of(text ? text : "");
    bool fits = json.len && json.len <= field->max;
    if (fits) *out = arena_copy(arena, json);
    free(text);
    return fits ? REFUSAL_NONE : REFUSAL_TOO_LONG;
}

static enum refusal read_field(struct arena *arena, const json_t *value, const struct command_field *field, void *at)
{
    switch (field->type) {
    case COMMAND_FIELD_TEXT:
    case COMMAND_FIELD_TAG: return read_text(arena, value, field, at);
    case COMMAND_FIELD_COUNT:
    case COMMAND_FIELD_ID:
    case COMMAND_FIELD_TIME: return read_number(value, field, at); /* a TIME is an int64_t of the same size */
    case COMMAND_FIELD_FLAG:
        if (!json_is_boolean(value)) return REFUSAL_BAD_FIELD;
        *(uint64_t *)at = json_is_true(value);
        return REFUSAL_NONE;
    case COMMAND_FIELD_JSON: return read_json(arena, value, field, at);
    case COMMAND_FIELD_DIGEST: break; /* never from a client */
    }
    return REFUSAL_UNKNOWN_FIELD;
}

static const struct command_field *find(const struct command_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].name, name) == 0) return &fields[i];
    return NULL;
}

static struct body_refusal read_object(struct arena *arena, json_t *object, const struct command_field *fields,
                                       size_t field_count, void *base)
{
    const char *name;
    json_t *value;
    uint64_t *given = base;
    json_object_foreach(object, name, value) {
        const struct command_field *field = find(fields, field_count, name);
        /* Fields that beckon fills in itself do not exist for a client. */
        if (!field || field->origin == COMMAND_NODE)
            return refuse(REFUSAL_UNKNOWN_FIELD,
                          strlen(name) <= LIMIT_TAG ? arena_cstr(arena, str_of(name)) : NULL);
        enum refusal refusal = read_field(arena, value, field, (char *)base + field->offset);
        if (refusal) return refuse(refusal, field->name);
        *given |= (uint64_t)1 << (field - fields);
    }
    for (size_t i = 0; i < field_count; i++)
        if (fields[i].origin == COMMAND_REQUIRED && !(*given & (uint64_t)1 << i))
            return refuse(REFUSAL_MISSING_FIELD, fields[i].name);
    return refuse(REFUSAL_NONE, NULL);
}

/* Text fields that were not given are empty, not NULL. */
static void clear_texts(const struct command_field *fields, size_t field_count, void *base)
{
    for (size_t i = 0; i < field_count; i++)
        if (fields[i].type <= COMMAND_FIELD_JSON) *(struct str *)(void *)((char *)base + fields[i].offset) = STR_EMPTY;
}

struct body_refusal body_read(struct arena *arena, struct str body, const struct command_field *fields,
                              size_t field_count, void *base)
{
    clear_texts(fields, field_count, base);
    if (!body.len) body = STR("{}");
    if (!str_is_utf8(body)) return refuse(REFUSAL_BAD_UTF8, NULL);
    if (too_deep(body)) return refuse(REFUSAL_BAD_JSON, NULL);
    json_t *object = json_loadb(body.data, body.len, JSON_REJECT_DUPLICATES, NULL);
    struct body_refusal result = refuse(REFUSAL_BAD_JSON, NULL);
    if (json_is_object(object)) result = read_object(arena, object, fields, field_count, base);
    json_decref(object);
    return result;
}

void body_give_text(const struct command_field *fields, size_t field_count, void *base, const char *name,
                    struct str text)
{
    const struct command_field *field = find(fields, field_count, name);
    if (!field || field->type > COMMAND_FIELD_TAG) return;
    *(struct str *)(void *)((char *)base + field->offset) = text;
    *(uint64_t *)base |= (uint64_t)1 << (field - fields);
}
