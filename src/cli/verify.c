/* verify.c - beckon verify: is the log as it was written? */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/offline.h"
#include "log/log.h"
#include "node/record.h"

struct check {
    struct cli_progress progress;
    uint64_t last, bad;
    struct err *err;
};

static void on_progress(void *context, uint64_t seq, uint64_t last)
{
    struct check *check = context;
    check->last = last;
    cli_progress(&check->progress, seq, last);
}

static bool read_record(void *context, const struct log_record *record)
{
    struct check *check = context;
    struct event event;
    if (!record_decode(check->err, record->bytes, record->seq, &event)) {
        check->bad = record->seq;
        return false;
    }
    if (record->seq % 4096 == 0)
        cli_progress(&check->progress, record->seq, check->last);
    return true;
}

static int report(bool fine, bool json, uint64_t count, uint64_t bad, const struct err *err)
{
    if (json && fine)
        printf("{\"ok\":true,\"events\":%llu}\n", (unsigned long long)count);
    else if (json) {
        struct buf text;
        buf_init(&text, 8 * ERR_MAX);
        buf_add_json_str(&text, str_of(err->text));
        printf("{\"ok\":false,\"first_bad\":%llu,\"error\":%s}\n", (unsigned long long)bad, buf_cstr(&text));
        buf_free(&text);
    } else if (fine)
        printf("%llu events, every hash as it was written\n", (unsigned long long)count);
    else if (bad)
        cli_say("event %llu is bad: %s", (unsigned long long)bad, err->text);
    else
        cli_say("%s", err->text);
    return fine ? CLI_OK : CLI_FAILED;
}

int cli_verify(int argc, char **argv)
{
    struct cli_args args;
    struct err err = { "" };
    struct arena arena = { 0 };
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    bool json = cli_given(&args, "json");
    uint64_t count = 0, bad = 0;
    struct log *log = NULL;
    bool fine = data_exists(&err, args.operands[0]) &&
                (log = log_open_reader(&err, data_path(&arena, args.operands[0], "log.db"), NULL));
    if (fine) {
        struct check chain = { .progress = { .what = "recomputing the chain" }, .err = &err };
        fine = log_verify(&err, log, &count, &bad, on_progress, &chain);
        cli_progress_end(&chain.progress);
    }
    if (fine) {
        struct check records = { .progress = { .what = "reading the records" }, .last = count, .err = &err };
        fine = log_read(&err, log, 1, count, read_record, &records) && !records.bad;
        bad = records.bad;
        cli_progress_end(&records.progress);
    }
    int status = report(fine, json, count, bad, &err);
    if (log)
        log_close(log);
    arena_free(&arena);
    return status;
}
