/* intents_train.c - beckon intents train: a model of intents as a file. */
#include <stdio.h>

#include "assistant/intent_file.h"
#include "assistant/intent_workspace.h"
#include "assistant/trust.h"
#include "base/csv.h"
#include "base/input.h"
#include "base/memory.h"
#include "base/replace.h"
#include "cli/cli.h"
#include "cli/model.h"

/* What is learned from, and where the model goes. */
struct work {
    struct workspace *workspace; /* NULL: from CSV */
    struct examples examples, check;
    size_t inside, outside;       /* rows of an intent, and of none, as they were given */
    struct arena arena;
    struct str *pool;
    size_t pool_count;
    struct intent_adopted *adopted;
    struct str output;
};

static size_t count_outside(const struct examples *examples)
{
    size_t count = 0;
    for (size_t i = 0; i < examples->count; i++)
        count += examples->items[i].topic == INTENT_NONE;
    return count;
}

static void count_rows(struct work *work)
{
    work->outside = count_outside(&work->examples);
    work->inside = work->examples.count - work->outside;
}

static void work_free(struct work *work)
{
    examples_free(&work->examples);
    examples_free(&work->check);
    memory_free(work->adopted);
    arena_free(&work->arena);
    if (work->workspace)
        workspace_free(work->workspace);
}

static bool take_examples(struct work *work, const struct cli_args *args)
{
    const char *from = args->operands[0];
    if (model_is_folder(from)) {
        work->workspace = cli_workspace(from);
        if (work->workspace)
            examples_of_workspace(&work->examples, work->workspace);
        count_rows(work);
        return work->workspace != NULL;
    }
    if (!model_examples(&work->examples, from))
        return false;
    count_rows(work);
    examples_add_titles(&work->examples);
    work->examples.language = str_of(cli_value(args, "language", ""));
    if (work->examples.language.len == 0)
        examples_guess_language(&work->examples);
    return true;
}

/* The check's intents get the numbers of the examples'; those that the examples do not have are refused. */
static bool take_check(struct work *work, const char *path)
{
    if (!model_examples(&work->check, path))
        return false;
    for (size_t i = 0; i < work->check.count; i++) {
        size_t topic = work->check.items[i].topic, found = 0;
        if (topic == INTENT_NONE)
            continue;
        while (found < work->examples.topics && !str_equal(work->examples.names[found], work->check.names[topic]))
            found++;
        if (found == work->examples.topics) {
            cli_say("%s:%zu: no example has the intent '%.*s'; write some, or leave the row out", path, work->check.lines[i],
                    STR_ARG(work->check.names[topic]));
            return false;
        }
        work->check.items[i].topic = found;
    }
    size_t outside = count_outside(&work->check), inside = work->check.count - outside;
    if (inside < TRUST_FEWEST_HELD_OUT)
        cli_say("%s has %zu rows of intents, too few to calibrate on: at least %d", path, inside, TRUST_FEWEST_HELD_OUT);
    if (inside < TRUST_FEWEST_HELD_OUT || outside == 0)
        cli_say("%s has %zu rows of intents and %zu of oos: the threshold below which a text is rejected is chosen on examples held out", path,
                inside, outside);
    return true;
}

static bool take_pool(struct work *work, const char *path)
{
    struct err err = { "" };
    struct str text;
    if (!input_read(&err, &work->arena, path, LIMIT_CSV, &text) ||
        !examples_read_pool(&err, &work->arena, str_of(path), text, &work->pool, &work->pool_count)) {
        cli_fail(&err);
        return false;
    }
    if (work->pool_count == 0)
        cli_say("%s has no texts; it is left out", path);
    work->adopted = MEMORY_NEW_ARRAY(struct intent_adopted, work->pool_count + 1);
    return true;
}

static bool is_enough(const struct work *work, const char *from)
{
    size_t inside = 0;
    for (size_t i = 0; i < work->examples.count; i++)
        inside += work->examples.items[i].topic != INTENT_NONE;
    if (inside && work->examples.topics >= 2)
        return true;
    cli_say("%s has examples of %zu intent%s; at least two are needed to tell one from another", from, work->examples.topics,
            work->examples.topics == 1 ? "" : "s");
    return false;
}

