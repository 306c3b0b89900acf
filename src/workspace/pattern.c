#include "workspace/pattern.h"

#include <stdint.h>

#define PATTERN_WEIGHT_MAX 2000 /* written out */

/* Size of a pattern once its `{n}` are written out, from *at to the end of the group. A class in
 * brackets and an escaped character are one. Saturates above PATTERN_WEIGHT_MAX. */
static uint64_t pattern_weight(struct str pattern, size_t *at, int depth)
{
    uint64_t sum = 0, last = 0;
    for (; *at < pattern.len && pattern.data[*at] != ')' && sum <= PATTERN_WEIGHT_MAX && depth < 20; ++*at) {
        char c = pattern.data[*at];
        if (c == '{') {
            uint64_t number = 0, greatest = 1;
            for (; *at < pattern.len && pattern.data[*at] != '}'; ++*at) {
                bool digit = pattern.data[*at] >= '0' && pattern.data[*at] <= '9';
                number = digit && number < PATTERN_WEIGHT_MAX ? number * 10 + (uint64_t)(pattern.data[*at] - '0') : 0;
                greatest = number > greatest ? number : greatest;
            }
            sum += last * (greatest - 1);
            last *= greatest;
            continue;
        }
        last = 1;
        if (c == '(') {
            ++*at;
            last = pattern_weight(pattern, at, depth + 1) + 1;
        } else if (c == '[') {
            size_t close = *at + 1;
            while (close + 1 < pattern.len && (pattern.data[close] != ']' || close == *at + 1))
                close++;
            *at = close;
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
