/* A disk that does not confirm a write, and a clock that is set back, under the real server. The faults
 * come from a library between it and the system (sabotage.c), so the server is the plain one: with
 * sanitizers it would want to be loaded first. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/server.h"

#define HOUR_MS 3600000

struct scene {
    struct checks checks;
    struct arena arena;
    struct folder folder;
    const char *library, *commands;
    struct own_server *server;
    struct remote remote;
    struct visitor anna;
};

/* A command of sabotage.c; NULL takes it back. */
static void order(struct scene *scene, const char *name, const char *text)
{
    const char *path = arena_format(&scene->arena, "%s/%s", scene->commands, name).data;
    if (text) file_write(path, str_of(text));
    else unlink(path);
}

static bool launch(struct scene *scene)
{
    struct err err;
    setenv("LD_PRELOAD", scene->library, 1);
    setenv("SABOTAGE", scene->commands, 1);
    bool started = own_server_launch(&err, scene->server);
    unsetenv("LD_PRELOAD");
    scene->remote = *own_server_remote(scene->server);
    return check(&scene->checks, started, "it starts%s%s", started ? "" : ": ", started ? "" : err.text);
}

static void end(struct scene *scene)
{
    struct err err;
    bool ended = own_server_end(&err, scene->server);
    check(&scene->checks, ended, "it stops in good order%s%s", ended ? "" : ": ", ended ? "" : err.text);
}

static struct response history(struct scene *scene)
{
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu/events?limit=500", (unsigned long long)scene->anna.conversation);
    return server_call(&scene->remote, &(struct call){ .path = path, .token = scene->anna.token });
}

/* How many texts of Anna's the server has, and whether the times never go back. */
static int stored(struct scene *scene, bool *in_order, int64_t *last_at)
{
    struct response page = history(scene);
    json_t *event, *events = json_object_get(page.json, "events");
    int count = 0;
    size_t i;
    *last_at = 0;
    *in_order = true;
    json_array_foreach(events, i, event) {
        const char *author = json_string_value(json_object_get(event, "author"));
        int64_t at = json_integer_value(json_object_get(event, "at"));
        count += author && !strcmp(author, "customer");
        *in_order = *in_order && at >= *last_at;
        *last_at = at;
    }
    response_free(&page);
    return count;
}

/* --- the disk --- */

/* Which file fails, and what the server must not have done with the message that met the failure. */
static void no_sync(struct scene *scene, const char *file, int before)
{
    struct err err;
    bool in_order;
    int64_t at;
    char key[40];
    snprintf(key, sizeof key, "met-%s", file);
    order(scene, "fail-sync", file);
    long status;
    /* A key is written for somebody new only. */
    if (!strcmp(file, "keys.db-wal")) {
        struct response response = server_call(&scene->remote, &(struct call){ .path = "/v1/session", .body = "{\"name\":\"Cleo\"}" });
        status = response.status;
        response_free(&response);
    } else
        status = visitor_say(&scene->remote, &scene->anna, "does this arrive?", key);
    check(&scene->checks, status == 0, "%s: what meets a failed fsync has no answer at all (%ld)", file, status);
    bool ended = own_server_end(&err, scene->server);
    const char *named = strcmp(file, "keys.db-wal") ? "data/log.db (fsync" : "data/keys.db (fsync";
    bool fits = check(&scene->checks, !ended && strstr(err.text, "status 74") && strstr(err.text, named),
                      "%s: the process ends with status 74 and names the file", file);
    if (!fits) printf("# %s\n", err.text);
    order(scene, "fail-sync", NULL);
    if (!launch(scene)) return;
    int seen = stored(scene, &in_order, &at);
    check(&scene->checks, seen == before || seen == before + 1, "%s: what was acknowledged is there (%d of %d)", file, seen, before);
    if (strcmp(file, "keys.db-wal") == 0) return;
    check(&scene->checks, visitor_say(&scene->remote, &scene->anna, "does this arrive?", key) == 200 &&
          stored(scene, &in_order, &at) == before + 1, "%s: sent again with its key it is there once", file);
}

static void at_the_start(struct scene *scene)
{
    struct err err;
    end(scene);
    order(scene, "fail-sync", "log.db-wal");
    setenv("LD_PRELOAD", scene->library, 1);
    bool started = own_server_launch(&err, scene->server);
    unsetenv("LD_PRELOAD");
    check(&scene->checks, !started && strstr(err.text, "fsync"), "a start on a disk that does not confirm ends with words");
    order(scene, "fail-sync", NULL);
    launch(scene);
}

