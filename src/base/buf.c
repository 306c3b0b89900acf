#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"

void buf_init(struct buf *buf, size_t max)
{
    *buf = (struct buf){ .max = max };
}

void buf_free(struct buf *buf)
{
    memory_free(buf->data);
    *buf = (struct buf){ .max = buf->max };
}

/* Room for `more` bytes and a NUL, or false when that would go over the maximum. */
static bool reserve(struct buf *buf, size_t more)
{
    must(buf->max);
    if (buf->full || more > buf->max - buf->len) {
        buf->full = true;
        return false;
    }
    size_t need = buf->len + more + 1;
    if (need > buf->capacity) {
        size_t capacity = buf->capacity ? buf->capacity * 2 : 64;
        if (capacity < need) capacity = need;
        buf->data = memory_resize(buf->data, capacity, 1);
        buf->capacity = capacity;
    }
    return true;
}

void buf_add(struct buf *buf, const void *data, size_t len)
{
    if (!len || !reserve(buf, len)) return;
    memcpy(buf->data + buf->len, data, len);
    buf->len += len;
}

void buf_add_str(struct buf *buf, struct str s)
{
    buf_add(buf, s.data, s.len);
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    must(len >= 0);
    if (!reserve(buf, (size_t)len)) return;
    va_start(args, format);
    vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

void buf_drop_front(struct buf *buf, size_t len)
{
    must(len <= buf->len);
    if (len && len < buf->len) memmove(buf->data, buf->data + len, buf->len - len);
    buf->len -= len;
}

const char *buf_cstr(struct buf *buf)
{
    if (!buf->data && !reserve(buf, 0)) return "";
    buf->data[buf->len] = '\0';
    return buf->data;
}

void buf_add_varint(struct buf *buf, uint64_t value)
{
    uint8_t bytes[10];
    size_t len = 0;
    do {
        bytes[len++] = (uint8_t)((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
        value >>= 7;
    } while (value);
    buf_add(buf, bytes, len);
}

void buf_add_zigzag(struct buf *buf, int64_t value)
{
    buf_add_varint(buf, ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0));
}

void buf_add_bytes(struct buf *buf, struct str s)
{
    buf_add_varint(buf, s.len);
    buf_add_str(buf, s);
}

void buf_add_json_str(struct buf *buf, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    buf_add_char(buf, '"');
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f) continue;
        buf_add(buf, s.data + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\') buf_add(buf, (char[]){ '\\', (char)c }, 2);
        else if (c == '\n') buf_add(buf, "\\n", 2);
        else buf_add(buf, (char[]){ '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] }, 6);
    }
    buf_add(buf, s.data + from, s.len - from);
    buf_add_char(buf, '"');
}

void buf_add_u64(struct buf *buf, uint64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + value % 10); while (value /= 10);
    buf_add(buf, digits + at, sizeof digits - at);
}

void buf_add_i64(struct buf *buf, int64_t value)
{
    if (value < 0) buf_add_char(buf, '-');
    buf_add_u64(buf, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

void buf_add_hex(struct buf *buf, const void *data, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++)
        buf_add(buf, (char[]){ hex[bytes[i] >> 4], hex[bytes[i] & 15] }, 2);
}

struct reader reader_of(struct str s)
{
    const uint8_t *data = (const uint8_t *)s.data;
    return (struct reader){ data, data + s.len, false };
}

uint8_t reader_byte(struct reader *reader)
{
    if (reader->bad || reader->at == reader->end) {
        reader->bad = true;
        return 0;
    }
    return *reader->at++;
}

uint64_t reader_varint(struct reader *reader)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        uint8_t byte = reader_byte(reader);
        if (shift == 63 && byte > 1) break;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) return reader->bad ? 0 : value;
    }
    reader->bad = true;
    return 0;
}

int64_t reader_zigzag(struct reader *reader)
{
    uint64_t value = reader_varint(reader);
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

struct str reader_bytes(struct reader *reader)
{
    uint64_t len = reader_varint(reader);
    if (reader->bad || len > (uint64_t)(reader->end - reader->at)) {
        reader->bad = true;
        return STR_EMPTY;
    }
    struct str s = str_make((const char *)reader->at, (size_t)len);
    reader->at += len;
    return s;
}
