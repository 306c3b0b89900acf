/* vault_keys.h - the inside of a vault, shared by vault.c and token.c. Private to src/privacy. */
#ifndef PRIVACY_VAULT_KEYS_H
#define PRIVACY_VAULT_KEYS_H

#include "base/map.h"
#include "privacy/sealing.h"
#include "privacy/vault.h"

struct vault_entry;

struct vault {
    uint8_t wrap[SEALING_KEY_LEN], token[SEALING_KEY_LEN], digest[SEALING_KEY_LEN]; /* derived from the master key */
    struct map entries;                    /* subject -> struct vault_entry */
    struct vault_entry *newest, *oldest;   /* keys that may go, by last use */
    struct vault_entry *made, *made_last;  /* new keys that nobody has taken, in the order made */
    size_t cached, cache_max;              /* of those that may go */
    vault_fetch_fn *fetch;
    void *context;
};

#endif
