#include "demo/calendar.h"

#include <stdio.h>
#include <time.h>

struct civil {
    int64_t year;
    int month, day;
};

/* Days to civil date and back: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static struct civil civil_of(int64_t day)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153; /* March is 0 */
    struct civil civil = { year_of_era + era * 400, 0, (int)(of_year - (153 * shifted + 2) / 5 + 1) };
    civil.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    if (civil.month <= 2) civil.year++;
    return civil;
}

static int64_t day_of(struct civil civil)
{
    int64_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t of_year = (153 * (civil.month > 2 ? civil.month - 3 : civil.month + 9) + 2) / 5 + civil.day - 1;
    int64_t of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year;
    return era * 146097 + of_era - 719468;
}

int64_t calendar_today(void)
{
    return (int64_t)(time(NULL) / 86400);
}

struct calendar_text calendar_text(int64_t day)
{
    struct civil civil = civil_of(day);
    struct calendar_text text;
    snprintf(text.text, sizeof text.text, "%04d-%02d-%02d", (int)(civil.year % 10000), civil.month, civil.day);
    return text;
}

bool calendar_read(struct str text, int64_t *day)
{
    uint64_t year, month, number;
    if (text.len != 10 || text.data[4] != '-' || text.data[7] != '-') return false;
    if (!str_to_u64(str_slice(text, 0, 4), &year) || !str_to_u64(str_slice(text, 5, 7), &month) ||
        !str_to_u64(str_slice(text, 8, 10), &number) || month < 1 || month > 12)
        return false;
    struct civil civil = { (int64_t)year, (int)month, (int)number };
    *day = day_of(civil);
    struct calendar_text back = calendar_text(*day);
    return str_equal(str_of(back.text), text); /* there is no 30 February */
}

int64_t calendar_add_months(int64_t day, int months)
{
    struct civil civil = civil_of(day);
    int64_t month = civil.year * 12 + civil.month - 1 + months;
    struct civil first = { month / 12, (int)(month % 12) + 1, 1 };
    struct civil next = { (month + 1) / 12, (int)((month + 1) % 12) + 1, 1 };
    int64_t length = day_of(next) - day_of(first);
    return day_of(first) + (civil.day <= length ? civil.day : length) - 1;
}

int64_t calendar_add_working(int64_t day, int count)
{
    while (count > 0) {
        day++;
        int64_t weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday; 0 is Monday */
        if (weekday < 5) count--;
    }
    return day;
}
