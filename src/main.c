/* main.c - finds the command that was typed in the table of cli/commands.c and runs it. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "log/log.h"

static int print_help(const struct cli_command *command)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    if (command)
        help_command(command, &text);
    else
        help_overview(&text);
    fputs(buf_cstr(&text), stdout);
    buf_free(&text);
    return CLI_OK;
}

static bool is_help(const char *word)
{
    return !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* The commands of a family, asked for: `beckon agent --help`. */
static bool print_family(const char *first)
{
    size_t len = strlen(first), count = 0;
    for (const struct cli_command *row = cli_commands; row->name; row++) {
        if (strncmp(row->name, first, len) || row->name[len] != ' ')
            continue;
        if (count++)
            putchar('\n');
        print_help(row);
    }
    return count > 0;
}

/* The commands of a family: "agent" alone, or with a second word that is none of them. */
static bool family_error(const char *first, const char *second)
{
    size_t len = strlen(first), count = 0;
    const char *names[32];
    for (const struct cli_command *row = cli_commands; row->name; row++)
        if (!strncmp(row->name, first, len) && row->name[len] == ' ' && count < ARRAY_LEN(names))
            names[count++] = row->name + len + 1;
    if (!count)
        return false;
    const char *near = second ? cli_nearest(second, names, count) : NULL;
    if (near)
        cli_say("there is no command `%s %s`; did you mean `%s %s`?", first, second, first, near);
    else if (second)
        cli_say("there is no command `%s %s`", first, second);
    else
        cli_say("`%s` needs a second word", first);
    fprintf(stderr, "usage: beckon %s ", first);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "%s%s", i ? "|" : "", names[i]);
    fprintf(stderr, " ...\n       beckon help\n");
    return true;
}

int main(int argc, char **argv)
{
    memory_start();
    log_start();
    if (argc < 2) {
        print_help(NULL);
        return CLI_USAGE;
    }
    if (is_help(argv[1]))
        return print_help(NULL);
    char two[64], version[] = "version";
    int words = 1;
    if (!strcmp(argv[1], "--version"))
        argv[1] = version;
    const struct cli_command *command = cli_find(argv[1]);
    if (!command && argc > 2) {
        snprintf(two, sizeof two, "%s %s", argv[1], argv[2]);
        command = cli_find(two);
        words = 2;
    }
    if (!command) {
        if (argc > 2 && is_help(argv[2]) && print_family(argv[1]))
            return CLI_OK;
        return family_error(argv[1], argc > 2 ? argv[2] : NULL) ? CLI_USAGE : cli_unknown(argv[1]);
    }
    argc -= words;
    argv += words;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (is_help(argv[i]))
            return print_help(command);
    char name[64];
    snprintf(name, sizeof name, "%s", command->name);
    argv[0] = name;
    int status = command->run(argc, argv);
    if (fflush(stdout) || ferror(stdout)) {
        cli_say("cannot write the output; is the disk full?");
        return status ? status : CLI_DISK;
    }
    return status;
}
