/* options.c - reads what was typed against a command's row. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "node/node.h"

void cli_say(const char *format, ...)
{
    va_list list;
    fputs("beckon: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
}

int cli_fail(const struct err *err)
{
    cli_say("%s", err->text);
    return CLI_FAILED;
}

/* Free space of the file system that holds the path or the folder that it would be made in. */
static bool has_room(const char *path)
{
    enum { LEAST = 256 * 1024 };
    struct statvfs info;
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    while (statvfs(folder, &info)) {
        char *slash = strrchr(folder, '/');
        if (!slash)
            return statvfs(".", &info) || (uint64_t)info.f_bavail * info.f_frsize >= LEAST;
        slash[slash == folder] = 0;
        if (slash == folder && statvfs(folder, &info))
            return true;
    }
    return (uint64_t)info.f_bavail * info.f_frsize >= LEAST;
}

int cli_fail_at(const struct err *err, const char *path)
{
    cli_fail(err);
    return has_room(path) ? CLI_FAILED : CLI_DISK;
}

/* With what people taught, if it was served. */
static struct workspace *taught(struct workspace *workspace)
{
    struct err err;
    workspace = node_teach(&err, workspace);
    if (err.text[0]) cli_say("what people taught is left out: %s", err.text);
    return workspace;
}

struct workspace *cli_workspace(const char *directory)
{
    enum { MOST = 10 };
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read(directory, &problems);
    for (size_t i = 0; !workspace && i < problems.count && i < MOST; i++) {
        const struct problem *problem = &problems.items[i];
        char line[16] = ""; /* 0: the file as a whole */
        if (problem->line) snprintf(line, sizeof line, ":%d", problem->line);
        cli_say("%.*s%s: %.*s; %.*s", STR_ARG(problem->file), line, STR_ARG(problem->what), STR_ARG(problem->cure));
    }
    if (problems.count > MOST) cli_say("and %zu more: run `beckon check %s`", problems.count - MOST, directory);
    problems_free(&problems);
    return workspace ? taught(workspace) : NULL;
}

int cli_usage_error(const struct cli_args *args, const char *format, ...)
{
    const struct cli_command *command = args->command;
    va_list list;
    fputs("beckon: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "\nusage: beckon %s%s%s%s\n       beckon help %s\n", command->name,
            command->options ? " [OPTION]..." : "", *command->operands ? " " : "", command->operands, command->name);
    return CLI_USAGE;
}

/* Levenshtein's distance, with all above `LIMIT` letters counted as far. */
static size_t distance(const char *a, const char *b)
{
    enum { LIMIT = 32 };
    size_t row[LIMIT + 1], a_len = strlen(a), b_len = strlen(b);
    if (a_len > LIMIT || b_len > LIMIT)
        return LIMIT;
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            size_t least = row[j] + 1 < row[j - 1] + 1 ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = change < least ? change : least;
        }
    }
    return row[b_len];
}

const char *cli_nearest(const char *typed, const char *const *names, size_t count)
{
    const char *best = NULL;
    size_t best_distance = strlen(typed) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(typed, names[i]);
        bool begins = strlen(typed) >= 3 && !strncmp(typed, names[i], strlen(typed));
        if (begins)
            d = 1;
        if (d < best_distance || (d == best_distance && !best)) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}

int cli_unknown(const char *typed)
{
    const char *names[64];
    size_t count = 0;
    for (const struct cli_command *row = cli_commands; row->name; row++)
        if (!row->hidden && count < ARRAY_LEN(names))
            names[count++] = row->name;
    const char *near = cli_nearest(typed, names, count);
    if (near)
        cli_say("there is no command `%s`; did you mean `%s`? `beckon help` lists all", typed, near);
    else
        cli_say("there is no command `%s`; `beckon help` lists all", typed);
    return CLI_USAGE;
}

static int find_option(const struct cli_command *command, const char *name, size_t len)
{
    for (int i = 0; command->options && command->options[i].name; i++)
        if (strlen(command->options[i].name) == len && !memcmp(command->options[i].name, name, len))
            return i;
    return -1;
}

