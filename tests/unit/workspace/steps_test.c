/* A flow's steps are read, and what a customer could get stuck in is named with line, what and cure. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "workspace/steps.h"

#define YAML "name: Lantern\nlanguages: [en, sv]\nskills: [orders]\nactions:\n  base_url: http://127.0.0.1:8090\n"
#define LOOK "url: /look/{order}\nresult:\n  type: object\n  required: [status]\n  properties:\n    status: { enum: [sent, lost] }\n" \
             "    fee_minor: { type: integer }\n" \
             "    parcels: { type: array, items: { type: object, properties: { parcel: { type: string }, cost_minor: { type: integer } } } }\nparameters:\n  - { name: order, pattern: \"W[0-9]{3}\", question: { en: Which?, sv: Vilken? } }\n"
#define BLOCK "title: { en: Block the card, sv: Spärra kortet }\nmethod: POST\nurl: /block\nchanges: true\nconfirmation: { en: Block?, sv: Spärra? }\n"
/* The steps begin in line 4. */
#define HEAD "---\ntitle: { en: Where is it?, sv: Var? }\nexamples: [where is my parcel, has it been sent]\n"
#define TAIL "---\nOn its way.\n"
#define ASK "  - ask: order\n    question: { en: Which?, sv: Vilken? }\n    pattern: \"W[0-9]{3}\"\n"

struct story {
    struct folder folder;
    struct problems problems;
    struct workspace *workspace;
};

static int begin(void **state)
{
    static struct story story;
    story = (struct story){ 0 };
    folder_make(&story.folder);
    mkdir(folder_file(&story.folder, "topics"), 0755);
    mkdir(folder_file(&story.folder, "knowledge"), 0755);
    mkdir(folder_file(&story.folder, "actions"), 0755);
    file_write(folder_file(&story.folder, "workspace.yaml"), STR(YAML));
    file_write(folder_file(&story.folder, "actions/look.yaml"), STR(LOOK));
    file_write(folder_file(&story.folder, "actions/block.yaml"), STR(BLOCK));
    *state = &story;
    return 0;
}

static int end(void **state)
{
    struct story *story = *state;
    workspace_free(story->workspace);
    problems_free(&story->problems);
    folder_remove(&story->folder);
    return 0;
}

static void when_the_steps_are(struct story *story, const char *steps)
{
    struct arena arena = { 0 };
    file_write(folder_file(&story->folder, "topics/where.md"), arena_format(&arena, HEAD "%s" TAIL, steps));
    workspace_free(story->workspace);
    problems_free(&story->problems);
    story->workspace = workspace_read(story->folder.path, &story->problems);
    arena_free(&arena);
}

static void print_all(const struct story *story)
{
    for (size_t i = 0; i < story->problems.count; i++)
        print_message("%.*s:%d: %.*s; %.*s\n", STR_ARG(story->problems.items[i].file), story->problems.items[i].line,
                      STR_ARG(story->problems.items[i].what), STR_ARG(story->problems.items[i].cure));
}

static void then_it_is_fine(struct story *story)
{
    print_all(story);
    assert_int_equal(story->problems.count, 0);
    assert_non_null(story->workspace);
}

/* Exactly one finding: in this line, with these words and a cure. */
static void then_it_says(struct story *story, int line, const char *words)
{
    bool found = false;
    for (size_t i = 0; i < story->problems.count; i++) {
        const struct problem *problem = &story->problems.items[i];
        found = found || (problem->line == line && str_find(problem->what, str_of(words), 0) >= 0 && problem->cure.len > 0 &&
                          str_equal(problem->file, STR("topics/where.md")));
    }
    if (!found || story->problems.count != 1) {
        print_message("wanted line %d, '%s', found:\n", line, words);
        print_all(story);
    }
    assert_true(found);
    assert_int_equal(story->problems.count, 1);
    assert_null(story->workspace);
}

