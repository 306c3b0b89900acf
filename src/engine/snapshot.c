/* The durable state as bytes and back. One function a struct does both directions, so that writing
 * and reading cannot drift apart. Everything stands in ascending id, or in the order of its events. */
#include <stdlib.h>

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/apply.h"
#include "engine/approval.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "engine/offer.h"
#include "engine/paraphrase.h"

#define FORMAT 6 /* another one: the log is read from its beginning instead */
#define TIME_END ((int64_t)1 << 56) /* far enough from overflow for any sum of settings */

struct coder {
    struct engine *engine;
    struct buf *out;         /* writing, or */
    struct reader in;        /* reading */
};

static bool reads(const struct coder *coder) { return !coder->out; }
static bool failed(const struct coder *coder) { return reads(coder) && coder->in.bad; }
static void expect(struct coder *coder, bool sound) { if (reads(coder) && !sound) coder->in.bad = true; }

static void code_u64(struct coder *coder, uint64_t *value)
{
    if (reads(coder)) *value = reader_varint(&coder->in);
    else buf_add_varint(coder->out, *value);
}

static void code_time(struct coder *coder, int64_t *value)
{
    if (reads(coder)) *value = reader_zigzag(&coder->in);
    else buf_add_zigzag(coder->out, *value);
    expect(coder, *value >= 0 && *value < TIME_END);
    if (failed(coder)) *value = 0;
}

/* A small number below `end`. */
static int code_small(struct coder *coder, int value, int end)
{
    uint64_t number = (uint64_t)value;
    code_u64(coder, &number);
    expect(coder, number < (uint64_t)end);
    return failed(coder) ? 0 : (int)number;
}

static void code_str(struct coder *coder, struct str *text)
{
    if (reads(coder)) *text = reader_bytes(&coder->in);
    else buf_add_bytes(coder->out, *text);
}

static void code_digest(struct coder *coder, struct digest *digest)
{
    code_u64(coder, &digest->high);
    code_u64(coder, &digest->low);
}

static void code_symbol(struct coder *coder, struct symbol **symbol)
{
    struct str text = reads(coder) ? STR_EMPTY : (*symbol)->text;
    code_str(coder, &text);
    if (reads(coder)) *symbol = symbol_of(&coder->engine->symbols, text);
}

/* How many follow. A count that the bytes left cannot hold is wrong: an item takes one byte at least. */
static size_t code_count(struct coder *coder, size_t count)
{
    uint64_t number = count;
    code_u64(coder, &number);
    expect(coder, number <= (uint64_t)(coder->in.end - coder->in.at));
    return failed(coder) ? 0 : (size_t)number;
}

/* What follows the id of each member of a map, in ascending id. */
typedef void code_fn(struct coder *coder, uint64_t id, void *item);

static void code_map(struct coder *coder, const struct map *map, code_fn *code)
{
    uint64_t *ids = reads(coder) ? NULL : map_sorted_keys(map), last = 0;
    size_t count = code_count(coder, map->count);
    for (size_t i = 0; i < count && !failed(coder); i++) {
        uint64_t id = ids ? ids[i] : 0;
        code_u64(coder, &id);
        expect(coder, id > last);
        if (!failed(coder)) code(coder, id, ids ? map_get(map, id) : NULL);
        last = id;
    }
    memory_free(ids);
}

static void code_head(struct coder *coder)
{
    struct engine *engine = coder->engine;
    uint64_t *numbers[] = { &engine->seq, &engine->last_customer, &engine->last_conversation, &engine->last_agent,
        &engine->last_session, &engine->last_offer, &engine->last_appointment, &engine->handled,
        &engine->last_paraphrase, &engine->last_approval };
    struct str version = engine->version, settings = engine->settings_text;
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) code_u64(coder, numbers[i]);
    code_time(coder, &engine->at_ms);
    code_time(coder, &engine->handle_time_ms);
    code_str(coder, &version);
    code_str(coder, &settings);
    if (!reads(coder) || failed(coder) || !settings.len) return;
    struct err err;
    expect(coder, settings_decode(&err, settings, &engine->settings_arena, &engine->settings));
    engine->version = str_make(memory_copy(version.data, version.len), version.len);
    engine->settings_text = str_make(memory_copy(settings.data, settings.len), settings.len);
    symbols_changed(&engine->symbols);
}

