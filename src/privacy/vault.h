/* vault.h - seals and opens personal fields, a key a subject.
 *
 * A subject is a customer or an agent. Its 256-bit key is random, is wrapped by the workspace's
 * master key (data/master.key, mode 0600, made at init) and is kept by whoever fills the vault's
 * cache: this folder does no SQL. Sealing is XChaCha20-Poly1305 (libsodium) with a random nonce; the
 * subject and the event's kind are bound in as associated data, so that a field cannot be moved.
 *
 * vault_seal makes a key for a subject that has none: the caller learns of it from vault_take_new
 * and puts it on disk before the sealed text. The vault holds keys in memory, at most `cache_max`
 * (least recently used go first; a key not yet taken by vault_take_new stays). One thread uses a vault.
 *
 * A subject whose key was deleted looks like one that never had any: sealing for it would make a new
 * key. So nobody seals for a customer who was erased; and a fetch that fails must not say "none". */
#ifndef PRIVACY_VAULT_H
#define PRIVACY_VAULT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define VAULT_MASTER_LEN 32
#define VAULT_OVERHEAD 40 /* bytes that sealing adds */

struct vault;

static inline uint64_t vault_customer(uint64_t customer) { return customer << 1; }
static inline uint64_t vault_agent(uint64_t agent) { return agent << 1 | 1; }

/* Fetches the wrapped key of a subject: false if there is none (never made, or deleted). */
typedef bool vault_fetch_fn(void *context, uint64_t subject, struct buf *wrapped);

struct vault *vault_new(const uint8_t master[VAULT_MASTER_LEN], size_t cache_max, vault_fetch_fn *fetch, void *context);
void vault_free(struct vault *vault);

/* `kind` is any number that says what the text is; the same must be given to open it. */
void vault_seal(struct vault *vault, uint64_t subject, uint32_t kind, struct str text, struct buf *out);
/* false: no key any more (erased), or not sealed by this key. */
bool vault_open(struct vault *vault, uint64_t subject, uint32_t kind, struct str sealed, struct arena *arena,
                struct str *text) WARN_UNUSED;

/* A key made since the last call, wrapped; false if there is none. */
bool vault_take_new(struct vault *vault, uint64_t *subject, struct buf *wrapped);

/* Whether this vault's master key wrapped the key. */
bool vault_wraps(struct vault *vault, uint64_t subject, struct str wrapped);

/* Forgets the key: call after it was deleted on disk. */
void vault_forget(struct vault *vault, uint64_t subject);

/* Keyed digests for looking up what must not be stored: login names, external ids. BLAKE2b-128
 * under a key derived from the master key; `purpose` keeps name spaces apart. */
void vault_digest(const struct vault *vault, const char *purpose, struct str text, uint64_t *high, uint64_t *low);

/* Opaque session tokens: sealed payload as base64url without padding, and back. */
void vault_token(const struct vault *vault, struct str payload, struct buf *out);
bool vault_open_token(const struct vault *vault, struct str token, struct arena *arena, struct str *payload) WARN_UNUSED;

/* Reads the master key from `path`, or makes the file (mode 0600) if `make` and it is not there.
 * Refuses a file that others can read, of a wrong length or that is missing, and says so. */
bool vault_master(struct err *err, const char *path, bool make, uint8_t master[VAULT_MASTER_LEN]) WARN_UNUSED;

/* argon2id (libsodium, 19,456 KiB or more, OWASP). Slow on purpose: call off the loop thread. An empty
 * hash, and whatever is none, never fits and is as much work: give it for a login that is unknown. */
void password_hash(struct str password, struct buf *out);
bool password_fits(struct str password, struct str hash);
/* The hash whose work a try against `hash` costs, as text: itself, or, if it is none, nobody's. False then. */
#define PASSWORD_HASH_MAX 128
bool password_work(struct str hash, char text[PASSWORD_HASH_MAX]);

/* HMAC-SHA256 over `text`, as 64 lower-case hex digits; compared in constant time. An empty secret
 * never fits. */
bool signature_fits(struct str secret, struct str text, struct str hex);
void signature_make(struct str secret, struct str text, struct buf *hex);

#endif
