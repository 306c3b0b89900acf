/* What it brings when agents confirm: of the questions that nobody trained on, half are taught as agents would
 * teach them, and all are asked before and after; then the halves change places. Prints the figures, those of the
 * taught half and of the other one apart: each of these questions was written to be unlike the rest. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "privacy/personal.h"
#include "workspace/learned.h"

#define ASKED_MAX 1000
#define GAIN_WANTED 5 /* points of a hundred, at least, of first hits of all questions */
#define LOSS_ALLOWED 2 /* of those that were not taught themselves: two models differ in one of ten lines, so chance alone is 1 */

struct line {
    struct str topic, text;
};

static struct workspace *workspace;
static struct line lines[ASKED_MAX];
static size_t line_count;
static struct arena arena;

static int read_demo(void **state)
{
    struct problems problems = { 0 };
    struct str rest = file_read(&arena, "tests/unit/demo/paraphrases.tsv"), text;
    UNUSED(state);
    workspace = workspace_read("demo", &problems);
    problems_free(&problems);
    while (str_split(&rest, '\n', &text)) {
        if (!text.len || text.data[0] == '#') continue;
        must(line_count < ASKED_MAX);
        struct line *line = &lines[line_count++];
        must(str_split(&text, '\t', &line->topic));
        line->text = text;
    }
    return workspace ? 0 : -1;
}

static int forget(void **state)
{
    UNUSED(state);
    workspace_free(workspace);
    arena_free(&arena);
    return 0;
}

struct figures {
    size_t asked, hits; /* hits: the right topic at the first go */
};

static void ask(const struct assistant *assistant, const struct line *line, struct figures *figures)
{
    struct arena scratch = { 0 };
    struct reply reply;
    struct question question = { .text = line->text, .language = STR("en"), .failed_turns_max = 2, .customer_id = STR_EMPTY,
                                 .customer_name = STR_EMPTY, .dialogue = STR_EMPTY, .key = STR("t1") };
    assistant_decide(assistant, &question, &scratch, &reply);
    figures->asked++;
    figures->hits += str_equal(reply.topic, line->topic);
    arena_free(&scratch);
}

/* Asks the lines of the half with this remainder. */
static void ask_half(const struct workspace *from, size_t half, struct figures *figures)
{
    struct err err;
    struct assistant *assistant = assistant_new(&err, from);
    assert_non_null(assistant);
    for (size_t i = half; i < line_count; i += 2) ask(assistant, &lines[i], figures);
    assistant_free(assistant);
}

static double first_hit(const struct figures *figures)
{
    return 100.0 * (double)figures->hits / (double)figures->asked;
}

static void print(const char *when, const struct figures *figures)
{
    print_message("%-26s first hit %.1f %% of %zu\n", when, first_hit(figures), figures->asked);
}

/* As an agent confirms them: without what is personal. */
static struct workspace *taught(size_t half)
{
    struct learned_wording wordings[ASKED_MAX];
    size_t count = 0;
    for (size_t i = half; i < line_count; i += 2)
        wordings[count++] = (struct learned_wording){ false, lines[i].topic, STR("en"),
                                                      personal_mask(&arena, lines[i].text, NULL, 0, LIMIT_PARAPHRASE) };
    return learned_workspace(workspace, wordings, count);
}

static void what_agents_confirm_lifts_the_first_hit(void **state)
{
    struct figures before = { 0 }, taught_ones = { 0 }, others = { 0 };
    UNUSED(state);
    for (size_t half = 0; half < 2; half++) {
        struct workspace *better = taught(half);
        assert_true(better->learned * 2 + 2 >= line_count);
        ask_half(workspace, half, &before);
        ask_half(better, half, &taught_ones);
        ask_half(better, 1 - half, &others);
        workspace_free(better);
    }
    struct figures after = { taught_ones.asked + others.asked, taught_ones.hits + others.hits };
    print("before", &before);
    print("after teaching half, all", &after);
    print("  the taught half", &taught_ones);
    print("  the other half", &others);
    assert_true(first_hit(&after) >= first_hit(&before) + GAIN_WANTED);
    assert_true(first_hit(&others) >= first_hit(&before) - LOSS_ALLOWED);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_agents_confirm_lifts_the_first_hit) };
    return cmocka_run_group_tests(tests, read_demo, forget);
}
