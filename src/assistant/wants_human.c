/* wants_human.c - does the customer want, or need, a person? Tables and sets of bits; no model, no memory. */
#include "assistant/assistant.h"
#include "assistant/wants_human_judge.h"

static const uint8_t via_of[HEARD_KIND_COUNT] = {
#define X(kind, name, via) [HEARD_KIND_##kind] = HEARD_##via,
    HEARD_KINDS(X)
#undef X
};

static const char *const kind_names[HEARD_COUNT] = {
    [HEARD_NEAR_MISS] = "",
#define X(kind, name, via) [HEARD_KIND_##kind] = name,
    HEARD_KINDS(X)
#undef X
#define X(remark, name) [HEARD_REMARK_##remark] = name,
    HEARD_REMARKS(X)
#undef X
};

static void judge(void *context, struct window *window)
{
    judge_near_misses(window);
    judge_kinds(window, context);
}

static void take_over(struct heard *heard, const struct judgement *judgement)
{
    const struct heard_rule *rule = judgement->heaviest;
    if (!rule) return;
    heard->kinds = judgement->kinds;
    heard->kind = rule->kind;
    heard->via = via_of[rule->kind];
    heard->language = str_of(heard_languages[rule->language]);
    heard->languages = judgement->languages[rule->kind];
    heard->line = rule->line;
}

/* Nothing but insults is no complaint yet: it is answered calmly, once (decide.c). */
static void let_off_steam(struct heard *heard, struct window *window)
{
    uint64_t mild = (uint64_t)1 << HEARD_KIND_OUTRAGE | (uint64_t)1 << HEARD_KIND_NOT_HELPED;
    struct beside beside = { 0 };
    if (!heard->via || heard->kinds & ~mild || !judge_remarks(window, &beside)) return;
    if (beside.kinds >> HEARD_REMARK_ABUSE & 1)
        *heard = (struct heard){ .language = STR_EMPTY };
}

/* What no rule heard may still sound like something. */
static void weigh(struct heard *heard, struct window *window)
{
    const struct ear *ear = &window->ear;
    static const uint8_t kinds[EAR_COUNT] = {
        [EAR_WORDS] = HEARD_KIND_PERSON, [EAR_COMPLAINT] = HEARD_KIND_COMPLAINT, [EAR_VULNERABLE] = HEARD_KIND_CARE,
        [EAR_HARM] = HEARD_KIND_DANGER_HARM, [EAR_FRAUD] = HEARD_KIND_DANGER_FRAUD,
    };
    struct beside beside = { 0 };
    if (heard->via || window->near_miss || ear->excess <= 0 || judge_remarks(window, &beside)) return;
    heard->kind = kinds[ear->heard];
    heard->via = via_of[heard->kind];
    heard->kinds = (uint64_t)1 << heard->kind;
}

struct heard heard_counting(struct str text, uint64_t *steps)
{
    struct judgement judgement = { .heaviest = NULL };
    struct heard heard = { .language = STR_EMPTY };
    struct window window;
    wants_human_listen(text, &window, judge, &judgement);
    take_over(&heard, &judgement);
    let_off_steam(&heard, &window);
    weigh(&heard, &window);
    *steps = window.steps + window.ear.steps;
    return heard;
}

struct heard heard_in(struct str text)
{
    uint64_t steps;
    return heard_counting(text, &steps);
}

static void judge_beside(void *context, struct window *window)
{
    struct heard_remark *heard = context;
    struct beside beside = { 0 };
    heard->abuse |= judge_abuse(window);
    if (!judge_remarks(window, &beside)) return;
    heard->remark = (unsigned)__builtin_ctzll(beside.kinds);
    heard->languages = beside.languages[heard->remark];
}

struct heard_remark heard_remark_in(struct str text)
{
    struct heard_remark heard = { HEARD_NEAR_MISS, false, 0 };
    struct window window;
    wants_human_listen(text, &window, judge_beside, &heard);
    return heard;
}

bool heard_speaks(uint32_t languages, struct str language)
{
    for (unsigned i = 0; i < heard_language_count; i++)
        if (languages >> i & 1 && str_starts(language, str_of(heard_languages[i]))) return true;
    return false;
}

struct str heard_via_name(enum heard_via via)
{
    static const char *const names[] = { "", "words", "complaint", "vulnerable", "danger" };
    return str_of(names[via]);
}

struct str heard_kind_name(enum heard_kind kind)
{
    return str_of(kind_names[kind]);
}

struct str wants_human(struct str text)
{
    return heard_via_name(heard_in(text).via);
}
