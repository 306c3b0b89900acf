/* What everybody does, well or badly. Actors know what was acknowledged to them and look at the
 * engine as their pages do. */
#include <stdio.h>

#include "base/memory.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "world.h"

#define PICK(world, list) ((list)[world_below((world), ARRAY_LEN(list))])

/* Mostly what fits, now and then anything. */
static struct str pick_word(struct world *world, const struct str *words, size_t count)
{
    static const struct str odd[] = { STR(""), STR("nonsense"), STR("Answer"), STR(","), STR("\xff\xfe"), STR("payments,payments") };
    return world_chance(world, 40) ? PICK(world, odd) : words[world_below(world, count)];
}

#define WORD(world, ...) \
    pick_word((world), (const struct str[]){ __VA_ARGS__ }, ARRAY_LEN(((const struct str[]){ __VA_ARGS__ })))

static struct str words_of(struct world *world, struct deed *deed)
{
    return arena_format(&deed->arena, "words %llu of the client", (unsigned long long)random_next(&world->random) % 100000);
}

struct str actors_settings(struct arena *arena, uint64_t variant)
{
    static const char *const skills[] = { "skill payments\nskill cards\nskill loans\n", "skill cards\nskill loans\nskill payments\n",
        "skill payments\nskill cards\nskill travel\nskill loans\n", "skill payments\nskill loans\n" };
    static const char *const topics[] = { "topic due payments\ntopic card cards\ntopic hello\n",
        "topic due payments,cards\ntopic card cards\ntopic hello\n", "topic due payments\ntopic trip travel\ntopic hello cards\n",
        "topic due payments,loans\ntopic hello\n" };
    static const char *const languages[] = { "language en\nlanguage es\n", "language en\nlanguage es\nlanguage de\n",
        "language es\n", "language en\nlanguage es\n" };
    size_t at = variant % 4;
    return arena_format(arena, "offer_patience_ms %d\nwrapup_ms %d\ndecline_rest_ms %d\nreopen_window_ms %d\n"
                        "missed_offers_max %d\nfailed_turns_max %d\n%s%s%s",
                        variant % 2 ? 15000 : 10000, variant % 5 == 4 ? 0 : 30000, variant % 3 == 2 ? 0 : 30000,
                        variant % 7 == 6 ? 0 : 86400000, 1 + (int)(variant % 3), 1 + (int)(variant % 2),
                        languages[at], skills[at], topics[at]);
}

/* --- customers --- */

static uint64_t some_conversation(struct world *world, uint64_t customer)
{
    uint64_t ids[16];
    size_t count = engine_conversations_of_customer(world->engine, customer, ids, ARRAY_LEN(ids));
    if (!count || world_chance(world, 20)) return 1 + world_below(world, world->engine->last_conversation + 2);
    return ids[world_below(world, count < 3 || world_chance(world, 100) ? count : 3)];
}

static void see(struct world *world, int index)
{
    struct person *person = &world->customers[index];
    struct deed *deed = world_deed(world, COMMAND_SEE_CUSTOMER, ACTOR_NODE);
    if (!person->id && world_chance(world, 400)) person->identity = (struct digest){ 5, (uint64_t)index + 1 };
    deed->actor = index;
    deed->command.customer = person->id;
    deed->command.see_customer = (struct command_see_customer){
        .identity = person->identity, .verified = person->identity.high != 0,
        .language = WORD(world, STR("en"), STR("es"), STR("de-AT"), STR("en-GB")) };
    if (world_chance(world, 500)) deed->command.see_customer.name = STR("Maria of the customers");
    world_do(world, deed);
}

