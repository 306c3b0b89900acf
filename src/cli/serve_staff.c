/* serve_staff.c - the workspace's `staff:` become members of staff at the first start.
 *
 * Hashing a password takes a while on purpose, so a thread of its own hashes them all while the server
 * opens its files and learns. */
#include <pthread.h>

#include "base/memory.h"
#include "cli/serve.h"
#include "cli/staff.h"
#include "privacy/vault.h"

#define EVENTS_BESIDE 8 /* that a log may hold beside those of the staff, and still count as new */

struct newcomer {
    struct arena arena; /* filled by the thread, and by nobody else while it runs */
    struct staff staff; /* a copy: the workspace may go, when the node cannot be opened */
    struct str hash;    /* of the password */
    struct outcome outcome;
    bool submitted, done;
};

struct serve_staff {
    struct newcomer *newcomers;
    size_t count;
    pthread_t thread;
    bool hashing;
};

static void *hash_all(void *argument)
{
    struct serve_staff *staff = argument;
    for (size_t i = 0; i < staff->count; i++) {
        struct newcomer *newcomer = &staff->newcomers[i];
        struct buf hash;
        buf_init(&hash, LIMIT_PASSWORD);
        password_hash(newcomer->staff.password, &hash);
        newcomer->hash = arena_copy(&newcomer->arena, buf_str(&hash));
        buf_free(&hash);
    }
    return NULL;
}

static struct staff copy_of(struct arena *arena, const struct staff *staff)
{
    struct staff copy = *staff;
    struct str *texts[] = { &copy.login, &copy.name, &copy.password, &copy.role, &copy.pool, &copy.skills, &copy.languages };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        *texts[i] = arena_copy(arena, *texts[i]);
    return copy;
}

void serve_staff_begin(struct serve_staff **out, const struct workspace *workspace)
{
    struct serve_staff *staff = *out = MEMORY_NEW(struct serve_staff);
    staff->count = workspace->staff_count;
    staff->newcomers = MEMORY_NEW_ARRAY(struct newcomer, staff->count + 1);
    for (size_t i = 0; i < staff->count; i++)
        staff->newcomers[i].staff = copy_of(&staff->newcomers[i].arena, &workspace->staff[i]);
    staff->hashing = staff->count > 0;
    if (staff->hashing)
        must(pthread_create(&staff->thread, NULL, hash_all, staff) == 0);
}

static json_t *body_of(const struct staff *staff)
{
    json_t *body = json_object();
    const struct { const char *name; struct str value; } texts[] = {
        { "login", staff->login }, { "name", staff->name }, { "password", staff->password }, { "role", staff->role },
        { "pool", staff->pool }, { "skills", staff->skills }, { "languages", staff->languages },
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (texts[i].value.len)
            json_object_set_new(body, texts[i].name, json_stringn(texts[i].value.data, texts[i].value.len));
    if (staff->capacity)
        json_object_set_new(body, "capacity", json_integer(staff->capacity));
    return body;
}

static void on_done(void *context, const struct outcome *outcome)
{
    struct newcomer *newcomer = context;
    newcomer->outcome = *outcome;
    newcomer->done = true;
}

static bool submit(struct err *err, struct node *node, struct newcomer *newcomer)
{
    struct command command;
    json_t *body = body_of(&newcomer->staff);
    struct staff_wish wish = { node, COMMAND_ADD_AGENT, 0, body, newcomer->hash };
    newcomer->submitted = staff_command(err, &wish, &newcomer->arena, &command);
    if (newcomer->submitted)
        node_submit(node, &command, on_done, newcomer);
    json_decref(body);
    return newcomer->submitted;
}

static bool cannot_add(struct err *err, const struct newcomer *newcomer)
{
    return err_wrap(err, "workspace.yaml: %.*s of `staff:` cannot be added", STR_ARG(newcomer->staff.login));
}

/* All of them go to disk together. */
static bool add_all(struct err *err, struct serve_staff *staff, struct node *node, uv_loop_t *loop)
{
    bool fine = true;
    for (size_t i = 0; fine && i < staff->count; i++)
        fine = submit(err, node, &staff->newcomers[i]) || cannot_add(err, &staff->newcomers[i]);
    for (size_t i = 0; i < staff->count; i++) {
        struct newcomer *newcomer = &staff->newcomers[i];
        while (newcomer->submitted && !newcomer->done)
            uv_run(loop, UV_RUN_ONCE);
        enum refusal refusal = newcomer->outcome.refusal;
        if (fine && newcomer->submitted && refusal && refusal != REFUSAL_TAKEN)
            fine = err_set(err, "%s", refusal_table[refusal].sentence) || cannot_add(err, newcomer);
    }
    return fine;
}

bool serve_staff_add(struct err *err, struct serve_staff **staff, struct node *node, uv_loop_t *loop)
{
    const struct workspace *workspace = node_workspace(node);
    if (engine_seq(node_engine(node)) > workspace->staff_count + EVENTS_BESIDE)
        return true;
    if (!*staff) /* a log that is nearly new: its first start was cut short */
        serve_staff_begin(staff, workspace);
    if ((*staff)->hashing)
        must(pthread_join((*staff)->thread, NULL) == 0);
    (*staff)->hashing = false;
    return add_all(err, *staff, node, loop);
}

void serve_staff_end(struct serve_staff *staff)
{
    if (!staff)
        return;
    if (staff->hashing)
        must(pthread_join(staff->thread, NULL) == 0);
    for (size_t i = 0; i < staff->count; i++)
        arena_free(&staff->newcomers[i].arena);
    memory_free(staff->newcomers);
    memory_free(staff);
}
