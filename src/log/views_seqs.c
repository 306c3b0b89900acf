#include "base/memory.h"
#include "log/views_file.h"

static bool read_seqs(struct err *err, struct views *views, enum views_statement which, uint64_t of, uint64_t bound,
                      uint64_t *seqs, size_t max, size_t *count)
{
    bool row = true;
    sqlite3_stmt *get = views_with(views, which, (int64_t[]){ (int64_t)of, (int64_t)bound, (int64_t)max }, 3);
    *count = 0;
    while (*count < max) {
        if (!sql_step(err, &views->sql, get, &row)) return false;
        if (!row) break;
        seqs[(*count)++] = (uint64_t)sqlite3_column_int64(get, 0);
    }
    sqlite3_reset(get);
    return true;
}

/* Merges two ascending lists into `out`, without doubles, up to `max`. */
static size_t merge(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count, uint64_t *out, size_t max)
{
    size_t i = 0, j = 0, count = 0;
    while (count < max && (i < a_count || j < b_count)) {
        uint64_t next = j == b_count || (i < a_count && a[i] <= b[j]) ? a[i] : b[j];
        if (i < a_count && a[i] == next) i++;
        if (j < b_count && b[j] == next) j++;
        out[count++] = next;
    }
    return count;
}

bool views_seqs(struct err *err, struct views *views, const uint64_t *who, size_t who_count, uint64_t after,
                uint64_t *seqs, size_t max, size_t *count)
{
    uint64_t *one = MEMORY_NEW_ARRAY(uint64_t, max), *both = MEMORY_NEW_ARRAY(uint64_t, max);
    size_t found;
    bool done = true;
    *count = 0;
    for (size_t i = 0; done && i < who_count; i++) {
        done = read_seqs(err, views, VIEWS_STREAM_GET, who[i], after, one, max, &found);
        if (!done) break;
        *count = merge(seqs, *count, one, found, both, max);
        memcpy(seqs, both, *count * sizeof *seqs);
    }
    memory_free(one);
    memory_free(both);
    return done;
}

bool views_conversation_seqs(struct err *err, struct views *views, uint64_t conversation, uint64_t after,
                             uint64_t *seqs, size_t max, size_t *count)
{
    return read_seqs(err, views, VIEWS_LINE_GET, conversation, after, seqs, max, count);
}

bool views_conversation_seqs_back(struct err *err, struct views *views, uint64_t conversation, uint64_t before,
                                  uint64_t *seqs, size_t max, size_t *count)
{
    if (!before) before = INT64_MAX;
    if (!read_seqs(err, views, VIEWS_LINE_GET_BACK, conversation, before, seqs, max, count)) return false;
    for (size_t i = 0; i < *count / 2; i++) {
        uint64_t other = seqs[*count - 1 - i];
        seqs[*count - 1 - i] = seqs[i];
        seqs[i] = other;
    }
    return true;
}
