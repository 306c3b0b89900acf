#include "disk_file.h"

#include <stdio.h>

#include "base/memory.h"
#include "base/must.h"

#define SHM_MAX_REGION 65536

struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct disk_file *file;
    int level;                   /* SQLITE_LOCK_ */
    bool delete_on_close, uses_shm;
    unsigned shm_shared, shm_exclusive; /* a bit a lock */
};

/* --- files --- */

static int file_close(sqlite3_file *base);

static int file_read(sqlite3_file *base, void *out, int len, sqlite3_int64 at)
{
    struct handle *handle = (struct handle *)base;
    if (handle->disk->crashed) return SQLITE_IOERR_READ;
    const struct disk_image *seen = &handle->file->seen;
    size_t from = (size_t)at, here = from < seen->len ? seen->len - from : 0;
    if (here > (size_t)len) here = (size_t)len;
    if (here) memcpy(out, seen->data + from, here);
    if (here == (size_t)len) return SQLITE_OK;
    memset((char *)out + here, 0, (size_t)len - here);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int len, sqlite3_int64 at)
{
    struct handle *handle = (struct handle *)base;
    return disk_write(handle->disk, handle->file, data, (size_t)len, (size_t)at);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 len)
{
    struct handle *handle = (struct handle *)base;
    return disk_truncate(handle->disk, handle->file, (size_t)len);
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct handle *handle = (struct handle *)base;
    UNUSED(flags);
    return disk_sync(handle->disk, handle->file);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size)
{
    struct handle *handle = (struct handle *)base;
    *size = (sqlite3_int64)handle->file->seen.len;
    return handle->disk->crashed ? SQLITE_IOERR_FSTAT : SQLITE_OK;
}

/* --- locks of the database file: many readers, one who means to write, one who writes --- */

static int file_unlock(sqlite3_file *base, int level)
{
    struct handle *handle = (struct handle *)base;
    struct disk_file *file = handle->file;
    if (handle->level <= level) return SQLITE_OK;
    if (handle->level == SQLITE_LOCK_EXCLUSIVE) file->exclusive = 0;
    if (handle->level >= SQLITE_LOCK_PENDING) file->pending = 0;
    if (handle->level >= SQLITE_LOCK_RESERVED) file->reserved = 0;
    if (level == SQLITE_LOCK_NONE) file->shared--;
    handle->level = level;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *base, int level)
{
    struct handle *handle = (struct handle *)base;
    struct disk_file *file = handle->file;
    if (handle->disk->crashed) return SQLITE_IOERR_LOCK;
    if (handle->level >= level) return SQLITE_OK;
    if (level == SQLITE_LOCK_SHARED) {
        if (file->pending || file->exclusive) return SQLITE_BUSY;
        file->shared++;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (file->reserved) return SQLITE_BUSY;
        file->reserved = 1;
    } else {
        if (handle->level < SQLITE_LOCK_RESERVED && file->reserved) return SQLITE_BUSY;
        file->reserved = file->pending = 1;
        handle->level = SQLITE_LOCK_PENDING;
        if (file->shared > 1) return SQLITE_BUSY;
        file->exclusive = 1;
    }
    handle->level = level;
    return SQLITE_OK;
}

static int file_check_lock(sqlite3_file *base, int *reserved)
{
    *reserved = (int)((struct handle *)base)->file->reserved;
    return SQLITE_OK;
}

/* --- shared memory of the write-ahead log's index --- */

static int shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **out)
{
    struct handle *handle = (struct handle *)base;
    struct disk_file *file = handle->file;
    *out = NULL;
    if (handle->disk->crashed) return SQLITE_IOERR_SHMMAP;
    must(region >= 0 && region < DISK_SHM_REGIONS && size <= SHM_MAX_REGION);
    if (!handle->uses_shm) {
        handle->uses_shm = true;
        file->shm_users++;
    }
    if (!file->shm[region] && extend) file->shm[region] = memory_new(1, (size_t)size);
    *out = file->shm[region];
    return SQLITE_OK;
}

static int shm_lock(sqlite3_file *base, int first, int count, int flags)
{
    struct handle *handle = (struct handle *)base;
    struct disk_file *file = handle->file;
    must(first >= 0 && first + count <= DISK_SHM_LOCKS);
    for (int i = first; i < first + count && flags & SQLITE_SHM_LOCK; i++) {
        unsigned bit = 1u << i, others = file->shm_shared[i] - (handle->shm_shared & bit ? 1 : 0);
        bool taken = file->shm_exclusive[i] && !(handle->shm_exclusive & bit);
        if (taken || (flags & SQLITE_SHM_EXCLUSIVE && others)) return SQLITE_BUSY;
    }
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1u << i, *mine = flags & SQLITE_SHM_SHARED ? &handle->shm_shared : &handle->shm_exclusive;
        bool held = *mine & bit, wanted = flags & SQLITE_SHM_LOCK;
        if (held == wanted) continue;
        *mine ^= bit;
        if (flags & SQLITE_SHM_EXCLUSIVE) file->shm_exclusive[i] = wanted;
        else if (wanted) file->shm_shared[i]++;
        else file->shm_shared[i]--;
    }
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *base)
{
    UNUSED(base);
}

