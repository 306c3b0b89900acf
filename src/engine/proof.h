/* proof.h - a one-time code, by which a customer shows just now that they are who they say.
 *
 * The node draws the code, has it sent, and knows it no longer: here is only a keyed digest. A code is good for its
 * conversation and customer, for PROOF_CODE_MS, for PROOF_TRIES tries and once. Who has shown it is proven in that
 * conversation for PROOF_GOOD_MS. A customer gets PROOF_SENDS codes and PROOF_WRONG wrong tries in PROOF_WINDOW_MS, in
 * all conversations together: to guess one of a million codes that is once in 66,000 days. */
#ifndef ENGINE_PROOF_H
#define ENGINE_PROOF_H

#include "engine/state.h"

#define PROOF_CODE_MS ((int64_t)600000)
#define PROOF_GOOD_MS ((int64_t)900000)
#define PROOF_AGAIN_MS ((int64_t)60000) /* between two codes of a conversation */
#define PROOF_TRIES 5
#define PROOF_WINDOW_MS ((int64_t)86400000)
#define PROOF_SENDS 10
#define PROOF_WRONG 15

/* Whether a code may be sent now; `field` says why not: too_soon, too_many. */
enum refusal proof_may_send(const struct conversation *conversation, int64_t now_ms, const char **field);

/* A code is on its way, and the next six digits are a try. */
bool proof_waits(const struct conversation *conversation, int64_t now_ms);

/* What a try comes to: right, wrong, used_up (wrong, and the last), expired. Takes the same time for every code. */
struct str proof_outcome(const struct conversation *conversation, struct digest code, int64_t now_ms);

bool proof_is_good(const struct conversation *conversation, int64_t now_ms);

void proof_sent(struct engine *engine, struct conversation *conversation, struct digest code, int64_t at_ms);
void proof_tried(struct conversation *conversation, struct str outcome, int64_t at_ms);
void proof_forget(struct engine *engine, struct conversation *conversation);

#endif
