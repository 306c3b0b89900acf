/* answer.h - what goes back: status, headers, body, and the errors of base/refusal.h as JSON.
 *
 * Each function answers the request and ends it: the request must not be used afterwards. All
 * security headers are put on here, so that no answer goes without. */
#ifndef GATEWAY_ANSWER_H
#define GATEWAY_ANSWER_H

#include "base/refusal.h"
#include "gateway/request.h"

/* What every answer carries, whatever it is. */
#define ANSWER_COMMON \
    "X-Content-Type-Options: nosniff\r\n" \
    "Referrer-Policy: no-referrer\r\n" \
    "X-Frame-Options: DENY\r\n"
/* A worker lives by the policy of its own script, and the staff pages' worker sends heartbeats. */
#define ANSWER_DATA_POLICY \
    "Content-Security-Policy: default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; " \
    "frame-ancestors 'none'\r\n"

enum answer_cache { ANSWER_NO_STORE, ANSWER_REVALIDATE, ANSWER_IMMUTABLE };

struct answer {
    int status;
    const char *type;      /* NULL: JSON */
    struct str body;
    struct str headers;    /* further header lines, each with its CRLF */
    enum answer_cache cache;
    bool page;             /* a page that runs our scripts; else nothing may run */
    bool embedded;         /* may be loaded by any page (the widget) */
    bool no_body;          /* 204, 304 */
};

void answer_send(struct request *request, const struct answer *answer);
void answer_json(struct request *request, struct str json);
void answer_empty(struct request *request); /* {} */

/* `field` may be NULL. */
void answer_refusal(struct request *request, enum refusal refusal, const char *field);
/* The refusal under another status than its own. */
void answer_status(struct request *request, int status, enum refusal refusal);
/* 429 with Retry-After. */
void answer_limited(struct request *request, enum refusal refusal, int64_t wait_ms);
/* 405 with Allow. */
void answer_not_allowed(struct request *request, struct str allow);

/* The head of an event stream; nothing ends. */
void answer_stream_head(const struct request *request, struct buf *out);

const char *answer_reason(int status);

#endif
