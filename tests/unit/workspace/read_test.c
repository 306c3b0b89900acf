/* A workspace is read whole; every mistake in it is named with file, line, what and cure. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "workspace/workspace.h"

struct story {
    struct folder folder;
    struct problems problems;
    struct workspace *workspace;
};

#define YAML \
    "name: Lantern\nlanguages: [en, sv]\nskills: [orders]\n" \
    "actions:\n  base_url: http://127.0.0.1:8090\n"
#define TOPIC "---\ntitle: Where is it?\nexamples: [where is my parcel, has it been sent]\n---\nOn its way.\n"
#define ARTICLE "---\ntitle: Delivery\n---\nTwo days.\n"

static void given(struct story *story, const char *file, const char *text)
{
    file_write(folder_file(&story->folder, file), str_of(text));
}

static int begin(void **state)
{
    static struct story story;
    story = (struct story){ 0 };
    folder_make(&story.folder);
    mkdir(folder_file(&story.folder, "topics"), 0755);
    mkdir(folder_file(&story.folder, "knowledge"), 0755);
    mkdir(folder_file(&story.folder, "actions"), 0755);
    given(&story, "workspace.yaml", YAML);
    given(&story, "topics/where.md", TOPIC);
    given(&story, "knowledge/delivery.md", ARTICLE);
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

static void when_it_is_read(struct story *story)
{
    workspace_free(story->workspace);
    problems_free(&story->problems);
    story->workspace = workspace_read(story->folder.path, &story->problems);
}

static void print_all(const struct story *story)
{
    for (size_t i = 0; i < story->problems.count; i++)
        print_message("%.*s:%d: %.*s; %.*s\n", STR_ARG(story->problems.items[i].file), story->problems.items[i].line,
                      STR_ARG(story->problems.items[i].what), STR_ARG(story->problems.items[i].cure));
}

static void then_it_is_fine(struct story *story)
{
    when_it_is_read(story);
    print_all(story);
    assert_int_equal(story->problems.count, 0);
    assert_non_null(story->workspace);
}

/* Exactly at this line a problem stands whose sentence or cure has these words. */
static void then_it_says(struct story *story, const char *file, int line, const char *words)
{
    when_it_is_read(story);
    assert_null(story->workspace);
    for (size_t i = 0; i < story->problems.count; i++) {
        const struct problem *problem = &story->problems.items[i];
        bool there = str_find(problem->what, str_of(words), 0) >= 0 || str_find(problem->cure, str_of(words), 0) >= 0;
        assert_true(problem->cure.len > 0 && str_is_utf8(problem->what) && str_is_utf8(problem->cure));
        if (str_equal(problem->file, str_of(file)) && problem->line == line && there)
            return;
    }
    print_all(story);
    fail_msg("nothing says '%s' at %s:%d", words, file, line);
}

static void a_small_workspace_is_read(void **state)
{
    struct story *story = *state;
    then_it_is_fine(story);
    const struct workspace *workspace = story->workspace;
    assert_true(str_equal(workspace->name, STR("Lantern")));
    assert_int_equal(workspace->language_count, 2);
    assert_int_equal(workspace->answer_threshold, 600);
    const struct topic *topic = workspace_topic(workspace, STR("where"));
    assert_non_null(topic);
    assert_int_equal(topic->ceiling, AUTONOMY_ANSWER);
    assert_true(str_equal(workspace_text(workspace, topic->titles, topic->title_count, STR("sv")), STR("Where is it?")));
    assert_true(str_equal(workspace_article(workspace, STR("delivery"), STR("en"))->url, STR("/help/delivery")));
    assert_null(workspace_topic(workspace, STR("nowhere")));
}

/* A topic that cannot be read is no matter of workspace.yaml; a mistake in that one is. */
static void the_settings_alone_are_read(void **state)
{
    struct story *story = *state;
    given(story, "topics/where.md", "no front matter\n");
    story->workspace = workspace_read_settings(story->folder.path, &story->problems);
    assert_non_null(story->workspace);
    assert_true(str_equal(story->workspace->action_base_url, STR("http://127.0.0.1:8090")));
    assert_int_equal(story->workspace->topic_count, 0);
    given(story, "workspace.yaml", YAML "colour: green\n");
    assert_null(workspace_read_settings(story->folder.path, &story->problems));
    assert_int_equal(story->problems.count, 1);
}

