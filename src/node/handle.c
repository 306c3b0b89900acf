#include "node/handle.h"

#include <uv.h>

#include "base/memory.h"

static void let_go(uv_handle_t *handle)
{
    memory_free(handle);
}

void handle_close(void *handle)
{
    uv_close(handle, let_go);
}
