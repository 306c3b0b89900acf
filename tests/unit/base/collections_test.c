/* map, heap and arena against plain models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/heap.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/random.h"

#define KEYS 300

static void a_map_agrees_with_an_array(void **state)
{
    UNUSED(state);
    struct random random = { 11 };
    struct map map = { 0 };
    int values[KEYS + 1];
    bool there[KEYS + 1] = { false };
    size_t count = 0;
    for (int i = 0; i < 20000; i++) {
        uint64_t key = 1 + random_below(&random, KEYS);
        if (random_below(&random, 2)) {
            map_put(&map, key, &values[key]);
            count += !there[key];
            there[key] = true;
        } else {
            assert_ptr_equal(map_remove(&map, key), there[key] ? &values[key] : NULL);
            count -= there[key];
            there[key] = false;
        }
        assert_int_equal(map.count, count);
    }
    for (uint64_t key = 1; key <= KEYS; key++) assert_ptr_equal(map_get(&map, key), there[key] ? &values[key] : NULL);
    uint64_t *keys = map_sorted_keys(&map);
    for (size_t i = 1; i < count; i++) assert_true(keys[i - 1] < keys[i]);
    memory_free(keys);
    map_free(&map);
}

struct item {
    int number;
    struct heap_node node;
};

static void a_heap_gives_the_smallest_first_and_lets_any_go(void **state)
{
    UNUSED(state);
    struct random random = { 5 };
    struct item items[KEYS] = { 0 };
    struct heap heap = { 0 };
    for (int i = 0; i < 20000; i++) {
        struct item *item = &items[random_below(&random, KEYS)];
        if (heap_holds(&item->node)) heap_remove(&heap, &item->node);
        else heap_push(&heap, &item->node, (int64_t)random_below(&random, 50), (uint64_t)(item - items));
        struct heap_node *first = heap_first(&heap);
        for (size_t k = 0; k < heap.count; k++) {
            struct heap_node *other = heap.nodes[k];
            assert_true(first->key < other->key || (first->key == other->key && first->tie <= other->tie));
            assert_int_equal(other->place, k + 1);
        }
    }
    int64_t last = -1;
    while (heap_first(&heap)) {
        struct item *item = CONTAINER_OF(heap_first(&heap), struct item, node);
        assert_true(item->node.key >= last);
        last = item->node.key;
        heap_remove(&heap, &item->node);
        assert_false(heap_holds(&item->node));
    }
    heap_free(&heap);
}

static void pieces_of_an_arena_do_not_overlap(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct random random = { 3 };
    char *pieces[200];
    size_t lens[200];
    for (int i = 0; i < 200; i++) {
        lens[i] = random_below(&random, 6000);
        pieces[i] = arena_take(&arena, lens[i]);
        for (size_t k = 0; k < lens[i]; k++) assert_int_equal(pieces[i][k], 0);
        memset(pieces[i], i, lens[i]);
    }
    for (int i = 0; i < 200; i++)
        for (size_t k = 0; k < lens[i]; k++) assert_int_equal((unsigned char)pieces[i][k], i);
    struct str text = arena_format(&arena, "%d and %s", 12, "more");
    assert_true(str_equal(text, STR("12 and more")));
    arena_reset(&arena);
    assert_true(str_equal(arena_copy(&arena, STR("again")), STR("again")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_map_agrees_with_an_array),
        cmocka_unit_test(a_heap_gives_the_smallest_first_and_lets_any_go),
        cmocka_unit_test(pieces_of_an_arena_do_not_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
