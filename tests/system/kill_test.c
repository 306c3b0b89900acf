/* The real server, killed with SIGKILL at random moments under load and started again.
 *
 * Two hundred customers and twenty agents use the public API, each with one request under way at a
 * time and an event stream that resumes. A request without an answer is sent again with its key.
 * After all rounds: nothing acknowledged is lost or there twice, the order is kept, the streams have
 * shown every event once, and nobody is stuck. ROUNDS=20, SEED=1. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/server.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/random.h"
#include "cli/scenario_feed.h"

#define CUSTOMERS 200
#define AGENTS 20
#define SAID_MAX 4000
#define LIFE_MS_LEAST 150
#define LIFE_MS_SPREAD 900
#define CALM_MS 40000

enum errand { NOTHING, OPEN, SAY, ASK, MARK, ONLINE, BEAT, ACCEPT, ANSWER, RESOLVE };

/* What was said under a key, and the acknowledgement. */
struct said {
    uint64_t conversation, seq; /* seq 0: not acknowledged yet */
};

struct person {
    struct performer performer;   /* inbox of the stream */
    struct feed feed;
    char token[400], name[32];
    bool agent;
    CURL *curl;
    struct curl_slist *headers;
    struct buf reply;
    enum errand errand;           /* under way; it is sent again until it is answered */
    char path[120], key[48];
    struct buf body;
    uint64_t about;               /* conversation of the errand */
    size_t looked;                /* at so much of the inbox */
    int64_t next_ms, next_beat, lost_ms;
    uint64_t keys;
    struct said *said;            /* customers */
    size_t said_count;
    uint64_t conversation;
    bool waiting, served;
    struct { uint64_t offer, conversation; } offers[64];
    size_t offer_count;
    struct { uint64_t conversation; int64_t due; bool answered; } cases[64];
    size_t case_count;
};

