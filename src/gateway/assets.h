/* assets.h - the pages that the binary carries; the table is made by tools/embed.c. */
#ifndef GATEWAY_ASSETS_H
#define GATEWAY_ASSETS_H

#include "base/str.h"

struct asset {
    const char *path;          /* such as /agent.html; NULL ends the table */
    const unsigned char *data;
    size_t len;
    size_t gzipped;            /* 1: data is gzipped */
};

extern const struct asset assets[];

/* NULL if there is none at this path. */
const struct asset *asset_find(struct str path);

#endif
