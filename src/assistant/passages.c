#include "assistant/passages.h"

#include <math.h>
#include <stdlib.h>

#include "base/map.h"
#include "base/memory.h"

#define K1 1.2
#define B 0.75
#define PASSAGE_BYTES 700 /* paragraphs are put together up to this */
#define TITLE_TIMES 2     /* a word of the title or heading counts this often */

struct entry { /* of a stem: one passage it is in */
    uint32_t passage, times;
};

struct stem {
    struct entry *entries;
    size_t count, capacity;
};

struct passages {
    struct arena arena;
    struct passage *items;
    uint32_t *lengths;
    size_t count, capacity;
    double mean_length;
    struct map stems; /* hash of language and stem -> struct stem */
};

static uint64_t stem_key(struct str language, struct str stem)
{
    uint64_t hash = str_hash(stem) * 31 + str_hash(str_slice(language, 0, 2));
    return hash ? hash : 1;
}

/* --- cutting ------------------------------------------------------------------------------------ */

static void add_passage(struct passages *passages, struct passage passage)
{
    passage.markdown = str_trim(passage.markdown);
    if (passage.markdown.len == 0)
        return;
    if (passages->count == passages->capacity) {
        passages->capacity = passages->capacity ? passages->capacity * 2 : 64;
        passages->items = memory_resize(passages->items, passages->capacity, sizeof *passages->items);
    }
    passages->items[passages->count++] = passage;
}

static bool is_heading(struct str line, struct str *heading)
{
    size_t marks = 0;
    while (marks < line.len && line.data[marks] == '#')
        marks++;
    if (marks == 0 || marks > 6 || marks == line.len || line.data[marks] != ' ')
        return false;
    *heading = str_trim(str_slice(line, marks, line.len));
    return true;
}

/* Paragraphs in a row under one heading, as long as they are short together. */
static void cut(struct passages *passages, const struct article *article)
{
    struct str rest = article->markdown, line;
    struct passage open = { article, STR_EMPTY, str_make(article->markdown.data, 0) };
    while (str_split(&rest, '\n', &line)) {
        struct str heading;
        const char *end = line.data + line.len;
        if (is_heading(line, &heading)) {
            add_passage(passages, open);
            open.heading = heading;
            open.markdown = str_make(end, 0);
        } else if (str_trim(line).len == 0 && open.markdown.len > PASSAGE_BYTES / 2 &&
                   (size_t)(end - open.markdown.data) + PASSAGE_BYTES / 2 > PASSAGE_BYTES) {
            add_passage(passages, open);
            open.markdown = str_make(end, 0);
        } else {
            open.markdown.len = (size_t)(end - open.markdown.data);
        }
    }
    add_passage(passages, open);
}

/* --- index -------------------------------------------------------------------------------------- */

static void count_stem(struct passages *passages, uint64_t key, uint32_t passage, uint32_t times)
{
    struct stem *stem = map_get(&passages->stems, key);
    if (!stem) {
        stem = MEMORY_NEW(struct stem);
        map_put(&passages->stems, key, stem);
    }
    if (stem->count == 0 || stem->entries[stem->count - 1].passage != passage) {
        if (stem->count == stem->capacity) {
            stem->capacity = stem->capacity ? stem->capacity * 2 : 2;
            stem->entries = memory_resize(stem->entries, stem->capacity, sizeof *stem->entries);
        }
        stem->entries[stem->count++] = (struct entry){ passage, 0 };
    }
    stem->entries[stem->count - 1].times += times;
    passages->lengths[passage] += times;
}

static void index_text(struct passages *passages, struct stemmer *stemmer, uint32_t number, struct str text, uint32_t times)
{
    struct arena scratch = { 0 };
    struct tokens tokens = tokens_of(&scratch, text);
    struct str language = passages->items[number].article->language;
    for (size_t i = 0; i < tokens.count; i++)
        count_stem(passages, stem_key(language, stemmer_stem(stemmer, &scratch, tokens.words[i])), number, times);
    arena_free(&scratch);
}

