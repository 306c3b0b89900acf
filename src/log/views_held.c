#include "log/views_file.h"

#include "base/memory.h"

/* A conversation in which people talk changes its row with every message, and the row stands in nine
 * indexes. So the changes of a group are joined here and each row is written once: when the group ends,
 * or before anybody asks. */

enum {
#define ONE(name) TEXT_##name,
    CONVERSATION_TEXTS(ONE)
#undef ONE
    TEXT_COUNT
};

struct held {
    struct conversation_change change; /* its texts are in `room` */
    struct room {
        char *data;
        size_t len;
    } room[TEXT_COUNT];
};

static void held_free(struct held *held)
{
    for (size_t i = 0; i < TEXT_COUNT; i++) memory_free(held->room[i].data);
    memory_free(held);
}

static void keep_text(struct room *room, struct str *kept, struct str text)
{
    if (!text.data) return;
    if (!room->data || room->len < text.len) {
        room->data = memory_resize(room->data, text.len, 1);
        room->len = text.len;
    }
    if (text.len) memcpy(room->data, text.data, text.len);
    *kept = str_make(room->data, text.len);
}

/* As if `change` were made after all that is held. */
static void join(struct held *held, const struct conversation_change *change)
{
    struct conversation_change *to = &held->change;
#define NUMBER(name) if (change->name != -1) to->name = change->name;
#define TEXT(name) keep_text(&held->room[TEXT_##name], &to->name, change->name);
    CONVERSATION_NUMBERS(NUMBER)
    CONVERSATION_TEXTS(TEXT)
#undef NUMBER
#undef TEXT
    if (change->messages != -1) to->messages = change->messages, to->count_message = 0;
    if (change->assistant_answers != -1) to->assistant_answers = change->assistant_answers, to->count_answer = 0;
    to->count_message += change->count_message;
    to->count_answer += change->count_answer;
}

bool views_conversation(struct err *err, struct views *views, const struct conversation_change *change)
{
    must(change->id);
    if (!views->in_group) return views_put_conversation(err, views, change);
    struct held *held = map_get(&views->held, change->id);
    if (!held) {
        held = MEMORY_NEW(struct held);
        conversation_change_init(&held->change, change->id);
        map_put(&views->held, change->id, held);
    }
    join(held, change);
    return true;
}

bool views_let_go_of(struct err *err, struct views *views, uint64_t conversation)
{
    struct held *held = map_remove(&views->held, conversation);
    bool done = !held || views_put_conversation(err, views, &held->change);
    if (held) held_free(held);
    return done;
}

bool views_settle(struct err *err, struct views *views)
{
    struct map_slot slot;
    bool done = true;
    for (size_t i = 0; done && map_next(&views->held, &i, &slot);)
        done = views_put_conversation(err, views, &((struct held *)slot.value)->change);
    views_drop_held(views);
    return done;
}

void views_drop_held(struct views *views)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&views->held, &i, &slot);) held_free(slot.value);
    map_free(&views->held);
}
