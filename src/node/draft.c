#include "node/draft.h"

#include "base/input.h"
#include "base/memory.h"
#include "node/state.h"
#include "workspace/versions.h"

#define PAGE 500

struct asked {
    uint64_t message, conversation;
    struct str text, language;
};

struct job_of_draft {
    uv_work_t work;
    struct node *node;
    struct arena arena;
    struct draft draft;
    struct files *files;         /* of the draft; NULL: it has mistakes */
    struct content *content, *before; /* learned from the draft; in force, held */
    bool is_kept;                /* `content` is node->drafted's, held */
    struct taught taught;
    struct problems problems;
    struct draft_result result;
    struct str previous, what;
    struct asked *asked;         /* a ring of the newest */
    size_t asked_count;
    uint64_t next;               /* page to look through */
    int64_t now_ms;
    node_draft_fn *done;
    void *context;
};

/* --- names and files ---------------------------------------------------------------------------- */

/* Only a name can become a path, and it has no dot and no slash. */
static struct str file_of(struct arena *arena, bool article, struct str name)
{
    must(workspace_is_name(name));
    return arena_format(arena, "%s/%.*s.md", article ? "knowledge" : "topics", STR_ARG(name));
}

bool node_draft_text(const struct node *node, struct arena *arena, bool article, struct str name, struct str *text)
{
    struct err err;
    if (!workspace_is_name(name)) return false;
    struct str file = file_of(arena, article, name);
    return input_read(&err, arena, arena_format(arena, "%s/%.*s", node->directory, STR_ARG(file)).data, LIMIT_FILE, text) &&
           str_is_utf8(*text);
}

/* --- on a pool thread --------------------------------------------------------------------------- */

static bool refuse(struct job_of_draft *job, enum refusal refusal)
{
    job->result.refusal = refusal;
    return false;
}

static bool read_drafted(struct job_of_draft *job, const struct drafted_file *files, size_t count)
{
    const struct node *node = job->node;
    struct workspace *workspace = workspace_read_drafted(node->directory, files, count, &job->problems);
    if (!workspace) return refuse(job, REFUSAL_BAD_FILES);
    job->files = content_files_of(node, workspace);
    return content_fits(&job->result.err, workspace) || refuse(job, REFUSAL_INTERNAL);
}

static bool learn(struct job_of_draft *job)
{
    if (!job->content) job->content = content_make(&job->result.err, job->node, job->files, &job->taught, false);
    return job->content || refuse(job, job->result.err.text[0] ? REFUSAL_INTERNAL : REFUSAL_NOT_READY); /* it is stopping */
}

static struct reply *decide(struct job_of_draft *job, const struct content *content, struct str text, struct str language)
{
    struct reply *reply = ARENA_NEW(&job->arena, struct reply);
    struct question question = { .text = text, .language = language, .failed_turns_max = 2, .dialogue = STR_EMPTY,
                                 .customer_id = STR_EMPTY, .customer_name = STR_EMPTY, .key = STR("draft") };
    assistant_decide(content->assistant, &question, &job->arena, reply);
    return reply;
}

static bool is_same(const struct reply *a, const struct reply *b)
{
    return a->decision == b->decision && str_equal(a->topic, b->topic) && a->failed == b->failed && str_equal(a->text, b->text);
}

static void compare(struct job_of_draft *job)
{
    struct draft_result *result = &job->result;
    result->asked = job->asked_count;
    result->changes = ARENA_NEW_ARRAY(&job->arena, struct draft_change, job->asked_count + 1);
    for (size_t i = 0; i < job->asked_count; i++) {
        const struct asked *asked = &job->asked[i];
        const struct reply *before = decide(job, job->before, asked->text, asked->language);
        const struct reply *after = decide(job, job->content, asked->text, asked->language);
        if (!is_same(before, after))
            result->changes[result->change_count++] =
                (struct draft_change){ asked->message, asked->conversation, asked->text, before, after };
    }
}

