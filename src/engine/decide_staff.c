/* Who works here: members of staff, their sessions, and the workspace's settings. */
#include "base/memory.h"
#include "engine/act.h"
#include "engine/agent.h"
#include "engine/conversation.h"

#define SESSION_MAX_MS ((int64_t)366 * 24 * 3600 * 1000)

static bool is_administrator(const struct decision *decision)
{
    return decision->command->actor == ACTOR_NODE || decision->agent->role == ROLE_ADMINISTRATOR;
}

/* The agent whom a command of an administrator or of beckon itself concerns. */
static struct agent *find_subject(const struct decision *decision)
{
    const struct command *command = decision->command;
    uint64_t id = command->actor == ACTOR_NODE && !command->target ? command->agent : command->target;
    return agent_find(decision->engine, id);
}

/* Role, pool, capacity, skills and languages of a member of staff, each by its field. */
static enum refusal check_profile(struct decision *decision, const struct event_agent_changed *profile)
{
    const struct settings *settings = &decision->engine->settings;
    uint64_t bits;
    if (agent_role_of(profile->role) < 0) return decide_refuse(decision, REFUSAL_BAD_FIELD, "role");
    if (agent_pool_of(profile->pool) < 0) return decide_refuse(decision, REFUSAL_BAD_FIELD, "pool");
    if (!profile->capacity || profile->capacity > LIMIT_CAPACITY)
        return decide_refuse(decision, REFUSAL_BAD_FIELD, "capacity");
    if (!settings_skill_bits(settings, profile->skills, &bits))
        return decide_refuse(decision, REFUSAL_UNKNOWN_SKILL, "skills");
    if (!settings_language_bits(settings, profile->languages, &bits))
        return decide_refuse(decision, REFUSAL_UNKNOWN_SKILL, "languages");
    return REFUSAL_NONE;
}

enum refusal decide_configure(struct decision *decision)
{
    const struct command_configure *configure = &decision->command->configure;
    struct engine *engine = decision->engine;
    struct settings settings;
    struct err err;
    struct arena scratch = { 0 };
    bool good = settings_decode(&err, configure->settings, &scratch, &settings);
    struct buf text;
    buf_init(&text, LIMIT_SETTINGS);
    if (good) settings_encode(&settings, &text);
    arena_free(&scratch);
    struct str kept = arena_copy(&decision->out->arena, buf_str(&text));
    good = good && !text.full;
    buf_free(&text);
    if (!good) return REFUSAL_BAD_SETTINGS;
    if (str_equal(kept, engine->settings_text) && str_equal(configure->version, engine->version)) return REFUSAL_NONE;
    struct event *event = decide_event(decision, EVENT_WORKSPACE_CONFIGURED, NULL);
    event->workspace_configured = (struct event_workspace_configured){ configure->version, kept };
    decide_emit(decision, event);
    uint64_t *agents = map_sorted_keys(&engine->agents);
    size_t count = engine->agents.count;
    for (size_t i = 0; i < count; i++) act_cancel_unfit_offers(decision, agent_find(engine, agents[i]));
    memory_free(agents);
    return REFUSAL_NONE;
}

