#include "privacy/mask.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "privacy/masking.h"

#define SPAN_KINDS (DETECT_KIND_COUNT + MASK_KIND_COUNT)
#define NOT_A_PLACEHOLDER SPAN_KINDS

struct hidden {
    const char *kind;
    uint64_t key; /* of the value as it reads */
    struct str value, placeholder;
};

struct mask {
    struct arena *arena;
    struct mask_patterns patterns;
    struct hidden *hidden;
    size_t count, room;
};

struct span {
    int kind; /* of detect.h, then of masking.h; or NOT_A_PLACEHOLDER */
    size_t from, to;
};

struct spans {
    struct arena *arena;
    struct span *items;
    size_t count, room;
};

static const char *kind_name(int kind)
{
    return kind < DETECT_KIND_COUNT ? detect_names[kind] : mask_kind_names[kind - DETECT_KIND_COUNT];
}

struct mask *mask_new(struct arena *arena, const struct mask_record *record)
{
    struct mask *mask = ARENA_NEW(arena, struct mask);
    mask->arena = arena;
    mask->patterns = mask_patterns_of(arena, record);
    return mask;
}

size_t mask_count(const struct mask *mask)
{
    return mask->count;
}

/* --- what to hide ------------------------------------------------------------------------------- */

static void add_span(struct spans *spans, int kind, size_t from, size_t to)
{
    if (spans->count == spans->room) {
        spans->room = spans->room ? spans->room * 2 : 16;
        struct span *longer = ARENA_NEW_ARRAY(spans->arena, struct span, spans->room);
        if (spans->count)
            memcpy(longer, spans->items, spans->count * sizeof *longer);
        spans->items = longer;
    }
    spans->items[spans->count++] = (struct span){ kind, from, to };
}

static void find_record(const struct mask *mask, const struct mask_letters *letters, struct spans *spans)
{
    for (size_t at = 0; at < letters->count;) {
        size_t end = 0;
        bool begins = letters->items[at].letter && (at == 0 || !letters->items[at - 1].letter);
        for (size_t i = 0; begins && !end && i < mask->patterns.count; i++) {
            const struct mask_pattern *pattern = &mask->patterns.items[i];
            if (pattern->letters[0] != letters->items[at].letter || !(end = mask_pattern_end(pattern, letters, at)))
                continue;
            add_span(spans, DETECT_KIND_COUNT + (int)pattern->kind, letters->items[at].from, letters->items[end - 1].to);
        }
        at = end ? end : at + 1;
    }
}

/* "Send it to a@b.se": that is an e-mail address already. */
static bool is_found(const struct spans *spans, size_t count, size_t from)
{
    for (size_t i = 0; i < count; i++)
        if (spans->items[i].from <= from && spans->items[i].to > from)
            return true;
    return false;
}

static void find_introduced(struct str text, const struct mask_letters *letters, struct spans *spans)
{
    struct mask_words words = mask_words_of(spans->arena, text, letters);
    size_t found = spans->count;
    for (size_t at = 0; at < words.count; at++) {
        enum mask_kind kind;
        size_t from, to;
        if (mask_introduced(&words, at, &kind, &from, &to) && !is_found(spans, found, from))
            add_span(spans, DETECT_KIND_COUNT + (int)kind, from, to);
    }
}

/* The end of "[kind 12]" at `at`, or 0; in any case of letters. */
static size_t placeholder_end(struct str text, size_t at)
{
    size_t name = at + 1, end = name;
    if (text.data[at] != '[')
        return 0;
    while (end < text.len && end - name < 16 && ((text.data[end] | 32) >= 'a' && (text.data[end] | 32) <= 'z'))
        end++;
    struct str word = str_slice(text, name, end);
    bool known = false;
    for (int kind = 0; kind < SPAN_KINDS && !known; kind++)
        known = str_equal_nocase(word, str_of(kind_name(kind)));
    size_t digits = end + 1;
    if (!known || end >= text.len || text.data[end] != ' ')
        return 0;
    for (end = digits; end < text.len && end - digits < 8 && text.data[end] >= '0' && text.data[end] <= '9';)
        end++;
    return end > digits && end < text.len && text.data[end] == ']' ? end + 1 : 0;
}

static void find_placeholders(struct str text, struct spans *spans)
{
    for (ptrdiff_t at = 0; (at = str_find_char(text, '[', (size_t)at)) >= 0; at++) {
        size_t end = placeholder_end(text, (size_t)at);
        if (end)
            add_span(spans, NOT_A_PLACEHOLDER, (size_t)at, end);
    }
}

/* By position; where two begin alike, the longer. */
static int by_position(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to > y->to ? -1 : x->to < y->to;
}

