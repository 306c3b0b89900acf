/* peer.h - how many connections each address has. IPv6 counts by its /64, which is one household. */
#ifndef GATEWAY_PEER_H
#define GATEWAY_PEER_H

#include "base/map.h"

struct address;

struct peers {
    struct map counts;      /* keyed hash of the address -> number of connections */
    unsigned char secret[16];
};

void peers_start(struct peers *peers);
void peers_free(struct peers *peers);
/* A number for the address: not to be guessed from outside, never 0. */
uint64_t peers_key(const struct peers *peers, struct address address);
size_t peers_count(const struct peers *peers, struct address address);
void peers_come(struct peers *peers, struct address address);
void peers_go(struct peers *peers, struct address address);

#endif
