/* What is kept: backup while serving, erasing a customer, restoring, and the commands that do it. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/server.h"

#define SECRET "my telephone number is +46 70 555 01 23"
#define OTHER "nothing private about parcels"

struct scene {
    struct checks checks;
    struct arena arena;
    struct folder folder;
    const char *program;
    struct own_server *server;
    struct remote remote;
    struct visitor anna, bo;
};

static bool has(const struct buf *text, const char *part)
{
    return str_find(buf_str(text), str_of(part), 0) >= 0;
}

/* Runs beckon; checks the exit status, and that the output has `part` in it (NULL: anything). */
static void run(struct scene *scene, int status, const char *part, const char *name, const char *arguments)
{
    struct buf out;
    buf_init(&out, 1 << 24);
    int seen = shell(&out, "%s %s", scene->program, arguments);
    bool fits = seen == status && (!part || has(&out, part));
    check(&scene->checks, fits, "%s", name);
    if (!fits) printf("# beckon %s: status %d\n# %s\n", arguments, seen, buf_cstr(&out));
    buf_free(&out);
}

static const char *words(struct scene *scene, const char *format, const char *a, const char *b)
{
    return arena_format(&scene->arena, format, a, b).data;
}

/* Whether the bytes stand in any file below the folder but those of the operating system. */
static bool anywhere(const char *folder, const char *bytes)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    bool found = shell(&out, "grep -rlaF '%s' '%s'", bytes, folder) == 0;
    if (found) printf("# found in %s\n", buf_cstr(&out));
    buf_free(&out);
    return found;
}

static long history_status(struct scene *scene, const struct visitor *visitor, const char *token, const char *part, bool *found)
{
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu/events", (unsigned long long)visitor->conversation);
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .token = token });
    long status = response.status;
    *found = str_find(buf_str(&response.text), str_of(part), 0) >= 0;
    response_free(&response);
    return status;
}

static bool live(struct scene *scene)
{
    struct err err;
    scene->server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .program = scene->program });
    if (!check(&scene->checks, scene->server != NULL, "the server starts%s%s", scene->server ? "" : ": ", scene->server ? "" : err.text))
        return false;
    scene->remote = *own_server_remote(scene->server);
    bool fine = visitor_come(&scene->remote, &scene->anna, "{\"name\":\"Anna Berg-Lundqvist\",\"email\":\"anna.bl@example.com\"}") &&
        visitor_open(&scene->remote, &scene->anna) && visitor_come(&scene->remote, &scene->bo, "{\"name\":\"Bo\"}") &&
        visitor_open(&scene->remote, &scene->bo) && visitor_say(&scene->remote, &scene->anna, SECRET, "k1") == 200 &&
        visitor_say(&scene->remote, &scene->bo, OTHER, "k1") == 200;
    return check(&scene->checks, fine, "two customers come and say something");
}

static void staff(struct scene *scene, const char *folder)
{
    const char *file = folder_file(&scene->folder, "password");
    file_write(file, STR("a password of length\n"));
    run(scene, 0, "added maria", "agent add on a running server",
        arena_format(&scene->arena, "agent add %s maria --name Maria --skills payments --languages en,sv --password-file %s", folder, file).data);
    run(scene, 1, "login is in use", "the same login again", words(scene, "agent add %s Maria --password-file %s", folder, file));
    run(scene, 0, "maria", "agent list on a running server", words(scene, "agent list %s%s", folder, ""));
    run(scene, 0, NULL, "agent change", words(scene, "agent change %s maria --capacity 7%s", folder, ""));
    run(scene, 0, "\"capacity\": 7", "agent list --json shows it", words(scene, "agent list %s --json%s", folder, ""));
    run(scene, 1, "nobody has the login", "an unknown login is named", words(scene, "agent remove %s nobody%s", folder, ""));
    struct response login = server_call(&scene->remote, &(struct call){ .path = "/v1/login",
        .body = "{\"login\":\"MARIA\",\"password\":\"a password of length\"}" });
    check(&scene->checks, login.status == 200, "she can log in, in whatever letters");
    const char *token = arena_cstr(&scene->arena, str_of(response_string(&login, "token")));
    file_write(file, STR("another password\n"));
    run(scene, 0, NULL, "agent password", words(scene, "agent password %s maria --password-file %s", folder, file));
    struct response me = server_call(&scene->remote, &(struct call){ .path = "/v1/me", .token = token });
    check(&scene->checks, me.status == 401, "which ends her session");
    run(scene, 0, NULL, "agent remove", words(scene, "agent remove %s maria%s", folder, ""));
    response_free(&login);
    response_free(&me);
}

static void sealed(struct scene *scene, const char *folder)
{
    bool found;
    check(&scene->checks, history_status(scene, &scene->anna, scene->anna.token, SECRET, &found) == 200 && found,
          "Anna reads what she wrote");
    run(scene, 0, "message.sent", "tail shows the log beside a running server", words(scene, "tail %s --from 1%s", folder, ""));
    struct buf out;
    buf_init(&out, 1 << 22);
    shell(&out, "%s tail %s --from 1 --json", scene->program, folder);
    check(&scene->checks, !has(&out, SECRET) && has(&out, "(sealed)"), "with personal fields sealed");
    buf_clear(&out);
    shell(&out, "%s tail %s --from 1 --json --open", scene->program, folder);
    check(&scene->checks, has(&out, SECRET), "and with --open in the clear");
    buf_free(&out);
    check(&scene->checks, !file_has(arena_format(&scene->arena, "%s/data/log.db", folder).data, STR(SECRET)) &&
          !file_has(arena_format(&scene->arena, "%s/data/log.db-wal", folder).data, STR(SECRET)),
          "the log's bytes do not hold it");
}

