/* Articles of other systems: whatever the bytes, markup ends, grows by a bounded factor, and stays UTF-8 if it was. */
#include "assistant/cut.h"
#include "assistant/markup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size);
    struct arena arena = { 0 };
    struct str plain = markup_plain(&arena, text);
    must(plain.len <= size * 2 + 64);
    must(!str_is_utf8(text) || str_is_utf8(plain));
    struct cuts cuts = cut_markdown(&arena, plain);
    const char *end = plain.data;
    for (size_t i = 0; i < cuts.count; i++) {
        struct str piece = cuts.items[i].text;
        must(piece.len > 0 && piece.data >= end && piece.data + piece.len <= plain.data + plain.len);
        must(cuts.items[i].heading.len == 0 ||
             (cuts.items[i].heading.data >= plain.data && cuts.items[i].heading.data + cuts.items[i].heading.len <= piece.data));
        end = piece.data + piece.len;
    }
    arena_free(&arena);
    return 0;
}
