#include "privacy/vault_keys.h"

#define TOKEN_MAX 8192
#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const struct str purpose = { "session token", sizeof "session token" - 1 };

void vault_token(const struct vault *vault, struct str payload, struct buf *out)
{
    struct buf sealed;
    struct arena arena = { 0 };
    must(payload.len <= TOKEN_MAX / 2);
    buf_init(&sealed, TOKEN_MAX);
    sealing_seal(vault->token, purpose, payload, &sealed);
    size_t room = sodium_base64_ENCODED_LEN(sealed.len, VARIANT);
    char *text = arena_take(&arena, room);
    sodium_bin2base64(text, room, (const uint8_t *)sealed.data, sealed.len, VARIANT);
    buf_add_str(out, str_of(text));
    arena_free(&arena);
    buf_free(&sealed);
}

/* Each payload has one text only: the decoder refuses padding, other alphabets and stray bits. */
bool vault_open_token(const struct vault *vault, struct str token, struct arena *arena, struct str *payload)
{
    if (!token.len || token.len > TOKEN_MAX) return false;
    size_t sealed_len, len;
    const char *end;
    uint8_t *sealed = arena_take(arena, token.len), *out = arena_take(arena, token.len);
    if (sodium_base642bin(sealed, token.len, token.data, token.len, NULL, &sealed_len, &end, VARIANT) != 0
        || end != token.data + token.len) return false;
    if (!sealing_open(vault->token, purpose, str_make((char *)sealed, sealed_len), out, &len)) return false;
    *payload = str_make((char *)out, len);
    return true;
}
