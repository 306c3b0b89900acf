/* learn.c - what the assistant learns from people: what was asked, what an agent confirms, what there is. */
#include "assistant/asked.h"
#include "base/memory.h"
#include "gateway/answer.h"
#include "gateway/body.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/route.h"
#include "gateway/server.h"
#include "privacy/personal.h"

/* What must not stand in a wording of this customer. */
static struct mask_record record_of(struct request *request, uint64_t customer)
{
    struct node_customer *details = ARENA_NEW(&request->arena, struct node_customer);
    node_customer(request->gateway->node, customer, &request->arena, details); /* empty if it is not known */
    return (struct mask_record){ .name = details->name, .email = details->email, .phone = STR_EMPTY, .address = STR_EMPTY,
                                 .ids = &details->external_id, .id_count = 1 };
}

static struct str title_of_topic(const struct workspace *workspace, const struct topic *topic, struct str language)
{
    return workspace_text(workspace, topic->titles, topic->title_count, language);
}

static void add_target(const struct workspace *workspace, bool is_article, struct str name, struct str language, struct buf *out)
{
    const struct topic *topic = is_article ? NULL : workspace_topic(workspace, name);
    const struct article *article = is_article ? workspace_article(workspace, name, language) : NULL;
    json_text(out, is_article ? "article" : "topic", name);
    json_text(out, "title", article ? article->title : topic ? title_of_topic(workspace, topic, language) : STR_EMPTY);
}

/* --- what was asked ----------------------------------------------------------------------------- */

