/* read_files.h - one reader for each kind of file; workspace.c puts them together. */
#ifndef WORKSPACE_READ_FILES_H
#define WORKSPACE_READ_FILES_H

#include "workspace/files.h"

/* Fills reading->workspace from workspace.yaml's text. */
void read_workspace_yaml(struct reading *reading, struct str text);

/* Each reads the file named `reading->file`, whose text is `text`, into *out. */
void read_topic(struct reading *reading, struct str text, struct topic *out);
void read_article(struct reading *reading, struct str text, struct article *out);
void read_action(struct reading *reading, struct str text, struct action *out);

/* A JSON schema (schema.h) written as YAML, to JSON: struct str. */
field_fn field_schema;
/* Reader of `synonyms` in workspace.yaml (read_synonyms.c). */
field_fn field_synonyms;
/* Reader of `model` in workspace.yaml (read_model.c); behind `engine`, whose patience it needs. */
field_fn field_model;

/* What can only be seen when all files are read: references, doubles across files. */
void check_workspace(struct reading *reading);

#endif
