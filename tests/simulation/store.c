#include "store.h"

#include <stdio.h>

#include "base/memory.h"
#include "invariant.h"
#include "log/keys.h"

#define LOG_PATH "log.db"
#define KEYS_PATH "keys.db"
#define BATCH_MAX (64 * 1024 * 1024)

struct store {
    char vfs[32];
    struct disk *disk;
    struct log *log;
    struct keys *keys;
    struct vault *vault;
    uint64_t committed;
    uint64_t failed_syncs;        /* the disk's count when the process began */
    struct buf bytes;             /* of the batch's records, one after another */
    struct log_record *records;   /* their bytes are filled in at commit */
    size_t *ends, count, room;
    struct arena arena;
    uint64_t *erased;             /* customers whose keys go after the next commit */
    size_t erased_count, erased_room;
};

/* The hook has no context; one store exists at a time. */
static bool process_died;
static void note_death(const char *sentence)
{
    UNUSED(sentence);
    process_died = true;
}

static bool fetch_key(void *context, uint64_t subject, struct buf *wrapped)
{
    struct store *store = context;
    struct err err = { { 0 } };
    return keys_get(&err, store->keys, subject, wrapped);
}

static bool open_files(struct store *store, bool may_fail)
{
    static const uint8_t master[VAULT_MASTER_LEN] = "a key of which all simulations k";
    struct err err;
    process_died = false;
    store->failed_syncs = disk_failed_syncs(store->disk);
    store->log = log_open(&err, LOG_PATH, store->vfs);
    store->keys = store->log ? keys_open(&err, KEYS_PATH, store->vfs) : NULL;
    if (!store->keys) {
        invariant(may_fail || disk_is_crashed(store->disk), "the files do not open: %s", err.text);
        log_close(store->log);
        store->log = NULL;
        return false;
    }
    store->vault = vault_new(master, 1024, fetch_key, store);
    store->committed = log_last(store->log);
    return true;
}

static void close_files(struct store *store)
{
    if (!store->log) return;
    vault_free(store->vault);
    keys_close(store->keys);
    log_close(store->log);
    store->log = NULL;
}

static void forget_batch(struct store *store)
{
    buf_clear(&store->bytes);
    arena_reset(&store->arena);
    store->count = store->erased_count = 0;
}

struct store *store_new(uint64_t seed)
{
    struct store *store = MEMORY_NEW(struct store);
    log_on_fatal = note_death;
    snprintf(store->vfs, sizeof store->vfs, "simulation-%llu", (unsigned long long)seed);
    store->disk = disk_new(seed, store->vfs);
    buf_init(&store->bytes, BATCH_MAX);
    must(open_files(store, false));
    return store;
}

void store_free(struct store *store)
{
    close_files(store);
    disk_free(store->disk);
    buf_free(&store->bytes);
    arena_free(&store->arena);
    memory_free(store->records);
    memory_free(store->ends);
    memory_free(store->erased);
    memory_free(store);
}

struct disk *store_disk(struct store *store) { return store->disk; }
size_t store_waiting(const struct store *store) { return store->count; }
uint64_t store_committed(const struct store *store) { return store->committed; }

static void note_erased(struct store *store, uint64_t customer)
{
    if (store->erased_count == store->erased_room) {
        store->erased_room = store->erased_room ? store->erased_room * 2 : 8;
        store->erased = memory_resize(store->erased, store->erased_room, sizeof *store->erased);
    }
    store->erased[store->erased_count++] = customer;
}

/* P6: nothing personal stands in a record as it was said. Short words may be there by chance. */
static void check_sealed(const struct event *event, struct str record)
{
    const struct event_row *row = &event_table[event->kind];
    for (size_t i = 0; i < row->field_count; i++) {
        const struct event_field *field = &row->fields[i];
        if (!event_field_is_personal(field->type) || event_text(event, field)->len < 4) continue;
        invariant(str_find(record, *event_text(event, field), 0) < 0, "event %llu (%s) has its %s in the clear",
                  (unsigned long long)event->seq, row->name, field->name);
    }
}

void store_add(struct store *store, const struct event *event, struct event *sealed)
{
    struct err err;
    size_t from = store->bytes.len;
    record_encode(store->vault, event, &store->bytes);
    must(!store->bytes.full);
    if (store->count == store->room) {
        store->room = store->room ? store->room * 2 : 64;
        store->records = memory_resize(store->records, store->room, sizeof *store->records);
        store->ends = memory_resize(store->ends, store->room, sizeof *store->ends);
    }
    store->records[store->count] = (struct log_record){ .seq = event->seq, .at_ms = event->at_ms };
    store->ends[store->count++] = store->bytes.len;
    struct str bytes = arena_copy(&store->arena, str_slice(buf_str(&store->bytes), from, store->bytes.len));
    invariant(record_decode(&err, bytes, event->seq, sealed), "a record cannot be read back: %s", err.text);
    check_sealed(event, bytes);
    if (event->kind == EVENT_CUSTOMER_ERASED) note_erased(store, event->customer);
}

/* After a failed fsync nobody knows what is on disk: whoever goes on promises what may not be there. */
static bool is_dead(const struct store *store)
{
    invariant(process_died || disk_is_crashed(store->disk) || disk_failed_syncs(store->disk) == store->failed_syncs,
              "an fsync failed, and the process goes on");
    return process_died || disk_is_crashed(store->disk);
}

