/* Personal fields open only with their own key, for their own subject and kind; a key once gone is gone. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/memory.h"
#include "privacy/vault.h"

#define SUBJECTS 64

/* A key store in memory, as log/keys.h is on disk. */
struct shelf {
    struct buf wrapped[SUBJECTS];
    size_t fetches;
};

static struct shelf shelf;
static const uint8_t master[VAULT_MASTER_LEN] = { 1, 2, 3 };
static struct vault *vault;
static struct arena arena;

static bool fetch(void *context, uint64_t subject, struct buf *wrapped)
{
    struct shelf *from = context;
    from->fetches++;
    if (subject >= SUBJECTS || !from->wrapped[subject].len) return false;
    buf_add_str(wrapped, buf_str(&from->wrapped[subject]));
    return true;
}

/* Puts every new key on the shelf, as the node does before the sealed text is written. */
static size_t keep_new(void)
{
    struct buf wrapped;
    uint64_t subject;
    size_t count = 0;
    buf_init(&wrapped, 1000);
    for (; vault_take_new(vault, &subject, &wrapped); count++) {
        must(subject < SUBJECTS);
        buf_add_str(&shelf.wrapped[subject], buf_str(&wrapped));
        buf_clear(&wrapped);
    }
    buf_free(&wrapped);
    return count;
}

static int set_up(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < SUBJECTS; i++) buf_init(&shelf.wrapped[i], 1000);
    vault = vault_new(master, 4, fetch, &shelf);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    vault_free(vault);
    for (size_t i = 0; i < SUBJECTS; i++) buf_free(&shelf.wrapped[i]);
    arena_free(&arena);
    return 0;
}

static struct str seal(uint64_t subject, uint32_t kind, struct str text)
{
    struct buf out;
    buf_init(&out, 100000);
    vault_seal(vault, subject, kind, text, &out);
    struct str sealed = arena_copy(&arena, buf_str(&out));
    buf_free(&out);
    return sealed;
}

static bool opens(uint64_t subject, uint32_t kind, struct str sealed, struct str expected)
{
    struct str text;
    if (!vault_open(vault, subject, kind, sealed, &arena, &text)) return false;
    assert_true(str_equal(text, expected));
    return true;
}

/* --- sealing --- */

static void what_is_sealed_opens_again(void **state)
{
    UNUSED(state);
    struct str empty = seal(2, 1, STR_EMPTY), text = seal(2, 1, STR("my secret"));
    assert_int_equal(empty.len, VAULT_OVERHEAD);
    assert_int_equal(text.len, 9 + VAULT_OVERHEAD);
    assert_null(memmem(text.data, text.len, "secret", 6));
    assert_true(opens(2, 1, empty, STR_EMPTY));
    assert_true(opens(2, 1, text, STR("my secret")));
    char *large = arena_take(&arena, 8000);
    memset(large, 'x', 8000);
    assert_true(opens(2, 1, seal(2, 1, str_make(large, 8000)), str_make(large, 8000)));
}

static void the_same_text_never_looks_the_same(void **state)
{
    UNUSED(state);
    assert_false(str_equal(seal(2, 1, STR("hello")), seal(2, 1, STR("hello"))));
}

static void a_sealed_text_cannot_be_moved_or_changed(void **state)
{
    UNUSED(state);
    struct str sealed = seal(2, 7, STR("my secret"));
    seal(4, 7, STR("so that four has a key"));
    assert_false(opens(4, 7, sealed, STR("my secret")));
    assert_false(opens(2, 8, sealed, STR("my secret")));
    assert_false(opens(9, 7, sealed, STR("my secret")));
    for (size_t i = 0; i < sealed.len; i++) {
        char *bytes = arena_take(&arena, sealed.len);
        memcpy(bytes, sealed.data, sealed.len);
        bytes[i] ^= (char)(1 << (i % 8));
        assert_false(opens(2, 7, str_make(bytes, sealed.len), STR("my secret")));
        assert_false(opens(2, 7, str_slice(sealed, 0, i), STR("my secret")));
    }
    assert_false(opens(2, 7, STR_EMPTY, STR_EMPTY));
    assert_true(opens(2, 7, sealed, STR("my secret")));
}

