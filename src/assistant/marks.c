#include "assistant/marks.h"

#include <utf8proc.h>

#include "assistant/cut.h"

struct scan {
    struct str text;
    size_t at;
    struct arena *arena;
    struct marks marks;
    size_t room;
    bool block, sentence, clause; /* the next mark begins one */
    bool template;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The character at `at` and its length; 0xfffd for what is no UTF-8. */
static utf8proc_int32_t character(struct str text, size_t at, size_t *len)
{
    utf8proc_int32_t c;
    if ((unsigned char)text.data[at] < 0x80) {
        *len = 1;
        return text.data[at];
    }
    utf8proc_ssize_t got = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.len - at), &c);
    *len = got > 0 ? (size_t)got : 1;
    return got > 0 ? c : 0xfffd;
}

static bool is_letter(utf8proc_int32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    utf8proc_category_t category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

static bool is_apostrophe(utf8proc_int32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02bc;
}

static struct mark *add_mark(struct scan *scan, enum mark_kind kind, size_t from, size_t to)
{
    if (scan->marks.count == scan->room)
        ARENA_GROW(scan->arena, scan->marks.items, scan->room, 64);
    struct mark *mark = &scan->marks.items[scan->marks.count++];
    *mark = (struct mark){ .kind = kind, .text = str_slice(scan->text, from, to), .other = STR_EMPTY, .from = from, .to = to,
                           .block = scan->block, .sentence = scan->sentence, .clause = scan->sentence || scan->clause };
    scan->block = scan->sentence = scan->clause = false;
    scan->at = to;
    return mark;
}

/* --- words -------------------------------------------------------------------------------------- */

static void scan_word(struct scan *scan)
{
    size_t from = scan->at, at = from, len = 0;
    char *folded = arena_take(scan->arena, (scan->text.len - from < 400 ? scan->text.len - from : 400) * 2 + 8);
    char *out = folded;
    bool capital = false;
    while (at < scan->text.len && at - from < 400) {
        utf8proc_int32_t c = character(scan->text, at, &len);
        size_t next_len = 0;
        if (is_apostrophe(c) && at + len < scan->text.len && is_letter(character(scan->text, at + len, &next_len))) {
            at += len;
            continue;
        }
        if (!is_letter(c))
            break;
        if (at == from)
            capital = utf8proc_tolower(c) != c;
        out += utf8proc_encode_char(utf8proc_tolower(c), (utf8proc_uint8_t *)out);
        at += len;
    }
    struct mark *mark = add_mark(scan, MARK_WORD, from, at);
    mark->text = str_make(folded, (size_t)(out - folded));
    mark->capital = capital;
}

/* --- numbers ------------------------------------------------------------------------------------ */

/* A separator between two digits, and which; 0 for none. All kinds of narrow and no-break space are ' '. */
static size_t separator_at(struct str text, size_t at, char *kind)
{
    size_t len = 0;
    if (at < text.len && (text.data[at] == '.' || text.data[at] == ',' || text.data[at] == '\'')) {
        *kind = text.data[at];
        len = 1;
    } else if (at + 1 < text.len && memcmp(text.data + at, "\xc2\xa0", 2) == 0) {
        *kind = ' ';
        len = 2;
    } else if (at + 2 < text.len && memcmp(text.data + at, "\xe2\x80\xaf", 3) == 0) {
        *kind = ' ';
        len = 3;
    }
    return len && at + len < text.len && is_digit(text.data[at + len]) ? len : 0;
}

#define GROUPS_MAX 8

struct digits {
    struct str groups[GROUPS_MAX];
    char separators[GROUPS_MAX]; /* before each group but the first */
    size_t ends[GROUPS_MAX];
    size_t count;
};

static void read_groups(struct str text, size_t at, struct digits *digits)
{
    digits->count = 0;
    for (size_t skip = 0; digits->count < GROUPS_MAX;) {
        size_t from = at + skip;
        at = from;
        while (at < text.len && is_digit(text.data[at]))
            at++;
        digits->groups[digits->count] = str_slice(text, from, at);
        digits->ends[digits->count++] = at;
        char kind = 0;
        skip = separator_at(text, at, &kind);
        if (!skip || digits->count == GROUPS_MAX)
            break;
        digits->separators[digits->count] = kind;
    }
}

static bool are_thousands(const struct digits *digits, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (digits->groups[i].len != 3 || digits->separators[i] != digits->separators[1])
            return false;
    return digits->groups[0].len >= 1 && digits->groups[0].len <= 3;
}

/* "1234.5": the first `whole` groups, then the one behind them as decimals, if there is one. */
static struct str value_of(struct arena *arena, const struct digits *digits, size_t whole, size_t all)
{
    char *out = arena_take(arena, 400), *at = out;
    for (size_t i = 0; i < whole; i++) {
        size_t len = digits->groups[i].len < 40 ? digits->groups[i].len : 40;
        memcpy(at, digits->groups[i].data, len);
        at += len;
    }
    size_t decimals = whole < all ? digits->groups[whole].len : 0;
    while (decimals > 0 && digits->groups[whole].data[decimals - 1] == '0')
        decimals--;
    if (decimals > 0) {
        *at++ = '.';
        memcpy(at, digits->groups[whole].data, decimals < 40 ? decimals : 40);
        at += decimals < 40 ? decimals : 40;
    }
    return str_make(out, (size_t)(at - out));
}

/* How many groups are one number, and how it reads. Several points with other groups than thousands are
 * a date or a version: each group is a number of its own. */
static size_t read_number(struct arena *arena, const struct digits *digits, struct str *value, struct str *other)
{
    size_t count = digits->count;
    *other = STR_EMPTY;
    bool decimal_last = count > 1 && (digits->separators[count - 1] == '.' || digits->separators[count - 1] == ',');
    bool mixed = count > 2 && digits->separators[count - 1] != digits->separators[count - 2];
    if (count == 2 && decimal_last && are_thousands(digits, 2)) { /* 1.234: who knows */
        *value = value_of(arena, digits, 2, 2);
        *other = value_of(arena, digits, 1, 2);
        return 2;
    }
    if (count > 1 && are_thousands(digits, count)) {
        *value = value_of(arena, digits, count, count);
        return count;
    }
    if (decimal_last && (count == 2 || (mixed && are_thousands(digits, count - 1)))) {
        *value = value_of(arena, digits, count - 1, count);
        return count;
    }
    *value = value_of(arena, digits, 1, 1);
    return 1;
}

/* One or more digits as a number up to 9999; -1 for none, or too many. */
static int small_number(struct str text, size_t *at)
{
    int value = 0;
    size_t from = *at;
    while (*at < text.len && is_digit(text.data[*at]) && *at - from < 5)
        value = value * 10 + (text.data[(*at)++] - '0');
    return *at == from || *at - from > 4 ? -1 : value;
}

static bool is_day(int year, int month, int day)
{
    return year >= 1900 && year <= 2200 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* Three numbers with the same sign between them. Year first, or year last with day and month either way. */
static bool scan_date(struct scan *scan)
{
    size_t at = scan->at;
    int parts[3];
    char sign = 0;
    for (int i = 0; i < 3; i++) {
        parts[i] = small_number(scan->text, &at);
        if (parts[i] < 0 || (at < scan->text.len && is_digit(scan->text.data[at])))
            return false;
        if (i < 2 && (at >= scan->text.len || !strchr("-./", scan->text.data[at]) || (i && scan->text.data[at] != sign)))
            return false;
        sign = i < 2 ? scan->text.data[at++] : sign;
    }
    bool year_first = is_day(parts[0], parts[1], parts[2]);
    bool day_first = is_day(parts[2], parts[1], parts[0]), month_first = sign == '/' && is_day(parts[2], parts[0], parts[1]);
    if (!year_first && !day_first && !month_first)
        return false;
    struct mark *mark = add_mark(scan, MARK_DATE, scan->at, at);
    int year = year_first ? parts[0] : parts[2], day = year_first ? parts[2] : day_first ? parts[0] : parts[1];
    int month = year_first || day_first ? parts[1] : parts[0];
    mark->text = arena_format(scan->arena, "%04d-%02d-%02d", year, month, day);
    if (day_first && month_first && !year_first)
        mark->other = arena_format(scan->arena, "%04d-%02d-%02d", year, parts[0], parts[1]);
    return true;
}

/* A minus belongs to the number where nothing stands before it that it could join. */
static bool is_negative(struct str text, size_t at)
{
    if (at == 0 || text.data[at - 1] != '-')
        return false;
    return at == 1 || text.data[at - 2] == ' ' || text.data[at - 2] == '(' || text.data[at - 2] == '*';
}

static void scan_number(struct scan *scan)
{
    struct digits digits;
    struct str value, other;
    const struct mark *before = scan->marks.count ? &scan->marks.items[scan->marks.count - 1] : NULL;
    bool signed_currency = before && before->kind == MARK_CURRENCY && before->to == scan->at && is_negative(scan->text, before->from);
    bool negative = signed_currency || is_negative(scan->text, scan->at);
    read_groups(scan->text, scan->at, &digits);
    size_t groups = read_number(scan->arena, &digits, &value, &other);
    struct mark *mark = add_mark(scan, MARK_NUMBER, scan->at, digits.ends[groups - 1]);
    mark->text = negative ? arena_format(scan->arena, "-%.*s", STR_ARG(value)) : value;
    mark->other = negative && other.len ? arena_format(scan->arena, "-%.*s", STR_ARG(other)) : other;
}

/* --- the rest ----------------------------------------------------------------------------------- */

static bool begins_address(struct str rest)
{
    return str_starts(rest, STR("http://")) || str_starts(rest, STR("https://")) || str_starts(rest, STR("mailto:")) ||
           str_starts(rest, STR("www."));
}

/* Brackets in an address are written as %28 and %29 in Markdown: they compare as they were. */
static void scan_address(struct scan *scan)
{
    size_t end = scan->at;
    int depth = 0; /* a bracket that was opened inside belongs to it */
    for (; end < scan->text.len && (unsigned char)scan->text.data[end] > ' ' && !strchr("<>\"]", scan->text.data[end]); end++) {
        depth += scan->text.data[end] == '(';
        depth -= scan->text.data[end] == ')';
        if (depth < 0)
            break;
    }
    while (end > scan->at && strchr(".,;:!?*", scan->text.data[end - 1]))
        end--;
    struct mark *mark = add_mark(scan, MARK_ADDRESS, scan->at, end);
    char *plain = arena_take(scan->arena, mark->text.len + 1), *out = plain;
    for (size_t i = 0; i < mark->text.len; i++) {
        struct str code = str_slice(mark->text, i, i + 3);
        bool bracket = str_equal(code, STR("%28")) || str_equal(code, STR("%29"));
        *out++ = bracket ? (code.data[2] == '8' ? '(' : ')') : mark->text.data[i];
        i += bracket ? 2 : 0;
    }
    mark->text = str_make(plain, (size_t)(out - plain));
}

/* {{field}} and its kin; false if the braces are not closed. */
static bool scan_gap(struct scan *scan)
{
    ptrdiff_t end = str_find(scan->text, STR("}}"), scan->at);
    if (end < 0)
        return false;
    bool block = scan->at + 2 < scan->text.len && strchr("#^/", scan->text.data[scan->at + 2]);
    bool begins = scan->block, sentence = scan->sentence, clause = scan->clause;
    add_mark(scan, block ? MARK_BLOCK : MARK_GAP, scan->at, (size_t)end + 2);
    if (block) { /* what follows still begins what it began */
        scan->block = begins;
        scan->sentence = sentence;
        scan->clause = clause;
    }
    return true;
}

/* A line ends a sentence if it is a heading or broken on purpose, or if another block follows. */
static bool ends_line(struct str text, size_t at)
{
    size_t from = at;
    while (from > 0 && text.data[from - 1] != '\n')
        from--;
    struct str line = str_slice(text, from, at), rest = str_slice(text, at + 1, text.len), next = STR_EMPTY, heading;
    str_split(&rest, '\n', &next);
    return cut_is_heading(line, &heading) || str_ends(line, STR("  ")) || str_ends(line, STR("\\")) || str_trim(next).len == 0 ||
           cut_is_heading(next, &heading) || cut_is_item(next) || str_starts(next, STR(">")) || str_starts(next, STR("|")) ||
           str_starts(next, STR("{{")) || str_ends(line, STR("}}"));
}

/* A sentence ends at its mark, if a space or the end follows, with closing brackets between. */
static bool ends_sentence(struct str text, size_t at)
{
    size_t next = at + 1;
    if (!strchr(".!?", text.data[at]))
        return false;
    while (next < text.len && strchr("*_)]\"'", text.data[next]))
        next++;
    return next >= text.len || text.data[next] == ' ' || text.data[next] == '\n' || str_starts(str_slice(text, next, next + 2), STR("{{"));
}

static void scan_other(struct scan *scan)
{
    size_t len;
    utf8proc_int32_t c = character(scan->text, scan->at, &len);
    size_t from = scan->at;
    scan->at += len;
    if (c == 0x20ac || c == '$' || c == 0xa3)
        add_mark(scan, MARK_CURRENCY, from, from + len);
    else if (c == '%')
        add_mark(scan, MARK_PERCENT, from, from + 1);
    else if (c == '\n' && ends_line(scan->text, from))
        scan->block = scan->sentence = true;
    else if (c < 0x80 && c > 0 && ends_sentence(scan->text, from))
        scan->sentence = true;
    else if (c == 0x2026 || c == 0x3002)
        scan->sentence = true;
    else if ((c < 0x80 && c > 0 && strchr(",;:", (char)c)) || c == 0x2013 || c == 0x2014)
        scan->clause = true;
}

/* "1." or "*" before an item of a list says nothing. */
static bool pass_item_marker(struct scan *scan)
{
    bool line_begins = scan->at == 0 || scan->text.data[scan->at - 1] == '\n';
    struct str rest = str_slice(scan->text, scan->at, scan->text.len), line;
    if (!line_begins || !str_split(&rest, '\n', &line) || !cut_is_item(line))
        return false;
    size_t len = 0;
    while (line.data[len] == ' ' || is_digit(line.data[len]))
        len++;
    scan->at += len + 1;
    return true;
}

struct marks marks_of(struct arena *arena, struct str text, bool template)
{
    struct scan scan = { .text = text, .arena = arena, .block = true, .sentence = true, .template = template };
    while (scan.at < text.len) {
        size_t len;
        struct str rest = str_slice(text, scan.at, text.len);
        if (pass_item_marker(&scan) || (template && str_starts(rest, STR("{{")) && scan_gap(&scan)))
            continue;
        if (is_digit(text.data[scan.at])) {
            if (!scan_date(&scan))
                scan_number(&scan);
        }
        else if (begins_address(rest))
            scan_address(&scan);
        else if (is_letter(character(text, scan.at, &len)))
            scan_word(&scan);
        else
            scan_other(&scan);
    }
    return scan.marks;
}

bool marks_equal(const struct mark *a, const struct mark *b)
{
    if (a->kind != b->kind)
        return false;
    if (str_equal(a->text, b->text))
        return true;
    return (a->kind == MARK_NUMBER || a->kind == MARK_DATE) && ((a->other.len && (str_equal(a->other, b->text) || str_equal(a->other, b->other))) ||
                                      (b->other.len && str_equal(a->text, b->other)));
}

bool marks_is_word(const struct mark *mark, const char *word)
{
    return mark->kind == MARK_WORD && str_equal(mark->text, str_of(word));
}
