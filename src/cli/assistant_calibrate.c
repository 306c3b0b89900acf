/* assistant_calibrate.c - beckon assistant calibrate: how sure the assistant must be to answer, for the share
 * of wrong answers that the workspace accepts. */
#include <stdio.h>
#include <stdlib.h>

#include "assistant/risk.h"
#include "base/memory.h"
#include "cli/cli.h"
#include "cli/model.h"
#include "workspace/workspace.h"

/* A share such as 0.05; false (said) if it is none between 0 and 1. */
static bool take_share(const struct cli_args *args, const char *name, double otherwise, double *share)
{
    const char *text = cli_value(args, name, NULL);
    char *end = NULL;
    *share = text ? strtod(text, &end) : otherwise;
    if (!text || (end != text && *end == 0 && *share >= 0.001 && *share <= 0.5))
        return true;
    cli_usage_error(args, "`--%s %s`: give a share from 0.001 to 0.5, such as %g", name, text, otherwise);
    return false;
}

/* Names in the file that the model does not have can never be answered rightly. */
static size_t topic_of(const struct intent *intent, struct str name)
{
    for (size_t t = 0; t < intent_topics(intent); t++)
        if (str_equal(intent_name(intent, t), name))
            return t;
    return INTENT_NONE;
}

/* A misspelt name would look like an assistant that is wrong. */
static void say_unknown(const struct intent *intent, const struct examples *examples, const char *path)
{
    size_t unknown = 0, first = 0;
    for (size_t n = 0; n < examples->topics; n++)
        if (topic_of(intent, examples->names[n]) == INTENT_NONE && unknown++ == 0)
            first = n;
    if (unknown)
        cli_say("%zu of the %zu intents in %s are not known to the model, such as '%.*s': their rows count as answered wrongly", unknown,
                examples->topics, path, STR_ARG(examples->names[first]));
}

static struct risk_row *ask_all(const struct intent *intent, const struct examples *examples)
{
    struct risk_row *rows = MEMORY_NEW_ARRAY(struct risk_row, examples->count + 1);
    for (size_t i = 0; i < examples->count; i++) {
        struct arena scratch = { 0 };
        struct intent_result result;
        const struct intent_example *example = &examples->items[i];
        intent_predict(intent, &scratch, example->text, example->language, &result);
        size_t meant = example->topic == INTENT_NONE ? INTENT_NONE : topic_of(intent, examples->names[example->topic]);
        rows[i] = (struct risk_row){ result.confidence, meant != result.top[0].topic };
        arena_free(&scratch);
    }
    return rows;
}

static void print_json(const struct risk_choice *choice, double risk, double delta)
{
    double coverage = choice->rows ? (double)choice->answered / (double)choice->rows : 0;
    printf("{\"certified\":%s,\"answer_threshold\":", choice->certified ? "true" : "false");
    if (choice->certified)
        printf("%.3f", choice->threshold / (double)RISK_STEPS);
    else
        printf("null");
    printf(",\"risk\":%g,\"delta\":%g,\"rows\":%zu,\"answered\":%zu,\"wrong\":%zu,\"coverage\":%.6f,\"wrong_rate\":%.6f,\"p_value\":%.6g,"
           "\"least_answered\":%zu,\"more_needed\":", risk, delta, choice->rows, choice->answered, choice->wrong, coverage,
           choice->answered ? (double)choice->wrong / (double)choice->answered : 0, choice->certified ? choice->p_value : 1,
           risk_least_answered(risk, delta));
    if (!choice->certified && choice->more_needed == 0)
        printf("null}\n");
    else
        printf("%zu}\n", choice->more_needed);
}

static void print_lines(const struct risk_choice *choice, double risk, double delta, const char *from)
{
    if (choice->certified) {
        printf("answer_threshold: %.3f\n\n", choice->threshold / (double)RISK_STEPS);
        printf("With this threshold %zu of %zu examples are answered (%.1f %%), %zu of them wrongly (%.1f %%).\n", choice->answered, choice->rows,
               100.0 * (double)choice->answered / (double)choice->rows, choice->wrong, 100.0 * (double)choice->wrong / (double)choice->answered);
        printf("With a confidence of %.4g %%, at most %.4g %% of the answers to contacts of the same kind are wrong.\n", 100 * (1 - delta), 100 * risk);
        printf("New topics, new examples or a new model void this: calibrate again then.\n");
        return;
    }
    printf("not certified: no threshold can be shown to keep wrong answers to %.4g %%, with a confidence of %.4g %%.\n", 100 * risk,
           100 * (1 - delta));
    if (choice->more_needed)
        printf("About %zu more examples of the same kind are needed (at least %zu must be answered, none wrongly).\n", choice->more_needed,
               risk_least_answered(risk, delta));
    else
        printf("More examples of this kind would not show it: too many are wrong even where it is surest. Look at\n"
               "`beckon intents eval %s EXAMPLES` and `beckon intents suggest`, or accept a greater risk.\n", from);
    printf("Until then let the assistant draft only (`autonomy: draft` in the topics).\n");
}

int cli_assistant_calibrate(int argc, char **argv)
{
    struct cli_args args;
    struct model model;
    struct examples examples;
    double risk, delta;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *path = cli_value(&args, "examples", NULL), *from = args.operands[0];
    if (!path)
        return cli_usage_error(&args, "name texts whose intents are known, and from which nothing was learned: --examples CSV");
    if (!take_share(&args, "delta", 0.1, &delta) || !take_share(&args, "risk", 0.05, &risk))
        return CLI_USAGE;
    if (!model_examples(&examples, path))
        return CLI_FAILED;
    if (!model_open(&model, from)) {
        examples_free(&examples);
        return CLI_FAILED;
    }
    if (model.workspace && !cli_given(&args, "risk"))
        risk = (double)model.workspace->accepted_risk / 1000;
    say_unknown(model.intent, &examples, path);
    struct risk_row *rows = ask_all(model.intent, &examples);
    struct risk_choice choice = risk_choose(rows, examples.count, risk, delta);
    if (cli_given(&args, "json"))
        print_json(&choice, risk, delta);
    else
        print_lines(&choice, risk, delta, from);
    memory_free(rows);
    model_close(&model);
    examples_free(&examples);
    return choice.certified ? CLI_OK : CLI_FAILED;
}
