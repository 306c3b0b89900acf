/* scenario_feed.h - one session's event stream over libcurl, read into an inbox. */
#ifndef CLI_SCENARIO_FEED_H
#define CLI_SCENARIO_FEED_H

#include <curl/curl.h>

#include "cli/remote.h"
#include "planner/stage.h"

struct feed {
    CURL *curl;
    struct curl_slist *headers;
    struct buf pending;       /* bytes of an event that has not come whole */
    struct performer *performer;
    bool connected, ended;
    bool resumes;             /* began behind an event that had been seen: the first is no news of where it is */
    bool doubled;             /* an event came twice or out of order */
};

/* Begins at the present, or behind `after` if it is not 0. */
void feed_open(struct feed *stream, CURLM *multi, const struct remote *server, const char *token,
                 struct performer *performer, uint64_t after);
void feed_close(struct feed *stream, CURLM *multi);

#endif
