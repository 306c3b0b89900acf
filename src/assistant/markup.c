#include "assistant/markup.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "base/buf.h"

/* What a tag leaves behind. */
enum leaves { LEAVES_NOTHING, LEAVES_LINE, LEAVES_PARAGRAPH, LEAVES_HEADING, LEAVES_ITEM, LEAVES_SPACE, DROPS_CONTENT };

static const struct tag {
    const char *name;
    enum leaves leaves;
} tags[] = {
    { "p", LEAVES_PARAGRAPH }, { "div", LEAVES_PARAGRAPH }, { "section", LEAVES_PARAGRAPH }, { "article", LEAVES_PARAGRAPH },
    { "header", LEAVES_PARAGRAPH }, { "footer", LEAVES_PARAGRAPH }, { "main", LEAVES_PARAGRAPH }, { "blockquote", LEAVES_PARAGRAPH },
    { "ul", LEAVES_PARAGRAPH }, { "ol", LEAVES_PARAGRAPH }, { "dl", LEAVES_PARAGRAPH }, { "table", LEAVES_PARAGRAPH },
    { "pre", LEAVES_PARAGRAPH }, { "hr", LEAVES_PARAGRAPH }, { "body", LEAVES_PARAGRAPH }, { "html", LEAVES_PARAGRAPH },
    { "head", LEAVES_PARAGRAPH }, { "title", LEAVES_PARAGRAPH }, { "details", LEAVES_PARAGRAPH }, { "summary", LEAVES_PARAGRAPH },
    { "figure", LEAVES_PARAGRAPH }, { "figcaption", LEAVES_PARAGRAPH }, { "nav", LEAVES_PARAGRAPH }, { "aside", LEAVES_PARAGRAPH },
    { "br", LEAVES_LINE }, { "tr", LEAVES_LINE }, { "dt", LEAVES_LINE }, { "dd", LEAVES_LINE }, { "thead", LEAVES_LINE },
    { "tbody", LEAVES_LINE }, { "tfoot", LEAVES_LINE }, { "td", LEAVES_SPACE }, { "th", LEAVES_SPACE }, { "li", LEAVES_ITEM },
    { "h1", LEAVES_HEADING }, { "h2", LEAVES_HEADING }, { "h3", LEAVES_HEADING }, { "h4", LEAVES_HEADING }, { "h5", LEAVES_HEADING },
    { "h6", LEAVES_HEADING }, { "a", LEAVES_NOTHING }, { "abbr", LEAVES_NOTHING }, { "b", LEAVES_NOTHING }, { "big", LEAVES_NOTHING },
    { "center", LEAVES_NOTHING }, { "cite", LEAVES_NOTHING }, { "code", LEAVES_NOTHING }, { "del", LEAVES_NOTHING },
    { "em", LEAVES_NOTHING }, { "font", LEAVES_NOTHING }, { "i", LEAVES_NOTHING }, { "img", LEAVES_SPACE }, { "ins", LEAVES_NOTHING },
    { "kbd", LEAVES_NOTHING }, { "label", LEAVES_NOTHING }, { "link", LEAVES_NOTHING }, { "mark", LEAVES_NOTHING }, { "meta", LEAVES_NOTHING },
    { "q", LEAVES_NOTHING }, { "s", LEAVES_NOTHING }, { "samp", LEAVES_NOTHING }, { "small", LEAVES_NOTHING }, { "span", LEAVES_NOTHING },
    { "strike", LEAVES_NOTHING }, { "strong", LEAVES_NOTHING }, { "sub", LEAVES_NOTHING }, { "sup", LEAVES_NOTHING }, { "time", LEAVES_NOTHING },
    { "tt", LEAVES_NOTHING }, { "u", LEAVES_NOTHING }, { "wbr", LEAVES_NOTHING }, { "button", LEAVES_SPACE }, { "input", LEAVES_SPACE },
    { "iframe", DROPS_CONTENT }, { "script", DROPS_CONTENT }, { "style", DROPS_CONTENT }, { "svg", DROPS_CONTENT }, { "template", DROPS_CONTENT },
    { "noscript", DROPS_CONTENT }, { "object", DROPS_CONTENT }, { "video", DROPS_CONTENT }, { "audio", DROPS_CONTENT },
};

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The tag that begins at '<', or NULL; *len is how long it is with its '>'. */
static const struct tag *tag_at(struct str text, size_t at, bool *closing, size_t *len)
{
    size_t from = at + 1;
    *closing = from < text.len && text.data[from] == '/';
    from += *closing;
    size_t to = from;
    while (to < text.len && is_alphanumeric(text.data[to]))
        to++;
    ptrdiff_t end = str_find_char(text, '>', to);
    if (to == from || end < 0 || (text.data[to] != '>' && text.data[to] != '/' && text.data[to] != ' ' && text.data[to] != '\n' && text.data[to] != '\t'))
        return NULL;
    *len = (size_t)end + 1 - at;
    for (size_t i = 0; i < ARRAY_LEN(tags); i++)
        if (str_equal_nocase(str_slice(text, from, to), str_of(tags[i].name)))
            return &tags[i];
    return NULL;
}

