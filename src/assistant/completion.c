#include "assistant/completion.h"

#include <jansson.h>
#include <stdlib.h>

#define ERROR_MAX 300
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Bytes that are no UTF-8 go through the JSON reader as letters of a private plane (U+10FF00 plus the byte), since a letter may be
 * cut in two by the server and is whole again when the pieces are joined. */

void completion_init(struct completion *completion)
{
    *completion = (struct completion){ .finish = COMPLETION_UNFINISHED };
    buf_init(&completion->text, COMPLETION_TEXT);
    for (size_t i = 0; i < COMPLETION_CALLS; i++) {
        buf_init(&completion->calls[i].arguments, COMPLETION_ARGUMENTS);
        completion->calls[i].index = -1;
    }
}

void completion_free(struct completion *completion)
{
    buf_free(&completion->text);
    for (size_t i = 0; i < COMPLETION_CALLS; i++)
        buf_free(&completion->calls[i].arguments);
}

/* --- letters that were cut ---------------------------------------------------------------------- */

static size_t letter_length(struct str text, size_t at)
{
    for (size_t len = 1; len <= 4 && at + len <= text.len; len++)
        if (str_is_utf8(str_slice(text, at, at + len)))
            return len;
    return 0;
}

static void escape_bytes(struct str text, struct buf *out)
{
    for (size_t at = 0; at < text.len;) {
        size_t len = letter_length(text, at);
        unsigned char byte = (unsigned char)text.data[at];
        if (len) {
            buf_add(out, text.data + at, len);
        } else {
            buf_add_str(out, STR("\xf4\x8f"));
            buf_add_char(out, (char)(0xbc + (byte >> 6)));
            buf_add_char(out, (char)(0x80 | (byte & 0x3f)));
        }
        at += len ? len : 1;
    }
}

static void unescape_bytes(struct str text, struct buf *out)
{
    for (size_t at = 0; at < text.len; at++) {
        if (at + 4 <= text.len && memcmp(text.data + at, "\xf4\x8f", 2) == 0 && (unsigned char)text.data[at + 2] >= 0xbc) {
            buf_add_char(out, (char)(((text.data[at + 2] & 3) << 6) | (text.data[at + 3] & 0x3f)));
            at += 3;
        } else {
            buf_add_char(out, text.data[at]);
        }
    }
}

static json_t *read_json(struct str data)
{
    if (str_starts(data, STR(BYTE_ORDER_MARK)))
        data = str_slice(data, strlen(BYTE_ORDER_MARK), data.len);
    if (str_is_utf8(data))
        return json_loadb(data.data ? data.data : "", data.len, JSON_ALLOW_NUL, NULL);
    struct buf escaped;
    buf_init(&escaped, data.len * 4 + 1);
    escape_bytes(data, &escaped);
    json_t *json = json_loadb(escaped.data, escaped.len, JSON_ALLOW_NUL, NULL);
    buf_free(&escaped);
    return json;
}

/* --- errors ------------------------------------------------------------------------------------- */

static struct str text_of(const json_t *value)
{
    return json_is_string(value) ? str_make(json_string_value(value), json_string_length(value)) : STR_EMPTY;
}

/* Many servers have the member in every good answer, too: null, false, 0, "", or an object that says nothing. */
static bool says_something(const json_t *error)
{
    const char *key;
    json_t *value;
    if (json_is_string(error))
        return json_string_length(error) > 0;
    json_object_foreach((json_t *)(uintptr_t)error, key, value)
        if (says_something(value))
            return true;
    return json_is_true(error) || (json_is_number(error) && json_number_value(error) != 0);
}

/* {"error":{"message":…}}, {"error":"…"}, {"object":"error","message":…}, {"detail":…}; empty if it is none. */
static struct str error_of(const json_t *json)
{
    const json_t *error = json_object_get(json, "error");
    struct str text = text_of(json_is_object(error) ? json_object_get(error, "message") : error);
    bool other = json_is_array(json_object_get(json, "choices"));
    if (!text.len && says_something(error))
        text = STR("an error without words");
    if (!text.len && !other)
        text = text_of(json_object_get(json, "message"));
    if (!text.len && !other)
        text = text_of(json_object_get(json, "detail"));
    if (!text.len && !other && str_equal(text_of(json_object_get(json, "object")), STR("error")))
        text = STR("an error without words");
    return text;
}

struct str completion_error(struct str body, struct arena *arena)
{
    json_t *json = read_json(body);
    struct str text = arena_copy(arena, str_cut(error_of(json), ERROR_MAX));
    json_decref(json);
    return text;
}

static bool fail(struct completion *completion, struct str why)
{
    completion->failed = true;
    err_set(&completion->err, "the model's server says: %.*s", STR_ARG(str_cut(why, ERROR_MAX)));
    return false;
}

/* --- calls -------------------------------------------------------------------------------------- */

static bool is_whole(const struct completion_call *call)
{
    json_t *json = json_loadb(call->arguments.data ? call->arguments.data : "", call->arguments.len, 0, NULL);
    bool whole = json != NULL;
    json_decref(json);
    return whole;
}

