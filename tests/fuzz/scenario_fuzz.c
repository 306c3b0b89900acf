/* Any bytes as a script: read, or refused with a file and a line. */
#include <stdint.h>
#include <stdlib.h>

#include "planner/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct script script;
    struct err err = { "" };
    if (script_read(&err, &script, STR("fuzz.scn"), str_make((const char *)data, size))) {
        for (size_t i = 0; i < script.count; i++)
            must(script.statements[i].line > 0 && script.statements[i].verb < SCRIPT_VERB_COUNT);
        script_free(&script);
    } else
        must(str_starts(str_of(err.text), STR("fuzz.scn")));
    return 0;
}