static void customer_talks(struct world *world, struct deed *deed)
{
    struct command *command = &deed->command;
    switch (command->kind) {
    case COMMAND_SAY:
        command->say.text = world_chance(world, 10) ? STR_EMPTY : words_of(world, deed);
        /* Of few codes, so that some are guessed: what a code is good for is checked, not how hard it is to guess. */
        if (world_chance(world, 700)) command->say.code = (struct digest){ 11, 1 + world_below(world, 3) };
        if (world_chance(world, 60)) command->say.wants_human = WORD(world, STR("words"), STR("complaint"), STR("vulnerable"), STR("danger"));
        if (command->say.wants_human.len && world_chance(world, 500)) {
            command->say.care_kind = WORD(world, STR("bereavement"), STR("self_harm"));
            command->say.care = STR("A person is coming.");
        }
        if (command->say.wants_human.len && world_chance(world, 500)) command->say.topic = WORD(world, STR("due"), STR("card"), STR("hello"), STR("trip"));
        break;
    case COMMAND_MARK: {
        struct conversation_view view = { 0 };
        engine_conversation(world->engine, command->conversation, &view);
        command->mark.mark = WORD(world, STR("read"), STR("delivered"));
        command->mark.up_to = world_chance(world, 100) ? random_next(&world->random) : view.last_message;
        break;
    }
    case COMMAND_MAKE_APPOINTMENT:
        command->make_appointment.way = WORD(world, STR("call_back"), STR("email"));
        command->make_appointment.address = words_of(world, deed);
        break;
    case COMMAND_RATE:
        command->rate.stars = world_below(world, 7);
        command->rate.comment = words_of(world, deed);
        break;
    default: break;
    }
}

/* --- codes: somebody who guesses, and a proof that is old --- */

/* An open conversation whose code is waited for, or (`proven`) whose customer has shown one, perhaps long ago. */
static const struct conversation *with_code(struct world *world, bool proven)
{
    uint64_t *ids = map_sorted_keys(&world->engine->open);
    size_t count = world->engine->open.count, from = count ? world_below(world, count) : 0;
    const struct conversation *found = NULL;
    for (size_t i = 0; i < count && !found; i++) {
        const struct conversation *conversation = map_get(&world->engine->open, ids[(from + i) % count]);
        const struct proof *proof = conversation->proof;
        if (proof && (proven ? proof->good_until && conversation->state == CONVERSATION_ASSISTANT : proof->waits)) found = conversation;
    }
    memory_free(ids);
    return found;
}

static void guess(struct world *world)
{
    const struct conversation *conversation = with_code(world, false);
    if (!conversation) return;
    uint64_t id = conversation->id, customer = conversation->customer->id;
    for (int i = 0; i < 8; i++) {
        struct deed *deed = world_deed(world, COMMAND_SAY, ACTOR_CUSTOMER);
        deed->command.customer = customer;
        deed->command.conversation = id;
        deed->command.say.text = words_of(world, deed);
        deed->command.say.code = (struct digest){ 11, 50 + (uint64_t)i };
        world_do(world, deed);
    }
}

static void use_a_proof(struct world *world)
{
    const struct conversation *conversation = with_code(world, true);
    if (!conversation) return;
    struct deed *said = world_deed(world, COMMAND_SAY, ACTOR_CUSTOMER);
    said->command.customer = conversation->customer->id;
    said->command.conversation = conversation->id;
    said->command.say.text = words_of(world, said);
    world_do(world, said);
    struct deed *deed = world_deed(world, COMMAND_ACTION_START, ACTOR_ASSISTANT);
    deed->command.conversation = conversation->id;
    deed->command.action_start = (struct command_action_start){ .turn = conversation->turn, .action = STR("change-email"),
                                                                .parameters = STR("{}"), .proven = 1 };
    world_do(world, deed);
}

static void customer_acts(struct world *world)
{
    static const enum command_kind kinds[] = { COMMAND_SAY, COMMAND_SAY, COMMAND_SAY, COMMAND_SAY, COMMAND_SAY, COMMAND_SAY,
        COMMAND_OPEN, COMMAND_OPEN, COMMAND_ASK_HUMAN, COMMAND_ASK_HUMAN, COMMAND_ASK_HUMAN, COMMAND_MARK, COMMAND_MARK,
        COMMAND_MAKE_APPOINTMENT, COMMAND_RATE, COMMAND_END };
    int index = (int)world_below(world, (uint64_t)world->temper.customers);
    const struct person *person = &world->customers[index];
    if (world_chance(world, 40)) {
        guess(world);
        return;
    }
    if (!person->id || world_chance(world, 30)) {
        see(world, index);
        return;
    }
    enum command_kind kind = world_chance(world, 5) ? COMMAND_END_CUSTOMER_SESSIONS : PICK(world, kinds);
    struct deed *deed = world_deed(world, kind, ACTOR_CUSTOMER);
    deed->actor = index;
    deed->command.customer = person->id;
    if (kind == COMMAND_OPEN) deed->command.open.language = WORD(world, STR(""), STR("en"), STR("es"));
    else deed->command.conversation = some_conversation(world, person->id);
    customer_talks(world, deed);
    world_do(world, deed);
}

