#include "assistant/model_call.h"

#include <time.h>

#include "assistant/sse.h"
#include "base/limits.h"

#define TRIES_MAX 4
#define POLL_MS 50           /* how soon a cancelled call ends */
#define PAUSE_MS 200         /* before the second try; twice as long before each further one */
#define LEAST_MS 200         /* what a try needs to be worth it */
#define CONNECT_MS 3000
#define AFTER_FINISH_MS 300  /* for the usage that may follow the last piece */

const char *const model_outcome_names[MODEL_OUTCOME_COUNT] = {
#define X(NAME, word) [MODEL_##NAME] = word,
    MODEL_OUTCOMES(X)
#undef X
};

/* One try. */
struct try {
    const struct model_question *question;
    struct completion *completion;
    struct sse sse;
    struct buf body;          /* of an answer that is no stream */
    size_t bytes;
    bool is_stream, is_known, too_long, cancelled, late;
    int64_t finished_at_ms;   /* the model had said its last, or 0 */
    long status;
    int64_t retry_after_ms;
    CURLcode code;
    char detail[CURL_ERROR_SIZE];
};

int64_t model_clock_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

uint64_t model_tokens(struct str text)
{
    return text.len / 3 + 1;
}

static bool is_cancelled(const struct model_question *question)
{
    return question->cancelled && atomic_load(question->cancelled);
}

/* --- what comes --------------------------------------------------------------------------------- */

static bool take_event(void *context, struct str data)
{
    struct try *try = context;
    struct completion *completion = try->completion;
    bool more = completion_add(completion, data);
    if ((completion->done || completion->finish != COMPLETION_UNFINISHED) && !try->finished_at_ms)
        try->finished_at_ms = model_clock_ms();
    return more || completion->done; /* to its end, so that the connection can be used again */
}

/* A server may ignore `stream` and answer whole, and an error is JSON whatever was asked for. */
static void tell_apart(struct try *try, struct str bytes)
{
    struct str trimmed = str_trim(str_starts(bytes, STR("\xef\xbb\xbf")) ? str_slice(bytes, 3, bytes.len) : bytes);
    if (try->is_known || !trimmed.len)
        return;
    try->is_known = true;
    try->is_stream = trimmed.data[0] != '{' && trimmed.data[0] != '<' && try->status < 300;
}

static size_t take_bytes(char *data, size_t size, size_t count, void *context)
{
    struct try *try = context;
    struct str bytes = str_make(data, size * count);
    try->bytes += bytes.len;
    if (try->bytes > LIMIT_MODEL_ANSWER) {
        try->too_long = true;
        return CURL_WRITEFUNC_ERROR;
    }
    tell_apart(try, bytes);
    if (try->is_stream)
        return sse_feed(&try->sse, bytes) ? bytes.len : CURL_WRITEFUNC_ERROR;
    buf_add_str(&try->body, bytes);
    return bytes.len;
}

static size_t take_header(char *data, size_t size, size_t count, void *context)
{
    struct try *try = context;
    struct str line = str_make(data, size * count);
    if (str_starts(line, STR("HTTP/"))) {
        ptrdiff_t blank = str_find_char(line, ' ', 0);
        uint64_t status = 0;
        if (blank > 0 && str_to_u64(str_slice(line, (size_t)blank + 1, (size_t)blank + 4), &status))
            try->status = (long)status;
    }
    return line.len;
}

/* --- one exchange ------------------------------------------------------------------------------- */

static struct curl_slist *add_header(struct curl_slist *list, const char *line)
{
    struct curl_slist *longer = curl_slist_append(list, line);
    must(longer);
    return longer;
}

static struct curl_slist *headers(const struct model_question *question, struct arena *arena)
{
    struct curl_slist *list = add_header(NULL, "Content-Type: application/json");
    list = add_header(list, "Accept: text/event-stream, application/json");
    list = add_header(list, "Expect:");
    if (question->model->key.len)
        list = add_header(list, arena_format(arena, "Authorization: Bearer %.*s", STR_ARG(question->model->key)).data);
    return list;
}

