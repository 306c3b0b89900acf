/* json.h - writes JSON text member by member; commas come by themselves. A key of NULL is for lists. */
#ifndef GATEWAY_JSON_H
#define GATEWAY_JSON_H

#include "base/buf.h"

void json_open(struct buf *out, const char *key, char bracket);
void json_close(struct buf *out, char bracket);
void json_u64(struct buf *out, const char *key, uint64_t value);
void json_i64(struct buf *out, const char *key, int64_t value);
void json_bool(struct buf *out, const char *key, bool value);
void json_text(struct buf *out, const char *key, struct str value);
void json_raw(struct buf *out, const char *key, struct str value); /* JSON already */
/* A comma-separated list as a list of texts. */
void json_list(struct buf *out, const char *key, struct str list);
void json_texts(struct buf *out, const char *key, const struct str *items, size_t count);

#endif
