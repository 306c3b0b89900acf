#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/help_page.h"
#include "gateway/json.h"
#include "gateway/server.h"
#include "workspace/workspace.h"

/* Approved texts, which the sources of answers link to: as a small page, and as JSON. */

struct article_text {
    struct str name, title, language, url, markdown;
};

/* What a topic says to everybody, in `language` or in none. */
static struct str general_answer(const struct topic *topic, struct str language)
{
    for (size_t i = 0; i < topic->case_count; i++)
        if (str_equal(topic->cases[i].language, language) && str_equal(topic->cases[i].field, STR("general")))
            return topic->cases[i].text;
    for (size_t i = 0; i < topic->answer_count; i++)
        if (str_equal(topic->answers[i].language, language)) return topic->answers[i].text;
    return STR_EMPTY;
}

/* An article, or a topic's general answer, in the language wished for or else in the first. */
static bool find(const struct request *request, struct article_text *out)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct str language = workspace_language(workspace, query_get(&request->query, "language"));
    const struct article *article = workspace_article(workspace, request->name, language);
    const struct topic *topic = workspace_topic(workspace, request->name);
    if (article) {
        *out = (struct article_text){ article->name, article->title, article->language, article->url, article->markdown };
        return true;
    }
    if (!topic) return false;
    struct str markdown = general_answer(topic, language);
    if (markdown.len == 0) markdown = general_answer(topic, language = workspace->languages[0]);
    *out = (struct article_text){ topic->name, workspace_text(workspace, topic->titles, topic->title_count, language),
                                  language, STR_EMPTY, markdown };
    return markdown.len > 0;
}

/* What an answer fills in for one customer is left open in the general text. */
static struct str without_fields(struct arena *arena, struct str text)
{
    char *out = arena_take(arena, text.len + 4);
    size_t len = 0, at = 0;
    for (;;) {
        ptrdiff_t from = str_find(text, STR("{{"), at), to = from < 0 ? -1 : str_find(text, STR("}}"), (size_t)from);
        if (to < 0) break;
        memcpy(out + len, text.data + at, (size_t)from - at);
        len += (size_t)from - at;
        memcpy(out + len, "\xe2\x80\xa6", 3); /* an ellipsis; a field is at least five bytes long */
        len += 3;
        at = (size_t)to + 2;
    }
    memcpy(out + len, text.data + at, text.len - at);
    return str_make(out, len + text.len - at);
}

void help_page(struct request *request)
{
    struct article_text text;
    if (find(request, &text)) help_page_article(request, text.title, text.language, without_fields(&request->arena, text.markdown));
    else help_page_missing(request);
}

void help_index(struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    help_page_index(request, workspace_language(workspace, query_get(&request->query, "language")));
}

/* The firm's colour, for the pages' own style sheets: no page may have a style of its own in it. */
void help_style(struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct buf *css = request_buf(request);
    buf_add_format(css, ":root { --firm: %.*s; }\n", STR_ARG(workspace->accent.len ? workspace->accent : STR("#14605a")));
    answer_send(request, &(struct answer){ .status = 200, .type = "text/css; charset=utf-8", .body = buf_str(css),
                                           .cache = ANSWER_REVALIDATE });
}

void help_article(struct request *request)
{
    struct article_text text;
    if (!find(request, &text)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_text(json, "name", text.name);
    json_text(json, "title", text.title);
    json_text(json, "language", text.language);
    json_text(json, "url", text.url);
    json_text(json, "markdown", without_fields(&request->arena, text.markdown));
    json_close(json, '}');
    answer_json(request, buf_str(json));
}