static void code_customer(struct coder *coder, uint64_t id, void *item)
{
    struct customer *customer = item;
    struct digest identity = customer ? customer->identity.digest : (struct digest){ 0, 0 };
    code_digest(coder, &identity);
    if (!customer) {
        expect(coder, !lookup_find(&coder->engine->identities, identity));
        if (failed(coder)) return;
        customer = customer_new(coder->engine, id, identity);
    }
    customer->verified = code_small(coder, customer->verified, 2);
    customer->erased = code_small(coder, customer->erased, 2);
    code_symbol(coder, &customer->language);
    code_time(coder, &customer->sessions_from);
    code_u64(coder, &customer->seen_seq);
    code_time(coder, &customer->idle_from);
    code_time(coder, &customer->codes_from);
    customer->codes_sent = code_small(coder, customer->codes_sent, INT32_MAX);
    customer->codes_wrong = code_small(coder, customer->codes_wrong, INT32_MAX);
}

static void code_session(struct coder *coder, struct agent *agent, const struct session *session)
{
    struct session copy = session ? *session : (struct session){ 0 };
    code_u64(coder, &copy.id);
    code_digest(coder, &copy.token.digest);
    code_time(coder, &copy.expires_at);
    expect(coder, !lookup_find(&coder->engine->tokens, copy.token.digest));
    if (reads(coder) && !failed(coder))
        agent_open_session(coder->engine, agent, copy.id, copy.token.digest, copy.expires_at);
}

static void code_wrapup(struct coder *coder, struct agent *agent, const struct wrapup *wrapup)
{
    struct wrapup copy = wrapup ? *wrapup : (struct wrapup){ 0 };
    code_u64(coder, &copy.conversation);
    code_time(coder, &copy.until);
    if (reads(coder) && !failed(coder)) agent_wrap(coder->engine, agent, copy.conversation, copy.until);
}

static void code_agent(struct coder *coder, uint64_t id, void *item)
{
    struct agent *agent = item ? item : agent_new(coder->engine, id);
    struct str skills = agent->skills, languages = agent->languages;
    code_digest(coder, &agent->login.digest);
    agent->state = (enum agent_state)code_small(coder, (int)agent->state, AGENT_STATES);
    agent->role = (enum agent_role)code_small(coder, (int)agent->role, ROLES);
    agent->pool = (enum agent_pool)code_small(coder, (int)agent->pool, POOLS);
    agent->capacity = code_small(coder, agent->capacity, LIMIT_CAPACITY + 1);
    agent->missed = code_small(coder, agent->missed, INT32_MAX);
    code_time(coder, &agent->state_since);
    code_time(coder, &agent->idle_since);
    code_u64(coder, &agent->added_seq);
    code_u64(coder, &agent->password_seq);
    code_str(coder, &skills);
    code_str(coder, &languages);
    if (!item) {
        expect(coder, !lookup_find(&coder->engine->logins, agent->login.digest));
        if (failed(coder)) agent->login.digest = (struct digest){ 0, 0 };
        lookup_put(&coder->engine->logins, &agent->login);
        agent_set_lists(agent, skills, languages);
        agent_regroup(coder->engine, agent);
        agent_renew_lease(coder->engine, agent, coder->engine->now_ms);
    }
    int sessions = code_small(coder, agent->session_count, LIMIT_SESSIONS_PER_AGENT + 1);
    for (int i = 0; i < sessions; i++) code_session(coder, agent, item ? agent->sessions[i] : NULL);
    int wrapups = code_small(coder, agent->wrapup_count, LIMIT_CAPACITY + 1);
    for (int i = 0; i < wrapups; i++) code_wrapup(coder, agent, item ? agent->wrapups[i] : NULL);
}

static void code_decliners(struct coder *coder, struct conversation *conversation)
{
    struct decliners *decliners = conversation->decliners;
    int count = code_small(coder, decliners ? (int)decliners->count : 0, LIMIT_DECLINERS + 1);
    if (count && !decliners) decliners = conversation->decliners = pool_take(&coder->engine->decliners_pool);
    for (int i = 0; i < count; i++) {
        code_u64(coder, &decliners->items[i].agent);
        code_time(coder, &decliners->items[i].until);
        decliners->count = (size_t)(reads(coder) ? i + 1 : count);
    }
}

