/* A running node learns what is confirmed, forgets what is revoked, and publishes drafts, beside its conversations. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "cli/offline.h"
#include "node/draft.h"
#include "workspace/versions.h"

static struct folder folder;
static struct offline offline;
static uint64_t boss, chat, said;

static uint64_t give(struct command command)
{
    struct outcome outcome = offline_do(&offline, &command);
    if (outcome.refusal) fail_msg("%s", refusal_table[outcome.refusal].code);
    return outcome.id ? outcome.id : outcome.seq;
}

static void open_node(void)
{
    struct err err;
    if (!offline_open(&err, &offline, folder.path)) fail_msg("%s", err.text);
}

/* A workspace that is served, and a conversation in the hands of a supervisor. */
static int begin(void **state)
{
    struct err err;
    UNUSED(state);
    folder_make(&folder);
    if (!workspace_init(&err, folder.path)) fail_msg("%s", err.text);
    open_node();
    struct command add = { .kind = COMMAND_ADD_AGENT, .actor = ACTOR_NODE };
    add.add_agent = (struct command_add_agent){ .given = ~0ull, .login = STR("boss"), .name = STR("Boss"), .role = STR("administrator"),
        .capacity = 3, .languages = node_workspace(offline.node)->languages[0], .password_hash = STR("x"), .login_digest = { 1, 2 } };
    boss = give(add);
    struct command see = { .kind = COMMAND_SEE_CUSTOMER, .actor = ACTOR_NODE };
    see.see_customer = (struct command_see_customer){ .given = ~0ull, .language = STR("en"), .external_id = STR_EMPTY, .name = STR_EMPTY, .email = STR_EMPTY };
    uint64_t customer = give(see);
    struct command open = { .kind = COMMAND_OPEN, .actor = ACTOR_CUSTOMER, .customer = customer };
    open.open = (struct command_open){ .given = 3, .language = STR("en"), .channel = STR("chat") };
    struct outcome opened = offline_do(&offline, &open);
    chat = opened.conversation;
    give((struct command){ .kind = COMMAND_TAKE_OVER, .actor = ACTOR_SUPERVISOR, .agent = boss, .conversation = chat,
                           .take_over = { .name = STR("Boss") } });
    struct command say = { .kind = COMMAND_SAY, .actor = ACTOR_CUSTOMER, .customer = customer, .conversation = chat };
    say.say = (struct command_say){ .given = 1, .text = STR("the snood went walkabout"), .name = STR_EMPTY, .wants_human = STR_EMPTY,
                                    .care_kind = STR_EMPTY, .care = STR_EMPTY };
    said = offline_do(&offline, &say).seq;
    return 0;
}

static int end(void **state)
{
    UNUSED(state);
    if (offline.node) offline_close(&offline);
    folder_remove(&folder);
    return 0;
}

static struct str first_topic(void)
{
    return node_workspace(offline.node)->topics[0].name;
}

static uint64_t confirm(const char *wording)
{
    struct command learn = { .kind = COMMAND_LEARN, .actor = ACTOR_SUPERVISOR, .agent = boss, .conversation = chat };
    learn.learn = (struct command_learn){ .given = ~0ull, .topic = first_topic(), .article = STR_EMPTY, .message = said,
                                          .wording = str_of(wording), .language = STR("en") };
    return give(learn);
}

static void learned_comes_to(size_t count)
{
    for (int i = 0; i < 10000 && node_learned(offline.node) != count; i++) uv_run(&offline.loop, UV_RUN_ONCE);
    assert_int_equal(node_learned(offline.node), count);
}

static void what_is_confirmed_is_learned_and_what_is_revoked_forgotten(void **state)
{
    UNUSED(state);
    confirm("the snood went walkabout");
    learned_comes_to(1);
    confirm("my snood is elsewhere");
    confirm("no snood, no rest");
    learned_comes_to(3);
    struct command revoke = { .kind = COMMAND_REVOKE_PARAPHRASE, .actor = ACTOR_SUPERVISOR, .agent = boss, .target = 2 };
    give(revoke);
    learned_comes_to(2);
    offline_close(&offline);
    open_node();
    assert_int_equal(node_learned(offline.node), 2);
}

