#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/server.h"

/* The assistant as a model of the OpenAI chat protocol, so that a company's own client can use it. The
 * whole conversation comes with each request; the customers' part of it is heard again in order. Nobody is
 * identified, nothing is stored, no action is run: what comes back is approved text with its sources, which
 * stand in the member "beckon" beside what the protocol knows. */

#define MODEL "beckon"
#define MESSAGES_MAX 200
#define SAID_MAX 20        /* of the user's messages, the newest */
#define PIECE 48           /* bytes of text in one chunk of a stream, about */

struct completion {
    struct request *request;
    struct node_ask ask;
    struct str said[SAID_MAX];
    size_t prompt_bytes;
    bool stream, usage;
    char id[40];
};

/* As the protocol's clients expect errors: `param` is the member of the request that is wrong. */
static void refuse(struct request *request, int status, const char *code, const char *param, const char *message)
{
    json_t *error = json_pack("{s:{s:s,s:s,s:s?,s:s}}", "error", "message", message, "type", "invalid_request_error", "param", param, "code", code);
    char *json = json_dumps(error, JSON_COMPACT);
    struct str body = arena_copy(&request->arena, str_of(json));
    free(json);
    json_decref(error);
    answer_send(request, &(struct answer){ .status = status, .body = body });
}

/* Text of a message: a string, or the text parts of a list. */
static struct str text_of(struct arena *arena, const json_t *content)
{
    struct str all = STR_EMPTY;
    size_t i;
    const json_t *part;
    if (json_is_string(content)) return arena_copy(arena, str_make(json_string_value(content), json_string_length(content)));
    json_array_foreach(content, i, part) {
        const json_t *text = json_object_get(part, "text");
        if (json_is_string(text))
            all = arena_format(arena, "%.*s%s%s", STR_ARG(all), all.len ? "\n" : "", json_string_value(text));
    }
    return all;
}

/* The user's messages, the last SAID_MAX of them. False: answered already. */
static bool read_messages(struct completion *completion, const json_t *messages)
{
    size_t i;
    const json_t *message;
    struct request *request = completion->request;
    completion->ask.said = completion->said;
    json_array_foreach(messages, i, message) {
        const char *role = json_string_value(json_object_get(message, "role"));
        struct str text = str_trim(text_of(&request->arena, json_object_get(message, "content")));
        completion->prompt_bytes += text.len;
        if (!role || strcmp(role, "user") || !text.len) continue;
        if (text.len > LIMIT_MESSAGE) {
            refuse(request, 400, "context_length_exceeded", "messages", "a message is longer than 8000 bytes; send a shorter one");
            return false;
        }
        if (completion->ask.count == SAID_MAX) memmove(completion->said, completion->said + 1, (SAID_MAX - 1) * sizeof *completion->said);
        else completion->ask.count++;
        completion->said[completion->ask.count - 1] = text;
    }
    if (completion->ask.count) return true;
    refuse(request, 400, "invalid_messages", "messages", "'messages' has no message of the role 'user' with text; add one");
    return false;
}

static void refuse_model(struct request *request, const char *param)
{
    refuse(request, 404, "model_not_found", param, "there is no such model here; the only one is called beckon");
}

/* What asks for another kind of answer than approved text. To pass over it would give the client what it cannot read; what only
 * tunes a model (temperature, max_tokens, stop, seed ...) is passed over. False: answered already. */
static bool read_wishes(struct request *request, const json_t *root)
{
    const json_t *model = json_object_get(root, "model"), *n = json_object_get(root, "n"), *choice = json_object_get(root, "tool_choice");
    const json_t *form = json_object_get(json_object_get(root, "response_format"), "type");
    const char *kind = json_string_value(choice);
    bool forced = json_is_object(choice) || (kind && strcmp(kind, "auto") && strcmp(kind, "none"));
    if (model && (!json_is_string(model) || strcmp(json_string_value(model), MODEL))) refuse_model(request, "model");
    else if (n && !json_is_null(n) && (!json_is_integer(n) || json_integer_value(n) != 1))
        refuse(request, 400, "unsupported_value", "n", "'n' must be 1: there is one approved answer");
    else if (form && (!json_is_string(form) || strcmp(json_string_value(form), "text")))
        refuse(request, 400, "unsupported_value", "response_format", "'response_format' must be text: answers are approved text");
    else if (forced)
        refuse(request, 400, "unsupported_value", "tool_choice", "'tool_choice' must be auto or none: the client's tools are never called");
    else return true;
    return false;
}

static bool read_request(struct completion *completion)
{
    struct request *request = completion->request;
    json_t *root = request->body.len ? json_loadb(request->body.data, request->body.len, 0, NULL) : NULL;
    const json_t *messages = json_object_get(root, "messages");
    bool good = false;
    completion->stream = json_is_true(json_object_get(root, "stream"));
    completion->usage = json_is_true(json_object_get(json_object_get(root, "stream_options"), "include_usage"));
    /* Whoever is refused is answered: the request and all that lives in it are gone. */
    if (!json_is_object(root)) refuse(request, 400, "invalid_json", NULL, "the body is not a JSON object");
    else if (!json_is_array(messages) || json_array_size(messages) > MESSAGES_MAX)
        refuse(request, 400, "invalid_messages", "messages", "'messages' must be a list of at most 200 messages");
    else good = read_wishes(request, root) && read_messages(completion, messages);
    json_decref(root);
    return good;
}

