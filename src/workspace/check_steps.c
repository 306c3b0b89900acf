/* check_steps.c - what a flow could get stuck in, found before a customer does.
 *
 * The steps are a graph: places and the ways between them. What is surely known at a place (slots, fields of
 * results, a yes) is what every way to it brings along; it is worked out by going over the ways until nothing
 * changes any more. */
#include <jansson.h>

#include "workspace/read_files.h"
#include "workspace/steps.h"
#include "workspace/template.h"

#define NAMES_MAX 256
#define WAYS_MAX (STEP_WAYS_MAX + 4)
#define YES NAMES_MAX /* known like a name: the customer has said yes to what stands now */

struct known {
    bool has[NAMES_MAX + 1];
};

struct edge {
    size_t to;
    bool result;  /* the call went well: its result is known */
    bool yes, no; /* of a confirmation */
};

struct graph {
    struct reading *reading;
    const struct topic *topic;
    struct str names[NAMES_MAX];
    size_t name_count;
    struct known before[STEPS_MAX]; /* what is known when the step begins */
    bool reached[STEPS_MAX];
};

#define step_problem(graph, step, cure, ...) \
    problems_add((graph)->reading->problems, (struct place){ (graph)->topic->file, (step)->line }, (cure), __VA_ARGS__)

/* --- ways --------------------------------------------------------------------------------------- */

static bool is_ok(struct str value)
{
    return str_equal(value, str_of(step_outcome_names[OUTCOME_OK]));
}

/* All ways out of a step, the two ends left out. */
static size_t ways_of(const struct step *step, struct edge edges[WAYS_MAX])
{
    struct edge all[WAYS_MAX] = { { 0 } };
    size_t count = 0, kept = 0;
    bool ok_named = false;
    for (size_t i = 0; i < step->way_count; i++) {
        bool ok = step->kind == STEP_CALL && is_ok(step->ways[i].value);
        ok_named = ok_named || ok;
        all[count++] = (struct edge){ .to = step->ways[i].target, .result = ok };
    }
    if (step->kind == STEP_CALL || step->kind == STEP_BRANCH)
        all[count++] = (struct edge){ .to = step->other };
    if (step->kind == STEP_CONFIRM)
        all[count++] = (struct edge){ .to = step->refused, .no = true };
    if (step->kind != STEP_BRANCH && !ok_named)
        all[count++] = (struct edge){ .to = step->next, .result = step->kind == STEP_CALL, .yes = step->kind == STEP_CONFIRM };
    for (size_t i = 0; i < count; i++)
        if (all[i].to < STEPS_MAX)
            edges[kept++] = all[i];
    return kept;
}

static void reach(struct graph *graph, size_t at)
{
    struct edge edges[WAYS_MAX];
    if (graph->reached[at])
        return;
    graph->reached[at] = true;
    size_t count = ways_of(&graph->topic->steps[at], edges);
    for (size_t i = 0; i < count; i++)
        reach(graph, edges[i].to);
}

static void check_ways(struct graph *graph)
{
    const struct topic *topic = graph->topic;
    reach(graph, 0);
    for (size_t i = 0; i < topic->step_count; i++) {
        const struct step *step = &topic->steps[i];
        bool ends = step->kind == STEP_HAND_OVER || step->kind == STEP_END || step->kind == STEP_BRANCH;
        bool elsewhere = step->kind == STEP_CALL && step_way_for(step, STR("ok")) != STEP_NOWHERE;
        if (!graph->reached[i])
            step_problem(graph, step, "lead to it with 'then' or 'if', or remove it", "no way leads to this step");
        if (!ends && !elsewhere && step->next == STEP_NOWHERE && step->then.len == 0)
            step_problem(graph, step, "add 'then: end', 'then: person', or a step below", "there is no way on from this step");
    }
}

/* A way round on which nobody is asked anything would never stop. `state`: 0 not seen, 1 on the way, 2 done. */
static bool runs_round(const struct graph *graph, size_t at, char state[STEPS_MAX])
{
    const struct step *step = &graph->topic->steps[at];
    struct edge edges[WAYS_MAX];
    if (state[at] || step->kind == STEP_ASK || step->kind == STEP_CONFIRM)
        return state[at] == 1;
    state[at] = 1;
    size_t count = ways_of(step, edges);
    for (size_t i = 0; i < count; i++)
        if (runs_round(graph, edges[i].to, state))
            return true;
    state[at] = 2;
    return false;
}

