#include "privacy/vault_keys.h"

#include "base/memory.h"

#define WRAPPED_VERSION 1
#define WRAPPED_LEN (1 + SEALING_OVERHEAD + SEALING_KEY_LEN)

_Static_assert(VAULT_OVERHEAD == SEALING_OVERHEAD, "vault.h states what sealing adds");
_Static_assert(VAULT_MASTER_LEN == crypto_kdf_KEYBYTES, "the master key derives the others");

/* In one of two lists: `newer` and `older` by use, or `older` as the next of the made ones. */
struct vault_entry {
    uint64_t subject;
    uint8_t key[SEALING_KEY_LEN];
    struct vault_entry *newer, *older;
    bool is_new;
};

struct vault *vault_new(const uint8_t master[VAULT_MASTER_LEN], size_t cache_max, vault_fetch_fn *fetch, void *context)
{
    must(sodium_init() >= 0 && cache_max);
    struct vault *vault = MEMORY_NEW(struct vault);
    vault->cache_max = cache_max;
    vault->fetch = fetch;
    vault->context = context;
    crypto_kdf_derive_from_key(vault->wrap, sizeof vault->wrap, 1, "beckonwr", master);
    crypto_kdf_derive_from_key(vault->token, sizeof vault->token, 2, "beckonto", master);
    crypto_kdf_derive_from_key(vault->digest, sizeof vault->digest, 3, "beckondi", master);
    return vault;
}

/* --- the list by use --- */

static void unlink_used(struct vault *vault, struct vault_entry *entry)
{
    if (entry->newer) entry->newer->older = entry->older;
    else vault->newest = entry->older;
    if (entry->older) entry->older->newer = entry->newer;
    else vault->oldest = entry->newer;
    entry->newer = entry->older = NULL;
    vault->cached--;
}

static void drop(struct vault *vault, struct vault_entry *entry)
{
    map_remove(&vault->entries, entry->subject);
    sodium_memzero(entry, sizeof *entry);
    memory_free(entry);
}

static void link_newest(struct vault *vault, struct vault_entry *entry)
{
    entry->newer = NULL;
    entry->older = vault->newest;
    if (vault->newest) vault->newest->newer = entry;
    else vault->oldest = entry;
    vault->newest = entry;
    vault->cached++;
    if (vault->cached > vault->cache_max) {
        struct vault_entry *last = vault->oldest;
        unlink_used(vault, last);
        drop(vault, last);
    }
}

static void unlink_made(struct vault *vault, struct vault_entry *entry)
{
    struct vault_entry **at = &vault->made, *before = NULL;
    while (*at != entry) {
        before = *at;
        at = &before->older;
    }
    *at = entry->older;
    if (vault->made_last == entry) vault->made_last = before;
    entry->older = NULL;
}

void vault_forget(struct vault *vault, uint64_t subject)
{
    struct vault_entry *entry = map_get(&vault->entries, subject);
    if (!entry) return;
    if (entry->is_new) unlink_made(vault, entry);
    else unlink_used(vault, entry);
    drop(vault, entry);
}

void vault_free(struct vault *vault)
{
    if (!vault) return;
    while (vault->made) vault_forget(vault, vault->made->subject);
    while (vault->newest) vault_forget(vault, vault->newest->subject);
    map_free(&vault->entries);
    sodium_memzero(vault, sizeof *vault);
    memory_free(vault);
}

/* --- keys --- */

/* A wrapped key is bound to its subject; a sealed text to its subject and kind. */
static struct str bound_to(uint64_t subject, uint32_t kind, char bytes[12])
{
    for (int i = 0; i < 8; i++) bytes[i] = (char)(subject >> 8 * i);
    for (int i = 0; i < 4; i++) bytes[8 + i] = (char)(kind >> 8 * i);
    return str_make(bytes, 12);
}

static struct vault_entry *add_entry(struct vault *vault, uint64_t subject)
{
    struct vault_entry *entry = MEMORY_NEW(struct vault_entry);
    entry->subject = subject;
    map_put(&vault->entries, subject, entry);
    return entry;
}

