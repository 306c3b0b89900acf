/* read_model.c - `model:` of workspace.yaml. */
#include "workspace/read_files.h"

#include <stdlib.h>

#define PATIENCE_DEFAULT_MS 10000 /* the engine's assistant_patience_ms; a test compares them */
#define PATIENCE_SPARE_MS 1000    /* for what a turn does beside the model */

/* As they stand in the file; what is derived from them goes into struct workspace_model. */
struct written {
    struct workspace_model model;
    struct str key_file, key_env;
    struct str *uses;
    size_t use_count;
    int budget_conversation, budget_day;
};

static void field_temperature(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str text = tree->text;
    bool good = tree->kind == YAML_KIND_TEXT && !tree->quoted && text.len >= 1 && text.len <= 5 && text.data[0] >= '0' &&
                text.data[0] <= '2' && (text.len == 1 || (text.len > 2 && text.data[1] == '.'));
    int value = good ? (text.data[0] - '0') * 1000 : 0, place = 100;
    for (size_t i = 2; good && i < text.len; i++, place /= 10) {
        good = text.data[i] >= '0' && text.data[i] <= '9';
        value += (text.data[i] - '0') * place;
    }
    if (good && value <= 2000)
        *(int *)target = value;
    else
        fields_problem(reading, tree->line, "write a number such as 0.2, or leave it out",
                       "'%s' should be a number from 0 to 2 with at most 3 decimals", field->key);
}

static const struct field model_fields[] = {
    { "base_url", field_url, FIELD_AT(struct written, model.base_url), .max = LIMIT_URL, .required = true },
    { "name", field_line, FIELD_AT(struct written, model.name), .max = LIMIT_NAME, .required = true },
    { "key_file", field_line, FIELD_AT(struct written, key_file), .max = LIMIT_URL },
    { "key_env", field_line, FIELD_AT(struct written, key_env), .max = LIMIT_NAME },
    { "deadline_ms", field_number, FIELD_AT(struct written, model.deadline_ms), .min = 500, .max = 60000 },
    { "max_output_tokens", field_number, FIELD_AT(struct written, model.max_output_tokens), .min = 32, .max = 8000 },
    { "budget_tokens_conversation", field_number, FIELD_AT(struct written, budget_conversation), .min = 0, .max = 1000000000 },
    { "budget_tokens_day", field_number, FIELD_AT(struct written, budget_day), .min = 0, .max = 2000000000 },
    { "temperature", field_temperature, FIELD_AT(struct written, model.temperature) },
    { "parallel", field_number, FIELD_AT(struct written, model.parallel), .min = 1, .max = 64 },
    { "uses", field_names, FIELD_COUNT(struct written, uses, use_count), .max = MODEL_USE_BITS },
};

/* A key with a line break in it would be a header of its own. */
static bool is_header_safe(struct str key)
{
    for (size_t i = 0; i < key.len; i++)
        if ((unsigned char)key.data[i] <= ' ' || (unsigned char)key.data[i] >= 0x7f)
            return false;
    return true;
}

static void read_key(struct reading *reading, const struct yaml_tree *tree, struct written *written)
{
    struct str *key = &written->model.key;
    if (written->key_file.len && written->key_env.len)
        fields_problem(reading, tree->line, "keep one of them", "'key_file' and 'key_env' both say where the key is");
    if (written->key_file.len) {
        if (!files_read_secret(reading, written->key_file, yaml_tree_get(tree, "key_file")->line, key))
            return;
    } else if (written->key_env.len) {
        const char *value = getenv(arena_cstr(reading->arena, written->key_env));
        *key = str_trim(arena_copy(reading->arena, str_of(value)));
        if (!key->len)
            fields_problem(reading, yaml_tree_get(tree, "key_env")->line, "set it where the server is started, or use 'key_file'",
                           "the environment variable '%.*s' is not set", STR_ARG(written->key_env));
    } else {
        return;
    }
    if (!is_header_safe(*key) || (!key->len && written->key_file.len)) {
        fields_problem(reading, tree->line, "put the key alone there, on one line", "the model's key is empty or has blanks or other characters in it");
        *key = STR_EMPTY;
    }
}

