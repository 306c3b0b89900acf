/* Articles as JSON, then a zero byte, then questions as CSV; what is read is searched: hits are in order and point into the texts. */
#include "assistant/collection.h"
#include "assistant/library.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void search(const struct collection *collection)
{
    struct library *library = library_new();
    struct arena arena = { 0 };
    for (size_t i = 0; i < collection->article_count; i++) {
        const struct collection_article *article = &collection->articles[i];
        library_add(library, &(struct library_document){ .language = i % 2 ? STR("en") : article->language, .title = article->title,
                                                         .text = article->text, .questions = article->questions,
                                                         .question_count = article->question_count });
    }
    library_end(library);
    for (size_t q = 0; q < collection->question_count && q < 20; q++) {
        struct library_hit hits[5];
        size_t count = library_search(library, &arena, collection->questions[q].text, STR("en"), hits, 5);
        must(collection->questions[q].right_count > 0 && count <= 5);
        for (size_t i = 0; i < count; i++) {
            struct str text = collection->articles[hits[i].document].text, passage = hits[i].passage.text;
            must(i == 0 || hits[i - 1].score >= hits[i].score);
            must(hits[i].own > 0 && hits[i].own <= 1.0001 && hits[i].coverage >= 0 && hits[i].coverage <= 1.0001);
            must(passage.len == 0 || (passage.data >= text.data && passage.data + passage.len <= text.data + text.len));
        }
    }
    arena_free(&arena);
    library_free(library);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size);
    ptrdiff_t zero = size ? str_find_char(text, '\0', 0) : -1;
    struct collection collection = { .articles = NULL };
    struct err err;
    if (collection_articles(&err, &collection, STR("a"), zero < 0 ? text : str_slice(text, 0, (size_t)zero)) && zero >= 0 &&
        collection_questions(&err, &collection, STR("q"), str_slice(text, (size_t)zero + 1, size)))
        search(&collection);
    collection_free(&collection);
    return 0;
}
