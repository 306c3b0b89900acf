/* Any bytes as what an MCP server answers, as a body and as a stream. */
#include <stdint.h>

#include "assistant/mcp_client.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = str_make((const char *)data, size);
    if (size > LIMIT_ACTION_RESULT * 2)
        return 0;
    for (int stream = 0; stream < 2; stream++) {
        struct arena arena = { 0 };
        json_t *message = mcp_find_answer(body, stream, "call");
        struct mcp_answer answer = mcp_read_answer(&arena, message);
        json_t *object = answer.json.len ? json_loadb(answer.json.data, answer.json.len, 0, NULL) : NULL;
        must(answer.json.len <= LIMIT_ACTION_RESULT);
        must(answer.json.len == 0 || json_is_object(object));
        must(answer.outcome != MCP_DONE || answer.json.len > 0);
        struct mcp_call call = { .tool = STR("t"), .arguments = object, .arena = &arena };
        struct mcp_param params[4];
        size_t count = mcp_params(message, &call, params, 4);
        for (size_t i = 0; i < count; i++)
            must(params[i].name.len && params[i].value.len && memchr(params[i].value.data, '\n', params[i].value.len) == NULL);
        json_decref(object);
        json_decref(message);
        arena_free(&arena);
    }
    return 0;
}
