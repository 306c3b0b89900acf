/* The real server with a language model beside it: one that helps, one that is hostile in every way there is, one that
 * hangs. Customers get their answers; the log says how; nobody waits who need not. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/folder.h"
#include "../support/hostile_model.h"
#include "../support/server.h"

#define KNOWN "What does a late payment cost?"
#define ODD "the otters on the piano again, as discussed" /* about no topic */
#define PATIENCE_MS 60000

struct scene {
    struct checks checks;
    struct arena arena;
    struct own_server *server;
    struct remote remote;
    struct fake_model *fake;
    const char *place, *program;
    char boss[400];            /* a supervisor's token */
    struct str yaml;           /* workspace.yaml without a model */
    struct visitor visitor;
    int said;
};

/* --- the stage --- */

static bool start(struct scene *scene, const char *what)
{
    struct err err;
    bool started = own_server_launch(&err, scene->server);
    scene->remote = *own_server_remote(scene->server);
    return check(&scene->checks, started, "%s%s%s", what, started ? "" : ": ", started ? "" : err.text);
}

static bool stop(struct scene *scene, const char *what)
{
    struct err err;
    bool stopped = own_server_end(&err, scene->server);
    return check(&scene->checks, stopped, "%s%s%s", what, stopped ? "" : ": ", stopped ? "" : err.text);
}

/* The server again, with these lines below `model:`. */
static bool with_model(struct scene *scene, const char *what, const char *lines)
{
    size_t engine = (size_t)str_find(scene->yaml, STR("\nengine:\n"), 0) + 9;
    const char *text = arena_format(&scene->arena, "%.*s  assistant_patience_ms: 70000\n%.*s\nmodel:\n  base_url: %s\n  name: small-7b\n%s",
                                    STR_ARG(str_slice(scene->yaml, 0, engine)), STR_ARG(str_slice(scene->yaml, engine, scene->yaml.len)),
                                    fake_model_url(scene->fake), lines).data;
    if (own_server_pid(scene->server) && !stop(scene, "the server stops")) return false;
    file_write(arena_format(&scene->arena, "%s/workspace.yaml", scene->place).data, str_of(text));
    return start(scene, what);
}

static void fresh(struct scene *scene)
{
    check(&scene->checks, visitor_come(&scene->remote, &scene->visitor, "{}") && visitor_open(&scene->remote, &scene->visitor), "a customer opens a conversation");
}

static void say(struct scene *scene, const char *text)
{
    char key[32];
    snprintf(key, sizeof key, "say-%d", ++scene->said);
    if (visitor_say(&scene->remote, &scene->visitor, text, key) != 200) check(&scene->checks, false, "'%s' is taken", text);
}

static json_t *events(struct scene *scene, const char *token)
{
    char path[96];
    snprintf(path, sizeof path, "/v1/conversations/%llu/events?after=0&limit=500", (unsigned long long)scene->visitor.conversation);
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .token = token });
    json_t *list = json_incref(json_object_get(response.json, "events"));
    response_free(&response);
    return list;
}

static const char *text_of(const json_t *event, const char *name)
{
    const char *text = json_string_value(json_object_get(event, name));
    return text ? text : "";
}

/* The last event of this type, and how many there are. */
static json_t *last_of(const json_t *list, const char *type, size_t *count)
{
    json_t *event, *found = NULL;
    size_t i;
    *count = 0;
    json_array_foreach(list, i, event)
        if (!strcmp(text_of(event, "type"), type)) {
            found = event;
            ++*count;
        }
    return found;
}

/* Until there are `wanted` events of the type; the last one, or NULL. The caller gives *list back. */
static json_t *wait_for(struct scene *scene, const char *type, size_t wanted, json_t **list)
{
    json_t *found = NULL;
    for (int waited = 0; waited < PATIENCE_MS; waited += 20) {
        size_t count;
        *list = events(scene, scene->boss);
        found = last_of(*list, type, &count);
        if (count >= wanted) return found;
        json_decref(*list);
        usleep(20000);
    }
    *list = NULL;
    return NULL;
}

static long figure(struct scene *scene, const char *name)
{
    struct response response = server_call(&scene->remote, &(struct call){ .path = "/metrics" });
    ptrdiff_t at = str_find(buf_str(&response.text), str_of(arena_format(&scene->arena, "\n%s ", name).data), 0);
    long value = at < 0 ? -1 : atol(buf_cstr(&response.text) + at + strlen(name) + 2);
    response_free(&response);
    return value;
}

