/* Passwords are hashed with named costs; signed identities are compared whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <sodium.h>
#include <string.h>

#include "base/limits.h"
#include "privacy/vault.h"

static void a_password_fits_its_own_hash_only(void **state)
{
    UNUSED(state);
    struct buf hash, again;
    buf_init(&hash, 1000);
    buf_init(&again, 1000);
    password_hash(STR("correct horse"), &hash);
    password_hash(STR("correct horse"), &again);
    assert_true(str_starts(buf_str(&hash), STR("$argon2id$v=19$m=19456,t=2,p=1$")));
    assert_false(str_equal(buf_str(&hash), buf_str(&again)));
    assert_true(password_fits(STR("correct horse"), buf_str(&hash)));
    assert_true(password_fits(STR("correct horse"), buf_str(&again)));
    assert_false(password_fits(STR("correct horsf"), buf_str(&hash)));
    assert_false(password_fits(STR("correct hors"), buf_str(&hash)));
    assert_false(password_fits(STR("Correct horse"), buf_str(&hash)));
    assert_false(password_fits(STR_EMPTY, buf_str(&hash)));
    buf_free(&hash);
    buf_free(&again);
}

static void a_long_password_counts_to_its_last_byte(void **state)
{
    UNUSED(state);
    char text[LIMIT_PASSWORD];
    struct buf hash;
    memset(text, 'p', sizeof text);
    buf_init(&hash, 1000);
    password_hash(str_make(text, sizeof text), &hash);
    assert_true(password_fits(str_make(text, sizeof text), buf_str(&hash)));
    text[sizeof text - 1] = 'q';
    assert_false(password_fits(str_make(text, sizeof text), buf_str(&hash)));
    text[100] = '\0';
    buf_clear(&hash);
    password_hash(str_make(text, sizeof text), &hash);
    assert_false(password_fits(str_make(text, 100), buf_str(&hash)));
    buf_free(&hash);
}

static void a_hash_that_is_none_never_fits(void **state)
{
    UNUSED(state);
    static const struct str hashes[] = { { "", 0 }, { "x", 1 }, { "$argon2id$", 10 }, { "$argon2i$v=19$m=8,t=1,p=1$", 26 },
        { "$argon2id$v=19$m=19456,t=2,p=1$AAAA$", 36 } };
    for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
        assert_false(password_fits(STR("password"), hashes[i]));
        assert_false(password_fits(STR_EMPTY, hashes[i]));
    }
}

/* Argon2id's work depends on its parameters alone: a try for a login that does not exist, or whose hash is
 * damaged, is made against a sound hash with the same ones. */
static void a_try_for_nobody_is_as_much_work(void **state)
{
    UNUSED(state);
    static const char parameters[] = "$argon2id$v=19$m=19456,t=2,p=1$";
    static const struct str none[] = { { "", 0 }, { "x", 1 }, { "$argon2id$", 10 }, { "$argon2i$v=19$m=8,t=1,p=1$AAAA$AAAA", 36 },
        { "$argon2id$v=19$m=19456,t=2,p=1$AAAA$", 36 }, { "$argon2id$v=19$m=0,t=0,p=0$AAAAAAAA$AAAA", 40 },
        { "$argon2id$\0v=19$m=19456,t=2,p=1$", 32 } };
    char known[PASSWORD_HASH_MAX], unknown[PASSWORD_HASH_MAX];
    struct buf hash;
    buf_init(&hash, 1000);
    password_hash(STR("correct horse"), &hash);
    assert_true(password_work(buf_str(&hash), known));
    assert_true(str_equal(str_of(known), buf_str(&hash)));
    assert_true(str_starts(str_of(known), STR(parameters)));
    for (size_t i = 0; i < ARRAY_LEN(none); i++) {
        assert_false(password_work(none[i], unknown));
        assert_true(str_starts(str_of(unknown), STR(parameters)));
        assert_int_equal(strlen(unknown), strlen(known));
        /* libsodium reads it whole, and finds just these parameters in it. */
        assert_int_equal(crypto_pwhash_str_needs_rehash(unknown, 2, 19456u * 1024u), 0);
    }
    char longer[300];
    memset(longer, 'a', sizeof longer);
    memcpy(longer, parameters, sizeof parameters - 1);
    assert_false(password_work(str_make(longer, sizeof longer), unknown));
    buf_free(&hash);
}

/* RFC 4231, test cases 2 and 1. */
static void signatures_are_hmac_sha256(void **state)
{
    UNUSED(state);
    struct buf hex;
    buf_init(&hex, 100);
    signature_make(STR("Jefe"), STR("what do ya want for nothing?"), &hex);
    assert_true(str_equal(buf_str(&hex), STR("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")));
    buf_clear(&hex);
    signature_make(STR("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"), STR("Hi There"), &hex);
    assert_true(str_equal(buf_str(&hex), STR("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")));
    buf_free(&hex);
}

static void a_signature_fits_whole_or_not_at_all(void **state)
{
    UNUSED(state);
    static const char good[] = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    struct str secret = STR("Jefe"), text = STR("what do ya want for nothing?");
    assert_true(signature_fits(secret, text, STR(good)));
    assert_false(signature_fits(secret, STR("what do ya want for nothing"), STR(good)));
    assert_false(signature_fits(STR("Jeff"), text, STR(good)));
    for (size_t i = 0; i < 64; i++) {
        char bytes[65];
        memcpy(bytes, good, sizeof good);
        bytes[i] = bytes[i] == 'f' ? 'e' : 'f';
        assert_false(signature_fits(secret, text, str_make(bytes, 64)));
        assert_false(signature_fits(secret, text, str_make(good, i)));
    }
    assert_false(signature_fits(secret, text, STR("5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843")));
}

static void an_empty_secret_never_fits(void **state)
{
    UNUSED(state);
    struct buf hex;
    buf_init(&hex, 100);
    signature_make(STR_EMPTY, STR("maria"), &hex);
    assert_false(signature_fits(STR_EMPTY, STR("maria"), buf_str(&hex)));
    buf_free(&hex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_fits_its_own_hash_only),
        cmocka_unit_test(a_long_password_counts_to_its_last_byte),
        cmocka_unit_test(a_hash_that_is_none_never_fits),
        cmocka_unit_test(a_try_for_nobody_is_as_much_work),
        cmocka_unit_test(signatures_are_hmac_sha256),
        cmocka_unit_test(a_signature_fits_whole_or_not_at_all),
        cmocka_unit_test(an_empty_secret_never_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
