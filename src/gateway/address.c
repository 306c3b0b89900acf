#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "gateway/connection.h"

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool address_is_v4(struct address address)
{
    return memcmp(address.bytes, mapped, sizeof mapped) == 0;
}

bool address_parse(struct str text, struct address *address)
{
    char copy[64];
    if (text.len > 2 && text.data[0] == '[') { /* [v6]:port */
        ptrdiff_t end = str_find_char(text, ']', 0);
        if (end < 0) return false;
        text = str_slice(text, 1, (size_t)end);
    } else if (str_find_char(text, '.', 0) > 0 && str_find_char(text, ':', 0) > 0 &&
               text.data[0] != ':') { /* v4:port */
        text = str_slice(text, 0, (size_t)str_find_char(text, ':', 0));
    }
    if (text.len >= sizeof copy) return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (inet_pton(AF_INET6, copy, address->bytes) == 1) return true;
    memcpy(address->bytes, mapped, sizeof mapped);
    return inet_pton(AF_INET, copy, address->bytes + sizeof mapped) == 1;
}

struct str address_text(struct arena *arena, struct address address)
{
    char text[INET6_ADDRSTRLEN];
    bool v4 = address_is_v4(address);
    if (!inet_ntop(v4 ? AF_INET : AF_INET6, address.bytes + (v4 ? sizeof mapped : 0), text, sizeof text))
        return STR_EMPTY;
    return arena_copy(arena, str_of(text));
}

bool address_is_loopback(struct address address)
{
    static const uint8_t six[16] = { [15] = 1 };
    if (address_is_v4(address)) return address.bytes[12] == 127;
    return memcmp(address.bytes, six, sizeof six) == 0;
}
