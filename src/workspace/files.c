#include "workspace/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

#define SECRET_MAX 4096

static const char *path_of(struct reading *reading, struct str file)
{
    if (file.len && file.data[0] == '/')
        return arena_cstr(reading->arena, file);
    return arena_format(reading->arena, "%.*s/%.*s", STR_ARG(reading->workspace->directory), STR_ARG(file)).data;
}

static int by_text(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Editors' leavings and hidden files. */
static bool is_passed_over(const char *name)
{
    return name[0] == '.' || name[strlen(name) - 1] == '~';
}

/* --- what is drafted --- */

static const struct drafted_file *draft_of(const struct reading *reading, struct str file)
{
    for (size_t i = 0; i < reading->draft_count; i++)
        if (str_equal(reading->drafts[i].file, file))
            return &reading->drafts[i];
    return NULL;
}

static bool has(const struct str *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(names[i], name))
            return true;
    return false;
}

/* The files as they would be: without those that are removed, with those that are new. */
static struct str *with_drafts(struct reading *reading, const char *folder, struct str *names, size_t *count)
{
    struct str *all = ARENA_NEW_ARRAY(reading->arena, struct str, *count + reading->draft_count + 1);
    struct str head = arena_format(reading->arena, "%s/", folder);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        const struct drafted_file *draft = draft_of(reading, names[i]);
        if (!draft || !draft->removed)
            all[kept++] = names[i];
    }
    for (size_t i = 0; i < reading->draft_count; i++) {
        const struct drafted_file *draft = &reading->drafts[i];
        if (!draft->removed && str_starts(draft->file, head) && !has(all, kept, draft->file))
            all[kept++] = arena_copy(reading->arena, draft->file);
    }
    if (kept > LIMIT_WORKSPACE_FILES)
        problems_add(reading->problems, (struct place){ str_of(folder), 0 }, "remove or merge some", "there are more than %d files", LIMIT_WORKSPACE_FILES);
    if (kept)
        qsort(all, kept, sizeof *all, by_text);
    *count = kept;
    return all;
}

struct str *files_list(struct reading *reading, const char *folder, const char *ending, size_t *count)
{
    *count = 0;
    DIR *directory = opendir(path_of(reading, str_of(folder)));
    if (!directory) {
        if (errno != ENOENT)
            problems_add(reading->problems, (struct place){ str_of(folder), 0 }, "make it a readable folder",
                         "the folder cannot be read: %s", strerror(errno));
        return with_drafts(reading, folder, NULL, count);
    }
    struct str *names = NULL;
    size_t capacity = 0;
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (is_passed_over(entry->d_name))
            continue;
        struct str file = arena_format(reading->arena, "%s/%s", folder, entry->d_name);
        struct place place = { file, 0 };
        if (!str_is_utf8(file)) {
            problems_add(reading->problems, (struct place){ str_of(folder), 0 }, "rename it", "a file's name is not valid UTF-8");
        } else if (!str_ends(file, str_of(ending))) {
            problems_add(reading->problems, place, "give it the right ending, or move it elsewhere",
                         "only files that end in %s belong into %s/", ending, folder);
        } else if (*count >= LIMIT_WORKSPACE_FILES) {
            problems_add(reading->problems, (struct place){ str_of(folder), 0 }, "remove or merge some",
                         "there are more than %d files", LIMIT_WORKSPACE_FILES);
            break;
        } else {
            if (*count == capacity) {
                capacity = capacity ? capacity * 2 : 32;
                names = memory_resize(names, capacity, sizeof *names);
            }
            names[(*count)++] = file;
        }
    }
    closedir(directory);
    struct str *sorted = with_drafts(reading, folder, names, count);
    memory_free(names);
    return sorted;
}