static void prepare(struct try *try, CURL *curl, struct str body, struct arena *arena)
{
    const struct model_question *question = try->question;
    long left = (long)(question->deadline_at_ms - model_clock_ms());
    left = left < 1 ? 1 : left;
    struct str url = arena_format(arena, "%.*s/chat/completions", STR_ARG(question->model->base_url));
    curl_easy_setopt(curl, CURLOPT_URL, url.data);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, left < CONNECT_MS ? left : (long)CONNECT_MS);
    /* Silence for half of the whole time: nothing good comes any more. */
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, left / 2000 < 2 ? 2L : left / 2000);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "beckon");
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)body.len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, try);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, try);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, try->detail);
}

/* Until it is over, cancelled, late, or has said everything. */
static void run(struct try *try, CURLM *multi)
{
    int running = 1;
    while (running) {
        if (curl_multi_perform(multi, &running) != CURLM_OK)
            return;
        int64_t now = model_clock_ms();
        try->cancelled = is_cancelled(try->question);
        try->late = now >= try->question->deadline_at_ms;
        bool over = try->finished_at_ms && now >= try->finished_at_ms + AFTER_FINISH_MS;
        if (!running || try->cancelled || try->late || over)
            break;
        curl_multi_poll(multi, NULL, 0, POLL_MS, NULL);
    }
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));)
        if (message->msg == CURLMSG_DONE)
            try->code = message->data.result;
}

