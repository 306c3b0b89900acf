/* csv.h - comma-separated values as RFC 4180 has them, record by record.
 *
 * The text stays the caller's and must outlive the reader; fields point into it, or into the arena
 * where a doubled quote had to go. Lines end with LF, CRLF or CR; a byte order mark is passed over;
 * empty lines are no records. A quote inside a field that does not begin with one is a plain
 * character, as spreadsheets write it. Every mistake is a sentence that names file, line and cure.
 * Separators other than the comma are not guessed. */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

struct csv {
    struct str name;      /* of the file, for the messages */
    struct str rest;      /* what is still unread */
    struct arena *arena;
    size_t next_line;
    size_t columns;       /* of the header; 0 before it was read */
    size_t line;          /* on which the record in `fields` begins, from 1 */
    size_t count;         /* of fields */
    struct str fields[LIMIT_CSV_COLUMNS];
};

/* False if the text is no UTF-8, has zero bytes, or is larger than LIMIT_CSV. */
bool csv_begin(struct err *err, struct csv *csv, struct arena *arena, struct str name, struct str text) WARN_UNUSED;

enum csv_step { CSV_RECORD, CSV_END, CSV_MISTAKE };

/* The next record is in `fields`. After csv_header a record has exactly as many fields as it. */
enum csv_step csv_next(struct err *err, struct csv *csv) WARN_UNUSED;

/* Reads the first record as names of columns; columns[i] becomes the place of names[i] in each record.
 * False if one is missing or there twice. Other columns are allowed. */
bool csv_header(struct err *err, struct csv *csv, const char *const *names, size_t *columns, size_t count) WARN_UNUSED;

/* Writes a field, between quotes where it needs them. */
void csv_write_field(struct buf *out, struct str field);

#endif
