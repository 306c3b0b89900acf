#include <sodium.h>

#include "gateway/answer.h"
#include "gateway/bodies.h"
#include "gateway/body.h"
#include "gateway/handlers.h"
#include "gateway/route.h"
#include "gateway/server.h"

/* Staff's sessions. A login that does not exist takes as long to refuse as a wrong password, guesses
 * are limited by login and address together, by login and by address, and each log-in gets a token of
 * its own: none that came from outside is ever taken up. */

struct login {
    struct body_login body;
    uint64_t agent;
    struct str hash;              /* of the agent's password when the check began */
    char token[2 * 32 + 1];
    int64_t expires_at;
};

static struct str lower(struct arena *arena, struct str s)
{
    struct str copy = arena_copy(arena, s);
    for (size_t i = 0; i < copy.len; i++)
        if (copy.data[i] >= 'A' && copy.data[i] <= 'Z') ((char *)(uintptr_t)copy.data)[i] |= 0x20;
    return copy;
}

static struct digest login_digest(struct request *request, struct str login)
{
    return node_digest(request->gateway->node, "login", lower(&request->arena, str_trim(login)));
}

/* The same guess from elsewhere, another guess from here: each has its own bucket. */
static bool allow_guess(struct request *request, struct digest login)
{
    const struct gateway *gateway = request->gateway;
    int per_minute = gateway->options.limits.logins_per_minute;
    if (!per_minute) per_minute = GATEWAY_LOGINS_PER_MINUTE;
    if (per_minute < 0) return true;
    uint64_t address = peers_key(&gateway->peers, request->address);
    double per_s = per_minute / 60.0;
    const struct { uint64_t key; double factor; } buckets[] = {
        { login.high ^ address, 1 }, { login.low, 4 }, { address ^ 0x6c6f67696e, 6 },
    };
    for (size_t i = 0; i < ARRAY_LEN(buckets); i++) {
        struct rate_limit limit = { per_s * buckets[i].factor, per_minute * buckets[i].factor };
        int64_t wait = rate_take(gateway->rates, buckets[i].key, limit, 1, gateway_clock(gateway));
        if (!wait) continue;
        answer_limited(request, REFUSAL_RATE_LIMITED, wait);
        return false;
    }
    return true;
}

static void answer_login(struct request *request, const struct login *login)
{
    const struct node *node = request->gateway->node;
    struct agent_view agent;
    struct str role = engine_agent(node_engine(node), login->agent, &agent) ? agent.role : STR_EMPTY;
    struct buf *json = request_buf(request);
    buf_add_format(json, "{\"agent\":%llu,\"name\":", (unsigned long long)login->agent);
    buf_add_json_str(json, node_agent_name(node, login->agent));
    buf_add_str(json, STR(",\"role\":"));
    buf_add_json_str(json, role);
    buf_add_format(json, ",\"token\":\"%s\",\"expires_at\":%lld}", login->token, (long long)login->expires_at);
    struct str cookie = arena_format(
        &request->arena, "Set-Cookie: %s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s\r\n",
        session_cookie_name(request->secure), login->token, (long long)(login->expires_at - node_now(node)) / 1000,
        request->secure ? "; Secure" : "");
    answer_send(request, &(struct answer){ .status = 200, .body = buf_str(json), .headers = cookie });
}

static void on_opened(void *context, const struct outcome *outcome)
{
    struct request *request = context;
    if (outcome->refusal) answer_refusal(request, outcome->refusal, NULL);
    else answer_login(request, request->work);
}

static void on_checked(void *context, bool fits, struct str made)
{
    UNUSED(made);
    struct request *request = context;
    struct login *login = request->work;
    const struct node *node = request->gateway->node;
    /* The password may have been changed, or the agent removed, while it was checked. */
    if (!login->agent || !fits || !str_equal(node_agent_password(node, login->agent), login->hash)) {
        answer_refusal(request, REFUSAL_BAD_LOGIN, NULL);
        return;
    }
    unsigned char random[32];
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(login->token, sizeof login->token, random, sizeof random);
    login->expires_at = node_now(node) + engine_settings(node_engine(node))->session_ms;
    request->command = (struct command){ .kind = COMMAND_OPEN_SESSION, .actor = ACTOR_NODE, .agent = login->agent,
                                         .target = login->agent };
    request->command.open_session.given = 3;
    request->command.open_session.token = node_digest(node, "session", str_of(login->token));
    request->command.open_session.expires_at = login->expires_at;
    node_submit(request->gateway->node, &request->command, on_opened, request);
}