static void check_rounds(struct graph *graph)
{
    char state[STEPS_MAX] = { 0 };
    for (size_t i = 0; i < graph->topic->step_count; i++)
        if (runs_round(graph, i, state)) {
            step_problem(graph, &graph->topic->steps[i], "let one of them ask or confirm something, or lead elsewhere",
                         "these steps go round in a circle in which nobody is asked anything");
            return;
        }
}

/* --- what is known ------------------------------------------------------------------------------ */

static size_t name_index(struct graph *graph, struct str name)
{
    size_t i = 0;
    while (i < graph->name_count && !str_equal(graph->names[i], name))
        i++;
    if (i == graph->name_count && i < NAMES_MAX)
        graph->names[graph->name_count++] = arena_copy(graph->reading->arena, name);
    return i < NAMES_MAX ? i : NAMES_MAX - 1;
}

static json_t *result_of(const struct graph *graph, const struct step *step)
{
    const struct action *action = workspace_action(graph->reading->workspace, step->subject);
    return action && action->result_schema.len ? json_loadb(action->result_schema.data, action->result_schema.len, 0, NULL) : NULL;
}

static void learn_result(struct graph *graph, const struct step *step, struct known *known)
{
    json_t *schema = result_of(graph, step), *property;
    const char *key;
    json_object_foreach(json_object_get(schema, "properties"), key, property)
        known->has[name_index(graph, str_of(key))] = true;
    json_decref(schema);
}

static void learn(struct graph *graph, const struct step *step, const struct edge *edge, struct known *known)
{
    const struct action *action = step->kind == STEP_CALL ? workspace_action(graph->reading->workspace, step->subject) : NULL;
    if (step->kind == STEP_ASK) {
        known->has[name_index(graph, step->subject)] = true;
        known->has[YES] = false;
    }
    for (size_t i = 0; action && i < action->parameter_count; i++)
        if (action->parameters[i].required)
            known->has[name_index(graph, action->parameters[i].name)] = true;
    if (edge->result)
        learn_result(graph, step, known);
    if (edge->yes || edge->no)
        known->has[YES] = edge->yes;
}

/* What each step can count on. Begins with everything and takes away what some way does not bring. */
static void find_known(struct graph *graph)
{
    const struct topic *topic = graph->topic;
    for (size_t i = 1; i < topic->step_count; i++)
        memset(&graph->before[i], 1, sizeof graph->before[i]);
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < topic->step_count; i++) {
            struct edge edges[WAYS_MAX];
            size_t count = graph->reached[i] ? ways_of(&topic->steps[i], edges) : 0;
            for (size_t k = 0; k < count; k++) {
                struct known after = graph->before[i], *there = &graph->before[edges[k].to];
                learn(graph, &topic->steps[i], &edges[k], &after);
                for (size_t n = 0; n <= NAMES_MAX; n++)
                    if (there->has[n] && !after.has[n]) {
                        there->has[n] = false;
                        changed = true;
                    }
            }
        }
    }
}

static bool is_known(struct graph *graph, size_t at, struct str name)
{
    struct str minor = arena_format(graph->reading->arena, "%.*s_minor", STR_ARG(name));
    return graph->before[at].has[name_index(graph, name)] || graph->before[at].has[name_index(graph, minor)];
}

static void need(struct graph *graph, size_t at, struct str name)
{
    if (!graph->reached[at] || is_known(graph, at, name))
        return;
    graph->before[at].has[name_index(graph, name)] = true; /* said once */
    step_problem(graph, &graph->topic->steps[at], "ask for it, or call an action whose 'result' has it, on every way to this step",
                 "'%.*s' is used here, but on some way to this step nobody has asked for it or looked it up", STR_ARG(str_cut(name, LIMIT_TAG)));
}

