#include "assistant/slots.h"

#include <time.h>

#include "assistant/details.h"
#include "assistant/fill.h"
#include "assistant/readings.h"

#define CHOICES_MAX STEP_OPTIONS_MAX
#define PART_WORDS 6 /* in more, a word that a choice has too may be about anything */

/* --- what there is to choose from --------------------------------------------------------------- */

/* An item of a result's list reads as the step says; one that does not fill the label is left out. */
static bool item_choice(struct turn *turn, const struct step *step, const json_t *item, struct str *value, struct str *label)
{
    struct err err;
    struct filling filling = { item, NULL, turn->language };
    struct str field = step->value.len ? step->value : step->subject;
    struct str template = workspace_text(turn->workspace, step->labels, step->label_count, turn->language);
    *value = fill_plain(turn->arena, json_object_get(item, arena_cstr(turn->arena, field)));
    return value->len && value->len <= DIALOGUE_VALUE_BYTES && fill_template(&err, turn->arena, template, &filling, label) &&
           label->len <= LIMIT_NAME;
}

static size_t choices_of_list(struct turn *turn, const struct step *step, const json_t *facts, struct str *values, struct str *labels, size_t max)
{
    const json_t *list = json_object_get(facts, arena_cstr(turn->arena, step->from)), *item;
    size_t count = 0, i;
    json_array_foreach(list, i, item) {
        struct str value, label;
        if (count == max || !json_is_object(item) || !item_choice(turn, step, item, &value, &label))
            continue;
        if (values)
            values[count] = value;
        if (labels)
            labels[count] = markdown_plain(label, turn->arena);
        count++;
    }
    return count;
}

size_t slots_choices(struct turn *turn, const struct step *step, const json_t *facts, struct str *values, struct str *labels, size_t max)
{
    size_t count = 0;
    if (step->from.len)
        return choices_of_list(turn, step, facts, values, labels, max);
    for (; count < step->option_count && count < max; count++) {
        if (values)
            values[count] = step->options[count].value;
        if (labels)
            labels[count] = workspace_text(turn->workspace, step->options[count].labels, step->options[count].label_count, turn->language);
    }
    return count;
}

/* --- finding one -------------------------------------------------------------------------------- */

static struct str folded(struct turn *turn, struct str text)
{
    return tokens_join(turn->arena, tokens_with_numbers(turn->arena, text));
}

/* Whether these words stand in the text as whole words in a row. */
static bool has_words(struct turn *turn, struct str text, struct str words)
{
    struct str inside = arena_format(turn->arena, " %.*s ", STR_ARG(text));
    return words.len && str_find(inside, arena_format(turn->arena, " %.*s ", STR_ARG(words)), 0) >= 0;
}

static bool means(struct turn *turn, const struct step_option *option, struct str text)
{
    for (size_t i = 0; i < option->also_count; i++)
        for (size_t k = 0; k < option->also[i].count; k++)
            if (has_words(turn, text, folded(turn, option->also[i].items[k])))
                return true;
    return false;
}

/* The one choice whose words stand in the text; none if two do: then it is asked. */
static struct str by_words(struct turn *turn, const struct step *step, struct str text, const struct str *values, const struct str *labels, size_t count)
{
    struct str found = STR_EMPTY;
    for (size_t i = 0; i < count; i++) {
        bool named = has_words(turn, text, folded(turn, labels[i])) || (step->from.len && has_words(turn, text, folded(turn, values[i]))) ||
                     (step->from.len == 0 && means(turn, &step->options[i], text));
        if (named && found.len)
            return STR_EMPTY;
        if (named)
            found = values[i];
    }
    return found;
}

/* "The second one": not the last, which may be the latest. */
static const struct {
    const char *words;
    size_t place;
} ordinals[] = {
    { "first", 1 }, { "1st", 1 }, { "första", 1 }, { "erste", 1 }, { "ersten", 1 }, { "erstes", 1 }, { "primero", 1 }, { "primera", 1 },
    { "second", 2 }, { "2nd", 2 }, { "andra", 2 }, { "zweite", 2 }, { "zweiten", 2 }, { "zweites", 2 }, { "segundo", 2 }, { "segunda", 2 },
    { "third", 3 }, { "3rd", 3 }, { "tredje", 3 }, { "dritte", 3 }, { "dritten", 3 }, { "drittes", 3 }, { "tercero", 3 }, { "tercera", 3 },
};

