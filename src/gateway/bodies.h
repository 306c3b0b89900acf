/* bodies.h - bodies of requests that are no commands, as tables like those of engine/command.h. */
#ifndef GATEWAY_BODIES_H
#define GATEWAY_BODIES_H

#include "engine/command.h"

#define LIMIT_SIGNATURE 64   /* HMAC-SHA256 as hex */
#define LIMIT_PATH 1024      /* a file on the server, given by its operator */

/* B(member) */
#define BODIES(B) B(session) B(login) B(backup) B(draft) B(trial) B(publication) B(restoration)

#define BODY_FIELDS_session(F, S) \
    F(S, TEXT, identity, OPTIONAL, LIMIT_IDENTITY, "the host page's id of the customer; needs a signature") \
    F(S, TEXT, signature, OPTIONAL, LIMIT_SIGNATURE, "HMAC-SHA256 of the identity under the workspace's secret, as hex") \
    F(S, TEXT, name, OPTIONAL, LIMIT_NAME, "what the customer is called") \
    F(S, TEXT, email, OPTIONAL, LIMIT_ADDRESS, "the customer's e-mail address") \
    F(S, TAG, language, OPTIONAL, LIMIT_TAG, "the customer's language, such as en")
#define BODY_FIELDS_login(F, S) \
    F(S, TEXT, login, REQUIRED, LIMIT_LOGIN, "what the person logs in with") \
    F(S, TEXT, password, REQUIRED, LIMIT_PASSWORD, "the password")
#define BODY_FIELDS_backup(F, S) \
    F(S, TEXT, file, REQUIRED, LIMIT_PATH, "where the copy of the log goes; must not exist") \
    F(S, TEXT, keys, OPTIONAL, LIMIT_PATH, "where a copy of the keys goes, too; must not exist")

#define BODY_FIELDS_draft(F, S) \
    F(S, TAG, kind, REQUIRED, LIMIT_TAG, "topic or article") \
    F(S, TAG, name, REQUIRED, LIMIT_TAG, "of the topic or article; a name that is not there makes a new one") \
    F(S, TEXT, text, REQUIRED, LIMIT_DRAFT, "the whole file: YAML front matter and Markdown")
#define BODY_FIELDS_trial(F, S) \
    BODY_FIELDS_draft(F, S) \
    F(S, TEXT, question, REQUIRED, LIMIT_MESSAGE, "what a customer might write") \
    F(S, TAG, language, OPTIONAL, LIMIT_TAG, "of the conversation")
#define BODY_FIELDS_publication(F, S) \
    BODY_FIELDS_draft(F, S) \
    F(S, TAG, version, REQUIRED, LIMIT_TAG, "what the draft was made from: the file's `digest`, `none` if there was no such file; or the workspace's version")
#define BODY_FIELDS_restoration(F, S) \
    F(S, TAG, version, REQUIRED, LIMIT_TAG, "the workspace's version that is to be replaced")

#define F(S, type, member, origin, max, meaning) COMMAND_C_##type member;
#define B(member) struct body_##member { uint64_t given; BODY_FIELDS_##member(F, member) };
BODIES(B)
#undef B
#undef F

#endif
