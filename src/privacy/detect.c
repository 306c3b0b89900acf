#include "privacy/detecting.h"

#include <stdlib.h>

#define STRICT_DIGITS 7
#define GUID_LEN 36

const char *const detect_names[DETECT_KIND_COUNT] = {
#define X(KIND, name) [DETECT_##KIND] = name,
    DETECT_KINDS(X)
#undef X
};

bool detect_is_claimed(const struct detecting *detecting, enum detect_kind kind, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (detecting->claimed[i] == DETECT_CLAIMED || (detecting->claimed[i] == DETECT_GUID && kind != DETECT_URL && kind != DETECT_EMAIL))
            return true;
    return false;
}

static void keep(struct detecting *detecting, enum detect_kind kind, size_t from, size_t to)
{
    struct detect_spans *spans = &detecting->spans;
    if (spans->count == detecting->room)
        ARENA_GROW(detecting->arena, spans->items, detecting->room, 8);
    spans->items[spans->count++] = (struct detect_span){ kind, from, to };
}

void detect_claim(struct detecting *detecting, enum detect_kind kind, size_t from, size_t to)
{
    must(from < to && to <= detecting->text.len);
    if (detect_is_claimed(detecting, kind, from, to))
        return;
    memset(detecting->claimed + from, DETECT_CLAIMED, to - from);
    keep(detecting, kind, from, to);
}

void detect_digits(const struct detecting *detecting, size_t from, const char *separators, struct detect_digits *out)
{
    size_t at = from;
    *out = (struct detect_digits){ .count = 0 };
    while (detect_digit(detect_at(detecting, at))) {
        if (out->count == DETECT_DIGITS_MAX) {
            out->more = true;
            return;
        }
        out->digits[out->count] = detecting->text.data[at++];
        out->ends[out->count] = at;
        char next = detect_at(detecting, at);
        if (next && strchr(separators, next) && detect_digit(detect_at(detecting, at + 1))) {
            out->after[out->count] = next;
            at++;
        }
        out->count++;
    }
}

/* ISO/IEC 7812-1, annex B. */
bool detect_luhn(const char *digits, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] - '0';
        if (i % 2)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return count > 0 && sum % 10 == 0;
}

/* 8-4-4-4-12 hexadecimal digits: parts of it look like telephone numbers. */
static bool is_guid(const struct detecting *detecting, size_t from)
{
    if (from + GUID_LEN > detecting->text.len || detect_word(detect_before(detecting, from)) ||
        detect_word(detect_at(detecting, from + GUID_LEN)))
        return false;
    for (size_t i = 0; i < GUID_LEN; i++) {
        char c = detecting->text.data[from + i];
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = detect_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f' && detect_letter(c));
        if (dash ? c != '-' : !hex)
            return false;
    }
    return true;
}

/* Marks them; the second time, when what may hold them has been found, keeps those that are left. */
static void find_guids(struct detecting *detecting, bool keep_them)
{
    for (ptrdiff_t at = 8; (at = str_find_char(detecting->text, '-', (size_t)at)) >= 0; at++) {
        size_t from = (size_t)at - 8;
        if (!is_guid(detecting, from))
            continue;
        if (keep_them && detecting->claimed[from] == DETECT_GUID) {
            memset(detecting->claimed + from, DETECT_FREE, GUID_LEN);
            detect_claim(detecting, DETECT_NUMBER, from, from + GUID_LEN);
        } else if (!keep_them) {
            memset(detecting->claimed + from, DETECT_GUID, GUID_LEN);
        }
        at += GUID_LEN - 9;
    }
}

static void find_long_numbers(struct detecting *detecting)
{
    for (size_t at = 0; at < detecting->text.len;) {
        size_t from = at;
        while (detect_digit(detect_at(detecting, at)) && !detecting->claimed[at])
            at++;
        if (at - from >= STRICT_DIGITS)
            detect_claim(detecting, DETECT_NUMBER, from, at);
        else if (at == from)
            at++;
    }
}

static int by_position(const void *a, const void *b)
{
    const struct detect_span *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

struct detect_spans detect_find(struct arena *arena, struct str text, bool strict)
{
    struct detecting detecting = { .arena = arena, .text = text };
    bool digits = false, dots = false, at = false, colons = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        digits |= detect_digit(c);
        dots |= c == '.';
        at |= c == '@';
        colons |= c == ':';
    }
    if (!digits && !dots && !at)
        return detecting.spans;
    detecting.claimed = ARENA_NEW_ARRAY(arena, uint8_t, text.len);
    if (digits)
        find_guids(&detecting, false);
    if (at)
        detect_emails(&detecting);
    if (digits) {
        detect_ibans(&detecting);
        detect_cards(&detecting);
    }
    if (digits && (dots || colons))
        detect_ips(&detecting);
    if (dots)
        detect_urls(&detecting);
    if (digits) {
        detect_ssns(&detecting);
        detect_swedish(&detecting);
        detect_phones(&detecting);
    }
    if (digits && strict) {
        find_guids(&detecting, true);
        find_long_numbers(&detecting);
    }
    if (detecting.spans.count > 1)
        qsort(detecting.spans.items, detecting.spans.count, sizeof *detecting.spans.items, by_position);
    return detecting.spans;
}
