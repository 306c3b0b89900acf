#include "assistant/languages.h"

#include <math.h>
#include <utf8proc.h>

#include "assistant/language_samples.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"

/* Nats that the best must lead by. One word alone says little: it needs more. */
#define LEAD 2.0
#define LEAD_ONE_WORD 4.0
#define OWN_BONUS 1.0      /* the workspace's own languages are likelier */
#define WORDS_LOOKED_AT 40
#define WORD_SPREAD 7.0    /* no single word, a name perhaps, says more than this */
#define LISTED 0.5         /* share of a text's words that the list of common words explains */
#define LISTED_OFFSET 10.0 /* Zipf: the n-th word of the list has 1 / (n + offset) of it */
#define ORDER 4            /* a character and the three before it */
#define ALPHABET 4000.0    /* characters that there might be */
#define OWN_TEXT_MAX 12000 /* characters that a workspace's texts add: more would drown the others */

struct languages {
    size_t count;
    struct str *codes;
    bool *own;
    size_t *learned;            /* characters of the workspace's texts, so far */
    /* Runs of fewer characters than ORDER: how often each was seen, and what followed it. All by place,
     * then by model: [place * count + model]. */
    struct map places;          /* hash of the run -> place + 1 */
    size_t place_count, room;
    uint16_t *times;
    uint16_t *followed;         /* how often anything followed it */
    uint8_t *kinds;             /* by how many different characters */
    /* Runs of ORDER characters, which nothing is followed from. */
    struct map long_places;
    size_t long_count, long_room;
    uint8_t *long_times;
    struct map words;           /* hash of a common word -> its row in `ranks` + 1 */
    uint16_t *ranks;            /* [row * count + model]: 1 + its place in the list, or 0 */
    size_t row_count, row_room;
    double *list_sums;          /* of each model: Zipf's sum over its list */
};

/* --- samples ------------------------------------------------------------------------------------ */

static const struct language_sample *sample_of(struct str code)
{
    for (size_t i = 0; i < language_sample_count; i++) {
        const struct language_sample *sample = &language_samples[i];
        bool same = code.len >= 2 && (memcmp(code.data, sample->code, 2) == 0 || (sample->other && memcmp(code.data, sample->other, 2) == 0));
        if (same && (code.len == 2 || code.data[2] == '-'))
            return sample;
    }
    return NULL;
}

const char *languages_name(struct str code)
{
    const struct language_sample *sample = sample_of(code);
    return sample ? sample->name : NULL;
}

bool languages_is_small_word(struct str language, struct str word)
{
    const struct language_sample *sample = sample_of(language);
    struct str rest = str_of(sample ? sample->words : ""), piece;
    for (size_t i = 0; i < LANGUAGE_SMALL_WORDS && str_split(&rest, ' ', &piece); i++)
        if (str_equal(piece, word))
            return piece.len > 0;
    return false;
}

static bool is_in_list(const char *words, struct str word)
{
    struct str rest = str_of(words), piece;
    while (str_split(&rest, ' ', &piece))
        if (str_equal(piece, word))
            return piece.len > 0;
    return false;
}

bool languages_is_common_word(struct str word)
{
    static const char *const codes[] = { "en", "sv", "de", "es" };
    for (size_t i = 0; i < ARRAY_LEN(codes); i++)
        if (is_in_list(sample_of(str_of(codes[i]))->words, word))
            return true;
    return false;
}

/* --- runs of characters ------------------------------------------------------------------------- */

#define LETTERS_MAX 34

/* " word " as code points. */
static size_t letters_of(struct str word, utf8proc_int32_t letters[LETTERS_MAX])
{
    size_t count = 1;
    letters[0] = ' ';
    for (size_t at = 0; at < word.len && count < LETTERS_MAX - 1;) {
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)word.data + at, (utf8proc_ssize_t)(word.len - at), &letters[count]);
        if (len <= 0)
            break;
        at += (size_t)len;
        count++;
    }
    letters[count++] = ' ';
    return count;
}

static uint64_t run_key(const utf8proc_int32_t *letters, size_t count)
{
    uint64_t key = 0xcbf29ce484222325u + count;
    for (size_t i = 0; i < count; i++)
        key = (key ^ (uint32_t)letters[i]) * 0x100000001b3u;
    return key | 1;
}

