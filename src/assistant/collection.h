/* collection.h - articles and questions of another system, read from files to measure searching with.
 *
 * Articles are a JSON array of {"id", "title", "content"}: ids are texts or whole numbers, one of title
 * and content may be missing; "questions" (a list of texts) and "language" may stand beside. Questions
 * are CSV with the columns text and id; a text in several rows has several right articles. Mistakes
 * name file, line and cure. */
#ifndef ASSISTANT_COLLECTION_H
#define ASSISTANT_COLLECTION_H

#include "assistant/languages.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"

struct collection_article {
    struct str id, title, text; /* text as Markdown */
    struct str language;        /* as given, else as found; may be empty */
    struct str *questions;
    size_t question_count;
};

struct collection_question {
    struct str text;
    uint32_t *right; /* numbers of articles, each once */
    size_t right_count, capacity;
};

struct collection {
    struct arena arena;
    struct collection_article *articles;
    size_t article_count, article_room;
    struct collection_question *questions;
    size_t question_count, question_room;
    struct map by_id, by_text; /* hash -> number + 1 */
    struct str language;       /* of most articles; empty if none is sure */
};

/* `name` is the file's name for the messages; `json` must outlive the collection. */
bool collection_articles(struct err *err, struct collection *collection, struct str name, struct str json) WARN_UNUSED;
/* After the articles. */
bool collection_questions(struct err *err, struct collection *collection, struct str name, struct str csv) WARN_UNUSED;
/* Finds the language of the articles that name none: from their own words, else as most are. */
void collection_find_languages(struct collection *collection, const struct languages *languages);
/* The language that a question is stemmed in: its own if articles have it, else as most articles are. */
struct str collection_language(const struct collection *collection, const struct languages *languages, struct arena *arena, struct str text);
void collection_free(struct collection *collection);

#endif
