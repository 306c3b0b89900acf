/* handlers.h - one function a route that is more than a command; each answers the request once. */
#ifndef GATEWAY_HANDLERS_H
#define GATEWAY_HANDLERS_H

#include "gateway/request.h"

/* act.c: commands. act_submit sends request->command as it stands and answers with its outcome. */
void act_run(struct request *request);
void act_submit(struct request *request);
/* Reads the body of the route's command; false: answered already. */
bool act_body(struct request *request) WARN_UNUSED;
/* Names the command by its Idempotency-Key, if it has one. */
void act_key(struct request *request);
/* {"seq","conversation"?,"id"?,"repeated"?} */
void act_answer(struct request *request, const struct outcome *outcome);

/* door.c: customers' sessions */
void door_session(struct request *request);

/* login.c: staff's sessions and passwords */
void login_open(struct request *request);
void login_close(struct request *request);
void login_end_sessions(struct request *request);
void login_add_agent(struct request *request);
void login_set_password(struct request *request);

/* talk.c: what is said without being an event, and files */
void talk_typing(struct request *request);
void talk_files(struct request *request);

/* page.c: pages of events */
void page_events(struct request *request);
void page_history(struct request *request);

/* state.c, board.c: how things are */
void state_workspace(struct request *request);
void state_conversation(struct request *request);
void state_me(struct request *request);
void state_conversations(struct request *request);
void board_show(struct request *request);

/* approvals.c: what waits for somebody's yes */
void approvals_show(struct request *request);

/* actions.c: what staff may do for a customer at the back end */
void actions_list(struct request *request);
void actions_run(struct request *request);
void actions_try(struct request *request);

void board_agents(struct request *request);

/* learn.c: what the assistant learns from people */
void learn_asked(struct request *request);
void learn_confirm(struct request *request);
void learn_list(struct request *request);

/* drafts.c: topics and articles as they are, as drafts, and their versions */
void drafts_list(struct request *request);
void drafts_topic(struct request *request);
void drafts_article(struct request *request);
void drafts_check(struct request *request);
void drafts_try(struct request *request);
void drafts_compare(struct request *request);
void drafts_publish(struct request *request);
void drafts_remove_topic(struct request *request);
void drafts_remove_article(struct request *request);
void drafts_restore(struct request *request);
void published_list(struct request *request);
void published_show(struct request *request);

/* completions.c, mcp.c: others' protocols, for the company's own programs */
void completions_create(struct request *request);
void completions_models(struct request *request);
void completions_model(struct request *request);
void mcp_call(struct request *request);

void transcript_show(struct request *request);
void help_page(struct request *request);
void help_index(struct request *request);
void help_style(struct request *request);
void help_article(struct request *request);
void metrics_show(struct request *request);
void operator_backup(struct request *request);
void operator_reload(struct request *request);
void probe_health(struct request *request);
void probe_ready(struct request *request);
void openapi_show(struct request *request);

#endif
