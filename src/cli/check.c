/* check.c - beckon check: every mistake in the workspace's files, with file, line and cure. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/online.h"

static void add_model(struct buf *out, const struct workspace *workspace, const struct online *online)
{
    buf_add_str(out, STR(",\"model\":{\"name\":"));
    buf_add_json_str(out, workspace->model.name);
    buf_add_format(out, ",\"ok\":%s,\"took_ms\":%lld,\"tokens\":%llu", online->good ? "true" : "false", (long long)online->took_ms,
                   (unsigned long long)online->tokens);
    if (!online->good) {
        buf_add_str(out, STR(",\"error\":"));
        buf_add_json_str(out, str_of(online->err.text));
    }
    buf_add_char(out, '}');
}

static void print_json(const struct workspace *workspace, const struct problems *problems, const struct online *online)
{
    struct buf out;
    buf_init(&out, 4 * 1024 * 1024);
    buf_add_format(&out, "{\"ok\":%s,", workspace ? "true" : "false");
    if (workspace) {
        buf_add_str(&out, STR("\"version\":"));
        buf_add_json_str(&out, workspace->version);
        buf_add_format(&out, ",\"topics\":%zu,\"articles\":%zu,\"actions\":%zu,", workspace->topic_count,
                       workspace->article_files, workspace->action_count);
    }
    buf_add_str(&out, STR("\"problems\":["));
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        buf_add_str(&out, i ? STR(",{\"file\":") : STR("{\"file\":"));
        buf_add_json_str(&out, problem->file);
        buf_add_format(&out, ",\"line\":%d,\"what\":", problem->line);
        buf_add_json_str(&out, problem->what);
        buf_add_str(&out, STR(",\"cure\":"));
        buf_add_json_str(&out, problem->cure);
        buf_add_char(&out, '}');
    }
    buf_add_char(&out, ']');
    if (online->asked)
        add_model(&out, workspace, online);
    buf_add_char(&out, '}');
    puts(buf_cstr(&out));
    buf_free(&out);
}

/* The server's words may be anybody's. */
static void print_model(const struct workspace *workspace, const struct online *online)
{
    struct buf shown;
    buf_init(&shown, 16384);
    cli_add_shown(&shown, online->good ? STR_EMPTY : str_of(online->err.text));
    if (online->good)
        printf("model %.*s at %.*s: answers (%lld ms, %llu tokens)\n", STR_ARG(workspace->model.name), STR_ARG(workspace->model.base_url),
               (long long)online->took_ms, (unsigned long long)online->tokens);
    else
        printf("model %.*s at %.*s: %.*s\n", STR_ARG(workspace->model.name), STR_ARG(workspace->model.base_url), STR_ARG(buf_str(&shown)));
    buf_free(&shown);
}

static void print_lines(const struct workspace *workspace, const struct problems *problems, const struct online *online)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct problem *problem = &problems->items[i];
        printf("%.*s:", STR_ARG(problem->file));
        if (problem->line)
            printf("%d:", problem->line);
        printf(" %.*s; %.*s\n", STR_ARG(problem->what), STR_ARG(problem->cure));
    }
    if (workspace)
        printf("%.*s: %zu topics, %zu articles, %zu actions; no mistakes\n", STR_ARG(workspace->name),
               workspace->topic_count, workspace->article_files, workspace->action_count);
    else
        printf("%zu mistake%s\n", problems->count, problems->count == 1 ? "" : "s");
    if (online->asked)
        print_model(workspace, online);
}

int cli_check(int argc, char **argv)
{
    struct cli_args args;
    struct problems problems = { 0 };
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    struct workspace *workspace = workspace_read(args.operands[0], &problems);
    struct online online = { .asked = false };
    if (workspace && cli_given(&args, "online"))
        online_ask(workspace, &online);
    if (cli_given(&args, "json"))
        print_json(workspace, &problems, &online);
    else
        print_lines(workspace, &problems, &online);
    int status = workspace && (!online.asked || online.good) ? CLI_OK : CLI_FAILED;
    workspace_free(workspace);
    problems_free(&problems);
    return status;
}
