#include "gateway/http.h"

#include <string.h>

#define CHUNK_LINE_MAX 256 /* a chunk's size with its extensions, or one trailer */
#define BLANK_LINES_MAX 2  /* in front of a request line (RFC 9112, 2.2) */

const char *const http_method_names[HTTP_METHODS] = { "GET", "HEAD", "POST", "OPTIONS", "OTHER" };

static bool is_token_char(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_token_char((unsigned char)s.data[i])) return false;
    return s.len > 0;
}

enum http_scan http_scan(struct str bytes, size_t *scanned)
{
    for (size_t i = *scanned; i < bytes.len; i++) {
        if (bytes.data[i] != '\n') continue;
        if (i == 0 || bytes.data[i - 1] != '\r') return HTTP_BAD;
        /* An empty line ends the head, but not while nothing but empty lines has come. */
        if (i >= 3 && bytes.data[i - 2] == '\n') {
            size_t first = 0;
            while (first < i && (bytes.data[first] == '\r' || bytes.data[first] == '\n')) first++;
            if (first < i) {
                *scanned = i + 1;
                return HTTP_HEAD_ENDS;
            }
            if (i + 1 > 2 * BLANK_LINES_MAX) return HTTP_BAD;
        }
    }
    *scanned = bytes.len;
    /* Whoever speaks something else here (TLS, say) is told so at once. */
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.data[i];
        if (c == '\r' || c == '\n') continue;
        return c >= 'A' && c <= 'Z' ? HTTP_MORE : HTTP_BAD;
    }
    return HTTP_MORE;
}

/* The next line without its CRLF. False at the end or on a stray CR or LF. */
static bool take_line(struct str *rest, struct str *line)
{
    ptrdiff_t end = str_find(*rest, STR("\r\n"), 0);
    if (end < 0) return false;
    *line = str_slice(*rest, 0, (size_t)end);
    *rest = str_slice(*rest, (size_t)end + 2, rest->len);
    return str_find_char(*line, '\r', 0) < 0 && str_find_char(*line, '\n', 0) < 0;
}

static enum http_method method_of(struct str name)
{
    for (int method = 0; method < HTTP_OTHER; method++)
        if (str_equal(name, str_of(http_method_names[method]))) return (enum http_method)method;
    return HTTP_OTHER;
}

/* "http://host/path" is allowed towards any server (RFC 9112, 3.2.2): what counts is the path. */
static struct str without_origin(struct str target)
{
    size_t skip = str_starts(target, STR("http://")) ? 7 : str_starts(target, STR("https://")) ? 8 : 0;
    if (!skip) return target;
    ptrdiff_t slash = str_find_char(target, '/', skip);
    return slash < 0 ? STR("/") : str_slice(target, (size_t)slash, target.len);
}

static int parse_target(struct str target, struct http_head *head)
{
    if (target.len > LIMIT_URL) return 414;
    for (size_t i = 0; i < target.len; i++) {
        unsigned char c = (unsigned char)target.data[i];
        if (c <= ' ' || c >= 127 || c == '#') return 400;
    }
    if (str_equal(target, STR("*")) && head->method == HTTP_OPTIONS) {
        head->path = target;
        return 0;
    }
    target = without_origin(target);
    if (!target.len || target.data[0] != '/') return 400;
    ptrdiff_t mark = str_find_char(target, '?', 0);
    head->path = mark < 0 ? target : str_slice(target, 0, (size_t)mark);
    head->query = mark < 0 ? STR_EMPTY : str_slice(target, (size_t)mark + 1, target.len);
    return 0;
}

static int parse_request_line(struct str line, struct http_head *head)
{
    ptrdiff_t first = str_find_char(line, ' ', 0);
    if (first <= 0) return line.len > LIMIT_URL ? 414 : 400;
    ptrdiff_t second = str_find_char(line, ' ', (size_t)first + 1);
    if (second < 0) return line.len > LIMIT_URL ? 414 : 400;
    struct str method = str_slice(line, 0, (size_t)first);
    struct str version = str_slice(line, (size_t)second + 1, line.len);
    if (!is_token(method)) return 400;
    head->method = method_of(method);
    int status = parse_target(str_slice(line, (size_t)first + 1, (size_t)second), head);
    if (status) return status;
    if (str_equal(version, STR("HTTP/1.1"))) return 0;
    head->http10 = str_equal(version, STR("HTTP/1.0"));
    if (head->http10) return 0;
    return version.len == 8 && str_starts(version, STR("HTTP/")) && version.data[5] >= '2' &&
           version.data[5] <= '9' && version.data[6] == '.' && version.data[7] >= '0' &&
           version.data[7] <= '9' ? 505 : 400;
}

