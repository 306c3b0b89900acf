#include "workspace/learned.h"

#include <sodium.h>

#include "base/memory.h"

#define TAUGHT_BYTES 8
#define ROOM_FIRST 8 /* wordings */

static bool has(const struct utterances *lists, size_t count, struct str wording)
{
    for (size_t l = 0; l < count; l++)
        for (size_t i = 0; i < lists[l].count; i++)
            if (str_equal_nocase(lists[l].items[i], wording))
                return true;
    return false;
}

/* Room for one more: a copy where the array is the base's, or full. Copies have room for twice as many each time. */
static struct str *with_room(struct arena *arena, struct str *items, size_t count, bool shared)
{
    size_t room = ROOM_FIRST;
    while (room < count) room *= 2;
    if (!shared && room != count) return items;
    while (room <= count) room *= 2;
    struct str *longer = ARENA_NEW_ARRAY(arena, struct str, room);
    for (size_t i = 0; i < count; i++)
        longer[i] = items[i];
    return longer;
}

/* Wordings by language, and what they were in the base: that is shared, and stays as it is. */
struct lists {
    struct utterances **items;
    size_t *count;
    const struct utterances *base;
    size_t base_count;
};

static void add(struct arena *arena, struct lists lists, const struct learned_wording *learned)
{
    size_t at = 0, count = *lists.count;
    while (at < count && !str_equal((*lists.items)[at].language, learned->language))
        at++;
    if (*lists.items == lists.base || at == count) {
        struct utterances *longer = ARENA_NEW_ARRAY(arena, struct utterances, count + 1);
        for (size_t i = 0; i < count; i++)
            longer[i] = (*lists.items)[i];
        longer[count].language = learned->language;
        *lists.items = longer;
        *lists.count = at == count ? count + 1 : count;
    }
    struct utterances *list = &(*lists.items)[at];
    bool shared = !list->items || (at < lists.base_count && list->items == lists.base[at].items);
    list->items = with_room(arena, list->items, list->count, shared);
    list->items[list->count++] = learned->wording;
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
    const struct topic *before = &base->topics[topic - workspace->topics];
    add(&workspace->arena, (struct lists){ &topic->examples, &topic->example_count, before->examples, before->example_count }, learned);
    return true;
}

/* An article stands there once a language, each time with all its questions. */
static bool teach_article(struct workspace *workspace, const struct workspace *base, const struct learned_wording *learned)
{
    bool taught = false;
    for (size_t i = 0; i < workspace->article_count; i++) {
        struct article *article = &workspace->articles[i];
        if (!str_equal(article->name, learned->target) || has(article->questions, article->question_count, learned->wording))
            continue;
        const struct article *before = &base->articles[i];
        add(&workspace->arena, (struct lists){ &article->questions, &article->question_count, before->questions, before->question_count }, learned);
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
#define X(member) workspace->member = arena_copy(&workspace->arena, base->member);
    WORKSPACE_SECRETS(X)
#undef X
    workspace->topics = ARENA_NEW_ARRAY(&workspace->arena, struct topic, base->topic_count + 1);
    workspace->articles = ARENA_NEW_ARRAY(&workspace->arena, struct article, base->article_count + 1);
    memcpy(workspace->topics, base->topics, base->topic_count * sizeof *base->topics);
    memcpy(workspace->articles, base->articles, base->article_count * sizeof *base->articles);
    crypto_generichash_init(&state, NULL, 0, crypto_generichash_BYTES_MIN);
    for (size_t i = 0; i < count; i++) {
        struct learned_wording learned = kept(&workspace->arena, &wordings[i]);
        if (!learned.wording.len || !speaks(workspace, learned.language) ||
            !(learned.article ? teach_article(workspace, base, &learned) : teach_topic(workspace, base, &learned)))
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