static void exchange(struct try *try, struct str body, struct arena *arena)
{
    struct model_line line = model_state_line(try->question->state);
    struct curl_slist *list = headers(try->question, arena);
    curl_off_t wait = 0;
    curl_easy_reset(line.easy);
    prepare(try, line.easy, body, arena);
    curl_easy_setopt(line.easy, CURLOPT_HTTPHEADER, list);
    try->code = CURLE_ABORTED_BY_CALLBACK; /* what it stays if it does not end by itself */
    must(curl_multi_add_handle(line.multi, line.easy) == CURLM_OK);
    run(try, line.multi);
    if (curl_easy_getinfo(line.easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
        try->retry_after_ms = wait > 86400 ? 86400000 : (int64_t)wait * 1000;
    curl_multi_remove_handle(line.multi, line.easy);
    model_state_line_back(try->question->state, line, try->code == CURLE_OK);
    curl_slist_free_all(list);
}

/* --- what it came to ---------------------------------------------------------------------------- */

/* The server's own words may repeat the key. */
static struct str without_key(struct str text, struct str key, struct arena *arena)
{
    ptrdiff_t at;
    struct str half = str_slice(key, 0, key.len / 2 > 8 ? key.len / 2 : key.len);
    if (!key.len)
        return text;
    if ((at = str_find(text, half, 0)) >= 0)
        return arena_format(arena, "%.*s[key]", STR_ARG(str_slice(text, 0, (size_t)at)));
    return text;
}

static enum model_outcome say(struct model_answer *answer, enum model_outcome outcome, const char *format, struct str detail)
{
    err_set(&answer->err, format, STR_ARG(str_cut(detail, 300)));
    return outcome;
}

static enum model_outcome judge_status(struct try *try, struct model_answer *answer, struct arena *arena)
{
    struct str words = without_key(completion_error(buf_str(&try->body), arena), try->question->model->key, arena);
    if (try->status == 404 && !words.len)
        words = STR("there is no /chat/completions below base_url, which mostly ends in /v1");
    struct str status = arena_format(arena, "%ld%s%.*s", try->status, words.len ? ": " : "", STR_ARG(words));
    if (try->status == 401 || try->status == 403)
        return say(answer, MODEL_REFUSED, "the model's server does not take the key (%.*s)", arena_format(arena, "%ld", try->status));
    if (try->status >= 300 && try->status < 400)
        return say(answer, MODEL_REFUSED, "the model's server points elsewhere (%.*s); no redirect is followed", arena_format(arena, "%ld", try->status));
    bool passing = try->status == 408 || try->status == 429 || try->status >= 500;
    return say(answer, passing ? MODEL_DOWN : MODEL_REFUSED, "the model's server refused (%.*s)", status);
}

static enum model_outcome judge(struct try *try, struct model_answer *answer, struct arena *arena)
{
    if (try->cancelled)
        return say(answer, MODEL_CANCELLED, "the conversation has moved on%.*s", STR_EMPTY);
    if (try->too_long || try->sse.line.full || try->sse.data.full || try->completion->text.full)
        return say(answer, MODEL_TOO_LONG, "the model's answer is too long%.*s", STR_EMPTY);
    bool said = try->completion->done || try->completion->finish != COMPLETION_UNFINISHED;
    if (!said && (try->late || try->code == CURLE_OPERATION_TIMEDOUT))
        return say(answer, MODEL_LATE, "the model did not answer in time%.*s", STR_EMPTY);
    if (try->status >= 300)
        return judge_status(try, answer, arena);
    if (try->is_known && !try->is_stream && try->code == CURLE_OK && !completion_take(try->completion, buf_str(&try->body)))
        return say(answer, MODEL_FAILED, "%.*s", without_key(str_of(try->completion->err.text), try->question->model->key, arena));
    if (try->completion->failed)
        return say(answer, MODEL_FAILED, "%.*s", without_key(str_of(try->completion->err.text), try->question->model->key, arena));
    said = said || try->completion->done;
    if (!said && try->code != CURLE_OK)
        return say(answer, MODEL_DOWN, "the model's server cannot be reached or broke off: %.*s",
                   str_of(try->detail[0] ? try->detail : curl_easy_strerror(try->code)));
    /* Without [DONE] and without a reason: what came before the end of the stream is the answer. */
    if (!try->completion->text.len && !try->completion->call_count)
        return say(answer, MODEL_FAILED, "the model said nothing%.*s", STR_EMPTY);
    return MODEL_DONE;
}

/* A server that does not know a parameter names it: the next try goes without. */
static unsigned unknown_parameters(const struct try *try, struct arena *arena)
{
    static const char *const words[] = {
#define X(NAME, word) word,
        MODEL_LIMITS(X)
#undef X
    };
    unsigned limits = 0;
    if (try->status != 400 && try->status != 404 && try->status != 422)
        return 0;
    struct str error = completion_error(buf_str(&try->body), arena);
    if (!error.len)
        error = buf_str(&try->body);
    for (unsigned i = 0; i < MODEL_LIMIT_BITS; i++)
        if (str_find(error, str_of(words[i]), 0) >= 0)
            limits |= 1u << i;
    if (str_find(error, STR("json_schema"), 0) >= 0)
        limits |= MODEL_LIMIT_RESPONSE_FORMAT;
    return limits;
}

/* Until the next try; false if the deadline does not allow one. */
static bool pause_before(const struct model_question *question, int tries, int64_t retry_after_ms)
{
    int64_t wait = (int64_t)PAUSE_MS << tries;
    wait = wait / 2 + (int64_t)model_state_random(question->state, (uint64_t)wait / 2 + 1);
    wait = retry_after_ms > wait ? retry_after_ms : wait;
    int64_t until = model_clock_ms() + wait;
    if (until + LEAST_MS >= question->deadline_at_ms)
        return false;
    for (int64_t now; (now = model_clock_ms()) < until && !is_cancelled(question);) {
        int64_t nap = until - now < POLL_MS ? until - now : POLL_MS;
        struct timespec time = { 0, nap * 1000000 };
        nanosleep(&time, NULL);
    }
    return !is_cancelled(question);
}

/* `heard`: the server had the question, or may have had it. */
static uint64_t tokens_of(const struct completion *completion, struct str body, bool heard)
{
    if (completion->has_usage)
        return completion->prompt_tokens + completion->answer_tokens;
    uint64_t said = completion->text.len;
    for (size_t i = 0; i < completion->call_count; i++)
        said += completion->calls[i].arguments.len;
    return heard ? model_tokens(body) + said / 3 : 0;
}

/* One try within the budgets; gives whether another one is worth it. */
static bool try_once(const struct model_question *question, struct model_answer *answer, struct arena *arena)
{
    unsigned limits = model_state_limits(question->state, question->model->base_url);
    struct str body = model_body(question, limits, arena);
    uint64_t most = model_tokens(body) + (uint64_t)question->model->max_output_tokens;
    struct try try = { .question = question, .completion = &answer->completion };
    struct model_taken taken;
    if (!body.len) {
        answer->outcome = say(answer, MODEL_TOO_LONG, "the question for the model is too long%.*s", STR_EMPTY);
        return false;
    }
    if (answer->tokens + most > question->tokens_left) {
        answer->outcome = say(answer, MODEL_BUDGET_CONVERSATION, "the conversation's tokens are used up%.*s", STR_EMPTY);
        return false;
    }
    if (!model_state_take(question->state, question->model->budget_day, most, &taken)) {
        answer->outcome = say(answer, MODEL_BUDGET_DAY, "the day's tokens are used up%.*s", STR_EMPTY);
        return false;
    }
    completion_free(&answer->completion);
    completion_init(&answer->completion);
    sse_init(&try.sse, LIMIT_MODEL_EVENT, take_event, &try);
    buf_init(&try.body, LIMIT_MODEL_ANSWER);
    exchange(&try, body, arena);
    if (try.is_stream && !try.sse.stopped && try.code == CURLE_OK)
        try.too_long = !sse_end(&try.sse) && !answer->completion.done && !answer->completion.failed;
    answer->outcome = judge(&try, answer, arena);
    uint64_t used = tokens_of(&answer->completion, body, try.bytes || try.late || try.cancelled);
    model_state_give_back(question->state, &taken, used);
    answer->tokens += used;
    answer->tries++;
    unsigned unknown = answer->outcome == MODEL_REFUSED ? unknown_parameters(&try, arena) & ~limits : 0;
    if (unknown)
        model_state_learn(question->state, question->model->base_url, unknown);
    bool again = answer->outcome == MODEL_DOWN && answer->tries < TRIES_MAX && pause_before(question, answer->tries - 1, try.retry_after_ms);
    sse_free(&try.sse);
    buf_free(&try.body);
    return again || (unknown && answer->tries < TRIES_MAX);
}

void model_call(const struct model_question *question, struct arena *arena, struct model_answer *answer)
{
    struct str host = breaker_host(question->model->base_url);
    struct breakers *breakers = model_state_breakers(question->state);
    *answer = (struct model_answer){ .outcome = MODEL_LATE };
    completion_init(&answer->completion);
    if (is_cancelled(question)) {
        answer->outcome = say(answer, MODEL_CANCELLED, "the conversation has moved on%.*s", STR_EMPTY);
        return;
    }
    if (question->deadline_at_ms - model_clock_ms() < LEAST_MS) {
        answer->outcome = say(answer, MODEL_LATE, "there is no time left for the model%.*s", STR_EMPTY);
        return;
    }
    for (bool again = true; again;) {
        if (!breaker_allows(breakers, host, model_clock_ms())) {
            answer->outcome = say(answer, MODEL_DOWN, "the model's server failed lately and is left in peace for a while%.*s", STR_EMPTY);
            return;
        }
        again = try_once(question, answer, arena);
        bool ill = answer->outcome == MODEL_DOWN || answer->outcome == MODEL_LATE || answer->outcome == MODEL_TOO_LONG;
        if (ill || answer->outcome == MODEL_DONE || answer->outcome == MODEL_REFUSED || answer->outcome == MODEL_FAILED)
            breaker_note(breakers, host, ill, model_clock_ms());
        else
            breaker_give_back(breakers, host, model_clock_ms());
    }
}
