#include "workspace/versions.h"

#include <dirent.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/input.h"
#include "base/memory.h"
#include "base/replace.h"
#include "workspace/workspace.h"

#define FIRST_LINE "beckon version 1"
#define MANIFEST_MAX (2 * LIMIT_WORKSPACE_FILES * (LIMIT_TAG + 64))
#define FOLDER "data/versions"

static const struct str folders[] = { { "topics/", 7 }, { "knowledge/", 10 } };

/* --- as text ------------------------------------------------------------------------------------ */

static bool is_editable(struct str file)
{
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (str_starts(file, folders[i]) && str_ends(file, STR(".md")))
            return workspace_is_name(str_slice(file, folders[i].len, file.len - 3));
    return false;
}

static bool is_digest(struct str text)
{
    bool good = text.len == VERSIONS_DIGEST;
    for (size_t i = 0; good && i < text.len; i++)
        good = (text.data[i] >= '0' && text.data[i] <= '9') || (text.data[i] >= 'a' && text.data[i] <= 'f');
    return good;
}

void version_write(const struct version *version, struct buf *out)
{
    buf_add_format(out, FIRST_LINE "\nworkspace %.*s\nat %lld\nagent %llu\nwhat %.*s\n", STR_ARG(version->workspace),
                   (long long)version->at_ms, (unsigned long long)version->agent, STR_ARG(version->what));
    for (size_t i = 0; i < version->file_count; i++)
        buf_add_format(out, "%.*s %.*s\n", STR_ARG(version->files[i].digest.len ? version->files[i].digest : STR("-")),
                       STR_ARG(version->files[i].file));
}

/* "KEY value" of the next line. */
static bool read_value(struct str *text, struct str key, struct str *value)
{
    struct str line, word;
    if (!str_split(text, '\n', &line) || !str_split(&line, ' ', &word) || !str_equal(word, key))
        return false;
    *value = line;
    return true;
}

static bool read_file(struct str line, struct version_file *file)
{
    struct str digest;
    if (!str_split(&line, ' ', &digest) || !is_editable(line) || !(is_digest(digest) || str_equal(digest, STR("-"))))
        return false;
    *file = (struct version_file){ line, is_digest(digest) ? digest : STR_EMPTY };
    return true;
}

bool version_parse(struct arena *arena, struct str text, struct version *out)
{
    struct str line, at, agent, rest;
    *out = (struct version){ .number = 0 };
    if (!str_split(&text, '\n', &line) || !str_equal(line, STR(FIRST_LINE)) || !read_value(&text, STR("workspace"), &out->workspace) ||
        !read_value(&text, STR("at"), &at) || !str_to_i64(at, &out->at_ms) || !read_value(&text, STR("agent"), &agent) ||
        !str_to_u64(agent, &out->agent) || !read_value(&text, STR("what"), &out->what) || out->what.len > LIMIT_TAG + 24)
        return false;
    size_t lines = 0;
    for (rest = text; str_split(&rest, '\n', &line);)
        lines += line.len > 0;
    if (lines > 2 * LIMIT_WORKSPACE_FILES)
        return false;
    out->files = ARENA_NEW_ARRAY(arena, struct version_file, lines + 1);
    while (str_split(&text, '\n', &line))
        if (line.len && !read_file(line, &out->files[out->file_count++]))
            return false;
    return true;
}

/* --- on disk ------------------------------------------------------------------------------------ */

static const char *path_in(struct arena *arena, const char *directory, const char *name)
{
    return arena_format(arena, "%s/" FOLDER "/%s", directory, name).data;
}

static const char *path_of(struct arena *arena, const char *directory, uint64_t number)
{
    char name[24];
    snprintf(name, sizeof name, "%06llu", (unsigned long long)number);
    return path_in(arena, directory, name);
}

static const char *path_of_text(struct arena *arena, const char *directory, struct str digest)
{
    must(is_digest(digest));
    return path_in(arena, directory, arena_format(arena, "texts/%.*s", STR_ARG(digest)).data);
}

