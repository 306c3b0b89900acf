#include "base/refusal.h"

const struct refusal_row refusal_table[REFUSAL_COUNT] = {
#define X(name, code, status, sentence) [REFUSAL_##name] = { code, status, sentence },
    REFUSALS(X)
#undef X
};
