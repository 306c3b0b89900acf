#include "engine/settings.h"

#include <stdlib.h>

struct range {
    const char *name;
    size_t offset;
    int64_t smallest, greatest;
};

static const struct range ranges[] = {
#define X(name, initial, smallest, greatest, meaning) \
    { #name, offsetof(struct settings, name), smallest, greatest },
    SETTINGS(X)
#undef X
};

/* A topic's skills are looked up only after all lines are read: a skill may stand below its topic. */
struct topic_line {
    struct str name, skills;
    int line;
};

struct decoding {
    struct err *err;
    struct arena *arena;
    struct settings *settings;
    struct topic_line *topics;
    int line;
    bool given[ARRAY_LEN(ranges)];
};

void settings_default(struct settings *settings)
{
    *settings = (struct settings){
#define X(name, initial, smallest, greatest, meaning) .name = initial,
        SETTINGS(X)
#undef X
        .languages = { STR("en") },
        .language_count = 1,
    };
}

static bool is_name(struct str s)
{
    if (!s.len || s.len > LIMIT_TAG) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i];
        bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_' || c == '.';
        if (!good) return false;
    }
    return true;
}

static int find(const struct str *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(names[i], name)) return (int)i;
    return -1;
}

static bool add_name(struct decoding *decoding, struct str *names, size_t *count, size_t max, struct str name)
{
    if (!is_name(name))
        return err_set(decoding->err, "settings, line %d: '%.*s' is not a name (letters, digits, '-', '_' "
                       "and '.', at most %d)", decoding->line, STR_ARG(name), LIMIT_TAG);
    if (find(names, *count, name) >= 0)
        return err_set(decoding->err, "settings, line %d: '%.*s' stands twice", decoding->line, STR_ARG(name));
    if (*count == max)
        return err_set(decoding->err, "settings, line %d: more than %zu of these", decoding->line, max);
    names[(*count)++] = arena_copy(decoding->arena, name);
    return true;
}

static bool add_topic(struct decoding *decoding, struct str rest)
{
    struct settings *settings = decoding->settings;
    struct str name = STR_EMPTY;
    if (!str_split(&rest, ' ', &name) || !is_name(name)) /* "topic" alone has no rest */
        return err_set(decoding->err, "settings, line %d: '%.*s' is not a topic's name", decoding->line,
                       STR_ARG(name));
    if (settings->topic_count == LIMIT_TOPICS)
        return err_set(decoding->err, "settings, line %d: more than %d topics", decoding->line, LIMIT_TOPICS);
    decoding->topics[settings->topic_count++] = (struct topic_line){ name, rest, decoding->line };
    return true;
}

static bool set_number(struct decoding *decoding, struct str word, struct str rest)
{
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        const struct range *range = &ranges[i];
        if (!str_equal(word, str_of(range->name))) continue;
        int64_t value;
        if (decoding->given[i])
            return err_set(decoding->err, "settings, line %d: %s stands twice", decoding->line, range->name);
        if (!str_to_i64(rest, &value) || value < range->smallest || value > range->greatest)
            return err_set(decoding->err, "settings, line %d: %s must be a number from %lld to %lld",
                           decoding->line, range->name, (long long)range->smallest, (long long)range->greatest);
        decoding->given[i] = true;
        *(int64_t *)(void *)((char *)decoding->settings + range->offset) = value;
        return true;
    }
    return err_set(decoding->err, "settings, line %d: unknown word '%.*s'", decoding->line, STR_ARG(word));
}

static bool read_line(struct decoding *decoding, struct str line)
{
    struct settings *settings = decoding->settings;
    struct str rest = line, word;
    must(str_split(&rest, ' ', &word));
    if (str_equal(word, STR("language")))
        return add_name(decoding, settings->languages, &settings->language_count, LIMIT_LANGUAGES, rest);
    if (str_equal(word, STR("skill")))
        return add_name(decoding, settings->skills, &settings->skill_count, LIMIT_SKILLS, rest);
    if (str_equal(word, STR("topic"))) return add_topic(decoding, rest);
    return set_number(decoding, word, rest);
}

static int by_name(const void *a, const void *b)
{
    return str_compare(((const struct topic_line *)a)->name, ((const struct topic_line *)b)->name);
}

