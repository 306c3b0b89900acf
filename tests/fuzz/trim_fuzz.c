/* Trimming: the first byte chooses the question's words, the rest is a passage. What is left is whole sentences of it. */
#include "assistant/ground.h"
#include "assistant/trim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t match(void *context, struct str text)
{
    const uint8_t *word = context;
    return text.len && memchr(text.data, *word, text.len) ? 1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct err err;
    if (size < 2 || size > 3000)
        return 0;
    struct str passage = str_make((const char *)data + 1, size - 1);
    struct str trimmed = trim_passage(&arena, passage, STR("en"), match, (void *)(uintptr_t)data);
    must(trimmed.len <= passage.len);
    if (str_find(passage, STR("{{"), 0) < 0)
        must(ground_check(&err, trimmed, &passage, 1, STR_EMPTY));
    arena_free(&arena);
    return 0;
}