static void code_guests(struct coder *coder, struct conversation *conversation)
{
    struct guests *guests = conversation->guests;
    int count = code_small(coder, guests ? (int)guests->count : 0, STATE_GUESTS + 1);
    for (int i = 0; i < count; i++) {
        uint64_t id = reads(coder) ? 0 : guests->ids[i];
        code_u64(coder, &id);
        if (reads(coder)) conversation_add_guest(coder->engine, conversation, id);
    }
}

static void code_proof(struct coder *coder, struct conversation *conversation)
{
    struct proof *proof = conversation->proof;
    if (!code_small(coder, proof != NULL, 2)) return;
    if (!proof) proof = conversation->proof = pool_take(&coder->engine->proof_pool);
    code_digest(coder, &proof->code);
    code_time(coder, &proof->sent_at);
    code_time(coder, &proof->good_until);
    proof->tries = code_small(coder, proof->tries, INT32_MAX);
    proof->outcome = (enum proof_outcome)code_small(coder, (int)proof->outcome, PROOF_OUTCOMES);
    code_u64(coder, &proof->tried);
    proof->waits = code_small(coder, proof->waits, 2);
}

static void code_numbers(struct coder *coder, struct conversation *conversation)
{
    int64_t *times[] = { &conversation->opened_at, &conversation->last_at, &conversation->wait_from,
        &conversation->queued_at, &conversation->assigned_at, &conversation->resolved_at, &conversation->turn_at };
    uint64_t *numbers[] = { &conversation->turn, &conversation->to_agent, &conversation->last_message,
        &conversation->appointment, &conversation->customer_read, &conversation->customer_delivered,
        &conversation->staff_read, &conversation->staff_delivered, &conversation->handler, &conversation->asked_turn,
        &conversation->acted_turn, &conversation->next_turn };
    for (size_t i = 0; i < ARRAY_LEN(times); i++) code_time(coder, times[i]);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) code_u64(coder, numbers[i]);
    conversation->failed_turns = code_small(coder, conversation->failed_turns, INT32_MAX);
    conversation->stars = code_small(coder, conversation->stars, 6);
    code_symbol(coder, &conversation->language);
    code_symbol(coder, &conversation->topic);
    code_symbol(coder, &conversation->skills);
    conversation->recontact_count = (size_t)code_small(coder, (int)conversation->recontact_count, STATE_RECONTACTS + 1);
    for (size_t i = 0; i < conversation->recontact_count; i++) code_symbol(coder, &conversation->recontacts[i]);
}

static bool has_room(const struct agent *agent)
{
    return agent->active_count + agent->offer_count + agent->wrapup_count < LIMIT_CAPACITY;
}

/* Owner and offer; then the conversation takes its place in heaps and lists. */
static void code_relations(struct coder *coder, struct conversation *conversation)
{
    struct engine *engine = coder->engine;
    struct offer offer = conversation->offer ? *conversation->offer : (struct offer){ 0 };
    uint64_t owner = conversation->owner ? conversation->owner->id : 0, asked = offer.agent ? offer.agent->id : 0;
    code_u64(coder, &owner);
    code_u64(coder, &offer.id);
    if (offer.id) {
        code_u64(coder, &asked);
        code_time(coder, &offer.made_at);
        code_time(coder, &offer.expires_at);
    }
    if (!reads(coder)) return;
    conversation->owner = agent_find(engine, owner);
    offer.conversation = conversation;
    offer.agent = agent_find(engine, asked);
    expect(coder, (conversation->state == CONVERSATION_ACTIVE) == (conversation->owner != NULL));
    expect(coder, !conversation->owner || has_room(conversation->owner));
    expect(coder, !offer.id || (conversation->state == CONVERSATION_WAITING && offer.agent && has_room(offer.agent) &&
                                !offer_find(engine, offer.id)));
    if (failed(coder)) {
        conversation->owner = NULL;
        conversation->state = CONVERSATION_ASSISTANT;
    }
    conversation_place(engine, conversation);
    if (!offer.id || failed(coder)) return;
    conversation_unqueue(engine, conversation);
    offer_make(engine, &offer);
    conversation_refresh_deadline(engine, conversation);
}