static bool make_folders(struct err *err, struct arena *arena, const char *directory)
{
    const char *names[] = { "..", ".", "texts" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *path = i == 0 ? arena_format(arena, "%s/data", directory).data : i == 1 ? arena_format(arena, "%s/" FOLDER, directory).data
                                                                                           : path_in(arena, directory, names[i]);
        if (mkdir(path, 0700) && errno != EEXIST)
            return err_set(err, "cannot make the folder %s: %s", path, strerror(errno));
    }
    return true;
}

struct str versions_digest(struct arena *arena, struct str text)
{
    unsigned char hash[VERSIONS_DIGEST / 2];
    char *hex = arena_take(arena, VERSIONS_DIGEST + 1);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, text.len, NULL, 0);
    sodium_bin2hex(hex, VERSIONS_DIGEST + 1, hash, sizeof hash);
    return str_make(hex, VERSIONS_DIGEST);
}

uint64_t versions_last(const char *directory)
{
    struct arena arena = { 0 };
    uint64_t last = 0;
    DIR *folder = opendir(path_in(&arena, directory, "."));
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        uint64_t number;
        struct str name = str_of(entry->d_name);
        if (name.len >= 6 && str_to_u64(name, &number) && number > last)
            last = number;
    }
    if (folder)
        closedir(folder);
    arena_free(&arena);
    return last;
}

bool versions_get(struct err *err, struct arena *arena, const char *directory, uint64_t number, struct version *out)
{
    struct str text;
    const char *path = path_of(arena, directory, number);
    if (!input_read(err, arena, path, MANIFEST_MAX, &text))
        return false;
    if (!version_parse(arena, text, out))
        return err_set(err, "%s is damaged", path);
    out->number = number;
    return true;
}

bool versions_text(struct err *err, struct arena *arena, const char *directory, struct str digest, struct str *text)
{
    const char *path = path_of_text(arena, directory, digest);
    if (!input_read(err, arena, path, LIMIT_FILE, text))
        return false;
    return str_equal(versions_digest(arena, *text), digest) || err_set(err, "%s is damaged: it is not what its name says", path);
}

bool versions_keep_text(struct err *err, struct arena *arena, const char *directory, struct str text, struct str *digest)
{
    *digest = versions_digest(arena, text);
    const char *path = path_of_text(arena, directory, *digest);
    return make_folders(err, arena, directory) && (access(path, F_OK) == 0 || replace_file(err, path, text));
}

/* --- keeping ------------------------------------------------------------------------------------ */

static int by_file(const void *a, const void *b)
{
    return str_compare(((const struct version_file *)a)->file, ((const struct version_file *)b)->file);
}

static bool keep_folder(struct err *err, struct arena *arena, const char *directory, struct str name, struct version *version)
{
    DIR *folder = opendir(arena_format(arena, "%s/%.*s", directory, STR_ARG(name)).data);
    bool good = true;
    for (struct dirent *entry; good && folder && (entry = readdir(folder));) {
        struct str file = arena_format(arena, "%.*s%s", STR_ARG(name), entry->d_name), text;
        if (!is_editable(file) || version->file_count == 2 * LIMIT_WORKSPACE_FILES)
            continue;
        struct version_file *kept = &version->files[version->file_count++];
        kept->file = file;
        good = input_read(err, arena, arena_format(arena, "%s/%.*s", directory, STR_ARG(file)).data, LIMIT_FILE, &text) &&
               versions_keep_text(err, arena, directory, text, &kept->digest);
    }
    if (folder)
        closedir(folder);
    return good;
}