/* `beckon ask` and `beckon intents train` without a server. */
static void commands_without_a_server_have_it_from_the_log(void **state)
{
    UNUSED(state);
    struct err err;
    struct problems problems = { 0 };
    struct arena arena = { 0 };
    struct reply reply;
    confirm("the snood went walkabout");
    struct str topic = arena_copy(&arena, first_topic());
    offline_close(&offline);
    offline.node = NULL;
    struct workspace *workspace = node_teach(&err, workspace_read(folder.path, &problems));
    assert_string_equal(err.text, "");
    assert_int_equal(workspace->learned, 1);
    struct assistant *assistant = assistant_new(&err, workspace);
    struct question question = { .text = STR("the snood went walkabout"), .language = STR("en"), .failed_turns_max = 2, .dialogue = STR_EMPTY,
                                 .customer_id = STR_EMPTY, .customer_name = STR_EMPTY, .key = STR("t") };
    assistant_decide(assistant, &question, &arena, &reply);
    assert_true(str_equal(reply.topic, topic));
    assistant_free(assistant);
    workspace_free(workspace);
    problems_free(&problems);
    arena_free(&arena);
}

/* --- drafts ------------------------------------------------------------------------------------- */

struct heard {
    bool done;
    enum refusal refusal;
    size_t problems, changes, asked;
    uint64_t number;
};

static void on_draft(void *context, const struct draft_result *result)
{
    struct heard *heard = context;
    *heard = (struct heard){ true, result->refusal, result->problems ? result->problems->count : 0, result->change_count, result->asked,
                             result->number };
}

static struct heard wish(struct draft draft)
{
    struct heard heard = { .done = false };
    draft.agent = boss;
    node_draft(offline.node, &draft, on_draft, &heard);
    while (!heard.done) uv_run(&offline.loop, UV_RUN_ONCE);
    return heard;
}

static struct str version(struct arena *arena)
{
    return arena_copy(arena, node_workspace(offline.node)->version);
}

static const char text[] = "---\ntitle:\n  en: Snoods\nexamples:\n  en:\n    - the snood went walkabout\n    - where is my snood\n---\nSnoods come back.\n";

static struct draft draft_of(enum draft_wish what, const char *words)
{
    return (struct draft){ .wish = what, .name = STR("snoods"), .text = str_of(words), .question = STR("where is my snood"),
                           .language = STR_EMPTY, .version = STR_EMPTY };
}

static void a_draft_is_checked_tried_and_compared_and_changes_nothing(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct str before = version(&arena);
    assert_int_equal(wish(draft_of(DRAFT_CHECK, text)).problems, 0);
    struct heard bad = wish(draft_of(DRAFT_TRY, "---\ntitel: x\n---\nHm.\n"));
    assert_int_equal(bad.refusal, REFUSAL_BAD_FILES);
    assert_true(bad.problems > 0);
    assert_int_equal(wish(draft_of(DRAFT_TRY, text)).changes, 1);
    assert_int_equal(wish(draft_of(DRAFT_TRY, text)).changes, 1); /* learned already */
    struct heard compared = wish(draft_of(DRAFT_COMPARE, text));
    assert_int_equal(compared.asked, 1);
    assert_int_equal(compared.changes, 1);
    assert_true(str_equal(before, node_workspace(offline.node)->version));
    assert_int_equal(versions_last(folder.path), 0);
    arena_free(&arena);
}

