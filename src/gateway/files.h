/* files.h - the pages that the binary carries: types, tags for caching, compression. */
#ifndef GATEWAY_FILES_H
#define GATEWAY_FILES_H

#include "base/str.h"

struct request;

struct files {
    char (*tags)[17];   /* of each asset: half a digest as hex */
};

void files_start(struct files *files);
void files_free(struct files *files);

/* Whether there is a page at this path: "/agent" is /agent.html, "/" is /index.html. */
bool files_has(struct str path);
void files_serve(struct request *request);

/* Content-Type by the ending of the name. */
const char *files_type(struct str path);
/* A name that changes with its content (name.0123456789ab.js): it may be kept for ever. */
bool files_is_hashed(struct str path);

#endif