static void code_conversation(struct coder *coder, uint64_t id, void *item)
{
    struct conversation *conversation = item;
    uint64_t customer = conversation ? conversation->customer->id : 0;
    code_u64(coder, &customer);
    if (!conversation) {
        struct customer *who = customer ? map_get(&coder->engine->customers, customer) : NULL;
        expect(coder, who && !who->idle_from);
        if (failed(coder)) return;
        conversation = conversation_new(coder->engine, id, who);
    }
    conversation->state = (enum conversation_state)code_small(coder, (int)conversation->state, CONVERSATION_STATES);
    code_numbers(coder, conversation);
    code_decliners(coder, conversation);
    code_guests(coder, conversation);
    code_proof(coder, conversation);
    code_relations(coder, conversation);
}

static void code_approval(struct coder *coder, uint64_t id, void *item)
{
    struct approval copy = item ? *(struct approval *)item : (struct approval){ .id = id };
    uint64_t *numbers[] = { &copy.conversation, &copy.customer, &copy.asked_by, &copy.given_by, &copy.seq, &copy.settled };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) code_u64(coder, numbers[i]);
    code_symbol(coder, &copy.skills);
    copy.supervisor = code_small(coder, copy.supervisor, 2);
    copy.flow = code_small(coder, copy.flow, 2);
    copy.free = code_small(coder, copy.free, 2);
    code_time(coder, &copy.expires_at);
    if (reads(coder) && !failed(coder)) approval_add(coder->engine, &copy);
}

static void code_resolution(struct coder *coder, const struct resolution *resolution)
{
    struct resolution copy = resolution ? *resolution : (struct resolution){ 0 };
    uint64_t customer = resolution ? resolution->customer->id : 0;
    code_u64(coder, &customer);
    code_symbol(coder, &copy.topic);
    code_u64(coder, &copy.conversation);
    code_time(coder, &copy.resolved_at);
    if (!reads(coder)) return;
    copy.customer = customer ? map_get(&coder->engine->customers, customer) : NULL;
    expect(coder, copy.customer && !copy.customer->idle_from);
    if (!failed(coder)) customer_add_resolution(coder->engine, &copy);
}

static void code_resolutions(struct coder *coder)
{
    const struct resolution *resolution;
    size_t count = 0;
    TAILQ_FOREACH(resolution, &coder->engine->resolutions, of_all) count++;
    count = code_count(coder, count);
    if (!reads(coder)) {
        TAILQ_FOREACH(resolution, &coder->engine->resolutions, of_all) code_resolution(coder, resolution);
        return;
    }
    for (size_t i = 0; i < count && !failed(coder); i++) code_resolution(coder, NULL);
}

static void code_idempotency(struct coder *coder)
{
    struct idempotency *idempotency = &coder->engine->idempotency;
    size_t count = code_count(coder, idempotency->count);
    for (size_t i = 0; i < count && !failed(coder); i++) {
        struct idempotency_entry entry = { 0 };
        if (!reads(coder)) entry = *idempotency_at(idempotency, i);
        code_digest(coder, &entry.cause.key);
        code_u64(coder, &entry.cause.body);
        code_u64(coder, &entry.seq);
        code_time(coder, &entry.at_ms);
        code_u64(coder, &entry.conversation);
        code_u64(coder, &entry.id);
        if (!reads(coder)) continue;
        expect(coder, !idempotency_find(idempotency, entry.cause.key));
        if (!failed(coder)) idempotency_add(idempotency, &entry);
    }
}

static void code_paraphrase(struct coder *coder, uint64_t id, void *item)
{
    struct paraphrase *known = item, copy = known ? *known : (struct paraphrase){ .id = id };
    uint64_t *numbers[] = { &copy.conversation, &copy.message, &copy.agent, &copy.reviewer, &copy.version, &copy.changed_seq };
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) code_u64(coder, numbers[i]);
    code_time(coder, &copy.learned_at);
    code_time(coder, &copy.reviewed_at);
    copy.article = code_small(coder, copy.article, 2);
    copy.revoked = code_small(coder, copy.revoked, 2);
    code_symbol(coder, &copy.target);
    code_symbol(coder, &copy.language);
    code_str(coder, &copy.wording);
    expect(coder, coder->engine->paraphrases.count < LIMIT_PARAPHRASES && copy.wording.len <= LIMIT_PARAPHRASE);
    if (!known && !failed(coder)) paraphrase_add(coder->engine, &copy);
}