/* --- the assistant --- */

/* A conversation whose customer waits for the assistant, or any. */
static uint64_t some_turn(struct world *world, uint64_t *turn)
{
    uint64_t *ids = map_sorted_keys(&world->engine->open), found = 0;
    size_t count = world->engine->open.count, from = count ? world_below(world, count) : 0;
    for (size_t i = 0; i < count && !found; i++) {
        struct conversation_view view;
        must(engine_conversation(world->engine, ids[(from + i) % count], &view));
        if (!view.turn && !world_chance(world, 20)) continue;
        found = view.id;
        *turn = view.turn ? view.turn : view.last_message; /* the latter: too late */
    }
    memory_free(ids);
    return found;
}

static void reply(struct world *world, struct deed *deed, uint64_t turn)
{
    struct command_assistant_reply *reply = &deed->command.assistant_reply;
    *reply = (struct command_assistant_reply){
        .turn = turn, .confidence = world_below(world, 1001), .failed = world_chance(world, 250),
        .decision = WORD(world, STR("answer"), STR("answer"), STR("answer"), STR("ask"), STR("act"), STR("hand_over")),
        .topic = WORD(world, STR(""), STR("due"), STR("card"), STR("hello"), STR("trip")),
        .reason = WORD(world, STR("low_confidence"), STR("complaint"), STR("danger"), STR("policy"), STR("button")),
        .dialogue = STR("{\"state\":1}"), .explanation = STR("{}"),
        .language = WORD(world, STR(""), STR("en"), STR("es")) };
    if (!str_equal(reply->decision, STR("hand_over"))) reply->reason = STR_EMPTY;
    if (world_chance(world, 900)) reply->text = words_of(world, deed);
    if (world_chance(world, 500)) reply->note = STR("{\"note\":\"for staff only\"}");
    if (world_chance(world, 30)) reply->turn += world_below(world, 5);
}

static void ask_for_approval(struct world *world, struct deed *deed, uint64_t turn)
{
    deed->command.request_approval = (struct command_request_approval){ .turn = turn, .action = STR("pay-back"), .parameters = STR("{}"),
        .value = world_below(world, 10001), .most = world_below(world, 10001), .verified = world_chance(world, 300), .proven = world_chance(world, 100),
        .topic = WORD(world, STR(""), STR("due"), STR("card")), .supervisor = world_chance(world, 300), .why = words_of(world, deed),
        .idempotency_key = STR("key"), .flow = world_chance(world, 700), .place = STR("{}") };
    world_do(world, deed);
}

static void assistant_acts(struct world *world)
{
    static const enum command_kind kinds[] = { COMMAND_ASSISTANT_REPLY, COMMAND_ASSISTANT_REPLY, COMMAND_ASSISTANT_REPLY,
        COMMAND_ASSISTANT_REPLY, COMMAND_ASSISTANT_REPLY, COMMAND_ACTION_START, COMMAND_ACTION_START, COMMAND_ACTION_FINISH, COMMAND_NOTE_HANDOVER, COMMAND_SEND_CODE, COMMAND_SEND_CODE, COMMAND_REQUEST_APPROVAL, COMMAND_TRANSLATE };
    if (world_chance(world, 80)) {
        use_a_proof(world);
        return;
    }
    uint64_t turn = 0, conversation = some_turn(world, &turn);
    if (!conversation) return;
    struct deed *deed = world_deed(world, PICK(world, kinds), ACTOR_ASSISTANT);
    deed->command.conversation = conversation;
    switch (deed->command.kind) {
    case COMMAND_ASSISTANT_REPLY: reply(world, deed, turn); break;
    case COMMAND_ACTION_START:
        deed->command.action_start = (struct command_action_start){ .turn = turn, .action = STR("move-date"), .parameters = STR("{}"),
            .proven = world_chance(world, 800) };
        break;
    case COMMAND_SEND_CODE:
        deed->command.send_code = (struct command_send_code){ .turn = turn, .code = { 11, world_below(world, 8) } };
        break;
    case COMMAND_ACTION_FINISH:
        deed->command.action_finish = (struct command_action_finish){ .turn = turn, .action = STR("move-date"),
            .outcome = WORD(world, STR("done"), STR("failed")), .result = STR("{}") };
        break;
    case COMMAND_REQUEST_APPROVAL: ask_for_approval(world, deed, turn); return;
    case COMMAND_TRANSLATE:
        deed->command.translate = (struct command_translate){ .message = turn, .said_by = STR("customer"), .from = STR("pl"), .to = STR("en"),
            .text = STR("Where is it?") };
        break;
    default: deed->command.note_handover.note = STR("{\"late\":true}"); break;
    }
    world_do(world, deed);
}

