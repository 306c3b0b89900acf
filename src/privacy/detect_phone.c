/* detect_phone.c - telephone numbers: 7 to 18 digits, written in groups or not, with an extension or not.
 *
 * Errs towards finding one: whatever looks like it is hidden. What people write beside it and what is none:
 * dates, ranges of years, decimal numbers, sums of money, the middle of codes. */
#include "privacy/detecting.h"

#define PHONE_MIN 7
#define PHONE_MAX 18
#define GROUPS_MAX 10

struct phone {
    size_t from, end;
    size_t digits;
    size_t groups[GROUPS_MAX]; /* digits of each */
    size_t starts[GROUPS_MAX];
    size_t group_count;
    bool international;        /* + or 00 before it */
    bool dots, slashes, dashes, spaces, wide, brackets;
};

static bool is_separator(char c)
{
    return c && strchr(" -./()", c);
}

/* Separators between two groups: " ", "-", ")", ") ", " - ", " (0)"'s brackets. False if it is something else. */
static bool skip_separators(const struct detecting *detecting, size_t *at, struct phone *phone)
{
    size_t i = *at, blanks = 0, marks = 0;
    for (; is_separator(detect_at(detecting, i)); i++) {
        char c = detecting->text.data[i];
        blanks += c == ' ';
        marks += c == '-' || c == '.' || c == '/';
        phone->dots |= c == '.';
        phone->slashes |= c == '/';
        phone->dashes |= c == '-';
        phone->spaces |= c == ' ';
        phone->brackets |= c == '(' || c == ')';
    }
    phone->wide |= i - *at == 3 && blanks == 2;
    if (i == *at || i - *at > 3 || marks > 1 || blanks > 2 || !detect_digit(detect_at(detecting, i)))
        return false;
    *at = i;
    return true;
}

/* Reads groups as long as they go on. */
static void read_groups(const struct detecting *detecting, size_t at, struct phone *phone)
{
    while (phone->group_count < GROUPS_MAX) {
        size_t from = at;
        while (detect_digit(detect_at(detecting, at)))
            at++;
        if (phone->digits + (at - from) > PHONE_MAX)
            return;
        phone->starts[phone->group_count] = from;
        phone->groups[phone->group_count++] = at - from;
        phone->digits += at - from;
        phone->end = at;
        struct phone before = *phone;
        if (!skip_separators(detecting, &at, phone)) {
            *phone = before;
            return;
        }
    }
}

static int value_of(const struct detecting *detecting, const struct phone *phone, size_t group)
{
    int value = 0;
    for (size_t i = 0; i < phone->groups[group] && i < 8; i++)
        value = value * 10 + detecting->text.data[phone->starts[group] + i] - '0';
    return value;
}

static bool is_year(int value)
{
    return value >= 1900 && value < 2100;
}

/* 2026-03-12, 12.3.2026, 3/12/26, 2024-2025. A clock time may stand behind a date: the colon ends it. */
static bool is_date(const struct detecting *detecting, const struct phone *phone)
{
    size_t count = phone->group_count;
    const size_t *len = phone->groups;
    if (phone->international || phone->brackets)
        return false;
    if (count >= 2 && len[0] == 4 && len[1] == 4 && is_year(value_of(detecting, phone, 0)) && is_year(value_of(detecting, phone, 1)))
        return count == 2;
    if (count < 3 || count > 4 || (count == 4 && len[3] > 2))
        return false;
    bool year_first = len[0] == 4 && len[1] <= 2 && len[2] <= 2 && is_year(value_of(detecting, phone, 0)) && value_of(detecting, phone, 1) <= 12 &&
                      value_of(detecting, phone, 2) <= 31;
    bool year_last = len[0] <= 2 && len[1] <= 2 && (len[2] == 4 ? is_year(value_of(detecting, phone, 2)) : len[2] == 2 && count == 3) &&
                     value_of(detecting, phone, 0) <= 31 && value_of(detecting, phone, 1) <= 31;
    return year_first || year_last;
}

static bool starts_with_word(struct str text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct str word = str_of(words[i]);
        if (text.len >= word.len && str_equal_nocase(str_slice(text, 0, word.len), word) &&
            (!detect_letter(word.data[0]) || text.len == word.len || !detect_word(text.data[word.len])))
            return true;
    }
    return false;
}