bool versions_keep(struct err *err, struct arena *arena, const char *directory, struct version *version)
{
    struct version newest;
    uint64_t last = versions_last(directory);
    version->files = ARENA_NEW_ARRAY(arena, struct version_file, 2 * LIMIT_WORKSPACE_FILES);
    version->file_count = 0;
    if (!make_folders(err, arena, directory))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        if (!keep_folder(err, arena, directory, folders[i], version))
            return false;
    qsort(version->files, version->file_count, sizeof *version->files, by_file);
    if (last && versions_get(err, arena, directory, last, &newest) && str_equal(newest.workspace, version->workspace)) {
        version->number = last;
        return true;
    }
    if (last >= LIMIT_VERSIONS)
        return err_set(err, "there are %d versions; move the folder " FOLDER " away to begin anew", LIMIT_VERSIONS);
    struct buf text;
    buf_init(&text, MANIFEST_MAX);
    version_write(version, &text);
    version->number = last + 1;
    bool good = replace_file(err, path_of(arena, directory, version->number), buf_str(&text));
    buf_free(&text);
    return good;
}

static const struct version_file *file_of(const struct version *version, struct str file)
{
    for (size_t i = 0; i < version->file_count; i++)
        if (str_equal(version->files[i].file, file))
            return &version->files[i];
    return NULL;
}

size_t versions_changes(const struct version *from, const struct version *to, struct version_file *changes)
{
    size_t count = 0;
    for (size_t i = 0; i < to->file_count; i++) {
        const struct version_file *was = file_of(from, to->files[i].file);
        if (!was || !str_equal(was->digest, to->files[i].digest))
            changes[count++] = to->files[i];
    }
    for (size_t i = 0; i < from->file_count; i++)
        if (!file_of(to, from->files[i].file))
            changes[count++] = (struct version_file){ from->files[i].file, STR_EMPTY };
    return count;
}

/* --- putting ------------------------------------------------------------------------------------ */

static bool put(struct err *err, struct arena *arena, const char *directory, const struct version_file *change)
{
    struct str text;
    const char *path = arena_format(arena, "%s/%.*s", directory, STR_ARG(change->file)).data;
    must(is_editable(change->file));
    if (!change->digest.len)
        return unlink(path) == 0 || errno == ENOENT || err_set(err, "%s cannot be removed: %s", path, strerror(errno));
    *strrchr((char *)(uintptr_t)path, '/') = 0;
    if (mkdir(path, 0777) && errno != EEXIST)
        return err_set(err, "cannot make the folder %s: %s", path, strerror(errno));
    path = arena_format(arena, "%s/%.*s", directory, STR_ARG(change->file)).data;
    return versions_text(err, arena, directory, change->digest, &text) && replace_file(err, path, text);
}

bool versions_put(struct err *err, struct arena *arena, const char *directory, const struct version_file *changes, size_t count)
{
    struct version wish = { .workspace = STR("-"), .what = STR("publishing"), .files = (struct version_file *)(uintptr_t)changes,
                            .file_count = count };
    struct buf text;
    const char *path = path_in(arena, directory, "publishing");
    buf_init(&text, MANIFEST_MAX);
    version_write(&wish, &text);
    bool good = replace_file(err, path, buf_str(&text));
    buf_free(&text);
    for (size_t i = 0; good && i < count; i++)
        good = put(err, arena, directory, &changes[i]);
    if (good)
        unlink(path);
    return good;
}

bool versions_pending(const char *directory)
{
    struct arena arena = { 0 };
    bool pending = access(path_in(&arena, directory, "publishing"), F_OK) == 0;
    arena_free(&arena);
    return pending;
}

bool versions_finish(struct err *err, const char *directory)
{
    struct arena arena = { 0 };
    struct version wish;
    struct str text;
    const char *path = path_in(&arena, directory, "publishing");
    bool good = input_read(err, &arena, path, MANIFEST_MAX, &text) &&
        (version_parse(&arena, text, &wish) || err_set(err, "%s is damaged; look at what is in the folder and remove it", path));
    for (size_t i = 0; good && i < wish.file_count; i++)
        good = put(err, &arena, directory, &wish.files[i]);
    if (good)
        unlink(path);
    arena_free(&arena);
    return good;
}
