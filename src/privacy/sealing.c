#include "privacy/sealing.h"

#include "base/memory.h"

void sealing_seal(const uint8_t key[SEALING_KEY_LEN], struct str bound, struct str text, struct buf *out)
{
    size_t len = text.len + SEALING_OVERHEAD;
    uint8_t small[1024], *sealed = len <= sizeof small ? small : memory_new(len, 1);
    unsigned long long cipher_len;
    randombytes_buf(sealed, SEALING_NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + SEALING_NONCE_LEN, &cipher_len,
        (const uint8_t *)text.data, text.len, (const uint8_t *)bound.data, bound.len, NULL, sealed, key);
    must(cipher_len == text.len + SEALING_TAG_LEN);
    buf_add(out, sealed, len);
    if (sealed != small) memory_free(sealed);
}

bool sealing_open(const uint8_t key[SEALING_KEY_LEN], struct str bound, struct str sealed, uint8_t *out, size_t *len)
{
    if (sealed.len < SEALING_OVERHEAD) return false;
    const uint8_t *nonce = (const uint8_t *)sealed.data;
    unsigned long long text_len = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, &text_len, NULL, nonce + SEALING_NONCE_LEN,
            sealed.len - SEALING_NONCE_LEN, (const uint8_t *)bound.data, bound.len, nonce, key) != 0) return false;
    *len = (size_t)text_len;
    return true;
}
