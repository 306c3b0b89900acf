#include "node/state.h"

#include <stdio.h>

#include "base/memory.h"

/* The workspace's files and what the assistant learned from them. Both are read and learned on a thread
 * of their own while the server serves; only at its start it waits, for what can be learned at once. */

#define LEARNER_NICE 10 /* customers and the disk go first */

/* Lives as long as somebody learns from it or answers from it. The loop thread counts. */
struct files {
    struct workspace *workspace;
    int users;
};

/* One thing to learn: new files, or more from the present ones. */
struct study {
    struct job job;
    struct node *node;
    struct files *files;         /* read by the thread if there are none */
    struct assistant *assistant; /* the outcome, or NULL */
    struct err err;
    node_reload_fn *done;
    void *context;
};

static void files_drop(struct files *files)
{
    if (!files || --files->users) return;
    workspace_free(files->workspace);
    memory_free(files);
}

static struct content *content_new(struct files *files, struct assistant *assistant)
{
    struct content *content = MEMORY_NEW(struct content);
    *content = (struct content){ files, files->workspace, assistant, 1 };
    files->users++;
    return content;
}

void content_hold(struct content *content)
{
    content->users++;
}

void content_drop(struct content *content)
{
    if (!content || --content->users) return;
    assistant_free(content->assistant);
    files_drop(content->files);
    memory_free(content);
}

/* --- reading ------------------------------------------------------------------------------------ */

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

/* The engine's settings are checked before anything is taken over, so that a reload is all or nothing. */
static bool settings_fit(struct err *err, const struct workspace *workspace)
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

static struct files *files_read(struct err *err, const struct node *node)
{
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read(node->directory, &problems);
    if (!workspace) say_problems(err, node->directory, &problems);
    problems_free(&problems);
    if (!workspace) return NULL;
    if (!settings_fit(err, workspace)) {
        workspace_free(workspace);
        return NULL;
    }
    if (node->action_base_url)
        workspace->action_base_url = arena_copy(&workspace->arena, str_of(node->action_base_url));
    struct files *files = MEMORY_NEW(struct files);
    *files = (struct files){ workspace, 1 };
    return files;
}

struct content *content_read(struct err *err, const struct node *node)
{
    struct files *files = files_read(err, node);
    if (!files) return NULL;
    struct assistant *assistant = assistant_learn(err, &(struct assistant_lesson){ .workspace = files->workspace, .at_once = true });
    struct content *content = assistant ? content_new(files, assistant) : NULL;
    files_drop(files);
    return content;
}

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

/* --- learning beside the server ----------------------------------------------------------------- */

static void study_run(struct job *job)
{
    struct study *study = CONTAINER_OF(job, struct study, job);
    if (!study->files) study->files = files_read(&study->err, study->node);
    if (study->files)
        study->assistant = assistant_learn(&study->err, &(struct assistant_lesson){
            .workspace = study->files->workspace, .stop = &study->node->stop_learning });
}

static void tell_workspace(struct node *node, const char *name, struct str value)
{
    struct buf json;
    buf_init(&json, 4096);
    buf_add_format(&json, "{\"%s\":", name);
    buf_add_json_str(&json, value);
    buf_add_char(&json, '}');
    node_signal(node, &(struct signal){ .name = "workspace", .staff = true, .json = buf_str(&json) });
    buf_free(&json);
}

static void take_over(struct node *node, struct files *files, struct assistant *assistant)
{
    content_drop(node->content);
    node->content = content_new(files, assistant);
}

static void study_done(struct job *job)
{
    struct study *study = CONTAINER_OF(job, struct study, job);
    struct node *node = study->node;
    bool is_reload = study->done, is_present = study->files == node->content->files;
    if (!study->assistant && !study->err.text[0]) err_set(&study->err, "the server is stopping");
    if (study->assistant && (is_reload || is_present)) {
        take_over(node, study->files, study->assistant);
        study->assistant = NULL;
    }
    assistant_free(study->assistant); /* files that were replaced meanwhile */
    if (is_reload && study->files && !study->err.text[0]) content_configure(node);
    if (is_reload) {
        bool fine = !study->err.text[0];
        tell_workspace(node, fine ? "version" : "error", fine ? node->content->workspace->version : str_of(study->err.text));
        study->done(study->context, fine ? NULL : study->err.text);
    }
    files_drop(study->files);
    memory_free(study);
    memory_trim(); /* learning takes several times of what is kept */
}

static struct study *study_new(struct node *node)
{
    if (!node->learner) node->learner = worker_new(node->loop, (struct worker_options){ .name = "beckon-learn", .niceness = LEARNER_NICE });
    struct study *study = MEMORY_NEW(struct study);
    study->job = (struct job){ study_run, study_done, NULL };
    study->node = node;
    return study;
}

void content_learn_more(struct node *node)
{
    if (!assistant_is_first(node->content->assistant)) return;
    struct study *study = study_new(node);
    study->files = node->content->files;
    study->files->users++;
    worker_post(node->learner, &study->job);
}

void node_reload(struct node *node, node_reload_fn *done, void *context)
{
    struct study *study = study_new(node);
    study->done = done;
    study->context = context;
    worker_post(node->learner, &study->job);
}

bool content_busy(const struct node *node)
{
    return node->learner && worker_depth(node->learner);
}

bool node_learning(const struct node *node)
{
    return assistant_is_first(node->content->assistant);
}

void content_stop(struct node *node)
{
    __atomic_store_n(&node->stop_learning, true, __ATOMIC_RELEASE);
}
