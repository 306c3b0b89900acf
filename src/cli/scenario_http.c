/* scenario_http.c - the stage of a running server. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/scenario_stage.h"
#include "cli/scenario_feed.h"
#include "privacy/vault.h"

#define ANSWER_MAX (64 << 20)
#define CONNECT_MS 5000
#define LEARNED_MS 120000
#define TOKEN_MAX 400
#define PAGE 500

struct seat {
    char token[TOKEN_MAX];
    struct feed stream;
    int64_t beat_ms, next_beat;
};

struct live {
    struct stage stage;
    struct live_options options;
    struct workspace *workspace;
    struct remote remote;
    struct own_server *server;
    struct action_server *actions;
    CURLM *multi;
    CURL *curl;
    char salt[24];
    uint64_t keys;
    struct arena arena;
    struct err stopped; /* how one's own server ended, if badly */
    bool ended_badly;
};

static int64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- requests --- */

struct reply {
    long status;
    struct buf body;
    json_t *json;
};

static size_t take(char *data, size_t size, size_t count, void *context)
{
    buf_add(context, data, size * count);
    return size * count;
}

static int put(const char *data, size_t len, void *context)
{
    buf_add(context, data, len);
    return 0;
}

static void reply_free(struct reply *reply)
{
    json_decref(reply->json);
    buf_free(&reply->body);
}

