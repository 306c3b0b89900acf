#include "workspace/yaml_tree.h"

#include <yaml.h>

#include "base/memory.h"

struct yaml_reading {
    yaml_parser_t parser;
    struct yaml_arenas arenas;
    struct problems *problems;
    struct place place; /* of the first line */
    bool broken;        /* a syntax mistake: nothing more can be read */
    struct str text;
    size_t byte, character; /* as far as lines have been counted */
    int line;
};

/* A collection while it grows; copied into the arena when it is whole. */
struct pile {
    struct yaml_tree *items;
    struct str *keys;
    int *key_lines;
    size_t count, capacity;
};

/* Lines are counted here, by LF as editors do: libyaml's own count takes CR and Unicode's line ends
 * for lines too. Marks come in order but for mistakes, so the text is walked once. */
static struct place place_at(struct yaml_reading *reading, yaml_mark_t mark)
{
    if (mark.index < reading->character)
        reading->byte = reading->character = 0, reading->line = 0;
    while (reading->character < mark.index && reading->byte < reading->text.len) {
        reading->line += reading->text.data[reading->byte] == '\n';
        do
            reading->byte++;
        while (reading->byte < reading->text.len && ((unsigned char)reading->text.data[reading->byte] & 0xc0) == 0x80);
        reading->character++;
    }
    return (struct place){ reading->place.file, reading->place.line + reading->line };
}

static void syntax_mistake(struct yaml_reading *reading)
{
    const yaml_parser_t *parser = &reading->parser;
    yaml_mark_t mark = parser->problem_mark;
    reading->broken = true;
    if (parser->error == YAML_READER_ERROR) { /* the reader gives bytes, marks are characters */
        mark.index = 0;
        for (size_t i = 0; i < parser->problem_offset && i < reading->text.len; i++)
            mark.index += ((unsigned char)reading->text.data[i] & 0xc0) != 0x80;
    }
    const char *cure = "check the indentation, colons, quotes and brackets around here";
    if (parser->problem && strstr(parser->problem, "cannot start any token"))
        cure = "indent with spaces, not tabs, and put quotes around text that begins with a special character";
    problems_add(reading->problems, place_at(reading, mark), cure, "not valid YAML: %s",
                 parser->problem ? parser->problem : "it cannot be read");
}

static bool next_event(struct yaml_reading *reading, yaml_event_t *event)
{
    if (reading->broken)
        return false;
    if (yaml_parser_parse(&reading->parser, event))
        return true;
    syntax_mistake(reading);
    return false;
}

static void pile_add(struct pile *pile, struct str key, int key_line, const struct yaml_tree *value)
{
    if (pile->count == pile->capacity) {
        pile->capacity = pile->capacity ? pile->capacity * 2 : 8;
        pile->items = memory_resize(pile->items, pile->capacity, sizeof *pile->items);
        pile->keys = memory_resize(pile->keys, pile->capacity, sizeof *pile->keys);
        pile->key_lines = memory_resize(pile->key_lines, pile->capacity, sizeof *pile->key_lines);
    }
    pile->items[pile->count] = *value;
    pile->keys[pile->count] = key;
    pile->key_lines[pile->count] = key_line;
    pile->count++;
}

static void *copied(struct arena *arena, const void *data, size_t len)
{
    void *copy = arena_take(arena, len ? len : 1);
    if (len)
        memcpy(copy, data, len);
    return copy;
}

static void pile_into(struct yaml_reading *reading, struct pile *pile, struct yaml_tree *tree)
{
    tree->count = pile->count;
    tree->items = copied(reading->arenas.nodes, pile->items, pile->count * sizeof *pile->items);
    if (tree->kind == YAML_KIND_MAP) {
        tree->keys = copied(reading->arenas.nodes, pile->keys, pile->count * sizeof *pile->keys);
        tree->key_lines = copied(reading->arenas.nodes, pile->key_lines, pile->count * sizeof *pile->key_lines);
    }
    memory_free(pile->items);
    memory_free(pile->keys);
    memory_free(pile->key_lines);
}

static void refuse_specials(struct yaml_reading *reading, const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (event->type) {
    case YAML_SCALAR_EVENT: anchor = event->data.scalar.anchor; tag = event->data.scalar.tag; break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default: break;
    }
    if (anchor)
        problems_add(reading->problems, place_at(reading, event->start_mark),
                     "write the value out where it is needed; put quotes around text that begins with '&'",
                     "anchors are not taken");
    if (tag)
        problems_add(reading->problems, place_at(reading, event->start_mark),
                     "leave the tag out; put quotes around text that begins with '!'", "tags are not taken");
}

static void read_scalar(struct yaml_reading *reading, const yaml_event_t *event, struct yaml_tree *tree)
{
    struct str text = { (const char *)event->data.scalar.value, event->data.scalar.length };
    tree->kind = YAML_KIND_TEXT;
    tree->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (!tree->quoted && (text.len == 0 || str_equal(text, STR("~")) || str_equal(text, STR("null"))))
        tree->kind = YAML_KIND_NULL;
    if (memchr(text.data, 0, text.len))
        problems_add(reading->problems, (struct place){ reading->place.file, tree->line }, "leave the zero byte out",
                     "a text has a zero byte in it");
    tree->text = arena_copy(reading->arenas.texts, text);
}

static bool read_node(struct yaml_reading *reading, const yaml_event_t *event, int depth, struct yaml_tree *tree);

