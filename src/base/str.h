/* str.h - a string is a pointer and a length, passed by value.
 *
 * A struct str owns nothing: whoever made it says how long its bytes live. It is not NUL-terminated
 * unless the function that made it says so; at the edge to libc use arena_cstr. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *data;
    size_t len;
};

#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_EMPTY ((struct str){ "", 0 })
/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).len, (s).data ? (s).data : ""

static inline struct str str_of(const char *text)
{
    return (struct str){ text ? text : "", text ? strlen(text) : 0 };
}

static inline struct str str_make(const char *data, size_t len)
{
    return (struct str){ data, len };
}

bool str_equal(struct str a, struct str b);
bool str_equal_nocase(struct str a, struct str b); /* ASCII letters only */
int str_compare(struct str a, struct str b);       /* bytewise, then by length */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_trim(struct str s);                 /* without ASCII white space at both ends */
struct str str_slice(struct str s, size_t from, size_t to); /* clamped to the length */
struct str str_cut(struct str s, size_t max);      /* its first `max` bytes, no UTF-8 character in two */

/* Position of `needle` in `s` from `from` on, or -1. An empty needle is found at `from`. */
ptrdiff_t str_find(struct str s, struct str needle, size_t from);
ptrdiff_t str_find_char(struct str s, char c, size_t from);

/* Whether the three bytes at `at` are one of U+202A to U+202E and U+2066 to U+2069, which turn the direction of writing: text
 * would read otherwise than it is. */
bool str_turns_writing(struct str s, size_t at);

/* Takes the piece of *rest before `separator` (or all of it) and moves *rest behind it. False when
 * *rest was used up: `while (str_split(&rest, ',', &piece))` sees every piece, empty ones too. */
bool str_split(struct str *rest, char separator, struct str *piece);

/* The whole of `s` as a decimal number, no sign for u64, one optional '-' for i64. False if empty,
 * too large or with any other character. */
bool str_to_u64(struct str s, uint64_t *out);
bool str_to_i64(struct str s, int64_t *out);

int str_hex_digit(char c); /* its value, or -1 */

/* Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool str_is_utf8(struct str s);

/* 64-bit FNV-1a, for tables in memory. Not for anything an attacker may not choose. */
uint64_t str_hash(struct str s);

#endif
