#include "assistant/library_index.h"

#include <stdlib.h>

#include "assistant/languages.h"
#include "assistant/thesaurus.h"
#include "base/memory.h"

#define K1 1.2
#define B 0.75
#define GRAM_K1 2.0       /* an n-gram that comes again says more than a word that does */
#define TITLE_TIMES 2.0   /* a word of the title or a heading counts this often in the whole */
#define HEADING_TIMES 2.0
#define THESAURUS_WORDS 8

const char *const library_part_names[LIBRARY_PARTS_COUNT] = {
#define X(NAME, name, weight) [LIBRARY_##NAME] = #name,
    LIBRARY_PARTS(X)
#undef X
};

/* --- counting one unit's terms ------------------------------------------------------------------ */

struct tally {
    double *times;
    uint32_t *touched;
    size_t count, capacity;
};

struct library_counting {
    struct tally words, stems, grams, pairs;
    struct library *library;
    unsigned language;
    uint32_t *said;     /* numbers of the document's words, text by text */
    size_t said_count, said_capacity;
};

/* One text of a document, as its words were read. */
struct text_words {
    size_t from, to; /* in `said` */
    bool counted;
};

static void tally_add(struct tally *tally, uint32_t term, double times)
{
    if (term >= tally->capacity) {
        size_t capacity = ((size_t)term + 64) * 2;
        tally->times = memory_resize(tally->times, capacity, sizeof *tally->times);
        tally->touched = memory_resize(tally->touched, capacity, sizeof *tally->touched);
        memset(tally->times + tally->capacity, 0, (capacity - tally->capacity) * sizeof *tally->times);
        tally->capacity = capacity;
    }
    if (tally->times[term] == 0)
        tally->touched[tally->count++] = term;
    tally->times[term] += times;
}

static void tally_clear(struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++)
        tally->times[tally->touched[i]] = 0;
    tally->count = 0;
}

static void tally_free(struct tally *tally)
{
    memory_free(tally->times);
    memory_free(tally->touched);
}

static uint32_t number_of(struct map *map, uint64_t key, size_t *count)
{
    uintptr_t number = (uintptr_t)map_get(map, key);
    if (!number) {
        number = ++*count;
        map_put(map, key, (void *)number);
    }
    return (uint32_t)(number - 1);
}

static void read_word(void *context, struct str word)
{
    struct library_counting *counting = context;
    struct library *library = counting->library;
    if (counting->said_count == counting->said_capacity) {
        counting->said_capacity = counting->said_capacity ? counting->said_capacity * 2 : 1024;
        counting->said = memory_resize(counting->said, counting->said_capacity, sizeof *counting->said);
    }
    counting->said[counting->said_count++] =
        vocabulary_add(&library->vocabulary, library->stemmers[counting->language], counting->language, word);
}

/* A text is taken apart once, however often it is counted. */
static struct text_words read_text(struct library_counting *counting, struct str text)
{
    struct arena scratch = { 0 };
    struct text_words words = { .from = counting->said_count };
    terms_each(&scratch, text, read_word, counting);
    words.to = counting->said_count;
    arena_free(&scratch);
    return words;
}

static void count_words(struct library_counting *counting, struct text_words *words, double weight)
{
    struct library *library = counting->library;
    uint32_t before = VOCABULARY_NONE; /* the stem of the word before */
    for (size_t i = words->from; i < words->to; i++) {
        struct vocabulary_word *word = &library->vocabulary.words[counting->said[i]];
        word->times += words->counted; /* how often it stands in what is counted; the first time was when it was read */
        tally_add(&counting->words, counting->said[i], weight);
        if (before != VOCABULARY_NONE) {
            uint64_t key = library_pair_key(before, word->stem);
            tally_add(&counting->pairs, number_of(&library->pairs, key, &library->pair_count), weight);
        }
        before = word->stem;
    }
    words->counted = true;
}

