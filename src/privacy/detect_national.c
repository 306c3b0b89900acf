/* detect_national.c - numbers that a state gives to people: US social security, Swedish personal and
 * organisation numbers. */
#include "privacy/detecting.h"

static int number(const char *digits, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + digits[i] - '0';
    return value;
}

/* A digit here would belong to a longer number: 3.078051121. */
static bool begins_here(const struct detecting *detecting, size_t at)
{
    char before = detect_before(detecting, at);
    return detect_digit(detecting->text.data[at]) && !detect_digit(before) &&
           !(at > 1 && (before == '.' || before == ',' || before == '-' || before == '/') && detect_word(detecting->text.data[at - 2]));
}

static bool ends_here(const struct detecting *detecting, size_t end)
{
    char next = detect_at(detecting, end), then = detect_at(detecting, end + 1);
    return !detect_word(next) && !((next == '-' || next == '.' || next == ',' || next == '/') && detect_digit(then));
}

/* Social Security Administration: no area 000, 666 or 900 and above, no group 00, no serial 0000; the
 * three others were printed in advertisements and examples. */
static bool is_ssn(const char *digits)
{
    int area = number(digits, 3), group = number(digits + 3, 2), serial = number(digits + 5, 4);
    static const char *const known[] = { "078051120", "219099999", "123456789" };
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (memcmp(digits, known[i], 9) == 0)
            return false;
    return area != 0 && area != 666 && area < 900 && group != 0 && serial != 0;
}

void detect_ssns(struct detecting *detecting)
{
    for (size_t at = 0; at + 9 <= detecting->text.len; at++) {
        struct detect_digits run;
        if (!begins_here(detecting, at) || detect_word(detect_before(detecting, at)))
            continue;
        detect_digits(detecting, at, "-. ", &run);
        bool shape = run.count >= 9 && (run.count == 9 || run.after[8] == ' ');
        for (size_t i = 0; shape && i < 8; i++)
            shape = run.after[i] == 0 || i == 2 || i == 4;
        if (shape && is_ssn(run.digits) && ends_here(detecting, run.ends[8]))
            detect_claim(detecting, DETECT_SSN, at, run.ends[8]);
    }
}

/* --- Swedish ------------------------------------------------------------------------------------ */

static bool is_day(int year, int month, int day)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month >= 1 && month <= 12 && day >= 1 && day <= lengths[month - 1] + (month == 2 && leap);
}

/* Skatteverket, SKV 704: ten digits YYMMDDNNNC, or twelve with the century; a coordination number has the day
 * plus 60; an organisation number a "month" of 20 and more. Luhn over the last ten. */
static bool is_swedish(const char *digits, size_t count, enum detect_kind *kind)
{
    const char *ten = digits + count - 10;
    int year = number(digits, count == 12 ? 4 : 2), month = number(ten + 2, 2), day = number(ten + 4, 2);
    bool century = count == 10 || (year >= 1800 && year < 2100);
    /* In a year of two digits the 29th of February may be: the century is not known. */
    bool person = century && (is_day(count == 12 ? year : year % 4 ? 2001 : 2000, month, day > 60 ? day - 60 : day));
    *kind = person ? DETECT_PERSONNUMMER : DETECT_ORGNUMMER;
    return (person || (count == 10 && ten[2] >= '2')) && detect_luhn(ten, 10);
}

void detect_swedish(struct detecting *detecting)
{
    for (size_t at = 0; at + 10 <= detecting->text.len; at++) {
        struct detect_digits run;
        enum detect_kind kind;
        if (!begins_here(detecting, at))
            continue;
        detect_digits(detecting, at, "-+", &run);
        bool shape = (run.count == 10 || run.count == 12) && !run.more;
        for (size_t i = 0; shape && i < run.count; i++)
            shape = run.after[i] == 0 || i + 5 == run.count;
        if (shape && is_swedish(run.digits, run.count, &kind) && ends_here(detecting, run.ends[run.count - 1]))
            detect_claim(detecting, kind, at, run.ends[run.count - 1]);
    }
}
