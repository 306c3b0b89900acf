#include "assistant/trim.h"

#include "assistant/cut.h"
#include "assistant/marks.h"

#define WORTH_IT 0.75   /* a trimmed passage has at most this share of the whole */
#define SHORT_LIST 3    /* items that are not worth choosing among */
#define SHORT_BYTES 300 /* of a paragraph that is not worth taking apart */

/* A sentence, an item, or a block that is never taken apart. */
struct piece {
    struct str text;
    uint64_t matched;
    size_t block;
    bool item, tied; /* tied: stays and goes with the piece before it */
    bool condition;  /* it takes something back, or says when */
    bool keep;
    struct marks marks;
};

struct pieces {
    struct piece *items;
    size_t count, room;
    struct arena *arena;
    struct str language;
    trim_match_fn *match;
    void *context;
    size_t block;
};

static bool has_word(const struct marks *marks, struct str language, bool (*is)(struct str language, struct str word))
{
    for (size_t i = 0; i < marks->count; i++)
        if (marks->items[i].kind == MARK_WORD && is(language, marks->items[i].text))
            return true;
    return false;
}

static void add_piece(struct pieces *pieces, struct str text, bool item, bool tied)
{
    text = str_trim(text);
    if (text.len == 0)
        return;
    if (pieces->count == pieces->room)
        ARENA_GROW(pieces->arena, pieces->items, pieces->room, 32);
    struct piece *piece = &pieces->items[pieces->count++];
    *piece = (struct piece){ .text = text, .block = pieces->block, .item = item, .tied = tied };
    piece->matched = pieces->match(pieces->context, text);
    piece->marks = marks_of(pieces->arena, text, false);
    piece->condition = has_word(&piece->marks, pieces->language, trim_is_condition);
}

/* At what was said before: "This ...", or beginning as that does ("For one plan ... For the other ..."). */
static bool points_back(const struct pieces *pieces, struct str text)
{
    struct marks marks = marks_of(pieces->arena, text, false);
    const struct marks *before = pieces->count ? &pieces->items[pieces->count - 1].marks : NULL;
    return marks.count == 0 || marks.items[0].kind != MARK_WORD || trim_points_back(pieces->language, marks.items[0].text) ||
           (before && before->count && marks_equal(&before->items[0], &marks.items[0]));
}

/* --- taking apart ------------------------------------------------------------------------------- */

/* Up to the empty line: *kind says of what lines it is made. */
enum block_kind { BLOCK_PARAGRAPH, BLOCK_LIST, BLOCK_STEPS, BLOCK_OTHER };

static enum block_kind kind_of(struct str block)
{
    struct str rest = block, line;
    str_split(&rest, '\n', &line);
    struct str first = str_trim(line);
    if (cut_is_item(line))
        return first.data[0] >= '0' && first.data[0] <= '9' ? BLOCK_STEPS : BLOCK_LIST;
    while (str_split(&rest, '\n', &line))
        if (cut_is_item(line))
            return BLOCK_OTHER; /* a list without an empty line before it */
    return str_starts(first, STR("```")) || str_starts(first, STR("~~~")) || str_starts(first, STR("|")) || str_starts(first, STR(">")) ||
           str_starts(line, STR("    ")) ? BLOCK_OTHER : BLOCK_PARAGRAPH;
}

static void add_sentences(struct pieces *pieces, struct str block, bool tied)
{
    struct marks marks = marks_of(pieces->arena, block, false);
    size_t from = 0;
    if (block.len <= SHORT_BYTES || has_word(&marks, pieces->language, trim_is_condition)) { /* one may be the condition of another */
        add_piece(pieces, block, false, tied);
        return;
    }
    for (size_t i = 1; i < marks.count; i++) {
        if (!marks.items[i].sentence)
            continue;
        size_t to = marks.items[i].from; /* back over what opens the sentence: *bold*, "quote", (bracket) */
        while (to > from && !strchr(" \n", block.data[to - 1]))
            to--;
        add_piece(pieces, str_slice(block, from, to), false, tied || (from > 0 && points_back(pieces, str_slice(block, from, to))));
        tied = false;
        from = to;
    }
    add_piece(pieces, str_slice(block, from, block.len), false, tied || (from > 0 && points_back(pieces, str_slice(block, from, block.len))));
}

/* An item with its further lines. */
static void add_items(struct pieces *pieces, struct str block)
{
    struct str rest = block, line;
    const char *from = block.data;
    while (str_split(&rest, '\n', &line)) {
        bool nested = line.len && line.data[0] == ' ';
        if (!cut_is_item(line) || nested || line.data == from)
            continue;
        add_piece(pieces, str_make(from, (size_t)(line.data - from)), true, false);
        from = line.data;
    }
    add_piece(pieces, str_make(from, (size_t)(block.data + block.len - from)), true, false);
}

static size_t count_items(struct str block)
{
    struct str rest = block, line;
    size_t count = 0;
    while (str_split(&rest, '\n', &line))
        count += cut_is_item(line) && line.data[0] != ' ';
    return count;
}

