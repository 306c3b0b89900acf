/* help.c - what the table of commands says, as text, as a manual page, as Markdown and for bash. */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "gateway/gateway.h"
#include "planner/script.h"

#define NAME_WIDTH 20 /* the longest command, and a space */
#define WIDTH 79
#define TEXT_MAX (1 << 20)

#define EXIT_CODES(X) \
    X(0, "It worked.") \
    X(1, "It was understood and did not work; stderr says why.") \
    X(2, "It was not understood; stderr says what, and how to write it.") \
    X(74, "A disk is full or failed; nothing that was acknowledged is lost.")

#define ABOUT \
    "beckon is a customer-support platform in one program: an AI assistant answers first, and a person is " \
    "always one tap away. A workspace is a folder of plain files; `beckon init DIR` makes a small one."

/* Words of `text`, wrapped at WIDTH, each line behind `indent` spaces; the first line goes on at `column`. */
static void wrap(struct buf *out, struct str text, size_t indent, size_t column)
{
    struct str word;
    bool first = true;
    while (str_split(&text, ' ', &word)) {
        if (!word.len)
            continue;
        if (!first && column + 1 + word.len > WIDTH) {
            buf_add_format(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            buf_add_char(out, ' ');
            column++;
        } else if (column < indent) {
            buf_add_format(out, "%*s", (int)(indent - column), "");
            column = indent;
        }
        buf_add_str(out, word);
        column += word.len;
        first = false;
    }
    buf_add_char(out, '\n');
}

static void option_words(const struct cli_option *option, char words[64])
{
    const char *value = option->value;
    if (!value && cli_letter(option))
        snprintf(words, 64, "-%c, --%s", cli_letter(option), option->name);
    else if (!value)
        snprintf(words, 64, "--%s", option->name);
    else if (value[0] == '[')
        snprintf(words, 64, "--%s[=%s", option->name, value + 1);
    else if (cli_letter(option))
        snprintf(words, 64, "-%c, --%s %s", cli_letter(option), option->name, value);
    else
        snprintf(words, 64, "--%s %s", option->name, value);
}

void help_overview(struct buf *out)
{
    wrap(out, STR(ABOUT), 0, 0);
    buf_add_str(out, STR("\nusage: beckon COMMAND [OPTION]...\n\n"));
    for (const struct cli_command *row = cli_commands; row->name; row++) {
        if (row->hidden)
            continue;
        buf_add_format(out, "  %-*s", NAME_WIDTH, row->name);
        wrap(out, str_of(row->summary), NAME_WIDTH + 2, NAME_WIDTH + 2);
    }
    buf_add_str(out, STR("\n`beckon help COMMAND` explains one; `beckon help --man` is the manual page.\n"));
}

static void usage_line(const struct cli_command *command, struct buf *out)
{
    buf_add_format(out, "beckon %s%s%s%s", command->name, command->options ? " [OPTION]..." : "",
                   *command->operands ? " " : "", command->operands);
}

void help_command(const struct cli_command *command, struct buf *out)
{
    buf_add_str(out, STR("usage: "));
    usage_line(command, out);
    buf_add_format(out, "\n\n%c%s.\n", command->summary[0] - 'a' + 'A', command->summary + 1);
    for (const struct cli_option *option = command->options; option && option->name; option++) {
        char words[64];
        option_words(option, words);
        buf_add_format(out, "%s  %-22s", option == command->options ? "\n" : "", words);
        wrap(out, str_of(option->meaning), 24, strlen(words) > 22 ? 2 + strlen(words) + 1 : 24);
    }
    struct str rest = str_of(command->help), line;
    if (rest.len)
        buf_add_char(out, '\n');
    while (str_split(&rest, '\n', &line)) {
        if (line.len && line.data[0] == ' ')
            buf_add_format(out, "%.*s\n", STR_ARG(line));
        else
            wrap(out, line, 0, 0);
    }
}

/* troff: a line must not begin with '.' or "'", '\' and '-' are escaped, `code` becomes bold. */
static void troff(struct buf *out, struct str text)
{
    bool bold = false, line_begins = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (line_begins && (c == '.' || c == '\''))
            buf_add_str(out, STR("\\&"));
        if (c == '`') {
            bold = !bold;
            buf_add_str(out, bold ? STR("\\fB") : STR("\\fR"));
        } else if (c == '\\')
            buf_add_str(out, STR("\\e"));
        else if (c == '-')
            buf_add_str(out, STR("\\-"));
        else
            buf_add_char(out, c);
        line_begins = c == '\n';
    }
}

