#include "assistant/dialogue.h"

#include <jansson.h>

#define DIALOGUE_VERSION 1

static const char *const pending_names[] = { "nothing", "choice", "value", "confirmation", "code" };

/* --- memory ------------------------------------------------------------------------------------- */

static struct str shortened(struct arena *arena, struct str text, size_t max)
{
    return arena_copy(arena, str_cut(text, max));
}

static void push(struct str *items, size_t *count, size_t most, struct str item)
{
    if (item.len == 0)
        return;
    if (*count == most) {
        memmove(items, items + 1, (most - 1) * sizeof *items);
        (*count)--;
    }
    items[(*count)++] = item;
}

/* A note that is written after the turn hears the same message again: it counts once. */
void dialogue_said(struct dialogue *dialogue, struct arena *arena, struct str text)
{
    struct str line = shortened(arena, text, DIALOGUE_SAID_BYTES);
    if (dialogue->said_count && str_equal(dialogue->said[dialogue->said_count - 1], line))
        return;
    push(dialogue->said, &dialogue->said_count, DIALOGUE_SAID, line);
}

static void forget(struct str *items, size_t *count, struct str item)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (!str_equal(items[i], item))
            items[kept++] = items[i];
    *count = kept;
}

void dialogue_turn_to(struct dialogue *dialogue, struct str topic)
{
    if (str_equal(dialogue->topic, topic))
        return;
    forget(dialogue->earlier, &dialogue->earlier_count, topic);
    push(dialogue->earlier, &dialogue->earlier_count, DIALOGUE_EARLIER, dialogue->topic);
    dialogue->topic = topic;
}

/* What was tried again stands once in the note, where it was tried last. */
void dialogue_tried(struct dialogue *dialogue, struct arena *arena, struct str line)
{
    struct str kept = shortened(arena, line, DIALOGUE_NOTE_BYTES);
    forget(dialogue->tried, &dialogue->tried_count, kept);
    push(dialogue->tried, &dialogue->tried_count, DIALOGUE_NOTES, kept);
}

void dialogue_found(struct dialogue *dialogue, struct arena *arena, struct str line)
{
    push(dialogue->found, &dialogue->found_count, DIALOGUE_NOTES, shortened(arena, line, DIALOGUE_NOTE_BYTES));
}

void dialogue_settle(struct dialogue *dialogue)
{
    dialogue->pending = PENDING_NOTHING;
    dialogue->asked_topic = dialogue->parameter = STR_EMPTY;
    dialogue->tries = 0;
    dialogue->value_count = dialogue->choice_count = 0;
    dialogue->place = (struct dialogue_place){ .version = STR_EMPTY, .facts = STR_EMPTY };
}

static struct str value_among(const struct dialogue_value *values, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(values[i].name, name))
            return values[i].value;
    return STR_EMPTY;
}

static void set_value(struct dialogue_value *values, size_t *count, size_t most, struct dialogue_value value)
{
    for (size_t i = 0; i < *count; i++)
        if (str_equal(values[i].name, value.name)) {
            values[i] = value;
            return;
        }
    if (*count < most)
        values[(*count)++] = value;
}

struct str dialogue_value(const struct dialogue *dialogue, struct str name)
{
    return value_among(dialogue->values, dialogue->value_count, name);
}

struct str dialogue_shown(const struct dialogue *dialogue, struct str name)
{
    return value_among(dialogue->shown, dialogue->shown_count, name);
}

void dialogue_show(struct dialogue *dialogue, struct arena *arena, struct str name, struct str value)
{
    set_value(dialogue->shown, &dialogue->shown_count, DIALOGUE_SHOWN,
              (struct dialogue_value){ arena_copy(arena, name), shortened(arena, value, DIALOGUE_VALUE_BYTES) });
}

void dialogue_drop_value(struct dialogue *dialogue, struct str name)
{
    size_t kept = 0;
    for (size_t i = 0; i < dialogue->value_count; i++)
        if (!str_equal(dialogue->values[i].name, name))
            dialogue->values[kept++] = dialogue->values[i];
    dialogue->value_count = kept;
}

void dialogue_set_value(struct dialogue *dialogue, struct arena *arena, struct str name, struct str value)
{
    set_value(dialogue->values, &dialogue->value_count, DIALOGUE_VALUES,
              (struct dialogue_value){ arena_copy(arena, name), shortened(arena, value, DIALOGUE_VALUE_BYTES) });
}

/* --- writing ------------------------------------------------------------------------------------ */

static void add_list(struct buf *out, const char *key, const struct str *items, size_t count)
{
    buf_add_format(out, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(out, ',');
        buf_add_json_str(out, items[i]);
    }
    buf_add_char(out, ']');
}

static void add_text(struct buf *out, const char *key, struct str text)
{
    if (text.len == 0)
        return;
    buf_add_format(out, ",\"%s\":", key);
    buf_add_json_str(out, text);
}

