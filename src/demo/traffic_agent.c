/* traffic_agent.c - one virtual agent: log in, go online, look what there is to do, do it, look again.
 *
 * Between any two steps the agent looks at /v1/me, so that offers, transfers and take-overs that
 * happened meanwhile are seen as a person in front of the app would see them. */
#include <stdio.h>

#include "demo/traffic_play.h"

enum { LOGIN, ONLINE, AWAY, LOOK, HEARTBEAT, ACCEPT, DECLINE, READ_JOB, MARK_JOB, TYPE_JOB, SAY_JOB, RESOLVE_JOB };
enum { OFFER_TAKE, OFFER_REFUSE, OFFER_MISS };

#define LOOK_MS 1500
#define TYPING_MS 3000
#define QUIET_MS 14000       /* after the last reply, before it is resolved */
#define ABANDONED_MS 90000   /* a customer who says nothing at all */
#define FOREIGN_DECLINES 1   /* how often an agent leaves a visitor to the real ones */

static void go(struct player *player, int state, int64_t delay_ms)
{
    player->state = state;
    player->actor.due_ms = traffic_now() + delay_ms;
}

static void plan_break(struct player *player, int64_t now_ms)
{
    player->break_due_ms = now_ms + traffic_between(player->actor.traffic, 12 * 60000, 35 * 60000);
}

/* --- What a step's answer leads to --- */

/* True if the session is over: then the agent logs in again. */
static bool logged_out(struct player *player, const struct caller_answer *answer)
{
    if (answer->status != 401) return false;
    player->actor.token[0] = '\0';
    go(player, LOGIN, 5000);
    return true;
}

static void on_login(void *context, const struct caller_answer *answer)
{
    struct player *player = context;
    const char *token = json_text(answer->json, "token");
    if (answer->status != 200 || strlen(token) >= TRAFFIC_TOKEN_MAX) {
        go(player, LOGIN, 15000);
        return;
    }
    snprintf(player->actor.token, TRAFFIC_TOKEN_MAX, "%s", token);
    player->heartbeat_ms = 5000;
    plan_break(player, traffic_now());
    go(player, ONLINE, 500);
}

static void on_step(void *context, const struct caller_answer *answer)
{
    struct player *player = context;
    struct traffic *traffic = player->actor.traffic;
    struct job *job = &player->jobs[player->job];
    bool fine = answer->status == 200;
    if (logged_out(player, answer)) return;
    if (player->state == SAY_JOB) {
        job->owed = job->typing = false;
        job->quiet_ms = traffic_now();
        if (fine) job->replies++;
        if (fine) traffic_count(traffic, COUNT_MESSAGES);
    }
    if (player->state == ACCEPT || player->state == DECLINE) player->offer_answer = OFFER_MISS; /* done with it */
    if (player->state == ACCEPT && fine) traffic_count(traffic, COUNT_ACCEPTED);
    if (player->state == DECLINE && fine) traffic_count(traffic, COUNT_DECLINED);
    if (player->state == RESOLVE_JOB && fine) traffic_count(traffic, COUNT_RESOLVED);
    go(player, LOOK, traffic_between(traffic, 200, 600));
}

static void on_job_read(void *context, const struct caller_answer *answer)
{
    struct player *player = context;
    struct traffic *traffic = player->actor.traffic;
    struct job *job = &player->jobs[player->job];
    size_t i;
    json_t *event;
    if (logged_out(player, answer)) return;
    json_array_foreach(json_object_get(answer->json, "events"), i, event)
    {
        uint64_t seq = json_id(event, "seq");
        if (seq > job->seen) job->seen = seq;
        bool message = !strcmp(json_text(event, "type"), "message.sent");
        if (!message || strcmp(json_text(event, "author"), "customer")) continue;
        job->said = seq;
        job->quiet_ms = traffic_now();
        if (job->owed || job->replies > job->replies_wanted) continue;
        job->owed = true;
        job->typing = false;
        job->next = traffic_agent_reply(traffic, job->replies);
        job->reply_ms = traffic_now() + traffic_between(traffic, 5000, 16000);
    }
    /* How far the page reaches, and not last_seq: that may name an event which is still being written. */
    if (json_id(answer->json, "last") > job->seen) job->seen = json_id(answer->json, "last");
    if (answer->status != 200) job->seen = job->last;
    go(player, LOOK, 300);
}