enum refusal decide_add_agent(struct decision *decision)
{
    const struct command_add_agent *add = &decision->command->add_agent;
    struct engine *engine = decision->engine;
    struct str role = add->role.len ? add->role : STR("agent"), pool = add->pool.len ? add->pool : STR("employee");
    struct str languages = add->languages.len ? add->languages : engine->settings.languages[0];
    uint64_t capacity = add->capacity || DECIDE_GIVEN(decision, add_agent, capacity) ? add->capacity : AGENT_CAPACITY;
    if (!is_administrator(decision)) return REFUSAL_NOT_ALLOWED;
    if (!add->login.len || !add->name.len)
        return decide_refuse(decision, REFUSAL_EMPTY, add->login.len ? "name" : "login");
    enum refusal refusal = check_profile(decision, &(struct event_agent_changed){
        .role = role, .pool = pool, .capacity = capacity, .skills = add->skills, .languages = languages });
    if (refusal) return refusal;
    if (lookup_find(&engine->logins, add->login_digest)) return decide_refuse(decision, REFUSAL_TAKEN, "login");
    struct event *event = decide_event(decision, EVENT_AGENT_ADDED, NULL);
    event->agent = engine->last_agent + 1;
    event->agent_added = (struct event_agent_added){
        .role = role, .pool = pool, .capacity = capacity, .skills = add->skills,
        .languages = arena_copy(&decision->out->arena, languages),
        .login_digest = add->login_digest, .name = add->name, .login = add->login, .password = add->password_hash };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* What is left out stays. The old lists go with the event's application: they are copied first. */
static enum refusal fill_change(struct decision *decision, const struct agent *agent,
                                struct event_agent_changed *changed)
{
    const struct command_change_agent *change = &decision->command->change_agent;
    struct arena *arena = &decision->out->arena;
    bool has_skills = change->skills.len || DECIDE_GIVEN(decision, change_agent, skills);
    bool has_languages = change->languages.len || DECIDE_GIVEN(decision, change_agent, languages);
    bool has_capacity = change->capacity || DECIDE_GIVEN(decision, change_agent, capacity);
    *changed = (struct event_agent_changed){
        .role = change->role.len ? change->role : str_of(agent_role_names[agent->role]),
        .pool = change->pool.len ? change->pool : str_of(agent_pool_names[agent->pool]),
        .capacity = has_capacity ? change->capacity : (uint64_t)agent->capacity,
        .skills = has_skills ? change->skills : arena_copy(arena, agent->skills),
        .languages = has_languages ? change->languages : arena_copy(arena, agent->languages) };
    if (has_languages && !change->languages.len) return decide_refuse(decision, REFUSAL_BAD_FIELD, "languages");
    /* Lists that stay may hold what the workspace knows no more: only what is new must be known. */
    struct event_agent_changed checked = *changed;
    checked.skills = change->skills;
    checked.languages = change->languages;
    return check_profile(decision, &checked);
}

static bool is_same(const struct agent *agent, const struct event_agent_changed *changed)
{
    return agent_role_of(changed->role) == (int)agent->role && agent_pool_of(changed->pool) == (int)agent->pool &&
           changed->capacity == (uint64_t)agent->capacity && str_equal(changed->skills, agent->skills) &&
           str_equal(changed->languages, agent->languages);
}

enum refusal decide_change_agent(struct decision *decision)
{
    struct event_agent_changed changed;
    struct agent *agent = find_subject(decision);
    if (!is_administrator(decision)) return REFUSAL_NOT_ALLOWED;
    if (!agent) return REFUSAL_UNKNOWN_AGENT;
    enum refusal refusal = fill_change(decision, agent, &changed);
    if (refusal || is_same(agent, &changed)) return refusal;
    struct event *event = decide_event(decision, EVENT_AGENT_CHANGED, NULL);
    event->agent = agent->id;
    event->agent_changed = changed;
    decide_emit(decision, event);
    act_cancel_unfit_offers(decision, agent);
    return REFUSAL_NONE;
}

enum refusal decide_set_password(struct decision *decision)
{
    struct agent *agent = find_subject(decision);
    if (!is_administrator(decision)) return REFUSAL_NOT_ALLOWED;
    if (!agent) return REFUSAL_UNKNOWN_AGENT;
    struct event *event = decide_event(decision, EVENT_AGENT_PASSWORD_SET, NULL);
    event->agent = agent->id;
    event->agent_password_set.password = decision->command->set_password.password_hash;
    decide_emit(decision, event);
    act_presence(decision, agent, AGENT_OFFLINE, "logged_out");
    return REFUSAL_NONE;
}

enum refusal decide_remove_agent(struct decision *decision)
{
    struct agent *agent = find_subject(decision);
    if (!is_administrator(decision)) return REFUSAL_NOT_ALLOWED;
    if (!agent) return REFUSAL_UNKNOWN_AGENT;
    act_presence(decision, agent, AGENT_OFFLINE, "removed");
    struct event *event = decide_event(decision, EVENT_AGENT_REMOVED, NULL);
    event->agent = agent->id;
    event->agent_removed.reason = STR("requested");
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_open_session(struct decision *decision)
{
    const struct command_open_session *open = &decision->command->open_session;
    struct engine *engine = decision->engine;
    struct agent *agent = find_subject(decision);
    if (!agent) return REFUSAL_UNKNOWN_AGENT;
    if (digest_is_zero(open->token) || lookup_find(&engine->tokens, open->token)) return REFUSAL_BAD_FIELD;
    int64_t expires_at = open->expires_at ? open->expires_at : decision->now_ms + engine->settings.session_ms;
    if (expires_at <= decision->now_ms || expires_at > decision->now_ms + SESSION_MAX_MS) return REFUSAL_BAD_FIELD;
    struct event *event = decide_event(decision, EVENT_SESSION_OPENED, NULL);
    event->agent = agent->id;
    event->session_opened = (struct event_session_opened){
        .token = open->token, .session = engine->last_session + 1, .expires_at = expires_at };
    decide_emit(decision, event);
    if (agent->session_count > LIMIT_SESSIONS_PER_AGENT)
        act_close_session(decision, agent->sessions[0], STR("too_many"));
    return REFUSAL_NONE;
}

enum refusal decide_close_session(struct decision *decision)
{
    const struct command_close_session *close = &decision->command->close_session;
    const struct command *command = decision->command;
    struct str reason = close->reason.len ? close->reason : STR("logged_out");
    bool others = command->actor == ACTOR_NODE || (command->target && command->target != command->agent);
    if (others && !is_administrator(decision)) return REFUSAL_NOT_ALLOWED;
    struct agent *agent = others ? find_subject(decision) : decision->agent;
    if (!agent) return REFUSAL_UNKNOWN_AGENT;
    if (close->session) {
        const struct session *session = agent_session(agent, close->session);
        if (!session) return REFUSAL_NOT_FOUND;
        act_close_session(decision, session, reason);
        return REFUSAL_NONE;
    }
    while (agent->session_count) act_close_session(decision, agent->sessions[0], reason);
    act_presence(decision, agent, AGENT_OFFLINE, "logged_out");
    return REFUSAL_NONE;
}
