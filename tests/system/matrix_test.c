/* Every route of the table with every kind of session, on a conversation, an offer, an agent and a customer
 * of somebody else. Who may not, is told so; and what is Anna's, or for staff only, is in no answer to
 * anybody else, whatever its status. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/server.h"
#include "gateway/route.h"
#include "gateway/session.h"

/* Words that stand nowhere else, so that finding one in an answer means that it was given away. */
#define SAID "quetzal-said"
#define NAMED "quetzal-named"
#define MAILED "quetzal@mailed.example"
#define NOTED "quetzal-noted"
#define COMMENTED "quetzal-commented"

enum subject { NOBODY, GARBAGE, ANNA, BO, OWNER, OTHER, SUPERVISOR, ADMINISTRATOR, OPERATOR, PROGRAM, SUBJECTS };
static const char *const names[SUBJECTS] = { "nobody", "a made-up token", "Anna", "Bo", "Anna's agent", "another agent",
    "a supervisor", "an administrator", "the operator", "a program" };
static const int who[SUBJECTS] = { 0, 0, WHO_CUSTOMER, WHO_CUSTOMER, WHO_AGENT, WHO_AGENT, WHO_SUPERVISOR,
    WHO_ADMINISTRATOR, WHO_OPERATOR, WHO_PROGRAM };

struct scene {
    struct checks checks;
    struct arena arena;
    struct own_server *server;
    struct remote remote;
    struct visitor anna, bo;
    const char *tokens[SUBJECTS];
    uint64_t owner, offer;
    int requests, leaks, wrong_bodies;
};

/* A body that the route would take. */
static const char *body_of(const struct route *route)
{
    static const struct { enum command_kind command; const char *body; } bodies[] = {
        { COMMAND_SAY, "{\"text\":\"a\"}" }, { COMMAND_MARK, "{\"mark\":\"read\",\"up_to\":1}" },
        { COMMAND_MAKE_APPOINTMENT, "{\"way\":\"email\",\"address\":\"a@b.example\"}" }, { COMMAND_RATE, "{\"stars\":5}" },
        { COMMAND_ADD_AGENT, "{\"login\":\"new\",\"name\":\"New\",\"password\":\"12345678\"}" },
        { COMMAND_CHANGE_AGENT, "{\"capacity\":3}" }, { COMMAND_SET_PASSWORD, "{\"password\":\"12345678\"}" },
        { COMMAND_SET_PRESENCE, "{\"state\":\"away\"}" }, { COMMAND_NOTE, "{\"text\":\"a\"}" },
        { COMMAND_TRANSFER, "{\"to_skill\":\"payments\"}" }, { COMMAND_RESOLVE, "{\"disposition\":\"solved\"}" },
        { COMMAND_ASSIGN, "{\"agent\":1}" }, { COMMAND_REQUEST_APPROVAL, "{\"action\":\"order-status\",\"parameters\":{}}" }, { COMMAND_LEARN, "{\"topic\":\"late-fee\",\"message\":3,\"wording\":\"a b c\"}" },
    };
    if (route->method != HTTP_POST) return NULL;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
        if (bodies[i].command == route->command) return bodies[i].body;
    if (strstr(route->path, "/login")) return "{\"login\":\"nobody\",\"password\":\"wrong wrong\"}";
    return "{}";
}

/* The route's path about what is Anna's; `agent` and `customer` are people who are not the subject. */
static const char *path_of(struct scene *scene, const struct route *route)
{
    const struct { const char *part; uint64_t id; } parts[] = {
        { "{conversation}", scene->anna.conversation }, { "{offer}", scene->offer }, { "{agent}", scene->owner },
        { "{customer}", scene->anna.customer }, { "{paraphrase}", 1 }, { "{version}", 1 }, { "{approval}", 1 },
    };
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const char *at = strstr(route->path, parts[i].part);
        if (at)
            return arena_format(&scene->arena, "%.*s%llu%s", (int)(at - route->path), route->path,
                                (unsigned long long)parts[i].id, at + strlen(parts[i].part)).data;
    }
    const char *name = strstr(route->path, "{name}");
    return name ? arena_format(&scene->arena, "%.*spayments%s", (int)(name - route->path), route->path, name + strlen("{name}")).data : route->path;
}

