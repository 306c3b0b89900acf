#include "cli/remote.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/offline.h"

#define ANSWER_MAX (64 << 20)
#define TIMEOUT_S 30L

/* Whether an address is none of this machine's, whose certificate names the public one. */
static bool is_elsewhere(const char *url)
{
    static const char *const here[] = { "127.0.0.1", "localhost", "[::1]" };
    CURLU *parts = curl_url();
    char *host = NULL;
    bool elsewhere = true;
    if (!curl_url_set(parts, CURLUPART_URL, url, 0) && !curl_url_get(parts, CURLUPART_HOST, &host, 0))
        for (size_t i = 0; i < ARRAY_LEN(here); i++)
            elsewhere &= strcmp(host, here[i]) != 0;
    curl_free(host);
    curl_url_cleanup(parts);
    return elsewhere;
}

bool remote_set(struct err *err, const char *url, struct remote *out)
{
    size_t len = strlen(url);
    while (len && url[len - 1] == '/')
        len--;
    if (len >= sizeof out->url)
        return err_set(err, "an address has at most %zu characters", sizeof out->url - 1);
    snprintf(out->url, sizeof out->url, "%.*s", (int)len, url);
    out->elsewhere = is_elsewhere(out->url);
    return true;
}

bool remote_read(struct err *err, const char *file, struct remote *out)
{
    json_error_t problem;
    json_t *root = json_load_file(file, 0, &problem);
    const char *url = json_string_value(json_object_get(root, "url"));
    const char *token = json_string_value(json_object_get(root, "token"));
    bool fine = url && token && strlen(token) < sizeof out->token && remote_set(err, url, out);
    if (fine) {
        out->elsewhere = false;
        snprintf(out->token, sizeof out->token, "%s", token);
        out->pid = json_integer_value(json_object_get(root, "pid"));
    } else
        err_set(err, "%s cannot be used: %s", file, root ? "it has no url and token" : problem.text);
    json_decref(root);
    return fine;
}

bool remote_find(struct err *err, const char *directory, struct remote *out)
{
    struct arena arena = { 0 };
    err->text[0] = 0;
    int fd = open(data_path(&arena, directory, "lock"), O_RDWR | O_CLOEXEC);
    bool served = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (fd >= 0)
        close(fd);
    const char *file = data_path(&arena, directory, "operator.json");
    bool found = false;
    if (served && access(file, R_OK))
        err_set(err, "a server uses %s, but %s cannot be read: %s", directory, file, strerror(errno));
    else if (served)
        found = remote_read(err, file, out);
    arena_free(&arena);
    return found;
}

static size_t take(char *data, size_t size, size_t count, void *context)
{
    buf_add(context, data, size * count);
    return size * count;
}

static int put(const char *data, size_t len, void *context)
{
    buf_add(context, data, len);
    return 0;
}

/* A key that no other call of any process uses. */
static void idempotency_key(char header[80])
{
    unsigned char bytes[16];
    FILE *file = fopen("/dev/urandom", "rb");
    must(file && fread(bytes, sizeof bytes, 1, file) == 1);
    fclose(file);
    int at = snprintf(header, 80, "Idempotency-Key: cli-");
    for (size_t i = 0; i < sizeof bytes; i++)
        at += snprintf(header + at, 80 - (size_t)at, "%02x", bytes[i]);
}

static void prepare(CURL *curl, struct curl_slist **headers, const struct remote *remote, const char *path)
{
    char line[400];
    snprintf(line, sizeof line, "%s%s", remote->url, path);
    curl_easy_setopt(curl, CURLOPT_URL, line);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, TIMEOUT_S);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    /* The address is this machine's own; the certificate names the public one. */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    if (remote->token[0]) {
        snprintf(line, sizeof line, "Authorization: Bearer %s", remote->token);
        *headers = curl_slist_append(*headers, line);
    }
    idempotency_key(line);
    *headers = curl_slist_append(*headers, line);
    *headers = curl_slist_append(*headers, "Content-Type: application/json");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *headers);
}

bool remote_call(struct err *err, const struct remote *remote, const char *path, json_t *body,
                 long *status, json_t **answer)
{
    struct buf text, sent;
    struct curl_slist *headers = NULL;
    CURL *curl = curl_easy_init();
    must(curl);
    buf_init(&text, ANSWER_MAX);
    buf_init(&sent, ANSWER_MAX);
    prepare(curl, &headers, remote, path);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &text);
    if (body) {
        json_dump_callback(body, put, &sent, JSON_COMPACT);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, buf_cstr(&sent));
    }
    CURLcode code = curl_easy_perform(curl);
    bool fine = code == CURLE_OK;
    *status = 0;
    *answer = NULL;
    if (fine) {
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
        *answer = json_loadb(text.len ? text.data : "", text.len, 0, NULL);
    } else
        err_set(err, "the server at %s does not answer: %s", remote->url, curl_easy_strerror(code));
    buf_free(&sent);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    buf_free(&text);
    return fine;
}

bool remote_do(struct err *err, const struct remote *remote, const char *path, json_t *body, json_t **answer)
{
    long status;
    if (!remote_call(err, remote, path, body, &status, answer))
        return false;
    if (status >= 200 && status < 300)
        return true;
    const json_t *error = json_object_get(*answer, "error");
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *field = json_string_value(json_object_get(error, "field"));
    err_set(err, "the server answered %ld: %s%s%s", status, field ? field : "", field ? ": " : "",
            message ? message : "without a reason");
    json_decref(*answer);
    *answer = NULL;
    return false;
}
