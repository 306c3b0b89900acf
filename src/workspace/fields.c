#include "workspace/fields.h"

#include "base/memory.h"

static const char *cure_for_kind(const struct yaml_tree *tree)
{
    if (tree->kind == YAML_KIND_NULL)
        return "give a value behind the colon, or leave the key out";
    return "see docs/workspace.md for this key; text with ':' or '#' in it needs quotes";
}

static bool expect(struct reading *reading, const struct yaml_tree *tree, const struct field *field,
                   enum yaml_kind kind, const char *wanted)
{
    if (tree->kind == kind)
        return true;
    fields_problem(reading, tree->line, cure_for_kind(tree), "'%s' should be %s, but is %s", field->key, wanted,
                   yaml_tree_kind_name(tree));
    return false;
}

static void suggest_key(struct reading *reading, struct str key, int line, const struct field *fields, size_t count)
{
    struct str names[32];
    must(count <= ARRAY_LEN(names));
    for (size_t i = 0; i < count; i++)
        names[i] = str_of(fields[i].key);
    const char *cure = problems_suggest(reading->problems, key, names, count,
                                        "remove it; docs/workspace.md lists the keys");
    fields_problem(reading, line, cure, "unknown key '%.*s'", STR_ARG(str_cut(key, LIMIT_TAG)));
}

void fields_read(struct reading *reading, const struct yaml_tree *map, const struct field *fields, size_t count,
                 void *target)
{
    if (map->kind != YAML_KIND_MAP) {
        fields_problem(reading, map->line, "write 'key: value' lines; docs/workspace.md shows them",
                       "this should be a map, but is %s", yaml_tree_kind_name(map));
        return;
    }
    for (size_t i = 0; i < map->count; i++) {
        size_t k = 0;
        while (k < count && !str_equal(map->keys[i], str_of(fields[k].key)))
            k++;
        if (k == count)
            suggest_key(reading, map->keys[i], map->key_lines[i], fields, count);
    }
    /* In the table's order: languages are known before texts by language are read. */
    for (size_t k = 0; k < count; k++) {
        const struct yaml_tree *value = yaml_tree_get(map, fields[k].key);
        if (value)
            fields[k].read(reading, value, &fields[k], (char *)target + fields[k].offset);
        else if (fields[k].required)
            fields_problem(reading, map->line, "add it; docs/workspace.md says what it is for",
                           "the key '%s' is missing", fields[k].key);
    }
}

size_t *field_count(const struct field *field, void *target)
{
    return (size_t *)(void *)((char *)target - field->offset + field->count_offset);
}

static bool text_fits(struct reading *reading, const struct yaml_tree *tree, const struct field *field)
{
    if (!expect(reading, tree, field, YAML_KIND_TEXT, "text"))
        return false;
    if (str_trim(tree->text).len == 0) {
        fields_problem(reading, tree->line, "give a value, or leave the key out", "'%s' is empty", field->key);
        return false;
    }
    if (tree->text.len > (size_t)field->max) {
        fields_problem(reading, tree->line, "make it shorter", "'%s' has %zu bytes; at most %ld are allowed", field->key,
                       tree->text.len, field->max);
        return false;
    }
    return true;
}

static bool line_fits(struct reading *reading, const struct yaml_tree *tree, const struct field *field)
{
    if (!text_fits(reading, tree, field))
        return false;
    if (str_find_char(str_trim(tree->text), '\n', 0) < 0)
        return true;
    fields_problem(reading, tree->line, "write it on one line", "'%s' has more than one line", field->key);
    return false;
}

void field_text(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    if (text_fits(reading, tree, field))
        *(struct str *)target = str_trim(tree->text);
}

void field_line(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    if (line_fits(reading, tree, field))
        *(struct str *)target = str_trim(tree->text);
}

bool fields_is_name(struct str name)
{
    if (name.len == 0 || name.len > LIMIT_TAG || name.data[0] == '-')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return true;
}

static bool name_fits(struct reading *reading, const struct yaml_tree *tree, const struct field *field)
{
    if (!expect(reading, tree, field, YAML_KIND_TEXT, "a name"))
        return false;
    if (fields_is_name(tree->text))
        return true;
    fields_problem(reading, tree->line, "use 1 to 64 of a-z, 0-9, '-' and '_'", "'%.*s' is not a name",
                   STR_ARG(str_cut(tree->text, LIMIT_TAG)));
    return false;
}

void field_name(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    if (name_fits(reading, tree, field))
        *(struct str *)target = tree->text;
}

void field_number(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    int64_t value = 0;
    if (!expect(reading, tree, field, YAML_KIND_TEXT, "a number"))
        return;
    if (tree->quoted || !str_to_i64(tree->text, &value) || value < field->min || value > field->max)
        fields_problem(reading, tree->line, "give a whole number without quotes",
                       "'%s' should be a whole number from %ld to %ld, but is '%.*s'", field->key, field->min, field->max,
                       STR_ARG(str_cut(tree->text, LIMIT_TAG)));
    else
        *(int *)target = (int)value;
}