static void help_lines_are_read(void **state)
{
    struct story *story = *state;
    given(story, "workspace.yaml", YAML "safety:\n  emergency_number: \"999\"\n  help:\n    self_harm: { en: \"Call 116 123\", sv: \"Ring 90101\" }\n"
                                             "    debt: Ask StepChange\n");
    then_it_is_fine(story);
    const struct workspace *workspace = story->workspace;
    assert_true(str_equal(workspace->emergency_number, STR("999")));
    assert_int_equal(workspace->help_line_count, 2);
    const struct named_texts *line = &workspace->help_lines[0];
    assert_true(str_equal(line->name, STR("self_harm")));
    assert_true(str_equal(workspace_text(workspace, line->texts, line->text_count, STR("sv")), STR("Ring 90101")));
    assert_int_equal(workspace->help_lines[1].text_count, 1);
}

static void an_address_may_have_an_at_sign_behind_its_host(void **state)
{
    struct story *story = *state;
    given(story, "workspace.yaml", YAML "privacy_url: https://blog.example/@lantern?to=a@b.example\n");
    then_it_is_fine(story);
}

static void titles_of_skills_and_dispositions_are_read(void **state)
{
    struct story *story = *state;
    given(story, "workspace.yaml", YAML "dispositions: [solved]\ntitles:\n  orders: { en: Deliveries, sv: Leveranser }\n  solved: All done\n");
    then_it_is_fine(story);
    const struct workspace *workspace = story->workspace;
    assert_int_equal(workspace->title_count, 2);
    const struct named_texts *title = &workspace->titles[0];
    assert_true(str_equal(title->name, STR("orders")));
    assert_true(str_equal(workspace_text(workspace, title->texts, title->text_count, STR("sv")), STR("Leveranser")));
    assert_true(str_equal(workspace->titles[1].texts[0].text, STR("All done")));
}

static void a_full_topic_is_read(void **state)
{
    struct story *story = *state;
    given(story, "actions/find.yaml",
          "url: /orders/{order}\nidentity: signed\nparameters:\n  - name: order\n    pattern: \"[A-Z]{2}[0-9]{6}\"\n"
          "    question: { en: Which?, sv: Vilken? }\n");
    given(story, "topics/find.md",
          "---\ntitle: { en: Find it, sv: Hitta }\nexamples: { en: [find my order, look for it], sv: [hitta ordern] }\n"
          "identity: signed\naction: find\nrelated: [delivery]\nquick_replies: { sv: [Varför?] }\n---\n"
          "It is at {{place}} since {{since}}.\n\n---\n\nA line.\n\n--- when: status=lost\nLost.\n--- when: refused=gone\nGone.\n"
          "--- when: general\nLook in the app.\n--- lang: sv\nDen är i {{place}}.\n--- when: status=lost, lang: sv\nBorta.\n");
    then_it_is_fine(story);
    const struct topic *topic = workspace_topic(story->workspace, STR("find"));
    assert_int_equal(topic->answer_count, 2);
    assert_int_equal(topic->case_count, 4);
    assert_true(str_find(topic->answers[0].text, STR("---\n\nA line."), 0) > 0);
    assert_true(str_equal(topic->cases[1].field, STR("refused")));
    assert_true(str_equal(topic->cases[1].value, STR("gone")));
    assert_true(str_equal(topic->cases[3].language, STR("sv")));
    assert_int_equal(topic->ceiling, AUTONOMY_ACT);
    assert_true(workspace_action(story->workspace, STR("find"))->parameters[0].required);
}

static struct str url_in(const struct workspace *workspace, const char *name, const char *language)
{
    return workspace_article(workspace, str_of(name), str_of(language))->url;
}

/* One file, one address, a text for each language; whoever asks for a language that it does not have gets the
 * workspace's first. */