/* Tokens are not counted by a model here: four bytes each, as is usual for an estimate. */
static json_t *usage_of(const struct completion *completion, struct str text)
{
    long prompt = (long)(completion->prompt_bytes + 3) / 4, answer = (long)(text.len + 3) / 4;
    return json_pack("{s:i,s:i,s:i}", "prompt_tokens", (int)prompt, "completion_tokens", (int)answer, "total_tokens", (int)(prompt + answer));
}

/* What the protocol has no word for: the decision, how sure, and the sources. */
static json_t *particulars(const struct reply *reply)
{
    json_t *sources = json_array(), *choices = json_array();
    for (size_t i = 0; i < reply->source_count; i++)
        json_array_append_new(sources, json_pack("{s:s%,s:s%}", "title", reply->sources[i].title.data, reply->sources[i].title.len,
                                                 "url", reply->sources[i].url.data, reply->sources[i].url.len));
    for (size_t i = 0; i < reply->choice_count; i++)
        json_array_append_new(choices, json_stringn(reply->choices[i].data, reply->choices[i].len));
    json_t *all = json_pack("{s:s,s:f,s:o,s:o}", "decision", decision_names[reply->decision], "confidence",
                            reply->confidence / 1000.0, "sources", sources, "choices", choices);
    json_object_set_new(all, "topic", json_stringn(reply->topic.len ? reply->topic.data : "", reply->topic.len));
    json_object_set_new(all, "language", json_stringn(reply->language.len ? reply->language.data : "", reply->language.len));
    return all;
}

static json_t *frame(const struct completion *completion, const char *object, json_t *choices)
{
    return json_pack("{s:s,s:s,s:I,s:s,s:o}", "id", completion->id, "object", object, "created", (json_int_t)time(NULL), "model", MODEL,
                     "choices", choices);
}

static void add_json(struct buf *out, json_t *json)
{
    char *text = json_dumps(json, JSON_COMPACT);
    buf_add_str(out, str_of(text));
    free(text);
    json_decref(json);
}

static void add_whole(const struct completion *completion, const struct reply *reply, struct buf *out)
{
    json_t *message = json_pack("{s:s,s:s%,s:n}", "role", "assistant", "content", reply->text.data, reply->text.len, "refusal");
    json_t *root = frame(completion, "chat.completion",
                         json_pack("[{s:i,s:o,s:n,s:s}]", "index", 0, "message", message, "logprobs", "finish_reason", "stop"));
    json_object_set_new(root, "usage", usage_of(completion, reply->text));
    json_object_set_new(root, "beckon", particulars(reply));
    add_json(out, root);
}

static void add_chunk(const struct completion *completion, json_t *delta, const char *finish, json_t *more, struct buf *out)
{
    json_t *choice = json_pack("{s:i,s:o,s:n}", "index", 0, "delta", delta, "finish_reason");
    if (finish) json_object_set_new(choice, "finish_reason", json_string(finish));
    json_t *root = frame(completion, "chat.completion.chunk", json_pack("[o]", choice));
    if (more) json_object_set_new(root, "beckon", more);
    buf_add_str(out, STR("data: "));
    add_json(out, root);
    buf_add_str(out, STR("\n\n"));
}

/* A piece ends behind a blank, so that no character and hardly a word is cut. */
static size_t piece_len(struct str text)
{
    size_t len = text.len < PIECE ? text.len : PIECE;
    while (len < text.len && text.data[len - 1] != ' ' && text.data[len - 1] != '\n') len++;
    return len;
}

static void add_stream(const struct completion *completion, const struct reply *reply, struct buf *out)
{
    struct str text = reply->text;
    add_chunk(completion, json_pack("{s:s,s:s}", "role", "assistant", "content", ""), NULL, NULL, out);
    while (text.len) {
        size_t len = piece_len(text);
        add_chunk(completion, json_pack("{s:s%}", "content", text.data, len), NULL, NULL, out);
        text = str_slice(text, len, text.len);
    }
    add_chunk(completion, json_object(), "stop", particulars(reply), out);
    if (completion->usage) {
        json_t *root = frame(completion, "chat.completion.chunk", json_array());
        json_object_set_new(root, "usage", usage_of(completion, reply->text));
        buf_add_str(out, STR("data: "));
        add_json(out, root);
        buf_add_str(out, STR("\n\n"));
    }
    buf_add_str(out, STR("data: [DONE]\n\n"));
}

static void on_reply(void *context, const struct reply *reply)
{
    struct completion *completion = context;
    struct buf *out = request_buf(completion->request);
    if (completion->stream) add_stream(completion, reply, out);
    else add_whole(completion, reply, out);
    answer_send(completion->request, &(struct answer){ .status = 200, .body = buf_str(out),
                                                       .type = completion->stream ? "text/event-stream" : NULL });
}

void completions_create(struct request *request)
{
    struct completion *completion = ARENA_NEW(&request->arena, struct completion);
    unsigned char random[12];
    char hex[2 * sizeof random + 1];
    completion->request = request;
    completion->ask.language = STR_EMPTY;
    randombytes_buf(random, sizeof random);
    sodium_bin2hex(hex, sizeof hex, random, sizeof random);
    snprintf(completion->id, sizeof completion->id, "chatcmpl-%s", hex);
    if (read_request(completion)) node_ask(request->gateway->node, &completion->ask, on_reply, completion);
}

#define MODEL_JSON "{\"id\":\"" MODEL "\",\"object\":\"model\",\"created\":0,\"owned_by\":\"beckon\"}"

void completions_models(struct request *request)
{
    answer_json(request, STR("{\"object\":\"list\",\"data\":[" MODEL_JSON "]}"));
}

void completions_model(struct request *request)
{
    if (str_equal(request->name, STR(MODEL))) answer_json(request, STR(MODEL_JSON));
    else refuse_model(request, "model");
}
