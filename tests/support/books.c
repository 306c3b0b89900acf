#include "books.h"

#include <stdio.h>

struct books books;

bool books_open(int64_t today)
{
    struct err err;
    books = (struct books){ 0 };
    buf_init(&books.last.page, 1);
    if (!firm_open(&err, &books.firm, ":memory:", today)) {
        fprintf(stderr, "%s\n", err.text);
        return false;
    }
    books.firm.token = STR("a token of the tests");
    books.firm.secret = STR("a secret of the tests");
    books.firm.url = STR("http://127.0.0.1:18499");
    return true;
}

void books_close(void)
{
    firm_answer_free(&books.last);
    firm_close(&books.firm);
    arena_free(&books.arena);
}

int books_send(struct firm_request request)
{
    struct str path = request.path;
    ptrdiff_t question = str_find_char(path, '?', 0);
    if (question >= 0) {
        request.query = str_slice(path, (size_t)question + 1, path.len);
        request.path = str_slice(path, 0, (size_t)question);
    }
    request.arena = &books.arena;
    firm_answer_free(&books.last);
    firm_handle(&books.firm, &request, &books.last);
    return books.last.status;
}

int books_get(const char *path)
{
    return books_send((struct firm_request){ .method = STR("GET"), .path = str_of(path),
                                                    .token = books.firm.token });
}

int books_post(const char *path, const char *key, const char *body)
{
    return books_send((struct firm_request){ .method = STR("POST"), .path = str_of(path),
                                                    .token = books.firm.token, .key = str_of(key), .body = str_of(body) });
}

const char *books_text(const char *name)
{
    const char *value = json_string_value(json_object_get(books.last.json, name));
    return value ? value : "";
}

int64_t books_number(const char *name)
{
    return json_integer_value(json_object_get(books.last.json, name));
}

const char *books_code(void)
{
    const char *code = json_string_value(json_object_get(json_object_get(books.last.json, "error"), "code"));
    return code ? code : "";
}

int books_set_up(void **state)
{
    (void)state;
    return books_open(BOOKS_TODAY) ? 0 : -1;
}

int books_tear_down(void **state)
{
    (void)state;
    books_close();
    return 0;
}
