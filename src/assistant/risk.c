#include "assistant/risk.h"

#include <math.h>
#include <stdlib.h>

#include "base/must.h"

#define TESTS 100           /* at most: each can fail by chance and end the sequence */
#define NEEDED_MOST 1000000 /* rows: more than anybody has */

/* Terms are added from the largest down in logarithms, so that no n is too large. */
double risk_binomial_tail(size_t k, size_t n, double p)
{
    if (k >= n || p <= 0)
        return 1;
    if (p >= 1)
        return 0;
    double step = log(p) - log1p(-p), term = (double)n * log1p(-p), most = -INFINITY, sum = 0;
    for (size_t i = 0; i <= k; i++) {
        if (i)
            term += log((double)(n - i + 1)) - log((double)i) + step;
        if (term > most) {
            sum = sum * exp(most - term) + 1;
            most = term;
        } else {
            sum += exp(term - most);
        }
    }
    double tail = exp(most) * sum;
    return tail > 1 ? 1 : tail;
}

size_t risk_least_answered(double risk, double delta)
{
    must(risk > 0 && risk < 1 && delta > 0 && delta < 1);
    return (size_t)ceil(log(delta) / log1p(-risk) - 1e-9);
}

long risk_most_wrong(size_t answered, double risk, double delta)
{
    long most = -1;
    while ((size_t)(most + 1) < answered && risk_binomial_tail((size_t)(most + 1), answered, risk) <= delta)
        most++;
    return most;
}

static int by_confidence(const void *a, const void *b)
{
    double x = ((const struct risk_row *)a)->confidence, y = ((const struct risk_row *)b)->confidence;
    return (x < y) - (x > y);
}

/* How many rows would have to be answered, if as large a share of them were wrong, to show it. */
static size_t answers_needed(double wrong_share, double risk, double delta)
{
    size_t n = risk_least_answered(risk, delta);
    if (wrong_share >= risk)
        return 0;
    while (n < NEEDED_MOST && risk_binomial_tail((size_t)ceil(wrong_share * (double)n), n, risk) > delta)
        n += n / 50 + 1;
    return n < NEEDED_MOST ? n : 0;
}

struct risk_choice risk_choose(struct risk_row *rows, size_t count, double risk, double delta)
{
    size_t least = risk_least_answered(risk, delta), answered = 0, wrong = 0, needed = 0, tested = 0;
    struct risk_choice choice = { .rows = count, .threshold = RISK_STEPS };
    qsort(rows, count, sizeof *rows, by_confidence);
    for (int threshold = RISK_STEPS; threshold >= 0; threshold--) {
        for (; answered < count && rows[answered].confidence * RISK_STEPS + 0.5 >= threshold; answered++)
            wrong += rows[answered].wrong;
        if (answered == 0)
            continue;
        size_t wants = answers_needed((double)wrong / (double)answered, risk, delta);
        size_t all = wants ? (size_t)ceil((double)wants * (double)count / (double)answered) : 0;
        if (all && (!needed || all < needed))
            needed = all;
        if (answered < least || (answered < count && answered < tested + (count + TESTS - 1) / TESTS))
            continue;
        tested = answered;
        double p = risk_binomial_tail(wrong, answered, risk);
        if (p > delta)
            break;
        choice = (struct risk_choice){ true, threshold, count, answered, wrong, p, 0 };
    }
    if (!choice.certified)
        choice.more_needed = count == 0 ? least : needed > count ? needed - count : 0;
    return choice;
}
