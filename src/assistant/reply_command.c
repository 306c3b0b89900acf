#include "assistant/reply_command.h"

static struct str kept(struct buf *json, struct arena *arena)
{
    struct str copy = json->full ? STR_EMPTY : arena_copy(arena, buf_str(json));
    buf_free(json);
    return copy;
}

static struct str sources_json(const struct reply *reply, struct arena *arena)
{
    struct buf json;
    buf_init(&json, LIMIT_SOURCES);
    for (size_t i = 0; i < reply->source_count; i++) {
        buf_add_str(&json, i ? STR(",{\"title\":") : STR("[{\"title\":"));
        buf_add_json_str(&json, reply->sources[i].title);
        buf_add_str(&json, STR(",\"url\":"));
        buf_add_json_str(&json, reply->sources[i].url);
        buf_add_char(&json, '}');
    }
    if (json.len) buf_add_char(&json, ']');
    return kept(&json, arena);
}

static struct str choices_json(const struct reply *reply, struct arena *arena)
{
    struct buf json;
    buf_init(&json, LIMIT_CHOICES);
    for (size_t i = 0; i < reply->choice_count; i++) {
        buf_add_char(&json, i ? ',' : '[');
        buf_add_json_str(&json, reply->choices[i]);
    }
    if (json.len) buf_add_char(&json, ']');
    return kept(&json, arena);
}

struct str reply_json_fits(struct str json, size_t max)
{
    return json.len <= max ? json : STR("{}");
}

void reply_command(const struct reply *reply, struct arena *arena, struct command_assistant_reply *out)
{
    out->decision = str_of(decision_names[reply->decision]);
    out->topic = reply->topic;
    out->confidence = (uint64_t)(reply->confidence > 0 ? reply->confidence : 0);
    out->failed = reply->failed;
    out->reason = reply->reason;
    out->text = str_cut(reply->text, LIMIT_MESSAGE);
    out->sources = sources_json(reply, arena);
    out->choices = choices_json(reply, arena);
    out->explanation = reply_json_fits(reply->explanation, LIMIT_DIALOGUE);
    out->dialogue = reply_json_fits(reply->dialogue, LIMIT_DIALOGUE);
    out->note = reply_json_fits(reply->note, LIMIT_NOTE);
    out->language = reply->language;
    out->made_by = reply->trace.used;
    out->model = str_cut(reply->trace.model, LIMIT_NAME);
    out->prompt = str_cut(reply->trace.prompt, LIMIT_NAME);
    out->fallback = reply->trace.fallback;
    out->tokens = reply->trace.tokens < LIMIT_TOKENS ? reply->trace.tokens : LIMIT_TOKENS;
}