static int shm_unmap(sqlite3_file *base, int delete)
{
    struct handle *handle = (struct handle *)base;
    struct disk_file *file = handle->file;
    UNUSED(delete);
    if (!handle->uses_shm) return SQLITE_OK;
    shm_lock(base, 0, DISK_SHM_LOCKS, SQLITE_SHM_UNLOCK | SQLITE_SHM_SHARED);
    shm_lock(base, 0, DISK_SHM_LOCKS, SQLITE_SHM_UNLOCK | SQLITE_SHM_EXCLUSIVE);
    handle->uses_shm = false;
    if (--file->shm_users) return SQLITE_OK;
    for (int i = 0; i < DISK_SHM_REGIONS; i++) {
        memory_free(file->shm[i]);
        file->shm[i] = NULL;
    }
    return SQLITE_OK;
}

/* --- the rest of a file --- */

static int file_control(sqlite3_file *base, int operation, void *argument)
{
    UNUSED(base);
    UNUSED(operation);
    UNUSED(argument);
    return SQLITE_NOTFOUND;
}

static int sector_size(sqlite3_file *base)
{
    UNUSED(base);
    return 4096;
}

/* As on Linux: a torn write harms no byte outside it. */
static int characteristics(sqlite3_file *base)
{
    UNUSED(base);
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2, .xClose = file_close, .xRead = file_read, .xWrite = file_write, .xTruncate = file_truncate,
    .xSync = file_sync, .xFileSize = file_size, .xLock = file_lock, .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock, .xFileControl = file_control, .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics, .xShmMap = shm_map, .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier, .xShmUnmap = shm_unmap,
};

static int file_close(sqlite3_file *base)
{
    struct handle *handle = (struct handle *)base;
    shm_unmap(base, 0);
    file_unlock(base, SQLITE_LOCK_NONE);
    handle->file->handles--;
    handle->disk->handles--;
    if (handle->delete_on_close) disk_remove(handle->disk, handle->file->name);
    return SQLITE_OK;
}

/* --- the file system --- */

static struct disk *disk_of(sqlite3_vfs *vfs)
{
    return vfs->pAppData;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags, int *out_flags)
{
    struct disk *disk = disk_of(vfs);
    struct handle *handle = (struct handle *)base;
    char made[64];
    base->pMethods = NULL;
    if (disk->crashed) return SQLITE_CANTOPEN;
    if (!name) {
        snprintf(made, sizeof made, "temporary-%llu", (unsigned long long)++disk->temporary);
        name = made;
    }
    struct disk_file *file = disk_find(disk, name);
    if (!file || !file->exists) {
        if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
        file = disk_make(disk, name);
        int code = disk_create(disk, file);
        if (code != SQLITE_OK) return code;
    } else if (flags & SQLITE_OPEN_EXCLUSIVE) {
        return SQLITE_CANTOPEN;
    }
    *handle = (struct handle){ .base.pMethods = &methods, .disk = disk, .file = file,
                               .delete_on_close = flags & SQLITE_OPEN_DELETEONCLOSE };
    file->handles++;
    disk->handles++;
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_directory)
{
    struct disk *disk = disk_of(vfs);
    struct disk_file *file = disk_find(disk, name);
    if (disk->crashed) return SQLITE_IOERR_DELETE;
    if (!file || !file->exists) return SQLITE_IOERR_DELETE_NOENT;
    return disk_delete(disk, file, sync_directory);
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    struct disk *disk = disk_of(vfs);
    const struct disk_file *file = disk_find(disk, name);
    if (disk->crashed) return SQLITE_IOERR_ACCESS;
    /* As SQLite's own: for "does it exist" an empty file does not count. */
    *out = file && file->exists && (flags != SQLITE_ACCESS_EXISTS || file->seen.len > 0);
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *name, int room, char *out)
{
    UNUSED(vfs);
    snprintf(out, (size_t)room, "%s", name);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int len, char *out)
{
    for (int i = 0; i < len; i++) out[i] = (char)random_next(&disk_of(vfs)->random);
    return len;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    disk_of(vfs)->clock_ms += microseconds / 1000;
    return microseconds;
}

/* Milliseconds since the Julian epoch, which is what SQLite counts from. */
static int vfs_now(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    *out = ++disk_of(vfs)->clock_ms + 210866760000000;
    return SQLITE_OK;
}

static int vfs_now_days(sqlite3_vfs *vfs, double *out)
{
    sqlite3_int64 ms;
    vfs_now(vfs, &ms);
    *out = (double)ms / 86400000.0;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int len, char *out)
{
    UNUSED(vfs);
    if (len > 0) out[0] = '\0';
    return 0;
}

void disk_fill_vfs(struct disk *disk)
{
    disk->vfs = (sqlite3_vfs){
        .iVersion = 2, .szOsFile = sizeof(struct handle), .mxPathname = 512, .zName = disk->vfs_name,
        .pAppData = disk, .xOpen = vfs_open, .xDelete = vfs_delete, .xAccess = vfs_access,
        .xFullPathname = vfs_full_path, .xRandomness = vfs_randomness, .xSleep = vfs_sleep,
        .xCurrentTime = vfs_now_days, .xCurrentTimeInt64 = vfs_now, .xGetLastError = vfs_last_error,
    };
}
