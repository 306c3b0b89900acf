/* fields.h - from YAML to structs: what keys there are, of what type, how long.
 *
 * A file's format is a table of fields. fields_read walks the map once: unknown keys get a "did you
 * mean", wrong types and lengths are named with their line, missing required keys with the map's. */
#ifndef WORKSPACE_FIELDS_H
#define WORKSPACE_FIELDS_H

#include "workspace/yaml_tree.h"

/* Something of another file that is named here; looked up when all files are read. */
enum reference_kind { REFERS_TO_ACTION, REFERS_TO_ARTICLE, REFERS_TO_SKILL };

struct reference {
    enum reference_kind kind;
    struct str name;
    struct place place;
};

/* An example utterance, to find the same words under two topics. */
struct utterance {
    struct str text;
    struct place place;
};

/* What all readers of one workspace share. */
struct reading {
    struct workspace *workspace;
    struct arena *arena;         /* the workspace's */
    struct arena scratch;        /* what nobody needs once the file is read */
    struct problems *problems;
    struct str file;             /* that is being read */
    const struct drafted_file *drafts; /* in place of files on disk */
    size_t draft_count;
    struct reference *references;
    size_t reference_count, reference_capacity;
    struct utterance *utterances;
    size_t utterance_count, utterance_capacity;
};

struct field;
typedef void field_fn(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target);

/* `read` fills what stands at `offset`; list readers fill the size_t at `count_offset` too. */
struct field {
    const char *key;
    field_fn *read;
    size_t offset, count_offset;
    long max;        /* bytes of a text, items of a list, greatest number */
    bool required;
    long min;        /* smallest number */
    const void *more; /* the reader's own: a table of words, of fields */
};

#define FIELD_AT(type, member) .offset = offsetof(type, member)
#define FIELD_COUNT(type, items, number) .offset = offsetof(type, items), .count_offset = offsetof(type, number)

/* Where a list reader's number of items stands. */
size_t *field_count(const struct field *field, void *target);

void fields_read(struct reading *reading, const struct yaml_tree *map, const struct field *fields, size_t count,
                 void *target);

/* Readers. */
field_fn field_text;      /* struct str, one line or more */
field_fn field_line;      /* struct str, one line */
field_fn field_name;      /* struct str, a name as docs/workspace.md says */
field_fn field_number;    /* int */
field_fn field_bool;      /* bool */
field_fn field_word;      /* int-sized enum: index in the NULL-ended `more` */
field_fn field_url;       /* struct str: https, http, or / for this server */
field_fn field_texts;     /* struct text_by_language * and its count */
field_fn field_lists;     /* struct utterances * and its count */
field_fn field_lines;     /* struct str * and its count: a list of one-line texts */
field_fn field_names;     /* the same, of names; a name twice is a mistake */
field_fn field_map;       /* a map whose fields `more` (struct field_table) names, in the same target */
field_fn field_items;     /* a list of maps: `more` is a struct field_table with the item's size */

struct field_table {
    const struct field *fields;
    size_t count, item_size;
};

/* Adds a problem at a tree's line of the file being read. */
#define fields_problem(reading, at_line, cure, ...) \
    problems_add((reading)->problems, (struct place){ (reading)->file, (at_line) }, (cure), __VA_ARGS__)

bool fields_is_name(struct str name);
bool fields_is_language(struct str code);

/* A language that the workspace does not list is a mistake; true if it is listed. */
bool fields_check_language(struct reading *reading, int line, struct str code);

/* https, mailto, tel, a path on this server, and http to this machine only. */
bool fields_safe_url(struct str url);

/* Keeps every text below `tree` (field_lists' shapes) as an utterance. */
void fields_keep_utterances(struct reading *reading, const struct yaml_tree *tree);

void fields_refer(struct reading *reading, enum reference_kind kind, struct str name, int line);

#endif
