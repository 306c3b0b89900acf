#include "workspace/front_matter.h"

#include <cmark.h>
#include <stdlib.h>

static bool is_fence(struct str line)
{
    return str_starts(line, STR("---")) && str_trim(line).len == 3;
}

bool front_matter_read(struct reading *reading, struct str text, struct front_matter *out)
{
    struct str rest = text, line;
    int number = 1;
    if (!str_split(&rest, '\n', &line) || !is_fence(line)) {
        fields_problem(reading, 1, "begin the file with a line '---', then 'title: …', then a line '---'",
                       "the front matter is missing");
        return false;
    }
    const char *begin = rest.data;
    while (str_split(&rest, '\n', &line)) {
        number++;
        if (!is_fence(line))
            continue;
        struct str yaml = str_make(begin, (size_t)(line.data - begin));
        out->yaml = yaml_tree_read((struct yaml_arenas){ &reading->scratch, reading->arena }, reading->problems, (struct place){ reading->file, 2 }, yaml);
        const char *end = text.data + text.len, *after = line.data + line.len;
        out->body = after < end ? str_make(after + 1, (size_t)(end - after - 1)) : STR_EMPTY;
        out->body_line = number + 1;
        return out->yaml != NULL; /* without it nothing can be said of the body */
    }
    fields_problem(reading, 1, "end the front matter with a line '---'", "the front matter has no end");
    return false;
}

static bool is_placeholder(struct str url)
{
    return str_starts(url, STR("{{")) && str_find(url, STR("}}"), 0) == (ptrdiff_t)url.len - 2;
}

static const char *unsafe_kind(cmark_node *node, bool template)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HTML_BLOCK: case CMARK_NODE_HTML_INLINE: return "raw HTML";
    case CMARK_NODE_IMAGE: return "a picture";
    case CMARK_NODE_LINK: {
        struct str url = str_of(cmark_node_get_url(node));
        bool safe = (template && is_placeholder(url)) || (fields_safe_url(url) && str_find(url, STR("{{"), 0) < 0);
        return safe ? NULL : "a link with an unsafe address";
    }
    default: return NULL;
    }
}

void front_matter_check_markdown(struct reading *reading, struct str markdown, int line, bool template)
{
    cmark_node *document = cmark_parse_document(markdown.data, markdown.len, CMARK_OPT_DEFAULT);
    cmark_iter *walk = cmark_iter_new(document);
    cmark_event_type event;
    int block_line = 1;
    while ((event = cmark_iter_next(walk)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(walk);
        if (event != CMARK_EVENT_ENTER)
            continue;
        if (cmark_node_get_start_line(node) > 0)
            block_line = cmark_node_get_start_line(node);
        const char *what = unsafe_kind(node, template);
        if (what)
            fields_problem(reading, line + block_line - 1,
                           "use plain Markdown; links begin with https://, mailto:, tel: or one '/'", "%s is not shown", what);
    }
    cmark_iter_free(walk);
    cmark_node_free(document);
}