static void a_whole_flow_is_read(void **state)
{
    struct story *story = *state;
    when_the_steps_are(story, "timeout: 2h\nsteps:\n" ASK
        "  - call: look\n    if: { not_found: unknown, refused: person, failed: person, timeout: person }\n"
        "  - branch: status\n    if: { sent: tell, lost: what }\n"
        "  - step: what\n    ask: what\n    question: { en: What now?, sv: Vad nu? }\n"
        "    choices:\n      - { value: new, label: { en: A new one, sv: En ny }, also: { en: [replace], sv: [byt] } }\n      - money\n"
        "  - confirm: { en: Shall I?, sv: Ska jag? }\n    no: unknown\n"
        "  - call: block\n    else: person\n  - end: { en: Done., sv: Klart. }\n"
        "  - step: tell\n    say: { en: \"It costs {{fee}}.\", sv: \"Det kostar {{fee}}.\" }\n    then: end\n"
        "  - step: unknown\n    hand_over: true\n");
    then_it_is_fine(story);
    const struct topic *topic = workspace_topic(story->workspace, STR("where"));
    assert_int_equal(topic->step_count, 9);
    assert_int_equal(topic->timeout_ms, 2 * 3600 * 1000);
    assert_int_equal(topic->ceiling, AUTONOMY_ACT);
    assert_int_equal(topic->steps[1].next, 2);
    assert_int_equal(step_way_for(&topic->steps[1], STR("not_found")), 8);
    assert_int_equal(topic->steps[3].option_count, 2);
    assert_int_equal(topic->steps[4].refused, 8);
    assert_int_equal(topic->steps[7].next, STEP_TO_END);
    assert_true(steps_use(topic, STR("fee_minor")) && steps_use(topic, STR("status")) && !steps_use(topic, STR("weight")));
}

static void a_topic_with_an_action_has_two_steps(void **state)
{
    struct story *story = *state;
    when_the_steps_are(story, "action: look\n");
    then_it_is_fine(story);
    const struct topic *topic = workspace_topic(story->workspace, STR("where"));
    assert_int_equal(topic->step_count, 2);
    assert_int_equal(topic->steps[0].kind, STEP_CALL);
    assert_int_equal(topic->steps[1].kind, STEP_REPORT);
    assert_int_equal(topic->steps_version.len, 0);
}

static void the_version_is_that_of_the_steps(void **state)
{
    struct story *story = *state;
    char version[64];
    when_the_steps_are(story, "steps:\n  - say: { en: Well., sv: Tja. }\n    then: end\n");
    then_it_is_fine(story);
    struct str first = workspace_topic(story->workspace, STR("where"))->steps_version;
    snprintf(version, sizeof version, "%.*s", STR_ARG(first));
    when_the_steps_are(story, "timeout: 3d\nsteps:\n  - say: { en: Well., sv: Tja. }\n    then: end\n");
    assert_true(str_equal(workspace_topic(story->workspace, STR("where"))->steps_version, str_of(version)));
    when_the_steps_are(story, "steps:\n  - say: { en: Well!, sv: Tja. }\n    then: end\n");
    assert_false(str_equal(workspace_topic(story->workspace, STR("where"))->steps_version, str_of(version)));
}

#define SAY_END "  - say: { en: Well., sv: Tja. }\n    then: end\n"
#define CALL_LOOK "  - call: look\n    else: person\n"

