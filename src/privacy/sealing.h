/* sealing.h - one way to seal bytes: XChaCha20-Poly1305 with a random nonce of 192 bits, which may be
 * drawn at random for ever. A sealed text is nonce, ciphertext, tag. Private to src/privacy. */
#ifndef PRIVACY_SEALING_H
#define PRIVACY_SEALING_H

#include <sodium.h>

#include "base/buf.h"

#define SEALING_KEY_LEN crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define SEALING_NONCE_LEN crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEALING_TAG_LEN crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEALING_OVERHEAD (SEALING_NONCE_LEN + SEALING_TAG_LEN)

/* `bound` is not stored but must be the same to open. */
void sealing_seal(const uint8_t key[SEALING_KEY_LEN], struct str bound, struct str text, struct buf *out);
/* `out` has room for sealed.len bytes; *len is the text's length. */
bool sealing_open(const uint8_t key[SEALING_KEY_LEN], struct str bound, struct str sealed, uint8_t *out,
                  size_t *len) WARN_UNUSED;

#endif
