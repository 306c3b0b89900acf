/* intents_suggest.c - beckon intents suggest: what is wrong with the examples, and what to write. */
#include <stdio.h>

#include "assistant/advice.h"
#include "cli/cli.h"
#include "cli/model.h"

#define PAIRS_SHOWN 20
#define TOPICS_SHOWN 20
#define DOUBLES_SHOWN 20

static size_t shown(size_t count, size_t most)
{
    return count < most ? count : most;
}

/* --- for people --------------------------------------------------------------------------------- */

static void print_doubles(const struct advice *advice, const struct examples *examples)
{
    if (advice->double_count)
        printf("\nThe same text stands in two intents; take it out of one:\n");
    for (size_t i = 0; i < shown(advice->double_count, DOUBLES_SHOWN); i++) {
        const struct intent_example *first = &examples->items[advice->doubles[i].first], *second = &examples->items[advice->doubles[i].second];
        struct str outside = STR("oos");
        printf("  %.*s and %.*s: ", STR_ARG(first->topic == INTENT_NONE ? outside : examples->names[first->topic]),
               STR_ARG(second->topic == INTENT_NONE ? outside : examples->names[second->topic]));
        model_print_text(second->text);
    }
}

static void print_topics(const struct advice *advice, const struct examples *examples)
{
    size_t said = 0;
    for (size_t i = 0; i < advice->topic_count && said < TOPICS_SHOWN; i++) {
        const struct advice_topic *topic = &advice->topics[i];
        if (topic->write_more == 0)
            continue;
        if (said++ == 0)
            printf("\nThese want more examples, in the customers' own words:\n");
        printf("  %.*s: %zu of %zu recognised; write %zu more", STR_ARG(examples->names[topic->topic]), topic->recognised, topic->examples,
               topic->write_more);
        if (topic->taken_for != INTENT_NONE && topic->taken > 1)
            printf(", such that differ from %.*s (%zu were taken for it)", STR_ARG(examples->names[topic->taken_for]), topic->taken);
        printf("\n");
    }
}

static void print_pairs(const struct advice *advice, const struct examples *examples)
{
    if (advice->pair_count)
        printf("\nThese overlap; tell them apart by what customers ask, move what stands wrongly, or make them one:\n");
    for (size_t i = 0; i < shown(advice->pair_count, PAIRS_SHOWN); i++) {
        const struct advice_pair *pair = &advice->pairs[i];
        printf("  %.*s and %.*s: %zu mistaken, such as\n", STR_ARG(examples->names[pair->a]), STR_ARG(examples->names[pair->b]), pair->mistaken);
        for (size_t k = 0; k < pair->shown_count; k++) {
            printf("    [%.*s] ", STR_ARG(examples->names[examples->items[pair->shown[k]].topic]));
            model_print_text(examples->items[pair->shown[k]].text);
        }
    }
}

static void print_lines(const struct advice *advice, const struct examples *examples)
{
    printf("%zu examples of %zu intents; %.1f %% are recognised by a model that has not seen them\n", advice->examples, examples->topics,
           advice->examples ? 100.0 * (double)advice->recognised / (double)advice->examples : 0);
    print_doubles(advice, examples);
    print_topics(advice, examples);
    print_pairs(advice, examples);
}

/* --- for scripts -------------------------------------------------------------------------------- */

static void add_name(struct buf *out, const struct examples *examples, size_t topic)
{
    buf_add_json_str(out, topic == INTENT_NONE ? STR("oos") : examples->names[topic]);
}

static void add_example(struct buf *out, const struct advice *advice, const struct examples *examples, size_t i)
{
    buf_add_str(out, STR("{\"text\":"));
    buf_add_json_str(out, examples->items[i].text);
    buf_add_str(out, STR(",\"intent\":"));
    add_name(out, examples, examples->items[i].topic);
    buf_add_str(out, STR(",\"taken_for\":"));
    add_name(out, examples, advice->answers[i]);
    buf_add_format(out, ",\"line\":%zu}", examples->lines[i]);
}

static void add_topics(struct buf *out, const struct advice *advice, const struct examples *examples)
{
    for (size_t i = 0; i < advice->topic_count; i++) {
        const struct advice_topic *topic = &advice->topics[i];
        buf_add_str(out, i ? STR(",{\"intent\":") : STR("{\"intent\":"));
        add_name(out, examples, topic->topic);
        buf_add_format(out, ",\"examples\":%zu,\"recognised\":%zu,\"write_more\":%zu,\"taken_for\":", topic->examples, topic->recognised,
                       topic->write_more);
        if (topic->taken_for == INTENT_NONE)
            buf_add_str(out, STR("null"));
        else
            add_name(out, examples, topic->taken_for);
        buf_add_format(out, ",\"taken\":%zu}", topic->taken);
    }
}

static void print_json(const struct advice *advice, const struct examples *examples)
{
    struct buf out;
    buf_init(&out, 256 * 1024 * 1024);
    buf_add_format(&out, "{\"examples\":%zu,\"recognised\":%zu,\"intents\":[", advice->examples, advice->recognised);
    add_topics(&out, advice, examples);
    buf_add_str(&out, STR("],\"overlaps\":["));
    for (size_t i = 0; i < advice->pair_count; i++) {
        const struct advice_pair *pair = &advice->pairs[i];
        buf_add_str(&out, i ? STR(",{\"intents\":[") : STR("{\"intents\":["));
        add_name(&out, examples, pair->a);
        buf_add_char(&out, ',');
        add_name(&out, examples, pair->b);
        buf_add_format(&out, "],\"mistaken\":%zu,\"examples\":[", pair->mistaken);
        for (size_t k = 0; k < pair->shown_count; k++) {
            if (k)
                buf_add_char(&out, ',');
            add_example(&out, advice, examples, pair->shown[k]);
        }
        buf_add_str(&out, STR("]}"));
    }
    buf_add_str(&out, STR("],\"doubles\":["));
    for (size_t i = 0; i < advice->double_count; i++) {
        const struct intent_example *first = &examples->items[advice->doubles[i].first], *second = &examples->items[advice->doubles[i].second];
        buf_add_str(&out, i ? STR(",{\"text\":") : STR("{\"text\":"));
        buf_add_json_str(&out, second->text);
        buf_add_str(&out, STR(",\"intents\":["));
        add_name(&out, examples, first->topic);
        buf_add_char(&out, ',');
        add_name(&out, examples, second->topic);
        buf_add_str(&out, STR("]}"));
    }
    buf_add_str(&out, STR("]}"));
    puts(buf_cstr(&out));
    buf_free(&out);
}

int cli_intents_suggest(int argc, char **argv)
{
    struct cli_args args;
    struct workspace *workspace = NULL;
    struct examples examples = { .count = 0 };
    struct advice advice;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *from = args.operands[0];
    if (model_is_folder(from)) {
        workspace = cli_workspace(from);
        if (!workspace)
            return CLI_FAILED;
        examples_of_workspace(&examples, workspace);
    } else {
        if (!model_examples(&examples, from))
            return CLI_FAILED;
        examples_guess_language(&examples);
    }
    if (examples.topics == 0)
        cli_say("%s has no examples of any intent; write lines of text,intent", from);
    else {
        advice_make(&advice, &examples);
        if (cli_given(&args, "json"))
            print_json(&advice, &examples);
        else
            print_lines(&advice, &examples);
        advice_free(&advice);
    }
    int status = examples.topics ? CLI_OK : CLI_FAILED;
    examples_free(&examples);
    if (workspace)
        workspace_free(workspace);
    return status;
}
