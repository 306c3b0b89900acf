/* session.h - who asks, and what they may read: both are decided here and nowhere else.
 *
 * Customer: an opaque token (the vault's) of {customer, issued_ms, random}. Staff: 32 random bytes as
 * hex, in a cookie or as a bearer token; the engine knows only their digest. Operator: the token in
 * data/operator.json. Program of the company: the key in the workspace's file. Which events a session
 * sees, and which of their fields, is event_visible's and event_json's decision, for the viewer that
 * session_viewer gives. */
#ifndef GATEWAY_SESSION_H
#define GATEWAY_SESSION_H

#include "base/refusal.h"
#include "engine/engine.h"

struct gateway;
struct request;

/* How long a customer's token is good for. A page that knows its customer gets a new one by their
 * signature; an anonymous customer is somebody new after that. */
#define SESSION_CUSTOMER_MS ((int64_t)30 * 24 * 3600 * 1000)

enum session_kind { SESSION_NONE, SESSION_CUSTOMER, SESSION_STAFF, SESSION_OPERATOR, SESSION_PROGRAM };

/* Who may use a route: a bit each. No bit: anybody. */
enum who {
    WHO_ANYBODY = 0,
    WHO_CUSTOMER = 1, WHO_AGENT = 2, WHO_SUPERVISOR = 4, WHO_ADMINISTRATOR = 8, WHO_OPERATOR = 16, WHO_PROGRAM = 32,
    WHO_STAFF = WHO_AGENT | WHO_SUPERVISOR | WHO_ADMINISTRATOR,
    WHO_SUPERVISORS = WHO_SUPERVISOR | WHO_ADMINISTRATOR,
};

struct session {
    enum session_kind kind;
    int who;               /* the one bit of this session */
    uint64_t customer;
    uint64_t agent, session;
    int64_t expires_at;    /* staff and customers */
    struct digest token;   /* staff */
    bool by_cookie;
};

/* Finds the session that the request names. REFUSAL_NONE with SESSION_NONE: it names none. */
enum refusal session_find(struct request *request, struct session *session);

/* A new customer token, valid for requests from `now_ms` on. */
void session_customer_token(const struct gateway *gateway, uint64_t customer, struct buf *out);

struct viewer session_viewer(const struct session *session);
enum actor session_actor(const struct session *session);
const char *session_name(const struct session *session);

/* The one rule of who may read a conversation: its customer, agents as engine_agent_may_read says,
 * supervisors and administrators. Fills *view when it may. */
bool session_may_read(const struct gateway *gateway, const struct session *session, uint64_t conversation,
                      struct conversation_view *view) WARN_UNUSED;
/* The same for the request's own conversation; one that may not be read is answered as not there. */
bool session_conversation(struct request *request, struct conversation_view *view) WARN_UNUSED;

/* A number for rate limits: the session's subject, never 0. */
uint64_t session_subject(const struct session *session);

/* The name of the cookie: over TLS with the prefix by which browsers take it from this host only. */
const char *session_cookie_name(bool secure);
/* The value of a cookie in a Cookie header; empty if it is not there. */
struct str session_cookie(struct str header, struct str name);
/* The token of "Bearer TOKEN"; empty if it is something else. */
struct str session_bearer(struct str header);

#endif
