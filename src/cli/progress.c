/* progress.c - how far something has come, for a person who waits. */
#include "cli/cli.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void cli_progress(struct cli_progress *progress, uint64_t done, uint64_t all)
{
    int64_t now = monotonic_ms();
    bool terminal = isatty(STDERR_FILENO);
    if (!progress->began_ms)
        progress->began_ms = now;
    int64_t pause = terminal ? 200 : 10000;
    if (now - progress->began_ms < 1000 || (progress->shown && now - progress->shown_ms < pause))
        return;
    progress->shown = true;
    progress->shown_ms = now;
    if (all)
        fprintf(stderr, "%sbeckon: %s: %llu of %llu (%llu %%)%s", terminal ? "\r" : "", progress->what,
                (unsigned long long)done, (unsigned long long)all, (unsigned long long)(done * 100 / all),
                terminal ? "\033[K" : "\n");
    else
        fprintf(stderr, "%sbeckon: %s: %llu%s", terminal ? "\r" : "", progress->what, (unsigned long long)done,
                terminal ? "\033[K" : "\n");
    fflush(stderr);
}

void cli_progress_end(struct cli_progress *progress)
{
    if (progress->shown && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}
