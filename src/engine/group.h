/* group.h - things with the same skills and languages, in the order in which they are served.
 *
 * Two kinds of groups exist: waiting conversations that need the same skills and language, ordered
 * by the start of their wait; and free agents with the same skills and languages, ordered by how
 * long they have been idle. A decision looks at the first of each group that has members, never at
 * all conversations or all agents. The groups that have members stand in one dense array:
 *
 *     skills:    [ ... ] [ ... ] [ ... ]      what most groups fail by stands close together
 *     languages: [ ... ] [ ... ] [ ... ]
 *     heads:     [key tie group] [key tie group] ...
 *                           |
 *                           +--> heap of members
 *
 * Groups own nothing of their members. An empty group is kept: the same mix comes again. */
#ifndef ENGINE_GROUP_H
#define ENGINE_GROUP_H

#include "base/heap.h"
#include "base/map.h"

struct group {
    uint64_t skills;
    uint32_t languages;
    struct heap members;
    size_t place;          /* 1 + index in heads; 0 while empty */
    size_t capacity;       /* agents' groups: places of all members of staff who are online */
    size_t waiting;        /* conversations' groups: how many wait, those that are offered or kept for one agent too */
    size_t mark;           /* scratch of whoever walks over groups */
    struct group *next;    /* with the same key in the map */
};

struct group_head {
    int64_t key; /* of the first member */
    uint64_t tie;
    struct group *group;
};

struct groups {
    struct map map;
    uint64_t *skills;
    uint32_t *languages;
    struct group_head *heads;
    size_t count, room;    /* of the three arrays */
    size_t crowded;        /* groups in which somebody waits */
};

/* Groups that have all of these skills, or none but these; and one of the languages. */
struct group_filter {
    uint64_t flip, mask;
    uint32_t languages;
};

static inline struct group_filter group_with_all(uint64_t skills, uint32_t languages)
{
    return (struct group_filter){ UINT64_MAX, skills, languages };
}

static inline struct group_filter group_within(uint64_t skills, uint32_t languages)
{
    return (struct group_filter){ 0, ~skills, languages };
}

/* The next group from `at` on that fits, or groups->count. */
static inline size_t groups_next(const struct groups *groups, size_t at, struct group_filter filter)
{
    while (at < groups->count &&
           (((groups->skills[at] ^ filter.flip) & filter.mask) || !(groups->languages[at] & filter.languages))) at++;
    return at;
}

struct group *groups_get(struct groups *groups, uint64_t skills, uint32_t languages); /* made if new */
void groups_push(struct groups *groups, struct group *group, struct heap_node *node, int64_t key, uint64_t tie);
void groups_remove(struct groups *groups, struct group *group, struct heap_node *node);

/* All members must have been removed. */
void groups_free(struct groups *groups);

/* Members that `may` refuses are passed over. */
typedef bool group_may_fn(const void *context, const struct heap_node *node);

/* The first member of `heap` that may and stands before `best` (NULL: any); else `best`. Looks at
 * one node and at two more for each refused one. */
struct heap_node *group_first(const struct heap *heap, group_may_fn *may, const void *context,
                              struct heap_node *best);

#endif
