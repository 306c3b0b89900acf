#include "assistant/sse.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void sse_init(struct sse *sse, size_t max, sse_event_fn *on_event, void *context)
{
    *sse = (struct sse){ .on_event = on_event, .context = context };
    buf_init(&sse->line, max);
    buf_init(&sse->data, max);
}

void sse_free(struct sse *sse)
{
    buf_free(&sse->line);
    buf_free(&sse->data);
}

static void dispatch(struct sse *sse)
{
    if (sse->has_data && !sse->on_event(sse->context, buf_str(&sse->data)))
        sse->stopped = true;
    buf_clear(&sse->data);
    sse->has_data = false;
}

static void take_line(struct sse *sse)
{
    struct str line = buf_str(&sse->line);
    if (line.len == 0) {
        dispatch(sse);
    } else if (str_starts(line, STR("data")) && (line.len == 4 || line.data[4] == ':')) {
        struct str value = str_slice(line, 5, line.len);
        if (value.len && value.data[0] == ' ')
            value = str_slice(value, 1, value.len);
        if (sse->has_data)
            buf_add_char(&sse->data, '\n');
        buf_add_str(&sse->data, value);
        sse->has_data = true;
    }
    buf_clear(&sse->line);
}

static void take_byte(struct sse *sse, char c)
{
    bool after_cr = sse->after_cr;
    sse->after_cr = c == '\r';
    if (c == '\n' && after_cr)
        return;
    if (c == '\r' || c == '\n') {
        take_line(sse);
        return;
    }
    buf_add_char(&sse->line, c);
    if (sse->seen < 3 && ++sse->seen == 3 && str_equal(buf_str(&sse->line), STR(BYTE_ORDER_MARK)))
        buf_clear(&sse->line);
}

bool sse_feed(struct sse *sse, struct str bytes)
{
    for (size_t i = 0; i < bytes.len && !sse->stopped; i++) {
        take_byte(sse, bytes.data[i]);
        sse->stopped = sse->stopped || sse->line.full || sse->data.full;
    }
    return !sse->stopped;
}

bool sse_end(struct sse *sse)
{
    if (sse->stopped)
        return false;
    if (sse->line.len)
        take_line(sse);
    if (!sse->data.full)
        dispatch(sse);
    sse->stopped = sse->stopped || sse->data.full;
    return !sse->stopped;
}
