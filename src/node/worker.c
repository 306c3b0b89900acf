#include "node/worker.h"

#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/must.h"
#include "node/handle.h"

struct list {
    struct job *first, **end;
};

struct worker {
    pthread_t thread;
    uv_mutex_t lock;
    uv_cond_t wake;
    struct list posted, finished; /* under the lock */
    bool stopping;                /* under the lock */
    uv_async_t *news;             /* to the loop: something is finished */
    size_t depth;                 /* the loop thread's own */
    struct worker_options options;
};

static void list_clear(struct list *list)
{
    list->first = NULL;
    list->end = &list->first;
}

static void list_add(struct list *list, struct job *job)
{
    job->next = NULL;
    *list->end = job;
    list->end = &job->next;
}

static struct job *list_take(struct list *list)
{
    struct job *job = list->first;
    if (!job) return NULL;
    list->first = job->next;
    if (!list->first) list->end = &list->first;
    return job;
}

/* Under the lock, with nothing to do: whether nothing came for `idle_ms` either. */
static bool stays_idle(struct worker *worker)
{
    uint64_t until = uv_hrtime() + worker->options.idle_ms * 1000000;
    while (!worker->posted.first && !worker->stopping) {
        uint64_t now = uv_hrtime();
        if (now >= until) return true;
        uv_cond_timedwait(&worker->wake, &worker->lock, until - now);
    }
    return !worker->posted.first;
}

#define HURRIED_NS 100000
#define RESET_ON_FORK 1 /* threads made by this one are as others again */

/* As <linux/sched/types.h> has it, which cannot stand beside <sched.h>. */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t niceness;
    uint32_t priority;
    uint64_t slice_ns, deadline_ns, period_ns;
};

void worker_hurry(void)
{
    struct attributes attributes = { .size = sizeof attributes, .policy = SCHED_OTHER, .flags = RESET_ON_FORK,
        .niceness = getpriority(PRIO_PROCESS, (id_t)gettid()), .slice_ns = HURRIED_NS };
    (void)!syscall(SYS_sched_setattr, 0, &attributes, 0); /* before Linux 6.12 it changes nothing */
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    /* On Linux this is the thread's own; where it is refused nothing is lost but the preference. */
    if (worker->options.niceness) (void)!setpriority(PRIO_PROCESS, (id_t)gettid(), worker->options.niceness);
    if (worker->options.hurried) worker_hurry();
    bool rested = true;
    uv_mutex_lock(&worker->lock);
    for (;;) {
        struct job *job = list_take(&worker->posted);
        if (!job && !rested && worker->options.on_idle && !stays_idle(worker)) continue;
        if (!job && !rested && worker->options.on_idle) {
            uv_mutex_unlock(&worker->lock);
            worker->options.on_idle(worker->options.context);
            uv_mutex_lock(&worker->lock);
            rested = true;
            continue;
        }
        if (!job && worker->stopping) break;
        if (!job) {
            uv_cond_wait(&worker->wake, &worker->lock);
            continue;
        }
        uv_mutex_unlock(&worker->lock);
        job->run(job);
        rested = false;
        uv_mutex_lock(&worker->lock);
        list_add(&worker->finished, job);
        uv_async_send(worker->news);
    }
    uv_mutex_unlock(&worker->lock);
    return NULL;
}

static void deliver(struct worker *worker)
{
    for (;;) {
        uv_mutex_lock(&worker->lock);
        struct job *job = list_take(&worker->finished);
        uv_mutex_unlock(&worker->lock);
        if (!job) return;
        worker->depth--;
        job->done(job);
    }
}

static void on_news(uv_async_t *news)
{
    deliver(news->data);
}

struct worker *worker_new(uv_loop_t *loop, struct worker_options options)
{
    struct worker *worker = MEMORY_NEW(struct worker);
    worker->options = options;
    list_clear(&worker->posted);
    list_clear(&worker->finished);
    worker->news = MEMORY_NEW(uv_async_t);
    must(uv_mutex_init(&worker->lock) == 0 && uv_cond_init(&worker->wake) == 0);
    must(uv_async_init(loop, worker->news, on_news) == 0);
    worker->news->data = worker;
    must(pthread_create(&worker->thread, NULL, work, worker) == 0);
    pthread_setname_np(worker->thread, options.name);
    return worker;
}

void worker_free(struct worker *worker)
{
    if (!worker) return;
    uv_mutex_lock(&worker->lock);
    worker->stopping = true;
    uv_cond_signal(&worker->wake);
    uv_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    deliver(worker);
    handle_close(worker->news);
    uv_mutex_destroy(&worker->lock);
    uv_cond_destroy(&worker->wake);
    memory_free(worker);
}

void worker_post(struct worker *worker, struct job *job)
{
    worker->depth++;
    uv_mutex_lock(&worker->lock);
    must(!worker->stopping);
    list_add(&worker->posted, job);
    uv_cond_signal(&worker->wake);
    uv_mutex_unlock(&worker->lock);
}

size_t worker_depth(const struct worker *worker)
{
    return worker->depth;
}
