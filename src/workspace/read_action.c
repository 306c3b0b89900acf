#include <regex.h>

#include "workspace/pattern.h"
#include "workspace/read_files.h"

#define PATTERN_MAX 200
#define RETRIES_MAX 3
#define TIMEOUT_DEFAULT_MS 3000

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE", NULL };
static const char *const identities[] = { "none", "signed", "code", NULL };

static const char *const arguments[] = { "text", "number", "bool", NULL };

static const char *const approvals[] = { "none", "agent", "supervisor", NULL };
static const struct field limit_fields[] = {
    { "field", field_name, FIELD_AT(struct action, limit_field), .required = true },
    { "most", field_number, FIELD_AT(struct action, limit_most), .min = 0, .max = 100000000, .required = true },
};
static const struct field_table limit_table = { limit_fields, ARRAY_LEN(limit_fields), sizeof(struct action) };

static void field_method(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    int chosen = 0;
    field_word(reading, tree, field, &chosen);
    *(struct str *)target = str_of(methods[chosen]);
}

void field_pattern(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str pattern = STR_EMPTY;
    char fault[128] = "";
    field_line(reading, tree, field, &pattern);
    if (pattern.len == 0)
        return;
    const char *why = pattern_fault(pattern);
    regex_t compiled;
    int failure = why ? 0 : regcomp(&compiled, arena_cstr(reading->arena, pattern), REG_EXTENDED | REG_ICASE | REG_NOSUB);
    if (failure) {
        regerror(failure, &compiled, fault, sizeof fault);
        why = fault;
    } else if (!why) {
        regfree(&compiled);
        *(struct str *)target = pattern;
        return;
    }
    fields_problem(reading, tree->line, "write a POSIX extended regular expression, such as \"[A-Z]{2}[0-9]{6}\"",
                   "the pattern '%.*s' cannot be used: %s", STR_ARG(pattern), why);
}

static const struct field parameter_fields[] = {
    { "name", field_name, FIELD_AT(struct action_parameter, name), .required = true },
    { "pattern", field_pattern, FIELD_AT(struct action_parameter, pattern), .max = PATTERN_MAX, .required = true },
    { "title", field_texts, FIELD_COUNT(struct action_parameter, titles, title_count), .max = LIMIT_NAME },
    { "question", field_texts, FIELD_COUNT(struct action_parameter, questions, question_count), .max = LIMIT_COMMENT },
    { "choices", field_lines, FIELD_COUNT(struct action_parameter, choices, choice_count), .max = 8 },
    { "required", field_bool, FIELD_AT(struct action_parameter, required) },
    { "type", field_word, FIELD_AT(struct action_parameter, type), .more = arguments },
};

static void field_parameters(struct reading *reading, const struct yaml_tree *tree, const struct field *field,
                             void *target)
{
    struct action *action = (struct action *)(void *)((char *)target - field->offset);
    field_items(reading, tree, field, target);
    for (size_t i = 0; i < action->parameter_count; i++) {
        const struct yaml_tree *item = &tree->items[i];
        if (!yaml_tree_get(item, "required"))
            action->parameters[i].required = true;
        if (action->parameters[i].required && !yaml_tree_get(item, "question"))
            fields_problem(reading, item->line, "say how the assistant asks for it",
                           "the required parameter has no 'question'");
        if (str_equal(action->parameters[i].name, STR("customer")))
            fields_problem(reading, item->line, "name it otherwise", "a parameter cannot be called 'customer'");
        for (size_t j = 0; j < i; j++)
            if (action->parameters[i].name.len && str_equal(action->parameters[i].name, action->parameters[j].name))
                fields_problem(reading, item->line, "keep one of them", "the parameter '%.*s' is there twice",
                               STR_ARG(action->parameters[i].name));
    }
}

static const struct field_table parameter_table = {
    parameter_fields, ARRAY_LEN(parameter_fields), sizeof(struct action_parameter)
};

static const struct field action_fields[] = {
    { "title", field_texts, FIELD_COUNT(struct action, titles, title_count), .max = LIMIT_NAME },
    { "method", field_method, FIELD_AT(struct action, method), .more = methods },
    { "url", field_line, FIELD_AT(struct action, url), .max = LIMIT_URL },
    { "mcp", field_line, FIELD_AT(struct action, url), .max = LIMIT_URL },
    { "tool", field_line, FIELD_AT(struct action, tool), .max = LIMIT_TAG * 2 },
    { "customer_argument", field_line, FIELD_AT(struct action, customer_argument), .max = LIMIT_TAG },
    { "identity", field_word, FIELD_AT(struct action, identity), .more = identities },
    { "changes", field_bool, FIELD_AT(struct action, changes) },
    { "approval", field_word, FIELD_AT(struct action, approval), .more = approvals },
    { "limit", field_map, FIELD_AT(struct action, limit_field), .more = &limit_table },
    { "compensate", field_action_name, FIELD_AT(struct action, compensate) },
    { "timeout_ms", field_number, FIELD_AT(struct action, timeout_ms), .min = 100, .max = 10000 },
    { "retries", field_number, FIELD_AT(struct action, retries), .min = 0, .max = RETRIES_MAX },
    { "result", field_schema, FIELD_AT(struct action, result_schema) },
    { "confirmation", field_texts, FIELD_COUNT(struct action, confirmations, confirmation_count), .max = LIMIT_COMMENT },
    { "parameters", field_parameters, FIELD_COUNT(struct action, parameters, parameter_count), .max = 16,
      .more = &parameter_table },
};

static int line_of(const struct yaml_tree *map, const char *key)
{
    const struct yaml_tree *value = yaml_tree_get(map, key);
    return value ? value->line : map->line;
}

