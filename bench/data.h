/* data.h - where the public data sets are that benchmarks read: $BECKON_DATA, a folder data here, or one in a folder beside. */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

/* The path of a file such as "knowledge/articles.json"; NULL (said on stderr) if it is nowhere. */
static inline const char *data_file(struct arena *arena, const char *name)
{
    const char *given = getenv("BECKON_DATA");
    const char *const places[] = { given ? given : "data", "data", "../*/data" };
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        glob_t found;
        if (glob(arena_format(arena, "%s/%s", places[i], name).data, 0, NULL, &found))
            continue;
        const char *path = arena_copy(arena, str_of(found.gl_pathv[0])).data;
        globfree(&found);
        return path;
    }
    fprintf(stderr, "bench: there is no %s; set BECKON_DATA to the folder of the data sets. Its rows are left out.\n", name);
    return NULL;
}

#endif