static void an_article_has_a_text_for_each_language(void **state)
{
    struct story *story = *state;
    given(story, "knowledge/fees.md",
          "---\ntitle: { en: Fees, sv: Avgifter }\n---\nNone.\n\n---\n\n## More\n\nStill none.\n\n--- lang: sv\n\nInga.\n");
    given(story, "knowledge/fees-late.md", "---\ntitle: Sent\nlanguage: sv\nurl: https://lantern.example/sent\n---\nFem euro.\n");
    given(story, "knowledge/far.md",
          "---\ntitle: { en: Far, sv: Borta }\nurl: { sv: https://lantern.example/sv }\n---\nFar away.\n--- lang: sv\nLångt borta.\n");
    then_it_is_fine(story);
    const struct workspace *workspace = story->workspace;
    const struct article *english = workspace_article(workspace, STR("fees"), STR("en"));
    const struct article *swedish = workspace_article(workspace, STR("fees"), STR("sv"));
    assert_int_equal(workspace->article_files, 4);
    assert_int_equal(workspace->article_count, 6);
    assert_true(english + 1 == swedish);
    assert_true(str_equal(english->title, STR("Fees")) && str_equal(swedish->title, STR("Avgifter")));
    assert_true(str_equal(english->markdown, STR("None.\n\n---\n\n## More\n\nStill none.")));
    assert_true(str_equal(swedish->markdown, STR("Inga.")) && str_equal(swedish->language, STR("sv")));
    assert_true(workspace_article(workspace, STR("fees"), STR("de")) == english);
    assert_true(str_equal(workspace_article(workspace, STR("fees-late"), STR("en"))->title, STR("Sent")));
    assert_true(str_equal(url_in(workspace, "fees", "en"), STR("/help/fees")));
    assert_true(str_equal(url_in(workspace, "fees", "sv"), STR("/help/fees?language=sv")));
    assert_true(str_equal(url_in(workspace, "fees-late", "sv"), STR("https://lantern.example/sent")));
    assert_true(str_equal(url_in(workspace, "far", "en"), STR("/help/far")));
    assert_true(str_equal(url_in(workspace, "far", "sv"), STR("https://lantern.example/sv")));
    assert_null(workspace_article(workspace, STR("fee"), STR("en")));
}

static void the_first_wish_that_can_be_met_decides_the_language(void **state)
{
    struct story *story = *state;
    static const struct { const char *wishes, *language; } rows[] = {
        { "sv", "sv" }, { "SV", "sv" }, { "sv-FI", "sv" }, { "fi,sv-FI,en", "sv" }, { "en-GB,sv", "en" }, { "fi", "en" }, { "", "en" },
        { ",,", "en" }, { "svenska", "en" }, { "-", "en" },
    };
    then_it_is_fine(story);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (!str_equal(workspace_language(story->workspace, str_of(rows[i].wishes)), str_of(rows[i].language)))
            fail_msg("'%s' does not give %s", rows[i].wishes, rows[i].language);
    assert_true(str_equal(workspace_language(story->workspace, (struct str){ NULL, 0 }), STR("en")));
}

static void the_version_is_that_of_the_files(void **state)
{
    struct story *story = *state;
    struct arena arena = { 0 };
    then_it_is_fine(story);
    struct str first = arena_copy(&arena, story->workspace->version);
    then_it_is_fine(story);
    assert_true(str_equal(first, story->workspace->version));
    given(story, "knowledge/delivery.md", "---\ntitle: Delivery\n---\nThree days.\n");
    then_it_is_fine(story);
    assert_false(str_equal(first, story->workspace->version));
    arena_free(&arena);
}

static void windows_lines_and_a_byte_order_mark_are_fine(void **state)
{
    struct story *story = *state;
    given(story, "topics/where.md",
          "\xef\xbb\xbf---\r\ntitle: Where?\r\nexamples: [a b, c d]\r\n---\r\nHere.\r\n--- lang: sv\r\nHär.\r\n");
    then_it_is_fine(story);
    assert_true(str_equal(workspace_topic(story->workspace, STR("where"))->answers[1].text, STR("Här.")));
}

/* One mistake a row. `file` gets `text` whole. */
struct mistake {
    const char *file, *text;
    int line;
    const char *words;
};

