/* Faults around the server: two on one folder, a taken port, damaged or newer files, a workspace with
 * mistakes, TLS. Each says in clear words what is wrong, and nothing is lost. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/server.h"

#define WORDS "what was said before the fault"

struct scene {
    struct checks checks;
    struct arena arena;
    struct folder folder;
    const char *program, *place; /* place: of the server */
    struct own_server *server;
    struct remote remote;
    struct visitor anna;
};

/* Runs a shell line; checks its status and that it says `part`, and not more than a few lines. */
static void run(struct scene *scene, int status, const char *part, const char *name, const char *line)
{
    struct buf out;
    buf_init(&out, 1 << 24);
    int seen = shell(&out, "timeout 20 %s", line);
    bool fits = seen == status && (!part || str_find(buf_str(&out), str_of(part), 0) >= 0);
    check(&scene->checks, fits, "%s", name);
    if (!fits) printf("# %s: status %d\n# %s\n", line, seen, buf_cstr(&out));
    buf_free(&out);
}

static const char *line(struct scene *scene, const char *format, const char *a, const char *b)
{
    return arena_format(&scene->arena, format, a, b).data;
}

static const char *data(struct scene *scene, const char *name)
{
    return arena_format(&scene->arena, "%s/data/%s", scene->place, name).data;
}

static bool said(struct scene *scene)
{
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu/events", (unsigned long long)scene->anna.conversation);
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .token = scene->anna.token });
    bool found = response.status == 200 && str_find(buf_str(&response.text), STR(WORDS), 0) >= 0;
    response_free(&response);
    return found;
}

static bool start(struct scene *scene, const char *why)
{
    struct err err;
    bool started = own_server_launch(&err, scene->server);
    scene->remote = *own_server_remote(scene->server);
    return check(&scene->checks, started, "%s%s%s", why, started ? "" : ": ", started ? "" : err.text);
}

static void stop(struct scene *scene, const char *why)
{
    struct err err;
    bool stopped = own_server_end(&err, scene->server);
    check(&scene->checks, stopped, "%s%s%s", why, stopped ? "" : ": ", stopped ? "" : err.text);
}

static void twice(struct scene *scene)
{
    const char *port = strrchr(scene->remote.url, ':') + 1;
    run(scene, 1, "another beckon uses", "a second server on the same folder says so",
        line(scene, "%s serve %s --port 0", scene->program, scene->place));
    const char *other = folder_file(&scene->folder, "other");
    run(scene, 0, NULL, "init makes another workspace", line(scene, "%s init %s", scene->program, other));
    run(scene, 1, port, "a port that is taken is named",
        arena_format(&scene->arena, "%s serve %s --port %s", scene->program, other, port).data);
    run(scene, 1, "stop", "rebuild while it is served", line(scene, "%s rebuild %s", scene->program, scene->place));
    check(&scene->checks, said(scene), "the first server goes on");
    run(scene, 2, "65535", "a port that is none", line(scene, "%s serve %s --port 70000", scene->program, other));
    run(scene, 2, "did you mean `--port`", "an option with a typing error", line(scene, "%s serve %s --prot 1", scene->program, other));
    run(scene, 1, NULL, "a folder that is not there", line(scene, "%s serve %s/nowhere", scene->program, other));
    run(scene, 1, NULL, "an address that is not of this machine", line(scene, "%s serve %s --port 0 --address 192.0.2.1", scene->program, other));
    run(scene, 2, "together", "a certificate without its key", line(scene, "%s serve %s --tls-cert x", scene->program, other));
    run(scene, 1, "x.pem", "a certificate that is not there", line(scene, "%s serve %s --port 0 --tls-cert x.pem --tls-key x.pem", scene->program, other));
}