static const struct { const char *steps; int line; const char *words; } findings[] = {
    /* the form */
    { "steps: []\n", 4, "'steps' should be a list of 1 to 60 steps" },
    { "steps:\n  - then: end\n", 5, "the step does nothing" },
    { "steps:\n  - say: { en: Well., sv: Tja. }\n    ask: order\n    question: { en: W?, sv: V? }\n    then: end\n", 5, "the step is two things at once" },
    { "steps:\n  - say: { en: Well., sv: Tja. }\n    min: 3\n    then: end\n", 6, "'min' does not belong to a step that is 'say'" },
    { "steps:\n  - ask: order\n    then: end\n", 5, "nothing is asked" },
    { "steps:\n  - ask: order\n    question: { en: W?, sv: V? }\n    type: choice\n    then: end\n", 5, "there is nothing to choose from" },
    { "steps:\n  - ask: n\n    question: { en: W?, sv: V? }\n    type: number\n    min: 9\n    max: 3\n    then: end\n", 5, "'min' is greater than 'max'" },
    { "steps:\n" CALL_LOOK "  - branch: status\n    else: end\n", 7, "the branch has no 'if'" },
    { "steps:\n  - say: { en: Well., sv: Tja. }\n    then: ennd\n", 5, "there is no step 'ennd'" },
    { "steps:\n  - say: { en: Well., sv: Tja. }\n    step: a\n  - say: { en: Well., sv: Tja. }\n    step: a\n    then: end\n", 7, "the step 'a' is there twice" },
    { "timeout: soon\nsteps:\n" SAY_END, 4, "'timeout' is not a time" },
    { "action: look\nsteps:\n" SAY_END, 6, "the topic has 'action' and 'steps'" },
    { "steps:\n  - call: lok\n    else: person\n    then: end\n", 5, "there is no action 'lok'" },
    /* dead ends */
    { "steps:\n" SAY_END "  - end: true\n", 7, "no way leads to this step" },
    { "steps:\n  - say: { en: Well., sv: Tja. }\n", 5, "there is no way on from this step" },
    { "steps:\n  - call: look\n    if: { refused: end, failed: person }\n    then: end\n", 5, "not_found, timeout" },
    { "steps:\n  - call: look\n    if: { refuse: end }\n    else: person\n    then: end\n", 6, "'refuse' is nothing that a call can come to" },
    { "steps:\n" CALL_LOOK "  - branch: status\n    if: { sent: end }\n", 7, "where 'status' leads when it is 'lost'" },
    { "steps:\n" CALL_LOOK "  - branch: status\n    if: { sent: end, gone: end }\n    else: end\n", 8, "'status' is never 'gone'" },
    { "steps:\n  - ask: n\n    question: { en: W?, sv: V? }\n    type: number\n  - branch: n\n    if: { 3: end }\n", 8, "'n' can be anything" },
    { "steps:\n  - ask: n\n    question: { en: W?, sv: V? }\n    type: yes_no\n  - branch: n\n    if: { yes: end }\n", 8, "where 'n' leads when it is 'no'" },
    { "steps:\n  - step: a\n    say: { en: Well., sv: Tja. }\n  - say: { en: Hm., sv: Hm. }\n    then: a\n", 5, "go round in a circle" },
    /* what is known */
    { "steps:\n  - say: { en: \"It is {{status}}.\", sv: \"{{status}}.\" }\n    then: end\n", 5, "'status' is used here" },
    { "steps:\n  - branch: status\n    if: { sent: end }\n    else: end\n", 5, "'status' is used here" },
    { "steps:\n  - call: look\n    if: { refused: tell }\n    else: person\n  - step: tell\n    say: { en: \"{{status}}.\", sv: Hm. }\n    then: end\n", 8,
      "'status' is used here" },
    { "steps:\n  - ask: which\n    question: { en: W?, sv: V? }\n    from: orders\n    label: { en: One, sv: En }\n    then: end\n", 5, "'orders' is used here" },
    { "steps:\n" CALL_LOOK "  - ask: parcel\n    question: { en: W?, sv: V? }\n    from: parcels\n    label: { en: \"{{parcel}}, {{cost}}\", sv: \"{{parcel}}, {{colour}}\" }\n    then: end\n",
      7, "the items of 'parcels' have no 'colour', which the label speaks of" },
    { "steps:\n" CALL_LOOK "  - ask: which\n    question: { en: W?, sv: V? }\n    from: parcels\n    label: { en: \"{{parcel}}\", sv: \"{{parcel}}\" }\n    then: end\n",
      7, "the items of 'parcels' have no 'which', which is the choice's value" },
    { "steps:\n  - call: look\n    with: { weight: 3 }\n    else: person\n    then: end\n", 6, "'look' has no parameter 'weight'" },
    /* words */
    { "steps:\n  - say: { en: Well. }\n    then: end\n", 5, "the text is missing in 'sv'" },
    { "steps:\n  - ask: order\n    question: { en: Which? }\n    then: end\n", 5, "the question is missing in 'sv'" },
    { "steps:\n  - ask: w\n    question: { en: W?, sv: V? }\n    choices: [{ value: a, label: { en: A } }]\n    then: end\n", 5, "the label of a choice is missing in 'sv'" },
    /* changes */
    { "steps:\n  - call: block\n    else: person\n    then: end\n", 5, "the customer is not asked to confirm" },
    { "steps:\n  - confirm: { en: Shall I?, sv: Ska jag? }\n" ASK "  - call: block\n    else: person\n    then: end\n", 9, "the customer is not asked to confirm" },
};

