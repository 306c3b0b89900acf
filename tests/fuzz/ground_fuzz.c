/* The check of facts: a text, a source and values, with zero bytes between. A source always stands on itself. */
#include "assistant/ground.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = str_make((const char *)data, size), text = STR_EMPTY, source = STR_EMPTY;
    struct err err;
    if (size == 0 || size > 4000)
        return 0;
    str_split(&rest, '\0', &text);
    str_split(&rest, '\0', &source);
    bool good = ground_check(&err, text, &source, 1, rest);
    good &= ground_facts(&err, text, &source, 1, rest);
    if (str_find(source, STR("{{"), 0) < 0) {
        must(ground_check(&err, source, &source, 1, rest));
        must(ground_facts(&err, source, &source, 1, rest));
    }
    return 0;
}
