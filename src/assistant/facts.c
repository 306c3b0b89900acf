#include "assistant/facts.h"

#include "assistant/languages.h"
#include "base/memory.h"

/* What a hash in `known` stands for. */
enum { KNOWN_WORD, KNOWN_VALUE, KNOWN_HUNDREDTHS, KNOWN_ALONE, KNOWN_UNIT, KNOWN_BEFORE, KNOWN_BEHIND, KNOWN_AMOUNT, KNOWN_PERCENT, KNOWN_ADDRESS };

static uint64_t key_of(uint64_t kind, uint64_t first, uint64_t second)
{
    return ((first * 31 + second) * 0x9e3779b97f4a7c15u << 5 | kind << 1 | 1);
}

static void know(struct facts *facts, uint64_t key)
{
    map_put(&facts->known, key, facts);
}

static bool is_known(const struct facts *facts, uint64_t key)
{
    return map_get(&facts->known, key) != NULL;
}

static void learn_date(struct facts *facts, struct reading_date date, bool value)
{
    if (facts->date_count == facts->date_room)
        ARENA_GROW(facts->arena, facts->dates, facts->date_room, 8);
    date.value = value;
    facts->dates[facts->date_count++] = date;
    facts->months |= 1u << date.month;
    /* Zeller's congruence: 1 is Monday. */
    int month = date.month < 3 ? date.month + 12 : date.month, year = date.month < 3 ? date.year - 1 : date.year;
    if (date.year)
        facts->weekdays |= 1u << ((date.day + 13 * (month + 1) / 5 + year + year / 4 - year / 100 + year / 400 + 5) % 7 + 1);
}

static bool is_known_date(const struct facts *facts, struct reading_date date, bool of_values)
{
    for (size_t i = 0; i < facts->date_count; i++) {
        const struct reading_date *known = &facts->dates[i];
        if (known->day == date.day && known->month == date.month && (!date.year || !known->year || known->year == date.year) &&
            (!of_values || known->value))
            return true;
    }
    return false;
}

static uint64_t hash_of_mark(const struct mark *mark)
{
    return str_hash(mark->text) + (uint64_t)mark->kind;
}

/* --- learning ----------------------------------------------------------------------------------- */

static void learn_number(struct facts *facts, const struct marks *marks, size_t at)
{
    struct str readings[2];
    char digits[8];
    size_t count = reading_numbers(&marks->items[at], readings, digits);
    const struct mark *before = reading_neighbour(marks, at, -1), *behind = reading_neighbour(marks, at, 1);
    int currency = reading_currency(marks, at);
    for (size_t i = 0; i < count; i++) {
        uint64_t number = str_hash(readings[i]);
        if ((before && reading_is_gap(before)) || (behind && reading_is_gap(behind)))
            know(facts, key_of(KNOWN_ALONE, number, 0)); /* what stands beside it there is not known yet */
        know(facts, key_of(KNOWN_BEFORE, number, before ? hash_of_mark(before) : 0));
        know(facts, key_of(KNOWN_BEHIND, number, behind ? hash_of_mark(behind) : 0));
        if (reading_unit(marks, at))
            know(facts, key_of(KNOWN_UNIT, number, (uint64_t)reading_unit(marks, at)));
        if (currency)
            know(facts, key_of(KNOWN_AMOUNT, number, (uint64_t)currency));
        if (reading_is_percent(marks, at))
            know(facts, key_of(KNOWN_PERCENT, number, 0));
    }
}

static void learn_mark(struct facts *facts, const struct marks *marks, size_t at, bool value)
{
    const struct mark *mark = &marks->items[at];
    int currency = fact_words_currency(mark);
    if (currency)
        *(value ? &facts->value_currencies : &facts->currencies) |= 1u << currency;
    if (mark->kind == MARK_ADDRESS)
        know(facts, key_of(KNOWN_ADDRESS, str_hash(mark->text), 0));
    if (mark->kind == MARK_WORD) {
        know(facts, key_of(KNOWN_WORD, str_hash(mark->text), 0));
        facts->months |= (1u << fact_words_month(mark->text)) & ~1u;
        facts->weekdays |= (1u << fact_words_weekday(mark->text)) & ~1u;
    }
    if (reading_is_gap(mark) && at + 1 < marks->count) {
        facts->gap_percent |= reading_is_percent(marks, at);
        facts->gap_currency |= reading_currency(marks, at) > 0;
    }
    if (reading_is_gap(mark) && at > 0)
        facts->gap_currency |= fact_words_currency(&marks->items[at - 1]) > 0;
}

