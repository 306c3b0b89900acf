/* shift.c - staff who work by themselves: they accept, answer and resolve. */
#include "base/memory.h"
#include "planner/player.h"

#define TAKES_MS 60000

void shift_begin(struct player *player, struct performer *agent, const struct script_value *takes)
{
    player->shifts = memory_resize(player->shifts, player->shift_count + 1, sizeof *player->shifts);
    player->shifts[player->shift_count++] = (struct worker_shift){
        .agent = agent, .takes = takes ? takes->number : TAKES_MS, .takes_most = takes ? takes->upper : TAKES_MS,
    };
}

/* A refusal is no fault: the offer may be gone, the customer may have left. */
static bool give(struct player *player, struct performer *agent, enum command_kind kind, uint64_t conversation,
                 uint64_t target, json_t *body)
{
    struct act act = { agent, kind, conversation, target, body, NULL };
    struct act_answer answer = { .refusal = "" };
    bool fine = player->stage->act(player->stage, player->err, &act, &answer);
    json_decref(body);
    return fine;
}

static bool on_event(struct player *player, struct worker_shift *shift, json_t *event)
{
    const char *type = json_string_value(json_object_get(event, "type"));
    uint64_t conversation = (uint64_t)json_integer_value(json_object_get(event, "conversation"));
    uint64_t agent = (uint64_t)json_integer_value(json_object_get(event, "agent"));
    if (!type || agent != shift->agent->id)
        return true;
    if (!strcmp(type, "offer.made"))
        return give(player, shift->agent, COMMAND_ACCEPT, 0,
                    (uint64_t)json_integer_value(json_object_get(event, "offer")), json_object());
    if (strcmp(type, "conversation.assigned") != 0 || shift->case_count == ARRAY_LEN(shift->cases))
        return true;
    int64_t takes = shift->takes + (int64_t)random_below(&player->random, (uint64_t)(shift->takes_most - shift->takes) + 1);
    shift->cases[shift->case_count].conversation = conversation;
    shift->cases[shift->case_count++].due = player->stage->now(player->stage) + takes;
    return give(player, shift->agent, COMMAND_SAY, conversation, 0,
                json_pack("{s:s}", "text", "I am here now and have read what you wrote."));
}

static bool run_one(struct player *player, struct worker_shift *shift)
{
    int64_t now = player->stage->now(player->stage);
    while (shift->looked < json_array_size(shift->agent->inbox))
        if (!on_event(player, shift, json_array_get(shift->agent->inbox, shift->looked++)))
            return false;
    for (size_t i = 0; i < shift->case_count;) {
        if (shift->cases[i].due > now) {
            i++;
            continue;
        }
        uint64_t conversation = shift->cases[i].conversation;
        shift->cases[i] = shift->cases[--shift->case_count];
        if (!give(player, shift->agent, COMMAND_RESOLVE, conversation, 0, json_pack("{s:s}", "disposition", "solved")) ||
            !give(player, shift->agent, COMMAND_END_WRAPUP, conversation, 0, json_object()))
            return false;
    }
    return true;
}

bool shift_run(struct player *player)
{
    for (size_t i = 0; i < player->shift_count; i++)
        if (!run_one(player, &player->shifts[i]))
            return false;
    return true;
}

int64_t shift_next(const struct player *player)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < player->shift_count; i++)
        for (size_t j = 0; j < player->shifts[i].case_count; j++)
            if (player->shifts[i].cases[j].due < next)
                next = player->shifts[i].cases[j].due;
    return next;
}
