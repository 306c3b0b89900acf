#include "base/csv.h"

static bool mistake(struct err *err, const struct csv *csv, size_t line, const char *what, const char *cure)
{
    return err_set(err, "%.*s:%zu: %s; %s", STR_ARG(csv->name), line, what, cure);
}

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

/* Behind the end of a line of any kind. */
static void pass_line_end(struct csv *csv)
{
    struct str *rest = &csv->rest;
    if (rest->len == 0)
        return;
    size_t end = rest->len > 1 && rest->data[0] == '\r' && rest->data[1] == '\n' ? 2 : 1;
    *rest = str_slice(*rest, end, rest->len);
    csv->next_line++;
}

bool csv_begin(struct err *err, struct csv *csv, struct arena *arena, struct str name, struct str text)
{
    *csv = (struct csv){ .name = name, .rest = text, .arena = arena, .next_line = 1 };
    if (text.len > LIMIT_CSV)
        return err_set(err, "%.*s: the file is larger than %d bytes; split it", STR_ARG(name), LIMIT_CSV);
    if (!str_is_utf8(text) || (text.len && memchr(text.data, 0, text.len))) {
        struct str rest = text, line;
        size_t number = 1;
        while (str_split(&rest, '\n', &line) && str_is_utf8(line) && !memchr(line.data, 0, line.len))
            number++;
        return mistake(err, csv, number, "a byte here is not valid UTF-8 text", "save the file as UTF-8");
    }
    if (str_starts(text, STR("\xef\xbb\xbf")))
        csv->rest = str_slice(text, 3, text.len);
    return true;
}

/* A field between quotes: *rest begins with the first one and ends up behind the last. */
static bool read_quoted(struct err *err, struct csv *csv, struct str *field)
{
    const char *from = csv->rest.data + 1, *end = csv->rest.data + csv->rest.len, *at = from;
    size_t doubled = 0, begin = csv->next_line;
    for (; at < end && (*at != '"' || (at + 1 < end && at[1] == '"')); at++) {
        if (*at == '"') {
            doubled++;
            at++;
        }
        csv->next_line += *at == '\n' || (*at == '\r' && !(at + 1 < end && at[1] == '\n'));
    }
    if (at == end)
        return mistake(err, csv, begin, "a field that begins with a quote has no end", "write a quote inside such a field twice");
    *field = str_make(from, (size_t)(at - from));
    csv->rest = str_make(at + 1, (size_t)(end - at - 1));
    if (doubled) {
        char *copy = arena_take(csv->arena, field->len - doubled + 1);
        size_t len = 0;
        for (size_t i = 0; i < field->len; i++) {
            copy[len++] = field->data[i];
            i += field->data[i] == '"';
        }
        *field = str_make(copy, len);
    }
    if (csv->rest.len && csv->rest.data[0] != ',' && !ends_line(csv->rest.data[0]))
        return mistake(err, csv, csv->next_line, "text follows the quote that ends a field",
                       "write a quote inside such a field twice, and a comma behind the last one");
    return true;
}

static void read_plain(struct csv *csv, struct str *field)
{
    size_t len = 0;
    while (len < csv->rest.len && csv->rest.data[len] != ',' && !ends_line(csv->rest.data[len]))
        len++;
    *field = str_make(csv->rest.data, len);
    csv->rest = str_slice(csv->rest, len, csv->rest.len);
}

static bool read_record(struct err *err, struct csv *csv)
{
    for (bool more = true; more;) {
        struct str *field = &csv->fields[csv->count];
        if (csv->count == LIMIT_CSV_COLUMNS)
            return mistake(err, csv, csv->line, "the record has too many fields", "keep the columns that are needed");
        if (csv->rest.len && csv->rest.data[0] == '"') {
            if (!read_quoted(err, csv, field))
                return false;
        } else {
            read_plain(csv, field);
        }
        if (field->len > LIMIT_CSV_FIELD)
            return mistake(err, csv, csv->line, "a field is too long", "shorten it, or look for a quote that was not closed");
        csv->count++;
        more = csv->rest.len && csv->rest.data[0] == ',';
        if (more)
            csv->rest = str_slice(csv->rest, 1, csv->rest.len);
    }
    pass_line_end(csv);
    return true;
}

enum csv_step csv_next(struct err *err, struct csv *csv)
{
    while (csv->rest.len && ends_line(csv->rest.data[0]))
        pass_line_end(csv);
    csv->count = 0;
    csv->line = csv->next_line;
    if (csv->rest.len == 0)
        return CSV_END;
    if (!read_record(err, csv))
        return CSV_MISTAKE;
    if (csv->columns && csv->count != csv->columns) {
        err_set(err, "%.*s:%zu: the record has %zu fields and the header %zu; put a field with commas between quotes",
                STR_ARG(csv->name), csv->line, csv->count, csv->columns);
        return CSV_MISTAKE;
    }
    return CSV_RECORD;
}

bool csv_header(struct err *err, struct csv *csv, const char *const *names, size_t *columns, size_t count)
{
    enum csv_step step = csv_next(err, csv);
    if (step == CSV_END)
        return mistake(err, csv, 1, "the file is empty", "begin it with a line that names the columns");
    if (step == CSV_MISTAKE)
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t found = 0;
        for (size_t k = 0; k < csv->count; k++) {
            if (!str_equal_nocase(str_trim(csv->fields[k]), str_of(names[i])))
                continue;
            columns[i] = k;
            found++;
        }
        if (found != 1)
            return err_set(err, "%.*s:%zu: the header names the column '%s' %zu times; name it once, with commas between the columns",
                           STR_ARG(csv->name), csv->line, names[i], found);
    }
    csv->columns = csv->count;
    return true;
}

void csv_write_field(struct buf *out, struct str field)
{
    bool plain = true;
    for (size_t i = 0; i < field.len; i++)
        plain &= field.data[i] != ',' && field.data[i] != '"' && !ends_line(field.data[i]);
    if (plain) {
        buf_add_str(out, field);
        return;
    }
    buf_add_char(out, '"');
    for (size_t i = 0; i < field.len; i++) {
        if (field.data[i] == '"')
            buf_add_char(out, '"');
        buf_add_char(out, field.data[i]);
    }
    buf_add_char(out, '"');
}
