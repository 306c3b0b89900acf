/* Any text as a topic and as an article; what has no mistake can be filled, shown and checked. */
#include <jansson.h>
#include <stdint.h>

#include "assistant/assistant.h"
#include "assistant/fill.h"
#include "assistant/ground.h"
#include "base/memory.h"
#include "workspace/read_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct arena *arena, struct str markdown)
{
    struct err err;
    struct str filled = STR_EMPTY, values = STR_EMPTY;
    json_t *result = json_loads("{\"a\":1,\"b\":[{\"c\":\"2026-01-02\"}],\"d_minor\":5,\"e\":\"https://x.example\"}", 0, NULL);
    struct filling filling = { result, NULL, STR("sv") };
    if (fill_template(&err, arena, markdown, &filling, &filled)) {
        bool grounded = ground_check(&err, filled, &markdown, 1, values);
        UNUSED(grounded);
    }
    must(str_is_utf8(markdown_plain(markdown, arena)));
    json_decref(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size), languages[] = { STR("en"), STR("sv") };
    struct problems problems = { 0 };
    struct workspace workspace = { .languages = languages, .language_count = 2 };
    struct reading reading = { .workspace = &workspace, .arena = &workspace.arena, .problems = &problems, .file = STR("topics/fuzz.md") };
    struct topic topic = { .name = STR("fuzz") };
    struct article articles[2] = { { .name = STR("fuzz") } };
    if (size > LIMIT_FILE || !str_is_utf8(text) || memchr(data, 0, size))
        return 0; /* files_read refuses those */
    read_topic(&reading, text, &topic);
    if (topic.steps_version.len)
        check_steps(&reading, &topic);
    if (problems.count == 0) {
        must(topic.answer_count > 0);
        for (size_t i = 0; i < topic.answer_count; i++)
            use(&workspace.arena, topic.answers[i].text);
        for (size_t i = 0; i < topic.case_count; i++)
            use(&workspace.arena, topic.cases[i].text);
    }
    problems_free(&problems); /* a full list takes no more, and would hide the article's */
    size_t versions = read_article(&reading, text, articles, ARRAY_LEN(articles));
    must(versions <= ARRAY_LEN(articles) && (versions > 0 || problems.count > 0));
    for (size_t i = 0; i < versions && problems.count == 0; i++)
        must(articles[i].markdown.len > 0 && articles[i].title.len > 0 && fields_safe_url(articles[i].url));
    arena_free(&reading.scratch);
    memory_free(reading.references);
    memory_free(reading.utterances);
    arena_free(&workspace.arena);
    problems_free(&problems);
    return 0;
}
