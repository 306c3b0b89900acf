/* virtual_learn.c - the assistant in virtual time learns what agents confirm, as the node does. */
#include "base/memory.h"
#include "planner/virtual_state.h"
#include "privacy/personal.h"
#include "workspace/learned.h"

static bool gather(void *context, const struct paraphrase_view *view)
{
    struct virtual_lesson *lesson = context;
    if (view->revoked) return true;
    lesson->wordings = memory_resize(lesson->wordings, lesson->count + 1, sizeof *lesson->wordings);
    lesson->wordings[lesson->count++] = (struct learned_wording){ view->article, view->target, view->language, view->wording };
    return true;
}

/* Strings of the engine are copied by learned_workspace. */
static void learn(struct virtual_stage *stage)
{
    struct virtual_lesson lesson = { .count = 0 };
    struct err err;
    engine_each_paraphrase(stage->engine, gather, &lesson);
    virtual_forget(stage);
    stage->taught_workspace = learned_workspace(stage->workspace, lesson.wordings, lesson.count);
    stage->taught = assistant_new(&err, stage->taught_workspace);
    must(stage->taught);
    memory_free(lesson.wordings);
}

const struct assistant *virtual_assistant(struct virtual_stage *stage)
{
    if (stage->must_learn) learn(stage);
    stage->must_learn = false;
    return stage->taught ? stage->taught : stage->assistant;
}

size_t virtual_learned(struct virtual_stage *stage)
{
    virtual_assistant(stage);
    return stage->taught_workspace ? stage->taught_workspace->learned : 0;
}

void virtual_forget(struct virtual_stage *stage)
{
    assistant_free(stage->taught);
    workspace_free(stage->taught_workspace);
    stage->taught = NULL;
    stage->taught_workspace = NULL;
}

/* As the gateway does: nothing personal is learned, and an article must be there. */
enum refusal virtual_check_learn(struct virtual_stage *stage, struct command *command)
{
    struct command_learn *learn = &command->learn;
    struct conversation_view view = { .language = STR_EMPTY };
    if (!engine_conversation(stage->engine, command->conversation, &view)) return REFUSAL_NOT_FOUND;
    const struct virtual_customer *customer = map_get(&stage->customers, view.customer);
    struct mask_record record = { .name = customer ? customer->name : STR_EMPTY, .email = STR_EMPTY, .phone = STR_EMPTY,
                                  .address = STR_EMPTY, .ids = customer ? &customer->external_id : NULL, .id_count = customer ? 1 : 0 };
    learn->wording = str_trim(learn->wording);
    if (personal_has(&stage->arena, learn->wording, &record)) return REFUSAL_PERSONAL_DATA;
    if (learn->article.len && !workspace_article(stage->workspace, learn->article, STR_EMPTY)) return REFUSAL_BAD_FIELD;
    struct str found = assistant_language(stage->assistant, learn->wording);
    learn->language = found.len ? found : view.language;
    return REFUSAL_NONE;
}