/* --- staff --- */

static struct deed *staff_deed(struct world *world, enum command_kind kind, int index)
{
    struct agent_view view = { 0 };
    const struct person *person = &world->staff[index];
    engine_agent(world->engine, person->id, &view);
    bool agent = str_equal(view.role, STR("agent"));
    struct deed *deed = world_deed(world, kind, agent != world_chance(world, 20) ? ACTOR_AGENT : ACTOR_SUPERVISOR);
    deed->actor = index;
    deed->command.agent = person->id;
    return deed;
}

static void add_staff(struct world *world, int index)
{
    struct deed *deed = world_deed(world, COMMAND_ADD_AGENT, ACTOR_NODE);
    deed->actor = index;
    deed->command.add_agent = (struct command_add_agent){
        .login = STR("login"), .name = STR("Ana of the staff"), .password_hash = STR("$argon2id$"),
        .role = index == 0 ? STR("administrator") : index < 3 ? STR("supervisor") : WORD(world, STR(""), STR("agent")),
        .pool = WORD(world, STR(""), STR("employee"), STR("on_demand"), STR("outsourced")),
        .capacity = world_below(world, 5), .login_digest = { 3, ++world->logins },
        .skills = WORD(world, STR(""), STR("payments"), STR("cards"), STR("payments,cards"), STR("payments,cards,loans")),
        .languages = WORD(world, STR(""), STR("en"), STR("es"), STR("en,es")) };
    world_do(world, deed);
}

static uint64_t some_of_agents_or_any(struct world *world, uint64_t agent)
{
    uint64_t ids[2 * LIMIT_CAPACITY];
    size_t count = engine_conversations_of_agent(world->engine, agent, ids, ARRAY_LEN(ids));
    if (count && !world_chance(world, 100)) return ids[world_below(world, count)];
    return 1 + world_below(world, world->engine->last_conversation + 2);
}

static uint64_t some_open(struct world *world)
{
    uint64_t *ids = map_sorted_keys(&world->engine->open);
    size_t count = world->engine->open.count;
    uint64_t id = count ? ids[world_below(world, count)] : 1;
    memory_free(ids);
    return id;
}

static void answer_offer(struct world *world, int index)
{
    uint64_t offers[LIMIT_CAPACITY];
    size_t count = engine_offers_of_agent(world->engine, world->staff[index].id, offers, ARRAY_LEN(offers));
    if (!count && !world_chance(world, 30)) return;
    struct deed *deed = staff_deed(world, world_chance(world, 650) ? COMMAND_ACCEPT : COMMAND_DECLINE, index);
    deed->command.target = count ? offers[world_below(world, count)] : world_below(world, world->engine->last_offer + 2);
    if (deed->command.kind == COMMAND_ACCEPT) deed->command.accept.name = STR("Ana of the staff");
    world_do(world, deed);
}

