/* follow.h - what a message means that leans on what was spoken of before: "and when do I get the money?". */
#ifndef ASSISTANT_FOLLOW_H
#define ASSISTANT_FOLLOW_H

#include "assistant/turn.h"

/* The message, which is not understood alone, leans on the last topic or on one before: turn->intents are then those that
 * it has there. Else they stay as they are. */
bool follow_is_understood(struct turn *turn);

/* The same with one topic, whose question waits: then it need not look as if it leaned. */
bool follow_is_understood_behind(struct turn *turn, struct str topic);

#endif
