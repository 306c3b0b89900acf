#include "disk_file.h"

#include "base/memory.h"
#include "base/must.h"

#define SECTOR 512

/* --- images --- */

static void image_resize(struct disk_image *image, size_t len)
{
    if (len > image->capacity) {
        size_t capacity = image->capacity * 2 > len ? image->capacity * 2 : len;
        image->data = memory_resize(image->data, capacity, 1);
        image->capacity = capacity;
    }
    if (len > image->len) memset(image->data + image->len, 0, len - image->len);
    image->len = len;
}

static void image_write(struct disk_image *image, const void *data, size_t len, size_t at)
{
    if (!len) return;
    if (at + len > image->len) image_resize(image, at + len);
    memcpy(image->data + at, data, len);
}

static void image_copy(struct disk_image *to, const struct disk_image *from)
{
    image_resize(to, 0);
    image_write(to, from->data, from->len, 0);
}

static void image_free(struct disk_image *image)
{
    memory_free(image->data);
    *image = (struct disk_image){ 0 };
}

/* --- waiting changes --- */

static void wait_change(struct disk_file *file, const void *data, size_t len, size_t at)
{
    struct disk_change *change = MEMORY_NEW(struct disk_change);
    change->at = at;
    change->len = len;
    change->data = data ? memory_copy(data, len) : NULL;
    *file->waiting_end = change;
    file->waiting_end = &change->next;
}

static void store_change(struct disk_file *file, const struct disk_change *change)
{
    if (change->data) image_write(&file->durable, change->data, change->len, change->at);
    else image_resize(&file->durable, change->at);
}

/* Each sector of the write is stored or not; the last stored one may end in the middle. */
static void store_torn(struct disk *disk, struct disk_file *file, const struct disk_change *change)
{
    if (!change->data) {
        store_change(file, change);
        return;
    }
    for (size_t at = 0; at < change->len;) {
        size_t end = at + SECTOR - (change->at + at) % SECTOR;
        if (end > change->len) end = change->len;
        size_t len = end - at;
        switch (random_below(&disk->random, 8)) {
        case 0: case 1: case 2: len = 0; break;
        case 3: len = (size_t)random_below(&disk->random, len + 1); break;
        default: break;
        }
        image_write(&file->durable, change->data + at, len, change->at + at);
        at = end;
    }
}

static void forget_waiting(struct disk_file *file)
{
    while (file->waiting) {
        struct disk_change *next = file->waiting->next;
        memory_free(file->waiting->data);
        memory_free(file->waiting);
        file->waiting = next;
    }
    file->waiting_end = &file->waiting;
}

/* --- the disk --- */

struct disk_file *disk_find(const struct disk *disk, const char *name)
{
    for (struct disk_file *file = disk->files; file; file = file->next)
        if (strcmp(file->name, name) == 0) return file;
    return NULL;
}

struct disk_file *disk_make(struct disk *disk, const char *name)
{
    struct disk_file *file = disk_find(disk, name);
    if (file) return file;
    file = MEMORY_NEW(struct disk_file);
    file->name = memory_copy(name, strlen(name) + 1);
    file->waiting_end = &file->waiting;
    file->next = disk->files;
    disk->files = file;
    return file;
}

struct disk *disk_new(uint64_t seed, const char *vfs_name)
{
    struct disk *disk = MEMORY_NEW(struct disk);
    disk->random.state = seed;
    disk->room = DISK_NO_LIMIT;
    disk->clock_ms = 1700000000000;
    disk->vfs_name = memory_copy(vfs_name, strlen(vfs_name) + 1);
    disk_fill_vfs(disk);
    must(sqlite3_vfs_register(&disk->vfs, 0) == SQLITE_OK);
    return disk;
}

void disk_free(struct disk *disk)
{
    if (!disk) return;
    must(disk->handles == 0);
    sqlite3_vfs_unregister(&disk->vfs);
    while (disk->files) {
        struct disk_file *file = disk->files;
        disk->files = file->next;
        forget_waiting(file);
        image_free(&file->seen);
        image_free(&file->durable);
        memory_free(file->name);
        memory_free(file);
    }
    memory_free(disk->vfs_name);
    memory_free(disk);
}

