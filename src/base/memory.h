/* memory.h - the only place that calls malloc.
 *
 * Out of memory ends the program with a message: none of these ever returns NULL. What memory_new,
 * memory_resize and memory_copy return belongs to the caller, who gives it back with memory_free. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* `count` zeroed items of `size` bytes each; ends the program if the product overflows. */
void *memory_new(size_t count, size_t size);

/* Like realloc for `count` items of `size` bytes; new bytes are not zeroed. */
void *memory_resize(void *old, size_t count, size_t size);

/* A copy of `len` bytes. */
void *memory_copy(const void *data, size_t len);

/* NULL is allowed. */
void memory_free(void *data);

/* `len` zeroed bytes that cost nothing until they are touched, page by page; give them back with memory_unmap. */
void *memory_map(size_t len);
void memory_unmap(void *data, size_t len);

/* Once, before the first of the others: large blocks are the system's again as soon as they are freed. */
void memory_start(void);

/* Gives the system back what was freed, after something that took much for a while. */
void memory_trim(void);

#define MEMORY_NEW(type) ((type *)memory_new(1, sizeof(type)))
#define MEMORY_NEW_ARRAY(type, count) ((type *)memory_new((count), sizeof(type)))

#endif