static void reload(struct scene *scene)
{
    const char *file = arena_format(&scene->arena, "%s/workspace.yaml", scene->place).data;
    const char *kept = folder_file(&scene->folder, "workspace.yaml");
    file_copy(file, kept);
    run(scene, 0, "is in force", "reload", line(scene, "%s reload %s", scene->program, scene->place));
    run(scene, 0, NULL, "a mistake in the workspace", arena_format(&scene->arena, "sh -c 'echo \"colour: red\" >> %s'", file).data);
    run(scene, 1, "workspace.yaml:", "reload names file and line", line(scene, "%s reload %s", scene->program, scene->place));
    kill(own_server_pid(scene->server), SIGHUP);
    usleep(400000);
    check(&scene->checks, said(scene) && visitor_say(&scene->remote, &scene->anna, "still here", "h1") == 200,
          "after SIGHUP with a mistake the old version stays in force");
    file_copy(kept, file);
    run(scene, 0, NULL, "another greeting", arena_format(&scene->arena, "sed -i 's/^description: .*/description: Reloaded/' %s", file).data);
    kill(own_server_pid(scene->server), SIGHUP);
    bool taken = false;
    for (int i = 0; i < 200 && !taken; i++) {
        struct response response = server_call(&scene->remote, &(struct call){ .path = "/v1/workspace" });
        taken = !strcmp(response_string(&response, "description"), "Reloaded");
        response_free(&response);
        usleep(100000);
    }
    check(&scene->checks, taken, "SIGHUP takes the mended files");
}

/* Gives 1 or 0 as /readyz says, or -1. */
static int learning(struct scene *scene)
{
    struct response response = server_call(&scene->remote, &(struct call){ .path = "/readyz" });
    const json_t *value = response.status == 200 ? json_object_get(response.json, "learning") : NULL;
    int said = json_is_boolean(value) ? json_is_true(value) : -1;
    response_free(&response);
    return said;
}

/* A server is ready before it has learned all; whatever comes meanwhile is served. */
static void still_learning(struct scene *scene)
{
    struct err err;
    scene->server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .program = scene->program });
    if (!check(&scene->checks, scene->server != NULL, "a server starts%s%s", scene->server ? "" : ": ", scene->server ? "" : err.text)) return;
    scene->remote = *own_server_remote(scene->server);
    scene->place = own_server_folder(scene->server);
    check(&scene->checks, learning(scene) == 1, "it is ready while it learns");
    run(scene, 0, "is in force", "reload while it learns", line(scene, "%s reload %s", scene->program, scene->place));
    check(&scene->checks, learning(scene) == 0, "what was read anew is learned whole");
    stop(scene, "it stops");
    if (start(scene, "it starts again")) {
        check(&scene->checks, learning(scene) == 1, "and learns again");
        stop(scene, "told to stop, it does not learn to the end");
    }
    if (start(scene, "and a third time")) {
        int now = 1;
        for (int i = 0; i < 300 && (now = learning(scene)) == 1; i++) usleep(100000);
        check(&scene->checks, now == 0, "in the end it has learned");
    }
    bool stopped = own_server_stop(&err, scene->server);
    check(&scene->checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
}

