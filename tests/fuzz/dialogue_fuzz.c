/* Any bytes as the assistant's memory: read, bounded, and the same after writing and reading again. */
#include <stdint.h>

#include "assistant/dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct dialogue dialogue, again;
    dialogue_read(&arena, str_make((const char *)data, size), &dialogue);
    struct str json = dialogue_write(&arena, &dialogue);
    must(json.len > 0 && json.len <= LIMIT_DIALOGUE && str_is_utf8(json));
    dialogue_read(&arena, json, &again);
    must(again.pending == dialogue.pending);
    must(str_equal(dialogue_write(&arena, &again), json));
    arena_free(&arena);
    return 0;
}
