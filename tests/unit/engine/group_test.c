/* The structures that decisions stand on, against plain lists. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/random.h"
#include "engine/group.h"
#include "engine/lookup.h"
#include "engine/pool.h"

enum { MEMBERS = 200 };

struct member {
    struct heap_node node;
    bool refused;
};

static bool may(const void *context, const struct heap_node *node)
{
    UNUSED(context);
    return !CONTAINER_OF(node, struct member, node)->refused;
}

static bool before(const struct heap_node *a, const struct heap_node *b)
{
    return a->key != b->key ? a->key < b->key : a->tie < b->tie;
}

static void the_first_that_may_is_found(void **state)
{
    UNUSED(state);
    struct random random = { 3 };
    for (int round = 0; round < 500; round++) {
        struct groups groups = { 0 };
        struct member members[MEMBERS] = { 0 };
        struct group *group = groups_get(&groups, 5, 1);
        size_t count = 1 + random_below(&random, MEMBERS);
        const struct member *expected = NULL;
        for (size_t i = 0; i < count; i++)
            groups_push(&groups, group, &members[i].node, (int64_t)random_below(&random, 50), i);
        /* The refused are among the first, where the search has to pass them. */
        for (size_t i = 0; i < count; i++) members[i].refused = random_below(&random, 3) && members[i].node.key < 20;
        for (size_t i = 0; i < count; i++)
            if (!members[i].refused && (!expected || before(&members[i].node, &expected->node))) expected = &members[i];
        struct heap_node *found = group_first(&group->members, may, NULL, NULL);
        assert_ptr_equal(found, expected ? &expected->node : NULL);
        struct member best = { .node = { .key = -1 } };
        assert_ptr_equal(group_first(&group->members, may, NULL, &best.node), &best.node);
        for (size_t i = 0; i < count; i++) groups_remove(&groups, group, &members[i].node);
        assert_int_equal(groups.count, 0);
        groups_free(&groups);
    }
}

static void heads_show_the_first_of_each_group(void **state)
{
    UNUSED(state);
    enum { KINDS = 40 };
    struct groups groups = { 0 };
    struct member members[MEMBERS] = { 0 };
    struct group *of[MEMBERS];
    struct random random = { 8 };
    for (int step = 0; step < 20000; step++) {
        size_t i = random_below(&random, MEMBERS);
        if (heap_holds(&members[i].node)) {
            groups_remove(&groups, of[i], &members[i].node);
        } else {
            of[i] = groups_get(&groups, random_below(&random, KINDS), (uint32_t)random_below(&random, 3));
            groups_push(&groups, of[i], &members[i].node, (int64_t)random_below(&random, 1000), i);
        }
        size_t seen = 0;
        for (size_t g = 0; g < groups.count; g++) {
            const struct group_head *head = &groups.heads[g];
            const struct heap_node *first = heap_first(&head->group->members);
            assert_int_equal(head->key, first->key);
            assert_int_equal(head->tie, first->tie);
            assert_int_equal(groups.skills[g], head->group->skills);
            assert_int_equal(groups.languages[g], head->group->languages);
            seen += head->group->members.count;
        }
        size_t held = 0;
        for (size_t m = 0; m < MEMBERS; m++) held += heap_holds(&members[m].node);
        assert_int_equal(seen, held);
    }
    for (size_t i = 0; i < MEMBERS; i++)
        if (heap_holds(&members[i].node)) groups_remove(&groups, of[i], &members[i].node);
    groups_free(&groups);
}

static void filters_pick_groups(void **state)
{
    UNUSED(state);
    struct groups groups = { 0 };
    struct member members[64] = { 0 };
    struct group *of[64];
    for (uint64_t i = 0; i < 64; i++) {
        of[i] = groups_get(&groups, i % 16, (uint32_t)(1 + i / 16));
        groups_push(&groups, of[i], &members[i].node, 0, i);
    }
    size_t all = 0, within = 0, at;
    for (at = 0; (at = groups_next(&groups, at, group_with_all(5, 2))) < groups.count; at++, all++)
        assert_true((groups.skills[at] & 5) == 5 && (groups.languages[at] & 2));
    for (at = 0; (at = groups_next(&groups, at, group_within(5, 1))) < groups.count; at++, within++)
        assert_true((groups.skills[at] & ~(uint64_t)5) == 0 && (groups.languages[at] & 1));
    assert_int_equal(all, 4 * 2);
    assert_int_equal(within, 4 * 2);
    for (size_t i = 0; i < 64; i++) groups_remove(&groups, of[i], &members[i].node);
    groups_free(&groups);
}

static void the_same_mix_is_the_same_group(void **state)
{
    UNUSED(state);
    struct groups groups = { 0 };
    struct group *group = groups_get(&groups, 7, 3);
    assert_ptr_equal(groups_get(&groups, 7, 3), group);
    assert_ptr_not_equal(groups_get(&groups, 7, 2), group);
    assert_ptr_not_equal(groups_get(&groups, 3, 7), group);
    assert_non_null(groups_get(&groups, 0, 0));
    groups_free(&groups);
}

static void digests_that_fall_together_are_kept_apart(void **state)
{
    UNUSED(state);
    struct lookup lookup = { 0 };
    /* key = high * odd ^ low: these all fall on the same one. */
    struct lookup_link links[4] = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(links); i++) {
        links[i].digest = (struct digest){ i + 1, (i + 1) * 0x9e3779b97f4a7c15u ^ 42 };
        lookup_put(&lookup, &links[i]);
    }
    for (size_t i = 0; i < ARRAY_LEN(links); i++) assert_ptr_equal(lookup_find(&lookup, links[i].digest), &links[i]);
    static const size_t order[] = { 1, 3, 0, 2 };
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        lookup_remove(&lookup, &links[order[i]]);
        assert_null(lookup_find(&lookup, links[order[i]].digest));
        for (size_t j = i + 1; j < ARRAY_LEN(order); j++)
            assert_ptr_equal(lookup_find(&lookup, links[order[j]].digest), &links[order[j]]);
    }
    assert_null(lookup_find(&lookup, (struct digest){ 0, 0 }));
    lookup_free(&lookup);
}

static void what_is_given_back_is_given_out_again_clean(void **state)
{
    UNUSED(state);
    struct pool pool = POOL_OF(struct member);
    struct member *taken[300];
    for (size_t i = 0; i < ARRAY_LEN(taken); i++) {
        taken[i] = pool_take(&pool);
        assert_int_equal(taken[i]->node.key, 0);
        taken[i]->node.key = 5;
    }
    struct member *last = taken[299];
    pool_give(&pool, last);
    assert_ptr_equal(pool_take(&pool), last);
    assert_int_equal(last->node.key, 0);
    pool_free(&pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_may_is_found), cmocka_unit_test(heads_show_the_first_of_each_group),
        cmocka_unit_test(filters_pick_groups), cmocka_unit_test(the_same_mix_is_the_same_group),
        cmocka_unit_test(digests_that_fall_together_are_kept_apart),
        cmocka_unit_test(what_is_given_back_is_given_out_again_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
