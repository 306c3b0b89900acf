/* details.h - the parameters of an action: found in the customer's words, checked, kept in the dialogue.
 *
 * A value is a word of the text that fits the parameter's pattern as a whole. What was found once
 * stays until the flow is settled. */
#ifndef ASSISTANT_DETAILS_H
#define ASSISTANT_DETAILS_H

#include <jansson.h>

#include "assistant/turn.h"

/* Looks in this message, then at what it points at ("the invoice for it"), then in what was said before, the newest first. `asked` is the name of the
 * parameter that the message answers, or NULL: then any fitting word of it will do. */
void details_gather(struct turn *turn, const struct action *action, const char *asked);

/* Remembers what a result is about, such as an order's number, if an action takes it. */
void details_show(struct turn *turn, const json_t *result);

/* What the last result was about, if the message points at it ("and the invoice for it?"); else empty. */
struct str details_pointed_at(const struct turn *turn, struct str name);

/* The parameter's value in one text, or empty. */
struct str details_find(struct turn *turn, const struct action_parameter *parameter, struct str text, bool asked);

/* Whether the value as a whole is one of the parameter's. */
bool details_fits(struct turn *turn, const struct action_parameter *parameter, struct str value);

/* Every word of the text that could be the value of some action's parameter, whatever the customer is asked, as it stands there. */
size_t details_spot(struct arena *arena, const struct workspace *workspace, struct str text, struct str *out, size_t max);

/* The values as a JSON object of texts; the caller owns it. */
json_t *details_json(const struct turn *turn);

#endif