/* Stems and n-grams follow from the words, so each distinct word is taken apart once. */
static void count_parts(struct library_counting *counting)
{
    const struct vocabulary *vocabulary = &counting->library->vocabulary;
    for (size_t i = 0; i < counting->words.count; i++) {
        const struct vocabulary_word *word = &vocabulary->words[counting->words.touched[i]];
        double times = counting->words.times[counting->words.touched[i]];
        tally_add(&counting->stems, word->stem, times);
        for (uint32_t g = 0; g < word->gram_count; g++)
            tally_add(&counting->grams, vocabulary->grams[word->gram_from + g], times);
    }
}

static void write_unit(struct postings *postings, const struct tally *tally)
{
    postings_unit(postings);
    for (size_t i = 0; i < tally->count; i++)
        postings_add(postings, tally->touched[i], tally->times[tally->touched[i]]);
}

static void clear(struct library_counting *counting)
{
    tally_clear(&counting->words);
    tally_clear(&counting->stems);
    tally_clear(&counting->grams);
    tally_clear(&counting->pairs);
}

/* --- languages ---------------------------------------------------------------------------------- */

static unsigned language_at(const struct library *library, struct str language)
{
    unsigned i = 0;
    while (i < library->language_count && !str_equal(library->languages[i], language))
        i++;
    return i < library->language_count ? i : LIBRARY_LANGUAGES;
}

/* --- synonyms ----------------------------------------------------------------------------------- */

static void keep_stem(void *context, struct str word)
{
    struct library *library = context;
    struct library_phrase *phrase = &library->phrases[library->phrase_count];
    unsigned language = library->counting->language;
    uint32_t number = vocabulary_add(&library->vocabulary, library->stemmers[language], language, word);
    if (phrase->count < LIBRARY_PHRASE) {
        phrase->words[phrase->count] = number;
        phrase->stems[phrase->count] = library->vocabulary.words[number].stem;
    }
    phrase->count++;
}

/* Longer phrases than LIBRARY_PHRASE are left out: half a phrase means something else. */
static void add_group(struct library *library, unsigned language, const struct str *words, size_t count)
{
    library->counting->language = language;
    for (size_t i = 0; i < count; i++) {
        struct arena scratch = { 0 };
        if (library->phrase_count == library->phrase_capacity) {
            library->phrase_capacity = library->phrase_capacity ? library->phrase_capacity * 2 : 64;
            library->phrases = memory_resize(library->phrases, library->phrase_capacity, sizeof *library->phrases);
        }
        struct library_phrase *phrase = &library->phrases[library->phrase_count];
        *phrase = (struct library_phrase){ .group = (uint32_t)library->groups };
        terms_each(&scratch, words[i], keep_stem, library);
        arena_free(&scratch);
        library->phrase_count += phrase->count > 0 && phrase->count <= LIBRARY_PHRASE;
    }
    library->groups++;
}

static void add_thesaurus(struct library *library, unsigned language)
{
    struct str groups = thesaurus_of(library->languages[language]), group;
    while (groups.len && str_split(&groups, '\n', &group)) {
        struct str words[THESAURUS_WORDS], word;
        size_t count = 0;
        while (count < THESAURUS_WORDS && str_split(&group, ',', &word))
            words[count++] = word;
        add_group(library, language, words, count);
    }
}

/* More languages than there is room for share the last place: their words are then stemmed as it is. */
static unsigned language_for(struct library *library, struct str language)
{
    unsigned at = language_at(library, language);
    if (at < LIBRARY_LANGUAGES)
        return at;
    if (library->language_count == LIBRARY_LANGUAGES)
        return LIBRARY_LANGUAGES - 1;
    at = (unsigned)library->language_count++;
    library->languages[at] = arena_copy(&library->arena, language);
    library->stemmers[at] = stemmer_new(language);
    add_thesaurus(library, at);
    return at;
}

void library_add_synonyms(struct library *library, const struct library_synonyms *group)
{
    add_group(library, language_for(library, group->language), group->words, group->count);
}

