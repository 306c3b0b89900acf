/* HTTP as bytes: heads and chunked bodies. However the bytes are cut into pieces, the reading must
 * be the same: that is what keeps one request from being read as two. */
#include "gateway/http.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Scans as the bytes come in, `step` at a time. */
static enum http_scan scan(struct str text, size_t step, size_t *scanned)
{
    enum http_scan result = HTTP_MORE;
    *scanned = 0;
    for (size_t len = 0; result == HTTP_MORE && len < text.len;) {
        len = len + step < text.len ? len + step : text.len;
        result = http_scan(str_slice(text, 0, len), scanned);
    }
    return result;
}

static void check_head(struct str text)
{
    struct http_head head;
    if (http_parse(text, &head)) return;
    must(head.path.len && (head.path.data[0] == '/' || head.method == HTTP_OPTIONS));
    must(head.path.len + head.query.len <= LIMIT_URL && head.header_count <= LIMIT_HEADERS);
    must(!(head.chunked && head.content_length));
    for (size_t i = 0; i < head.header_count; i++) {
        must(head.headers[i].name.len);
        must(str_find_char(head.headers[i].value, '\n', 0) < 0 && str_find_char(head.headers[i].value, '\r', 0) < 0);
    }
    (void)http_accepts(http_header(&head, STR("accept")), STR("text/event-stream"), false);
}

static enum http_body take(struct str text, size_t step, struct buf *body, size_t *used)
{
    struct http_chunks chunks = { 0 };
    enum http_body result = HTTP_BODY_MORE;
    for (*used = 0; result == HTTP_BODY_MORE && *used < text.len;) {
        struct str piece = str_slice(text, *used, *used + step);
        size_t len = piece.len;
        result = http_chunks_take(&chunks, &piece, body);
        *used += len - piece.len;
    }
    return result;
}

static void check_chunks(struct str text)
{
    struct buf whole, pieces;
    size_t used_whole, used_pieces;
    buf_init(&whole, 4096);
    buf_init(&pieces, 4096);
    enum http_body a = take(text, text.len, &whole, &used_whole), b = take(text, 1, &pieces, &used_pieces);
    must(a == b);
    if (a == HTTP_BODY_ENDS) must(used_whole == used_pieces && str_equal(buf_str(&whole), buf_str(&pieces)));
    buf_free(&whole);
    buf_free(&pieces);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size);
    size_t at_once, in_pieces;
    if (!size) return 0;
    enum http_scan a = scan(text, size, &at_once), b = scan(text, 1, &in_pieces);
    if (a == HTTP_HEAD_ENDS) {
        must(b != HTTP_MORE && (b == HTTP_BAD || at_once == in_pieces));
        check_head(str_slice(text, 0, at_once));
    }
    check_chunks(text);
    return 0;
}