static const struct mistake mistakes[] = {
    /* YAML itself */
    { "workspace.yaml", "name: [Lantern\nlanguages: [en]\n", 2, "not valid YAML" },
    { "workspace.yaml", YAML "\tdescription: x\n", 6, "not valid YAML" },
    { "workspace.yaml", YAML "name: Other\n", 6, "stands on line 1 already" },
    { "workspace.yaml", YAML "description: \"  å\"\nprivacy_url: \x01\n", 7, "not valid YAML" },
    { "workspace.yaml", YAML "description: &x y\n", 6, "anchors are not taken" },
    { "workspace.yaml", YAML "description: !!str y\n", 6, "tags are not taken" },
    { "workspace.yaml", YAML "description: *x\n", 6, "aliases are not taken" },
    { "workspace.yaml", YAML "? [a]\n: b\n", 6, "a key is a list" },
    { "workspace.yaml", "- name\n- languages\n", 1, "should be a map, but is a list" },
    { "workspace.yaml", "", 1, "should be a map, but is nothing" },
    { "workspace.yaml", YAML "---\nname: x\n", 6, "second YAML document" },
    { "workspace.yaml", YAML "theme: [[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]\n", 6, "nested deeper" },
    { "workspace.yaml", YAML "description: \xff\n", 6, "not valid UTF-8" },
    /* keys and types */
    { "workspace.yaml", YAML "descripton: x\n", 6, "did you mean 'description'?" },
    { "workspace.yaml", YAML "zzz: x\n", 6, "unknown key 'zzz'" },
    { "workspace.yaml", "languages: [en]\n", 1, "the key 'name' is missing" },
    { "workspace.yaml", "name: Lantern\n", 1, "the key 'languages' is missing" },
    { "workspace.yaml", "name: Lantern\nlanguages: []\n", 2, "'languages' is empty" },
    { "workspace.yaml", "name: Lantern\nlanguages: [english!]\n", 2, "not a language code" },
    { "workspace.yaml", "name: Lantern\nlanguages: en\n", 2, "should be a list, but is text" },
    { "workspace.yaml", "name:\nlanguages: [en]\n", 1, "but is nothing" },
    { "workspace.yaml", "name: \"  \"\nlanguages: [en]\n", 1, "'name' is empty" },
    { "workspace.yaml", YAML "description: |\n  a\n  b\n", 6, "more than one line" },
    { "workspace.yaml", YAML "greeting: { fi: Moi }\n", 6, "not one of the workspace's" },
    { "workspace.yaml", YAML "timezone: Europe/Stokholm\n", 6, "not a time zone" },
    { "workspace.yaml", YAML "xåååååååååååååååååååååååååååååååååååååååå: 1\n", 6, "unknown key" },
    { "workspace.yaml", YAML "timezone: Europe\n", 6, "not a time zone" }, /* a folder of them */
    { "workspace.yaml", YAML "timezone: zone.tab\n", 6, "not a time zone" },
    { "workspace.yaml", YAML "theme:\n  accent: green\n", 7, "not a colour" },
    { "workspace.yaml", YAML "privacy_url: javascript:alert(1)\n", 6, "not a safe address" },
    { "workspace.yaml", YAML "privacy_url: http://example.com/\n", 6, "not a safe address" },
    { "workspace.yaml", YAML "privacy_url: http://127.0.0.1:80@example.com/\n", 6, "not a safe address" },
    { "workspace.yaml", YAML "privacy_url: https://lantern.example@evil.example/\n", 6, "not a safe address" },
    { "workspace.yaml", YAML "origins: [https://shop.example/path]\n", 6, "not an origin" },
    { "workspace.yaml", YAML "dispositions: [Solved]\n", 6, "'Solved' is not a name" },
    { "workspace.yaml", YAML "dispositions: [solved, solved]\n", 6, "twice" },
    { "workspace.yaml", YAML "identity:\n  secret_file: no.such\n", 7, "cannot be read" },
    { "workspace.yaml", YAML "assistant:\n  answer_threshold: 60\n", 7, "from 0 to 1" },
    { "workspace.yaml", YAML "assistant:\n  answer_threshold: 0.2\n", 7, "greater than answer_threshold" },
    { "workspace.yaml", YAML "safety:\n  emergency_number: call us\n", 7, "not a number to call" },
    { "workspace.yaml", YAML "safety:\n  help:\n    selfharm: Call\n", 8, "did you mean 'self_harm'?" },
    { "workspace.yaml", YAML "safety:\n  help: [self_harm]\n", 7, "should be a map" },
    { "workspace.yaml", YAML "safety:\n  help:\n    debt: { fi: Soita }\n", 8, "not one of the workspace's" },
    { "workspace.yaml", YAML "titles:\n  order: Deliveries\n", 7, "did you mean 'orders'?" },
    { "workspace.yaml", YAML "titles: [orders]\n", 6, "should be a map" },
    { "workspace.yaml", YAML "titles:\n  orders: \"\"\n", 7, "'orders' is empty" },
    { "workspace.yaml", YAML "engine:\n  lease_ms: soon\n", 7, "whole number" },
    { "workspace.yaml", YAML "engine:\n  lease_ms: 1\n", 7, "from 2000 to 300000" },
    { "workspace.yaml", YAML "engine:\n  leas_ms: 9000\n", 7, "did you mean 'lease_ms'?" },
    { "workspace.yaml", YAML "canned:\n  - name: a\n    title: A\n", 7, "the key 'text' is missing" },
    { "workspace.yaml", YAML "canned:\n  - { name: a, title: A, text: A }\n  - { name: a, title: A, text: A }\n", 8, "twice" },
    { "workspace.yaml", YAML "staff:\n  - { login: a, name: A, password: short }\n", 7, "less than 8 bytes" },
    { "workspace.yaml", YAML "staff:\n  - { login: a, name: A, password: long enough, role: boss }\n", 7, "'role' cannot be 'boss'" },
    { "workspace.yaml", YAML "staff:\n  - { login: a, name: A, password: long enough, role: supervisr }\n", 7, "did you mean 'supervisor'?" },
    { "workspace.yaml", YAML "staff:\n  - { login: a, name: A, password: long enough, skills: [order] }\n", 7, "did you mean 'orders'?" },
    { "workspace.yaml", YAML "staff:\n  - { login: a, name: A, password: long enough, capacity: 99 }\n", 7, "from 1 to 20" },
    { "workspace.yaml", "name: L\nlanguages: [en]\nactions:\n  base_url: /x\n", 4, "'base_url' has no host" },
    { "workspace.yaml", "name: L\nlanguages: [en]\nactions:\n  base_url: http://api.example.com\n", 4, "not a safe address" },
    { "workspace.yaml", "name: L\nlanguages: [en]\nactions:\n  base_url: http://localhost:80@api.example.com\n", 4, "not a safe address" },
    /* topics */
    { "topics/a.md", "title: x\n", 1, "front matter is missing" },
    { "topics/a.md", "---\ntitle: x\n", 1, "front matter has no end" },
    { "topics/a.md", "---\nexamples: [a b, c d]\n---\nx\n", 2, "the key 'title' is missing" },
    { "topics/a.md", "---\ntitle: x\nexmaples: [a]\n---\nx\n", 3, "did you mean 'examples'?" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b]\n---\nx\n", 3, "too few example" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\n", 5, "no answer in 'en'" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\n--- lang: sv\nHej\n", 5, "no answer in 'en'" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n\n--- lagn: sv\ny\n", 7, "did you mean 'lang'?" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n\n--- lang: xx\ny\n", 7, "not one of the workspace's" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n--- lang: sv\n", 6, "the section is empty" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n--- lang: en\ny\n", 6, "a second answer in 'en'" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n--- when: a=b\ny\n", 6, "'when' is for topics with an action" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n--- when: a\ny\n", 6, "cannot be read" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n--- lang: sv\n\ny\n\n<b>z</b>\n", 10, "raw HTML is not shown" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n--- lang: sv\n\ny\n{{z\n", 9, "a placeholder has no end" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\n\n\nx\n{{z\n", 8, "a placeholder has no end" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx {{y}}\n", 5, "no action that could fill them" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n\ny {{z\n", 7, "a placeholder has no end" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx {{a b}}\n", 5, "is not a placeholder" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx {{#a}}\n", 5, "{{/a}} is missing" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx {{/a}}\n", 5, "closes nothing" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx\n\n<b>y</b>\n", 7, "raw HTML is not shown" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\n<script>x</script>\n", 5, "raw HTML is not shown" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx [y](javascript:z)\n", 5, "unsafe address" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\nx [y](//evil.example)\n", 5, "unsafe address" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\n---\n![y](/z.png)\n", 5, "a picture is not shown" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\naction: find\n---\nx\n", 4, "there is no action 'find'" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\nrelated: [delivry]\n---\nx\n", 4, "did you mean 'delivery'?" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\nskills: [nothing]\n---\nx\n", 4, "there is no skill 'nothing'" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\nautonomy: act\n---\nx\n", 4, "needs an action" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, c d]\nautonomy: all\n---\nx\n", 4, "'autonomy' cannot be 'all'" },
    { "topics/z.md", "---\ntitle: x\nexamples:\n  - c d\n  - Where is my parcel\n---\nx\n", 5, "stands in topics/where.md:3 too" },
    { "topics/A.md", TOPIC, 0, "not a name" },
    { "topics/a.txt", TOPIC, 0, "only files that end in .md" },
    { "topics/a.md", "---\ntitle: x\nexamples: [a b, a b, c d]\n---\nx\n", 3, "twice" },
    /* articles */
    { "knowledge/a.md", "---\ntitle: x\n---\n", 4, "the article is empty" },
    { "knowledge/a.md", "---\ntitle: x\nurl: ftp://x\n---\nx\n", 3, "not a safe address" },
    { "knowledge/a.md", "---\ntitle: x\nlanguage: de\n---\nx\n", 3, "not one of the workspace's" },
    { "knowledge/a.md", "---\ntitle: x\n---\n[x]({{y}})\n", 4, "unsafe address" },
    { "knowledge/a.md", "---\ntitle: x\n---\nx\n--- lang: sv\ny\n", 5, "no title in 'sv'" },
    { "knowledge/a.md", "---\ntitle: { en: x, sv: y }\n---\nx\n", 4, "a title in 'sv', but no text" },
    { "knowledge/a.md", "---\ntitle: { en: x, sv: y }\n---\nx\n--- lang: sv\ny\n--- lang: sv\nz\n", 7, "a second text in 'sv'" },
    { "knowledge/a.md", "---\ntitle: { en: x, sv: y }\n---\nx\n--- lang: sv, when: a=b\ny\n", 5, "no 'when'" },
    { "knowledge/a.md", "---\ntitle: { en: x, sv: y }\n---\nx\n--- lang: sv\n\n", 5, "the section is empty" },
    { "knowledge/a.md", "---\ntitle: { en: x, sv: y }\n---\nx\n--- lang: sv\ny\n\n<b>z</b>\n", 8, "raw HTML" },
    { "knowledge/a.md", "---\ntitle: { en: x, sv: y }\n---\nx\n--- lagn: sv\ny\n", 5, "did you mean 'lang'?" },
    { "knowledge/a.md", "---\ntitle: |\n  x\n  y\n---\nx\n", 2, "more than one line" },
    { "knowledge/a.md", "---\ntitle: x\nurl: { en: /x, sv: \"javascript:x\" }\n---\nx\n", 3, "not a safe address" },
    /* actions */
    { "actions/a.yaml", "method: GET\n", 1, "the key 'url' is missing" },
    { "actions/a.yaml", "url: https://x.example/a\nretries: 9\n", 2, "3" },
    { "actions/a.yaml", "url: https://x.example/a\nresult: text\n", 2, "a schema is text" },
    { "actions/a.yaml", "url: https://x.example/a\nresult:\n  typ: object\n", 3, "no keyword 'typ'" },
    { "actions/a.yaml", "url: https://x.example/a\nresult:\n  type: objekt\n", 3, "'type' is text" },
    { "actions/a.yaml", "url: https://x.example/a\nresult:\n  properties:\n    a: { minimum: low }\n", 4, "'minimum' is text" },
    { "actions/a.yaml", "url: https://x.example/a\nresult:\n  items: { pattern: \"((\" }\n", 3, "'pattern' is text" },
    { "actions/a.yaml", "url: http://evil.example/x\n", 1, "not a safe address" },
    { "actions/a.yaml", "url: /x/{customer}\n", 1, "the identity may be missing" },
    { "actions/a.yaml", "url: /x/{order}\n", 1, "which is no parameter" },
    { "actions/a.yaml", "url: https://{order}/x\n", 1, "in the host" },
    { "actions/a.yaml", "method: FETCH\nurl: /x\n", 1, "'method' cannot be 'FETCH'" },
    { "actions/a.yaml", "method: POST\nurl: /x\nchanges: true\n", 1, "no 'confirmation'" },
    { "actions/a.yaml", "method: DELETE\nurl: /x\n", 1, "DELETE changes something" },
    { "actions/a.yaml", "url: /x\nchanges: yes\n", 2, "neither true nor false" },
    { "actions/a.yaml", "url: /x\ntimeout_ms: 99999\n", 2, "from 100 to 10000" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"[a-\"\n    question: x\n", 4, "cannot be used" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"(a)\\\\1\"\n    question: x\n", 4, "refers back" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"((a{99}){99}){99}\"\n    question: x\n", 4, "repeats too often" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"a{20009}\"\n    question: x\n", 4, "repeats too often" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"a+++++++++++++++\"\n    question: x\n", 4, "repeats too often" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"(a{999})*{999}\"\n    question: x\n", 4, "repeats too often" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"([^])]a{300}){300}\"\n    question: x\n", 4, "repeats too often" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"([[.].])]a{300}){300}\"\n    question: x\n", 4, "repeats too often" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: a\n    pattern: \"a\"\n", 3, "has no 'question'" },
    { "actions/a.yaml", "url: /x\nparameters:\n  - name: customer\n    pattern: \"a\"\n    question: x\n", 3, "cannot be called 'customer'" },
};

