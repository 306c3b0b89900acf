#include "cli/offline.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct wait {
    bool done;
    struct outcome outcome;
};

static void on_done(void *context, const struct outcome *outcome)
{
    struct wait *wait = context;
    wait->outcome = *outcome;
    wait->done = true;
}

struct outcome node_do(struct node *node, uv_loop_t *loop, const struct command *command)
{
    struct wait wait = { 0 };
    node_submit(node, command, on_done, &wait);
    while (!wait.done)
        uv_run(loop, UV_RUN_ONCE);
    return wait.outcome;
}

bool offline_open(struct err *err, struct offline *offline, const char *directory)
{
    must(uv_loop_init(&offline->loop) == 0);
    offline->node = node_open(err, &(struct node_options){ .directory = directory, .loop = &offline->loop });
    if (offline->node)
        return true;
    uv_run(&offline->loop, UV_RUN_DEFAULT);
    uv_loop_close(&offline->loop);
    return false;
}

struct outcome offline_do(struct offline *offline, const struct command *command)
{
    return node_do(offline->node, &offline->loop, command);
}

void offline_close(struct offline *offline)
{
    node_close(offline->node);
    uv_run(&offline->loop, UV_RUN_DEFAULT);
    uv_loop_close(&offline->loop);
}

const char *data_path(struct arena *arena, const char *directory, const char *name)
{
    return arena_format(arena, "%s/data/%s", directory, name).data;
}

bool data_exists(struct err *err, const char *directory)
{
    struct arena arena = { 0 };
    struct stat info;
    bool fine = true;
    if (stat(directory, &info))
        fine = err_set(err, "cannot read the folder %s: %s", directory, strerror(errno));
    else if (!S_ISDIR(info.st_mode))
        fine = err_set(err, "%s is not a folder; give the folder of the workspace", directory);
    else if (access(data_path(&arena, directory, "log.db"), F_OK) && !access(data_path(&arena, directory, "keys.db"), F_OK))
        fine = err_set(err, "%s/data has keys but no log.db: the log was lost; put it back, or restore its newest backup",
                       directory);
    else if (access(data_path(&arena, directory, "log.db"), F_OK))
        fine = err_set(err, "%s has no log yet (%s/data/log.db); it is made when the workspace is first served",
                       directory, directory);
    arena_free(&arena);
    return fine;
}

int data_lock(struct err *err, const char *directory)
{
    struct arena arena = { 0 };
    const char *path = data_path(&arena, directory, "lock");
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        err_set(err, "cannot open %s: %s", path, strerror(errno));
    else if (flock(fd, LOCK_EX | LOCK_NB)) {
        err_set(err, "a server uses %s; stop it first", directory);
        close(fd);
        fd = -1;
    }
    arena_free(&arena);
    return fd;
}