static void damaged(struct scene *scene)
{
    const char *kept = folder_file(&scene->folder, "kept");
    stop(scene, "SIGTERM ends it in good order");
    check(&scene->checks, access(data(scene, "operator.json"), F_OK) != 0, "and takes the operator's file away");
    run(scene, 0, NULL, "the data are put aside", line(scene, "cp -a %s/data %s", scene->place, kept));

    run(scene, 0, NULL, "views that are damaged", line(scene, "sh -c 'rm -f %s/data/views.db-*; echo rubbish > %s/data/views.db'", scene->place, scene->place));
    if (start(scene, "are made anew at the start")) {
        check(&scene->checks, said(scene), "with everything in them");
        stop(scene, "it stops");
    }
    run(scene, 0, NULL, "a byte of the log is changed (a text that is sealed)",
        line(scene, "sh -c 'sqlite3 %s \"update record set bytes = cast(substr(bytes, 1, length(bytes) - 1) || x'\"'\"'00'\"'\"' as blob) where seq = 3\"%s'", data(scene, "log.db"), ""));
    run(scene, 1, "event 3 is bad", "verify names the first bad event", line(scene, "%s verify %s", scene->program, scene->place));
    run(scene, 1, "\"first_bad\":3", "verify --json as well", line(scene, "%s verify %s --json", scene->program, scene->place));
    run(scene, 0, NULL, "the log as it was", arena_format(&scene->arena, "sh -c 'rm -rf %s/data; cp -a %s %s/data'", scene->place, kept, scene->place).data);

    run(scene, 0, NULL, "a log of a newer beckon", line(scene, "sqlite3 %s \"update meta set value = 99 where name = 'format'\"%s", data(scene, "log.db"), ""));
    run(scene, 1, "99", "is refused, with both formats named", line(scene, "%s serve %s --port 0", scene->program, scene->place));
    run(scene, 0, NULL, "a log that is no database", line(scene, "sh -c 'rm -f %s/data/log.db-*; head -c 9000 /dev/zero > %s/data/log.db'", scene->place, scene->place));
    run(scene, 1, "log.db", "is refused", line(scene, "%s serve %s --port 0", scene->program, scene->place));
    run(scene, 0, NULL, "the log as it was", arena_format(&scene->arena, "sh -c 'rm -rf %s/data; cp -a %s %s/data'", scene->place, kept, scene->place).data);

    run(scene, 0, NULL, "a master key that others can read", line(scene, "chmod 644 %s%s", data(scene, "master.key"), ""));
    run(scene, 1, "master.key", "is refused", line(scene, "%s serve %s --port 0", scene->program, scene->place));
    run(scene, 0, NULL, "a master key that is gone", line(scene, "mv %s %s.away", data(scene, "master.key"), data(scene, "master.key")));
    run(scene, 1, "master.key", "is not made anew over a log", line(scene, "%s serve %s --port 0", scene->program, scene->place));
    run(scene, 0, NULL, "all as it was", arena_format(&scene->arena, "sh -c 'rm -rf %s/data; cp -a %s %s/data'", scene->place, kept, scene->place).data);
    if (start(scene, "and it starts again")) check(&scene->checks, said(scene), "with everything that was said");
}

