/* A model is kept as a file: the same model comes back, and what is no model is refused with a reason. */
#include "../../support/folder.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "assistant/examples.h"
#include "assistant/intent_file.h"
#include "base/memory.h"

static const char csv[] =
    "text,intent\nwhere is my parcel,parcel\ntrack my order,parcel\nhas it been sent,parcel\nmy delivery is late,parcel\n"
    "i want my money back,refund\nwhen do i get the refund,refund\nrefund my purchase,refund\ngive me back what i paid,refund\n"
    "i forgot my password,login\ni cannot log in,login\nreset my password,login\nlocked out of my account,login\ntell me a joke,oos\n";

static struct intent *model;
static struct buf file; /* of the model */
static struct folder folder;

static int learn(void **state)
{
    struct err err = { "" };
    struct examples examples = { .count = 0 };
    UNUSED(state);
    folder_make(&folder);
    if (!examples_read(&err, &examples, STR("x.csv"), str_of(csv)))
        return -1;
    examples_guess_language(&examples);
    struct intent_lesson lesson = examples_lesson(&examples);
    model = intent_train(&lesson, NULL, NULL);
    examples_free(&examples);
    buf_init(&file, LIMIT_MODEL);
    intent_write(model, STR("version-1"), &file);
    return 0;
}

static int forget(void **state)
{
    UNUSED(state);
    intent_free(model);
    buf_free(&file);
    folder_remove(&folder);
    return 0;
}

static void what_was_written_is_read(void **state)
{
    static const char *const texts[] = { "where are my parcels", "I want to LEAVE", "refund", "", "xyzzy", "tell me a joke", "i cannot log in" };
    struct err err = { "" };
    struct str from;
    struct buf again;
    struct intent *copy = intent_read(&err, STR("m"), buf_str(&file), &from);
    UNUSED(state);
    if (!copy)
        fail_msg("%s", err.text);
    assert_true(str_equal(from, STR("version-1")));
    assert_int_equal(intent_topics(copy), 3);
    assert_true(str_equal(intent_name(copy, 2), STR("login")));
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct arena scratch = { 0 };
        struct intent_result a, b;
        intent_predict(model, &scratch, str_of(texts[i]), STR_EMPTY, &a);
        intent_predict(copy, &scratch, str_of(texts[i]), STR_EMPTY, &b);
        assert_memory_equal(&a.top, &b.top, sizeof a.top);
        assert_true(a.inside == b.inside && a.right == b.right && a.confidence == b.confidence && a.rejected == b.rejected);
        arena_free(&scratch);
    }
    buf_init(&again, LIMIT_MODEL);
    intent_write(copy, from, &again);
    assert_int_equal(again.len, file.len);
    assert_memory_equal(again.data, file.data, file.len);
    buf_free(&again);
    intent_free(copy);
}

static void then_refused(struct str bytes, const char *says)
{
    struct err err = { "" };
    struct intent *intent = intent_read(&err, STR("m"), bytes, NULL);
    if (intent || !str_starts(str_of(err.text), str_of(says)))
        fail_msg("%s", intent ? "it was read" : err.text);
}

static void damage_is_seen(void **state)
{
    UNUSED(state);
    then_refused(STR_EMPTY, "m is not a model of intents; make one with `beckon intents train`");
    then_refused(STR("text,intent\nhello there you,a\n"), "m is not a model");
    for (size_t cut = 24; cut < file.len; cut += file.len / 50 + 1)
        then_refused(str_make(file.data, cut), "m is damaged");
    for (size_t at = 12; at < file.len; at += file.len / 200 + 1) {
        file.data[at] ^= 0x10;
        then_refused(buf_str(&file), "m is damaged");
        file.data[at] ^= 0x10;
    }
}

static void a_newer_file_says_so(void **state)
{
    char says[200];
    UNUSED(state);
    snprintf(says, sizeof says, "m was made by a newer beckon (version %d of the file, this one reads %d); update beckon or train anew",
             INTENT_FILE_VERSION + 1, INTENT_FILE_VERSION);
    file.data[8]++;
    then_refused(buf_str(&file), says);
    file.data[8]--;
}

static void an_older_file_says_so(void **state)
{
    struct buf older;
    char says[200];
    UNUSED(state);
    snprintf(says, sizeof says, "m was made by an older beckon (version %d of the file, this one reads %d); train anew",
             INTENT_FILE_VERSION - 1, INTENT_FILE_VERSION);
    buf_init(&older, LIMIT_MODEL);
    buf_add(&older, file.data, file.len - 8);
    older.data[8]--;
    intent_file_seal(&older);
    then_refused(buf_str(&older), says);
    buf_free(&older);
}

/* With a checksum that fits, so that the reader itself must see it. */
static void parts_that_do_not_fit_are_refused(void **state)
{
    size_t read = 0, refused = 0;
    UNUSED(state);
    for (size_t at = 12; at + 8 < file.len; at += file.len / 300 + 1) {
        struct buf bent;
        struct err err = { "" };
        struct arena scratch = { 0 };
        struct intent_result result;
        buf_init(&bent, LIMIT_MODEL);
        buf_add(&bent, file.data, file.len - 8);
        bent.data[at] ^= 0xff;
        intent_file_seal(&bent);
        struct intent *intent = intent_read(&err, STR("m"), buf_str(&bent), NULL);
        if (intent) /* a weight is only another weight */
            intent_predict(intent, &scratch, STR("where is my parcel"), STR_EMPTY, &result);
        read += intent != NULL;
        refused += intent == NULL;
        intent_free(intent);
        arena_free(&scratch);
        buf_free(&bent);
    }
    assert_true(read > 0 && refused > 0);
}

static void it_is_kept_as_a_file(void **state)
{
    struct err err = { "" };
    struct stat info;
    struct str from;
    char path[PATH_MAX];
    UNUSED(state);
    snprintf(path, sizeof path, "%s", folder_file(&folder, "a.model"));
    file_write(path, STR("old"));
    assert_true(intent_save(&err, model, STR("files"), path));
    struct intent *copy = intent_load(&err, path, &from);
    assert_non_null(copy);
    assert_true(str_equal(from, STR("files")));
    intent_free(copy);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0400, 0400);
    assert_null(intent_load(&err, folder_file(&folder, "none"), NULL));
    assert_non_null(strstr(err.text, "none cannot be opened: No such file"));
    assert_null(intent_load(&err, folder.path, NULL));
    assert_non_null(strstr(err.text, "is no regular file"));
    assert_false(intent_save(&err, model, STR_EMPTY, folder_file(&folder, "no/such/place")));
    assert_non_null(strstr(err.text, "cannot be written: No such file"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read), cmocka_unit_test(damage_is_seen), cmocka_unit_test(a_newer_file_says_so), cmocka_unit_test(an_older_file_says_so),
        cmocka_unit_test(parts_that_do_not_fit_are_refused), cmocka_unit_test(it_is_kept_as_a_file),
    };
    return cmocka_run_group_tests(tests, learn, forget);
}
