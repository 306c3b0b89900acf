/* disk.h - a disk that tells the truth about what a power cut leaves: an SQLite VFS in memory.
 *
 * Each file has two images: what the process sees, and what is durable. A write changes the first and
 * waits in a list until xSync carries the list over to the second. A crash keeps none, all or a
 * random part of the waiting writes, whole or torn, in any combination: the disk promises no order
 * between two syncs. A name is durable after the first sync of its file; an unsynced deletion may be
 * undone. Everything random comes from the seed.
 *
 *   write ----> [ seen ]      read
 *     |
 *     +-------> waiting writes ---- sync ----> [ durable ] ---- crash, restart ----> [ seen ]
 *
 * Faults are planned ahead; each counts from the call that plans it (n = 1: the next one). A failed
 * sync does what Linux does: the writes stay visible, are never stored, and the next sync succeeds.
 *
 * After a crash every operation fails until disk_restart; before that all handles must be closed
 * (log_close works on a crashed disk). Write-ahead logging works: shared memory is on the heap and
 * goes with its last user. The disk owns everything; it is for one thread. */
#ifndef SIMULATION_DISK_H
#define SIMULATION_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct disk;

enum disk_crash_how {
    DISK_KILL,       /* the process dies, the kernel lives: everything written stays to be seen, stored or not */
    DISK_DROP,       /* power cut: everything that waits is lost */
    DISK_KEEP_SOME,  /* power cut: a random part of the writes that wait is stored */
    DISK_TEAR,       /* the same, and what is stored may be torn, by sectors and within one */
};

#define DISK_NO_LIMIT INT64_MAX

/* Registers the VFS under `vfs_name`; disk_free unregisters it. */
struct disk *disk_new(uint64_t seed, const char *vfs_name);
void disk_free(struct disk *disk);

/* --- faults --- */
void disk_fail_write(struct disk *disk, uint64_t n);          /* I/O error; a part may be written */
void disk_fail_sync(struct disk *disk, uint64_t n);
/* Crash instead of the n-th change (write, truncate, sync, delete or creation of a file). */
void disk_crash_at(struct disk *disk, uint64_t n, enum disk_crash_how how);
/* How many more bytes files may grow by; DISK_NO_LIMIT: as many as they like. */
void disk_set_room(struct disk *disk, int64_t bytes);
void disk_crash(struct disk *disk, enum disk_crash_how how);
void disk_forget_faults(struct disk *disk);                   /* takes back all of the above that is still to come */

/* --- state --- */
bool disk_is_crashed(const struct disk *disk);
void disk_restart(struct disk *disk);                         /* the computer starts again */
uint64_t disk_changes(const struct disk *disk);               /* changes so far, as disk_crash_at counts them */
uint64_t disk_syncs(const struct disk *disk);
uint64_t disk_failed_syncs(const struct disk *disk);
uint64_t disk_writes(const struct disk *disk);
size_t disk_open_files(const struct disk *disk);

/* --- looking at and damaging files --- */
bool disk_has(const struct disk *disk, const char *name);
struct str disk_bytes(const struct disk *disk, const char *name);  /* as seen; lives until the next change */
void disk_set_bytes(struct disk *disk, const char *name, struct str bytes); /* seen and durable; makes the file */
void disk_flip(struct disk *disk, const char *name, size_t at, unsigned bit);
void disk_remove(struct disk *disk, const char *name);

#endif
