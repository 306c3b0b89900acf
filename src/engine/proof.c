#include "engine/proof.h"

static bool same_digest(struct digest a, struct digest b)
{
    return ((a.high ^ b.high) | (a.low ^ b.low)) == 0;
}

static bool in_window(const struct customer *customer, int64_t now_ms)
{
    return customer->codes_from && now_ms < customer->codes_from + PROOF_WINDOW_MS;
}

enum refusal proof_may_send(const struct conversation *conversation, int64_t now_ms, const char **field)
{
    const struct proof *proof = conversation->proof;
    const struct customer *customer = conversation->customer;
    *field = NULL;
    if (!customer->verified) return REFUSAL_NOT_ALLOWED;
    if (proof && now_ms < proof->sent_at + PROOF_AGAIN_MS) *field = "too_soon";
    if (in_window(customer, now_ms) && (customer->codes_sent >= PROOF_SENDS || customer->codes_wrong >= PROOF_WRONG)) *field = "too_many";
    return *field ? REFUSAL_RATE_LIMITED : REFUSAL_NONE;
}

bool proof_waits(const struct conversation *conversation, int64_t now_ms)
{
    const struct proof *proof = conversation->proof;
    return proof && proof->waits && now_ms < proof->sent_at + PROOF_CODE_MS;
}

struct str proof_outcome(const struct conversation *conversation, struct digest code, int64_t now_ms)
{
    const struct proof *proof = conversation->proof;
    const struct customer *customer = conversation->customer;
    int wrong = in_window(customer, now_ms) ? customer->codes_wrong : 0;
    if (now_ms >= proof->sent_at + PROOF_CODE_MS) return STR("expired");
    if (wrong >= PROOF_WRONG) return STR("used_up");
    if (same_digest(proof->code, code)) return STR("right");
    return proof->tries + 1 >= PROOF_TRIES || wrong + 1 >= PROOF_WRONG ? STR("used_up") : STR("wrong");
}

bool proof_is_good(const struct conversation *conversation, int64_t now_ms)
{
    return conversation->proof && now_ms < conversation->proof->good_until;
}

static void begin_window(struct customer *customer, int64_t at_ms)
{
    if (in_window(customer, at_ms)) return;
    customer->codes_from = at_ms;
    customer->codes_sent = customer->codes_wrong = 0;
}

void proof_sent(struct engine *engine, struct conversation *conversation, struct digest code, int64_t at_ms)
{
    if (!conversation->proof) conversation->proof = pool_take(&engine->proof_pool);
    struct proof *proof = conversation->proof;
    *proof = (struct proof){ .code = code, .sent_at = at_ms, .good_until = proof->good_until, .waits = true };
    begin_window(conversation->customer, at_ms);
    conversation->customer->codes_sent++;
}

void proof_tried(struct conversation *conversation, struct str outcome, int64_t at_ms)
{
    struct proof *proof = conversation->proof;
    bool right = str_equal(outcome, STR("right")), wrong = str_equal(outcome, STR("wrong")), used_up = str_equal(outcome, STR("used_up"));
    must(proof && proof->waits);
    proof->tried = conversation->last_message;
    proof->waits = wrong;
    if (right) proof->good_until = at_ms + PROOF_GOOD_MS;
    if (wrong || used_up) {
        proof->tries++;
        begin_window(conversation->customer, at_ms);
        conversation->customer->codes_wrong++;
    }
    proof->outcome = right ? PROOF_RIGHT : wrong ? PROOF_WRONG_CODE : used_up ? PROOF_USED_UP : PROOF_EXPIRED;
    if (!proof->waits) proof->code = (struct digest){ 0, 0 };
}

void proof_forget(struct engine *engine, struct conversation *conversation)
{
    if (conversation->proof) pool_give(&engine->proof_pool, conversation->proof);
    conversation->proof = NULL;
}
