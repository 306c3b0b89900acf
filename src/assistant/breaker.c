#include "assistant/breaker.h"

#include <pthread.h>

#include "base/limits.h"
#include "base/memory.h"
#include "base/must.h"

struct breaker {
    char host[LIMIT_NAME];
    size_t len;
    int failures;         /* in a row */
    int64_t rests_until;  /* 0: closed */
    bool trial;           /* somebody tries whether it is well again */
};

struct breakers {
    pthread_mutex_t lock;
    struct breaker items[BREAKER_HOSTS];
    size_t count;
};

struct breakers *breakers_new(void)
{
    struct breakers *breakers = MEMORY_NEW(struct breakers);
    must(pthread_mutex_init(&breakers->lock, NULL) == 0);
    return breakers;
}

void breakers_free(struct breakers *breakers)
{
    if (!breakers) return;
    pthread_mutex_destroy(&breakers->lock);
    memory_free(breakers);
}

struct str breaker_host(struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://"), 0);
    size_t end = scheme < 0 ? url.len : (size_t)scheme + 3;
    while (end < url.len && url.data[end] != '/' && url.data[end] != '?' && url.data[end] != '#') end++;
    return str_slice(url, 0, end);
}

static struct breaker *breaker_of(struct breakers *breakers, struct str host)
{
    host = str_slice(host, 0, LIMIT_NAME);
    for (size_t i = 0; i < breakers->count; i++)
        if (str_equal(str_make(breakers->items[i].host, breakers->items[i].len), host)) return &breakers->items[i];
    if (breakers->count == BREAKER_HOSTS) return &breakers->items[BREAKER_HOSTS - 1];
    struct breaker *breaker = &breakers->items[breakers->count++];
    memcpy(breaker->host, host.data, host.len);
    breaker->len = host.len;
    return breaker;
}

bool breaker_allows(struct breakers *breakers, struct str host, int64_t now_ms)
{
    pthread_mutex_lock(&breakers->lock);
    struct breaker *breaker = breaker_of(breakers, host);
    bool allows = breaker->rests_until <= now_ms;
    /* One call tries; the others wait for what comes of it. */
    if (allows && breaker->rests_until) {
        breaker->rests_until = now_ms + BREAKER_REST_MS;
        breaker->trial = true;
    }
    pthread_mutex_unlock(&breakers->lock);
    return allows;
}

void breaker_note(struct breakers *breakers, struct str host, bool failed, int64_t now_ms)
{
    pthread_mutex_lock(&breakers->lock);
    struct breaker *breaker = breaker_of(breakers, host);
    breaker->failures = failed ? breaker->failures + 1 : 0;
    breaker->trial = false;
    if (!failed) breaker->rests_until = 0;
    else if (breaker->failures >= BREAKER_FAILURES) breaker->rests_until = now_ms + BREAKER_REST_MS;
    pthread_mutex_unlock(&breakers->lock);
}

void breaker_give_back(struct breakers *breakers, struct str host, int64_t now_ms)
{
    pthread_mutex_lock(&breakers->lock);
    struct breaker *breaker = breaker_of(breakers, host);
    if (breaker->trial) breaker->rests_until = now_ms;
    breaker->trial = false;
    pthread_mutex_unlock(&breakers->lock);
}
