#include "cli/staff.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gateway/body.h"
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
        if (name && !strcasecmp(name, login)) /* as the server looks it up */
            found = (uint64_t)json_integer_value(json_object_get(row, "agent"));
    }
    json_decref(list);
    if (!found)
        err_set(err, "nobody has the login %s; `beckon agent list` names all", login);
    return found;
}

/* As the server looks a login up: small letters. */
static struct digest login_digest(const struct node *node, struct str login, struct arena *arena)
{
    char *lower = arena_take(arena, login.len + 1);
    for (size_t i = 0; i < login.len; i++)
        lower[i] = login.data[i] >= 'A' && login.data[i] <= 'Z' ? (char)(login.data[i] | 0x20) : login.data[i];
    return node_digest(node, "login", str_make(lower, login.len));
}

static bool refused(struct err *err, enum refusal refusal, const char *field)
{
    return err_set(err, "%s%s%s", field ? field : "", field ? ": " : "", refusal_table[refusal].sentence);
}

static bool read_body(struct err *err, const struct staff_wish *wish, struct arena *arena, struct command *command)
{
    const struct command_row *row = &command_table[wish->kind];
    char *text = json_dumps(wish->body, JSON_COMPACT);
    must(text);
    struct body_refusal refusal =
        body_read(arena, str_of(text), row->fields, row->field_count, command_given(command));
    sodium_memzero(text, strlen(text));
    free(text);
    return refusal.refusal ? refused(err, refusal.refusal, refusal.field) : true;
}

static void hash_password(struct str *password, struct str *hash, struct arena *arena)
{
    struct buf hashed;
    buf_init(&hashed, LIMIT_PASSWORD);
    password_hash(*password, &hashed);
    *hash = arena_copy(arena, buf_str(&hashed));
    *password = STR_EMPTY;
    buf_free(&hashed);
}

bool staff_command(struct err *err, const struct staff_wish *wish, struct arena *arena, struct command *command)
{
    memset(command, 0, sizeof *command);
    command->kind = wish->kind;
    command->actor = ACTOR_NODE;
    command->agent = command->target = wish->agent;
    if (!read_body(err, wish, arena, command))
        return false;
    if (wish->kind == COMMAND_ADD_AGENT) {
        struct command_add_agent *add = &command->add_agent;
        if (wish->password_hash.len) {
            add->password_hash = wish->password_hash;
            add->password = STR_EMPTY;
        } else
            hash_password(&add->password, &add->password_hash, arena);
        add->login = str_trim(add->login);
        add->login_digest = login_digest(wish->node, add->login, arena);
    } else if (wish->kind == COMMAND_SET_PASSWORD)
        hash_password(&command->set_password.password, &command->set_password.password_hash, arena);
    return true;
}

static bool do_offline(struct err *err, struct staff_desk *desk, const struct command *command, uint64_t *id)
{
    struct outcome outcome = offline_do(&desk->offline, command);
    *id = outcome.id;
    return outcome.refusal ? refused(err, outcome.refusal, outcome.field) : true;
}

bool staff_do(struct err *err, struct staff_desk *desk, enum command_kind kind, uint64_t agent, json_t *body,
              uint64_t *id)
{
    if (!desk->remote) {
        struct command command;
        struct arena arena = { 0 };
        struct staff_wish wish = { .node = desk->offline.node, .kind = kind, .agent = agent, .body = body };
        bool fine = staff_command(err, &wish, &arena, &command) && do_offline(err, desk, &command, id);
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
