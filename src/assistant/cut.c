#include "assistant/cut.h"

bool cut_is_heading(struct str line, struct str *heading)
{
    size_t marks = 0;
    while (marks < line.len && line.data[marks] == '#')
        marks++;
    if (marks == 0 || marks > 6 || marks == line.len || line.data[marks] != ' ')
        return false;
    *heading = str_trim(str_slice(line, marks, line.len));
    return true;
}

bool cut_is_item(struct str line)
{
    size_t at = 0, digits = 0;
    while (at < line.len && line.data[at] == ' ')
        at++;
    while (at < line.len && line.data[at] >= '0' && line.data[at] <= '9' && digits < 9) {
        at++;
        digits++;
    }
    if (at + 1 >= line.len || line.data[at + 1] != ' ' || str_trim(str_slice(line, at + 1, line.len)).len == 0)
        return false;
    return digits ? line.data[at] == '.' || line.data[at] == ')' : line.data[at] == '*' || line.data[at] == '-' || line.data[at] == '+';
}

static bool is_fence(struct str line)
{
    return str_starts(str_trim(line), STR("```")) || str_starts(str_trim(line), STR("~~~"));
}

struct cutting {
    struct cuts cuts;
    struct arena *arena;
    size_t room;
    struct cut open; /* its text grows with each line */
};

static void close_passage(struct cutting *cutting)
{
    struct cuts *cuts = &cutting->cuts;
    struct cut done = { cutting->open.heading, str_trim(cutting->open.text) };
    if (done.text.len == 0)
        return;
    if (cuts->count == cutting->room)
        ARENA_GROW(cutting->arena, cuts->items, cutting->room, 8);
    cuts->items[cuts->count++] = done;
}

/* The paragraph behind an empty line: how long it is, and whether it goes on with a list. */
static size_t next_paragraph(struct str rest, bool *list)
{
    struct str line;
    size_t len = 0;
    *list = false;
    while (str_split(&rest, '\n', &line)) {
        if (str_trim(line).len == 0) {
            if (len)
                break;
            continue;
        }
        if (len == 0)
            *list = cut_is_item(line);
        len += line.len + 1;
    }
    return len;
}

struct cuts cut_markdown(struct arena *arena, struct str markdown)
{
    struct cutting cutting = { .arena = arena, .open = { STR_EMPTY, str_make(markdown.data, 0) } };
    struct str rest = markdown, line;
    bool fenced = false;
    while (str_split(&rest, '\n', &line)) {
        struct str heading;
        const char *end = line.data + line.len;
        size_t len = (size_t)(end - cutting.open.text.data);
        bool list;
        if (is_fence(line))
            fenced = !fenced;
        if (!fenced && cut_is_heading(line, &heading)) {
            close_passage(&cutting);
            cutting.open = (struct cut){ heading, str_make(end, 0) };
        } else if (!fenced && str_trim(line).len == 0 && len > CUT_BYTES / 2 && next_paragraph(rest, &list) + len > CUT_BYTES && !list) {
            close_passage(&cutting);
            cutting.open.text = str_make(end, 0);
        } else {
            cutting.open.text.len = len;
        }
    }
    close_passage(&cutting);
    return cutting.cuts;
}
