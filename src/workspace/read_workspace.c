#include "workspace/read_files.h"

#include <fcntl.h>
#include <unistd.h>

#define ZONES "/usr/share/zoneinfo"

static const char *const roles[] = { "agent", "supervisor", "administrator", NULL };
static const char *const pools[] = { "employee", "on_demand", "outsourced", NULL };

/* The engine's table of settings has the same names and limits; a test compares them. */
static const struct setting_limit {
    const char *name;
    long min, max;
} setting_limits[] = {
    { "offer_patience_ms", 1000, 120000 },
    { "lease_ms", 2000, 300000 },
    { "wrapup_ms", 0, 3600000 },
    { "decline_rest_ms", 0, 3600000 },
    { "missed_offers_max", 1, 100 },
    { "failed_turns_max", 1, 2 },
    { "assistant_patience_ms", 500, 120000 },
    { "recontact_window_ms", 0, 7776000000 },
    { "reopen_window_ms", 0, 7776000000 },
    { "look_back_ms", 0, 7776000000 },
    { "approval_patience_ms", 1000, 604800000 },
    { "idle_close_ms", 60000, 7776000000 },
    { "service_level_ms", 1000, 86400000 },
    { "handle_time_ms", 1000, 86400000 },
    { "session_ms", 60000, 2592000000 },
};

static void field_languages(struct reading *reading, const struct yaml_tree *tree, const struct field *field,
                            void *target)
{
    struct workspace *workspace = reading->workspace;
    field_lines(reading, tree, field, target);
    for (size_t i = 0; i < workspace->language_count; i++)
        if (!fields_is_language(workspace->languages[i]))
            fields_problem(reading, tree->line, "use codes such as en, sv, pt-BR", "'%.*s' is not a language code",
                           STR_ARG(str_cut(workspace->languages[i], 16)));
    if (tree->kind == YAML_KIND_LIST && workspace->language_count == 0)
        fields_problem(reading, tree->line, "write at least one, such as [en]", "'languages' is empty");
}

static void field_accent(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str colour = STR_EMPTY;
    field_line(reading, tree, field, &colour);
    bool good = colour.len == 7 && colour.data[0] == '#';
    for (size_t i = 1; good && i < 7; i++)
        good = strchr("0123456789abcdefABCDEF", colour.data[i]) != NULL;
    if (good)
        *(struct str *)target = colour;
    else if (colour.len || tree->kind == YAML_KIND_NULL)
        fields_problem(reading, tree->line, "write it in quotes, such as \"#0b6e4f\"", "'accent' is not a colour #rrggbb");
}

/* The list of zones has folders and tables, too, and libc takes a name that is none for UTC without a word. */
static bool is_zone(const char *path)
{
    char magic[4];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is = fd >= 0 && read(fd, magic, sizeof magic) == (ssize_t)sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
    if (fd >= 0)
        close(fd);
    return is;
}

static void field_timezone(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str zone = STR_EMPTY;
    field_line(reading, tree, field, &zone);
    bool good = zone.len > 0 && zone.data[0] != '/' && str_find(zone, STR(".."), 0) < 0;
    for (size_t i = 0; good && i < zone.len; i++) {
        char c = zone.data[i];
        good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("/_+-", c);
    }
    /* Only where there is a list of zones can a name be looked up. */
    if (good && access(ZONES, R_OK) == 0)
        good = is_zone(arena_format(reading->arena, ZONES "/%.*s", STR_ARG(zone)).data);
    if (good)
        *(struct str *)target = zone;
    else if (zone.len)
        fields_problem(reading, tree->line, "use a name such as Europe/Stockholm", "'%.*s' is not a time zone",
                       STR_ARG(str_cut(zone, LIMIT_TAG)));
}

static void field_origins(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct workspace *workspace = reading->workspace;
    field_lines(reading, tree, field, target);
    for (size_t i = 0; i < workspace->origin_count; i++) {
        struct str origin = workspace->origins[i];
        ptrdiff_t host = str_find(origin, STR("://"), 0);
        bool http = str_starts(origin, STR("http://")) || str_starts(origin, STR("https://"));
        if (!http || (size_t)host + 3 >= origin.len || str_find_char(origin, '/', (size_t)host + 3) >= 0)
            fields_problem(reading, tree->line, "write scheme and host only, such as https://shop.example",
                           "'%.*s' is not an origin", STR_ARG(str_cut(origin, LIMIT_NAME)));
    }
}

