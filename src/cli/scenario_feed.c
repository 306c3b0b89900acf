#include "cli/scenario_feed.h"

#include <stdio.h>

#define EVENT_MAX (1 << 22)

/* One event: lines up to an empty one. */
static void take_event(struct feed *stream, struct str block)
{
    struct performer *performer = stream->performer;
    struct str line, type = STR_EMPTY, data = STR_EMPTY, id = STR_EMPTY;
    while (str_split(&block, '\n', &line)) {
        if (str_starts(line, STR(":"))) stream->connected = true;
        if (str_starts(line, STR("event: "))) type = str_slice(line, 7, line.len);
        if (str_starts(line, STR("data: "))) data = str_slice(line, 6, line.len);
        if (str_starts(line, STR("id: "))) id = str_slice(line, 4, line.len);
    }
    if (!type.len) return;
    json_t *event = json_loadb(data.data, data.len, 0, NULL);
    uint64_t seq = 0;
    if (!event) event = json_object();
    stream->connected = true;
    if (str_equal(type, STR("hello"))) {
        if (!stream->resumes) performer->last_seq = (uint64_t)json_integer_value(json_object_get(event, "seq"));
        json_decref(event);
        return;
    }
    if (id.len && str_to_u64(id, &seq)) {
        stream->doubled |= seq <= performer->last_seq;
        performer->last_seq = seq;
    } else if (str_starts(type, STR("signal.")))
        json_object_set_new(event, "type", json_stringn(type.data, type.len));
    else
        json_object_set_new(event, "type", json_sprintf("signal.%.*s", STR_ARG(type)));
    json_array_append_new(performer->inbox, event);
}

static size_t take(char *data, size_t size, size_t count, void *context)
{
    struct feed *stream = context;
    buf_add(&stream->pending, data, size * count);
    for (ptrdiff_t end; (end = str_find(buf_str(&stream->pending), STR("\n\n"), 0)) >= 0;) {
        take_event(stream, str_slice(buf_str(&stream->pending), 0, (size_t)end));
        buf_drop_front(&stream->pending, (size_t)end + 2);
    }
    return size * count;
}

void feed_open(struct feed *stream, CURLM *multi, const struct remote *server, const char *token,
                 struct performer *performer, uint64_t after)
{
    char line[512];
    *stream = (struct feed){ .performer = performer, .resumes = after != 0 };
    buf_init(&stream->pending, EVENT_MAX);
    stream->curl = curl_easy_init();
    must(stream->curl);
    snprintf(line, sizeof line, "%s/v1/events", server->url);
    curl_easy_setopt(stream->curl, CURLOPT_URL, line);
    curl_easy_setopt(stream->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(stream->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(stream->curl, CURLOPT_SSL_VERIFYPEER, server->elsewhere ? 1L : 0L);
    curl_easy_setopt(stream->curl, CURLOPT_SSL_VERIFYHOST, server->elsewhere ? 2L : 0L);
    snprintf(line, sizeof line, "Authorization: Bearer %s", token);
    stream->headers = curl_slist_append(NULL, line);
    stream->headers = curl_slist_append(stream->headers, "Accept: text/event-stream");
    if (after) {
        snprintf(line, sizeof line, "Last-Event-ID: %llu", (unsigned long long)after);
        stream->headers = curl_slist_append(stream->headers, line);
    }
    curl_easy_setopt(stream->curl, CURLOPT_HTTPHEADER, stream->headers);
    curl_easy_setopt(stream->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(stream->curl, CURLOPT_WRITEDATA, stream);
    curl_easy_setopt(stream->curl, CURLOPT_PRIVATE, stream);
    curl_easy_setopt(stream->curl, CURLOPT_FAILONERROR, 1L);
    must(curl_multi_add_handle(multi, stream->curl) == CURLM_OK);
}

void feed_close(struct feed *stream, CURLM *multi)
{
    if (!stream->curl) return;
    curl_multi_remove_handle(multi, stream->curl);
    curl_easy_cleanup(stream->curl);
    curl_slist_free_all(stream->headers);
    buf_free(&stream->pending);
    stream->curl = NULL;
}