/* --- documents ---------------------------------------------------------------------------------- */

struct library *library_new(void)
{
    struct library *library = MEMORY_NEW(struct library);
    library->counting = MEMORY_NEW(struct library_counting);
    library->counting->library = library;
    return library;
}

/* A document's texts as words: the title, the questions, and by cut heading and text. */
struct document_words {
    struct text_words title, *questions, *headings, *texts;
};

static void read_document(struct library_counting *counting, const struct library_document *document, const struct cuts *cuts,
                          struct arena *arena, struct document_words *out)
{
    counting->said_count = 0;
    *out = (struct document_words){ .title = read_text(counting, document->title),
                                    .questions = ARENA_NEW_ARRAY(arena, struct text_words, document->question_count + 1),
                                    .headings = ARENA_NEW_ARRAY(arena, struct text_words, cuts->count + 1),
                                    .texts = ARENA_NEW_ARRAY(arena, struct text_words, cuts->count + 1) };
    for (size_t i = 0; i < document->question_count; i++)
        out->questions[i] = read_text(counting, document->questions[i]);
    for (size_t i = 0; i < cuts->count; i++) {
        out->headings[i] = read_text(counting, cuts->items[i].heading);
        out->texts[i] = read_text(counting, cuts->items[i].text);
    }
}

static void add_wording(struct library *library, struct str wording, struct text_words *words)
{
    struct library_counting *counting = library->counting;
    if (str_trim(wording).len == 0)
        return;
    size_t number = library->wording_stem.units;
    if (number == library->wording_capacity) {
        library->wording_capacity = number ? number * 2 : 64;
        library->wording_documents = memory_resize(library->wording_documents, library->wording_capacity, sizeof(uint32_t));
    }
    library->wording_documents[number] = (uint32_t)library->documents;
    clear(counting);
    count_words(counting, words, 1);
    count_parts(counting);
    write_unit(&library->wording_stem, &counting->stems);
    write_unit(&library->wording_gram, &counting->grams);
}

static void add_passage(struct library *library, struct document_words *words, const struct cuts *cuts, size_t place)
{
    struct library_counting *counting = library->counting;
    size_t number = library->passage_stem.units;
    if (number == library->passage_capacity) {
        library->passage_capacity = number ? number * 2 : 64;
        library->passages = memory_resize(library->passages, library->passage_capacity, sizeof *library->passages);
    }
    library->passages[number] = (struct library_passage){ (uint32_t)library->documents, cuts->items[place] };
    clear(counting);
    count_words(counting, &words->title, 1);
    count_words(counting, &words->headings[place], HEADING_TIMES);
    count_words(counting, &words->texts[place], 1);
    count_parts(counting);
    write_unit(&library->passage_stem, &counting->stems);
}

/* Everything that the document says, each heading as often as it stands there. */
static void add_whole(struct library *library, struct document_words *words, size_t questions, const struct cuts *cuts)
{
    struct library_counting *counting = library->counting;
    clear(counting);
    count_words(counting, &words->title, TITLE_TIMES);
    for (size_t i = 0; i < questions; i++)
        count_words(counting, &words->questions[i], 1);
    for (size_t i = 0; i < cuts->count; i++) {
        if (i == 0 || !str_equal(cuts->items[i].heading, cuts->items[i - 1].heading))
            count_words(counting, &words->headings[i], HEADING_TIMES);
        count_words(counting, &words->texts[i], 1);
    }
    count_parts(counting);
    write_unit(&library->whole_stem, &counting->stems);
    write_unit(&library->whole_gram, &counting->grams);
    write_unit(&library->whole_pair, &counting->pairs);
}