static void every_dead_end_is_found(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(findings); i++) {
        when_the_steps_are(*state, findings[i].steps);
        then_it_says(*state, findings[i].line, findings[i].words);
    }
}

static void a_changing_action_without_a_title_is_found(void **state)
{
    struct story *story = *state;
    file_write(folder_file(&story->folder, "actions/block.yaml"), STR("method: POST\nurl: /block\nchanges: true\nconfirmation: { en: Block?, sv: S? }\n"));
    when_the_steps_are(story, "steps:\n  - confirm: { en: Shall I?, sv: Ska jag? }\n  - call: block\n    else: person\n    then: end\n");
    then_it_says(story, 6, "'block' has no title");
}

static void an_action_must_be_able_to_undo_another(void **state)
{
    static const struct { const char *block, *words; } rows[] = {
        { "url: /block\ncompensate: open\n", "there is nothing to undo" },
        { "method: POST\nurl: /block\nchanges: true\nconfirmation: B?\ncompensate: block\n", "'block' cannot be undone by 'block'" },
        { "method: POST\nurl: /block\nchanges: true\nconfirmation: B?\ncompensate: open\n", "'open' needs 'number'" },
        { "method: POST\nurl: /block\nchanges: true\nconfirmation: B?\ncompensate: opn\n", "there is no action 'opn'" },
    };
    struct story *story = *state;
    file_write(folder_file(&story->folder, "actions/open.yaml"), STR("method: POST\nurl: /open/{number}\nchanges: true\nconfirmation: O?\n"
               "parameters:\n  - { name: number, pattern: \"[0-9]+\", question: N? }\n"));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        bool found = false;
        file_write(folder_file(&story->folder, "actions/block.yaml"), str_of(rows[i].block));
        when_the_steps_are(story, "");
        for (size_t k = 0; k < story->problems.count; k++)
            found = found || str_find(story->problems.items[k].what, str_of(rows[i].words), 0) >= 0;
        if (!found) print_all(story);
        assert_true(found);
    }
    file_write(folder_file(&story->folder, "actions/block.yaml"), STR("method: POST\nurl: /block\nchanges: true\nconfirmation: B?\ncompensate: open\n"
               "result:\n  type: object\n  properties:\n    number: { type: string }\n"));
    when_the_steps_are(story, "");
    then_it_is_fine(story);
}

/* Mended step by step, a flow with many mistakes has all of them named at once. */
static void all_findings_come_at_once(void **state)
{
    struct story *story = *state;
    when_the_steps_are(story, "steps:\n  - say: { en: \"{{status}}\" }\n  - call: block\n");
    print_all(story);
    assert_int_equal(story->problems.count, 5); /* sv; status; no way on; outcomes; confirm */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_flow_is_read),
        TEST(a_topic_with_an_action_has_two_steps),
        TEST(the_version_is_that_of_the_steps),
        TEST(every_dead_end_is_found),
        TEST(a_changing_action_without_a_title_is_found),
        TEST(an_action_must_be_able_to_undo_another),
        TEST(all_findings_come_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
