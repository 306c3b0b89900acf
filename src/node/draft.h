/* draft.h - a topic or an article that an administrator edits: checked, tried, compared, published, removed, rolled back.
 *
 * All of it happens on a pool thread beside the conversations, one draft at a time. A draft is read with the files
 * on disk by the reader that `beckon check` uses. What was learned from a draft is kept for the next question
 * about the same one. Publishing refuses when the file, or all files, are not what the draft was made from; files
 * are replaced whole, and the version before and the new one are kept (workspace/versions.h). */
#ifndef NODE_DRAFT_H
#define NODE_DRAFT_H

#include "node/node.h"

#define DRAFT_ASKED_MAX 200     /* past questions that a draft is compared on */
#define DRAFT_LOOKED_AT 50000   /* events that are looked through for them */
#define DRAFT_OF_NOTHING "none" /* what a new file's draft was made from */

enum draft_wish { DRAFT_CHECK, DRAFT_TRY, DRAFT_COMPARE, DRAFT_PUBLISH, DRAFT_REMOVE, DRAFT_RESTORE };

/* Texts live until node_draft returns. */
struct draft {
    enum draft_wish wish;
    bool article;
    struct str name;            /* all but DRAFT_RESTORE */
    struct str text;            /* all but DRAFT_REMOVE and DRAFT_RESTORE */
    struct str question, language; /* DRAFT_TRY */
    struct str version;         /* from DRAFT_PUBLISH on: what it was made from, the workspace's version or the file's digest */
    uint64_t number;            /* DRAFT_RESTORE: the version to go back to */
    uint64_t agent;             /* who */
};

/* A past question that the draft would decide otherwise; or what was tried, before and after. */
struct draft_change {
    uint64_t message, conversation;
    struct str text;
    const struct reply *before, *after;
};

struct draft_result {
    enum refusal refusal;       /* NONE, BAD_FILES (see problems), CHANGED_MEANWHILE, NOT_FOUND, BUSY, INTERNAL (see err) */
    struct err err;
    const struct problems *problems;
    const struct workspace *workspace; /* as it would be; NULL with problems */
    struct draft_change *changes;      /* DRAFT_TRY: one; DRAFT_COMPARE: all */
    size_t change_count, asked;        /* asked: past questions that were compared */
    uint64_t number;                   /* of the version that was published */
};

/* `done` is called once, on the loop thread; the result lives until it returns. */
typedef void node_draft_fn(void *context, const struct draft_result *result);
void node_draft(struct node *node, const struct draft *draft, node_draft_fn *done, void *context);

/* The text of a topic's or an article's file as it is on disk. */
bool node_draft_text(const struct node *node, struct arena *arena, bool article, struct str name, struct str *text) WARN_UNUSED;

#endif
