/* views.h - data/views.db: tables and a full-text index that people query. A reader like any other.
 *
 * Committed without fsync behind the log; rebuilt from it at will; never backed up. It holds personal
 * text in the clear (the search needs it), so erasing a customer deletes their rows, merges the
 * full-text index's segments and vacuums: the bytes are gone from the file. (Seconds at a million
 * messages, so several erasures in one group share it; a crash in between is made good at the start.)
 *
 * One thread owns the views: changes and queries go through one queue in order, so that whoever has
 * an acknowledgement reads their own write. The caller wraps a group of changes in views_begin and
 * views_commit; views_commit stores the cursor: the seq of the last event that the views contain. */
#ifndef LOG_VIEWS_H
#define LOG_VIEWS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#define VIEWS_FORMAT 1
#define VIEWS_BUCKETS_MAX 1000
#define VIEWS_MATCHES_MAX 5000

struct views;

/* Opens or makes the file. A damaged one, one of another format, and one that was open when the
 * computer went down (nothing in it was synced) is removed and made anew with cursor 0: *rebuilt says
 * so. Whether the cursor is ahead of the log (an older log was restored) is the caller's to check:
 * views_remove, and open again. */
struct views *views_open(struct err *err, const char *path, bool *rebuilt);
void views_close(struct views *views);
void views_remove(const char *path); /* the file must not be open */
uint64_t views_cursor(const struct views *views);
/* The cursor of a file that somebody else may be using; 0 if there is none that can be read. */
uint64_t views_cursor_of(const char *path);

/* If views_commit fails, or anything between the two, nothing of the group is in the file: repeat the
 * group, or views_roll_back and views_remove. */
bool views_begin(struct err *err, struct views *views) WARN_UNUSED;
bool views_commit(struct err *err, struct views *views, uint64_t cursor) WARN_UNUSED;

void views_roll_back(struct views *views);

/* Within a group, changes of conversations are joined in memory and written once, by views_commit. Queries see
 * what is written, so this comes before them. If it fails, the group is lost, as when views_commit fails. */
bool views_settle(struct err *err, struct views *views) WARN_UNUSED;

/* Which streams an event belongs to. Who is a tag of the caller's (customer, agent, team, staff). */
bool views_index(struct err *err, struct views *views, uint64_t who, uint64_t seq) WARN_UNUSED;
/* Which conversation an event belongs to. */
bool views_index_conversation(struct err *err, struct views *views, uint64_t conversation, uint64_t seq) WARN_UNUSED;

/* Up to `max` seqs above `after` that are indexed under any of `who`, ascending, without doubles. */
bool views_seqs(struct err *err, struct views *views, const uint64_t *who, size_t who_count,
                uint64_t after, uint64_t *seqs, size_t max, size_t *count) WARN_UNUSED;
bool views_conversation_seqs(struct err *err, struct views *views, uint64_t conversation, uint64_t after,
                             uint64_t *seqs, size_t max, size_t *count) WARN_UNUSED;
/* The last `max` seqs at or below `before` (0: the end), ascending: paging backwards. */
bool views_conversation_seqs_back(struct err *err, struct views *views, uint64_t conversation, uint64_t before,
                                  uint64_t *seqs, size_t max, size_t *count) WARN_UNUSED;

/* A row a conversation; every call sets what is not left at its "unchanged" value: -1 for numbers,
 * NULL data for strings. The first call for an id makes the row. */
struct conversation_change {
    uint64_t id;
    int64_t customer, agent, opened_ms, resolved_ms, requested_ms, met_ms, stars, assistant_answers,
        messages, recontact, last_ms, last_seq;
    struct str state, topic, language, channel, resolved_by, disposition, comment, last_text;
    int64_t count_message, count_answer; /* added to messages / assistant_answers */
};
void conversation_change_init(struct conversation_change *change, uint64_t id);
bool views_conversation(struct err *err, struct views *views, const struct conversation_change *change) WARN_UNUSED;

/* A request for a person: made when asked, met when an agent owns the conversation. They set
 * requested_ms and met_ms of the conversation too. Meeting what nobody requested does nothing. */
bool views_request(struct err *err, struct views *views, uint64_t conversation, struct str via, int64_t at_ms) WARN_UNUSED;
bool views_request_met(struct err *err, struct views *views, uint64_t conversation, uint64_t agent, int64_t at_ms) WARN_UNUSED;

/* Text of a message, for the search. */
bool views_message(struct err *err, struct views *views, uint64_t seq, uint64_t conversation, uint64_t customer,
                   struct str author, struct str text) WARN_UNUSED;
bool views_customer(struct err *err, struct views *views, uint64_t customer, struct str external_id,
                    struct str name, struct str email) WARN_UNUSED;
/* Removes every byte of the customer's text: messages, details, comments, last words. The rows of
 * their conversations stay, without any text, so that figures remain what they were. */
bool views_erase(struct err *err, struct views *views, uint64_t customer) WARN_UNUSED;

/* --- Queries; each appends one JSON value to `out`. --- */

/* Figures since `since_ms`: {"opened","resolved","answered_by_assistant","human_requests","met",
 * "met_in_time","service_level" (0..1 or null),"median_wait_ms","p95_wait_ms","longest_wait_ms",
 * "ratings","rating_mean" (or null),"recontacts",
 * "series":[{"at","opened","requests","met","answered","wait_ms"} a row every `bucket_ms`]}. wait_ms is the
 * mean of those met.
 * A conversation is answered by the assistant when the assistant answered and no person was asked for.
 * met_in_time: wait <= target_ms; a request that still waits counts as missed once it is older. A wait
 * that the end of the conversation cut short is missed if it was longer than the target, else left out.
 * service_level = met_in_time / (met + missed). Median and 95th percentile are of those met (nearest
 * rank; 0 if none), the longest of all. Opened, answered and recontacts count conversations opened
 * since; resolved those resolved since; ratings those with a word since. In the series, met and answered
 * stand at the time of the request and of the opening. At most VIEWS_BUCKETS_MAX rows: the latest. */
bool views_figures(struct err *err, struct views *views, int64_t since_ms, int64_t now_ms, int64_t target_ms,
                   int64_t bucket_ms, struct buf *out) WARN_UNUSED;

/* Conversations, newest activity first, as rows of {"conversation","customer","name","agent","state",
 * "topic","language","opened_at","last_at","last_text","stars","requested_at","met_at","resolved_at",
 * "recontact"}. Filters: state empty for all; agent 0 for all; text is words for the full-text index
 * (each as a prefix; quotes and operators are literal), empty for all; before_ms 0 or the last_at of
 * the last row of the page before. Rows that share the last one's last_at come along, even above the
 * limit, so that no page skips any. The words must all stand in one message, or in the customer's name,
 * e-mail and external id; of very common words the newest VIEWS_MATCHES_MAX messages are looked at. */
struct views_filter {
    struct str state, text;
    uint64_t agent, customer;
    int64_t before_ms;
    size_t limit;
    int64_t resolved_after_ms; /* of the resolved ones only those; 0: all */
};
bool views_conversations(struct err *err, struct views *views, const struct views_filter *filter,
                         struct buf *out) WARN_UNUSED;

#endif
