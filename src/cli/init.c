/* init.c - beckon init: a small working workspace to start from. */
#include <stdio.h>

#include "cli/cli.h"
#include "workspace/workspace.h"

int cli_init(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *directory = args.operands[0];
    if (!workspace_init(&err, directory))
        return cli_fail(&err);
    printf("wrote a workspace into %s; next:\n"
           "  beckon ask %s \"when will my order arrive?\"\n"
           "  beckon serve %s\n",
           directory, directory, directory);
    return CLI_OK;
}