void login_open(struct request *request)
{
    struct login *login = request->work = ARENA_NEW(&request->arena, struct login);
    struct body_refusal result = body_read(&request->arena, request->body, request->route->fields,
                                           request->route->field_count, &login->body);
    if (result.refusal) {
        answer_refusal(request, result.refusal, result.field);
        return;
    }
    const struct node *node = request->gateway->node;
    struct digest digest = login_digest(request, login->body.login);
    if (!allow_guess(request, digest)) return;
    login->agent = engine_agent_by_login(node_engine(node), digest);
    login->hash = arena_copy(&request->arena, node_agent_password(node, login->agent));
    if (!login->hash.len) login->agent = 0;
    if (!passwords_work(&request->gateway->passwords, login->body.password, login->hash, on_checked, request))
        answer_limited(request, REFUSAL_RATE_LIMITED, 2000);
}

static void on_closed(void *context, const struct outcome *outcome)
{
    struct request *request = context;
    if (outcome->refusal) {
        answer_refusal(request, outcome->refusal, NULL);
        return;
    }
    struct str cookie = arena_format(
        &request->arena, "Set-Cookie: %s=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0%s\r\n"
        "Clear-Site-Data: \"cache\"\r\n", session_cookie_name(request->secure), request->secure ? "; Secure" : "");
    answer_send(request, &(struct answer){ .status = 200, .body = STR("{}"), .headers = cookie });
}

static void close_sessions(struct request *request, uint64_t agent, uint64_t session, struct str reason)
{
    struct command *command = &request->command;
    *command = (struct command){ .kind = COMMAND_CLOSE_SESSION, .actor = session_actor(&request->session),
                                 .agent = request->session.agent, .target = agent };
    if (command->actor == ACTOR_NODE) command->agent = agent;
    command->close_session.given = 3;
    command->close_session.session = session;
    command->close_session.reason = reason;
}

void login_close(struct request *request)
{
    close_sessions(request, request->session.agent, request->session.session, STR("logged_out"));
    node_submit(request->gateway->node, &request->command, on_closed, request);
}

void login_end_sessions(struct request *request)
{
    if (!act_body(request)) return;
    close_sessions(request, request->target, 0, STR("revoked"));
    act_key(request);
    act_submit(request);
}

/* --- passwords of others --- */

static void on_hashed(void *context, bool fits, struct str hash)
{
    UNUSED(fits);
    struct request *request = context;
    struct command *command = &request->command;
    if (!hash.len) {
        answer_refusal(request, REFUSAL_INTERNAL, NULL);
        return;
    }
    struct str copy = arena_copy(&request->arena, hash);
    const struct command_row *row = &command_table[command->kind];
    body_give_text(row->fields, row->field_count, &command->wake, "password_hash", copy);
    body_give_text(row->fields, row->field_count, &command->wake, "password", STR_EMPTY);
    act_submit(request);
}

static void hash_and_submit(struct request *request, struct str password)
{
    struct command *command = &request->command;
    if (password.len < LIMIT_PASSWORD_MIN) {
        answer_refusal(request, REFUSAL_BAD_FIELD, "password");
        return;
    }
    command->actor = session_actor(&request->session);
    command->agent = command->actor == ACTOR_NODE ? request->target : request->session.agent;
    command->target = request->target;
    act_key(request);
    if (!passwords_work(&request->gateway->passwords, password, STR_EMPTY, on_hashed, request))
        answer_limited(request, REFUSAL_RATE_LIMITED, 2000);
}

void login_add_agent(struct request *request)
{
    if (!act_body(request)) return;
    struct command_add_agent *add = &request->command.add_agent;
    add->login = str_trim(add->login);
    add->login_digest = login_digest(request, add->login);
    hash_and_submit(request, add->password);
}

void login_set_password(struct request *request)
{
    if (act_body(request)) hash_and_submit(request, request->command.set_password.password);
}
