#include "gateway/mcp.h"

#include "gateway/server.h"
#include "gateway/state.h"
#include "workspace/workspace.h"

#define FOUND_MAX 3

static json_t *text_json(struct str text)
{
    return json_stringn(text.data ? text.data : "", text.len);
}

/* Has the article its own place? Else the page that sources link to. */
static json_t *url_json(const struct request *request, struct str url)
{
    if (!url.len || url.data[0] != '/') return text_json(url);
    return json_sprintf("%s%.*s", request->gateway->url, STR_ARG(url));
}

static bool has_language(const struct workspace *workspace, struct str wished)
{
    for (size_t i = 0; i < workspace->language_count; i++)
        if (str_equal(workspace->languages[i], wished)) return true;
    return false;
}

static const char *no_such_language(struct request *request, const struct workspace *workspace)
{
    struct str all = STR_EMPTY;
    struct arena *arena = &request->arena;
    for (size_t i = 0; i < workspace->language_count; i++)
        all = arena_format(arena, "%.*s%s%.*s", STR_ARG(all), i ? ", " : "", STR_ARG(workspace->languages[i]));
    return arena_format(arena, "there are no articles in that language; 'language' may be %.*s", STR_ARG(all)).data;
}

static json_t *search_knowledge(struct request *request, const json_t *arguments, const char **fault)
{
    struct found_passage found[FOUND_MAX];
    const json_t *query = json_object_get(arguments, "query"), *language = json_object_get(arguments, "language");
    const struct workspace *workspace = node_workspace(request->gateway->node);
    if (!json_is_string(query) || !json_string_length(query) || json_string_length(query) > LIMIT_COMMENT) {
        *fault = "'query' must be a text of 1 to 2000 bytes";
        return NULL;
    }
    if (language && (!json_is_string(language) || json_string_length(language) > LIMIT_TAG)) {
        *fault = "'language' must be a language code such as en";
        return NULL;
    }
    struct str wished = language ? str_make(json_string_value(language), json_string_length(language)) : workspace->languages[0];
    if (!has_language(workspace, wished)) {
        *fault = no_such_language(request, workspace);
        return NULL;
    }
    size_t count = assistant_search(node_assistant(request->gateway->node), &request->arena,
                                    str_make(json_string_value(query), json_string_length(query)), wished, found, FOUND_MAX);
    json_t *passages = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *passage = json_pack("{s:f}", "score", found[i].score / 1000.0);
        json_object_set_new(passage, "title", text_json(found[i].title));
        json_object_set_new(passage, "heading", text_json(found[i].heading));
        json_object_set_new(passage, "url", url_json(request, found[i].url));
        json_object_set_new(passage, "markdown", text_json(found[i].markdown));
        json_array_append_new(passages, passage);
    }
    return json_pack("{s:o}", "passages", passages);
}

static json_t *conversation_status(struct request *request, const json_t *arguments, const char **fault)
{
    const struct engine *engine = node_engine(request->gateway->node);
    const json_t *number = json_object_get(arguments, "conversation");
    struct conversation_view view;
    struct queue_place place;
    if (!json_is_integer(number) || json_integer_value(number) <= 0) {
        *fault = "'conversation' must be a positive whole number";
        return NULL;
    }
    if (!engine_conversation(engine, (uint64_t)json_integer_value(number), &view)) {
        *fault = "there is no conversation of that number, or it was settled long ago";
        return NULL;
    }
    json_t *json = json_pack("{s:O,s:s,s:I,s:I,s:I}", "conversation", number, "state", conversation_state_names[view.state], "opened_at",
                             (json_int_t)view.opened_at, "last_at", (json_int_t)view.last_at, "stars", (json_int_t)view.stars);
    json_object_set_new(json, "language", text_json(view.language));
    json_object_set_new(json, "topic", text_json(view.topic));
    if (state_place(request->gateway, view.id, &place)) {
        json_object_set_new(json, "place", json_integer(place.place));
        json_object_set_new(json, "wait_from", json_integer((json_int_t)view.wait_from));
    }
    return json;
}

static json_t *queue_state(struct request *request, const json_t *arguments, const char **fault)
{
    struct queue_view live;
    UNUSED(arguments);
    UNUSED(fault);
    engine_queue(node_engine(request->gateway->node), &live);
    int64_t now = node_now(request->gateway->node);
    int64_t longest = live.waiting && live.longest_wait_from ? now - live.longest_wait_from : 0;
    return json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "waiting", (json_int_t)live.waiting, "longest_wait_ms", (json_int_t)longest, "active",
                     (json_int_t)live.active, "with_assistant", (json_int_t)live.by_assistant, "agents_online", (json_int_t)live.online,
                     "agents_away", (json_int_t)live.away, "free_places", (json_int_t)live.free_places);
}

#define OBJECT "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
#define NUMBER(name) "\"" name "\":{\"type\":\"integer\"}"

const struct mcp_tool mcp_tools[] = {
    { "search_knowledge", "Search the approved articles",
      "Finds up to three passages of the company's approved help articles that fit the words, the best first, with title, text, "
      "address, and as score the share of the words that they have. Quote them; do not add to them.",
      OBJECT "\"query\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":2000,\"description\":\"the customer's words\"},"
      "\"language\":{\"type\":\"string\",\"description\":\"language code such as en; the workspace's first if left out\"}},"
      "\"required\":[\"query\"]}",
      "{\"type\":\"object\",\"required\":[\"passages\"],\"properties\":{\"passages\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}}",
      search_knowledge },
    { "conversation_status", "How a conversation stands",
      "State, topic, language, times and place in the queue of one conversation, by its number. Nothing of what was said.",
      OBJECT "\"conversation\":{\"type\":\"integer\",\"minimum\":1}},\"required\":[\"conversation\"]}",
      "{\"type\":\"object\",\"required\":[\"conversation\",\"state\"],\"properties\":{" NUMBER("conversation") ",\"state\":{\"type\":\"string\"},"
      NUMBER("place") "}}",
      conversation_status },
    { "queue_state", "How the queue stands",
      "How many customers wait for a person and for how long, and how many agents are there.",
      OBJECT "}}",
      "{\"type\":\"object\",\"required\":[\"waiting\",\"agents_online\"],\"properties\":{" NUMBER("waiting") "," NUMBER("longest_wait_ms") ","
      NUMBER("active") "," NUMBER("with_assistant") "," NUMBER("agents_online") "," NUMBER("agents_away") "," NUMBER("free_places") "}}",
      queue_state },
};
const size_t mcp_tool_count = ARRAY_LEN(mcp_tools);