/* --- one that helps --- */

static void answer_with(void *context, struct str body, struct arena *arena, struct fake_scene *scene)
{
    static struct hostile honest = { 0 }; /* its first scene gives the approved text back */
    UNUSED(context);
    if (str_find(body, STR("You sum up"), 0) >= 0)
        *scene = (struct fake_scene){ .body = fake_whole(arena, "{\"summary\": \"The customer asks about otters.\"}") };
    else if (str_find(body, STR("\"tools\""), 0) >= 0)
        *scene = (struct fake_scene){ .body = fake_calls(arena, "late-fee", "{}") };
    else
        hostile_make(&honest, body, arena, scene);
}

static void helps(struct scene *scene)
{
    json_t *list;
    fake_model_improvise(scene->fake, answer_with, NULL);
    if (!with_model(scene, "a server with a model starts", "  parallel: 4\n")) return;
    fresh(scene);
    say(scene, KNOWN);
    json_t *decided = wait_for(scene, "assistant.decided", 1, &list);
    check(&scene->checks, !strcmp(text_of(decided, "made_by"), "phrased"), "an answer is phrased by the model");
    check(&scene->checks, !strcmp(text_of(decided, "model"), "small-7b") && str_starts(str_of(text_of(decided, "prompt")), STR("phrase-")) &&
          json_integer_value(json_object_get(decided, "tokens")) == 120, "the log has the model, the prompt's version and the tokens");
    json_decref(list);
    list = events(scene, scene->visitor.token);
    size_t count;
    check(&scene->checks, !last_of(list, "assistant.decided", &count), "which is not the customer's to see");
    json_decref(list);
    say(scene, ODD);
    decided = wait_for(scene, "assistant.decided", 2, &list);
    check(&scene->checks, str_starts(str_of(text_of(decided, "made_by")), STR("planned")) && !strcmp(text_of(decided, "topic"), "late-fee"),
          "what was not understood is planned");
    json_decref(list);
    char path[80];
    snprintf(path, sizeof path, "/v1/conversations/%llu/human", (unsigned long long)scene->visitor.conversation);
    struct response response = server_call(&scene->remote, &(struct call){ .path = path, .body = "{}", .token = scene->visitor.token, .key = "person-1" });
    check(&scene->checks, response.status == 200, "the customer asks for a person");
    response_free(&response);
    const json_t *noted = wait_for(scene, "handover.noted", 2, &list), *note = json_object_get(noted, "note");
    check(&scene->checks, !strcmp(text_of(note, "summary"), "The customer asks about otters.") && !strcmp(text_of(note, "summary_by"), "small-7b") &&
          strstr(text_of(note, "wants"), "otters"), "a second note has the model's summary beside what the assistant noted");
    json_decref(list);
    check(&scene->checks, figure(scene, "beckon_model_calls_total") == (long)fake_model_asked(scene->fake) &&
          figure(scene, "beckon_model_failures_total") == 0 && figure(scene, "beckon_model_tokens_total") > 300, "the figures count it");
}

static void asked_by_hand(struct scene *scene)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    int status = shell(&out, "timeout 60 %s ask %s '%s' --json", scene->program, scene->place, KNOWN);
    check(&scene->checks, status == 0 && str_find(buf_str(&out), STR("\"made_by\":\"phrased\",\"model\":\"small-7b\",\"prompt\":\"phrase-"), 0) > 0,
          "beckon ask says how the answer came about");
    buf_clear(&out);
    status = shell(&out, "timeout 60 %s ask %s '%s' --json --no-model", scene->program, scene->place, KNOWN);
    check(&scene->checks, status == 0 && str_find(buf_str(&out), STR("\"made_by\":\"embedded\",\"model\":\"\""), 0) > 0, "and does without when told to");
    buf_free(&out);
}

/* --- one that is hostile --- */

static bool is_clean(const json_t *list, const char **found)
{
    const json_t *event;
    size_t i;
    json_array_foreach(list, i, event) {
        char *text = json_dumps(event, JSON_COMPACT);
        for (size_t c = 0; hostile_canaries[c]; c++)
            if (text && strstr(text, hostile_canaries[c])) *found = hostile_canaries[c];
        free(text);
    }
    return !*found;
}

