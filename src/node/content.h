/* content.h - what the assistant answers from: the workspace's files as they were read, what people taught
 * besides, and the assistant that learned from both.
 *
 *   shelf (the files)  <--- content (a copy with the wordings, the assistant)  <--- turns under way
 *
 * A content is never changed. A reload, a publication or a newly learned wording makes another one, on a pool
 * thread where it can, and takes the old one's place between two events; turns under way finish with the
 * one that they began with. Shelves and contents are counted, on the loop thread only. */
#ifndef NODE_CONTENT_H
#define NODE_CONTENT_H

#include "assistant/assistant.h"
#include "engine/engine.h"
#include "workspace/learned.h"

struct node;

struct shelf {
    struct workspace *workspace; /* of the files alone */
    int users;
};

struct content {
    struct shelf *shelf;
    struct workspace *workspace; /* with what was taught */
    struct assistant *assistant;
    uint64_t taught_seq;         /* of the last event about wordings that is in it; 0: none */
    int users;
};

/* The wordings in force, and the seq of the last event about any. */
struct taught {
    struct arena arena;
    struct learned_wording *wordings;
    size_t count;
    uint64_t seq;
};
uint64_t taught_seq(const struct engine *engine);
void taught_of(const struct engine *engine, struct taught *out); /* arena_free(&out->arena) */

/* NULL with err: a mistake in the files. */
struct shelf *shelf_read(struct err *err, const struct node *node);
void shelf_hold(struct shelf *shelf);
void shelf_drop(struct shelf *shelf);

/* Learns, which takes a while. From any thread; the shelf is held by the content only once the loop
 * says so (content_adopt): until then it must be held by whoever asks. */
struct content *content_make(struct err *err, struct shelf *shelf, const struct taught *taught);
void content_adopt(struct content *content);
/* Ends one that was made and not adopted. */
void content_discard(struct content *content);
void content_hold(struct content *content);
void content_drop(struct content *content);

/* At start, when the log has been read. */
bool content_open(struct err *err, struct node *node, struct shelf *shelf);
/* Tells the engine what the files say. */
void content_configure(struct node *node);
/* The engine checks the settings before anything is taken over, so that a reload is all or nothing. */
bool content_fits(struct err *err, const struct workspace *workspace);
/* Takes the place of the content in force, and tells everybody. */
void content_replace(struct node *node, struct content *content);

/* Committed events: what was learned or revoked is learned anew beside the conversations. */
void content_events(struct node *node, const struct event *events, size_t count);
void content_learn(struct node *node);

#endif
