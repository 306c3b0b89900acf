#include "engine/group.h"

#include "base/memory.h"

static uint64_t key_of(uint64_t skills, uint32_t languages)
{
    uint64_t key = skills * 0x9e3779b97f4a7c15u ^ (uint64_t)languages * 0xff51afd7ed558ccdu;
    return key ? key : 1;
}

struct group *groups_get(struct groups *groups, uint64_t skills, uint32_t languages)
{
    struct group *first = map_get(&groups->map, key_of(skills, languages));
    for (struct group *group = first; group; group = group->next)
        if (group->skills == skills && group->languages == languages) return group;
    struct group *group = MEMORY_NEW(struct group);
    group->skills = skills;
    group->languages = languages;
    group->next = first;
    map_put(&groups->map, key_of(skills, languages), group);
    return group;
}

static void refresh_head(struct groups *groups, const struct group *group)
{
    const struct heap_node *first = heap_first(&group->members);
    struct group_head *head = &groups->heads[group->place - 1];
    head->key = first->key;
    head->tie = first->tie;
}

static void add_head(struct groups *groups, struct group *group)
{
    if (groups->count == groups->room) {
        groups->room = groups->room ? groups->room * 2 : 16;
        groups->heads = memory_resize(groups->heads, groups->room, sizeof *groups->heads);
        groups->skills = memory_resize(groups->skills, groups->room, sizeof *groups->skills);
        groups->languages = memory_resize(groups->languages, groups->room, sizeof *groups->languages);
    }
    groups->heads[groups->count] = (struct group_head){ .group = group };
    groups->skills[groups->count] = group->skills;
    groups->languages[groups->count] = group->languages;
    group->place = ++groups->count;
}

static void remove_head(struct groups *groups, struct group *group)
{
    size_t hole = group->place - 1, last = --groups->count;
    groups->heads[hole] = groups->heads[last];
    groups->skills[hole] = groups->skills[last];
    groups->languages[hole] = groups->languages[last];
    groups->heads[hole].group->place = group->place;
    group->place = 0;
}

void groups_push(struct groups *groups, struct group *group, struct heap_node *node, int64_t key, uint64_t tie)
{
    heap_push(&group->members, node, key, tie);
    if (!group->place) add_head(groups, group);
    refresh_head(groups, group);
}

void groups_remove(struct groups *groups, struct group *group, struct heap_node *node)
{
    heap_remove(&group->members, node);
    if (group->members.count) refresh_head(groups, group);
    else remove_head(groups, group);
}

void groups_free(struct groups *groups)
{
    struct map_slot slot;
    must(!groups->count);
    for (size_t i = 0; map_next(&groups->map, &i, &slot); ) {
        for (struct group *group = slot.value, *next; group; group = next) {
            next = group->next;
            heap_free(&group->members);
            memory_free(group);
        }
    }
    map_free(&groups->map);
    memory_free(groups->heads);
    memory_free(groups->skills);
    memory_free(groups->languages);
    *groups = (struct groups){ 0 };
}

static bool before(const struct heap_node *a, const struct heap_node *b)
{
    return a->key != b->key ? a->key < b->key : a->tie < b->tie;
}

struct search {
    const struct heap *heap;
    group_may_fn *may;
    const void *context;
    struct heap_node *best;
};

/* Below a member that may, nothing is better; below a refused one, both children are looked at. */
static void search_from(struct search *search, size_t at)
{
    if (at >= search->heap->count) return;
    struct heap_node *node = search->heap->nodes[at];
    if (search->best && !before(node, search->best)) return;
    if (search->may(search->context, node)) {
        search->best = node;
        return;
    }
    search_from(search, at * 2 + 1);
    search_from(search, at * 2 + 2);
}

struct heap_node *group_first(const struct heap *heap, group_may_fn *may, const void *context,
                              struct heap_node *best)
{
    struct search search = { heap, may, context, best };
    search_from(&search, 0);
    return search.best;
}