void library_add(struct library *library, const struct library_document *document)
{
    struct arena scratch = { 0 };
    struct cuts cuts = cut_markdown(&scratch, document->text);
    if (library->documents + 1 >= library->document_capacity) {
        library->document_capacity = (library->documents + 1) * 2;
        library->passage_from = memory_resize(library->passage_from, library->document_capacity, sizeof(uint32_t));
        library->wording_from = memory_resize(library->wording_from, library->document_capacity, sizeof(uint32_t));
        library->titles = memory_resize(library->titles, library->document_capacity, sizeof *library->titles);
    }
    library->counting->language = language_for(library, document->language);
    library->titles[library->documents] = (struct library_title){ document->title, library->languages[library->counting->language] };
    library->passage_from[library->documents] = (uint32_t)library->passage_stem.units;
    library->wording_from[library->documents] = (uint32_t)library->wording_stem.units;
    struct document_words words;
    read_document(library->counting, document, &cuts, &scratch, &words);
    add_wording(library, document->title, &words.title);
    for (size_t i = 0; i < document->question_count; i++)
        add_wording(library, document->questions[i], &words.questions[i]);
    for (size_t i = 0; i < cuts.count; i++)
        add_passage(library, &words, &cuts, i);
    add_whole(library, &words, document->question_count, &cuts);
    library->documents++;
    library->passage_from[library->documents] = (uint32_t)library->passage_stem.units;
    library->wording_from[library->documents] = (uint32_t)library->wording_stem.units;
    arena_free(&scratch);
}

static int by_first_stem(const void *a, const void *b, void *context)
{
    const struct library *library = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    uint32_t first = library->phrases[x].stems[0], second = library->phrases[y].stems[0];
    return first != second ? (first < second ? -1 : 1) : x < y ? -1 : x > y;
}

static void sort_phrases(struct library *library)
{
    library->phrases_by_stem = MEMORY_NEW_ARRAY(uint32_t, library->phrase_count + 1);
    for (size_t i = 0; i < library->phrase_count; i++)
        library->phrases_by_stem[i] = (uint32_t)i;
    qsort_r(library->phrases_by_stem, library->phrase_count, sizeof(uint32_t), by_first_stem, library);
}

static void free_counting(struct library *library)
{
    if (!library->counting)
        return;
    tally_free(&library->counting->words);
    tally_free(&library->counting->stems);
    tally_free(&library->counting->grams);
    tally_free(&library->counting->pairs);
    memory_free(library->counting->said);
    memory_free(library->counting);
    library->counting = NULL;
    for (size_t i = 0; i < library->language_count; i++)
        stemmer_free(library->stemmers[i]);
}

void library_end(struct library *library)
{
    struct vocabulary *vocabulary = &library->vocabulary;
    sort_phrases(library);
    vocabulary_end(vocabulary);
    postings_end(&library->wording_stem, vocabulary->stems, K1, B);
    postings_end(&library->wording_gram, vocabulary->gram_kinds, GRAM_K1, B);
    postings_end(&library->whole_stem, vocabulary->stems, K1, B);
    postings_end(&library->whole_gram, vocabulary->gram_kinds, GRAM_K1, B);
    postings_end(&library->passage_stem, vocabulary->stems, K1, B);
    postings_end(&library->whole_pair, library->pair_count, K1, B);
    free_counting(library);
    library_meet(library);
    memory_free(library->titles);
    library->titles = NULL;
}

size_t library_documents(const struct library *library)
{
    return library->documents;
}

void library_free(struct library *library)
{
    if (!library)
        return;
    struct postings *all[] = { &library->wording_stem, &library->wording_gram, &library->whole_stem, &library->whole_gram,
                               &library->whole_pair, &library->passage_stem };
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        postings_free(all[i]);
    free_counting(library);
    vocabulary_free(&library->vocabulary);
    map_free(&library->pairs);
    memory_free(library->passages);
    memory_free(library->wording_documents);
    memory_free(library->passage_from);
    memory_free(library->wording_from);
    memory_free(library->titles);
    memory_free(library->neighbours);
    memory_free(library->phrases);
    memory_free(library->phrases_by_stem);
    arena_free(&library->arena);
    memory_free(library);
}