/* What would end a session that the next rows need, or takes the log with it: done elsewhere. */
static bool is_spared(const struct route *route, enum subject subject)
{
    static const char *const ends[] = { "/v1/session/end", "/v1/logout", "/erase", "/remove", "/password", "/sessions/end",
        "/end", "/resolve", "/transfer", "/take-over", "/assign", "/join", "/leave", "/presence", "/wrapup/end", "/reload" };
    if (!(route->who & who[subject])) return false;
    if (subject == BO || subject == OTHER) return !strstr(route->path, "{conversation}") && strstr(route->path, "/v1/events") == NULL &&
        (strstr(route->path, "/session/end") || strstr(route->path, "/logout"));
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (strstr(route->path, ends[i])) return true;
    return false;
}

/* May this subject see Anna's words; and what staff wrote for each other? */
static bool may_see_words(enum subject subject)
{
    return subject == ANNA || subject == OWNER || subject == SUPERVISOR || subject == ADMINISTRATOR;
}

static void look_for_leaks(struct scene *scene, const struct route *route, enum subject subject, const struct response *response)
{
    static const char *const hers[] = { SAID, NAMED, MAILED, COMMENTED };
    struct str text = buf_str(&response->text);
    const char *found = str_find(text, STR(NOTED), 0) >= 0 && (subject == ANNA || !may_see_words(subject)) ? NOTED : NULL;
    for (size_t i = 0; i < ARRAY_LEN(hers) && !may_see_words(subject); i++)
        if (str_find(text, str_of(hers[i]), 0) >= 0) found = hers[i];
    if (!found) return;
    scene->leaks++;
    printf("not ok %s %s gives %s to %s\n", http_method_names[route->method], route->path, found, names[subject]);
}

static bool is_refusal(long status)
{
    return status == 403 || status == 404 || status == 409;
}

/* What the table says must come back, as a condition on the status. */
static bool fits(const struct route *route, enum subject subject, long status)
{
    bool foreign = strstr(route->path, "{conversation}") || strstr(route->path, "{offer}");
    if (!route->who) return status != 401 || strstr(route->path, "/login");
    if (subject == NOBODY || subject == GARBAGE) return status == 401;
    if (!(route->who & who[subject])) return status == 403;
    if (subject == BO && foreign) return status == 404;
    if (subject == OTHER && foreign) return route->method == HTTP_GET ? status == 404 : is_refusal(status);
    if (route->command == COMMAND_REQUEST_APPROVAL && subject == OWNER) return status == 200 || status == 403; /* Anna has not logged in */
    return status != 401 && (status != 403 || subject == SUPERVISOR || subject == ADMINISTRATOR) && status < 500;
}

static void attempt(struct scene *scene, const struct route *route, enum subject subject)
{
    if (is_spared(route, subject)) return;
    const char *accept = strstr(route->path, "/v1/events") ? "Accept: application/json" : NULL;
    const char *path = path_of(scene, route);
    /* From the beginning, so that everything that may be seen is in it. */
    if (route->method == HTTP_GET && route->query && strstr(route->query, "after") && strstr(route->query, "wait"))
        path = arena_format(&scene->arena, "%s?after=0&limit=500", path).data;
    const char *body = body_of(route);
    if (strstr(route->path, "/backup"))
        body = arena_format(&scene->arena, "{\"file\":\"%s/copy-%d\"}", own_server_folder(scene->server), (int)subject).data;
    struct response response = server_call(&scene->remote, &(struct call){ .method = http_method_names[route->method],
        .path = path, .body = body, .token = scene->tokens[subject], .headers = { accept },
        .key = arena_format(&scene->arena, "m-%d", scene->requests).data });
    scene->requests++;
    look_for_leaks(scene, route, subject, &response);
    if (!fits(route, subject, response.status))
        check(&scene->checks, false, "%s %s by %s: %ld %s", http_method_names[route->method], path, names[subject],
              response.status, response.code);
    response_free(&response);
}

