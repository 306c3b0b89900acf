/* masking.h - what the parts of the mask share. Nobody else includes this.
 *
 * Texts are compared letter by letter: in lower case, without accents, and where a letter falls into two
 * (ß is ss) as both. A letter knows its bytes in the text. */
#ifndef PRIVACY_MASKING_H
#define PRIVACY_MASKING_H

#include "privacy/detect.h"
#include "privacy/mask.h"

struct mask_letter {
    int32_t letter; /* folded; 0 for what is neither letter nor digit */
    uint32_t from, to;
};

struct mask_letters {
    struct mask_letter *items;
    size_t count;
};

struct mask_letters mask_letters_of(struct arena *arena, struct str text);

enum mask_kind { MASK_NAME, MASK_ADDRESS, MASK_ID, MASK_RECORD_EMAIL, MASK_RECORD_PHONE, MASK_KIND_COUNT };
extern const char *const mask_kind_names[MASK_KIND_COUNT];

/* A value of the record. `bridges`: blanks and signs may stand between its letters. */
struct mask_pattern {
    enum mask_kind kind;
    int32_t *letters;
    size_t count;
    bool bridges;
};

struct mask_patterns {
    struct mask_pattern *items; /* the longest first */
    size_t count;
};

struct mask_patterns mask_patterns_of(struct arena *arena, const struct mask_record *record);

/* Where the pattern ends that begins at letter `at`: the letter behind it, or 0. */
size_t mask_pattern_end(const struct mask_pattern *pattern, const struct mask_letters *letters, size_t at);

/* What a phrase before word `at` introduces: true with the bytes of the value. */
struct mask_words {
    struct str text;
    struct mask_word {
        struct str folded;
        uint32_t from, to;
        bool capital, digit;
    } *items;
    size_t count;
};
struct mask_words mask_words_of(struct arena *arena, struct str text, const struct mask_letters *letters);
bool mask_introduced(const struct mask_words *words, size_t at, enum mask_kind *kind, size_t *from, size_t *to);

#endif
