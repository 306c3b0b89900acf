#include "gateway/answer.h"
#include "gateway/bodies.h"
#include "gateway/body.h"
#include "gateway/handlers.h"
#include "gateway/route.h"
#include "gateway/server.h"
#include "privacy/vault.h"

/* A customer comes to the door. Who they are is known only from a signature of the host page over
 * their id: nothing else that the page sends is ever taken for it, and nobody is merged by e-mail. */

#define CONVERSATIONS_TOLD 50

struct door {
    struct body_session body;
    struct digest identity;
    uint64_t customer;     /* known already, or 0 */
    struct str language;
    bool verified;
};

static bool add_id(struct buf *json, uint64_t id, bool first)
{
    if (!first) buf_add_char(json, ',');
    buf_add_u64(json, id);
    return false;
}

static void answer_session(struct request *request, uint64_t customer)
{
    const struct door *door = request->work;
    uint64_t ids[CONVERSATIONS_TOLD];
    size_t count = engine_conversations_of_customer(node_engine(request->gateway->node), customer, ids, ARRAY_LEN(ids));
    struct buf *json = request_buf(request);
    buf_add_str(json, STR("{\"token\":\""));
    session_customer_token(request->gateway, customer, json);
    buf_add_format(json, "\",\"customer\":%llu,\"verified\":%s,\"conversations\":[", (unsigned long long)customer,
                   door->verified ? "true" : "false");
    bool first = true;
    bool ascending = count > 1 && ids[0] < ids[count - 1];
    for (size_t i = 0; i < count; i++) first = add_id(json, ids[ascending ? count - 1 - i : i], first);
    buf_add_str(json, STR("],\"language\":"));
    buf_add_json_str(json, door->language);
    buf_add_format(json, ",\"expires_at\":%lld}",
                   (long long)(node_now(request->gateway->node) + SESSION_CUSTOMER_MS));
    answer_json(request, buf_str(json));
}

static void on_seen(void *context, const struct outcome *outcome)
{
    struct request *request = context;
    const struct door *door = request->work;
    if (outcome->refusal) answer_refusal(request, outcome->refusal, NULL);
    else answer_session(request, outcome->id ? outcome->id : door->customer);
}

/* One of the workspace's languages: the one wished for, the one known, or the first. */
static struct str choose_language(const struct workspace *workspace, struct str wished, struct str known)
{
    const struct str candidates[] = { wished, known };
    for (size_t i = 0; i < ARRAY_LEN(candidates); i++)
        for (size_t j = 0; j < workspace->language_count; j++)
            if (str_equal_nocase(candidates[i], workspace->languages[j])) return workspace->languages[j];
    return workspace->language_count ? workspace->languages[0] : STR("en");
}

static struct str newer(struct str given, struct str known)
{
    return given.len ? given : known;
}

/* Makes or updates the record, if there is anything new in it. */
static void see(struct request *request)
{
    struct door *door = request->work;
    struct node *node = request->gateway->node;
    struct node_customer known = { STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY, false };
    if (door->customer) node_customer(node, door->customer, &request->arena, &known);
    door->language = choose_language(node_workspace(node), door->body.language, known.language);
    struct str name = newer(door->body.name, known.name), email = newer(door->body.email, known.email);
    if (door->customer && str_equal(name, known.name) && str_equal(email, known.email) &&
        str_equal(door->language, known.language) && door->verified == known.verified) {
        answer_session(request, door->customer);
        return;
    }
    struct command *command = &request->command;
    *command = (struct command){ .kind = COMMAND_SEE_CUSTOMER, .actor = ACTOR_NODE, .customer = door->customer };
    command->see_customer = (struct command_see_customer){
        .given = 0x3f, .identity = door->identity, .verified = door->verified, .language = door->language,
        .external_id = door->verified ? door->body.identity : STR_EMPTY, .name = name, .email = email };
    node_submit(node, command, on_seen, request);
}

void door_session(struct request *request)
{
    struct door *door = request->work = ARENA_NEW(&request->arena, struct door);
    const struct node *node = request->gateway->node;
    const struct engine *engine = node_engine(node);
    struct body_refusal result = body_read(&request->arena, request->body, request->route->fields,
                                           request->route->field_count, &door->body);
    if (result.refusal) {
        answer_refusal(request, result.refusal, result.field);
        return;
    }
    if (door->body.signature.len && !door->body.identity.len) {
        answer_refusal(request, REFUSAL_BAD_IDENTITY, "identity");
        return;
    }
    if (door->body.identity.len) {
        struct str secret = node_workspace(node)->identity_secret;
        if (!secret.len || !signature_fits(secret, door->body.identity, door->body.signature)) {
            answer_refusal(request, REFUSAL_BAD_IDENTITY, "signature");
            return;
        }
        door->verified = true;
        door->identity = node_digest(node, "identity", door->body.identity);
        door->customer = engine_customer_by_identity(engine, door->identity);
    } else if (request->session.kind == SESSION_CUSTOMER &&
               !engine_customer_verified(engine, request->session.customer)) {
        door->customer = request->session.customer;
    }
    if (door->customer && engine_customer_erased(engine, door->customer)) door->customer = 0;
    if (route_allow_new(request, ROUTE_NEW_CUSTOMER)) see(request);
}