/* A value may be said or denied: the approved text around it says which. */
static void learn_clause(struct facts *facts, const struct marks *marks, size_t from, size_t to, bool value)
{
    size_t len = 0;
    uintptr_t side = value ? 3 : reading_is_denied(marks, from, to, 0, 0) ? 2 : 1;
    for (size_t i = from; i < to; i++) {
        enum fact_promise promise = fact_words_promise(marks, i, &len);
        if (promise < FACT_PROMISE_COUNT)
            facts->promises[reading_is_denied(marks, from, to, i, i + len)] |= 1u << promise;
        if (!reading_is_content(&marks->items[i]))
            continue;
        uint64_t key = str_hash(marks->items[i].text) | 1;
        map_put(&facts->polarity, key, (void *)((uintptr_t)map_get(&facts->polarity, key) | side | 4));
    }
}

static void learn(struct facts *facts, const struct marks *marks, bool value)
{
    struct reading_date date;
    for (size_t i = 0; i < marks->count; i++) {
        if (reading_date(marks, i, &date))
            learn_date(facts, date, value);
        if (marks->items[i].kind == MARK_DATE && marks->items[i].other.len && reading_digits(marks->items[i].other, &date))
            learn_date(facts, date, value);
        learn_number(facts, marks, i);
        learn_mark(facts, marks, i, value);
    }
    for (size_t i = 0; i < marks->count; i = reading_clause_end(marks, i))
        learn_clause(facts, marks, i, reading_clause_end(marks, i), value);
}

void facts_learn(struct facts *facts, const struct marks *marks)
{
    learn(facts, marks, false);
}

/* An amount comes in hundredths: 4990 is 49.9 too. */
static void learn_hundredths(struct facts *facts, struct str number)
{
    int64_t value;
    if (!str_to_i64(number, &value))
        return;
    uint64_t size = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    struct str text = arena_format(facts->arena, "%s%llu.%02u", value < 0 ? "-" : "", (unsigned long long)(size / 100), (unsigned)(size % 100));
    while (str_ends(text, STR("0")) || str_ends(text, STR("."))) {
        bool point = text.data[text.len - 1] == '.';
        text.len--;
        if (point)
            break;
    }
    know(facts, key_of(KNOWN_HUNDREDTHS, str_hash(text), 0));
}

void facts_learn_values(struct facts *facts, const struct marks *marks)
{
    learn(facts, marks, true);
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->items[i];
        if (mark->kind == MARK_NUMBER) {
            know(facts, key_of(KNOWN_VALUE, str_hash(mark->text), 0));
            if (mark->other.len)
                know(facts, key_of(KNOWN_VALUE, str_hash(mark->other), 0));
            learn_hundredths(facts, mark->text);
        } else if (mark->kind == MARK_WORD || mark->kind == MARK_PERCENT) {
            know(facts, key_of(KNOWN_VALUE, str_hash(mark->text) + 1, 0));
        }
    }
}

void facts_free(struct facts *facts)
{
    map_free(&facts->known);
    map_free(&facts->polarity);
}

/* --- values ------------------------------------------------------------------------------------- */

static bool is_value(const struct facts *facts, const struct mark *mark)
{
    int currency = fact_words_currency(mark);
    if (currency && facts->value_currencies & (1u << currency))
        return true;
    switch (mark->kind) {
    case MARK_WORD: return is_known(facts, key_of(KNOWN_VALUE, str_hash(mark->text) + 1, 0));
    case MARK_NUMBER:
        return is_known(facts, key_of(KNOWN_VALUE, str_hash(mark->text), 0)) ||
               (mark->other.len && is_known(facts, key_of(KNOWN_VALUE, str_hash(mark->other), 0)));
    case MARK_PERCENT: return is_known(facts, key_of(KNOWN_VALUE, str_hash(mark->text) + 1, 0));
    case MARK_ADDRESS: return is_known(facts, key_of(KNOWN_ADDRESS, str_hash(mark->text), 0));
    default: return false;
    }
}

static bool is_line(const struct marks *text, size_t at, const struct marks *line)
{
    if (line->count == 0 || at + line->count > text->count)
        return false;
    for (size_t i = 0; i < line->count; i++)
        if (!marks_equal(&text->items[at + i], &line->items[i]))
            return false;
    return true;
}

static bool is_hundredths(const struct facts *facts, const struct mark *mark)
{
    return is_known(facts, key_of(KNOWN_HUNDREDTHS, str_hash(mark->text), 0)) ||
           (mark->other.len && is_known(facts, key_of(KNOWN_HUNDREDTHS, str_hash(mark->other), 0)));
}

