#include "assistant/wants_human_judge.h"

static uint64_t bit(unsigned at)
{
    return (uint64_t)1 << at;
}

/* Positions that words may stand at. */
static uint64_t taken(const struct window *window)
{
    return bit(window->count) - 1;
}

/* Positions at which a sentence or a part of it is over: full stop, word behind a comma, end of the text. */
static uint64_t ends(const struct window *window)
{
    return window->breaks | window->commas | (window->last ? bit(window->count) : 0);
}

/* From the places where a piece may begin to those where the next one may. */
static uint64_t advance(struct window *window, const struct heard_piece *piece, uint64_t from)
{
    uint64_t words = piece->kind == PIECE_GAP ? taken(window) & ~window->breaks : window->classes[piece->class], next = from;
    window->steps++;
    switch ((enum heard_piece_kind)piece->kind) {
    case PIECE_ONE: return (from & words) << 1;
    case PIECE_OR_END: return (from & words) << 1 | (from & ends(window));
    case PIECE_UP_TO:
    case PIECE_GAP:
        for (unsigned i = 0; i < piece->max && (next & words); i++, window->steps++) {
            next = (next & words) << 1;
            from |= next;
        }
        return from;
    case PIECE_NOT: return from & ~words & (window->last ? taken(window) | bit(window->count) : taken(window));
    case PIECE_START: return from & window->starts;
    default: return from & ends(window);
    }
}

/* Where the rule may end; `places` (or NULL) gets where each piece may begin, one more at the end. */
static uint64_t follow(struct window *window, const struct heard_rule *rule, uint64_t from, uint64_t *places)
{
    for (unsigned i = 0; i < rule->count && from; i++) {
        if (places) places[i] = from;
        from = advance(window, &heard_pieces[rule->pieces + i], from);
    }
    if (places && from) places[rule->count] = from;
    return from;
}

/* The words that must be there in matches of the rule, from their ends back to their beginnings. */
static uint64_t covered(struct window *window, const struct heard_rule *rule, const uint64_t *places)
{
    uint64_t at = places[rule->count], all = 0;
    for (unsigned i = rule->count; i-- > 0;) {
        const struct heard_piece *piece = &heard_pieces[rule->pieces + i];
        uint64_t words = piece->kind == PIECE_GAP ? taken(window) & ~window->breaks : window->classes[piece->class];
        unsigned most = piece->kind <= PIECE_GAP ? piece->max : 0;
        uint64_t back = piece->kind == PIECE_ONE ? 0 : at, step = at;
        for (unsigned k = 0; k < most; k++, window->steps++) {
            step = step >> 1 & words;
            back |= step;
        }
        at = back & places[i];
        if (piece->kind == PIECE_ONE) all |= at;
    }
    return all;
}

void judge_near_misses(struct window *window)
{
    uint64_t places[HEARD_PIECES_MAX + 1], away = 0;
    for (size_t t = 0; t < window->touched_count; t++) {
        uint16_t class = window->touched[t];
        for (unsigned i = heard_anchors[class]; i < heard_anchors[class + 1]; i++) {
            const struct heard_rule *rule = &heard_rules[heard_anchored[i]];
            window->steps++;
            if (rule->kind == HEARD_NEAR_MISS && follow(window, rule, taken(window), places)) away |= covered(window, rule, places);
        }
    }
    window->near_miss |= away != 0;
    for (size_t t = 0; away && t < window->touched_count; t++) window->classes[window->touched[t]] &= ~away;
}

void judge_kinds(struct window *window, struct judgement *judgement)
{
    for (size_t t = 0; t < window->touched_count; t++) {
        uint16_t class = window->touched[t];
        if (!window->classes[class]) continue;
        for (unsigned i = heard_anchors[class]; i < heard_anchors[class + 1]; i++) {
            const struct heard_rule *rule = &heard_rules[heard_anchored[i]];
            window->steps++;
            if (rule->kind == HEARD_NEAR_MISS || rule->kind >= HEARD_KIND_COUNT) continue;
            if (judgement->languages[rule->kind] >> rule->language & 1 || !follow(window, rule, taken(window), NULL)) continue;
            judgement->kinds |= bit(rule->kind);
            judgement->languages[rule->kind] |= (uint32_t)1 << rule->language;
            if (!judgement->heaviest || rule->kind < judgement->heaviest->kind) judgement->heaviest = rule;
        }
    }
}

/* Calls for each rule of a kind from `from` to `to` that the window could fulfil. */
static uint64_t follow_kinds(struct window *window, unsigned from, unsigned to, uint64_t begin, struct beside *beside)
{
    uint64_t reached = 0;
    for (size_t t = 0; t < window->touched_count; t++) {
        uint16_t class = window->touched[t];
        for (unsigned i = heard_anchors[class]; i < heard_anchors[class + 1]; i++) {
            const struct heard_rule *rule = &heard_rules[heard_anchored[i]];
            window->steps++;
            if (rule->kind < from || rule->kind > to) continue;
            uint64_t ends_at = follow(window, rule, begin, NULL);
            if (!ends_at) continue;
            beside->kinds |= bit(rule->kind);
            beside->languages[rule->kind] |= (uint32_t)1 << rule->language;
            reached |= ends_at;
        }
    }
    return reached;
}

/* Places that a row of remarks reaches from the beginning, over full stops, until it gets no farther. */
bool judge_remarks(struct window *window, struct beside *beside)
{
    uint64_t reached = 1, before = 0;
    if (!window->whole || !window->last) return false;
    while (reached != before) {
        before = reached;
        reached |= (reached & window->breaks) << 1;
        reached |= follow_kinds(window, HEARD_REMARK_ABUSE, HEARD_REMARK_FILLER, reached, beside);
    }
    return beside->kinds && reached >> window->count & 1;
}

bool judge_abuse(struct window *window)
{
    struct beside beside = { 0 };
    return follow_kinds(window, HEARD_REMARK_ABUSE, HEARD_REMARK_ABUSE, taken(window), &beside);
}