/* The names of a text, but for those of a block: they are the items' own. */
static void need_text(struct graph *graph, size_t at, struct str text)
{
    struct err err;
    struct template template;
    size_t where;
    bool in_block = false;
    if (!template_read(&err, graph->reading->arena, text, &template, &where)) {
        step_problem(graph, &graph->topic->steps[at], "write {{field}}, or {{#field}}…{{/field}}", "%s", err.text);
        return;
    }
    for (size_t i = 0; i < template.count; i++) {
        const struct template_piece *piece = &template.pieces[i];
        if (piece->kind == TEMPLATE_END)
            in_block = false;
        else if (piece->kind != TEMPLATE_TEXT && !in_block)
            need(graph, at, piece->text);
        in_block = in_block || piece->kind == TEMPLATE_IF || piece->kind == TEMPLATE_UNLESS;
    }
}

static void check_known(struct graph *graph)
{
    for (size_t i = 0; i < graph->topic->step_count; i++) {
        const struct step *step = &graph->topic->steps[i];
        for (size_t k = 0; k < step->text_count; k++)
            need_text(graph, i, step->texts[k].text);
        for (size_t k = 0; k < step->argument_count; k++)
            need_text(graph, i, step->arguments[k].text);
        if (step->kind == STEP_BRANCH)
            need(graph, i, step->subject);
        if (step->from.len)
            need(graph, i, step->from);
    }
}

/* --- branches ----------------------------------------------------------------------------------- */

static void check_outcomes(struct graph *graph, const struct step *step)
{
    struct buf missing;
    struct str words[OUTCOME_COUNT];
    buf_init(&missing, 256);
    for (size_t i = 0; i < OUTCOME_COUNT; i++) {
        words[i] = str_of(step_outcome_names[i]);
        if (i != OUTCOME_OK && i != OUTCOME_NOT_APPROVED && step->otherwise.len == 0 && step_way_for(step, words[i]) == STEP_NOWHERE)
            buf_add_format(&missing, "%s%s", missing.len ? ", " : "", step_outcome_names[i]);
    }
    if (missing.len)
        step_problem(graph, step, "add a line for each under 'if', or 'else: person'", "it is not said what happens when the call comes to: %s",
                     buf_cstr(&missing));
    for (size_t i = 0; i < step->way_count; i++) {
        struct str rest = step->ways[i].value, word;
        size_t k = 0;
        bool more = str_split(&rest, '=', &word);
        while (k < OUTCOME_COUNT && !str_equal(words[k], word))
            k++;
        if (!more || k == OUTCOME_COUNT || (rest.data && k != OUTCOME_REFUSED))
            problems_add(graph->reading->problems, (struct place){ graph->topic->file, step->ways[i].line },
                         problems_suggest(graph->reading->problems, word, words, OUTCOME_COUNT, "use ok, refused, refused=CODE, not_found, failed, timeout or not_approved"),
                         "'%.*s' is nothing that a call can come to", STR_ARG(str_cut(step->ways[i].value, LIMIT_TAG)));
    }
    buf_free(&missing);
}

static size_t add_value(struct str *values, size_t count, struct str value, struct arena *arena)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(values[i], value))
            return count;
    if (count < NAMES_MAX)
        values[count++] = arena_copy(arena, value);
    return count;
}

/* What a field may be, from an action's result: of `enum` or `const`. */
static size_t values_of_result(const struct graph *graph, const struct step *step, struct str field, struct str *values, size_t count)
{
    json_t *schema = result_of(graph, step), *item;
    size_t i;
    const json_t *property = json_object_get(json_object_get(schema, "properties"), arena_cstr(graph->reading->arena, field));
    const json_t *constant = json_object_get(property, "const");
    json_array_foreach(json_object_get(property, "enum"), i, item)
        if (json_is_string(item))
            count = add_value(values, count, str_of(json_string_value(item)), graph->reading->arena);
    if (json_is_string(constant))
        count = add_value(values, count, str_of(json_string_value(constant)), graph->reading->arena);
    json_decref(schema);
    return count;
}

static bool result_has(const struct graph *graph, const struct step *step, struct str field)
{
    json_t *schema = step->kind == STEP_CALL ? result_of(graph, step) : NULL;
    bool has = json_object_get(json_object_get(schema, "properties"), arena_cstr(graph->reading->arena, field)) != NULL;
    json_decref(schema);
    return has;
}

