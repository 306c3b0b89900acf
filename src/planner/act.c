/* act.c - statements that are commands or gestures. */
#include <stdio.h>

#include "base/memory.h"
#include "planner/player.h"

/* Staff who were not added by the operator come with all that the workspace knows. */
static json_t *staff_details(const struct script_statement *statement)
{
    static const char *const words[] = { "skills", "languages", "pool", "role" };
    json_t *details = json_object();
    for (size_t i = 0; statement && i < ARRAY_LEN(words); i++) {
        const struct script_value *value = script_option(statement, words[i]);
        if (value)
            json_object_set_new(details, words[i], json_stringn(value->text.data, value->text.len));
    }
    const struct script_value *capacity = statement ? script_option(statement, "capacity") : NULL;
    if (capacity)
        json_object_set_new(details, "capacity", json_integer(capacity->number));
    return details;
}

static json_t *customer_details(const struct script_statement *statement)
{
    static const char *const words[] = { "name", "email" };
    json_t *details = json_object();
    const struct script_value *id = script_argument(statement, 0);
    json_object_set_new(details, "identity", json_stringn(id->text.data, id->text.len));
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        const struct script_value *value = script_option(statement, words[i]);
        if (value)
            json_object_set_new(details, words[i], json_stringn(value->text.data, value->text.len));
    }
    if (script_option(statement, "forged"))
        json_object_set_new(details, "forged", json_true());
    return details;
}

static bool enter(struct player *player, const struct script_statement *statement, struct performer *performer,
                  json_t *details, struct act_answer *answer)
{
    struct err err = { "" };
    memset(answer, 0, sizeof *answer);
    bool fine = player->stage->enter(player->stage, &err, performer, details, answer);
    json_decref(details);
    if (!fine)
        return player_fail(player, statement, "%.*s cannot come in: %s", STR_ARG(performer->name), err.text);
    if (!answer->refusal[0] && answer->id)
        performer->id = answer->id;
    return true;
}

struct performer *player_performer(struct player *player, const struct script_statement *statement,
                                   struct line_of_play *line, bool may_enter)
{
    if (statement->who == BY_OPERATOR)
        return NULL;
    struct performer *performer = line->performer ? line->performer
                                                  : cast_find(&player->cast, statement->who, statement->name);
    if (!performer)
        performer = player_add(player, statement->who, statement->name);
    if (performer->id || !may_enter)
        return performer;
    json_t *details = json_object();
    if (statement->who == BY_SUPERVISOR)
        json_object_set_new(details, "role", json_string("supervisor"));
    struct act_answer answer;
    if (!enter(player, statement, performer, details, &answer))
        return NULL;
    if (answer.refusal[0]) {
        player_fail(player, statement, "%.*s cannot come in: %s", STR_ARG(performer->name), answer.refusal);
        return NULL;
    }
    return performer;
}

bool player_check_answer(struct player *player, const struct script_statement *statement,
                         const struct act_answer *answer)
{
    const struct script_value *refused = script_option(statement, "refused");
    if (refused && !answer->refusal[0])
        return player_fail(player, statement, "expected: refused with %.*s\n    seen: it was done",
                           STR_ARG(refused->text));
    if (refused && !str_equal(refused->text, str_of(answer->refusal)))
        return player_fail(player, statement, "expected: refused with %.*s\n    seen: refused with %s",
                           STR_ARG(refused->text), answer->refusal);
    if (!refused && answer->refusal[0])
        return player_fail(player, statement, "expected: it is done\n    seen: refused with %s", answer->refusal);
    if (script_option(statement, "repeated") && !answer->repeated)
        return player_fail(player, statement, "expected: answered as a repeated command\n    seen: done anew");
    return true;
}

/* The conversation that a line is about: named, or one's own, or the one that was opened last. */
static bool conversation_of(struct player *player, const struct script_statement *statement,
                            const struct performer *performer, uint64_t *out)
{
    const struct script_value *named = script_option(statement, "for");
    *out = performer ? performer->conversation : 0;
    if (named) {
        struct performer *customer = cast_find(&player->cast, BY_CUSTOMER, named->text);
        if (!customer || !customer->conversation)
            return player_fail(player, statement, "customer %.*s has opened no conversation", STR_ARG(named->text));
        *out = customer->conversation;
    }
    if (!*out && (!performer || performer->who != BY_CUSTOMER))
        *out = player->opened_last;
    return true;
}

