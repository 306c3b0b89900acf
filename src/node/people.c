#include "node/state.h"

#include "base/memory.h"

/* What the node keeps in the clear of people: names and password hashes of staff (few), and nothing
 * of customers: their details are read from the log when they are wanted. */

struct person {
    struct arena arena;
    struct str name, login, password;
};

static struct person *person_of(struct node *node, uint64_t agent)
{
    struct person *person = map_get(&node->agents, agent);
    if (person) return person;
    person = MEMORY_NEW(struct person);
    map_put(&node->agents, agent, person);
    return person;
}

static void forget(struct node *node, uint64_t agent)
{
    struct person *person = map_remove(&node->agents, agent);
    if (!person) return;
    arena_free(&person->arena);
    memory_free(person);
}

void people_learn(struct node *node, const struct event *event)
{
    if (event->kind == EVENT_AGENT_ADDED) {
        struct person *person = person_of(node, event->agent);
        person->name = arena_copy(&person->arena, event->agent_added.name);
        person->login = arena_copy(&person->arena, event->agent_added.login);
        person->password = arena_copy(&person->arena, event->agent_added.password);
    } else if (event->kind == EVENT_AGENT_PASSWORD_SET) {
        struct person *person = person_of(node, event->agent);
        person->password = arena_copy(&person->arena, event->agent_password_set.password);
    } else if (event->kind == EVENT_AGENT_REMOVED) {
        forget(node, event->agent);
    }
}

static bool load_agent(void *context, const struct agent_view *agent)
{
    struct node *node = context;
    uint64_t seqs[2] = { agent->added_seq, agent->password_seq != agent->added_seq ? agent->password_seq : 0 };
    for (size_t i = 0; i < 2; i++) {
        struct arena arena = { 0 };
        struct event event;
        if (node_event(node, seqs[i], &arena, &event)) people_learn(node, &event);
        arena_free(&arena);
    }
    return true;
}

void people_load(struct node *node)
{
    engine_each_agent(node->engine, load_agent, node);
}

void people_free(struct node *node)
{
    uint64_t *agents = map_sorted_keys(&node->agents);
    for (size_t i = 0, count = node->agents.count; i < count; i++) forget(node, agents[i]);
    memory_free(agents);
    map_free(&node->agents);
}

struct str node_agent_name(const struct node *node, uint64_t agent)
{
    const struct person *person = agent ? map_get(&node->agents, agent) : NULL;
    return person ? person->name : STR_EMPTY;
}

struct str node_agent_login(const struct node *node, uint64_t agent)
{
    const struct person *person = agent ? map_get(&node->agents, agent) : NULL;
    return person ? person->login : STR_EMPTY;
}

struct str node_agent_password(const struct node *node, uint64_t agent)
{
    const struct person *person = agent ? map_get(&node->agents, agent) : NULL;
    return person ? person->password : STR_EMPTY;
}

bool node_customer(struct node *node, uint64_t customer, struct arena *arena, struct node_customer *out)
{
    struct event event;
    *out = (struct node_customer){ STR_EMPTY, STR_EMPTY, STR_EMPTY, STR_EMPTY, false };
    if (!customer || engine_customer_erased(node->engine, customer)) return false;
    if (!node_event(node, engine_customer_seen(node->engine, customer), arena, &event)) return false;
    if (event.kind != EVENT_CUSTOMER_SEEN || event.customer != customer) return false;
    *out = (struct node_customer){ event.customer_seen.external_id, event.customer_seen.name,
        event.customer_seen.email, event.customer_seen.language, event.customer_seen.verified != 0 };
    return true;
}
