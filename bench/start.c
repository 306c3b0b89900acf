/* start.c - how long from exec to ready: the demo workspace, training included, with an empty log and
 * with a log of a million events; and how large the binary is.
 *
 * The long log is made by the engine itself: customers open conversations, talk to an agent, are
 * served and rate, on a virtual clock. The server then runs once, so that its views are there as they
 * would be on any day but the first, and is started again for the measurement: once from its snapshot
 * and once without any, reading the whole log. */
#include <sqlite3.h>

#include "base/limits.h"
#include "client.h"
#include "engine/engine.h"
#include "log/keys.h"
#include "log/log.h"
#include "node/record.h"

#define LOG_EVENTS 1000000
#define GROUP 20000
#define PORT 18802

static pid_t serve(const char *directory)
{
    char port[16];
    snprintf(port, sizeof port, "%d", PORT);
    pid_t pid = fork();
    if (pid) return pid;
    int null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    if (!getenv("BENCH_LOG")) dup2(null, 2);
    execl("build/beckon", "beckon", "serve", directory, "--port", port, "--quiet", (char *)NULL);
    _exit(127);
}

/* Milliseconds from exec to a ready answer. */
static double start_once(const char *directory)
{
    int64_t from = now_us();
    pid_t pid = serve(directory);
    while (!reachable(PORT)) {
        if (now_us() - from > 300000000 || waitpid(pid, NULL, WNOHANG) == pid) die("the server did not start");
        usleep(2000);
    }
    double took = (double)(now_us() - from) / 1000;
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    return took;
}

static double start_best(const char *directory)
{
    double best = 1e9;
    for (int i = 0; i < 3; i++) {
        double took = start_once(directory);
        if (took < best) best = took;
    }
    return best;
}

struct maker {
    struct engine *engine;
    struct events events;
    struct log *log;
    struct keys *keys;
    struct vault *vault;
    struct buf records;
    size_t *ends;
    struct log_record *rows;
    size_t count;
    int64_t now_ms;
};

static bool no_key(void *context, uint64_t subject, struct buf *wrapped)
{
    UNUSED(context);
    UNUSED(subject);
    UNUSED(wrapped);
    return false;
}

static void flush(struct maker *maker)
{
    struct err err;
    size_t at = 0;
    for (size_t i = 0; i < maker->count; i++) {
        maker->rows[i].bytes = str_make(maker->records.data + at, maker->ends[i] - at);
        at = maker->ends[i];
    }
    for (;;) {
        struct key_row row;
        struct buf wrapped;
        buf_init(&wrapped, 1024);
        bool more = vault_take_new(maker->vault, &row.subject, &wrapped);
        row.wrapped = buf_str(&wrapped);
        if (more && keys_put(&err, maker->keys, &row, 1) != LOG_DONE) die(err.text);
        buf_free(&wrapped);
        if (!more) break;
    }
    if (maker->count && log_append(&err, maker->log, maker->rows, maker->count) != LOG_DONE) die(err.text);
    maker->count = 0;
    buf_clear(&maker->records);
}

static struct outcome give(struct maker *maker, struct command command)
{
    events_clear(&maker->events);
    struct outcome outcome = engine_handle(maker->engine, maker->now_ms++, &command, &maker->events);
    for (size_t i = 0; i < maker->events.count; i++) {
        const struct event *event = &maker->events.items[i];
        record_encode(maker->vault, event, &maker->records);
        maker->ends[maker->count] = maker->records.len;
        maker->rows[maker->count++] = (struct log_record){ event->seq, event->at_ms, STR_EMPTY };
    }
    if (maker->count > GROUP) flush(maker);
    return outcome;
}

static struct command by_customer(enum command_kind kind, uint64_t customer, uint64_t conversation)
{
    return (struct command){ .kind = kind, .actor = ACTOR_CUSTOMER, .customer = customer, .conversation = conversation };
}

static struct command by_agent(enum command_kind kind, uint64_t agent, uint64_t conversation)
{
    return (struct command){ .kind = kind, .actor = ACTOR_AGENT, .agent = agent, .conversation = conversation };
}

/* One customer's story; a returning one of a hundred, so that the number of keys stays real. */
static void story(struct maker *maker, uint64_t customer, uint64_t agent)
{
    struct command command = by_customer(COMMAND_OPEN, customer, 0);
    command.open.language = STR("en");
    uint64_t conversation = give(maker, command).conversation;
    command = by_customer(COMMAND_SAY, customer, conversation);
    command.say.text = STR("Hello, where is the refund for the shoes that I sent back two weeks ago?");
    give(maker, command);
    give(maker, by_customer(COMMAND_ASK_HUMAN, customer, conversation));
    uint64_t offers[LIMIT_CAPACITY];
    size_t offered = engine_offers_of_agent(maker->engine, agent, offers, LIMIT_CAPACITY);
    for (size_t i = 0; i < offered; i++) {
        command = by_agent(COMMAND_ACCEPT, agent, 0);
        command.target = offers[i];
        command.accept.name = STR("Alex");
        give(maker, command);
    }
    for (int i = 0; i < 4; i++) {
        command = i % 2 ? by_customer(COMMAND_SAY, customer, conversation) : by_agent(COMMAND_SAY, agent, conversation);
        command.say.text = STR("Thank you, let me have a look at that for you. It takes a moment.");
        command.say.name = STR("Alex");
        give(maker, command);
    }
    command = by_agent(COMMAND_RESOLVE, agent, conversation);
    command.resolve.disposition = STR("solved");
    give(maker, command);
    give(maker, by_agent(COMMAND_END_WRAPUP, agent, conversation));
}

