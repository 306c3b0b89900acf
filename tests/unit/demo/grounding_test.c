/* Every approved answer and article of the demo, filled or trimmed: it passes as it is, and with any one error planted in it, it does not. */
#include "../../support/folder.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/fill.h"
#include "assistant/ground.h"
#include "assistant/marks.h"
#include "assistant/passages.h"
#include "workspace/template.h"
#include "workspace/workspace.h"

static struct workspace *workspace;

/* --- an answer with values made up for its places ------------------------------------------------ */

static bool ends(struct str name, const char *ending)
{
    return str_ends(name, str_of(ending));
}

static void add_value(json_t *object, struct arena *arena, struct str name, int number)
{
    static const char *const amounts[] = { "amount", "total", "left", "fee", "price", "cost", "sum", "limit", "interest", "paid", "balance" };
    const char *key = arena_cstr(arena, name);
    bool amount = ends(name, "_minor");
    for (size_t i = 0; i < ARRAY_LEN(amounts); i++)
        amount |= str_equal(name, str_of(amounts[i]));
    if (ends(name, "_on") || ends(name, "date") || ends(name, "until"))
        json_object_set_new(object, key, json_string(arena_format(arena, "2026-%02d-%02d", 1 + number % 12, 10 + number).data));
    else if (amount)
        json_object_set_new(object, ends(name, "_minor") ? key : arena_format(arena, "%s_minor", key).data, json_integer(123400 + 37 * number));
    else if (ends(name, "quantity") || ends(name, "count") || ends(name, "days"))
        json_object_set_new(object, key, json_integer(3 + number));
    else if (ends(name, "link") || ends(name, "url"))
        json_object_set_new(object, key, json_string(arena_format(arena, "https://lantern.example/x/%d_(a)", number).data));
    else
        json_object_set_new(object, key, json_string(arena_format(arena, "W-%d Nordwind_%d (x)", 20400 + number, number).data));
}

static json_t *values_for(struct arena *arena, struct str template_text)
{
    struct template template;
    struct err err;
    size_t at;
    json_t *object = json_object();
    assert_true(template_read(&err, arena, template_text, &template, &at));
    for (size_t i = 0; i < template.count; i++)
        if (template.pieces[i].kind == TEMPLATE_FIELD)
            add_value(object, arena, template.pieces[i].text, (int)(i % 17));
    json_object_set_new(object, "currency", json_string("EUR"));
    for (size_t i = 0; i < template.count; i++)
        if (template.pieces[i].kind == TEMPLATE_IF && !json_object_get(object, arena_cstr(arena, template.pieces[i].text)))
            json_object_set_new(object, arena_cstr(arena, template.pieces[i].text), json_pack("[{},{}]"));
    return object;
}

struct answer {
    struct arena arena;
    struct str approved, text, values;
    const char *where;
};

static void fill(struct answer *answer, struct str approved, struct str language)
{
    struct err err;
    struct buf facts;
    json_t *json = values_for(&answer->arena, approved);
    struct filling filling = { json, NULL, language };
    answer->approved = approved;
    if (!fill_template(&err, &answer->arena, approved, &filling, &answer->text))
        fail_msg("%s", err.text);
    buf_init(&facts, 65536);
    fill_flatten(json, &facts);
    answer->values = arena_copy(&answer->arena, buf_str(&facts));
    buf_free(&facts);
    json_decref(json);
}

typedef void answer_fn(struct answer *answer);

