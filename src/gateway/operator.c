#include <unistd.h>

#include "base/memory.h"
#include "gateway/answer.h"
#include "gateway/bodies.h"
#include "gateway/body.h"
#include "gateway/handlers.h"
#include "gateway/route.h"
#include "gateway/server.h"
#include "log/keys.h"
#include "log/log.h"

/* What the operator asks of a running server, with the token of data/operator.json. */

struct backup {
    struct request *request;
    uv_work_t work;
    struct body_backup body;
    const char *log, *keys, *file, *keys_file;
    struct err err;
    bool done;
};

static void run_backup(uv_work_t *work)
{
    struct backup *backup = CONTAINER_OF(work, struct backup, work);
    backup->done = log_backup(&backup->err, backup->log, backup->file) &&
                   (!backup->keys_file || keys_backup(&backup->err, backup->keys, backup->keys_file));
}

static void on_backup(uv_work_t *work, int status)
{
    struct backup *backup = CONTAINER_OF(work, struct backup, work);
    struct request *request = backup->request;
    struct buf *json = request_buf(request);
    bool done = status == 0 && backup->done;
    if (done) {
        buf_add_str(json, STR("{\"file\":"));
        buf_add_json_str(json, backup->body.file);
    } else {
        buf_add_format(json, "{\"error\":{\"code\":\"%s\",\"message\":", refusal_table[REFUSAL_INTERNAL].code);
        buf_add_json_str(json, str_of(backup->err.text));
        buf_add_char(json, '}');
    }
    buf_add_char(json, '}');
    answer_send(request, &(struct answer){ .status = done ? 200 : 500, .body = buf_str(json) });
}

/* An absolute path to something that is not there yet: the server's folder is not the client's. */
static bool is_new_path(struct arena *arena, struct str path)
{
    return path.len && path.data[0] == '/' && access(arena_cstr(arena, path), F_OK) != 0;
}

void operator_backup(struct request *request)
{
    struct arena *arena = &request->arena;
    struct backup *backup = ARENA_NEW(arena, struct backup);
    struct body_refusal result = body_read(arena, request->body, request->route->fields,
                                           request->route->field_count, &backup->body);
    if (!result.refusal && !is_new_path(arena, backup->body.file))
        result = (struct body_refusal){ REFUSAL_BAD_FIELD, "file" };
    if (!result.refusal && backup->body.keys.len && !is_new_path(arena, backup->body.keys))
        result = (struct body_refusal){ REFUSAL_BAD_FIELD, "keys" };
    if (result.refusal) {
        answer_refusal(request, result.refusal, result.field);
        return;
    }
    const char *directory = request->gateway->options.directory;
    backup->request = request;
    backup->log = arena_format(arena, "%s/data/log.db", directory).data;
    backup->keys = arena_format(arena, "%s/data/keys.db", directory).data;
    backup->file = arena_cstr(arena, backup->body.file);
    backup->keys_file = backup->body.keys.len ? arena_cstr(arena, backup->body.keys) : NULL;
    must(uv_queue_work(request->gateway->loop, &backup->work, run_backup, on_backup) == 0);
}

static void on_reload(void *context, const char *problem)
{
    struct request *request = context;
    struct buf *json = request_buf(request);
    if (!problem) {
        buf_add_str(json, STR("{\"version\":"));
        buf_add_json_str(json, node_workspace(request->gateway->node)->version);
        buf_add_char(json, '}');
        answer_json(request, buf_str(json));
        return;
    }
    buf_add_format(json, "{\"error\":{\"code\":\"%s\",\"message\":", refusal_table[REFUSAL_BAD_SETTINGS].code);
    buf_add_json_str(json, str_of(problem));
    buf_add_str(json, STR("}}"));
    answer_send(request, &(struct answer){ .status = 400, .body = buf_str(json) });
}

void operator_reload(struct request *request)
{
    node_reload(request->gateway->node, on_reload, request);
}