void field_bool(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    if (tree->kind == YAML_KIND_TEXT && !tree->quoted && str_equal(tree->text, STR("true")))
        *(bool *)target = true;
    else if (tree->kind == YAML_KIND_TEXT && !tree->quoted && str_equal(tree->text, STR("false")))
        *(bool *)target = false;
    else
        fields_problem(reading, tree->line, "write true or false, without quotes", "'%s' is neither true nor false",
                       field->key);
}

void field_word(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    const char *const *words = field->more;
    struct str list[16];
    size_t count = 0;
    if (!expect(reading, tree, field, YAML_KIND_TEXT, "a word"))
        return;
    struct buf all;
    buf_init(&all, 256);
    for (; words[count]; count++) {
        must(count < ARRAY_LEN(list));
        list[count] = str_of(words[count]);
        buf_add_format(&all, "%s%s", count ? ", " : "choose one of: ", words[count]);
        if (str_equal(tree->text, list[count])) {
            *(int *)target = (int)count;
            buf_free(&all);
            return;
        }
    }
    fields_problem(reading, tree->line, problems_suggest(reading->problems, tree->text, list, count, buf_cstr(&all)),
                   "'%s' cannot be '%.*s'", field->key, STR_ARG(str_cut(tree->text, LIMIT_TAG)));
    buf_free(&all);
}

static bool host_is_local(struct str rest)
{
    static const char *const local[] = { "127.0.0.1", "localhost", "[::1]" };
    for (size_t i = 0; i < ARRAY_LEN(local); i++) {
        struct str host = str_of(local[i]);
        if (str_starts(rest, host) && (rest.len == host.len || memchr(":/", rest.data[host.len], 2)))
            return true;
    }
    return false;
}

/* What stands before an '@' looks like the host and is not. */
static bool has_user(struct str address)
{
    for (size_t i = 0; i < address.len && !strchr("/?#", address.data[i]); i++)
        if (address.data[i] == '@')
            return true;
    return false;
}

bool fields_safe_url(struct str url)
{
    if (url.len == 0 || url.len > LIMIT_URL)
        return false;
    for (size_t i = 0; i < url.len; i++)
        if ((unsigned char)url.data[i] <= ' ' || url.data[i] == 0x7f || strchr("\"<>\\^`", url.data[i]))
            return false;
    if (url.data[0] == '/')
        return url.len == 1 || url.data[1] != '/';
    if (str_starts(url, STR("http://")))
        return host_is_local(str_slice(url, 7, url.len)) && !has_user(str_slice(url, 7, url.len));
    if (str_starts(url, STR("https://")))
        return url.len > 8 && url.data[8] != '/' && !has_user(str_slice(url, 8, url.len));
    return (str_starts(url, STR("mailto:")) && url.len > 7) || (str_starts(url, STR("tel:")) && url.len > 4);
}

void field_url(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    if (!line_fits(reading, tree, field))
        return;
    struct str url = str_trim(tree->text);
    if (fields_safe_url(url))
        *(struct str *)target = url;
    else
        fields_problem(reading, tree->line, "use https://…, a path that begins with one '/', or http:// to this machine",
                       "'%s' is not a safe address", field->key);
}

bool fields_is_language(struct str code)
{
    if (code.len < 2 || code.len > 16 || code.data[0] == '-' || code.data[code.len - 1] == '-')
        return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (i < 2 ? !(c >= 'a' && c <= 'z') : !(letter || (c >= '0' && c <= '9') || c == '-'))
            return false;
    }
    return true;
}

bool fields_check_language(struct reading *reading, int line, struct str code)
{
    const struct workspace *workspace = reading->workspace;
    for (size_t i = 0; i < workspace->language_count; i++)
        if (str_equal(workspace->languages[i], code))
            return true;
    if (workspace->language_count > 0) /* without any, that is the mistake, and it is named once */
        fields_problem(reading, line,
                       problems_suggest(reading->problems, code, workspace->languages, workspace->language_count,
                                        "add it to 'languages' in workspace.yaml, or remove this text"),
                       "the language '%.*s' is not one of the workspace's", STR_ARG(str_cut(code, 16)));
    return false;
}

static struct str first_language(const struct reading *reading)
{
    return reading->workspace->language_count ? reading->workspace->languages[0] : STR("en");
}

void field_texts(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct text_by_language *texts;
    size_t *count = field_count(field, target);
    if (tree->kind == YAML_KIND_TEXT) {
        if (!text_fits(reading, tree, field))
            return;
        texts = ARENA_NEW(reading->arena, struct text_by_language);
        texts[0] = (struct text_by_language){ first_language(reading), str_trim(tree->text) };
        *count = 1;
    } else {
        if (!expect(reading, tree, field, YAML_KIND_MAP, "text, or a map from languages to texts"))
            return;
        texts = ARENA_NEW_ARRAY(reading->arena, struct text_by_language, tree->count + 1);
        for (size_t i = 0; i < tree->count; i++)
            if (fields_check_language(reading, tree->key_lines[i], tree->keys[i]) &&
                text_fits(reading, &tree->items[i], field))
                texts[(*count)++] = (struct text_by_language){ tree->keys[i], str_trim(tree->items[i].text) };
    }
    *(struct text_by_language **)target = texts;
}

