#include "assistant/wants_human_ear.h"

#include <math.h>
#include <string.h>

static void weigh(void *context, uint32_t bucket, int weight)
{
    struct ear *ear = context;
    for (size_t c = 0; c < EAR_COUNT; c++) ear->sums[c] += ear_weights[bucket][c] * weight;
    ear->squares += (float)(weight * weight);
    ear->steps++;
}

static void forget(struct ear *ear)
{
    memset(ear->sums, 0, sizeof ear->sums);
    ear->squares = 0;
    ear->last = ear->before = 0;
    ear->words = 0;
}

void ear_start(struct ear *ear)
{
    forget(ear);
    ear->steps = 0;
    ear->excess = -1;
    ear->heard = EAR_WORDS;
}

void ear_end_sentence(struct ear *ear)
{
    if (ear->words >= EAR_WORDS_MIN) {
        ear_end_features(ear->last, weigh, ear);
        float norm = ear_scale / sqrtf(ear->squares), odds = 0, most = -1e9f;
        enum ear_class best = EAR_WORDS;
        for (size_t c = 0; c < EAR_COUNT; c++) {
            float score = EAR_PRIOR + (float)ear->sums[c] * norm;
            odds += expf(score);
            if (score > most) best = (enum ear_class)c;
            if (score > most) most = score;
        }
        if (logf(odds) - ear_threshold > ear->excess) {
            ear->excess = logf(odds) - ear_threshold;
            ear->heard = best;
        }
    }
    forget(ear);
}

void ear_word(struct ear *ear, const uint16_t *letters, size_t len)
{
    ear_features(letters, len, ear->last, ear->before, weigh, ear);
    ear->before = ear->last;
    ear->last = ear_word_hash(letters, len);
    if (++ear->words == EAR_WORDS_MAX) ear_end_sentence(ear);
}