/* Behind the closing tag of an element whose content goes; only its opening goes if it is never closed. */
static size_t behind_element(struct str text, size_t at, const char *name)
{
    struct str end = str_of(name);
    for (ptrdiff_t found; (found = str_find(text, STR("</"), at)) >= 0; at = (size_t)found + 2)
        if (str_equal_nocase(str_slice(text, (size_t)found + 2, (size_t)found + 2 + end.len), end)) {
            ptrdiff_t close = str_find_char(text, '>', (size_t)found);
            return close < 0 ? text.len : (size_t)close + 1;
        }
    return 0;
}

static void leave(struct buf *out, enum leaves leaves, bool closing)
{
    switch (leaves) {
    case LEAVES_LINE: buf_add_char(out, '\n'); break;
    case LEAVES_PARAGRAPH: buf_add_str(out, STR("\n\n")); break;
    case LEAVES_HEADING: buf_add_str(out, closing ? STR("\n\n") : STR("\n\n## ")); break;
    case LEAVES_ITEM: buf_add_str(out, closing ? STR("\n") : STR("\n* ")); break;
    case LEAVES_SPACE: buf_add_char(out, ' '); break;
    case LEAVES_NOTHING: case DROPS_CONTENT: break;
    }
}

/* --- entities ----------------------------------------------------------------------------------- */

static const struct { const char *name, *letter; } entities[] = {
    { "amp", "&" }, { "lt", "<" }, { "gt", ">" }, { "quot", "\"" }, { "apos", "'" }, { "nbsp", " " }, { "ndash", "–" }, { "mdash", "—" },
    { "lsquo", "‘" }, { "rsquo", "’" }, { "ldquo", "“" }, { "rdquo", "”" }, { "hellip", "…" }, { "bull", "•" }, { "euro", "€" },
    { "pound", "£" }, { "cent", "¢" }, { "copy", "©" }, { "reg", "®" }, { "trade", "™" }, { "deg", "°" }, { "middot", "·" }, { "laquo", "«" },
    { "raquo", "»" }, { "auml", "ä" }, { "ouml", "ö" }, { "uuml", "ü" }, { "Auml", "Ä" }, { "Ouml", "Ö" }, { "Uuml", "Ü" }, { "szlig", "ß" },
    { "aring", "å" }, { "Aring", "Å" }, { "aelig", "æ" }, { "AElig", "Æ" }, { "oslash", "ø" }, { "Oslash", "Ø" }, { "eacute", "é" },
    { "Eacute", "É" }, { "egrave", "è" }, { "ecirc", "ê" }, { "agrave", "à" }, { "aacute", "á" }, { "acirc", "â" }, { "atilde", "ã" },
    { "ccedil", "ç" }, { "iacute", "í" }, { "igrave", "ì" }, { "icirc", "î" }, { "iuml", "ï" }, { "ntilde", "ñ" }, { "oacute", "ó" },
    { "ograve", "ò" }, { "ocirc", "ô" }, { "otilde", "õ" }, { "uacute", "ú" }, { "ugrave", "ù" }, { "ucirc", "û" }, { "iquest", "¿" },
    { "iexcl", "¡" }, { "shy", "" }, { "zwnj", "" }, { "times", "×" }, { "rarr", "→" }, { "larr", "←" },
};

