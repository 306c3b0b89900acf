/* keys.h - data/keys.db: one wrapped key a subject. Backed up apart and briefly, so that deleting
 * a key reaches every copy. It knows nothing of what the keys seal.
 *
 * keys_put commits with synchronous=FULL: a key is on disk before the first event that it seals. It
 * never replaces a key: what the old one sealed would be lost. keys_delete overwrites (secure_delete),
 * vacuums and empties the WAL (a second at a million keys); it may be repeated, and a key that is not
 * there is deleted already.
 * Failures as in log.h. One thread uses a struct keys at a time; a file may be opened by several. */
#ifndef LOG_KEYS_H
#define LOG_KEYS_H

#include "log/log.h"

#define KEYS_FORMAT 1

struct keys;

struct key_row {
    uint64_t subject;
    struct str wrapped;
};

struct keys *keys_open(struct err *err, const char *path, const char *vfs);
void keys_close(struct keys *keys);
enum log_result keys_put(struct err *err, struct keys *keys, const struct key_row *rows, size_t count);
/* false with empty err: there is no such key. */
bool keys_get(struct err *err, struct keys *keys, uint64_t subject, struct buf *wrapped);
/* Calls `each` for one key after the other until it returns false. The bytes live until it returns. */
typedef bool keys_each_fn(void *context, const struct key_row *row);
bool keys_each(struct err *err, struct keys *keys, keys_each_fn *each, void *context) WARN_UNUSED;
enum log_result keys_delete(struct err *err, struct keys *keys, uint64_t subject);
bool keys_backup(struct err *err, const char *from, const char *to) WARN_UNUSED;

#endif