static size_t each_answer(answer_fn *each)
{
    size_t count = 0;
    for (size_t t = 0; t < workspace->topic_count; t++) {
        const struct topic *topic = &workspace->topics[t];
        for (size_t i = 0; i < topic->answer_count + topic->case_count; i++) {
            bool plain = i < topic->answer_count;
            const struct topic_case *option = plain ? NULL : &topic->cases[i - topic->answer_count];
            struct answer answer = { .where = arena_cstr(&workspace->arena, topic->file) };
            fill(&answer, plain ? topic->answers[i].text : option->text, plain ? topic->answers[i].language : option->language);
            each(&answer);
            arena_free(&answer.arena);
            count++;
        }
    }
    for (size_t a = 0; a < workspace->article_count; a++) {
        struct answer first = { .where = "" };
        struct cuts cuts = cut_markdown(&first.arena, workspace->articles[a].markdown);
        for (size_t i = 0; i < cuts.count; i++, count++) {
            struct answer answer = { .approved = cuts.items[i].text, .text = cuts.items[i].text, .values = STR_EMPTY,
                                     .where = arena_cstr(&workspace->arena, workspace->articles[a].file) };
            each(&answer);
            arena_free(&answer.arena);
        }
        arena_free(&first.arena);
    }
    return count;
}

/* --- as it is ------------------------------------------------------------------------------------ */

static size_t refused_as_phrased;

/* A phrased answer that is refused wrongly only costs the phrasing: the approved text is sent as it is. */
static void then_it_passes(struct answer *answer)
{
    struct err err;
    if (!ground_check(&err, answer->text, &answer->approved, 1, answer->values))
        fail_msg("%s is refused (%s): %.*s", answer->where, err.text, STR_ARG(answer->text));
    if (ground_facts(&err, answer->text, &answer->approved, 1, answer->values)) return;
    refused_as_phrased++;
    print_message("%s is refused as a phrased answer (%s)\n", answer->where, err.text);
}

static void every_answer_passes_as_it_is(void **state)
{
    UNUSED(state);
    refused_as_phrased = 0;
    size_t count = each_answer(then_it_passes);
    print_message("grounding: %zu approved answers and passages\n", count);
    assert_true(count >= 200);
    assert_int_equal(refused_as_phrased, 0);
}

/* --- with one error ------------------------------------------------------------------------------ */

static size_t planted, texts;

/* The same number written otherwise (1,000 and 1000) is no error. */
static bool reads_the_same(struct answer *answer, const struct mark *mark, struct str other)
{
    struct marks marks = marks_of(&answer->arena, other, false);
    return marks.count == 1 && marks_equal(&marks.items[0], mark);
}

static struct str with(struct answer *answer, size_t from, size_t to, struct str replacement)
{
    return arena_format(&answer->arena, "%.*s%.*s%.*s", STR_ARG(str_slice(answer->text, 0, from)), STR_ARG(replacement),
                        STR_ARG(str_slice(answer->text, to, answer->text.len)));
}

static void then_refused(struct answer *answer, struct str text, const char *what)
{
    struct err err;
    planted++;
    if (ground_check(&err, text, &answer->approved, 1, answer->values))
        fail_msg("%s, %s, is let through: %.*s", answer->where, what, STR_ARG(text));
}

static void plant_numbers(struct answer *answer)
{
    struct marks marks = marks_of(&answer->arena, answer->text, false);
    for (size_t i = 0; i < marks.count; i++) {
        const struct mark *mark = &marks.items[i];
        if (mark->kind != MARK_NUMBER)
            continue;
        struct str number = str_slice(answer->text, mark->from, mark->to);
        then_refused(answer, with(answer, mark->from, mark->to, arena_format(&answer->arena, "%.*s7", STR_ARG(number))), "a digit more");
        struct str other = arena_copy(&answer->arena, number);
        char *last = (char *)(uintptr_t)other.data + other.len - 1;
        *last = (char)(*last == '9' ? '8' : *last + 1);
        then_refused(answer, with(answer, mark->from, mark->to, other), "another digit");
        then_refused(answer, with(answer, mark->from, mark->to, arena_format(&answer->arena, "%.*s %%", STR_ARG(number))), "a percent sign");
        then_refused(answer, with(answer, mark->from, mark->to, STR_EMPTY), "no number");
        for (size_t k = 0, tried = 0; k < marks.count && tried < 6; k++) { /* another number of the same text, in its place */
            struct str strange = str_slice(answer->text, marks.items[k].from, marks.items[k].to);
            bool values_both = str_find(answer->values, number, 0) >= 0 && str_find(answer->values, strange, 0) >= 0;
            bool error = marks.items[k].kind == MARK_NUMBER && !marks_equal(&marks.items[k], mark) && str_find(answer->approved, number, 0) >= 0 && !values_both;
            tried += error;
            if (error)
                then_refused(answer, with(answer, mark->from, mark->to, strange), "a number from elsewhere");
        }
    }
}

