#include <cmark.h>

#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/files.h"
#include "gateway/json.h"
#include "gateway/server.h"
#include "workspace/workspace.h"

/* Approved texts, which the sources of answers link to: as a small page, and as JSON. The Markdown is
 * the workspace's own, and is rendered in cmark's safe mode nevertheless: no HTML of its own passes,
 * no javascript: link. */


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

static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.data[i]) {
        case '&': buf_add_str(out, STR("&amp;")); break;
        case '<': buf_add_str(out, STR("&lt;")); break;
        case '>': buf_add_str(out, STR("&gt;")); break;
        case '"': buf_add_str(out, STR("&quot;")); break;
        default: buf_add_char(out, text.data[i]);
        }
    }
}

static void add_page(struct request *request, const struct article_text *text, struct buf *out)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct str markdown = without_fields(&request->arena, text->markdown);
    char *html = cmark_markdown_to_html(markdown.data, markdown.len, CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
    buf_add_str(out, STR("<!doctype html>\n<html lang=\""));
    add_escaped(out, text->language);
    buf_add_str(out, STR("\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"));
    add_escaped(out, text->title);
    buf_add_str(out, STR(" \xc2\xb7 "));
    add_escaped(out, workspace->name);
    buf_add_str(out, STR("</title>\n"));
    static const char *const styles[] = { "/style/tokens.css", "/style/base.css", "/style/help.css" };
    for (size_t i = 0; i < ARRAY_LEN(styles); i++)
        if (files_has(str_of(styles[i]))) buf_add_format(out, "<link rel=\"stylesheet\" href=\"%s\">\n", styles[i]);
    buf_add_str(out, STR("</head>\n<body class=\"help\">\n<main>\n<p>"));
    add_escaped(out, workspace->name);
    buf_add_str(out, STR("</p>\n<h1>"));
    add_escaped(out, text->title);
    buf_add_str(out, STR("</h1>\n"));
    buf_add_str(out, str_of(html));
    buf_add_str(out, STR("</main>\n</body>\n</html>\n"));
    cmark_get_default_mem_allocator()->free(html);
}

void help_page(struct request *request)
{
    struct article_text text;
    if (!find(request, &text)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    struct buf *page = request_buf(request);
    add_page(request, &text, page);
    answer_send(request, &(struct answer){ .status = 200, .type = "text/html; charset=utf-8", .page = true,
                                           .body = buf_str(page), .cache = ANSWER_REVALIDATE });
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
