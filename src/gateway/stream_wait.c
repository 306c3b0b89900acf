#include "base/memory.h"
#include "gateway/stream_state.h"

/* Requests that wait for a page of events stand among the streams, and are woken instead of told. */

struct stream *stream_wait(struct request *request, stream_wake_fn *wake, int64_t until_ms)
{
    struct stream *stream = stream_new(request);
    stream->request = request;
    stream->wake = wake;
    stream->until_ms = until_ms;
    stream->gateway->streams.waiting++;
    return stream;
}

bool stream_poked(struct stream *stream)
{
    bool poked = stream->poked;
    stream->poked = false;
    return poked;
}

void stream_arm(struct stream *stream)
{
    stream->armed = true;
}

bool stream_is_armed(const struct stream *stream)
{
    return stream->armed;
}

void stream_forget(struct stream *stream)
{
    stream->gateway->streams.waiting--;
    stream_destroy(stream);
}

void stream_poke(struct stream *stream)
{
    stream->poked = true;
    if (!stream->armed) return;
    stream->armed = false;
    stream_touch(stream);
}

static void wake_late(struct map *map, int64_t now_ms)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(map, &i, &slot);)
        for (struct stream *stream = slot.value; stream; stream = stream->same)
            if (stream->wake && stream->armed && stream->until_ms <= now_ms) {
                stream->armed = false;
                stream_touch(stream);
            }
}

void streams_tick(struct gateway *gateway, int64_t now_ms)
{
    if (!gateway->streams.waiting) return;
    wake_late(&gateway->streams.customers, now_ms);
    wake_late(&gateway->streams.staff, now_ms);
    stream_flush(gateway);
}
