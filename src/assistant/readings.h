/* readings.h - what marks mean beside each other: dates, amounts, times, clauses and whether they deny.
 *
 * All of it is about one text's own marks; nothing is known of sources here. */
#ifndef ASSISTANT_READINGS_H
#define ASSISTANT_READINGS_H

#include "assistant/marks.h"

struct reading_date {
    int day, month, year; /* year 0: none was said */
    bool value;           /* of an action's result; the reader does not set it */
};

/* A date that begins at `at`: 2026-03-12, 12 March 2026, 12 de marzo, March 12th. How many marks it takes, or 0. */
size_t reading_date(const struct marks *marks, size_t at, struct reading_date *date);
/* Of a date in digits, as a mark has it. */
bool reading_digits(struct str text, struct reading_date *date);

/* The values of a number in digits or as a word; gives how many (0: it is none). `digits` is room for a word's. */
size_t reading_numbers(const struct mark *mark, struct str readings[2], char digits[8]);

const struct mark *reading_neighbour(const struct marks *marks, size_t at, int step); /* NULL at the edge */
bool reading_is_gap(const struct mark *mark);                        /* a place for a value, or a block of a template */
int reading_currency(const struct marks *marks, size_t at);          /* beside a number: 1 and up, or 0 */
bool reading_is_percent(const struct marks *marks, size_t at);
int reading_unit(const struct marks *marks, size_t at);              /* of time, behind it: 1 and up, or 0 */

/* Clauses: from one, to the beginning of the next. */
size_t reading_clause_end(const struct marks *marks, size_t from);
/* Has it a "not", but for the marks between? */
bool reading_is_denied(const struct marks *marks, size_t from, size_t to, size_t but_from, size_t but_to);
/* A word that says what it is about. */
bool reading_is_content(const struct mark *mark);

#endif