/* A list may be chosen from if its items are alternatives: a line leads into it that does not want all of them. */
static void add_block(struct pieces *pieces, struct str block)
{
    const struct piece *lead = pieces->count ? &pieces->items[pieces->count - 1] : NULL;
    bool leads = lead && str_ends(lead->text, STR(":"));
    bool choice = !lead || (leads && !has_word(&lead->marks, pieces->language, trim_is_collective));
    enum block_kind kind = kind_of(block);
    pieces->block++;
    if (kind == BLOCK_LIST && choice && count_items(block) > SHORT_LIST)
        add_items(pieces, block);
    else if (kind == BLOCK_PARAGRAPH)
        add_sentences(pieces, block, lead && points_back(pieces, block));
    else
        add_piece(pieces, block, leads, lead && !leads);
}

static void take_apart(struct pieces *pieces, struct str markdown)
{
    struct str rest = markdown, line;
    const char *from = markdown.data, *end = from;
    bool fenced = false;
    while (str_split(&rest, '\n', &line)) {
        struct str trimmed = str_trim(line);
        if (str_starts(trimmed, STR("```")) || str_starts(trimmed, STR("~~~")))
            fenced = !fenced;
        end = line.data + line.len;
        if (trimmed.len || fenced)
            continue;
        struct str block = str_trim(str_make(from, (size_t)(line.data - from)));
        if (block.len)
            add_block(pieces, block);
        from = end;
    }
    struct str block = str_trim(str_make(from, (size_t)(end - from)));
    if (block.len)
        add_block(pieces, block);
}

/* --- choosing ----------------------------------------------------------------------------------- */

/* The line that leads into the list of an item; the item's own place if there is none. */
static size_t lead_of(const struct pieces *pieces, size_t item)
{
    size_t at = item;
    while (at > 0 && pieces->items[at].item && pieces->items[at - 1].block == pieces->items[item].block)
        at--;
    return at > 0 && str_ends(pieces->items[at - 1].text, STR(":")) ? at - 1 : item;
}

/* Two words that begin alike: return, returns, returned. */
static bool is_like(const struct mark *a, const struct mark *b)
{
    return a->kind == MARK_WORD && b->kind == MARK_WORD && a->text.len >= 5 && b->text.len >= 5 && memcmp(a->text.data, b->text.data, 5) == 0;
}

static bool share_a_word(const struct piece *a, const struct piece *b)
{
    for (size_t i = 0; i < a->marks.count; i++)
        for (size_t k = 0; k < b->marks.count; k++)
            if (is_like(&a->marks.items[i], &b->marks.items[k]))
                return true;
    return false;
}

/* A condition of something that is kept: it may take back what that says. */
static bool is_about_what_is_kept(const struct pieces *pieces, const struct piece *condition)
{
    for (size_t i = 0; i < pieces->count; i++)
        if (pieces->items[i].keep && !pieces->items[i].item && share_a_word(condition, &pieces->items[i]))
            return true;
    return false;
}

/* Until nothing changes: a kept piece keeps what it is tied to, before and behind it. */
static void keep_ties(struct pieces *pieces)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < pieces->count; i++) {
            struct piece *piece = &pieces->items[i];
            size_t lead = piece->item ? lead_of(pieces, i) : i;
            if (piece->keep && !pieces->items[lead].keep)
                changed = pieces->items[lead].keep = true;
            if (i > 0 && piece->tied && piece->keep != pieces->items[i - 1].keep)
                changed = piece->keep = pieces->items[i - 1].keep = true;
            if (!piece->keep && piece->condition && !piece->item && is_about_what_is_kept(pieces, piece))
                changed = piece->keep = true;
        }
    }
}

/* A line that leads into a list says nothing without an item of it: then all of them. */
static void keep_lists(struct pieces *pieces)
{
    for (size_t i = 0; i + 1 < pieces->count; i++) {
        bool leads = pieces->items[i].keep && str_ends(pieces->items[i].text, STR(":")) && pieces->items[i + 1].item, any = false;
        for (size_t k = i + 1; leads && k < pieces->count && pieces->items[k].block == pieces->items[i + 1].block; k++)
            any |= pieces->items[k].keep;
        for (size_t k = i + 1; leads && !any && k < pieces->count && pieces->items[k].block == pieces->items[i + 1].block; k++)
            pieces->items[k].keep = true;
    }
}

/* All that have any of the question's words, and what belongs to them. */
static void choose(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++)
        pieces->items[i].keep = pieces->items[i].matched != 0;
    keep_ties(pieces);
    keep_lists(pieces);
    keep_ties(pieces);
}

static struct str put_together(struct arena *arena, const struct pieces *pieces, size_t room)
{
    char *out = arena_take(arena, room + pieces->count * 2 + 1), *at = out;
    const struct piece *last = NULL;
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        if (!piece->keep)
            continue;
        const char *between = !last ? "" : last->block != piece->block ? "\n\n" : piece->item ? "\n" : " ";
        at = stpcpy(at, between);
        memcpy(at, piece->text.data, piece->text.len);
        at += piece->text.len;
        last = piece;
    }
    return str_make(out, (size_t)(at - out));
}

struct str trim_passage(struct arena *arena, struct str markdown, struct str language, trim_match_fn *match, void *context)
{
    struct pieces pieces = { .arena = arena, .language = language, .match = match, .context = context };
    if (!trim_knows(language))
        return markdown;
    take_apart(&pieces, markdown);
    choose(&pieces);
    struct str trimmed = put_together(arena, &pieces, markdown.len);
    return trimmed.len > 0 && (double)trimmed.len <= WORTH_IT * (double)markdown.len ? trimmed : markdown;
}
