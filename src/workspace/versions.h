/* versions.h - every version of the files that people edit in the browser, kept beside them.
 *
 *   DIR/data/versions/000007        who published it, when, what was changed, and its files with their digests
 *   DIR/data/versions/texts/DIGEST  a file's text, once for all versions that have it
 *   DIR/data/versions/publishing    while files are being replaced: a crash in between is finished at start
 *
 * Only topics/ and knowledge/ are kept; workspace.yaml and actions/ belong to the operator. Whoever uses it lets
 * nobody else do so meanwhile. */
#ifndef WORKSPACE_VERSIONS_H
#define WORKSPACE_VERSIONS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

#define VERSIONS_DIGEST 32 /* hex digits */

struct version_file {
    struct str file;         /* "topics/NAME.md" or "knowledge/NAME.md", nothing else */
    struct str digest;       /* of its text; in a list of changes empty: it is removed */
};

struct version {
    uint64_t number;         /* from 1, without gaps */
    struct str workspace;    /* the workspace's version */
    struct str what;         /* a file, "removed FILE", "restored N", or "found": as it was when the first one was published */
    int64_t at_ms;
    uint64_t agent;          /* who, or 0 */
    struct version_file *files; /* sorted by name */
    size_t file_count;
};

/* A version as text and back; false: it is none. Strings point into `text`. The number is not in it. */
void version_write(const struct version *version, struct buf *out);
bool version_parse(struct arena *arena, struct str text, struct version *out) WARN_UNUSED;

/* How many there are. */
uint64_t versions_last(const char *directory);
bool versions_get(struct err *err, struct arena *arena, const char *directory, uint64_t number, struct version *out) WARN_UNUSED;
bool versions_text(struct err *err, struct arena *arena, const char *directory, struct str digest, struct str *text) WARN_UNUSED;
/* What a text is known by. */
struct str versions_digest(struct arena *arena, struct str text);
/* Keeps a text and gives its digest. */
bool versions_keep_text(struct err *err, struct arena *arena, const char *directory, struct str text, struct str *digest) WARN_UNUSED;

/* Keeps the files as they are on disk as the next version, filling in its files and number; if the newest one
 * is of the same workspace, that is its number and nothing is written. */
bool versions_keep(struct err *err, struct arena *arena, const char *directory, struct version *version) WARN_UNUSED;

/* What must change for the files of one version to be those of another: others' texts, files that are gone, files that
 * came since. `changes` has room for the files of both. */
size_t versions_changes(const struct version *from, const struct version *to, struct version_file *changes);

/* Replaces these files by kept texts, all of them also if the power fails in between. */
bool versions_put(struct err *err, struct arena *arena, const char *directory, const struct version_file *changes, size_t count) WARN_UNUSED;
bool versions_pending(const char *directory);
/* Finishes what was being put when the process ended. */
bool versions_finish(struct err *err, const char *directory) WARN_UNUSED;

#endif