static void staff_talks(struct world *world, struct deed *deed)
{
    struct command *command = &deed->command;
    command->conversation = some_of_agents_or_any(world, command->agent);
    switch (command->kind) {
    case COMMAND_SAY: command->say.text = words_of(world, deed); break;
    case COMMAND_NOTE: command->note.text = words_of(world, deed); break;
    case COMMAND_MARK:
        command->mark.mark = STR("read");
        command->mark.up_to = 1 + world_below(world, world->engine->seq);
        break;
    case COMMAND_TRANSFER:
        if (world_chance(world, 500)) command->transfer.to_agent = world_below(world, world->engine->last_agent + 2);
        else command->transfer.to_skill = WORD(world, STR("payments"), STR("cards"), STR("loans"), STR("travel"));
        break;
    case COMMAND_RESOLVE:
        command->resolve.disposition = STR("solved");
        command->resolve.topic = WORD(world, STR(""), STR("due"), STR("card"));
        break;
    case COMMAND_LEARN: {
        struct conversation_view view = { 0 };
        engine_conversation(world->engine, command->conversation, &view);
        command->learn.wording = arena_format(&deed->arena, "how things are %llu", (unsigned long long)world_below(world, 200));
        command->learn.message = world_chance(world, 50) ? random_next(&world->random) : view.last_message;
        if (world_chance(world, 700)) command->learn.topic = WORD(world, STR("due"), STR("card"), STR("hello"));
        else command->learn.article = WORD(world, STR("how-it-works"));
        break;
    }
    default: break;
    }
}

static void supervisor_acts(struct world *world, int index)
{
    static const enum command_kind kinds[] = { COMMAND_JOIN, COMMAND_LEAVE, COMMAND_TAKE_OVER, COMMAND_ASSIGN, COMMAND_SAY,
        COMMAND_NOTE, COMMAND_TRANSFER, COMMAND_RESOLVE, COMMAND_APPROVE_PARAPHRASE, COMMAND_REVOKE_PARAPHRASE };
    struct deed *deed = staff_deed(world, PICK(world, kinds), index);
    staff_talks(world, deed);
    deed->command.conversation = some_open(world);
    if (deed->command.kind == COMMAND_APPROVE_PARAPHRASE || deed->command.kind == COMMAND_REVOKE_PARAPHRASE)
        deed->command.target = world_below(world, world->engine->last_paraphrase + 2);
    if (deed->command.kind == COMMAND_ASSIGN) deed->command.assign.agent = 1 + world_below(world, world->engine->last_agent + 1);
    world_do(world, deed);
}

/* Some that there is, mostly. */
static uint64_t some_approval(struct world *world)
{
    uint64_t *ids = map_sorted_keys(&world->engine->approvals);
    size_t count = world->engine->approvals.count;
    uint64_t id = count && !world_chance(world, 100) ? ids[world_below(world, count)] : world_below(world, world->engine->last_approval + 2);
    memory_free(ids);
    return id;
}

/* The first, from somewhere on, that was allowed and has not run, while the assistant has the conversation; else any. */
static uint64_t some_given_approval(struct world *world)
{
    uint64_t *ids = map_sorted_keys(&world->engine->approvals);
    size_t count = world->engine->approvals.count, from = count ? world_below(world, count) : 0;
    uint64_t found = 0;
    for (size_t i = 0; i < count && !found; i++) {
        const struct approval *approval = map_get(&world->engine->approvals, ids[(from + i) % count]);
        const struct conversation *conversation = map_get(&world->engine->conversations, approval->conversation);
        if (approval->given_by && !approval->settled && conversation && conversation->state == CONVERSATION_ASSISTANT) found = approval->id;
    }
    memory_free(ids);
    return found && world_chance(world, 700) ? found : some_approval(world);
}

static void approve(struct world *world, int index)
{
    bool give = world_chance(world, 600);
    struct deed *deed = staff_deed(world, give ? COMMAND_GIVE_APPROVAL : COMMAND_REFUSE_APPROVAL, index);
    deed->command.target = some_approval(world);
    if (give) deed->command.give_approval.name = STR("Ana of the staff");
    else deed->command.refuse_approval = (struct command_refuse_approval){ .reason = words_of(world, deed), .note = words_of(world, deed) };
    world_do(world, deed);
}

/* And at once somebody allows it who must not: the one who asked, or a colleague who is not needed. */
static void staff_asks(struct world *world, int index)
{
    uint64_t before = world->engine->last_approval;
    struct deed *deed = staff_deed(world, COMMAND_REQUEST_APPROVAL, index);
    deed->command.conversation = some_of_agents_or_any(world, deed->command.agent);
    ask_for_approval(world, deed, 0);
    if (world->engine->last_approval == before) return;
    struct deed *decides = staff_deed(world, COMMAND_GIVE_APPROVAL, world_chance(world, 500) ? index : (int)world_below(world, (uint64_t)world->temper.staff));
    decides->command.target = world->engine->last_approval;
    world_do(world, decides);
}

