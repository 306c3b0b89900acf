/* scenario.c - beckon scenario: plays the files one after another and counts. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "cli/cli.h"
#include "cli/scenario_stage.h"
#include "planner/play.h"

struct company {
    struct virtual_stage *virtual;
    struct live *live;
    bool verbose;
    uint64_t seed;
    int passed, failed, cut;
};

static bool read_script(struct err *err, const char *name, struct script *script)
{
    struct buf text;
    char piece[4096];
    FILE *file = fopen(name, "rb");
    if (!file) return err_set(err, "cannot read %s: %s", name, strerror(errno));
    buf_init(&text, SCRIPT_MAX + 1);
    for (size_t len; (len = fread(piece, 1, sizeof piece, file)) > 0;) buf_add(&text, piece, len);
    bool fine = !ferror(file);
    fclose(file);
    fine = fine ? script_read(err, script, str_of(name), buf_str(&text))
                : err_set(err, "cannot read %s: %s", name, strerror(errno));
    buf_free(&text);
    return fine;
}

static void print_line(void *context, const struct script_statement *statement)
{
    UNUSED(context);
    printf("    %d: %.*s\n", statement->line, STR_ARG(statement->text));
    fflush(stdout);
}

static enum play_result play_file(struct err *err, struct company *company, const char *name)
{
    struct script script;
    if (!read_script(err, name, &script)) return PLAY_FAILED;
    struct play_options options = { .seed = company->seed, .on_line = company->verbose ? print_line : NULL };
    enum play_result result = play(err, &script, company->live ? live_stage(company->live) : virtual_stage(company->virtual),
                                   &options);
    if (result == PLAY_DONE && company->live && live_ended_badly(company->live, err)) {
        err_wrap(err, "%s", name);
        result = PLAY_FAILED;
    }
    script_free(&script);
    return result;
}

static void play_all(struct company *company, const struct cli_args *args)
{
    for (int i = 0; i < args->count; i++) {
        struct err err = { "" };
        enum play_result result = play_file(&err, company, args->operands[i]);
        if (result == PLAY_FAILED) {
            printf("not ok %s\n%s\n", args->operands[i], err.text);
            company->failed++;
        } else {
            printf("ok %s\n", args->operands[i]);
            if (result == PLAY_CUT) printf("    cut short at %s\n", err.text);
            company->cut += result == PLAY_CUT;
            company->passed++;
        }
        fflush(stdout);
    }
}

static bool open_company(struct err *err, struct company *company, const struct cli_args *args)
{
    const char *directory = cli_value(args, "workspace", "demo"), *url = cli_value(args, "against", NULL);
    const char *operator_file = cli_value(args, "operator", NULL);
    if (!url && !cli_given(args, "start")) return (company->virtual = virtual_new(err, directory)) != NULL;
    struct live_options options = { .directory = directory, .start = url == NULL,
        .crash_command = cli_value(args, "crash-command", NULL) };
    struct arena arena = { 0 };
    if (!operator_file) operator_file = arena_format(&arena, "%s/data/operator.json", directory).data;
    bool fine = !url || remote_read(err, operator_file, &options.remote);
    arena_free(&arena);
    if (!fine) return false;
    if (url && !remote_set(err, url, &options.remote)) return false;
    return (company->live = live_new(err, &options)) != NULL;
}

int cli_scenario(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    int64_t seed;
    if (!cli_parse(&args, argc, argv) || !cli_number(&args, "seed", 0, INT64_MAX, 1, &seed)) return CLI_USAGE;
    if (cli_given(&args, "virtual") + cli_given(&args, "start") + cli_given(&args, "against") > 1)
        return cli_usage_error(&args, "give one of --virtual, --start and --against");
    struct company company = { .verbose = cli_given(&args, "verbose"), .seed = (uint64_t)seed };
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (!open_company(&err, &company, &args)) {
        cli_fail(&err);
        if (!cli_given(&args, "workspace")) cli_say("the stories are played on the workspace demo; name another with --workspace DIR");
        return CLI_FAILED;
    }
    play_all(&company, &args);
    if (company.cut) printf("%d were cut short\n", company.cut);
    printf("scenario: %d passed, %d failed\n", company.passed, company.failed);
    virtual_free(company.virtual);
    live_free(company.live);
    curl_global_cleanup();
    return company.failed ? CLI_FAILED : CLI_OK;
}
