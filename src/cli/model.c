#include "cli/model.h"

#include <stdio.h>
#include <sys/stat.h>

#include "assistant/intent_file.h"
#include "assistant/intent_workspace.h"
#include "base/input.h"
#include "cli/cli.h"

bool model_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool model_open(struct model *model, const char *path)
{
    struct err err = { "" };
    *model = (struct model){ .workspace = NULL };
    if (!model_is_folder(path)) {
        model->intent = intent_load(&err, path, NULL);
        if (!model->intent)
            cli_fail(&err);
        return model->intent != NULL;
    }
    model->workspace = cli_workspace(path);
    if (!model->workspace)
        return false;
    if (model->workspace->topic_count == 0) {
        cli_say("%s has no topics; write one into %s/topics", path, path);
        model_close(model);
        return false;
    }
    model->intent = intent_of_workspace(&err, &(struct intent_wish){ .workspace = model->workspace }, NULL, NULL);
    if (err.text[0])
        cli_say("%s", err.text);
    return true;
}

void model_close(struct model *model)
{
    intent_free(model->intent);
    if (model->workspace)
        workspace_free(model->workspace);
}

bool model_examples(struct examples *examples, const char *path)
{
    struct err err = { "" };
    struct str text;
    *examples = (struct examples){ .count = 0 };
    if (input_read(&err, &examples->arena, path, LIMIT_CSV, &text) && examples_read(&err, examples, str_of(path), text))
        return true;
    cli_fail(&err);
    examples_free(examples);
    return false;
}

void model_print_text(struct str text)
{
    enum { SHOWN = 100 };
    struct buf out;
    struct str shown = str_cut(text, SHOWN);
    buf_init(&out, 16 * SHOWN);
    cli_add_shown(&out, shown);
    printf("\"%s%s\"\n", buf_cstr(&out), shown.len < text.len ? " ..." : "");
    buf_free(&out);
}
