/* assistant.c - an assistant learns from a workspace. */
#include <pthread.h>

#include "assistant/intent_workspace.h"
#include "assistant/turn.h"
#include "base/memory.h"

static void learn_languages(struct assistant *assistant)
{
    const struct workspace *workspace = assistant->workspace;
    struct arena scratch = { 0 };
    assistant->languages = languages_new(workspace->languages, workspace->language_count);
    for (size_t t = 0; t < workspace->topic_count; t++) {
        const struct topic *topic = &workspace->topics[t];
        for (size_t l = 0; l < topic->example_count; l++)
            for (size_t i = 0; i < topic->examples[l].count; i++)
                languages_learn(assistant->languages, &scratch, topic->examples[l].language, topic->examples[l].items[i]);
        for (size_t i = 0; i < topic->answer_count; i++)
            languages_learn(assistant->languages, &scratch, topic->answers[i].language, topic->answers[i].text);
        arena_reset(&scratch);
    }
    languages_end(assistant->languages);
    arena_free(&scratch);
}

/* What has nothing to do with the intents, on a thread of its own while they are learned. */
static void *learn_beside(void *argument)
{
    struct assistant *assistant = argument;
    learn_languages(assistant);
    assistant->passages = passages_new(assistant->workspace);
    return NULL;
}

struct assistant *assistant_learn(struct err *err, const struct assistant_lesson *lesson)
{
    const struct workspace *workspace = lesson->workspace;
    struct intent_wish wish = { workspace, lesson->at_once, lesson->stop };
    if (workspace->language_count == 0 || workspace->topic_count == 0) {
        err_set(err, "the workspace has no language or no topic");
        return NULL;
    }
    struct assistant *assistant = MEMORY_NEW(struct assistant);
    pthread_t beside;
    assistant->workspace = workspace;
    must(pthread_create(&beside, NULL, learn_beside, assistant) == 0);
    assistant->intent = intent_of_workspace(&assistant->model, &wish, &assistant->figures, &assistant->is_first);
    must(pthread_join(beside, NULL) == 0);
    if (learning_stopped(lesson->stop)) {
        assistant_free(assistant);
        err->text[0] = '\0';
        return NULL;
    }
    return assistant;
}

struct assistant *assistant_new(struct err *err, const struct workspace *workspace)
{
    return assistant_learn(err, &(struct assistant_lesson){ .workspace = workspace });
}

bool assistant_is_first(const struct assistant *assistant)
{
    return assistant->is_first;
}

void assistant_free(struct assistant *assistant)
{
    if (!assistant)
        return;
    intent_free(assistant->intent);
    languages_free(assistant->languages);
    passages_free(assistant->passages);
    memory_free(assistant);
}

struct str assistant_language(const struct assistant *assistant, struct str text)
{
    struct arena scratch = { 0 };
    struct str found = languages_guess(assistant->languages, &scratch, text, NULL);
    arena_free(&scratch);
    return found; /* one of the workspace's codes, not of the scratch */
}

struct str assistant_any_language(const struct assistant *assistant, struct str text, struct arena *arena)
{
    return arena_copy(arena, languages_find(assistant->languages, arena, text).code);
}

size_t assistant_search(const struct assistant *assistant, struct arena *arena, struct str text, struct str language,
                        struct found_passage *found, size_t max)
{
    struct passage_hit hits[PASSAGES_TOP];
    size_t count = passages_search(assistant->passages, arena, text, language, hits);
    for (size_t i = 0; i < count && i < max; i++) {
        const struct passage *passage = hits[i].passage;
        found[i] = (struct found_passage){ passage->article->title, passage->heading, passage->article->url, passage->markdown,
                                           turn_thousandths(hits[i].coverage) };
    }
    return count < max ? count : max;
}

const char *assistant_complains(const struct assistant *assistant)
{
    return assistant->model.text;
}