static void every_mistake_is_named_with_its_line(void **state)
{
    struct story *story = *state;
    for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
        const struct mistake *mistake = &mistakes[i];
        given(story, mistake->file, mistake->text);
        then_it_says(story, mistake->file, mistake->line, mistake->words);
        if (strcmp(mistake->file, "workspace.yaml") == 0)
            given(story, "workspace.yaml", YAML);
        else
            unlink(folder_file(&story->folder, mistake->file));
    }
    then_it_is_fine(story);
}

static void all_mistakes_are_found_in_one_pass(void **state)
{
    struct story *story = *state;
    given(story, "workspace.yaml", YAML "descripton: x\nengine:\n  leas_ms: 1\n");
    given(story, "topics/a.md", "---\ntitel: x\nexamples: [a b, c d]\naction: none\n---\n<b>x</b> {{y}}\n");
    given(story, "knowledge/b.md", "no front matter\n");
    when_it_is_read(story);
    assert_null(story->workspace);
    assert_true(story->problems.count >= 7);
    for (size_t i = 1; i < story->problems.count; i++)
        assert_true(str_compare(story->problems.items[i - 1].file, story->problems.items[i].file) <= 0);
}

static void front_matter_that_cannot_be_read_is_one_mistake(void **state)
{
    static const char *const files[] = { "topics/a.md", "knowledge/a.md" };
    struct story *story = *state;
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        given(story, files[i], "---\ntitle: [x\n---\n{{y}}\n\n--- when: refused\nz\n\n--- lang: sv\n");
        then_it_says(story, files[i], 3, "not valid YAML");
        assert_int_equal(story->problems.count, 1);
        unlink(folder_file(&story->folder, files[i]));
    }
}

