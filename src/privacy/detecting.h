/* detecting.h - what the parts of the detector share. Nobody else includes this. */
#ifndef PRIVACY_DETECTING_H
#define PRIVACY_DETECTING_H

#include "privacy/detect.h"

struct detecting {
    struct arena *arena;
    struct str text;
    uint8_t *claimed; /* a byte each: 0, or one of those below */
    struct detect_spans spans;
    size_t room;
};

/* A GUID may be part of an address of the web, but of no number. */
enum { DETECT_FREE, DETECT_CLAIMED, DETECT_GUID };

/* Keeps the span unless a part of it is another's. */
void detect_claim(struct detecting *detecting, enum detect_kind kind, size_t from, size_t to);
bool detect_is_claimed(const struct detecting *detecting, enum detect_kind kind, size_t from, size_t to);

static inline bool detect_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool detect_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
/* A byte above ASCII belongs to a letter, near enough. */
static inline bool detect_word(char c) { return detect_digit(c) || detect_letter(c) || (unsigned char)c >= 0x80; }

static inline char detect_at(const struct detecting *detecting, size_t at)
{
    return at < detecting->text.len ? detecting->text.data[at] : '\0';
}
static inline char detect_before(const struct detecting *detecting, size_t at)
{
    return at ? detecting->text.data[at - 1] : '\0';
}

/* Digits from `from` on, with single separators between them: for numbers that are checked by a sum. */
#define DETECT_DIGITS_MAX 24
struct detect_digits {
    char digits[DETECT_DIGITS_MAX];
    size_t ends[DETECT_DIGITS_MAX]; /* in the text, behind each digit */
    char after[DETECT_DIGITS_MAX];  /* the separator behind each digit, or 0 */
    size_t count;
    bool more;                      /* there would be further digits */
};
void detect_digits(const struct detecting *detecting, size_t from, const char *separators, struct detect_digits *out);
bool detect_luhn(const char *digits, size_t count);

/* detect_net.c */
void detect_emails(struct detecting *detecting);
void detect_ips(struct detecting *detecting);
void detect_urls(struct detecting *detecting);
bool detect_known_ending(struct str ending, bool *is_a_word_too); /* detect_endings.c */

/* detect_accounts.c */
void detect_ibans(struct detecting *detecting);
void detect_cards(struct detecting *detecting);

/* detect_national.c */
void detect_ssns(struct detecting *detecting);
void detect_swedish(struct detecting *detecting);

/* detect_phone.c */
void detect_phones(struct detecting *detecting);

#endif
