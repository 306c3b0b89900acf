/* simulation [--seeds N] [--seed S] [--steps M] [--trace]
 *
 * Runs the world of world.h for many seeds, each in a process of its own, so that a broken promise
 * or a crash ends that seed only. A failing seed is printed as the command that shows it again. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "world.h"

struct options {
    uint64_t first, count, steps, jobs;
    bool one, trace;
};

static void run(uint64_t seed, const struct options *options)
{
    struct world *world = world_new(seed);
    world->trace = options->trace;
    world_run(world, options->steps);
    if (options->one)
        printf("seed %llu: %zu commands (%zu refused), %llu events, %zu commits, %zu snapshots, %zu crashes, "
               "%zu rollbacks, %zu repeats\n", (unsigned long long)seed, world->commands, world->refusals,
               (unsigned long long)engine_seq(world->engine), world->commits, world->snapshots, world->crashes,
               world->rollbacks, world->repeats);
    world_free(world);
}

static uint64_t number(const char *text)
{
    uint64_t value;
    if (text && str_to_u64(str_of(text), &value) && value) return value;
    fprintf(stderr, "usage: simulation [--seeds N] [--seed S] [--steps M] [--jobs J] [--trace]\n");
    exit(64);
}

static struct options read_options(int argc, char **argv)
{
    struct options options = { .first = 1, .count = 100, .steps = 1500, .jobs = 2 };
    for (int i = 1; i < argc; i++) {
        struct str name = str_of(argv[i]);
        if (str_equal(name, STR("--trace"))) options.trace = true;
        else if (str_equal(name, STR("--seeds"))) options.count = number(argv[++i]);
        else if (str_equal(name, STR("--steps"))) options.steps = number(argv[++i]);
        else if (str_equal(name, STR("--jobs"))) options.jobs = number(argv[++i]);
        else if (str_equal(name, STR("--seed"))) {
            options.first = number(argv[++i]);
            options.count = 1;
            options.one = true;
        } else number(NULL);
    }
    return options;
}

static pid_t start(uint64_t seed, const struct options *options)
{
    fflush(stdout);
    pid_t pid = fork();
    must(pid >= 0);
    if (pid) return pid;
    run(seed, options);
    exit(0);
}

static uint64_t run_all(const struct options *options)
{
    uint64_t failed = 0, next = options->first, end = options->first + options->count, running = 0;
    struct { pid_t pid; uint64_t seed; } jobs[64];
    while (next < end || running) {
        while (next < end && running < options->jobs && running < ARRAY_LEN(jobs)) {
            jobs[running].seed = next;
            jobs[running++].pid = start(next++, options);
        }
        int status;
        pid_t pid = wait(&status);
        for (uint64_t i = 0; i < running; i++) {
            if (jobs[i].pid != pid) continue;
            if (status) {
                failed++;
                printf("failed: build/simulation --seed %llu --steps %llu\n", (unsigned long long)jobs[i].seed,
                       (unsigned long long)options->steps);
            }
            jobs[i] = jobs[--running];
            break;
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    struct options options = read_options(argc, argv);
    if (options.one) {
        run(options.first, &options);
        return 0;
    }
    uint64_t failed = run_all(&options);
    printf("seeds %llu to %llu, %llu steps each\n", (unsigned long long)options.first,
           (unsigned long long)(options.first + options.count - 1), (unsigned long long)options.steps);
    printf("simulation: %llu passed, %llu failed\n", (unsigned long long)(options.count - failed),
           (unsigned long long)failed);
    return failed != 0;
}
