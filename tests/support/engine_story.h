/* engine_story.h - small verbs to tell a story to an engine in virtual time.
 *
 *     struct story s;
 *     story_begin(&s);                                  // English and Spanish, skills, topics
 *     uint64_t maria = story_customer(&s), ana = story_agent(&s, "payments", "en");
 *     story_online(&s, ana);
 *     uint64_t chat = story_open(&s, maria);
 *     story_ask_human(&s, maria, chat);
 *     story_accept(&s, ana);
 *     story_end(&s);                                    // replays everything and compares (P8)
 *
 * Verbs expect to succeed and fail the test otherwise; `story_give` takes any command and says what
 * it came to in s.outcome. s.events holds the events of the last command; s.log all of them. */
#ifndef TESTS_ENGINE_STORY_H
#define TESTS_ENGINE_STORY_H

#include "engine/engine.h"

struct story_record {
    uint64_t seq;
    struct str bytes;
};

struct story {
    struct engine *engine;
    int64_t now_ms;
    struct events events;
    struct outcome outcome;
    struct story_record *log;
    size_t log_count, log_room;
    uint64_t logins, tokens;
};

/* Languages en, es; skills payments, cards, loans; topics due-date (payments), lost-card (cards),
 * greeting (none). offer_patience 15 s, lease 20 s, wrapup 30 s, decline_rest 30 s. */
#define STORY_SETTINGS \
    "language en\nlanguage es\nskill payments\nskill cards\nskill loans\n" \
    "topic due-date payments\ntopic lost-card cards\ntopic greeting\n"
#define STORY_START 1790000000000 /* a Monday morning */

void story_begin(struct story *story);
void story_begin_with(struct story *story, const char *settings);
/* Replays the log into a new engine, and encodes and decodes: all states must be equal. */
void story_end(struct story *story);
/* The same check in the middle of a story. */
void story_check_replay(const struct story *story);

enum refusal story_give(struct story *story, const struct command *command);
enum refusal story_configure(struct story *story, const char *version, const char *settings);
/* Time goes on; the engine is woken whenever it wants to be. With _alive all agents send heartbeats meanwhile. */
void story_wait(struct story *story, int64_t ms);
void story_wait_alive(struct story *story, int64_t ms);

uint64_t story_customer(struct story *story);
uint64_t story_agent(struct story *story, const char *skills, const char *languages);
uint64_t story_staff(struct story *story, const char *role, const char *skills, const char *languages);
void story_online(struct story *story, uint64_t agent);
void story_presence(struct story *story, uint64_t agent, const char *state);

uint64_t story_open(struct story *story, uint64_t customer);
uint64_t story_say(struct story *story, uint64_t customer, uint64_t conversation, const char *text); /* its seq */
void story_ask_human(struct story *story, uint64_t customer, uint64_t conversation);
/* Opens, speaks and asks for a person. */
uint64_t story_waiting(struct story *story, uint64_t customer);
void story_answer(struct story *story, uint64_t conversation, const char *topic, const char *text);
uint64_t story_accept(struct story *story, uint64_t agent);   /* the first offer; its conversation */
void story_decline(struct story *story, uint64_t agent);
void story_resolve(struct story *story, uint64_t agent, uint64_t conversation);

/* Commands with the actor filled in. */
struct command story_by_customer(enum command_kind kind, uint64_t customer, uint64_t conversation);
struct command story_by_agent(enum command_kind kind, uint64_t agent, uint64_t conversation);
struct command story_by_supervisor(enum command_kind kind, uint64_t agent, uint64_t conversation);
struct command story_by_assistant(enum command_kind kind, uint64_t conversation);
struct command story_by_node(enum command_kind kind);

/* Looking. */
struct conversation_view story_conversation(const struct story *story, uint64_t conversation);
struct agent_view story_agent_view(const struct story *story, uint64_t agent);
uint64_t story_offer_of(const struct story *story, uint64_t agent); /* the first pending one, or 0 */
size_t story_count(const struct story *story, enum event_kind kind); /* among the last command's events */
const struct event *story_event(const struct story *story, enum event_kind kind); /* the first; NULL if none */
/* The last command's event kinds by name, in order, separated by a blank. */
const char *story_kinds(const struct story *story, char *text, size_t len);

#define assert_refused(story, command, refusal_name) \
    assert_int_equal(story_give((story), (command)), REFUSAL_##refusal_name)
#define assert_events(story, expected) \
    assert_string_equal(story_kinds((story), (char[1024]){ 0 }, 1024), (expected))

#endif
