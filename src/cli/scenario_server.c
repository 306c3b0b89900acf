/* scenario_server.c - a server of one's own, on a copy of a workspace in a temporary folder. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/scenario_stage.h"

#define READY_MS 20000
#define STOP_MS 15000
#define SAID_MAX 600

struct own_server {
    char folder[64];
    pid_t pid;
    struct remote remote;
};

static bool read_whole(struct err *err, const char *path, struct buf *out)
{
    char piece[4096];
    FILE *file = fopen(path, "rb");
    if (!file) return err_set(err, "cannot read %s: %s", path, strerror(errno));
    for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;) buf_add(out, piece, len);
    fclose(file);
    return true;
}

/* --- the copy --- */

static bool is_setting(const struct script *script, struct str line)
{
    struct str rest = str_trim(line), name;
    str_split(&rest, ':', &name);
    for (size_t i = 0; i < script->count; i++)
        if (script->statements[i].verb == SCRIPT_SETTING &&
            str_equal(script_argument(&script->statements[i], 0)->text, name))
            return true;
    return false;
}

static void add_settings(const struct script *script, struct buf *out)
{
    for (size_t i = 0; i < script->count; i++)
        if (script->statements[i].verb == SCRIPT_SETTING)
            buf_add_format(out, "  %.*s: %lld\n", STR_ARG(script_argument(&script->statements[i], 0)->text),
                           (long long)script_argument(&script->statements[i], 1)->number);
}

/* The workspace.yaml with the script's settings, its actions at `port` and nobody on the staff. */
static void rewrite(struct str text, const struct script *script, int port, struct buf *out)
{
    struct str line, block = STR_EMPTY;
    bool engine = false;
    while (str_split(&text, '\n', &line)) {
        bool top = line.len && line.data[0] != ' ' && line.data[0] != '#' && line.data[0] != '-';
        if (top) block = str_slice(line, 0, (size_t)(str_find_char(line, ':', 0) + 1));
        if (str_equal(block, STR("staff:"))) continue;
        if (str_equal(block, STR("engine:")) && !top && is_setting(script, line)) continue;
        if (str_equal(block, STR("actions:")) && str_starts(str_trim(line), STR("base_url:"))) {
            buf_add_format(out, "  base_url: http://127.0.0.1:%d\n", port);
            continue;
        }
        buf_add_format(out, "%.*s\n", STR_ARG(line));
        if (top && str_equal(block, STR("engine:"))) {
            engine = true;
            add_settings(script, out);
        }
    }
    if (!engine) {
        struct buf settings;
        buf_init(&settings, 1 << 16);
        add_settings(script, &settings);
        if (settings.len) buf_add_format(out, "engine:\n%s", buf_cstr(&settings));
        buf_free(&settings);
    }
}

static bool write_workspace_file(struct err *err, const char *from, const char *to, const struct script *script, int port)
{
    struct buf text, out;
    buf_init(&text, 1 << 22);
    buf_init(&out, 1 << 22);
    bool fine = read_whole(err, from, &text);
    if (fine) rewrite(buf_str(&text), script, port, &out);
    FILE *file = fine ? fopen(to, "wb") : NULL;
    if (fine && (!file || fwrite(out.data, 1, out.len, file) != out.len))
        fine = err_set(err, "cannot write %s: %s", to, strerror(errno));
    if (file) fclose(file);
    buf_free(&text);
    buf_free(&out);
    return fine;
}

/* Everything but workspace.yaml and data/ is linked to, not copied. */
static bool copy_workspace(struct err *err, const char *directory, const char *to, const struct script *script, int port)
{
    struct arena arena = { 0 };
    char room[PATH_MAX], *absolute = realpath(directory, room);
    DIR *folder = absolute ? opendir(absolute) : NULL;
    bool fine = folder || err_set(err, "cannot read %s: %s", directory, strerror(errno));
    for (struct dirent *entry; fine && (entry = readdir(folder));) {
        const char *from = arena_format(&arena, "%s/%s", absolute, entry->d_name).data;
        const char *link = arena_format(&arena, "%s/%s", to, entry->d_name).data;
        if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "data")) continue;
        if (!strcmp(entry->d_name, "workspace.yaml")) fine = write_workspace_file(err, from, link, script, port);
        else if (symlink(from, link)) fine = err_set(err, "cannot make %s: %s", link, strerror(errno));
    }
    if (folder) closedir(folder);
    arena_free(&arena);
    return fine;
}