static int parse_header(struct str line, struct http_head *head)
{
    ptrdiff_t colon = str_find_char(line, ':', 0);
    if (colon <= 0) return 400;
    struct http_header header = { str_slice(line, 0, (size_t)colon),
                                  str_slice(line, (size_t)colon + 1, line.len) };
    if (!is_token(header.name)) return 400; /* a space before the colon or a folded line ends here */
    while (header.value.len && (header.value.data[0] == ' ' || header.value.data[0] == '\t'))
        header.value = str_slice(header.value, 1, header.value.len);
    while (header.value.len && (header.value.data[header.value.len - 1] == ' ' ||
                                header.value.data[header.value.len - 1] == '\t')) header.value.len--;
    for (size_t i = 0; i < header.value.len; i++) {
        unsigned char c = (unsigned char)header.value.data[i];
        if ((c < ' ' && c != '\t') || c == 127) return 400;
    }
    if (head->header_count == LIMIT_HEADERS) return 431;
    head->headers[head->header_count++] = header;
    return 0;
}

size_t http_header_count(const struct http_head *head, struct str name)
{
    size_t count = 0;
    for (size_t i = 0; i < head->header_count; i++)
        if (str_equal_nocase(head->headers[i].name, name)) count++;
    return count;
}

struct str http_header(const struct http_head *head, struct str name)
{
    struct str value = STR_EMPTY;
    bool seen = false;
    for (size_t i = 0; i < head->header_count; i++) {
        if (!str_equal_nocase(head->headers[i].name, name)) continue;
        if (seen) return STR_EMPTY;
        seen = true;
        value = head->headers[i].value;
    }
    return value;
}

bool http_has_token(struct str value, struct str token)
{
    struct str piece;
    while (str_split(&value, ',', &piece))
        if (str_equal_nocase(str_trim(piece), token)) return true;
    return false;
}

/* Where the body ends: the part on which a proxy and this server must never disagree. */
static int parse_framing(struct http_head *head)
{
    size_t lengths = http_header_count(head, STR("content-length"));
    size_t encodings = http_header_count(head, STR("transfer-encoding"));
    if (lengths > 1 || encodings > 1 || (lengths && encodings)) return 400;
    if (encodings) {
        if (head->http10) return 400;
        if (!str_equal_nocase(http_header(head, STR("transfer-encoding")), STR("chunked"))) return 501;
        head->chunked = true;
    }
    if (lengths && !str_to_u64(http_header(head, STR("content-length")), &head->content_length)) return 400;
    struct str expect = http_header(head, STR("expect"));
    if (expect.len && !str_equal_nocase(expect, STR("100-continue"))) return 417;
    head->expects_continue = expect.len && !head->http10;
    return 0;
}

static int parse_host(struct http_head *head)
{
    size_t hosts = http_header_count(head, STR("host"));
    if (hosts > 1 || (hosts == 0 && !head->http10)) return 400;
    head->host = http_header(head, STR("host"));
    for (size_t i = 0; i < head->host.len; i++) {
        unsigned char c = (unsigned char)head->host.data[i];
        if (!is_token_char(c) && !strchr(":[]", c)) return 400;
    }
    return 0;
}

int http_parse(struct str bytes, struct http_head *head)
{
    memset(head, 0, offsetof(struct http_head, headers)); /* not the whole table of headers */
    head->path = head->query = head->host = STR_EMPTY;
    struct str line;
    do {
        if (!take_line(&bytes, &line)) return 400;
    } while (!line.len);
    int status = parse_request_line(line, head);
    while (!status) {
        if (!take_line(&bytes, &line)) return 400;
        if (!line.len) break;
        status = parse_header(line, head);
    }
    if (!status) status = parse_host(head);
    if (!status) status = parse_framing(head);
    if (status) return status;
    struct str connection = STR_EMPTY;
    bool close = false;
    for (size_t i = 0; i < head->header_count; i++) {
        if (!str_equal_nocase(head->headers[i].name, STR("connection"))) continue;
        connection = head->headers[i].value;
        close = close || http_has_token(connection, STR("close"));
    }
    head->keep_alive = !close && (!head->http10 || http_has_token(connection, STR("keep-alive")));
    return bytes.len ? 400 : 0;
}

enum chunk_state { CHUNK_SIZE, CHUNK_EXTENSION, CHUNK_SIZE_LF, CHUNK_DATA, CHUNK_DATA_CR, CHUNK_DATA_LF,
                   CHUNK_TRAILER, CHUNK_TRAILER_LF };

