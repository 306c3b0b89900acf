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
        for (size_t i = 0; i < workspace->article_count; i++)
            if (count == 0 || !str_equal(names[count - 1], workspace->articles[i].name))
                names[count++] = workspace->articles[i].name;
        break;
    case REFERS_TO_ACTION:
        for (; count < workspace->action_count; count++)
            names[count] = workspace->actions[count].name;
        break;
    }
    return count;
}

/* A topic that names an action asks for at least the identity that the action needs. */
static void check_identity(struct reading *reading, const struct reference *reference)
{
    const struct action *action = workspace_action(reading->workspace, reference->name);
    for (size_t i = 0; action && i < reading->workspace->topic_count; i++) {
        const struct topic *topic = &reading->workspace->topics[i];
        if (str_equal(topic->file, reference->place.file) && topic->identity < action->identity && topic->identity < IDENTITY_SIGNED)
            problems_add(reading->problems, reference->place, "add 'identity: signed'",
                         "the action '%.*s' needs a signed identity, but the topic does not ask for one",
                         STR_ARG(reference->name));
    }
}

static void check_references(struct reading *reading)
{
    static const char *const kinds[] = { "action", "article", "skill" };
    static const char *const cures[] = { "write actions/NAME.yaml, or name another", "write knowledge/NAME.md, or name another",
                                         "add it to 'skills' in workspace.yaml" };
    const struct workspace *workspace = reading->workspace;
    struct str *names = MEMORY_NEW_ARRAY(struct str, workspace->article_count + workspace->action_count + workspace->skill_count);
    for (size_t i = 0; i < reading->reference_count; i++) {
        const struct reference *reference = &reading->references[i];
        size_t count = names_of(reading, reference->kind, names), k = 0;
        while (k < count && !str_equal(names[k], reference->name))
            k++;
        if (reference->kind == REFERS_TO_ACTION)
            check_identity(reading, reference);
        /* Without languages workspace.yaml could not be read: that is the mistake, and it is named once. */
        if (reference->kind == REFERS_TO_SKILL && !reading->workspace->language_count)
            continue;
        if (k == count)
            problems_add(reading->problems, reference->place,
                         problems_suggest(reading->problems, reference->name, names, count, cures[reference->kind]),
                         "there is no %s '%.*s'", kinds[reference->kind], STR_ARG(str_cut(reference->name, LIMIT_TAG)));
    }
    memory_free(names);
}

/* --- one utterance, one topic ------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
    const struct utterance *first = a, *second = b;
    int order = str_compare(first->text, second->text);
    if (order == 0)
        order = str_compare(first->place.file, second->place.file);
    return order ? order : first->place.line - second->place.line;
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
    struct utterance *all = reading->utterances;
    struct arena scratch = { 0 };
    for (size_t i = 0; i < reading->utterance_count; i++)
        all[i].text = lowered(&scratch, all[i].text);
    if (reading->utterance_count)
        qsort(all, reading->utterance_count, sizeof *all, by_text);
    for (size_t i = 1; i < reading->utterance_count; i++)
        if (str_equal(all[i].text, all[i - 1].text) && !str_equal(all[i].place.file, all[i - 1].place.file))
            problems_add(reading->problems, all[i].place, "keep it where it belongs",
                         "the example '%.*s' stands in %.*s:%d too", STR_ARG(str_cut(all[i].text, LIMIT_NAME)),
                         STR_ARG(all[i - 1].place.file), all[i - 1].place.line);
    arena_free(&scratch);
}

/* --- an action that undoes another ------------------------------------------------------------- */

static bool is_among(const struct action *action, struct str parameter)
{
    for (size_t i = 0; i < action->parameter_count; i++)
        if (str_equal(action->parameters[i].name, parameter))
            return true;
    /* As JSON, a property's name stands in quotes before a colon. */
    struct buf quoted;
    buf_init(&quoted, LIMIT_TAG + 8);
    buf_add_json_str(&quoted, parameter);
    buf_add_char(&quoted, ':');
    bool found = str_find(action->result_schema, buf_str(&quoted), 0) >= 0;
    buf_free(&quoted);
    return found;
}

static void check_compensation(struct reading *reading, const struct action *action)
{
    const struct action *undo = workspace_action(reading->workspace, action->compensate);
    struct place place = { action->file, 0 };
    if (!action->changes)
        problems_add(reading->problems, place, "remove 'compensate', or add 'changes: true'", "there is nothing to undo: the action changes nothing");
    if (!undo)
        return;
    if (undo == action || undo->identity > action->identity)
        problems_add(reading->problems, place, "name an action that needs no more than this one", "'%.*s' cannot be undone by '%.*s'", STR_ARG(action->name),
                     STR_ARG(undo->name));
    for (size_t i = 0; i < undo->parameter_count; i++)
        if (undo->parameters[i].required && !is_among(action, undo->parameters[i].name))
            problems_add(reading->problems, place, "let this action's 'result' have it", "'%.*s' needs '%.*s', which this action neither takes nor gives",
                         STR_ARG(undo->name), STR_ARG(undo->parameters[i].name));
}

/* --- one-time codes ----------------------------------------------------------------------------- */

static bool takes_code(const struct action *action)
{
    for (size_t i = 0; i < action->parameter_count; i++)
        if (str_equal(action->parameters[i].name, STR("code")))
            return action->identity == IDENTITY_SIGNED;
    return false;
}

static void check_codes(struct reading *reading)
{
    const struct workspace *workspace = reading->workspace;
    const struct action *send = workspace->send_code.len ? workspace_action(workspace, workspace->send_code) : NULL;
    if (send && !takes_code(send))
        problems_add(reading->problems, (struct place){ send->file, 0 }, "give it 'identity: signed' and a parameter 'code'",
                     "codes are to be sent by '%.*s', but it does not take one", STR_ARG(send->name));
    for (size_t i = 0; i < workspace->action_count; i++)
        if (workspace->actions[i].identity == IDENTITY_CODE && workspace->send_code.len == 0)
            problems_add(reading->problems, (struct place){ workspace->actions[i].file, 0 }, "add 'identity: send_code: ACTION' to workspace.yaml",
                         "'%.*s' needs a one-time code, but no action sends one", STR_ARG(workspace->actions[i].name));
}

void check_workspace(struct reading *reading)
{
    const struct workspace *workspace = reading->workspace;
    check_references(reading);
    check_doubles(reading);
    check_codes(reading);
    for (size_t i = 0; i < workspace->action_count; i++)
        if (workspace->actions[i].compensate.len)
            check_compensation(reading, &workspace->actions[i]);
    for (size_t i = 0; i < workspace->topic_count; i++)
        if (workspace->topics[i].steps_version.len)
            check_steps(reading, &workspace->topics[i]);
    if (workspace->topic_count == 0)
        problems_add(reading->problems, (struct place){ STR("topics"), 0 }, "write one as docs/workspace.md shows",
                     "there is no topic");
    if (workspace->topic_count > LIMIT_TOPICS)
        problems_add(reading->problems, (struct place){ STR("topics"), 0 }, "merge some", "there are more than %d topics",
                     LIMIT_TOPICS);
}
