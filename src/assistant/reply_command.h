/* reply_command.h - the assistant's reply as the command that the engine takes. */
#ifndef ASSISTANT_REPLY_COMMAND_H
#define ASSISTANT_REPLY_COMMAND_H

#include "assistant/assistant.h"
#include "engine/command.h"

/* Fills all fields but `turn`. Strings are the reply's or live in `arena`; what is over a limit is cut
 * (text) or left empty (JSON). */
void reply_command(const struct reply *reply, struct arena *arena, struct command_assistant_reply *out);

/* `json` if it fits the maximum, else an empty object. */
struct str reply_json_fits(struct str json, size_t max);

#endif
