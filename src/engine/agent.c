#include "engine/agent.h"

#include "base/memory.h"
#include "engine/deadline.h"

const char *const agent_state_names[AGENT_STATES] = {
    [AGENT_OFFLINE] = "offline", [AGENT_AWAY] = "away", [AGENT_ONLINE] = "online",
};
const char *const agent_role_names[ROLES] = {
    [ROLE_AGENT] = "agent", [ROLE_SUPERVISOR] = "supervisor", [ROLE_ADMINISTRATOR] = "administrator",
};
const char *const agent_pool_names[POOLS] = {
    [POOL_EMPLOYEE] = "employee", [POOL_ON_DEMAND] = "on_demand", [POOL_OUTSOURCED] = "outsourced",
};

static int name_of(const char *const *names, int count, struct str name)
{
    for (int i = 0; i < count; i++)
        if (str_equal(str_of(names[i]), name)) return i;
    return -1;
}

int agent_state_of(struct str name) { return name_of(agent_state_names, AGENT_STATES, name); }
int agent_role_of(struct str name) { return name_of(agent_role_names, ROLES, name); }
int agent_pool_of(struct str name) { return name_of(agent_pool_names, POOLS, name); }
bool engine_knows_role(struct str name) { return agent_role_of(name) >= 0; }
bool engine_knows_pool(struct str name) { return agent_pool_of(name) >= 0; }

struct agent *agent_find(const struct engine *engine, uint64_t id)
{
    return id ? map_get(&engine->agents, id) : NULL;
}

struct agent *agent_new(struct engine *engine, uint64_t id)
{
    struct agent *agent = pool_take(&engine->agent_pool);
    agent->id = id;
    map_put(&engine->agents, id, agent);
    return agent;
}

static void free_str(struct str *s)
{
    memory_free((char *)(uintptr_t)s->data);
    *s = STR_EMPTY;
}

static struct str copy_str(struct str s)
{
    return s.len ? str_make(memory_copy(s.data, s.len), s.len) : (struct str){ NULL, 0 };
}

void agent_set_lists(struct agent *agent, struct str skills, struct str languages)
{
    struct str old_skills = agent->skills, old_languages = agent->languages;
    agent->skills = copy_str(skills);
    agent->languages = copy_str(languages);
    if (old_skills.len) free_str(&old_skills);
    if (old_languages.len) free_str(&old_languages);
}

int agent_free_places(const struct agent *agent)
{
    return agent->capacity - agent->active_count - agent->offer_count - agent->wrapup_count;
}

bool agent_suits(const struct engine *engine, const struct agent *agent, const struct group *group)
{
    uint64_t skills = agent->group ? agent->group->skills : symbol_list_skills(&engine->settings, agent->skills);
    uint32_t languages = agent->group ? agent->group->languages
                                      : symbol_list_languages(&engine->settings, agent->languages);
    return (skills & group->skills) == group->skills && (languages & group->languages) == group->languages;
}

/* Takes back what the agent adds to the sums. */
static void uncount(struct engine *engine, struct agent *agent)
{
    engine->agents_in[agent->counted_state]--;
    engine->free_places -= (size_t)agent->counted_free;
    if (agent->group) agent->group->capacity -= agent->counted_capacity;
    agent->counted_free = 0;
    agent->counted_capacity = 0;
}

static void count(struct engine *engine, struct agent *agent)
{
    int places = agent_free_places(agent);
    bool online = agent->state == AGENT_ONLINE;
    agent->counted_state = agent->state;
    agent->counted_free = online && places > 0 ? places : 0;
    agent->counted_capacity = online ? (size_t)agent->capacity : 0;
    engine->agents_in[agent->state]++;
    engine->free_places += (size_t)agent->counted_free;
    agent->group->capacity += agent->counted_capacity;
}

/* After a change of the places taken: in the group of the free, or not. */
static void refresh(struct engine *engine, struct agent *agent)
{
    bool may = agent->state == AGENT_ONLINE && agent_free_places(agent) > 0;
    bool moved = heap_holds(&agent->free) && agent->free.key != agent->idle_since;
    uncount(engine, agent);
    if (heap_holds(&agent->free) && (!may || moved)) groups_remove(&engine->free, agent->group, &agent->free);
    if (may && !heap_holds(&agent->free))
        groups_push(&engine->free, agent->group, &agent->free, agent->idle_since, agent->id);
    count(engine, agent);
}

void agent_leave_group(struct engine *engine, struct agent *agent)
{
    if (!agent->group) return;
    uncount(engine, agent);
    if (heap_holds(&agent->free)) groups_remove(&engine->free, agent->group, &agent->free);
    agent->group = NULL;
}

void agent_regroup(struct engine *engine, struct agent *agent)
{
    agent_leave_group(engine, agent);
    agent->group = groups_get(&engine->free, symbol_list_skills(&engine->settings, agent->skills),
                              symbol_list_languages(&engine->settings, agent->languages));
    count(engine, agent);
    refresh(engine, agent);
    agent_freshen(engine, agent);
}