static void field_secret_file(struct reading *reading, const struct yaml_tree *tree, const struct field *field,
                              void *target)
{
    struct workspace *workspace = reading->workspace;
    struct str path = STR_EMPTY, secret = STR_EMPTY;
    field_line(reading, tree, field, &path);
    if (path.len == 0 || !files_read_secret(reading, path, tree->line, &secret))
        return;
    if (secret.len < (size_t)field->min)
        fields_problem(reading, tree->line, "put a long random text into it, such as 'openssl rand -hex 32' prints",
                       "the secret in '%.*s' has %zu bytes; at least %ld are needed", STR_ARG(path), secret.len, field->min);
    *(struct str *)target = secret;
    if (target == (void *)&workspace->identity_secret)
        workspace->identity_secret_file = path;
}

/* 0 to 1 with at most three decimals, as thousandths. */
static void field_share(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str text = tree->text;
    bool good = tree->kind == YAML_KIND_TEXT && !tree->quoted && text.len >= 1 && text.len <= 5 &&
                (text.data[0] == '0' || text.data[0] == '1') && (text.len == 1 || (text.len > 2 && text.data[1] == '.'));
    int64_t value = good ? (text.data[0] - '0') * 1000 : 0, place = 100;
    for (size_t i = 2; good && i < text.len; i++, place /= 10) {
        good = text.data[i] >= '0' && text.data[i] <= '9';
        value += (text.data[i] - '0') * place;
    }
    if (good && value <= 1000)
        *(int64_t *)target = value;
    else
        fields_problem(reading, tree->line, "write a number such as 0.6", "'%s' should be a number from 0 to 1 with at most 3 decimals", field->key);
}

static void read_setting(struct reading *reading, struct str key, const struct yaml_tree *tree)
{
    struct workspace *workspace = reading->workspace;
    for (size_t i = 0; i < ARRAY_LEN(setting_limits); i++) {
        const struct setting_limit *limit = &setting_limits[i];
        int64_t value = 0;
        if (!str_equal(key, str_of(limit->name)))
            continue;
        if (tree->kind != YAML_KIND_TEXT || tree->quoted || !str_to_i64(tree->text, &value) || value < limit->min || value > limit->max)
            fields_problem(reading, tree->line, "give a whole number without quotes",
                           "'%s' should be a whole number from %ld to %ld", limit->name, limit->min, limit->max);
        else
            workspace->settings[workspace->setting_count++] = (struct workspace_setting){ str_of(limit->name), value };
        return;
    }
    struct str names[ARRAY_LEN(setting_limits)];
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        names[i] = str_of(setting_limits[i].name);
    fields_problem(reading, tree->line,
                   problems_suggest(reading->problems, key, names, ARRAY_LEN(names), "docs/workspace.md lists the settings"),
                   "unknown engine setting '%.*s'", STR_ARG(str_cut(key, LIMIT_TAG)));
}

static void field_settings(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    UNUSED(target);
    if (tree->kind != YAML_KIND_MAP) {
        fields_problem(reading, tree->line, "write 'name: value' lines below it", "'%s' should be a map, but is %s", field->key,
                       yaml_tree_kind_name(tree));
        return;
    }
    reading->workspace->settings = ARENA_NEW_ARRAY(reading->arena, struct workspace_setting, tree->count + 1);
    for (size_t i = 0; i < tree->count; i++)
        read_setting(reading, tree->keys[i], &tree->items[i]);
}

static void field_own_languages(struct reading *reading, const struct yaml_tree *tree, const struct field *field,
                                void *target)
{
    struct str list = STR_EMPTY;
    struct { struct str *items; size_t count; } lines = { 0 };
    struct field inner = { field->key, field_lines, .count_offset = offsetof(__typeof__(lines), count), .max = LIMIT_LANGUAGES };
    field_lines(reading, tree, &inner, &lines.items);
    for (size_t i = 0; i < lines.count; i++)
        if (fields_check_language(reading, tree->line, lines.items[i]))
            list = arena_format(reading->arena, "%.*s%s%.*s", STR_ARG(list), list.len ? "," : "", STR_ARG(lines.items[i]));
    *(struct str *)target = list;
}

