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
/* Reader of `synonyms` in workspace.yaml (read_synonyms.c). */
field_fn field_synonyms;

/* What can only be seen when all files are read: references, doubles across files. */
void check_workspace(struct reading *reading);

#endif
