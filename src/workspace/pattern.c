#include "workspace/pattern.h"

#include <stdint.h>
#include <string.h>

#define PATTERN_WEIGHT_MAX 2000 /* written out */

/* The last byte of a class in brackets that begins at `at`. A ']' that is first in it, or of a [:name:] in it,
 * does not end it. */
static size_t class_end(struct str pattern, size_t at)
{
    size_t first = at + 1 < pattern.len && pattern.data[at + 1] == '^' ? at + 2 : at + 1;
    for (size_t i = first; i < pattern.len; i++) {
        if (pattern.data[i] == ']' && i > first)
            return i;
        if (pattern.data[i] == '[' && i + 1 < pattern.len && memchr(":.=", pattern.data[i + 1], 3)) {
            char close[] = { pattern.data[i + 1], ']' };
            ptrdiff_t end = str_find(pattern, str_make(close, 2), i + 2);
            i = end < 0 ? pattern.len : (size_t)end + 1;
        }
    }
    return pattern.len;
}

/* The greatest number of a `{n,m}` that begins at *at, at least 1; *at comes to its end. */
static uint64_t times(struct str pattern, size_t *at)
{
    uint64_t number = 0, greatest = 1;
    for (; *at < pattern.len && pattern.data[*at] != '}'; ++*at) {
        bool digit = pattern.data[*at] >= '0' && pattern.data[*at] <= '9';
        number = !digit ? 0 : number > PATTERN_WEIGHT_MAX ? number : number * 10 + (uint64_t)(pattern.data[*at] - '0');
        greatest = number > greatest ? number : greatest;
    }
    return greatest;
}

/* Size of a pattern once its repetitions are written out, as regcomp does (`a+` is `aa*`), from *at to the end of
 * the group. A class in brackets and an escaped character are one. Saturates above PATTERN_WEIGHT_MAX. */
static uint64_t pattern_weight(struct str pattern, size_t *at, int depth)
{
    uint64_t sum = 0, last = 0;
    for (; *at < pattern.len && pattern.data[*at] != ')' && sum <= PATTERN_WEIGHT_MAX && depth < 20; ++*at) {
        char c = pattern.data[*at];
        if (c == '{' || c == '+') {
            uint64_t copies = c == '+' ? 2 : times(pattern, at);
            sum += last * (copies - 1);
            last *= copies;
            continue;
        }
        if (c == '*' || c == '?') {
            sum++;
            continue;
        }
        last = 1;
        if (c == '(') {
            ++*at;
            last = pattern_weight(pattern, at, depth + 1) + 1;
        } else if (c == '[') {
            *at = class_end(pattern, *at);
        } else if (c == '\\') {
            ++*at;
        }
        sum += last;
    }
    return depth < 20 ? sum : PATTERN_WEIGHT_MAX + 1;
}

const char *pattern_fault(struct str pattern)
{
    size_t at = 0;
    uint64_t weight = 0;
    for (size_t i = 0; i + 1 < pattern.len; i++)
        if (pattern.data[i] == '\\' && pattern.data[i + 1] >= '1' && pattern.data[i + 1] <= '9')
            return "it refers back";
    for (; at < pattern.len && weight <= PATTERN_WEIGHT_MAX; at++)
        weight += pattern_weight(pattern, &at, 0);
    return weight > PATTERN_WEIGHT_MAX ? "it repeats too often" : NULL;
}
