/* A model's answer: whatever a server sends, line by line or whole, it is bounded, and its text is clean. */
#include "assistant/completion.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct completion *completion, struct arena *arena)
{
    struct str text = completion_text(completion, arena);
    must(str_is_utf8(text) && text.len <= COMPLETION_TEXT);
    for (size_t i = 0; i < text.len; i++)
        must((unsigned char)text.data[i] >= ' ' || text.data[i] == '\n' || text.data[i] == '\t');
    must(completion->call_count <= COMPLETION_CALLS);
    for (size_t i = 0; i < completion->call_count; i++)
        must(completion->calls[i].arguments.len <= COMPLETION_ARGUMENTS && strlen(completion->calls[i].name) <= COMPLETION_NAME);
    must(!completion->failed || completion->err.text[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str whole = str_make((const char *)data, size), rest = whole, line;
    struct arena arena = { 0 };
    struct completion completion;
    completion_init(&completion);
    bool more = true;
    while (str_split(&rest, '\n', &line)) {
        bool next = completion_add(&completion, line);
        must(more || !next);
        more = next;
    }
    check(&completion, &arena);
    completion_free(&completion);
    completion_init(&completion);
    must(completion_take(&completion, whole) != completion.failed);
    check(&completion, &arena);
    completion_free(&completion);
    completion_init(&completion);
    if (!completion_add(&completion, whole)) /* done or failed: what there is of it is looked at all the same */
        check(&completion, &arena);
    completion_call_in_text(&completion, &arena);
    check(&completion, &arena);
    completion_free(&completion);
    completion_error(whole, &arena);
    arena_free(&arena);
    return 0;
}