/* Spans that overlap become one: nothing of either may stay to be seen. */
static void join(struct spans *spans)
{
    size_t kept = 0;
    if (spans->count > 1)
        qsort(spans->items, spans->count, sizeof *spans->items, by_position);
    for (size_t i = 0; i < spans->count; i++) {
        struct span *last = kept ? &spans->items[kept - 1] : NULL;
        if (last && spans->items[i].from < last->to) {
            if (spans->items[i].to > last->to)
                last->to = spans->items[i].to;
            if (last->kind == NOT_A_PLACEHOLDER)
                last->kind = spans->items[i].kind;
            continue;
        }
        spans->items[kept++] = spans->items[i];
    }
    spans->count = kept;
}

/* --- hiding ------------------------------------------------------------------------------------- */

static uint64_t value_key(struct arena *arena, struct str value)
{
    struct mask_letters letters = mask_letters_of(arena, value);
    uint64_t hash = 0;
    for (size_t i = 0; i < letters.count; i++)
        if (letters.items[i].letter)
            hash = (hash ^ (uint64_t)letters.items[i].letter) * 0x9e3779b97f4a7c15u + 1;
    return hash;
}

static struct hidden *next_hidden(struct mask *mask)
{
    if (mask->count == mask->room) {
        mask->room = mask->room ? mask->room * 2 : 16;
        struct hidden *longer = ARENA_NEW_ARRAY(mask->arena, struct hidden, mask->room);
        if (mask->count)
            memcpy(longer, mask->hidden, mask->count * sizeof *longer);
        mask->hidden = longer;
    }
    return &mask->hidden[mask->count++];
}

/* Values that read alike have one placeholder; the number tells those of a kind apart. */
static struct str placeholder_of(struct mask *mask, int kind, struct str value)
{
    const char *name = kind_name(kind);
    uint64_t key = value_key(mask->arena, value);
    size_t number = 1;
    for (size_t i = 0; i < mask->count; i++) {
        if (strcmp(mask->hidden[i].kind, name) != 0)
            continue;
        if (mask->hidden[i].key == key)
            return mask->hidden[i].placeholder;
        number++;
    }
    struct str placeholder = arena_format(mask->arena, "[%s %zu]", name, number);
    *next_hidden(mask) = (struct hidden){ name, key, arena_copy(mask->arena, value), placeholder };
    return placeholder;
}

struct str mask_hide(struct mask *mask, struct str text)
{
    struct spans spans = { .arena = mask->arena };
    struct detect_spans detected = detect_find(mask->arena, text, true);
    struct mask_letters letters = mask_letters_of(mask->arena, text);
    for (size_t i = 0; i < detected.count; i++)
        add_span(&spans, (int)detected.items[i].kind, detected.items[i].from, detected.items[i].to);
    find_record(mask, &letters, &spans);
    find_introduced(text, &letters, &spans);
    find_placeholders(text, &spans);
    join(&spans);
    if (!spans.count)
        return arena_copy(mask->arena, text);
    struct buf out;
    size_t at = 0;
    buf_init(&out, text.len * 12 + 64);
    for (size_t i = 0; i < spans.count; i++) {
        struct span span = spans.items[i];
        buf_add_str(&out, str_slice(text, at, span.from));
        if (span.kind == NOT_A_PLACEHOLDER) { /* (email 1) stands for nothing */
            buf_add_char(&out, '(');
            buf_add_str(&out, str_slice(text, span.from + 1, span.to - 1));
            buf_add_char(&out, ')');
        } else {
            buf_add_str(&out, placeholder_of(mask, span.kind, str_slice(text, span.from, span.to)));
        }
        at = span.to;
    }
    buf_add_str(&out, str_slice(text, at, text.len));
    must(!out.full);
    struct str hidden = arena_copy(mask->arena, buf_str(&out));
    buf_free(&out);
    return hidden;
}

bool mask_show(const struct mask *mask, struct str text, struct str *out)
{
    struct buf shown;
    bool known = true;
    size_t at = 0, end;
    buf_init(&shown, 2 * LIMIT_BODY);
    while (at < text.len) {
        if (!(end = placeholder_end(text, at))) {
            buf_add_char(&shown, text.data[at++]);
            continue;
        }
        struct str placeholder = str_slice(text, at, end);
        size_t i = 0;
        while (i < mask->count && !str_equal_nocase(mask->hidden[i].placeholder, placeholder))
            i++;
        known = known && i < mask->count;
        if (i < mask->count)
            buf_add_str(&shown, mask->hidden[i].value);
        at = end;
    }
    *out = arena_copy(mask->arena, buf_str(&shown));
    known = known && !shown.full;
    buf_free(&shown);
    return known;
}
