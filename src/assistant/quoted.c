#include "assistant/quoted.h"

/* The sources' marks one behind the other; a place in this row is where the next mark must fit. Behind
 * each source is one place more, its end. */
struct row {
    const struct mark **marks; /* NULL at an end */
    bool *begins;              /* a sentence begins here, or a template's block */
    uint32_t *blocks;          /* the number of the paragraph or item */
    size_t count;
};

/* The places that the text read so far may have come to. */
struct places {
    uint32_t *items;
    size_t count, room;
};

struct following {
    struct arena *arena;
    struct row row;
    struct places *steps; /* of each mark of the text, and one more: where it may be read on */
    size_t *seen;         /* of each place: the last step at which it was looked at, plus one */
};

static struct row row_of(struct arena *arena, const struct marks *sources, size_t source_count)
{
    struct row row = { .count = 0 };
    for (size_t s = 0; s < source_count; s++)
        row.count += sources[s].count + 1;
    row.marks = ARENA_NEW_ARRAY(arena, const struct mark *, row.count + 1);
    row.begins = ARENA_NEW_ARRAY(arena, bool, row.count + 1);
    row.blocks = ARENA_NEW_ARRAY(arena, uint32_t, row.count + 1);
    size_t at = 0;
    uint32_t block = 0;
    for (size_t s = 0; s < source_count; s++) {
        for (size_t i = 0; i < sources[s].count; i++, at++) {
            const struct mark *mark = &sources[s].items[i];
            row.marks[at] = mark;
            block += mark->block;
            row.blocks[at] = block;
            row.begins[at] = mark->sentence || mark->kind == MARK_BLOCK || (i > 0 && mark[-1].kind == MARK_BLOCK);
        }
        row.blocks[at] = ++block;
        row.begins[at++] = true; /* the end */
    }
    return row;
}

static void add_place(struct following *following, struct places *places, uint32_t place)
{
    if (places->count == places->room)
        ARENA_GROW(following->arena, places->items, places->room, 8);
    places->items[places->count++] = place;
}

/* Behind the opening of the block that this closes: a list is said once for each of its items. */
static uint32_t opening_of(const struct row *row, uint32_t place)
{
    struct str name = row->marks[place]->text;
    for (uint32_t at = place; at > 0 && row->marks[at - 1]; at--)
        if (row->marks[at - 1]->kind == MARK_BLOCK && str_equal(str_slice(row->marks[at - 1]->text, 3, SIZE_MAX), str_slice(name, 3, name.len)))
            return at;
    return place + 1;
}

static void add_once(struct following *following, struct places *once, uint32_t place, size_t step)
{
    if (following->seen[place] == step + 1)
        return;
    following->seen[place] = step + 1;
    add_place(following, once, place);
}

/* Where a sentence ended before this place: the later ones of its paragraph. */
static void add_later(struct following *following, struct places *once, uint32_t place, size_t step)
{
    const struct row *row = &following->row;
    uint32_t block = place > 0 ? row->blocks[place - 1] : 0;
    for (uint32_t later = place; place > 0 && later < row->count && (later == place || row->blocks[later] == block); later++)
        if (row->begins[later])
            add_once(following, once, later, step);
}

/* Each place once, template's blocks passed; and where a sentence ends, the beginnings of others. True if one ends. */
static bool settle(struct following *following, size_t step, bool new_block)
{
    struct places *places = &following->steps[step], once = { .count = 0 };
    const struct row *row = &following->row;
    bool ended = step == 0;
    for (size_t i = 0; i < places->count; i++)
        add_once(following, &once, places->items[i], step);
    for (size_t i = 0; i < once.count; i++) {
        uint32_t place = once.items[i];
        const struct mark *mark = row->marks[place];
        ended |= row->begins[place];
        if (mark && mark->kind == MARK_BLOCK) {
            add_once(following, &once, place + 1, step);
            if (str_starts(mark->text, STR("{{/")))
                add_once(following, &once, opening_of(row, place), step);
        }
        if (row->begins[place])
            add_later(following, &once, place, step);
    }
    for (uint32_t place = 0; ended && new_block && place < row->count; place++)
        if (row->begins[place])
            add_once(following, &once, place, step);
    *places = once;
    return ended;
}

static void follow(struct following *following, const struct quoted *quoted, size_t step, size_t *run)
{
    const struct places places = following->steps[step];
    while (*run < quoted->run_count && quoted->runs[*run].from < step)
        (*run)++;
    for (size_t i = 0; i < places.count; i++) {
        const struct mark *wanted = following->row.marks[places.items[i]];
        if (!wanted)
            continue;
        for (size_t r = *run; wanted->kind == MARK_GAP && r < quoted->run_count && quoted->runs[r].from == step; r++)
            add_place(following, &following->steps[step + quoted->runs[r].len], places.items[i] + 1);
        if (marks_equal(wanted, &quoted->text->items[step]))
            add_place(following, &following->steps[step + 1], places.items[i] + 1);
    }
}

bool quoted_is(struct arena *arena, const struct quoted *quoted, size_t *stuck)
{
    size_t count = quoted->text->count, run = 0;
    struct following following = { .arena = arena, .row = row_of(arena, quoted->sources, quoted->source_count) };
    following.steps = ARENA_NEW_ARRAY(arena, struct places, count + 1);
    following.seen = ARENA_NEW_ARRAY(arena, size_t, following.row.count + 1);
    *stuck = 0;
    for (size_t step = 0; step < count; step++) {
        settle(&following, step, step == 0 || quoted->text->items[step].block);
        if (following.steps[step].count)
            *stuck = step;
        follow(&following, quoted, step, &run);
    }
    return settle(&following, count, false);
}
