#include "workspace/schema.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#define PLACE_MAX 200

struct check {
    struct err *err;
    char place[PLACE_MAX]; /* in the value that is checked */
    int depth;
};

static bool fits(struct check *check, const json_t *schema, const json_t *value);

static bool misfit(struct check *check, const char *what)
{
    return err_set(check->err, "%s%s%s", check->place[0] ? check->place : "", check->place[0] ? ": " : "", what);
}

/* --- types --------------------------------------------------------------------------------------- */

static const char *const types[] = { "object", "array", "string", "number", "integer", "boolean", "null" };

bool schema_type_known(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_equal(name, str_of(types[i]))) return true;
    return false;
}

static bool is_a(const json_t *value, const char *type)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return !strcmp(type, "object");
    case JSON_ARRAY: return !strcmp(type, "array");
    case JSON_STRING: return !strcmp(type, "string");
    case JSON_INTEGER: return !strcmp(type, "integer") || !strcmp(type, "number");
    case JSON_REAL: return !strcmp(type, "number") || (!strcmp(type, "integer") && json_real_value(value) == trunc(json_real_value(value)));
    case JSON_TRUE: case JSON_FALSE: return !strcmp(type, "boolean");
    default: return !strcmp(type, "null");
    }
}

/* --- keywords: each looks at the kinds of value that it is about and lets others pass ----------- */

static bool check_type(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    char text[64];
    size_t i;
    const json_t *one;
    UNUSED(schema);
    if (json_is_string(rule) && is_a(value, json_string_value(rule))) return true;
    json_array_foreach(rule, i, one)
        if (json_is_string(one) && is_a(value, json_string_value(one))) return true;
    snprintf(text, sizeof text, "not of type %s", json_is_string(rule) ? json_string_value(rule) : "that is allowed");
    return misfit(check, text);
}

static bool check_enum(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    size_t i;
    const json_t *one;
    UNUSED(schema);
    json_array_foreach(rule, i, one)
        if (json_equal((json_t *)(uintptr_t)one, (json_t *)(uintptr_t)value)) return true;
    return misfit(check, "none of the allowed values");
}

static bool check_const(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    UNUSED(schema);
    return json_equal((json_t *)(uintptr_t)rule, (json_t *)(uintptr_t)value) || misfit(check, "not the one allowed value");
}

static bool check_required(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    char text[128];
    size_t i;
    const json_t *name;
    UNUSED(schema);
    if (!json_is_object(value)) return true;
    json_array_foreach(rule, i, name) {
        if (json_object_get(value, json_string_value(name))) continue;
        snprintf(text, sizeof text, "'%.80s' is missing", json_string_value(name));
        return misfit(check, text);
    }
    return true;
}

/* Checks a member (by name) or an item (by number); the place is longer meanwhile. */
static bool fits_part(struct check *check, const json_t *schema, const json_t *value, const char *name, size_t number)
{
    size_t len = strlen(check->place);
    if (name) snprintf(check->place + len, PLACE_MAX - len, "%s%.80s", len ? "." : "", name);
    else snprintf(check->place + len, PLACE_MAX - len, "[%zu]", number);
    bool good = fits(check, schema, value);
    check->place[len] = '\0';
    return good;
}

static bool check_properties(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    const char *name;
    json_t *part;
    UNUSED(schema);
    if (!json_is_object(value)) return true;
    json_object_foreach((json_t *)(uintptr_t)rule, name, part) {
        const json_t *member = json_object_get(value, name);
        if (member && !fits_part(check, part, member, name, 0)) return false;
    }
    return true;
}

static bool check_additional(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    const char *name;
    json_t *member;
    char text[128];
    if (json_is_true(rule) || !json_is_object(value)) return true;
    json_object_foreach((json_t *)(uintptr_t)value, name, member) {
        if (json_object_get(json_object_get(schema, "properties"), name)) continue;
        snprintf(text, sizeof text, "'%.80s' is not expected", name);
        return misfit(check, text);
    }
    return true;
}

static bool check_items(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    size_t i;
    const json_t *item;
    UNUSED(schema);
    json_array_foreach(value, i, item)
        if (!fits_part(check, rule, item, NULL, i)) return false;
    return true;
}

