#include "gateway/peer.h"

#include <sodium.h>
#include <string.h>

#include "gateway/connection.h"

_Static_assert(crypto_shorthash_KEYBYTES == sizeof ((struct peers *)0)->secret, "SipHash takes 16 bytes");

void peers_start(struct peers *peers)
{
    randombytes_buf(peers->secret, sizeof peers->secret);
}

void peers_free(struct peers *peers)
{
    map_free(&peers->counts);
}

uint64_t peers_key(const struct peers *peers, struct address address)
{
    uint64_t key;
    size_t len = address_is_v4(address) ? 16 : 8;
    crypto_shorthash((unsigned char *)&key, address.bytes, len, peers->secret);
    return key ? key : 1;
}

size_t peers_count(const struct peers *peers, struct address address)
{
    return (size_t)(uintptr_t)map_get(&peers->counts, peers_key(peers, address));
}

void peers_come(struct peers *peers, struct address address)
{
    uint64_t key = peers_key(peers, address);
    uintptr_t count = (uintptr_t)map_get(&peers->counts, key);
    map_put(&peers->counts, key, (void *)(count + 1));
}

void peers_go(struct peers *peers, struct address address)
{
    uint64_t key = peers_key(peers, address);
    uintptr_t count = (uintptr_t)map_get(&peers->counts, key);
    must(count > 0);
    if (count == 1) map_remove(&peers->counts, key);
    else map_put(&peers->counts, key, (void *)(count - 1));
}