static void try(struct job_of_draft *job)
{
    job->result.changes = ARENA_NEW(&job->arena, struct draft_change);
    job->result.changes[0] = (struct draft_change){ 0, 0, job->draft.question,
        decide(job, job->before, job->draft.question, job->draft.language),
        decide(job, job->content, job->draft.question, job->draft.language) };
    job->result.change_count = 1;
}

/* Nobody has published or edited meanwhile what the draft was made from: its file, or all of them. Going back to a version
 * replaces what is in force, whatever stands on disk by now: that is kept first. */
static bool is_made_from(struct job_of_draft *job, struct str workspace)
{
    const struct draft *draft = &job->draft;
    struct str text;
    if (str_equal(draft->version, workspace)) return true;
    if (draft->wish == DRAFT_RESTORE) return str_equal(draft->version, job->before->files->workspace->version);
    if (!node_draft_text(job->node, &job->arena, draft->article, draft->name, &text))
        return str_equal(draft->version, STR(DRAFT_OF_NOTHING));
    return str_equal(draft->version, versions_digest(&job->arena, text));
}

/* Files on disk with mistakes are of no version, yet may be mended from here. */
static bool is_current(struct job_of_draft *job)
{
    struct problems problems = { 0 };
    struct workspace *now = workspace_read(job->node->directory, &problems);
    job->previous = now ? arena_copy(&job->arena, now->version) : arena_format(&job->arena, "mistakes-%lld", (long long)job->now_ms);
    problems_free(&problems);
    workspace_free(now);
    return is_made_from(job, job->previous) || refuse(job, REFUSAL_CHANGED_MEANWHILE);
}

/* Puts the changes; if that fails half way, what was there before. */
static bool put(struct job_of_draft *job, const struct version *before, const struct version_file *changes, size_t count)
{
    struct err ignored;
    if (versions_put(&job->result.err, &job->arena, job->node->directory, changes, count)) return true;
    struct version_file *back = ARENA_NEW_ARRAY(&job->arena, struct version_file, count + 1);
    for (size_t i = 0; i < count; i++) {
        back[i] = (struct version_file){ changes[i].file, STR_EMPTY };
        for (size_t k = 0; k < before->file_count; k++)
            if (str_equal(before->files[k].file, changes[i].file)) back[i].digest = before->files[k].digest;
    }
    if (!versions_put(&ignored, &job->arena, job->node->directory, back, count))
        err_wrap(&job->result.err, "and what was there before could not be put back");
    return refuse(job, REFUSAL_INTERNAL);
}

/* The version before is kept, too, if nobody has kept it yet. */
static bool keep(struct job_of_draft *job, struct version *version, struct str workspace, struct str what)
{
    *version = (struct version){ .workspace = workspace, .what = what, .at_ms = job->now_ms,
                                 .agent = str_equal(what, STR("found")) ? 0 : job->draft.agent };
    return versions_keep(&job->result.err, &job->arena, job->node->directory, version) || refuse(job, REFUSAL_INTERNAL);
}

static bool replace(struct job_of_draft *job, const struct version *before, const struct version_file *changes, size_t count)
{
    struct version after;
    if (!learn(job) || !put(job, before, changes, count) || !keep(job, &after, job->files->workspace->version, job->what)) return false;
    job->result.number = after.number;
    return true;
}

static bool publish(struct job_of_draft *job)
{
    bool removes = job->draft.wish == DRAFT_REMOVE;
    struct drafted_file draft = { .file = file_of(&job->arena, job->draft.article, job->draft.name), .text = job->draft.text, .removed = removes };
    struct version before;
    struct version_file change = { draft.file, STR_EMPTY };
    job->what = removes ? arena_format(&job->arena, "removed %.*s", STR_ARG(draft.file)) : draft.file;
    return is_current(job) && read_drafted(job, &draft, 1) &&
        keep(job, &before, job->previous, STR("found")) &&
        (removes || versions_keep_text(&job->result.err, &job->arena, job->node->directory, draft.text, &change.digest) ||
         refuse(job, REFUSAL_INTERNAL)) &&
        replace(job, &before, &change, 1);
}