static bool denies(struct str word)
{
    static const char *const words[] = { "not", "no", "none", "neither", "dont", "inte", "ej", "ingen", "inget", "nicht", "kein", "keine", "nein", "ninguno", "ninguna" };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_equal(word, str_of(words[i])))
            return true;
    return false;
}

/* In a few words, what only one of a list has: "the red one", "the one of 9 December"; or its place in the list. */
static struct str by_part(struct turn *turn, struct tokens said, const struct str *values, const struct str *labels, size_t count)
{
    size_t found = SIZE_MAX;
    for (size_t w = 0; w < said.count; w++) {
        size_t has = 0, where = 0;
        if (denies(said.words[w]))
            return STR_EMPTY;
        for (size_t i = 0; i < count; i++)
            if (has_words(turn, folded(turn, labels[i]), said.words[w])) {
                has++;
                where = i;
            }
        for (size_t k = 0; k < ARRAY_LEN(ordinals) && has == 0; k++)
            if (str_equal(said.words[w], str_of(ordinals[k].words)) && ordinals[k].place <= count) {
                has = 1;
                where = ordinals[k].place - 1;
            }
        if (has == 1 && found != SIZE_MAX && found != where)
            return STR_EMPTY;
        if (has == 1)
            found = where;
    }
    return found == SIZE_MAX ? STR_EMPTY : values[found];
}

static struct str find_choice(struct turn *turn, const struct step *step, const json_t *facts, struct str text, bool asked)
{
    struct str values[CHOICES_MAX], labels[CHOICES_MAX], words = folded(turn, text), trimmed = str_trim(text);
    size_t count = slots_choices(turn, step, facts, values, labels, CHOICES_MAX);
    for (size_t i = 0; i < count && asked && words.len; i++)
        if (str_equal(words, folded(turn, values[i])) || str_equal(words, folded(turn, labels[i])))
            return values[i];
    if (asked && trimmed.len == 1 && trimmed.data[0] >= '1' && (size_t)(trimmed.data[0] - '0') <= count)
        return values[trimmed.data[0] - '1'];
    struct str named = by_words(turn, step, words, values, labels, count);
    struct tokens said = tokens_with_numbers(turn->arena, text);
    if (named.len || !asked || !step->from.len || said.count > PART_WORDS)
        return named;
    return by_part(turn, said, values, labels, count);
}

/* --- days --------------------------------------------------------------------------------------- */

/* As folded, the longest first; `days` from today. */
static const struct {
    const char *words;
    int days;
} days_named[] = {
    { "day after tomorrow", 2 }, { "i övermorgon", 2 }, { "övermorgon", 2 }, { "übermorgen", 2 }, { "pasado mañana", 2 },
    { "tomorrow", 1 }, { "tmrw", 1 }, { "imorgon", 1 }, { "i morgon", 1 }, { "imorron", 1 }, { "morgen", 1 }, { "mañana", 1 },
    { "today", 0 }, { "idag", 0 }, { "i dag", 0 }, { "heute", 0 }, { "hoy", 0 },
    { "yesterday", -1 }, { "igår", -1 }, { "i går", -1 }, { "gestern", -1 }, { "ayer", -1 },
};

/* Noon of a day, where the workspace is; days and months may be out of range. */
static struct tm noon(const struct turn *turn, int days)
{
    time_t now = (time_t)(turn->question->now_ms / 1000);
    struct tm day = { 0 };
    localtime_r(&now, &day);
    day.tm_mday += days;
    day.tm_hour = 12;
    day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    mktime(&day);
    return day;
}

static struct str day_text(struct turn *turn, int year, int month, int day)
{
    return arena_format(turn->arena, "%04d-%02d-%02d", year, month, day);
}

