/* tail.c - beckon tail: the log, one line an event. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/offline.h"
#include "log/keys.h"
#include "log/log.h"
#include "node/record.h"

#define POLL_US 200000
#define LAST 20
#define LINE_MAX_BYTES (1 << 20)
#define KEY_CACHE 4096

struct tail {
    struct err *err;
    struct log *log;
    struct keys *keys;
    struct vault *vault; /* NULL: personal fields stay sealed */
    bool json, failed;
    uint64_t next;
};

static bool fetch_key(void *context, uint64_t subject, struct buf *wrapped)
{
    struct tail *tail = context;
    struct err err;
    return keys_get(&err, tail->keys, subject, wrapped);
}

static bool open_vault(struct err *err, struct tail *tail, const char *directory, struct arena *arena)
{
    uint8_t master[VAULT_MASTER_LEN];
    if (!vault_master(err, data_path(arena, directory, "master.key"), false, master))
        return false;
    tail->keys = keys_open(err, data_path(arena, directory, "keys.db"), NULL);
    if (!tail->keys)
        return false;
    tail->vault = vault_new(master, KEY_CACHE, fetch_key, tail);
    explicit_bzero(master, sizeof master);
    return true;
}

/* What is sealed shows that there is something, and nothing of it. */
static void hide(struct event *event)
{
    const struct event_row *row = &event_table[event->kind];
    for (size_t i = 0; i < row->field_count; i++) {
        const struct event_field *field = &row->fields[i];
        if (!event_field_is_personal(field->type) || !event_text(event, field)->len)
            continue;
        *event_text(event, field) = field->type == EVENT_FIELD_PERSONAL_JSON ? STR("\"(sealed)\"") : STR("(sealed)");
    }
}

static void add_ids(const struct event *event, struct buf *out)
{
    const struct { const char *name; uint64_t id; } ids[] = {
        { "conversation", event->conversation }, { "customer", event->customer }, { "agent", event->agent },
    };
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (ids[i].id)
            buf_add_format(out, " %s=%llu", ids[i].name, (unsigned long long)ids[i].id);
}

/* Tags, and lists of them, need no quotes; everything else gets them, and stays on its line. */
static bool is_plain(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~' || text.data[i] == '"')
            return false;
    return true;
}

static void add_text(const struct event_field *field, struct str text, struct buf *out)
{
    struct buf quoted;
    buf_init(&quoted, LINE_MAX_BYTES);
    bool personal = field->type == EVENT_FIELD_PERSONAL;
    if (personal || (field->type != EVENT_FIELD_PERSONAL_JSON && !is_plain(text)))
        buf_add_json_str(&quoted, text);
    else
        buf_add_str(&quoted, text);
    cli_add_shown(out, buf_str(&quoted));
    buf_free(&quoted);
}

static void add_field(const struct event *event, const struct event_field *field, struct buf *out)
{
    if (!field->sees)
        return;
    if (event_field_is_text(field->type)) {
        struct str text = *event_text(event, field);
        if (!text.len)
            return;
        buf_add_format(out, " %s=", field->name);
        add_text(field, text, out);
    } else
        buf_add_format(out, " %s=%lld", field->name, *(long long *)event_field_at(event, field));
}

static void add_line(const struct event *event, struct buf *out)
{
    const struct event_row *row = &event_table[event->kind];
    char at[40];
    time_t seconds = (time_t)(event->at_ms / 1000);
    struct tm time;
    localtime_r(&seconds, &time);
    strftime(at, sizeof at, "%Y-%m-%d %H:%M:%S", &time);
    buf_add_format(out, "%8llu  %s.%03d  %-24s", (unsigned long long)event->seq, at, (int)(event->at_ms % 1000),
                   row->name);
    add_ids(event, out);
    for (size_t i = 0; i < row->field_count; i++)
        add_field(event, &row->fields[i], out);
}

static bool print_record(void *context, const struct log_record *record)
{
    struct tail *tail = context;
    struct event event;
    struct arena arena = { 0 };
    struct buf line;
    if (!record_decode(tail->err, record->bytes, record->seq, &event)) {
        tail->failed = true;
        return false;
    }
    if (!tail->vault)
        hide(&event);
    else
        record_open(tail->vault, &event, &arena); /* erased ones show as empty */
    buf_init(&line, LINE_MAX_BYTES);
    if (tail->json)
        event_json(&event, VIEWER_SUPERVISOR, &line);
    else
        add_line(&event, &line);
    buf_add_char(&line, '\n');
    bool written = fwrite(line.data, 1, line.len, stdout) == line.len;
    tail->next = record->seq + 1;
    buf_free(&line);
    arena_free(&arena);
    return written;
}

static bool follow(struct tail *tail)
{
    while (!ferror(stdout)) {
        if (!log_read(tail->err, tail->log, tail->next, 0, print_record, tail) || tail->failed)
            return false;
        if (fflush(stdout))
            break;
        usleep(POLL_US);
    }
    return true;
}

int cli_tail(int argc, char **argv)
{
    struct cli_args args;
    struct err err = { "" };
    struct arena arena = { 0 };
    int64_t from;
    if (!cli_parse(&args, argc, argv) || !cli_number(&args, "from", 1, INT64_MAX, 0, &from))
        return CLI_USAGE;
    const char *directory = args.operands[0];
    struct tail tail = { .err = &err, .json = cli_given(&args, "json") };
    bool fine = data_exists(&err, directory) &&
                (tail.log = log_open_reader(&err, data_path(&arena, directory, "log.db"), NULL)) &&
                (!cli_given(&args, "open") || open_vault(&err, &tail, directory, &arena));
    if (fine) {
        uint64_t last = log_last(tail.log);
        tail.next = from ? (uint64_t)from : last > LAST ? last - LAST + 1 : 1;
        fine = cli_given(&args, "follow") ? follow(&tail)
                                          : log_read(&err, tail.log, tail.next, 0, print_record, &tail) && !tail.failed;
    }
    if (tail.log)
        log_close(tail.log);
    vault_free(tail.vault);
    if (tail.keys)
        keys_close(tail.keys);
    arena_free(&arena);
    return fine ? CLI_OK : cli_fail(&err);
}
