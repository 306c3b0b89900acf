#include "assistant/intent_workspace.h"

#include <unistd.h>

#include "assistant/examples.h"
#include "assistant/intent_file.h"

#define AT_ONCE 1000 /* examples; so many are learned well within a moment */

struct str intent_made_from(const struct workspace *workspace, struct arena *arena)
{
    return workspace->taught.len ? arena_format(arena, "%.*s+%.*s", STR_ARG(workspace->version), STR_ARG(workspace->taught))
                                 : workspace->version;
}

static bool fits(struct err *why, const struct intent *intent, const struct workspace *workspace, struct str made_from)
{
    struct arena scratch = { 0 };
    bool same = str_equal(made_from, intent_made_from(workspace, &scratch)) && intent_topics(intent) == workspace->topic_count;
    for (size_t t = 0; same && t < workspace->topic_count; t++)
        same = str_equal(intent_name(intent, t), workspace->topics[t].name);
    arena_free(&scratch);
    return same ? true : err_set(why, INTENT_WORKSPACE_FILE " is not used, since it was made from other files or before people taught new "
                                      "wordings; run `beckon intents train` again or remove it");
}

static struct intent *from_file(struct err *why, const struct workspace *workspace)
{
    struct arena scratch = { 0 };
    struct str made_from = STR_EMPTY;
    struct intent *intent = NULL;
    const char *path = arena_format(&scratch, "%.*s/" INTENT_WORKSPACE_FILE, STR_ARG(workspace->directory)).data;
    why->text[0] = 0;
    if (access(path, F_OK) == 0)
        intent = intent_load(why, path, &made_from);
    if (intent && !fits(why, intent, workspace, made_from)) {
        intent_free(intent);
        intent = NULL;
    }
    arena_free(&scratch);
    return intent;
}

struct intent *intent_of_workspace(struct err *why, const struct intent_wish *wish, struct intent_figures *figures, bool *is_first)
{
    struct intent *intent = from_file(why, wish->workspace);
    bool first = wish->at_once;
    if (figures)
        *figures = (struct intent_figures){ .examples = 0 };
    if (is_first)
        *is_first = false;
    if (intent)
        return intent;
    struct examples examples = { .count = 0 };
    examples_of_workspace(&examples, wish->workspace);
    struct intent_lesson lesson = examples_lesson(&examples);
    first = first && lesson.count > AT_ONCE;
    lesson.effort = first ? ENSEMBLE_FIRST : ENSEMBLE_QUICK;
    lesson.stop = wish->stop;
    intent = intent_train(&lesson, figures, NULL);
    if (is_first)
        *is_first = first;
    examples_free(&examples);
    return intent;
}
