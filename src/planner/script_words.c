#include "planner/script_words.h"

#include "base/buf.h"
#include "planner/script.h"

/* A quoted text from `at` (on the quote) on; escapes are \" \\ and \n. Gives the place behind it, or 0. */
static size_t read_text(struct err *err, struct str line, size_t at, struct arena *arena, struct str *out)
{
    struct buf text;
    buf_init(&text, SCRIPT_MAX);
    size_t end = 0;
    for (size_t i = at + 1; i < line.len && !end; i++) {
        char c = line.data[i];
        if (c == '"')
            end = i + 1;
        else if (c != '\\')
            buf_add_char(&text, c);
        else if (++i < line.len && (line.data[i] == '"' || line.data[i] == '\\'))
            buf_add_char(&text, line.data[i]);
        else if (i < line.len && line.data[i] == 'n')
            buf_add_char(&text, '\n');
        else {
            err_set(err, "only \\\" \\\\ and \\n may follow a backslash");
            break;
        }
    }
    if (end)
        *out = arena_copy(arena, buf_str(&text));
    else if (!err->text[0])
        err_set(err, "a text has no closing quote");
    buf_free(&text);
    return end;
}

/* From '{' to the brace that closes it; braces in JSON strings do not count. */
static size_t read_json(struct err *err, struct str line, size_t at, struct str *out)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = at; i < line.len; i++) {
        char c = line.data[i];
        if (quoted && c == '\\')
            i++;
        else if (c == '"')
            quoted = !quoted;
        else if (!quoted && c == '{')
            depth++;
        else if (!quoted && c == '}' && --depth == 0) {
            *out = str_slice(line, at, i + 1);
            return i + 1;
        }
    }
    err_set(err, "a { has no closing }");
    return 0;
}

static size_t read_plain(struct err *err, struct str line, size_t at, struct str *out)
{
    size_t end = at;
    while (end < line.len && line.data[end] != ' ' && line.data[end] != '\t') {
        if (line.data[end] == '"') {
            err_set(err, "a quote stands in the middle of a word");
            return 0;
        }
        end++;
    }
    *out = str_slice(line, at, end);
    return end;
}

bool words_read(struct err *err, struct str line, struct arena *arena, struct word words[WORDS_MAX], size_t *count)
{
    size_t at = 0;
    *count = 0;
    err->text[0] = 0;
    for (;;) {
        while (at < line.len && (line.data[at] == ' ' || line.data[at] == '\t' || line.data[at] == '\r'))
            at++;
        if (at == line.len || line.data[at] == '#')
            return true;
        if (*count == WORDS_MAX)
            return err_set(err, "the line has more than %d words", WORDS_MAX);
        struct word *word = &words[(*count)++];
        if (line.data[at] == '"') {
            word->kind = WORD_TEXT;
            at = read_text(err, line, at, arena, &word->text);
        } else if (line.data[at] == '{') {
            word->kind = WORD_JSON;
            at = read_json(err, line, at, &word->text);
        } else {
            word->kind = WORD_PLAIN;
            at = read_plain(err, line, at, &word->text);
        }
        if (!at)
            return false;
    }
}

bool words_number(struct str text, int64_t *out)
{
    static const struct { struct str unit; int64_t ms; } units[] = {
        { { "ms", 2 }, 1 }, { { "s", 1 }, 1000 }, { { "m", 1 }, 60000 }, { { "h", 1 }, 3600000 }, { { "d", 1 }, 86400000 },
    };
    if (str_to_i64(text, out))
        return true;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        if (!str_ends(text, units[i].unit))
            continue;
        if (!str_to_i64(str_slice(text, 0, text.len - units[i].unit.len), out))
            continue;
        if (*out < 0 || *out > SCRIPT_TIME_MAX / units[i].ms)
            return false;
        *out *= units[i].ms;
        return true;
    }
    return false;
}

bool words_range(struct str text, int64_t *from, int64_t *to)
{
    ptrdiff_t dots = str_find(text, STR(".."), 0);
    if (dots < 0) {
        if (!words_number(text, from))
            return false;
        *to = *from;
    } else if (!words_number(str_slice(text, 0, (size_t)dots), from) ||
               !words_number(str_slice(text, (size_t)dots + 2, text.len), to))
        return false;
    return *from >= 0 && *from <= *to && *to <= SCRIPT_TIME_MAX;
}
