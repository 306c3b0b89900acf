/* markdown.c - approved Markdown as plain words. */
#include <cmark.h>

#include "assistant/assistant.h"

static bool ends_line(cmark_node_type type)
{
    return type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING || type == CMARK_NODE_CODE_BLOCK ||
           type == CMARK_NODE_THEMATIC_BREAK;
}

struct str markdown_plain(struct str markdown, struct arena *arena)
{
    struct buf out;
    buf_init(&out, markdown.len + 64);
    cmark_node *document = cmark_parse_document(markdown.data, markdown.len, CMARK_OPT_DEFAULT);
    cmark_iter *walk = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_CODE_BLOCK)
            buf_add_str(&out, str_of(cmark_node_get_literal(node)));
        else if (type == CMARK_NODE_SOFTBREAK)
            buf_add_char(&out, ' ');
        else if (type == CMARK_NODE_LINEBREAK)
            buf_add_char(&out, '\n');
        if (event == CMARK_EVENT_EXIT && ends_line(type))
            buf_add_char(&out, '\n');
    }
    cmark_iter_free(walk);
    cmark_node_free(document);
    struct str plain = arena_copy(arena, str_trim(buf_str(&out)));
    buf_free(&out);
    return plain;
}