/* --- faults --- */

void disk_fail_write(struct disk *disk, uint64_t n) { disk->fail_write_at = disk->writes + n; }
void disk_fail_sync(struct disk *disk, uint64_t n) { disk->fail_sync_at = disk->syncs + n; }
void disk_set_room(struct disk *disk, int64_t bytes) { disk->room = bytes; }

void disk_crash_at(struct disk *disk, uint64_t n, enum disk_crash_how how)
{
    disk->crash_at = disk->changes + n;
    disk->how = how;
}

void disk_crash(struct disk *disk, enum disk_crash_how how)
{
    disk->crashed = true;
    disk->how = how;
}

void disk_forget_faults(struct disk *disk)
{
    disk->fail_write_at = disk->fail_sync_at = disk->crash_at = 0;
    disk->room = DISK_NO_LIMIT;
}

/* False when the disk is, or now becomes, dead. */
static bool count_change(struct disk *disk)
{
    if (disk->crashed) return false;
    disk->changes++;
    if (disk->changes == disk->crash_at) disk_crash(disk, disk->how);
    return !disk->crashed;
}

int disk_write(struct disk *disk, struct disk_file *file, const void *data, size_t len, size_t at)
{
    /* A part of the write during which the power fails may be on the disk too. */
    bool was_crashed = disk->crashed, alive = count_change(disk);
    if (was_crashed) return SQLITE_IOERR_WRITE;
    disk->writes++;
    if (!alive) len = (size_t)random_below(&disk->random, len + 1);
    int result = alive ? SQLITE_OK : SQLITE_IOERR_WRITE;
    if (disk->writes == disk->fail_write_at) {
        len = (size_t)random_below(&disk->random, len + 1);
        result = SQLITE_IOERR_WRITE;
    }
    int64_t growth = at + len > file->seen.len ? (int64_t)(at + len - file->seen.len) : 0;
    if (disk->room != DISK_NO_LIMIT && growth > disk->room) {
        len -= (size_t)(growth - disk->room) < len ? (size_t)(growth - disk->room) : len;
        growth = disk->room;
        result = SQLITE_FULL;
    }
    if (!len) return result;
    if (disk->room != DISK_NO_LIMIT) disk->room -= growth;
    image_write(&file->seen, data, len, at);
    wait_change(file, data, len, at);
    return result;
}

int disk_truncate(struct disk *disk, struct disk_file *file, size_t len)
{
    if (!count_change(disk)) return SQLITE_IOERR_TRUNCATE;
    if (disk->room != DISK_NO_LIMIT && len < file->seen.len) disk->room += (int64_t)(file->seen.len - len);
    image_resize(&file->seen, len);
    wait_change(file, NULL, 0, len);
    return SQLITE_OK;
}

int disk_sync(struct disk *disk, struct disk_file *file)
{
    if (!count_change(disk)) return SQLITE_IOERR_FSYNC;
    disk->syncs++;
    if (disk->syncs == disk->fail_sync_at) {
        disk->failed_syncs++;
        for (struct disk_change *change = file->waiting; change && !file->ghost; change = change->next)
            if (random_below(&disk->random, 2)) store_torn(disk, file, change);
        forget_waiting(file);
        return SQLITE_IOERR_FSYNC;
    }
    if (file->ghost) image_resize(&file->durable, 0);
    for (struct disk_change *change = file->waiting; change; change = change->next) store_change(file, change);
    forget_waiting(file);
    file->durable_name = true;
    file->ghost = false;
    return SQLITE_OK;
}

int disk_create(struct disk *disk, struct disk_file *file)
{
    if (!count_change(disk)) return SQLITE_CANTOPEN;
    file->exists = true;
    return SQLITE_OK;
}

