/* mcp.h - the tools that the Model Context Protocol offers to the company's own AI.
 *
 * They only read, and none shows what a customer said or who they are: whoever has the key is a program,
 * not a member of staff. */
#ifndef GATEWAY_MCP_H
#define GATEWAY_MCP_H

#include <jansson.h>

#include "gateway/request.h"

struct mcp_tool {
    const char *name, *title, *description;
    const char *input, *output;  /* JSON schemas */
    /* The result, or NULL with *fault set: a sentence for the model. */
    json_t *(*run)(struct request *request, const json_t *arguments, const char **fault);
};

extern const struct mcp_tool mcp_tools[];
extern const size_t mcp_tool_count;

#endif
