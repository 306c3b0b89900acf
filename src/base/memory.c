#include "base/memory.h"

#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MAPPED (256 << 10) /* bytes; a block of so many is mapped alone */

static _Noreturn void out_of_memory(size_t count, size_t size)
{
    fprintf(stderr, "beckon: out of memory (asked for %zu x %zu bytes)\n", count, size);
    exit(70);
}

void *memory_new(size_t count, size_t size)
{
    void *data = calloc(count ? count : 1, size ? size : 1);
    if (!data) out_of_memory(count, size);
    return data;
}

void *memory_resize(void *old, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) out_of_memory(count, size);
    size_t len = count * size;
    void *data = realloc(old, len ? len : 1);
    if (!data) out_of_memory(count, size);
    return data;
}

void *memory_copy(const void *data, size_t len)
{
    void *copy = memory_new(len, 1);
    if (len) memcpy(copy, data, len);
    return copy;
}

void memory_free(void *data)
{
    free(data);
}

void *memory_map(size_t len)
{
    void *data = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (data == MAP_FAILED) out_of_memory(len, 1);
    return data;
}

void memory_unmap(void *data, size_t len)
{
    if (data) munmap(data, len);
}

void memory_start(void)
{
    mallopt(M_MMAP_THRESHOLD, MAPPED);
    mallopt(M_ARENA_MAX, 2);
}

void memory_trim(void)
{
    malloc_trim(0);
}