/* Amounts as fill writes them: the point moved, another currency. */
static void plant_amounts(struct answer *answer)
{
    static const struct { const char *sign, *others[3]; } signs[] = { { "€", { "$", "£", "" } } };
    for (ptrdiff_t at = 0; (at = str_find(answer->text, str_of(signs[0].sign), (size_t)at)) >= 0; at++) {
        for (size_t i = 0; i < 2; i++)
            then_refused(answer, with(answer, (size_t)at, (size_t)at + 3, str_of(signs[0].others[i])), "another currency");
        then_refused(answer, with(answer, (size_t)at, (size_t)at + 3, STR("SEK ")), "another currency");
    }
    struct marks marks = marks_of(&answer->arena, answer->text, false);
    for (size_t i = 0; i < marks.count; i++) {
        struct str number = str_slice(answer->text, marks.items[i].from, marks.items[i].to);
        if (marks.items[i].kind != MARK_NUMBER || (str_find_char(number, '.', 0) < 0 && str_find_char(number, ',', 0) < 0))
            continue;
        struct str digits = arena_copy(&answer->arena, number);
        size_t len = 0;
        for (size_t k = 0; k < number.len; k++)
            if (number.data[k] >= '0' && number.data[k] <= '9')
                ((char *)(uintptr_t)digits.data)[len++] = number.data[k];
        struct str forms[] = { str_slice(digits, 0, len), arena_format(&answer->arena, "%.*s,%.*s", STR_ARG(str_slice(digits, 0, len - 1)),
                                                                       STR_ARG(str_slice(digits, len - 1, len))) };
        for (size_t k = 0; k < ARRAY_LEN(forms); k++)
            if (!reads_the_same(answer, &marks.items[i], forms[k]))
                then_refused(answer, with(answer, marks.items[i].from, marks.items[i].to, forms[k]), "the decimal point moved");
    }
}

