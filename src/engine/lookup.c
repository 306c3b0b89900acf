#include "engine/lookup.h"

static uint64_t key_of(struct digest digest)
{
    uint64_t key = digest.high * 0x9e3779b97f4a7c15u ^ digest.low;
    return key ? key : 1;
}

static bool equal(struct digest a, struct digest b)
{
    return a.high == b.high && a.low == b.low;
}

struct lookup_link *lookup_find(const struct lookup *lookup, struct digest digest)
{
    if (digest_is_zero(digest)) return NULL;
    struct lookup_link *link = map_get(&lookup->map, key_of(digest));
    while (link && !equal(link->digest, digest)) link = link->next;
    return link;
}

void lookup_put(struct lookup *lookup, struct lookup_link *link)
{
    if (digest_is_zero(link->digest)) return;
    must(!lookup_find(lookup, link->digest));
    link->next = map_get(&lookup->map, key_of(link->digest));
    map_put(&lookup->map, key_of(link->digest), link);
}

void lookup_remove(struct lookup *lookup, struct lookup_link *link)
{
    if (digest_is_zero(link->digest)) return;
    struct lookup_link *first = map_get(&lookup->map, key_of(link->digest));
    must(first);
    if (first == link) {
        if (link->next) map_put(&lookup->map, key_of(link->digest), link->next);
        else map_remove(&lookup->map, key_of(link->digest));
        return;
    }
    while (first->next != link) {
        first = first->next;
        must(first);
    }
    first->next = link->next;
}

void lookup_free(struct lookup *lookup)
{
    map_free(&lookup->map);
}
