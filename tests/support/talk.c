#include "talk.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "base/limits.h"

struct assistant *talk_learn(const char *folder, struct workspace **workspace)
{
    struct err err = { "" };
    struct problems problems = { 0 };
    *workspace = workspace_read(folder, &problems);
    for (size_t i = 0; i < problems.count; i++)
        print_message("%.*s:%d: %.*s\n", STR_ARG(problems.items[i].file), problems.items[i].line, STR_ARG(problems.items[i].what));
    problems_free(&problems);
    assert_non_null(*workspace);
    struct assistant *assistant = assistant_new(&err, *workspace);
    if (!assistant) fail_msg("%s", err.text);
    return assistant;
}

void talk_place_make(struct talk_place *place, const struct talk_file *files, size_t count)
{
    static const char *const folders[] = { "topics", "knowledge", "actions" };
    folder_make(&place->folder);
    for (size_t i = 0; i < ARRAY_LEN(folders); i++)
        mkdir(folder_file(&place->folder, folders[i]), 0755);
    for (size_t i = 0; i < count; i++)
        file_write(folder_file(&place->folder, files[i].name), str_of(files[i].text));
}

void talk_place_learn(struct talk_place *place)
{
    place->assistant = talk_learn(place->folder.path, &place->workspace);
}

void talk_place_remove(struct talk_place *place)
{
    assistant_free(place->assistant);
    workspace_free(place->workspace);
    folder_remove(&place->folder);
}

static struct action_result play(void *context, struct arena *arena, const struct action *action, struct str parameters,
                                 struct str key)
{
    struct talk *talk = context;
    talk->calls++;
    talk->called = action;
    talk->parameters = arena_copy(arena, parameters);
    talk->key = arena_copy(arena, key);
    return (struct action_result){ talk->outcome, talk->json, 1, false };
}

void talk_begin(struct talk *talk, const struct assistant *assistant)
{
    *talk = (struct talk){ .assistant = assistant, .outcome = STR("done"), .json = STR("{}"), .parameters = STR_EMPTY, .key = STR_EMPTY };
    talk->question = (struct question){ .language = STR("en"), .failed_turns_max = 2, .customer_id = STR("C-1"), .customer_name = STR("Maja"),
                                        .verified = true, .act = play, .context = talk };
}

void talk_end(struct talk *talk)
{
    arena_free(&talk->arena);
}

int talk_place_end(void **state)
{
    talk_place_remove(*state);
    return 0;
}

int talk_story_begin(void **state)
{
    static struct talk talk;
    const struct talk_place *place = *state;
    talk_begin(&talk, place->assistant);
    *state = &talk;
    return 0;
}

int talk_story_end(void **state)
{
    talk_end(*state);
    return 0;
}

void talk_with_a_stranger(struct talk *talk)
{
    talk->question.customer_id = talk->question.customer_name = STR_EMPTY;
    talk->question.verified = false;
}

static void must_be_json(struct str text)
{
    json_t *json = json_loadb(text.data, text.len, 0, NULL);
    assert_true(json_is_object(json));
    json_decref(json);
}

void talk_say(struct talk *talk, struct str text)
{
    talk->question.text = text;
    talk->question.key = arena_format(&talk->arena, "turn-%d", ++talk->turns);
    assistant_decide(talk->assistant, &talk->question, &talk->arena, &talk->reply);
    talk->question.dialogue = talk->reply.dialogue;
    talk->question.failed_turns = talk->reply.failed ? talk->question.failed_turns + 1 : 0;
    must_be_json(talk->reply.explanation);
    must_be_json(talk->reply.dialogue);
    assert_true(talk->reply.dialogue.len <= LIMIT_DIALOGUE);
    assert_true(talk->reply.text.len > 0 && talk->reply.text.len <= LIMIT_MESSAGE && str_is_utf8(talk->reply.text));
}

void talk_then(struct talk *talk, enum decision decision, const char *text)
{
    const struct reply *reply = &talk->reply;
    if (reply->decision != decision || (text && str_find(reply->text, str_of(text), 0) < 0))
        fail_msg("'%.*s' gave %s, '%.*s' %.*s", STR_ARG(talk->question.text), decision_names[reply->decision], STR_ARG(reply->text),
                 STR_ARG(reply->explanation));
}

void talk_back_end_says(struct talk *talk, const char *outcome, const char *json)
{
    talk->outcome = str_of(outcome);
    talk->json = str_of(json);
}

void talk_called(const struct talk *talk, int calls, const char *action, const char *parameters)
{
    assert_int_equal(talk->calls, calls);
    assert_true(str_equal(talk->called->name, str_of(action)));
    json_t *got = json_loadb(talk->parameters.data, talk->parameters.len, 0, NULL), *wanted = json_loads(parameters, 0, NULL);
    assert_non_null(wanted);
    assert_true(json_equal(got, wanted));
    json_decref(got);
    json_decref(wanted);
}

bool talk_offers(const struct talk *talk, const char *choice)
{
    for (size_t i = 0; i < talk->reply.choice_count; i++)
        if (str_equal(talk->reply.choices[i], str_of(choice)))
            return true;
    return false;
}
