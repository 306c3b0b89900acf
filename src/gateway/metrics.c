#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/server.h"

/* Figures for Prometheus, text format 0.0.4. */

/* Upper edges of the times that requests took, in microseconds; the last bucket has none. */
static const uint64_t edges_us[] = { 1000, 5000, 20000, 100000, 500000, 2000000, 10000000 };

void metrics_request(struct gateway *gateway, int status, uint64_t took_us)
{
    struct counters *counters = &gateway->counters;
    size_t bucket = 0;
    while (bucket < ARRAY_LEN(edges_us) && took_us > edges_us[bucket]) bucket++;
    counters->took[bucket]++;
    counters->took_us_total += took_us;
    counters->answers[status / 100 % 6]++;
}

static void figure(struct buf *out, const char *name, const char *type, const char *help, double value)
{
    buf_add_format(out, "# HELP beckon_%s %s\n# TYPE beckon_%s %s\nbeckon_%s %.17g\n", name, help, name, type, name, value);
}

static void counter(struct buf *out, const char *name, const char *help, uint64_t value)
{
    figure(out, name, "counter", help, (double)value);
}

static void gauge(struct buf *out, const char *name, const char *help, double value)
{
    figure(out, name, "gauge", help, value);
}

static void add_requests(const struct gateway *gateway, struct buf *out)
{
    const struct counters *counters = &gateway->counters;
    buf_add_str(out, STR("# HELP beckon_http_requests_total Requests answered, by the status's first digit.\n"
                         "# TYPE beckon_http_requests_total counter\n"));
    for (int digit = 1; digit < 6; digit++)
        buf_add_format(out, "beckon_http_requests_total{status=\"%dxx\"} %llu\n", digit,
                       (unsigned long long)counters->answers[digit]);
    buf_add_str(out, STR("# HELP beckon_http_request_seconds Time from the request's first byte to its answer.\n"
                         "# TYPE beckon_http_request_seconds histogram\n"));
    uint64_t sum = 0;
    for (size_t i = 0; i < ARRAY_LEN(edges_us); i++) {
        sum += counters->took[i];
        buf_add_format(out, "beckon_http_request_seconds_bucket{le=\"%g\"} %llu\n", (double)edges_us[i] / 1e6,
                       (unsigned long long)sum);
    }
    sum += counters->took[ARRAY_LEN(edges_us)];
    buf_add_format(out, "beckon_http_request_seconds_bucket{le=\"+Inf\"} %llu\n"
                   "beckon_http_request_seconds_sum %.6f\nbeckon_http_request_seconds_count %llu\n",
                   (unsigned long long)sum, (double)counters->took_us_total / 1e6, (unsigned long long)sum);
}

static void add_gateway(const struct gateway *gateway, struct buf *out)
{
    const struct counters *counters = &gateway->counters;
    gauge(out, "connections", "Open connections.", (double)gateway->connections);
    gauge(out, "streams", "Open event streams.", (double)gateway->streams.count);
    gauge(out, "requests_under_way", "Requests not yet answered.", (double)gateway->requests);
    counter(out, "connections_total", "Connections accepted.", counters->accepted);
    counter(out, "connections_refused_total", "Connections refused: too many.", counters->refused_connections);
    counter(out, "received_bytes_total", "Bytes from clients.", counters->bytes_in);
    counter(out, "sent_bytes_total", "Bytes to clients.", counters->bytes_out);
    counter(out, "requests_limited_total", "Requests refused by a rate limit.", counters->limited);
    gauge(out, "output_waiting_bytes", "Output that clients have not taken yet.", (double)gateway->output_waiting);
    counter(out, "clients_cut_off_total", "Clients cut off because they were too slow.", counters->cut_off);
    counter(out, "stream_events_total", "Events told to streams.", counters->events_sent);
    counter(out, "stream_signals_total", "Signals told to streams.", counters->signals_sent);
    counter(out, "log_lines_dropped_total", "Lines of the request log that nobody took.", gateway->log.dropped_total);
}

