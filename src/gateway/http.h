/* http.h - HTTP/1.1 requests as bytes: the head, and a body in chunks.
 *
 * Pure: bytes in, slices of them out; no sockets, no allocation. It is strict on purpose. Two
 * programs that read one request differently let an attacker hide a second one inside it, so whatever
 * RFC 9112 does not allow is refused, never repaired: bare line feeds, folded headers, white space
 * before the colon, Content-Length that is not plain digits or stands beside Transfer-Encoding.
 *
 * libwebsockets carries the bytes (TLS, sockets, loop); its own HTTP parser lets these things pass. */
#ifndef GATEWAY_HTTP_H
#define GATEWAY_HTTP_H

#include "base/buf.h"
#include "base/limits.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_OPTIONS, HTTP_OTHER, HTTP_METHODS };
extern const char *const http_method_names[HTTP_METHODS];

struct http_header {
    struct str name, value;
};

struct http_head {
    enum http_method method;
    struct str path, query;   /* as sent: still percent-encoded; the query without its '?' */
    bool http10;              /* HTTP/1.0 */
    bool keep_alive;          /* the client will send another request on this connection */
    bool expects_continue;
    bool chunked;
    uint64_t content_length;  /* 0 without a body */
    struct str host;
    size_t header_count;
    struct http_header headers[LIMIT_HEADERS];
};

/* Looks for the end of a head. `scanned` is 0 for a new request and is kept by the caller while more
 * bytes come in. */
enum http_scan { HTTP_MORE, HTTP_HEAD_ENDS, HTTP_BAD };
enum http_scan http_scan(struct str bytes, size_t *scanned);

/* Reads a whole head, as http_scan found it (`*scanned` bytes). 0, or the HTTP status to refuse it
 * with. Slices point into `bytes`. */
int http_parse(struct str bytes, struct http_head *head);

/* The header's value by its lower-case name; empty if it is not there or there twice. */
struct str http_header(const struct http_head *head, struct str name);
size_t http_header_count(const struct http_head *head, struct str name);

/* A body that comes in chunks. One of zeroes is ready to begin. */
struct http_chunks {
    int state;
    uint64_t left;    /* of this chunk; while its size is read, the size so far */
    size_t line;      /* bytes of the line so far */
};
enum http_body { HTTP_BODY_MORE, HTTP_BODY_ENDS, HTTP_BODY_BAD, HTTP_BODY_TOO_LONG };

/* Takes what it can of *bytes (moves it on) and appends the payload to `body`. */
enum http_body http_chunks_take(struct http_chunks *chunks, struct str *bytes, struct buf *body);

/* Whether `token` stands in a comma-separated header value; ASCII case does not matter. */
bool http_has_token(struct str value, struct str token);

/* Whether the client takes `type` (such as text/event-stream) by its Accept header: an empty one
 * takes all. `exactly` leaves wildcards out. Quality 0 means no. */
bool http_accepts(struct str accept, struct str type, bool exactly);

#endif
