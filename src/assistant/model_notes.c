/* model_notes.c - for people: a hand-over note's summary, and a message in another language. Neither decides anything. */
#include <jansson.h>
#include <stdlib.h>

#include "assistant/details.h"
#include "assistant/fact_words.h"
#include "assistant/ground.h"
#include "assistant/marks.h"
#include "assistant/model_work.h"
#include "assistant/restated.h"

#define SUMMARY_MAX 800
#define SUMMARY_SCHEMA \
    "{\"type\":\"object\",\"properties\":{\"summary\":{\"type\":\"string\"}},\"required\":[\"summary\"],\"additionalProperties\":false}"
#define TRANSLATION_SCHEMA \
    "{\"type\":\"object\",\"properties\":{\"translation\":{\"type\":\"string\"}},\"required\":[\"translation\"],\"additionalProperties\":false}"

/* --- numbers ------------------------------------------------------------------------------------ */

static bool has_digit(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= '0' && word.data[i] <= '9')
            return true;
    return false;
}

static int by_bytes(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The text's numbers, sorted: 1,000.50 and 1.000,50 are the same. */
static size_t numbers_of(struct arena *arena, struct str text, struct str **out)
{
    struct tokens tokens = tokens_with_numbers(arena, text);
    size_t count = 0;
    for (size_t i = 0; i < tokens.count; i++)
        if (has_digit(tokens.words[i]))
            tokens.words[count++] = tokens.words[i];
    if (count > 1)
        qsort(tokens.words, count, sizeof *tokens.words, by_bytes);
    *out = tokens.words;
    return count;
}

static bool has_no_new_number(struct arena *arena, struct str text, struct str source)
{
    struct str *said, *known;
    size_t said_count = numbers_of(arena, text, &said), known_count = numbers_of(arena, source, &known);
    for (size_t i = 0; i < said_count; i++)
        if (!known_count || !bsearch(&said[i], known, known_count, sizeof *known, by_bytes))
            return false;
    return true;
}

static bool has_the_same_numbers(struct arena *arena, struct str text, struct str source)
{
    struct str *said, *known;
    size_t count = numbers_of(arena, text, &said);
    if (count != numbers_of(arena, source, &known))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!str_equal(said[i], known[i]))
            return false;
    return true;
}

/* --- summary ------------------------------------------------------------------------------------ */

static void add_hidden(struct turn *turn, struct buf *out, const char *key, const struct str *items, size_t count)
{
    buf_add_format(out, "\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(out, ',');
        buf_add_json_str(out, mask_hide(model_mask(turn), items[i]));
    }
    buf_add_str(out, STR("],"));
}

static struct str summary_data(struct turn *turn)
{
    struct buf out;
    buf_init(&out, LIMIT_MODEL_REQUEST);
    buf_add_char(&out, '{');
    add_hidden(turn, &out, "said", turn->dialogue.said, turn->dialogue.said_count);
    add_hidden(turn, &out, "tried", turn->dialogue.tried, turn->dialogue.tried_count);
    add_hidden(turn, &out, "found", turn->dialogue.found, turn->dialogue.found_count);
    buf_add_str(&out, STR("\"language\":"));
    buf_add_json_str(&out, turn->workspace->languages[0]);
    buf_add_char(&out, '}');
    struct str data = arena_copy(turn->arena, buf_str(&out));
    buf_free(&out);
    return data;
}

static size_t hide_all(struct turn *turn, struct str *out, size_t at, const struct str *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        out[at++] = mask_hide(model_mask(turn), items[i]);
    return at;
}

/* One line; what was masked stays masked: the agent sees of the customer what they may see, elsewhere. */
static const char *summary_objection(struct turn *turn, struct str summary, struct str data)
{
    struct err err;
    struct str shown;
    const struct dialogue *dialogue = &turn->dialogue;
    struct str known[DIALOGUE_SAID + 2 * DIALOGUE_NOTES];
    size_t count = 0;
    count = hide_all(turn, known, count, dialogue->said, dialogue->said_count);
    count = hide_all(turn, known, count, dialogue->tried, dialogue->tried_count);
    count = hide_all(turn, known, count, dialogue->found, dialogue->found_count);
    if (summary.len == 0 || summary.len > SUMMARY_MAX)
        return "check_size";
    if (!mask_show(turn->mask, summary, &shown))
        return "check_placeholder";
    if (!model_form_fits(&err, turn->arena, summary, STR_EMPTY) || str_find(summary, STR("]("), 0) >= 0)
        return "check_form";
    return has_no_new_number(turn->arena, summary, data) && ground_facts(&err, summary, known, count, STR_EMPTY) ? NULL : "check_facts";
}