void agent_free(struct engine *engine, struct agent *agent)
{
    must(!agent->active_count && !agent->offer_count);
    agent_close_all_sessions(engine, agent);
    while (agent->wrapup_count) agent_unwrap(engine, agent->wrapups[0]);
    while (agent->personal.count) {
        /* Conversations meant for this agent stay waiting; their deadline queues them for everybody. */
        struct heap_node *first = heap_first(&agent->personal);
        heap_remove(&agent->personal, first);
        CONTAINER_OF(first, struct conversation, queued)->queued_for = NULL;
    }
    heap_free(&agent->personal);
    agent_leave_group(engine, agent);
    deadline_clear(engine, &agent->lease);
    if (agent->fresh) TAILQ_REMOVE(&engine->fresh_agents, agent, of_fresh);
    agent_set_lists(agent, STR_EMPTY, STR_EMPTY);
    lookup_remove(&engine->logins, &agent->login);
    map_remove(&engine->agents, agent->id);
    pool_give(&engine->agent_pool, agent);
}

static uint64_t id_of(const void *item)
{
    return *(const uint64_t *)item;
}

static void list_add(void **items, int *count_of, void *item)
{
    int at = (*count_of)++;
    for (; at && id_of(items[at - 1]) > id_of(item); at--) items[at] = items[at - 1];
    items[at] = item;
}

static void list_remove(void **items, int *count_of, const void *item)
{
    int at = 0;
    while (at < *count_of && items[at] != item) at++;
    must(at < *count_of);
    for (--*count_of; at < *count_of; at++) items[at] = items[at + 1];
}

static bool has_room(const struct agent *agent)
{
    return agent->active_count + agent->offer_count + agent->wrapup_count < LIMIT_CAPACITY;
}

void agent_add_active(struct engine *engine, struct agent *agent, struct conversation *conversation)
{
    must(has_room(agent));
    list_add((void **)agent->active, &agent->active_count, conversation);
    if (agent->group) refresh(engine, agent);
}

void agent_remove_active(struct engine *engine, struct agent *agent, struct conversation *conversation)
{
    list_remove((void **)agent->active, &agent->active_count, conversation);
    agent->idle_since = engine->at_ms;
    refresh(engine, agent);
    agent_freshen(engine, agent);
}

void agent_add_offer(struct engine *engine, struct agent *agent, struct offer *offer)
{
    must(has_room(agent));
    list_add((void **)agent->offers, &agent->offer_count, offer);
    if (agent->group) refresh(engine, agent);
}

void agent_remove_offer(struct engine *engine, struct agent *agent, struct offer *offer)
{
    list_remove((void **)agent->offers, &agent->offer_count, offer);
    refresh(engine, agent);
    agent_freshen(engine, agent);
}

struct wrapup *agent_wrapup(const struct agent *agent, uint64_t conversation)
{
    for (int i = 0; i < agent->wrapup_count; i++)
        if (agent->wrapups[i]->conversation == conversation) return agent->wrapups[i];
    return NULL;
}

void agent_wrap(struct engine *engine, struct agent *agent, uint64_t conversation, int64_t until)
{
    struct wrapup *wrapup = agent_wrapup(agent, conversation);
    if (!wrapup) {
        must(has_room(agent));
        wrapup = pool_take(&engine->wrapup_pool);
        wrapup->conversation = conversation;
        wrapup->agent = agent;
        list_add((void **)agent->wrapups, &agent->wrapup_count, wrapup);
    }
    wrapup->until = until;
    /* One agent wraps up each conversation at a time but for rare cases: the agent is the tie. */
    deadline_set(engine, &wrapup->deadline, DEADLINE_WRAPUP, conversation << 24 | (agent->id & 0xffffff), until);
    if (agent->group) refresh(engine, agent);
}

void agent_unwrap(struct engine *engine, struct wrapup *wrapup)
{
    struct agent *agent = wrapup->agent;
    deadline_clear(engine, &wrapup->deadline);
    list_remove((void **)agent->wrapups, &agent->wrapup_count, wrapup);
    pool_give(&engine->wrapup_pool, wrapup);
    agent->idle_since = engine->at_ms;
    refresh(engine, agent);
    agent_freshen(engine, agent);
}

struct session *agent_open_session(struct engine *engine, struct agent *agent, uint64_t id,
                                   struct digest token, int64_t expires_at)
{
    must(agent->session_count < (int)ARRAY_LEN(agent->sessions));
    struct session *session = pool_take(&engine->session_pool);
    *session = (struct session){ .id = id, .agent = agent, .token = { .digest = token }, .expires_at = expires_at };
    lookup_put(&engine->tokens, &session->token);
    list_add((void **)agent->sessions, &agent->session_count, session);
    deadline_set(engine, &session->deadline, DEADLINE_SESSION, id, expires_at);
    return session;
}

void agent_close_session(struct engine *engine, struct session *session)
{
    struct agent *agent = session->agent;
    deadline_clear(engine, &session->deadline);
    lookup_remove(&engine->tokens, &session->token);
    list_remove((void **)agent->sessions, &agent->session_count, session);
    pool_give(&engine->session_pool, session);
}

void agent_close_all_sessions(struct engine *engine, struct agent *agent)
{
    while (agent->session_count) agent_close_session(engine, agent->sessions[0]);
}

struct session *agent_session(const struct agent *agent, uint64_t id)
{
    for (int i = 0; i < agent->session_count; i++)
        if (agent->sessions[i]->id == id) return agent->sessions[i];
    return NULL;
}

void agent_renew_lease(struct engine *engine, struct agent *agent, int64_t now_ms)
{
    if (agent->state == AGENT_OFFLINE) return;
    deadline_set(engine, &agent->lease, DEADLINE_LEASE, agent->id, now_ms + engine->settings.lease_ms);
}

void agent_freshen(struct engine *engine, struct agent *agent)
{
    if (agent->fresh) return;
    agent->fresh = true;
    TAILQ_INSERT_TAIL(&engine->fresh_agents, agent, of_fresh);
}