/* --- the clock --- */

static void set_back(struct scene *scene)
{
    bool in_order;
    int64_t before, after, later;
    stored(scene, &in_order, &before);
    order(scene, "clock", "-3600");
    bool said = visitor_say(&scene->remote, &scene->anna, "an hour ago?", "clock-1") == 200;
    stored(scene, &in_order, &after);
    check(&scene->checks, said && in_order && after >= before && after < before + HOUR_MS / 2,
          "set back while it serves: messages are taken, and no time goes back");
    char token[400];
    uint64_t id;
    check(&scene->checks, staff_come(&scene->remote, "agent", "agent", token, &id), "an agent logs in");
    struct response me = server_call(&scene->remote, &(struct call){ .path = "/v1/me", .token = token });
    check(&scene->checks, me.status == 200, "whose session is valid");
    response_free(&me);
    end(scene);
    if (!launch(scene)) return;
    said = visitor_say(&scene->remote, &scene->anna, "started in the past", "clock-2") == 200;
    stored(scene, &in_order, &later);
    check(&scene->checks, said && in_order && later >= after, "started with a clock behind the log: the same");
    me = server_call(&scene->remote, &(struct call){ .path = "/v1/me", .token = token });
    check(&scene->checks, me.status == 200, "the session goes on");
    response_free(&me);
    order(scene, "clock", NULL);
    said = visitor_say(&scene->remote, &scene->anna, "and right again", "clock-3") == 200;
    stored(scene, &in_order, &after);
    check(&scene->checks, said && in_order && after < later + HOUR_MS, "set right again: the same");
    order(scene, "clock", "2505600"); /* 29 days ahead */
    said = visitor_say(&scene->remote, &scene->anna, "from the future", "clock-4") == 200;
    me = server_call(&scene->remote, &(struct call){ .path = "/v1/me", .token = token });
    check(&scene->checks, said && me.status == 401 && !strcmp(me.code, "not_logged_in"),
          "set 29 days ahead: staff's sessions have expired, customers' not yet");
    response_free(&me);
    order(scene, "clock", "2678400"); /* 31 days */
    long status = visitor_say(&scene->remote, &scene->anna, "from further on", "clock-5");
    check(&scene->checks, status == 401, "31 days: customers' as well (%ld)", status);
    struct visitor cleo;
    check(&scene->checks, visitor_come(&scene->remote, &cleo, "{}") && visitor_open(&scene->remote, &cleo) &&
          visitor_say(&scene->remote, &cleo, "new here", "clock-6") == 200, "and whoever comes is served");
    order(scene, "clock", NULL);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    struct err err;
    bool in_order;
    int64_t at;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct str self = str_of(argv[0]);
    ptrdiff_t cut = str_find(self, STR("/tests/"), 0);
    must(cut > 0);
    char room[4096];
    scene.library = realpath(arena_format(&scene.arena, "%.*s/tests/sabotage.so", (int)cut, argv[0]).data, room);
    must(scene.library);
    folder_make(&scene.folder);
    scene.commands = folder_file(&scene.folder, "commands");
    must(mkdir(scene.commands, 0700) == 0);
    scene.server = own_server_start(&err, &(struct own_server_options){ .directory = "demo",
        .program = server_program(&scene.arena, argv[0]) });
    if (check(&scene.checks, scene.server != NULL, "the server starts%s%s", scene.server ? "" : ": ", scene.server ? "" : err.text)) {
        end(&scene);
        if (launch(&scene) && check(&scene.checks, visitor_come(&scene.remote, &scene.anna, "{\"name\":\"Anna\"}") &&
                                    visitor_open(&scene.remote, &scene.anna) &&
                                    visitor_say(&scene.remote, &scene.anna, "hello", "k1") == 200, "a customer comes")) {
            no_sync(&scene, "log.db-wal", stored(&scene, &in_order, &at));
            no_sync(&scene, "keys.db-wal", stored(&scene, &in_order, &at));
            at_the_start(&scene);
            set_back(&scene);
        }
        bool stopped = own_server_stop(&err, scene.server);
        check(&scene.checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    folder_remove(&scene.folder);
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
