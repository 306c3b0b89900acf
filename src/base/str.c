#include "base/str.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool str_equal_nocase(struct str a, struct str b)
{
    if (a.len != b.len) return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.data[i]) != lower(b.data[i])) return false;
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    if (order) return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_equal(str_make(s.data, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len &&
           str_equal(str_make(s.data + s.len - suffix.len, suffix.len), suffix);
}

struct str str_trim(struct str s)
{
    while (s.len && is_space(s.data[0])) s.data++, s.len--;
    while (s.len && is_space(s.data[s.len - 1])) s.len--;
    return s;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len) to = s.len;
    if (from > to) from = to;
    return str_make(s.data ? s.data + from : s.data, to - from);
}

struct str str_cut(struct str s, size_t max)
{
    if (s.len <= max) return s;
    while (max && ((unsigned char)s.data[max] & 0xc0) == 0x80) max--;
    return str_make(s.data, max);
}

ptrdiff_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.len) return -1;
    if (!needle.len) return (ptrdiff_t)from;
    if (needle.len > s.len - from) return -1; /* also of a text without any bytes */
    const char *hit = memmem(s.data + from, s.len - from, needle.data, needle.len);
    return hit ? hit - s.data : -1;
}

bool str_turns_writing(struct str s, size_t at)
{
    if (at + 3 > s.len || s.data[at] != '\xe2')
        return false;
    unsigned char second = (unsigned char)s.data[at + 1], third = (unsigned char)s.data[at + 2];
    return (second == 0x80 && third >= 0xaa && third <= 0xae) || (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

ptrdiff_t str_find_char(struct str s, char c, size_t from)
{
    if (from >= s.len) return -1;
    const char *hit = memchr(s.data + from, c, s.len - from);
    return hit ? hit - s.data : -1;
}

bool str_split(struct str *rest, char separator, struct str *piece)
{
    if (!rest->data) return false;
    ptrdiff_t at = str_find_char(*rest, separator, 0);
    if (at < 0) {
        *piece = *rest;
        *rest = (struct str){ NULL, 0 };
        return true;
    }
    *piece = str_make(rest->data, (size_t)at);
    *rest = str_make(rest->data + at + 1, rest->len - (size_t)at - 1);
    return true;
}

bool str_to_u64(struct str s, uint64_t *out)
{
    uint64_t value = 0;
    if (!s.len) return false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9') return false;
        uint64_t digit = (uint64_t)(s.data[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
    bool negative = s.len && s.data[0] == '-';
    uint64_t value;
    if (!str_to_u64(negative ? str_slice(s, 1, s.len) : s, &value)) return false;
    if (value > (uint64_t)INT64_MAX) return false;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

int str_hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool str_is_utf8(struct str s)
{
    if (!s.len) return true; /* its data may be NULL */
    const unsigned char *p = (const unsigned char *)s.data, *end = p + s.len;
    while (p < end) {
        if (*p < 0x80) { p++; continue; }
        int more = *p >= 0xf0 ? 3 : *p >= 0xe0 ? 2 : 1;
        if (*p < 0xc2 || *p > 0xf4 || end - p <= more) return false;
        uint32_t code = *p & (0x3f >> more);
        for (int i = 1; i <= more; i++) {
            if ((p[i] & 0xc0) != 0x80) return false;
            code = code << 6 | (p[i] & 0x3f);
        }
        if ((more == 2 && code < 0x800) || (more == 3 && code < 0x10000)) return false;
        if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
        p += more + 1;
    }
    return true;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = 1469598103934665603u;
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.data[i]) * 1099511628211u;
    return hash;
}