/* CSV that a person can look through, mend, and train on. */
static bool write_review(struct err *err, const struct work *work, const char *path)
{
    struct buf out;
    buf_init(&out, LIMIT_CSV);
    buf_add_str(&out, STR("text,intent,lead\n"));
    for (size_t i = 0; i < work->pool_count; i++) {
        if (work->adopted[i].topic == INTENT_NONE)
            continue;
        csv_write_field(&out, work->pool[i]);
        buf_add_char(&out, ',');
        csv_write_field(&out, work->examples.names[work->adopted[i].topic]);
        buf_add_format(&out, ",%.3f\n", work->adopted[i].confidence);
    }
    bool good = out.full ? err_set(err, "%s: what was learned from is larger than %d bytes; give fewer texts", path, LIMIT_CSV)
                         : replace_file(err, path, buf_str(&out));
    buf_free(&out);
    return good;
}

static void print_json(const struct work *work, const struct intent_figures *figures)
{
    struct buf out;
    buf_init(&out, 65536);
    buf_add_format(&out, "{\"examples\":%zu,\"outside\":%zu,\"intents\":%zu,\"language\":", work->inside, work->outside, work->examples.topics);
    buf_add_json_str(&out, work->examples.language);
    buf_add_format(&out, ",\"features\":%zu,\"unlabelled\":%zu,\"adopted\":%zu,\"held_out\":%zu,\"held_out_accuracy\":%.6f,"
                   "\"calibration_error\":%.6f,\"learn_ms\":%.1f,\"bytes\":%zu,\"model\":", figures->features, work->pool_count,
                   figures->adopted, figures->held_out, figures->held_out_accuracy, figures->calibration_error, figures->learn_ms, figures->bytes);
    buf_add_json_str(&out, work->output);
    buf_add_char(&out, '}');
    puts(buf_cstr(&out));
    buf_free(&out);
}

static void print_lines(const struct work *work, const struct intent_figures *figures)
{
    struct str language = work->workspace ? STR("as the workspace says") : work->examples.language.len ? work->examples.language : STR("mixed or unknown");
    printf("%zu examples of %zu intents, ", work->inside, work->examples.topics);
    if (work->outside)
        printf("%zu outside all of them, ", work->outside);
    printf("language %.*s\n", STR_ARG(language));
    if (work->pool_count)
        printf("%zu of %zu unsorted texts were learned from\n", figures->adopted, work->pool_count);
    printf("learned %zu features in %.2f s; %.1f MB\n", figures->features, figures->learn_ms / 1000, (double)figures->bytes / 1048576);
    if (figures->held_out)
        printf("of %zu held out, %.1f %% were understood; calibration error %.4f\n", figures->held_out, figures->held_out_accuracy * 100,
               figures->calibration_error);
    printf("written to %.*s\n", STR_ARG(work->output));
}

static int learn(struct work *work, const struct cli_args *args)
{
    struct err err = { "" };
    struct intent_figures figures;
    const char *review = cli_value(args, "review", NULL);
    int64_t seed;
    if (!cli_number(args, "seed", 1, 1000000, 1, &seed))
        return CLI_USAGE;
    struct intent_lesson lesson = examples_lesson(&work->examples);
    lesson.effort = cli_given(args, "best") ? ENSEMBLE_BEST : ENSEMBLE_QUICK;
    lesson.seed = (uint64_t)seed;
    lesson.pool = work->pool;
    lesson.pool_count = work->pool_count;
    lesson.check = work->check.items;
    lesson.check_count = work->check.count;
    struct intent *intent = intent_train(&lesson, &figures, work->adopted);
    struct str made_from = work->workspace ? intent_made_from(work->workspace, &work->arena) : STR_EMPTY;
    bool good = intent_save(&err, intent, made_from, work->output.data) && (!review || write_review(&err, work, review));
    intent_free(intent);
    if (!good)
        return cli_fail_at(&err, review ? review : work->output.data);
    if (cli_given(args, "json"))
        print_json(work, &figures);
    else
        print_lines(work, &figures);
    return CLI_OK;
}

int cli_intents_train(int argc, char **argv)
{
    struct cli_args args;
    struct work work = { .workspace = NULL };
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *from = args.operands[0], *output = cli_value(&args, "output", NULL), *check = cli_value(&args, "check", NULL);
    const char *pool = cli_value(&args, "unlabelled", NULL);
    if (!output && !model_is_folder(from))
        return cli_usage_error(&args, "name the model's file: -o FILE");
    if (cli_given(&args, "review") && !pool)
        return cli_usage_error(&args, "`--review` shows what was made of unsorted texts: give some with --unlabelled");
    work.output = output ? str_of(output) : arena_format(&work.arena, "%s/" INTENT_WORKSPACE_FILE, from);
    int status = CLI_FAILED;
    if (take_examples(&work, &args) && is_enough(&work, from) && (!check || take_check(&work, check)) && (!pool || take_pool(&work, pool)))
        status = learn(&work, &args);
    work_free(&work);
    return status;
}
