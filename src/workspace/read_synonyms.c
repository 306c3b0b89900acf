/* read_synonyms.c - `synonyms` of workspace.yaml: groups of words that mean the same, by language. */
#include "base/memory.h"
#include "workspace/read_files.h"

struct groups {
    struct synonyms *items;
    size_t count;
};

static size_t words_in(struct str text)
{
    struct str piece;
    size_t count = 0;
    while (str_split(&text, ' ', &piece))
        count += piece.len > 0;
    return count;
}

static bool has_letter(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.data[i] >= 0x80 || (text.data[i] >= '0' && text.data[i] <= '9') || ((text.data[i] | 32) >= 'a' && (text.data[i] | 32) <= 'z'))
            return true;
    return false;
}

static bool word_fits(struct reading *reading, const struct yaml_tree *item)
{
    struct str text = str_trim(item->text);
    if (item->kind != YAML_KIND_TEXT || !has_letter(text))
        fields_problem(reading, item->line, "write it as text; put 'yes', 'no' and numbers between quotes", "this is not a word");
    else if (text.len > LIMIT_TAG || words_in(text) > SYNONYM_WORDS)
        fields_problem(reading, item->line, "keep it short", "'%.*s' is longer than %d words or %d bytes",
                       STR_ARG(str_cut(text, LIMIT_TAG)), SYNONYM_WORDS, LIMIT_TAG);
    else
        return true;
    return false;
}

/* A word in two groups would make all of both mean the same, which nobody sees in the file. */
static bool is_new(struct reading *reading, const struct groups *groups, struct str language, const struct yaml_tree *item)
{
    for (size_t g = 0; g <= groups->count; g++)
        for (size_t i = 0; i < groups->items[g].count; i++)
            if (str_equal(groups->items[g].language, language) && str_equal_nocase(groups->items[g].words[i], str_trim(item->text))) {
                fields_problem(reading, item->line, "keep it once; put two groups that mean the same into one",
                               "the synonym '%.*s' is there twice", STR_ARG(str_trim(item->text)));
                return false;
            }
    return true;
}

static void read_group(struct reading *reading, struct groups *groups, struct str language, const struct yaml_tree *tree)
{
    if (tree->kind != YAML_KIND_LIST || tree->count < 2 || tree->count > LIMIT_SYNONYMS_GROUP) {
        fields_problem(reading, tree->line, "write [parcel, package, shipment]", "a group of synonyms is a list of 2 to %d words",
                       LIMIT_SYNONYMS_GROUP);
        return;
    }
    if (groups->count == LIMIT_SYNONYMS) {
        fields_problem(reading, tree->line, "keep those that customers use", "there are more than %d groups of synonyms", LIMIT_SYNONYMS);
        return;
    }
    struct synonyms *group = &groups->items[groups->count];
    *group = (struct synonyms){ language, ARENA_NEW_ARRAY(reading->arena, struct str, tree->count), 0 };
    for (size_t i = 0; i < tree->count; i++)
        if (word_fits(reading, &tree->items[i]) && is_new(reading, groups, language, &tree->items[i]))
            group->words[group->count++] = str_trim(tree->items[i].text);
    groups->count++;
}

static void read_groups(struct reading *reading, struct groups *groups, struct str language, const struct yaml_tree *tree)
{
    if (tree->kind != YAML_KIND_LIST) {
        fields_problem(reading, tree->line, "write '- [parcel, package]' lines below it", "the synonyms of a language are a list of groups");
        return;
    }
    for (size_t i = 0; i < tree->count; i++)
        read_group(reading, groups, language, &tree->items[i]);
}

void field_synonyms(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct workspace *workspace = reading->workspace;
    struct groups groups = { ARENA_NEW_ARRAY(reading->arena, struct synonyms, LIMIT_SYNONYMS + 1), 0 };
    UNUSED(field);
    UNUSED(target);
    if (tree->kind == YAML_KIND_LIST && workspace->language_count)
        read_groups(reading, &groups, workspace->languages[0], tree);
    else if (tree->kind == YAML_KIND_MAP)
        for (size_t i = 0; i < tree->count; i++) {
            if (fields_check_language(reading, tree->key_lines[i], tree->keys[i]))
                read_groups(reading, &groups, tree->keys[i], &tree->items[i]);
        }
    else
        fields_problem(reading, tree->line, "write 'en:' and below it lines such as '- [parcel, package]'",
                       "'synonyms' should be a list of groups, or a map from languages to such lists");
    workspace->synonyms = groups.items;
    workspace->synonym_count = groups.count;
}
