/* Files of the data folder that are damaged, lost, foreign or of another version: the server and the
 * commands say what is wrong and how to mend it, or go on because the log holds everything. Never a
 * crash, never a silent beginning from nothing. */
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/server.h"
#include "engine/engine.h"
#include "log/log.h"

#define WORDS "what was said before the damage"
#define HEAD_MAX 128

struct scene {
    struct checks checks;
    struct arena arena;
    struct folder folder;
    const char *program, *place, *kept; /* the workspace; its data as they were */
    struct own_server *server;
    struct remote remote;
    struct visitor anna;
    uint64_t message; /* seq of the first */
};

/* What is done to a file of data/ ($F), and what the server and `verify` then come to. */
enum comes { SERVES, REFUSES };
struct damage {
    const char *file, *name, *line; /* the line runs in the shell */
    enum comes server;
    const char *says;               /* part of what the server says, or NULL */
    int verify;                     /* its exit status */
    const char *verify_says;
};

#define RANDOM "head -c 20000 /dev/urandom > $F"
#define EMPTY ": > $F"
#define CUT "truncate -s $(( $(stat -c %s $F) * 2 / 3 )) $F"
#define FOLDER "rm -f $F; mkdir $F"
#define GONE "rm -rf $F"
#define NEWER "sqlite3 $F \"update meta set value = 99 where name = 'format'\""
#define FOREIGN "sqlite3 $F 'pragma application_id = 77' > /dev/null"
#define SQL(text) "sqlite3 $F \"" text "\""
#define WHOLE "every hash as it was written"