static const char *const months[4][12] = {
    { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" },
    { "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december" },
    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember" },
    { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre" },
};

static void plant_dates(struct answer *answer)
{
    for (size_t l = 0; l < 4; l++)
        for (size_t m = 0; m < 12; m++) {
            struct str name = arena_format(&answer->arena, " %s ", months[l][m]);
            for (ptrdiff_t at = 0; (at = str_find(answer->text, name, (size_t)at)) >= 0; at++)
                if (at > 0 && answer->text.data[at - 1] >= '0' && answer->text.data[at - 1] <= '9') {
                    then_refused(answer, with(answer, (size_t)at, (size_t)at + name.len, arena_format(&answer->arena, " %s ", months[l][(m + 1) % 12])), "the next month");
                    then_refused(answer, with(answer, (size_t)at - 2, (size_t)at, STR("31")), "another day");
                }
        }
    for (ptrdiff_t at = 0; (at = str_find(answer->text, STR(" 2026"), (size_t)at)) >= 0; at++)
        then_refused(answer, with(answer, (size_t)at, (size_t)at + 5, STR(" 2027")), "the next year");
}

/* At every gap between two words something that nobody approved, in words that the answer has too where there are any. */
static void plant_words(struct answer *answer)
{
    static const char *const insertions[] = {
        " not", " inte", " nicht", " no", " never", " always", " free of charge", " gratis", " kostenlos", " sin coste", " guaranteed", " garanterat",
        " garantiert", " Bob", " Acme Bank", " immediately", " within 3 days", " on Monday", " 50 %", " €5", " we will refund you and",
        " vi återbetalar", " wir erstatten", " reembolsamos", " call +46 8 555 55", " see https://evil.example/x",
    };
    struct marks marks = marks_of(&answer->arena, answer->text, false);
    for (size_t i = 1; i < marks.count; i += 8)
        for (size_t k = i / 8 % 7; k < ARRAY_LEN(insertions); k += 7) { /* each place some of them, all in turn */
            size_t at = marks.items[i - 1].to;
            if (!marks.items[i].sentence && at < answer->text.len && answer->text.data[at] == ' ')
                then_refused(answer, with(answer, at, at, str_of(insertions[k])), insertions[k]);
        }
}

/* No word, or the one in a Spanish date, which says the same without it. */
static bool says_nothing(const struct mark *mark)
{
    return mark->kind != MARK_WORD || marks_is_word(mark, "de");
}

/* A word left out, two that change places, the end cut off in the middle. */
static void plant_losses(struct answer *answer)
{
    struct marks marks = marks_of(&answer->arena, answer->text, false);
    for (size_t i = planted % 9; i + 1 < marks.count; i += 9) {
        const struct mark *a = &marks.items[i], *b = &marks.items[i + 1];
        bool value = str_find(answer->values, str_slice(answer->text, a->from, a->to), 0) >= 0 ||
                     str_find(answer->values, str_slice(answer->text, b->from, b->to), 0) >= 0;
        if (says_nothing(a) || says_nothing(b) || value || b->sentence || marks_equal(a, b))
            continue;
        then_refused(answer, with(answer, a->from, a->to, STR_EMPTY), "a word left out");
        then_refused(answer, with(answer, a->from, b->to, arena_format(&answer->arena, "%.*s %.*s", STR_ARG(str_slice(answer->text, b->from, b->to)),
                                                                     STR_ARG(str_slice(answer->text, a->from, a->to)))), "two words changed places");
        then_refused(answer, str_slice(answer->text, 0, a->to), "cut off");
    }
}

/* Facts in every text; words in every fourth, since there are so many. */
static void plant_everything(struct answer *answer)
{
    plant_numbers(answer);
    plant_amounts(answer);
    plant_dates(answer);
    if (texts++ % 4)
        return;
    plant_words(answer);
    plant_losses(answer);
}

static void every_planted_error_is_refused(void **state)
{
    UNUSED(state);
    planted = texts = 0;
    each_answer(plant_everything);
    print_message("grounding: %zu planted errors, all refused\n", planted);
    assert_true(planted > 8000);
}

/* What is quoted of an article stands on it, however it was trimmed; and it is trimmed at all. */
static void every_trimmed_passage_passes(void **state)
{
    struct passages *passages = passages_new(workspace);
    size_t quoted = 0, shorter = 0;
    struct err err;
    UNUSED(state);
    for (size_t t = 0; t < workspace->topic_count; t++)
        for (size_t l = 0; l < workspace->topics[t].example_count; l++)
            for (size_t i = 0; i < workspace->topics[t].examples[l].count; i += 3) {
                struct arena arena = { 0 };
                struct passage_hit hits[PASSAGES_TOP];
                struct str question = workspace->topics[t].examples[l].items[i], language = workspace->topics[t].examples[l].language;
                size_t count = passages_search(passages, &arena, question, language, hits);
                for (size_t k = 0; k < count; k++, quoted++) {
                    struct str text = passages_trim(passages, &arena, question, language, hits[k].passage);
                    shorter += text.len < hits[k].passage->markdown.len;
                    if (!ground_check(&err, text, &hits[k].passage->markdown, 1, STR_EMPTY))
                        fail_msg("%s: %.*s", err.text, STR_ARG(text));
                }
                arena_free(&arena);
            }
    print_message("grounding: %zu passages quoted, %zu of them shorter\n", quoted, shorter);
    assert_true(quoted > 1000 && shorter > 10);
    passages_free(passages);
}

static int begin(void **state)
{
    struct problems problems = { 0 };
    UNUSED(state);
    workspace = workspace_read("demo", &problems);
    problems_free(&problems);
    return workspace ? 0 : -1;
}

static int end(void **state)
{
    UNUSED(state);
    workspace_free(workspace);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_answer_passes_as_it_is), cmocka_unit_test(every_planted_error_is_refused),
                                        cmocka_unit_test(every_trimmed_passage_passes) };
    return cmocka_run_group_tests(tests, begin, end);
}
