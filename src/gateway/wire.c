#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#include "gateway/server.h"

/* libwebsockets carries the bytes: sockets, TLS and output that waits, on the node's libuv loop. Its
 * "raw" role is used: HTTP is read by http.c, which is stricter than libwebsockets' own parser and
 * needs no header table of several kilobytes for each connection. */

#define READ_MAX 16384      /* bytes that one read takes */
#define HANDSHAKE_S 10

static int on_wire(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct connection *connection = user;
    if (!connection || !connection->gateway) return 0; /* before it is adopted, or after its end */
    UNUSED(wsi);
    switch (reason) {
    case LWS_CALLBACK_RAW_RX: return connection_read(connection, str_make(in, len)) ? 0 : -1;
    case LWS_CALLBACK_RAW_WRITEABLE: return connection_writable(connection) ? 0 : -1;
    case LWS_CALLBACK_RAW_CLOSE: connection_closed(connection); return 0;
    default: return 0;
    }
}

static const struct lws_protocols protocols[] = {
    { .name = "beckon", .callback = on_wire, .per_session_data_size = sizeof(struct connection),
      .tx_packet_size = 65536 },
    { .name = NULL },
};

static bool tls_error(struct err *err, const char *path, const char *what)
{
    FILE *file = fopen(path, "re");
    int number = file ? 0 : errno;
    if (file) fclose(file);
    ERR_clear_error();
    return number ? err_set(err, "%s cannot be read: %s", path, strerror(number)) : err_set(err, "%s %s", path, what);
}

/* A server has nobody to ask. */
static int no_password(char *buf, int size, int writing, void *asked)
{
    UNUSED(buf);
    UNUSED(size);
    UNUSED(writing);
    *(bool *)asked = true;
    return -1;
}

/* libwebsockets says little when a certificate does not fit, so it is tried out first. */
static bool check_tls(struct err *err, const struct gateway_options *options)
{
    bool good = true, asked = false;
    const char *cert = options->tls_cert, *key = options->tls_key;
    if (!cert || !key) return err_set(err, "TLS needs both a certificate and its key: give --tls-cert and --tls-key");
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    must(ctx);
    SSL_CTX_set_default_passwd_cb(ctx, no_password);
    SSL_CTX_set_default_passwd_cb_userdata(ctx, &asked);
    if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1)
        good = tls_error(err, cert, "has no certificate in it (PEM: \"-----BEGIN CERTIFICATE-----\"); --tls-cert wants "
                         "the server's certificate and, behind it, those of its issuers");
    else if (SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1 && asked)
        good = tls_error(err, key, "is locked with a password; `openssl pkey -in FILE -out OTHER` writes it without");
    else if (!SSL_CTX_check_private_key(ctx)) {
        /* Which of the two it is shows when the key is looked at alone. */
        SSL_CTX *alone = SSL_CTX_new(TLS_server_method());
        must(alone);
        good = tls_error(err, key, SSL_CTX_use_PrivateKey_file(alone, key, SSL_FILETYPE_PEM) == 1
                         ? "is the key of another certificate than --tls-cert's"
                         : "has no private key in it (PEM: \"-----BEGIN PRIVATE KEY-----\")");
        SSL_CTX_free(alone);
    }
    SSL_CTX_free(ctx);
    return good;
}

bool wire_start(struct err *err, struct gateway *gateway)
{
    const struct gateway_options *options = &gateway->options;
    gateway->tls = options->tls_cert || options->tls_key;
    if (gateway->tls && !check_tls(err, options)) return false;
    void *loops[] = { gateway->loop };
    lws_set_log_level(0, NULL);
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN_SERVER,
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   (gateway->tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0),
        .foreign_loops = loops,
        .pcontext = &gateway->lws,
        .pt_serv_buf_size = READ_MAX,
        .timeout_secs = HANDSHAKE_S,
        .gid = (gid_t)-1, .uid = (uid_t)-1,
        .user = gateway,
        .vhost_name = "beckon",
        .alpn = "http/1.1",
        .ssl_cert_filepath = options->tls_cert,
        .ssl_private_key_filepath = options->tls_key,
        .ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_RENEGOTIATION,
    };
    gateway->lws = lws_create_context(&info);
    if (!gateway->lws)
        return err_set(err, "libwebsockets cannot use the loop; is the package libwebsockets-evlib-uv installed?");
    gateway->vhost = lws_create_vhost(gateway->lws, &info);
    if (!gateway->vhost) return err_set(err, "libwebsockets cannot make its host%s", gateway->tls ? " with TLS" : "");
    return true;
}

void wire_adopt(struct gateway *gateway, int fd, struct address address)
{
    lws_sock_file_fd_type socket = { .sockfd = fd };
    int type = LWS_ADOPT_SOCKET | (gateway->tls ? LWS_ADOPT_ALLOW_SSL : 0);
    struct lws *wsi = lws_adopt_descriptor_vhost(gateway->vhost, type, socket, "beckon", NULL);
    if (!wsi) return; /* libwebsockets has closed it */
    connection_open(lws_wsi_user(wsi), gateway, wsi, address);
}

void wire_stop(struct gateway *gateway)
{
    if (!gateway->lws) return;
    /* In two steps: the first closes its handles, which takes turns of the loop, the second frees, and
     * sets gateway->lws to NULL. */
    lws_context_destroy(gateway->lws);
    for (int i = 0; i < 20; i++) uv_run(gateway->loop, UV_RUN_NOWAIT);
    if (gateway->lws) lws_context_destroy(gateway->lws);
    for (int i = 0; i < 5; i++) uv_run(gateway->loop, UV_RUN_NOWAIT);
}