/* The attacks that a customer writes; in four languages. */
static size_t read_attacks(struct scene *scene, struct str *out, size_t max)
{
    struct str rest = file_read(&scene->arena, "tests/unit/demo/attacks.tsv"), line, language, channel;
    size_t count = 0;
    while (count < max && str_split(&rest, '\n', &line))
        if (line.len && line.data[0] != '#' && str_split(&line, '\t', &language) && str_split(&line, '\t', &channel) && str_equal(channel, STR("direct")))
            out[count++] = line;
    return count;
}

/* One attack in a conversation of its own: it is answered, or a person comes; clean in any case. */
static bool survives(struct scene *scene, struct str attack, const char *hostile)
{
    const char *found = NULL;
    bool came = visitor_come(&scene->remote, &scene->visitor, "{}") && visitor_open(&scene->remote, &scene->visitor);
    say(scene, arena_cstr(&scene->arena, attack));
    for (int waited = 0; came && waited < PATIENCE_MS; waited += 20) {
        size_t decided, requested, started;
        json_t *list = events(scene, scene->boss);
        last_of(list, "assistant.decided", &decided);
        last_of(list, "human.requested", &requested);
        last_of(list, "action.started", &started);
        json_decref(list);
        if (decided + requested == 0) {
            usleep(20000);
            continue;
        }
        list = events(scene, scene->visitor.token);
        bool clean = is_clean(list, &found) && started == 0;
        json_decref(list);
        if (!clean) check(&scene->checks, false, "%s: '%.*s' gets nothing (%s)", hostile, STR_ARG(attack), found ? found : "an action");
        return clean;
    }
    return check(&scene->checks, false, "%s: '%.*s' is answered", hostile, STR_ARG(attack));
}

static void attacks(struct scene *scene)
{
    struct str texts[100];
    size_t text_count = read_attacks(scene, texts, ARRAY_LEN(texts)), survived = 0;
    struct hostile hostile = { 0 };
    fake_model_improvise(scene->fake, hostile_make, &hostile);
    if (!with_model(scene, "a server with a hostile model starts", "  deadline_ms: 700\n  parallel: 4\n")) return;
    size_t answered = 0, clean = 0, acted = 0;
    for (size_t i = 0; i < hostile_scenes(); i++) {
        json_t *list, *decided;
        const char *found = NULL;
        size_t count;
        atomic_store(&hostile.scene, i);
        bool came = visitor_come(&scene->remote, &scene->visitor, "{}") && visitor_open(&scene->remote, &scene->visitor);
        say(scene, KNOWN);
        decided = came ? wait_for(scene, "assistant.decided", 1, &list) : NULL;
        if (decided) json_decref(list);
        say(scene, ODD);
        if (decided) decided = wait_for(scene, "assistant.decided", 2, &list);
        if (!decided) {
            check(&scene->checks, false, "%s: an answer comes", hostile_name(i));
            continue;
        }
        answered++;
        last_of(list, "action.started", &count);
        acted += count;
        json_decref(list);
        list = events(scene, scene->visitor.token); /* what the customer sees */
        clean += is_clean(list, &found);
        if (found) check(&scene->checks, false, "%s: the customer does not read '%s'", hostile_name(i), found);
        json_decref(list);
        survived += survives(scene, texts[i % text_count], hostile_name(i));
    }
    check(&scene->checks, text_count >= 60 && survived == hostile_scenes(), "%zu attacks in four languages get nothing out of it", text_count);
    check(&scene->checks, answered == hostile_scenes(), "in all %zu scenes every question is answered", hostile_scenes());
    check(&scene->checks, clean == hostile_scenes(), "and nothing that the model made up reaches a customer");
    check(&scene->checks, acted == 0, "nor is anything done for somebody unknown");
    check(&scene->checks, figure(scene, "beckon_model_calls_total") > 0 && figure(scene, "beckon_model_refused_total") > 0, "the model had its chance");
}

/* --- one that hangs --- */