/* The customer of this approval writes, just before it ends, and is answered just after: the flow has to wait for both. */
static void interrupt(struct world *world, uint64_t number, bool answered)
{
    struct approval_view view;
    struct conversation_view conversation;
    if (!engine_approval(world->engine, number, &view) || !engine_conversation(world->engine, view.conversation, &conversation) ||
        conversation.state != CONVERSATION_ASSISTANT) return;
    struct deed *deed = world_deed(world, answered ? COMMAND_ASSISTANT_REPLY : COMMAND_SAY, answered ? ACTOR_ASSISTANT : ACTOR_CUSTOMER);
    deed->command.conversation = view.conversation;
    if (answered) {
        reply(world, deed, conversation.turn);
    } else {
        deed->command.customer = view.customer;
        deed->command.say.text = words_of(world, deed);
    }
    world_do(world, deed);
}

/* The node runs what was allowed; after a crash, and by mistake, a second time. */
static void finish_approval(struct world *world)
{
    uint64_t number = some_given_approval(world);
    bool interrupted = world_chance(world, 400);
    if (interrupted) interrupt(world, number, false);
    struct deed *deed = world_deed(world, COMMAND_FINISH_APPROVAL, ACTOR_NODE);
    deed->command.target = number;
    deed->command.finish_approval = (struct command_finish_approval){ .outcome = WORD(world, STR("done"), STR("failed")), .result = STR("{}"),
                                                                     .note = words_of(world, deed) };
    world_do(world, deed);
    if (interrupted) interrupt(world, number, true);
}

/* Somebody the assistant serves, or nobody. */
static const struct conversation *served(struct world *world)
{
    uint64_t *ids = map_sorted_keys(&world->engine->open);
    size_t count = world->engine->open.count, from = count ? world_below(world, count) : 0;
    const struct conversation *found = NULL;
    for (size_t i = 0; i < count && !found; i++) {
        const struct conversation *conversation = map_get(&world->engine->open, ids[(from + i) % count]);
        if (conversation->state == CONVERSATION_ASSISTANT) found = conversation;
    }
    memory_free(ids);
    return found;
}

/* Looked for anew: a crash in between makes another engine. */
static uint64_t turn_of(struct world *world, uint64_t id)
{
    const struct conversation *conversation = map_get(&world->engine->conversations, id);
    return conversation ? conversation->turn : 0;
}

/* Left to chance alone all of this hardly ever comes together: asked for, decided, run, and gone on with. */
static void four_eyes(struct world *world, int index)
{
    const struct conversation *conversation = served(world);
    if (!conversation) return;
    uint64_t id = conversation->id;
    struct deed *said = world_deed(world, COMMAND_SAY, ACTOR_CUSTOMER);
    said->command.customer = conversation->customer->id;
    said->command.conversation = id;
    said->command.say.text = words_of(world, said);
    world_do(world, said);
    struct deed *asks = world_deed(world, COMMAND_REQUEST_APPROVAL, ACTOR_ASSISTANT);
    asks->command.conversation = id;
    ask_for_approval(world, asks, turn_of(world, id));
    uint64_t number = world->engine->last_approval;
    if (world_chance(world, 700)) interrupt(world, number, true);
    struct deed *decides = staff_deed(world, world_chance(world, 700) ? COMMAND_GIVE_APPROVAL : COMMAND_REFUSE_APPROVAL, index);
    decides->command.target = number;
    if (decides->command.kind == COMMAND_REFUSE_APPROVAL) decides->command.refuse_approval.reason = STR("not this time");
    world_do(world, decides);
    if (world_chance(world, 700)) finish_approval(world);
    if (world_chance(world, 700)) interrupt(world, number, true);
}

static void say_code(struct world *world, uint64_t id, uint64_t code)
{
    const struct conversation *conversation = map_get(&world->engine->conversations, id);
    if (!conversation) return;
    struct deed *deed = world_deed(world, COMMAND_SAY, ACTOR_CUSTOMER);
    deed->command.customer = conversation->customer->id;
    deed->command.conversation = id;
    deed->command.say.text = words_of(world, deed);
    if (code) deed->command.say.code = (struct digest){ 11, code };
    world_do(world, deed);
}

