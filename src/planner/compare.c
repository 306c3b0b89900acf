#include "planner/compare.h"

#define SHOWN_MAX 400

struct performer *cast_find(const struct cast *cast, enum script_who who, struct str name)
{
    for (size_t i = 0; i < cast->count; i++)
        if (cast->items[i]->who & who && str_equal(cast->items[i]->name, name))
            return cast->items[i];
    return NULL;
}

json_t *compare_member(json_t *object, struct str path)
{
    struct str piece;
    uint64_t index;
    while (object && str_split(&path, '.', &piece)) {
        if (json_is_array(object))
            object = str_to_u64(piece, &index) ? json_array_get(object, (size_t)index) : NULL;
        else
            object = json_object_getn(object, piece.data, piece.len);
    }
    return object;
}

static int put(const char *data, size_t len, void *context)
{
    buf_add(context, data, len);
    return 0;
}

/* A string as it is, anything else as JSON. */
static void text_of(json_t *value, struct buf *out)
{
    if (json_is_string(value))
        buf_add(out, json_string_value(value), json_string_length(value));
    else
        json_dump_callback(value, put, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

/* The id that a name stands for in this field, or 0. */
static uint64_t id_of(const struct compare_names *names, struct str field, struct str name)
{
    static const char *const staff_fields[] = { "agent", "to_agent", "offered_to", "owner" };
    struct performer *performer = NULL;
    if (str_equal(field, STR("customer")) && (performer = cast_find(names->cast, BY_CUSTOMER, name)))
        return performer->id;
    if (str_equal(field, STR("conversation")) && (performer = cast_find(names->cast, BY_CUSTOMER, name)))
        return performer->conversation;
    for (size_t i = 0; i < ARRAY_LEN(staff_fields); i++)
        if (str_equal(field, str_of(staff_fields[i])) && (performer = cast_find(names->cast, BY_STAFF, name)))
            return performer->id;
    return 0;
}

static bool is_equal(const struct compare_names *names, const struct script_match *match, json_t *value)
{
    uint64_t id = id_of(names, match->field, match->value.text);
    if (json_is_integer(value) && id)
        return (uint64_t)json_integer_value(value) == id;
    if (json_is_number(value) && match->value.is_number)
        return json_number_value(value) == (double)match->value.number;
    struct buf text;
    buf_init(&text, SCRIPT_MAX);
    text_of(value, &text);
    bool equal = str_equal(buf_str(&text), match->value.text);
    buf_free(&text);
    return equal;
}

bool compare_one(const struct compare_names *names, const struct script_match *match, json_t *object)
{
    json_t *value = compare_member(object, match->field);
    bool present = value && !json_is_null(value);
    struct buf text;
    bool holds = false;
    switch (match->op) {
    case OP_PRESENT: return present;
    case OP_ABSENT: return !present;
    case OP_IS: return present && is_equal(names, match, value);
    case OP_IS_NOT: return !present || !is_equal(names, match, value);
    case OP_AT_LEAST: return json_is_number(value) && json_number_value(value) >= (double)match->value.number;
    case OP_AT_MOST: return json_is_number(value) && json_number_value(value) <= (double)match->value.number;
    case OP_CONTAINS:
        buf_init(&text, SCRIPT_MAX);
        if (present)
            text_of(value, &text);
        holds = present && str_find(buf_str(&text), match->value.text, 0) >= 0;
        buf_free(&text);
    }
    return holds;
}

bool compare_all(const struct compare_names *names, const struct script_statement *statement, json_t *object,
               const struct script_match **failed)
{
    for (size_t i = 0; i < statement->match_count; i++)
        if (!compare_one(names, &statement->matches[i], object)) {
            *failed = &statement->matches[i];
            return false;
        }
    return true;
}

void compare_show(json_t *object, struct buf *out)
{
    struct buf text;
    buf_init(&text, SCRIPT_MAX);
    const char *key;
    json_t *value;
    const char *type = json_string_value(json_object_get(object, "type"));
    if (type)
        buf_add_format(&text, "%s", type);
    json_object_foreach(object, key, value) {
        if (!strcmp(key, "type") || !strcmp(key, "at") || !strcmp(key, "explanation"))
            continue;
        buf_add_format(&text, "%s%s ", text.len ? " " : "", key);
        json_dump_callback(value, put, &text, JSON_COMPACT | JSON_ENCODE_ANY);
    }
    struct str shown = str_cut(buf_str(&text), SHOWN_MAX);
    buf_add_str(out, shown);
    if (text.len > SHOWN_MAX)
        buf_add_str(out, STR(" ..."));
    buf_free(&text);
}
