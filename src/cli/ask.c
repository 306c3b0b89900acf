/* ask.c - beckon ask: what the assistant decides on one question. Nothing is stored by the server. */
#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "assistant/assistant.h"
#include "assistant/model_call.h"
#include "cli/cli.h"

struct asking {
    const struct workspace *workspace;
    struct question question;
    struct arena arena;
};

static struct action_result act(void *context, struct arena *arena, const struct action *action, struct str parameters_json,
                                struct str idempotency_key)
{
    const struct asking *asking = context;
    struct action_request request = { action, asking->question.customer_id, parameters_json, idempotency_key };
    return action_call(asking->workspace, NULL, &request, arena);
}

static void add_texts(struct buf *out, const struct str *items, size_t count)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(out, ',');
        buf_add_json_str(out, items[i]);
    }
    buf_add_char(out, ']');
}

static void add_sources(struct buf *out, const struct reply *reply)
{
    buf_add_char(out, '[');
    for (size_t i = 0; i < reply->source_count; i++) {
        buf_add_str(out, i ? STR(",{\"title\":") : STR("{\"title\":"));
        buf_add_json_str(out, reply->sources[i].title);
        buf_add_str(out, STR(",\"url\":"));
        buf_add_json_str(out, reply->sources[i].url);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void add_trace(struct buf *out, const struct model_trace *trace)
{
    buf_add_format(out, "\"made_by\":\"%.*s\",\"model\":", STR_ARG(trace->used));
    buf_add_json_str(out, trace->model);
    buf_add_str(out, STR(",\"prompt\":"));
    buf_add_json_str(out, trace->prompt);
    buf_add_format(out, ",\"fallback\":\"%.*s\",\"tokens\":%llu}", STR_ARG(trace->fallback), (unsigned long long)trace->tokens);
}

static void print_json(const struct reply *reply)
{
    struct buf out;
    buf_init(&out, 16 * LIMIT_MESSAGE + 16 * LIMIT_NOTE);
    buf_add_format(&out, "{\"decision\":\"%s\",\"topic\":", decision_names[reply->decision]);
    buf_add_json_str(&out, reply->topic);
    buf_add_format(&out, ",\"confidence\":%d.%03d,\"text\":", reply->confidence / 1000, reply->confidence % 1000);
    buf_add_json_str(&out, reply->text);
    buf_add_str(&out, STR(",\"sources\":"));
    add_sources(&out, reply);
    buf_add_str(&out, STR(",\"choices\":"));
    add_texts(&out, reply->choices, reply->choice_count);
    buf_add_str(&out, STR(",\"language\":"));
    buf_add_json_str(&out, reply->language);
    buf_add_str(&out, STR(",\"reason\":"));
    buf_add_json_str(&out, reply->reason);
    buf_add_format(&out, ",\"failed\":%s,\"explanation\":%.*s,\"note\":%.*s,", reply->failed ? "true" : "false",
                   STR_ARG(reply->explanation), STR_ARG(reply->note.len ? reply->note : STR("null")));
    add_trace(&out, &reply->trace);
    puts(buf_cstr(&out));
    buf_free(&out);
}

static void print_lines(const struct reply *reply)
{
    printf("decision    %s%s%.*s\n", decision_names[reply->decision], reply->reason.len ? ", " : "", STR_ARG(reply->reason));
    printf("topic       %.*s\n", STR_ARG(reply->topic.len ? reply->topic : STR("-")));
    printf("confidence  %d.%03d\n", reply->confidence / 1000, reply->confidence % 1000);
    for (size_t i = 0; i < reply->source_count; i++)
        printf("source      %.*s <%.*s>\n", STR_ARG(reply->sources[i].title), STR_ARG(reply->sources[i].url));
    for (size_t i = 0; i < reply->choice_count; i++)
        printf("choice      %.*s\n", STR_ARG(reply->choices[i]));
    printf("\n%.*s\n", STR_ARG(reply->text));
}

/* --- the dialogue between two calls: line 1 the failed turns in a row, then the dialogue --------- */

static bool read_dialogue(struct err *err, struct asking *asking, const char *path)
{
    char *data = arena_take(&asking->arena, LIMIT_DIALOGUE + 32);
    FILE *file = fopen(path, "re");
    if (!file)
        return errno == ENOENT ? true : err_set(err, "%s cannot be read: %s", path, strerror(errno));
    struct str text = str_make(data, fread(data, 1, LIMIT_DIALOGUE + 31, file)), line;
    fclose(file);
    uint64_t failed = 0;
    if (!str_split(&text, '\n', &line) || !str_to_u64(line, &failed) || failed > 100)
        return err_set(err, "%s is not a dialogue file; name another or remove it", path);
    asking->question.failed_turns = (int)failed;
    asking->question.dialogue = str_trim(text);
    return true;
}

static bool write_dialogue(struct err *err, const struct asking *asking, const struct reply *reply, const char *path)
{
    FILE *file = fopen(path, "we");
    if (!file)
        return err_set(err, "%s cannot be written: %s", path, strerror(errno));
    fprintf(file, "%d\n%.*s\n", reply->failed ? asking->question.failed_turns + 1 : 0, STR_ARG(reply->dialogue));
    return fclose(file) == 0 ? true : err_set(err, "%s cannot be written: %s", path, strerror(errno));
}

static bool answer(struct err *err, struct asking *asking, const struct cli_args *args)
{
    const char *path = cli_value(args, "dialogue", NULL);
    struct reply reply;
    struct assistant *assistant = assistant_new(err, asking->workspace);
    if (!assistant || (path && !read_dialogue(err, asking, path))) {
        assistant_free(assistant);
        return false;
    }
    const struct workspace_model *model = &asking->workspace->model;
    struct model_state *state = model_state_new();
    struct model_use use = { .settings = model, .state = state, .deadline_at_ms = model_clock_ms() + model->deadline_ms,
                             .tokens_left = (uint64_t)model->budget_conversation };
    if (model->base_url.len && !cli_given(args, "no-model"))
        asking->question.model = &use;
    assistant_decide(assistant, &asking->question, &asking->arena, &reply);
    model_state_free(state);
    if (cli_given(args, "json"))
        print_json(&reply);
    else
        print_lines(&reply);
    bool good = !path || write_dialogue(err, asking, &reply, path);
    assistant_free(assistant);
    return good;
}

int cli_ask(int argc, char **argv)
{
    struct cli_args args;
    struct err err;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    struct str text = str_of(args.operands[1]);
    if (!str_is_utf8(text) || text.len > LIMIT_MESSAGE)
        return cli_usage_error(&args, "the text must be UTF-8 and at most %d bytes", LIMIT_MESSAGE);
    struct workspace *workspace = cli_workspace(args.operands[0]);
    if (!workspace)
        return CLI_FAILED;
    struct asking asking = { .workspace = workspace };
    struct str customer = str_of(cli_value(&args, "customer", ""));
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    asking.question = (struct question){
        .text = text, .language = str_of(cli_value(&args, "language", "")), .failed_turns_max = 2, .customer_id = customer,
        .verified = customer.len > 0, .act = act, .context = &asking,
        .key = arena_format(&asking.arena, "ask-%lld%09ld-%d", (long long)now.tv_sec, now.tv_nsec, (int)getpid()),
    };
    bool good = answer(&err, &asking, &args);
    arena_free(&asking.arena);
    workspace_free(workspace);
    return good ? CLI_OK : cli_fail(&err);
}
