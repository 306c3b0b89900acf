#include "gateway/chunk.h"

#include "base/limits.h"
#include "base/memory.h"

void chunk_write_event(const struct event *event, enum viewer_role role, struct buf *out)
{
    buf_add_str(out, STR("id: "));
    buf_add_u64(out, event->seq);
    buf_add_str(out, STR("\nevent: "));
    buf_add_str(out, str_of(event_table[event->kind].name));
    buf_add_str(out, STR("\ndata: "));
    event_json(event, role, out); /* one line: JSON text has no bare line feed */
    buf_add_str(out, STR("\n\n"));
}

static struct chunk *chunk_of_buf(const struct buf *buf, uint64_t seq)
{
    must(!buf->full);
    struct chunk *chunk = memory_new(1, sizeof *chunk + buf->len);
    chunk->holders = 1;
    chunk->len = (uint32_t)buf->len;
    chunk->seq = seq;
    memcpy(chunk->data, buf->data, buf->len);
    return chunk;
}

struct chunk *chunk_of_event(const struct event *event, enum viewer_role role)
{
    struct buf text;
    buf_init(&text, 2 * LIMIT_RECORD);
    chunk_write_event(event, role, &text);
    struct chunk *chunk = chunk_of_buf(&text, event->seq);
    buf_free(&text);
    return chunk;
}

struct chunk *chunk_of_signal(const char *name, struct str json)
{
    struct buf text;
    buf_init(&text, LIMIT_RECORD);
    buf_add_format(&text, "event: signal.%s\ndata: ", name);
    buf_add_str(&text, json);
    buf_add_str(&text, STR("\n\n"));
    struct chunk *chunk = chunk_of_buf(&text, 0);
    buf_free(&text);
    return chunk;
}

struct chunk *chunk_hold(struct chunk *chunk)
{
    chunk->holders++;
    return chunk;
}

void chunk_drop(struct chunk *chunk)
{
    if (!chunk || --chunk->holders) return;
    memory_free(chunk);
}
