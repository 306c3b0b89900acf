/* assistant.c - how long the assistant takes to learn the demo's workspace and to answer, and what it weighs.
 *
 * The questions are every example of the workspace and the texts outside all topics, in turns, asked by
 * a logged-in customer; actions are answered at once, since the back end's time is not the assistant's.
 * Nothing here waits, so the clock is the thread's processor time (for learning, that of all threads): what the
 * wall clock shows on a core of its own, and the same beside other work.
 *
 * "At 2,000 a second": the questions come at random moments (a Poisson process), one after the other is answered on
 * one core, each for as long as it was measured to take; what is printed is from coming to answered, waiting included.
 * Articles of a fictional bank (knowledge/banking_documents.json) stand beside the demo's until there are 200.
 *
 * Usage: assistant [WORKSPACE] (default: demo). */
#include <malloc.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "assistant/collection.h"
#include "assistant/outside.h"
#include "assistant/turn.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/random.h"
#include "data.h"

#define ROUNDS 5
#define QUESTIONS_MAX 20000
#define ARTICLES 200
#define ARRIVALS_A_SECOND 2000

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Of all threads together: learning uses several. */
static double learning_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double part(double *values, size_t count, double share)
{
    qsort(values, count, sizeof *values, by_value);
    return count ? values[(size_t)((double)(count - 1) * share)] : 0;
}

static void print_line(const char *name, double value, const char *unit, const char *target)
{
    printf("%s\t%.*f\t%s\t%s\t\t\n", name, value < 1 ? 4 : value < 100 ? 2 : 0, value, unit, target);
    fflush(stdout);
}

static struct action_result answer_at_once(void *context, struct arena *arena, const struct action *action,
                                           struct str parameters_json, struct str idempotency_key)
{
    UNUSED(context);
    UNUSED(arena);
    UNUSED(action);
    UNUSED(parameters_json);
    UNUSED(idempotency_key);
    return (struct action_result){ .outcome = STR("done"), .json = STR(
        "{\"status\":\"open\",\"amount_minor\":4990,\"currency\":\"EUR\",\"due_date\":\"2026-03-12\",\"order\":\"W-20417\","
        "\"shop\":\"Shop\",\"what\":\"a lamp\",\"items\":[]}") };
}

static size_t collect(const struct workspace *workspace, struct str *questions)
{
    size_t count = 0;
    for (size_t t = 0; t < workspace->topic_count; t++)
        for (size_t l = 0; l < workspace->topics[t].example_count; l++)
            for (size_t i = 0; i < workspace->topics[t].examples[l].count && count < QUESTIONS_MAX; i++)
                questions[count++] = workspace->topics[t].examples[l].items[i];
    for (size_t i = 0; i < outside_text_count && count < QUESTIONS_MAX; i++)
        questions[count++] = str_of(outside_texts[i].text);
    return count;
}

/* From coming to answered, for each: questions come at random and wait for those before them. */
static void wait_in_line(const double *times, double *stays, size_t count)
{
    struct random random = { 2000 };
    double came = 0, free_at = 0;
    for (size_t i = 0; i < count; i++) {
        came -= log1p(-random_unit(&random)) * 1e3 / ARRIVALS_A_SECOND;
        free_at = (came > free_at ? came : free_at) + times[random_below(&random, count)];
        stays[i] = free_at - came;
    }
}

static void measure_answers(const struct assistant *assistant, const struct str *questions, size_t count)
{
    double *times = MEMORY_NEW_ARRAY(double, count * ROUNDS);
    size_t taken = 0;
    double began = now_ms();
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++) {
            struct arena arena = { 0 };
            struct reply reply;
            struct question question = { .text = questions[i], .language = STR("en"), .failed_turns_max = 2, .customer_id = STR("C-1"),
                                         .verified = true, .key = STR("k"), .act = answer_at_once };
            double from = now_ms();
            assistant_decide(assistant, &question, &arena, &reply);
            arena_free(&arena);
            times[taken++] = now_ms() - from;
        }
    }
    double all = now_ms() - began, *stays = MEMORY_NEW_ARRAY(double, taken + 1);
    wait_in_line(times, stays, taken);
    print_line("assistant at 2,000 questions a second on one core, p50", part(stays, taken, 0.5), "ms", "");
    print_line("assistant at 2,000 questions a second on one core, p99", part(stays, taken, 0.99), "ms", "< 2 ms");
    memory_free(stays);
    print_line("assistant answer, p50", part(times, taken, 0.5), "ms", "");
    print_line("assistant answer, p99", part(times, taken, 0.99), "ms", "< 2 ms");
    print_line("assistant answers a second, one core", (double)taken / all * 1e3, "/s", "");
    memory_free(times);
}

