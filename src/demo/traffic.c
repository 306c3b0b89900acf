#include "demo/traffic_play.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "base/memory.h"

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS 30000

int64_t traffic_now(void)
{
    return (int64_t)(uv_hrtime() / 1000000);
}

void traffic_count(struct traffic *traffic, enum traffic_count count)
{
    atomic_fetch_add(&traffic->counts[count], 1);
}

int64_t traffic_between(struct traffic *traffic, int64_t least, int64_t most)
{
    return least + (int64_t)random_below(&traffic->random, (uint64_t)(most - least + 1));
}

bool traffic_chance(struct traffic *traffic, int percent)
{
    return (int)random_below(&traffic->random, 100) < percent;
}

bool traffic_is_own(const struct traffic *traffic, uint64_t customer)
{
    for (size_t i = 0; i < ARRAY_LEN(traffic->own_customers); i++)
        if (traffic->own_customers[i] == customer) return true;
    return false;
}

void traffic_field(struct buf *body, const char *name, struct str text)
{
    buf_add_format(body, "%s\"%s\":", body->len > 1 ? "," : "", name);
    buf_add_json_str(body, text);
}

static void on_answer(void *context, const struct caller_answer *answer)
{
    struct actor *actor = context;
    struct traffic *traffic = actor->traffic;
    actor->busy = false;
    if (answer->status == 0 || answer->status == 429 || answer->status >= 500) {
        int64_t backoff_ms = (int64_t)BACKOFF_FIRST_MS << (actor->failures < 5 ? actor->failures : 5);
        if (backoff_ms > BACKOFF_MAX_MS) backoff_ms = BACKOFF_MAX_MS;
        actor->failures++;
        if (answer->retry_ms > backoff_ms) backoff_ms = answer->retry_ms;
        actor->due_ms = traffic_now() + backoff_ms;
        traffic_count(traffic, COUNT_ERRORS);
        return;
    }
    actor->failures = 0;
    actor->step++;
    if (answer->status >= 400) traffic_count(traffic, COUNT_REFUSED);
    actor->done(actor->context, answer);
}

void actor_ask(struct actor *actor, const char *method, const char *path, struct str body, caller_done_fn *done)
{
    char key[64];
    snprintf(key, sizeof key, "traffic-%016llx-%llu-%llu", (unsigned long long)actor->traffic->run,
             (unsigned long long)actor->number, (unsigned long long)actor->step);
    struct caller_request request = { method, path, actor->token, strcmp(method, "GET") ? key : "", body };
    actor->busy = true;
    actor->done = done;
    traffic_count(actor->traffic, COUNT_REQUESTS);
    caller_send(actor->traffic->caller, &request, on_answer, actor);
}

/* How busy the hour is, in hundredths of the mean: quiet at night, two humps, as support desks see it. */
static double day_curve(void)
{
    static const unsigned char hours[24] = { 45, 40, 40, 40, 40, 45, 60, 80, 110, 135, 145, 140,
                                             130, 130, 135, 140, 135, 130, 135, 140, 130, 110, 80, 60 };
    return hours[time(NULL) / 3600 % 24] / 100.0;
}

static void arrivals(struct traffic *traffic, int64_t now_ms)
{
    if (now_ms < traffic->next_arrival_ms) return;
    double rate_per_ms = traffic->rate_per_minute * day_curve() / 60000;
    traffic->next_arrival_ms = now_ms + (int64_t)(-log(1 - random_unit(&traffic->random)) / rate_per_ms);
    for (size_t i = 0; i < TRAFFIC_OPEN_MAX; i++) {
        if (traffic->customers[i].here) continue;
        customer_arrives(traffic, &traffic->customers[i]);
        return;
    }
}

/* Lets everybody act whose time has come; gives the time until the next one. */
static int turn(struct traffic *traffic)
{
    int64_t now_ms = traffic_now(), next_ms = now_ms + 1000, open = 0;
    arrivals(traffic, now_ms);
    for (size_t i = 0; i < TRAFFIC_OPEN_MAX; i++) {
        struct customer *customer = &traffic->customers[i];
        if (customer->here && !customer->actor.busy && customer->actor.due_ms <= now_ms) customer_step(customer);
        if (customer->here) open++;
        if (customer->here && !customer->actor.busy && customer->actor.due_ms < next_ms) next_ms = customer->actor.due_ms;
    }
    for (size_t i = 0; i < traffic->agent_count; i++) {
        struct player *agent = &traffic->agents[i];
        if (!agent->actor.busy && agent->actor.due_ms <= now_ms) player_step(agent);
        if (!agent->actor.busy && agent->actor.due_ms < next_ms) next_ms = agent->actor.due_ms;
    }
    if (traffic->next_arrival_ms < next_ms) next_ms = traffic->next_arrival_ms;
    atomic_store(&traffic->counts[COUNT_OPEN], (uint64_t)open);
    return next_ms > now_ms ? (int)(next_ms - now_ms) : 0;
}