static void add_choices(struct request *request, const struct asked *asked, struct str language, struct str titles, struct buf *out)
{
    const struct node *node = request->gateway->node;
    struct asked_choice choices[ASKED_CHOICES];
    size_t count = asked_choices(node_assistant(node), &request->arena, asked->text, language, choices);
    json_open(out, "choices", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(out, NULL, '{');
        add_target(node_workspace(node), choices[i].article, choices[i].name, titles, out);
        json_i64(out, "likely", choices[i].likely);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* All that it may be about, for when none of the three fits. */
static void add_all(const struct workspace *workspace, struct str titles, struct buf *out)
{
    json_open(out, "all", '[');
    for (size_t i = 0; i < workspace->topic_count; i++) {
        json_open(out, NULL, '{');
        add_target(workspace, false, workspace->topics[i].name, titles, out);
        json_close(out, '}');
    }
    for (size_t i = 0; i < workspace->article_count; i++) {
        if (i && str_equal(workspace->articles[i].name, workspace->articles[i - 1].name)) continue;
        json_open(out, NULL, '{');
        add_target(workspace, true, workspace->articles[i].name, titles, out);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static struct str language_of(struct request *request, struct str text, struct str otherwise)
{
    struct str found = assistant_language(node_assistant(request->gateway->node), text);
    return found.len ? found : otherwise;
}

static void on_history(void *context, const struct event *events, size_t count, uint64_t last)
{
    struct request *request = context;
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct conversation_view view;
    struct asked asked;
    UNUSED(last);
    if (!events) {
        answer_refusal(request, REFUSAL_INTERNAL, NULL);
        return;
    }
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    if (asked_find(events, count, &asked) && engine_conversation(node_engine(request->gateway->node), request->conversation, &view)) {
        struct str language = language_of(request, asked.text, view.language);
        struct str titles = workspace_language(workspace, query_get(&request->query, "language"));
        struct mask_record record = record_of(request, view.customer);
        json_u64(json, "message", asked.seq);
        json_text(json, "wording", personal_hide(&request->arena, asked.text, &record, LIMIT_PARAPHRASE));
        json_text(json, "language", language);
        add_choices(request, &asked, language, titles, json);
        add_all(workspace, titles, json);
    } else {
        json_u64(json, "message", 0);
    }
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

/* Staff who may not confirm it are told that there is nothing: the engine would refuse them. */
void learn_asked(struct request *request)
{
    const struct node *node = request->gateway->node;
    struct conversation_view view;
    if (!session_conversation(request, &view)) return;
    if (!engine_agent_may_read(node_engine(node), request->session.agent, request->conversation, node_now(node))) {
        answer_json(request, STR("{\"message\":0}"));
        return;
    }
    struct node_page page = { .viewer = { VIEWER_SUPERVISOR, request->session.agent }, .conversation = request->conversation,
                              .before = INT64_MAX, .max = LIMIT_PAGE };
    node_read(request->gateway->node, &page, on_history, request);
}

/* --- what an agent confirms --------------------------------------------------------------------- */

void learn_confirm(struct request *request)
{
    const struct node *node = request->gateway->node;
    struct command *command = &request->command;
    struct command_learn *learn = &command->learn;
    struct conversation_view view;
    if (!engine_conversation(node_engine(node), request->conversation, &view)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    /* As the engine would, but before the wording is looked at: what is refused in it says what the customer is called. */
    if (!engine_agent_may_read(node_engine(node), request->session.agent, request->conversation, node_now(node))) {
        answer_refusal(request, REFUSAL_NOT_OWNER, NULL);
        return;
    }
    if (!act_body(request)) return;
    struct mask_record record = record_of(request, view.customer);
    learn->wording = str_trim(learn->wording);
    if (personal_has(&request->arena, learn->wording, &record)) {
        answer_refusal(request, REFUSAL_PERSONAL_DATA, "wording");
        return;
    }
    if (learn->article.len && !workspace_article(node_workspace(node), learn->article, STR_EMPTY)) {
        answer_refusal(request, REFUSAL_BAD_FIELD, "article");
        return;
    }
    const struct command_row *row = &command_table[command->kind];
    body_give_text(row->fields, row->field_count, &command->wake, "language", language_of(request, learn->wording, view.language));
    command->actor = session_actor(&request->session);
    command->agent = request->session.agent;
    command->conversation = request->conversation;
    act_key(request);
    act_submit(request);
}

/* --- what there is ------------------------------------------------------------------------------ */

struct listing {
    struct request *request;
    struct buf *out;
    struct str state;        /* only those; empty: all */
    uint64_t left;
    bool more;
};

static bool is_in_state(const struct paraphrase_view *view, struct str state)
{
    struct str own = view->revoked ? STR("revoked") : view->reviewed_at ? STR("approved") : STR("unreviewed");
    return !state.len || str_equal(own, state);
}

static bool add_paraphrase(void *context, const struct paraphrase_view *view)
{
    struct listing *listing = context;
    const struct node *node = listing->request->gateway->node;
    const struct workspace *workspace = node_workspace(node);
    struct buf *out = listing->out;
    if (!is_in_state(view, listing->state)) return true;
    listing->more = listing->left == 0;
    if (listing->more) return false;
    listing->left--;
    bool known = view->article ? workspace_article(workspace, view->target, STR_EMPTY) != NULL : workspace_topic(workspace, view->target) != NULL;
    json_open(out, NULL, '{');
    json_u64(out, "paraphrase", view->id);
    add_target(workspace, view->article, view->target, workspace_language(workspace, query_get(&listing->request->query, "language")), out);
    json_bool(out, "known", known);
    json_text(out, "language", view->language);
    json_text(out, "wording", view->wording);
    json_text(out, "state", view->revoked ? STR("revoked") : STR("approved"));
    json_u64(out, "version", view->version);
    json_u64(out, "conversation", view->conversation);
    json_u64(out, "agent", view->agent);
    json_text(out, "agent_name", node_agent_name(node, view->agent));
    json_i64(out, "learned_at", view->learned_at);
    json_u64(out, "reviewer", view->reviewer);
    json_text(out, "reviewer_name", node_agent_name(node, view->reviewer));
    json_i64(out, "reviewed_at", view->reviewed_at);
    json_close(out, '}');
    return true;
}

void learn_list(struct request *request)
{
    const struct node *node = request->gateway->node;
    struct buf *json = request_buf(request);
    struct listing listing = { .request = request, .out = json, .state = query_get(&request->query, "state"), .left = LIMIT_PAGE };
    uint64_t before = UINT64_MAX;
    bool known = !listing.state.len || str_equal(listing.state, STR("unreviewed")) || str_equal(listing.state, STR("approved")) ||
                 str_equal(listing.state, STR("revoked"));
    const char *bad = !known ? "state" : !query_number(&request->query, "before", UINT64_MAX, &before) ? "before"
                    : !query_number(&request->query, "limit", LIMIT_PAGE, &listing.left) || !listing.left ? "limit" : NULL;
    if (bad) {
        answer_refusal(request, REFUSAL_BAD_QUERY, bad);
        return;
    }
    json_open(json, NULL, '{');
    json_open(json, "paraphrases", '[');
    engine_each_paraphrase_back(node_engine(node), before, add_paraphrase, &listing);
    json_close(json, ']');
    json_bool(json, "more", listing.more);
    json_u64(json, "in_use", node_learned(node));
    json_close(json, '}');
    answer_json(request, buf_str(json));
}
