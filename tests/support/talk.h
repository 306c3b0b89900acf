/* talk.h - a conversation with the assistant, turn by turn, over a workspace and a back end that is played. */
#ifndef SUPPORT_TALK_H
#define SUPPORT_TALK_H

#include "assistant/assistant.h"
#include "folder.h"

struct talk {
    const struct assistant *assistant;
    struct arena arena;
    struct question question;   /* of a customer who is logged in, unless changed */
    struct reply reply;         /* to what was said last */
    struct str outcome, json;   /* what the back end will answer */
    int turns, calls;
    const struct action *called; /* last; */
    struct str parameters, key;  /* with these */
};

/* A workspace's folder and what was learned from it, for all stories of a program. */
struct talk_place {
    struct folder folder;
    struct workspace *workspace;
    struct assistant *assistant;
};

struct talk_file { const char *name, *text; };

/* Makes the folder with topics, knowledge and actions; then files are written into it and learned from. */
void talk_place_make(struct talk_place *place, const struct talk_file *files, size_t count);
void talk_place_learn(struct talk_place *place);
void talk_place_remove(struct talk_place *place);

/* Learns from a workspace's folder; fails the test with what is wrong in it. Free with workspace_free, assistant_free. */
struct assistant *talk_learn(const char *folder, struct workspace **workspace);

void talk_begin(struct talk *talk, const struct assistant *assistant);
void talk_end(struct talk *talk);
void talk_with_a_stranger(struct talk *talk);

/* cmocka's fixtures. The group's state is its place, which the group's set-up leaves in *state; a story's is its talk. */
int talk_place_end(void **state);
int talk_story_begin(void **state);
int talk_story_end(void **state);

void talk_back_end_says(struct talk *talk, const char *outcome, const char *json);

/* Asserts of every reply that it is text, and that what is to be stored is JSON and fits. */
void talk_say(struct talk *talk, struct str text);

/* Fails with the whole story unless the decision is so and the reply contains `text` (NULL: anything). */
void talk_then(struct talk *talk, enum decision decision, const char *text);
/* Fails unless so many calls were made, and the last one was of the action with these parameters. */
void talk_called(const struct talk *talk, int calls, const char *action, const char *parameters);
bool talk_offers(const struct talk *talk, const char *choice);

#endif