/* One byte that is not payload. */
static enum http_body chunk_byte(struct http_chunks *chunks, char c)
{
    if (++chunks->line > CHUNK_LINE_MAX) return HTTP_BODY_BAD;
    switch ((enum chunk_state)chunks->state) {
    case CHUNK_SIZE:
        if (str_hex_digit(c) >= 0) {
            if (chunks->line > 8) return HTTP_BODY_TOO_LONG;
            chunks->left = chunks->left * 16 + (uint64_t)str_hex_digit(c);
            return HTTP_BODY_MORE;
        }
        if (chunks->line == 1) return HTTP_BODY_BAD;
        if (c == '\r') chunks->state = CHUNK_SIZE_LF;
        else if (c == ';') chunks->state = CHUNK_EXTENSION;
        else return HTTP_BODY_BAD;
        return HTTP_BODY_MORE;
    case CHUNK_EXTENSION:
        if (c == '\r') chunks->state = CHUNK_SIZE_LF;
        else if (((unsigned char)c < ' ' && c != '\t') || c == 127) return HTTP_BODY_BAD;
        return HTTP_BODY_MORE;
    case CHUNK_SIZE_LF:
        chunks->state = chunks->left ? CHUNK_DATA : CHUNK_TRAILER;
        chunks->line = 0;
        return c == '\n' ? HTTP_BODY_MORE : HTTP_BODY_BAD;
    case CHUNK_DATA_CR:
        chunks->state = CHUNK_DATA_LF;
        return c == '\r' ? HTTP_BODY_MORE : HTTP_BODY_BAD;
    case CHUNK_DATA_LF:
        chunks->state = CHUNK_SIZE;
        chunks->line = 0;
        return c == '\n' ? HTTP_BODY_MORE : HTTP_BODY_BAD;
    case CHUNK_TRAILER: /* trailers are of no use here, and are refused rather than skipped */
        chunks->state = CHUNK_TRAILER_LF;
        return c == '\r' ? HTTP_BODY_MORE : HTTP_BODY_BAD;
    case CHUNK_TRAILER_LF: return c == '\n' ? HTTP_BODY_ENDS : HTTP_BODY_BAD;
    case CHUNK_DATA: break;
    }
    return HTTP_BODY_BAD;
}

enum http_body http_chunks_take(struct http_chunks *chunks, struct str *bytes, struct buf *body)
{
    while (bytes->len) {
        if (chunks->state == CHUNK_DATA) {
            size_t take = bytes->len < chunks->left ? bytes->len : (size_t)chunks->left;
            buf_add(body, bytes->data, take);
            if (body->full) return HTTP_BODY_TOO_LONG;
            *bytes = str_slice(*bytes, take, bytes->len);
            chunks->left -= take;
            if (!chunks->left) {
                chunks->state = CHUNK_DATA_CR;
                chunks->line = 0;
            }
            continue;
        }
        char c = bytes->data[0];
        *bytes = str_slice(*bytes, 1, bytes->len);
        enum http_body result = chunk_byte(chunks, c);
        if (result != HTTP_BODY_MORE) return result;
    }
    return HTTP_BODY_MORE;
}

/* The quality parameter of one piece of Accept is zero: "not this". */
static bool refused_by_quality(struct str parameters)
{
    struct str piece;
    while (str_split(&parameters, ';', &piece)) {
        piece = str_trim(piece);
        if (piece.len < 3 || (piece.data[0] != 'q' && piece.data[0] != 'Q') || piece.data[1] != '=') continue;
        for (size_t i = 2; i < piece.len; i++)
            if (piece.data[i] != '0' && piece.data[i] != '.') return false;
        return true;
    }
    return false;
}

bool http_accepts(struct str accept, struct str type, bool exactly)
{
    if (!str_trim(accept).len) return !exactly;
    ptrdiff_t slash = str_find_char(type, '/', 0);
    struct str range;
    while (str_split(&accept, ',', &range)) {
        struct str wanted;
        str_split(&range, ';', &wanted);
        wanted = str_trim(wanted);
        bool fits = str_equal_nocase(wanted, type);
        if (!fits && !exactly && slash > 0)
            fits = str_equal(wanted, STR("*/*")) ||
                   (wanted.len == (size_t)slash + 2 && str_ends(wanted, STR("/*")) &&
                    str_equal_nocase(str_slice(wanted, 0, (size_t)slash), str_slice(type, 0, (size_t)slash)));
        if (fits && !refused_by_quality(range)) return true;
    }
    return false;
}
