/* rebuild.c - beckon rebuild: the views anew from the log. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/offline.h"

static bool remove_views(struct err *err, const char *directory)
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
    if (!data_exists(&err, args.operands[0]) || !remove_views(&err, args.operands[0]) ||
        !offline_open(&err, &offline, args.operands[0]))
        return cli_fail_at(&err, args.operands[0]);
    uint64_t last = node_committed(offline.node);
    offline_close(&offline);
    printf("the views hold %llu events\n", (unsigned long long)last);
    return CLI_OK;
}
