/* wants_human_words.h - the words that wants_human looks at, in classes.
 *
 * Four languages share the table: English, Swedish, German, Spanish. Words are folded: lower case,
 * without accents and apostrophes (ä is a, ß is ss, don't is dont). A word may be of several
 * classes; the rules in wants_human_rules.c speak of classes only. Rows are sorted by their bytes, prefixes first; a test checks. */
#ifndef ASSISTANT_WANTS_HUMAN_WORDS_H
#define ASSISTANT_WANTS_HUMAN_WORDS_H

#include <stddef.h>
#include <stdint.h>

/* Grouped as the rules use them. ANYTHING is every word; BREAK stands between sentences. */
#define WORD_CLASSES(X) \
    X(NONE) X(ANYTHING) X(BREAK) \
    X(PERSON) X(SOMEONE) X(NAGON) X(STAFF) X(SUPPORT) X(STAFFONLY) X(BOSS) X(REAL) X(CONTACT) X(WISH) X(FILL) \
    X(CANT) X(BE) X(YOU) X(I) X(THERE) X(HELLO) X(CAN) X(HELPS) X(BOT) X(NOT) X(BAD) X(HELPFUL) X(THATDID) \
    X(DOING) X(CALL) X(ME) X(CALLME) X(RING) X(BACK) X(ESCALATE) X(YOUR) X(ELSE) X(ODD) X(COMPOUND) X(INPER) \
    X(AT) X(THE) X(WHO) X(BECOME) X(AS) X(WITH) X(BEREAVED) X(DIE) X(PASSED) X(AWAY) X(RELATIVE) X(ILL) \
    X(SICK) X(OF) X(MENTAL) X(HEALTH) X(LOST) X(JOB) X(JOBLESS) X(OFF) X(GAMBLE) X(FORCE) X(ABUSE) X(SIGN) \
    X(AFFORD) X(ESSENTIAL) X(MONEY) X(DEBT) X(DROWN) X(DESPERATE) X(HARDSHIP) X(COPE) X(ANYMORE) X(SUICIDE) \
    X(KILL) X(SELF) X(KILLYOU) X(END) X(LIFE) X(OWN) X(LIVE) X(WANTDIE) X(WANT) X(TO) X(BOMB) X(HIT) \
    X(DANGERW) X(IN) X(HEIS) X(COMPLAIN) X(NOCOMPLAIN) X(LEGAL) X(COURT) X(TAKE) X(ACTION) X(POWER) X(SUE) \
    X(OUTRAGE) X(SCAM) X(SCAMMED) X(WORST) X(SERVICE) X(CURSE) X(REVIEW) X(CAPTCHA) X(SERVICEW) X(CUSTOMER) \
    X(MACHINE) X(MINE) X(VILL) X(WHEN) X(HAVE) X(YOURE) X(DO) X(MAN) X(ANSWERS) X(PHONE) X(HUMANISH) X(HELPW) \
    X(IT) X(ALL) X(GUN) X(TUE) X(ANTUN) X(BEEN) X(HOSPITAL) X(PLACE) X(WHOQ)

enum word_class {
#define X(name) WORD_##name,
    WORD_CLASSES(X)
#undef X
    WORD_CLASS_COUNT
};

#define WORD_BITS 3 /* 64-bit words of a set of classes */

struct word_classes {
    uint64_t bits[WORD_BITS];
};

struct word_row {
    const char *text;
    uint8_t classes[8]; /* NONE ends them */
};

extern const struct word_row wants_human_words[];
extern const size_t wants_human_word_count;

/* One piece of a rule. */
enum rule_kind { RULE_END, RULE_ONE, RULE_UP_TO, RULE_NOT_NEXT, RULE_START, RULE_STOP };

struct rule_piece {
    uint8_t kind, class, max;
};

#define RULE_PIECES 10

/* `via` 0 takes `class` off the words that the rule covers: a near miss. */
struct rule {
    uint8_t via;
    struct rule_piece pieces[RULE_PIECES];
};

enum { VIA_NEAR_MISS, VIA_WORDS, VIA_COMPLAINT, VIA_VULNERABLE, VIA_DANGER, VIA_COUNT };

extern const struct rule wants_human_rules[];
extern const size_t wants_human_rule_count;

#endif
