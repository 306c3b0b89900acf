/* model.h - a model of intents that is named on the command line: a file, or a workspace's own. */
#ifndef CLI_MODEL_H
#define CLI_MODEL_H

#include "assistant/examples.h"
#include "assistant/intent.h"

struct model {
    struct workspace *workspace; /* NULL: it is a file */
    struct intent *intent;
};

/* False: what is wrong has been said on stderr. */
bool model_open(struct model *model, const char *path) WARN_UNUSED;
void model_close(struct model *model);

/* Texts with their intents from a CSV file, without titles. False: said on stderr. */
bool model_examples(struct examples *examples, const char *path) WARN_UNUSED;

/* Prints the beginning of a customer's text, quoted and harmless for a terminal, and ends the line. */
void model_print_text(struct str text);

/* True for a folder: a workspace. */
bool model_is_folder(const char *path);

#endif