/* The last offer in the inbox, or the last for that conversation. */
static uint64_t offer_of(const struct performer *agent, uint64_t conversation, uint64_t *of)
{
    for (size_t i = json_array_size(agent->inbox); i-- > 0;) {
        json_t *event = json_array_get(agent->inbox, i);
        const char *type = json_string_value(json_object_get(event, "type"));
        uint64_t about = (uint64_t)json_integer_value(json_object_get(event, "conversation"));
        if (!type || strcmp(type, "offer.made") != 0 || (conversation && about != conversation))
            continue;
        if ((uint64_t)json_integer_value(json_object_get(event, "agent")) != agent->id)
            continue;
        *of = about;
        return (uint64_t)json_integer_value(json_object_get(event, "offer"));
    }
    return 0;
}

/* seq of the last message of somebody else in the inbox. */
static uint64_t last_message(const struct performer *performer, uint64_t conversation)
{
    for (size_t i = json_array_size(performer->inbox); i-- > 0;) {
        json_t *event = json_array_get(performer->inbox, i);
        const char *type = json_string_value(json_object_get(event, "type"));
        if (type && !strcmp(type, "message.sent") &&
            (uint64_t)json_integer_value(json_object_get(event, "conversation")) == conversation)
            return (uint64_t)json_integer_value(json_object_get(event, "seq"));
    }
    return 0;
}

/* seq of the last message of the conversation: the agent may have come after it. */
static uint64_t last_said(struct player *player, struct performer *performer, uint64_t conversation)
{
    struct err err;
    json_t *state = player->stage->look(player->stage, &err, performer, LOOK_CONVERSATION, conversation);
    uint64_t seq = (uint64_t)json_integer_value(json_object_get(state, "last_seq"));
    json_decref(state);
    return seq ? seq : 1; /* not theirs to see: the server will say so */
}

/* The number of a wording that was learned while this supervisor was there, or 0. */
static uint64_t paraphrase_of(const struct performer *supervisor, struct str wording)
{
    for (size_t i = json_array_size(supervisor->inbox); i-- > 0;) {
        json_t *event = json_array_get(supervisor->inbox, i);
        const char *type = json_string_value(json_object_get(event, "type")), *text = json_string_value(json_object_get(event, "wording"));
        if (type && text && !strcmp(type, "paraphrase.learned") && str_equal(str_of(text), wording))
            return (uint64_t)json_integer_value(json_object_get(event, "paraphrase"));
    }
    return 0;
}

static json_t *text_value(const struct script_value *value)
{
    return json_stringn(value->text.data, value->text.len);
}

static void set_option(json_t *body, const struct script_statement *statement, const char *word)
{
    const struct script_value *value = script_option(statement, word);
    if (value && value->is_number)
        json_object_set_new(body, word, json_integer(value->number));
    else if (value)
        json_object_set_new(body, word, text_value(value));
}

/* The command a statement stands for, and its body. */
struct wish {
    enum command_kind kind;
    json_t *body;
    uint64_t conversation, target;
};

static bool wish_of_customer(struct player *player, const struct script_statement *statement, struct wish *wish)
{
    const struct script_value *first = script_argument(statement, 0), *second = script_argument(statement, 1);
    switch (statement->verb) {
    case SCRIPT_OPEN:
        wish->kind = COMMAND_OPEN;
        set_option(wish->body, statement, "language");
        return true;
    case SCRIPT_ASK_HUMAN: wish->kind = COMMAND_ASK_HUMAN; return true;
    case SCRIPT_END: wish->kind = COMMAND_END; return true;
    case SCRIPT_RATE:
        wish->kind = COMMAND_RATE;
        json_object_set_new(wish->body, "stars", json_integer(first->number));
        set_option(wish->body, statement, "comment");
        return true;
    case SCRIPT_APPOINTMENT:
        wish->kind = COMMAND_MAKE_APPOINTMENT;
        json_object_set_new(wish->body, "way", text_value(first));
        json_object_set_new(wish->body, "address", text_value(second));
        if (script_option(statement, "due"))
            json_object_set_new(wish->body, "due_at", json_integer(player->stage->now(player->stage) +
                                                                   script_option(statement, "due")->number));
        return true;
    default: return false;
    }
}

static bool wish_of_person(const struct script_statement *statement, const struct performer *performer,
                           struct wish *wish)
{
    const struct script_value *first = script_argument(statement, 0);
    switch (statement->verb) {
    case SCRIPT_SAY:
        wish->kind = COMMAND_SAY;
        json_object_set_new(wish->body, "text", text_value(first));
        return true;
    case SCRIPT_READ:
    case SCRIPT_RECEIVE:
        wish->kind = COMMAND_MARK;
        json_object_set_new(wish->body, "mark", json_string(statement->verb == SCRIPT_READ ? "read" : "delivered"));
        json_object_set_new(wish->body, "up_to", json_integer((json_int_t)last_message(performer, wish->conversation)));
        return true;
    default: return false;
    }
}