static void add_values(struct buf *out, const char *key, const struct dialogue_value *values, size_t count)
{
    buf_add_format(out, ",\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        buf_add_str(out, i ? STR(",[") : STR("["));
        buf_add_json_str(out, values[i].name);
        buf_add_char(out, ',');
        buf_add_json_str(out, values[i].value);
        buf_add_char(out, ']');
    }
    buf_add_char(out, ']');
}

static void add_insults(struct buf *out, int insults)
{
    if (insults)
        buf_add_format(out, ",\"insults\":%d", insults);
}

static void add_place(struct buf *out, const struct dialogue_place *place)
{
    buf_add_format(out, ",\"place\":{\"step\":%llu,\"at\":%lld,\"agreed\":%s,\"asleep\":%s", (unsigned long long)place->step,
                   (long long)place->at_ms, place->agreed ? "true" : "false", place->asleep ? "true" : "false");
    add_text(out, "version", place->version);
    add_text(out, "facts", place->facts);
    buf_add_str(out, STR(",\"done\":["));
    for (size_t i = 0; i < place->done_count; i++) {
        buf_add_str(out, i ? STR(",[") : STR("["));
        buf_add_json_str(out, place->done[i].action);
        buf_add_char(out, ',');
        buf_add_json_str(out, place->done[i].undo);
        buf_add_char(out, ']');
    }
    buf_add_str(out, STR("]}"));
}

static void add_waiting(struct buf *out, const struct dialogue *dialogue)
{
    if (dialogue->pending == PENDING_NOTHING)
        return;
    add_text(out, "pending", str_of(pending_names[dialogue->pending]));
    add_text(out, "asked", dialogue->asked_topic);
    add_text(out, "parameter", dialogue->parameter);
    buf_add_format(out, ",\"tries\":%d", dialogue->tries);
    add_values(out, "values", dialogue->values, dialogue->value_count);
    buf_add_str(out, STR(",\"choices\":["));
    for (size_t i = 0; i < dialogue->choice_count; i++) {
        buf_add_str(out, i ? STR(",[") : STR("["));
        buf_add_json_str(out, dialogue->choices[i].text);
        buf_add_char(out, ',');
        buf_add_json_str(out, dialogue->choices[i].topic);
        buf_add_char(out, ']');
    }
    buf_add_char(out, ']');
    if (dialogue->place.version.len)
        add_place(out, &dialogue->place);
}

struct str dialogue_write(struct arena *arena, const struct dialogue *dialogue)
{
    struct dialogue shorter = *dialogue;
    for (;;) {
        struct buf out;
        buf_init(&out, LIMIT_DIALOGUE);
        buf_add_format(&out, "{\"v\":%d", DIALOGUE_VERSION);
        add_list(&out, "said", shorter.said, shorter.said_count);
        add_list(&out, "tried", shorter.tried, shorter.tried_count);
        add_list(&out, "found", shorter.found, shorter.found_count);
        if (shorter.later_count) add_list(&out, "later", shorter.later, shorter.later_count);
        add_text(&out, "topic", shorter.topic);
        if (shorter.earlier_count) add_list(&out, "earlier", shorter.earlier, shorter.earlier_count);
        if (shorter.shown_count) add_values(&out, "shown", shorter.shown, shorter.shown_count);
        add_text(&out, "language", shorter.language);
        add_insults(&out, shorter.insults);
        add_waiting(&out, &shorter);
        buf_add_char(&out, '}');
        bool full = out.full;
        struct str json = full ? STR_EMPTY : arena_copy(arena, buf_str(&out));
        buf_free(&out);
        if (!full)
            return json;
        /* Escapes can make text six times as long: forget what was said, then what was found. */
        if (shorter.said_count + shorter.tried_count + shorter.found_count == 0) {
            dialogue_settle(&shorter);
            shorter.later_count = shorter.shown_count = 0;
        }
        shorter.said_count /= 2;
        shorter.tried_count /= 2;
        shorter.found_count /= 2;
    }
}

/* --- reading ------------------------------------------------------------------------------------ */

static struct str text_of(struct arena *arena, const json_t *value, size_t max)
{
    if (!json_is_string(value) || json_string_length(value) > max)
        return STR_EMPTY;
    return arena_copy(arena, str_make(json_string_value(value), json_string_length(value)));
}

static void read_list(struct arena *arena, const json_t *list, size_t max, struct str *items, size_t *count, size_t most)
{
    const json_t *item;
    size_t i;
    json_array_foreach(list, i, item)
        if (i < most)
            push(items, count, most, text_of(arena, item, max));
}

/* A number of things that were counted: whatever is out of range has been many. */
static int count_of(const json_t *value, int most)
{
    json_int_t count = json_integer_value(value);
    return count >= 0 && count < most ? (int)count : most;
}

static enum pending pending_of(const json_t *value)
{
    for (size_t i = 0; json_is_string(value) && i < sizeof pending_names / sizeof pending_names[0]; i++)
        if (strcmp(json_string_value(value), pending_names[i]) == 0)
            return (enum pending)i;
    return PENDING_NOTHING;
}

static void read_place(struct arena *arena, const json_t *json, struct dialogue_place *out)
{
    const json_t *pair, *step = json_object_get(json, "step"), *at = json_object_get(json, "at");
    size_t i;
    out->version = text_of(arena, json_object_get(json, "version"), LIMIT_TAG);
    out->step = json_is_integer(step) && json_integer_value(step) >= 0 ? (uint64_t)json_integer_value(step) : INT64_MAX; /* no flow has it */
    out->at_ms = json_is_integer(at) && json_integer_value(at) > 0 ? json_integer_value(at) : 0;
    out->agreed = json_is_true(json_object_get(json, "agreed"));
    out->asleep = json_is_true(json_object_get(json, "asleep"));
    out->facts = text_of(arena, json_object_get(json, "facts"), DIALOGUE_FACTS_BYTES);
    json_array_foreach(json_object_get(json, "done"), i, pair) {
        struct dialogue_done done = { text_of(arena, json_array_get(pair, 0), LIMIT_TAG),
                                      text_of(arena, json_array_get(pair, 1), DIALOGUE_UNDO_BYTES), DONE_STANDS };
        if (done.action.len && out->done_count < DIALOGUE_DONE)
            out->done[out->done_count++] = done;
    }
}

/* A pair that is no name and value is left out: its name is empty. */
static struct dialogue_value read_value(struct arena *arena, const json_t *pair)
{
    struct dialogue_value value = { text_of(arena, json_array_get(pair, 0), LIMIT_TAG),
                                    text_of(arena, json_array_get(pair, 1), DIALOGUE_VALUE_BYTES) };
    return value.value.len ? value : (struct dialogue_value){ STR_EMPTY, STR_EMPTY };
}

static void read_shown(struct arena *arena, const json_t *root, struct dialogue *out)
{
    const json_t *pair;
    size_t i;
    json_array_foreach(json_object_get(root, "shown"), i, pair) {
        struct dialogue_value value = read_value(arena, pair);
        if (value.name.len)
            dialogue_show(out, arena, value.name, value.value);
    }
}

static void read_waiting(struct arena *arena, const json_t *root, struct dialogue *out)
{
    const json_t *pair;
    size_t i;
    out->pending = pending_of(json_object_get(root, "pending"));
    if (out->pending == PENDING_NOTHING)
        return;
    out->asked_topic = text_of(arena, json_object_get(root, "asked"), LIMIT_TAG);
    out->parameter = text_of(arena, json_object_get(root, "parameter"), LIMIT_TAG);
    out->tries = count_of(json_object_get(root, "tries"), DIALOGUE_TRIES);
    if (json_is_object(json_object_get(root, "place")))
        read_place(arena, json_object_get(root, "place"), &out->place);
    json_array_foreach(json_object_get(root, "values"), i, pair) {
        struct dialogue_value value = read_value(arena, pair);
        if (value.name.len && i < DIALOGUE_VALUES)
            dialogue_set_value(out, arena, value.name, value.value);
    }
    json_array_foreach(json_object_get(root, "choices"), i, pair) {
        struct dialogue_choice choice = { text_of(arena, json_array_get(pair, 0), LIMIT_NAME),
                                          text_of(arena, json_array_get(pair, 1), LIMIT_TAG) };
        if (choice.text.len && out->choice_count < DIALOGUE_CHOICES)
            out->choices[out->choice_count++] = choice;
    }
}

void dialogue_read(struct arena *arena, struct str json, struct dialogue *out)
{
    *out = (struct dialogue){ .topic = STR_EMPTY, .language = STR_EMPTY, .asked_topic = STR_EMPTY, .parameter = STR_EMPTY,
                              .place = { .version = STR_EMPTY, .facts = STR_EMPTY } };
    if (json.len == 0 || json.len > LIMIT_DIALOGUE)
        return;
    json_t *root = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, NULL);
    if (json_is_object(root) && json_integer_value(json_object_get(root, "v")) == DIALOGUE_VERSION) {
        read_list(arena, json_object_get(root, "said"), DIALOGUE_SAID_BYTES, out->said, &out->said_count, DIALOGUE_SAID);
        read_list(arena, json_object_get(root, "tried"), DIALOGUE_NOTE_BYTES, out->tried, &out->tried_count, DIALOGUE_NOTES);
        read_list(arena, json_object_get(root, "found"), DIALOGUE_NOTE_BYTES, out->found, &out->found_count, DIALOGUE_NOTES);
        read_list(arena, json_object_get(root, "later"), LIMIT_TAG, out->later, &out->later_count, DIALOGUE_LATER);
        out->topic = text_of(arena, json_object_get(root, "topic"), LIMIT_TAG);
        read_list(arena, json_object_get(root, "earlier"), LIMIT_TAG, out->earlier, &out->earlier_count, DIALOGUE_EARLIER);
        read_shown(arena, root, out);
        out->language = text_of(arena, json_object_get(root, "language"), LIMIT_TAG);
        out->insults = count_of(json_object_get(root, "insults"), DIALOGUE_INSULTS);
        read_waiting(arena, root, out);
    }
    json_decref(root);
}