/* Whether what the call at `from` says of the field is still what is known of it at `to`: no later call says it anew. */
static bool comes_to(const struct graph *graph, size_t from, size_t to, struct str field, bool first, bool seen[STEPS_MAX])
{
    const struct step *step = &graph->topic->steps[from];
    struct edge edges[WAYS_MAX];
    size_t count = ways_of(step, edges);
    bool says = result_has(graph, step, field);
    if (!first && (seen[from] || from == to))
        return from == to;
    seen[from] = !first;
    for (size_t i = 0; i < count; i++) {
        bool anew = says && edges[i].result;
        if (first == anew && comes_to(graph, edges[i].to, to, field, false, seen))
            return true;
    }
    return false;
}

static size_t values_of(const struct graph *graph, size_t at, struct str field, struct str *values)
{
    size_t count = 0;
    for (size_t i = 0; i < graph->topic->step_count; i++) {
        const struct step *step = &graph->topic->steps[i];
        bool seen[STEPS_MAX] = { false };
        if (result_has(graph, step, field) && comes_to(graph, i, at, field, true, seen))
            count = values_of_result(graph, step, field, values, count);
        if (step->kind != STEP_ASK || !str_equal(step->subject, field))
            continue;
        for (size_t k = 0; k < step->option_count; k++)
            count = add_value(values, count, step->options[k].value, graph->reading->arena);
        if (step->type == SLOT_YES_NO) {
            count = add_value(values, count, STR("yes"), graph->reading->arena);
            count = add_value(values, count, STR("no"), graph->reading->arena);
        }
    }
    return count;
}

static void check_branch(struct graph *graph, size_t at)
{
    struct str values[NAMES_MAX];
    const struct step *step = &graph->topic->steps[at];
    size_t count = values_of(graph, at, step->subject, values);
    if (count == 0 && step->otherwise.len == 0)
        step_problem(graph, step, "add 'else' with where everything else leads", "'%.*s' can be anything, but there is no 'else'", STR_ARG(step->subject));
    for (size_t i = 0; i < count && step->otherwise.len == 0; i++)
        if (step_way_for(step, values[i]) == STEP_NOWHERE && graph->reading->workspace->language_count)
            step_problem(graph, step, "add it to 'if', or add 'else'", "it is not said where '%.*s' leads when it is '%.*s'", STR_ARG(step->subject),
                         STR_ARG(values[i]));
    for (size_t i = 0; i < step->way_count && count; i++) {
        size_t k = 0;
        while (k < count && !str_equal(values[k], step->ways[i].value))
            k++;
        if (k == count)
            problems_add(graph->reading->problems, (struct place){ graph->topic->file, step->ways[i].line },
                         problems_suggest(graph->reading->problems, step->ways[i].value, values, count, "remove the line"),
                         "'%.*s' is never '%.*s'", STR_ARG(step->subject), STR_ARG(str_cut(step->ways[i].value, LIMIT_TAG)));
    }
}

/* --- calls and words ---------------------------------------------------------------------------- */

static void check_languages(struct graph *graph, int line, const struct text_by_language *texts, size_t count, const char *what)
{
    const struct workspace *workspace = graph->reading->workspace;
    for (size_t i = 0; i < workspace->language_count && count; i++) {
        size_t k = 0;
        while (k < count && !str_equal(texts[k].language, workspace->languages[i]))
            k++;
        if (k == count)
            problems_add(graph->reading->problems, (struct place){ graph->topic->file, line }, "add it: a flow must not change its language half-way",
                         "%s is missing in '%.*s'", what, STR_ARG(workspace->languages[i]));
    }
}

