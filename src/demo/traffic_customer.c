/* traffic_customer.c - one virtual customer: come, ask, listen, perhaps wait for a person, rate, leave.
 *
 *   COME -> OPEN -> SAY <-> LISTEN -> END -> RATE -> gone
 *                            |  ^
 *                            v  |
 *               READ, PRESS (the button), PROMISE (leave an address) */
#include <stdio.h>

#include "demo/firm_seed.h"
#include "demo/traffic_play.h"
#include "privacy/vault.h"

enum { COME, OPEN, SAY, LISTEN, READ, PRESS, PROMISE, RATE, END };

#define LOOK_MS 2000
#define WAIT_MAX_MS (12 * 60 * 1000)
#define SILENCE_MAX_MS (5 * 60 * 1000)
#define PROMISE_AFTER_MS (2 * 60 * 1000)

static void go(struct customer *customer, int state, int64_t least_ms, int64_t most_ms)
{
    customer->state = state;
    customer->actor.due_ms = traffic_now() + traffic_between(customer->actor.traffic, least_ms, most_ms);
}

static void leave(struct customer *customer)
{
    customer->here = false;
    arena_reset(&customer->arena);
}

static void say(struct customer *customer, struct str text, int64_t least_ms, int64_t most_ms)
{
    customer->next = arena_copy(&customer->arena, text);
    go(customer, SAY, least_ms, most_ms);
}

static struct str utterance(struct traffic *traffic, const char *language)
{
    for (int tries = 0; tries < 200; tries++) {
        const struct traffic_utterance *found =
            &traffic->utterances[random_below(&traffic->random, traffic->utterance_count)];
        if (!strcmp(found->language, language)) return found->text;
    }
    return traffic->utterances[0].text;
}

static struct str question(struct customer *customer)
{
    struct traffic *traffic = customer->actor.traffic;
    if (customer->odd_left > 0) {
        customer->odd_left--;
        return traffic_odd(traffic, customer->language);
    }
    if (traffic_chance(traffic, 30)) return traffic_own_words(traffic, customer->language);
    return utterance(traffic, customer->language);
}

/* The six with a story are left to the visitors. */
static int free_identity(struct traffic *traffic)
{
    if (!traffic->secret.len || !traffic_chance(traffic, 65)) return -1;
    int identity = FIRM_STORIES + (int)random_below(&traffic->random, FIRM_CUSTOMERS - FIRM_STORIES);
    for (size_t i = 0; i < TRAFFIC_OPEN_MAX; i++)
        if (traffic->customers[i].here && traffic->customers[i].identity == identity) return -1;
    return identity;
}

void customer_arrives(struct traffic *traffic, struct customer *customer)
{
    int identity = free_identity(traffic);
    struct arena arena = customer->arena;
    *customer = (struct customer){ .here = true, .identity = identity, .arena = arena };
    customer->actor.traffic = traffic;
    customer->actor.context = customer;
    customer->actor.number = ++traffic->actors;
    customer->language = traffic_language(traffic);
    customer->turns_left = 1 + (int)random_below(&traffic->random, 4);
    if (traffic_chance(traffic, 8)) customer->odd_left = 2;
    customer->wants_person = traffic_chance(traffic, 12);
    struct str first = traffic_chance(traffic, 8) ? traffic_wants_person(traffic, customer->language) : question(customer);
    customer->next = arena_copy(&customer->arena, first);
    traffic_count(traffic, COUNT_CUSTOMERS);
    go(customer, COME, 0, 500);
}

/* --- What a step's answer leads to --- */

static void on_come(void *context, const struct caller_answer *answer)
{
    struct customer *customer = context;
    struct traffic *traffic = customer->actor.traffic;
    const char *token = json_text(answer->json, "token");
    if (answer->status != 200 || !*token || strlen(token) >= TRAFFIC_TOKEN_MAX) {
        leave(customer);
        return;
    }
    snprintf(customer->actor.token, TRAFFIC_TOKEN_MAX, "%s", token);
    customer->customer = json_id(answer->json, "customer");
    traffic->own_customers[traffic->own_count++ % ARRAY_LEN(traffic->own_customers)] = customer->customer;
    go(customer, OPEN, 300, 1500);
}