static bool has_parameter(const struct action *action, struct str name)
{
    for (size_t i = 0; i < action->parameter_count; i++)
        if (str_equal(action->parameters[i].name, name))
            return true;
    return false;
}

static void check_placeholders(struct reading *reading, int line, const struct action *action)
{
    struct str url = action->url;
    ptrdiff_t host_end = url.len && url.data[0] == '/' ? 0 : str_find_char(url, '/', 8);
    for (ptrdiff_t open = 0; (open = str_find_char(url, '{', (size_t)open)) >= 0; open++) {
        ptrdiff_t close = str_find_char(url, '}', (size_t)open);
        struct str name = str_slice(url, (size_t)open + 1, close < 0 ? url.len : (size_t)close);
        if (host_end < 0 || open < host_end)
            fields_problem(reading, line, "write the host out", "a placeholder stands in the host of the url");
        if (str_equal(name, STR("customer"))) {
            if (action->identity < IDENTITY_SIGNED)
                fields_problem(reading, line, "add 'identity: signed'",
                               "{customer} stands in the url, but the identity may be missing");
        } else if (!has_parameter(action, name)) {
            fields_problem(reading, line, "add it to 'parameters', or remove it from the url",
                           "the url has {%.*s}, which is no parameter", STR_ARG(str_cut(name, LIMIT_TAG)));
        }
    }
}

static void check_url(struct reading *reading, const struct yaml_tree *map, const struct action *action)
{
    struct str url = action->url;
    if (url.len == 0)
        return;
    int line = line_of(map, "url");
    if (!fields_safe_url(url) || str_starts(url, STR("mailto:")) || str_starts(url, STR("tel:")))
        fields_problem(reading, line, "use https://…, http:// to this machine, or a path that begins with one '/'",
                       "the url is not a safe address");
    else if (url.data[0] == '/' && reading->workspace->action_base_url.len == 0 && reading->workspace->language_count)
        fields_problem(reading, line, "add 'actions: base_url: …' to workspace.yaml",
                       "the url begins with '/', but there is no base_url");
    check_placeholders(reading, line, action);
}

/* An action is one HTTP call, or one tool of an MCP server. */
static void check_kind(struct reading *reading, const struct yaml_tree *map, struct action *action)
{
    const struct yaml_tree *mcp = yaml_tree_get(map, "mcp"), *url = yaml_tree_get(map, "url"), *tool = yaml_tree_get(map, "tool");
    const struct yaml_tree *method = yaml_tree_get(map, "method"), *customer = yaml_tree_get(map, "customer_argument");
    if (!url && !mcp)
        fields_problem(reading, map->line, "add it; docs/workspace.md says what it is for", "the key 'url' is missing, or 'mcp' and 'tool'");
    if (mcp && (url || method))
        fields_problem(reading, mcp->line, "keep 'mcp' and 'tool', or 'url' and 'method'", "the action is a tool and an HTTP call at once");
    if ((mcp && !tool) || (!mcp && (tool || customer)))
        fields_problem(reading, mcp ? mcp->line : map->line, "write 'mcp: https://…' and 'tool: NAME'", "'mcp' and 'tool' belong together");
    if (mcp && (str_find_char(action->url, '{', 0) >= 0))
        fields_problem(reading, mcp->line, "give it as a parameter", "the address of an MCP server cannot have placeholders");
    if (mcp && action->identity >= IDENTITY_SIGNED && !customer)
        fields_problem(reading, map->line, "add 'customer_argument: NAME': the tool must know whose data it may touch",
                       "the tool needs an identity, but does not get it");
    if (customer && (action->identity < IDENTITY_SIGNED || has_parameter(action, action->customer_argument)))
        fields_problem(reading, customer->line, "add 'identity: signed', and no parameter of that name",
                       "the customer's id goes to '%.*s', but may be missing or come from the customer's words", STR_ARG(action->customer_argument));
    if (!mcp)
        return;
    action->method = STR("POST");
    if (action->changes && !yaml_tree_get(map, "retries"))
        action->retries = 0; /* the protocol does not promise to do nothing twice */
}

void read_action(struct reading *reading, struct str text, struct action *out)
{
    out->file = reading->file;
    out->method = STR("GET");
    out->timeout_ms = TIMEOUT_DEFAULT_MS;
    out->retries = 1;
    out->result_schema = STR_EMPTY;
    const struct yaml_tree *map = yaml_tree_read((struct yaml_arenas){ &reading->scratch, reading->arena }, reading->problems, (struct place){ reading->file, 1 }, text);
    if (!map)
        return;
    fields_read(reading, map, action_fields, ARRAY_LEN(action_fields), out);
    if (map->kind != YAML_KIND_MAP)
        return;
    check_kind(reading, map, out);
    check_url(reading, map, out);
    if (out->changes && out->confirmation_count == 0)
        fields_problem(reading, map->line, "add 'confirmation' with the question to confirm",
                       "the action changes something but has no 'confirmation'");
    if (out->limit_field.len && out->approval == APPROVAL_NONE)
        fields_problem(reading, line_of(map, "limit"), "add 'approval: agent' or 'approval: supervisor'", "it is not said who allows what is above the limit");
    if (out->approval != APPROVAL_NONE && (!out->changes || out->title_count == 0))
        fields_problem(reading, line_of(map, "approval"), "add 'changes: true' and a 'title', by which people know what they allow",
                       "only an action that changes something, and has a title, can be approved");
    if (!out->changes && str_equal(out->method, STR("DELETE")))
        fields_problem(reading, line_of(map, "method"), "add 'changes: true' and a 'confirmation'",
                       "DELETE changes something");
}