static uint64_t prepare_people(struct maker *maker, uint64_t *customers, size_t count)
{
    struct command command = { .kind = COMMAND_ADD_AGENT, .actor = ACTOR_NODE };
    command.add_agent.login = command.add_agent.name = STR("bench");
    command.add_agent.login_digest = (struct digest){ 1, 1 };
    command.add_agent.password_hash = STR("none");
    command.add_agent.role = STR("agent");
    command.add_agent.pool = STR("employee");
    command.add_agent.capacity = 5;
    command.add_agent.languages = STR("en");
    uint64_t agent = give(maker, command).id;
    command = by_agent(COMMAND_SET_PRESENCE, agent, 0);
    command.set_presence.state = STR("online");
    give(maker, command);
    for (size_t i = 0; i < count; i++) {
        command = (struct command){ .kind = COMMAND_SEE_CUSTOMER, .actor = ACTOR_NODE };
        command.see_customer.identity = (struct digest){ 7, i + 1 };
        command.see_customer.language = STR("en");
        command.see_customer.external_id = STR("C-1");
        customers[i] = give(maker, command).id;
    }
    return agent;
}

static void make_log(const char *directory)
{
    char path[128];
    struct err err;
    struct maker maker = { .engine = engine_new(), .now_ms = (int64_t)(time(NULL) - 86400) * 1000 };
    uint8_t master[VAULT_MASTER_LEN];
    snprintf(path, sizeof path, "%s/data/master.key", directory);
    if (!vault_master(&err, path, true, master)) die(err.text);
    maker.vault = vault_new(master, 1 << 20, no_key, NULL);
    snprintf(path, sizeof path, "%s/data/log.db", directory);
    if (!(maker.log = log_open(&err, path, NULL))) die(err.text);
    snprintf(path, sizeof path, "%s/data/keys.db", directory);
    if (!(maker.keys = keys_open(&err, path, NULL))) die(err.text);
    buf_init(&maker.records, 1u << 30);
    maker.ends = calloc(GROUP + 100, sizeof *maker.ends);
    maker.rows = calloc(GROUP + 100, sizeof *maker.rows);
    uint64_t customers[100], agent = prepare_people(&maker, customers, 100);
    flush(&maker);
    for (size_t i = 0; engine_seq(maker.engine) < LOG_EVENTS; i++) {
        story(&maker, customers[i % 100], agent);
        maker.now_ms += 20;
        if (i % 100 == 0) give(&maker, by_agent(COMMAND_HEARTBEAT, agent, 0));
    }
    flush(&maker);
    log_close(maker.log);
    keys_close(maker.keys);
    engine_free(maker.engine);
    vault_free(maker.vault);
}

static void drop_snapshots(const char *directory)
{
    char path[128];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/data/log.db", directory);
    if (sqlite3_open(path, &db) || sqlite3_exec(db, "DELETE FROM snapshot", NULL, NULL, NULL)) die(path);
    sqlite3_close(db);
}

int main(void)
{
    char directory[64], command[512];
    struct stat info;
    if (system("strip -o build/bench/beckon build/beckon") || stat("build/bench/beckon", &info)) die("build/beckon");
    unlink("build/bench/beckon");
    printf("binary with all pages, as it is installed\t%.2f\tMB\t< 6 MB\t\t\n", (double)info.st_size / 1048576);

    snprintf(directory, sizeof directory, "/var/tmp/beckon-start-%d", (int)getpid());
    snprintf(command, sizeof command, "rm -rf %s && cp -r demo %s && rm -rf %s/data && mkdir %s/data", directory, directory,
             directory, directory);
    run(command);
    start_once(directory);
    printf("cold start, demo, training included\t%.0f\tms\t< 500 ms\t\t\n", start_best(directory));

    snprintf(command, sizeof command, "rm -rf %s/data && mkdir -m 700 %s/data", directory, directory);
    run(command);
    fprintf(stderr, "bench: making a log of %d events\n", LOG_EVENTS);
    make_log(directory);
    fprintf(stderr, "bench: first start, which makes the views\n");
    double first = start_once(directory);
    printf("first start with %d events, views made anew\t%.0f\tms\t\t\t\n", LOG_EVENTS, first);
    printf("cold start with a log of %d events\t%.0f\tms\t< 2000 ms\t\t\n", LOG_EVENTS, start_best(directory));
    drop_snapshots(directory);
    printf("the same without a snapshot (whole log read)\t%.0f\tms\t\t\t\n", start_once(directory));
    snprintf(command, sizeof command, "rm -rf %s", directory);
    run(command);
    return 0;
}
