/* intents_eval.c - beckon intents eval: a model examined on texts whose intents are known. */
#include <stdio.h>

#include "assistant/scorecard.h"
#include "cli/cli.h"
#include "cli/model.h"

#define CONFUSIONS_SHOWN 20

static struct str name_of(const struct examples *examples, size_t intent)
{
    return intent == SCORECARD_OUTSIDE ? STR("oos") : examples->names[intent];
}

static void add_share(struct buf *out, const char *key, double share)
{
    if (share < 0)
        buf_add_format(out, "\"%s\":null,", key);
    else
        buf_add_format(out, "\"%s\":%.6f,", key, share);
}

static void print_json(const struct scorecard *scorecard, const struct examples *examples)
{
    struct buf out;
    buf_init(&out, CONFUSIONS_SHOWN * 2 * (LIMIT_MESSAGE * 6 + 4 * LIMIT_NAME) + 65536);
    buf_add_char(&out, '{');
    add_share(&out, "accuracy", scorecard->accuracy);
    add_share(&out, "macro_f1", scorecard->macro_f1);
    add_share(&out, "in_scope_accuracy", scorecard->in_scope_accuracy);
    add_share(&out, "oos_recall", scorecard->oos_recall);
    add_share(&out, "oos_precision", scorecard->oos_precision);
    add_share(&out, "calibration_error", scorecard->calibration_error);
    buf_add_format(&out, "\"text_us_p50\":%.1f,\"text_us_p99\":%.1f,\"confusions\":[", scorecard->text_us_p50, scorecard->text_us_p99);
    for (size_t i = 0; i < scorecard->confusion_count && i < CONFUSIONS_SHOWN; i++) {
        const struct confusion *confusion = &scorecard->confusions[i];
        buf_add_str(&out, i ? STR(",{\"intent\":") : STR("{\"intent\":"));
        buf_add_json_str(&out, name_of(examples, confusion->intent));
        buf_add_str(&out, STR(",\"taken_for\":"));
        buf_add_json_str(&out, confusion->name);
        buf_add_format(&out, ",\"count\":%zu,\"example\":", confusion->count);
        buf_add_json_str(&out, examples->items[confusion->example].text);
        buf_add_char(&out, '}');
    }
    buf_add_str(&out, STR("]}"));
    puts(buf_cstr(&out));
    buf_free(&out);
}

static void print_share(const char *name, double share)
{
    if (share < 0)
        printf("%-20s     -\n", name);
    else
        printf("%-20s %6.2f %%\n", name, share * 100);
}

static void print_lines(const struct scorecard *scorecard, const struct examples *examples)
{
    printf("%zu texts: %zu that belong to %zu intents, %zu outside all of them\n\n", scorecard->rows, scorecard->in_scope, examples->topics,
           scorecard->outside);
    print_share("accuracy", scorecard->accuracy);
    print_share("macro F1", scorecard->macro_f1);
    print_share("in-scope accuracy", scorecard->in_scope_accuracy);
    print_share("out-of-scope recall", scorecard->oos_recall);
    print_share("     and precision", scorecard->oos_precision);
    printf("%-20s %8.4f\n", "calibration error", scorecard->calibration_error);
    printf("%-20s %6.1f us, p99 %.1f us\n", "time a text, p50", scorecard->text_us_p50, scorecard->text_us_p99);
    for (size_t i = 0; i < scorecard->confusion_count && i < CONFUSIONS_SHOWN; i++) {
        const struct confusion *confusion = &scorecard->confusions[i];
        struct str text = examples->items[confusion->example].text;
        if (i == 0)
            printf("\nmost often mistaken:\n");
        printf("%5zu  %.*s for %.*s: ", confusion->count, STR_ARG(name_of(examples, confusion->intent)), STR_ARG(confusion->name));
        model_print_text(text);
    }
}

int cli_intents_eval(int argc, char **argv)
{
    struct cli_args args;
    struct model model;
    struct examples examples;
    struct scorecard scorecard;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    if (!model_examples(&examples, args.operands[1]))
        return CLI_FAILED;
    if (examples.count == 0) {
        cli_say("%s has no rows below its header; write lines of text,intent", args.operands[1]);
        examples_free(&examples);
        return CLI_FAILED;
    }
    if (!model_open(&model, args.operands[0])) {
        examples_free(&examples);
        return CLI_FAILED;
    }
    scorecard_make(&scorecard, model.intent, &examples);
    if (scorecard.unknown_intents)
        cli_say("%zu of the %zu intents in %s are not known to the model: their rows count as mistaken", scorecard.unknown_intents,
                examples.topics, args.operands[1]);
    if (cli_given(&args, "json"))
        print_json(&scorecard, &examples);
    else
        print_lines(&scorecard, &examples);
    scorecard_free(&scorecard);
    model_close(&model);
    examples_free(&examples);
    return CLI_OK;
}
