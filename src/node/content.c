#include "node/content.h"

#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "node/state.h"

/* --- counting --- */

void shelf_hold(struct shelf *shelf)
{
    shelf->users++;
}

void shelf_drop(struct shelf *shelf)
{
    if (!shelf || --shelf->users) return;
    workspace_free(shelf->workspace);
    memory_free(shelf);
}

void content_adopt(struct content *content)
{
    shelf_hold(content->shelf);
    content->users = 1;
}

void content_discard(struct content *content)
{
    if (!content) return;
    assistant_free(content->assistant);
    workspace_free(content->workspace);
    memory_free(content);
}

void content_hold(struct content *content)
{
    content->users++;
}

void content_drop(struct content *content)
{
    if (!content || --content->users) return;
    struct shelf *shelf = content->shelf;
    content_discard(content);
    shelf_drop(shelf);
}

/* --- making --- */

static bool say_problems(struct err *err, const char *directory, const struct problems *problems)
{
    const struct problem *first = &problems->items[0];
    must(problems->count);
    char line[16] = ""; /* 0: the file as a whole */
    if (first->line) snprintf(line, sizeof line, ":%d", first->line);
    if (problems->count == 1)
        return err_set(err, "%.*s%s: %.*s; %.*s", STR_ARG(first->file), line, STR_ARG(first->what),
                       STR_ARG(first->cure));
    return err_set(err, "%.*s%s: %.*s; %.*s (and %zu more: run `beckon check %s`)", STR_ARG(first->file), line,
                   STR_ARG(first->what), STR_ARG(first->cure), problems->count - 1, directory);
}

struct shelf *shelf_read(struct err *err, const struct node *node)
{
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read(node->directory, &problems);
    if (!workspace) say_problems(err, node->directory, &problems);
    problems_free(&problems);
    if (!workspace) return NULL;
    if (node->action_base_url)
        workspace->action_base_url = arena_copy(&workspace->arena, str_of(node->action_base_url));
    struct shelf *shelf = MEMORY_NEW(struct shelf);
    *shelf = (struct shelf){ workspace, 1 };
    return shelf;
}

struct content *content_make(struct err *err, struct shelf *shelf, const struct taught *taught)
{
    struct content *content = MEMORY_NEW(struct content);
    content->shelf = shelf;
    content->workspace = learned_workspace(shelf->workspace, taught->wordings, taught->count);
    content->taught_seq = taught->seq;
    content->assistant = assistant_new(err, content->workspace);
    if (content->assistant) return content;
    content_discard(content);
    return NULL;
}

static bool see_newest(void *context, const struct paraphrase_view *view)
{
    uint64_t *seq = context;
    if (view->changed_seq > *seq) *seq = view->changed_seq;
    return true;
}

uint64_t taught_seq(const struct engine *engine)
{
    uint64_t seq = 0;
    engine_each_paraphrase(engine, see_newest, &seq);
    return seq;
}

struct gathering {
    struct taught *taught;
    size_t room;
};

static bool gather(void *context, const struct paraphrase_view *view)
{
    struct gathering *gathering = context;
    struct taught *taught = gathering->taught;
    struct arena *arena = &taught->arena;
    if (view->revoked) return true;
    must(taught->count < gathering->room);
    taught->wordings[taught->count++] = (struct learned_wording){
        view->article, arena_copy(arena, view->target), arena_copy(arena, view->language), arena_copy(arena, view->wording) };
    return true;
}

void taught_of(const struct engine *engine, struct taught *out)
{
    struct gathering gathering = { out, LIMIT_PARAPHRASES };
    *out = (struct taught){ .seq = taught_seq(engine) };
    out->wordings = ARENA_NEW_ARRAY(&out->arena, struct learned_wording, gathering.room);
    engine_each_paraphrase(engine, gather, &gathering);
}

bool content_fits(struct err *err, const struct workspace *workspace)
{
    struct buf text;
    struct arena arena = { 0 };
    struct settings settings;
    buf_init(&text, LIMIT_SETTINGS);
    workspace_engine_settings(workspace, &text);
    bool fit = !text.full ? settings_decode(err, buf_str(&text), &arena, &settings)
                          : err_set(err, "the workspace has too many topics and skills");
    arena_free(&arena);
    buf_free(&text);
    return fit;
}

/* --- taking its place --- */

void content_configure(struct node *node)
{
    struct buf settings;
    buf_init(&settings, LIMIT_SETTINGS);
    workspace_engine_settings(node->content->workspace, &settings);
    struct command command = { .kind = COMMAND_CONFIGURE, .actor = ACTOR_NODE };
    command.configure.version = node->content->workspace->version;
    command.configure.settings = buf_str(&settings);
    node_submit(node, &command, NULL, NULL);
    buf_free(&settings);
}

