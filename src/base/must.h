/* must.h - assertions that are always on.
 *
 * must(x) states what the program believes. If it is false the program ends with the place and the
 * expression: a wrong belief is never carried on with, since the log is the truth and a restart is
 * cheap. Use it for what cannot happen, never for what a client or a disk may do. */
#ifndef BASE_MUST_H
#define BASE_MUST_H

#include <stddef.h>

_Noreturn void must_fail(const char *file, int line, const char *expression);

#define must(expression) ((expression) ? (void)0 : must_fail(__FILE__, __LINE__, #expression))

#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))
/* The struct that embeds what `pointer` points at. */
#define CONTAINER_OF(pointer, type, member) \
    ((type *)(void *)((char *)(pointer) - offsetof(type, member)))
#define UNUSED(name) ((void)(name))
#define WARN_UNUSED __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))

#endif