int disk_delete(struct disk *disk, struct disk_file *file, bool sync_directory)
{
    if (!count_change(disk)) return SQLITE_IOERR_DELETE;
    if (disk->room != DISK_NO_LIMIT) disk->room += (int64_t)file->seen.len;
    file->exists = false;
    file->ghost = !sync_directory && (file->ghost || file->durable_name);
    file->durable_name = false;
    image_resize(&file->seen, 0);
    forget_waiting(file);
    if (!file->ghost) image_resize(&file->durable, 0);
    return SQLITE_OK;
}

/* --- crash and restart --- */

static void settle(struct disk *disk, struct disk_file *file, uint64_t chance)
{
    bool some = disk->how == DISK_KEEP_SOME || disk->how == DISK_TEAR;
    if (disk->how == DISK_KILL) return; /* the kernel lives: what it shows, and what it has not stored, stays so */
    if (file->ghost) {
        /* Deleted and perhaps made anew, neither of them durable: the old file, or none. */
        file->durable_name = !some || random_below(&disk->random, 2);
    } else if (file->durable_name || (some && file->exists && random_below(&disk->random, 2))) {
        file->durable_name = true;
        for (struct disk_change *change = file->waiting; some && change; change = change->next) {
            if (random_below(&disk->random, 100) >= chance) continue;
            if (disk->how == DISK_TEAR) store_torn(disk, file, change);
            else store_change(file, change);
        }
    }
    forget_waiting(file);
    file->ghost = false;
    file->exists = file->durable_name;
    if (!file->exists) image_resize(&file->durable, 0);
    image_copy(&file->seen, &file->durable);
}

void disk_restart(struct disk *disk)
{
    must(disk->handles == 0);
    if (disk->crashed) {
        uint64_t chance = random_below(&disk->random, 101);
        for (struct disk_file *file = disk->files; file; file = file->next) settle(disk, file, chance);
    }
    disk->crashed = false;
    disk->crash_at = 0;
}

/* --- looking and damaging --- */

bool disk_is_crashed(const struct disk *disk) { return disk->crashed; }
uint64_t disk_changes(const struct disk *disk) { return disk->changes; }
uint64_t disk_failed_syncs(const struct disk *disk) { return disk->failed_syncs; }
uint64_t disk_syncs(const struct disk *disk) { return disk->syncs; }
uint64_t disk_writes(const struct disk *disk) { return disk->writes; }
size_t disk_open_files(const struct disk *disk) { return disk->handles; }

bool disk_has(const struct disk *disk, const char *name)
{
    const struct disk_file *file = disk_find(disk, name);
    return file && file->exists;
}

struct str disk_bytes(const struct disk *disk, const char *name)
{
    const struct disk_file *file = disk_find(disk, name);
    return file && file->exists ? str_make((const char *)file->seen.data, file->seen.len) : STR_EMPTY;
}

void disk_set_bytes(struct disk *disk, const char *name, struct str bytes)
{
    struct disk_file *file = disk_make(disk, name);
    must(file->handles == 0);
    file->exists = file->durable_name = true;
    file->ghost = false;
    forget_waiting(file);
    image_resize(&file->seen, 0);
    image_write(&file->seen, bytes.data, bytes.len, 0);
    image_copy(&file->durable, &file->seen);
}

void disk_flip(struct disk *disk, const char *name, size_t at, unsigned bit)
{
    struct disk_file *file = disk_find(disk, name);
    must(file && at < file->seen.len && bit < 8);
    file->seen.data[at] ^= (uint8_t)(1u << bit);
    if (at < file->durable.len) file->durable.data[at] ^= (uint8_t)(1u << bit);
}

void disk_remove(struct disk *disk, const char *name)
{
    struct disk_file *file = disk_find(disk, name);
    must(!file || file->handles == 0);
    if (!file) return;
    file->exists = file->durable_name = file->ghost = false;
    forget_waiting(file);
    image_resize(&file->seen, 0);
    image_resize(&file->durable, 0);
}
