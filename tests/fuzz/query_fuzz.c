/* Queries, cookies, tokens, addresses and paths: everything of a request's head that is taken apart. */
#include "gateway/connection.h"
#include "gateway/query.h"
#include "gateway/route.h"
#include "gateway/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct str part, struct str whole)
{
    return !part.len || (part.data >= whole.data && part.data + part.len <= whole.data + whole.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size), path;
    struct arena arena = { 0 };
    struct query query;
    struct address address;
    uint64_t number = 0;
    if (query_parse(&arena, text, &query)) {
        must(query.count <= QUERY_MAX);
        for (size_t i = 0; i < query.count; i++) {
            must(str_is_utf8(query.items[i].name) && str_is_utf8(query.items[i].value));
            must(query_get(&query, arena_cstr(&arena, query.items[i].name)).data != NULL);
        }
        must(!query_number(&query, "after", 1000, &number) || number <= 1000);
    }
    if (query_decode(&arena, text, false, &path)) {
        struct route_match match = route_match(HTTP_GET, path);
        must(!match.route || (match.methods & 1 << match.route->method));
        must(inside(match.name, path));
    }
    must(inside(session_cookie(text, STR("beckon_session")), text));
    must(inside(session_bearer(text), text));
    if (address_parse(text, &address)) must(address_text(&arena, address).len > 0);
    arena_free(&arena);
    return 0;
}