static struct completion_call *new_call(struct completion *completion)
{
    return completion->call_count < COMPLETION_CALLS ? &completion->calls[completion->call_count++] : NULL;
}

static struct completion_call *by_index(struct completion *completion, int64_t index, struct str id)
{
    for (size_t i = completion->call_count; i-- > 0;) {
        struct completion_call *call = &completion->calls[i];
        if (call->index != index)
            continue;
        /* Every call with index 0 and an id of its own is a call of its own. */
        if (id.len == 0 || call->id[0] == '\0' || str_equal(str_of(call->id), id))
            return call;
        if (completion->calls[completion->call_count - 1].index != index)
            return NULL;
    }
    return NULL;
}

/* The call that a piece belongs to: by id, by index, else by its place. NULL: one too many. */
static struct completion_call *find_call(struct completion *completion, const json_t *piece, size_t place, size_t places)
{
    const json_t *index = json_object_get(piece, "index");
    struct str id = text_of(json_object_get(piece, "id"));
    struct str name = text_of(json_object_get(json_object_get(piece, "function"), "name"));
    struct completion_call *found = NULL;
    for (size_t i = 0; id.len && i < completion->call_count; i++)
        if (str_equal(str_of(completion->calls[i].id), id))
            return &completion->calls[i];
    if (json_is_integer(index)) {
        found = by_index(completion, json_integer_value(index), id);
    } else if (!id.len && places > 1) {
        found = place < completion->call_count ? &completion->calls[place] : NULL;
    } else if (!id.len && completion->call_count) {
        found = &completion->calls[completion->call_count - 1];
        /* The same name again may be repeated in every piece; behind whole arguments it is the next call. */
        if (name.len && found->name[0] && (!str_equal(str_of(found->name), name) || (found->arguments.len && is_whole(found))))
            found = NULL;
    }
    if (!found && (found = new_call(completion)))
        found->index = json_is_integer(index) ? json_integer_value(index) : -1;
    return found;
}

static void keep(struct completion_call *call, char *kept, size_t max, struct str text)
{
    if (text.len == 0 || kept[0])
        return;
    if (text.len > max)
        call->bad = true;
    text = str_slice(text, 0, max);
    memcpy(kept, text.data, text.len);
    kept[text.len] = '\0';
}

static void add_arguments(struct completion_call *call, const json_t *arguments)
{
    if (json_is_string(arguments)) {
        struct str piece = text_of(arguments);
        /* Some servers send the whole once more at the end. */
        if (call->arguments.len && str_equal(piece, buf_str(&call->arguments)) && is_whole(call))
            return;
        buf_add_str(&call->arguments, piece);
    } else if (json_is_object(arguments)) {
        char *text = json_dumps(arguments, JSON_COMPACT);
        buf_clear(&call->arguments);
        buf_add_str(&call->arguments, str_of(text));
        free(text);
    }
    call->bad = call->bad || call->arguments.full;
}

static void add_function(struct completion_call *call, const json_t *function)
{
    keep(call, call->name, COMPLETION_NAME, text_of(json_object_get(function, "name")));
    add_arguments(call, json_object_get(function, "arguments"));
}

static void add_calls(struct completion *completion, const json_t *delta)
{
    const json_t *pieces = json_object_get(delta, "tool_calls"), *old = json_object_get(delta, "function_call"), *piece;
    size_t i;
    json_array_foreach(pieces, i, piece) {
        if (!json_is_object(piece))
            continue;
        struct completion_call *call = find_call(completion, piece, i, json_array_size(pieces));
        if (!call)
            continue;
        keep(call, call->id, COMPLETION_ID, text_of(json_object_get(piece, "id")));
        add_function(call, json_object_get(piece, "function"));
    }
    if (json_is_object(old)) {
        struct completion_call *call = completion->call_count ? &completion->calls[0] : new_call(completion);
        add_function(call, old);
    }
}

/* --- chunks ------------------------------------------------------------------------------------- */

static void add_content(struct completion *completion, const json_t *content)
{
    const json_t *part;
    size_t i;
    buf_add_str(&completion->text, text_of(content));
    json_array_foreach(content, i, part)
        buf_add_str(&completion->text, text_of(json_object_get(part, "text")));
}

static void take_finish(struct completion *completion, struct str reason)
{
    if (reason.len == 0)
        return;
    completion->finish = str_equal(reason, STR("length")) ? COMPLETION_CUT
                       : str_equal(reason, STR("content_filter")) ? COMPLETION_FILTERED : COMPLETION_STOPPED;
}

static void take_usage(struct completion *completion, const json_t *usage)
{
    json_int_t prompt = json_integer_value(json_object_get(usage, "prompt_tokens"));
    json_int_t answer = json_integer_value(json_object_get(usage, "completion_tokens"));
    if (prompt <= 0 && answer <= 0)
        return;
    /* Servers that count as they go repeat it with every chunk: the greatest is the last. */
    completion->has_usage = true;
    if (prompt > 0 && (uint64_t)prompt > completion->prompt_tokens)
        completion->prompt_tokens = (uint64_t)prompt;
    if (answer > 0 && (uint64_t)answer > completion->answer_tokens)
        completion->answer_tokens = (uint64_t)answer;
}

