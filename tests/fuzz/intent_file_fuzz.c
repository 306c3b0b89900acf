/* Any bytes as a model of intents: as they are, and with a head and a checksum that fit, so that the
 * reader of its parts is reached. What is read can be asked and written again. */
#include <stdint.h>

#include "assistant/intent_file.h"
#include "base/limits.h"
#include "base/memory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const struct intent *intent, struct str made_from)
{
    static const char *const texts[] = { "", "where is my parcel", "the the the", "\xc3\xa5 1 2 3 ?!" };
    struct buf out;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena scratch = { 0 };
        struct intent_result result;
        intent_predict(intent, &scratch, str_of(texts[i]), STR_EMPTY, &result);
        must(result.count > 0 && result.top[0].topic < intent_topics(intent));
        arena_free(&scratch);
    }
    buf_init(&out, LIMIT_MODEL);
    intent_write(intent, made_from, &out);
    must(!out.full);
    buf_free(&out);
}

static void try_bytes(struct str bytes)
{
    struct err err = { "" };
    struct str made_from;
    struct intent *intent = intent_read(&err, STR("fuzz"), bytes, &made_from);
    if (intent)
        use(intent, made_from);
    else
        must(strstr(err.text, "; "));
    intent_free(intent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char head[] = { 'b', 'e', 'c', 'k', 'o', 'n', 'I', 'M', INTENT_FILE_VERSION, 0, 0, 0 };
    struct buf sealed;
    try_bytes(str_make((const char *)data, size));
    buf_init(&sealed, LIMIT_MODEL);
    buf_add(&sealed, head, sizeof head);
    buf_add(&sealed, data, size);
    intent_file_seal(&sealed);
    try_bytes(buf_str(&sealed));
    buf_free(&sealed);
    return 0;
}