static void check_call(struct graph *graph, size_t at)
{
    const struct step *step = &graph->topic->steps[at];
    const struct action *action = workspace_action(graph->reading->workspace, step->subject);
    check_outcomes(graph, step);
    if (!action)
        return;
    if (action->changes && graph->reached[at] && !graph->before[at].has[YES])
        step_problem(graph, step, "put a 'confirm' on every way to it, behind the last question",
                     "'%.*s' changes something, but on some way to it the customer is not asked to confirm", STR_ARG(action->name));
    if (action->changes && action->title_count == 0)
        step_problem(graph, step, "add 'title' to the action's file, such as \"Block the card\"",
                     "'%.*s' has no title, by which the customer is told what has been done", STR_ARG(action->name));
    check_languages(graph, step->line, action->titles, action->title_count, "the title of the called action");
    for (size_t i = 0; i < step->argument_count; i++) {
        size_t k = 0;
        while (k < action->parameter_count && !str_equal(action->parameters[k].name, step->arguments[i].name))
            k++;
        if (k == action->parameter_count)
            problems_add(graph->reading->problems, (struct place){ graph->topic->file, step->arguments[i].line },
                         "name one of the action's parameters, or remove the line", "'%.*s' has no parameter '%.*s'", STR_ARG(action->name),
                         STR_ARG(str_cut(step->arguments[i].name, LIMIT_TAG)));
    }
}

/* --- choices of a list -------------------------------------------------------------------------- */

static void need_in_items(struct graph *graph, const struct step *step, const json_t *properties, struct str name, const char *where)
{
    const char *minor = arena_cstr(graph->reading->arena, arena_format(graph->reading->arena, "%.*s_minor", STR_ARG(name)));
    if (!json_object_get(properties, arena_cstr(graph->reading->arena, name)) && !json_object_get(properties, minor))
        step_problem(graph, step, "use a field that they have, or add it to the 'result' of the action",
                     "the items of '%.*s' have no '%.*s', which %s", STR_ARG(step->from), STR_ARG(str_cut(name, LIMIT_TAG)), where);
}

/* An item without a value or a whole label is no choice: a field that none has leaves nothing to choose from. */
static void check_items(struct graph *graph, const struct step *step, const json_t *properties)
{
    struct err err;
    struct template template;
    size_t where;
    need_in_items(graph, step, properties, step->value.len ? step->value : step->subject, "is the choice's value");
    for (size_t i = 0; i < step->label_count; i++) {
        if (!template_read(&err, graph->reading->arena, step->labels[i].text, &template, &where)) {
            step_problem(graph, step, "write {{field}}, or {{#field}}…{{/field}}", "%s", err.text);
            continue;
        }
        for (size_t k = 0; k < template.count; k++)
            if (template.pieces[k].kind == TEMPLATE_FIELD)
                need_in_items(graph, step, properties, template.pieces[k].text, "the label speaks of");
    }
}

/* What items have is known if the 'result' of an action says it. */
static void check_list(struct graph *graph, const struct step *step)
{
    for (size_t i = 0; i < graph->topic->step_count; i++) {
        json_t *schema = graph->topic->steps[i].kind == STEP_CALL ? result_of(graph, &graph->topic->steps[i]) : NULL;
        const json_t *list = json_object_get(json_object_get(schema, "properties"), arena_cstr(graph->reading->arena, step->from));
        const json_t *properties = json_object_get(json_object_get(list, "items"), "properties");
        if (properties)
            check_items(graph, step, properties);
        json_decref(schema);
        if (properties)
            return;
    }
}

static void check_words(struct graph *graph, const struct step *step)
{
    check_languages(graph, step->line, step->texts, step->text_count, step->kind == STEP_ASK ? "the question" : "the text");
    check_languages(graph, step->line, step->labels, step->label_count, "the label");
    for (size_t i = 0; i < step->option_count; i++)
        check_languages(graph, step->line, step->options[i].labels, step->options[i].label_count, "the label of a choice");
}

void check_steps(struct reading *reading, const struct topic *topic)
{
    struct graph *graph = ARENA_NEW(reading->arena, struct graph);
    *graph = (struct graph){ .reading = reading, .topic = topic };
    check_ways(graph);
    check_rounds(graph);
    find_known(graph);
    check_known(graph);
    for (size_t i = 0; i < topic->step_count; i++) {
        const struct step *step = &topic->steps[i];
        check_words(graph, step);
        if (step->from.len)
            check_list(graph, step);
        if (step->kind == STEP_CALL)
            check_call(graph, i);
        if (step->kind == STEP_BRANCH)
            check_branch(graph, i);
    }
}