struct town {
    struct checks checks;
    struct own_server *server;
    struct remote remote;
    struct random random;
    CURLM *multi;
    struct person actors[CUSTOMERS + AGENTS];
    struct curl_slist *common;
    size_t answered, refused, repeated, retried;
    bool closing;                 /* no new matters any more */
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- requests --- */

static size_t take(char *data, size_t size, size_t count, void *context)
{
    buf_add(context, data, size * count);
    return size * count;
}

static void send_errand(struct town *town, struct person *actor)
{
    char line[500];
    if (!actor->curl) actor->curl = curl_easy_init();
    curl_easy_reset(actor->curl);
    curl_slist_free_all(actor->headers);
    snprintf(line, sizeof line, "Authorization: Bearer %s", actor->token);
    actor->headers = curl_slist_append(NULL, line);
    snprintf(line, sizeof line, "Idempotency-Key: %s", actor->key);
    actor->headers = curl_slist_append(actor->headers, line);
    actor->headers = curl_slist_append(actor->headers, "Content-Type: application/json");
    snprintf(line, sizeof line, "%s%s", town->remote.url, actor->path);
    buf_clear(&actor->reply);
    curl_easy_setopt(actor->curl, CURLOPT_URL, line);
    curl_easy_setopt(actor->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(actor->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(actor->curl, CURLOPT_TIMEOUT_MS, 20000L);
    curl_easy_setopt(actor->curl, CURLOPT_HTTPHEADER, actor->headers);
    curl_easy_setopt(actor->curl, CURLOPT_POSTFIELDS, buf_cstr(&actor->body));
    curl_easy_setopt(actor->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(actor->curl, CURLOPT_WRITEDATA, &actor->reply);
    curl_easy_setopt(actor->curl, CURLOPT_PRIVATE, actor);
    must(curl_multi_add_handle(town->multi, actor->curl) == CURLM_OK);
}

static void begin(struct town *town, struct person *actor, enum errand errand, uint64_t about, const char *path, const char *body)
{
    actor->errand = errand;
    actor->about = about;
    snprintf(actor->path, sizeof actor->path, "%s", path);
    snprintf(actor->key, sizeof actor->key, "%s-%llu", actor->name, (unsigned long long)++actor->keys);
    buf_clear(&actor->body);
    buf_add_str(&actor->body, str_of(body));
    send_errand(town, actor);
}

static void begin_in(struct town *town, struct person *actor, enum errand errand, uint64_t conversation, const char *what,
                     const char *body)
{
    char path[120];
    snprintf(path, sizeof path, "/v1/conversations/%llu/%s", (unsigned long long)conversation, what);
    begin(town, actor, errand, conversation, path, body);
}

/* --- what customers do --- */

static void say(struct town *town, struct person *actor)
{
    char body[120];
    if (actor->said_count == SAID_MAX) return;
    actor->said[actor->said_count++] = (struct said){ actor->conversation, 0 };
    snprintf(body, sizeof body, "{\"text\":\"%s word %zu\"}", actor->name, actor->said_count - 1);
    begin_in(town, actor, SAY, actor->conversation, "messages", body);
}

static void customer_acts(struct town *town, struct person *actor)
{
    if (!actor->conversation) {
        if (!town->closing) begin(town, actor, OPEN, 0, "/v1/conversations", "{}");
        return;
    }
    uint64_t choice = random_below(&town->random, 10);
    if (!actor->waiting && (choice < 2 || town->closing)) begin_in(town, actor, ASK, actor->conversation, "human", "{}");
    else if (choice < 8 && !town->closing) say(town, actor);
    else if (choice == 8 && actor->performer.last_seq) {
        char body[80];
        snprintf(body, sizeof body, "{\"mark\":\"read\",\"up_to\":%llu}", (unsigned long long)actor->performer.last_seq);
        begin_in(town, actor, MARK, actor->conversation, "marks", body);
    }
}

static void customer_sees(struct person *actor, const char *type, json_t *event)
{
    uint64_t conversation = (uint64_t)json_integer_value(json_object_get(event, "conversation"));
    if (conversation != actor->conversation) return;
    if (!strcmp(type, "conversation.queued")) actor->waiting = true;
    if (!strcmp(type, "conversation.assigned")) actor->served = true;
    if (!strcmp(type, "conversation.resolved")) {
        actor->conversation = 0;
        actor->waiting = actor->served = false;
    }
}

/* --- what agents do --- */

static void agent_acts(struct town *town, struct person *actor, int64_t now)
{
    if (now >= actor->next_beat) {
        actor->next_beat = now + 2000;
        begin(town, actor, BEAT, 0, "/v1/heartbeat", "{}");
        return;
    }
    if (actor->offer_count) {
        char path[80];
        size_t last = actor->offer_count - 1;
        snprintf(path, sizeof path, "/v1/offers/%llu/accept", (unsigned long long)actor->offers[last].offer);
        begin(town, actor, ACCEPT, actor->offers[last].conversation, path, "{}");
        actor->offer_count--;
        return;
    }
    for (size_t i = 0; i < actor->case_count; i++) {
        if (!actor->cases[i].answered) {
            actor->cases[i].answered = true;
            begin_in(town, actor, ANSWER, actor->cases[i].conversation, "messages", "{\"text\":\"I look into it.\"}");
            return;
        }
        if (now >= actor->cases[i].due) {
            begin_in(town, actor, RESOLVE, actor->cases[i].conversation, "resolve", "{\"disposition\":\"solved\"}");
            actor->cases[i] = actor->cases[--actor->case_count];
            return;
        }
    }
}

static void forget_case(struct person *actor, uint64_t conversation)
{
    for (size_t i = 0; i < actor->case_count; i++)
        if (actor->cases[i].conversation == conversation) {
            actor->cases[i] = actor->cases[--actor->case_count];
            return;
        }
}

static void agent_sees(struct town *town, struct person *actor, const char *type, json_t *event)
{
    uint64_t conversation = (uint64_t)json_integer_value(json_object_get(event, "conversation"));
    uint64_t agent = (uint64_t)json_integer_value(json_object_get(event, "agent"));
    if (agent != actor->performer.id && strcmp(type, "conversation.resolved") != 0) return;
    if (!strcmp(type, "presence.changed")) {
        const char *state = json_string_value(json_object_get(event, "state"));
        actor->waiting = state && !strcmp(state, "online"); /* here: on duty */
    }
    if (!strcmp(type, "offer.made") && actor->offer_count < ARRAY_LEN(actor->offers)) {
        actor->offers[actor->offer_count].offer = (uint64_t)json_integer_value(json_object_get(event, "offer"));
        actor->offers[actor->offer_count++].conversation = conversation;
    }
    if (!strcmp(type, "conversation.assigned") && actor->case_count < ARRAY_LEN(actor->cases)) {
        actor->cases[actor->case_count].conversation = conversation;
        actor->cases[actor->case_count].answered = false;
        actor->cases[actor->case_count++].due = clock_ms() + 100 + (int64_t)random_below(&town->random, 400);
    }
    if (!strcmp(type, "conversation.resolved") || !strcmp(type, "conversation.transferred")) forget_case(actor, conversation);
}

/* --- answers --- */

static void answered(struct town *town, struct person *actor, long status)
{
    json_t *json = json_loadb(actor->reply.data ? actor->reply.data : "", actor->reply.len, 0, NULL);
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(json, "seq"));
    uint64_t conversation = (uint64_t)json_integer_value(json_object_get(json, "conversation"));
    bool done = status == 200 && json;
    town->answered++;
    if (json_is_true(json_object_get(json, "repeated"))) town->repeated++;
    if (status >= 500 || status == 429) town->refused++;
    enum errand errand = actor->errand;
    actor->errand = NOTHING;
    if (errand == SAY && done) actor->said[actor->said_count - 1].seq = seq;
    else if (errand == SAY && status < 500) actor->said_count--; /* refused: nothing was said */
    if (errand == OPEN && done) {
        actor->conversation = conversation;
        actor->waiting = false;
    }
    if ((errand == SAY || errand == ASK) && !done && status == 409) actor->conversation = 0; /* resolved long ago */
    if (errand == ONLINE && done) actor->waiting = true;
    json_decref(json);
    actor->next_ms = clock_ms() + (int64_t)random_below(&town->random, actor->agent ? 30 : 400);
}

static void collect(struct town *town)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(town->multi, &left));) {
        char *private = NULL;
        long status = 0;
        if (message->msg != CURLMSG_DONE) continue;
        CURL *curl = message->easy_handle;
        CURLcode code = message->data.result;
        curl_easy_getinfo(curl, CURLINFO_PRIVATE, &private);
        struct person *actor = NULL;
        for (size_t i = 0; i < ARRAY_LEN(town->actors) && !actor; i++)
            if (town->actors[i].curl == curl) actor = &town->actors[i];
        if (!actor) { /* a stream: the server is gone, or the session */
            ((struct feed *)(void *)private)->ended = true;
            continue;
        }
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
        curl_multi_remove_handle(town->multi, curl);
        if (code == CURLE_OK && status != 503) answered(town, actor, status);
        else {
            actor->lost_ms = clock_ms() + 20; /* no answer: the same again, with the same key */
            town->retried++;
        }
    }
}