/* Files for TLS that do not fit: each named, with what is wrong with it. */
static void bad_certificates(struct scene *scene, const char *cert, const char *key)
{
    const char *other = folder_file(&scene->folder, "other-key.pem"), *locked = folder_file(&scene->folder, "locked.pem");
    const char *none = folder_file(&scene->folder, "none.pem"), *place = folder_file(&scene->folder, "other");
    run(scene, 0, NULL, "another key, and one with a password",
        arena_format(&scene->arena, "sh -c 'openssl ecparam -name prime256v1 -genkey -noout -out %s && "
                     "openssl pkey -in %s -aes256 -passout pass:secret -out %s'", other, other, locked).data);
    const struct { const char *name, *cert, *key, *says; } rows[] = {
        { "a key of another certificate", cert, other, "is the key of another certificate" },
        { "a key with a password", cert, locked, "is locked with a password" },
        { "a certificate for a key", cert, cert, "has no private key in it" },
        { "a key for a certificate", key, key, "has no certificate in it" },
        { "a key that is not there", cert, none, "none.pem cannot be read" },
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        run(scene, 1, rows[i].says, rows[i].name,
            arena_format(&scene->arena, "%s serve %s --port 0 --tls-cert %s --tls-key %s", scene->program, place, rows[i].cert, rows[i].key).data);
}

/* How the server speaks TLS, seen with other people's clients. */
static void spoken(struct scene *scene, const struct remote *remote, const char *cert)
{
    const char *port = strrchr(remote->url, ':') + 1;
    const char *client = "sh -c 'echo | openssl s_client -%s -cipher ALL:@SECLEVEL=0 -connect 127.0.0.1:%s 2>&1'";
    run(scene, 0, "healthy", "curl verifies the certificate",
        arena_format(&scene->arena, "curl -s --cacert %s https://localhost:%s/healthz", cert, port).data);
    run(scene, 1, "alert protocol version", "TLS 1.0 is refused", line(scene, client, "tls1", port));
    run(scene, 1, "alert protocol version", "TLS 1.1 is refused", line(scene, client, "tls1_1", port));
    run(scene, 0, "TLSv1.2, Cipher is ECDHE", "TLS 1.2 is spoken", line(scene, client, "tls1_2", port));
    run(scene, 0, "TLSv1.3, Cipher is TLS_", "TLS 1.3 is spoken", line(scene, client, "tls1_3", port));
    static const char *const paths[] = { "/", "/healthz", "/v1/me", "/nothing", "/%00" };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        run(scene, 0, "trict-Transport-Security: max-age=31536000", "an answer says that TLS is for a year",
            arena_format(&scene->arena, "curl -sik --path-as-is https://127.0.0.1:%s%s", port, paths[i]).data);
}

/* A story brings an operator's token along: to this machine, or to who can show whose certificate it is. */
static void told_to_a_stranger(struct scene *scene, const struct own_server *server)
{
    const char *port = strrchr(own_server_remote(server)->url, ':') + 1, *folder = own_server_folder(server);
    static const char *const rows[][2] = { { "127.0.0.1", "1 passed" }, { "shop.localhost", "certificate" } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        run(scene, (int)i, rows[i][1], rows[i][0],
            arena_format(&scene->arena, "%s scenario --against https://%s:%s/ --operator %s/data/operator.json tests/scenario/step-2-answer.scn",
                         scene->program, rows[i][0], port, folder).data);
}

static void encrypted(struct scene *scene)
{
    struct err err;
    const char *cert = folder_file(&scene->folder, "cert.pem"), *key = folder_file(&scene->folder, "key.pem");
    run(scene, 0, NULL, "a certificate is made",
        line(scene, "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
             "-addext subjectAltName=DNS:localhost -out %s -keyout %s", cert, key));
    bad_certificates(scene, cert, key);
    const char *const arguments[] = { "--tls-cert", cert, "--tls-key", key, NULL };
    struct own_server *server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .program = scene->program,
        .arguments = arguments });
    if (!check(&scene->checks, server != NULL, "a server with TLS starts%s%s", server ? "" : ": ", server ? "" : err.text)) return;
    struct remote remote = *own_server_remote(server);
    struct visitor visitor;
    check(&scene->checks, str_starts(str_of(remote.url), STR("https://")), "its address is https");
    check(&scene->checks, visitor_come(&remote, &visitor, "{}") && visitor_open(&remote, &visitor) &&
          visitor_say(&remote, &visitor, "over TLS", "t1") == 200, "a customer talks over TLS");
    spoken(scene, &remote, cert);
    char token[400];
    uint64_t id;
    check(&scene->checks, staff_come(&remote, "agent", "agent", token, &id), "a member of staff logs in");
    run(scene, 0, "Set-Cookie: __Host-beckon_session=", "whose cookie is for this host and TLS only",
        arena_format(&scene->arena, "curl -sik %s/v1/login -H 'Content-Type: application/json' "
                     "-d '{\"login\":\"agent\",\"password\":\"a long password\"}'", remote.url).data);
    run(scene, 0, "\"agent\":", "and is taken back",
        arena_format(&scene->arena, "curl -sk %s/v1/me -H 'Cookie: __Host-beckon_session=%s'", remote.url, token).data);
    run(scene, 0, "not_logged_in", "without the prefix it is not",
        arena_format(&scene->arena, "curl -sk %s/v1/me -H 'Cookie: beckon_session=%s'", remote.url, token).data);
    run(scene, 0, "LOGIN", "commands reach it", line(scene, "%s agent list %s", scene->program, own_server_folder(server)));
    told_to_a_stranger(scene, server);
    bool stopped = own_server_stop(&err, server);
    check(&scene->checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    struct err err;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    scene.program = server_program(&scene.arena, argv[0]);
    folder_make(&scene.folder);
    scene.server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .program = scene.program });
    if (check(&scene.checks, scene.server != NULL, "the server starts%s%s", scene.server ? "" : ": ", scene.server ? "" : err.text)) {
        scene.place = own_server_folder(scene.server);
        scene.remote = *own_server_remote(scene.server);
        bool fine = visitor_come(&scene.remote, &scene.anna, "{}") && visitor_open(&scene.remote, &scene.anna) &&
            visitor_say(&scene.remote, &scene.anna, WORDS, "k1") == 200;
        check(&scene.checks, fine && said(&scene), "a customer says something");
        twice(&scene);
        reload(&scene);
        damaged(&scene);
        bool stopped = own_server_stop(&err, scene.server);
        check(&scene.checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    still_learning(&scene);
    encrypted(&scene);
    folder_remove(&scene.folder);
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
