/* A file is replaced whole or not at all, and fields of CSV come back as they were written. */
#include "../../support/folder.h"

#include <dirent.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/csv.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/replace.h"

static int files_in(const char *path)
{
    DIR *folder = opendir(path);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count;
}

static void the_new_content_takes_the_old_ones_place(void **state)
{
    struct folder folder;
    struct arena arena = { 0 };
    struct err err = { "" };
    char path[PATH_MAX];
    UNUSED(state);
    folder_make(&folder);
    snprintf(path, sizeof path, "%s", folder_file(&folder, "a"));
    assert_true(replace_file(&err, path, STR("one")));
    assert_true(replace_file(&err, path, STR("")));
    assert_true(file_read(&arena, path).len == 0);
    assert_true(replace_file(&err, path, STR("two\n")));
    assert_true(str_equal(file_read(&arena, path), STR("two\n")));
    assert_int_equal(files_in(folder.path), 1);
    struct stat info; /* who may read it is its owner's decision */
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(replace_file(&err, path, STR("three\n")));
    assert_true(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
    assert_false(replace_file(&err, folder_file(&folder, "no/a"), STR("x")));
    assert_non_null(strstr(err.text, "cannot be written: No such file or directory"));
    arena_free(&arena);
    folder_remove(&folder);
}

/* What cannot take the name leaves the old content and no part of the new. */
static void a_failure_leaves_nothing_behind(void **state)
{
    struct folder folder;
    struct err err = { "" };
    char path[PATH_MAX], inside[PATH_MAX + 8];
    UNUSED(state);
    folder_make(&folder);
    snprintf(path, sizeof path, "%s", folder_file(&folder, "taken"));
    assert_int_equal(mkdir(path, 0755), 0);
    snprintf(inside, sizeof inside, "%s/x", path);
    file_write(inside, STR("kept"));
    assert_false(replace_file(&err, path, STR("new")));
    assert_int_equal(files_in(folder.path), 1);
    assert_int_equal(access(inside, R_OK), 0);
    unlink(inside);
    rmdir(path);
    folder_remove(&folder);
}

/* Killed half-way, since no file may be so long: what is left has no name that a reader of the folder would take up. */
static void a_crash_leaves_the_old_content_and_nothing_to_be_seen(void **state)
{
    struct folder folder;
    struct arena arena = { 0 };
    struct err err = { "" };
    int status = 0;
    UNUSED(state);
    folder_make(&folder);
    file_write(folder_file(&folder, "fees.md"), STR("old"));
    pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 4, 4 });
        signal(SIGXFSZ, SIG_DFL);
        _exit(replace_file(&err, folder_file(&folder, "fees.md"), STR("newer and longer")));
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ);
    assert_int_equal(files_in(folder.path), 1);
    assert_true(str_equal(file_read(&arena, folder_file(&folder, "fees.md")), STR("old")));
    arena_free(&arena);
    folder_remove(&folder);
}

static void the_mode_is_what_the_umask_says(void **state)
{
    struct folder folder;
    struct err err = { "" };
    struct stat info;
    UNUSED(state);
    folder_make(&folder);
    mode_t before = umask(027);
    bool written = replace_file(&err, folder_file(&folder, "a"), STR("x"));
    umask(before);
    assert_true(written && stat(folder_file(&folder, "a"), &info) == 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    folder_remove(&folder);
}

static void fields_come_back(void **state)
{
    static const char letters[] = "ab,\"\n\r ;\xc3\xa5";
    struct random random = { 5 };
    UNUSED(state);
    for (int round = 0; round < 500; round++) {
        struct arena arena = { 0 };
        struct buf out;
        struct csv csv;
        struct err err;
        struct str fields[4];
        buf_init(&out, 65536);
        for (size_t i = 0; i < 4; i++) {
            struct buf field;
            buf_init(&field, 1024);
            for (size_t k = random_below(&random, 8); k > 0; k--) {
                size_t at = random_below(&random, sizeof letters - 2);
                buf_add(&field, letters + at, at == sizeof letters - 3 ? 2 : 1);
            }
            buf_add_char(&field, 'x'); /* so that no record is an empty line */
            fields[i] = arena_copy(&arena, buf_str(&field));
            buf_free(&field);
            if (i)
                buf_add_char(&out, ',');
            csv_write_field(&out, fields[i]);
        }
        if (!str_is_utf8(buf_str(&out))) { /* half a letter: not text */
            arena_free(&arena);
            buf_free(&out);
            continue;
        }
        assert_true(csv_begin(&err, &csv, &arena, STR("f"), buf_str(&out)));
        assert_int_equal(csv_next(&err, &csv), CSV_RECORD);
        assert_int_equal(csv.count, 4);
        for (size_t i = 0; i < 4; i++)
            assert_true(str_equal(csv.fields[i], fields[i]));
        arena_free(&arena);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_new_content_takes_the_old_ones_place), cmocka_unit_test(a_failure_leaves_nothing_behind),
        cmocka_unit_test(a_crash_leaves_the_old_content_and_nothing_to_be_seen), cmocka_unit_test(the_mode_is_what_the_umask_says),
        cmocka_unit_test(fields_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
