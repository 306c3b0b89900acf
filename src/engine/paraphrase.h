/* paraphrase.h - what customers' words were about, as agents confirmed it: the assistant learns from these.
 *
 * A wording is the company's knowledge: it holds nothing personal (the gateway refuses what does), so it
 * stands in the log in the clear and outlives its customer. It is in force from the moment an agent
 * confirms it until a supervisor revokes it; what is revoked may be approved again. When as many are known
 * as allowed, the oldest revoked one gives its place. Whether the topic or the article is still there is
 * not known here: whoever uses them leaves out what is not. */
#ifndef ENGINE_PARAPHRASE_H
#define ENGINE_PARAPHRASE_H

#include "engine/state.h"

struct paraphrase {
    uint64_t id;
    struct symbol *target, *language;
    bool article;                 /* target names an article, not a topic */
    bool revoked;
    struct str wording;           /* owned */
    uint64_t conversation, message, agent, reviewer;
    int64_t learned_at, reviewed_at; /* reviewed_at 0: nobody has looked at it yet */
    uint64_t version;             /* 1 when learned; each review makes the next */
    uint64_t changed_seq;         /* of the event that made this version */
};

/* Takes a copy, its wording too; makes room first. */
void paraphrase_add(struct engine *engine, const struct paraphrase *paraphrase);
struct paraphrase *paraphrase_find(const struct engine *engine, uint64_t id);
/* The one in force that reads like this wording, whatever its capitals, spaces and signs; or NULL. */
struct paraphrase *paraphrase_of(const struct engine *engine, struct str wording);
/* Whether another one can be taken. */
bool paraphrase_has_room(const struct engine *engine);
void paraphrases_free(struct engine *engine);

#endif
