#include "cli/own_server.h"

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

#define READY_MS 60000
#define STOP_MS 15000
#define SAID_MAX 600
#define ARGUMENTS_MAX 32

struct own_server {
    struct own_server_options options;
    char folder[PATH_MAX];
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
    for (size_t i = 0; script && i < script->count; i++)
        if (script->statements[i].verb == SCRIPT_SETTING &&
            str_equal(script_argument(&script->statements[i], 0)->text, name))
            return true;
    return false;
}

static void add_settings(const struct script *script, struct buf *out)
{
    for (size_t i = 0; script && i < script->count; i++)
        if (script->statements[i].verb == SCRIPT_SETTING)
            buf_add_format(out, "  %.*s: %lld\n", STR_ARG(script_argument(&script->statements[i], 0)->text),
                           (long long)script_argument(&script->statements[i], 1)->number);
}

/* The workspace.yaml with the script's settings, its actions at `port` and nobody on the staff. */
static void rewrite(struct str text, const struct own_server_options *options, struct buf *out)
{
    const struct script *script = options->script;
    struct str line, block = STR_EMPTY;
    bool engine = false;
    while (str_split(&text, '\n', &line)) {
        bool top = line.len && line.data[0] != ' ' && line.data[0] != '#' && line.data[0] != '-';
        if (top) block = str_slice(line, 0, (size_t)(str_find_char(line, ':', 0) + 1));
        if (str_equal(block, STR("staff:")) && !options->with_staff) continue;
        if (str_equal(block, STR("engine:")) && !top && is_setting(script, line)) continue;
        if (options->action_port && str_equal(block, STR("actions:")) && str_starts(str_trim(line), STR("base_url:"))) {
            buf_add_format(out, "  base_url: http://127.0.0.1:%d\n", options->action_port);
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

static bool write_workspace_file(struct err *err, const char *from, const char *to, const struct own_server_options *options)
{
    struct buf text, out;
    buf_init(&text, 1 << 22);
    buf_init(&out, 1 << 22);
    bool fine = read_whole(err, from, &text);
    if (fine) rewrite(buf_str(&text), options, &out);
    FILE *file = fine ? fopen(to, "wb") : NULL;
    if (fine && (!file || fwrite(out.data, 1, out.len, file) != out.len))
        fine = err_set(err, "cannot write %s: %s", to, strerror(errno));
    if (file) fclose(file);
    buf_free(&text);
    buf_free(&out);
    return fine;
}

/* Everything but workspace.yaml and data/ is linked to, not copied. */
static bool copy_workspace(struct err *err, const struct own_server_options *options, const char *to)
{
    const char *directory = options->directory;
    struct arena arena = { 0 };
    char room[PATH_MAX], *absolute = realpath(directory, room);
    DIR *folder = absolute ? opendir(absolute) : NULL;
    bool fine = folder || err_set(err, "cannot read %s: %s", directory, strerror(errno));
    for (struct dirent *entry; fine && (entry = readdir(folder));) {
        const char *from = arena_format(&arena, "%s/%s", absolute, entry->d_name).data;
        const char *link = arena_format(&arena, "%s/%s", to, entry->d_name).data;
        if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "data")) continue;
        if (!strcmp(entry->d_name, "workspace.yaml")) fine = write_workspace_file(err, from, link, options);
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

static bool wait_ready(struct err *err, struct own_server *server)
{
    char file[PATH_MAX + 32];
    struct err not_yet;
    snprintf(file, sizeof file, "%s/data/operator.json", server->folder);
    for (int waited = 0; waited < READY_MS; waited += 10) {
        json_t *answer = NULL;
        long status = 0;
        bool ready = !access(file, R_OK) && remote_read(&not_yet, file, &server->remote) && server->remote.pid == server->pid &&
                     remote_call(&not_yet, &server->remote, "/readyz", NULL, &status, &answer) && status == 200;
        json_decref(answer);
        if (ready) return true;
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

static void run(const struct own_server *server, int said)
{
    const struct own_server_options *options = &server->options;
    const char *arguments[ARGUMENTS_MAX] = { "beckon", "serve", server->folder, "--port", "0", "--quiet" };
    size_t count = 6;
    if (!options->limited) {
        arguments[count++] = "--rate-limit";
        arguments[count++] = "0";
    }
    for (size_t i = 0; options->arguments && options->arguments[i] && count < ARGUMENTS_MAX - 1; i++)
        arguments[count++] = options->arguments[i];
    dup2(said, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    /* This very file, even if another has taken its name. */
    execv(options->program ? options->program : "/proc/self/exe", (char *const *)(uintptr_t)arguments);
    _exit(127);
}

bool own_server_launch(struct err *err, struct own_server *server)
{
    char said[PATH_MAX + 32];
    snprintf(said, sizeof said, "%s/said", server->folder);
    server->pid = fork();
    if (server->pid < 0) return err_set(err, "cannot start the server: %s", strerror(errno));
    if (server->pid == 0) run(server, open(said, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    return wait_ready(err, server);
}

struct own_server *own_server_start(struct err *err, const struct own_server_options *options)
{
    struct own_server *server = MEMORY_NEW(struct own_server);
    const char *temporary = options->temporary ? options->temporary : getenv("TMPDIR");
    if (!temporary || !*temporary) temporary = "/tmp";
    server->options = *options;
    errno = ENAMETOOLONG;
    int len = snprintf(server->folder, sizeof server->folder, "%s/beckon-XXXXXX", temporary);
    if ((size_t)len >= sizeof server->folder || !mkdtemp(server->folder)) {
        err_set(err, "cannot make a folder in %s: %s", temporary, strerror(errno));
        memory_free(server);
        return NULL;
    }
    if (copy_workspace(err, options, server->folder) && own_server_launch(err, server)) return server;
    struct err ignored;
    if (!own_server_stop(&ignored, server)) return NULL;
    return NULL;
}

const struct remote *own_server_remote(const struct own_server *server)
{
    return &server->remote;
}

const char *own_server_folder(const struct own_server *server)
{
    return server->folder;
}

pid_t own_server_pid(const struct own_server *server)
{
    return server->pid;
}

void own_server_kill(struct own_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}

bool own_server_crash(struct err *err, struct own_server *server)
{
    own_server_kill(server);
    return own_server_launch(err, server);
}

bool own_server_end(struct err *err, struct own_server *server)
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
        own_server_kill(server);
        err_set(err, "the server did not stop within %d s", STOP_MS / 1000);
    } else if (!fine)
        err_set(err, "the server ended with status %d", WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    server->pid = 0;
    if (!fine) add_said(server, err);
    return fine;
}

bool own_server_stop(struct err *err, struct own_server *server)
{
    bool fine = own_server_end(err, server);
    remove_tree(server->folder);
    memory_free(server);
    return fine;
}