static void read_list(struct yaml_reading *reading, int depth, struct yaml_tree *tree)
{
    struct pile pile = { 0 };
    yaml_event_t event;
    tree->kind = YAML_KIND_LIST;
    while (next_event(reading, &event)) {
        bool end = event.type == YAML_SEQUENCE_END_EVENT;
        struct yaml_tree item = { 0 };
        if (!end && read_node(reading, &event, depth + 1, &item))
            pile_add(&pile, STR_EMPTY, 0, &item);
        yaml_event_delete(&event);
        if (end)
            break;
    }
    pile_into(reading, &pile, tree);
}

static bool key_is_new(struct yaml_reading *reading, const struct pile *pile, const struct yaml_tree *key)
{
    if (key->kind != YAML_KIND_TEXT) {
        problems_add(reading->problems, (struct place){ reading->place.file, key->line },
                     "a key is one plain word before a colon", "a key is %s", yaml_tree_kind_name(key));
        return false;
    }
    for (size_t i = 0; i < pile->count; i++) {
        if (str_equal(pile->keys[i], key->text)) {
            problems_add(reading->problems, (struct place){ reading->place.file, key->line },
                         "keep one of the two", "the key '%.*s' stands on line %d already",
                         STR_ARG(str_cut(key->text, LIMIT_TAG)), pile->key_lines[i]);
            return false;
        }
    }
    return true;
}

#define MAP_KEYS_MAX 256 /* keeps the search for doubles cheap */

static void read_map(struct yaml_reading *reading, int depth, struct yaml_tree *tree)
{
    struct pile pile = { 0 };
    yaml_event_t event;
    bool crowded = false;
    tree->kind = YAML_KIND_MAP;
    while (next_event(reading, &event)) {
        bool end = event.type == YAML_MAPPING_END_EVENT;
        struct yaml_tree key = { 0 }, value = { 0 };
        bool have = !end && read_node(reading, &event, depth + 1, &key);
        yaml_event_delete(&event);
        if (end || !have || !next_event(reading, &event))
            break;
        have = read_node(reading, &event, depth + 1, &value);
        yaml_event_delete(&event);
        if (have && pile.count == MAP_KEYS_MAX && !crowded)
            problems_add(reading->problems, (struct place){ reading->place.file, key.line }, "part it into several", "a map has more than %d keys", MAP_KEYS_MAX);
        crowded = pile.count == MAP_KEYS_MAX;
        if (have && !crowded && key_is_new(reading, &pile, &key))
            pile_add(&pile, key.text, key.line, &value);
    }
    pile_into(reading, &pile, tree);
}

static bool read_node(struct yaml_reading *reading, const yaml_event_t *event, int depth, struct yaml_tree *tree)
{
    tree->line = place_at(reading, event->start_mark).line;
    refuse_specials(reading, event);
    if (depth > YAML_DEPTH) {
        problems_add(reading->problems, (struct place){ reading->place.file, tree->line },
                     "nothing here needs to be that deep; put quotes around text with brackets",
                     "lists and maps are nested deeper than %d", YAML_DEPTH);
        reading->broken = true;
        return false;
    }
    switch (event->type) {
    case YAML_SCALAR_EVENT: read_scalar(reading, event, tree); return true;
    case YAML_SEQUENCE_START_EVENT: read_list(reading, depth, tree); return true;
    case YAML_MAPPING_START_EVENT: read_map(reading, depth, tree); return true;
    case YAML_ALIAS_EVENT:
        problems_add(reading->problems, (struct place){ reading->place.file, tree->line },
                     "write the value out; put quotes around text that begins with '*'", "aliases are not taken");
        return true;
    default: return false;
    }
}

static bool read_document(struct yaml_reading *reading, struct yaml_tree *tree)
{
    bool more = true, seen = false;
    yaml_event_t event;
    while (more && next_event(reading, &event)) {
        switch (event.type) {
        case YAML_STREAM_END_EVENT: more = false; break;
        case YAML_DOCUMENT_START_EVENT:
            if (seen)
                problems_add(reading->problems, place_at(reading, event.start_mark), "keep one document in a file",
                             "a second YAML document begins here");
            more = !seen;
            seen = true;
            break;
        case YAML_SCALAR_EVENT: case YAML_SEQUENCE_START_EVENT: case YAML_MAPPING_START_EVENT: case YAML_ALIAS_EVENT:
            read_node(reading, &event, 1, tree);
            break;
        default: break;
        }
        yaml_event_delete(&event);
    }
    return !reading->broken;
}

struct yaml_tree *yaml_tree_read(struct yaml_arenas arenas, struct problems *problems, struct place place, struct str text)
{
    struct yaml_reading reading = { .arenas = arenas, .problems = problems, .place = place, .text = text };
    must(yaml_parser_initialize(&reading.parser));
    yaml_parser_set_input_string(&reading.parser, (const unsigned char *)text.data, text.len);
    yaml_parser_set_encoding(&reading.parser, YAML_UTF8_ENCODING);
    struct yaml_tree *tree = ARENA_NEW(arenas.nodes, struct yaml_tree);
    tree->line = place.line;
    bool whole = read_document(&reading, tree);
    yaml_parser_delete(&reading.parser);
    return whole ? tree : NULL;
}

const struct yaml_tree *yaml_tree_get(const struct yaml_tree *map, const char *key)
{
    if (!map || map->kind != YAML_KIND_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (str_equal(map->keys[i], str_of(key)))
            return &map->items[i];
    return NULL;
}

const char *yaml_tree_kind_name(const struct yaml_tree *tree)
{
    static const char *const names[] = { "nothing", "text", "a list", "a map" };
    return names[tree->kind];
}