static void play(void *context)
{
    struct traffic *traffic = context;
    while (!atomic_load(&traffic->stopping)) caller_turn(traffic->caller, turn(traffic));
}

static size_t count_utterances(const struct workspace *workspace)
{
    size_t count = 0;
    for (size_t i = 0; i < workspace->topic_count; i++)
        for (size_t j = 0; j < workspace->topics[i].example_count; j++)
            count += workspace->topics[i].examples[j].count;
    return count;
}

static void copy_utterances(struct traffic *traffic, const struct workspace *workspace)
{
    traffic->utterances = ARENA_NEW_ARRAY(&traffic->arena, struct traffic_utterance, count_utterances(workspace) + 1);
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        for (size_t j = 0; j < topic->example_count; j++) {
            const char *language = arena_cstr(&traffic->arena, topic->examples[j].language);
            for (size_t k = 0; k < topic->examples[j].count; k++)
                traffic->utterances[traffic->utterance_count++] =
                    (struct traffic_utterance){ language, arena_copy(&traffic->arena, topic->examples[j].items[k]) };
        }
    }
}

static void copy_staff(struct traffic *traffic, const struct workspace *workspace)
{
    for (size_t i = 0; i < workspace->staff_count && traffic->agent_count < TRAFFIC_AGENTS_MAX; i++) {
        const struct staff *staff = &workspace->staff[i];
        if (!str_equal(staff->role, STR("agent")) || str_equal(staff->pool, STR("employee"))) continue;
        struct player *agent = &traffic->agents[traffic->agent_count++];
        agent->actor = (struct actor){ .traffic = traffic, .number = ++traffic->actors, .context = agent };
        agent->actor.due_ms = traffic_now() + traffic_between(traffic, 100, 1500);
        agent->login = arena_cstr(&traffic->arena, staff->login);
        agent->password = arena_cstr(&traffic->arena, staff->password);
        struct str rest = staff->languages, language;
        while (rest.len && str_split(&rest, ',', &language)) traffic_speaks(traffic, str_trim(language));
    }
}

struct traffic *traffic_start(struct err *err, const char *base_url, const struct workspace *workspace, uint64_t seed,
                              double rate_per_minute)
{
    struct traffic *traffic = MEMORY_NEW(struct traffic);
    traffic->random = (struct random){ seed };
    /* The choices are the seed's, but a second run on the same log must not repeat the first one's keys. */
    traffic->run = uv_hrtime() ^ (uint64_t)time(NULL) << 24;
    traffic->rate_per_minute = rate_per_minute > 0 ? rate_per_minute : TRAFFIC_RATE_DEFAULT;
    traffic->secret = arena_copy(&traffic->arena, workspace->identity_secret);
    traffic->dispositions = ARENA_NEW_ARRAY(&traffic->arena, struct str, workspace->disposition_count);
    for (; traffic->disposition_count < workspace->disposition_count; traffic->disposition_count++)
        traffic->dispositions[traffic->disposition_count] =
            arena_copy(&traffic->arena, workspace->dispositions[traffic->disposition_count]);
    copy_utterances(traffic, workspace);
    copy_staff(traffic, workspace);
    traffic->caller = caller_new(base_url);
    traffic->next_arrival_ms = traffic_now() + 2000;
    if (traffic->utterance_count && traffic->disposition_count && uv_thread_create(&traffic->thread, play, traffic) == 0)
        return traffic;
    err_set(err, "the traffic cannot start: the workspace has no examples or no dispositions, or there is no thread");
    caller_free(traffic->caller);
    arena_free(&traffic->arena);
    memory_free(traffic);
    return NULL;
}

void traffic_figures(const struct traffic *traffic, struct traffic_figures *out)
{
    uint64_t counts[COUNTS];
    for (size_t i = 0; i < COUNTS; i++) counts[i] = atomic_load(&traffic->counts[i]);
    *out = (struct traffic_figures){
        .customers = counts[COUNT_CUSTOMERS], .open = counts[COUNT_OPEN], .messages = counts[COUNT_MESSAGES],
        .accepted = counts[COUNT_ACCEPTED], .declined = counts[COUNT_DECLINED], .resolved = counts[COUNT_RESOLVED],
        .rated = counts[COUNT_RATED], .requests = counts[COUNT_REQUESTS], .errors = counts[COUNT_ERRORS],
        .refused = counts[COUNT_REFUSED],
    };
}

void traffic_stop(struct traffic *traffic)
{
    if (!traffic) return;
    atomic_store(&traffic->stopping, true);
    caller_wake(traffic->caller);
    uv_thread_join(&traffic->thread);
    caller_free(traffic->caller);
    for (size_t i = 0; i < TRAFFIC_OPEN_MAX; i++) arena_free(&traffic->customers[i].arena);
    arena_free(&traffic->arena);
    memory_free(traffic);
}
