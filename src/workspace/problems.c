#include "workspace/problems.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/memory.h"

void problems_add(struct problems *problems, struct place place, const char *cure, const char *what, ...)
{
    if (problems->count >= PROBLEMS_MAX)
        return;
    if (problems->count == problems->capacity) {
        problems->capacity = problems->capacity ? problems->capacity * 2 : 16;
        problems->items = memory_resize(problems->items, problems->capacity, sizeof *problems->items);
    }
    char text[512];
    va_list arguments;
    va_start(arguments, what);
    vsnprintf(text, sizeof text, what, arguments);
    va_end(arguments);
    problems->items[problems->count++] = (struct problem){
        .file = arena_copy(&problems->arena, place.file),
        .line = place.line,
        .what = arena_copy(&problems->arena, str_of(text)),
        .cure = arena_copy(&problems->arena, str_of(cure)),
    };
}

#define WORD_MAX 40

/* Damerau's distance with neighbours swapped (optimal string alignment). */
static size_t distance(struct str a, struct str b)
{
    if (a.len > WORD_MAX || b.len > WORD_MAX)
        return WORD_MAX;
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t best = above[j - 1] + (a.data[i - 1] != b.data[j - 1]);
            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1] &&
                before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[b.len];
}

const char *problems_suggest(struct problems *problems, struct str word, const struct str *candidates,
                             size_t count, const char *otherwise)
{
    size_t best = 3;
    struct str nearest = STR_EMPTY;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(word, candidates[i]);
        if (d < best && d * 2 < candidates[i].len + 1) {
            best = d;
            nearest = candidates[i];
        }
    }
    if (nearest.len == 0)
        return otherwise;
    return arena_format(&problems->arena, "did you mean '%.*s'?", STR_ARG(nearest)).data;
}

void problems_free(struct problems *problems)
{
    arena_free(&problems->arena);
    memory_free(problems->items);
    *problems = (struct problems){ 0 };
}
