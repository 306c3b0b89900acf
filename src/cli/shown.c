/* shown.c - what others wrote, made harmless for a terminal. */
#include "cli/cli.h"

#include <utf8proc.h>

/* Control characters, line and paragraph separators, and those that turn the direction of writing. */
static bool is_hidden_power(int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void cli_add_shown(struct buf *out, struct str text)
{
    const uint8_t *bytes = (const uint8_t *)text.data;
    for (size_t at = 0; at < text.len;) {
        int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate(bytes + at, (utf8proc_ssize_t)(text.len - at), &c);
        if (len <= 0) {
            buf_add_format(out, "\\x%02x", bytes[at]);
            len = 1;
        } else if (c == '\n')
            buf_add_str(out, STR("\\n"));
        else if (is_hidden_power(c))
            buf_add_format(out, "\\u%04x", (unsigned)c);
        else
            buf_add(out, bytes + at, (size_t)len);
        at += (size_t)len;
    }
}
