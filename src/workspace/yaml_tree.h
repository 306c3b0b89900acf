/* yaml_tree.h - one YAML document as a small tree that knows its lines.
 *
 * Strict on purpose: one document; keys are plain text and stand once; no anchors, aliases or tags;
 * at most YAML_DEPTH deep. Nodes and texts live in arenas of the caller's. It knows no key's meaning: fields.h. */
#ifndef WORKSPACE_YAML_TREE_H
#define WORKSPACE_YAML_TREE_H

#include "workspace/problems.h"

#define YAML_DEPTH 12

enum yaml_kind { YAML_KIND_NULL, YAML_KIND_TEXT, YAML_KIND_LIST, YAML_KIND_MAP };

struct yaml_tree {
    enum yaml_kind kind;
    int line;
    bool quoted;               /* a text in quotes: never a number, bool or null */
    struct str text;
    struct yaml_tree *items;   /* of a list, or the values of a map */
    struct str *keys;          /* of a map */
    int *key_lines;
    size_t count;
};

/* Reads `text`, whose first line is line `place.line` of `place.file`. NULL after a mistake that
 * leaves no tree; mistakes that can be read past are added and the tree is given all the same. An
 * empty document is a NULL node. */
struct yaml_arenas {
    struct arena *nodes, *texts; /* texts may be kept for longer than the nodes; keys are texts */
};
struct yaml_tree *yaml_tree_read(struct yaml_arenas arenas, struct problems *problems, struct place place,
                                 struct str text);

/* The value of `key` in a map, or NULL. */
const struct yaml_tree *yaml_tree_get(const struct yaml_tree *map, const char *key);

/* "a map", "a list", "text", "nothing". */
const char *yaml_tree_kind_name(const struct yaml_tree *tree);

#endif