static struct str with_summary(struct arena *arena, struct str note, struct str summary, struct str model)
{
    json_t *json = json_loadb(note.data, note.len, 0, NULL);
    struct str out = STR_EMPTY;
    if (json_is_object(json)) {
        json_object_set_new(json, "summary", json_stringn(summary.data, summary.len));
        json_object_set_new(json, "summary_by", json_stringn(model.data, model.len));
        char *text = json_dumps(json, JSON_COMPACT);
        out = text && strlen(text) <= LIMIT_NOTE ? arena_copy(arena, str_of(text)) : STR_EMPTY;
        free(text);
    }
    json_decref(json);
    return out;
}

struct str assistant_summary(const struct assistant *assistant, const struct question *question, struct arena *arena, struct model_trace *trace)
{
    struct turn turn;
    struct reply reply;
    struct model_work work = { question->model, arena, trace };
    struct model_question asked = { .schema = STR(SUMMARY_SCHEMA) };
    struct model_answer answer;
    struct str note = STR_EMPTY;
    if (!model_may(question->model, MODEL_TASK_SUMMARISE))
        return STR_EMPTY;
    turn_begin(&turn, assistant, question, arena, &reply);
    dialogue_said(&turn.dialogue, arena, str_trim(question->text));
    for (size_t i = 0; i < turn.dialogue.said_count; i++)
        if (!model_may_hear(turn.dialogue.said[i]))
            return STR_EMPTY;
    struct str data = summary_data(&turn);
    if (model_ask(&work, MODEL_TASK_SUMMARISE, data, &asked, &answer)) {
        struct str summary = model_member(completion_text(&answer.completion, arena), "summary", arena);
        const char *why = summary_objection(&turn, summary, data);
        if (why)
            model_refuse(trace, why);
        else
            note = with_summary(arena, note_write(&turn), summary, trace->model);
    }
    completion_free(&answer.completion);
    return note;
}

/* --- translation -------------------------------------------------------------------------------- */

static struct str translation_data(struct arena *arena, struct str hidden, const struct translation *wanted)
{
    const char *name = languages_name(wanted->to);
    struct buf out;
    buf_init(&out, LIMIT_MODEL_REQUEST);
    buf_add_str(&out, STR("{\"text\":"));
    buf_add_json_str(&out, hidden);
    buf_add_str(&out, STR(",\"to\":"));
    buf_add_json_str(&out, name ? arena_format(arena, "%s (%.*s)", name, STR_ARG(wanted->to)) : wanted->to);
    buf_add_char(&out, '}');
    struct str data = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return data;
}

static bool is_known(const struct marks *marks, const struct mark *mark)
{
    for (size_t i = 0; i < marks->count; i++)
        if (marks_equal(&marks->items[i], mark))
            return true;
    return false;
}

/* "Otrzyma Pan", "Will Sie": whom somebody speaks to politely is nobody that the original would have to name. Folded. */
static bool is_polite(const struct mark *mark)
{
    static const char *const words[] = {
        "pan", "pana", "panu", "panem", "pani", "panią", "państwo", "państwa", "państwu", "państwem", "państwie", /* Polish */
        "sie", "ihnen", "ihr", "ihre", "ihren", "ihrem", "ihrer", "ihres",                                        /* German */
        "lei", "la", "le", "suo", "sua", "suoi", "sue", "loro",                                                   /* Italian */
        "usted", "ustedes", "você", "vocês", "senhor", "senhora",                                                 /* Spanish, Portuguese */
        "u", "uw", "de", "dem", "deres",                                                                          /* Dutch, Danish, Norwegian */
        "вы", "вас", "вам", "вами", "ваш", "ваша", "ваше", "ваши", "вашу", "вашей", "вашего", "вашем", "вашим", "ви", "ваші", /* Russian, Ukrainian */
        "vy", "vás", "vám", "váš", "vaše", "vaši", "vašu", "vi", "vam", "vas", "vaš",                             /* Czech, Slovak, Croatian, Slovene */
        "te", "teidän", "teille", "ön", "önt", "önnek", "dumneavoastră",                                          /* Finnish, Hungarian, Romanian */
    };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (marks_is_word(mark, words[i]))
            return true;
    return false;
}

/* Two capitalised words in a row that the original has not: whoever that is, nobody spoke of them. In German many a
 * sentence begins so, and "Ihr Paket" is nobody. */
static bool names_somebody(struct arena *arena, struct str text, struct str source, struct str to)
{
    struct marks said = marks_of(arena, text, false), known = marks_of(arena, source, false);
    bool german = str_starts(to, STR("de"));
    for (size_t i = 0; i + 1 < said.count; i++) {
        const struct mark *first = &said.items[i], *second = first + 1;
        bool both = first->kind == MARK_WORD && first->capital && second->kind == MARK_WORD && second->capital && !second->sentence && !second->block && !second->clause;
        bool usual = german && (i == 0 || first->sentence || first->block || str_starts(first->text, STR("ihr")) || str_starts(first->text, STR("ihn")) ||
                                marks_is_word(first, "sie"));
        if (both && !usual && !is_polite(first) && !is_polite(second) && !is_known(&known, first) && !is_known(&known, second))
            return true;
    }
    return false;
}