/* The longest message that is let in, of words that are all known. */
static void measure_longest(const struct assistant *assistant)
{
    static char text[LIMIT_MESSAGE];
    struct arena arena = { 0 };
    struct reply reply;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "when is my payment for order 20417 due, "[i % 40];
    struct question question = { .text = str_make(text, sizeof text), .language = STR("en"), .failed_turns_max = 2,
                                 .customer_id = STR("C-1"), .verified = true, .key = STR("k"), .act = answer_at_once };
    double from = now_ms();
    assistant_decide(assistant, &question, &arena, &reply);
    print_line("assistant answer, message of 8,000 bytes", now_ms() - from, "ms", "");
    arena_free(&arena);
}

static void measure_listening(const struct str *questions, size_t count)
{
    static char longest[LIMIT_MESSAGE];
    double began = now_ms();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < count; i++)
            wants_human(questions[i]);
    print_line("wish for a person, mean a message", (now_ms() - began) * 1e3 / (double)(count * ROUNDS), "us", "< 20 us");
    for (size_t i = 0; i < sizeof longest; i++)
        longest[i] = "talk to a "[i % 10];
    began = now_ms();
    wants_human(str_make(longest, sizeof longest));
    print_line("wish for a person, worst message of 8,000 bytes", now_ms() - began, "ms", "");
}

/* The demo's articles and as many of the bank's as are wanting. */
static void add_articles(struct workspace *workspace, struct collection *bank)
{
    struct err err;
    struct str json;
    const char *path = data_file(&bank->arena, "knowledge/banking_documents.json");
    if (!path || workspace->article_files >= ARTICLES)
        return;
    if (!input_read(&err, &bank->arena, path, LIMIT_ARTICLES_FILE, &json) || !collection_articles(&err, bank, str_of(path), json)) {
        fprintf(stderr, "bench: %s\n", err.text);
        exit(1);
    }
    struct article *all = ARENA_NEW_ARRAY(&bank->arena, struct article, workspace->article_count + ARTICLES);
    memcpy(all, workspace->articles, workspace->article_count * sizeof *all);
    for (size_t i = 0; i < bank->article_count && workspace->article_files < ARTICLES; i++, workspace->article_files++)
        all[workspace->article_count++] = (struct article){ .name = arena_format(&bank->arena, "zz-bank-%03zu", i), .file = str_of(path),
            .title = bank->articles[i].title, .url = STR_EMPTY, .language = STR("en"), .markdown = bank->articles[i].text };
    workspace->articles = all;
}

int main(int argc, char **argv)
{
    struct collection bank = { .articles = NULL };
    struct problems problems = { 0 };
    struct err err = { "" };
    double learning[ROUNDS];
    struct assistant *assistant = NULL;
    double began = now_ms();
    struct workspace *workspace = workspace_read(argc > 1 ? argv[1] : "demo", &problems);
    if (!workspace) {
        fprintf(stderr, "bench: the workspace has mistakes\n");
        return 1;
    }
    print_line("demo workspace read and checked", now_ms() - began, "ms", "");
    add_articles(workspace, &bank);
    printf("topics; articles\t%zu; %zu\t\t\t\t\n", workspace->topic_count, workspace->article_files);
    for (int i = 0; i < ROUNDS; i++) {
        assistant_free(assistant);
        malloc_trim(0);
        size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
        began = learning_ms();
        assistant = assistant_new(&err, workspace);
        learning[i] = learning_ms() - began;
        if (i == ROUNDS - 1)
            print_line("assistant's memory, demo", (double)(mallinfo2().uordblks + mallinfo2().hblkhd - before) / 1048576, "MB", "");
    }
    printf("examples\t%zu\t\t\t\t\n", assistant->figures.examples);
    print_line("assistant learns the demo, median of 5", part(learning, ROUNDS, 0.5), "ms", "< 3000 ms for 15,000 examples");
    print_line("held-out accuracy of the demo's own examples", assistant->figures.held_out_accuracy * 100, "%", "");
    print_line("calibration error (10 bins)", assistant->figures.calibration_error, "", "<= 0.02");
    struct str *questions = MEMORY_NEW_ARRAY(struct str, QUESTIONS_MAX);
    size_t count = collect(workspace, questions);
    measure_answers(assistant, questions, count);
    measure_longest(assistant);
    measure_listening(questions, count);
    memory_free(questions);
    assistant_free(assistant);
    workspace_free(workspace);
    collection_free(&bank);
    problems_free(&problems);
    return 0;
}