/* "€49.90", "49,90 €", "SEK 49.90", "49.90". */
static size_t amount_at(const struct facts *facts, const struct marks *text, size_t at)
{
    size_t number = at + (fact_words_currency(&text->items[at]) > 0);
    if (number >= text->count || text->items[number].kind != MARK_NUMBER || !is_hundredths(facts, &text->items[number]))
        return 0;
    if (number > at)
        return is_value(facts, &text->items[at]) ? 2 : 0;
    bool sign = number + 1 < text->count && fact_words_currency(&text->items[number + 1]) && is_value(facts, &text->items[number + 1]);
    return sign ? 2 : 1;
}

struct runs {
    struct facts_run *items;
    size_t count, room;
    struct arena *arena;
};

static void add_run(struct runs *runs, size_t from, size_t len)
{
    if (len == 0)
        return;
    if (runs->count == runs->room)
        ARENA_GROW(runs->arena, runs->items, runs->room, 32);
    runs->items[runs->count++] = (struct facts_run){ from, len };
}

size_t facts_runs(const struct facts *facts, const struct marks *text, const struct marks *lines, size_t line_count, struct facts_run **out)
{
    struct runs runs = { .arena = facts->arena };
    struct reading_date date;
    for (size_t i = 0; i < text->count; i++) {
        size_t len = reading_date(text, i, &date);
        if (len && date.year && is_known_date(facts, date, true)) /* fill.h writes the year */
            add_run(&runs, i, len);
        for (size_t k = 0; k < line_count; k++)
            if (is_line(text, i, &lines[k]))
                add_run(&runs, i, lines[k].count);
        add_run(&runs, i, amount_at(facts, text, i));
    }
    *out = runs.items;
    return runs.count;
}

/* --- asking ------------------------------------------------------------------------------------- */

static bool strange(struct err *err, const char *what, struct str text)
{
    return err_set(err, "the %s '%.*s' stands in no source", what, STR_ARG(str_cut(text, 100)));
}

static bool knows_number(const struct facts *facts, const struct marks *marks, size_t at, struct str reading)
{
    const struct mark *before = reading_neighbour(marks, at, -1), *behind = reading_neighbour(marks, at, 1);
    uint64_t number = str_hash(reading);
    bool value = is_known(facts, key_of(KNOWN_VALUE, number, 0));
    int currency = reading_currency(marks, at), unit = reading_unit(marks, at);
    if (reading_is_percent(marks, at))
        return is_known(facts, key_of(KNOWN_PERCENT, number, 0)) || (value && facts->gap_percent);
    if (currency)
        return is_known(facts, key_of(KNOWN_AMOUNT, number, (uint64_t)currency)) || (value && facts->gap_currency) ||
               (facts->value_currencies & (1u << currency) && is_known(facts, key_of(KNOWN_HUNDREDTHS, number, 0)));
    if (value || is_known(facts, key_of(KNOWN_HUNDREDTHS, number, 0)))
        return true;
    if (unit) /* 30 days are no 30 weeks */
        return is_known(facts, key_of(KNOWN_UNIT, number, (uint64_t)unit)) || is_known(facts, key_of(KNOWN_ALONE, number, 0));
    return is_known(facts, key_of(KNOWN_ALONE, number, 0)) ||
           is_known(facts, key_of(KNOWN_BEFORE, number, before ? hash_of_mark(before) : 0)) ||
           is_known(facts, key_of(KNOWN_BEHIND, number, behind ? hash_of_mark(behind) : 0));
}

static bool check_number(struct err *err, const struct facts *facts, const struct marks *marks, size_t at)
{
    struct str readings[2];
    char digits[8];
    const struct mark *mark = &marks->items[at];
    size_t count = reading_numbers(mark, readings, digits);
    for (size_t i = 0; i < count; i++)
        if (knows_number(facts, marks, at, readings[i]))
            return true;
    return count == 0 || (mark->kind == MARK_WORD && is_value(facts, mark)) || strange(err, "number", mark->text);
}