/* --- bodies that are wrong, field by field --- */

/* Somebody who may use the route, on what is their own. */
static enum subject entitled(const struct route *route)
{
    return !route->who || route->who & WHO_CUSTOMER ? ANNA : route->who & WHO_AGENT ? OWNER
         : route->who & WHO_ADMINISTRATOR ? ADMINISTRATOR : OPERATOR;
}

static void refused(struct scene *scene, const struct route *route, struct str body, const char *code, const char *why)
{
    enum subject subject = entitled(route);
    struct response response = server_call(&scene->remote, &(struct call){ .method = "POST", .path = path_of(scene, route),
        .body = body.data, .body_len = body.len, .token = scene->tokens[subject],
        .key = arena_format(&scene->arena, "b-%d", scene->requests).data });
    scene->requests++;
    bool fits = response.status >= 400 && response.status < 500 && !strcmp(response.code, code);
    if (!fits) check(&scene->checks, false, "%s with %s: %s, not %ld %s", route->path, why, code, response.status, response.code);
    scene->wrong_bodies += fits;
    response_free(&response);
}

/* {"FIELD":VALUE} with the other required fields as they should be is not needed: each field is looked at as it comes. */
static struct str with(struct scene *scene, const char *field, const char *value)
{
    return arena_format(&scene->arena, "{\"%s\":%s}", field, value);
}

static const char *too_long_for(struct scene *scene, const struct command_field *field)
{
    size_t len = field->max + 1;
    char *text = arena_take(&scene->arena, len + 3);
    memset(text, 'a', len + 2);
    text[0] = text[len + 1] = '"';
    text[len + 2] = '\0';
    return text;
}

static void wrong_field(struct scene *scene, const struct route *route, const struct command_field *field)
{
    static const char *const values[] = { "null", "true", "[]", "{}", "[\"a\"]", "{\"a\":1}", "1.5", "-1", "1e3",
        "99999999999999999999" };
    bool is_text = field->type == COMMAND_FIELD_TEXT || field->type == COMMAND_FIELD_TAG;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        if (field->type == COMMAND_FIELD_FLAG && !strcmp(values[i], "true")) continue;
        if (field->type == COMMAND_FIELD_JSON && values[i][0] == '{') continue;
        /* More than 64 bits is no number of this JSON at all. */
        bool unreadable = strlen(values[i]) > 15;
        refused(scene, route, with(scene, field->name, values[i]), unreadable ? "bad_json" : "bad_field", values[i]);
    }
    refused(scene, route, with(scene, field->name, is_text ? "5" : "\"5\""), "bad_field", "the other type");
    if (is_text) refused(scene, route, with(scene, field->name, too_long_for(scene, field)), "too_long", "a text that is too long");
    if (field->type == COMMAND_FIELD_TAG) refused(scene, route, with(scene, field->name, "\"a b\""), "bad_field", "a tag with a blank");
    if (is_text) refused(scene, route, with(scene, field->name, "\"\xff\""), "bad_utf8", "bytes that are no UTF-8");
    if (is_text) refused(scene, route, with(scene, field->name, "\"\\u0000\""), "bad_json", "a NUL");
}

static void wrong_bodies(struct scene *scene, const struct route *route)
{
    bool is_command = route->command != ROUTE_NO_COMMAND;
    const struct command_field *fields = is_command ? command_table[route->command].fields : route->fields;
    size_t count = is_command ? command_table[route->command].field_count : route->field_count;
    if (route->method != HTTP_POST || route->flags & (ROUTE_ANY_BODY | ROUTE_OWN_BODY)) return;
    static const struct { const char *body, *code; } all[] = { { "{", "bad_json" }, { "[]", "bad_json" }, { "5", "bad_json" },
        { "{} {}", "bad_json" }, { "{\"nothing\":1}", "unknown_field" }, { "{\"__proto__\":{\"x\":1}}", "unknown_field" } };
    for (size_t i = 0; i < ARRAY_LEN(all); i++) refused(scene, route, str_of(all[i].body), all[i].code, all[i].body);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].origin == COMMAND_NODE) refused(scene, route, with(scene, fields[i].name, "1"), "unknown_field", "a field of the server's own");
        else wrong_field(scene, route, &fields[i]);
    }
}