static void a_workspace_yaml_that_cannot_be_read_is_one_mistake(void **state)
{
    static const char *const contents[] = { "", "- a list\n", "name: [\n", "name: \xe9\n" };
    struct story *story = *state;
    given(story, "topics/where.md", "---\ntitle: Where?\nskills: [delivery]\nexamples: [a b, c d, e f, g h, i j]\n---\nHere.\n");
    given(story, "actions/look.yaml", "method: GET\nurl: /look\n");
    for (size_t i = 0; i < ARRAY_LEN(contents); i++) {
        given(story, "workspace.yaml", contents[i]);
        when_it_is_read(story);
        assert_null(story->workspace);
        for (size_t k = 0; k < story->problems.count; k++)
            if (!str_equal(story->problems.items[k].file, STR("workspace.yaml"))) print_all(story), fail();
        assert_true(story->problems.count >= 1);
    }
}

static void limits_hold(void **state)
{
    struct story *story = *state;
    struct buf text;
    buf_init(&text, LIMIT_FILE * 2);
    buf_add_str(&text, STR("---\ntitle: x\nexamples:\n"));
    for (int i = 0; i <= LIMIT_UTTERANCES; i++)
        buf_add_format(&text, "  - example %d of many\n", i);
    buf_add_str(&text, STR("---\nx\n"));
    given(story, "topics/a.md", buf_cstr(&text));
    then_it_says(story, "topics/a.md", 4, "at most 1000 are allowed");

    buf_clear(&text);
    buf_add_str(&text, STR("---\ntitle: x\nexamples: [a b, c d]\n---\n"));
    for (int i = 0; i <= LIMIT_MESSAGE; i++)
        buf_add_char(&text, 'x');
    given(story, "topics/a.md", buf_cstr(&text));
    then_it_says(story, "topics/a.md", 5, "at most 8000 are allowed");

    buf_clear(&text);
    buf_add_str(&text, STR("---\ntitle: x\nexamples: [a b, c d]\naction: a\n---\nx\n"));
    for (int i = 0; i < 256; i++)
        buf_add_format(&text, "--- when: a=%d\nx\n", i);
    given(story, "topics/a.md", buf_cstr(&text));
    then_it_says(story, "topics/a.md", 517, "more than 256 sections");

    for (int i = 0; i <= LIMIT_FILE; i++)
        buf_add_char(&text, 'x');
    given(story, "topics/a.md", buf_cstr(&text));
    then_it_says(story, "topics/a.md", 0, "larger than");
    unlink(folder_file(&story->folder, "topics/a.md"));

    buf_clear(&text);
    buf_add_str(&text, STR(YAML "description: "));
    for (int i = 0; i <= LIMIT_LIST; i++)
        buf_add_char(&text, 'x');
    given(story, "workspace.yaml", buf_cstr(&text));
    then_it_says(story, "workspace.yaml", 6, "at most 1024 are allowed");
    buf_free(&text);
}

