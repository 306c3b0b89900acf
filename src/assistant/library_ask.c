/* library_ask.c - a question in a library's terms: its stems, what else they may be said as, n-grams, pairs. */
#include <math.h>

#include "assistant/languages.h"
#include "assistant/library_index.h"

#define SYNONYM_WEIGHT 0.7f
#define SYNONYM_GRAM 0.5f /* of all the other ways together */
#define JOINED_WEIGHT 0.8f
#define GUESS_WEIGHT 0.8f /* one edit away */
#define GUESS_GRAM 0.5f
#define SMALL_GRAM 0.5f

static void add_way(struct library_concept *concept, uint32_t stem, float weight)
{
    for (size_t i = 0; i < concept->way_count; i++)
        if (concept->ways[i].stem == stem) {
            concept->ways[i].weight = concept->ways[i].weight > weight ? concept->ways[i].weight : weight;
            return;
        }
    if (concept->way_count < LIBRARY_WAYS)
        concept->ways[concept->way_count++] = (struct library_way){ stem, weight };
}

static void add_gram(struct library_asked *asked, uint32_t gram, float weight)
{
    if (asked->gram_count == LIBRARY_GRAMS)
        return;
    asked->grams[asked->gram_count] = gram;
    asked->gram_weights[asked->gram_count++] = weight;
}

/* The n-grams of a word that the question does not have but may mean. */
static void add_known_grams(const struct library *library, struct library_asked *asked, uint32_t number, float weight)
{
    const struct vocabulary_word *word = &library->vocabulary.words[number];
    for (uint32_t i = 0; i < word->gram_count; i++)
        add_gram(asked, library->vocabulary.grams[word->gram_from + i], weight);
}

static void add_guesses(const struct library *library, struct arena *arena, struct library_asked *asked, struct library_concept *concept, struct str word)
{
    struct vocabulary_near near[VOCABULARY_NEAR];
    size_t count = vocabulary_guess(&library->vocabulary, arena, word, near);
    for (size_t i = 0; i < count; i++)
        add_way(concept, library->vocabulary.words[near[i].word].stem, near[i].edits ? powf(GUESS_WEIGHT, (float)near[i].edits) : 1);
    if (count == 0)
        return;
    concept->stem = library->vocabulary.words[near[0].word].stem;
    add_known_grams(library, asked, near[0].word, GUESS_GRAM);
}

static void add_grams(const struct library *library, struct library_asked *asked, struct str word, float weight)
{
    uint64_t keys[TERMS_GRAMS_MAX];
    size_t count = terms_grams(word, VOCABULARY_GRAM_LEAST, VOCABULARY_GRAM_MOST, keys);
    for (size_t i = 0; i < count; i++) {
        uint32_t gram = vocabulary_gram(&library->vocabulary, keys[i]);
        if (gram == VOCABULARY_NONE)
            asked->unknown_grams += weight;
        else
            add_gram(asked, gram, weight);
    }
}

static bool has_phrase(const struct library_asked *asked, size_t at, const struct library_phrase *phrase)
{
    if (at + phrase->count > asked->count)
        return false;
    for (size_t i = 0; i < phrase->count; i++)
        if (asked->concepts[at + i].stem != phrase->stems[i])
            return false;
    return true;
}

/* The other ways to say it belong to the phrase's first word, shared out over their own words. */
static void add_group(const struct library *library, struct library_asked *asked, struct library_concept *concept, uint32_t found)
{
    size_t from = found, to = found;
    while (from > 0 && library->phrases[from - 1].group == library->phrases[found].group)
        from--;
    while (to + 1 < library->phrase_count && library->phrases[to + 1].group == library->phrases[found].group)
        to++;
    for (size_t p = from; p <= to; p++) {
        const struct library_phrase *phrase = &library->phrases[p];
        for (size_t i = 0; p != found && i < phrase->count; i++) {
            add_way(concept, phrase->stems[i], SYNONYM_WEIGHT / (float)phrase->count);
            add_known_grams(library, asked, phrase->words[i], SYNONYM_GRAM / (float)(to - from) / (float)phrase->count);
        }
    }
}

