/* A full disk under the real server, on a small tmpfs: nothing is acknowledged that is not stored, a
 * clear 503, readiness false, reading goes on, and it recovers by itself once there is room.
 * Needs root to mount; says so and checks nothing more elsewhere. */
#include <curl/curl.h>
#include <stdio.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/server.h"

#define PATIENCE_MS 15000

struct scene {
    struct checks checks;
    struct arena arena;
    struct folder folder;
    const char *mounted, *filler, *program;
    struct own_server *server;
    struct remote remote;
    struct visitor anna;
    int said;
};

/* Anna's texts that the server has. */
static int stored(struct scene *scene)
{
    int found = 0;
    uint64_t after = 0;
    for (size_t count = 500; count == 500;) {
        char path[120];
        json_t *events, *event;
        size_t i;
        snprintf(path, sizeof path, "/v1/conversations/%llu/events?after=%llu&limit=500",
                 (unsigned long long)scene->anna.conversation, (unsigned long long)after);
        struct response page = server_call(&scene->remote, &(struct call){ .path = path, .token = scene->anna.token });
        events = json_object_get(page.json, "events");
        count = page.status == 200 ? json_array_size(events) : 0;
        json_array_foreach(events, i, event) {
            const char *author = json_string_value(json_object_get(event, "author"));
            found += author && !strcmp(author, "customer");
            after = (uint64_t)json_integer_value(json_object_get(event, "seq"));
        }
        response_free(&page);
    }
    return found;
}

static long ready(struct scene *scene, bool *named)
{
    struct response response = server_call(&scene->remote, &(struct call){ .path = "/readyz" });
    long status = response.status;
    *named = str_find(buf_str(&response.text), STR("disk"), 0) >= 0 || str_find(buf_str(&response.text), STR("full"), 0) >= 0;
    response_free(&response);
    return status;
}

static long say(struct scene *scene, const char *key)
{
    static const char text[] = "{\"text\":\"a text that takes some room on the disk, again and again and again and again\"}";
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu/messages", (unsigned long long)scene->anna.conversation);
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .body = text,
        .token = scene->anna.token, .key = key });
    long status = response.status;
    if (status == 503 && strcmp(response.code, "disk_full") != 0) status = 599;
    scene->said += status == 200;
    response_free(&response);
    return status;
}

static void fill(struct scene *scene)
{
    /* All there is but the last page: the log's own reserve must not be enough for ever. */
    shell(NULL, "head -c 1G /dev/zero > %s", scene->filler);
}

static void story(struct scene *scene)
{
    char key[40];
    bool named;
    for (int i = 0; i < 20; i++) {
        snprintf(key, sizeof key, "before-%d", i);
        say(scene, key);
    }
    check(&scene->checks, scene->said == 20, "with room everything is stored");
    fill(scene);
    long status = 200;
    int tries = 0;
    for (; tries < 3000 && status == 200; tries++) {
        snprintf(key, sizeof key, "full-%d", tries);
        status = say(scene, key);
    }
    check(&scene->checks, status == 503, "with the disk full: 503 disk_full, after %d more (%ld)", tries - 1, status);
    snprintf(key, sizeof key, "full-%d", tries - 1);
    check(&scene->checks, ready(scene, &named) == 503 && named, "readiness is false and says why");
    check(&scene->checks, stored(scene) == scene->said, "what was acknowledged can be read, and nothing more (%d of %d)", stored(scene), scene->said);
    struct response health = server_call(&scene->remote, &(struct call){ .path = "/healthz" });
    check(&scene->checks, health.status == 200, "the process is healthy");
    response_free(&health);
    check(&scene->checks, say(scene, key) == 503, "still refused");
    check(&scene->checks, shell(NULL, "%s backup %s %s/copy", scene->program, own_server_folder(scene->server), scene->mounted) == 74,
          "a backup onto the full disk ends with status 74");
    check(&scene->checks, shell(NULL, "test -e %s/copy", scene->mounted) != 0, "and leaves no half of a file");
    unlink(scene->filler);
    long again = 503;
    for (int waited = 0; waited < PATIENCE_MS && again != 200; waited += 100) {
        usleep(100000);
        again = say(scene, key);
    }
    check(&scene->checks, again == 200, "with room again it recovers by itself, and the same key is done once");
    check(&scene->checks, ready(scene, &named) == 200, "readiness is true again");
    check(&scene->checks, stored(scene) == scene->said, "nothing is lost and nothing there twice (%d of %d)", stored(scene), scene->said);
}

static void play(struct scene *scene)
{
    const char *program = scene->program;
    struct err err;
    struct buf out;
    scene->server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .program = program,
        .temporary = scene->mounted });
    if (!check(&scene->checks, scene->server != NULL, "the server starts%s%s", scene->server ? "" : ": ", scene->server ? "" : err.text))
        return;
    scene->remote = *own_server_remote(scene->server);
    if (check(&scene->checks, visitor_come(&scene->remote, &scene->anna, "{}") && visitor_open(&scene->remote, &scene->anna),
              "a customer comes"))
        story(scene);
    bool stopped = own_server_end(&err, scene->server);
    check(&scene->checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    buf_init(&out, 1 << 20);
    int status = shell(&out, "%s verify %s", program, own_server_folder(scene->server));
    check(&scene->checks, status == 0, "the chain is whole: %s", buf_cstr(&out));
    buf_free(&out);
    fill(scene);
    check(&scene->checks, !own_server_launch(&err, scene->server) || own_server_pid(scene->server) > 0,
          "a start on a full disk ends with words or serves what it can");
    unlink(scene->filler);
    if (own_server_pid(scene->server) > 0) check(&scene->checks, own_server_end(&err, scene->server), "and stops");
    bool again = own_server_launch(&err, scene->server);
    scene->remote = *own_server_remote(scene->server);
    check(&scene->checks, again && stored(scene) == scene->said, "after that it starts with everything (%d of %d)", stored(scene), scene->said);
    check(&scene->checks, own_server_stop(&err, scene->server), "and stops");
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    folder_make(&scene.folder);
    scene.mounted = folder_file(&scene.folder, "m");
    scene.filler = arena_format(&scene.arena, "%s/filler", scene.mounted).data;
    scene.program = server_program(&scene.arena, argv[0]);
    if (shell(NULL, "mkdir %s && mount -t tmpfs -o size=48M tmpfs %s", scene.mounted, scene.mounted))
        check(&scene.checks, true, "# skipped: mounting a small file system needs root");
    else
        play(&scene);
    shell(NULL, "umount %s", scene.mounted);
    folder_remove(&scene.folder);
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
