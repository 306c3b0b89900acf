/* buf.h - a growing byte buffer with a maximum that is set when it is made.
 *
 * The buffer owns its bytes. Going over the maximum sets `full` and drops what does not fit: the
 * writer goes on and the owner checks once at the end. A buf of zeroes has no maximum set and must
 * not be used: begin with buf_init. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/must.h"
#include "base/str.h"

struct buf {
    char *data;
    size_t len;
    size_t capacity;
    size_t max;
    bool full;
};

void buf_init(struct buf *buf, size_t max);
void buf_free(struct buf *buf);
static inline void buf_clear(struct buf *buf) { buf->len = 0; buf->full = false; }
static inline struct str buf_str(const struct buf *buf) { return str_make(buf->data, buf->len); }

void buf_add(struct buf *buf, const void *data, size_t len);
void buf_add_str(struct buf *buf, struct str s);
void buf_add_char(struct buf *buf, char c);
void buf_add_format(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
void buf_drop_front(struct buf *buf, size_t len);
const char *buf_cstr(struct buf *buf); /* NUL behind the last byte, not counted in len */

/* Binary codec: LEB128 unsigned, zigzag signed, length-prefixed bytes. */
void buf_add_varint(struct buf *buf, uint64_t value);
void buf_add_zigzag(struct buf *buf, int64_t value);
void buf_add_bytes(struct buf *buf, struct str s);

/* JSON text: a quoted, escaped string; numbers. Keys are literals and are not escaped. */
void buf_add_json_str(struct buf *buf, struct str s);
void buf_add_u64(struct buf *buf, uint64_t value);
void buf_add_i64(struct buf *buf, int64_t value);
void buf_add_hex(struct buf *buf, const void *data, size_t len);

/* Reads what the writers wrote. After the first short or malformed read `bad` stays true and every
 * read gives zero or empty: check once at the end. Strings point into the input. */
struct reader {
    const uint8_t *at, *end;
    bool bad;
};

struct reader reader_of(struct str s);
uint64_t reader_varint(struct reader *reader);
int64_t reader_zigzag(struct reader *reader);
struct str reader_bytes(struct reader *reader);
uint8_t reader_byte(struct reader *reader);

#endif