/* "Tomorrow"; none if nobody has told the time, or if it is a part of the day: "por la mañana". */
static struct str find_named_day(struct turn *turn, struct str text)
{
    struct str words = folded(turn, text);
    bool morning = has_words(turn, words, STR("la mañana"));
    for (size_t i = 0; i < ARRAY_LEN(days_named) && turn->question->now_ms > 0; i++) {
        struct str name = str_of(days_named[i].words);
        if (!has_words(turn, words, name) || (morning && str_equal(name, STR("mañana"))))
            continue;
        struct tm day = noon(turn, days_named[i].days);
        return day_text(turn, day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
    }
    return STR_EMPTY;
}

/* "3 December": of the years around this one the nearest. */
static int nearest_year(const struct turn *turn, const struct reading_date *date)
{
    struct tm today = noon(turn, 0);
    int months = (date->month - 1) - today.tm_mon, year = today.tm_year + 1900;
    return months > 6 ? year - 1 : months < -6 ? year + 1 : year;
}

static bool is_day(const struct reading_date *date)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (date->year % 4 == 0 && date->year % 100 != 0) || date->year % 400 == 0;
    if (date->year < 1900 || date->year > 2999 || date->month < 1 || date->month > 12)
        return false;
    return date->day >= 1 && date->day <= days[date->month - 1] + (leap && date->month == 2);
}

static struct str find_date(struct turn *turn, struct str text, bool asked)
{
    struct marks marks = marks_of(turn->arena, text, false);
    for (size_t i = 0; i < marks.count; i++) {
        struct reading_date date = { 0 };
        bool found = marks.items[i].kind == MARK_DATE ? reading_digits(marks.items[i].text, &date) : reading_date(&marks, i, &date) > 0;
        if (found && !date.year && date.month && turn->question->now_ms > 0)
            date.year = nearest_year(turn, &date);
        if (found && is_day(&date))
            return day_text(turn, date.year, date.month, date.day);
    }
    return asked ? find_named_day(turn, text) : STR_EMPTY; /* "it broke today" answers nothing */
}

static struct str find_yes_no(const struct turn *turn, struct str text, bool asked)
{
    bool here = asked && str_equal(text, turn->question->text);
    return here && turn->remark == REMARK_YES ? STR("yes") : here && turn->remark == REMARK_NO ? STR("no") : STR_EMPTY;
}

/* Of a number in the text, as people write it: "30 days", "1 500". */
static struct str find_number(struct turn *turn, const struct step *step, struct str text)
{
    struct marks marks = marks_of(turn->arena, text, false);
    for (size_t i = 0; i < marks.count; i++) {
        struct str readings[2];
        char digits[8];
        size_t count = marks.items[i].kind == MARK_NUMBER ? reading_numbers(&marks.items[i], readings, digits) : 0;
        for (size_t k = 0; k < count; k++)
            if (slots_fits(turn, step, NULL, readings[k]))
                return arena_copy(turn->arena, readings[k]);
    }
    return STR_EMPTY;
}

struct str slots_find(struct turn *turn, const struct step *step, const json_t *facts, struct str text, bool asked)
{
    switch (step->type) {
    case SLOT_CHOICE: return find_choice(turn, step, facts, text, asked);
    case SLOT_DATE: return find_date(turn, text, asked);
    case SLOT_NUMBER: return asked ? find_number(turn, step, text) : STR_EMPTY; /* any number could be any */
    case SLOT_YES_NO: return find_yes_no(turn, text, asked);
    case SLOT_TEXT:
        if (!asked && str_equal(step->slot.pattern, STR(STEP_ANY_TEXT)))
            return STR_EMPTY; /* anything fits */
        break;
    case SLOT_EMAIL: break;
    }
    return details_find(turn, &step->slot, text, asked);
}

bool slots_fits(struct turn *turn, const struct step *step, const json_t *facts, struct str value)
{
    struct str values[CHOICES_MAX];
    int64_t number;
    bool found = false;
    switch (step->type) {
    case SLOT_CHOICE:
        for (size_t i = 0, count = slots_choices(turn, step, facts, values, NULL, CHOICES_MAX); i < count; i++)
            found = found || str_equal(values[i], value);
        return found;
    case SLOT_DATE: return value.len == 10 && str_equal(find_date(turn, value, false), value);
    case SLOT_NUMBER: return str_to_i64(value, &number) && number >= step->min && number <= step->max;
    case SLOT_YES_NO: return str_equal(value, STR("yes")) || str_equal(value, STR("no"));
    case SLOT_TEXT:
    case SLOT_EMAIL: break;
    }
    return details_fits(turn, &step->slot, value);
}