static bool restore(struct job_of_draft *job)
{
    struct version before, wanted;
    struct err *err = &job->result.err;
    const char *directory = job->node->directory;
    if (!is_current(job) || !keep(job, &before, job->previous, STR("found"))) return false;
    if (job->draft.number > versions_last(directory)) return refuse(job, REFUSAL_NOT_FOUND);
    if (!versions_get(err, &job->arena, directory, job->draft.number, &wanted)) return refuse(job, REFUSAL_INTERNAL);
    size_t most = before.file_count + wanted.file_count;
    struct version_file *changes = ARENA_NEW_ARRAY(&job->arena, struct version_file, most + 1);
    struct drafted_file *drafts = ARENA_NEW_ARRAY(&job->arena, struct drafted_file, most + 1);
    size_t count = versions_changes(&before, &wanted, changes);
    for (size_t i = 0; i < count; i++) {
        drafts[i] = (struct drafted_file){ .file = changes[i].file, .text = STR_EMPTY, .removed = !changes[i].digest.len };
        if (!drafts[i].removed && !versions_text(err, &job->arena, directory, changes[i].digest, &drafts[i].text))
            return refuse(job, REFUSAL_INTERNAL);
    }
    job->what = arena_format(&job->arena, "restored %llu", (unsigned long long)job->draft.number);
    return read_drafted(job, drafts, count) && replace(job, &before, changes, count);
}

static void run(uv_work_t *work)
{
    struct job_of_draft *job = work->data;
    struct drafted_file draft = { .text = job->draft.text };
    if (job->draft.wish == DRAFT_RESTORE) {
        restore(job);
        return;
    }
    if (job->draft.wish == DRAFT_PUBLISH || job->draft.wish == DRAFT_REMOVE) {
        publish(job);
        return;
    }
    draft.file = file_of(&job->arena, job->draft.article, job->draft.name);
    if (!job->files && !read_drafted(job, &draft, 1)) return;
    if (job->draft.wish == DRAFT_CHECK || !learn(job)) return;
    if (job->draft.wish == DRAFT_TRY) try(job);
    else compare(job);
}

/* --- on the loop thread ------------------------------------------------------------------------- */

/* A draft that was learned from stays until another one is, or the files change. */
void draft_forget(struct node *node)
{
    content_drop(node->drafted.content);
    arena_free(&node->drafted.arena);
    node->drafted = (struct drafted){ .content = NULL };
}

static bool is_kept(const struct node *node, const struct draft *draft)
{
    const struct drafted *kept = &node->drafted;
    return kept->content && kept->base == node->content && kept->article == draft->article && str_equal(kept->name, draft->name) &&
           str_equal(kept->text, draft->text);
}

static void keep_learned(struct job_of_draft *job)
{
    struct node *node = job->node;
    if (job->is_kept || !job->content || job->draft.wish > DRAFT_COMPARE || job->before != node->content) return;
    draft_forget(node);
    content_adopt(job->content);
    node->drafted = (struct drafted){ .content = job->content, .base = node->content, .article = job->draft.article };
    node->drafted.name = arena_copy(&node->drafted.arena, job->draft.name);
    node->drafted.text = arena_copy(&node->drafted.arena, job->draft.text);
    job->content = NULL;
}

static void finish(struct job_of_draft *job)
{
    struct node *node = job->node;
    job->result.problems = &job->problems;
    job->result.workspace = job->files ? job->files->workspace : NULL;
    job->done(job->context, &job->result);
    keep_learned(job);
    if (job->is_kept) content_drop(job->content);
    else content_discard(job->content);
    content_drop(job->before);
    files_drop(job->files);
    problems_free(&job->problems);
    arena_free(&job->taught.arena);
    arena_free(&job->arena);
    memory_free(job);
    node->drafting = false;
}

static void on_recorded(void *context, const struct outcome *outcome)
{
    struct job_of_draft *job = context;
    job->result.refusal = outcome->refusal;
    finish(job);
}

/* The new files are on disk: the assistant that learned from them takes over, and the log says who did it. What was
 * taught meanwhile is learned behind it. */