struct passages *passages_new(const struct workspace *workspace)
{
    struct passages *passages = MEMORY_NEW(struct passages);
    for (size_t i = 0; i < workspace->article_count; i++)
        cut(passages, &workspace->articles[i]);
    passages->lengths = memory_new(passages->count + 1, sizeof *passages->lengths);
    double all = 0;
    for (uint32_t i = 0; i < passages->count; i++) {
        const struct passage *passage = &passages->items[i];
        struct stemmer *stemmer = stemmer_new(passage->article->language);
        index_text(passages, stemmer, i, passage->article->title, TITLE_TIMES);
        index_text(passages, stemmer, i, passage->heading, TITLE_TIMES);
        index_text(passages, stemmer, i, passage->markdown, 1);
        stemmer_free(stemmer);
        all += passages->lengths[i];
    }
    passages->mean_length = passages->count ? all / (double)passages->count : 1;
    return passages;
}

void passages_free(struct passages *passages)
{
    if (!passages)
        return;
    struct map_slot slot;
    for (size_t i = 0; map_next(&passages->stems, &i, &slot);) {
        struct stem *stem = slot.value;
        memory_free(stem->entries);
        memory_free(stem);
    }
    map_free(&passages->stems);
    memory_free(passages->items);
    memory_free(passages->lengths);
    arena_free(&passages->arena);
    memory_free(passages);
}

/* --- search ------------------------------------------------------------------------------------- */

struct asked {
    uint64_t *keys;
    size_t count;
};

/* The question's stems that matter, each once. */
static struct asked asked_for(struct arena *arena, struct str text, struct str language)
{
    struct tokens tokens = tokens_of(arena, text);
    struct asked asked = { ARENA_NEW_ARRAY(arena, uint64_t, tokens.count + 1), 0 };
    struct stemmer *stemmer = stemmer_new(language);
    for (size_t i = 0; i < tokens.count && asked.count < 100; i++) {
        if (languages_is_small_word(language, tokens.words[i]) || str_equal(tokens.words[i], STR("#")))
            continue;
        uint64_t key = stem_key(language, stemmer_stem(stemmer, arena, tokens.words[i]));
        size_t k = 0;
        while (k < asked.count && asked.keys[k] != key)
            k++;
        if (k == asked.count)
            asked.keys[asked.count++] = key;
    }
    stemmer_free(stemmer);
    return asked;
}

static double idf_of(const struct passages *passages, const struct stem *stem)
{
    double df = stem ? (double)stem->count : 0;
    return log(1 + ((double)passages->count - df + 0.5) / (df + 0.5));
}

static void offer(struct passage_hit *hits, size_t *count, struct passage_hit hit)
{
    size_t at = *count;
    if (at == PASSAGES_TOP && hit.score <= hits[PASSAGES_TOP - 1].score)
        return;
    at = at < PASSAGES_TOP ? (*count)++ : PASSAGES_TOP - 1;
    for (; at > 0 && hits[at - 1].score < hit.score; at--)
        hits[at] = hits[at - 1];
    hits[at] = hit;
}

size_t passages_search(const struct passages *passages, struct arena *arena, struct str text, struct str language,
                       struct passage_hit hits[PASSAGES_TOP])
{
    struct asked asked = asked_for(arena, text, language);
    struct passage_hit *all = ARENA_NEW_ARRAY(arena, struct passage_hit, passages->count + 1);
    double wanted = 0;
    size_t count = 0;
    for (size_t k = 0; k < asked.count; k++) {
        const struct stem *stem = map_get(&passages->stems, asked.keys[k]);
        double idf = idf_of(passages, stem);
        wanted += idf;
        for (size_t e = 0; stem && e < stem->count; e++) {
            struct passage_hit *hit = &all[stem->entries[e].passage];
            double tf = stem->entries[e].times;
            double norm = K1 * (1 - B + B * passages->lengths[stem->entries[e].passage] / passages->mean_length);
            hit->score += idf * tf * (K1 + 1) / (tf + norm);
            hit->coverage += idf;
            hit->matched++;
        }
    }
    for (size_t i = 0; i < passages->count; i++) {
        if (all[i].score <= 0)
            continue;
        all[i].passage = &passages->items[i];
        all[i].coverage /= wanted;
        offer(hits, &count, all[i]);
    }
    return count;
}
