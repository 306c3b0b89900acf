/* calendar.h - days as numbers since 1970-01-01 and as text such as 2026-11-22 (UTC). */
#ifndef DEMO_CALENDAR_H
#define DEMO_CALENDAR_H

#include "base/str.h"

struct calendar_text {
    char text[16];
};

int64_t calendar_today(void);
struct calendar_text calendar_text(int64_t day);
bool calendar_read(struct str text, int64_t *day);

/* The same day of the month, `months` later; the last day of the month if there is none such. */
int64_t calendar_add_months(int64_t day, int months);

/* `count` working days later; Saturdays and Sundays do not count. */
int64_t calendar_add_working(int64_t day, int count);

#endif