static bool is_money(const struct detecting *detecting, const struct phone *phone)
{
    static const char *const behind[] = { "kr", "kronor", "sek", "eur", "euro", "euros", "usd", "dollar", "dollars", "gbp", "pounds",
                                          "nok", "dkk", "chf", "\xe2\x82\xac", "$", "\xc2\xa3", "%" };
    static const char *const before[] = { "\xe2\x82\xac", "$", "\xc2\xa3" };
    struct str rest = str_trim(str_slice(detecting->text, phone->end, phone->end + 16));
    if (!phone->international && starts_with_word(rest, behind, ARRAY_LEN(behind)))
        return true;
    struct str lead = str_trim(str_slice(detecting->text, 0, phone->from));
    for (size_t i = 0; i < ARRAY_LEN(before); i++)
        if (str_ends(lead, str_of(before[i])))
            return true;
    return false;
}

/* x4587, ext. 12, anknytning 3: from behind the number to its end, or the same. */
static size_t with_extension(const struct detecting *detecting, size_t end)
{
    static const char *const words[] = { "x", "ext", "ext.", "extension", "ankn", "ankn.", "anknytning", "durchwahl", "dw", "anexo" };
    size_t at = end;
    while (detect_at(detecting, at) == ' ' && at - end < 1)
        at++;
    for (size_t i = ARRAY_LEN(words); i-- > 0;) {
        struct str word = str_of(words[i]);
        size_t digits = at + word.len;
        if (!str_equal_nocase(str_slice(detecting->text, at, digits), word))
            continue;
        while (detect_at(detecting, digits) == ' ' && digits - at - word.len < 1)
            digits++;
        size_t to = digits;
        while (to - digits < 6 && detect_digit(detect_at(detecting, to)))
            to++;
        if (to > digits && !detect_word(detect_at(detecting, to)))
            return to;
    }
    return end;
}

/* The number's own beginning: with its plus and its bracket, so that none of it stays to be seen. */
static size_t begin_at(const struct detecting *detecting, size_t at, struct phone *phone)
{
    if (detect_before(detecting, at) == '(')
        at--;
    if (detect_before(detecting, at) == '+') {
        at--;
        phone->international = true;
    }
    return at;
}

static bool may_begin(const struct detecting *detecting, size_t at)
{
    char before = detect_before(detecting, at);
    if (detect_word(before) || before == '_')
        return false;
    /* In the middle of a code, a fraction or an address: W-20417999, 3.14159265, /1234567. */
    return !(at > 1 && (before == '-' || before == '.' || before == ',' || before == ':' || before == '/' || before == '=') &&
             detect_word(detecting->text.data[at - 2]) && before != ':');
}

/* The groups before the one that is too many: a number may be followed by another. */
static bool is_phone(const struct detecting *detecting, const struct phone *phone)
{
    char next = detect_at(detecting, phone->end), then = detect_at(detecting, phone->end + 1);
    if (phone->digits < PHONE_MIN || phone->digits > PHONE_MAX)
        return false;
    if (detect_word(next) || next == '_' || (next == ',' && detect_digit(then)) || (next == ':' && detect_digit(then)))
        return false;
    bool decimal = phone->group_count == 2 && phone->dots && !phone->spaces && !phone->dashes && !phone->brackets && !phone->international;
    bool range = phone->wide && !phone->international && detecting->text.data[phone->starts[0]] != '0' && phone->group_count == 2;
    return !decimal && !range && !is_date(detecting, phone) && !is_money(detecting, phone);
}

void detect_phones(struct detecting *detecting)
{
    struct str text = detecting->text;
    for (size_t at = 0; at < text.len; at++) {
        struct phone phone = { .digits = 0 };
        if (!detect_digit(text.data[at]) || detect_digit(detect_before(detecting, at)) || detecting->claimed[at])
            continue;
        phone.from = begin_at(detecting, at, &phone);
        if (!may_begin(detecting, phone.from))
            continue;
        read_groups(detecting, at, &phone);
        phone.international |= text.data[at] == '0' && detect_at(detecting, at + 1) == '0';
        size_t end = with_extension(detecting, phone.end);
        bool extended = end > phone.end;
        if (extended)
            phone.end = end;
        if (is_phone(detecting, &phone)) {
            detect_claim(detecting, DETECT_PHONE, phone.from, phone.end);
            at = phone.end - 1;
        }
    }
}