static void a_draft_is_published_once_and_rolled_back(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct str found = version(&arena);
    struct draft draft = draft_of(DRAFT_PUBLISH, text);
    draft.version = found;
    confirm("the snood of old"); /* what people taught goes on with the new files */
    learned_comes_to(1);
    struct heard published = wish(draft);
    assert_int_equal(published.refusal, REFUSAL_NONE);
    assert_int_equal(published.number, 2);
    assert_non_null(workspace_topic(node_workspace(offline.node), STR("snoods")));
    assert_int_equal(node_learned(offline.node), 1);
    assert_true(str_equal(file_read(&arena, folder_file(&folder, "topics/snoods.md")), STR(text)));
    assert_int_equal(wish(draft).refusal, REFUSAL_CHANGED_MEANWHILE); /* the second one is told */

    struct draft back = { .wish = DRAFT_RESTORE, .number = 1, .version = version(&arena), .name = STR_EMPTY, .text = STR_EMPTY,
                          .question = STR_EMPTY, .language = STR_EMPTY };
    assert_int_equal(wish(back).number, 3);
    assert_null(workspace_topic(node_workspace(offline.node), STR("snoods")));
    assert_true(str_equal(found, node_workspace(offline.node)->version));
    assert_int_equal(file_read(&arena, folder_file(&folder, "topics/snoods.md")).len, 0);
    back.number = 9;
    back.version = version(&arena);
    assert_int_equal(wish(back).refusal, REFUSAL_NOT_FOUND);
    arena_free(&arena);
}

static void a_file_is_removed_and_comes_back_with_the_version_before(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct draft draft = draft_of(DRAFT_PUBLISH, text);
    draft.version = version(&arena);
    uint64_t with = wish(draft).number;
    struct draft removal = draft_of(DRAFT_REMOVE, "");
    assert_int_equal(wish(removal).refusal, REFUSAL_CHANGED_MEANWHILE); /* of no version */
    removal.version = version(&arena);
    assert_int_equal(wish(removal).number, with + 1);
    assert_null(workspace_topic(node_workspace(offline.node), STR("snoods")));
    assert_int_equal(file_read(&arena, folder_file(&folder, "topics/snoods.md")).len, 0);
    struct draft back = { .wish = DRAFT_RESTORE, .number = with, .version = version(&arena), .name = STR_EMPTY, .text = STR_EMPTY,
                          .question = STR_EMPTY, .language = STR_EMPTY };
    assert_int_equal(wish(back).number, with + 2);
    assert_true(str_equal(file_read(&arena, folder_file(&folder, "topics/snoods.md")), STR(text)));
    arena_free(&arena);
}

static void files_that_were_edited_on_disk_are_not_overwritten(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct draft draft = draft_of(DRAFT_PUBLISH, text);
    draft.version = version(&arena);
    file_write(folder_file(&folder, "topics/by-hand.md"), STR("---\ntitle:\n  en: By hand\nexamples:\n  en:\n    - by hand it is\n    - hands on\n---\nHands.\n"));
    assert_int_equal(wish(draft).refusal, REFUSAL_CHANGED_MEANWHILE);
    assert_int_equal(versions_last(folder.path), 0);
    arena_free(&arena);
}