static void code_engine(struct coder *coder)
{
    struct engine *engine = coder->engine;
    expect(coder, code_small(coder, FORMAT, FORMAT + 1) == FORMAT);
    code_head(coder);
    if (reads(coder)) engine->now_ms = engine->at_ms;
    code_map(coder, &engine->customers, code_customer);
    code_map(coder, &engine->agents, code_agent);
    code_map(coder, &engine->conversations, code_conversation);
    code_map(coder, &engine->paraphrases, code_paraphrase);
    code_map(coder, &engine->approvals, code_approval);
    code_resolutions(coder);
    code_idempotency(coder);
}

void engine_encode(const struct engine *engine, struct buf *out)
{
    struct coder coder = { .engine = (struct engine *)(uintptr_t)engine, .out = out };
    code_engine(&coder);
}

static int by_idle(const void *a, const void *b)
{
    const struct customer *x = *(struct customer *const *)a, *y = *(struct customer *const *)b;
    return x->idle_from != y->idle_from ? (x->idle_from > y->idle_from) - (x->idle_from < y->idle_from)
                                        : (x->id > y->id) - (x->id < y->id);
}

static int by_resolution(const void *a, const void *b)
{
    const struct conversation *x = *(struct conversation *const *)a, *y = *(struct conversation *const *)b;
    return x->resolved_at != y->resolved_at ? (x->resolved_at > y->resolved_at) - (x->resolved_at < y->resolved_at)
                                            : (x->id > y->id) - (x->id < y->id);
}

/* The lists in the order of time, which members were read in the order of ids. */
static void sort_lists(struct engine *engine)
{
    struct map_slot slot;
    size_t count = 0;
    struct customer **idle = MEMORY_NEW_ARRAY(struct customer *, engine->customers.count + 1);
    for (size_t i = 0; map_next(&engine->customers, &i, &slot); )
        if (((struct customer *)slot.value)->idle_from) idle[count++] = slot.value;
    qsort(idle, count, sizeof *idle, by_idle);
    for (size_t i = 0; i < count; i++) TAILQ_INSERT_TAIL(&engine->idle, idle[i], of_idle);
    engine->idle_count = count;
    memory_free(idle);

    struct conversation **resolved = MEMORY_NEW_ARRAY(struct conversation *, engine->conversations.count + 1);
    count = 0;
    for (struct conversation *first; (first = TAILQ_FIRST(&engine->resolved)); ) {
        TAILQ_REMOVE(&engine->resolved, first, of_resolved);
        resolved[count++] = first;
    }
    qsort(resolved, count, sizeof *resolved, by_resolution);
    for (size_t i = 0; i < count; i++) TAILQ_INSERT_TAIL(&engine->resolved, resolved[i], of_resolved);
    memory_free(resolved);
}

/* Taking a place made everything look fresh, but nothing has changed since the last match. */
static void forget_fresh(struct engine *engine)
{
    struct agent *agent;
    struct conversation *conversation;
    TAILQ_FOREACH(agent, &engine->fresh_agents, of_fresh) agent->fresh = false;
    TAILQ_FOREACH(conversation, &engine->fresh, of_fresh) conversation->fresh = false;
    TAILQ_INIT(&engine->fresh_agents);
    TAILQ_INIT(&engine->fresh);
}

bool engine_decode(struct err *err, struct engine *engine, struct str snapshot)
{
    struct coder coder = { .engine = engine, .in = reader_of(snapshot) };
    must(!engine->seq);
    code_engine(&coder);
    if (coder.in.bad || coder.in.at != coder.in.end)
        return err_set(err, "the snapshot is damaged or was written by another version; the log holds "
                       "everything that is needed");
    sort_lists(engine);
    forget_fresh(engine);
    return true;
}
