/* backup.c - beckon backup and beckon restore. */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/offline.h"
#include "log/keys.h"
#include "log/log.h"
#include "node/record.h"

/* One copy, made on a thread so that the person who waits sees how far it is. */
struct copy {
    struct cli_progress progress;
    bool (*copy)(struct err *err, const char *from, const char *to);
    const char *from, *to;
    struct err err;
    bool fine, done;
};

static void *run_copy(void *context)
{
    struct copy *copy = context;
    copy->fine = copy->copy(&copy->err, copy->from, copy->to);
    __atomic_store_n(&copy->done, true, __ATOMIC_RELEASE);
    return NULL;
}

static bool copy_file(struct err *err, struct copy *copy)
{
    pthread_t thread;
    struct arena arena = { 0 };
    struct stat from = { 0 }, to = { 0 };
    const char *growing = arena_format(&arena, "%s.partial", copy->to).data; /* its name until it is whole */
    if (!access(copy->to, F_OK))
        return err_set(err, "%s is there already; give the name of a new file", copy->to);
    mode_t before = umask(077);
    must(pthread_create(&thread, NULL, run_copy, copy) == 0);
    while (!__atomic_load_n(&copy->done, __ATOMIC_ACQUIRE)) {
        usleep(20000);
        stat(copy->from, &from);
        stat(growing, &to);
        cli_progress(&copy->progress, (uint64_t)to.st_size / 1024, (uint64_t)from.st_size / 1024);
    }
    pthread_join(thread, NULL);
    umask(before);
    arena_free(&arena);
    cli_progress_end(&copy->progress);
    if (!copy->fine) {
        unlink(copy->to);
        *err = copy->err;
    }
    return copy->fine;
}

int cli_backup(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    struct arena arena = { 0 };
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *directory = args.operands[0], *keys = cli_value(&args, "keys", NULL);
    struct copy log = { .progress = { .what = "copying the log, kB" }, .copy = log_backup,
        .from = data_path(&arena, directory, "log.db"), .to = args.operands[1] };
    struct copy key = { .progress = { .what = "copying the keys, kB" }, .copy = keys_backup,
        .from = data_path(&arena, directory, "keys.db"), .to = keys };
    /* The keys last: then they hold the key of every event in the copy of the log. */
    bool fine = data_exists(&err, directory) && copy_file(&err, &log) && (!keys || copy_file(&err, &key));
    arena_free(&arena);
    if (!fine)
        return cli_fail_at(&err, args.operands[1]);
    struct stat info = { 0 };
    stat(args.operands[1], &info);
    printf("copied the log, %lld kB, to %s\n", (long long)info.st_size / 1024, args.operands[1]);
    if (keys)
        printf("copied the keys to %s; keep that file apart from the log's, and only for a short time\n", keys);
    return CLI_OK;
}

static void on_verify(void *context, uint64_t seq, uint64_t last)
{
    cli_progress(context, seq, last);
}

static bool check_backup(struct err *err, const char *file, uint64_t *count)
{
    struct cli_progress progress = { .what = "checking the backup" };
    uint64_t bad = 0;
    if (access(file, R_OK))
        return err_set(err, "cannot read %s: %s", file, strerror(errno));
    struct log *log = log_open_reader(err, file, NULL);
    if (!log)
        return err_wrap(err, "%s is no backup that can be used", file);
    bool fine = log_verify(err, log, count, &bad, on_verify, &progress);
    cli_progress_end(&progress);
    log_close(log);
    return fine || err_wrap(err, "%s is damaged", file);
}

struct opening {
    struct keys *keys;
    struct vault *vault;
    bool opened;
    int tried;
};

static bool fetch_key(void *context, uint64_t subject, struct buf *wrapped)
{
    struct opening *opening = context;
    struct err err;
    return keys_get(&err, opening->keys, subject, wrapped);
}

static bool try_record(void *context, const struct log_record *record)
{
    struct opening *opening = context;
    struct event event;
    struct err err;
    struct arena arena = { 0 };
    bool sealed = false;
    if (!record_decode(&err, record->bytes, record->seq, &event))
        return false;
    const struct event_row *row = &event_table[event.kind];
    for (size_t i = 0; i < row->field_count; i++)
        sealed |= event_field_is_personal(row->fields[i].type) && event_text(&event, &row->fields[i])->len;
    if (sealed) {
        opening->tried++;
        opening->opened = record_open(opening->vault, &event, &arena);
    }
    arena_free(&arena);
    return !opening->opened && opening->tried < 1000;
}

