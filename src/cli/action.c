/* action.c - beckon action: what one action of a workspace would send, and what comes of it. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "assistant/assistant.h"
#include "cli/cli.h"

/* "order=W-1" to the parameter; false (said) if the action has none of that name. */
static bool set_parameter(const struct cli_args *args, const struct action *action, json_t *parameters, const char *text)
{
    struct arena arena = { 0 };
    struct str name, value = str_of(text);
    if (!str_split(&value, '=', &name) || !value.data) {
        cli_usage_error(args, "'%s' is not NAME=VALUE", text);
        return false;
    }
    bool known = false;
    for (size_t i = 0; i < action->parameter_count; i++) known = known || str_equal(action->parameters[i].name, name);
    if (known) json_object_set_new(parameters, arena_cstr(&arena, name), json_stringn(value.data, value.len));
    else cli_usage_error(args, "the action %.*s has no parameter '%.*s'", STR_ARG(action->name), STR_ARG(name));
    arena_free(&arena);
    return known;
}

/* As for a customer: a value that does not fit is never sent. False (said) if one does not, or is missing. */
static bool fits(const struct cli_args *args, const struct action *action, struct str parameters, struct arena *arena)
{
    const char *field;
    if (action_takes(action, parameters, arena, &field)) return true;
    for (size_t i = 0; i < action->parameter_count; i++)
        if (str_equal(action->parameters[i].name, str_of(field)))
            cli_usage_error(args, "%s=… is missing, or does not fit its pattern %.*s", field, STR_ARG(action->parameters[i].pattern));
    return false;
}

static int send(const struct workspace *workspace, const struct action_request *request, struct arena *arena)
{
    struct action_result result = action_call(workspace, NULL, request, arena);
    printf("%.*s after %lld ms\n%.*s\n", STR_ARG(result.outcome), (long long)result.took_ms, STR_ARG(result.json));
    return str_equal(result.outcome, STR("done")) ? CLI_OK : CLI_FAILED;
}

static int run(const struct cli_args *args, const struct workspace *workspace, const struct action *action, struct arena *arena)
{
    json_t *parameters = json_object();
    bool good = true;
    for (int i = 2; good && i < args->count; i++) good = set_parameter(args, action, parameters, args->operands[i]);
    char *text = json_dumps(parameters, JSON_COMPACT);
    struct action_request request = { action, str_of(cli_value(args, "customer", "")), arena_copy(arena, str_of(text)),
                                      str_of(cli_value(args, "key", "dry-run")) };
    free(text);
    json_decref(parameters);
    if (!good || !fits(args, action, request.parameters_json, arena)) return CLI_USAGE;
    struct str sent = action_dry_run(workspace, &request, arena);
    if (!sent.len) {
        cli_say("nothing would be sent: a value of the url is missing%s",
                action->identity != IDENTITY_NONE && !request.customer_id.len ? " (give --customer)" : "");
        return CLI_FAILED;
    }
    if (cli_given(args, "send")) return send(workspace, &request, arena);
    printf("%.*s", STR_ARG(sent));
    return CLI_OK;
}

int cli_action(int argc, char **argv)
{
    struct cli_args args;
    if (!cli_parse(&args, argc, argv)) return CLI_USAGE;
    if (cli_given(&args, "send") && !cli_given(&args, "key"))
        return cli_usage_error(&args, "--send needs --key: a second try under the same key must do nothing twice");
    struct workspace *workspace = cli_workspace(args.operands[0]);
    if (!workspace) return CLI_FAILED;
    struct arena arena = { 0 };
    const struct action *action = workspace_action(workspace, str_of(args.operands[1]));
    int status = action ? run(&args, workspace, action, &arena) : CLI_FAILED;
    if (!action) cli_say("%s has no action '%s'; see %s/actions", args.operands[0], args.operands[1], args.operands[0]);
    arena_free(&arena);
    workspace_free(workspace);
    return status;
}