static void field_own_skills(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    static const enum reference_kind skill = REFERS_TO_SKILL;
    struct str list = STR_EMPTY;
    struct { struct str *items; size_t count; } names = { 0 };
    struct field inner = { field->key, field_names, .count_offset = offsetof(__typeof__(names), count),
                           .max = LIMIT_SKILLS, .more = &skill };
    field_names(reading, tree, &inner, &names.items);
    for (size_t i = 0; i < names.count; i++)
        list = arena_format(reading->arena, "%.*s%s%.*s", STR_ARG(list), list.len ? "," : "", STR_ARG(names.items[i]));
    *(struct str *)target = list;
}

static void field_own_word(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    int chosen = 0;
    field_word(reading, tree, field, &chosen);
    *(struct str *)target = str_of(((const char *const *)field->more)[chosen]);
}

static void field_language(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str language = STR_EMPTY;
    field_line(reading, tree, field, &language);
    if (language.len && fields_check_language(reading, tree->line, language))
        *(struct str *)target = language;
}

static const struct field theme_fields[] = {
    { "accent", field_accent, FIELD_AT(struct workspace, accent), .max = LIMIT_TAG },
};
static const struct field identity_fields[] = {
    { "secret_file", field_secret_file, FIELD_AT(struct workspace, identity_secret), .max = LIMIT_URL, .min = 16,
      .required = true },
    { "send_code", field_action_name, FIELD_AT(struct workspace, send_code) },
};
static const struct field actions_fields[] = {
    { "base_url", field_url, FIELD_AT(struct workspace, action_base_url), .max = LIMIT_URL },
    { "token_file", field_secret_file, FIELD_AT(struct workspace, action_token), .max = LIMIT_URL, .min = 8 },
};
static const struct field api_fields[] = {
    { "key_file", field_secret_file, FIELD_AT(struct workspace, api_key), .max = LIMIT_URL, .min = 32, .required = true },
};
static const struct field assistant_fields[] = {
    { "answer_threshold", field_share, FIELD_AT(struct workspace, answer_threshold) },
    { "accepted_risk", field_share, FIELD_AT(struct workspace, accepted_risk) },
    { "clarify_threshold", field_share, FIELD_AT(struct workspace, clarify_threshold) },
};
static const struct field canned_fields[] = {
    { "name", field_name, FIELD_AT(struct canned_reply, name), .required = true },
    { "language", field_language, FIELD_AT(struct canned_reply, language), .max = LIMIT_TAG },
    { "title", field_line, FIELD_AT(struct canned_reply, title), .max = LIMIT_NAME, .required = true },
    { "text", field_text, FIELD_AT(struct canned_reply, text), .max = LIMIT_MESSAGE, .required = true },
};
static const struct field staff_fields[] = {
    { "login", field_line, FIELD_AT(struct staff, login), .max = LIMIT_LOGIN, .required = true },
    { "name", field_line, FIELD_AT(struct staff, name), .max = LIMIT_NAME, .required = true },
    { "password", field_line, FIELD_AT(struct staff, password), .max = LIMIT_PASSWORD, .required = true },
    { "role", field_own_word, FIELD_AT(struct staff, role), .more = roles },
    { "pool", field_own_word, FIELD_AT(struct staff, pool), .more = pools },
    { "skills", field_own_skills, FIELD_AT(struct staff, skills) },
    { "languages", field_own_languages, FIELD_AT(struct staff, languages) },
    { "capacity", field_number, FIELD_AT(struct staff, capacity), .min = 1, .max = LIMIT_CAPACITY },
};

#define TABLE(fields, type) { fields, ARRAY_LEN(fields), sizeof(type) }
static const struct field_table theme_table = TABLE(theme_fields, struct workspace);
static const struct field_table identity_table = TABLE(identity_fields, struct workspace);
static const struct field_table actions_table = TABLE(actions_fields, struct workspace);
static const struct field_table api_table = TABLE(api_fields, struct workspace);
static const struct field_table assistant_table = TABLE(assistant_fields, struct workspace);
static const struct field_table canned_table = TABLE(canned_fields, struct canned_reply);
static const struct field_table staff_table = TABLE(staff_fields, struct staff);