/* What a text says in words of the languages that fact_words.h knows; nothing in others. */
struct stated {
    unsigned weekdays, months, currencies, numbers; /* sets */
};

static bool may_be_a_verb(const struct mark *mark)
{
    bool verb = marks_is_word(mark, "may") || marks_is_word(mark, "march");
    return verb && (!mark->capital || mark->sentence || mark->block);
}

static struct stated stated_in(struct arena *arena, struct str text)
{
    struct marks marks = marks_of(arena, text, false);
    struct stated stated = { 0 };
    for (size_t i = 0; i < marks.count; i++) {
        const struct mark *mark = &marks.items[i];
        bool word = mark->kind == MARK_WORD;
        int number = word ? fact_words_number(mark->text) : 0;
        stated.currencies |= 1u << fact_words_currency(mark);
        stated.weekdays |= 1u << (word ? fact_words_weekday(mark->text) : 0);
        stated.months |= 1u << (word && !may_be_a_verb(mark) ? fact_words_month(mark->text) : 0);
        stated.numbers |= number && number < 32 ? 1u << number : 0;
    }
    stated.currencies &= ~1u;
    stated.weekdays &= ~1u;
    stated.months &= ~1u;
    return stated;
}

/* In English no day has endings that hide it: one that comes from nowhere was made up. */
static bool differs(unsigned said, unsigned known, bool english)
{
    return known ? (said & ~known) != 0 : english && said;
}

/* "Friday" is not "måndag", and "49.90 euros" are not "$49.90". */
static bool states_otherwise(struct arena *arena, struct str text, struct str source, bool english)
{
    struct stated said = stated_in(arena, text), known = stated_in(arena, source);
    return differs(said.weekdays, known.weekdays, english) || differs(said.months, known.months, english) ||
           differs(said.currencies, known.currencies, english) || differs(said.numbers, known.numbers, false);
}

static const char *translation_objection(const struct assistant *assistant, struct arena *arena, const struct translation *wanted, struct str text)
{
    struct err err;
    if (text.len == 0 || text.len > LIMIT_MESSAGE || text.len > wanted->text.len * 3 + 100 || text.len * 4 < wanted->text.len)
        return "check_size";
    if (!model_form_fits(&err, arena, text, wanted->text) || (str_find(text, STR("]("), 0) >= 0 && str_find(wanted->text, STR("]("), 0) < 0))
        return "check_form";
    if (!has_the_same_numbers(arena, text, wanted->text) || names_somebody(arena, text, wanted->text, wanted->to) ||
        states_otherwise(arena, text, wanted->text, str_equal(languages_find(assistant->languages, arena, wanted->text).code, STR("en"))) ||
        (restated_knows(wanted->to) && !ground_promises(&err, text, wanted->text))) /* elsewhere "nie" is no "never" */
        return "check_facts";
    struct language_found found = languages_find(assistant->languages, arena, text);
    bool other = found.code.len && !str_starts(found.code, str_slice(wanted->to, 0, 2));
    return other ? "check_language" : NULL;
}

bool assistant_translate(const struct assistant *assistant, const struct translation *wanted, struct arena *arena, struct str *out,
                         struct model_trace *trace)
{
    struct model_work work = { wanted->model, arena, trace };
    struct model_question question = { .schema = STR(TRANSLATION_SCHEMA) };
    struct model_answer answer;
    struct str ids[1 + SPOTTED_MAX] = { wanted->customer_id };
    struct mask_record record = { .name = wanted->customer_name, .email = wanted->model ? wanted->model->customer_email : STR_EMPTY,
                                  .ids = ids, .id_count = 1 };
    bool good = false;
    if (!model_may(wanted->model, MODEL_TASK_TRANSLATE))
        return false;
    record.id_count += details_spot(arena, assistant->workspace, wanted->text, ids + 1, SPOTTED_MAX);
    struct mask *mask = mask_new(arena, &record);
    struct str data = translation_data(arena, mask_hide(mask, wanted->text), wanted), text;
    if (model_ask(&work, MODEL_TASK_TRANSLATE, data, &question, &answer)) {
        text = model_member(completion_text(&answer.completion, arena), "translation", arena);
        const char *why = mask_show(mask, text, out) ? translation_objection(assistant, arena, wanted, *out) : "check_placeholder";
        good = why == NULL;
        if (why)
            model_refuse(trace, why);
    }
    completion_free(&answer.completion);
    return good;
}
