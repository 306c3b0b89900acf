/* detect.h - personal data that has a shape, found by pattern and checksum: e-mail, IBAN, card, IP, address of
 * the web, national numbers, telephone.
 *
 * The kinds are looked for in the order of the table, and the first to claim a span keeps it. Names and
 * street addresses have no shape: mask.h knows them from the customer's record and from phrases. Rules and
 * figures: docs/privacy.md. */
#ifndef PRIVACY_DETECT_H
#define PRIVACY_DETECT_H

#include "base/arena.h"

/* X(KIND, name as a placeholder has it) */
#define DETECT_KINDS(X) \
    X(EMAIL, "email") X(IBAN, "iban") X(CARD, "card") X(IP, "ip") X(URL, "link") X(SSN, "ssn") \
    X(PERSONNUMMER, "personnummer") X(ORGNUMMER, "orgnummer") X(PHONE, "phone") X(NUMBER, "number")

enum detect_kind {
#define X(KIND, name) DETECT_##KIND,
    DETECT_KINDS(X)
#undef X
    DETECT_KIND_COUNT
};
extern const char *const detect_names[DETECT_KIND_COUNT];

struct detect_span {
    enum detect_kind kind;
    size_t from, to; /* bytes */
};

struct detect_spans {
    struct detect_span *items; /* by position, never overlapping */
    size_t count;
};

/* `strict`: what has seven digits in a row, or is a GUID, is found too, as DETECT_NUMBER, whatever it is. */
struct detect_spans detect_find(struct arena *arena, struct str text, bool strict);

#endif
