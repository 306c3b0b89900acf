/* risk.h - which answers are sure enough, with a guarantee: Learn-then-Test, fixed sequence.
 *
 * Given calibration contacts whose right topic is known, find the loosest threshold of confidence for
 * which it is shown, with probability 1 - delta, that of the contacts answered at most a share of
 * `risk` is answered wrongly (Angelopoulos, Bates, Candes, Jordan, Lei: Learn then Test, 2021). The
 * thresholds are gone through from strict to loose, each tested with the exact binomial tail, up to
 * the first that fails; those with too few answers to pass at all, or hardly more than the one before,
 * are passed over, which looks at counts and never at errors. It holds if calibration and future contacts are of the same kind: new
 * topics, new texts or another model void it. Pure: no I/O. */
#ifndef ASSISTANT_RISK_H
#define ASSISTANT_RISK_H

#include <stdbool.h>
#include <stddef.h>

#define RISK_STEPS 1000 /* thresholds are thousandths of confidence */

/* P(Bin(n, p) <= k). */
double risk_binomial_tail(size_t k, size_t n, double p);

/* The fewest answers that can show it at all, with not one wrong: ceil(ln delta / ln(1 - risk)). */
size_t risk_least_answered(double risk, double delta);

/* The most wrong among `answered` that still show it; -1 if even none does not. */
long risk_most_wrong(size_t answered, double risk, double delta);

struct risk_row {
    double confidence; /* 0 to 1 */
    bool wrong;        /* answering it would be wrong */
};

struct risk_choice {
    bool certified;
    int threshold;      /* thousandths: answer what has this confidence or more */
    size_t rows, answered, wrong;
    double p_value;     /* of the chosen threshold */
    /* What is needed if nothing is certified: so many rows more of the same kind, 0 if no number of
     * them would do, since too many are wrong at every threshold. */
    size_t more_needed;
};

/* Changes the order of the rows. */
struct risk_choice risk_choose(struct risk_row *rows, size_t count, double risk, double delta);

#endif
