/* read_schema.c - a JSON schema, written as YAML, to JSON; every keyword is known and has a fitting value. */
#include <errno.h>
#include <regex.h>
#include <stdlib.h>

#include "workspace/pattern.h"
#include "workspace/read_files.h"
#include "workspace/schema.h"

#define SCHEMA_MAX 8192 /* bytes as JSON */

static json_t *scalar(const struct yaml_tree *tree, struct arena *arena)
{
    const char *text = arena_cstr(arena, tree->text);
    char *end;
    if (tree->kind == YAML_KIND_NULL) return json_null();
    if (!tree->quoted) {
        if (!strcmp(text, "true") || !strcmp(text, "false")) return json_boolean(text[0] == 't');
        errno = 0;
        long long whole = strtoll(text, &end, 10);
        if (end != text && !*end && !errno) return json_integer(whole);
        double real = strtod(text, &end);
        if (end != text && !*end && real - real == 0) return json_real(real); /* neither infinite nor none */
    }
    return json_stringn(tree->text.data, tree->text.len);
}

static json_t *value_of(const struct yaml_tree *tree, struct arena *arena)
{
    if (tree->kind != YAML_KIND_LIST && tree->kind != YAML_KIND_MAP) return scalar(tree, arena);
    json_t *all = tree->kind == YAML_KIND_LIST ? json_array() : json_object();
    for (size_t i = 0; i < tree->count; i++) {
        json_t *item = value_of(&tree->items[i], arena);
        if (tree->kind == YAML_KIND_LIST) json_array_append_new(all, item);
        else json_object_set_new(all, arena_cstr(arena, tree->keys[i]), item);
    }
    return all;
}

static bool is_type(const struct yaml_tree *tree)
{
    bool good = tree->kind == YAML_KIND_LIST && tree->count > 0;
    for (size_t i = 0; good && tree->kind == YAML_KIND_LIST && i < tree->count; i++)
        good = tree->items[i].kind == YAML_KIND_TEXT && schema_type_known(tree->items[i].text);
    return good || (tree->kind == YAML_KIND_TEXT && schema_type_known(tree->text));
}

static bool is_names(const struct yaml_tree *tree)
{
    bool good = tree->kind == YAML_KIND_LIST;
    for (size_t i = 0; good && i < tree->count; i++) good = tree->items[i].kind == YAML_KIND_TEXT;
    return good;
}

static bool is_pattern(const struct yaml_tree *tree, struct arena *arena)
{
    regex_t compiled;
    if (tree->kind != YAML_KIND_TEXT || pattern_fault(tree->text) || regcomp(&compiled, arena_cstr(arena, tree->text), REG_EXTENDED | REG_NOSUB)) return false;
    regfree(&compiled);
    return true;
}

static bool is_json(const struct yaml_tree *tree, struct arena *arena, json_type type, json_type other)
{
    json_t *json = scalar(tree, arena);
    bool good = tree->kind == YAML_KIND_TEXT && (json_typeof(json) == type || json_typeof(json) == other);
    json_decref(json);
    return good;
}

static bool rule_fits(struct reading *reading, enum schema_rule rule, const struct yaml_tree *tree)
{
    switch (rule) {
    case SCHEMA_TYPE_NAME: return is_type(tree);
    case SCHEMA_LIST: return tree->kind == YAML_KIND_LIST;
    case SCHEMA_NAMES: return is_names(tree);
    case SCHEMA_MAP: case SCHEMA_SCHEMA: return tree->kind == YAML_KIND_MAP;
    case SCHEMA_BOOL: return is_json(tree, reading->arena, JSON_TRUE, JSON_FALSE);
    case SCHEMA_COUNT: return is_json(tree, reading->arena, JSON_INTEGER, JSON_INTEGER) && tree->text.data[0] != '-';
    case SCHEMA_NUMBER: return is_json(tree, reading->arena, JSON_INTEGER, JSON_REAL);
    case SCHEMA_PATTERN: return is_pattern(tree, reading->arena);
    case SCHEMA_PROSE: return tree->kind == YAML_KIND_TEXT;
    case SCHEMA_ANY: break;
    }
    return true;
}

static const char *rule_cure(enum schema_rule rule)
{
    static const char *const cures[] = {
        [SCHEMA_TYPE_NAME] = "write object, array, string, number, integer, boolean or null, or a list of these",
        [SCHEMA_LIST] = "write a list", [SCHEMA_NAMES] = "write a list of names", [SCHEMA_MAP] = "write a map from name to schema",
        [SCHEMA_SCHEMA] = "write a schema: a map with 'type'", [SCHEMA_BOOL] = "write true or false", [SCHEMA_COUNT] = "write a whole number",
        [SCHEMA_NUMBER] = "write a number", [SCHEMA_PATTERN] = "write a POSIX extended regular expression in quotes",
        [SCHEMA_ANY] = "", [SCHEMA_PROSE] = "write a text",
    };
    return cures[rule];
}

static void check_tree(struct reading *reading, const struct yaml_tree *tree)
{
    enum schema_rule rule;
    if (tree->kind != YAML_KIND_MAP) {
        fields_problem(reading, tree->line, "write a map with 'type' and what follows from it", "a schema is %s", yaml_tree_kind_name(tree));
        return;
    }
    for (size_t i = 0; i < tree->count; i++) {
        const struct yaml_tree *value = &tree->items[i];
        if (!schema_keyword(tree->keys[i], &rule))
            fields_problem(reading, tree->key_lines[i], "use type, properties, required, additionalProperties, items, enum, const, minimum, "
                           "maximum, minLength, maxLength, minItems, maxItems, pattern", "a schema has no keyword '%.*s' here",
                           STR_ARG(str_cut(tree->keys[i], LIMIT_TAG)));
        else if (!rule_fits(reading, rule, value))
            fields_problem(reading, value->line, rule_cure(rule), "'%.*s' is %s", STR_ARG(tree->keys[i]), yaml_tree_kind_name(value));
        else if (rule == SCHEMA_SCHEMA)
            check_tree(reading, value);
        else if (rule == SCHEMA_MAP)
            for (size_t k = 0; k < value->count; k++) check_tree(reading, &value->items[k]);
    }
}

void field_schema(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    size_t before = reading->problems->count;
    UNUSED(field);
    check_tree(reading, tree);
    if (reading->problems->count > before) return;
    json_t *json = value_of(tree, reading->arena);
    char *text = json_dumps(json, JSON_COMPACT);
    if (text && strlen(text) <= SCHEMA_MAX) *(struct str *)target = arena_copy(reading->arena, str_of(text));
    else fields_problem(reading, tree->line, "describe only what is used", "the schema is longer than %d bytes", SCHEMA_MAX);
    free(text);
    json_decref(json);
}