static void add_node(const struct gateway *gateway, struct buf *out)
{
    struct node_metrics node;
    node_metrics(gateway->node, &node);
    counter(out, "commands_total", "Commands decided.", node.commands);
    counter(out, "commands_refused_total", "Commands refused.", node.refused);
    counter(out, "events_total", "Events stored since the start.", node.events);
    counter(out, "commits_total", "Commits of the log.", node.commits);
    figure(out, "commit_seconds_total", "counter", "Time spent in commits.", (double)node.commit_us_total / 1e6);
    gauge(out, "largest_commit_events", "Events in the largest commit.", (double)node.largest_commit);
    counter(out, "assistant_replies_total", "Turns that the assistant answered.", node.assistant_replies);
    figure(out, "assistant_seconds_total", "counter", "Time spent on them.", (double)node.assistant_us_total / 1e6);
    counter(out, "assistant_failures_total", "Turns that the assistant failed.", node.assistant_failures);
    counter(out, "model_calls_total", "Questions to the language model.", node.model_calls);
    counter(out, "model_failures_total", "Those that got no answer in time: late, down, refused, cancelled, over budget.", node.model_failures);
    counter(out, "model_refused_total", "Answers of the language model that the checks refused.", node.model_refused);
    counter(out, "model_tokens_total", "Tokens that the language model used.", node.model_tokens);
    figure(out, "model_seconds_total", "counter", "Time spent waiting for it.", (double)node.model_us_total / 1e6);
    counter(out, "model_without_place_total", "Turns that did without it: too many at once.", node.model_without_place);
    gauge(out, "commands_waiting", "Commands that wait for the disk.", (double)node.queue_depth);
    gauge(out, "views_lag_batches", "Batches that the views have not seen yet.", (double)node.views_lag);
    gauge(out, "learned_wordings", "Wordings taught by people that the assistant has learned.", (double)node_learned(gateway->node));
    gauge(out, "log_events", "Number of the last event on disk.", (double)node_committed(gateway->node));
    gauge(out, "ready", "1 when commands are taken.", node_ready(gateway->node));
}

static void add_service(const struct gateway *gateway, struct buf *out)
{
    struct queue_view queue;
    engine_queue(node_engine(gateway->node), &queue);
    int64_t longest = queue.longest_wait_from ? node_now(gateway->node) - queue.longest_wait_from : 0;
    gauge(out, "waiting", "Conversations that wait for a person.", (double)queue.waiting);
    gauge(out, "longest_wait_seconds", "The longest of them.", (double)longest / 1000);
    gauge(out, "agents_online", "Agents online.", (double)queue.online);
    gauge(out, "agents_away", "Agents away.", (double)queue.away);
    gauge(out, "free_places", "Free places of agents online.", (double)queue.free_places);
    gauge(out, "by_assistant", "Open conversations of the assistant.", (double)queue.by_assistant);
    gauge(out, "by_agents", "Open conversations of people.", (double)queue.active);
    gauge(out, "uptime_seconds", "Since the start.", (double)(node_now(gateway->node) - gateway->started_ms) / 1000);
}

/* A proxy on this machine lends its address to the whole world, but says for whom it asks. */
static bool is_from_here(const struct request *request)
{
    static const char *const traces[] = { "x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "via" };
    for (size_t i = 0; i < ARRAY_LEN(traces); i++)
        if (http_header_count(&request->head, str_of(traces[i]))) return false;
    return address_is_loopback(request->address);
}

void metrics_show(struct request *request)
{
    if (!is_from_here(request) && request->session.kind != SESSION_OPERATOR) {
        answer_refusal(request, REFUSAL_NOT_ALLOWED, NULL);
        return;
    }
    struct buf *text = request_buf(request);
    add_requests(request->gateway, text);
    add_gateway(request->gateway, text);
    add_node(request->gateway, text);
    add_service(request->gateway, text);
    buf_add_format(text, "# HELP beckon_build_info The version.\n# TYPE beckon_build_info gauge\n"
                   "beckon_build_info{version=\"%s\"} 1\n", BECKON_VERSION);
    answer_send(request, &(struct answer){ .status = 200, .body = buf_str(text),
                                           .type = "text/plain; version=0.0.4; charset=utf-8" });
}

void probe_health(struct request *request)
{
    answer_json(request, STR("{\"healthy\":true}"));
}

void probe_ready(struct request *request)
{
    const struct gateway *gateway = request->gateway;
    bool ready = node_ready(gateway->node) && !gateway->stopping;
    struct buf *json = request_buf(request);
    buf_add_format(json, "{\"ready\":%s,\"learning\":%s", ready ? "true" : "false", node_learning(gateway->node) ? "true" : "false");
    if (!ready) {
        const char *reason = gateway->stopping ? "the server is stopping" : node_not_ready_reason(gateway->node);
        buf_add_str(json, STR(",\"reason\":"));
        buf_add_json_str(json, str_of(reason));
    }
    buf_add_char(json, '}');
    answer_send(request, &(struct answer){ .status = ready ? 200 : 503, .body = buf_str(json) });
}
