/* front_matter.h - a Markdown file that begins with YAML between two lines `---`. */
#ifndef WORKSPACE_FRONT_MATTER_H
#define WORKSPACE_FRONT_MATTER_H

#include "workspace/fields.h"

struct front_matter {
    const struct yaml_tree *yaml;
    struct str body;
    int body_line;
};

/* False if there is no front matter that can be read (a mistake is added). */
bool front_matter_read(struct reading *reading, struct str text, struct front_matter *out) WARN_UNUSED;

/* Adds a mistake for raw HTML, pictures and unsafe links in Markdown that begins on `line`. In a
 * template a link may lead to one whole placeholder: what fills it is checked then. */
void front_matter_check_markdown(struct reading *reading, struct str markdown, int line, bool template);

#endif