/* Whoever edits one file need not care what happens to others; what stood on disk is kept. */
static void a_draft_is_of_its_file(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct err err;
    struct version kept;
    struct draft draft = draft_of(DRAFT_PUBLISH, text);
    draft.version = STR(DRAFT_OF_NOTHING);
    file_write(folder_file(&folder, "topics/by-hand.md"), STR("---\ntitle:\n  en: By hand\nexamples:\n  en:\n    - by hand it is\n    - hands on\n---\nHands.\n"));
    assert_int_equal(wish(draft).refusal, REFUSAL_NONE);
    assert_non_null(workspace_topic(node_workspace(offline.node), STR("by-hand")));
    assert_int_equal(wish(draft).refusal, REFUSAL_CHANGED_MEANWHILE); /* there is such a file by now */
    draft.version = versions_digest(&arena, STR(text));
    file_write(folder_file(&folder, "topics/by-hand.md"), STR("---\ntitle:\n  en: By hand\nexamples:\n  en:\n    - by hand it is\n    - hands on\n---\nTwo hands.\n"));
    uint64_t number = wish(draft).number;
    assert_int_equal(number, 3); /* found, published, found again: the draft is what it was */
    assert_true(versions_get(&err, &arena, folder.path, 3, &kept));
    assert_true(str_equal(kept.what, STR("found")));
    file_write(folder_file(&folder, "topics/snoods.md"), STR("---\ntitle:\n  en: Other snoods\nexamples:\n  en:\n    - snoods of the others\n    - the others\n---\nHm.\n"));
    assert_int_equal(wish(draft).refusal, REFUSAL_CHANGED_MEANWHILE);
    draft.wish = DRAFT_REMOVE;
    assert_int_equal(wish(draft).refusal, REFUSAL_CHANGED_MEANWHILE);

    /* Going back puts aside what nobody has loaded, too. */
    struct draft back = { .wish = DRAFT_RESTORE, .number = 1, .version = version(&arena), .name = STR_EMPTY, .text = STR_EMPTY,
                          .question = STR_EMPTY, .language = STR_EMPTY };
    assert_int_equal(wish(back).refusal, REFUSAL_NONE);
    assert_true(versions_get(&err, &arena, folder.path, 4, &kept));
    assert_true(str_equal(kept.what, STR("found")));
    assert_null(workspace_topic(node_workspace(offline.node), STR("snoods")));
    arena_free(&arena);
}

/* A file that the operator broke is mended from the page. */
static void a_mistake_on_disk_can_be_mended(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct draft draft = draft_of(DRAFT_PUBLISH, text);
    file_write(folder_file(&folder, "topics/snoods.md"), STR("---\ntitel: x\n---\nHm.\n"));
    draft.version = versions_digest(&arena, STR("---\ntitel: x\n---\nHm.\n"));
    assert_int_equal(wish(draft).refusal, REFUSAL_NONE);
    assert_non_null(workspace_topic(node_workspace(offline.node), STR("snoods")));
    arena_free(&arena);
}

static void one_draft_at_a_time(void **state)
{
    UNUSED(state);
    struct heard first = { .done = false }, second = { .done = false };
    struct draft draft = draft_of(DRAFT_CHECK, text);
    node_draft(offline.node, &draft, on_draft, &first);
    node_draft(offline.node, &draft, on_draft, &second);
    assert_true(second.done && second.refusal == REFUSAL_BUSY);
    while (!first.done) uv_run(&offline.loop, UV_RUN_ONCE);
    assert_int_equal(first.refusal, REFUSAL_NONE);
}

/* The process ended when one of the files was replaced: the next start finishes it before it reads them. */
static void a_publication_is_finished_at_start(void **state)
{
    UNUSED(state);
    struct err err;
    struct arena arena = { 0 };
    struct version_file change = { STR("topics/snoods.md"), STR_EMPTY };
    struct buf list;
    assert_true(versions_keep_text(&err, &arena, folder.path, STR(text), &change.digest));
    offline_close(&offline);
    buf_init(&list, 10000);
    version_write(&(struct version){ .workspace = STR("-"), .what = STR("publishing"), .files = &change, .file_count = 1 }, &list);
    file_write(folder_file(&folder, "data/versions/publishing"), buf_str(&list));
    buf_free(&list);
    open_node();
    assert_non_null(workspace_topic(node_workspace(offline.node), STR("snoods")));
    assert_false(versions_pending(folder.path));
    arena_free(&arena);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(what_is_confirmed_is_learned_and_what_is_revoked_forgotten), TEST(commands_without_a_server_have_it_from_the_log),
        TEST(a_draft_is_checked_tried_and_compared_and_changes_nothing), TEST(a_draft_is_published_once_and_rolled_back),
        TEST(a_file_is_removed_and_comes_back_with_the_version_before),
        TEST(files_that_were_edited_on_disk_are_not_overwritten), TEST(a_draft_is_of_its_file),
        TEST(a_mistake_on_disk_can_be_mended), TEST(one_draft_at_a_time), TEST(a_publication_is_finished_at_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
