#include "assistant/model_state.h"

#include <pthread.h>
#include <time.h>

#include "base/memory.h"
#include "base/must.h"
#include "base/random.h"

#define LINES_MAX 16 /* open connections that are kept */
#define DAY_MS 86400000

struct model_state {
    pthread_mutex_t lock;
    int64_t day;
    uint64_t today;
    uint64_t server;   /* hash of the base_url that `limits` is of */
    unsigned limits;
    struct breakers *breakers;
    struct model_line lines[LINES_MAX];
    size_t line_count;
    struct random random;
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct model_state *model_state_new(void)
{
    struct model_state *state = MEMORY_NEW(struct model_state);
    must(pthread_mutex_init(&state->lock, NULL) == 0);
    state->breakers = breakers_new();
    state->random.state = (uint64_t)now_ms();
    return state;
}

static void line_free(struct model_line line)
{
    curl_easy_cleanup(line.easy);
    curl_multi_cleanup(line.multi);
}

void model_state_free(struct model_state *state)
{
    if (!state)
        return;
    for (size_t i = 0; i < state->line_count; i++)
        line_free(state->lines[i]);
    breakers_free(state->breakers);
    pthread_mutex_destroy(&state->lock);
    memory_free(state);
}

/* --- tokens ------------------------------------------------------------------------------------- */

int64_t model_state_day(int64_t unix_ms)
{
    return unix_ms / DAY_MS;
}

static void turn_the_day(struct model_state *state)
{
    int64_t day = model_state_day(now_ms());
    if (state->day == day)
        return;
    state->day = day;
    state->today = 0;
}

bool model_state_take(struct model_state *state, int64_t budget_day, uint64_t tokens, struct model_taken *taken)
{
    pthread_mutex_lock(&state->lock);
    turn_the_day(state);
    bool enough = budget_day >= 0 && state->today + tokens <= (uint64_t)budget_day;
    if (enough)
        state->today += tokens;
    *taken = (struct model_taken){ state->day, enough ? tokens : 0 };
    pthread_mutex_unlock(&state->lock);
    return enough;
}

void model_state_give_back(struct model_state *state, const struct model_taken *taken, uint64_t used)
{
    pthread_mutex_lock(&state->lock);
    turn_the_day(state);
    if (taken->day == state->day) /* what was taken before midnight is gone already */
        state->today -= taken->tokens;
    state->today += used;
    pthread_mutex_unlock(&state->lock);
}

void model_state_used(struct model_state *state, int64_t day, uint64_t tokens)
{
    pthread_mutex_lock(&state->lock);
    turn_the_day(state);
    if (day == state->day)
        state->today += tokens;
    pthread_mutex_unlock(&state->lock);
}

uint64_t model_state_today(struct model_state *state)
{
    pthread_mutex_lock(&state->lock);
    turn_the_day(state);
    uint64_t today = state->today;
    pthread_mutex_unlock(&state->lock);
    return today;
}

/* --- the server --------------------------------------------------------------------------------- */

unsigned model_state_limits(struct model_state *state, struct str base_url)
{
    pthread_mutex_lock(&state->lock);
    unsigned limits = state->server == str_hash(base_url) ? state->limits : 0;
    pthread_mutex_unlock(&state->lock);
    return limits;
}

void model_state_learn(struct model_state *state, struct str base_url, unsigned limits)
{
    pthread_mutex_lock(&state->lock);
    if (state->server != str_hash(base_url)) {
        state->server = str_hash(base_url);
        state->limits = 0;
    }
    state->limits |= limits;
    pthread_mutex_unlock(&state->lock);
}

struct breakers *model_state_breakers(struct model_state *state)
{
    return state->breakers;
}

struct model_line model_state_line(struct model_state *state)
{
    struct model_line line = { NULL, NULL };
    pthread_mutex_lock(&state->lock);
    if (state->line_count)
        line = state->lines[--state->line_count];
    pthread_mutex_unlock(&state->lock);
    if (!line.multi) {
        line = (struct model_line){ curl_multi_init(), curl_easy_init() };
        must(line.multi && line.easy);
    }
    return line;
}

void model_state_line_back(struct model_state *state, struct model_line line, bool good)
{
    pthread_mutex_lock(&state->lock);
    good = good && state->line_count < LINES_MAX;
    if (good)
        state->lines[state->line_count++] = line;
    pthread_mutex_unlock(&state->lock);
    if (!good)
        line_free(line);
}

uint64_t model_state_random(struct model_state *state, uint64_t bound)
{
    pthread_mutex_lock(&state->lock);
    uint64_t value = random_below(&state->random, bound);
    pthread_mutex_unlock(&state->lock);
    return value;
}