static void customers_and_agents_have_different_subjects(void **state)
{
    UNUSED(state);
    assert_int_not_equal(vault_customer(5), vault_agent(5));
    assert_int_not_equal(vault_customer(6), vault_agent(5));
}

/* --- keys --- */

static void a_new_key_is_handed_out_once_and_in_order(void **state)
{
    UNUSED(state);
    uint64_t subject;
    struct buf wrapped;
    buf_init(&wrapped, 1000);
    assert_false(vault_take_new(vault, &subject, &wrapped));
    seal(6, 1, STR("a"));
    seal(3, 1, STR("b"));
    seal(6, 1, STR("c"));
    assert_true(vault_take_new(vault, &subject, &wrapped));
    assert_int_equal(subject, 6);
    assert_true(vault_take_new(vault, &subject, &wrapped));
    assert_int_equal(subject, 3);
    assert_false(vault_take_new(vault, &subject, &wrapped));
    buf_free(&wrapped);
}

static void another_vault_with_the_same_master_opens_what_this_one_sealed(void **state)
{
    UNUSED(state);
    struct str sealed = seal(2, 1, STR("text"));
    assert_int_equal(keep_new(), 1);
    vault_free(vault);
    vault = vault_new(master, 4, fetch, &shelf);
    assert_true(opens(2, 1, sealed, STR("text")));
    assert_int_equal(keep_new(), 0);
    static const uint8_t other_master[VAULT_MASTER_LEN] = { 9 };
    vault_free(vault);
    vault = vault_new(other_master, 4, fetch, &shelf);
    assert_false(opens(2, 1, sealed, STR("text")));
}

static void a_wrapped_key_belongs_to_its_subject(void **state)
{
    UNUSED(state);
    struct str sealed = seal(2, 1, STR("text"));
    keep_new();
    buf_add_str(&shelf.wrapped[5], buf_str(&shelf.wrapped[2]));
    vault_free(vault);
    vault = vault_new(master, 4, fetch, &shelf);
    assert_false(opens(5, 1, sealed, STR("text")));
    for (size_t i = 0; i < shelf.wrapped[2].len; i++) {
        shelf.wrapped[2].data[i] ^= 4;
        assert_false(opens(2, 1, sealed, STR("text")));
        shelf.wrapped[2].data[i] ^= 4;
    }
    assert_true(opens(2, 1, sealed, STR("text")));
}

static void a_vault_knows_what_its_own_master_key_wrapped(void **state)
{
    UNUSED(state);
    static const uint8_t other_master[VAULT_MASTER_LEN] = { 9 };
    seal(2, 1, STR("text"));
    keep_new();
    assert_true(vault_wraps(vault, 2, buf_str(&shelf.wrapped[2])));
    assert_false(vault_wraps(vault, 3, buf_str(&shelf.wrapped[2])));
    assert_false(vault_wraps(vault, 2, STR("rubbish")));
    vault_free(vault);
    vault = vault_new(other_master, 4, fetch, &shelf);
    assert_false(vault_wraps(vault, 2, buf_str(&shelf.wrapped[2])));
}

static void the_cache_keeps_the_last_used_and_fetches_the_rest(void **state)
{
    UNUSED(state);
    struct str sealed[10];
    for (uint64_t subject = 1; subject < 10; subject++) sealed[subject] = seal(subject, 1, STR("x"));
    keep_new();
    for (uint64_t subject = 1; subject < 10; subject++) assert_true(opens(subject, 1, sealed[subject], STR("x")));
    shelf.fetches = 0;
    assert_true(opens(6, 1, sealed[6], STR("x"))); /* 6 to 9 are the last four used */
    assert_int_equal(shelf.fetches, 0);
    assert_true(opens(1, 1, sealed[1], STR("x"))); /* 7 goes, 6 was used again */
    assert_int_equal(shelf.fetches, 1);
    assert_true(opens(6, 1, sealed[6], STR("x")));
    assert_int_equal(shelf.fetches, 1);
    assert_true(opens(7, 1, sealed[7], STR("x")));
    assert_int_equal(shelf.fetches, 2);
}