static void look(struct town *town, struct person *actor)
{
    for (; actor->looked < json_array_size(actor->performer.inbox); actor->looked++) {
        json_t *event = json_array_get(actor->performer.inbox, actor->looked);
        const char *type = json_string_value(json_object_get(event, "type"));
        if (!type) continue;
        if (actor->agent) agent_sees(town, actor, type, event);
        else customer_sees(actor, type, event);
    }
}

static void turn(struct town *town, bool acting)
{
    int running;
    int64_t now = clock_ms();
    for (size_t i = 0; i < ARRAY_LEN(town->actors); i++) {
        struct person *actor = &town->actors[i];
        look(town, actor);
        if (actor->feed.ended && acting) {
            feed_close(&actor->feed, town->multi);
            feed_open(&actor->feed, town->multi, &town->remote, actor->token, &actor->performer, actor->performer.last_seq);
        }
        if (actor->errand && actor->lost_ms && now >= actor->lost_ms && acting) {
            actor->lost_ms = 0;
            send_errand(town, actor);
        }
        if (actor->errand || now < actor->next_ms || !acting) continue;
        if (!actor->agent) customer_acts(town, actor);
        else if (!actor->waiting) begin(town, actor, ONLINE, 0, "/v1/presence", "{\"state\":\"online\"}");
        else agent_acts(town, actor, now);
        if (!actor->errand) actor->next_ms = now + 50;
    }
    curl_multi_perform(town->multi, &running);
    curl_multi_poll(town->multi, NULL, 0, 5, NULL);
    collect(town);
}

