/* A version's list of files as it stands on disk: whatever is read names only files that may be edited, and is written
 * as it was read. */
#include "base/must.h"
#include "workspace/versions.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { 0 };
    struct version version, again;
    struct buf text;
    if (size > 100000)
        return 0;
    if (version_parse(&arena, str_make((const char *)data, size), &version)) {
        for (size_t i = 0; i < version.file_count; i++) {
            must(str_find(version.files[i].file, STR(".."), 0) < 0);
            must(str_starts(version.files[i].file, STR("topics/")) || str_starts(version.files[i].file, STR("knowledge/")));
            must(version.files[i].digest.len == 0 || version.files[i].digest.len == VERSIONS_DIGEST);
        }
        buf_init(&text, 1 << 20);
        version_write(&version, &text);
        must(version_parse(&arena, buf_str(&text), &again) && again.file_count == version.file_count && again.at_ms == version.at_ms);
        buf_free(&text);
    }
    arena_free(&arena);
    return 0;
}
