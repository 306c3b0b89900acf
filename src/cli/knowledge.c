/* knowledge.c - beckon knowledge eval: how well articles are found, beside plain BM25; knowledge search: what is found, and why. */
#include <stdio.h>

#include "assistant/languages.h"
#include "assistant/measure.h"
#include "assistant/passages.h"
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

/* --- what a workspace's articles say to a question ---------------------------------------------- */

#define HITS_SHOWN 10

static void print_hits_json(const struct passage_hit *hits, size_t count, struct str language)
{
    struct buf out;
    buf_init(&out, HITS_SHOWN * (LIMIT_FILE * 2));
    buf_add_str(&out, STR("{\"language\":"));
    buf_add_json_str(&out, language);
    buf_add_str(&out, STR(",\"hits\":["));
    for (size_t i = 0; i < count; i++) {
        buf_add_str(&out, i ? STR(",{\"article\":") : STR("{\"article\":"));
        buf_add_json_str(&out, hits[i].passage->article->name);
        buf_add_str(&out, STR(",\"heading\":"));
        buf_add_json_str(&out, hits[i].passage->heading);
        buf_add_format(&out, ",\"score\":%.4f,\"coverage\":%.4f,\"matched\":%zu", hits[i].score, hits[i].coverage, hits[i].matched);
        for (int part = 0; part < LIBRARY_PARTS_COUNT; part++)
            buf_add_format(&out, ",\"%s\":%.4f", library_part_names[part], hits[i].parts[part]);
        buf_add_str(&out, STR(",\"passage\":"));
        buf_add_json_str(&out, hits[i].passage->markdown);
        buf_add_char(&out, '}');
    }
    buf_add_str(&out, STR("]}"));
    puts(buf_cstr(&out));
    buf_free(&out);
}

static void print_hits(const struct passage_hit *hits, size_t count, struct str language)
{
    printf("language %.*s\n", STR_ARG(language));
    for (size_t i = 0; i < count; i++) {
        const struct passage *passage = hits[i].passage;
        printf("\n%.3f  %.*s%s%.*s\n       covers %.0f %% of the question, %zu words:", hits[i].score, STR_ARG(passage->article->file),
               passage->heading.len ? " # " : "", STR_ARG(passage->heading), hits[i].coverage * 100, hits[i].matched);
        for (int part = 0; part < LIBRARY_PARTS_COUNT; part++)
            printf(" %s %.2f", library_part_names[part], hits[i].parts[part]);
        struct str rest = passage->markdown, line = STR_EMPTY;
        str_split(&rest, '\n', &line);
        printf("\n       %.*s\n", STR_ARG(line));
    }
    if (count == 0)
        printf("nothing has a word in common with it\n");
}

/* The language asked for, else the text's own, else the workspace's first. */
static struct str language_of(const struct workspace *workspace, struct arena *arena, struct str text, const char *given)
{
    if (given)
        return str_of(given);
    struct languages *languages = languages_new(workspace->languages, workspace->language_count);
    languages_end(languages);
    struct str found = languages_guess(languages, arena, text, NULL);
    languages_free(languages);
    return found.len ? found : workspace->languages[0];
}

int cli_knowledge_search(int argc, char **argv)
{
    struct cli_args args;
    struct problems problems = { 0 };
    struct arena arena = { 0 };
    struct passage_hit hits[HITS_SHOWN];
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    struct str text = str_of(args.operands[1]);
    if (!str_is_utf8(text) || text.len > LIMIT_MESSAGE)
        return cli_usage_error(&args, "the text must be UTF-8 and at most %d bytes", LIMIT_MESSAGE);
    struct workspace *workspace = workspace_read(args.operands[0], &problems);
    if (!workspace) {
        for (size_t i = 0; i < problems.count && i < 10; i++)
            cli_say("%.*s:%d: %.*s; %.*s", STR_ARG(problems.items[i].file), problems.items[i].line, STR_ARG(problems.items[i].what),
                    STR_ARG(problems.items[i].cure));
        problems_free(&problems);
        return CLI_FAILED;
    }
    struct passages *passages = passages_new(workspace);
    struct str language = language_of(workspace, &arena, text, cli_value(&args, "language", NULL));
    size_t count = passages_search_many(passages, &arena, text, language, hits, HITS_SHOWN);
    if (cli_given(&args, "json"))
        print_hits_json(hits, count, language);
    else
        print_hits(hits, count, language);
    passages_free(passages);
    arena_free(&arena);
    workspace_free(workspace);
    problems_free(&problems);
    return CLI_OK;
}
