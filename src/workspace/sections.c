#include "workspace/sections.h"

static bool is_section_line(struct str line)
{
    if (!str_starts(line, STR("--- ")))
        return false;
    struct str rest = str_trim(str_slice(line, 4, line.len));
    ptrdiff_t colon = str_find_char(rest, ':', 0);
    for (ptrdiff_t i = 0; i < colon; i++)
        if (!((rest.data[i] >= 'a' && rest.data[i] <= 'z') || (rest.data[i] >= 'A' && rest.data[i] <= 'Z')))
            return false;
    return colon > 0;
}

static void read_section_line(struct reading *reading, struct str line, struct section *section)
{
    static const struct str keys[] = { { "lang", 4 }, { "when", 4 } };
    struct str rest = str_slice(line, 4, line.len), part;
    while (str_split(&rest, ',', &part)) {
        ptrdiff_t colon = str_find_char(part, ':', 0);
        struct str key = str_trim(str_slice(part, 0, colon < 0 ? part.len : (size_t)colon));
        struct str value = str_trim(str_slice(part, colon < 0 ? part.len : (size_t)colon + 1, part.len));
        if (str_equal(key, keys[0])) {
            section->language = value;
            if (!fields_check_language(reading, section->line, value) && value.len == 0)
                fields_problem(reading, section->line, "write 'lang: ' and a language", "the language is empty");
        } else if (str_equal(key, keys[1])) {
            section->when = value;
            section->has_when = true;
        } else {
            fields_problem(reading, section->line,
                           problems_suggest(reading->problems, key, keys, ARRAY_LEN(keys), "use 'lang: CODE' and 'when: …'"),
                           "unknown key '%.*s' in a section line", STR_ARG(str_cut(key, LIMIT_TAG)));
        }
    }
}

static void end_section(struct reading *reading, struct sections *sections, struct section section, const char *end)
{
    bool before_all = section.line == section.raw_line;
    section.raw.len = end > section.raw.data ? (size_t)(end - section.raw.data) : 0;
    section.text = str_trim(section.raw);
    if (section.text.len == 0) {
        if (!before_all)
            fields_problem(reading, section.line, "write the text below the line, or remove it", "the section is empty");
        return;
    }
    if (sections->count == SECTIONS_MAX) {
        fields_problem(reading, section.line, "remove some", "there are more than %d sections", SECTIONS_MAX);
        return;
    }
    section.text_line = section.raw_line;
    for (const char *c = section.raw.data; c < section.text.data; c++)
        section.text_line += *c == '\n';
    sections->items[sections->count++] = section;
}

/* As many as there can be. */
static size_t room_for(struct str body)
{
    struct str rest = body, line;
    size_t room = 1;
    while (room < SECTIONS_MAX && str_split(&rest, '\n', &line))
        room += str_starts(line, STR("--- "));
    return room;
}

struct sections sections_read(struct reading *reading, const struct front_matter *front, struct str language)
{
    struct sections sections = { ARENA_NEW_ARRAY(&reading->scratch, struct section, room_for(front->body)), 0 };
    struct section open = { .language = language, .raw = str_make(front->body.data, 0), .line = front->body_line,
                            .raw_line = front->body_line };
    struct str rest = front->body, line;
    for (int number = front->body_line; str_split(&rest, '\n', &line); number++) {
        if (!is_section_line(line))
            continue;
        end_section(reading, &sections, open, line.data);
        open = (struct section){ .language = language, .line = number, .raw_line = number + 1,
                                 .raw = str_make(rest.data ? rest.data : line.data + line.len, 0) };
        read_section_line(reading, line, &open);
    }
    end_section(reading, &sections, open, front->body.data + front->body.len);
    return sections;
}