static bool wish_of_agent(struct player *player, const struct script_statement *statement, struct performer *performer,
                          struct wish *wish)
{
    const struct script_value *first = script_argument(statement, 0);
    const struct script_value *to = script_option(statement, "agent"), *skill = script_option(statement, "skill");
    switch (statement->verb) {
    case SCRIPT_ONLINE:
    case SCRIPT_AWAY:
    case SCRIPT_OFFLINE:
        wish->kind = COMMAND_SET_PRESENCE;
        json_object_set_new(wish->body, "state", json_string(script_verbs[statement->verb].word));
        return true;
    case SCRIPT_ACCEPT: wish->kind = COMMAND_ACCEPT; return true;
    case SCRIPT_DECLINE: wish->kind = COMMAND_DECLINE; return true;
    case SCRIPT_ALLOW: wish->kind = COMMAND_GIVE_APPROVAL; return true;
    case SCRIPT_REFUSE:
        wish->kind = COMMAND_REFUSE_APPROVAL;
        json_object_set_new(wish->body, "reason", text_value(first));
        return true;
    case SCRIPT_NOTE:
        wish->kind = COMMAND_NOTE;
        json_object_set_new(wish->body, "text", text_value(first));
        return true;
    case SCRIPT_TRANSFER:
        wish->kind = COMMAND_TRANSFER;
        if (to) {
            struct performer *colleague = cast_find(&player->cast, BY_STAFF, to->text);
            json_object_set_new(wish->body, "to_agent", json_integer(colleague ? (json_int_t)colleague->id : 999999999));
        }
        if (skill)
            json_object_set_new(wish->body, "to_skill", text_value(skill));
        set_option(wish->body, statement, "note");
        return true;
    case SCRIPT_RESOLVE:
        wish->kind = COMMAND_RESOLVE;
        json_object_set_new(wish->body, "disposition", text_value(first));
        set_option(wish->body, statement, "topic");
        set_option(wish->body, statement, "note");
        return true;
    case SCRIPT_END_WRAPUP: wish->kind = COMMAND_END_WRAPUP; return true;
    case SCRIPT_TEACH:
        wish->kind = COMMAND_LEARN;
        json_object_set_new(wish->body, "topic", text_value(first));
        json_object_set_new(wish->body, "wording", text_value(script_argument(statement, 1)));
        json_object_set_new(wish->body, "message", json_integer((json_int_t)last_said(player, performer, wish->conversation)));
        return true;
    default: return false;
    }
}

static bool wish_of_supervisor(struct player *player, const struct script_statement *statement,
                               const struct performer *performer, struct wish *wish)
{
    const struct script_value *first = script_argument(statement, 0);
    struct performer *agent;
    switch (statement->verb) {
    case SCRIPT_JOIN: wish->kind = COMMAND_JOIN; return true;
    case SCRIPT_LEAVE: wish->kind = COMMAND_LEAVE; return true;
    case SCRIPT_TAKE_OVER: wish->kind = COMMAND_TAKE_OVER; return true;
    case SCRIPT_REVOKE:
    case SCRIPT_APPROVE:
        wish->kind = statement->verb == SCRIPT_REVOKE ? COMMAND_REVOKE_PARAPHRASE : COMMAND_APPROVE_PARAPHRASE;
        wish->conversation = 0;
        wish->target = player->stage->pull(player->stage, player->err) ? paraphrase_of(performer, first->text) : 0;
        if (!wish->target) wish->target = 999999999;
        return true;
    case SCRIPT_ASSIGN:
        wish->kind = COMMAND_ASSIGN;
        agent = cast_find(&player->cast, BY_STAFF, first->text);
        json_object_set_new(wish->body, "agent", json_integer(agent ? (json_int_t)agent->id : 999999999));
        return true;
    default: return false;
    }
}