/* "-f": one letter at a time, since no command has more than one. */
static int find_letter(const struct cli_command *command, const char *typed)
{
    for (int i = 0; command->options && command->options[i].name; i++)
        if (cli_letter(&command->options[i]) == typed[1] && !typed[2])
            return i;
    return -1;
}

static bool unknown_option(const struct cli_args *args, const char *typed)
{
    const char *names[CLI_OPTIONS_MAX];
    char word[64];
    size_t count = 0;
    for (const struct cli_option *o = args->command->options; o && o->name; o++)
        names[count++] = o->name;
    snprintf(word, sizeof word, "%s", typed + strspn(typed, "-"));
    word[strcspn(word, "=")] = 0;
    const char *near = cli_nearest(word, names, count);
    if (near)
        cli_usage_error(args, "`%s` has no option `%s`; did you mean `--%s`?", args->command->name, typed, near);
    else
        cli_usage_error(args, "`%s` has no option `%s`", args->command->name, typed);
    return false;
}

/* One option at argv[*at]; a value may be the argument behind it. */
static bool take_option(struct cli_args *args, int argc, char **argv, int *at)
{
    const char *typed = argv[*at], *equals = strchr(typed, '=');
    size_t len = equals ? (size_t)(equals - typed) : strlen(typed);
    int place = typed[1] == '-' ? find_option(args->command, typed + 2, len - 2) : find_letter(args->command, typed);
    if (place < 0)
        return unknown_option(args, typed);
    const struct cli_option *option = &args->command->options[place];
    if (args->values[place]) {
        cli_usage_error(args, "`--%s` is given twice", option->name);
        return false;
    }
    if (!option->value) {
        if (equals) {
            cli_usage_error(args, "`--%s` takes no value", option->name);
            return false;
        }
        args->values[place] = "";
        return true;
    }
    const char *next = *at + 1 < argc ? argv[*at + 1] : NULL;
    bool may_miss = option->value[0] == '[';
    if (equals)
        args->values[place] = equals + 1;
    else if (next && (may_miss ? next[0] >= '0' && next[0] <= '9' : strncmp(next, "--", 2) != 0))
        args->values[place] = argv[++*at];
    else if (may_miss)
        args->values[place] = "";
    else {
        cli_usage_error(args, "`--%s` needs a value: --%s %s", option->name, option->name, option->value);
        return false;
    }
    return true;
}

bool cli_parse(struct cli_args *args, int argc, char **argv)
{
    memset(args, 0, sizeof *args);
    args->command = cli_find(argv[0]);
    must(args->command);
    args->operands = (const char **)(void *)(argv + 1);
    bool only_operands = false;
    for (int i = 1; i < argc; i++) {
        if (!only_operands && !strcmp(argv[i], "--"))
            only_operands = true;
        else if (!only_operands && argv[i][0] == '-' && argv[i][1]) {
            if (!take_option(args, argc, argv, &i))
                return false;
        } else
            args->operands[args->count++] = argv[i];
    }
    const struct cli_command *command = args->command;
    if (args->count < command->least) {
        cli_usage_error(args, "`%s` needs %s", command->name, command->operands);
        return false;
    }
    if (command->most >= 0 && args->count > command->most) {
        cli_usage_error(args, "`%s` does not know what to do with `%s`", command->name, args->operands[command->most]);
        return false;
    }
    return true;
}

bool cli_given(const struct cli_args *args, const char *name)
{
    return cli_value(args, name, NULL) != NULL;
}

const char *cli_value(const struct cli_args *args, const char *name, const char *otherwise)
{
    int place = find_option(args->command, name, strlen(name));
    must(place >= 0 && place < CLI_OPTIONS_MAX);
    return args->values[place] ? args->values[place] : otherwise;
}

bool cli_number(const struct cli_args *args, const char *name, int64_t least, int64_t most,
                int64_t otherwise, int64_t *out)
{
    const char *text = cli_value(args, name, NULL);
    *out = otherwise;
    if (!text || !*text)
        return true;
    if (str_to_i64(str_of(text), out) && *out >= least && *out <= most)
        return true;
    cli_usage_error(args, "`--%s %s`: give a whole number from %lld to %lld", name, text, (long long)least,
                    (long long)most);
    return false;
}