/* A master key that does not fit is better found now than when a customer asks. */
static bool keys_fit(struct err *err, const char *directory, struct arena *arena)
{
    uint8_t master[VAULT_MASTER_LEN];
    struct opening opening = { 0 };
    if (!vault_master(err, data_path(arena, directory, "master.key"), false, master))
        return false;
    opening.keys = keys_open(err, data_path(arena, directory, "keys.db"), NULL);
    if (!opening.keys)
        return false;
    opening.vault = vault_new(master, 1024, fetch_key, &opening);
    explicit_bzero(master, sizeof master);
    struct log *log = log_open_reader(err, data_path(arena, directory, "log.db"), NULL);
    bool fine = log && log_read(err, log, 1, 0, try_record, &opening);
    if (fine && opening.tried && !opening.opened)
        fine = err_set(err, "the keys do not open what the log holds: master.key or the keys are of another workspace");
    if (log)
        log_close(log);
    vault_free(opening.vault);
    keys_close(opening.keys);
    return fine;
}

static bool target_is_free(struct err *err, const char *directory, struct arena *arena)
{
    static const char *const files[] = { "log.db", "keys.db" };
    const char *data = data_path(arena, directory, "");
    if (access(directory, F_OK))
        return err_set(err, "cannot read the folder %s: %s", directory, strerror(errno));
    if (mkdir(data, 0700) && errno != EEXIST)
        return err_set(err, "cannot make the folder %s: %s", data, strerror(errno));
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        if (!access(data_path(arena, directory, files[i]), F_OK))
            return err_set(err, "%s is there already; move it away if it shall be replaced",
                           data_path(arena, directory, files[i]));
    return true;
}

/* No keys were given: an empty file says that this is meant, and was not lost. */
static bool make_keys(struct err *err, const char *path)
{
    mode_t before = umask(077);
    struct keys *keys = keys_open(err, path, NULL);
    umask(before);
    if (keys)
        keys_close(keys);
    return keys != NULL;
}

static bool restore(struct err *err, const char *directory, const char *file, const char *keys, uint64_t *count,
                    struct arena *arena)
{
    static const char *const views[] = { "views.db", "views.db-wal", "views.db-shm" };
    struct copy log = { .progress = { .what = "copying the log, kB" }, .copy = log_backup, .from = file,
        .to = data_path(arena, directory, "log.db") };
    struct copy key = { .progress = { .what = "copying the keys, kB" }, .copy = keys_backup, .from = keys,
        .to = data_path(arena, directory, "keys.db") };
    if (!target_is_free(err, directory, arena) || !check_backup(err, file, count))
        return false;
    int lock = data_lock(err, directory);
    if (lock < 0)
        return false;
    /* The log first, as a server makes them: keys alone look like a log that was lost. */
    bool fine = copy_file(err, &log) && (keys ? copy_file(err, &key) : make_keys(err, key.to)) &&
        (!keys || keys_fit(err, directory, arena));
    if (!fine) {
        unlink(log.to);
        unlink(key.to);
    }
    for (size_t i = 0; fine && i < ARRAY_LEN(views); i++)
        unlink(data_path(arena, directory, views[i]));
    close(lock);
    return fine;
}

int cli_restore(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    struct arena arena = { 0 };
    uint64_t count = 0;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *directory = args.operands[0], *keys = cli_value(&args, "keys", NULL);
    bool fine = restore(&err, directory, args.operands[1], keys, &count, &arena);
    if (!fine) {
        arena_free(&arena);
        return cli_fail_at(&err, directory);
    }
    printf("restored %llu events into %s\n", (unsigned long long)count, data_path(&arena, directory, "log.db"));
    if (!keys)
        cli_say("no keys were given: personal texts of before cannot be read");
    if (access(data_path(&arena, directory, "master.key"), F_OK))
        cli_say("put master.key into %s before the server is started", data_path(&arena, directory, ""));
    arena_free(&arena);
    return CLI_OK;
}