static void on_open(void *context, const struct caller_answer *answer)
{
    struct customer *customer = context;
    customer->conversation = json_id(answer->json, "conversation");
    customer->heard_ms = traffic_now();
    if (answer->status == 200 && customer->conversation) go(customer, SAY, 1500, 7000);
    else leave(customer);
}

static void on_said(void *context, const struct caller_answer *answer)
{
    struct customer *customer = context;
    if (answer->status != 200) {
        go(customer, END, 500, 2000);
        return;
    }
    traffic_count(customer->actor.traffic, COUNT_MESSAGES);
    customer->heard_ms = traffic_now();
    customer->reply_due = false;
    go(customer, LISTEN, 600, 1200);
}

static void on_small_step(void *context, const struct caller_answer *answer)
{
    UNUSED(answer);
    go(context, LISTEN, 400, 1500);
}

static void on_ended(void *context, const struct caller_answer *answer)
{
    struct customer *customer = context;
    customer->stars = customer->stars ? customer->stars : 3 + (int)random_below(&customer->actor.traffic->random, 3);
    if (answer->status == 200 && traffic_chance(customer->actor.traffic, 45)) go(customer, RATE, 1500, 6000);
    else leave(customer);
}

static void on_rated(void *context, const struct caller_answer *answer)
{
    struct customer *customer = context;
    if (answer->status == 200) traffic_count(customer->actor.traffic, COUNT_RATED);
    leave(customer);
}

/* --- Listening --- */

static void hear_message(struct customer *customer, const json_t *event)
{
    const char *author = json_text(event, "author"), *text = json_text(event, "text");
    if (!strcmp(author, "customer")) return;
    const json_t *choices = json_object_get(event, "choices");
    size_t count = json_array_size(choices);
    customer->said_to_us = json_id(event, "seq");
    customer->reply_due = true;
    customer->detail = traffic_detail(customer->actor.traffic, &customer->arena, text);
    size_t pick = count ? random_below(&customer->actor.traffic->random, count < 2 ? count : 2) : 0;
    customer->choice = arena_copy(&customer->arena, str_of(json_string_value(json_array_get(choices, pick))));
}

static void hear(struct customer *customer, const json_t *event)
{
    const char *type = json_text(event, "type");
    customer->heard_ms = traffic_now();
    if (!strcmp(type, "message.sent")) hear_message(customer, event);
    else if (!strcmp(type, "conversation.queued")) {
        if (!customer->waiting) customer->wait_ms = traffic_now();
        customer->waiting = true;
        customer->with_person = false;
    } else if (!strcmp(type, "conversation.assigned")) {
        int64_t waited_s = (traffic_now() - customer->wait_ms) / 1000;
        customer->stars = waited_s < 60 ? 5 - traffic_chance(customer->actor.traffic, 30) : waited_s < 240 ? 4 : 2;
        customer->with_person = true;
        customer->waiting = false;
    } else if (!strcmp(type, "conversation.resolved")) customer->resolved = true;
    else if (!strcmp(type, "conversation.reopened")) customer->resolved = customer->with_person = false;
}

/* The assistant has spoken and it is our turn. */
static void answer_assistant(struct customer *customer)
{
    struct traffic *traffic = customer->actor.traffic;
    if (customer->wants_person && customer->turns_left <= 1) {
        customer->wants_person = false;
        if (traffic_chance(traffic, 60)) go(customer, PRESS, 2000, 8000);
        else say(customer, traffic_wants_person(traffic, customer->language), 2000, 8000);
    } else if (customer->turns_left-- <= 0) go(customer, END, 4000, 15000);
    else if (customer->detail.len && customer->choice.len == 0) say(customer, customer->detail, 4000, 15000);
    else if (customer->choice.len && traffic_chance(traffic, 65)) say(customer, customer->choice, 2500, 9000);
    else say(customer, question(customer), 6000, 20000);
}

static void keep_listening(struct customer *customer)
{
    struct traffic *traffic = customer->actor.traffic;
    int64_t now_ms = traffic_now(), waited_ms = now_ms - customer->wait_ms, silent_ms = now_ms - customer->heard_ms;
    if (customer->waiting && !customer->promised && waited_ms > PROMISE_AFTER_MS && traffic_chance(traffic, 3)) {
        customer->promised = true;
        go(customer, PROMISE, 1000, 4000);
    } else if (customer->waiting ? waited_ms > WAIT_MAX_MS : silent_ms > SILENCE_MAX_MS)
        go(customer, END, 500, 2000);
    else go(customer, LISTEN, LOOK_MS, LOOK_MS + 800);
}

