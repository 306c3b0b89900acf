/* note.c - what the assistant leaves behind: the hand-over note and the explanation of a decision. */
#include "assistant/turn.h"

#define SUGGESTION_BYTES 2000

static void add_key(struct buf *out, const char *key, struct str text)
{
    buf_add_format(out, "\"%s\":", key);
    buf_add_json_str(out, text);
    buf_add_char(out, ',');
}

static void add_list(struct buf *out, const char *key, const struct str *items, size_t count)
{
    buf_add_format(out, "\"%s\":[", key);
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_char(out, ',');
        buf_add_json_str(out, items[i]);
    }
    buf_add_str(out, STR("],"));
}

/* An approved answer that a person could send: only one without gaps. */
static struct str suggestion(const struct turn *turn)
{
    if (turn->suggestion.len)
        return turn->suggestion;
    if (turn->heard.via >= HEARD_VULNERABLE) /* no prepared sentence fits */
        return STR_EMPTY;
    if (turn->intents.count == 0 || turn_thousandths(turn->intents.confidence) < turn->workspace->answer_threshold)
        return STR_EMPTY;
    const struct topic *topic = &turn->workspace->topics[turn->intents.top[0].topic];
    struct str text = workspace_text(turn->workspace, topic->answers, topic->answer_count, turn->language);
    return topic->ceiling > AUTONOMY_OFF && str_find(text, STR("{{"), 0) < 0 && text.len <= SUGGESTION_BYTES ? text : STR_EMPTY;
}

static struct str who(const struct turn *turn)
{
    const struct question *question = turn->question;
    if (question->customer_name.len && question->customer_id.len)
        return arena_format(turn->arena, "%.*s (%.*s%s)", STR_ARG(question->customer_name), STR_ARG(question->customer_id),
                            question->verified ? "" : ", not verified");
    if (question->customer_name.len)
        return question->customer_name;
    return question->customer_id.len ? question->customer_id : STR_EMPTY;
}

/* The customer's own last words, oldest first. */
static struct str wants(const struct turn *turn, size_t most)
{
    const struct dialogue *dialogue = &turn->dialogue;
    struct str all = STR_EMPTY;
    size_t from = dialogue->said_count > most ? dialogue->said_count - most : 0;
    for (size_t i = from; i < dialogue->said_count; i++)
        all = arena_format(turn->arena, "%.*s%s%.*s", STR_ARG(all), all.len ? "\n" : "", STR_ARG(dialogue->said[i]));
    return all;
}

/* What was heard about the person, the heaviest first: danger, vulnerability, complaint. */
static size_t heard_kinds(const struct turn *turn, struct str *kinds)
{
    size_t count = 0;
    for (unsigned kind = HEARD_NEAR_MISS + 1; kind < HEARD_KIND_MANAGER; kind++)
        if (turn->heard.kinds >> kind & 1) kinds[count++] = heard_kind_name(kind);
    return count;
}

struct str note_write(struct turn *turn)
{
    for (size_t most = DIALOGUE_SAID;; most /= 2) {
        struct buf out;
        struct str kinds[HEARD_KIND_COUNT];
        buf_init(&out, LIMIT_NOTE);
        buf_add_char(&out, '{');
        add_key(&out, "who", who(turn));
        add_key(&out, "wants", wants(turn, most));
        add_list(&out, "tried", turn->dialogue.tried, most ? turn->dialogue.tried_count : 0);
        add_list(&out, "found", turn->dialogue.found, most ? turn->dialogue.found_count : 0);
        add_list(&out, "heard", kinds, heard_kinds(turn, kinds));
        add_key(&out, "suggested_reply", most ? suggestion(turn) : STR_EMPTY);
        buf_add_str(&out, STR("\"language\":"));
        buf_add_json_str(&out, turn->foreign.len ? turn->foreign : turn->language);
        buf_add_char(&out, '}');
        bool fits = !out.full || most == 0;
        struct str note = out.full ? STR("{}") : arena_copy(turn->arena, buf_str(&out));
        buf_free(&out);
        if (fits)
            return note;
    }
}

struct str explanation_write(const struct turn *turn)
{
    struct buf out;
    const struct intent_result *intents = &turn->intents;
    struct str kinds[HEARD_KIND_COUNT];
    buf_init(&out, LIMIT_NOTE);
    buf_add_char(&out, '{');
    add_key(&out, "path", turn->path);
    add_key(&out, "version", turn->workspace->version);
    if (turn->workspace->learned)
        buf_add_format(&out, "\"learned\":%zu,", turn->workspace->learned);
    buf_add_format(&out, "\"threshold\":%d,\"clarify_threshold\":%d,", (int)turn->workspace->answer_threshold,
                   (int)turn->workspace->clarify_threshold);
    add_key(&out, "language", turn->language);
    add_key(&out, "foreign_language", turn->foreign);
    add_key(&out, "wants_human", heard_via_name(turn->heard.via));
    add_list(&out, "heard", kinds, heard_kinds(turn, kinds));
    buf_add_format(&out, "\"rule\":\"%.*s%s%d\",", STR_ARG(turn->heard.language), turn->heard.line ? ":" : "", turn->heard.line);
    buf_add_format(&out, "\"confidence\":%d,\"known_words\":%.3f,\"covered_words\":%.3f,\"inside\":%.3f,\"intents\":[", turn_thousandths(intents->confidence),
                   intents->known, intents->covered, intents->inside);
    for (size_t i = 0; i < intents->count; i++) {
        buf_add_str(&out, i ? STR(",{\"topic\":") : STR("{\"topic\":"));
        buf_add_json_str(&out, turn->workspace->topics[intents->top[i].topic].name);
        buf_add_format(&out, ",\"probability\":%.3f}", intents->top[i].probability);
    }
    buf_add_str(&out, STR("],\"passages\":["));
    for (size_t i = 0; i < turn->hit_count; i++) {
        buf_add_str(&out, i ? STR(",{\"article\":") : STR("{\"article\":"));
        buf_add_json_str(&out, turn->hits[i].passage->article->name);
        buf_add_str(&out, STR(",\"heading\":"));
        buf_add_json_str(&out, str_cut(turn->hits[i].passage->heading, LIMIT_NAME));
        buf_add_format(&out, ",\"score\":%.3f,\"coverage\":%.3f}", turn->hits[i].score, turn->hits[i].coverage);
    }
    buf_add_str(&out, STR("],"));
    add_key(&out, "check", turn->check.len ? STR("refused") : turn->checked ? STR("passed") : STR_EMPTY);
    add_key(&out, "refused_by_check", turn->check);
    add_key(&out, "model_objection", turn->reply->trace.objection);
    buf_add_format(&out, "\"failed\":%s}", turn->reply->failed ? "true" : "false");
    struct str json = out.full ? STR("{}") : arena_copy(turn->arena, buf_str(&out));
    buf_free(&out);
    return json;
}
