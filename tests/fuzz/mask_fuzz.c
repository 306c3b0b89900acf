/* Detecting and masking: whatever the bytes, spans lie in the text in order and do not overlap, what is hidden
 * can be shown again, and nothing that was found stays to be seen. The first line is the customer's record. */
#include "base/buf.h"
#include "privacy/detect.h"
#include "privacy/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_spans(struct arena *arena, struct str text, bool strict)
{
    struct detect_spans spans = detect_find(arena, text, strict);
    size_t end = 0;
    for (size_t i = 0; i < spans.count; i++) {
        must(spans.items[i].kind < DETECT_KIND_COUNT);
        must(spans.items[i].from >= end && spans.items[i].to > spans.items[i].from && spans.items[i].to <= text.len);
        end = spans.items[i].to;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = str_make((const char *)data, size > 16384 ? 16384 : size), line = STR_EMPTY, shown;
    struct arena arena = { 0 };
    str_split(&rest, '\n', &line);
    struct str half = str_slice(line, line.len / 2, line.len), ids[] = { half };
    struct mask_record record = { .name = str_slice(line, 0, 40), .email = half, .address = line, .ids = ids, .id_count = 1 };
    struct mask *mask = mask_new(&arena, &record);
    check_spans(&arena, rest, false);
    check_spans(&arena, rest, true);
    struct str hidden = mask_hide(mask, rest);
    must(mask_show(mask, hidden, &shown));
    /* The same letters again: hiding once more finds nothing that was not hidden, and no number is new. */
    size_t count = mask_count(mask);
    mask_hide(mask, rest);
    must(mask_count(mask) == count);
    struct detect_spans spans = detect_find(&arena, rest, true);
    for (size_t i = 0; i < spans.count; i++)
        must(mask_count(mask) > 0);
    arena_free(&arena);
    return 0;
}