static const struct damage damages[] = {
    { "log.db", "random bytes", RANDOM, REFUSES, "is not a beckon log", 1, "is not a beckon log" },
    { "log.db", "an empty file", EMPTY, REFUSES, "the log was lost", 1, "is empty" },
    { "log.db", "cut off", CUT, REFUSES, "is damaged", 1, "is damaged" },
    { "log.db", "a folder in its place", FOLDER, REFUSES, "log.db cannot be opened", 1, "log.db cannot be opened" },
    { "log.db", "gone", GONE, REFUSES, "the log was lost", 1, "the log was lost" },
    { "log.db", "of a newer version", NEWER, REFUSES, "has format 99; this program knows formats up to 1", 1, "format 99" },
    { "log.db", "of another program", FOREIGN, REFUSES, "of another program", 1, "of another program" },
    { "log.db", "a byte added to event 3", SQL("update record set bytes = cast(bytes || x'00' as blob) where seq = 3"),
      SERVES, NULL, 1, "event 3 is bad" },
    { "log.db", "event 4 taken out", SQL("delete from record where seq = 4"), SERVES, NULL, 1, "event 4 is bad" },
    { "log.db", "event 1 taken out", SQL("delete from record where seq = 1"), SERVES, NULL, 1, "event 1 is bad" },
    { "log.db", "events 4 and 5 exchanged", SQL("update record set seq = 1000 where seq = 4; update record set seq = 4 where seq = 5; update record set seq = 5 where seq = 1000"),
      SERVES, NULL, 1, "event 4 is bad" },
    { "log.db", "the time of event 5 changed", SQL("update record set at_ms = at_ms + 1 where seq = 5"), SERVES, NULL, 1, "event 5 is bad" },
    { "log.db", "a hash cut short", SQL("update record set hash = x'00' where seq = 5"), SERVES, NULL, 1, "event 5 is bad" },
    { "log.db", "an event far behind the end", SQL("insert into record values(100000, 1, zeroblob(32), x'00')"),
      REFUSES, "is missing", 1, "is missing (after event" },
    { "log.db", "an event in front of the first", SQL("insert into record values(-1, 1, zeroblob(32), x'00')"),
      SERVES, NULL, 1, "event 1 is bad" },
    { "log.db", "the end cut off", SQL("delete from record where seq > 5"), REFUSES, "it ends with event 5", 1, "event 6 is bad" },
    { "log.db", "the end cut off, and no snapshot", SQL("delete from record where seq > 5; delete from snapshot"),
      SERVES, "the views have seen event", 1, "event 6 is bad" },
    { "log.db", "no table of events", SQL("drop table record"), REFUSES, "no such table: record", 1, "no such table" },
    { "log.db", "a snapshot that is damaged", SQL("update snapshot_part set bytes = zeroblob(length(bytes))"),
      SERVES, NULL, 0, WHOLE },
    { "log.db", "a snapshot without its parts", SQL("delete from snapshot_part"), SERVES, NULL, 0, WHOLE },
    { "log.db-wal", "random bytes for a write-ahead log", RANDOM, SERVES, NULL, 0, WHOLE },
    { "keys.db", "random bytes", RANDOM, REFUSES, "is not a beckon key store", 0, WHOLE },
    { "keys.db", "an empty file", EMPTY, REFUSES, "the keys were lost", 0, WHOLE },
    { "keys.db", "cut off", CUT, REFUSES, "is damaged", 0, WHOLE },
    { "keys.db", "a folder in its place", FOLDER, REFUSES, "keys.db cannot be opened", 0, WHOLE },
    { "keys.db", "gone", GONE, REFUSES, "the keys were lost", 0, WHOLE },
    { "keys.db", "of a newer version", NEWER, REFUSES, "has format 99", 0, WHOLE },
    { "views.db", "random bytes", RANDOM, SERVES, NULL, 0, WHOLE },
    { "views.db", "an empty file", EMPTY, SERVES, NULL, 0, WHOLE },
    { "views.db", "cut off", CUT, SERVES, NULL, 0, WHOLE },
    { "views.db", "a folder in its place", FOLDER, REFUSES, "views.db cannot be opened", 0, WHOLE },
    { "views.db", "gone", GONE, SERVES, NULL, 0, WHOLE },
    { "views.db", "of a newer version", NEWER, SERVES, NULL, 0, WHOLE },
    { "master.key", "other bytes", "head -c 32 /dev/urandom > $F", REFUSES, "the master key of another workspace", 0, WHOLE },
    { "master.key", "cut off", CUT, REFUSES, "21 bytes instead of 32", 0, WHOLE },
    { "master.key", "an empty file", EMPTY, REFUSES, "0 bytes instead of 32", 0, WHOLE },
    { "master.key", "a folder in its place", FOLDER, REFUSES, "is not a plain file", 0, WHOLE },
    { "master.key", "gone", GONE, REFUSES, "master.key is missing", 0, WHOLE },
    { "master.key", "readable for others", "chmod 644 $F", REFUSES, "chmod 600", 0, WHOLE },
    { "lock", "a folder in its place", FOLDER, REFUSES, "cannot open", 0, WHOLE },
    { "operator.json", "left behind by a server that died", "echo rubbish > $F", SERVES, NULL, 0, WHOLE },
};

static void as_it_was(struct scene *scene)
{
    must(shell(NULL, "rm -rf %s/data && cp -a %s %s/data", scene->place, scene->kept, scene->place) == 0);
}

/* The message of Anna's, read by herself. 0: no answer. */
static long read_back(struct scene *scene, bool *found)
{
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu/events", (unsigned long long)scene->anna.conversation);
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .token = scene->anna.token });
    long status = response.status;
    *found = str_find(buf_str(&response.text), STR(WORDS), 0) >= 0;
    const json_t *events = json_object_get(response.json, "events");
    for (size_t i = json_array_size(events); *found && i-- > 0;) {
        const json_t *event = json_array_get(events, i);
        if (json_object_get(event, "text")) scene->message = (uint64_t)json_integer_value(json_object_get(event, "seq"));
    }
    response_free(&response);
    return status;
}

static bool has(struct buf *text, const char *part)
{
    return !part || str_find(buf_str(text), str_of(part), 0) >= 0;
}

