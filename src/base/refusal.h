/* refusal.h - what a client did wrong: one table of all API errors.
 *
 * The code is stable and goes over the wire; the sentence says what, and how to mend it. C, the
 * OpenAPI description, docs/api.md and the interface texts come from this table. */
#ifndef BASE_REFUSAL_H
#define BASE_REFUSAL_H

/* X(NAME, code on the wire, HTTP status, sentence) */
#define REFUSALS(X) \
    X(NONE, "ok", 200, "Done.") \
    X(BAD_REQUEST, "bad_request", 400, "The request is not valid HTTP, or uses a part of it that is not taken here.") \
    X(BAD_JSON, "bad_json", 400, "The body is not valid JSON.") \
    X(BAD_UTF8, "bad_utf8", 400, "The text is not valid UTF-8.") \
    X(BAD_FIELD, "bad_field", 400, "A field has the wrong type or a value that is not allowed.") \
    X(UNKNOWN_FIELD, "unknown_field", 400, "The body has a field that this request does not know.") \
    X(MISSING_FIELD, "missing_field", 400, "A required field is missing.") \
    X(BAD_QUERY, "bad_query", 400, "A query parameter is not allowed here or has a bad value.") \
    X(BAD_CONTENT_TYPE, "bad_content_type", 415, "Send the body as application/json.") \
    X(TOO_LONG, "too_long", 413, "The text is longer than allowed; shorten it and send it again.") \
    X(EMPTY, "empty", 400, "The text is empty.") \
    X(PERSONAL_DATA, "personal_data", 400, "The wording has personal data in it (a name, a number, an address); leave them out.") \
    X(BAD_FILES, "bad_files", 400, "The topics and articles would have mistakes; they are listed.") \
    X(FILES_NOT_TAKEN, "files_not_taken", 415, "Files cannot be sent yet; describe the matter in words.") \
    X(NOT_LOGGED_IN, "not_logged_in", 401, "There is no valid session; log in or open a new one.") \
    X(BAD_API_KEY, "invalid_api_key", 401, "The key is not the one in the file that api: key_file: of workspace.yaml names, or no file is named.") \
    X(BAD_LOGIN, "bad_login", 401, "The login or the password is wrong.") \
    X(BAD_IDENTITY, "bad_identity", 401, "The signed identity is not valid.") \
    X(BAD_ORIGIN, "bad_origin", 403, "This request came from a page that may not send it.") \
    X(NOT_ALLOWED, "not_allowed", 403, "This session may not do that.") \
    X(NOT_FOUND, "not_found", 404, "There is nothing here, or not for this session.") \
    X(METHOD_NOT_ALLOWED, "method_not_allowed", 405, "This address does not take that method.") \
    X(NOT_ACCEPTABLE, "not_acceptable", 406, "Ask for text/event-stream or application/json.") \
    X(WRONG_STATE, "wrong_state", 409, "That cannot be done in the present state.") \
    X(NOT_OWNER, "not_owner", 409, "The conversation belongs to somebody else now.") \
    X(STALE, "stale", 409, "The conversation has moved on since this was decided.") \
    X(OFFER_GONE, "offer_gone", 409, "The offer has expired or was taken back.") \
    X(AT_CAPACITY, "at_capacity", 409, "The agent has as many conversations as allowed.") \
    X(NOT_ONLINE, "not_online", 409, "The agent is not online.") \
    X(ALREADY_RATED, "already_rated", 409, "The conversation has been rated already.") \
    X(TAKEN, "taken", 409, "That login is in use already.") \
    X(TOO_MANY_OPEN, "too_many_open", 409, "There are as many open conversations as allowed; go on in one of them.") \
    X(CHANGED_MEANWHILE, "changed_meanwhile", 409, "Somebody has published another version meanwhile; look at it and try again.") \
    X(BUSY, "busy", 409, "Another draft is being worked on; try again in a moment.") \
    X(ALREADY_LEARNED, "already_learned", 409, "The assistant has learned this wording already.") \
    X(TOO_MANY, "too_many", 409, "There are as many of these as allowed; revoke some first.") \
    X(KEY_REUSED, "key_reused", 409, "This idempotency key was used for a different request.") \
    X(BAD_KEY, "bad_key", 400, "The Idempotency-Key is missing or longer than 128 characters.") \
    X(UNKNOWN_AGENT, "unknown_agent", 404, "There is no such agent.") \
    X(UNKNOWN_SKILL, "unknown_skill", 400, "The workspace knows no such skill or language.") \
    X(BAD_SETTINGS, "bad_settings", 400, "The engine settings are not valid.") \
    X(ERASED, "erased", 410, "This customer's data have been erased.") \
    X(RATE_LIMITED, "rate_limited", 429, "Too many requests; wait as long as Retry-After says.") \
    X(TOO_MANY_CONNECTIONS, "too_many_connections", 429, "Too many open connections; close some first.") \
    X(NOT_READY, "not_ready", 503, "The server is starting or stopping; try again in a moment.") \
    X(DISK_FULL, "disk_full", 503, "The server cannot store anything now; nothing was done. Try again later.") \
    X(INTERNAL, "internal", 500, "Something failed in the server; nothing was done.")

enum refusal {
#define X(name, code, status, sentence) REFUSAL_##name,
    REFUSALS(X)
#undef X
    REFUSAL_COUNT
};

struct refusal_row {
    const char *code;
    int status;
    const char *sentence;
};

extern const struct refusal_row refusal_table[REFUSAL_COUNT];

#endif
