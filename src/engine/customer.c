#include "engine/customer.h"

#include "base/limits.h"

static bool is_over(const struct customer *customer, int64_t at_ms)
{
    return customer->idle_from && customer->idle_from + CUSTOMER_IDLE_MS <= at_ms;
}

struct customer *customer_find(const struct engine *engine, uint64_t id, int64_t now_ms)
{
    struct customer *customer = id ? map_get(&engine->customers, id) : NULL;
    return customer && !is_over(customer, now_ms) ? customer : NULL;
}

struct customer *customer_new(struct engine *engine, uint64_t id, struct digest identity)
{
    struct customer *customer = pool_take(&engine->customer_pool);
    customer->id = id;
    customer->identity.digest = identity;
    customer->language = engine->symbols.none;
    TAILQ_INIT(&customer->conversations);
    TAILQ_INIT(&customer->resolutions);
    map_put(&engine->customers, id, customer);
    lookup_put(&engine->identities, &customer->identity);
    return customer;
}

void customer_refresh_idle(struct engine *engine, struct customer *customer, int64_t at_ms)
{
    bool idle = digest_is_zero(customer->identity.digest) && !customer->erased &&
                TAILQ_EMPTY(&customer->conversations) && TAILQ_EMPTY(&customer->resolutions);
    if (customer->idle_from) {
        TAILQ_REMOVE(&engine->idle, customer, of_idle);
        engine->idle_count--;
    }
    customer->idle_from = idle ? at_ms : 0;
    if (!idle) return;
    TAILQ_INSERT_TAIL(&engine->idle, customer, of_idle);
    engine->idle_count++;
}

static void remove_resolution(struct engine *engine, struct resolution *resolution)
{
    TAILQ_REMOVE(&resolution->customer->resolutions, resolution, of_customer);
    TAILQ_REMOVE(&engine->resolutions, resolution, of_all);
    pool_give(&engine->resolution_pool, resolution);
}

void customer_erase(struct engine *engine, struct customer *customer)
{
    while (!TAILQ_EMPTY(&customer->resolutions))
        remove_resolution(engine, TAILQ_FIRST(&customer->resolutions));
    lookup_remove(&engine->identities, &customer->identity);
    customer->identity.digest = (struct digest){ 0, 0 };
    customer->erased = true;
    customer_refresh_idle(engine, customer, 0);
}

void customer_add_conversation(struct engine *engine, struct customer *customer, struct conversation *conversation)
{
    TAILQ_INSERT_HEAD(&customer->conversations, conversation, of_customer);
    customer_refresh_idle(engine, customer, 0);
}

void customer_remove_conversation(struct engine *engine, struct customer *customer,
                                  struct conversation *conversation, int64_t at_ms)
{
    TAILQ_REMOVE(&customer->conversations, conversation, of_customer);
    customer_refresh_idle(engine, customer, at_ms);
}

void customer_add_resolution(struct engine *engine, const struct resolution *resolution)
{
    struct customer *customer = resolution->customer;
    struct resolution *kept;
    TAILQ_FOREACH(kept, &customer->resolutions, of_customer)
        if (kept->topic == resolution->topic) break;
    if (kept) remove_resolution(engine, kept);
    kept = pool_take(&engine->resolution_pool);
    *kept = *resolution;
    TAILQ_INSERT_TAIL(&customer->resolutions, kept, of_customer);
    TAILQ_INSERT_TAIL(&engine->resolutions, kept, of_all);
}

const struct resolution *customer_resolution(const struct engine *engine, const struct customer *customer,
                                             const struct symbol *topic, int64_t now_ms)
{
    const struct resolution *kept;
    TAILQ_FOREACH(kept, &customer->resolutions, of_customer)
        if (kept->topic == topic && kept->resolved_at + engine->settings.recontact_window_ms > now_ms) return kept;
    return NULL;
}

static void forget(struct engine *engine, struct customer *customer)
{
    TAILQ_REMOVE(&engine->idle, customer, of_idle);
    engine->idle_count--;
    map_remove(&engine->customers, customer->id);
    pool_give(&engine->customer_pool, customer);
}

/* All of one moment go together: their order among each other is in no snapshot. */
void customer_make_room(struct engine *engine)
{
    int64_t going = -1;
    for (struct customer *first; (first = TAILQ_FIRST(&engine->idle)); ) {
        if (engine->idle_count > LIMIT_IDLE_CUSTOMERS) going = first->idle_from;
        if (first->idle_from != going) break;
        forget(engine, first);
    }
}

void customer_let_go(struct engine *engine, int64_t at_ms)
{
    for (struct resolution *first; (first = TAILQ_FIRST(&engine->resolutions)); ) {
        if (first->resolved_at + engine->settings.recontact_window_ms > at_ms) break;
        struct customer *customer = first->customer;
        remove_resolution(engine, first);
        customer_refresh_idle(engine, customer, at_ms);
    }
    for (struct customer *first; (first = TAILQ_FIRST(&engine->idle)); ) {
        if (!is_over(first, at_ms)) break;
        forget(engine, first);
    }
}
