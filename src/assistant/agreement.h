/* agreement.h - yes and no as people say them: "yes pls", "ja gör så", "sí por favor, hazlo", "nein danke, nicht jetzt".
 *
 * Only a message that consists of nothing else is one: whatever else it says may be a condition, another wish or a
 * question, and nothing may be changed on a guess. Single words are words.h's. */
#ifndef ASSISTANT_AGREEMENT_H
#define ASSISTANT_AGREEMENT_H

#include "base/str.h"

enum agreement { AGREEMENT_NONE, AGREEMENT_YES, AGREEMENT_NO };

/* `folded`: as tokens_join folds it. */
enum agreement agreement_in(struct str folded);

#endif
