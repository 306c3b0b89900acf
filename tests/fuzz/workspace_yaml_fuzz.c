/* Any text as workspace.yaml and as an action: read, with every mistake at a line that the file has. */
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"
#include "workspace/read_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_problems(const struct problems *problems, struct str text)
{
    int lines = 2;
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    for (size_t i = 0; i < problems->count; i++) {
        must(problems->items[i].line >= 0 && problems->items[i].line <= lines);
        must(problems->items[i].what.len > 0 && problems->items[i].cure.len > 0);
    }
}

static void read_as(struct str text, bool action)
{
    struct problems problems = { 0 };
    struct workspace workspace = { .directory = STR("/nonexistent") };
    struct reading reading = { .workspace = &workspace, .arena = &workspace.arena, .problems = &problems, .file = STR("fuzz.yaml") };
    struct action read = { 0 };
    if (action)
        read_action(&reading, text, &read);
    else
        read_workspace_yaml(&reading, text);
    check_workspace(&reading);
    check_problems(&problems, text);
    arena_free(&reading.scratch);
    memory_free(reading.references);
    memory_free(reading.utterances);
    arena_free(&workspace.arena);
    problems_free(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size);
    if (size > LIMIT_FILE || !str_is_utf8(text) || memchr(data, 0, size))
        return 0; /* files_read refuses those */
    read_as(text, false);
    read_as(text, true);
    return 0;
}