static void what_is_not_a_plain_file_is_refused(void **state)
{
    struct story *story = *state;
    given(story, "outside.md", TOPIC);
    assert_int_equal(symlink("../outside.md", folder_file(&story->folder, "topics/link.md")), 0);
    then_it_says(story, "topics/link.md", 0, "symbolic link");
    unlink(folder_file(&story->folder, "topics/link.md"));

    mkdir(folder_file(&story->folder, "topics/deep.md"), 0755);
    then_it_says(story, "topics/deep.md", 0, "not a regular file");
    rmdir(folder_file(&story->folder, "topics/deep.md"));

    given(story, "topics/.hidden.md", "x");
    given(story, "topics/where.md~", "x");
    then_it_is_fine(story);
    unlink(folder_file(&story->folder, "workspace.yaml"));
    then_it_says(story, "workspace.yaml", 0, "no such file");
}

static void a_missing_folder_is_a_problem_not_a_crash(void **state)
{
    struct problems problems = { 0 };
    UNUSED(state);
    assert_null(workspace_read("/no/such/folder", &problems));
    assert_int_equal(problems.count, 1);
    problems_free(&problems);
}

static void a_secret_must_be_long_enough(void **state)
{
    struct story *story = *state;
    given(story, "key", "short\n");
    given(story, "workspace.yaml", YAML "identity:\n  secret_file: key\n");
    then_it_says(story, "workspace.yaml", 7, "at least 16 are needed");
    given(story, "key", "");
    then_it_says(story, "workspace.yaml", 7, "has 0 bytes");
    given(story, "key", "  0123456789abcdef\n");
    then_it_is_fine(story);
    assert_true(str_equal(story->workspace->identity_secret, STR("0123456789abcdef")));
}