/* Room for one row more in a table with a place for each model. */
static void *widened(void *table, size_t rows, size_t room, size_t width)
{
    char *wider = memory_resize(table, room, width);
    memset(wider + rows * width, 0, (room - rows) * width);
    return wider;
}

static size_t place_for(struct languages *languages, uint64_t key)
{
    uintptr_t place = (uintptr_t)map_get(&languages->places, key);
    size_t room = languages->room ? languages->room * 2 : 4096, count = languages->count;
    if (place)
        return (place - 1) * count;
    if (languages->place_count == languages->room) {
        languages->times = widened(languages->times, languages->room, room, count * sizeof *languages->times);
        languages->followed = widened(languages->followed, languages->room, room, count * sizeof *languages->followed);
        languages->kinds = widened(languages->kinds, languages->room, room, count * sizeof *languages->kinds);
        languages->room = room;
    }
    map_put(&languages->places, key, (void *)(uintptr_t)++languages->place_count);
    return (languages->place_count - 1) * count;
}

static size_t long_place_for(struct languages *languages, uint64_t key)
{
    uintptr_t place = (uintptr_t)map_get(&languages->long_places, key);
    size_t room = languages->long_room ? languages->long_room * 2 : 4096, count = languages->count;
    if (place)
        return (place - 1) * count;
    if (languages->long_count == languages->long_room) {
        languages->long_times = widened(languages->long_times, languages->long_room, room, count * sizeof *languages->long_times);
        languages->long_room = room;
    }
    map_put(&languages->long_places, key, (void *)(uintptr_t)++languages->long_count);
    return (languages->long_count - 1) * count;
}

static void add_small(uint8_t *cell, unsigned times)
{
    *cell = (uint8_t)(*cell + times > UINT8_MAX ? UINT8_MAX : *cell + times);
}

static void add_to(uint16_t *cell, unsigned times)
{
    *cell = (uint16_t)(*cell + times > UINT16_MAX ? UINT16_MAX : *cell + times);
}

/* Each character with the 0 to ORDER - 1 before it. */
static void learn_word(struct languages *languages, size_t model, struct str word, unsigned times)
{
    utf8proc_int32_t letters[LETTERS_MAX];
    size_t count = letters_of(word, letters);
    for (size_t i = 1; i < count; i++)
        for (size_t before = 0; before < ORDER && before <= i; before++) {
            uint64_t key = run_key(letters + i - before, before + 1);
            size_t context = place_for(languages, run_key(letters + i - before, before)) + model;
            bool is_long = before + 1 == ORDER;
            size_t run = (is_long ? long_place_for(languages, key) : place_for(languages, key)) + model;
            if ((is_long ? languages->long_times[run] : languages->times[run]) == 0)
                add_small(&languages->kinds[context], 1);
            add_to(&languages->followed[context], times);
            if (is_long)
                add_small(&languages->long_times[run], times);
            else
                add_to(&languages->times[run], times);
        }
}

static size_t learn_text(struct languages *languages, struct arena *scratch, size_t model, struct str text)
{
    struct tokens tokens = tokens_of(scratch, text);
    size_t letters = 0;
    for (size_t i = 0; i < tokens.count; i++) {
        learn_word(languages, model, tokens.words[i], 1);
        letters += tokens.words[i].len + 1;
    }
    return letters;
}

/* --- common words ------------------------------------------------------------------------------- */

static uint64_t word_key(struct str word)
{
    return str_hash(word) | 1;
}

static uint16_t *ranks_for(struct languages *languages, struct str word)
{
    uintptr_t row = (uintptr_t)map_get(&languages->words, word_key(word));
    if (!row) {
        if (languages->row_count == languages->row_room) {
            size_t room = languages->row_room ? languages->row_room * 2 : 1024;
            languages->ranks = widened(languages->ranks, languages->row_room, room, languages->count * sizeof *languages->ranks);
            languages->row_room = room;
        }
        row = ++languages->row_count;
        map_put(&languages->words, word_key(word), (void *)row);
    }
    return languages->ranks + (row - 1) * languages->count;
}

