/* knowledge.c - beckon knowledge eval: how well articles are found, against plain BM25. */
#include <stdio.h>

#include "assistant/measure.h"
#include "base/input.h"
#include "base/limits.h"
#include "cli/cli.h"

static bool read_collection(struct err *err, struct collection *collection, const struct cli_args *args)
{
    struct str json, csv;
    return input_read(err, &collection->arena, args->operands[0], LIMIT_ARTICLES_FILE, &json) &&
           collection_articles(err, collection, str_of(args->operands[0]), json) &&
           input_read(err, &collection->arena, args->operands[1], LIMIT_CSV, &csv) &&
           collection_questions(err, collection, str_of(args->operands[1]), csv);
}

static void add_figures(struct buf *out, const struct measure *measure)
{
    buf_add_format(out, "\"map\":%.4f,\"mrr\":%.4f,\"p_at_1\":%.4f,\"recall_at_5\":%.4f,\"query_us_p50\":%.1f,\"query_us_p99\":%.1f,"
                   "\"index_ms\":%.1f", measure->map, measure->mrr, measure->p_at_1, measure->recall_at_5, measure->query_us_p50,
                   measure->query_us_p99, measure->index_ms);
}

static void print_json(const struct collection *collection, const struct measure *own, const struct measure *plain)
{
    struct buf out;
    buf_init(&out, 4096);
    buf_add_char(&out, '{');
    add_figures(&out, own);
    buf_add_format(&out, ",\"articles\":%zu,\"queries\":%zu,\"language\":", collection->article_count, collection->question_count);
    buf_add_json_str(&out, collection->language);
    buf_add_str(&out, STR(",\"plain\":{"));
    add_figures(&out, plain);
    buf_add_format(&out, ",\"articles\":%zu,\"queries\":%zu}}", collection->article_count, collection->question_count);
    puts(buf_cstr(&out));
    buf_free(&out);
}

static void print_line(const char *name, const struct measure *measure)
{
    printf("%-11s %6.3f %6.3f %6.3f %6.3f %10.0f %10.0f %10.1f\n", name, measure->map, measure->mrr, measure->p_at_1, measure->recall_at_5,
           measure->query_us_p50, measure->query_us_p99, measure->index_ms);
}

static void print_lines(const struct collection *collection, const struct measure *own, const struct measure *plain)
{
    printf("%zu articles, %zu questions, language %.*s\n\n", collection->article_count, collection->question_count,
           STR_ARG(collection->language.len ? collection->language : STR("unknown")));
    printf("%-11s %6s %6s %6s %6s %10s %10s %10s\n", "", "MAP", "MRR", "P@1", "R@5", "p50 us", "p99 us", "index ms");
    if (own != plain)
        print_line("fused", own);
    print_line("plain BM25", plain);
}

int cli_knowledge_eval(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    struct collection collection = { .articles = NULL };
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    if (!read_collection(&err, &collection, &args)) {
        collection_free(&collection);
        return cli_fail(&err);
    }
    struct languages *languages = languages_new(NULL, 0);
    struct measure fused, plain;
    languages_end(languages);
    collection_find_languages(&collection, languages);
    measure_plain(&collection, &plain);
    bool only_plain = cli_given(&args, "plain");
    if (!only_plain)
        measure_fused(&collection, languages, &fused);
    if (cli_given(&args, "json"))
        print_json(&collection, only_plain ? &plain : &fused, &plain);
    else
        print_lines(&collection, only_plain ? &plain : &fused, &plain);
    languages_free(languages);
    collection_free(&collection);
    return CLI_OK;
}
