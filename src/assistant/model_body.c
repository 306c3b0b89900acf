/* model_body.c - the request to a chat completions server. */
#include "assistant/model_call.h"
#include "base/limits.h"

static void add_messages(const struct model_question *question, struct buf *out)
{
    buf_add_str(out, STR(",\"messages\":["));
    for (size_t i = 0; i < question->message_count; i++) {
        buf_add_format(out, "%s{\"role\":\"%s\",\"content\":", i ? "," : "", question->messages[i].role);
        buf_add_json_str(out, question->messages[i].content);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void add_tools(const struct model_question *question, unsigned limits, struct buf *out)
{
    if (!question->tool_count)
        return;
    buf_add_str(out, STR(",\"tools\":["));
    for (size_t i = 0; i < question->tool_count; i++) {
        const struct model_tool *tool = &question->tools[i];
        buf_add_str(out, i ? STR(",{\"type\":\"function\",\"function\":{\"name\":") : STR("{\"type\":\"function\",\"function\":{\"name\":"));
        buf_add_json_str(out, tool->name);
        buf_add_str(out, STR(",\"description\":"));
        buf_add_json_str(out, tool->description);
        buf_add_str(out, STR(",\"parameters\":"));
        buf_add_str(out, tool->parameters);
        buf_add_str(out, STR("}}"));
    }
    buf_add_char(out, ']');
    if (!(limits & MODEL_LIMIT_TOOL_CHOICE))
        buf_add_str(out, STR(",\"tool_choice\":\"auto\""));
    if (!(limits & MODEL_LIMIT_PARALLEL_CALLS))
        buf_add_str(out, STR(",\"parallel_tool_calls\":false"));
}

struct str model_body(const struct model_question *question, unsigned limits, struct arena *arena)
{
    const struct workspace_model *model = question->model;
    struct buf out;
    buf_init(&out, LIMIT_MODEL_REQUEST);
    buf_add_str(&out, STR("{\"model\":"));
    buf_add_json_str(&out, model->name);
    add_messages(question, &out);
    add_tools(question, limits, &out);
    if (question->schema.len && !(limits & MODEL_LIMIT_RESPONSE_FORMAT)) {
        buf_add_str(&out, STR(",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"answer\",\"strict\":true,\"schema\":"));
        buf_add_str(&out, question->schema);
        buf_add_str(&out, STR("}}"));
    }
    /* Most compatible servers know the old name only, the newest of OpenAI's the new one only. */
    buf_add_format(&out, ",\"%s\":%d", limits & MODEL_LIMIT_MAX_TOKENS ? "max_completion_tokens" : "max_tokens", model->max_output_tokens);
    if (model->temperature != MODEL_TEMPERATURE_UNSET && !(limits & MODEL_LIMIT_TEMPERATURE))
        buf_add_format(&out, ",\"temperature\":%d.%03d", model->temperature / 1000, model->temperature % 1000);
    buf_add_str(&out, STR(",\"stream\":true"));
    if (!(limits & MODEL_LIMIT_STREAM_OPTIONS))
        buf_add_str(&out, STR(",\"stream_options\":{\"include_usage\":true}"));
    buf_add_char(&out, '}');
    struct str body = out.full ? STR_EMPTY : arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return body;
}