/* --- Looking at /v1/me --- */

static size_t times_declined(const struct player *player, uint64_t conversation)
{
    size_t times = 0;
    for (size_t i = 0; i < ARRAY_LEN(player->declined); i++) times += player->declined[i] == conversation;
    return times;
}

static void look_at_offer(struct player *player, const json_t *me)
{
    struct traffic *traffic = player->actor.traffic;
    const json_t *offer = json_array_get(json_object_get(me, "offers"), 0);
    uint64_t id = json_id(offer, "offer");
    if (id == player->offer) return;
    player->offer = id;
    player->offer_conversation = json_id(offer, "conversation");
    player->offer_ms = traffic_now() + traffic_between(traffic, 1500, 6000);
    int64_t dice = traffic_between(traffic, 1, 100);
    player->offer_answer = dice <= 88 ? OFFER_TAKE : dice <= 97 ? OFFER_REFUSE : OFFER_MISS;
    if (traffic_is_own(traffic, json_id(offer, "customer"))) return;
    bool leave_it = times_declined(player, player->offer_conversation) < FOREIGN_DECLINES;
    player->offer_answer = leave_it ? OFFER_REFUSE : OFFER_TAKE;
}

static struct job *job_of(struct player *player, uint64_t conversation)
{
    for (size_t i = 0; i < player->job_count; i++)
        if (player->jobs[i].conversation == conversation) return &player->jobs[i];
    if (player->job_count == TRAFFIC_JOBS_MAX) return NULL;
    struct traffic *traffic = player->actor.traffic;
    struct job *job = &player->jobs[player->job_count++];
    *job = (struct job){ .conversation = conversation, .owed = true, .quiet_ms = traffic_now() };
    job->replies_wanted = 2 + traffic_chance(traffic, 40);
    job->next = traffic_agent_reply(traffic, 0);
    job->reply_ms = traffic_now() + traffic_between(traffic, 4000, 10000);
    return job;
}

/* Keeps the jobs that are still the agent's, and adds the new ones. */
static void look_at_jobs(struct player *player, const json_t *me)
{
    size_t i, kept = 0;
    json_t *row;
    bool mine[TRAFFIC_JOBS_MAX] = { false };
    json_array_foreach(json_object_get(me, "conversations"), i, row)
    {
        if (strcmp(json_text(row, "state"), "active")) continue;
        struct job *job = job_of(player, json_id(row, "conversation"));
        if (!job) continue;
        job->last = json_id(row, "last_seq");
        mine[job - player->jobs] = true;
    }
    for (i = 0; i < player->job_count; i++)
        if (mine[i]) player->jobs[kept++] = player->jobs[i];
    player->job_count = kept;
}

static int next_for_job(const struct job *job, int64_t now_ms)
{
    if (job->last > job->seen) return READ_JOB;
    if (job->said > job->read) return MARK_JOB;
    if (job->owed && now_ms >= job->reply_ms) return SAY_JOB;
    if (job->owed && !job->typing && now_ms >= job->reply_ms - TYPING_MS) return TYPE_JOB;
    int64_t patience_ms = job->replies >= job->replies_wanted ? QUIET_MS : ABANDONED_MS;
    if (!job->owed && now_ms - job->quiet_ms > patience_ms) return RESOLVE_JOB;
    return LOOK;
}

static int next_for_me(struct player *player, const json_t *me, int64_t now_ms)
{
    const char *state = json_text(me, "state");
    if (now_ms >= player->heartbeat_due_ms && strcmp(state, "offline")) return HEARTBEAT;
    if (now_ms >= player->break_due_ms && !strcmp(state, "online")) return AWAY;
    if (strcmp(state, "online") && now_ms >= player->break_end_ms) return ONLINE;
    if (player->offer && now_ms >= player->offer_ms && player->offer_answer != OFFER_MISS)
        return player->offer_answer == OFFER_TAKE ? ACCEPT : DECLINE;
    for (player->job = 0; player->job < player->job_count; player->job++) {
        int next = next_for_job(&player->jobs[player->job], now_ms);
        if (next != LOOK) return next;
    }
    player->job = 0;
    return LOOK;
}

