/* content.h - what the assistant answers from: the workspace's files as they were read, what people taught
 * besides, and the assistant that learned from both.
 *
 *   files  <--- content (a copy with the wordings, the assistant)  <--- turns under way
 *
 * A content is never changed. A reload, a publication, a newly taught wording, or more that can be learned from
 * the same makes another one, on a thread of its own while the server serves, and it takes the old one's place
 * between two events; turns under way finish with the one that they began with. Only at its start the server waits,
 * for what can be learned at once. Files and contents are counted, on the loop thread only. */
#ifndef NODE_CONTENT_H
#define NODE_CONTENT_H

#include "assistant/assistant.h"
#include "engine/engine.h"
#include "workspace/learned.h"

struct node;

struct files {
    struct workspace *workspace; /* of the files alone */
    int users;
};

struct content {
    struct files *files;
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
void taught_of(const struct engine *engine, struct taught *out); /* arena_free(&out->arena) */
uint64_t taught_seq(const struct engine *engine);

/* NULL with err: a mistake in the files, or settings that the engine does not take. From any thread. */
struct files *content_files(struct err *err, const struct node *node);
struct files *content_files_of(const struct node *node, struct workspace *workspace);
bool content_fits(struct err *err, const struct workspace *workspace);
void files_hold(struct files *files);
void files_drop(struct files *files);

/* Learns, which takes a while; NULL with an empty err when the node stops. From any thread; the files are held by
 * the content only once the loop says so (content_adopt): until then they must be held by whoever asks. */
struct content *content_make(struct err *err, const struct node *node, struct files *files, const struct taught *taught, bool at_once);
void content_adopt(struct content *content);
/* Ends one that was made and not adopted. */
void content_discard(struct content *content);
void content_hold(struct content *content);
void content_drop(struct content *content);

/* At start, when the log has been read: what can be learned at once. */
bool content_open(struct err *err, struct node *node, struct files *files);
/* Tells the engine what the files say. */
void content_configure(struct node *node);
/* Takes the place of the content in force, and tells everybody. */
void content_replace(struct node *node, struct content *content);

/* On a thread of its own: more from what is there, if there is more; what was taught, if anything was. */
void content_learn_more(struct node *node);
/* Committed events: what was taught or revoked is learned anew. */
void content_events(struct node *node, const struct event *events, size_t count);
void content_stop(struct node *node);  /* what is being learned is given up */
bool content_busy(const struct node *node);

#endif
