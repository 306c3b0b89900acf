/* check.c - beckon check: every mistake in the workspace's files, with file, line and cure. */
#include <stdio.h>

#include "cli/cli.h"
#include "workspace/workspace.h"

static void print_json(const struct workspace *workspace, const struct problems *problems)
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
    buf_add_str(&out, STR("]}"));
    puts(buf_cstr(&out));
    buf_free(&out);
}

static void print_lines(const struct workspace *workspace, const struct problems *problems)
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
}

int cli_check(int argc, char **argv)
{
    struct cli_args args;
    struct problems problems = { 0 };
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    struct workspace *workspace = workspace_read(args.operands[0], &problems);
    if (cli_given(&args, "json"))
        print_json(workspace, &problems);
    else
        print_lines(workspace, &problems);
    int status = workspace ? CLI_OK : CLI_FAILED;
    workspace_free(workspace);
    problems_free(&problems);
    return status;
}
