#include "gateway/assets.h"

const struct asset *asset_find(struct str path)
{
    for (const struct asset *asset = assets; asset->path; asset++)
        if (str_equal(str_of(asset->path), path)) return asset;
    return NULL;
}
