/* rebuild.c - beckon rebuild: what is made from the log, the views and the snapshot, anew. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/offline.h"
#include "log/log.h"

/* The state is then made from the events alone, and a new snapshot of it at the end. */
static bool drop_snapshots(struct err *err, const char *directory)
{
    struct arena arena = { 0 };
    struct log *log = log_open(err, data_path(&arena, directory, "log.db"), NULL);
    bool fine = log && log_drop_snapshots(err, log) == LOG_DONE;
    if (log)
        log_close(log);
    arena_free(&arena);
    return fine;
}

static bool remove_derived(struct err *err, const char *directory)
{
    static const char *const files[] = { "views.db", "views.db-wal", "views.db-shm" };
    struct arena arena = { 0 };
    int lock = data_lock(err, directory);
    bool fine = lock >= 0;
    for (size_t i = 0; fine && i < ARRAY_LEN(files); i++) {
        const char *path = data_path(&arena, directory, files[i]);
        if (unlink(path) && errno != ENOENT)
            fine = err_set(err, "cannot remove %s: %s", path, strerror(errno));
    }
    fine = fine && drop_snapshots(err, directory);
    if (lock >= 0)
        close(lock);
    arena_free(&arena);
    return fine;
}

int cli_rebuild(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    struct offline offline;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    /* Opening the node brings the views up to the log's end: that is the rebuilding. */
    if (!data_exists(&err, args.operands[0]) || !remove_derived(&err, args.operands[0]) ||
        !offline_open(&err, &offline, args.operands[0]))
        return cli_fail_at(&err, args.operands[0]);
    uint64_t last = node_committed(offline.node);
    offline_close(&offline);
    printf("the views hold %llu events\n", (unsigned long long)last);
    return CLI_OK;
}
