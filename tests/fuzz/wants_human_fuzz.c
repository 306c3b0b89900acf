/* Any bytes as a customer's words: heard the same each time, as one of the known wishes or none. */
#include <stdint.h>

#include "assistant/assistant.h"
#include "assistant/tokens.h"
#include "assistant/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const known[] = { "", "words", "complaint", "vulnerable", "danger" };
    struct str text = str_make((const char *)data, size), heard = wants_human(text);
    struct arena arena = { 0 };
    bool found = false;
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        found |= str_equal(heard, str_of(known[i]));
    must(found && str_equal(heard, wants_human(text)));
    struct tokens tokens = tokens_of(&arena, text);
    for (size_t i = 0; i < tokens.count; i++)
        must(tokens.words[i].len > 0 && str_is_utf8(tokens.words[i]));
    words_remark(&arena, text);
    arena_free(&arena);
    return 0;
}
