/* action_takes.c - an action that a member of staff runs: are these its parameters, and what did it come to. */
#include "assistant/details.h"
#include "assistant/fill.h"
#include "workspace/pattern.h"

static const struct action_parameter *parameter_of(const struct action *action, struct str name)
{
    for (size_t i = 0; i < action->parameter_count; i++)
        if (str_equal(action->parameters[i].name, name))
            return &action->parameters[i];
    return NULL;
}

/* The name of the first that is not there, does not fit or is none of the action's; empty if all is well. */
static struct str fault(const struct action *action, json_t *parameters, struct arena *arena)
{
    const char *name;
    json_t *value;
    struct turn turn = { .arena = arena };
    json_object_foreach(parameters, name, value) {
        const struct action_parameter *parameter = parameter_of(action, str_of(name));
        if (!parameter || !json_is_string(value) || !details_fits(&turn, parameter, str_make(json_string_value(value), json_string_length(value))))
            return parameter ? parameter->name : STR("parameters");
    }
    for (size_t i = 0; i < action->parameter_count; i++)
        if (action->parameters[i].required && !json_object_get(parameters, arena_cstr(arena, action->parameters[i].name)))
            return action->parameters[i].name;
    return STR_EMPTY;
}

bool action_takes(const struct action *action, struct str parameters_json, struct arena *arena, const char **field)
{
    json_t *parameters = json_loadb(parameters_json.data, parameters_json.len, JSON_REJECT_DUPLICATES, NULL);
    struct str at = json_is_object(parameters) ? fault(action, parameters, arena) : STR("parameters");
    json_decref(parameters);
    *field = at.len ? arena_cstr(arena, at) : NULL;
    return at.len == 0;
}

/* How people call a field: as the parameter of its name is called, else its name without underscores. */
static struct str spoken_name(const struct workspace *workspace, const struct action *action, struct str name, struct str language, struct arena *arena)
{
    const struct action_parameter *parameter = parameter_of(action, name);
    if (parameter && parameter->title_count)
        return workspace_text(workspace, parameter->titles, parameter->title_count, language);
    char *spoken = arena_take(arena, name.len + 1);
    for (size_t i = 0; i < name.len; i++)
        spoken[i] = name.data[i] == '_' ? ' ' : name.data[i];
    if (name.len && spoken[0] >= 'a' && spoken[0] <= 'z')
        spoken[0] = (char)(spoken[0] - 'a' + 'A');
    return str_make(spoken, name.len);
}

/* A line for each plain value: amounts as money, days as people write them. */
static struct str lines_of(const struct workspace *workspace, const struct action *action, json_t *result, struct str language, struct arena *arena)
{
    struct str lines = STR_EMPTY;
    const char *currency = json_string_value(json_object_get(result, "currency")), *key;
    json_t *value;
    json_object_foreach(result, key, value) {
        bool money = json_is_integer(value) && str_ends(str_of(key), STR("_minor"));
        struct str name = money ? str_slice(str_of(key), 0, strlen(key) - 6) : str_of(key);
        struct str text = money ? fill_money(arena, json_integer_value(value), str_of(currency ? currency : ""), language) : fill_plain(arena, value);
        bool day = json_is_string(value) && fill_date(arena, text, language, &text);
        if ((text.len || day) && lines.len < LIMIT_MESSAGE && strcmp(key, "currency"))
            lines = arena_format(arena, "%.*s\n%.*s: %.*s", STR_ARG(lines), STR_ARG(spoken_name(workspace, action, name, language, arena)), STR_ARG(text));
    }
    return lines;
}

/* Why not, in the back end's or our own word, such as " (too_late)"; empty if it is no word. */
static struct str why_not(const json_t *result, struct arena *arena)
{
    const json_t *error = json_object_get(result, "error"), *code = json_object_get(json_is_object(error) ? error : result, "code");
    const char *word = json_string_value(code);
    size_t len = word ? strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") : 0;
    return len && len <= LIMIT_TAG && word[len] == 0 ? arena_format(arena, " (%s)", word) : STR_EMPTY;
}

/* Of a change nobody knows whether it was made when no answer came, or one that cannot be read. */
static enum sentence result_sentence(const struct action *action, struct str outcome)
{
    if (str_equal(outcome, STR("done")))
        return SENTENCE_ACTION_DONE;
    return action->changes && !str_equal(outcome, STR("refused")) ? SENTENCE_NOT_SURE : SENTENCE_ACTION_NOT_DONE;
}

struct str assistant_result_note(const struct workspace *workspace, const struct action *action, const struct action_result *result, struct str language,
                                 struct arena *arena)
{
    struct str title = workspace_text(workspace, action->titles, action->title_count, language);
    json_t *json = json_loadb(result->json.data, result->json.len, 0, NULL);
    struct str lines = lines_of(workspace, action, json, language, arena);
    struct str why = str_equal(result->outcome, STR("done")) ? STR_EMPTY : why_not(json, arena);
    json_decref(json);
    return str_cut(arena_format(arena, "%.*s %.*s%.*s.\n%.*s", STR_ARG(words_sentence(result_sentence(action, result->outcome), language)),
                                STR_ARG(title.len ? title : action->name), STR_ARG(why), STR_ARG(lines)), LIMIT_MESSAGE);
}
