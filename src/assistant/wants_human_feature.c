#include "assistant/wants_human_ear.h"

#define PIECE_FROM 4 /* letters of the pieces of a word */
#define PIECE_TO 4
#define WORD_WEIGHT EAR_WHOLE
#define PAIR_WEIGHT EAR_WHOLE
#define APART_WEIGHT 3
#define PIECE_WEIGHT 2
#define EDGE 0x5e

static uint32_t mix(uint32_t hash, uint32_t value)
{
    hash ^= value + 0x9e3779b9u + (hash << 6) + (hash >> 2);
    return hash * 2654435761u;
}

static uint32_t bucket_of(uint32_t kind, uint32_t a, uint32_t b)
{
    uint32_t hash = mix(mix(mix(17, kind), a), b);
    return (hash ^ (hash >> 15)) % EAR_BUCKETS;
}

uint32_t ear_word_hash(const uint16_t *letters, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++) hash = (hash ^ letters[i]) * 16777619u;
    return hash ? hash : 1;
}

/* "<word>" in pieces of four and five letters. */
static void pieces(const uint16_t *letters, size_t len, ear_feature_fn *feature, void *context)
{
    if (len < PIECE_FROM) return;
    for (size_t at = 0; at + PIECE_FROM <= len + 2; at++) {
        uint32_t hash = 7;
        for (size_t i = at; i < len + 2 && i < at + PIECE_TO; i++) {
            hash = mix(hash, i == 0 || i == len + 1 ? EDGE : letters[i - 1]);
            if (i + 1 >= at + PIECE_FROM) feature(context, bucket_of(4, hash, (uint32_t)(i - at)), PIECE_WEIGHT);
        }
    }
}

void ear_features(const uint16_t *letters, size_t len, uint32_t last, uint32_t before, ear_feature_fn *feature, void *context)
{
    uint32_t word = ear_word_hash(letters, len);
    feature(context, bucket_of(1, word, 0), WORD_WEIGHT);
    feature(context, bucket_of(2, last, word), PAIR_WEIGHT);
    if (before) feature(context, bucket_of(3, before, word), APART_WEIGHT);
    pieces(letters, len, feature, context);
}

void ear_end_features(uint32_t last, ear_feature_fn *feature, void *context)
{
    feature(context, bucket_of(2, last, 0), PAIR_WEIGHT);
}
