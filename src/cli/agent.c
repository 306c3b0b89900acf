/* agent.c - beckon agent add, list, change, password, remove. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/staff.h"
#include "engine/engine.h"

static bool read_line(FILE *file, char *out, size_t size)
{
    if (!fgets(out, (int)size, file))
        return false;
    out[strcspn(out, "\r\n")] = 0;
    return true;
}

static bool ask_terminal(const char *prompt, char *out, size_t size)
{
    struct termios before, quiet;
    fputs(prompt, stderr);
    fflush(stderr);
    bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        quiet = before;
        quiet.c_lflag &= ~(tcflag_t)ECHO;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    bool fine = read_line(stdin, out, size);
    if (terminal) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputc('\n', stderr);
    }
    return fine;
}

static bool read_password(struct err *err, const char *file, char out[LIMIT_PASSWORD + 2])
{
    char again[LIMIT_PASSWORD + 2];
    bool fine;
    if (file) {
        FILE *in = strcmp(file, "-") ? fopen(file, "r") : stdin;
        if (!in)
            return err_set(err, "cannot read %s: %s", file, strerror(errno));
        fine = read_line(in, out, LIMIT_PASSWORD + 2);
        if (in != stdin)
            fclose(in);
    } else {
        fine = ask_terminal("Password: ", out, LIMIT_PASSWORD + 2);
        if (fine && isatty(STDIN_FILENO)) {
            fine = ask_terminal("Once more: ", again, sizeof again);
            if (fine && strcmp(out, again) != 0)
                return err_set(err, "the two passwords differ");
        }
    }
    if (!fine)
        return err_set(err, "no password was given");
    if (strlen(out) < LIMIT_PASSWORD_MIN || strlen(out) > LIMIT_PASSWORD)
        return err_set(err, "a password has %d to %d characters", LIMIT_PASSWORD_MIN, LIMIT_PASSWORD);
    return true;
}

/* A word that was typed, into the body of a request. */
static bool give(const struct cli_args *args, json_t *body, const char *name, const char *value)
{
    if (!value)
        return true;
    json_t *text = json_string(value);
    if (text)
        json_object_set_new(body, name, text);
    else
        cli_usage_error(args, "the %s is not valid UTF-8", name);
    return text != NULL;
}

/* Before a password is asked for. */
static bool check_profile(const struct cli_args *args)
{
    const char *role = cli_value(args, "role", NULL), *pool = cli_value(args, "pool", NULL);
    bool known_role = !role || engine_knows_role(str_of(role)), known_pool = !pool || engine_knows_pool(str_of(pool));
    if (!known_role)
        cli_usage_error(args, "`--role %s`: give agent, supervisor or administrator", role);
    else if (!known_pool)
        cli_usage_error(args, "`--pool %s`: give employee, on_demand or outsourced", pool);
    return known_role && known_pool;
}

static const char *const profile_options[] = { "role", "pool", "skills", "languages" };

/* The options that name a person's role and abilities, as the body of a request. */
static bool profile(const struct cli_args *args, json_t *body)
{
    if (!check_profile(args))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(profile_options); i++)
        if (!give(args, body, profile_options[i], cli_value(args, profile_options[i], NULL)))
            return false;
    int64_t capacity;
    if (!cli_number(args, "capacity", 1, LIMIT_CAPACITY, 0, &capacity))
        return false;
    if (capacity)
        json_object_set_new(body, "capacity", json_integer(capacity));
    return true;
}

/* Opens the desk, finds LOGIN if it must be there, gives the command, closes. */
static int change(const struct cli_args *args, enum command_kind kind, json_t *body, uint64_t *id)
{
    struct err err;
    struct staff_desk desk;
    uint64_t agent = 0;
    bool fine = staff_open(&err, &desk, args->operands[0]);
    if (!fine)
        return cli_fail_at(&err, args->operands[0]);
    if (kind != COMMAND_ADD_AGENT)
        fine = (agent = staff_find(&err, &desk, args->operands[1])) != 0;
    fine = fine && staff_do(&err, &desk, kind, agent, body, id);
    staff_close(&desk);
    return fine ? CLI_OK : cli_fail_at(&err, args->operands[0]);
}