/* Reads at most `max` bytes; -1 and errno on failure, E2BIG if there are more. */
static ssize_t read_whole(int fd, char *data, size_t max)
{
    size_t len = 0;
    for (;;) {
        ssize_t got = read(fd, data + len, max + 1 - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        len += (size_t)got;
        if (len > max) {
            errno = E2BIG;
            return -1;
        }
        if (got == 0)
            return (ssize_t)len;
    }
}

/* A regular file's bytes into the arena. */
static bool load(struct reading *reading, const char *path, int flags, size_t max, struct str *text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    if (fd < 0)
        return false;
    struct stat status;
    bool good = fstat(fd, &status) == 0;
    if (good && !S_ISREG(status.st_mode)) {
        errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
        good = false;
    }
    if (good && (uintmax_t)status.st_size > max) {
        errno = E2BIG;
        good = false;
    }
    if (good) {
        /* One byte more than it had, to notice a file that grows meanwhile. */
        char *data = arena_take(reading->arena, (size_t)status.st_size + 2);
        ssize_t len = read_whole(fd, data, (size_t)status.st_size);
        good = len >= 0;
        if (good)
            *text = str_make(data, (size_t)len);
    }
    int failure = errno;
    close(fd);
    errno = failure;
    return good;
}

static void explain(struct reading *reading, struct place place, int failure)
{
    switch (failure) {
    case ELOOP:
        problems_add(reading->problems, place, "put the file itself here", "a symbolic link is not followed");
        break;
    case E2BIG:
        problems_add(reading->problems, place, "split it", "the file is larger than %d bytes", LIMIT_FILE);
        break;
    case ENOENT:
        problems_add(reading->problems, place, "create it, or run 'beckon init' in an empty folder", "there is no such file");
        break;
    case EISDIR: case EINVAL:
        problems_add(reading->problems, place, "move it elsewhere", "this is not a regular file");
        break;
    default:
        problems_add(reading->problems, place, "make it readable for the server", "the file cannot be read: %s",
                     strerror(failure));
    }
}

static struct str with_plain_lines(struct str text)
{
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.len);
    char *data = (char *)(uintptr_t)text.data; /* our own copy in the arena */
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (data[i] != '\r')
            data[len++] = data[i];
        else if (i + 1 == text.len || data[i + 1] != '\n')
            data[len++] = '\n';
    }
    return str_make(data, len);
}

static int line_of_bad_utf8(struct str text)
{
    int line = 1;
    struct str rest = text, piece;
    while (str_split(&rest, '\n', &piece)) {
        if (!str_is_utf8(piece))
            return line;
        line++;
    }
    return 0;
}

bool files_read(struct reading *reading, struct str file, struct str *text)
{
    struct place place = { file, 0 };
    const struct drafted_file *draft = draft_of(reading, file);
    if (draft && draft->text.len > LIMIT_FILE) {
        explain(reading, place, E2BIG);
        return false;
    }
    if (draft)
        *text = arena_copy(reading->arena, draft->text);
    else if (!load(reading, path_of(reading, file), O_NOFOLLOW, LIMIT_FILE, text)) {
        explain(reading, place, errno);
        return false;
    }
    if (!str_is_utf8(*text)) {
        place.line = line_of_bad_utf8(*text);
        problems_add(reading->problems, place, "save the file as UTF-8", "a byte here is not valid UTF-8");
        return false;
    }
    if (memchr(text->data, 0, text->len)) {
        problems_add(reading->problems, place, "save it as plain text", "the file has zero bytes in it");
        return false;
    }
    *text = with_plain_lines(*text);
    return true;
}

bool files_read_secret(struct reading *reading, struct str path, int line, struct str *secret)
{
    struct place place = { reading->file, line };
    struct str text;
    if (!load(reading, path_of(reading, path), 0, SECRET_MAX, &text)) {
        problems_add(reading->problems, place, "create the file with the secret in it, readable for the server only",
                     "the secret's file '%.*s' cannot be read: %s", STR_ARG(path), strerror(errno));
        return false;
    }
    *secret = str_trim(text);
    return true;
}

bool files_name(struct reading *reading, struct str file, struct str *name)
{
    size_t from = (size_t)(str_find_char(file, '/', 0) + 1);
    size_t to = file.len;
    while (to > from && file.data[to - 1] != '.')
        to--;
    *name = str_slice(file, from, to ? to - 1 : 0);
    if (fields_is_name(*name))
        return true;
    problems_add(reading->problems, (struct place){ file, 0 }, "rename it: 1 to 64 of a-z, 0-9, '-' and '_', then the ending",
                 "the file's name is not a name");
    return false;
}
