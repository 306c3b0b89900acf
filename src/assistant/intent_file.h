/* intent_file.h - a trained model as one file.
 *
 * Little-endian, with a version at its head and a checksum at its end: a file that was cut off,
 * changed, or made by a newer beckon is refused with a sentence that says so. Writing what was read
 * gives the same bytes. The checksum finds damage, not malice; still, no file can make the reader
 * take memory that its own length does not justify, or a model that reads beyond its tables. */
#ifndef ASSISTANT_INTENT_FILE_H
#define ASSISTANT_INTENT_FILE_H

#include "assistant/intent.h"
#include "base/buf.h"
#include "base/err.h"

#define INTENT_FILE_VERSION 3 /* 3: the gate weighs scores; 2: tables of 8 bits; 1 had 16 */

/* `made_from` names what it was learned from, such as a workspace's version, or is empty. */
void intent_write(const struct intent *intent, struct str made_from, struct buf *out);

/* Appends the checksum of what is there: the last thing that intent_write does. */
void intent_file_seal(struct buf *out);

/* NULL if it cannot be used: *err says why. `made_from` may be NULL; it lives in the model. */
struct intent *intent_read(struct err *err, struct str name, struct str bytes, struct str *made_from);

/* The same with a file of that path. */
bool intent_save(struct err *err, const struct intent *intent, struct str made_from, const char *path) WARN_UNUSED;
struct intent *intent_load(struct err *err, const char *path, struct str *made_from);

#endif
