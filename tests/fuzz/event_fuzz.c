/* Any bytes as a record of the log: refused, or an event that encodes to the same event and can be
 * shown to everybody. */
#include <stdint.h>
#include <stdlib.h>

#include "engine/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct err err;
    struct event event, again;
    struct buf first, second, json;
    if (!event_decode(&err, str_make((const char *)data, size), &event)) return 0;
    buf_init(&first, 1 << 22);
    buf_init(&second, 1 << 22);
    buf_init(&json, 1 << 24);
    event_encode(&event, &first);
    must(event_decode(&err, buf_str(&first), &again));
    event_encode(&again, &second);
    must(str_equal(buf_str(&first), buf_str(&second)));
    for (int role = VIEWER_CUSTOMER; role <= VIEWER_SUPERVISOR; role++) {
        struct viewer viewer = { (enum viewer_role)role, event.customer };
        buf_clear(&json);
        if (event_visible(&event, viewer)) event_json(&event, viewer.role, &json);
        if (event_visible_in_history(&event, viewer.role)) event_json(&event, viewer.role, &json);
    }
    buf_free(&first);
    buf_free(&second);
    buf_free(&json);
    return 0;
}