static void man_command(const struct cli_command *command, struct buf *out)
{
    struct buf line;
    buf_init(&line, TEXT_MAX);
    usage_line(command, &line);
    buf_add_str(out, STR(".SS "));
    troff(out, buf_str(&line));
    buf_free(&line);
    buf_add_format(out, "\n%c", command->summary[0] - 'a' + 'A');
    troff(out, str_of(command->summary + 1));
    buf_add_str(out, STR(".\n"));
    struct str rest = str_of(command->help), text;
    bool example = false;
    while (str_split(&rest, '\n', &text)) {
        bool is_example = text.len && text.data[0] == ' ';
        if (is_example != example)
            buf_add_str(out, is_example ? STR(".PP\n.nf\n.RS\n") : STR(".RE\n.fi\n"));
        else if (!is_example && text.len)
            buf_add_str(out, STR(".PP\n"));
        example = is_example;
        if (!text.len)
            continue;
        troff(out, str_trim(text));
        buf_add_char(out, '\n');
    }
    if (example)
        buf_add_str(out, STR(".RE\n.fi\n"));
    for (const struct cli_option *option = command->options; option && option->name; option++) {
        char words[64];
        option_words(option, words);
        buf_add_str(out, STR(".TP\n\\fB"));
        troff(out, str_of(words));
        buf_add_str(out, STR("\\fR\n"));
        troff(out, str_of(option->meaning));
        buf_add_char(out, '\n');
    }
}

void help_man(struct buf *out)
{
    buf_add_str(out, STR(".TH BECKON 1 \"\" \"beckon " BECKON_VERSION "\" \"User Commands\"\n.SH NAME\n"
                         "beckon \\- customer support: an assistant first, a person always\n.SH SYNOPSIS\n"
                         "\\fBbeckon\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]...\n.SH DESCRIPTION\n"));
    troff(out, STR(ABOUT));
    buf_add_str(out, STR("\n.SH COMMANDS\n"));
    for (const struct cli_command *row = cli_commands; row->name; row++)
        if (!row->hidden)
            man_command(row, out);
    buf_add_str(out, STR(".SH EXIT STATUS\n"));
#define X(code, meaning) buf_add_str(out, STR(".TP\n.B " #code "\n" meaning "\n"));
    EXIT_CODES(X)
#undef X
    buf_add_str(out, STR(".SH FILES\n.TP\n.I DIR/workspace.yaml\nThe workspace; docs/workspace.md describes the files.\n"
                         ".TP\n.I DIR/data\nThe log, the keys and the views; the only things that beckon writes.\n"
                         ".TP\n.I docs/\nThe documents: beside the source, or in /usr/share/doc/beckon.\n"
                         ".TP\n.I DIR/data/operator.json\nAddress and token of the running server, for commands.\n"));
}

void help_markdown(struct buf *out)
{
    buf_add_str(out, STR("# The command line\n\nMade by `beckon help --markdown` (`make docs`) from the table of commands.\n\n" ABOUT
                         "\n\n| exit status | |\n| --- | --- |\n"));
#define X(code, meaning) buf_add_str(out, STR("| " #code " | " meaning " |\n"));
    EXIT_CODES(X)
#undef X
    for (const struct cli_command *row = cli_commands; row->name; row++) {
        if (row->hidden)
            continue;
        buf_add_format(out, "\n## beckon %s\n\n%c%s.\n\n    ", row->name, row->summary[0] - 'a' + 'A', row->summary + 1);
        usage_line(row, out);
        buf_add_str(out, STR("\n"));
        if (row->options)
            buf_add_str(out, STR("\n| option | |\n| --- | --- |\n"));
        for (const struct cli_option *option = row->options; option && option->name; option++) {
            char words[64];
            option_words(option, words);
            buf_add_format(out, "| `%s` | %s |\n", words, option->meaning);
        }
        struct str rest = str_of(row->help), line;
        if (rest.len)
            buf_add_char(out, '\n');
        while (str_split(&rest, '\n', &line))
            buf_add_format(out, "%s%.*s\n", line.len && line.data[0] == ' ' ? "  " : "", STR_ARG(line));
    }
}