/* What a program may get wrong in a protocol that is not ours: told so in that protocol's way, 400 or 200. */
static void wrong_calls(struct scene *scene)
{
#define CHAT "/v1/chat/completions", "{\"messages\":"
#define TOOL "/mcp", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":"
    static const struct { const char *path, *begin, *rest; long status; const char *said; } rows[] = {
        { "/v1/chat/completions", "", "{", 400, "invalid_json" }, { "/v1/chat/completions", "", "[]", 400, "invalid_json" },
        { "/v1/chat/completions", "", "{}", 400, "invalid_messages" }, { CHAT, "[\"\xff\"]}", 400, "invalid_json" },
        { CHAT, "null}", 400, "invalid_messages" }, { CHAT, "{}}", 400, "invalid_messages" }, { CHAT, "[]}", 400, "invalid_messages" },
        { CHAT, "[1,null,[],\"x\",{},{\"role\":1,\"content\":2},{\"role\":\"user\"}]}", 400, "invalid_messages" },
        { CHAT, "[{\"role\":\"user\",\"content\":[1,null,{\"text\":5}]}],\"stream\":true}", 400, "invalid_messages" },
        { CHAT, "[{\"role\":\"user\",\"content\":\"a\\u0000b\"}]}", 400, "invalid_json" },
        { CHAT, "[{\"role\":\"user\",\"content\":\" . \"}],\"stream\":5,\"stream_options\":[]}", 200, "chat.completion" },
        { CHAT, "[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":[]}", 404, "model_not_found" },
        { CHAT, "[{\"role\":\"user\",\"content\":\"hi\"}],\"n\":1.5}", 400, "\"param\":\"n\"" },
        { CHAT, "[{\"role\":\"user\",\"content\":\"hi\"}],\"response_format\":{\"type\":7}}", 400, "\"param\":\"response_format\"" },
        { CHAT, "[{\"role\":\"user\",\"content\":\"hi\"}],\"tool_choice\":{}}", 400, "\"param\":\"tool_choice\"" },
        { CHAT, "[{\"role\":\"user\",\"content\":\"hi\"}],\"model\":\"beckon\",\"n\":null,\"response_format\":null,\"tool_choice\":null}", 200, "chat.completion" },
        { "/mcp", "", "{", 400, "-32700" }, { "/mcp", "", "[]", 400, "-32600" }, { "/mcp", "", "{\"jsonrpc\":2}", 400, "-32600" },
        { TOOL, "5}", 400, "-32600" }, { TOOL, "\"nothing\"}", 200, "-32601" }, { TOOL, "\"tools/call\"}", 200, "-32602" },
        { TOOL, "\"tools/call\",\"params\":[]}", 200, "-32602" }, { TOOL, "\"tools/call\",\"params\":{\"name\":7}}", 200, "-32602" },
        { TOOL, "\"tools/call\",\"params\":{\"name\":\"search_knowledge\",\"arguments\":[]}}", 200, "'arguments' must be" },
        { TOOL, "\"tools/call\",\"params\":{\"name\":\"queue_state\",\"arguments\":{\"since\":1}}}", 200, "no argument 'since'" },
        { TOOL, "\"tools/call\",\"params\":{\"name\":\"conversation_status\",\"arguments\":{\"conversation\":1.5}}}", 200, "'conversation' must be" },
        { TOOL, "\"initialize\",\"params\":{\"protocolVersion\":[]}}", 200, "protocolVersion" },
    };
    char *lots = arena_take(&scene->arena, 9000);
    memset(lots, 'a', 8001);
    lots[8001] = '\0';
    for (size_t i = 0; i <= ARRAY_LEN(rows); i++) {
        bool is_long = i == ARRAY_LEN(rows);
        const char *body = is_long ? arena_format(&scene->arena, "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}", lots).data
                                   : arena_format(&scene->arena, "%s%s", rows[i].begin, rows[i].rest).data;
        struct response response = server_call(&scene->remote, &(struct call){ .path = is_long ? "/v1/chat/completions" : rows[i].path,
            .body = body, .token = scene->tokens[PROGRAM] });
        const char *wanted = is_long ? "context_length_exceeded" : rows[i].said;
        bool fits = response.status == (is_long ? 400 : rows[i].status) && str_find(buf_str(&response.text), str_of(wanted), 0) >= 0;
        check(&scene->checks, fits, "a program's %.70s: %s (%ld)", body, wanted, response.status);
        response_free(&response);
    }
}

