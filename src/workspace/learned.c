#include "workspace/learned.h"

#include <sodium.h>

#include "base/memory.h"

#define TAUGHT_BYTES 8

static bool has(const struct utterances *lists, size_t count, struct str wording)
{
    for (size_t l = 0; l < count; l++)
        for (size_t i = 0; i < lists[l].count; i++)
            if (str_equal_nocase(lists[l].items[i], wording))
                return true;
    return false;
}

/* The lists by language with one wording more: fresh arrays, since those of the base are shared. */
static void add(struct arena *arena, struct utterances **lists, size_t *count, const struct learned_wording *learned)
{
    size_t at = 0;
    while (at < *count && !str_equal((*lists)[at].language, learned->language))
        at++;
    struct utterances *longer = ARENA_NEW_ARRAY(arena, struct utterances, *count + 1);
    for (size_t i = 0; i < *count; i++)
        longer[i] = (*lists)[i];
    if (at == *count)
        longer[(*count)++] = (struct utterances){ .language = learned->language };
    struct str *items = ARENA_NEW_ARRAY(arena, struct str, longer[at].count + 1);
    for (size_t i = 0; i < longer[at].count; i++)
        items[i] = longer[at].items[i];
    items[longer[at].count++] = learned->wording;
    longer[at].items = items;
    *lists = longer;
}

/* The files have the last word: what they say of a topic, no other topic learns from people. */
static bool stands_in_a_topic(const struct workspace *base, struct str wording)
{
    for (size_t i = 0; i < base->topic_count; i++)
        if (has(base->topics[i].examples, base->topics[i].example_count, wording))
            return true;
    return false;
}

static bool teach_topic(struct workspace *workspace, const struct workspace *base, const struct learned_wording *learned)
{
    struct topic *topic = (struct topic *)(uintptr_t)workspace_topic(workspace, learned->target);
    if (!topic || stands_in_a_topic(base, learned->wording) || has(topic->examples, topic->example_count, learned->wording))
        return false;
    add(&workspace->arena, &topic->examples, &topic->example_count, learned);
    return true;
}

/* An article stands there once a language, each time with all its questions. */
static bool teach_article(struct workspace *workspace, const struct learned_wording *learned)
{
    bool taught = false;
    for (size_t i = 0; i < workspace->article_count; i++) {
        struct article *article = &workspace->articles[i];
        if (!str_equal(article->name, learned->target) || has(article->questions, article->question_count, learned->wording))
            continue;
        add(&workspace->arena, &article->questions, &article->question_count, learned);
        taught = true;
    }
    return taught;
}

static bool speaks(const struct workspace *workspace, struct str language)
{
    for (size_t i = 0; i < workspace->language_count; i++)
        if (str_equal(workspace->languages[i], language))
            return true;
    return false;
}

static void hash(crypto_generichash_state *state, struct str text)
{
    unsigned char len[4] = { (unsigned char)text.len, (unsigned char)(text.len >> 8), (unsigned char)(text.len >> 16), 0 };
    crypto_generichash_update(state, len, sizeof len);
    crypto_generichash_update(state, (const unsigned char *)text.data, text.len);
}

static struct learned_wording kept(struct arena *arena, const struct learned_wording *learned)
{
    return (struct learned_wording){ learned->article, arena_copy(arena, learned->target), arena_copy(arena, learned->language),
                                     arena_copy(arena, learned->wording) };
}

struct workspace *learned_workspace(const struct workspace *base, const struct learned_wording *wordings, size_t count)
{
    crypto_generichash_state state;
    unsigned char digest[TAUGHT_BYTES];
    struct workspace *workspace = MEMORY_NEW(struct workspace);
    *workspace = *base;
    workspace->arena = (struct arena){ 0 };
    workspace->beneath = NULL;
    workspace->identity_secret = arena_copy(&workspace->arena, base->identity_secret); /* each wipes its own */
    workspace->action_token = arena_copy(&workspace->arena, base->action_token);
    workspace->topics = ARENA_NEW_ARRAY(&workspace->arena, struct topic, base->topic_count + 1);
    workspace->articles = ARENA_NEW_ARRAY(&workspace->arena, struct article, base->article_count + 1);
    memcpy(workspace->topics, base->topics, base->topic_count * sizeof *base->topics);
    memcpy(workspace->articles, base->articles, base->article_count * sizeof *base->articles);
    crypto_generichash_init(&state, NULL, 0, crypto_generichash_BYTES_MIN);
    for (size_t i = 0; i < count; i++) {
        struct learned_wording learned = kept(&workspace->arena, &wordings[i]);
        if (!learned.wording.len || !speaks(workspace, learned.language) ||
            !(learned.article ? teach_article(workspace, &learned) : teach_topic(workspace, base, &learned)))
            continue;
        workspace->learned++;
        hash(&state, learned.article ? STR("article") : STR("topic"));
        hash(&state, learned.target);
        hash(&state, learned.language);
        hash(&state, learned.wording);
    }
    unsigned char whole[crypto_generichash_BYTES_MIN];
    crypto_generichash_final(&state, whole, sizeof whole);
    memcpy(digest, whole, sizeof digest);
    if (workspace->learned) {
        char *hex = arena_take(&workspace->arena, TAUGHT_BYTES * 2 + 1);
        sodium_bin2hex(hex, TAUGHT_BYTES * 2 + 1, digest, sizeof digest);
        workspace->taught = str_make(hex, TAUGHT_BYTES * 2);
    }
    return workspace;
}
