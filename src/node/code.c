#include "node/state.h"

#include <sodium.h>

/* One-time codes: drawn, hidden in what customers write, and known to the log by a keyed digest only. */

struct digest code_digest(const struct node *node, uint64_t conversation, uint64_t customer, const char *code)
{
    struct arena arena = { 0 };
    struct digest digest = node_digest(node, "code", arena_format(&arena, "%llu %llu %s", (unsigned long long)conversation,
                                                                  (unsigned long long)customer, code));
    arena_free(&arena);
    return digest;
}

void code_draw(char code[CODE_ROOM])
{
    snprintf(code, CODE_ROOM, "%06u", (unsigned)randombytes_uniform(1000000));
}

const struct command *code_take(struct node *node, const struct command *command, struct command *copy, struct arena *arena)
{
    struct conversation_view view;
    char code[CODE_ROOM];
    if (command->kind != COMMAND_SAY || command->actor != ACTOR_CUSTOMER || !engine_conversation(node->engine, command->conversation, &view) ||
        !view.code_waits || view.customer != command->customer)
        return command;
    struct str hidden;
    if (!code_text_hide(arena, command->say.text, code, &hidden)) return command;
    *copy = *command;
    copy->say.text = hidden;
    copy->say.code = code_digest(node, command->conversation, command->customer, code);
    sodium_memzero(code, sizeof code);
    return copy;
}