/* One that serves is ended by SIGTERM when it has said so; one that refuses ends by itself. */
#define SERVE \
    "out=%s/said; rm -f $out; %s serve %s --port 0 --quiet > $out 2>&1 & pid=$!; " \
    "for i in $(seq 400); do grep -q 'Ctrl-C stops it' $out && break; kill -0 $pid || break; sleep 0.05; done 2>/dev/null; " \
    "kill -TERM $pid 2>/dev/null; wait $pid; status=$?; cat $out; exit $status"

static void serve(struct scene *scene, const struct damage *damage)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    int status = shell(&out, SERVE, scene->folder.path, scene->program, scene->place);
    bool fits = status == (damage->server == SERVES ? 0 : 1) && has(&out, damage->says) &&
        (damage->server == REFUSES || has(&out, "Ctrl-C stops it"));
    check(&scene->checks, fits, "%s, %s: %s", damage->file, damage->name,
          damage->server == SERVES ? "the server goes on" : "the server says why not");
    if (!fits) printf("# status %d: %s\n", status, buf_cstr(&out));
    buf_free(&out);
}

static void try_damage(struct scene *scene, const struct damage *damage)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    as_it_was(scene);
    int done = shell(&out, "F=%s/data/%s; { %s; }", scene->place, damage->file, damage->line);
    check(&scene->checks, done == 0, "%s: %s", damage->file, damage->name);
    if (done) printf("# %s\n", buf_cstr(&out));
    buf_clear(&out);
    int status = shell(&out, "%s verify %s", scene->program, scene->place);
    bool fits = status == damage->verify && has(&out, damage->verify_says);
    check(&scene->checks, fits, "%s, %s: verify says %s", damage->file, damage->name, damage->verify_says);
    if (!fits) printf("# status %d: %s\n", status, buf_cstr(&out));
    buf_free(&out);
    serve(scene, damage);
}

static bool start(struct scene *scene)
{
    struct err err;
    bool started = own_server_launch(&err, scene->server);
    scene->remote = *own_server_remote(scene->server);
    return check(&scene->checks, started, "the server starts%s%s", started ? "" : ": ", started ? "" : err.text);
}

static void stop(struct scene *scene)
{
    struct err err;
    bool stopped = own_server_end(&err, scene->server);
    check(&scene->checks, stopped, "and stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
}

/* A damaged event in the middle of a conversation: what is there is not shown as if it were all. */
static void in_the_middle(struct scene *scene)
{
    bool found;
    as_it_was(scene);
    must(shell(NULL, "sqlite3 %s/data/log.db \"update record set bytes = cast(bytes || x'00' as "
               "blob) where seq = %llu\"", scene->place, (unsigned long long)scene->message) == 0);
    if (!start(scene)) return;
    long status = read_back(scene, &found);
    check(&scene->checks, status == 500, "a history with a damaged event is an error, and no short history (%ld)", status);
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu/transcript", (unsigned long long)scene->anna.conversation);
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .token = scene->anna.token });
    check(&scene->checks, response.status == 500, "so is its transcript (%ld)", response.status);
    response_free(&response);
    check(&scene->checks, visitor_come(&scene->remote, &(struct visitor){ .customer = 0 }, "{}"), "others are served");
    stop(scene);
}

/* A snapshot with the right checksum and the wrong state: somebody who tampers, or another version. */
static bool put_snapshot(struct scene *scene, struct str state)
{
    struct err err;
    struct log *log = log_open(&err, arena_format(&scene->arena, "%s/data/log.db", scene->place).data, NULL);
    bool put = log && log_put_snapshot(&err, log, log_last(log), state) == LOG_DONE;
    if (log) log_close(log);
    return put;
}