static bool wish_of_operator(struct player *player, const struct script_statement *statement, struct wish *wish)
{
    struct str name = script_argument(statement, 0)->text;
    bool customer = statement->verb == SCRIPT_ERASE;
    struct performer *about = cast_find(&player->cast, customer ? BY_CUSTOMER : BY_STAFF, name);
    if (!about || !about->id)
        return player_fail(player, statement, "nobody has come in by the name of %.*s", STR_ARG(name));
    wish->target = about->id;
    wish->kind = customer ? COMMAND_ERASE_CUSTOMER
                 : statement->verb == SCRIPT_REMOVE_AGENT ? COMMAND_REMOVE_AGENT : COMMAND_CHANGE_AGENT;
    json_decref(wish->body);
    wish->body = staff_details(statement);
    return true;
}

static bool is_about_offer(const struct script_statement *statement)
{
    return statement->verb == SCRIPT_ACCEPT || statement->verb == SCRIPT_DECLINE;
}

/* What a done command changes in what the player knows. */
static void learn(struct player *player, const struct script_statement *statement, struct performer *performer,
                  const struct wish *wish, const struct act_answer *answer)
{
    enum script_verb verb = statement->verb;
    if (verb == SCRIPT_OPEN) {
        performer->conversation = answer->conversation ? answer->conversation : answer->id;
        player->opened_last = performer->conversation;
    }
    if (verb == SCRIPT_ACCEPT || verb == SCRIPT_JOIN || verb == SCRIPT_TAKE_OVER)
        performer->conversation = wish->conversation;
    if (verb == SCRIPT_ONLINE || verb == SCRIPT_AWAY)
        performer->on_duty = true;
    if (verb == SCRIPT_OFFLINE)
        performer->on_duty = false;
}

/* An offer to accept or decline may still be on its way. */
static enum step wait_for_offer(struct player *player, const struct script_statement *statement,
                                struct performer *performer, struct line_of_play *line)
{
    struct stage *stage = player->stage;
    uint64_t conversation, of;
    const struct script_value *named = script_option(statement, "for");
    if (!conversation_of(player, statement, performer, &conversation))
        return STEP_FAILED;
    if (!stage->pull(stage, player->err)) {
        err_wrap(player->err, "%.*s:%d", STR_ARG(player->script->file), statement->line);
        return STEP_FAILED;
    }
    if (offer_of(performer, named ? conversation : 0, &of))
        return STEP_NEXT;
    int64_t now = stage->now(stage);
    if (!line->deadline)
        line->deadline = now + player_patience(player);
    if (now < line->deadline)
        return STEP_WAIT;
    player_fail(player, statement, "expected: an offer within %d ms\n    seen: none", player_patience(player));
    return STEP_FAILED;
}

/* The last that was asked for, as far as this person has seen; a number that nobody has, if none was. */
static uint64_t approval_of(const struct performer *performer)
{
    for (size_t i = json_array_size(performer->inbox); i-- > 0;) {
        const json_t *event = json_array_get(performer->inbox, i);
        const char *type = json_string_value(json_object_get(event, "type"));
        if (type && strcmp(type, "approval.requested") == 0)
            return (uint64_t)json_integer_value(json_object_get(event, "number"));
    }
    return 999999999;
}

static bool find_wish(struct player *player, const struct script_statement *statement, struct performer *performer,
                      struct wish *wish)
{
    uint64_t named = 0;
    if (statement->who == BY_OPERATOR)
        return wish_of_operator(player, statement, wish);
    if (!conversation_of(player, statement, performer, &wish->conversation))
        return false;
    if (is_about_offer(statement)) {
        if (script_option(statement, "for"))
            named = wish->conversation;
        wish->target = offer_of(performer, named, &wish->conversation);
        must(wish->target);
    }
    if (statement->verb == SCRIPT_ALLOW || statement->verb == SCRIPT_REFUSE)
        wish->target = approval_of(performer);
    bool found = wish_of_customer(player, statement, wish) || wish_of_person(statement, performer, wish) ||
                 wish_of_agent(player, statement, performer, wish) || wish_of_supervisor(player, statement, performer, wish);
    must(found);
    return true;
}

static enum step give_command(struct player *player, const struct script_statement *statement,
                              struct performer *performer)
{
    struct wish wish = { .body = json_object() };
    struct act_answer answer = { .refusal = "" };
    struct err err = { "" };
    const struct script_value *key = script_option(statement, "key");
    struct arena arena = { 0 };
    bool fine = find_wish(player, statement, performer, &wish);
    if (fine) {
        struct act act = { performer, wish.kind, wish.conversation, wish.target, wish.body,
                           key ? arena_cstr(&arena, key->text) : NULL };
        fine = player->stage->act(player->stage, &err, &act, &answer);
        if (!fine)
            player_fail(player, statement, "%s", err.text);
        else
            fine = player_check_answer(player, statement, &answer);
    }
    if (fine && !answer.refusal[0] && performer)
        learn(player, statement, performer, &wish, &answer);
    json_decref(wish.body);
    arena_free(&arena);
    return fine ? STEP_NEXT : STEP_FAILED;
}

