#include "gateway/json.h"

static void begin(struct buf *out, const char *key)
{
    char before = out->len ? out->data[out->len - 1] : '{';
    if (before != '{' && before != '[' && before != ':') buf_add_char(out, ',');
    if (!key) return;
    buf_add_char(out, '"');
    buf_add_str(out, str_of(key));
    buf_add_str(out, STR("\":"));
}

void json_open(struct buf *out, const char *key, char bracket)
{
    begin(out, key);
    buf_add_char(out, bracket);
}

void json_close(struct buf *out, char bracket)
{
    buf_add_char(out, bracket);
}

void json_u64(struct buf *out, const char *key, uint64_t value)
{
    begin(out, key);
    buf_add_u64(out, value);
}

void json_i64(struct buf *out, const char *key, int64_t value)
{
    begin(out, key);
    buf_add_i64(out, value);
}

void json_bool(struct buf *out, const char *key, bool value)
{
    begin(out, key);
    buf_add_str(out, value ? STR("true") : STR("false"));
}

void json_text(struct buf *out, const char *key, struct str value)
{
    begin(out, key);
    buf_add_json_str(out, value);
}

void json_raw(struct buf *out, const char *key, struct str value)
{
    begin(out, key);
    buf_add_str(out, value);
}

void json_list(struct buf *out, const char *key, struct str list)
{
    struct str piece;
    json_open(out, key, '[');
    while (str_split(&list, ',', &piece))
        if (str_trim(piece).len) json_text(out, NULL, str_trim(piece));
    json_close(out, ']');
}

void json_texts(struct buf *out, const char *key, const struct str *items, size_t count)
{
    json_open(out, key, '[');
    for (size_t i = 0; i < count; i++) json_text(out, NULL, items[i]);
    json_close(out, ']');
}
