/* note.c - what the assistant leaves behind: the hand-over note and the explanation of a decision. */
#include "assistant/flow.h"

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

/* An approved answer that a person could send: only one without gaps, and only one to what the customer asked about. */
static struct str suggestion(const struct turn *turn)
{
    if (turn->suggestion.len)
        return turn->suggestion;
    if (turn->heard.via >= HEARD_VULNERABLE) /* no prepared sentence fits */
        return STR_EMPTY;
    const struct topic *topic = turn_topic_meant(turn);
    struct str text = topic && topic->action.len == 0 ? flow_general(turn, topic) : STR_EMPTY;
    return text.len && topic->ceiling > AUTONOMY_OFF && text.len <= SUGGESTION_BYTES ? text : STR_EMPTY;
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

/* --- what is missing ---------------------------------------------------------------------------- */

static void add_missing(struct turn *turn, struct str what)
{
    if (what.len && turn->missing_count < TURN_MISSING)
        turn->missing[turn->missing_count++] = str_cut(what, DIALOGUE_NOTE_BYTES);
}

/* The action of a line such as "move-payment: failed"; `outcome` is the rest. */
static const struct action *action_tried(const struct turn *turn, struct str line, struct str *outcome)
{
    ptrdiff_t colon = str_find(line, STR(": "), 0);
    *outcome = colon < 0 ? STR_EMPTY : str_slice(line, (size_t)colon + 2, line.len);
    return colon < 0 ? NULL : workspace_action(turn->workspace, str_slice(line, 0, (size_t)colon));
}

/* What was asked to be changed, and nobody knows yet whether it is: only the last try of each action counts. */
static void add_undecided(struct turn *turn)
{
    const struct dialogue *dialogue = &turn->dialogue;
    for (size_t i = 0; i < dialogue->tried_count; i++) {
        struct str outcome, other;
        const struct action *action = action_tried(turn, dialogue->tried[i], &outcome);
        bool waits = str_equal(outcome, STR("approval")), unsure = str_equal(outcome, STR("failed")) || str_equal(outcome, STR("timed_out")), last = true;
        for (size_t k = i + 1; k < dialogue->tried_count; k++)
            last = last && action_tried(turn, dialogue->tried[k], &other) != action;
        if (action && action->changes && last && (waits || unsure))
            add_missing(turn, arena_format(turn->arena, "%.*s: %s", STR_ARG(action->name), waits ? "approval" : "unsure"));
    }
}

void note_missing(struct turn *turn)
{
    const struct topic *meant = turn_topic_meant(turn), *spoken = workspace_topic(turn->workspace, turn->dialogue.topic);
    const struct topic *topic = meant ? meant : spoken;
    bool person_only = turn->heard.via == HEARD_WORDS || str_trim(turn->question->text).len == 0;
    turn->missing_count = 0;
    if (person_only && !topic && turn->dialogue.tried_count == 0)
        add_missing(turn, STR("matter"));
    if (topic && topic->identity >= IDENTITY_SIGNED && !turn->question->verified)
        add_missing(turn, STR("identity"));
    add_undecided(turn);
    add_missing(turn, flow_open_question(turn));
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
        add_list(&out, "missing", turn->missing, most ? turn->missing_count : 0);
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
