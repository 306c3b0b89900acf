#include "gateway/help_page.h"

#include <cmark.h>

#include "base/tongue.h"
#include "gateway/answer.h"
#include "gateway/server.h"
#include "workspace/workspace.h"

/* The Markdown is the workspace's own, and is rendered in cmark's safe mode nevertheless: no HTML of its
 * own passes, no javascript: link. */

/* X(name, en, sv, de, es): the words around the texts; other languages get English. */
#define PHRASES(X) \
    X(HELP, "Help", "Hjälp", "Hilfe", "Ayuda") \
    X(ALL, "All articles", "Alla artiklar", "Alle Artikel", "Todos los artículos") \
    X(ASK, "Not what you were looking for?", "Hittade du inte det du sökte?", "Nicht das Richtige gefunden?", \
      "¿No es lo que buscabas?") \
    X(CHAT, "Chat with us", "Chatta med oss", "Chatten Sie mit uns", "Chatea con nosotros") \
    X(MISSING, "There is no such page", "Den sidan finns inte", "Diese Seite gibt es nicht", "Esta página no existe") \
    X(MOVED, "It may have been moved or removed.", "Den kan ha flyttats eller tagits bort.", \
      "Vielleicht wurde sie verschoben oder entfernt.", "Puede que se haya movido o eliminado.")

enum phrase {
#define X(name, en, sv, de, es) PHRASE_##name,
    PHRASES(X)
#undef X
    PHRASE_COUNT
};

static const char *const phrases[PHRASE_COUNT][TONGUES] = {
#define X(name, en, sv, de, es) { en, sv, de, es },
    PHRASES(X)
#undef X
};

static struct str phrase(struct str language, enum phrase which)
{
    return str_of(phrases[which][tongue_of(language)]);
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

/* <TAG>text</NAME>: the tag may have attributes. */
static void add_element(struct buf *out, const char *tag, const char *name, struct str text)
{
    buf_add_format(out, "<%s>", tag);
    add_escaped(out, text);
    buf_add_format(out, "</%s>\n", name);
}

static bool is_usual(const struct workspace *workspace, struct str language)
{
    return !workspace->language_count || str_equal(workspace->languages[0], language);
}

/* A link to /help, to stay in a language that is not the usual one. */
static void add_link(const struct workspace *workspace, struct buf *out, struct str name, struct str language, struct str text)
{
    buf_add_str(out, STR("<a href=\"/help"));
    if (name.len) buf_add_char(out, '/');
    add_escaped(out, name);
    if (!is_usual(workspace, language)) {
        buf_add_str(out, STR("?language="));
        add_escaped(out, language);
    }
    buf_add_str(out, STR("\">"));
    add_escaped(out, text);
    buf_add_str(out, STR("</a>"));
}

static void begin(const struct request *request, struct buf *out, struct str title, struct str language)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    buf_add_str(out, STR("<!doctype html>\n<html lang=\""));
    add_escaped(out, language);
    buf_add_str(out, STR("\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>"));
    add_escaped(out, title);
    buf_add_str(out, STR(" \xc2\xb7 "));
    add_escaped(out, workspace->name);
    buf_add_str(out, STR("</title>\n<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n"));
    static const char *const styles[] = { "/style/tokens.css", "/style/base.css", "/style/help.css", "/help.css" };
    for (size_t i = 0; i < ARRAY_LEN(styles); i++) buf_add_format(out, "<link rel=\"stylesheet\" href=\"%s\">\n", styles[i]);
    buf_add_str(out, STR("</head>\n<body class=\"help\">\n<header class=\"help-top\"><p><a href=\"/\">"));
    add_escaped(out, workspace->name);
    buf_add_str(out, STR("</a></p>\n<nav>"));
    add_link(workspace, out, STR_EMPTY, language, phrase(language, PHRASE_HELP));
    add_element(out, "a href=\"/chat\"", "a", phrase(language, PHRASE_CHAT));
    buf_add_str(out, STR("</nav></header>\n<main>\n"));
    add_element(out, "h1", "h1", title);
}

static void end(struct request *request, struct buf *out, int status, struct str language)
{
    buf_add_str(out, STR("</main>\n<footer>\n"));
    add_element(out, "p", "p", phrase(language, PHRASE_ASK));
    add_element(out, "a class=\"button primary\" href=\"/chat\"", "a", phrase(language, PHRASE_CHAT));
    buf_add_str(out, STR("</footer>\n</body>\n</html>\n"));
    answer_send(request, &(struct answer){ .status = status, .type = "text/html; charset=utf-8", .page = true,
                                           .body = buf_str(out), .cache = status == 200 ? ANSWER_REVALIDATE : ANSWER_NO_STORE });
}

void help_page_article(struct request *request, struct str title, struct str language, struct str markdown)
{
    struct buf *out = request_buf(request);
    char *html = cmark_markdown_to_html(markdown.data, markdown.len, CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
    begin(request, out, title, language);
    buf_add_str(out, STR("<article>"));
    buf_add_str(out, str_of(html));
    buf_add_str(out, STR("</article>\n<p class=\"help-back\">"));
    add_link(node_workspace(request->gateway->node), out, STR_EMPTY, language, phrase(language, PHRASE_ALL));
    buf_add_str(out, STR("</p>\n"));
    cmark_get_default_mem_allocator()->free(html);
    end(request, out, 200, language);
}

/* The articles of one name stand together, one a language. */
void help_page_index(struct request *request, struct str language)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct buf *out = request_buf(request);
    begin(request, out, phrase(language, PHRASE_HELP), language);
    buf_add_str(out, STR("<ul class=\"help-list\">\n"));
    for (size_t i = 0, next; i < workspace->article_count; i = next) {
        const struct article *chosen = &workspace->articles[i];
        for (next = i; next < workspace->article_count && str_equal(workspace->articles[next].name, chosen->name); next++)
            if (str_equal(workspace->articles[next].language, language)) chosen = &workspace->articles[next];
        buf_add_str(out, STR("<li lang=\""));
        add_escaped(out, chosen->language);
        buf_add_str(out, STR("\">"));
        add_link(workspace, out, chosen->name, chosen->language, chosen->title);
        buf_add_str(out, STR("</li>\n"));
    }
    buf_add_str(out, STR("</ul>\n"));
    end(request, out, 200, language);
}

void help_page_missing(struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    if (!http_accepts(http_header(&request->head, STR("accept")), STR("text/html"), true)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    struct str language = workspace->language_count ? workspace->languages[0] : STR("en");
    struct buf *out = request_buf(request);
    begin(request, out, phrase(language, PHRASE_MISSING), language);
    add_element(out, "p", "p", phrase(language, PHRASE_MOVED));
    buf_add_str(out, STR("<p class=\"help-back\">"));
    add_link(workspace, out, STR_EMPTY, language, phrase(language, PHRASE_ALL));
    buf_add_str(out, STR("</p>\n"));
    end(request, out, 404, language);
}