bool content_open(struct err *err, struct node *node, struct shelf *shelf)
{
    struct taught taught;
    taught_of(node->engine, &taught);
    node->content = content_make(err, shelf, &taught);
    if (node->content) content_adopt(node->content);
    arena_free(&taught.arena);
    return node->content != NULL;
}

void content_replace(struct node *node, struct content *content)
{
    struct content *before = node->content;
    bool other_files = before->shelf != content->shelf;
    struct buf json;
    draft_forget(node); /* it was compared with what was in force */
    content_adopt(content);
    node->content = content;
    content_drop(before);
    if (other_files) content_configure(node);
    buf_init(&json, 4096);
    buf_add_str(&json, STR("{\"version\":"));
    buf_add_json_str(&json, content->workspace->version);
    buf_add_format(&json, ",\"learned\":%zu}", content->workspace->learned);
    node_signal(node, &(struct signal){ .name = "workspace", .staff = true, .json = buf_str(&json) });
    buf_free(&json);
}

bool node_reload(struct node *node, struct err *err)
{
    struct shelf *shelf = shelf_read(err, node);
    struct content *content = NULL;
    struct taught taught;
    taught_of(node->engine, &taught);
    if (shelf && content_fits(err, shelf->workspace)) content = content_make(err, shelf, &taught);
    arena_free(&taught.arena);
    if (content) {
        content_replace(node, content);
    } else {
        struct buf json;
        buf_init(&json, 4096);
        buf_add_str(&json, STR("{\"error\":"));
        buf_add_json_str(&json, str_of(err->text));
        buf_add_char(&json, '}');
        node_signal(node, &(struct signal){ .name = "workspace", .staff = true, .json = buf_str(&json) });
        buf_free(&json);
    }
    shelf_drop(shelf);
    return content != NULL;
}

/* --- learning beside the conversations --- */

struct learning {
    uv_work_t work;
    struct node *node;
    struct shelf *shelf;
    struct taught taught;
    struct content *content;
    struct err err;
};

static void learn(uv_work_t *work)
{
    struct learning *learning = work->data;
    learning->content = content_make(&learning->err, learning->shelf, &learning->taught);
}

/* Files that were read anew meanwhile have learned the same already, or will at once. */
static void learned(uv_work_t *work, int status)
{
    struct learning *learning = work->data;
    struct node *node = learning->node;
    must(status == 0);
    node->learning = false;
    bool good = learning->content && learning->shelf == node->content->shelf;
    if (!learning->content) fprintf(stderr, "beckon: the assistant could not learn: %s\n", learning->err.text);
    if (good) content_replace(node, learning->content);
    else content_discard(learning->content);
    bool again = node->learn_again || (learning->content && !good);
    shelf_drop(learning->shelf);
    arena_free(&learning->taught.arena);
    memory_free(learning);
    node->learn_again = false;
    if (again && !node->stopping) content_learn(node);
}

void content_learn(struct node *node)
{
    if (node->learning) {
        node->learn_again = true;
        return;
    }
    struct learning *learning = MEMORY_NEW(struct learning);
    learning->node = node;
    learning->shelf = node->content->shelf;
    shelf_hold(learning->shelf);
    taught_of(node->engine, &learning->taught);
    learning->work.data = learning;
    node->learning = true;
    must(uv_queue_work(node->loop, &learning->work, learn, learned) == 0);
}

void content_events(struct node *node, const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_PARAPHRASE_LEARNED || events[i].kind == EVENT_PARAPHRASE_REVIEWED) {
            content_learn(node);
            return;
        }
}

size_t node_learned(const struct node *node)
{
    return node->content->workspace->learned;
}

/* --- without a server --- */

static bool read_taught(struct err *err, const char *log, struct taught *taught)
{
    struct log *reader = log_open_reader(err, log, NULL);
    struct engine *engine = reader ? replay_log(err, reader, NULL) : NULL;
    if (engine) taught_of(engine, taught);
    engine_free(engine);
    if (reader) log_close(reader);
    return engine != NULL;
}

struct workspace *node_teach(struct err *err, struct workspace *workspace)
{
    struct arena scratch = { 0 };
    struct taught taught = { .count = 0 };
    const char *log = arena_format(&scratch, "%.*s/data/log.db", STR_ARG(workspace->directory)).data;
    err->text[0] = 0;
    if (access(log, F_OK) == 0 && read_taught(err, log, &taught) && taught.count) {
        struct workspace *better = learned_workspace(workspace, taught.wordings, taught.count);
        better->beneath = workspace;
        workspace = better;
    }
    arena_free(&taught.arena);
    arena_free(&scratch);
    return workspace;
}
