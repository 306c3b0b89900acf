/* code_text.h - the six digits of a one-time code in what a customer writes: found, and hidden.
 *
 * "123456", "123 456" and "123-456" are six digits; a part of a longer number or word is not. */
#ifndef ASSISTANT_CODE_TEXT_H
#define ASSISTANT_CODE_TEXT_H

#include "base/arena.h"

#define CODE_ROOM 8

/* False if no six digits stand in the text. Else `code` has the first, and *out is the text with a star for each digit of
 * every such run: of the same length or shorter. */
bool code_text_hide(struct arena *arena, struct str text, char code[CODE_ROOM], struct str *out) WARN_UNUSED;

#endif
