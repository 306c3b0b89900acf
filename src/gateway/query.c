#include "gateway/query.h"

bool query_decode(struct arena *arena, struct str raw, bool plus, struct str *out)
{
    char *text = arena_take(arena, raw.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.data[i];
        if (c == '+' && plus) c = ' ';
        if (c == '%') {
            int high = i + 2 < raw.len ? str_hex_digit(raw.data[i + 1]) : -1;
            int low = high >= 0 ? str_hex_digit(raw.data[i + 2]) : -1;
            if (low < 0) return false;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if ((unsigned char)c < ' ' || c == 127) return false;
        text[len++] = c;
    }
    *out = str_make(text, len);
    return str_is_utf8(*out);
}

bool query_parse(struct arena *arena, struct str raw, struct query *query)
{
    query->count = 0;
    if (!raw.len) return true;
    struct str piece;
    while (str_split(&raw, '&', &piece)) {
        if (!piece.len) continue;
        if (query->count == QUERY_MAX) return false;
        struct query_item item = { STR_EMPTY, STR_EMPTY };
        ptrdiff_t mark = str_find_char(piece, '=', 0);
        struct str name = mark < 0 ? piece : str_slice(piece, 0, (size_t)mark);
        struct str value = mark < 0 ? STR_EMPTY : str_slice(piece, (size_t)mark + 1, piece.len);
        if (!query_decode(arena, name, true, &item.name) || !query_decode(arena, value, true, &item.value))
            return false;
        for (size_t i = 0; i < query->count; i++)
            if (str_equal(query->items[i].name, item.name)) return false;
        query->items[query->count++] = item;
    }
    return true;
}

struct str query_get(const struct query *query, const char *name)
{
    for (size_t i = 0; i < query->count; i++)
        if (str_equal(query->items[i].name, str_of(name))) return query->items[i].value;
    return (struct str){ NULL, 0 };
}

bool query_number(const struct query *query, const char *name, uint64_t max, uint64_t *out)
{
    struct str text = query_get(query, name);
    uint64_t value;
    if (!text.data) return true;
    if (!str_to_u64(text, &value) || value > max) return false;
    *out = value;
    return true;
}
