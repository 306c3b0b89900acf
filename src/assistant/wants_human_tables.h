/* wants_human_tables.h - the words and rules of wants_human, as the build makes them.
 *
 * tools/wants-human.c reads src/assistant/wants_human/LANGUAGE.txt and writes
 * build/wants_human_tables.c; docs/safety.md describes the files. A word belongs to classes, a
 * rule is a row of pieces, each of which wants a class. Nobody else includes this but the parts of wants_human. */
#ifndef ASSISTANT_WANTS_HUMAN_TABLES_H
#define ASSISTANT_WANTS_HUMAN_TABLES_H

#include "assistant/heard.h"

#define HEARD_LETTERS_MAX 32   /* of one word; the rest of a longer one is not looked at */
#define HEARD_CLASSES_MAX 8192
#define HEARD_PREFIX_MIN 2   /* Korean syllables; 3 letters elsewhere */
#define HEARD_TYPO_MIN 5       /* shorter words have too many neighbours */
#define HEARD_SPAN_MAX 20      /* words that one rule may reach over */
#define HEARD_PIECES_MAX 24

struct heard_word {
    uint32_t letters;          /* where they begin in heard_letters */
    uint8_t len;
    bool typo;                 /* heard with one typing error too, spelled out, and run together */
    uint16_t exact, exact_count;   /* classes of this very word, in heard_word_classes */
    uint16_t prefix, prefix_count; /* classes of every word that begins so */
};

enum heard_piece_kind {
    PIECE_ONE,      /* a word of the class */
    PIECE_OR_END,   /* that, or the end of a sentence */
    PIECE_UP_TO,    /* none to `max` of them */
    PIECE_GAP,      /* none to `max` words of any kind */
    PIECE_NOT,      /* the next word is none of the class */
    PIECE_START,    /* of a sentence */
    PIECE_END       /* of a sentence */
};

struct heard_piece {
    uint8_t kind, max;
    uint16_t class;
};

struct heard_rule {
    uint16_t pieces;           /* where they begin in heard_pieces */
    uint8_t count;
    uint8_t kind;              /* enum heard_kind */
    uint8_t language;          /* in heard_languages */
    uint16_t line;             /* of the language's file, for whoever asks why */
};

/* A word to compare mistyped ones with: the set of its letters tells most others apart. */
struct heard_typo {
    uint32_t letters_set;
    uint16_t word;
    uint8_t len;
};

extern const uint16_t heard_letters[];
extern const struct heard_word heard_words[];
extern const uint16_t heard_word_count;
extern const uint16_t heard_slots[];      /* hash table: index + 1 into heard_words, or 0 */
extern const uint32_t heard_slot_mask;
extern const uint16_t heard_word_classes[];
extern const uint16_t heard_class_count;
extern const struct heard_piece heard_pieces[];
extern const struct heard_rule heard_rules[];
extern const uint16_t heard_rule_count;
extern const uint16_t heard_anchors[];      /* class -> where its rules begin in heard_anchored; one more at the end */
extern const uint16_t heard_anchored[];     /* rules by their rarest class */
extern const struct heard_typo heard_typos[]; /* by length */
extern const uint16_t heard_typo_from[HEARD_LETTERS_MAX + 2];
extern const char *const heard_languages[];   /* at most 32 */
extern const unsigned heard_language_count;

#define HEARD_HASH_START 2166136261u

/* FNV-1a over 16-bit units; the hash of a prefix is on the way to the hash of the word. */
static inline uint32_t heard_hash(uint32_t hash, uint16_t letter)
{
    return (hash ^ letter) * 16777619u;
}

static inline uint32_t heard_slot(uint32_t hash)
{
    return (hash ^ (hash >> 15)) & heard_slot_mask;
}

static inline uint32_t heard_letter_bit(uint16_t letter)
{
    return (uint32_t)1 << (letter & 31);
}

#endif
