/* Event streams: whatever the bytes and however they arrive, the events are the same, and bounded. */
#include "assistant/sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MAX 200

static bool note(void *context, struct str data)
{
    struct buf *seen = context;
    must(data.len <= MAX);
    buf_add_bytes(seen, data);
    return data.len != 13;
}

static bool play(struct str stream, size_t piece, struct buf *seen)
{
    struct sse sse;
    bool good = true;
    sse_init(&sse, MAX, note, seen);
    for (size_t at = 0; at < stream.len && good; at += piece)
        good = sse_feed(&sse, str_slice(stream, at, at + piece));
    good = sse_end(&sse) && good;
    if (!good)
        must(!sse_feed(&sse, STR("data: x\n\n")));
    sse_free(&sse);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str stream = str_make((const char *)data, size);
    struct buf whole, pieces;
    buf_init(&whole, size * 4 + 64);
    buf_init(&pieces, size * 4 + 64);
    bool good = play(stream, size + 1, &whole);
    must(play(stream, 1, &pieces) == good);
    must(str_equal(buf_str(&whole), buf_str(&pieces)) && !whole.full);
    buf_free(&whole);
    buf_free(&pieces);
    return 0;
}
