#include "cli/staff.h"

#include <stdio.h>
#include <string.h>

#include "privacy/vault.h"

bool staff_open(struct err *err, struct staff_desk *desk, const char *directory)
{
    desk->remote = remote_find(err, directory, &desk->server);
    if (desk->remote)
        return true;
    return !err->text[0] && offline_open(err, &desk->offline, directory);
}

void staff_close(struct staff_desk *desk)
{
    if (!desk->remote)
        offline_close(&desk->offline);
}

static json_t *text(struct str s)
{
    return json_stringn(s.data ? s.data : "", s.len);
}

struct listing {
    const struct node *node;
    json_t *list;
};

static json_t *words(struct str list)
{
    json_t *array = json_array();
    struct str word;
    while (list.len && str_split(&list, ',', &word))
        json_array_append_new(array, text(word));
    return array;
}

static bool list_agent(void *context, const struct agent_view *agent)
{
    struct listing *listing = context;
    json_t *row = json_object();
    json_object_set_new(row, "agent", json_integer((json_int_t)agent->id));
    json_object_set_new(row, "login", text(node_agent_login(listing->node, agent->id)));
    json_object_set_new(row, "name", text(node_agent_name(listing->node, agent->id)));
    json_object_set_new(row, "role", text(agent->role));
    json_object_set_new(row, "pool", text(agent->pool));
    json_object_set_new(row, "state", json_string(agent_state_names[agent->state]));
    json_object_set_new(row, "capacity", json_integer(agent->capacity));
    json_object_set_new(row, "skills", words(agent->skills));
    json_object_set_new(row, "languages", words(agent->languages));
    json_array_append_new(listing->list, row);
    return true;
}

bool staff_list(struct err *err, struct staff_desk *desk, json_t **list)
{
    if (!desk->remote) {
        struct listing listing = { desk->offline.node, json_array() };
        engine_each_agent(node_engine(desk->offline.node), list_agent, &listing);
        *list = listing.list;
        return true;
    }
    json_t *answer;
    if (!remote_do(err, &desk->server, "/v1/agents", NULL, &answer))
        return false;
    *list = json_incref(json_object_get(answer, "agents"));
    json_decref(answer);
    return *list ? true : err_set(err, "the server's list of agents cannot be understood");
}

uint64_t staff_find(struct err *err, struct staff_desk *desk, const char *login)
{
    json_t *list, *row;
    size_t at;
    uint64_t found = 0;
    if (!staff_list(err, desk, &list))
        return 0;
    json_array_foreach(list, at, row) {
        const char *name = json_string_value(json_object_get(row, "login"));
        if (name && !strcmp(name, login))
            found = (uint64_t)json_integer_value(json_object_get(row, "agent"));
    }
    json_decref(list);
    if (!found)
        err_set(err, "nobody has the login %s; `beckon agent list` names all", login);
    return found;
}

static void fill_field(struct command *command, const struct command_field *field, json_t *value, struct arena *arena)
{
    void *place = command_field_at(command, field);
    if (json_is_integer(value))
        *(uint64_t *)place = (uint64_t)json_integer_value(value);
    else
        *(struct str *)place = arena_copy(arena, str_make(json_string_value(value), json_string_length(value)));
}

/* As the server looks a login up: small letters. */
static struct digest login_digest(const struct node *node, struct str login, struct arena *arena)
{
    char *lower = arena_take(arena, login.len + 1);
    for (size_t i = 0; i < login.len; i++)
        lower[i] = login.data[i] >= 'A' && login.data[i] <= 'Z' ? (char)(login.data[i] | 0x20) : login.data[i];
    return node_digest(node, "login", str_make(lower, login.len));
}

void staff_command(struct command *command, const struct node *node, enum command_kind kind, uint64_t agent,
                   json_t *body, struct arena *arena)
{
    const struct command_row *row = &command_table[kind];
    memset(command, 0, sizeof *command);
    command->kind = kind;
    command->actor = ACTOR_NODE;
    command->agent = command->target = agent;
    for (size_t i = 0; i < row->field_count; i++) {
        json_t *value = json_object_get(body, row->fields[i].name);
        if (!value)
            continue;
        fill_field(command, &row->fields[i], value, arena);
        *command_given(command) |= (uint64_t)1 << i;
    }
    struct str *password = NULL, *hash = NULL;
    if (kind == COMMAND_ADD_AGENT) {
        password = &command->add_agent.password;
        hash = &command->add_agent.password_hash;
        command->add_agent.login = str_trim(command->add_agent.login);
        command->add_agent.login_digest = login_digest(node, command->add_agent.login, arena);
    } else if (kind == COMMAND_SET_PASSWORD) {
        password = &command->set_password.password;
        hash = &command->set_password.password_hash;
    }
    if (!password)
        return;
    struct buf hashed;
    buf_init(&hashed, LIMIT_PASSWORD);
    password_hash(*password, &hashed);
    *hash = arena_copy(arena, buf_str(&hashed));
    *password = STR_EMPTY;
    buf_free(&hashed);
}

static bool do_offline(struct err *err, struct staff_desk *desk, const struct command *command, uint64_t *id)
{
    struct outcome outcome = offline_do(&desk->offline, command);
    *id = outcome.id;
    return outcome.refusal ? err_set(err, "%s", refusal_table[outcome.refusal].sentence) : true;
}

bool staff_do(struct err *err, struct staff_desk *desk, enum command_kind kind, uint64_t agent, json_t *body,
              uint64_t *id)
{
    if (!desk->remote) {
        struct command command;
        struct arena arena = { 0 };
        staff_command(&command, desk->offline.node, kind, agent, body, &arena);
        bool fine = do_offline(err, desk, &command, id);
        arena_free(&arena);
        return fine;
    }
    static const struct { enum command_kind kind; const char *path; } paths[] = {
        { COMMAND_ADD_AGENT, "" }, { COMMAND_CHANGE_AGENT, "/change" }, { COMMAND_SET_PASSWORD, "/password" },
        { COMMAND_REMOVE_AGENT, "/remove" },
    };
    char path[80] = "/v1/agents";
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (paths[i].kind == kind && agent)
            snprintf(path, sizeof path, "/v1/agents/%llu%s", (unsigned long long)agent, paths[i].path);
    json_t *answer;
    if (!remote_do(err, &desk->server, path, body, &answer))
        return false;
    *id = (uint64_t)json_integer_value(json_object_get(answer, "id"));
    json_decref(answer);
    return true;
}