static void on_heard(void *context, const struct caller_answer *answer)
{
    struct customer *customer = context;
    struct traffic *traffic = customer->actor.traffic;
    size_t i;
    json_t *event;
    if (answer->status != 200) {
        go(customer, END, 500, 2000);
        return;
    }
    json_array_foreach(json_object_get(answer->json, "events"), i, event)
    {
        hear(customer, event);
        if (json_id(event, "seq") > customer->seen) customer->seen = json_id(event, "seq");
    }
    if (customer->said_to_us > customer->read) go(customer, READ, 500, 2500);
    else if (customer->resolved) {
        if (!customer->stars) customer->stars = 3;
        if (traffic_chance(traffic, 70)) go(customer, RATE, 2000, 9000);
        else leave(customer);
    } else if (customer->reply_due && customer->with_person && customer->answers_to_agent < 3)
        say(customer, traffic_customer_reply(traffic, customer->answers_to_agent++), 4000, 14000);
    else if (customer->reply_due && !customer->with_person && !customer->waiting) answer_assistant(customer);
    else keep_listening(customer);
}

/* --- Steps --- */

static void come(struct customer *customer, struct buf *body)
{
    char identity[16], email[80];
    traffic_field(body, "language", str_of(customer->language));
    if (customer->identity >= 0) {
        const char *name = firm_names[customer->identity];
        struct buf signature;
        snprintf(identity, sizeof identity, "C-%04d", 1001 + customer->identity);
        snprintf(email, sizeof email, "customer.%s@mail.example", identity + 2);
        buf_init(&signature, 128);
        signature_make(customer->actor.traffic->secret, str_of(identity), &signature);
        traffic_field(body, "identity", str_of(identity));
        traffic_field(body, "signature", buf_str(&signature));
        traffic_field(body, "name", str_of(name));
        traffic_field(body, "email", str_of(email));
        buf_free(&signature);
    }
}

static void rate(struct customer *customer, struct buf *body)
{
    if (!customer->comment.data) customer->comment = traffic_comment(customer->actor.traffic, customer->stars);
    buf_add_format(body, "\"stars\":%d", customer->stars);
    if (customer->comment.len) traffic_field(body, "comment", customer->comment);
}

void customer_step(struct customer *customer)
{
    static const struct {
        const char *path; /* behind /v1/conversations/N, or whole */
        caller_done_fn *done;
    } steps[] = {
        [COME] = { "/v1/session", on_come },
        [OPEN] = { "/v1/conversations", on_open },
        [SAY] = { "messages", on_said },
        [READ] = { "marks", on_small_step },
        [PRESS] = { "human", on_small_step },
        [PROMISE] = { "appointment", on_small_step },
        [RATE] = { "rating", on_rated },
        [END] = { "end", on_ended },
        [LISTEN] = { "events", on_heard },
    };
    char path[128];
    const char *action = steps[customer->state].path;
    struct buf body;
    buf_init(&body, LIMIT_BODY);
    buf_add_char(&body, '{');
    if (action[0] == '/') snprintf(path, sizeof path, "%s", action);
    else snprintf(path, sizeof path, "/v1/conversations/%llu/%s", (unsigned long long)customer->conversation, action);
    switch (customer->state) {
    case COME: come(customer, &body); break;
    case OPEN: traffic_field(&body, "language", str_of(customer->language)); break;
    case SAY: traffic_field(&body, "text", customer->next); break;
    case READ:
        customer->read = customer->said_to_us;
        buf_add_format(&body, "\"mark\":\"read\",\"up_to\":%llu", (unsigned long long)customer->read);
        break;
    case PROMISE: buf_add_format(&body, "\"way\":\"email\",\"address\":\"customer.%llu@mail.example\"",
                                 (unsigned long long)customer->actor.number); break;
    case RATE: rate(customer, &body); break;
    case LISTEN: snprintf(path + strlen(path), sizeof path - strlen(path), "?after=%llu&limit=100",
                          (unsigned long long)customer->seen); break;
    default: break;
    }
    buf_add_char(&body, '}');
    actor_ask(&customer->actor, customer->state == LISTEN ? "GET" : "POST", path, buf_str(&body),
              steps[customer->state].done);
    buf_free(&body);
}
