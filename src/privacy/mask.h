/* mask.h - a text without personal data: placeholders such as [email 1] in their place, and back.
 *
 * Hidden are the spans that detect.h finds (strictly), what the customer's record knows (name and its
 * parts, addresses, ids: whatever the case, accents and blanks), and what follows phrases that introduce a
 * name or an address ("my name is", "jag heter", "ich wohne in", "me llamo" ...).
 *
 * A mask belongs to one turn of one customer. The same value has the same placeholder in all texts of the
 * turn, so a reply can be given its values back (mask_show), for that customer only. A bracket that only
 * looks like a placeholder is taken out of what is hidden, so nobody can ask for another's number. */
#ifndef PRIVACY_MASK_H
#define PRIVACY_MASK_H

#include "base/arena.h"

/* What is known of the customer; all may be empty. Ids are those of accounts, orders and the like. */
struct mask_record {
    struct str name, email, phone, address;
    const struct str *ids;
    size_t id_count;
};

struct mask;

/* Lives in the arena, as all that it gives back. */
struct mask *mask_new(struct arena *arena, const struct mask_record *record);

struct str mask_hide(struct mask *mask, struct str text);

/* The text with its values. False: a placeholder in it stands for nothing that was hidden. */
bool mask_show(const struct mask *mask, struct str text, struct str *out) WARN_UNUSED;

/* How many values are hidden so far. */
size_t mask_count(const struct mask *mask);

#endif
