/* fact_words.h - words that state facts: months, weekdays, numbers, currencies, "not", promises.
 *
 * English, Swedish, German and Spanish, as marks.h folds words. What a company may not say unless a
 * source says it stands in the table of promises. */
#ifndef ASSISTANT_FACT_WORDS_H
#define ASSISTANT_FACT_WORDS_H

#include "assistant/marks.h"

int fact_words_month(struct str word);   /* 1 to 12, or 0 */
int fact_words_weekday(struct str word); /* 1 is Monday, or 0 */
int fact_words_number(struct str word);  /* 2 to 1000, or 0; one is no number in any of the languages */
int fact_words_currency(const struct mark *mark); /* sign, code or name: 1 and up, or 0 */
int fact_words_unit(struct str word);    /* of time: minutes, hours, days, weeks, months, years: 1 and up, or 0 */
bool fact_words_negates(struct str word);
bool fact_words_turns(struct str word);  /* but, men, aber, pero: a new clause */

/* X(NAME, what it says, for the message) */
#define FACT_PROMISES(X) \
    X(FREE, "that something is free") X(REFUND, "a refund") X(GUARANTEE, "a guarantee") X(COMPENSATION, "compensation") \
    X(PROMISE, "a promise") X(ALWAYS, "\"always\"") X(NEVER, "\"never\"") X(AT_ONCE, "\"at once\"") X(WAIVED, "that something is waived") \
    X(APPROVED, "that something is approved") X(EVERYTHING, "\"all\" or \"unlimited\"")

enum fact_promise {
#define X(NAME, says) FACT_##NAME,
    FACT_PROMISES(X)
#undef X
    FACT_PROMISE_COUNT
};
extern const char *const fact_promise_names[FACT_PROMISE_COUNT];

/* The promise that begins at `at`, or FACT_PROMISE_COUNT; *len is how many marks it takes. */
enum fact_promise fact_words_promise(const struct marks *marks, size_t at, size_t *len);

#endif