/* Notes which transfers ended: the request's own gives its code, a stream is marked. */
static bool collect(struct live *live, CURLcode *code)
{
    int left;
    bool ended = false;
    for (CURLMsg *message; (message = curl_multi_info_read(live->multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        if (message->easy_handle == live->curl) {
            *code = message->data.result;
            ended = true;
            continue;
        }
        char *stream = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &stream);
        if (stream) ((struct feed *)(void *)stream)->ended = true;
    }
    return ended;
}

static bool request(struct live *live, struct err *err, const char *token, const char *path, json_t *body,
                    const char *key, struct reply *reply)
{
    struct buf sent;
    struct curl_slist *headers = NULL;
    struct arena arena = { 0 };
    CURLcode code = CURLE_OK;
    *reply = (struct reply){ 0 };
    buf_init(&reply->body, ANSWER_MAX);
    buf_init(&sent, ANSWER_MAX);
    curl_easy_reset(live->curl);
    curl_easy_setopt(live->curl, CURLOPT_URL, arena_format(&arena, "%s%s", live->remote.url, path).data);
    curl_easy_setopt(live->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(live->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(live->curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(live->curl, CURLOPT_SSL_VERIFYPEER, live->remote.elsewhere ? 1L : 0L);
    curl_easy_setopt(live->curl, CURLOPT_SSL_VERIFYHOST, live->remote.elsewhere ? 2L : 0L);
    curl_easy_setopt(live->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(live->curl, CURLOPT_WRITEDATA, &reply->body);
    if (token && *token)
        headers = curl_slist_append(headers, arena_format(&arena, "Authorization: Bearer %s", token).data);
    if (body) {
        json_dump_callback(body, put, &sent, JSON_COMPACT);
        curl_easy_setopt(live->curl, CURLOPT_POSTFIELDS, buf_cstr(&sent));
        headers = curl_slist_append(headers, "Content-Type: application/json");
    }
    if (key) headers = curl_slist_append(headers, arena_format(&arena, "Idempotency-Key: %s", key).data);
    curl_easy_setopt(live->curl, CURLOPT_HTTPHEADER, headers);
    curl_multi_add_handle(live->multi, live->curl);
    int running;
    do {
        curl_multi_perform(live->multi, &running);
        if (collect(live, &code)) break;
        curl_multi_poll(live->multi, NULL, 0, 100, NULL);
    } while (true);
    curl_multi_remove_handle(live->multi, live->curl);
    curl_easy_getinfo(live->curl, CURLINFO_RESPONSE_CODE, &reply->status);
    if (reply->body.len) reply->json = json_loadb(reply->body.data, reply->body.len, 0, NULL);
    curl_slist_free_all(headers);
    buf_free(&sent);
    arena_free(&arena);
    if (code == CURLE_OK) return true;
    reply_free(reply);
    return err_set(err, "%s: no answer: %s", path, curl_easy_strerror(code));
}

static void read_refusal(const struct reply *reply, struct act_answer *answer)
{
    if (reply->status < 300) return;
    const char *code = json_string_value(json_object_get(json_object_get(reply->json, "error"), "code"));
    if (code) snprintf(answer->refusal, sizeof answer->refusal, "%s", code);
    else snprintf(answer->refusal, sizeof answer->refusal, "status-%ld", reply->status);
}

static uint64_t number(json_t *object, const char *name)
{
    return (uint64_t)json_integer_value(json_object_get(object, name));
}

/* --- streams --- */

static bool pump(struct live *live, int64_t ms)
{
    int running;
    CURLcode code;
    curl_multi_perform(live->multi, &running);
    curl_multi_poll(live->multi, NULL, 0, (int)ms, NULL);
    curl_multi_perform(live->multi, &running);
    return collect(live, &code);
}

static bool connect_stream(struct live *live, struct err *err, struct performer *performer, uint64_t after)
{
    struct seat *seat = performer->seat;
    feed_close(&seat->stream, live->multi);
    feed_open(&seat->stream, live->multi, &live->remote, seat->token, performer, after);
    int64_t until = clock_ms() + CONNECT_MS;
    while (!seat->stream.connected && !seat->stream.ended && clock_ms() < until) pump(live, 20);
    return seat->stream.connected ||
           err_set(err, "the event stream of %.*s does not open", STR_ARG(performer->name));
}

static bool pull(struct stage *base, struct err *err)
{
    struct live *live = (struct live *)base;
    pump(live, 0);
    for (size_t i = 0; i < base->cast->count; i++) {
        struct seat *seat = base->cast->items[i]->seat;
        if (seat && seat->stream.doubled)
            return err_set(err, "an event came twice or out of order to %.*s, up to %llu", STR_ARG(base->cast->items[i]->name),
                           (unsigned long long)base->cast->items[i]->last_seq);
    }
    return true;
}

/* --- coming in --- */

static bool enter_customer(struct live *live, struct err *err, struct performer *performer, json_t *details,
                           struct reply *reply)
{
    const char *identity = json_string_value(json_object_get(details, "identity"));
    UNUSED(performer);
    if (identity) {
        struct buf hex;
        bool forged = json_object_get(details, "forged") != NULL;
        buf_init(&hex, 256);
        signature_make(forged ? STR("a guess") : live->workspace->identity_secret, str_of(identity), &hex);
        json_object_set_new(details, "signature", json_string(buf_cstr(&hex)));
        json_object_del(details, "forged");
        buf_free(&hex);
    }
    return request(live, err, NULL, "/v1/session", details, NULL, reply);
}

static json_t *joined(const struct str *items, size_t count)
{
    struct buf list;
    buf_init(&list, 4096);
    for (size_t i = 0; i < count; i++) buf_add_format(&list, "%s%.*s", i ? "," : "", STR_ARG(items[i]));
    json_t *string = json_string(buf_cstr(&list));
    buf_free(&list);
    return string;
}

static bool enter_staff(struct live *live, struct err *err, struct performer *performer, json_t *details,
                        struct act_answer *answer, struct reply *reply)
{
    char login[100], key[64];
    snprintf(login, sizeof login, "%.*s-%s", STR_ARG(performer->name), live->salt);
    snprintf(key, sizeof key, "%s-%llu", live->salt, (unsigned long long)++live->keys);
    json_object_set_new(details, "login", json_string(login));
    json_object_set_new(details, "name", json_stringn(performer->name.data, performer->name.len));
    json_object_set_new(details, "password", json_string("a password of the play"));
    if (!json_object_get(details, "skills"))
        json_object_set_new(details, "skills", joined(live->workspace->skills, live->workspace->skill_count));
    if (!json_object_get(details, "languages"))
        json_object_set_new(details, "languages", joined(live->workspace->languages, live->workspace->language_count));
    if (!request(live, err, live->remote.token, "/v1/agents", details, key, reply)) return false;
    read_refusal(reply, answer);
    answer->id = number(reply->json, "id");
    reply_free(reply);
    json_t *body = json_pack("{s:s,s:s}", "login", login, "password", "a password of the play");
    bool fine = request(live, err, NULL, "/v1/login", body, NULL, reply);
    json_decref(body);
    return fine;
}

static bool begin_beats(struct live *live, struct err *err, struct seat *seat)
{
    struct reply me;
    if (!request(live, err, seat->token, "/v1/me", NULL, NULL, &me)) return false;
    seat->beat_ms = (int64_t)number(me.json, "heartbeat_ms");
    if (seat->beat_ms < 200) seat->beat_ms = 200;
    reply_free(&me);
    return true;
}

static bool enter(struct stage *base, struct err *err, struct performer *performer, json_t *details,
                  struct act_answer *answer)
{
    struct live *live = (struct live *)base;
    struct seat *seat = performer->seat = ARENA_NEW(&live->arena, struct seat);
    struct reply reply = { 0 };
    if (performer->same_as) {
        memcpy(seat->token, ((struct seat *)performer->same_as->seat)->token, sizeof seat->token);
        answer->id = performer->same_as->id;
        return connect_stream(live, err, performer, 0);
    }
    bool customer = performer->who == BY_CUSTOMER;
    bool fine = customer ? enter_customer(live, err, performer, details, &reply)
                         : enter_staff(live, err, performer, details, answer, &reply);
    if (!fine) return false;
    read_refusal(&reply, answer);
    if (customer) answer->id = number(reply.json, "customer");
    const char *token = json_string_value(json_object_get(reply.json, "token"));
    bool opens = !answer->refusal[0] && token && strlen(token) < sizeof seat->token;
    if (opens) snprintf(seat->token, sizeof seat->token, "%s", token);
    reply_free(&reply);
    if (!opens) return answer->refusal[0] || err_set(err, "the server gave no token");
    return connect_stream(live, err, performer, 0) && (customer || begin_beats(live, err, seat));
}

/* --- commands --- */

/* `%c` is the conversation, `%t` the target. */
static const struct { enum command_kind kind; const char *path; } paths[] = {
    { COMMAND_OPEN, "/v1/conversations" }, { COMMAND_SAY, "/v1/conversations/%c/messages" },
    { COMMAND_MARK, "/v1/conversations/%c/marks" }, { COMMAND_ASK_HUMAN, "/v1/conversations/%c/human" },
    { COMMAND_MAKE_APPOINTMENT, "/v1/conversations/%c/appointment" }, { COMMAND_RATE, "/v1/conversations/%c/rating" },
    { COMMAND_END, "/v1/conversations/%c/end" }, { COMMAND_NOTE, "/v1/conversations/%c/notes" },
    { COMMAND_TRANSFER, "/v1/conversations/%c/transfer" }, { COMMAND_RESOLVE, "/v1/conversations/%c/resolve" },
    { COMMAND_END_WRAPUP, "/v1/conversations/%c/wrapup/end" }, { COMMAND_JOIN, "/v1/conversations/%c/join" },
    { COMMAND_LEAVE, "/v1/conversations/%c/leave" }, { COMMAND_TAKE_OVER, "/v1/conversations/%c/take-over" },
    { COMMAND_ASSIGN, "/v1/conversations/%c/assign" },
    { COMMAND_LEARN, "/v1/conversations/%c/paraphrases" }, { COMMAND_APPROVE_PARAPHRASE, "/v1/paraphrases/%t/approve" },
    { COMMAND_REVOKE_PARAPHRASE, "/v1/paraphrases/%t/revoke" }, { COMMAND_SET_PRESENCE, "/v1/presence" },
    { COMMAND_ACCEPT, "/v1/offers/%t/accept" }, { COMMAND_DECLINE, "/v1/offers/%t/decline" },
    { COMMAND_GIVE_APPROVAL, "/v1/approvals/%t/approve" }, { COMMAND_REFUSE_APPROVAL, "/v1/approvals/%t/refuse" },
    { COMMAND_CHANGE_AGENT, "/v1/agents/%t/change" }, { COMMAND_REMOVE_AGENT, "/v1/agents/%t/remove" },
    { COMMAND_ERASE_CUSTOMER, "/v1/customers/%t/erase" }, { COMMAND_HEARTBEAT, "/v1/heartbeat" },
};

static void path_of(const struct act *act, char path[120])
{
    const char *from = NULL;
    size_t at = 0;
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        if (paths[i].kind == act->kind) from = paths[i].path;
    must(from);
    for (; *from && at < 80; from++) {
        if (*from != '%') {
            path[at++] = *from;
            continue;
        }
        from++;
        at += (size_t)snprintf(path + at, 120 - at, "%llu", (unsigned long long)(*from == 'c' ? act->conversation : act->target));
    }
    path[at] = 0;
}

static bool act(struct stage *base, struct err *err, const struct act *act, struct act_answer *answer)
{
    struct live *live = (struct live *)base;
    const struct seat *seat = act->by ? act->by->seat : NULL;
    char path[120], key[120];
    struct reply reply;
    json_t *empty = act->body ? NULL : json_object();
    path_of(act, path);
    if (act->kind == COMMAND_SAY && live->actions) stage_put_code(act->body, action_server_code(live->actions, &live->arena));
    if (act->key) snprintf(key, sizeof key, "%s-%.60s", live->salt, act->key);
    else snprintf(key, sizeof key, "%s-%llu", live->salt, (unsigned long long)++live->keys);
    bool fine = request(live, err, act->by ? seat->token : live->remote.token, path, act->body ? act->body : empty, key, &reply);
    json_decref(empty);
    if (!fine) return false;
    read_refusal(&reply, answer);
    answer->repeated = json_is_true(json_object_get(reply.json, "repeated"));
    answer->seq = number(reply.json, "seq");
    answer->conversation = number(reply.json, "conversation");
    answer->id = number(reply.json, "id");
    reply_free(&reply);
    return true;
}

static bool gesture(struct stage *base, struct err *err, struct performer *performer, enum gesture gesture,
                    uint64_t conversation, struct act_answer *answer)
{
    struct live *live = (struct live *)base;
    struct seat *seat = performer->seat;
    char path[120] = "/v1/logout";
    struct reply reply;
    if (gesture == GESTURE_RECONNECT) {
        uint64_t after = performer->last_seq;
        feed_close(&seat->stream, live->multi);
        return connect_stream(live, err, performer, after);
    }
    if (gesture != GESTURE_LOG_OUT)
        snprintf(path, sizeof path, "/v1/conversations/%llu/%s", (unsigned long long)conversation,
                 gesture == GESTURE_TYPING ? "typing" : "files");
    json_t *body = json_object();
    bool fine = request(live, err, seat->token, path, body, NULL, &reply);
    json_decref(body);
    if (!fine) return false;
    read_refusal(&reply, answer);
    reply_free(&reply);
    return true;
}

/* --- looking --- */

static json_t *look_agent(struct live *live, struct err *err, uint64_t id)
{
    struct reply reply;
    json_t *row, *found = NULL;
    size_t i;
    if (!request(live, err, live->remote.token, "/v1/agents", NULL, NULL, &reply)) return NULL;
    json_array_foreach(json_object_get(reply.json, "agents"), i, row)
        if (number(row, "agent") == id) found = json_incref(row);
    reply_free(&reply);
    return found;
}

/* Sums over the labels of each name. */
static json_t *read_metrics(struct str text)
{
    json_t *object = json_object();
    struct str line;
    while (str_split(&text, '\n', &line)) {
        size_t name = 0;
        if (!line.len || line.data[0] == '#') continue;
        while (name < line.len && line.data[name] != '{' && line.data[name] != ' ') name++;
        size_t space = line.len;
        while (space && line.data[space - 1] != ' ') space--;
        double value = strtod(line.data + space, NULL);
        double before = json_number_value(json_object_getn(object, line.data, name));
        json_object_setn_new(object, line.data, name, json_real(before + value));
    }
    return object;
}

static json_t *look(struct stage *base, struct err *err, struct performer *performer, enum look look, uint64_t conversation)
{
    struct live *live = (struct live *)base;
    const struct seat *seat = performer ? performer->seat : NULL;
    char path[120];
    struct reply reply;
    err->text[0] = 0;
    if (look == LOOK_AGENT) return look_agent(live, err, performer->id);
    const char *const ends[] = { [LOOK_CONVERSATION] = "", [LOOK_TRANSCRIPT] = "/transcript", [LOOK_HISTORY] = "/events" };
    if (look == LOOK_BOARD) snprintf(path, sizeof path, "/v1/board");
    else if (look == LOOK_METRICS) snprintf(path, sizeof path, "/metrics");
    else snprintf(path, sizeof path, "/v1/conversations/%llu%s%s", (unsigned long long)conversation, ends[look],
                  look == LOOK_HISTORY ? "?after=0&limit=500" : "");
    if (!request(live, err, seat ? seat->token : live->remote.token, path, NULL, NULL, &reply)) return NULL;
    json_t *found = NULL;
    if (reply.status != 200) err_set(err, "%s answers %ld: %.*s", path, reply.status, STR_ARG(str_cut(buf_str(&reply.body), 300)));
    else if (look == LOOK_TRANSCRIPT) found = json_stringn(reply.body.data, reply.body.len);
    else if (look == LOOK_METRICS) found = read_metrics(buf_str(&reply.body));
    else if (look == LOOK_HISTORY) found = json_incref(json_object_get(reply.json, "events"));
    else found = json_incref(reply.json);
    reply_free(&reply);
    return found;
}

/* --- time --- */

static int64_t now(struct stage *base)
{
    UNUSED(base);
    return clock_ms();
}

static bool beat(struct live *live, struct err *err)
{
    int64_t at = clock_ms();
    for (size_t i = 0; i < live->stage.cast->count; i++) {
        struct performer *performer = live->stage.cast->items[i];
        struct seat *seat = performer->seat;
        if (!(performer->who & BY_STAFF) || !performer->on_duty || performer->dark || !seat || seat->next_beat > at) continue;
        struct act_answer answer = { .refusal = "" };
        seat->next_beat = at + seat->beat_ms;
        if (!act(&live->stage, err, &(struct act){ .by = performer, .kind = COMMAND_HEARTBEAT }, &answer)) return false;
    }
    return true;
}

static bool pass(struct stage *base, struct err *err, int64_t ms)
{
    struct live *live = (struct live *)base;
    if (!beat(live, err)) return false;
    pump(live, ms);
    return true;
}

static bool reconnect_all(struct live *live, struct err *err)
{
    for (size_t i = 0; i < live->stage.cast->count; i++) {
        struct performer *performer = live->stage.cast->items[i];
        struct seat *seat = performer->seat;
        if (seat && seat->token[0] && !connect_stream(live, err, performer, performer->last_seq)) return false;
    }
    return true;
}

/* Until the assistant has learned all that it will; staff go on telling that they are there. */
static bool wait_learned(struct live *live, struct err *err)
{
    for (int64_t until = clock_ms() + LEARNED_MS; clock_ms() < until;) {
        struct reply reply;
        if (!request(live, err, NULL, "/readyz", NULL, NULL, &reply)) return false;
        bool learned = !json_is_true(json_object_get(reply.json, "learning"));
        reply_free(&reply);
        if (learned) return true;
        if (!pass(&live->stage, err, 20)) return false;
    }
    return err_set(err, "the server was still learning after %d s", LEARNED_MS / 1000);
}

static bool crash(struct stage *base, struct err *err)
{
    struct live *live = (struct live *)base;
    for (size_t i = 0; i < base->cast->count; i++)
        if (base->cast->items[i]->seat) feed_close(&((struct seat *)base->cast->items[i]->seat)->stream, live->multi);
    if (live->server) {
        if (!own_server_crash(err, live->server)) return false;
        live->remote = *own_server_remote(live->server);
    } else if (!live->options.crash_command) {
        base->cannot = "give --crash-command to have the server killed";
        return false;
    } else if (system(live->options.crash_command) != 0)
        return err_set(err, "the command of --crash-command failed");
    return reconnect_all(live, err) && wait_learned(live, err);
}

static bool direct(struct stage *base, struct err *err, const struct script_statement *statement)
{
    struct live *live = (struct live *)base;
    const struct script_value *name = script_argument(statement, 0), *json = script_option(statement, "returns"),
        *outcome = script_option(statement, "outcome"), *takes = script_option(statement, "takes");
    if (statement->verb == SCRIPT_ASSISTANT || !live->actions) {
        base->cannot = live->actions ? "a real assistant cannot be silenced" : "a running server has a back end of its own";
        return false;
    }
    if (!workspace_action(live->workspace, name->text))
        return err_set(err, "the workspace has no action %.*s", STR_ARG(name->text));
    action_server_set(live->actions, name->text, outcome ? outcome->text : STR("done"), json ? json->text : STR("{}"),
                      takes ? takes->number : 0);
    return true;
}

/* --- beginning and end --- */

static bool begin(struct stage *base, struct err *err, const struct script *script)
{
    struct live *live = (struct live *)base;
    live->multi = curl_multi_init();
    live->curl = curl_easy_init();
    must(live->multi && live->curl);
    curl_multi_setopt(live->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 0L);
    curl_multi_setopt(live->multi, CURLMOPT_MAXCONNECTS, 4000L);
    snprintf(live->salt, sizeof live->salt, "%llx%x", (unsigned long long)clock_ms() & 0xffffffff, (unsigned)getpid() & 0xffff);
    if (!live->options.start) {
        live->remote = live->options.remote;
        for (size_t i = 0; i < script->count; i++)
            if (script->statements[i].verb == SCRIPT_SETTING) base->cannot = "the settings of a running server cannot be changed";
        return !base->cannot;
    }
    live->actions = action_server_start(err, live->workspace);
    if (!live->actions) return false;
    live->server = own_server_start(err, &(struct own_server_options){ .directory = live->options.directory,
        .script = script, .action_port = action_server_port(live->actions) });
    if (!live->server) return false;
    live->remote = *own_server_remote(live->server);
    return wait_learned(live, err);
}

/* On a server that goes on: nobody stays, nothing stays open. */
static void tidy(struct live *live)
{
    struct err err;
    for (size_t i = 0; i < live->stage.cast->count; i++) {
        struct performer *performer = live->stage.cast->items[i];
        struct act_answer answer = { .refusal = "" };
        struct act end = { performer, COMMAND_END, performer->conversation, 0, NULL, NULL };
        struct act leave = { NULL, COMMAND_REMOVE_AGENT, 0, performer->id, NULL, NULL };
        if (!performer->id || !performer->seat) continue;
        bool tidied = performer->who == BY_CUSTOMER ? !performer->conversation || act(&live->stage, &err, &end, &answer)
                                                    : act(&live->stage, &err, &leave, &answer);
        if (!tidied) return;
    }
}

static void end(struct stage *base)
{
    struct live *live = (struct live *)base;
    if (!live->server && live->remote.url[0]) tidy(live);
    for (size_t i = 0; i < base->cast->count; i++)
        if (base->cast->items[i]->seat) feed_close(&((struct seat *)base->cast->items[i]->seat)->stream, live->multi);
    curl_easy_cleanup(live->curl);
    curl_multi_cleanup(live->multi);
    if (live->server) live->ended_badly = !own_server_stop(&live->stopped, live->server);
    action_server_stop(live->actions);
    live->server = NULL;
    live->actions = NULL;
    live->remote = (struct remote){ .pid = 0 };
    arena_free(&live->arena);
}

struct live *live_new(struct err *err, const struct live_options *options)
{
    struct problems problems = { 0 };
    struct live *live = MEMORY_NEW(struct live);
    live->options = *options;
    live->stage = (struct stage){ .real_time = true, .begin = begin, .enter = enter, .act = act, .gesture = gesture,
        .direct = direct, .pull = pull, .look = look, .now = now, .pass = pass, .crash = crash, .end = end };
    live->workspace = workspace_read(options->directory, &problems);
    if (!live->workspace)
        err_set(err, "%s: the workspace has mistakes; run `beckon check %s`", options->directory, options->directory);
    problems_free(&problems);
    if (live->workspace) return live;
    memory_free(live);
    return NULL;
}

struct stage *live_stage(struct live *live)
{
    return &live->stage;
}

bool live_ended_badly(const struct live *live, struct err *err)
{
    if (live->ended_badly) *err = live->stopped;
    return live->ended_badly;
}

void live_free(struct live *live)
{
    if (!live) return;
    workspace_free(live->workspace);
    memory_free(live);
}
