/* worker.h - one thread that does jobs in the order in which they were given.
 *
 * The loop thread posts a job; `run` is called on the worker's thread, then `done` on the loop
 * thread, in the same order. The job belongs to the poster again when `done` is called. This is the
 * only way in which the loop shares work with the log and the views. */
#ifndef NODE_WORKER_H
#define NODE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

struct worker;

struct job {
    void (*run)(struct job *job);
    void (*done)(struct job *job);
    struct job *next;
};

struct worker_options {
    const char *name;
    int niceness;                    /* above 0 other threads go first when there are more than cores */
    void (*on_idle)(void *context);  /* on the worker's thread, when it has done all that was posted and nothing came
                                      * for idle_ms; before it ends too. Or NULL */
    uint64_t idle_ms;
    bool hurried;                    /* worker_hurry on its thread */
    void *context;
};

struct worker *worker_new(uv_loop_t *loop, struct worker_options options);

/* Does all that was posted, then ends the thread. `done` of the last jobs is called from here. */
void worker_free(struct worker *worker);

/* This thread works for moments and somebody waits for each: when it wakes up it need not wait until another
 * thread has had its slice of some milliseconds. It gets no more of the processor than its share. */
void worker_hurry(void);

void worker_post(struct worker *worker, struct job *job);
size_t worker_depth(const struct worker *worker); /* posted and not yet done; for the loop thread */

#endif