/* --- the cast --- */

static const char *staff(struct scene *scene, const char *login, const char *role, uint64_t *id)
{
    char token[400];
    check(&scene->checks, staff_come(&scene->remote, login, role, token, id), "%s (%s) logs in", login, role);
    return arena_cstr(&scene->arena, str_of(token));
}

static long post(struct scene *scene, enum subject subject, const char *path, const char *body)
{
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .body = body,
        .token = scene->tokens[subject], .key = arena_format(&scene->arena, "p-%d", scene->requests++).data });
    long status = response.status;
    response_free(&response);
    return status;
}

static const char *about(struct scene *scene, const struct visitor *visitor, const char *what)
{
    return arena_format(&scene->arena, "/v1/conversations/%llu/%s", (unsigned long long)visitor->conversation, what).data;
}

/* The first offer that the agent has. */
static uint64_t offer_to(struct scene *scene, enum subject subject)
{
    uint64_t offer = 0;
    for (int i = 0; i < 50 && !offer; i++) {
        struct response me = server_call(&scene->remote, &(struct call){ .path = "/v1/me", .token = scene->tokens[subject] });
        offer = (uint64_t)json_integer_value(json_object_get(json_array_get(json_object_get(me.json, "offers"), 0), "offer"));
        response_free(&me);
        if (!offer) usleep(20000);
    }
    return offer;
}

/* Anna is served by an agent and waits in a second conversation that is offered to him; Bo has one of his own. */
static void cast(struct scene *scene)
{
    uint64_t ignored;
    bool come = visitor_come(&scene->remote, &scene->anna, "{\"name\":\"" NAMED "\",\"email\":\"" MAILED "\"}") &&
        visitor_open(&scene->remote, &scene->anna) && visitor_say(&scene->remote, &scene->anna, SAID, "s1") == 200 &&
        visitor_come(&scene->remote, &scene->bo, "{\"name\":\"Bo\"}") && visitor_open(&scene->remote, &scene->bo);
    check(&scene->checks, come, "Anna and Bo come");
    scene->tokens[GARBAGE] = "bm90IGEgdG9rZW4gb2YgdGhpcyBzZXJ2ZXI";
    scene->tokens[ANNA] = scene->anna.token;
    scene->tokens[BO] = scene->bo.token;
    scene->tokens[OWNER] = staff(scene, "owner", "agent", &scene->owner);
    scene->tokens[OTHER] = staff(scene, "other", "agent", &ignored);
    scene->tokens[SUPERVISOR] = staff(scene, "boss", "supervisor", &ignored);
    scene->tokens[ADMINISTRATOR] = staff(scene, "admin", "administrator", &ignored);
    scene->tokens[OPERATOR] = arena_cstr(&scene->arena, str_of(scene->remote.token));
    scene->tokens[PROGRAM] = "whimbrel-demo-program-key-not-for-real-use"; /* demo/program.token */
    bool asked = post(scene, OWNER, "/v1/presence", "{\"state\":\"online\"}") == 200 &&
        post(scene, ANNA, about(scene, &scene->anna, "human"), "{}") == 200;
    uint64_t offer = offer_to(scene, OWNER);
    char path[80];
    snprintf(path, sizeof path, "/v1/offers/%llu/accept", (unsigned long long)offer);
    check(&scene->checks, asked && offer && post(scene, OWNER, path, "{}") == 200 &&
          post(scene, OWNER, about(scene, &scene->anna, "notes"), "{\"text\":\"" NOTED "\"}") == 200,
          "Anna is served by an agent, who writes a note");
    struct response opened = server_call(&scene->remote, &(struct call){ .path = "/v1/conversations", .body = "{}",
        .token = scene->tokens[ANNA], .key = "second" });
    struct visitor second = { .conversation = response_number(&opened, "conversation") };
    response_free(&opened);
    asked = post(scene, ANNA, about(scene, &second, "messages"), "{\"text\":\"" SAID "\"}") == 200 &&
        post(scene, ANNA, about(scene, &second, "human"), "{}") == 200;
    scene->offer = offer_to(scene, OWNER);
    check(&scene->checks, asked && scene->offer, "and waits in another conversation, which is offered to him");
}