static bool finish_topics(struct decoding *decoding)
{
    struct settings *settings = decoding->settings;
    struct topic_line *lines = decoding->topics;
    qsort(lines, settings->topic_count, sizeof *lines, by_name);
    settings->topics = ARENA_NEW_ARRAY(decoding->arena, struct settings_topic, settings->topic_count);
    for (size_t i = 0; i < settings->topic_count; i++) {
        struct settings_topic *topic = &settings->topics[i];
        if (i && str_equal(lines[i].name, lines[i - 1].name))
            return err_set(decoding->err, "settings, line %d: topic '%.*s' stands twice", lines[i].line,
                           STR_ARG(lines[i].name));
        topic->name = arena_copy(decoding->arena, lines[i].name);
        if (!settings_skill_bits(settings, lines[i].skills, &topic->skills))
            return err_set(decoding->err, "settings, line %d: topic '%.*s' needs a skill that no skill line "
                           "names: '%.*s'", lines[i].line, STR_ARG(lines[i].name), STR_ARG(lines[i].skills));
    }
    return true;
}

bool settings_decode(struct err *err, struct str text, struct arena *arena, struct settings *settings)
{
    struct decoding decoding = { .err = err, .arena = arena, .settings = settings };
    settings_default(settings);
    settings->language_count = 0;
    decoding.topics = ARENA_NEW_ARRAY(arena, struct topic_line, LIMIT_TOPICS);
    if (text.len > LIMIT_SETTINGS)
        return err_set(err, "settings: longer than %d bytes", LIMIT_SETTINGS);
    for (struct str line; str_split(&text, '\n', &line); ) {
        decoding.line++;
        if (line.len && !read_line(&decoding, line)) return false;
    }
    if (!settings->language_count) settings->languages[settings->language_count++] = STR("en");
    return finish_topics(&decoding);
}

static void encode_topic(const struct settings *settings, const struct settings_topic *topic, struct buf *out)
{
    buf_add_format(out, "topic %.*s", STR_ARG(topic->name));
    char separator = ' ';
    for (size_t i = 0; i < settings->skill_count; i++) {
        if (!(topic->skills >> i & 1)) continue;
        buf_add_char(out, separator);
        buf_add_str(out, settings->skills[i]);
        separator = ',';
    }
    buf_add_char(out, '\n');
}

void settings_encode(const struct settings *settings, struct buf *out)
{
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        const char *at = (const char *)settings + ranges[i].offset;
        buf_add_format(out, "%s %lld\n", ranges[i].name, (long long)*(const int64_t *)(const void *)at);
    }
    for (size_t i = 0; i < settings->language_count; i++)
        buf_add_format(out, "language %.*s\n", STR_ARG(settings->languages[i]));
    for (size_t i = 0; i < settings->skill_count; i++)
        buf_add_format(out, "skill %.*s\n", STR_ARG(settings->skills[i]));
    for (size_t i = 0; i < settings->topic_count; i++) encode_topic(settings, &settings->topics[i], out);
}

int settings_skill(const struct settings *settings, struct str name)
{
    return find(settings->skills, settings->skill_count, name);
}

int settings_language(const struct settings *settings, struct str name)
{
    return find(settings->languages, settings->language_count, name);
}

const struct settings_topic *settings_topic(const struct settings *settings, struct str name)
{
    size_t low = 0, high = settings->topic_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_compare(name, settings->topics[middle].name);
        if (!order) return &settings->topics[middle];
        if (order < 0) high = middle;
        else low = middle + 1;
    }
    return NULL;
}

static bool list_bits(const struct str *names, size_t count, struct str list, uint64_t *bits)
{
    *bits = 0;
    if (!list.len) return true;
    for (struct str name; str_split(&list, ',', &name); ) {
        int at = find(names, count, name);
        if (at < 0) return false;
        *bits |= (uint64_t)1 << at;
    }
    return true;
}

bool settings_skill_bits(const struct settings *settings, struct str list, uint64_t *bits)
{
    return list_bits(settings->skills, settings->skill_count, list, bits);
}

bool settings_language_bits(const struct settings *settings, struct str list, uint64_t *bits)
{
    return list_bits(settings->languages, settings->language_count, list, bits);
}
