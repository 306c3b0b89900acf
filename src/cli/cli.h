/* cli.h - the command line: one table of commands.
 *
 * From CLI_COMMANDS' rows come `beckon help`, `beckon help COMMAND`, the man page, docs/cli.md, the
 * completion of the shell and the check of what was typed. A row's `run` gets argv[0] = the row's
 * name ("serve", "agent add") and the arguments behind it, and begins with cli_parse.
 *
 * Results go to stdout, everything else to stderr. `run` gives one of the exit codes below. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1, /* it was understood and did not work; stderr says why */
    CLI_USAGE = 2,  /* it was not understood; stderr says what and how to write it */
    CLI_DISK = 74,  /* a disk is full or failed (EX_IOERR) */
};

#define CLI_OPTIONS_MAX 16

struct cli_option {
    const char *name;  /* without the dashes; NULL ends the list */
    const char *value; /* name of its value; "[RATE]" may be left out; NULL: a switch */
    const char *meaning;
};

struct cli_command {
    const char *name;      /* one or two words; NULL ends the table */
    const char *summary;   /* one sentence without a full stop */
    const char *operands;  /* as in the usage line, such as "DIR FILE..." */
    int least, most;       /* number of operands; most -1: any */
    const struct cli_option *options; /* or NULL */
    const char *help;      /* paragraphs; a line that begins with two spaces is an example */
    bool hidden;           /* not in the lists */
    int (*run)(int argc, char **argv);
};

extern const struct cli_command cli_commands[];

/* The option's short form, such as 'f' for -f, or 0. */
char cli_letter(const struct cli_option *option);

/* Exact name, or NULL. */
const struct cli_command *cli_find(const char *name);

/* What was typed: options by their place in the command's list, operands in order. */
struct cli_args {
    const struct cli_command *command;
    const char *values[CLI_OPTIONS_MAX]; /* NULL: not given; "": given without a value */
    const char **operands;               /* into argv */
    int count;
};

/* Finds the row named argv[0] and reads the arguments against it. false: what is wrong has been
 * said on stderr, and the command gives back CLI_USAGE. Reorders argv. */
bool cli_parse(struct cli_args *args, int argc, char **argv) WARN_UNUSED;

/* The option must be in the command's list. */
bool cli_given(const struct cli_args *args, const char *name);
const char *cli_value(const struct cli_args *args, const char *name, const char *otherwise);
/* The option's value as a whole number; false (said on stderr) if it is none or outside the limits. */
bool cli_number(const struct cli_args *args, const char *name, int64_t least, int64_t most,
                int64_t otherwise, int64_t *out) WARN_UNUSED;

/* Says on stderr what is wrong with the words typed and how to write them. Gives CLI_USAGE. */
int cli_usage_error(const struct cli_args *args, const char *format, ...) PRINTF_LIKE(2, 3);

/* Say "beckon: …" on stderr. cli_fail gives CLI_FAILED; cli_fail_at gives CLI_DISK if there is no room
 * left where `path` is (or would be). */
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);
int cli_fail(const struct err *err);
int cli_fail_at(const struct err *err, const char *path);

/* Reads the workspace in `directory`; NULL after its first mistakes have been said on stderr. */
struct workspace;
struct workspace *cli_workspace(const char *directory);
/* Says that there is no such command, and the nearest one. Gives CLI_USAGE. */
int cli_unknown(const char *typed);

/* The name among `names` (NULL ends) that is nearest to what was typed, or NULL if none is near. */
const char *cli_nearest(const char *typed, const char *const *names, size_t count);

/* Text that somebody else wrote, for a terminal: control characters, and those that turn the direction
 * of writing, stand as \u00xx, so that it can neither move the cursor nor pretend to be another line. */
void cli_add_shown(struct buf *out, struct str text);

/* A line on stderr that shows how far something has come: nothing in the first second, and only
 * on a terminal more than once. A progress of zeroes with `what` set is ready to use. */
struct cli_progress {
    const char *what; /* such as "verifying" */
    int64_t began_ms, shown_ms;
    bool shown;
};
void cli_progress(struct cli_progress *progress, uint64_t done, uint64_t all);
void cli_progress_end(struct cli_progress *progress);

/* Text that comes from the table. */
void help_overview(struct buf *out);
void help_command(const struct cli_command *command, struct buf *out);
void help_man(struct buf *out);
void help_markdown(struct buf *out);
void help_completion(struct buf *out);

/* One function a command, each in the file of its name. */
int cli_serve(int argc, char **argv);
int cli_init(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_ask(int argc, char **argv);
int cli_action(int argc, char **argv);
int cli_knowledge_eval(int argc, char **argv);
int cli_knowledge_search(int argc, char **argv);
int cli_intents_train(int argc, char **argv);
int cli_intents_eval(int argc, char **argv);
int cli_intents_suggest(int argc, char **argv);
int cli_assistant_calibrate(int argc, char **argv);
int cli_reload(int argc, char **argv);
int cli_tail(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_rebuild(int argc, char **argv);
int cli_erase(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_agent_add(int argc, char **argv);
int cli_agent_list(int argc, char **argv);
int cli_agent_change(int argc, char **argv);
int cli_agent_password(int argc, char **argv);
int cli_agent_remove(int argc, char **argv);
int cli_scenario(int argc, char **argv);
int cli_demo_backend(int argc, char **argv);
int cli_help(int argc, char **argv);
int cli_version(int argc, char **argv);

#endif