static void as_many_keys_as_a_map_may_have(void **state)
{
    struct story *story = *state;
    struct buf text;
    buf_init(&text, 65536);
    buf_add_str(&text, STR("title: x\nurl: https://a.example/x\nresult:\n  properties:\n"));
    for (int i = 1; i <= 256; i++)
        buf_add_format(&text, "    k%d: { type: string }\n", i);
    given(story, "actions/wide.yaml", buf_cstr(&text));
    then_it_is_fine(story);
    buf_add_str(&text, STR("    k257: { type: string }\n    k258: { type: string }\n"));
    given(story, "actions/wide.yaml", buf_cstr(&text));
    then_it_says(story, "actions/wide.yaml", 4 + 257, "more than 256 keys");
    buf_free(&text);
}

/* One more, drafted in the browser, would be one too many: that is said before it is published and the next start fails. */
static void a_draft_may_not_be_one_file_too_many(void **state)
{
    struct story *story = *state;
    struct drafted_file draft = { STR("knowledge/one-more.md"), STR(ARTICLE), false };
    struct arena arena = { 0 };
    for (int i = 1; i < LIMIT_WORKSPACE_FILES; i++)
        given(story, arena_format(&arena, "knowledge/a%d.md", i).data, ARTICLE);
    then_it_is_fine(story);
    assert_int_equal(story->workspace->article_files, LIMIT_WORKSPACE_FILES);
    assert_null(workspace_read_drafted(story->folder.path, &draft, 1, &story->problems));
    assert_int_equal(story->problems.count, 1);
    assert_true(str_find(story->problems.items[0].what, STR("more than 4096 files"), 0) >= 0);
    arena_free(&arena);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_small_workspace_is_read), TEST(the_settings_alone_are_read), TEST(help_lines_are_read), TEST(titles_of_skills_and_dispositions_are_read), TEST(an_address_may_have_an_at_sign_behind_its_host), TEST(a_full_topic_is_read),
        TEST(an_article_has_a_text_for_each_language), TEST(the_first_wish_that_can_be_met_decides_the_language),
        TEST(the_version_is_that_of_the_files),
        TEST(windows_lines_and_a_byte_order_mark_are_fine), TEST(every_mistake_is_named_with_its_line),
        TEST(all_mistakes_are_found_in_one_pass), TEST(a_workspace_yaml_that_cannot_be_read_is_one_mistake), TEST(front_matter_that_cannot_be_read_is_one_mistake),
        TEST(limits_hold), TEST(as_many_keys_as_a_map_may_have), TEST(a_draft_may_not_be_one_file_too_many), TEST(what_is_not_a_plain_file_is_refused),
        TEST(a_missing_folder_is_a_problem_not_a_crash), TEST(a_secret_must_be_long_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
