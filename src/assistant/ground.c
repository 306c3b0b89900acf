#include "assistant/ground.h"

#include "assistant/tokens.h"
#include "base/map.h"

/* What the sources have, as hashes: numbers, words, addresses; and months and currencies as bits. */
struct facts {
    struct map known;
    unsigned months, currencies;
};

/* A number of an approved text is known together with the word or number before it, or behind it. */
enum { FACT_NUMBER, FACT_WORD, FACT_ADDRESS, FACT_BEFORE, FACT_BEHIND };

static uint64_t fact_key(uint64_t kind, struct str s)
{
    return (str_hash(s) << 3 | kind) + 1;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Between two digits: a decimal or thousands separator. A no-break space only: others part numbers. */
static size_t separator_at(struct str text, size_t at)
{
    size_t len = 0;
    if (at < text.len && (text.data[at] == '.' || text.data[at] == ',' || text.data[at] == '\''))
        len = 1;
    else if (at + 1 < text.len && memcmp(text.data + at, "\xc2\xa0", 2) == 0)
        len = 2;
    else if (at + 2 < text.len && memcmp(text.data + at, "\xe2\x80\xaf", 3) == 0)
        len = 3;
    return len && at + len < text.len && is_digit(text.data[at + len]) ? len : 0;
}

/* The number that begins at *at by its digits, without leading zeros and separators; moves *at on. */
static struct str number_at(struct str text, size_t *at, char digits[32])
{
    size_t len = 0;
    while (*at < text.len) {
        size_t skip = separator_at(text, *at);
        if (skip)
            *at += skip;
        if (!is_digit(text.data[*at]))
            break;
        if ((len > 0 || text.data[*at] != '0') && len < 31)
            digits[len++] = text.data[*at];
        (*at)++;
    }
    return str_make(digits, len);
}

static const char *const currency_names[][4] = {
    { "€", "EUR", "euro", "euros" }, { "$", "USD", "dollar", "dollars" }, { "£", "GBP", "pound", "pounds" }, { "kr", "SEK", "kronor", "crowns" },
};

static unsigned currencies_in(struct str text)
{
    unsigned found = 0;
    for (size_t c = 0; c < ARRAY_LEN(currency_names); c++)
        for (size_t n = 0; n < 4; n++) {
            struct str name = str_of(currency_names[c][n]);
            for (ptrdiff_t at = 0; (at = str_find(text, name, (size_t)at)) >= 0; at++) {
                /* Letters count as whole words only: "kr" is not in "krona". */
                size_t end = (size_t)at + name.len;
                bool letters = (unsigned char)name.data[0] < 0x80 && name.data[0] != '$';
                bool whole = (at == 0 || !((text.data[at - 1] | 32) >= 'a' && (text.data[at - 1] | 32) <= 'z')) &&
                             (end >= text.len || !((text.data[end] | 32) >= 'a' && (text.data[end] | 32) <= 'z'));
                if (!letters || whole)
                    found |= 1u << c;
            }
        }
    return found;
}

/* Months as tokens_of folds them. */
static const struct {
    const char *name;
    int month;
} month_names[] = {
    { "january", 1 }, { "januari", 1 }, { "januar", 1 }, { "enero", 1 }, { "february", 2 }, { "februari", 2 }, { "februar", 2 },
    { "febrero", 2 }, { "march", 3 }, { "mars", 3 }, { "märz", 3 }, { "marzo", 3 }, { "april", 4 }, { "abril", 4 }, { "may", 5 },
    { "maj", 5 }, { "mai", 5 }, { "mayo", 5 }, { "june", 6 }, { "juni", 6 }, { "junio", 6 }, { "july", 7 }, { "juli", 7 },
    { "julio", 7 }, { "august", 8 }, { "augusti", 8 }, { "agosto", 8 }, { "september", 9 }, { "septiembre", 9 }, { "october", 10 },
    { "oktober", 10 }, { "octubre", 10 }, { "november", 11 }, { "noviembre", 11 }, { "december", 12 }, { "dezember", 12 },
    { "diciembre", 12 },
};

/* 0, or the month that the folded word names in one of the languages. */
static int month_of(struct str word)
{
    if (word.len < 3 || word.len > 10)
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(month_names); i++)
        if (memcmp(word.data, month_names[i].name, 3) == 0 && str_equal(word, str_of(month_names[i].name)))
            return month_names[i].month;
    return 0;
}

static void learn_iso_dates(struct facts *facts, struct str text)
{
    for (size_t i = 0; i + 10 <= text.len; i++) {
        const char *d = text.data + i;
        if (is_digit(d[0]) && is_digit(d[3]) && d[4] == '-' && is_digit(d[5]) && is_digit(d[6]) && d[7] == '-' && is_digit(d[8])) {
            int month = (d[5] - '0') * 10 + d[6] - '0';
            if (month >= 1 && month <= 12)
                facts->months |= 1u << month;
        }
    }
}

static struct str address_at(struct str text, size_t at)
{
    size_t end = at;
    while (end < text.len && (unsigned char)text.data[end] > ' ' && !strchr(")<>\"]", text.data[end]))
        end++;
    while (end > at && strchr(".,;:!?*", text.data[end - 1]))
        end--;
    return str_slice(text, at, end);
}

/* A text as a row of numbers and words, for neighbours. */
struct mark {
    uint64_t hash;
    size_t from, to; /* in the text */
    bool number;
    struct str digits;
};