int cli_agent_add(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    char password[LIMIT_PASSWORD + 2];
    uint64_t id = 0;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *login = args.operands[1];
    json_t *body = json_object();
    int status = CLI_USAGE;
    if (profile(&args, body) && give(&args, body, "login", login) &&
        give(&args, body, "name", cli_value(&args, "name", login))) {
        if (!read_password(&err, cli_value(&args, "password-file", NULL), password))
            status = cli_fail(&err);
        else if (give(&args, body, "password", password))
            status = change(&args, COMMAND_ADD_AGENT, body, &id);
        explicit_bzero(password, sizeof password);
    }
    json_decref(body);
    if (status == CLI_OK && cli_given(&args, "json"))
        printf("{\"agent\":%llu}\n", (unsigned long long)id);
    else if (status == CLI_OK)
        printf("added %s as agent %llu\n", login, (unsigned long long)id);
    return status;
}

int cli_agent_change(int argc, char **argv)
{
    struct cli_args args;
    uint64_t id;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    json_t *body = json_object();
    int status = CLI_USAGE;
    if (!profile(&args, body))
        status = CLI_USAGE;
    else if (!json_object_size(body))
        status = cli_usage_error(&args, "say what shall change, such as --capacity 4");
    else
        status = change(&args, COMMAND_CHANGE_AGENT, body, &id);
    json_decref(body);
    return status;
}

int cli_agent_password(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    char password[LIMIT_PASSWORD + 2];
    uint64_t id;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    if (!read_password(&err, cli_value(&args, "password-file", NULL), password))
        return cli_fail(&err);
    json_t *body = json_object();
    int status = CLI_USAGE;
    if (give(&args, body, "password", password))
        status = change(&args, COMMAND_SET_PASSWORD, body, &id);
    explicit_bzero(password, sizeof password);
    json_decref(body);
    return status;
}

int cli_agent_remove(int argc, char **argv)
{
    struct cli_args args;
    uint64_t id;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    json_t *body = json_object();
    int status = change(&args, COMMAND_REMOVE_AGENT, body, &id);
    json_decref(body);
    return status;
}

static const char *cell(struct arena *arena, json_t *row, const char *name)
{
    const char *value = json_string_value(json_object_get(row, name));
    struct buf shown;
    buf_init(&shown, 16 * LIMIT_NAME);
    cli_add_shown(&shown, str_of(value ? value : ""));
    value = arena_cstr(arena, buf_str(&shown));
    buf_free(&shown);
    return value;
}

/* A list of words as "a,b"; the API gives arrays. */
static void cell_list(json_t *row, const char *name, struct buf *out)
{
    json_t *list = json_object_get(row, name), *word;
    size_t at;
    buf_clear(out);
    if (json_is_string(list))
        buf_add_str(out, str_of(json_string_value(list)));
    json_array_foreach(list, at, word) {
        if (at)
            buf_add_char(out, ',');
        buf_add_str(out, str_of(json_string_value(word)));
    }
    if (!out->len)
        buf_add_char(out, '-');
}

static void print_table(json_t *list)
{
    struct arena arena = { 0 };
    struct buf skills, languages;
    json_t *row;
    size_t at;
    buf_init(&skills, LIMIT_LIST + 64);
    buf_init(&languages, LIMIT_LIST + 64);
    printf("%6s  %-16s %-20s %-13s %-10s %-8s %4s  %-10s %s\n", "AGENT", "LOGIN", "NAME", "ROLE", "POOL", "STATE",
           "CAP", "LANGUAGES", "SKILLS");
    json_array_foreach(list, at, row) {
        cell_list(row, "skills", &skills);
        cell_list(row, "languages", &languages);
        printf("%6lld  %-16s %-20s %-13s %-10s %-8s %4lld  %-10s %s\n",
               (long long)json_integer_value(json_object_get(row, "agent")), cell(&arena, row, "login"),
               cell(&arena, row, "name"), cell(&arena, row, "role"), cell(&arena, row, "pool"), cell(&arena, row, "state"),
               (long long)json_integer_value(json_object_get(row, "capacity")), buf_cstr(&languages),
               buf_cstr(&skills));
    }
    buf_free(&skills);
    buf_free(&languages);
    arena_free(&arena);
}

int cli_agent_list(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    struct staff_desk desk;
    json_t *list;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    /* To look must not make anything: a workspace that was never served has no staff. */
    if (!data_exists(&err, args.operands[0]) || !staff_open(&err, &desk, args.operands[0]))
        return cli_fail(&err);
    bool fine = staff_list(&err, &desk, &list);
    staff_close(&desk);
    if (!fine)
        return cli_fail(&err);
    if (cli_given(&args, "json")) {
        json_dumpf(list, stdout, JSON_INDENT(2));
        putchar('\n');
    } else
        print_table(list);
    json_decref(list);
    return CLI_OK;
}