static bool add_number(struct buf *out, struct str digits)
{
    bool hex = digits.len && (digits.data[0] == 'x' || digits.data[0] == 'X');
    uint32_t value = 0;
    if (digits.len - hex == 0 || digits.len > 8)
        return false;
    for (size_t i = hex; i < digits.len; i++) {
        char c = (char)(digits.data[i] | 32);
        bool decimal = c >= '0' && c <= '9' && digits.data[i] == c;
        if (!decimal && !(hex && c >= 'a' && c <= 'f'))
            return false;
        value = value * (hex ? 16 : 10) + (uint32_t)(decimal ? c - '0' : c - 'a' + 10);
    }
    utf8proc_uint8_t bytes[4];
    if (value < ' ' || !utf8proc_codepoint_valid((utf8proc_int32_t)value))
        return false;
    buf_add(out, bytes, (size_t)utf8proc_encode_char((utf8proc_int32_t)value, bytes));
    return true;
}

/* How long the entity at '&' is, after adding its letter; 0 if it is none. */
static size_t add_entity(struct buf *out, struct str text, size_t at)
{
    ptrdiff_t end = str_find_char(str_slice(text, 0, at + 12), ';', at);
    struct str name = end < 0 ? STR_EMPTY : str_slice(text, at + 1, (size_t)end);
    if (name.len > 1 && name.data[0] == '#' && add_number(out, str_slice(name, 1, name.len)))
        return name.len + 2;
    for (size_t i = 0; i < ARRAY_LEN(entities) && name.len; i++)
        if (str_equal(name, str_of(entities[i].name))) {
            buf_add_str(out, str_of(entities[i].letter));
            return name.len + 2;
        }
    return 0;
}

/* --- links -------------------------------------------------------------------------------------- */

/* How long the "(address)" of a Markdown link is that begins behind its ']'; 0 if there is none. */
static size_t link_address(struct str text, size_t at)
{
    if (at + 1 >= text.len || text.data[at] != ']' || text.data[at + 1] != '(')
        return 0;
    int depth = 0;
    for (size_t i = at + 1; i < text.len && text.data[i] != '\n'; i++) {
        depth += text.data[i] == '(';
        depth -= text.data[i] == ')';
        if (depth == 0)
            return i - at;
    }
    return 0;
}

static size_t pass_angle(struct buf *out, struct str text, size_t at)
{
    bool closing;
    size_t len;
    if (str_starts(str_slice(text, at, at + 4), STR("<!--"))) {
        ptrdiff_t end = str_find(text, STR("-->"), at + 4);
        return end < 0 ? text.len : (size_t)end + 3;
    }
    const struct tag *tag = tag_at(text, at, &closing, &len);
    if (!tag)
        return 0;
    leave(out, tag->leaves, closing);
    size_t behind = tag->leaves == DROPS_CONTENT && !closing ? behind_element(text, at + len, tag->name) : 0;
    return behind ? behind : at + len;
}

struct str markup_plain(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, text.len * 2 + 64);
    for (size_t at = 0; at < text.len;) {
        size_t next = text.data[at] == '<' ? pass_angle(&out, text, at) : 0, len = 0;
        if (!next && text.data[at] == '&')
            len = add_entity(&out, text, at);
        else if (!next && text.data[at] == ']')
            len = link_address(text, at);
        if (!next && len) {
            if (text.data[at] == ']')
                buf_add_char(&out, ']');
            next = at + len + (text.data[at] == ']');
        }
        if (!next) {
            buf_add_char(&out, text.data[at]);
            next = at + 1;
        }
        at = next;
    }
    struct str plain = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return plain;
}