/* --- the story --- */

static void come_in(struct town *town)
{
    for (size_t i = 0; i < ARRAY_LEN(town->actors); i++) {
        struct person *actor = &town->actors[i];
        struct visitor visitor;
        actor->agent = i >= CUSTOMERS;
        snprintf(actor->name, sizeof actor->name, "%s%zu", actor->agent ? "agent" : "customer", i);
        buf_init(&actor->body, 1 << 16);
        buf_init(&actor->reply, 1 << 20);
        actor->performer.inbox = json_array();
        if (actor->agent) must(staff_come(&town->remote, actor->name, "agent", actor->token, &actor->performer.id));
        else {
            must(visitor_come(&town->remote, &visitor, "{}"));
            memcpy(actor->token, visitor.token, sizeof actor->token);
            actor->performer.id = visitor.customer;
            actor->said = MEMORY_NEW_ARRAY(struct said, SAID_MAX);
        }
        feed_open(&actor->feed, town->multi, &town->remote, actor->token, &actor->performer, 0);
    }
}

static void kill_and_start(struct town *town, int round)
{
    struct err err;
    int64_t until = clock_ms() + LIFE_MS_LEAST + (int64_t)random_below(&town->random, LIFE_MS_SPREAD);
    while (clock_ms() < until) turn(town, true);
    own_server_kill(town->server);
    for (int i = 0; i < 20; i++) turn(town, false); /* what came before the end is read */
    bool started = own_server_launch(&err, town->server);
    town->remote = *own_server_remote(town->server);
    bool doubled = false;
    for (size_t i = 0; i < ARRAY_LEN(town->actors); i++) doubled |= town->actors[i].feed.doubled;
    check(&town->checks, started, "round %d: starts again%s%s", round, started ? "" : ": ", started ? "" : err.text);
    check(&town->checks, !doubled, "round %d: every stream went forward only", round);
    if (!started) exit(checks_end(&town->checks));
}

static bool anybody_open(const struct town *town)
{
    for (size_t i = 0; i < CUSTOMERS; i++)
        if (town->actors[i].conversation || town->actors[i].errand) return true;
    return false;
}

static void calm_down(struct town *town)
{
    int64_t until = clock_ms() + CALM_MS;
    town->closing = true;
    while (clock_ms() < until && anybody_open(town)) turn(town, true);
    size_t open = 0;
    for (size_t i = 0; i < CUSTOMERS; i++) open += town->actors[i].conversation != 0;
    check(&town->checks, open == 0, "nobody is stuck: every conversation was met by a person and resolved (%zu open)", open);
    until = clock_ms() + 500; /* the last marks and signals */
    while (clock_ms() < until) turn(town, false);
}

/* All events of a conversation that its customer may see, from the server. */
static json_t *history(struct town *town, struct person *actor, uint64_t conversation)
{
    json_t *all = json_array();
    uint64_t after = 0;
    for (;;) {
        char path[160];
        snprintf(path, sizeof path, "/v1/conversations/%llu/events?after=%llu&limit=500", (unsigned long long)conversation,
                 (unsigned long long)after);
        struct response page = server_call(&town->remote, &(struct call){ .path = path, .token = actor->token });
        json_t *events = json_object_get(page.json, "events");
        size_t count = json_array_size(events);
        json_array_extend(all, events);
        if (count) after = (uint64_t)json_integer_value(json_object_get(json_array_get(events, count - 1), "seq"));
        bool more = json_is_true(json_object_get(page.json, "more"));
        response_free(&page);
        if (!more) return all;
    }
}

struct faults {
    size_t lost, doubled, moved, disordered, stream_missing, said;
};

