/* books.h - the demo firm's books in memory, and somebody who asks them as the assistant does. */
#ifndef SUPPORT_BOOKS_H
#define SUPPORT_BOOKS_H

#include "demo/firm_routes.h"

#define BOOKS_TODAY 20779 /* 2026-11-22, a Sunday */

struct books {
    struct firm firm;
    struct arena arena;
    struct firm_answer last;
};

extern struct books books; /* a program's only ones */

/* Before and after each test: the books of BOOKS_TODAY. */
int books_set_up(void **state);
int books_tear_down(void **state);

/* For other days. False, with a message on stderr, if they cannot be opened. */
bool books_open(int64_t today);
void books_close(void);

/* Each gives the status and leaves the answer in `last`. A query may stand in the path. */
int books_send(struct firm_request request);
int books_get(const char *path);
int books_post(const char *path, const char *key, const char *body);

/* Of the last answer: "" and 0 for what is not there; the code of a refusal, or "". */
const char *books_text(const char *name);
int64_t books_number(const char *name);
const char *books_code(void);

#endif
