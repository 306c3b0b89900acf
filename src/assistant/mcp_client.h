/* mcp_client.h - one call of a tool of an MCP server, in whichever of the protocol's two eras it speaks.
 *
 * Revision 2026-07-28 has no handshake: one POST says it all. A server that does not know it is asked again as
 * 2025-11-25 has it: initialize, initialized, tools/call. Nothing was done by the first asking then. What comes back is
 * data and is trusted as little as any back end's. */
#ifndef ASSISTANT_MCP_CLIENT_H
#define ASSISTANT_MCP_CLIENT_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"

struct mcp_call {
    const char *url;
    struct str tool, token, key; /* token: bearer, or empty. key: idempotency key */
    json_t *arguments;           /* borrowed */
    int64_t deadline_ms;         /* of the monotonic clock */
    struct arena *arena;
};

enum mcp_outcome { MCP_DONE, MCP_REFUSED, MCP_FAILED, MCP_TIMED_OUT };

struct mcp_answer {
    enum mcp_outcome outcome;
    bool passing;    /* the failure may pass */
    struct str json; /* an object, or empty: structured content, else {"text": …}; of a failure {"error": …}, for the log */
};

struct mcp_answer mcp_call_tool(const struct mcp_call *call);

/* The request of revision 2026-07-28, as it is sent. */
struct str mcp_request(const struct mcp_call *call);

/* An argument that the tool wants in a header "Mcp-Param-NAME", too. */
struct mcp_param {
    struct str name, value; /* fit for a header */
};

/* Those of the call, by what tools/list answered: at most `max`. */
size_t mcp_params(const json_t *listed, const struct mcp_call *call, struct mcp_param *out, size_t max);

/* As it may stand in a header: in base64 if it must. */
struct str mcp_header_value(struct arena *arena, struct str text);

/* The message with this id in a body, which is one, or a stream of server-sent events (`stream`): a new reference, or
 * NULL. For mcp_client.c and the fuzzer. */
json_t *mcp_find_answer(struct str body, bool stream, const char *id);

/* What a tools/call came to, from its message. */
struct mcp_answer mcp_read_answer(struct arena *arena, const json_t *message);

#endif
