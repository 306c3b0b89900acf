#include <sodium.h>

#include "privacy/vault.h"

#define DIGEST_LEN crypto_auth_hmacsha256_BYTES

static void hmac(struct str secret, struct str text, uint8_t sum[DIGEST_LEN])
{
    crypto_auth_hmacsha256_state state;
    must(sodium_init() >= 0);
    crypto_auth_hmacsha256_init(&state, (const uint8_t *)secret.data, secret.len);
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)text.data, text.len);
    crypto_auth_hmacsha256_final(&state, sum);
}

void signature_make(struct str secret, struct str text, struct buf *hex)
{
    uint8_t sum[DIGEST_LEN];
    hmac(secret, text, sum);
    buf_add_hex(hex, sum, sizeof sum);
}

bool signature_fits(struct str secret, struct str text, struct str hex)
{
    uint8_t sum[DIGEST_LEN];
    char wanted[2 * DIGEST_LEN + 1];
    if (!secret.len || hex.len != 2 * DIGEST_LEN) return false;
    hmac(secret, text, sum);
    sodium_bin2hex(wanted, sizeof wanted, sum, sizeof sum);
    return sodium_memcmp(wanted, hex.data, 2 * DIGEST_LEN) == 0;
}
