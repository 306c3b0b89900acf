/* drafts.c - topics and articles as administrators edit them: lists, drafts, versions. */
#include <stdio.h>

#include "gateway/answer.h"
#include "gateway/bodies.h"
#include "gateway/body.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/route.h"
#include "gateway/server.h"
#include "node/draft.h"
#include "workspace/versions.h"

/* --- what there is ------------------------------------------------------------------------------ */

static size_t count_of(const struct utterances *lists, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) sum += lists[i].count;
    return sum;
}

static void add_topics(const struct workspace *workspace, struct str language, struct buf *out)
{
    json_open(out, "topics", '[');
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        json_open(out, NULL, '{');
        json_text(out, "name", topic->name);
        json_text(out, "title", workspace_text(workspace, topic->titles, topic->title_count, language));
        json_open(out, "languages", '[');
        for (size_t k = 0; k < topic->answer_count; k++) json_text(out, NULL, topic->answers[k].language);
        json_close(out, ']');
        json_u64(out, "examples", count_of(topic->examples, topic->example_count));
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void add_articles(const struct workspace *workspace, struct str language, struct buf *out)
{
    json_open(out, "articles", '[');
    for (size_t i = 0; i < workspace->article_count;) {
        const struct article *first = &workspace->articles[i], *shown = workspace_article(workspace, first->name, language);
        json_open(out, NULL, '{');
        json_text(out, "name", first->name);
        json_text(out, "title", shown->title);
        json_open(out, "languages", '[');
        for (; i < workspace->article_count && str_equal(workspace->articles[i].name, first->name); i++)
            json_text(out, NULL, workspace->articles[i].language);
        json_close(out, ']');
        json_u64(out, "examples", count_of(first->questions, first->question_count));
        json_close(out, '}');
    }
    json_close(out, ']');
}

void drafts_list(struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct str language = workspace_language(workspace, query_get(&request->query, "language"));
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_text(json, "version", workspace->version);
    add_topics(workspace, language, json);
    add_articles(workspace, language, json);
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

static bool is_there(const struct request *request, bool article)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    return article ? workspace_article(workspace, request->name, STR_EMPTY) != NULL : workspace_topic(workspace, request->name) != NULL;
}

static void show_file(struct request *request, bool article)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct str text;
    if (!is_there(request, article) || !node_draft_text(request->gateway->node, &request->arena, article, request->name, &text)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_text(json, "kind", article ? STR("article") : STR("topic"));
    json_text(json, "name", request->name);
    json_text(json, "file", arena_format(&request->arena, "%s/%.*s.md", article ? "knowledge" : "topics", STR_ARG(request->name)));
    json_text(json, "text", text);
    json_text(json, "version", workspace->version);
    json_text(json, "digest", versions_digest(&request->arena, text));
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

void drafts_topic(struct request *request) { show_file(request, false); }
void drafts_article(struct request *request) { show_file(request, true); }

/* --- drafts ------------------------------------------------------------------------------------- */

static void add_problems(const struct problems *problems, struct buf *out)
{
    json_open(out, "problems", '[');
    for (size_t i = 0; problems && i < problems->count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "file", problems->items[i].file);
        json_i64(out, "line", problems->items[i].line);
        json_text(out, "what", problems->items[i].what);
        json_text(out, "cure", problems->items[i].cure);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void add_view(struct str language, struct str title, struct str when, struct str markdown, struct buf *out)
{
    json_open(out, NULL, '{');
    json_text(out, "language", language);
    json_text(out, "title", title);
    json_text(out, "when", when);
    json_text(out, "markdown", markdown);
    json_close(out, '}');
}

static void add_topic_views(struct request *request, const struct workspace *workspace, const struct topic *topic, struct buf *out)
{
    for (size_t i = 0; i < topic->answer_count; i++)
        add_view(topic->answers[i].language, workspace_text(workspace, topic->titles, topic->title_count, topic->answers[i].language),
                 STR_EMPTY, topic->answers[i].text, out);
    for (size_t i = 0; i < topic->case_count; i++) {
        const struct topic_case *option = &topic->cases[i];
        add_view(option->language, workspace_text(workspace, topic->titles, topic->title_count, option->language),
                 arena_format(&request->arena, "%.*s%s%.*s", STR_ARG(option->field), option->value.len ? "=" : "", STR_ARG(option->value)),
                 option->text, out);
    }
}

/* The texts that customers would see. */
static void add_preview(struct request *request, const struct workspace *workspace, struct buf *out)
{
    const struct body_draft *body = request->work;
    const struct topic *topic = workspace ? workspace_topic(workspace, body->name) : NULL;
    json_open(out, "preview", '[');
    if (topic && str_equal(body->kind, STR("topic"))) add_topic_views(request, workspace, topic, out);
    for (size_t i = 0; workspace && str_equal(body->kind, STR("article")) && i < workspace->article_count; i++) {
        const struct article *article = &workspace->articles[i];
        if (str_equal(article->name, body->name)) add_view(article->language, article->title, STR_EMPTY, article->markdown, out);
    }
    json_close(out, ']');
}

static void add_reply(const char *key, const struct reply *reply, struct buf *out)
{
    json_open(out, key, '{');
    json_text(out, "decision", str_of(decision_names[reply->decision]));
    json_text(out, "topic", reply->topic);
    json_i64(out, "confidence", reply->confidence);
    json_bool(out, "failed", reply->failed);
    json_text(out, "reason", reply->reason);
    json_text(out, "text", reply->text);
    json_texts(out, "choices", reply->choices, reply->choice_count);
    json_open(out, "sources", '[');
    for (size_t i = 0; i < reply->source_count; i++) {
        json_open(out, NULL, '{');
        json_text(out, "title", reply->sources[i].title);
        json_text(out, "url", reply->sources[i].url);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_raw(out, "explanation", reply->explanation.len ? reply->explanation : STR("{}"));
    json_close(out, '}');
}

static void add_changes(const struct draft_result *result, struct buf *out)
{
    json_u64(out, "asked", result->asked);
    json_open(out, "changes", '[');
    for (size_t i = 0; i < result->change_count; i++) {
        const struct draft_change *change = &result->changes[i];
        json_open(out, NULL, '{');
        json_u64(out, "message", change->message);
        json_u64(out, "conversation", change->conversation);
        json_text(out, "text", change->text);
        add_reply("before", change->before, out);
        add_reply("after", change->after, out);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* What the next draft of the published file is made from. */
static void add_digest(struct request *request, struct buf *out)
{
    const struct body_draft *body = request->work;
    if (body->text.len) json_text(out, "digest", versions_digest(&request->arena, body->text));
}

/* Mistakes in a draft are what was asked for, not a refusal; publishing one is refused with them. */
static void on_draft(void *context, const struct draft_result *result)
{
    struct request *request = context;
    bool bad = result->refusal == REFUSAL_BAD_FILES, publishes = str_equal(str_of(request->route->answer), STR("Publication"));
    if (result->refusal && !bad) {
        if (result->refusal == REFUSAL_INTERNAL) fprintf(stderr, "beckon: a draft: %s\n", result->err.text);
        answer_refusal(request, result->refusal, NULL);
        return;
    }
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    if (bad && publishes) {
        const struct refusal_row *row = &refusal_table[REFUSAL_BAD_FILES];
        json_open(json, "error", '{');
        json_text(json, "code", str_of(row->code));
        json_text(json, "message", str_of(row->sentence));
        json_close(json, '}');
    }
    add_problems(result->problems, json);
    if (request->route->handle == drafts_check) add_preview(request, result->workspace, json);
    else if (!publishes) add_changes(result, json);
    else if (!bad) {
        json_u64(json, "number", result->number);
        json_text(json, "version", result->workspace->version);
        add_digest(request, json);
    }
    json_close(json, '}');
    answer_send(request, &(struct answer){ .status = bad && publishes ? refusal_table[REFUSAL_BAD_FILES].status : 200, .body = buf_str(json) });
}

/* Every body begins with the members of struct body_draft. */
static bool read_draft(struct request *request, void *body, struct draft *draft)
{
    const struct body_draft *head = body;
    struct body_refusal result = body_read(&request->arena, request->body, request->route->fields, request->route->field_count, body);
    bool article = !result.refusal && str_equal(head->kind, STR("article"));
    if (!result.refusal && !article && !str_equal(head->kind, STR("topic"))) result = (struct body_refusal){ REFUSAL_BAD_FIELD, "kind" };
    if (!result.refusal && !workspace_is_name(head->name)) result = (struct body_refusal){ REFUSAL_BAD_FIELD, "name" };
    if (!result.refusal && !head->text.len) result = (struct body_refusal){ REFUSAL_EMPTY, "text" };
    if (result.refusal) {
        answer_refusal(request, result.refusal, result.field);
        return false;
    }
    request->work = body;
    *draft = (struct draft){ .article = article, .name = head->name, .text = head->text, .question = STR_EMPTY, .language = STR_EMPTY,
                             .version = STR_EMPTY, .agent = request->session.agent };
    return true;
}

static void submit(struct request *request, const struct draft *draft)
{
    node_draft(request->gateway->node, draft, on_draft, request);
}

void drafts_check(struct request *request)
{
    struct draft draft;
    if (!read_draft(request, ARENA_NEW(&request->arena, struct body_draft), &draft)) return;
    draft.wish = DRAFT_CHECK;
    submit(request, &draft);
}

void drafts_compare(struct request *request)
{
    struct draft draft;
    if (!read_draft(request, ARENA_NEW(&request->arena, struct body_draft), &draft)) return;
    draft.wish = DRAFT_COMPARE;
    submit(request, &draft);
}

void drafts_try(struct request *request)
{
    struct body_trial *body = ARENA_NEW(&request->arena, struct body_trial);
    struct draft draft;
    if (!read_draft(request, body, &draft)) return;
    draft.wish = DRAFT_TRY;
    draft.question = body->question;
    draft.language = body->language;
    submit(request, &draft);
}

void drafts_publish(struct request *request)
{
    struct body_publication *body = ARENA_NEW(&request->arena, struct body_publication);
    struct draft draft;
    if (!read_draft(request, body, &draft)) return;
    draft.wish = DRAFT_PUBLISH;
    draft.version = body->version;
    submit(request, &draft);
}

/* --- versions ----------------------------------------------------------------------------------- */

/* What needs no text: the body has the version alone. */
static bool read_version(struct request *request, struct draft *draft)
{
    struct body_restoration *body = ARENA_NEW(&request->arena, struct body_restoration);
    struct body_refusal result = body_read(&request->arena, request->body, request->route->fields, request->route->field_count, body);
    if (result.refusal) {
        answer_refusal(request, result.refusal, result.field);
        return false;
    }
    request->work = ARENA_NEW(&request->arena, struct body_draft);
    *draft = (struct draft){ .name = STR_EMPTY, .text = STR_EMPTY, .question = STR_EMPTY, .language = STR_EMPTY,
                             .version = body->version, .agent = request->session.agent };
    return true;
}

void drafts_restore(struct request *request)
{
    struct draft draft;
    if (!read_version(request, &draft)) return;
    draft.wish = DRAFT_RESTORE;
    draft.number = request->target;
    submit(request, &draft);
}

static void remove_file(struct request *request, bool article)
{
    struct draft draft;
    if (!read_version(request, &draft)) return;
    draft.wish = DRAFT_REMOVE;
    draft.article = article;
    draft.name = request->name;
    if (is_there(request, article)) submit(request, &draft);
    else answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
}

void drafts_remove_topic(struct request *request) { remove_file(request, false); }
void drafts_remove_article(struct request *request) { remove_file(request, true); }