/* The commonest words are common in their letters too: they are learned several times. */
static void learn_list(struct languages *languages, size_t model, const char *words)
{
    struct str rest = str_of(words), word;
    for (unsigned rank = 1; str_split(&rest, ' ', &word); rank++) {
        if (word.len == 0)
            continue;
        uint16_t *ranks = ranks_for(languages, word);
        learn_word(languages, model, word, rank <= 20 ? 8 : rank <= 70 ? 3 : 1);
        if (ranks[model] == 0) {
            ranks[model] = (uint16_t)rank;
            languages->list_sums[model] += 1 / (rank + LISTED_OFFSET);
        }
    }
}

/* --- building ----------------------------------------------------------------------------------- */

static void add_model(struct languages *languages, struct str code, bool own)
{
    languages->codes[languages->count] = code;
    languages->own[languages->count++] = own;
}

/* Which models there are comes first: every table has a place for each. */
static void name_models(struct languages *languages, const struct str *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_model(languages, codes[i], true);
    for (size_t i = 0; i < language_sample_count; i++) {
        bool there = false;
        for (size_t k = 0; k < count; k++)
            there |= sample_of(codes[k]) == &language_samples[i];
        if (!there)
            add_model(languages, str_of(language_samples[i].code), false);
    }
}

struct languages *languages_new(const struct str *codes, size_t count)
{
    struct languages *languages = MEMORY_NEW(struct languages);
    struct arena scratch = { 0 };
    size_t most = count + language_sample_count;
    languages->codes = MEMORY_NEW_ARRAY(struct str, most);
    languages->own = MEMORY_NEW_ARRAY(bool, most);
    languages->learned = MEMORY_NEW_ARRAY(size_t, most);
    languages->list_sums = MEMORY_NEW_ARRAY(double, most);
    name_models(languages, codes, count);
    for (size_t model = 0; model < languages->count; model++) {
        const struct language_sample *sample = sample_of(languages->codes[model]);
        if (!sample)
            continue;
        learn_list(languages, model, sample->words);
        learn_text(languages, &scratch, model, str_of(sample->text));
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    return languages;
}

void languages_learn(struct languages *languages, struct arena *scratch, struct str code, struct str text)
{
    for (size_t m = 0; m < languages->count; m++)
        if (languages->own[m] && str_equal(languages->codes[m], code) && languages->learned[m] < OWN_TEXT_MAX)
            languages->learned[m] += learn_text(languages, scratch, m, text);
}

/* Nothing is added any more, so no room is needed. */
void languages_end(struct languages *languages)
{
    size_t count = languages->count;
    must(count > 0);
    languages->times = memory_resize(languages->times, languages->place_count, count * sizeof *languages->times);
    languages->followed = memory_resize(languages->followed, languages->place_count, count * sizeof *languages->followed);
    languages->kinds = memory_resize(languages->kinds, languages->place_count, count * sizeof *languages->kinds);
    languages->long_times = memory_resize(languages->long_times, languages->long_count, count * sizeof *languages->long_times);
    languages->ranks = memory_resize(languages->ranks, languages->row_count, count * sizeof *languages->ranks);
    languages->room = languages->place_count;
    languages->long_room = languages->long_count;
    languages->row_room = languages->row_count;
}

void languages_free(struct languages *languages)
{
    if (!languages)
        return;
    map_free(&languages->places);
    map_free(&languages->long_places);
    memory_free(languages->long_times);
    map_free(&languages->words);
    memory_free(languages->times);
    memory_free(languages->kinds);
    memory_free(languages->followed);
    memory_free(languages->ranks);
    memory_free(languages->codes);
    memory_free(languages->own);
    memory_free(languages->learned);
    memory_free(languages->list_sums);
    memory_free(languages);
}

/* --- finding ------------------------------------------------------------------------------------ */

#define MODELS_MAX (LIMIT_LANGUAGES + 32)

/* Witten and Bell's interpolation ("The zero-frequency problem", 1991, method C): what a context has
 * not seen is shared out as the next shorter context would. Multiplies each model's P by the letter's. */
static void spell_letter(const struct languages *languages, const utf8proc_int32_t *letters, size_t at, double *products)
{
    double probabilities[MODELS_MAX];
    for (size_t m = 0; m < languages->count; m++)
        probabilities[m] = 1 / ALPHABET;
    for (size_t before = 0; before < ORDER && before <= at; before++) {
        uint64_t key = run_key(letters + at - before, before + 1);
        uintptr_t context = (uintptr_t)map_get(&languages->places, run_key(letters + at - before, before));
        uintptr_t run = (uintptr_t)map_get(before + 1 == ORDER ? &languages->long_places : &languages->places, key);
        if (!context)
            break;
        const uint8_t *kinds = languages->kinds + (context - 1) * languages->count;
        const uint16_t *followed = languages->followed + (context - 1) * languages->count;
        for (size_t m = 0; m < languages->count; m++) {
            size_t cell = run ? (run - 1) * languages->count + m : 0;
            double times = !run ? 0 : before + 1 == ORDER ? languages->long_times[cell] : languages->times[cell];
            if (followed[m])
                probabilities[m] = (times + kinds[m] * probabilities[m]) / (followed[m] + kinds[m]);
        }
    }
    for (size_t m = 0; m < languages->count; m++)
        products[m] *= probabilities[m];
}

/* Adds ln P of the word to each model's score, no farther apart than WORD_SPREAD. */
static void score_word(const struct languages *languages, struct str word, double *scores)
{
    double products[MODELS_MAX], sums[MODELS_MAX], best = -INFINITY; /* 32 letters of 1e-6 are far above the least double */
    utf8proc_int32_t letters[LETTERS_MAX];
    size_t count = letters_of(word, letters);
    uintptr_t row = (uintptr_t)map_get(&languages->words, word_key(word));
    for (size_t m = 0; m < languages->count; m++)
        products[m] = 1;
    for (size_t i = 1; i < count; i++)
        spell_letter(languages, letters, i, products);
    for (size_t m = 0; m < languages->count; m++) {
        unsigned rank = row ? languages->ranks[(row - 1) * languages->count + m] : 0;
        double listed = rank ? 1 / (rank + LISTED_OFFSET) / languages->list_sums[m] : 0;
        sums[m] = log((1 - LISTED) * products[m] + LISTED * listed);
        best = sums[m] > best ? sums[m] : best;
    }
    for (size_t m = 0; m < languages->count; m++)
        scores[m] += sums[m] > best - WORD_SPREAD ? sums[m] : best - WORD_SPREAD;
}

/* Addresses and numbers are in no language. */
static bool is_speech(struct str piece)
{
    bool speech = str_find_char(piece, '@', 0) < 0 && str_find(piece, STR("://"), 0) < 0 && !str_starts(piece, STR("www."));
    for (size_t i = 0; speech && i < piece.len; i++)
        speech = piece.data[i] < '0' || piece.data[i] > '9';
    return speech;
}

static size_t score_text(const struct languages *languages, struct arena *arena, struct str text, double *scores)
{
    struct str piece;
    size_t words = 0;
    while (words < WORDS_LOOKED_AT && str_split(&text, ' ', &piece)) {
        if (!is_speech(piece))
            continue;
        struct tokens tokens = tokens_of(arena, piece);
        for (size_t i = 0; i < tokens.count && words < WORDS_LOOKED_AT; i++, words++)
            score_word(languages, tokens.words[i], scores);
    }
    return words;
}

struct language_found languages_find(const struct languages *languages, struct arena *arena, struct str text)
{
    struct language_found found = { STR_EMPTY, false, 0 };
    double scores[MODELS_MAX] = { 0 };
    size_t words = score_text(languages, arena, text, scores), best = 0, second = SIZE_MAX;
    if (words == 0)
        return found;
    for (size_t m = 0; m < languages->count; m++)
        scores[m] += languages->own[m] ? OWN_BONUS : 0;
    for (size_t m = 1; m < languages->count; m++) {
        if (scores[m] > scores[best]) {
            second = best;
            best = m;
        } else if (second == SIZE_MAX || scores[m] > scores[second]) {
            second = m;
        }
    }
    found.lead = second == SIZE_MAX ? 0 : scores[best] - scores[second];
    if (found.lead >= (words == 1 ? LEAD_ONE_WORD : LEAD)) {
        found.code = languages->codes[best];
        found.own = languages->own[best];
    }
    return found;
}

struct str languages_guess(const struct languages *languages, struct arena *arena, struct str text, double *margin)
{
    struct language_found found = languages_find(languages, arena, text);
    if (margin)
        *margin = found.lead;
    return found.own ? found.code : STR_EMPTY;
}