static bool check_least(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    char text[64];
    UNUSED(schema);
    if (!json_is_number(value) || json_number_value(value) >= json_number_value(rule)) return true;
    snprintf(text, sizeof text, "less than %g", json_number_value(rule));
    return misfit(check, text);
}

static bool check_most(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    char text[64];
    UNUSED(schema);
    if (!json_is_number(value) || json_number_value(value) <= json_number_value(rule)) return true;
    snprintf(text, sizeof text, "more than %g", json_number_value(rule));
    return misfit(check, text);
}

/* Characters of a text, items of a list. */
static int64_t length_of(const json_t *value)
{
    int64_t count = 0;
    if (json_is_array(value)) return (int64_t)json_array_size(value);
    for (size_t i = 0; i < json_string_length(value); i++) count += ((unsigned char)json_string_value(value)[i] & 0xc0) != 0x80;
    return count;
}

static bool check_shortest(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    UNUSED(schema);
    return !json_is_string(value) || length_of(value) >= json_integer_value(rule) || misfit(check, "too short");
}

static bool check_longest(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    UNUSED(schema);
    return !json_is_string(value) || length_of(value) <= json_integer_value(rule) || misfit(check, "too long");
}

static bool check_fewest(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    UNUSED(schema);
    return !json_is_array(value) || length_of(value) >= json_integer_value(rule) || misfit(check, "too few items");
}

static bool check_most_items(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    UNUSED(schema);
    return !json_is_array(value) || length_of(value) <= json_integer_value(rule) || misfit(check, "too many items");
}

static bool check_pattern(struct check *check, const json_t *schema, const json_t *rule, const json_t *value)
{
    regex_t compiled;
    UNUSED(schema);
    if (!json_is_string(value)) return true;
    if (regcomp(&compiled, json_string_value(rule), REG_EXTENDED | REG_NOSUB)) return misfit(check, "the pattern cannot be used");
    bool found = regexec(&compiled, json_string_value(value), 0, NULL, 0) == 0;
    regfree(&compiled);
    return found || misfit(check, "not as the pattern says");
}

static const struct keyword {
    const char *name;
    enum schema_rule rule;
    bool (*check)(struct check *check, const json_t *schema, const json_t *rule, const json_t *value);
} keywords[] = {
    { "type", SCHEMA_TYPE_NAME, check_type },
    { "enum", SCHEMA_LIST, check_enum },
    { "const", SCHEMA_ANY, check_const },
    { "required", SCHEMA_NAMES, check_required },
    { "properties", SCHEMA_MAP, check_properties },
    { "additionalProperties", SCHEMA_BOOL, check_additional },
    { "items", SCHEMA_SCHEMA, check_items },
    { "minItems", SCHEMA_COUNT, check_fewest },
    { "maxItems", SCHEMA_COUNT, check_most_items },
    { "minimum", SCHEMA_NUMBER, check_least },
    { "maximum", SCHEMA_NUMBER, check_most },
    { "minLength", SCHEMA_COUNT, check_shortest },
    { "maxLength", SCHEMA_COUNT, check_longest },
    { "pattern", SCHEMA_PATTERN, check_pattern },
    { "title", SCHEMA_PROSE, NULL },
    { "description", SCHEMA_PROSE, NULL },
};

bool schema_keyword(struct str name, enum schema_rule *rule)
{
    for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
        if (!str_equal(name, str_of(keywords[i].name))) continue;
        *rule = keywords[i].rule;
        return true;
    }
    return false;
}

static bool fits(struct check *check, const json_t *schema, const json_t *value)
{
    bool good = true;
    if (check->depth >= LIMIT_JSON_DEPTH) return misfit(check, "nested too deep");
    check->depth++;
    for (size_t i = 0; good && i < ARRAY_LEN(keywords); i++) {
        const json_t *rule = json_object_get(schema, keywords[i].name);
        if (rule && keywords[i].check) good = keywords[i].check(check, schema, rule, value);
    }
    check->depth--;
    return good;
}

bool schema_check(struct err *err, const json_t *schema, const json_t *value)
{
    struct check check = { .err = err };
    return fits(&check, schema, value);
}