bool facts_check_numbers(struct err *err, const struct facts *facts, const struct marks *marks)
{
    struct reading_date date;
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->items[i];
        size_t len = reading_date(marks, i, &date);
        int currency = fact_words_currency(mark), month = mark->kind == MARK_WORD ? fact_words_month(mark->text) : 0;
        int weekday = mark->kind == MARK_WORD ? fact_words_weekday(mark->text) : 0;
        if (len && !is_known_date(facts, date, false))
            return err_set(err, "the date %d %d %d stands in no source", date.day, date.month, date.year);
        if (len) {
            i += len - 1;
            continue;
        }
        if (!check_number(err, facts, marks, i))
            return false;
        if (month && !(facts->months & (1u << month)))
            return strange(err, "month", mark->text);
        if (weekday && !(facts->weekdays & (1u << weekday)))
            return strange(err, "weekday", mark->text);
        if (currency && !((facts->currencies | facts->value_currencies) & (1u << currency)))
            return strange(err, "currency", mark->text);
    }
    return true;
}

/* The same word with another ending: Rechnung, Rechnungen. */
static bool is_form_of_known(const struct facts *facts, struct str word)
{
    for (size_t len = word.len; len >= 4 && len + 3 >= word.len; len--) {
        static const char *const endings[] = { "", "s", "n", "e", "en", "es", "er", "a", "ar", "na" };
        for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
            char form[128];
            size_t more = strlen(endings[i]);
            if (len + more > sizeof form)
                continue;
            memcpy(form, word.data, len);
            memcpy(form + len, endings[i], more);
            if (is_known(facts, key_of(KNOWN_WORD, str_hash(str_make(form, len + more)), 0)))
                return true;
        }
    }
    return false;
}

/* "Paying" begins a sentence about what the sources call to pay. */
static bool is_gerund_of_known(const struct facts *facts, struct str word)
{
    return word.len > 5 && str_ends(word, STR("ing")) && is_known(facts, key_of(KNOWN_WORD, str_hash(str_slice(word, 0, word.len - 3)), 0));
}

/* Words with a capital letter. The first of a sentence has one anyway, so there a common word will do. */
bool facts_check_names(struct err *err, const struct facts *facts, const struct marks *marks)
{
    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->items[i];
        if (mark->kind != MARK_WORD || !mark->capital || is_known(facts, key_of(KNOWN_WORD, str_hash(mark->text), 0)) ||
            is_form_of_known(facts, mark->text) || languages_is_common_word(mark->text) || fact_words_currency(mark) ||
            (mark->sentence && is_gerund_of_known(facts, mark->text)))
            continue;
        if (!fact_words_month(mark->text) && !fact_words_weekday(mark->text) && !fact_words_number(mark->text))
            return strange(err, "name", mark->text);
    }
    return true;
}

bool facts_check_addresses(struct err *err, const struct facts *facts, const struct marks *marks)
{
    for (size_t i = 0; i < marks->count; i++)
        if (marks->items[i].kind == MARK_ADDRESS && !is_known(facts, key_of(KNOWN_ADDRESS, str_hash(marks->items[i].text), 0)))
            return strange(err, "address", marks->items[i].text);
    return true;
}

bool facts_check_promises(struct err *err, const struct facts *facts, const struct marks *marks, bool denials)
{
    size_t len = 0;
    for (size_t from = 0; from < marks->count; from = reading_clause_end(marks, from)) {
        size_t to = reading_clause_end(marks, from);
        for (size_t i = from; i < to; i++) {
            enum fact_promise promise = fact_words_promise(marks, i, &len);
            if (promise == FACT_PROMISE_COUNT)
                continue;
            unsigned known = denials ? facts->promises[reading_is_denied(marks, from, to, i, i + len)] : facts->promises[0] | facts->promises[1];
            if (!(known & (1u << promise)))
                return err_set(err, "no source says %s ('%.*s')", fact_promise_names[promise], STR_ARG(marks->items[i].text));
        }
    }
    return true;
}

/* Of the words that sources have, more must be said there as they are said here than the other way round. */
bool facts_check_denials(struct err *err, const struct facts *facts, const struct marks *marks)
{
    for (size_t from = 0; from < marks->count; from = reading_clause_end(marks, from)) {
        size_t to = reading_clause_end(marks, from), as_said = 0, opposite = 0, first = from;
        uintptr_t side = reading_is_denied(marks, from, to, 0, 0) ? 2 : 1;
        for (size_t i = from; i < to; i++) {
            uintptr_t known = reading_is_content(&marks->items[i]) ? (uintptr_t)map_get(&facts->polarity, str_hash(marks->items[i].text) | 1) : 0;
            if (known & side) {
                as_said++;
            } else if (known) {
                first = opposite++ ? first : i;
            }
        }
        if (opposite > as_said)
            return err_set(err, "the sources %s what is said of '%.*s'", side == 2 ? "do not deny" : "deny", STR_ARG(marks->items[first].text));
    }
    return true;
}