/* Who may not read the conversation cannot find out by guessing what its customer is called: a right guess is refused like any other. */
static void guess(struct scene *scene)
{
    static const char *const wordings[] = { "a bird", NAMED, MAILED };
    for (size_t i = 0; i < ARRAY_LEN(wordings); i++) {
        struct response response = server_call(&scene->remote, &(struct call){ .path = about(scene, &scene->anna, "paraphrases"),
            .body = arena_format(&scene->arena, "{\"topic\":\"late-fee\",\"message\":1,\"wording\":\"%s\"}", wordings[i]).data,
            .token = scene->tokens[OTHER], .key = arena_format(&scene->arena, "g-%zu", i).data });
        check(&scene->checks, response.status == 409 && !strcmp(response.code, "not_owner"), "another agent's wording '%s': %ld %s", wordings[i],
              response.status, response.code);
        response_free(&response);
    }
}

/* Bo and the other agent listen all the while: nothing of Anna's comes to them by the stream either. */
static void listen_in(struct scene *scene)
{
    static const enum subject ears[] = { BO, OTHER };
    for (size_t i = 0; i < ARRAY_LEN(ears); i++) {
        struct response page = server_call(&scene->remote, &(struct call){ .path = "/v1/events?after=0&limit=500",
            .token = scene->tokens[ears[i]], .headers = { "Accept: application/json" } });
        struct str text = buf_str(&page.text);
        bool clean = page.status == 200 && str_find(text, STR("quetzal"), 0) < 0;
        check(&scene->checks, clean, "%s hears nothing of Anna's (%zu bytes)", names[ears[i]], text.len);
        response_free(&page);
    }
    struct response page = server_call(&scene->remote, &(struct call){ .path = "/v1/events?after=0&limit=500",
        .token = scene->tokens[OWNER], .headers = { "Accept: application/json" } });
    check(&scene->checks, str_find(buf_str(&page.text), STR(NOTED), 0) >= 0, "her agent does");
    response_free(&page);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    struct err err;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    scene.server = own_server_start(&err, &(struct own_server_options){ .directory = "demo",
        .program = server_program(&scene.arena, argv[0]) });
    if (check(&scene.checks, scene.server != NULL, "the server starts%s%s", scene.server ? "" : ": ", scene.server ? "" : err.text)) {
        scene.remote = *own_server_remote(scene.server);
        cast(&scene);
        int before = scene.requests;
        for (size_t i = 0; i < route_count; i++)
            for (int subject = 0; subject < SUBJECTS; subject++) attempt(&scene, &route_table[i], (enum subject)subject);
        check(&scene.checks, scene.requests - before > (int)route_count * 7, "%d routes, %d requests", (int)route_count,
              scene.requests - before);
        check(&scene.checks, scene.leaks == 0, "none of them gives away what is somebody else's");
        listen_in(&scene);
        guess(&scene);
        before = scene.requests;
        for (size_t i = 0; i < route_count; i++) wrong_bodies(&scene, &route_table[i]);
        check(&scene.checks, scene.wrong_bodies == scene.requests - before && scene.wrong_bodies > 500,
              "of %d wrong bodies %d are refused as they should be", scene.requests - before, scene.wrong_bodies);
        wrong_calls(&scene);
        bool stopped = own_server_stop(&err, scene.server);
        check(&scene.checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