static enum log_result put_keys(struct store *store)
{
    struct err err;
    struct arena arena = { 0 };
    struct key_row rows[64];
    size_t count = 0;
    enum log_result result = LOG_DONE;
    for (bool more = true; more && result == LOG_DONE; ) {
        struct buf wrapped;
        uint64_t subject;
        buf_init(&wrapped, 1024);
        more = vault_take_new(store->vault, &subject, &wrapped);
        if (more) rows[count++] = (struct key_row){ subject, arena_copy(&arena, buf_str(&wrapped)) };
        buf_free(&wrapped);
        if (count && (!more || count == ARRAY_LEN(rows))) {
            result = keys_put(&err, store->keys, rows, count);
            count = 0;
        }
    }
    arena_free(&arena);
    return result;
}

static void delete_keys(struct store *store)
{
    struct err err;
    for (size_t i = 0; i < store->erased_count; i++) {
        uint64_t subject = vault_customer(store->erased[i]);
        vault_forget(store->vault, subject);
        if (keys_delete(&err, store->keys, subject) != LOG_DONE) return;
    }
}

enum store_result store_commit(struct store *store)
{
    struct err err;
    size_t from = 0;
    if (!store->count) return is_dead(store) ? STORE_DEAD : STORE_DONE;
    for (size_t i = 0; i < store->count; i++) {
        store->records[i].bytes = str_slice(buf_str(&store->bytes), from, store->ends[i]);
        from = store->ends[i];
    }
    enum log_result result = put_keys(store);
    if (result == LOG_DONE) result = log_append(&err, store->log, store->records, store->count);
    if (result == LOG_DONE && !process_died) {
        store->committed = store->records[store->count - 1].seq;
        invariant(log_last(store->log) == store->committed, "the log ends elsewhere than the batch");
        delete_keys(store);
        forget_batch(store);
        /* What was acknowledged before the death counts. */
        return is_dead(store) ? STORE_DEAD : STORE_DONE;
    }
    return is_dead(store) ? STORE_DEAD : STORE_FULL;
}

enum store_result store_snapshot(struct store *store, const struct engine *engine)
{
    struct err err;
    struct buf state;
    must(!store->count && engine_seq(engine) == store->committed);
    buf_init(&state, LIMIT_SNAPSHOT);
    engine_encode(engine, &state);
    enum log_result result = log_put_snapshot(&err, store->log, store->committed, buf_str(&state));
    buf_free(&state);
    return is_dead(store) ? STORE_DEAD : result == LOG_DONE ? STORE_DONE : STORE_FULL;
}

bool store_restart(struct store *store)
{
    /* A process that ends itself closes nothing in good order: what it wrote stays as it is. */
    if (process_died && !disk_is_crashed(store->disk)) disk_crash(store->disk, DISK_KILL);
    close_files(store);
    forget_batch(store);
    if (disk_is_crashed(store->disk)) disk_restart(store->disk);
    bool open = open_files(store, true);
    /* What is still planned would hit the reading that follows, and the process would start once more. */
    disk_forget_faults(store->disk);
    if (open) return true;
    if (disk_is_crashed(store->disk)) disk_restart(store->disk);
    disk_set_room(store->disk, DISK_NO_LIMIT);
    return open_files(store, false);
}

bool store_roll_back(struct store *store)
{
    forget_batch(store);
    close_files(store);
    disk_forget_faults(store->disk);
    disk_set_room(store->disk, DISK_NO_LIMIT);
    return open_files(store, false);
}

void store_erase(struct store *store, uint64_t customer)
{
    struct err err;
    vault_forget(store->vault, vault_customer(customer));
    keys_delete(&err, store->keys, vault_customer(customer));
}

struct reading {
    store_event_fn *each;
    void *context;
};

static bool read_one(void *context, const struct log_record *record)
{
    const struct reading *reading = context;
    struct event event;
    struct err err;
    invariant(record_decode(&err, record->bytes, record->seq, &event), "%s", err.text);
    invariant(event.at_ms == record->at_ms, "record %llu has another time than its event", (unsigned long long)record->seq);
    reading->each(reading->context, &event);
    return true;
}

void store_each(struct store *store, uint64_t from, store_event_fn *each, void *context)
{
    struct err err;
    struct reading reading = { each, context };
    invariant(log_read(&err, store->log, from, 0, read_one, &reading), "the log cannot be read: %s", err.text);
}

static void apply_one(void *context, const struct event *event)
{
    engine_apply(context, event);
}

struct engine *store_recover(struct store *store)
{
    struct engine *engine = engine_new();
    struct err err = { { 0 } };
    struct buf state;
    uint64_t seq = 0;
    buf_init(&state, LIMIT_SNAPSHOT);
    if (log_get_snapshot(&err, store->log, &seq, &state)) {
        invariant(engine_decode(&err, engine, buf_str(&state)), "%s", err.text);
        invariant(engine_seq(engine) == seq, "a snapshot says it is of another record");
    } else {
        invariant(!err.text[0], "the snapshots cannot be read: %s", err.text);
    }
    buf_free(&state);
    store_each(store, engine_seq(engine) + 1, apply_one, engine);
    return engine;
}

bool store_open_event(struct store *store, uint64_t seq, struct arena *arena, struct event *event)
{
    struct err err;
    struct log_record record;
    invariant(log_get(&err, store->log, seq, arena, &record), "record %llu is lost: %s", (unsigned long long)seq, err.text);
    invariant(record_decode(&err, record.bytes, seq, event), "%s", err.text);
    return record_open(store->vault, event, arena);
}