static void field_canned(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct workspace *workspace = reading->workspace;
    field_items(reading, tree, field, target);
    for (size_t i = 0; i < workspace->canned_count; i++) {
        struct canned_reply *reply = &workspace->canned[i];
        if (reply->language.len == 0 && workspace->language_count)
            reply->language = workspace->languages[0];
        for (size_t j = 0; j < i; j++)
            if (reply->name.len && str_equal(reply->name, workspace->canned[j].name) &&
                str_equal(reply->language, workspace->canned[j].language))
                fields_problem(reading, tree->items[i].line, "name it otherwise",
                               "the canned reply '%.*s' is there twice in one language", STR_ARG(reply->name));
    }
}

static void field_staff(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct workspace *workspace = reading->workspace;
    field_items(reading, tree, field, target);
    for (size_t i = 0; i < workspace->staff_count; i++) {
        struct staff *person = &workspace->staff[i];
        person->role = person->role.len ? person->role : str_of(roles[0]);
        person->pool = person->pool.len ? person->pool : str_of(pools[0]);
        person->capacity = person->capacity ? person->capacity : 2;
        person->languages = person->languages.len || !workspace->language_count ? person->languages : workspace->languages[0];
        if (person->password.len && person->password.len < LIMIT_PASSWORD_MIN)
            fields_problem(reading, tree->items[i].line, "make it longer", "the password has less than %d bytes",
                           LIMIT_PASSWORD_MIN);
        for (size_t j = 0; j < i; j++)
            if (person->login.len && str_equal_nocase(person->login, workspace->staff[j].login))
                fields_problem(reading, tree->items[i].line, "keep one of them", "the login '%.*s' is there twice",
                               STR_ARG(person->login));
    }
}

/* Digits and what people write between them. */
static void field_number_to_call(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct str number = STR_EMPTY;
    field_line(reading, tree, field, &number);
    bool good = number.len > 1;
    for (size_t i = 0; good && i < number.len; i++) good = strchr("0123456789+ -", number.data[i]) != NULL;
    if (good) *(struct str *)target = number;
    else if (number.len)
        fields_problem(reading, tree->line, "write digits in quotes, such as \"112\"", "'%.*s' is not a number to call", STR_ARG(number));
}

/* Names that a map may have, and what is said of another one. */
struct known_names {
    const struct str *items;
    size_t count;
    const char *what, *cure; /* what: "nothing is heard" that is called so */
};

/* A map from names to a text, or texts by language. */
static void read_named_texts(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target,
                             struct known_names known)
{
    size_t *count = field_count(field, target);
    if (tree->kind != YAML_KIND_MAP) {
        fields_problem(reading, tree->line, "write lines 'name: text' below it", "'%s' should be a map, but is %s", field->key,
                       yaml_tree_kind_name(tree));
        return;
    }
    struct named_texts *lines = *(struct named_texts **)target = ARENA_NEW_ARRAY(reading->arena, struct named_texts, tree->count + 1);
    for (size_t i = 0; i < tree->count; i++) {
        size_t k = 0;
        while (k < known.count && !str_equal(tree->keys[i], known.items[k])) k++;
        if (k == known.count) {
            fields_problem(reading, tree->key_lines[i], problems_suggest(reading->problems, tree->keys[i], known.items, known.count, known.cure),
                           "%s that is called '%.*s'", known.what, STR_ARG(str_cut(tree->keys[i], LIMIT_TAG)));
            continue;
        }
        struct field texts = { arena_cstr(reading->arena, known.items[k]), field_texts, FIELD_COUNT(struct named_texts, texts, text_count),
                               .max = field->max };
        struct named_texts *line = &lines[(*count)++];
        *line = (struct named_texts){ .name = known.items[k] };
        texts.read(reading, &tree->items[i], &texts, (char *)line + texts.offset);
    }
}

static void field_help(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    static const char *const kinds[] = { "self_harm", "violence", "emergency", "fraud", "coercion", "bereavement", "pregnancy",
                                         "illness", "gambling", "old_age", "lost_job", "debt" };
    struct str names[ARRAY_LEN(kinds)];
    for (size_t n = 0; n < ARRAY_LEN(kinds); n++) names[n] = str_of(kinds[n]);
    read_named_texts(reading, tree, field, target,
                     (struct known_names){ names, ARRAY_LEN(names), "nothing is heard", "docs/safety.md lists what is heard" });
}

