/* read_files.h - one reader for each kind of file; workspace.c puts them together. */
#ifndef WORKSPACE_READ_FILES_H
#define WORKSPACE_READ_FILES_H

#include "workspace/files.h"

/* Fills reading->workspace from workspace.yaml's text. */
void read_workspace_yaml(struct reading *reading, struct str text);

/* Each reads the file named `reading->file`, whose text is `text`, into *out. */
void read_topic(struct reading *reading, struct str text, struct topic *out);
/* One article a language, the file's own first; gives their number, `room` at most. out[0] has the name. */
size_t read_article(struct reading *reading, struct str text, struct article *out, size_t room);
void read_action(struct reading *reading, struct str text, struct action *out);

/* A JSON schema (schema.h) written as YAML, to JSON: struct str. */
field_fn field_schema;
/* The name of an action, which must exist: struct str (read_topic.c). */
field_fn field_action_name;
/* A list of steps (steps.h): struct step * and its count, in a struct topic (read_steps.c). */
field_fn field_steps;
/* A POSIX extended regular expression that is cheap to try: struct str (read_action.c). */
field_fn field_pattern;
/* "30m", "12h", "1d" to ms: int64_t. */
field_fn field_duration;
/* Reader of `synonyms` in workspace.yaml (read_synonyms.c). */
field_fn field_synonyms;
/* Reader of `model` in workspace.yaml (read_model.c); behind `engine`, whose patience it needs. */
field_fn field_model;

/* What can only be seen when all files are read: references, doubles across files. */
void check_workspace(struct reading *reading);
/* What a topic's steps could get stuck in (check_steps.c). */
void check_steps(struct reading *reading, const struct topic *topic);

#endif
