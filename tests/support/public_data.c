#include "public_data.h"

#include <stdlib.h>

#include "folder.h"

struct str public_data(struct arena *arena, const char *name)
{
    const char *folder = getenv("BECKON_DATA");
    return file_read(arena, arena_format(arena, "%s/%s", folder ? folder : "../shared/data", name).data);
}

json_t *public_json(const char *name)
{
    struct arena arena = { 0 };
    struct str text = public_data(&arena, name);
    json_t *json = text.len ? json_loadb(text.data, text.len, 0, NULL) : NULL;
    arena_free(&arena);
    return json;
}
