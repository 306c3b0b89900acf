/* model_settings.h - the language model that the workspace may use: `model:` of workspace.yaml. docs/model.md. */
#ifndef WORKSPACE_MODEL_SETTINGS_H
#define WORKSPACE_MODEL_SETTINGS_H

#include "base/str.h"

/* What it may do. X(NAME, word in `uses`) */
#define MODEL_USES(X) X(PHRASE, "phrase") X(PLAN, "plan") X(SUMMARISE, "summarise") X(TRANSLATE, "translate")

enum model_use_bit {
#define X(NAME, word) MODEL_USE_BIT_##NAME,
    MODEL_USES(X)
#undef X
    MODEL_USE_BITS
};

enum {
#define X(NAME, word) MODEL_USE_##NAME = 1 << MODEL_USE_BIT_##NAME,
    MODEL_USES(X)
#undef X
};

#define MODEL_TEMPERATURE_UNSET (-1)

struct workspace_model {
    struct str base_url;            /* such as https://host/v1; empty: there is no model */
    struct str name;
    struct str key;                 /* bearer token; from a file or the environment, or empty */
    int deadline_ms;                /* of a whole turn */
    int max_output_tokens;          /* of one answer */
    int64_t budget_conversation, budget_day; /* tokens */
    int temperature;                /* thousandths, or MODEL_TEMPERATURE_UNSET: the server's own */
    int parallel;                   /* turns at once; further ones do without */
    unsigned uses;                  /* MODEL_USE_ bits */
};

#endif
