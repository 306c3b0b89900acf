/* A running node whose disk has no room: from the very first event on, and when it is told to stop just as there is room
 * again. "No room" is the limit on the size of files, below what the logs take from the start. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "cli/offline.h"
#include "node/state.h"
#include "workspace/workspace.h"

#define PATIENCE 100 /* tenths of a second */

static struct folder folder;
static struct offline offline;

static void give_room(bool room)
{
    struct rlimit limit = { room ? RLIM_INFINITY : 4096, RLIM_INFINITY };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int set_up(void **state)
{
    UNUSED(state);
    struct err err;
    signal(SIGXFSZ, SIG_IGN);
    folder_make(&folder);
    if (!workspace_init(&err, folder.path) || !offline_open(&err, &offline, folder.path)) fail_msg("%s", err.text);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    give_room(true);
    if (offline.node) offline_close(&offline);
    folder_remove(&folder);
    return 0;
}

/* Lets the node work for a tenth of a second; false when that was done too often. */
static bool work(int *times)
{
    usleep(100000);
    uv_run(&offline.loop, UV_RUN_NOWAIT);
    return ++*times < PATIENCE;
}

static struct outcome see_customer(void)
{
    struct command see = { .kind = COMMAND_SEE_CUSTOMER, .actor = ACTOR_NODE };
    see.see_customer = (struct command_see_customer){ .given = ~0ull, .language = STR("en"), .external_id = STR_EMPTY, .name = STR_EMPTY, .email = STR_EMPTY };
    return offline_do(&offline, &see);
}

/* There is no record yet that a snapshot could be made of. */
static void a_disk_that_is_full_from_the_first_event(void **state)
{
    UNUSED(state);
    int times = 0;
    give_room(false);
    assert_int_equal(see_customer().refusal, REFUSAL_DISK_FULL);
    assert_int_equal(node_committed(offline.node), 0);
    while (times < 15) work(&times); /* it tries each second whether there is room */
    assert_false(node_ready(offline.node));
    give_room(true);
    while (!node_ready(offline.node) && work(&times)) {}
    assert_int_equal(see_customer().refusal, REFUSAL_NONE);
    /* What the files say was refused with everything else, and is told again. */
    assert_int_equal(engine_settings(node_engine(offline.node))->topic_count, node_workspace(offline.node)->topic_count);
}

/* A customer whose answer could not be stored waits for the next start. */
static void told_to_stop_as_there_is_room_again(void **state)
{
    UNUSED(state);
    int times = 0;
    uint64_t customer = see_customer().id;
    struct command open = { .kind = COMMAND_OPEN, .actor = ACTOR_CUSTOMER, .customer = customer };
    open.open = (struct command_open){ .given = 3, .language = STR("en"), .channel = STR("chat") };
    struct command say = { .kind = COMMAND_SAY, .actor = ACTOR_CUSTOMER, .customer = customer, .conversation = offline_do(&offline, &open).conversation };
    say.say = (struct command_say){ .given = 1, .text = STR("where is my parcel"), .name = STR_EMPTY, .wants_human = STR_EMPTY,
                                    .care_kind = STR_EMPTY, .care = STR_EMPTY };
    assert_int_equal(offline_do(&offline, &say).refusal, REFUSAL_NONE);
    give_room(false);
    while (node_ready(offline.node) && work(&times)) {}
    assert_false(node_ready(offline.node));
    give_room(true);
    while (!offline.node->retrying && !offline.node->catching_up && work(&times)) {}
    assert_true(offline.node->retrying || offline.node->catching_up);
    offline_close(&offline);
    offline.node = NULL;
}

#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(a_disk_that_is_full_from_the_first_event),
        STORY(told_to_stop_as_there_is_room_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
