/* personal.h - what a short text must lose before the company keeps it for good.
 *
 * personal_has and personal_hide are what others use: all that mask.h hides for a language model, and
 * more, since what is kept is kept for ever. Beyond it this finds e-mail and web addresses, numbers of
 * four digits and more (an order's, a telephone's, a date; also cut by spaces), the names given, and the
 * word behind "my name is" in the languages of the demo. It errs towards finding: whoever edits the text afterwards can say the same in other words. It does not find
 * names that nobody has told it, nor postal addresses in words. */
#ifndef PRIVACY_PERSONAL_H
#define PRIVACY_PERSONAL_H

#include "privacy/mask.h"

#define PERSONAL_DIGITS 4

enum personal_kind { PERSONAL_NOTHING, PERSONAL_NUMBER, PERSONAL_ADDRESS, PERSONAL_NAME };

struct personal_found {
    enum personal_kind kind;
    size_t from, to;          /* bytes */
};

/* The first at or behind `from`. `names`: the customer's name, number, e-mail: each of their words counts. */
struct personal_found personal_find(struct str text, size_t from, const struct str *names, size_t name_count);

/* The text in one line, "…" in the place of what was found; at most `max` bytes, cut between characters. */
struct str personal_mask(struct arena *arena, struct str text, const struct str *names, size_t name_count, size_t max);

/* Whether anything personal is left in it, for this customer. */
bool personal_has(struct arena *arena, struct str text, const struct mask_record *record);
/* The text without it, as personal_mask gives it. */
struct str personal_hide(struct arena *arena, struct str text, const struct mask_record *record, size_t max);

#endif