static void a_key_that_nobody_took_stays_however_many_there_are(void **state)
{
    UNUSED(state);
    struct str sealed[SUBJECTS];
    for (uint64_t subject = 1; subject < SUBJECTS; subject++) sealed[subject] = seal(subject, 1, STR("x"));
    for (uint64_t subject = 1; subject < SUBJECTS; subject++) assert_true(opens(subject, 1, sealed[subject], STR("x")));
    assert_int_equal(keep_new(), SUBJECTS - 1);
    for (uint64_t subject = 1; subject < SUBJECTS; subject++) assert_true(opens(subject, 1, sealed[subject], STR("x")));
}

static void what_was_forgotten_and_deleted_is_unreadable(void **state)
{
    UNUSED(state);
    struct str sealed = seal(2, 1, STR("text")), fresh = seal(3, 1, STR("text"));
    vault_forget(vault, 3); /* before anybody took it */
    keep_new();
    assert_false(opens(3, 1, fresh, STR("text")));
    vault_forget(vault, 2);
    assert_true(opens(2, 1, sealed, STR("text"))); /* forgotten only: fetched again */
    buf_clear(&shelf.wrapped[2]);
    vault_forget(vault, 2);
    assert_false(opens(2, 1, sealed, STR("text")));
    vault_forget(vault, 2);
    vault_forget(vault, 40);
}

/* --- digests --- */

static void digests_depend_on_purpose_text_and_master(void **state)
{
    UNUSED(state);
    uint64_t high[5], low[5];
    static const uint8_t other_master[VAULT_MASTER_LEN] = { 9 };
    struct vault *other = vault_new(other_master, 4, NULL, NULL);
    vault_digest(vault, "login", STR("maria"), &high[0], &low[0]);
    vault_digest(vault, "identity", STR("maria"), &high[1], &low[1]);
    vault_digest(vault, "login", STR("mario"), &high[2], &low[2]);
    vault_digest(other, "login", STR("maria"), &high[3], &low[3]);
    vault_digest(vault, "loginm", STR("aria"), &high[4], &low[4]);
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < i; j++) assert_true(high[i] != high[j] && low[i] != low[j]);
    vault_digest(vault, "login", STR("maria"), &high[1], &low[1]);
    assert_true(high[0] == high[1] && low[0] == low[1]);
    vault_free(other);
}

/* --- tokens --- */

static struct str token_of(struct str payload)
{
    struct buf out;
    buf_init(&out, 10000);
    vault_token(vault, payload, &out);
    struct str token = arena_copy(&arena, buf_str(&out));
    buf_free(&out);
    return token;
}

static void a_token_opens_and_is_opaque(void **state)
{
    UNUSED(state);
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (size_t len = 0; len < 40; len++) {
        struct str payload = str_slice(STR("customer 77, session 5, until tomorrow!!"), 0, len), found;
        struct str token = token_of(payload);
        assert_true(vault_open_token(vault, token, &arena, &found));
        assert_true(str_equal(found, payload));
        for (size_t i = 0; i < token.len; i++) assert_non_null(memchr(alphabet, token.data[i], 64));
    }
    assert_false(str_equal(token_of(STR("x")), token_of(STR("x"))));
}

static void a_token_that_was_changed_is_worth_nothing(void **state)
{
    UNUSED(state);
    struct str token = token_of(STR("customer 77")), found;
    for (size_t i = 0; i < token.len; i++) {
        char *bytes = arena_take(&arena, token.len);
        static const char others[] = "Ab9-_=. \n%";
        for (size_t j = 0; j < sizeof others; j++) { /* the NUL too */
            memcpy(bytes, token.data, token.len);
            if (bytes[i] == others[j]) continue;
            bytes[i] = others[j];
            assert_false(vault_open_token(vault, str_make(bytes, token.len), &arena, &found));
        }
        assert_false(vault_open_token(vault, str_slice(token, 0, i), &arena, &found));
    }
    struct str longer[] = { arena_format(&arena, "%.*s=", STR_ARG(token)), arena_format(&arena, "%.*sA", STR_ARG(token)),
                            arena_format(&arena, " %.*s", STR_ARG(token)), STR_EMPTY, STR("="), STR("A") };
    for (size_t i = 0; i < ARRAY_LEN(longer); i++) assert_false(vault_open_token(vault, longer[i], &arena, &found));
}