static enum step make_gesture(struct player *player, const struct script_statement *statement,
                              struct performer *performer, enum gesture gesture)
{
    struct act_answer answer = { .refusal = "" };
    struct err err = { "" };
    uint64_t conversation;
    if (!conversation_of(player, statement, performer, &conversation))
        return STEP_FAILED;
    if (!player->stage->gesture(player->stage, &err, performer, gesture, conversation, &answer)) {
        player_fail(player, statement, "%s", err.text);
        return STEP_FAILED;
    }
    return player_check_answer(player, statement, &answer) ? STEP_NEXT : STEP_FAILED;
}

static enum step come_in(struct player *player, const struct script_statement *statement, struct performer *performer)
{
    struct act_answer answer;
    json_t *details;
    if (statement->verb == SCRIPT_ADD_AGENT) {
        const struct script_value *name = script_argument(statement, 0), *role = script_option(statement, "role");
        bool supervisor = role && !str_equal(role->text, STR("agent"));
        if (cast_find(&player->cast, BY_STAFF, name->text)) {
            player_fail(player, statement, "%.*s is there already", STR_ARG(name->text));
            return STEP_FAILED;
        }
        performer = player_add(player, supervisor ? BY_SUPERVISOR : BY_AGENT, name->text);
        details = staff_details(statement);
    } else if (statement->verb == SCRIPT_SAME_AS) {
        performer->same_as = cast_find(&player->cast, BY_CUSTOMER, script_argument(statement, 0)->text);
        if (!performer->same_as || !performer->same_as->id) {
            player_fail(player, statement, "that customer has not come in");
            return STEP_FAILED;
        }
        performer->conversation = performer->same_as->conversation;
        details = json_object();
    } else
        details = customer_details(statement);
    if (!enter(player, statement, performer, details, &answer))
        return STEP_FAILED;
    return player_check_answer(player, statement, &answer) ? STEP_NEXT : STEP_FAILED;
}

enum step player_act(struct player *player, const struct script_statement *statement, struct line_of_play *line)
{
    bool enters = statement->verb == SCRIPT_IDENTIFY || statement->verb == SCRIPT_SAME_AS;
    struct performer *performer = player_performer(player, statement, line, !enters);
    if (!performer && statement->who != BY_OPERATOR)
        return STEP_FAILED;
    switch (statement->verb) {
    case SCRIPT_ADD_AGENT:
    case SCRIPT_IDENTIFY:
    case SCRIPT_SAME_AS: return come_in(player, statement, performer);
    case SCRIPT_TYPING: return make_gesture(player, statement, performer, GESTURE_TYPING);
    case SCRIPT_SEND_FILE: return make_gesture(player, statement, performer, GESTURE_FILE);
    case SCRIPT_RECONNECT: return make_gesture(player, statement, performer, GESTURE_RECONNECT);
    case SCRIPT_LOG_OUT: return make_gesture(player, statement, performer, GESTURE_LOG_OUT);
    case SCRIPT_VANISH: performer->dark = true; return STEP_NEXT;
    case SCRIPT_COME_BACK: performer->dark = false; return STEP_NEXT;
    case SCRIPT_WORK:
        shift_begin(player, performer, script_option(statement, "takes"));
        return STEP_NEXT;
    case SCRIPT_ACCEPT:
    case SCRIPT_DECLINE: {
        enum step offered = wait_for_offer(player, statement, performer, line);
        return offered == STEP_NEXT ? give_command(player, statement, performer) : offered;
    }
    default: return give_command(player, statement, performer);
    }
}

void stage_put_code(json_t *body, struct str code)
{
    struct str text = str_of(json_string_value(json_object_get(body, "text")) ? json_string_value(json_object_get(body, "text")) : "");
    ptrdiff_t at = str_find(text, STR("{code}"), 0);
    struct arena arena = { 0 };
    if (at >= 0) {
        struct str whole = arena_format(&arena, "%.*s%.*s%.*s", STR_ARG(str_slice(text, 0, (size_t)at)), STR_ARG(code),
                                        STR_ARG(str_slice(text, (size_t)at + 6, text.len)));
        json_object_set_new(body, "text", json_stringn(whole.data, whole.len));
    }
    arena_free(&arena);
}
