#include "workspace/steps.h"

#include "workspace/template.h"

const char *const step_outcome_names[OUTCOME_COUNT] = {
#define X(name, word) word,
    STEP_OUTCOMES(X)
#undef X
};

struct step *steps_of_action(struct arena *arena, struct str action, size_t *count)
{
    struct step *steps = ARENA_NEW_ARRAY(arena, struct step, 2);
    steps[0] = (struct step){ .kind = STEP_CALL, .subject = action, .next = 1, .other = 1, .refused = STEP_TO_END };
    steps[1] = (struct step){ .kind = STEP_REPORT, .subject = action, .next = STEP_TO_END, .other = STEP_TO_END, .refused = STEP_TO_END };
    *count = 2;
    return steps;
}

size_t step_way_for(const struct step *step, struct str value)
{
    for (size_t i = 0; i < step->way_count; i++)
        if (str_equal(step->ways[i].value, value))
            return step->ways[i].target;
    return STEP_NOWHERE;
}

static bool is_field(struct str name, struct str field)
{
    bool amount = str_ends(field, STR("_minor")) && str_equal(name, str_slice(field, 0, field.len - 6));
    return str_equal(name, field) || amount || str_equal(field, STR("currency")) || str_ends(field, STR("_currency"));
}

static bool text_uses(struct str text, struct str field)
{
    struct arena scratch = { 0 };
    struct err err;
    struct template template;
    size_t at;
    bool used = false;
    if (template_read(&err, &scratch, text, &template, &at))
        for (size_t i = 0; i < template.count; i++)
            used = used || (template.pieces[i].kind != TEMPLATE_TEXT && is_field(template.pieces[i].text, field));
    arena_free(&scratch);
    return used;
}

static bool texts_use(const struct text_by_language *texts, size_t count, struct str field)
{
    for (size_t i = 0; i < count; i++)
        if (text_uses(texts[i].text, field))
            return true;
    return false;
}

bool steps_use(const struct topic *topic, struct str field)
{
    for (size_t i = 0; i < topic->step_count; i++) {
        const struct step *step = &topic->steps[i];
        bool used = texts_use(step->texts, step->text_count, field) || texts_use(step->labels, step->label_count, field) ||
                    str_equal(step->from, field) || (step->kind == STEP_BRANCH && str_equal(step->subject, field));
        for (size_t k = 0; k < step->argument_count && !used; k++)
            used = text_uses(step->arguments[k].text, field);
        if (used)
            return true;
    }
    return false;
}