static void add_synonyms(const struct library *library, struct library_asked *asked)
{
    for (size_t at = 0; at < asked->count; at++) {
        uint32_t stem = asked->concepts[at].stem;
        size_t low = 0, high = library->phrase_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (library->phrases[library->phrases_by_stem[middle]].stems[0] < stem)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < library->phrase_count && library->phrases[library->phrases_by_stem[low]].stems[0] == stem; low++)
            if (has_phrase(asked, at, &library->phrases[library->phrases_by_stem[low]]))
                add_group(library, asked, &asked->concepts[at], library->phrases_by_stem[low]);
    }
}

static void add_pair(const struct library *library, struct library_asked *asked, uint32_t first, uint32_t second)
{
    uintptr_t pair = first == VOCABULARY_NONE || second == VOCABULARY_NONE ? 0
                   : (uintptr_t)map_get(&library->pairs, library_pair_key(first, second));
    if (pair && asked->pair_count < LIBRARY_WORDS)
        asked->pairs[asked->pair_count++] = (uint32_t)(pair - 1);
}

/* "log in" may stand in an article as "login", "e mail" as "email". */
static void add_joined(const struct library *library, struct arena *arena, struct library_concept *first, struct str word, struct str next)
{
    uint32_t number = VOCABULARY_NONE;
    struct str joined = arena_format(arena, "%.*s%.*s", STR_ARG(word), STR_ARG(next));
    for (unsigned language = 0; language < library->language_count && number == VOCABULARY_NONE; language++)
        number = vocabulary_word(&library->vocabulary, language, joined);
    if (number == VOCABULARY_NONE)
        return;
    add_way(first, library->vocabulary.words[number].stem, JOINED_WEIGHT);
}

struct library_asked *library_ask(const struct library *library, struct arena *arena, struct str text, struct str language)
{
    struct library_asked *asked = ARENA_NEW(arena, struct library_asked);
    struct str *words = ARENA_NEW_ARRAY(arena, struct str, LIBRARY_WORDS);
    size_t count = terms_words(arena, text, words, LIBRARY_WORDS);
    struct stemmer *stemmer = stemmer_new(language);
    for (size_t i = 0; i < count; i++) {
        struct library_concept *concept = &asked->concepts[asked->count++];
        concept->stem = vocabulary_stem(&library->vocabulary, stemmer, arena, words[i]);
        concept->small = languages_is_small_word(language, words[i]);
        if (concept->stem != VOCABULARY_NONE)
            add_way(concept, concept->stem, concept->small ? LIBRARY_SMALL_STEM : 1);
        else
            add_guesses(library, arena, asked, concept, words[i]);
        add_grams(library, asked, words[i], concept->small ? SMALL_GRAM : 1);
    }
    stemmer_free(stemmer);
    for (size_t i = 0; i + 1 < asked->count; i++) {
        add_joined(library, arena, &asked->concepts[i], words[i], words[i + 1]);
        add_pair(library, asked, asked->concepts[i].stem, asked->concepts[i + 1].stem);
    }
    add_synonyms(library, asked);
    return asked;
}

struct looking {
    const struct library *library;
    const struct library_asked *asked;
    struct stemmer *stemmer;
    struct arena *arena;
    uint64_t found;
};

static void look_for(void *context, struct str word)
{
    struct looking *looking = context;
    uint32_t stem = vocabulary_stem(&looking->library->vocabulary, looking->stemmer, looking->arena, word);
    for (size_t c = 0; c < looking->asked->count && stem != VOCABULARY_NONE; c++) {
        const struct library_concept *concept = &looking->asked->concepts[c];
        for (size_t w = 0; w < concept->way_count && !concept->small; w++)
            if (concept->ways[w].stem == stem)
                looking->found |= (uint64_t)1 << c;
    }
}

uint64_t library_words_in(const struct library *library, struct arena *arena, const struct library_asked *asked, struct str text,
                          struct str language)
{
    struct looking looking = { library, asked, stemmer_new(language), arena, 0 };
    terms_each(arena, text, look_for, &looking);
    stemmer_free(looking.stemmer);
    return looking.found;
}