static void backup(struct scene *scene, const char *folder, const char *log, const char *keys)
{
    run(scene, 0, "copied the log", "backup while serving",
        arena_format(&scene->arena, "backup %s %s --keys %s", folder, log, keys).data);
    run(scene, 1, "is there already", "a backup overwrites nothing", words(scene, "backup %s %s", folder, log));
    run(scene, 1, NULL, "a backup into a folder that is not there", words(scene, "backup %s /nowhere/at/all%s", folder, ""));
    check(&scene->checks, shell(NULL, "test $(find %s/data %s %s -type f ! -name 'firm.db*' ! -perm 600 | wc -l) = 0", folder, log, keys) == 0,
          "nobody but the owner may read them, nor anything of data/");
    check(&scene->checks, !file_has(log, STR(SECRET)) && !file_has(log, STR("anna.bl@example.com")), "its bytes hold nothing readable");
}

static void erase(struct scene *scene, const char *folder)
{
    bool found;
    check(&scene->checks, anywhere(arena_format(&scene->arena, "%s/data", folder).data, SECRET),
          "before, the search's table holds the text in the clear");
    run(scene, 1, NULL, "erasing somebody who is not there", words(scene, "erase %s 4711%s", folder, ""));
    run(scene, 2, "no customer's number", "erasing a word", words(scene, "erase %s anna%s", folder, ""));
    run(scene, 0, "is erased", "erase on a running server",
        arena_format(&scene->arena, "erase %s %llu", folder, (unsigned long long)scene->anna.customer).data);
    check(&scene->checks, history_status(scene, &scene->anna, scene->anna.token, SECRET, &found) == 401 && !found, "her session is over");
    history_status(scene, &scene->anna, scene->remote.token, SECRET, &found);
    check(&scene->checks, !found, "the operator does not read it either");
    check(&scene->checks, history_status(scene, &scene->bo, scene->bo.token, OTHER, &found) == 200 && found, "Bo's is untouched");
    check(&scene->checks, !anywhere(arena_format(&scene->arena, "%s/data", folder).data, SECRET) &&
          !anywhere(arena_format(&scene->arena, "%s/data", folder).data, "anna.bl@example.com"),
          "no byte of hers stands in any file of the data folder");
    run(scene, 0, "every hash as it was written", "the chain still verifies, while serving", words(scene, "verify %s%s", folder, ""));
}

/* Backups from before the erasure: without the old keys nothing of hers can be read. */
static void restore(struct scene *scene, const char *folder, const char *log, const char *keys)
{
    struct err err;
    struct buf out;
    const char *place = folder_file(&scene->folder, "restored");
    const char *fresh = folder_file(&scene->folder, "keys-after");
    buf_init(&out, 1 << 22);
    run(scene, 1, "is there already", "restore does not overwrite", words(scene, "restore %s %s", folder, log));
    run(scene, 0, "copied the keys", "the keys as they are now",
        arena_format(&scene->arena, "backup %s %s --keys %s", folder, folder_file(&scene->folder, "log-after"), fresh).data);
    check(&scene->checks, own_server_end(&err, scene->server), "the server stops in good order");
    shell(NULL, "mkdir %s && cp -rL %s/workspace.yaml %s/topics %s/actions %s/knowledge %s/*.secret %s/*.token %s/ && "
          "mkdir -m 700 %s/data && cp -p %s/data/master.key %s/data/", place, folder, folder, folder, folder, folder, folder,
          place, place, folder, place);
    run(scene, 1, "no backup that can be used", "what is no backup is refused", words(scene, "restore %s %s/workspace.yaml", place, folder));
    run(scene, 0, "restored", "the old log with the keys of now",
        arena_format(&scene->arena, "restore %s %s --keys %s", place, log, fresh).data);
    shell(&out, "%s tail %s --from 1 --json --open", scene->program, place);
    check(&scene->checks, !has(&out, SECRET) && has(&out, OTHER), "opens Bo's words and not Anna's");
    run(scene, 0, "every hash", "and verifies", words(scene, "verify %s%s", place, ""));
    run(scene, 0, "the views hold", "rebuild makes the views of it", words(scene, "rebuild %s%s", place, ""));
    run(scene, 0, "LOGIN", "agent list without a server", words(scene, "agent list %s%s", place, ""));
    run(scene, 0, "is erased", "erase without a server",
        arena_format(&scene->arena, "erase %s %llu", place, (unsigned long long)scene->bo.customer).data);
    check(&scene->checks, !anywhere(arena_format(&scene->arena, "%s/data", place).data, OTHER), "reaches every byte as well");
    shell(NULL, "rm -rf %s/data/log.db* %s/data/keys.db*", place, place);
    run(scene, 0, "restored", "the old log with the old keys: why keys are kept briefly",
        arena_format(&scene->arena, "restore %s %s --keys %s", place, log, keys).data);
    buf_clear(&out);
    shell(&out, "%s tail %s --from 1 --json --open", scene->program, place);
    check(&scene->checks, has(&out, SECRET), "would open Anna's words");
    buf_free(&out);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    struct err err;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    scene.program = server_program(&scene.arena, argv[0]);
    folder_make(&scene.folder);
    if (live(&scene)) {
        const char *folder = own_server_folder(scene.server);
        const char *log = folder_file(&scene.folder, "log-before"), *keys = folder_file(&scene.folder, "keys-before");
        staff(&scene, folder);
        sealed(&scene, folder);
        backup(&scene, folder, log, keys);
        erase(&scene, folder);
        restore(&scene, folder, log, keys);
        check(&scene.checks, own_server_stop(&err, scene.server), "all is put away");
    }
    folder_remove(&scene.folder);
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
