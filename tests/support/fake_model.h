/* fake_model.h - a chat completions server that plays what a test tells it to: every quirk, and a hostile model.
 *
 * Listens on 127.0.0.1 on a port of its own, in threads of its own. Each request is answered by the next scene;
 * the last one stays. What was asked is kept, so that a test can look for what must not have left. */
#ifndef SUPPORT_FAKE_MODEL_H
#define SUPPORT_FAKE_MODEL_H

#include <stdatomic.h>

#include "base/arena.h"

#define FAKE_SCENES 32

enum fake_ending {
    FAKE_CLOSES,
    FAKE_HANGS,      /* keeps the connection and says no more */
    FAKE_GOES_ON,    /* `again` for ever, or `again_times` times */
    FAKE_BREAKS,     /* resets the connection */
};

struct fake_scene {
    int status;              /* 0: 200 */
    const char *headers;     /* further ones, each with CR LF; or NULL */
    const char *body;        /* or NULL */
    size_t piece;            /* bytes at once, 0: all */
    int wait_ms;             /* before the answer */
    int between_ms;          /* between pieces */
    enum fake_ending ending;
    const char *again;
    size_t again_times;      /* 0: until the client goes */
    bool keeps;              /* in chunks, and the connection can be used again */
};

/* Makes the scene of a request from what it says; strings live until the server ends. */
typedef void fake_scene_fn(void *context, struct str request_body, struct arena *arena, struct fake_scene *scene);

struct fake_model;

struct fake_model *fake_model_start(void);
void fake_model_end(struct fake_model *fake);

/* http://127.0.0.1:PORT/v1 */
const char *fake_model_url(const struct fake_model *fake);

/* From now on these scenes, the last one again and again; forgets what was asked. */
void fake_model_play(struct fake_model *fake, const struct fake_scene *scenes, size_t count);
void fake_model_improvise(struct fake_model *fake, fake_scene_fn *make, void *context);

/* Requests since then: how many, and head and body of each. */
size_t fake_model_asked(struct fake_model *fake);
struct str fake_model_request(struct fake_model *fake, size_t number, struct arena *arena);
/* Whether any request of the server's whole life had these bytes in it. */
bool fake_model_heard(struct fake_model *fake, struct str bytes);
size_t fake_model_connections(struct fake_model *fake);

/* Bodies: a stream that says the text in small pieces; one call; a whole answer. They live in the arena. */
const char *fake_says(struct arena *arena, const char *text);
const char *fake_calls(struct arena *arena, const char *name, const char *arguments_json);
const char *fake_whole(struct arena *arena, const char *text);

#endif
