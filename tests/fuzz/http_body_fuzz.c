/* JSON bodies against the tables of commands. The first byte chooses the command. What is taken must
 * keep what the table promises: maxima, plain tags, valid UTF-8, required fields. */
#include <string.h>

#include "gateway/body.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_field(const struct command_field *field, const void *base, bool given)
{
    const void *at = (const char *)base + field->offset;
    if (field->type <= COMMAND_FIELD_JSON) {
        struct str text = *(const struct str *)at;
        must(text.data && text.len <= (given ? field->max : 0) && str_is_utf8(text));
        for (size_t i = 0; field->type == COMMAND_FIELD_TAG && i < text.len; i++)
            must(text.data[i] > ' ' && text.data[i] != '<' && text.data[i] != '"');
        if (given && field->origin == COMMAND_REQUIRED) must(str_trim(text).len);
    } else if (field->type == COMMAND_FIELD_COUNT) {
        must(*(const uint64_t *)at <= field->max);
    } else if (field->type == COMMAND_FIELD_ID) {
        must(!given || *(const uint64_t *)at);
    } else if (field->type == COMMAND_FIELD_TIME) {
        must(*(const int64_t *)at >= 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size) return 0;
    const struct command_row *row = &command_table[data[0] % COMMAND_KINDS];
    struct command command;
    struct arena arena = { 0 };
    memset(&command, 0, sizeof command);
    struct body_refusal result = body_read(&arena, str_make((const char *)data + 1, size - 1), row->fields,
                                           row->field_count, &command.wake);
    must(result.refusal < REFUSAL_COUNT);
    for (size_t i = 0; !result.refusal && i < row->field_count; i++) {
        bool given = *command_given(&command) & (uint64_t)1 << i;
        must(!given || row->fields[i].origin != COMMAND_NODE);
        must(given || row->fields[i].origin != COMMAND_REQUIRED);
        check_field(&row->fields[i], &command.wake, given);
    }
    arena_free(&arena);
    return 0;
}