static bool unwrap(struct vault *vault, uint64_t subject, struct str wrapped, uint8_t key[SEALING_KEY_LEN])
{
    char bound[12];
    size_t len;
    if (wrapped.len != WRAPPED_LEN || wrapped.data[0] != WRAPPED_VERSION) return false;
    uint8_t text[WRAPPED_LEN];
    if (!sealing_open(vault->wrap, bound_to(subject, UINT32_MAX, bound), str_slice(wrapped, 1, wrapped.len), text, &len))
        return false;
    memcpy(key, text, SEALING_KEY_LEN);
    sodium_memzero(text, sizeof text);
    return true;
}

bool vault_wraps(struct vault *vault, uint64_t subject, struct str wrapped)
{
    uint8_t key[SEALING_KEY_LEN];
    bool fits = unwrap(vault, subject, wrapped, key);
    sodium_memzero(key, sizeof key);
    return fits;
}

enum fetched { FETCHED, FETCHED_NOTHING, FETCHED_UNREADABLE };

static enum fetched find(struct vault *vault, uint64_t subject, struct vault_entry **entry)
{
    must(subject);
    *entry = map_get(&vault->entries, subject);
    if (*entry) {
        if ((*entry)->is_new || *entry == vault->newest) return FETCHED;
        unlink_used(vault, *entry);
        link_newest(vault, *entry);
        return FETCHED;
    }
    struct buf wrapped;
    uint8_t key[SEALING_KEY_LEN];
    buf_init(&wrapped, 4096);
    enum fetched result = !vault->fetch || !vault->fetch(vault->context, subject, &wrapped) ? FETCHED_NOTHING
        : unwrap(vault, subject, buf_str(&wrapped), key) ? FETCHED : FETCHED_UNREADABLE;
    if (result == FETCHED) {
        *entry = add_entry(vault, subject);
        memcpy((*entry)->key, key, sizeof key);
        sodium_memzero(key, sizeof key);
        link_newest(vault, *entry);
    }
    buf_free(&wrapped);
    return result;
}

void vault_seal(struct vault *vault, uint64_t subject, uint32_t kind, struct str text, struct buf *out)
{
    struct vault_entry *entry;
    enum fetched result = find(vault, subject, &entry);
    must(result != FETCHED_UNREADABLE); /* another master key: what was sealed must not be overwritten */
    if (result == FETCHED_NOTHING) {
        entry = add_entry(vault, subject);
        randombytes_buf(entry->key, sizeof entry->key);
        entry->is_new = true;
        if (vault->made_last) vault->made_last->older = entry;
        else vault->made = entry;
        vault->made_last = entry;
    }
    char bound[12];
    sealing_seal(entry->key, bound_to(subject, kind, bound), text, out);
}

bool vault_open(struct vault *vault, uint64_t subject, uint32_t kind, struct str sealed, struct arena *arena,
                struct str *text)
{
    struct vault_entry *entry;
    if (sealed.len < VAULT_OVERHEAD || find(vault, subject, &entry) != FETCHED) return false;
    char bound[12];
    size_t len;
    char *out = arena_take(arena, sealed.len - VAULT_OVERHEAD + 1);
    if (!sealing_open(entry->key, bound_to(subject, kind, bound), sealed, (uint8_t *)out, &len)) return false;
    *text = str_make(out, len);
    return true;
}

bool vault_take_new(struct vault *vault, uint64_t *subject, struct buf *wrapped)
{
    struct vault_entry *entry = vault->made;
    if (!entry) return false;
    char bound[12];
    *subject = entry->subject;
    buf_add_char(wrapped, WRAPPED_VERSION);
    sealing_seal(vault->wrap, bound_to(entry->subject, UINT32_MAX, bound),
                 str_make((char *)entry->key, sizeof entry->key), wrapped);
    unlink_made(vault, entry);
    entry->is_new = false;
    link_newest(vault, entry);
    return true;
}

void vault_digest(const struct vault *vault, const char *purpose, struct str text, uint64_t *high, uint64_t *low)
{
    uint8_t sum[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, vault->digest, sizeof vault->digest, sizeof sum);
    /* The NUL behind the purpose parts it from the text. */
    crypto_generichash_update(&state, (const uint8_t *)purpose, strlen(purpose) + 1);
    crypto_generichash_update(&state, (const uint8_t *)text.data, text.len);
    crypto_generichash_final(&state, sum, sizeof sum);
    *high = *low = 0;
    for (int i = 0; i < 8; i++) {
        *high = *high << 8 | sum[i];
        *low = *low << 8 | sum[8 + i];
    }
}