static void take_choice(struct completion *completion, const json_t *choice)
{
    const json_t *delta = json_object_get(choice, "delta"), *message = json_object_get(choice, "message");
    if (json_integer_value(json_object_get(choice, "index")) != 0)
        return;
    /* A stream that ends with the whole message says everything twice. */
    bool again = json_is_object(message) && !json_is_object(delta) && (completion->text.len || completion->call_count);
    const json_t *said = json_is_object(delta) ? delta : message;
    if (!again && json_is_object(said)) {
        add_content(completion, json_object_get(said, "content"));
        add_calls(completion, said);
        completion->refused = completion->refused || text_of(json_object_get(said, "refusal")).len > 0;
    } else if (!again) {
        add_content(completion, json_object_get(choice, "text"));
    }
    take_finish(completion, text_of(json_object_get(choice, "finish_reason")));
}

static bool take_object(struct completion *completion, const json_t *json)
{
    struct str error = error_of(json);
    const json_t *choice;
    size_t i;
    if (error.len)
        return fail(completion, error);
    json_array_foreach(json_object_get(json, "choices"), i, choice)
        take_choice(completion, choice);
    take_usage(completion, json_object_get(json, "usage"));
    return !completion->text.full || fail(completion, STR("(its answer is too long)"));
}

/* Where the server leaves out the empty lines between events, they come joined: a line each. */
static bool add_lines(struct completion *completion, struct str data)
{
    struct str line;
    bool good = true;
    while (good && str_split(&data, '\n', &line))
        good = completion_add(completion, line);
    return good;
}

bool completion_add(struct completion *completion, struct str data)
{
    struct str trimmed = str_trim(data);
    if (completion->failed || completion->done)
        return false;
    if (str_equal(trimmed, STR("[DONE]"))) {
        completion->done = true;
        return false;
    }
    json_t *json = read_json(trimmed);
    bool good = true;
    if (json_is_object(json))
        good = take_object(completion, json);
    else if (str_find_char(trimmed, '\n', 0) >= 0)
        good = add_lines(completion, trimmed);
    else
        completion->skipped++;
    json_decref(json);
    return good;
}

bool completion_take(struct completion *completion, struct str body)
{
    json_t *json = read_json(str_trim(body));
    bool good = json_is_object(json) ? take_object(completion, json) : fail(completion, STR("(something that is no JSON)"));
    if (good && !json_is_array(json_object_get(json, "choices")))
        good = fail(completion, STR("(something without choices)"));
    json_decref(json);
    completion->done = good;
    return good;
}

struct str completion_text(const struct completion *completion, struct arena *arena)
{
    struct buf plain, good;
    buf_init(&plain, COMPLETION_TEXT);
    buf_init(&good, COMPLETION_TEXT);
    unescape_bytes(buf_str(&completion->text), &plain);
    for (size_t at = 0; at < plain.len;) {
        size_t len = letter_length(buf_str(&plain), at);
        unsigned char byte = (unsigned char)plain.data[at];
        if (len && (len > 1 || (byte >= ' ' && byte != 0x7f) || byte == '\n' || byte == '\t'))
            buf_add(&good, plain.data + at, len);
        at += len ? len : 1;
    }
    struct str text = str_trim(buf_str(&good));
    ptrdiff_t end = str_starts(text, STR("<think>")) ? str_find(text, STR("</think>"), 0) : -1;
    if (end >= 0)
        text = str_trim(str_slice(text, (size_t)end + 8, text.len));
    text = arena_copy(arena, text);
    buf_free(&plain);
    buf_free(&good);
    return text;
}

/* --- a call in words ---------------------------------------------------------------------------- */

static struct str without_wrapping(struct str text)
{
    static const char *const before[] = { "<tool_call>", "[TOOL_CALLS]", "```json", "```", "[" }, *const behind[] = { "</tool_call>", "```", "]" };
    for (bool more = true; more;) {
        more = false;
        text = str_trim(text);
        for (size_t i = 0; i < ARRAY_LEN(before) && !more; i++)
            if ((more = str_starts(text, str_of(before[i]))))
                text = str_slice(text, strlen(before[i]), text.len);
        for (size_t i = 0; i < ARRAY_LEN(behind); i++)
            if (str_ends(text, str_of(behind[i])) && (more = true))
                text = str_slice(text, 0, text.len - strlen(behind[i]));
    }
    return text;
}

void completion_call_in_text(struct completion *completion, struct arena *arena)
{
    struct str text = completion->call_count ? STR_EMPTY : without_wrapping(completion_text(completion, arena));
    json_t *json = text.len && text.data[0] == '{' ? json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const json_t *function = json_object_get(json, "function"), *said = json_is_object(function) ? function : json;
    struct str name = text_of(json_object_get(said, json_is_string(function) ? "function" : "name"));
    const json_t *arguments = json_object_get(said, "arguments");
    if (name.len) {
        struct completion_call *call = new_call(completion);
        keep(call, call->name, COMPLETION_NAME, name);
        add_arguments(call, arguments ? arguments : json_object_get(said, "parameters"));
    }
    json_decref(json);
}
