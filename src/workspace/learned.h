/* learned.h - what people taught the assistant, put beside what the files say.
 *
 * The files stay the company's: a learned wording is one more example of its topic, or one more question
 * of its article, in a copy of the workspace. Those whose topic or article is not there (any more), whose
 * language the workspace does not speak, or that stand in the files already, under whatever topic, are left out. */
#ifndef WORKSPACE_LEARNED_H
#define WORKSPACE_LEARNED_H

#include "workspace/workspace.h"

struct learned_wording {
    bool article;                /* target names an article, not a topic */
    struct str target, language, wording;
};

/* A workspace with the wordings in it; `base` must outlive it, or be put `beneath` it. workspace_free ends it. */
struct workspace *learned_workspace(const struct workspace *base, const struct learned_wording *wordings, size_t count);

#endif