static bool in_list(const struct str *items, size_t count, struct str text)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(items[i], text))
            return true;
    return false;
}

static struct str *read_lines(struct reading *reading, const struct yaml_tree *tree, const struct field *field,
                              bool names, size_t *count)
{
    *count = 0;
    if (!expect(reading, tree, field, YAML_KIND_LIST, "a list"))
        return NULL;
    if (tree->count > (size_t)field->max) {
        fields_problem(reading, tree->line, "remove some", "'%s' has %zu items; at most %ld are allowed", field->key,
                       tree->count, field->max);
        return NULL;
    }
    struct str *items = ARENA_NEW_ARRAY(reading->arena, struct str, tree->count + 1);
    struct field line = { .key = field->key, .max = LIMIT_NAME * 2 };
    for (size_t i = 0; i < tree->count; i++) {
        const struct yaml_tree *item = &tree->items[i];
        if (!(names ? name_fits(reading, item, field) : line_fits(reading, item, &line)))
            continue;
        struct str text = str_trim(item->text);
        if (in_list(items, *count, text))
            fields_problem(reading, item->line, "keep one of them", "'%.*s' stands in '%s' twice", STR_ARG(text),
                           field->key);
        else
            items[(*count)++] = text;
    }
    return items;
}

void field_lines(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    *(struct str **)target = read_lines(reading, tree, field, false, field_count(field, target));
}

void field_names(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str *items = read_lines(reading, tree, field, true, field_count(field, target));
    *(struct str **)target = items;
    if (!items || !field->more)
        return;
    const enum reference_kind *kind = field->more;
    for (size_t i = 0; i < tree->count; i++)
        if (tree->items[i].kind == YAML_KIND_TEXT)
            fields_refer(reading, *kind, tree->items[i].text, tree->items[i].line);
}

void field_lists(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct utterances *lists;
    size_t *count = field_count(field, target);
    if (tree->kind == YAML_KIND_LIST) {
        lists = ARENA_NEW(reading->arena, struct utterances);
        lists[0].language = first_language(reading);
        lists[0].items = read_lines(reading, tree, field, false, &lists[0].count);
        *count = 1;
    } else {
        if (!expect(reading, tree, field, YAML_KIND_MAP, "a list, or a map from languages to lists"))
            return;
        lists = ARENA_NEW_ARRAY(reading->arena, struct utterances, tree->count + 1);
        for (size_t i = 0; i < tree->count; i++) {
            if (!fields_check_language(reading, tree->key_lines[i], tree->keys[i]))
                continue;
            struct utterances *list = &lists[(*count)++];
            list->language = tree->keys[i];
            list->items = read_lines(reading, &tree->items[i], field, false, &list->count);
        }
    }
    *(struct utterances **)target = lists;
}

void field_map(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    const struct field_table *table = field->more;
    fields_read(reading, tree, table->fields, table->count, (char *)target - field->offset);
}

void field_items(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    const struct field_table *table = field->more;
    if (!expect(reading, tree, field, YAML_KIND_LIST, "a list"))
        return;
    if (tree->count > (size_t)field->max) {
        fields_problem(reading, tree->line, "remove some", "'%s' has %zu items; at most %ld are allowed", field->key,
                       tree->count, field->max);
        return;
    }
    char *items = arena_take(reading->arena, table->item_size * (tree->count + 1));
    for (size_t i = 0; i < tree->count; i++)
        fields_read(reading, &tree->items[i], table->fields, table->count, items + i * table->item_size);
    *(void **)target = items;
    *field_count(field, target) = tree->count;
}

void fields_refer(struct reading *reading, enum reference_kind kind, struct str name, int line)
{
    if (reading->reference_count == reading->reference_capacity) {
        reading->reference_capacity = reading->reference_capacity ? reading->reference_capacity * 2 : 64;
        reading->references = memory_resize(reading->references, reading->reference_capacity,
                                            sizeof *reading->references);
    }
    reading->references[reading->reference_count++] =
        (struct reference){ kind, name, { reading->file, line } };
}

void fields_keep_utterances(struct reading *reading, const struct yaml_tree *tree)
{
    if (tree->kind == YAML_KIND_TEXT) {
        if (reading->utterance_count == reading->utterance_capacity) {
            reading->utterance_capacity = reading->utterance_capacity ? reading->utterance_capacity * 2 : 256;
            reading->utterances = memory_resize(reading->utterances, reading->utterance_capacity,
                                                sizeof *reading->utterances);
        }
        reading->utterances[reading->utterance_count++] =
            (struct utterance){ str_trim(tree->text), { reading->file, tree->line } };
    }
    for (size_t i = 0; i < tree->count; i++)
        fields_keep_utterances(reading, &tree->items[i]);
}
