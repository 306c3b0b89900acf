/* sse.h - server-sent events as they arrive, byte by byte (WHATWG HTML, 9.2.6).
 *
 * Lines end in CR, LF or CRLF; a byte order mark at the beginning, comments and other fields than `data`
 * are passed over; several data lines are one event, with LF between. A line or an event longer than the
 * maximum ends the reading. More tolerant than the standard in one point: what stands behind the last
 * empty line when the stream ends counts, since servers leave that line out. */
#ifndef ASSISTANT_SSE_H
#define ASSISTANT_SSE_H

#include "base/buf.h"

/* False: no more of it. `data` lives until the call returns. */
typedef bool sse_event_fn(void *context, struct str data);

struct sse {
    struct buf line, data;
    sse_event_fn *on_event;
    void *context;
    size_t seen;      /* bytes, as long as it matters for the byte order mark */
    bool after_cr, has_data, stopped;
};

void sse_init(struct sse *sse, size_t max, sse_event_fn *on_event, void *context);
void sse_free(struct sse *sse);

/* False: an event's receiver wants no more, or something is too long. Then every further call is false. */
bool sse_feed(struct sse *sse, struct str bytes) WARN_UNUSED;
bool sse_end(struct sse *sse) WARN_UNUSED;

#endif