/* What one customer said against what the server has; and against what the stream has shown. */
static void compare(struct town *town, struct person *actor, struct faults *faults)
{
    struct map conversations = { 0 };
    char *seen = memory_new(actor->said_count + 1, 1);
    struct map shown = { 0 };
    size_t i, last = 0;
    bool any = false;
    json_t *event;
    json_array_foreach(actor->performer.inbox, i, event) {
        uint64_t seq = (uint64_t)json_integer_value(json_object_get(event, "seq"));
        uint64_t conversation = (uint64_t)json_integer_value(json_object_get(event, "conversation"));
        if (seq) map_put(&shown, seq, actor);
        if (seq && conversation) map_put(&conversations, conversation, actor);
    }
    uint64_t *ids = map_sorted_keys(&conversations);
    for (size_t c = 0; c < conversations.count; c++) {
        json_t *events = history(town, actor, ids[c]);
        json_array_foreach(events, i, event) {
            uint64_t seq = (uint64_t)json_integer_value(json_object_get(event, "seq"));
            const char *text = json_string_value(json_object_get(event, "text"));
            const char *author = json_string_value(json_object_get(event, "author"));
            faults->stream_missing += !map_get(&shown, seq);
            if (!text || !author || strcmp(author, "customer") != 0) continue;
            const char *word = strstr(text, " word ");
            size_t n = word ? strtoul(word + 6, NULL, 10) : SAID_MAX;
            if (n >= actor->said_count) continue;
            if (seen[n]++) faults->doubled++;
            if (any && n < last) faults->disordered++;
            /* The acknowledgement names the first event: a reopening may stand before the message. */
            if (actor->said[n].seq && (seq < actor->said[n].seq || seq > actor->said[n].seq + 2)) faults->moved++;
            last = n;
            any = true;
        }
        json_decref(events);
    }
    for (size_t n = 0; n < actor->said_count; n++)
        if (actor->said[n].seq) {
            faults->said++;
            faults->lost += !seen[n];
        }
    memory_free(ids);
    memory_free(seen);
    map_free(&conversations);
    map_free(&shown);
}

static void settle(struct town *town)
{
    struct faults faults = { 0 };
    for (size_t i = 0; i < CUSTOMERS; i++) compare(town, &town->actors[i], &faults);
    check(&town->checks, faults.said > 500, "there was something to lose: %zu acknowledged messages", faults.said);
    check(&town->checks, faults.lost == 0, "nothing acknowledged is lost (%zu)", faults.lost);
    check(&town->checks, faults.doubled == 0, "nothing is there twice (%zu)", faults.doubled);
    check(&town->checks, faults.moved == 0, "everything stands under the number of its acknowledgement (%zu)", faults.moved);
    check(&town->checks, faults.disordered == 0, "what a customer said is in the order of saying (%zu)", faults.disordered);
    check(&town->checks, faults.stream_missing == 0, "the streams have shown every event of the history (%zu missing)",
          faults.stream_missing);
    check(&town->checks, town->retried > 0, "requests were cut off and sent again: %zu, of which %zu had been done already",
          town->retried, town->repeated);
    printf("# %zu answers, %zu refused for overload\n", town->answered, town->refused);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    static struct town town; /* its size does not belong on a stack */
    struct err err;
    struct arena arena = { 0 };
    const char *program = server_program(&arena, argv[0]);
    int rounds = getenv("ROUNDS") ? atoi(getenv("ROUNDS")) : 20;
    town.random.state = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 10) : 1;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    town.multi = curl_multi_init();
    curl_multi_setopt(town.multi, CURLMOPT_MAXCONNECTS, 1000L);
    struct script settings;
    must(script_read(&err, &settings, STR("settings"), STR("setting wrapup_ms 200\n")));
    town.server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .script = &settings,
        .program = program });
    if (!check(&town.checks, town.server != NULL, "the server starts%s%s", town.server ? "" : ": ", town.server ? "" : err.text))
        return checks_end(&town.checks);
    town.remote = *own_server_remote(town.server);
    come_in(&town);
    printf("# everybody is there\n");
    for (int round = 1; round <= rounds; round++) kill_and_start(&town, round);
    calm_down(&town);
    settle(&town);
    struct buf out;
    buf_init(&out, 1 << 20);
    int status = shell(&out, "%s verify %s", program, own_server_folder(town.server));
    check(&town.checks, status == 0, "the chain of hashes is whole: %s", buf_cstr(&out));
    buf_free(&out);
    check(&town.checks, own_server_stop(&err, town.server), "it stops in good order");
    script_free(&settings);
    arena_free(&arena);
    return checks_end(&town.checks);
}
