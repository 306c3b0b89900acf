/* reload.c - beckon reload: the running server reads the workspace's files again. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/remote.h"

int cli_reload(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    struct remote remote;
    json_t *answer;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    if (!remote_find(&err, args.operands[0], &remote)) {
        cli_say("%s", err.text[0] ? err.text : "no server uses that folder; the files are read when one starts");
        return CLI_FAILED;
    }
    json_t *body = json_object();
    bool fine = remote_do(&err, &remote, "/v1/operator/reload", body, &answer);
    json_decref(body);
    if (!fine)
        return cli_fail(&err);
    const char *version = json_string_value(json_object_get(answer, "version"));
    printf("version %s is in force\n", version ? version : "?");
    json_decref(answer);
    return CLI_OK;
}