static void a_sealed_text_is_no_token_and_a_foreign_token_neither(void **state)
{
    UNUSED(state);
    struct str found;
    static const uint8_t other_master[VAULT_MASTER_LEN] = { 9 };
    struct str token = token_of(STR("customer 77"));
    struct vault *other = vault_new(other_master, 4, NULL, NULL);
    assert_false(vault_open_token(other, token, &arena, &found));
    vault_free(other);
    char *large = arena_take(&arena, 20000);
    memset(large, 'A', 20000);
    assert_false(vault_open_token(vault, str_make(large, 20000), &arena, &found));
}

/* --- the master key's file --- */

static void the_master_key_is_made_once_and_only_for_its_owner(void **state)
{
    UNUSED(state);
    struct folder folder;
    struct err err;
    struct stat info;
    uint8_t one[VAULT_MASTER_LEN], two[VAULT_MASTER_LEN], zero[VAULT_MASTER_LEN] = { 0 };
    folder_make(&folder);
    const char *path = folder_file(&folder, "master.key");
    assert_false(vault_master(&err, path, false, one));
    assert_non_null(strstr(err.text, "is missing"));
    mode_t mask = umask(0);
    assert_true(vault_master(&err, path, true, one));
    umask(mask);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_size, VAULT_MASTER_LEN);
    assert_true(vault_master(&err, path, true, two));
    assert_memory_equal(one, two, sizeof one);
    assert_memory_not_equal(one, zero, sizeof one);
    folder_remove(&folder);
}

static void a_master_key_that_others_can_read_or_that_is_cut_is_refused(void **state)
{
    UNUSED(state);
    struct folder folder;
    struct err err;
    uint8_t key[VAULT_MASTER_LEN];
    folder_make(&folder);
    const char *path = folder_file(&folder, "master.key");
    static const mode_t modes[] = { 0640, 0604, 0660, 0644, 0610 };
    for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
        assert_true(vault_master(&err, path, true, key));
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_false(vault_master(&err, path, true, key));
        assert_non_null(strstr(err.text, "chmod 600"));
        assert_int_equal(chmod(path, 0600), 0);
    }
    file_write(path, STR("too short"));
    assert_false(vault_master(&err, path, true, key));
    assert_non_null(strstr(err.text, "9 bytes instead of 32"));
    file_write(path, STR("0123456789abcdef0123456789abcdef\n"));
    assert_false(vault_master(&err, path, true, key));
    file_write(path, STR_EMPTY);
    assert_false(vault_master(&err, path, true, key));
    assert_false(vault_master(&err, folder.path, true, key));
    assert_false(vault_master(&err, "/nowhere/at/all/master.key", true, key));
    folder_remove(&folder);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(what_is_sealed_opens_again),
        STORY(the_same_text_never_looks_the_same),
        STORY(a_sealed_text_cannot_be_moved_or_changed),
        STORY(customers_and_agents_have_different_subjects),
        STORY(a_new_key_is_handed_out_once_and_in_order),
        STORY(another_vault_with_the_same_master_opens_what_this_one_sealed),
        STORY(a_wrapped_key_belongs_to_its_subject),
        STORY(a_vault_knows_what_its_own_master_key_wrapped),
        STORY(the_cache_keeps_the_last_used_and_fetches_the_rest),
        STORY(a_key_that_nobody_took_stays_however_many_there_are),
        STORY(what_was_forgotten_and_deleted_is_unreadable),
        STORY(digests_depend_on_purpose_text_and_master),
        STORY(a_token_opens_and_is_opaque),
        STORY(a_token_that_was_changed_is_worth_nothing),
        STORY(a_sealed_text_is_no_token_and_a_foreign_token_neither),
        STORY(the_master_key_is_made_once_and_only_for_its_owner),
        STORY(a_master_key_that_others_can_read_or_that_is_cut_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
