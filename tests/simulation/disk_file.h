/* disk_file.h - the inside of a simulated disk, shared by disk.c (files, faults, crashes) and
 * disk_vfs.c (what SQLite calls). */
#ifndef SIMULATION_DISK_FILE_H
#define SIMULATION_DISK_FILE_H

#include <sqlite3.h>

#include "base/random.h"
#include "disk.h"

#define DISK_SHM_LOCKS SQLITE_SHM_NLOCK
#define DISK_SHM_REGIONS 256

struct disk_image {
    uint8_t *data;
    size_t len, capacity;
};

/* A write or, without data, a truncation to `at`. */
struct disk_change {
    struct disk_change *next;
    size_t at, len;
    uint8_t *data;
};

struct disk_file {
    struct disk_file *next;
    char *name;
    bool exists, durable_name;   /* now; after a crash */
    bool ghost;                  /* deleted, but a crash may bring the durable image back */
    struct disk_image seen, durable;
    struct disk_change *waiting, **waiting_end;
    size_t handles;
    /* locks of SQLite's five-state scheme: who holds what is in the handle */
    unsigned shared, reserved, pending, exclusive;
    void *shm[DISK_SHM_REGIONS];
    size_t shm_users;
    unsigned shm_shared[DISK_SHM_LOCKS];
    bool shm_exclusive[DISK_SHM_LOCKS];
};

struct disk {
    sqlite3_vfs vfs;
    char *vfs_name;
    struct random random;
    struct disk_file *files;
    bool crashed;
    enum disk_crash_how how;
    uint64_t changes, writes, syncs, failed_syncs;
    uint64_t fail_write_at, fail_sync_at, crash_at; /* absolute counts; 0: none planned */
    int64_t room;
    size_t handles;
    uint64_t temporary;          /* number of the next file without a name */
    int64_t clock_ms;
};

struct disk_file *disk_find(const struct disk *disk, const char *name);
struct disk_file *disk_make(struct disk *disk, const char *name);

/* Each counts one change and gives an SQLite result code. */
int disk_write(struct disk *disk, struct disk_file *file, const void *data, size_t len, size_t at);
int disk_truncate(struct disk *disk, struct disk_file *file, size_t len);
int disk_sync(struct disk *disk, struct disk_file *file);
int disk_delete(struct disk *disk, struct disk_file *file, bool sync_directory);
int disk_create(struct disk *disk, struct disk_file *file);

void disk_fill_vfs(struct disk *disk);

#endif