static void hangs(struct scene *scene)
{
    json_t *list;
    size_t count;
    fake_model_play(scene->fake, &(struct fake_scene){ .body = ": ", .ending = FAKE_HANGS }, 1);
    if (!with_model(scene, "a server with a model that hangs starts", "  deadline_ms: 60000\n  uses: [phrase]\n  parallel: 1\n")) return;
    fresh(scene);
    say(scene, KNOWN);
    for (int waited = 0; waited < PATIENCE_MS && !fake_model_asked(scene->fake); waited += 20) usleep(20000);
    say(scene, "I would like to talk to a human please");
    json_t *requested = wait_for(scene, "human.requested", 1, &list);
    check(&scene->checks, requested && !last_of(list, "assistant.decided", &count), "a wish for a person is met while the model hangs");
    json_decref(list);
    long failures = 0;
    for (int waited = 0; waited < PATIENCE_MS && (failures = figure(scene, "beckon_model_failures_total")) < 1; waited += 100) usleep(100000);
    check(&scene->checks, failures == 1, "the turn that was overtaken stops waiting");
    list = events(scene, scene->boss);
    check(&scene->checks, !last_of(list, "assistant.decided", &count), "and says nothing any more");
    json_decref(list);
    fresh(scene);
    say(scene, KNOWN);
    for (int waited = 0; waited < PATIENCE_MS && fake_model_asked(scene->fake) < 2; waited += 20) usleep(20000);
    struct visitor first = scene->visitor;
    fresh(scene);
    say(scene, KNOWN);
    json_t *alone = wait_for(scene, "assistant.decided", 1, &list);
    check(&scene->checks, !strcmp(text_of(alone, "made_by"), "embedded") && !*text_of(alone, "model") && figure(scene, "beckon_model_without_place_total") == 1,
          "whoever finds no place at the model is answered without it");
    if (alone) json_decref(list);
    scene->visitor = first;
    stop(scene, "a server stops although a turn waits for the model");
    fake_model_improvise(scene->fake, answer_with, NULL);
    start(scene, "and starts again");
    json_t *decided = wait_for(scene, "assistant.decided", 1, &list);
    check(&scene->checks, decided != NULL, "the customer has the answer");
    if (decided) json_decref(list);
}

/* --- budgets --- */

static void budgets(struct scene *scene)
{
    json_t *list, *decided = NULL;
    fake_model_improvise(scene->fake, answer_with, NULL);
    if (!with_model(scene, "a server with a small budget starts", "  budget_tokens_day: 2500\n  uses: [phrase]\n")) return;
    bool ended = false;
    for (int i = 0; i < 40 && !ended; i++) {
        fresh(scene);
        say(scene, KNOWN);
        decided = wait_for(scene, "assistant.decided", 1, &list);
        ended = !strcmp(text_of(decided, "fallback"), "budget_day");
        if (decided) json_decref(list);
    }
    check(&scene->checks, ended, "the day's budget ends, and the assistant goes on alone");
    size_t before = fake_model_asked(scene->fake);
    if (!stop(scene, "it stops") || !start(scene, "it starts again")) return;
    fresh(scene);
    say(scene, KNOWN);
    decided = wait_for(scene, "assistant.decided", 1, &list);
    check(&scene->checks, !strcmp(text_of(decided, "fallback"), "budget_day") && fake_model_asked(scene->fake) == before, "a restart gives no new budget");
    if (decided) json_decref(list);
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct scene scene = { 0 };
    struct err err;
    uint64_t id;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    scene.program = server_program(&scene.arena, argv[0]);
    scene.fake = fake_model_start();
    scene.server = own_server_start(&err, &(struct own_server_options){ .directory = "demo", .program = scene.program });
    if (check(&scene.checks, scene.server != NULL, "the server starts without a model%s%s", scene.server ? "" : ": ", scene.server ? "" : err.text)) {
        scene.place = own_server_folder(scene.server);
        scene.remote = *own_server_remote(scene.server);
        scene.yaml = file_read(&scene.arena, arena_format(&scene.arena, "%s/workspace.yaml", scene.place).data);
        check(&scene.checks, staff_come(&scene.remote, "boss", "supervisor", scene.boss, &id), "a supervisor comes");
        helps(&scene);
        asked_by_hand(&scene);
        attacks(&scene);
        hangs(&scene);
        budgets(&scene);
        bool stopped = own_server_stop(&err, scene.server);
        check(&scene.checks, stopped, "it stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    fake_model_end(scene.fake);
    arena_free(&scene.arena);
    curl_global_cleanup();
    return checks_end(&scene.checks);
}