static void field_titles(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    const struct workspace *workspace = reading->workspace;
    struct str names[2 * LIMIT_SKILLS];
    size_t count = 0;
    for (size_t i = 0; i < workspace->skill_count; i++) names[count++] = workspace->skills[i];
    for (size_t i = 0; i < workspace->disposition_count; i++) names[count++] = workspace->dispositions[i];
    read_named_texts(reading, tree, field, target,
                     (struct known_names){ names, count, "there is no skill and no disposition", "name one of 'skills' or 'dispositions'" });
}

static const struct field safety_fields[] = {
    { "emergency_number", field_number_to_call, FIELD_AT(struct workspace, emergency_number), .max = 20 },
    { "help", field_help, FIELD_COUNT(struct workspace, help_lines, help_line_count), .max = LIMIT_HELP_LINE },
};
static const struct field_table safety_table = TABLE(safety_fields, struct workspace);

#define MAP_OF(key, table) { key, field_map, .more = &(table) }

/* `languages` comes first: the readers behind it check languages against it. So do titles against skills and dispositions. */
static const struct field workspace_fields[] = {
    { "languages", field_languages, FIELD_COUNT(struct workspace, languages, language_count), .max = LIMIT_LANGUAGES,
      .required = true },
    { "name", field_line, FIELD_AT(struct workspace, name), .max = LIMIT_NAME, .required = true },
    { "description", field_line, FIELD_AT(struct workspace, description), .max = LIMIT_LIST },
    { "timezone", field_timezone, FIELD_AT(struct workspace, timezone), .max = LIMIT_TAG },
    { "greeting", field_texts, FIELD_COUNT(struct workspace, greetings, greeting_count), .max = LIMIT_COMMENT },
    { "skills", field_names, FIELD_COUNT(struct workspace, skills, skill_count), .max = LIMIT_SKILLS },
    { "dispositions", field_names, FIELD_COUNT(struct workspace, dispositions, disposition_count), .max = LIMIT_SKILLS },
    { "titles", field_titles, FIELD_COUNT(struct workspace, titles, title_count), .max = LIMIT_NAME },
    { "privacy_url", field_url, FIELD_AT(struct workspace, privacy_url), .max = LIMIT_URL },
    { "origins", field_origins, FIELD_COUNT(struct workspace, origins, origin_count), .max = 64 },
    MAP_OF("theme", theme_table),
    MAP_OF("identity", identity_table),
    MAP_OF("actions", actions_table),
    MAP_OF("api", api_table),
    MAP_OF("assistant", assistant_table),
    MAP_OF("safety", safety_table),
    { .key = "engine", .read = field_settings },
    { "model", field_model, FIELD_AT(struct workspace, model) },
    { .key = "synonyms", .read = field_synonyms },
    { "canned", field_canned, FIELD_COUNT(struct workspace, canned, canned_count), .max = 500, .more = &canned_table },
    { "staff", field_staff, FIELD_COUNT(struct workspace, staff, staff_count), .max = 500, .more = &staff_table },
};

void read_workspace_yaml(struct reading *reading, struct str text)
{
    struct workspace *workspace = reading->workspace;
    workspace->timezone = STR("UTC");
    workspace->emergency_number = STR("112");
    workspace->accent = STR("#0b5fff");
    workspace->answer_threshold = 600;
    workspace->clarify_threshold = 250;
    workspace->accepted_risk = 50;
    const struct yaml_tree *map = yaml_tree_read((struct yaml_arenas){ &reading->scratch, reading->arena }, reading->problems, (struct place){ reading->file, 1 }, text);
    if (!map)
        return;
    fields_read(reading, map, workspace_fields, ARRAY_LEN(workspace_fields), workspace);
    const struct yaml_tree *assistant = yaml_tree_get(map, "assistant");
    if (assistant && workspace->clarify_threshold > workspace->answer_threshold)
        fields_problem(reading, assistant->line, "make clarify_threshold the smaller one",
                       "clarify_threshold is greater than answer_threshold");
    if (assistant && (workspace->accepted_risk < 1 || workspace->accepted_risk > 500))
        fields_problem(reading, assistant->line, "write a share of answers such as 0.05", "accepted_risk is not from 0.001 to 0.5");
    const struct yaml_tree *actions = yaml_tree_get(map, "actions");
    if (actions && workspace->action_base_url.len && !str_starts(workspace->action_base_url, STR("http")))
        fields_problem(reading, actions->line, "write it with https://, or http:// to this machine",
                       "'base_url' has no host");
}