static void snapshots(struct scene *scene)
{
    bool found;
    struct buf out, state;
    buf_init(&out, 1 << 20);
    buf_init(&state, 1 << 20);
    as_it_was(scene);
    check(&scene->checks, put_snapshot(scene, STR("a format of the future")), "a snapshot of another version");
    if (start(scene)) {
        check(&scene->checks, read_back(scene, &found) == 200 && found, "does not matter: the log holds everything");
        stop(scene);
    }
    as_it_was(scene);
    struct engine *engine = engine_new();
    struct log *log = log_open_reader(&(struct err){ "" }, arena_format(&scene->arena, "%s/data/log.db", scene->place).data, NULL);
    uint64_t seq;
    struct err err = { "" };
    bool read = log && log_get_snapshot(&err, log, &seq, &state) && engine_decode(&err, engine, buf_str(&state));
    if (log) log_close(log);
    engine_free(engine);
    /* The last byte is of the remembered idempotency keys: another number there is a sound state too. */
    if (read) state.data[state.len - 1] ^= 1;
    check(&scene->checks, read && put_snapshot(scene, buf_str(&state)), "a snapshot that is not what the events give");
    int status = shell(&out, "%s verify %s", scene->program, scene->place);
    check(&scene->checks, status == 1 && has(&out, "is not the state that the events give"), "verify notices: %s", buf_cstr(&out));
    buf_clear(&out);
    status = shell(&out, "%s rebuild %s && %s verify %s", scene->program, scene->place, scene->program, scene->place);
    check(&scene->checks, status == 0 && has(&out, WHOLE), "rebuild begins from the events again: %s", buf_cstr(&out));
    buf_free(&state);
    buf_free(&out);
}

/* The head that was noted finds what nothing in the folder could show. */
static void heads(struct scene *scene)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    as_it_was(scene);
    must(shell(&out, "%s verify %s | sed -n 's/^head //p'", scene->program, scene->place) == 0);
    const char *head = arena_cstr(&scene->arena, str_trim(buf_str(&out)));
    buf_clear(&out);
    check(&scene->checks, shell(&out, "%s verify %s --head %s", scene->program, scene->place, head) == 0, "the head that was noted is there");
    must(shell(NULL, "sqlite3 %s/data/log.db 'delete from record where seq > 6; delete from snapshot'; rm %s/data/views.db",
               scene->place, scene->place) == 0);
    buf_clear(&out);
    check(&scene->checks, shell(&out, "%s verify %s", scene->program, scene->place) == 0, "a log cut off with all that knew of its end verifies");
    buf_clear(&out);
    int status = shell(&out, "%s verify %s --json --head %s", scene->program, scene->place, head);
    check(&scene->checks, status == 1 && has(&out, "\"first_bad\":7"), "but not against that head: %s", buf_cstr(&out));
    buf_clear(&out);
    status = shell(&out, "%s verify %s --head rubbish", scene->program, scene->place);
    check(&scene->checks, status == 2, "and what is no head is not understood");
    buf_free(&out);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    struct err err;
    bool found;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    scene.program = server_program(&scene.arena, argv[0]);
    folder_make(&scene.folder);
    scene.kept = folder_file(&scene.folder, "kept");
    scene.server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .program = scene.program });
    if (check(&scene.checks, scene.server != NULL, "the server starts%s%s", scene.server ? "" : ": ", scene.server ? "" : err.text)) {
        scene.place = own_server_folder(scene.server);
        scene.remote = *own_server_remote(scene.server);
        bool fine = visitor_come(&scene.remote, &scene.anna, "{}") && visitor_open(&scene.remote, &scene.anna) &&
            visitor_say(&scene.remote, &scene.anna, WORDS, "k1") == 200;
        for (int i = 0; i < 4; i++)
            fine = fine && visitor_say(&scene.remote, &scene.anna, "and more", (char[]){ 'm', (char)('0' + i), 0 }) == 200;
        check(&scene.checks, fine && read_back(&scene, &found) == 200 && found, "a customer says something");
        stop(&scene);
        must(shell(NULL, "cp -a %s/data %s", scene.place, scene.kept) == 0);
        for (size_t i = 0; i < ARRAY_LEN(damages); i++) try_damage(&scene, &damages[i]);
        in_the_middle(&scene);
        snapshots(&scene);
        heads(&scene);
        as_it_was(&scene);
        if (start(&scene)) check(&scene.checks, read_back(&scene, &found) == 200 && found, "with all as it was");
        bool stopped = own_server_stop(&err, scene.server);
        check(&scene.checks, stopped, "it stops%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    folder_remove(&scene.folder);
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
