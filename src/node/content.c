#include "node/content.h"

#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "node/state.h"

#define LEARNER_NICE 10 /* customers and the disk go first */

/* --- counting ----------------------------------------------------------------------------------- */

void files_hold(struct files *files)
{
    files->users++;
}

void files_drop(struct files *files)
{
    if (!files || --files->users) return;
    workspace_free(files->workspace);
    memory_free(files);
}

void content_adopt(struct content *content)
{
    files_hold(content->files);
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
    struct files *files = content->files;
    content_discard(content);
    files_drop(files);
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

struct files *content_files_of(const struct node *node, struct workspace *workspace)
{
    if (node->action_base_url)
        workspace->action_base_url = arena_copy(&workspace->arena, str_of(node->action_base_url));
    struct files *files = MEMORY_NEW(struct files);
    *files = (struct files){ workspace, 1 };
    return files;
}

struct files *content_files(struct err *err, const struct node *node)
{
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read(node->directory, &problems);
    if (!workspace) say_problems(err, node->directory, &problems);
    problems_free(&problems);
    if (!workspace) return NULL;
    if (content_fits(err, workspace)) return content_files_of(node, workspace);
    workspace_free(workspace);
    return NULL;
}

/* --- what people taught ------------------------------------------------------------------------- */

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

static bool gather(void *context, const struct paraphrase_view *view)
{
    struct taught *taught = context;
    struct arena *arena = &taught->arena;
    if (view->revoked) return true;
    must(taught->count < LIMIT_PARAPHRASES);
    taught->wordings[taught->count++] = (struct learned_wording){
        view->article, arena_copy(arena, view->target), arena_copy(arena, view->language), arena_copy(arena, view->wording) };
    return true;
}

void taught_of(const struct engine *engine, struct taught *out)
{
    *out = (struct taught){ .seq = taught_seq(engine) };
    if (!out->seq) return;
    out->wordings = ARENA_NEW_ARRAY(&out->arena, struct learned_wording, LIMIT_PARAPHRASES);
    engine_each_paraphrase(engine, gather, out);
}

/* --- making and taking over --------------------------------------------------------------------- */

struct content *content_make(struct err *err, const struct node *node, struct files *files, const struct taught *taught, bool at_once)
{
    struct content *content = MEMORY_NEW(struct content);
    content->files = files;
    content->workspace = learned_workspace(files->workspace, taught->wordings, taught->count);
    content->taught_seq = taught->seq;
    content->assistant = assistant_learn(err, &(struct assistant_lesson){ .workspace = content->workspace, .at_once = at_once,
                                                                           .stop = &node->stop_learning });
    if (content->assistant) return content;
    content_discard(content);
    return NULL;
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

bool content_open(struct err *err, struct node *node, struct files *files)
{
    struct taught taught;
    taught_of(node->engine, &taught);
    node->content = content_make(err, node, files, &taught, true);
    if (node->content) content_adopt(node->content);
    arena_free(&taught.arena);
    return node->content != NULL;
}

static void tell_workspace(struct node *node, const char *error)
{
    struct buf json;
    buf_init(&json, 4096);
    buf_add_str(&json, error ? STR("{\"error\":") : STR("{\"version\":"));
    buf_add_json_str(&json, error ? str_of(error) : node->content->workspace->version);
    if (!error) buf_add_format(&json, ",\"learned\":%zu", node->content->workspace->learned);
    buf_add_char(&json, '}');
    node_signal(node, &(struct signal){ .name = "workspace", .staff = true, .json = buf_str(&json) });
    buf_free(&json);
}

void content_replace(struct node *node, struct content *content)
{
    struct content *before = node->content;
    bool other_files = before->files != content->files;
    draft_forget(node); /* it was compared with what was in force */
    content_adopt(content);
    node->content = content;
    content_drop(before);
    if (other_files) content_configure(node);
    tell_workspace(node, NULL);
}

/* --- learning beside the server ----------------------------------------------------------------- */

/* One thing to learn: new files, or more from the present ones. */
struct study {
    struct job job;
    struct node *node;
    struct files *files;         /* read by the thread if there are none */
    struct taught taught;
    struct content *content;     /* the outcome, or NULL */
    struct err err;
    node_reload_fn *done;        /* of a reload */
    void *context;
};

static void study_run(struct job *job)
{
    struct study *study = CONTAINER_OF(job, struct study, job);
    if (!study->files) study->files = content_files(&study->err, study->node);
    if (study->files) study->content = content_make(&study->err, study->node, study->files, &study->taught, false);
}

static void study_done(struct job *job)
{
    struct study *study = CONTAINER_OF(job, struct study, job);
    struct node *node = study->node;
    bool is_reload = study->done, is_present = study->files == node->content->files;
    if (!study->content && !study->err.text[0]) err_set(&study->err, "the server is stopping");
    if (study->content && (is_reload || is_present)) content_replace(node, study->content);
    else content_discard(study->content); /* files that were replaced meanwhile */
    if (!is_reload) node->studying = false;
    bool fine = !study->err.text[0];
    if (is_reload && !fine) tell_workspace(node, study->err.text);
    if (is_reload) study->done(study->context, fine ? NULL : study->err.text);
    files_drop(study->files);
    arena_free(&study->taught.arena);
    memory_free(study);
    memory_trim(); /* learning takes several times of what is kept */
    content_learn_more(node);
}

static struct study *study_new(struct node *node)
{
    if (!node->learner) node->learner = worker_new(node->loop, (struct worker_options){ .name = "beckon-learn", .niceness = LEARNER_NICE });
    struct study *study = MEMORY_NEW(struct study);
    study->job = (struct job){ study_run, study_done, NULL };
    study->node = node;
    taught_of(node->engine, &study->taught);
    return study;
}

/* One at a time: what comes meanwhile is seen when it is done. */
void content_learn_more(struct node *node)
{
    const struct content *present = node->content;
    bool is_taught = present->taught_seq != taught_seq(node->engine);
    if (node->studying || node->stop_learning || !(is_taught || assistant_is_first(present->assistant))) return;
    struct study *study = study_new(node);
    study->files = present->files;
    files_hold(study->files);
    node->studying = true;
    worker_post(node->learner, &study->job);
}

void content_events(struct node *node, const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (events[i].kind == EVENT_PARAPHRASE_LEARNED || events[i].kind == EVENT_PARAPHRASE_REVIEWED) {
            content_learn_more(node);
            return;
        }
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

size_t node_learned(const struct node *node)
{
    return node->content->workspace->learned;
}

/* --- without a server --------------------------------------------------------------------------- */

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
