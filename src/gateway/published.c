/* published.c - the versions of topics and articles that administrators have published: the list, and what one changes. */
#include <stdio.h>

#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/route.h"
#include "gateway/server.h"
#include "workspace/versions.h"

#define TEXTS_MAX (2u << 20) /* bytes of texts in one answer; further files are named only */

struct shown_change {
    struct str file, before, after; /* a text is empty: the file is not there */
    bool has_texts;
};

struct reading_versions {
    uv_work_t work;
    struct request *request;
    const char *directory;
    uint64_t before, limit;      /* of the list */
    struct version *versions;
    size_t count;
    uint64_t number, against;    /* of the changes of one */
    struct version version;
    struct shown_change *changes;
    size_t change_count;
    enum refusal refusal;
    struct err err;
};

static struct reading_versions *reading_of(struct request *request)
{
    struct reading_versions *reading = ARENA_NEW(&request->arena, struct reading_versions);
    *reading = (struct reading_versions){ .request = request, .directory = request->gateway->options.directory, .limit = 50 };
    return reading;
}

static void add_version(struct request *request, const struct version *version, struct buf *json)
{
    json_u64(json, "number", version->number);
    json_text(json, "workspace", version->workspace);
    json_text(json, "what", version->what);
    json_i64(json, "at", version->at_ms);
    json_u64(json, "agent", version->agent);
    json_text(json, "agent_name", node_agent_name(request->gateway->node, version->agent));
    json_u64(json, "files", version->file_count);
}

/* --- the list ----------------------------------------------------------------------------------- */

static void read_versions(uv_work_t *work)
{
    struct reading_versions *reading = CONTAINER_OF(work, struct reading_versions, work);
    struct arena *arena = &reading->request->arena;
    struct err err;
    uint64_t last = versions_last(reading->directory), from = reading->before && reading->before <= last ? reading->before - 1 : last;
    reading->versions = ARENA_NEW_ARRAY(arena, struct version, reading->limit);
    for (uint64_t number = from; number && reading->count < reading->limit; number--)
        if (versions_get(&err, arena, reading->directory, number, &reading->versions[reading->count])) reading->count++;
    reading->before = reading->count ? reading->versions[reading->count - 1].number : 1;
}

static void on_versions(uv_work_t *work, int status)
{
    struct reading_versions *reading = CONTAINER_OF(work, struct reading_versions, work);
    struct buf *json = request_buf(reading->request);
    must(status == 0);
    json_open(json, NULL, '{');
    json_open(json, "versions", '[');
    for (size_t i = 0; i < reading->count; i++) {
        json_open(json, NULL, '{');
        add_version(reading->request, &reading->versions[i], json);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_bool(json, "more", reading->before > 1);
    json_close(json, '}');
    answer_json(reading->request, buf_str(json));
}

void published_list(struct request *request)
{
    struct reading_versions *reading = reading_of(request);
    const char *bad = !query_number(&request->query, "before", INT64_MAX, &reading->before) ? "before"
                    : !query_number(&request->query, "limit", LIMIT_PAGE, &reading->limit) || !reading->limit ? "limit" : NULL;
    if (bad) {
        answer_refusal(request, REFUSAL_BAD_QUERY, bad);
        return;
    }
    must(uv_queue_work(request->gateway->loop, &reading->work, read_versions, on_versions) == 0);
}

/* --- what one changes --------------------------------------------------------------------------- */

static struct str digest_in(const struct version *version, struct str file)
{
    for (size_t i = 0; i < version->file_count; i++)
        if (str_equal(version->files[i].file, file)) return version->files[i].digest;
    return STR_EMPTY;
}

static bool read_text(struct reading_versions *reading, struct str digest, struct str *text)
{
    *text = STR_EMPTY;
    return !digest.len || versions_text(&reading->err, &reading->request->arena, reading->directory, digest, text);
}

static bool read_texts(struct reading_versions *reading, const struct version *before, const struct version_file *changes, size_t count)
{
    size_t room = TEXTS_MAX;
    reading->changes = ARENA_NEW_ARRAY(&reading->request->arena, struct shown_change, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct shown_change *change = &reading->changes[reading->change_count++];
        *change = (struct shown_change){ .file = changes[i].file, .before = STR_EMPTY, .after = STR_EMPTY, .has_texts = room > 0 };
        if (!room) continue;
        if (!read_text(reading, digest_in(before, change->file), &change->before) ||
            !read_text(reading, changes[i].digest, &change->after)) return false;
        size_t size = change->before.len + change->after.len;
        room = size < room ? room - size : 0;
    }
    return true;
}

static bool read_changes(struct reading_versions *reading)
{
    struct version before = { .number = 0 };
    struct arena *arena = &reading->request->arena;
    uint64_t last = versions_last(reading->directory);
    if (reading->number > last || reading->against > last) return reading->refusal = REFUSAL_NOT_FOUND, true;
    if (!versions_get(&reading->err, arena, reading->directory, reading->number, &reading->version) ||
        (reading->against && !versions_get(&reading->err, arena, reading->directory, reading->against, &before))) return false;
    if (!reading->against) return true; /* the first one is what was found: nothing was changed */
    struct version_file *changes = ARENA_NEW_ARRAY(arena, struct version_file, before.file_count + reading->version.file_count + 1);
    return read_texts(reading, &before, changes, versions_changes(&before, &reading->version, changes));
}

static void read_one(uv_work_t *work)
{
    struct reading_versions *reading = CONTAINER_OF(work, struct reading_versions, work);
    if (!read_changes(reading)) reading->refusal = REFUSAL_INTERNAL;
}

static void add_change(const struct shown_change *change, struct buf *json)
{
    json_open(json, NULL, '{');
    json_text(json, "file", change->file);
    if (change->has_texts) {
        json_text(json, "before", change->before);
        json_text(json, "after", change->after);
    }
    json_close(json, '}');
}

static void on_one(uv_work_t *work, int status)
{
    struct reading_versions *reading = CONTAINER_OF(work, struct reading_versions, work);
    struct request *request = reading->request;
    must(status == 0);
    if (reading->refusal) {
        if (reading->refusal == REFUSAL_INTERNAL) fprintf(stderr, "beckon: a version: %s\n", reading->err.text);
        answer_refusal(request, reading->refusal, NULL);
        return;
    }
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    add_version(request, &reading->version, json);
    json_u64(json, "against", reading->against);
    json_open(json, "changes", '[');
    for (size_t i = 0; i < reading->change_count; i++) add_change(&reading->changes[i], json);
    json_close(json, ']');
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

void published_show(struct request *request)
{
    struct reading_versions *reading = reading_of(request);
    reading->number = request->target;
    reading->against = reading->number - 1;
    if (!reading->number) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    if (!query_number(&request->query, "against", INT64_MAX, &reading->against)) {
        answer_refusal(request, REFUSAL_BAD_QUERY, "against");
        return;
    }
    must(uv_queue_work(request->gateway->loop, &reading->work, read_one, on_one) == 0);
}
