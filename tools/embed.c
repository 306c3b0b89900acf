/* embed.c - turns the pages' files into one assembler file, for the binary to carry.
 *
 *   embed OUTPUT_PREFIX web/a.html web/b.js ... > assets.S
 *
 * Each file is stored gzipped when that is smaller. The table `assets` (gateway/assets.h) lists path,
 * bytes and length; the path is the file's without "web/" or "build/". The widget, which other
 * people's pages load, leaves its comments at home: their visitors need not pay for them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

static void die(const char *what, const char *path)
{
    fprintf(stderr, "embed: %s: %s\n", what, path);
    exit(1);
}

static unsigned char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    struct stat info;
    if (!file || fstat(fileno(file), &info)) die("cannot read", path);
    unsigned char *data = malloc((size_t)info.st_size + 1);
    if (!data) die("out of memory", path);
    *len = fread(data, 1, (size_t)info.st_size, file);
    fclose(file);
    return data;
}

static int is_widget(const char *path)
{
    return strncmp(path, "web/widget", 10) == 0 || strncmp(path, "web/texts/customer/", 19) == 0;
}

/* Takes out, in place, indentation and the lines that are nothing but comment: those that begin with
 * two slashes, and blocks that begin a line and end one. */
static size_t without_comments(unsigned char *data, size_t len)
{
    size_t kept = 0;
    int inside = 0;
    for (size_t at = 0, next; at < len; at = next) {
        unsigned char *end = memchr(data + at, '\n', len - at);
        next = end ? (size_t)(end - data) + 1 : len;
        while (at < next && data[at] == ' ') at++;
        size_t size = next - at;
        int line = size >= 2 && memcmp(data + at, "//", 2) == 0;
        if (size >= 2 && memcmp(data + at, "/*", 2) == 0) inside = 1;
        if (!inside && !line) {
            memmove(data + kept, data + at, size);
            kept += size;
        }
        if (memmem(data + at, size, "*/", 2)) inside = 0;
    }
    return kept;
}

static unsigned char *zip(const unsigned char *data, size_t len, size_t *out_len)
{
    z_stream stream = { 0 };
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) die("zlib", "init");
    size_t room = deflateBound(&stream, len);
    unsigned char *out = malloc(room);
    if (!out) die("out of memory", "zip");
    stream.next_in = (unsigned char *)data;
    stream.avail_in = (unsigned)len;
    stream.next_out = out;
    stream.avail_out = (unsigned)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END) die("zlib", "deflate");
    *out_len = stream.total_out;
    deflateEnd(&stream);
    return out;
}

static void write_file(const char *path, const unsigned char *data, size_t len)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, len, file) != len || fclose(file)) die("cannot write", path);
}

int main(int argc, char **argv)
{
    if (argc < 2) die("usage", "embed PREFIX FILE...");
    mkdir(argv[1], 0777);
    printf("    .section .rodata\n");
    for (int i = 2; i < argc; i++) {
        size_t len, zipped_len;
        unsigned char *data = read_file(argv[i], &len);
        if (is_widget(argv[i])) len = without_comments(data, len);
        unsigned char *zipped = zip(data, len, &zipped_len);
        int smaller = zipped_len < len;
        char path[4096];
        snprintf(path, sizeof path, "%s/%d", argv[1], i);
        write_file(path, smaller ? zipped : data, smaller ? zipped_len : len);
        const char *name = argv[i];
        if (strncmp(name, "web/", 4) == 0) name += 4;
        else if (strncmp(name, "build/", 6) == 0) name += 6;
        printf("name_%d: .asciz \"/%s\"\n    .balign 8\ndata_%d: .incbin \"%s\"\nend_%d:\n", i, name, i, path, i);
        free(data);
        free(zipped);
    }
    printf("    .section .data.rel.ro,\"aw\"\n    .balign 8\n    .globl assets\nassets:\n");
    for (int i = 2; i < argc; i++) {
        size_t stored;
        char path[4096];
        snprintf(path, sizeof path, "%s/%d", argv[1], i);
        unsigned char *data = read_file(path, &stored);
        int gzipped = stored > 2 && data[0] == 0x1f && data[1] == 0x8b;
        printf("    .quad name_%d, data_%d, end_%d - data_%d, %d\n", i, i, i, i, gzipped);
        free(data);
    }
    printf("    .quad 0, 0, 0, 0\n    .section .note.GNU-stack,\"\",@progbits\n");
    return 0;
}
