/* help_page.h - approved texts as pages that stand alone: an article, the list of all, and what is shown
 * in a browser where there is nothing. They run no script. */
#ifndef GATEWAY_HELP_PAGE_H
#define GATEWAY_HELP_PAGE_H

#include "gateway/request.h"

/* Answers with an article; its language decides the words around it. */
void help_page_article(struct request *request, struct str title, struct str language, struct str markdown);
/* Answers with the list of articles, each in `language` if it is written in it. */
void help_page_index(struct request *request, struct str language);
/* 404 as a page for who asks for HTML, else as JSON. */
void help_page_missing(struct request *request);

#endif
