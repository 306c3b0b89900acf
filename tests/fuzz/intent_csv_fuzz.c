/* Any bytes as texts with their intents, as unsorted texts, and, if they are few, to learn from. */
#include <stdint.h>

#include "assistant/advice.h"
#include "base/csv.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read is written and read again: the same rows. */
static void round_trip(const struct examples *examples)
{
    struct err err;
    struct examples again = { .count = 0 };
    struct buf out;
    buf_init(&out, LIMIT_CSV);
    buf_add_str(&out, STR("text,intent\n"));
    for (size_t i = 0; i < examples->count; i++) {
        size_t topic = examples->items[i].topic;
        csv_write_field(&out, examples->items[i].text);
        buf_add_char(&out, ',');
        csv_write_field(&out, topic == INTENT_NONE ? STR("oos") : examples->names[topic]);
        buf_add_char(&out, '\n');
    }
    must(examples_read(&err, &again, STR("again"), buf_str(&out)));
    must(again.count == examples->count && again.topics == examples->topics);
    for (size_t i = 0; i < again.count; i++)
        must(again.items[i].topic == examples->items[i].topic && str_equal(again.items[i].text, examples->items[i].text));
    examples_free(&again);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size), *pool;
    struct err err;
    struct examples examples = { .count = 0 };
    struct arena arena = { 0 };
    size_t count;
    if (size > 65536)
        return 0;
    if (examples_read(&err, &examples, STR("fuzz"), text)) {
        round_trip(&examples);
        examples_add_titles(&examples);
        if (examples.topics && examples.count <= 8 && size < 500) {
            struct advice advice;
            advice_make(&advice, &examples);
            advice_free(&advice);
        }
    } else {
        must(err.text[0] && strstr(err.text, "; "));
    }
    if (examples_read_pool(&err, &arena, STR("fuzz.txt"), text, &pool, &count))
        for (size_t i = 0; i < count; i++)
            must(pool[i].len > 0 && pool[i].len <= LIMIT_MESSAGE);
    if (!examples_read_pool(&err, &arena, STR("fuzz.csv"), text, &pool, &count))
        must(strstr(err.text, "; "));
    examples_free(&examples);
    arena_free(&arena);
    return 0;
}
