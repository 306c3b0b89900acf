/* idle.c - what a customer who only looks on costs: server memory for each open event stream,
 * measured at 12,000 of them; and what the demo costs when nobody is there. */
#include "client.h"

#define STREAMS 12000

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    raise_files();
    struct bench_server server = bench_serve(18801);
    char reply[REPLY_MAX], token[1024], request[2048];
    wait_until_learned(&server);
    usleep(1000000); /* what learning took is given back */
    long idle_kb = resident_kb(server.pid);
    printf("resident memory, demo, idle\t%.1f\tMB\t< 40 MB\t\t\n", (double)idle_kb / 1024);

    int *fds = calloc(STREAMS, sizeof(int)), open_count = 0;
    char(*tokens)[1024] = calloc(STREAMS, 1024);
    for (int i = 0; i < STREAMS; i++) {
        int fd = connect_from(server.port, i);
        if (fd < 0 || !post(fd, "/v1/session", NULL, "{}", reply) || !field(reply, "token", tokens[i], 1024)) {
            fprintf(stderr, "bench: session %d: %s\n", i, reply);
            break;
        }
        fds[open_count++] = fd;
    }
    long before_kb = resident_kb(server.pid);
    int streams = 0;
    for (int i = 0; i < open_count; i++) {
        snprintf(token, sizeof token, "%s", tokens[i]);
        int len = snprintf(request, sizeof request, "GET /v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                           "Accept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n", token);
        if (write(fds[i], request, (size_t)len) != len) break;
        ssize_t got = read(fds[i], reply, sizeof reply - 1);
        if (got <= 0) break;
        reply[got] = '\0';
        if (!strstr(reply, " 200 ")) break;
        streams++;
    }
    sleep(2);
    long after_kb = resident_kb(server.pid);
    printf("memory of an idle stream, at %d\t%.2f\tkB\t< 4 kB\tconnection included; stream alone %.2f kB\t%.2f\n", streams,
           streams ? (double)(after_kb - idle_kb) / streams : 0, streams ? (double)(after_kb - before_kb) / streams : 0,
           streams ? (double)(after_kb - idle_kb) / streams / 4 : 0);
    for (int i = 0; i < open_count; i++) close(fds[i]);
    free(fds);
    free(tokens);
    bench_stop(&server);
    return streams < STREAMS;
}