/* Somebody shows the right code and goes away; whoever finds their page open a good while later has shown nothing. */
static void act_too_late(struct world *world)
{
    const struct conversation *conversation = served(world);
    if (!conversation) return;
    uint64_t id = conversation->id;
    for (int round = 0; round < 2; round++) {
        say_code(world, id, round ? 3 : 0);
        struct deed *deed = world_deed(world, round ? COMMAND_ASSISTANT_REPLY : COMMAND_SEND_CODE, ACTOR_ASSISTANT);
        deed->command.conversation = id;
        if (round) reply(world, deed, turn_of(world, id));
        else deed->command.send_code = (struct command_send_code){ .turn = turn_of(world, id), .code = { 11, 3 } };
        world_do(world, deed);
    }
    world->clock_ms += 890000 + (int64_t)world_below(world, 30000);
    say_code(world, id, 0);
    struct deed *deed = world_deed(world, COMMAND_ACTION_START, ACTOR_ASSISTANT);
    deed->command.conversation = id;
    deed->command.action_start = (struct command_action_start){ .turn = turn_of(world, id), .action = STR("change-email"), .parameters = STR("{}"), .proven = 1 };
    world_do(world, deed);
}

static void staff_acts(struct world *world)
{
    static const enum command_kind kinds[] = { COMMAND_SAY, COMMAND_SAY, COMMAND_SAY, COMMAND_NOTE, COMMAND_MARK,
        COMMAND_TRANSFER, COMMAND_RESOLVE, COMMAND_RESOLVE, COMMAND_RESOLVE, COMMAND_END_WRAPUP, COMMAND_LEARN };
    int index = (int)world_below(world, (uint64_t)world->temper.staff);
    struct person *person = &world->staff[index];
    uint64_t dice = world_below(world, 1000);
    struct agent_view view;
    if (!person->id || !engine_agent(world->engine, person->id, &view)) {
        person->id = 0;
        add_staff(world, index);
    } else if (view.state != AGENT_ONLINE ? dice < 400 : dice < 40) {
        struct deed *deed = staff_deed(world, COMMAND_SET_PRESENCE, index);
        deed->command.set_presence.state =
            view.state == AGENT_ONLINE ? WORD(world, STR("away"), STR("offline")) : WORD(world, STR("online"), STR("online"), STR("away"));
        person->asleep = world_chance(world, world->temper.sleepy);
        world_do(world, deed);
    } else if (dice < 90) {
        approve(world, index);
    } else if (dice < 120) {
        four_eyes(world, index);
    } else if (dice < 125) {
        act_too_late(world);
    } else if (dice < 175) {
        staff_asks(world, index);
    } else if (dice < 550) {
        answer_offer(world, index);
    } else if (!str_equal(view.role, STR("agent")) && dice < 650) {
        supervisor_acts(world, index);
    } else {
        struct deed *deed = staff_deed(world, PICK(world, kinds), index);
        staff_talks(world, deed);
        world_do(world, deed);
    }
}

/* Lost, late and doubled, as they come. */
static void heartbeats(struct world *world)
{
    for (int i = 0; i < world->temper.staff; i++) {
        if (!world->staff[i].id || world->staff[i].asleep || world_chance(world, 200)) continue;
        world_do(world, staff_deed(world, COMMAND_HEARTBEAT, i));
    }
}

/* --- the office --- */

static void manage_staff(struct world *world, struct deed *deed)
{
    struct command *command = &deed->command;
    command->target = 1 + world_below(world, world->engine->last_agent + 1);
    if (command->actor == ACTOR_NODE) command->agent = command->target;
    switch (command->kind) {
    case COMMAND_CHANGE_AGENT:
        command->change_agent.capacity = world_below(world, 5);
        command->change_agent.skills = WORD(world, STR(""), STR("payments"), STR("cards,payments"));
        command->change_agent.languages = WORD(world, STR(""), STR("en"), STR("es"));
        break;
    case COMMAND_OPEN_SESSION:
        command->open_session.token = (struct digest){ 9, ++world->tokens };
        command->open_session.expires_at = world->clock_ms + (int64_t)world_below(world, 9000000);
        break;
    case COMMAND_CLOSE_SESSION: command->close_session.session = world_below(world, world->engine->last_session + 2); break;
    default: break;
    }
}