/* Options of a command as words for bash, or its name's words. */
void help_completion(struct buf *out)
{
    buf_add_str(out, STR("# bash completion for beckon, made by `beckon help --completion`\n_beckon()\n{\n"
                         "    local word=${COMP_WORDS[COMP_CWORD]} options= command=${COMP_WORDS[1]}\n"
                         "    [ \"$command\" = agent ] && command=\"agent ${COMP_WORDS[2]}\"\n"
                         "    case \"$command\" in\n"));
    for (const struct cli_command *row = cli_commands; row->name; row++) {
        if (row->hidden)
            continue;
        buf_add_format(out, "    '%s') options='", row->name);
        for (const struct cli_option *option = row->options; option && option->name; option++)
            buf_add_format(out, "--%s ", option->name);
        buf_add_str(out, STR("--help' ;;\n"));
    }
    buf_add_str(out, STR("    esac\n    if [ \"$COMP_CWORD\" = 1 ] || [ \"$COMP_CWORD,$command\" = 2,help ]; then\n        COMPREPLY=($(compgen -W '"));
    const char *family = "";
    for (const struct cli_command *row = cli_commands; row->name; row++) {
        size_t len = strcspn(row->name, " ");
        if (row->hidden || (row->name[len] && !strncmp(family, row->name, len)))
            continue;
        family = row->name;
        buf_add_format(out, "%.*s ", (int)len, row->name);
    }
    buf_add_str(out, STR("' -- \"$word\"))\n    elif [ \"$COMP_CWORD\" = 2 ] && [ \"${COMP_WORDS[1]}\" = agent ]; then\n"
                         "        COMPREPLY=($(compgen -W '"));
    for (const struct cli_command *row = cli_commands; row->name; row++)
        if (!strncmp(row->name, "agent ", 6))
            buf_add_format(out, "%s ", row->name + 6);
    buf_add_str(out, STR("' -- \"$word\"))\n    elif [[ $word == -* ]]; then\n"
                         "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n    fi\n}\n"
                         "complete -o default -F _beckon beckon\n"));
}

static int help_on(const struct cli_args *args, struct buf *out)
{
    char name[64];
    const char *first = args->operands[0];
    snprintf(name, sizeof name, "%s%s%s", first, args->count > 1 ? " " : "", args->count > 1 ? args->operands[1] : "");
    const struct cli_command *command = cli_find(name);
    if (command) {
        help_command(command, out);
        return CLI_OK;
    }
    size_t found = 0;
    for (const struct cli_command *row = cli_commands; row->name && args->count == 1; row++)
        if (!strncmp(row->name, first, strlen(first)) && row->name[strlen(first)] == ' ') {
            if (found++)
                buf_add_str(out, STR("\n"));
            help_command(row, out);
        }
    if (found)
        return CLI_OK;
    return cli_unknown(name);
}

int cli_help(int argc, char **argv)
{
    struct cli_args args;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    struct buf out;
    buf_init(&out, TEXT_MAX);
    int status = CLI_OK;
    if (cli_given(&args, "man"))
        help_man(&out);
    else if (cli_given(&args, "markdown"))
        help_markdown(&out);
    else if (cli_given(&args, "completion"))
        help_completion(&out);
    else if (cli_given(&args, "api"))
        gateway_docs(&out);
    else if (cli_given(&args, "openapi"))
        gateway_openapi(&out);
    else if (cli_given(&args, "scenarios"))
        script_docs(&out);
    else if (args.count)
        status = help_on(&args, &out);
    else
        help_overview(&out);
    fputs(buf_cstr(&out), stdout);
    buf_free(&out);
    return status;
}

int cli_version(int argc, char **argv)
{
    struct cli_args args;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    if (cli_given(&args, "json"))
        puts("{\"name\":\"beckon\",\"version\":\"" BECKON_VERSION "\"}");
    else
        puts("beckon " BECKON_VERSION);
    return CLI_OK;
}
