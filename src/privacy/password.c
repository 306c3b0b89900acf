#include <sodium.h>

#include "privacy/vault.h"

/* OWASP's first choice for argon2id: 19,456 KiB, two passes, one lane (libsodium has always one). */
#define PASSES 2
#define MEMORY_BYTES (19456u * 1024u)

/* The hash of a random text that nobody knows. An unknown login is checked against it, so that it is as
 * much work as a known one. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$8hq3dOUOyNfIDYUqA83gTw$G9ryBrMSYcxCO6IndHCO9MwjECAx2sNMHfYS65XDDb4";

void password_hash(struct str password, struct buf *out)
{
    char hash[crypto_pwhash_STRBYTES];
    must(sodium_init() >= 0);
    /* Fails only when there is no memory for it. */
    must(crypto_pwhash_str_alg(hash, password.data, password.len, PASSES, MEMORY_BYTES,
                               crypto_pwhash_ALG_ARGON2ID13) == 0);
    buf_add_str(out, str_of(hash));
}

_Static_assert(crypto_pwhash_STRBYTES <= PASSWORD_HASH_MAX, "vault.h leaves room for libsodium's text");

bool password_work(struct str hash, char text[PASSWORD_HASH_MAX])
{
    must(sodium_init() >= 0);
    memset(text, 0, PASSWORD_HASH_MAX);
    bool known = hash.len > 0 && hash.len < crypto_pwhash_STRBYTES && !memchr(hash.data, 0, hash.len);
    if (known) memcpy(text, hash.data, hash.len);
    /* -1: it cannot be read as a hash, so trying it would be no work at all. */
    known = known && str_starts(hash, STR("$argon2id$")) &&
        crypto_pwhash_str_needs_rehash(text, PASSES, MEMORY_BYTES) >= 0;
    if (!known) memcpy(text, nobody, sizeof nobody);
    return known;
}

bool password_fits(struct str password, struct str hash)
{
    char text[PASSWORD_HASH_MAX];
    bool known = password_work(hash, text);
    return crypto_pwhash_str_verify(text, password.data, password.len) == 0 && known;
}