static void office_acts(struct world *world)
{
    if (world_chance(world, 250)) {
        finish_approval(world);
        return;
    }
    static const enum command_kind kinds[] = { COMMAND_CHANGE_AGENT, COMMAND_CHANGE_AGENT, COMMAND_OPEN_SESSION, COMMAND_OPEN_SESSION,
        COMMAND_OPEN_SESSION, COMMAND_CLOSE_SESSION, COMMAND_SET_PASSWORD, COMMAND_REMOVE_AGENT, COMMAND_CONFIGURE, COMMAND_ERASE_CUSTOMER };
    struct deed *deed = world_deed(world, PICK(world, kinds), ACTOR_NODE);
    if (deed->command.kind != COMMAND_CONFIGURE && deed->command.kind != COMMAND_OPEN_SESSION && world_chance(world, 400)) {
        deed->command.actor = ACTOR_SUPERVISOR;
        deed->command.agent = world->staff[0].id;
    }
    if (deed->command.kind == COMMAND_CONFIGURE) {
        deed->command.configure.version = arena_format(&deed->arena, "%llu", (unsigned long long)++world->settings_version);
        deed->command.configure.settings = world_chance(world, 100) ? STR("nonsense 1")
                                                                    : actors_settings(&deed->arena, world_below(world, 420));
    } else if (deed->command.kind == COMMAND_ERASE_CUSTOMER) {
        deed->command.erase_customer.customer = world_below(world, world->engine->last_customer + 2);
    } else {
        manage_staff(world, deed);
    }
    world_do(world, deed);
}

/* Any command by anybody, with whatever is in it: refused or done, but never a crash. */
static void nonsense(struct world *world)
{
    struct deed *deed = world_deed(world, (enum command_kind)world_below(world, COMMAND_KINDS),
                                   (enum actor)(1 << world_below(world, 5)));
    struct command *command = &deed->command;
    const struct command_row *row = &command_table[command->kind];
    command->customer = world_below(world, 12);
    command->agent = world_below(world, 12);
    command->conversation = world_below(world, 30);
    command->target = world_below(world, 30);
    *command_given(command) = random_next(&world->random);
    for (size_t i = 0; i < row->field_count; i++) {
        void *at = command_field_at(command, &row->fields[i]);
        if (row->fields[i].type == COMMAND_FIELD_TEXT) /* its own words: what is sealed must not stand beside it as a tag */
            *(struct str *)at = world_chance(world, 100) ? STR_EMPTY : words_of(world, deed);
        else if (row->fields[i].type <= COMMAND_FIELD_JSON)
            *(struct str *)at = WORD(world, STR(""), STR("en"), STR("payments"), STR("online"), STR("hand_over"), STR("policy"));
        else if (row->fields[i].type == COMMAND_FIELD_DIGEST) *(struct digest *)at = (struct digest){ 1, world_below(world, 4) };
        else *(uint64_t *)at = world_chance(world, 500) ? world_below(world, 30) : random_next(&world->random) >> world_below(world, 64);
    }
    world_do(world, deed);
}

void actors_step(struct world *world)
{
    heartbeats(world);
    uint64_t dice = world_below(world, 1000);
    const struct temper *temper = &world->temper;
    if (dice < temper->customer) customer_acts(world);
    else if ((dice -= temper->customer) < temper->assistant) assistant_acts(world);
    else if ((dice -= temper->assistant) < temper->office) office_acts(world);
    else if ((dice -= temper->office) < temper->nonsense) nonsense(world);
    else staff_acts(world);
}

void actors_learn(struct world *world, const struct deed *deed)
{
    if (deed->actor < 0 || !deed->outcome.id) return;
    if (deed->command.kind == COMMAND_SEE_CUSTOMER) world->customers[deed->actor].id = deed->outcome.id;
    if (deed->command.kind == COMMAND_ADD_AGENT) world->staff[deed->actor].id = deed->outcome.id;
}
