/* Masking: the first line is a name, the rest a text. What is left is one line that holds nothing that is found. */
#include "base/must.h"
#include "privacy/personal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    if (size == 0 || size > 3000)
        return 0;
    struct str text = str_make((const char *)data, size), name = STR_EMPTY;
    str_split(&text, '\n', &name);
    bool whole = str_is_utf8(text) && str_is_utf8(name);
    struct str masked = personal_mask(&arena, text, &name, 1, size * 4 + 16);
    must(personal_find(masked, 0, &name, 1).kind == PERSONAL_NOTHING);
    must(str_find_char(masked, '\n', 0) < 0);
    must(!whole || str_is_utf8(masked));
    must(personal_mask(&arena, text, &name, 1, 20).len <= 20);
    struct mask_record record = { .name = name, .email = STR_EMPTY, .phone = STR_EMPTY, .address = STR_EMPTY };
    must(!whole || !personal_has(&arena, personal_hide(&arena, text, &record, 300), &record));
    arena_free(&arena);
    return 0;
}