static void remove_tree(const char *path)
{
    DIR *folder = opendir(path);
    if (folder) {
        for (struct dirent *entry; (entry = readdir(folder));) {
            if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
            struct arena arena = { 0 };
            const char *inside = arena_format(&arena, "%s/%s", path, entry->d_name).data;
            struct stat info;
            if (!lstat(inside, &info) && S_ISDIR(info.st_mode)) remove_tree(inside);
            else unlink(inside);
            arena_free(&arena);
        }
        closedir(folder);
    }
    rmdir(path);
}

/* --- the process --- */

/* Puts the end of what the server wrote behind the reason. */
static void add_said(const struct own_server *server, struct err *err)
{
    struct arena arena = { 0 };
    struct buf said;
    struct err ignored;
    buf_init(&said, 1 << 24);
    if (read_whole(&ignored, arena_format(&arena, "%s/said", server->folder).data, &said) && said.len) {
        struct str end = str_slice(buf_str(&said), said.len > SAID_MAX ? said.len - SAID_MAX : 0, said.len);
        struct err reason = *err;
        err_set(err, "%.300s; the end of what it wrote:\n%.*s", reason.text, STR_ARG(end));
    }
    buf_free(&said);
    arena_free(&arena);
}

static bool launch(struct err *err, struct own_server *server)
{
    const char *program = "/proc/self/exe"; /* this very file, even if another has taken its name */
    char said[128];
    snprintf(said, sizeof said, "%s/said", server->folder);
    server->pid = fork();
    if (server->pid < 0) return err_set(err, "cannot start the server: %s", strerror(errno));
    if (server->pid == 0) {
        int fd = open(said, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        execl(program, "beckon", "serve", server->folder, "--port", "0", "--rate-limit", "0", "--quiet", (char *)NULL);
        _exit(127);
    }
    return true;
}

static bool wait_ready(struct err *err, struct own_server *server)
{
    char file[128];
    struct err not_yet;
    snprintf(file, sizeof file, "%s/data/operator.json", server->folder);
    for (int waited = 0; waited < READY_MS; waited += 10) {
        json_t *answer = NULL;
        long status = 0;
        if (!access(file, R_OK) && remote_read(&not_yet, file, &server->remote) && server->remote.pid == server->pid &&
            remote_call(&not_yet, &server->remote, "/readyz", NULL, &status, &answer) && status == 200) {
            json_decref(answer);
            return true;
        }
        json_decref(answer);
        if (waitpid(server->pid, NULL, WNOHANG) == server->pid) {
            server->pid = 0;
            err_set(err, "the server ended at once");
            add_said(server, err);
            return false;
        }
        usleep(10000);
    }
    err_set(err, "the server was not ready within %d s", READY_MS / 1000);
    add_said(server, err);
    return false;
}

struct own_server *own_server_start(struct err *err, const char *directory, const struct script *script, int action_port)
{
    struct own_server *server = MEMORY_NEW(struct own_server);
    const char *temporary = getenv("TMPDIR");
    snprintf(server->folder, sizeof server->folder, "%.40s/beckon-XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(server->folder)) {
        err_set(err, "cannot make a folder in %s: %s", temporary ? temporary : "/tmp", strerror(errno));
        memory_free(server);
        return NULL;
    }
    if (copy_workspace(err, directory, server->folder, script, action_port) && launch(err, server) &&
        wait_ready(err, server))
        return server;
    struct err ignored;
    if (!own_server_stop(&ignored, server)) return NULL;
    return NULL;
}

const struct remote *own_server_remote(const struct own_server *server)
{
    return &server->remote;
}

bool own_server_crash(struct err *err, struct own_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    return launch(err, server) && wait_ready(err, server);
}

bool own_server_stop(struct err *err, struct own_server *server)
{
    int status = 0;
    bool ended = server->pid <= 0;
    if (!ended) kill(server->pid, SIGTERM);
    for (int waited = 0; !ended && waited < STOP_MS; waited += 5) {
        ended = waitpid(server->pid, &status, WNOHANG) == server->pid;
        if (!ended) usleep(5000);
    }
    bool fine = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!ended) {
        kill(server->pid, SIGKILL);
        waitpid(server->pid, NULL, 0);
        err_set(err, "the server did not stop within %d s", STOP_MS / 1000);
    } else if (!fine)
        err_set(err, "the server ended with status %d", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    if (!fine) add_said(server, err);
    remove_tree(server->folder);
    memory_free(server);
    return fine;
}
