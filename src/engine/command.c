#include "engine/command.h"

#define F(S, type, member, origin, max, meaning) \
    { #member, COMMAND_FIELD_##type, COMMAND_##origin, offsetof(struct command_##S, member), max, meaning },
#define C(kind, member, who, meaning) \
    static const struct command_field fields_##member[] = { COMMAND_FIELDS_##member(F, member) { 0 } };
COMMANDS(C)
#undef C
#undef F

/* Each list ends in an empty row, since a list in C cannot be empty. */
const struct command_row command_table[COMMAND_KINDS] = {
#define C(kind, member, who, meaning) \
    [COMMAND_##kind] = { #member, meaning, who, fields_##member, ARRAY_LEN(fields_##member) - 1 },
    COMMANDS(C)
#undef C
};
