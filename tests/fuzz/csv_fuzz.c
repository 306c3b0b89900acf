/* CSV: whatever the bytes, each record is bounded, fields lie inside the text or the arena, lines go up, it ends. */
#include "base/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "text" };
    struct str text = str_make((const char *)data, size);
    struct arena arena = { 0 };
    struct err err;
    struct csv csv;
    size_t column, line = 0, records = 0, bytes = 0;
    bool headed = size && data[0] == 't';
    if (csv_begin(&err, &csv, &arena, STR("f"), text) && (!headed || csv_header(&err, &csv, names, &column, 1))) {
        enum csv_step step;
        while ((step = csv_next(&err, &csv)) == CSV_RECORD) {
            must(csv.count > 0 && csv.count <= LIMIT_CSV_COLUMNS && (!headed || csv.count == csv.columns));
            must(csv.line > line);
            line = csv.line;
            for (size_t i = 0; i < csv.count; i++) {
                must(str_is_utf8(csv.fields[i]));
                bytes += csv.fields[i].len;
            }
            must(++records <= size && bytes <= size);
        }
        must(step == CSV_MISTAKE || (csv_next(&err, &csv) == CSV_END && csv.rest.len == 0));
    }
    arena_free(&arena);
    return 0;
}
