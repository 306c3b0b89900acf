/* schemas.h - what answers look like, as JSON Schema; openapi.c puts them beside what the tables of
 * routes, commands and events say. */
#ifndef GATEWAY_SCHEMAS_H
#define GATEWAY_SCHEMAS_H

struct schema {
    const char *name; /* NULL ends the list */
    const char *json;
};

extern const struct schema schemas[];

#endif
