#include "assistant/readings.h"

#include "assistant/fact_words.h"

/* --- numbers in their surroundings -------------------------------------------------------------- */

/* A number in digits or as a word, by its value; 0 readings for what is none. */
size_t reading_numbers(const struct mark *mark, struct str readings[2], char digits[8])
{
    if (mark->kind == MARK_NUMBER) {
        readings[0] = mark->text;
        readings[1] = mark->other;
        return mark->other.len ? 2 : 1;
    }
    int number = mark->kind == MARK_WORD ? fact_words_number(mark->text) : 0;
    if (!number)
        return 0;
    size_t len = 0;
    for (int place = 1000; place > 0; place /= 10)
        if (number >= place)
            digits[len++] = (char)('0' + number / place % 10);
    readings[0] = str_make(digits, len);
    return 1;
}

bool reading_is_gap(const struct mark *mark)
{
    return mark->kind == MARK_GAP || mark->kind == MARK_BLOCK;
}

const struct mark *reading_neighbour(const struct marks *marks, size_t at, int step)
{
    size_t other = at + (size_t)(step < 0 ? -1 : 1);
    return (step < 0 && at == 0) || other >= marks->count ? NULL : &marks->items[other];
}

int reading_currency(const struct marks *marks, size_t at)
{
    const struct mark *before = reading_neighbour(marks, at, -1), *behind = reading_neighbour(marks, at, 1);
    int currency = behind ? fact_words_currency(behind) : 0;
    return currency || !before ? currency : fact_words_currency(before);
}

bool reading_is_percent(const struct marks *marks, size_t at)
{
    const struct mark *behind = reading_neighbour(marks, at, 1);
    return behind && (behind->kind == MARK_PERCENT || marks_is_word(behind, "percent") || marks_is_word(behind, "procent") ||
                      marks_is_word(behind, "prozent"));
}

/* Of time, behind the number or one word on: "14 days", "five working days". */
int reading_unit(const struct marks *marks, size_t at)
{
    for (size_t i = at + 1; i <= at + 2 && i < marks->count && !marks->items[i].sentence; i++) {
        int unit = marks->items[i].kind == MARK_WORD ? fact_words_unit(marks->items[i].text) : 0;
        if (unit || marks->items[i].kind != MARK_WORD)
            return unit;
    }
    return 0;
}

/* --- dates -------------------------------------------------------------------------------------- */

bool reading_digits(struct str text, struct reading_date *date)
{
    if (text.len != 10)
        return false;
    const char *d = text.data;
    date->year = (d[0] - '0') * 1000 + (d[1] - '0') * 100 + (d[2] - '0') * 10 + d[3] - '0';
    date->month = (d[5] - '0') * 10 + d[6] - '0';
    date->day = (d[8] - '0') * 10 + d[9] - '0';
    return true;
}

static int whole_number(const struct marks *marks, size_t at, int least, int most)
{
    uint64_t value;
    bool good = at < marks->count && marks->items[at].kind == MARK_NUMBER && str_to_u64(marks->items[at].text, &value) &&
                value >= (uint64_t)least && value <= (uint64_t)most;
    return good ? (int)value : 0;
}

static bool is_joint(const struct marks *marks, size_t at)
{
    static const char *const joints[] = { "de", "of", "del", "st", "nd", "rd", "th", "e", "a", "den", "der" };
    for (size_t i = 0; i < ARRAY_LEN(joints) && at < marks->count; i++)
        if (marks_is_word(&marks->items[at], joints[i]))
            return true;
    return false;
}

static size_t behind_joint(const struct marks *marks, size_t at)
{
    return at + is_joint(marks, at);
}

static int month_at(const struct marks *marks, size_t at)
{
    return at < marks->count && marks->items[at].kind == MARK_WORD ? fact_words_month(marks->items[at].text) : 0;
}

/* A year behind the date, perhaps with "de" between. */
static size_t take_year(const struct marks *marks, size_t at, struct reading_date *date)
{
    size_t year = behind_joint(marks, at);
    date->year = whole_number(marks, year, 1900, 2200);
    return date->year ? year + 1 : at;
}

/* A date that begins at `at`: 12 March 2026, 12 de marzo, March 12th 2026. Gives how many marks it takes, or 0. */
size_t reading_date(const struct marks *marks, size_t at, struct reading_date *date)
{
    const struct mark *mark = &marks->items[at];
    *date = (struct reading_date){ .day = 0 };
    if (mark->kind == MARK_DATE)
        return reading_digits(mark->text, date) ? 1 : 0;
    int day = whole_number(marks, at, 1, 31), month = month_at(marks, at);
    if (day) {
        size_t next = behind_joint(marks, at + 1);
        next = month_at(marks, next) ? next : behind_joint(marks, next); /* "12th of March" */
        date->day = day;
        date->month = month_at(marks, next);
        return date->month ? take_year(marks, next + 1, date) - at : 0;
    }
    if (month && whole_number(marks, at + 1, 1, 31)) {
        date->day = whole_number(marks, at + 1, 1, 31);
        date->month = month;
        return take_year(marks, behind_joint(marks, at + 2), date) - at;
    }
    return 0;
}

size_t reading_clause_end(const struct marks *marks, size_t from)
{
    size_t at = from + 1;
    while (at < marks->count && !marks->items[at].clause && !(marks->items[at].kind == MARK_WORD && fact_words_turns(marks->items[at].text)))
        at++;
    return at;
}

bool reading_is_denied(const struct marks *marks, size_t from, size_t to, size_t but_from, size_t but_to)
{
    size_t len = 0;
    for (size_t i = from; i < to; i++) {
        bool phrase = fact_words_promise(marks, i, &len) < FACT_PROMISE_COUNT && len > 1; /* "costs nothing" denies nothing */
        if (phrase || (i >= but_from && i < but_to)) {
            i += phrase ? len - 1 : 0;
            continue;
        }
        if (marks->items[i].kind == MARK_WORD && fact_words_negates(marks->items[i].text))
            return true;
    }
    return false;
}

bool reading_is_content(const struct mark *mark)
{
    return mark->kind == MARK_WORD && mark->text.len >= 4 && !fact_words_negates(mark->text);
}
