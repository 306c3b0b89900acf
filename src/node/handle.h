/* handle.h - a libuv handle that has its own memory. */
#ifndef NODE_HANDLE_H
#define NODE_HANDLE_H

/* Closes the handle; its memory goes when libuv lets go of it. Made with MEMORY_NEW. */
void handle_close(void *handle);

#endif
