/* settings.h - what the engine must know of the workspace, as text in the log.
 *
 * The engine never reads the workspace's files: a `configure` command carries this text, the event
 * workspace.configured keeps it, and replay needs nothing else. One line a setting:
 *
 *   offer_patience_ms 15000
 *   language en            (in order; the first is the workspace's own)
 *   skill payments
 *   topic payment-due-date payments,refunds      (topic, then the skills that a person needs)
 *
 * Unknown words, double topics, skills that no `skill` line names and values outside the limits are
 * errors that name the line. */
#ifndef ENGINE_SETTINGS_H
#define ENGINE_SETTINGS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"

/* X(name, default, smallest, greatest, meaning) */
#define SETTINGS(X) \
    X(offer_patience_ms, 15000, 1000, 120000, "how long an agent may think about an offer") \
    X(lease_ms, 20000, 2000, 300000, "an agent without a heartbeat for this long is offline") \
    X(wrapup_ms, 30000, 0, 3600000, "time after a conversation before its place is offered again") \
    X(decline_rest_ms, 30000, 0, 3600000, "a declined conversation is not offered to the same agent for this long, if others are free") \
    X(missed_offers_max, 2, 1, 100, "offers in a row that an agent may let expire before being set away") \
    X(failed_turns_max, 2, 1, 2, "turns that do not help before the assistant hands over") \
    X(assistant_patience_ms, 10000, 500, 120000, "an assistant that has not answered after this long hands over") \
    X(recontact_window_ms, 604800000, 0, 7776000000, "a repeat on a resolved topic within this time is a recontact") \
    X(reopen_window_ms, 86400000, 0, 7776000000, "a customer who writes within this time after resolution goes on in the same conversation") \
    X(look_back_ms, 172800000, 0, 7776000000, "an agent may read a conversation that was resolved in their hands for this long, while it stays resolved") \
    X(idle_close_ms, 86400000, 60000, 7776000000, "an assistant's conversation without a word for this long is closed") \
    X(approval_patience_ms, 3600000, 1000, 604800000, "an action that nobody has approved after this long goes to the queue") \
    X(service_level_ms, 180000, 1000, 86400000, "a request for a person should be met within this time") \
    X(handle_time_ms, 240000, 1000, 86400000, "expected length of a person's conversation until there is history") \
    X(session_ms, 43200000, 60000, 2592000000, "a staff session ends after this long")

struct settings_topic {
    struct str name;
    uint64_t skills; /* bit i: skills[i] */
};

struct settings {
#define X(name, initial, smallest, greatest, meaning) int64_t name;
    SETTINGS(X)
#undef X
    struct str languages[LIMIT_LANGUAGES];
    size_t language_count;
    struct str skills[LIMIT_SKILLS];
    size_t skill_count;
    struct settings_topic *topics; /* sorted by name */
    size_t topic_count;
};

/* All defaults, language "en", no skills and topics. */
void settings_default(struct settings *settings);

/* Strings and the topics array are taken from `arena`. On failure *settings is unspecified. */
bool settings_decode(struct err *err, struct str text, struct arena *arena,
                     struct settings *settings) WARN_UNUSED;

/* The canonical text: the same settings always give the same bytes. */
void settings_encode(const struct settings *settings, struct buf *out);

/* -1 if unknown. */
int settings_skill(const struct settings *settings, struct str name);
int settings_language(const struct settings *settings, struct str name);
const struct settings_topic *settings_topic(const struct settings *settings, struct str name);

/* A comma-separated list to bits; false if a name is unknown. An empty list is 0. */
bool settings_skill_bits(const struct settings *settings, struct str list, uint64_t *bits) WARN_UNUSED;
bool settings_language_bits(const struct settings *settings, struct str list, uint64_t *bits) WARN_UNUSED;

#endif