static void on_look(void *context, const struct caller_answer *answer)
{
    struct player *player = context;
    if (logged_out(player, answer)) return;
    if (json_id(answer->json, "heartbeat_ms")) player->heartbeat_ms = (int64_t)json_id(answer->json, "heartbeat_ms");
    look_at_offer(player, answer->json);
    look_at_jobs(player, answer->json);
    int next = next_for_me(player, answer->json, traffic_now());
    go(player, next, next == LOOK ? LOOK_MS : 50);
}

/* --- Steps --- */

static void write_body(struct player *player, struct buf *body)
{
    struct job *job = &player->jobs[player->job];
    switch (player->state) {
    case LOGIN:
        traffic_field(body, "login", str_of(player->login));
        traffic_field(body, "password", str_of(player->password));
        break;
    case ONLINE: traffic_field(body, "state", STR("online")); break;
    case AWAY: traffic_field(body, "state", STR("away")); break;
    case MARK_JOB: buf_add_format(body, "\"mark\":\"read\",\"up_to\":%llu", (unsigned long long)job->said); break;
    case SAY_JOB: traffic_field(body, "text", job->next); break;
    case RESOLVE_JOB: traffic_field(body, "disposition", player->disposition); break;
    default: break;
    }
}

/* What is noted before the request goes out: a repetition of the same step finds it done. */
static void prepare(struct player *player)
{
    struct traffic *traffic = player->actor.traffic;
    struct job *job = &player->jobs[player->job];
    int64_t now_ms = traffic_now();
    switch (player->state) {
    case HEARTBEAT: player->heartbeat_due_ms = now_ms + player->heartbeat_ms * 3 / 4; break;
    case AWAY:
        player->break_end_ms = now_ms + traffic_between(traffic, 2 * 60000, 5 * 60000);
        plan_break(player, player->break_end_ms);
        break;
    case DECLINE:
        if (player->actor.failures == 0)
            player->declined[player->declined_count++ % ARRAY_LEN(player->declined)] = player->offer_conversation;
        break;
    case MARK_JOB: job->read = job->said; break;
    case TYPE_JOB: job->typing = true; break;
    case RESOLVE_JOB:
        if (player->actor.failures == 0)
            player->disposition = traffic->dispositions[random_below(&traffic->random, traffic->disposition_count)];
        break;
    default: break;
    }
}

void player_step(struct player *player)
{
    static const struct {
        const char *path, *tail; /* of an offer or a conversation: its number stands between them */
        caller_done_fn *done;
    } steps[] = {
        [LOGIN] = { "/v1/login", NULL, on_login },
        [ONLINE] = { "/v1/presence", NULL, on_step },
        [AWAY] = { "/v1/presence", NULL, on_step },
        [LOOK] = { "/v1/me", NULL, on_look },
        [HEARTBEAT] = { "/v1/heartbeat", NULL, on_step },
        [ACCEPT] = { "/v1/offers/", "/accept", on_step },
        [DECLINE] = { "/v1/offers/", "/decline", on_step },
        [READ_JOB] = { "/v1/conversations/", "/events", on_job_read },
        [MARK_JOB] = { "/v1/conversations/", "/marks", on_step },
        [TYPE_JOB] = { "/v1/conversations/", "/typing", on_step },
        [SAY_JOB] = { "/v1/conversations/", "/messages", on_step },
        [RESOLVE_JOB] = { "/v1/conversations/", "/resolve", on_step },
    };
    int state = player->state;
    const struct job *job = &player->jobs[player->job];
    char path[128];
    prepare(player);
    uint64_t number = state == ACCEPT || state == DECLINE ? player->offer : job->conversation;
    const char *tail = steps[state].tail;
    size_t len = (size_t)snprintf(path, sizeof path, "%s", steps[state].path);
    if (tail) len += (size_t)snprintf(path + len, sizeof path - len, "%llu%s", (unsigned long long)number, tail);
    if (state == READ_JOB)
        snprintf(path + len, sizeof path - len, "?after=%llu&limit=200", (unsigned long long)job->seen);
    struct buf body;
    buf_init(&body, LIMIT_BODY);
    buf_add_char(&body, '{');
    write_body(player, &body);
    buf_add_char(&body, '}');
    const char *method = state == LOOK || state == READ_JOB ? "GET" : "POST";
    actor_ask(&player->actor, method, path, buf_str(&body), steps[state].done);
    buf_free(&body);
}
