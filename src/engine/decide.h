/* decide.h - one command being decided.
 *
 * A handler checks everything first and then emits events; each is applied at once. Once an event
 * is emitted nothing may be refused any more. The table in decide.c says which handler a command
 * has; who may give it says command_table. */
#ifndef ENGINE_DECIDE_H
#define ENGINE_DECIDE_H

#include "engine/state.h"

struct decision {
    struct engine *engine;
    const struct command *command;
    int64_t now_ms;
    struct events *out;
    size_t first;                      /* index in out of the command's first event */
    struct agent *agent;               /* who acts, or NULL */
    struct customer *customer;         /* who acts, or NULL */
    struct conversation *conversation; /* that the command is about, when the handler has found it */
    const char *field;                 /* that a refusal is about, or NULL: a literal */
};

/* The same refusal, with the name of the field that is at fault. */
enum refusal decide_refuse(struct decision *decision, enum refusal refusal, const char *field);

/* A new event with its head filled in; pointer good until the next. decide_emit gives it number and
 * time and applies it. */
struct event *decide_event(struct decision *decision, enum event_kind kind, const struct conversation *conversation);
void decide_emit(struct decision *decision, struct event *event);

/* Sets decision->conversation, or refuses: a customer's own; one that the agent owns; one that the
 * agent owns or any if a supervisor acts (`decide_handled`); any that exists. */
enum refusal decide_own(struct decision *decision);
enum refusal decide_owned(struct decision *decision);
enum refusal decide_handled(struct decision *decision);
enum refusal decide_any(struct decision *decision);

/* Whether the optional field at this offset of the kind's struct was given. */
bool decide_given(const struct decision *decision, size_t offset);
#define DECIDE_GIVEN(decision, kind, field) \
    decide_given((decision), offsetof(struct command_##kind, field))

/* NULL if the text is empty or names no language of the workspace. "en-GB" is served as "en". */
struct symbol *decide_language(struct decision *decision, struct str language);

/* One handler a command: decide_wake, decide_configure, ... */
#define C(kind, member, who, meaning) enum refusal decide_##member(struct decision *decision);
COMMANDS(C)
#undef C

#endif