static void read_uses(struct reading *reading, const struct yaml_tree *tree, struct written *written)
{
    static const char *const words[] = {
#define X(NAME, word) word,
        MODEL_USES(X)
#undef X
    };
    struct str names[MODEL_USE_BITS];
    for (size_t k = 0; k < MODEL_USE_BITS; k++)
        names[k] = str_of(words[k]);
    if (!yaml_tree_get(tree, "uses")) {
        written->model.uses = (1u << MODEL_USE_BITS) - 1;
        return;
    }
    for (size_t i = 0; i < written->use_count; i++) {
        size_t k = 0;
        while (k < MODEL_USE_BITS && !str_equal(written->uses[i], names[k]))
            k++;
        if (k < MODEL_USE_BITS)
            written->model.uses |= 1u << k;
        else
            fields_problem(reading, yaml_tree_get(tree, "uses")->line,
                           problems_suggest(reading->problems, written->uses[i], names, MODEL_USE_BITS, "use phrase, plan, summarise, translate"),
                           "a model has no use '%.*s'", STR_ARG(str_cut(written->uses[i], LIMIT_TAG)));
    }
}

/* The engine hands over when the assistant is silent for too long: the model must give up before that. */
static void check_deadline(struct reading *reading, const struct yaml_tree *tree, const struct workspace_model *model)
{
    int64_t patience = PATIENCE_DEFAULT_MS;
    for (size_t i = 0; i < reading->workspace->setting_count; i++)
        if (str_equal(reading->workspace->settings[i].name, STR("assistant_patience_ms")))
            patience = reading->workspace->settings[i].value;
    const struct yaml_tree *deadline = yaml_tree_get(tree, "deadline_ms");
    if (model->deadline_ms + PATIENCE_SPARE_MS > patience)
        fields_problem(reading, deadline ? deadline->line : tree->line, "make it shorter, or the patience longer",
                       "'deadline_ms' of %d leaves less than a second of the engine's 'assistant_patience_ms' of %lld",
                       model->deadline_ms, (long long)patience);
}

void field_model(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct written written = {
        .model = { .deadline_ms = 6000, .max_output_tokens = 600, .temperature = MODEL_TEMPERATURE_UNSET, .parallel = 8 },
        .budget_conversation = 50000, .budget_day = 5000000,
    };
    UNUSED(field);
    fields_read(reading, tree, model_fields, ARRAY_LEN(model_fields), &written);
    if (tree->kind != YAML_KIND_MAP)
        return;
    struct workspace_model *model = &written.model;
    if (model->base_url.len && !str_starts(model->base_url, STR("http")))
        fields_problem(reading, yaml_tree_get(tree, "base_url")->line, "write it with https://, or http:// to this machine", "'base_url' has no host");
    if (str_ends(model->base_url, STR("/chat/completions")))
        fields_problem(reading, yaml_tree_get(tree, "base_url")->line, "leave /chat/completions out", "'base_url' is the address below which /chat/completions stands");
    if (str_find_char(model->base_url, '?', 0) >= 0 || str_find_char(model->base_url, '#', 0) >= 0)
        fields_problem(reading, yaml_tree_get(tree, "base_url")->line, "leave out what begins with ? or #", "'base_url' is an address that paths are put behind");
    while (str_ends(model->base_url, STR("/")))
        model->base_url.len--;
    model->budget_conversation = written.budget_conversation;
    model->budget_day = written.budget_day;
    read_key(reading, tree, &written);
    read_uses(reading, tree, &written);
    check_deadline(reading, tree, model);
    *(struct workspace_model *)target = *model;
}
