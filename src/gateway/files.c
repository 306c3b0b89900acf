#include "gateway/files.h"

#include <sodium.h>
#include <stdio.h>
#include <zlib.h>

#include "base/memory.h"
#include "gateway/answer.h"
#include "gateway/assets.h"
#include "gateway/server.h"

#define INFLATED_MAX (8u << 20)

static size_t asset_count(void)
{
    size_t count = 0;
    while (assets[count].path) count++;
    return count;
}

void files_start(struct files *files)
{
    size_t count = asset_count();
    files->tags = memory_new(count ? count : 1, sizeof *files->tags);
    for (size_t i = 0; i < count; i++) {
        unsigned char digest[crypto_generichash_BYTES];
        crypto_generichash(digest, sizeof digest, assets[i].data, assets[i].len, NULL, 0);
        sodium_bin2hex(files->tags[i], sizeof files->tags[i], digest, 8);
    }
}

void files_free(struct files *files)
{
    memory_free(files->tags);
}

/* Tries the path itself, then PATH.html and PATH/index.html: addresses without endings. */
static const struct asset *find(struct str path)
{
    static const char *const endings[] = { "", ".html", "/index.html" };
    char name[256];
    if (str_equal(path, STR("/"))) return asset_find(STR("/index.html"));
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        int len = snprintf(name, sizeof name, "%.*s%s", STR_ARG(path), endings[i]);
        const struct asset *asset = len < (int)sizeof name ? asset_find(str_of(name)) : NULL;
        if (asset) return asset;
    }
    return NULL;
}

bool files_has(struct str path)
{
    return find(path) != NULL;
}

const char *files_type(struct str path)
{
    static const struct { const char *ending, *type; } types[] = {
        { ".html", "text/html; charset=utf-8" }, { ".js", "text/javascript; charset=utf-8" },
        { ".mjs", "text/javascript; charset=utf-8" }, { ".css", "text/css; charset=utf-8" },
        { ".json", "application/json" }, { ".svg", "image/svg+xml" }, { ".png", "image/png" },
        { ".jpg", "image/jpeg" }, { ".webp", "image/webp" }, { ".ico", "image/x-icon" },
        { ".woff2", "font/woff2" }, { ".webmanifest", "application/manifest+json" },
        { ".txt", "text/plain; charset=utf-8" }, { ".map", "application/json" },
    };
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_ends(path, str_of(types[i].ending))) return types[i].type;
    return "application/octet-stream";
}

bool files_is_hashed(struct str path)
{
    struct str piece, before = STR_EMPTY;
    while (str_split(&path, '.', &piece)) {
        if (!path.data) break; /* the ending */
        before = piece;
    }
    if (before.len < 8) return false;
    for (size_t i = 0; i < before.len; i++) {
        char c = before.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

/* For the few clients that do not take gzip. */
static bool inflate_all(const struct asset *asset, struct buf *out)
{
    z_stream stream = { .next_in = (unsigned char *)(uintptr_t)asset->data, .avail_in = (unsigned)asset->len };
    unsigned char piece[16384];
    int result = inflateInit2(&stream, 15 + 16);
    while (result == Z_OK) {
        stream.next_out = piece;
        stream.avail_out = sizeof piece;
        result = inflate(&stream, Z_NO_FLUSH);
        if (result == Z_OK || result == Z_STREAM_END) buf_add(out, piece, sizeof piece - stream.avail_out);
    }
    inflateEnd(&stream);
    return result == Z_STREAM_END && !out->full;
}

static bool has_tag(struct str list, struct str tag)
{
    struct str piece;
    while (str_split(&list, ',', &piece)) {
        piece = str_trim(piece);
        if (str_starts(piece, STR("W/"))) piece = str_slice(piece, 2, piece.len);
        if (str_equal(piece, tag) || str_equal(piece, STR("*"))) return true;
    }
    return false;
}

/* Host pages of other origins load the widget and its modules; everything else is for our own pages. */
static bool is_embedded(struct str path)
{
    return str_starts(path, STR("/widget")) || str_starts(path, STR("/texts/customer/"));
}

void files_serve(struct request *request)
{
    const struct asset *asset = find(request->path);
    struct str path = str_of(asset->path);
    bool zipped = asset->gzipped &&
                  http_accepts(http_header(&request->head, STR("accept-encoding")), STR("gzip"), true);
    struct str tag = arena_format(&request->arena, "\"%s%s\"", request->gateway->files.tags[asset - assets],
                                  zipped ? "-gz" : "");
    struct answer answer = {
        .status = 200, .type = files_type(path), .body = str_make((const char *)asset->data, asset->len),
        .cache = files_is_hashed(path) ? ANSWER_IMMUTABLE : ANSWER_REVALIDATE,
        .page = str_ends(path, STR(".html")), .embedded = is_embedded(path),
        .headers = arena_format(&request->arena, "ETag: %.*s\r\n%s", STR_ARG(tag),
                                zipped ? "Content-Encoding: gzip\r\n" : "") };
    struct buf plain;
    buf_init(&plain, INFLATED_MAX);
    if (has_tag(http_header(&request->head, STR("if-none-match")), tag)) {
        answer.status = 304;
        answer.no_body = true;
    } else if (asset->gzipped && !zipped) {
        if (!inflate_all(asset, &plain)) answer.status = 500;
        answer.body = answer.status == 500 ? STR_EMPTY : buf_str(&plain);
    }
    answer_send(request, &answer);
    buf_free(&plain);
}
