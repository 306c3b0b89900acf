#include "gateway/password.h"

#include <sodium.h>

#include "base/memory.h"
#include "privacy/vault.h"

struct password_job {
    uv_work_t work;
    struct password_job *next;
    struct passwords *passwords;
    struct arena arena;
    struct str password, hash;
    struct buf made;
    bool fits;
    password_done_fn *done;
    void *context;
};

static void run(uv_work_t *work)
{
    struct password_job *job = work->data;
    if (job->hash.len) job->fits = password_fits(job->password, job->hash);
    else password_hash(job->password, &job->made);
}

static void start_next(struct passwords *passwords);

static void on_done(uv_work_t *work, int status)
{
    struct password_job *job = work->data;
    struct passwords *passwords = job->passwords;
    passwords->running--;
    job->done(job->context, status == 0 && job->fits, status == 0 ? buf_str(&job->made) : STR_EMPTY);
    sodium_memzero((char *)(uintptr_t)job->password.data, job->password.len);
    buf_free(&job->made);
    arena_free(&job->arena);
    memory_free(job);
    start_next(passwords);
}

static void start_next(struct passwords *passwords)
{
    while (passwords->first && passwords->running < PASSWORDS_AT_ONCE) {
        struct password_job *job = passwords->first;
        passwords->first = job->next;
        if (!passwords->first) passwords->last = NULL;
        passwords->waiting--;
        passwords->running++;
        must(uv_queue_work(passwords->loop, &job->work, run, on_done) == 0);
    }
}

bool passwords_work(struct passwords *passwords, struct str password, struct str hash, password_done_fn *done,
                    void *context)
{
    if (passwords->waiting >= PASSWORDS_WAITING) return false;
    struct password_job *job = MEMORY_NEW(struct password_job);
    job->work.data = job;
    job->passwords = passwords;
    job->password = arena_copy(&job->arena, password);
    job->hash = arena_copy(&job->arena, hash);
    job->done = done;
    job->context = context;
    buf_init(&job->made, 1024);
    if (passwords->last) passwords->last->next = job;
    else passwords->first = job;
    passwords->last = job;
    passwords->waiting++;
    start_next(passwords);
    return true;
}
