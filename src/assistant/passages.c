#include "assistant/passages.h"

#include "assistant/trim.h"
#include "base/memory.h"

struct shelf {
    struct str language;
    struct library *library;
    const struct article **articles; /* of each document */
    size_t count;
};

struct passages {
    struct shelf shelves[LIMIT_LANGUAGES];
    size_t count;
};

static const struct utterances *questions_in(const struct article *article, struct str language)
{
    for (size_t i = 0; i < article->question_count; i++)
        if (str_equal(article->questions[i].language, language))
            return &article->questions[i];
    return NULL;
}

/* In another language than its own an article is known by its questions only. */
static void add_article(struct shelf *shelf, const struct article *article)
{
    const struct utterances *questions = questions_in(article, shelf->language);
    bool own = str_equal(article->language, shelf->language);
    if (!own && !questions)
        return;
    library_add(shelf->library, &(struct library_document){
        .language = shelf->language, .title = own ? article->title : STR_EMPTY, .text = own ? article->markdown : STR_EMPTY,
        .questions = questions ? questions->items : NULL, .question_count = questions ? questions->count : 0 });
    shelf->articles[shelf->count++] = article;
}

static void fill_shelf(struct shelf *shelf, const struct workspace *workspace)
{
    shelf->articles = MEMORY_NEW_ARRAY(const struct article *, workspace->article_count + 1);
    shelf->library = library_new();
    for (size_t i = 0; i < workspace->synonym_count; i++) {
        const struct synonyms *group = &workspace->synonyms[i];
        if (str_equal(group->language, shelf->language))
            library_add_synonyms(shelf->library, &(struct library_synonyms){ group->language, group->words, group->count });
    }
    for (size_t i = 0; i < workspace->article_count; i++)
        add_article(shelf, &workspace->articles[i]);
    library_end(shelf->library);
}

struct passages *passages_new(const struct workspace *workspace)
{
    struct passages *passages = MEMORY_NEW(struct passages);
    for (size_t i = 0; i < workspace->language_count && i < LIMIT_LANGUAGES; i++) {
        struct shelf *shelf = &passages->shelves[passages->count++];
        shelf->language = workspace->languages[i];
        fill_shelf(shelf, workspace);
    }
    return passages;
}

void passages_free(struct passages *passages)
{
    if (!passages)
        return;
    for (size_t i = 0; i < passages->count; i++) {
        library_free(passages->shelves[i].library);
        memory_free(passages->shelves[i].articles);
    }
    memory_free(passages);
}

/* --- searching ---------------------------------------------------------------------------------- */

static const struct passage *passage_of(struct arena *arena, const struct article *article, struct cut cut)
{
    struct passage *passage = ARENA_NEW(arena, struct passage);
    if (cut.text.len == 0) { /* known by its questions: where it begins */
        struct cuts cuts = cut_markdown(arena, article->markdown);
        if (cuts.count)
            cut = cuts.items[0];
    }
    *passage = (struct passage){ article, cut.heading, cut.text };
    return passage;
}

static size_t search_shelf(const struct shelf *shelf, struct arena *arena, struct str text, struct passage_hit *hits, size_t room)
{
    struct library_hit *found = ARENA_NEW_ARRAY(arena, struct library_hit, room + 1);
    size_t count = library_search(shelf->library, arena, text, shelf->language, found, room);
    for (size_t i = 0; i < count; i++) {
        hits[i] = (struct passage_hit){ passage_of(arena, shelf->articles[found[i].document], found[i].passage), found[i].score, found[i].own,
                                        found[i].coverage, found[i].matched, { 0 } };
        memcpy(hits[i].parts, found[i].parts, sizeof hits[i].parts);
    }
    return count;
}

/* Letters in common are not enough to look no further. */
static bool has_match(const struct passage_hit *hits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (hits[i].matched > 0)
            return true;
    return false;
}

size_t passages_search_many(const struct passages *passages, struct arena *arena, struct str text, struct str language,
                            struct passage_hit *hits, size_t room)
{
    struct passage_hit *other = ARENA_NEW_ARRAY(arena, struct passage_hit, room + 1);
    size_t count = 0;
    for (size_t i = 0; i < passages->count; i++)
        if (str_equal(passages->shelves[i].language, language))
            count = search_shelf(&passages->shelves[i], arena, text, hits, room);
    for (size_t i = 0; i < passages->count && !has_match(hits, count); i++) {
        if (str_equal(passages->shelves[i].language, language))
            continue;
        size_t found = search_shelf(&passages->shelves[i], arena, text, other, room);
        if (!has_match(other, found) && count > 0)
            continue;
        memcpy(hits, other, found * sizeof *hits);
        count = found;
    }
    return count;
}

/* --- trimming ----------------------------------------------------------------------------------- */

struct trimming {
    const struct library *library;
    const struct library_asked *asked;
    struct arena *arena;
    struct str language;
};

static uint64_t words_in(void *context, struct str text)
{
    const struct trimming *trimming = context;
    return library_words_in(trimming->library, trimming->arena, trimming->asked, text, trimming->language);
}

struct str passages_trim(const struct passages *passages, struct arena *arena, struct str text, struct str language,
                         const struct passage *passage)
{
    struct trimming trimming = { .arena = arena, .language = passage->article->language };
    if (!str_equal(language, trimming.language))
        return passage->markdown; /* the question's words are not the passage's */
    for (size_t i = 0; i < passages->count; i++)
        if (str_equal(passages->shelves[i].language, language))
            trimming.library = passages->shelves[i].library;
    if (!trimming.library)
        return passage->markdown;
    trimming.asked = library_ask(trimming.library, arena, text, language);
    return trim_passage(arena, passage->markdown, language, words_in, &trimming);
}