struct marks {
    struct mark *items;
    size_t count;
};

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static struct marks marks_of(struct arena *arena, struct str text)
{
    struct marks marks = { ARENA_NEW_ARRAY(arena, struct mark, text.len / 2 + 2), 0 };
    for (size_t i = 0; i < text.len;) {
        struct mark *mark = &marks.items[marks.count];
        mark->from = i;
        if (is_digit(text.data[i])) {
            char digits[32];
            mark->digits = arena_copy(arena, number_at(text, &i, digits));
            mark->number = true;
            mark->hash = str_hash(mark->digits);
        } else if (is_word_byte(text.data[i])) {
            while (i < text.len && is_word_byte(text.data[i]))
                i++;
            mark->hash = str_hash(str_slice(text, mark->from, i));
        } else {
            i++;
            continue;
        }
        mark->to = i;
        marks.count++;
    }
    return marks;
}

/* The number at `at` with its neighbour on one side; 0 at the text's edge. */
static uint64_t neighbour_key(const struct marks *marks, size_t at, bool behind)
{
    uint64_t other = behind ? (at + 1 < marks->count ? marks->items[at + 1].hash : 0) : at > 0 ? marks->items[at - 1].hash : 0;
    uint64_t pair[2] = { marks->items[at].hash, other };
    return fact_key(behind ? FACT_BEHIND : FACT_BEFORE, str_make((const char *)pair, sizeof pair));
}

/* The middle of 2026-03-12 reads as a name; as a number it would ground any 3. */
static bool is_month(struct str text, const struct mark *mark)
{
    return mark->to - mark->from == 2 && mark->from >= 5 && text.data[mark->from - 1] == '-' && mark->to < text.len &&
           text.data[mark->to] == '-';
}

static void learn(struct facts *facts, struct arena *arena, struct str text, bool values)
{
    struct marks marks = marks_of(arena, text);
    for (size_t i = 0; i < marks.count; i++) {
        if (!marks.items[i].number)
            continue;
        if (values && !is_month(text, &marks.items[i]))
            map_put(&facts->known, fact_key(FACT_NUMBER, marks.items[i].digits), facts);
        map_put(&facts->known, neighbour_key(&marks, i, false), facts);
        map_put(&facts->known, neighbour_key(&marks, i, true), facts);
    }
    struct tokens tokens = tokens_of(arena, text);
    for (size_t i = 0; i < tokens.count; i++) {
        int month = month_of(tokens.words[i]);
        map_put(&facts->known, fact_key(FACT_WORD, tokens.words[i]), facts);
        if (month)
            facts->months |= 1u << month;
    }
    for (ptrdiff_t at = 0; (at = str_find(text, STR("http"), (size_t)at)) >= 0; at++)
        map_put(&facts->known, fact_key(FACT_ADDRESS, address_at(text, (size_t)at)), facts);
    if (values)
        learn_iso_dates(facts, text);
    facts->currencies |= currencies_in(text);
}

static bool check_numbers(struct err *err, const struct facts *facts, struct arena *arena, struct str text)
{
    struct marks marks = marks_of(arena, text);
    for (size_t i = 0; i < marks.count; i++) {
        const struct mark *mark = &marks.items[i];
        if (mark->number && !map_get(&facts->known, fact_key(FACT_NUMBER, mark->digits)) &&
            !map_get(&facts->known, neighbour_key(&marks, i, false)) && !map_get(&facts->known, neighbour_key(&marks, i, true)))
            return err_set(err, "the number %.*s stands in no source", STR_ARG(str_slice(text, mark->from, mark->to)));
    }
    return true;
}

static bool is_currency_word(struct str word)
{
    static const char *const folded[] = { "kr", "eur", "sek", "usd", "gbp" };
    for (size_t i = 0; i < ARRAY_LEN(folded); i++)
        if (str_equal(word, str_of(folded[i])))
            return true;
    return false;
}

static bool has_digit(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (is_digit(word.data[i]))
            return true;
    return false;
}

static bool check_words(struct err *err, const struct facts *facts, struct arena *arena, struct str text)
{
    struct tokens tokens = tokens_of(arena, text);
    for (size_t i = 0; i < tokens.count; i++) {
        struct str word = tokens.words[i];
        int month = month_of(word);
        if (month && !(facts->months & (1u << month)))
            return err_set(err, "the month %.*s stands in no source", STR_ARG(word));
        /* Numbers have been looked at; dates and amounts bring "de", a month, a currency with them. */
        bool known = month || is_currency_word(word) || has_digit(word) || str_equal(word, STR("#")) ||
                     (facts->months && str_equal(word, STR("de"))) || map_get(&facts->known, fact_key(FACT_WORD, word));
        if (!known)
            return err_set(err, "the word '%.*s' stands in no source", STR_ARG(word));
    }
    return true;
}

static bool check_addresses(struct err *err, const struct facts *facts, struct str text)
{
    for (ptrdiff_t at = 0; (at = str_find(text, STR("http"), (size_t)at)) >= 0; at++) {
        struct str address = address_at(text, (size_t)at);
        if (!map_get(&facts->known, fact_key(FACT_ADDRESS, address)))
            return err_set(err, "the address %.*s stands in no source", STR_ARG(str_slice(address, 0, 200)));
    }
    return true;
}

bool ground_check(struct err *err, struct str text, const struct str *approved, size_t count, struct str values)
{
    struct facts facts = { .months = 0 };
    struct arena arena = { 0 };
    for (size_t i = 0; i < count; i++)
        learn(&facts, &arena, approved[i], false);
    learn(&facts, &arena, values, true);
    bool good = check_numbers(err, &facts, &arena, text) && check_words(err, &facts, &arena, text) && check_addresses(err, &facts, text);
    unsigned strange = currencies_in(text) & ~facts.currencies;
    if (good && strange)
        good = err_set(err, "a currency stands in no source");
    map_free(&facts.known);
    arena_free(&arena);
    return good;
}
