#include <stdlib.h>

#include "base/memory.h"
#include "workspace/read_files.h"

/* --- names that must exist ---------------------------------------------------------------------- */

static size_t names_of(const struct reading *reading, enum reference_kind kind, struct str *names)
{
    const struct workspace *workspace = reading->workspace;
    size_t count = 0;
    switch (kind) {
    case REFERS_TO_SKILL:
        for (; count < workspace->skill_count; count++)
            names[count] = workspace->skills[count];
        break;
    case REFERS_TO_ARTICLE:
        for (; count < workspace->article_count; count++)
            names[count] = workspace->articles[count].name;
        break;
    case REFERS_TO_ACTION:
        for (; count < workspace->action_count; count++)
            names[count] = workspace->actions[count].name;
        break;
    }
    return count;
}

static void check_references(struct reading *reading)
{
    static const char *const kinds[] = { "action", "article", "skill" };
    static const char *const cures[] = { "write actions/NAME.yaml, or name another", "write knowledge/NAME.md, or name another",
                                         "add it to 'skills' in workspace.yaml" };
    struct str *names = MEMORY_NEW_ARRAY(struct str, LIMIT_WORKSPACE_FILES + LIMIT_SKILLS);
    for (size_t i = 0; i < reading->reference_count; i++) {
        const struct reference *reference = &reading->references[i];
        size_t count = names_of(reading, reference->kind, names), k = 0;
        while (k < count && !str_equal(names[k], reference->name))
            k++;
        if (k == count)
            problems_add(reading->problems, reference->place,
                         problems_suggest(reading->problems, reference->name, names, count, cures[reference->kind]),
                         "there is no %s '%.*s'", kinds[reference->kind], STR_ARG(str_slice(reference->name, 0, LIMIT_TAG)));
    }
    memory_free(names);
}

/* --- one utterance, one topic ------------------------------------------------------------------- */

struct utterance {
    struct str text;
    const struct topic *topic;
};

static int by_text(const void *a, const void *b)
{
    const struct utterance *first = a, *second = b;
    int order = str_compare(first->text, second->text);
    return order ? order : str_compare(first->topic->name, second->topic->name);
}

/* ASCII lower case is enough here: it only finds copies. */
static struct str lowered(struct arena *arena, struct str text)
{
    char *copy = arena_take(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] + 32) : text.data[i];
    return str_make(copy, text.len);
}

static void check_doubles(struct reading *reading)
{
    const struct workspace *workspace = reading->workspace;
    struct utterance *all = NULL;
    size_t count = 0, capacity = 0;
    struct arena scratch = { 0 };
    for (size_t t = 0; t < workspace->topic_count; t++) {
        const struct topic *topic = &workspace->topics[t];
        for (size_t l = 0; l < topic->example_count; l++) {
            for (size_t i = 0; i < topic->examples[l].count; i++) {
                if (count == capacity) {
                    capacity = capacity ? capacity * 2 : 256;
                    all = memory_resize(all, capacity, sizeof *all);
                }
                all[count++] = (struct utterance){ lowered(&scratch, topic->examples[l].items[i]), topic };
            }
        }
    }
    if (count)
        qsort(all, count, sizeof *all, by_text);
    for (size_t i = 1; i < count; i++)
        if (str_equal(all[i].text, all[i - 1].text) && all[i].topic != all[i - 1].topic)
            problems_add(reading->problems, (struct place){ all[i].topic->file, 0 }, "keep it where it belongs",
                         "the example '%.*s' stands in %.*s too", STR_ARG(str_slice(all[i].text, 0, LIMIT_NAME)),
                         STR_ARG(all[i - 1].topic->file));
    arena_free(&scratch);
    memory_free(all);
}

/* --- what fits together ------------------------------------------------------------------------- */

static void check_topic(struct reading *reading, const struct topic *topic)
{
    const struct action *action = topic->action.len ? workspace_action(reading->workspace, topic->action) : NULL;
    if (topic->ceiling == AUTONOMY_ACT && topic->action.len == 0)
        problems_add(reading->problems, (struct place){ topic->file, 0 }, "name an action, or write 'autonomy: answer'",
                     "'autonomy: act' needs an action");
    if (action && action->identity == IDENTITY_SIGNED && topic->identity == IDENTITY_NONE)
        problems_add(reading->problems, (struct place){ topic->file, 0 }, "add 'identity: signed'",
                     "the action '%.*s' needs a signed identity, but the topic does not ask for one",
                     STR_ARG(topic->action));
}

void check_workspace(struct reading *reading)
{
    const struct workspace *workspace = reading->workspace;
    check_references(reading);
    check_doubles(reading);
    for (size_t i = 0; i < workspace->topic_count; i++)
        check_topic(reading, &workspace->topics[i]);
    if (workspace->topic_count == 0)
        problems_add(reading->problems, (struct place){ STR("topics"), 0 }, "write one as docs/workspace.md shows",
                     "there is no topic");
    if (workspace->topic_count > LIMIT_TOPICS)
        problems_add(reading->problems, (struct place){ STR("topics"), 0 }, "merge some", "there are more than %d topics",
                     LIMIT_TOPICS);
}
