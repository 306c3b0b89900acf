/* password.h - argon2id away from the loop thread.
 *
 * One hash takes 19 MiB and a core for tens of milliseconds, so at most two run at a time and few
 * wait: otherwise logging in would be a way to stop the server. Whoever finds the queue full is told
 * to come back (429). */
#ifndef GATEWAY_PASSWORD_H
#define GATEWAY_PASSWORD_H

#include <uv.h>

#include "base/arena.h"

#define PASSWORDS_AT_ONCE 2
#define PASSWORDS_WAITING 32

struct passwords {
    uv_loop_t *loop;
    struct password_job *first, *last;
    size_t running, waiting;
};

/* Runs on the loop thread when the work is done. fits: whether the password fits the given hash.
 * hash: the new hash, when none was given. */
typedef void password_done_fn(void *context, bool fits, struct str hash);

/* Strings are copied. With a hash: checks the password. Without: makes a hash, which takes as long
 * (a login that is not known is answered no sooner than one that is). False: too many are waiting. */
bool passwords_work(struct passwords *passwords, struct str password, struct str hash, password_done_fn *done,
                    void *context) WARN_UNUSED;

#endif
