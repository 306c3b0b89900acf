/* sabotage.c - between a program and the system, by LD_PRELOAD: a disk that does not confirm, a clock
 * that is set.
 *
 * Commands are files in the folder $SABOTAGE, looked at by each call:
 *   fail-sync   part of a path: fsync and fdatasync of files whose path has it fail with EIO
 *   clock       seconds by which the wall clock is off, such as -3600 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The first line of the command file; false if there is none. */
static int command(const char *name, char text[256])
{
    char path[512];
    const char *folder = getenv("SABOTAGE");
    if (!folder || snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path) return 0;
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t len = read(fd, text, 255);
    close(fd);
    text[len > 0 ? len : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    return 1;
}

static int refuses(int fd)
{
    int before = errno;
    char part[256], link[64], path[4096];
    int found = 0;
    if (command("fail-sync", part) && *part) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t len = readlink(link, path, sizeof path - 1);
        path[len > 0 ? len : 0] = 0;
        found = strstr(path, part) != NULL;
    }
    errno = found ? EIO : before;
    return found;
}

int fsync(int fd)
{
    return refuses(fd) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return refuses(fd) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

static long long offset(void)
{
    int before = errno;
    char text[256];
    long long seconds = command("clock", text) ? atoll(text) : 0;
    errno = before;
    return seconds;
}

int clock_gettime(clockid_t id, struct timespec *out)
{
    int status = (int)syscall(SYS_clock_gettime, id, out);
    if (status == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) out->tv_sec += offset();
    return status;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
    int status = (int)syscall(SYS_gettimeofday, out, zone);
    if (status == 0) out->tv_sec += offset();
    return status;
}

time_t time(time_t *out)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
