/* erase.c - beckon erase: a customer's key is deleted, and with it all that it sealed. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/offline.h"
#include "cli/remote.h"

static bool erase_offline(struct err *err, const char *directory, uint64_t customer)
{
    struct offline offline;
    if (!data_exists(err, directory) || !offline_open(err, &offline, directory))
        return false;
    struct command command = { .kind = COMMAND_ERASE_CUSTOMER, .actor = ACTOR_NODE };
    command.erase_customer.customer = customer;
    struct outcome outcome = offline_do(&offline, &command);
    offline_close(&offline);
    if (!outcome.refusal)
        return true;
    return outcome.refusal == REFUSAL_NOT_FOUND
               ? err_set(err, "there is no customer %llu", (unsigned long long)customer)
               : err_set(err, "%s", refusal_table[outcome.refusal].sentence);
}

static bool erase_remote(struct err *err, const struct remote *remote, uint64_t customer)
{
    char path[80];
    json_t *answer, *body = json_object();
    snprintf(path, sizeof path, "/v1/customers/%llu/erase", (unsigned long long)customer);
    bool fine = remote_do(err, remote, path, body, &answer);
    json_decref(body);
    if (fine)
        json_decref(answer);
    return fine;
}

int cli_erase(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    struct remote remote;
    uint64_t customer;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    if (!str_to_u64(str_of(args.operands[1]), &customer) || !customer)
        return cli_usage_error(&args, "`%s` is no customer's number", args.operands[1]);
    bool fine;
    if (remote_find(&err, args.operands[0], &remote))
        fine = erase_remote(&err, &remote, customer);
    else
        fine = !err.text[0] && erase_offline(&err, args.operands[0], customer);
    if (!fine)
        return cli_fail_at(&err, args.operands[0]);
    if (cli_given(&args, "json"))
        printf("{\"customer\":%llu,\"erased\":true}\n", (unsigned long long)customer);
    else
        printf("customer %llu is erased; backups of the keys that were made before still hold this key: delete them\n",
               (unsigned long long)customer);
    return CLI_OK;
}
