/* err.h - why something failed, in a sentence for the person who reads it.
 *
 * A function that may fail takes `struct err *` first and returns bool. On failure the sentence
 * names what, where and how to mend it. err_wrap puts a "while doing" in front on the way up. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

#include "base/must.h"

#define ERR_MAX 1024

struct err {
    char text[ERR_MAX];
};

/* Both return false, so that `return err_set(err, ...)` reads as the failure it is. */
bool err_set(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
bool err_wrap(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