static void take_over(struct job_of_draft *job)
{
    struct node *node = job->node;
    struct command command = { .kind = COMMAND_PUBLISH, .actor = ACTOR_NODE, .agent = job->draft.agent };
    command.publish = (struct command_publish){ .number = job->result.number, .version = job->files->workspace->version,
                                                .previous = job->previous, .what = job->what };
    draft_forget(node);
    content_replace(node, job->content);
    job->content = NULL;
    content_learn_more(node);
    node_submit(node, &command, on_recorded, job);
}

static void ran(uv_work_t *work, int status)
{
    struct job_of_draft *job = work->data;
    must(status == 0);
    bool published = job->draft.wish >= DRAFT_PUBLISH && !job->result.refusal;
    if (published) take_over(job);
    else finish(job);
}

static void start(struct job_of_draft *job)
{
    struct node *node = job->node;
    job->before = node->content;
    content_hold(job->before);
    taught_of(node->engine, &job->taught);
    if (job->draft.wish <= DRAFT_COMPARE && is_kept(node, &job->draft)) {
        job->is_kept = true;
        job->content = node->drafted.content;
        content_hold(job->content);
        job->files = job->content->files;
        files_hold(job->files);
    }
    job->work.data = job;
    must(uv_queue_work(node->loop, &job->work, run, ran) == 0);
}

/* --- past questions ----------------------------------------------------------------------------- */

static bool is_asked_already(const struct job_of_draft *job, struct str text)
{
    for (size_t i = 0; i < job->asked_count; i++)
        if (str_equal(job->asked[i].text, text)) return true;
    return false;
}

static void take(struct job_of_draft *job, const struct event *event)
{
    struct conversation_view view;
    struct str text = event->kind == EVENT_MESSAGE_SENT ? event->message_sent.text : STR_EMPTY;
    if (!text.len || !str_equal(event->message_sent.author, STR("customer")) || is_asked_already(job, text)) return;
    if (job->asked_count == DRAFT_ASKED_MAX)
        memmove(job->asked, job->asked + 1, --job->asked_count * sizeof *job->asked);
    bool known = engine_conversation(job->node->engine, event->conversation, &view);
    job->asked[job->asked_count++] = (struct asked){ event->seq, event->conversation, arena_copy(&job->arena, text),
                                                     known ? arena_copy(&job->arena, view.language) : STR_EMPTY };
}

static void look_through(struct job_of_draft *job);

static void on_page(void *context, const struct event *events, size_t count, uint64_t last)
{
    struct job_of_draft *job = context;
    for (size_t i = 0; i < count; i++) take(job, &events[i]);
    job->next = count == PAGE ? events[count - 1].seq : last;
    if (count == PAGE && !job->node->stopping) look_through(job);
    else start(job);
}

static void look_through(struct job_of_draft *job)
{
    struct node_page page = { .viewer = { VIEWER_SUPERVISOR, job->draft.agent }, .after = job->next, .max = PAGE };
    node_read(job->node, &page, on_page, job);
}

void node_draft(struct node *node, const struct draft *draft, node_draft_fn *done, void *context)
{
    if (node->drafting) {
        done(context, &(struct draft_result){ .refusal = REFUSAL_BUSY });
        return;
    }
    struct job_of_draft *job = MEMORY_NEW(struct job_of_draft);
    job->node = node;
    job->done = done;
    job->context = context;
    job->draft = *draft;
    job->now_ms = node_now(node);
    struct str *texts[] = { &job->draft.name, &job->draft.text, &job->draft.question, &job->draft.language, &job->draft.version };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) *texts[i] = texts[i]->len ? arena_copy(&job->arena, *texts[i]) : STR_EMPTY;
    node->drafting = true;
    if (draft->wish != DRAFT_COMPARE) {
        start(job);
        return;
    }
    job->asked = ARENA_NEW_ARRAY(&job->arena, struct asked, DRAFT_ASKED_MAX);
    job->next = node->committed > DRAFT_LOOKED_AT ? node->committed - DRAFT_LOOKED_AT : 0;
    look_through(job);
}
