/* compare.h - compares fields of an event or an answer with what a script expects. */
#ifndef PLANNER_COMPARE_H
#define PLANNER_COMPARE_H

#include "planner/stage.h"

/* Ids are written as names: `agent sam`, `conversation anna`. */
struct compare_names {
    const struct cast *cast;
};

/* All matches of the statement hold for `object`. *failed is the first that does not. */
bool compare_all(const struct compare_names *names, const struct script_statement *statement, json_t *object,
               const struct script_match **failed);
bool compare_one(const struct compare_names *names, const struct script_match *match, json_t *object);

/* The member at a path such as live.waiting or agents.0.state; NULL if there is none. */
json_t *compare_member(json_t *object, struct str path);

/* Appends how the object looks, on one line, cut at a readable length. */
void compare_show(json_t *object, struct buf *out);

struct performer *cast_find(const struct cast *cast, enum script_who who, struct str name);

#endif
