/* wire.h - a bare socket to a server, for what no proper client would send. */
#ifndef SUPPORT_WIRE_H
#define SUPPORT_WIRE_H

#include "base/buf.h"
#include "cli/remote.h"

/* A connected socket, or -1. A small receive buffer makes a client that reads slowly matter soon. */
int wire_open(const struct remote *remote, int receive_buffer);
bool wire_send(int fd, const void *data, size_t len);
/* Reads until the other side closes, `max` bytes have come or nothing comes for `ms`. True: closed. */
bool wire_read(int fd, struct buf *out, size_t max, int ms);
/* Sends `request`, closes the sending side's hopes after `ms`; the status of the answer, 0 if none. */
int wire_status(const struct remote *remote, struct str request, int ms);

#endif
