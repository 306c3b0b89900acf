/* decide.c - the order in which things are looked at: the person first, the machine's guess last. */
#include "assistant/care.h"
#include "assistant/flow.h"
#include "assistant/follow.h"
#include "assistant/ground.h"
#include "assistant/matters.h"
#include "assistant/turn.h"

#define CHOICES_MAX 8
#define SOURCES_MAX 8

/* A passage answers by itself when it covers what was asked and stands clear of the other articles. */
#define PASSAGE_COVERAGE 0.8
#define PASSAGE_WORDS 2
#define PASSAGE_LEAD 1.4
#define CLOSE_RIVAL 0.85 /* likewise, and what says so little is asked about */
#define RIVAL 0.5 /* share of the likeliest topic's probability that makes another one likely too */

/* A wish for a person that says as well what it is about: at least so many words, in thousandths so sure. */
#define MATTER_WORDS 4
#define MATTER_SURE 800

#define LITTLE_SURE 750    /* "is that free?", "a problem with my card": which topic, in thousandths */
#define BESIDE_COVERED 0.5 /* share of its words that the topic's examples have, of what is asked while a question waits */

/* In nats: how surely a text is in a language that the workspace does not speak before a person is called for it. */
#define FOREIGN_LEAD 4.0
#define SWITCH_LEAD 4.0  /* likewise, before a conversation goes on in another language because of ... */
#define SHORT_WORDS 3    /* ... so few words */
#define OTHER_SURE 800   /* "the other one" is a topic's words only if it is understood so surely */

const char *const decision_names[DECISIONS] = { "answer", "ask", "act", "hand_over" };

/* --- endings ------------------------------------------------------------------------------------ */

struct str turn_sentence(const struct turn *turn, enum sentence sentence)
{
    return words_sentence(sentence, turn->language);
}

int turn_thousandths(double probability)
{
    return probability <= 0 ? 0 : probability >= 1 ? 1000 : (int)(probability * 1000 + 0.5);
}

void turn_answer(struct turn *turn, enum decision decision, struct str text)
{
    turn->reply->decision = decision;
    turn->reply->text = text;
}

/* "Agent please" is about no topic, whatever it sounds like; "a human, my card is blocked" is. */
static bool names_a_matter(const struct turn *turn)
{
    return turn->heard.via != HEARD_WORDS || (tokens_of(turn->arena, turn->question->text).count >= MATTER_WORDS &&
                                              turn_thousandths(turn->intents.confidence) >= MATTER_SURE);
}

const struct topic *turn_topic_meant(const struct turn *turn)
{
    bool sure = turn->intents.count && turn_thousandths(turn->intents.confidence) >= turn->workspace->answer_threshold;
    return sure && names_a_matter(turn) ? &turn->workspace->topics[turn->intents.top[0].topic] : NULL;
}

/* For the choice of a person: what is probably meant, else what was talked about while it went well. */
static struct str likely_topic(const struct turn *turn)
{
    const struct topic *meant = turn_topic_meant(turn);
    if (meant)
        return meant->name;
    return turn->question->failed_turns == 0 ? turn->dialogue.topic : STR_EMPTY;
}

void turn_hand_over(struct turn *turn, struct str reason, enum sentence sentence)
{
    turn_hand_over_saying(turn, reason, turn_sentence(turn, sentence));
}

void turn_hand_over_saying(struct turn *turn, struct str reason, struct str text)
{
    struct reply *reply = turn->reply;
    note_missing(turn);
    dialogue_settle(&turn->dialogue);
    turn->dialogue.later_count = 0;
    turn_answer(turn, DECISION_HAND_OVER, text);
    reply->reason = reason;
    reply->source_count = reply->choice_count = 0;
    if (reply->topic.len == 0)
        reply->topic = likely_topic(turn);
    reply->note = note_write(turn);
}

void turn_failed(struct turn *turn)
{
    int most = turn->question->failed_turns_max > 0 ? turn->question->failed_turns_max : 2;
    turn->reply->failed = true;
    if (turn->question->failed_turns + 1 >= most)
        turn_hand_over(turn, STR("assistant_failed"), SENTENCE_HAND_FAILED);
}

void turn_add_source(struct turn *turn, struct str title, struct str url)
{
    struct reply *reply = turn->reply;
    for (size_t i = 0; i < reply->source_count; i++)
        if (str_equal(reply->sources[i].url, url))
            return;
    if (reply->source_count < SOURCES_MAX)
        reply->sources[reply->source_count++] = (struct source){ title, url };
}

void turn_add_topic_sources(struct turn *turn, const struct topic *topic)
{
    turn_add_source(turn, workspace_text(turn->workspace, topic->titles, topic->title_count, turn->language),
                    workspace_help_url(turn->workspace, turn->arena, topic->name, turn->language));
    for (size_t i = 0; i < topic->related_count; i++) {
        const struct article *article = workspace_article(turn->workspace, topic->related[i], turn->language);
        if (article)
            turn_add_source(turn, article->title, article->url);
    }
}

/* Once: a topic's own quick replies may have it already. */
void turn_add_choice(struct turn *turn, struct str text)
{
    for (size_t i = 0; i < turn->reply->choice_count; i++)
        if (str_equal(turn->reply->choices[i], text))
            return;
    if (turn->reply->choice_count < CHOICES_MAX && text.len)
        turn->reply->choices[turn->reply->choice_count++] = text;
}

static void offer(struct turn *turn, struct str text, struct str topic)
{
    struct dialogue *dialogue = &turn->dialogue;
    if (dialogue->choice_count == DIALOGUE_CHOICES) return;
    dialogue->pending = PENDING_CHOICE;
    dialogue->choices[dialogue->choice_count++] = (struct dialogue_choice){ text, topic };
    turn_add_choice(turn, text);
}

void turn_offer_topic(struct turn *turn, const struct topic *topic)
{
    offer(turn, workspace_text(turn->workspace, topic->titles, topic->title_count, turn->language), topic->name);
}

void turn_offer_person(struct turn *turn)
{
    offer(turn, turn_sentence(turn, SENTENCE_PERSON), STR_EMPTY);
}

bool turn_is_grounded(struct turn *turn, struct str text, const struct str *approved, size_t count, struct str values)
{
    struct err err;
    turn->checked = true;
    if (ground_check(&err, text, approved, count, values)) {
        if (!turn->question->model)
            return true;
        for (size_t i = 0; i < count && turn->ground_count < TURN_GROUNDS; i++)
            turn->grounds[turn->ground_count++] = approved[i];
        turn->ground_values = arena_format(turn->arena, "%.*s\n%.*s", STR_ARG(turn->ground_values), STR_ARG(values));
        return true;
    }
    turn->check = arena_copy(turn->arena, str_of(err.text));
    return false;
}

/* --- the matter --------------------------------------------------------------------------------- */

static bool is_strong(const struct turn *turn)
{
    const struct passage_hit *best = &turn->hits[0];
    if (turn->hit_count == 0 || best->coverage < PASSAGE_COVERAGE || best->matched < PASSAGE_WORDS)
        return false;
    for (size_t i = 1; i < turn->hit_count; i++)
        if (turn->hits[i].passage->article != best->passage->article && turn->hits[i].own * PASSAGE_LEAD > best->own)
            return false;
    return true;
}

/* An article that topics name is quoted only if one of the likeliest does: all words of a question may stand in an
 * article that is about something else. */
static bool is_of_a_likely_topic(const struct turn *turn, const struct article *article)
{
    const struct workspace *workspace = turn->workspace;
    bool named = false, likely = turn_thousandths(turn->intents.confidence) < workspace->clarify_threshold;
    for (size_t t = 0; t < workspace->topic_count && !likely; t++) {
        bool offered = false;
        for (size_t i = 0; i < turn->intents.count && i < TOPICS_OFFERED; i++)
            offered |= turn->intents.top[i].topic == t && turn->intents.top[i].probability >= RIVAL * turn->intents.top[0].probability;
        for (size_t i = 0; i < workspace->topics[t].related_count; i++)
            if (str_equal(workspace->topics[t].related[i], article->name)) {
                named = true;
                likely |= offered;
            }
    }
    return likely || !named;
}

static bool quote_article(struct turn *turn)
{
    turn->hit_count = passages_search(turn->assistant->passages, turn->arena, turn->matter, turn->language, turn->hits);
    if (!is_strong(turn) || !is_of_a_likely_topic(turn, turn->hits[0].passage->article))
        return false;
    const struct passage *passage = turn->hits[0].passage;
    struct str lead = turn_sentence(turn, SENTENCE_FROM_ARTICLE);
    struct str trimmed = passages_trim(turn->assistant->passages, turn->arena, turn->matter, turn->language, passage);
    struct str text = arena_format(turn->arena, "%.*s\n\n%.*s", STR_ARG(lead), STR_ARG(trimmed));
    struct str sources[] = { passage->markdown, lead };
    if (text.len > LIMIT_MESSAGE || !turn_is_grounded(turn, text, sources, ARRAY_LEN(sources), STR_EMPTY))
        return false;
    turn->path = STR("article");
    turn->reply->confidence = turn_thousandths(0.9 * turn->hits[0].coverage);
    turn_answer(turn, DECISION_ANSWER, text);
    turn_add_source(turn, passage->article->title, passage->article->url);
    return true;
}

/* One question with choices; the second time in a row a person takes over. */
static void clarify(struct turn *turn)
{
    bool likely = turn_thousandths(turn->intents.confidence) >= turn->workspace->clarify_threshold;
    turn->path = likely ? STR("clarify") : STR("not_understood");
    turn->reply->confidence = turn_thousandths(turn->intents.confidence);
    turn_answer(turn, DECISION_ASK, turn_sentence(turn, likely ? SENTENCE_CLARIFY : SENTENCE_NOT_UNDERSTOOD));
    for (size_t i = 0; i < turn->intents.count && i < TOPICS_OFFERED; i++)
        turn_offer_topic(turn, &turn->workspace->topics[turn->intents.top[i].topic]);
    turn_offer_person(turn);
    turn_failed(turn);
}

/* What the message says about its matter is little, and what the last one was about is likelier than a new subject: it
 * must be understood more surely. */
static bool says_little(const struct turn *turn)
{
    const struct topic *topic = &turn->workspace->topics[turn->intents.top[0].topic];
    bool leans = turn->dialogue.topic.len && !str_equal(turn->dialogue.topic, topic->name) && context_leans(turn->arena, turn->matter);
    return leans || context_is_vague(turn->arena, turn->matter, turn->language);
}

static bool is_title_of(const struct turn *turn, const struct topic *topic)
{
    struct str title = workspace_text(turn->workspace, topic->titles, topic->title_count, turn->language);
    return str_equal(tokens_join(turn->arena, tokens_of(turn->arena, title)), tokens_join(turn->arena, tokens_of(turn->arena, turn->matter)));
}

/* "Can I have the invoice for it": two topics are almost as likely; to take one of them would be to toss a coin. What is a
 * topic's title is that topic, also where another has it among its examples. */
static bool is_between_two(const struct turn *turn)
{
    const struct intent_result *result = &turn->intents;
    return result->count >= 2 && result->top[1].probability >= CLOSE_RIVAL * result->top[0].probability &&
           !is_title_of(turn, &turn->workspace->topics[result->top[0].topic]);
}

bool turn_is_understood(const struct turn *turn)
{
    int sure = turn_thousandths(turn->intents.confidence);
    return turn->intents.count && sure >= turn->workspace->answer_threshold &&
           (sure >= LITTLE_SURE || (!says_little(turn) && !is_between_two(turn)));
}

/* Words, or a look that changes nothing and that nobody need be asked for. */
static bool may_be_said_beside(const struct turn *turn, const struct topic *topic)
{
    const struct action *action = topic->action.len ? workspace_action(turn->workspace, topic->action) : NULL;
    if (str_equal(topic->name, turn->dialogue.asked_topic) || topic->steps_version.len)
        return false;
    return !topic->action.len || (action && !action->changes && action->approval == APPROVAL_NONE && action->identity != IDENTITY_CODE);
}

/* "How long does a repair take?", "and when do I get the money?" where something else was asked, "are you sure it is free?" of
 * what is asked itself: the answer, then the question again. Whatever would take more, or is not understood, is left as if it had not been tried. */
bool turn_answer_beside(struct turn *turn)
{
    struct dialogue waiting = turn->dialogue;
    struct reply before = *turn->reply;
    struct intent_result alone = turn->intents;
    if (!context_asks(turn->arena, turn->question->text))
        return false;
    const struct topic *own = workspace_topic(turn->workspace, waiting.asked_topic);
    bool understood = turn_is_understood(turn) || follow_is_understood_behind(turn, waiting.asked_topic);
    const struct topic *topic = understood ? &turn->workspace->topics[turn->intents.top[0].topic] : NULL;
    if (topic && may_be_said_beside(turn, topic) && turn->intents.covered >= BESIDE_COVERED)
        flow_topic(turn, topic, turn_thousandths(turn->intents.confidence));
    else if (!quote_article(turn)) {
        if (waiting.tries || !own || !context_follows(turn->arena, turn->matter) || !flow_say_general(turn, own))
            return false;
        waiting.tries++; /* it may not be what was asked: not twice */
    }
    bool answered = turn->reply->decision == DECISION_ANSWER || turn->reply->decision == DECISION_ACT;
    struct str said = turn->reply->text;
    turn->dialogue = waiting;
    turn->reply->choice_count = 0;
    if (answered && flow_repeats(turn, STR_EMPTY)) {
        turn->path = STR("beside");
        turn->reply->text = flow_join(turn, said, turn->reply->text);
        return true;
    }
    *turn->reply = before;
    turn->intents = alone;
    return false;
}

static void answer_understood(struct turn *turn, struct str path)
{
    turn->path = path;
    flow_topic(turn, &turn->workspace->topics[turn->intents.top[0].topic], turn_thousandths(turn->intents.confidence));
}

/* Several matters in one message: the first now, the others wait in the dialogue. */
static bool answer_several(struct turn *turn)
{
    struct matter matters[MATTERS_MAX];
    size_t count = matters_find(turn, matters);
    if (count == 0)
        return false;
    turn->path = STR("several");
    turn->dialogue.later_count = 0;
    for (size_t i = 1; i < count; i++)
        turn->dialogue.later[turn->dialogue.later_count++] = turn->workspace->topics[matters[i].topic].name;
    flow_topic(turn, &turn->workspace->topics[matters[0].topic], matters[0].confidence);
    return true;
}

static bool answer_follow_up(struct turn *turn)
{
    if (!follow_is_understood(turn))
        return false;
    answer_understood(turn, STR("follow_up"));
    return true;
}

/* A language that no answer is written in: a person sees to it, and reads which it is. */
static void hand_over_foreign(struct turn *turn)
{
    const char *name = languages_name(turn->foreign);
    turn->path = STR("foreign_language");
    turn->reply->confidence = 0;
    dialogue_found(&turn->dialogue, turn->arena,
                   arena_format(turn->arena, "The customer writes in %s (%.*s), which this workspace does not speak.", name ? name : "another language",
                                STR_ARG(turn->foreign)));
    turn_hand_over(turn, STR("policy"), SENTENCE_HAND_POLICY);
    turn->reply->text = words_sentence(SENTENCE_HAND_POLICY, turn->foreign); /* English, if the assistant does not know it either */
}

static void answer_the_matter(struct turn *turn)
{
    if (answer_several(turn))
        return;
    if (turn_is_understood(turn))
        answer_understood(turn, STR("topic"));
    else if (turn->foreign.len)
        hand_over_foreign(turn);
    else if (!answer_follow_up(turn) && !quote_article(turn) && !model_plan(turn))
        clarify(turn);
}

/* "No, the other order", "I meant the fee": what was said last is taken back. */
static bool take_back(struct turn *turn)
{
    struct correction correction = context_correction(turn->arena, turn->question->text);
    if (!correction.found || turn->dialogue.topic.len == 0)
        return false;
    turn->path = STR("correction");
    if (flow_corrects(turn, &correction))
        return true;
    if (!correction.rest.len || (correction.bare && turn_thousandths(turn->intents.confidence) < OTHER_SURE)) {
        turn_answer(turn, DECISION_ASK, turn_sentence(turn, SENTENCE_WHICH_INSTEAD));
        turn_add_choice(turn, turn_sentence(turn, SENTENCE_PERSON));
        turn_failed(turn);
        return true;
    }
    if (turn_is_understood(turn))
        return false;
    intent_predict(turn->assistant->intent, turn->arena, correction.rest, turn->language, &turn->intents);
    if (!turn_is_understood(turn))
        return false;
    answer_understood(turn, STR("correction"));
    return true;
}

/* --- what else was asked ------------------------------------------------------------------------ */

static struct str next_matter(struct dialogue *dialogue)
{
    struct str topic = dialogue->later[0];
    memmove(dialogue->later, dialogue->later + 1, (DIALOGUE_LATER - 1) * sizeof dialogue->later[0]);
    dialogue->later_count--;
    return topic;
}

/* As soon as nothing is asked any more, the next matter is served in the same reply. */
static void serve_later(struct turn *turn)
{
    struct dialogue *dialogue = &turn->dialogue;
    struct reply *reply = turn->reply;
    if (dialogue->later_count && reply->decision == DECISION_ASK && str_equal(turn->path, STR("several")))
        reply->text = arena_format(turn->arena, "%.*s %.*s", STR_ARG(turn_sentence(turn, SENTENCE_ONE_BY_ONE)), STR_ARG(reply->text));
    while (dialogue->later_count && dialogue->pending == PENDING_NOTHING && reply->decision != DECISION_HAND_OVER && !reply->failed) {
        const struct topic *topic = workspace_topic(turn->workspace, next_matter(dialogue));
        struct reply before = *reply;
        if (!topic) /* the files have changed meanwhile */
            continue;
        reply->choice_count = 0;
        flow_topic(turn, topic, reply->confidence);
        struct str text = arena_format(turn->arena, "%.*s\n\n%.*s", STR_ARG(before.text), STR_ARG(reply->text));
        if (reply->decision == DECISION_HAND_OVER)
            reply->source_count = before.source_count;
        if (text.len <= LIMIT_MESSAGE)
            reply->text = text;
    }
}

static void hand_over_as_asked(struct turn *turn)
{
    turn->path = STR("wants_human");
    turn->reply->confidence = 1000;
    turn_hand_over_saying(turn, heard_via_name(turn->heard.via), care_sentence(turn->workspace, &turn->heard, turn->language, turn->arena));
}

/* --- the turn ----------------------------------------------------------------------------------- */

static struct str known_language(const struct workspace *workspace, struct str language)
{
    for (size_t i = 0; i < workspace->language_count; i++)
        if (str_equal(workspace->languages[i], language))
            return workspace->languages[i];
    for (size_t i = 0; i < workspace->language_count && language.len >= 2; i++)
        if (str_starts(workspace->languages[i], str_slice(language, 0, 2)))
            return workspace->languages[i];
    return workspace->languages[0];
}

/* "Storgatan 5, Stockholm": what was asked for may be in any language, and changes none. */
static bool gives_a_value(const struct turn *turn)
{
    struct str text = turn->question->text;
    bool number = false;
    for (size_t i = 0; i < text.len; i++)
        number |= text.data[i] >= '0' && text.data[i] <= '9';
    return number && turn->dialogue.pending >= PENDING_VALUE;
}

/* The workspace's language that the reply is in, and the customer's if that is another. Unsure, which is usual for a
 * word or two: a remark tells, such as "tack"; else it is the conversation's as before. */
static struct str find_language(struct turn *turn)
{
    const struct workspace *workspace = turn->workspace;
    const struct question *question = turn->question;
    struct language_found found = languages_find(turn->assistant->languages, turn->arena, question->text);
    struct str before = known_language(workspace, turn->dialogue.language.len ? turn->dialogue.language : question->language);
    turn->foreign = found.own || found.lead < FOREIGN_LEAD ? STR_EMPTY : found.code;
    bool goes_on = turn->dialogue.language.len && tokens_of(turn->arena, question->text).count <= SHORT_WORDS;
    if (found.own && !gives_a_value(turn) && (!goes_on || found.lead >= SWITCH_LEAD))
        return known_language(workspace, found.code);
    uint32_t spoken = heard_remark_in(question->text).languages;
    for (size_t i = 0; i < workspace->language_count && !heard_speaks(spoken, before); i++)
        if (heard_speaks(spoken, workspace->languages[i]))
            return workspace->languages[i];
    return before;
}

void turn_begin(struct turn *turn, const struct assistant *assistant, const struct question *question,
                struct arena *arena, struct reply *reply)
{
    *reply = (struct reply){ .topic = STR_EMPTY, .reason = STR_EMPTY, .text = STR_EMPTY, .note = STR_EMPTY,
                              .trace = { .used = STR("embedded") } };
    reply->sources = ARENA_NEW_ARRAY(arena, struct source, SOURCES_MAX);
    reply->choices = ARENA_NEW_ARRAY(arena, struct str, CHOICES_MAX);
    *turn = (struct turn){ .assistant = assistant, .workspace = assistant->workspace, .question = question, .arena = arena,
                           .reply = reply, .check = STR_EMPTY, .foreign = STR_EMPTY, .suggestion = STR_EMPTY, .path = STR("flow") };
    dialogue_read(arena, question->dialogue, &turn->dialogue);
    turn->dialogue.language = turn->language = find_language(turn);
    reply->language = turn->language;
    turn->heard = heard_in(question->text);
    turn->remark = words_remark(arena, question->text);
    turn->matter = words_behind_remarks(arena, question->text);
    intent_predict(assistant->intent, arena, turn->matter, turn->language, &turn->intents);
}

void assistant_decide(const struct assistant *assistant, const struct question *question, struct arena *arena,
                      struct reply *reply)
{
    struct turn turn;
    turn_begin(&turn, assistant, question, arena, reply);
    if (question->settled)
        flow_settled(&turn);
    else
        dialogue_said(&turn.dialogue, arena, str_trim(question->text));
    if (question->settled)
        turn.path = STR("approval");
    else if (turn.heard.via)
        hand_over_as_asked(&turn);
    else if (!small_talk_between(&turn) && !flow_goes_on(&turn) && !small_talk(&turn) && !take_back(&turn))
        answer_the_matter(&turn);
    serve_later(&turn);
    if (!question->settled) /* only an answer to a question is phrased */
        model_phrase(&turn);
    reply->dialogue = dialogue_write(arena, &turn.dialogue);
    reply->explanation = explanation_write(&turn);
}

struct str assistant_note(const struct assistant *assistant, const struct question *question, struct arena *arena)
{
    struct turn turn;
    struct reply reply;
    turn_begin(&turn, assistant, question, arena, &reply);
    dialogue_said(&turn.dialogue, arena, str_trim(question->text));
    note_missing(&turn);
    return note_write(&turn);
}

struct str assistant_topic_meant(const struct assistant *assistant, struct str text, struct str language, struct arena *arena)
{
    struct question question = { .text = text, .language = language };
    struct turn turn;
    struct reply reply;
    turn_begin(&turn, assistant, &question, arena, &reply);
    const struct topic *topic = turn_topic_meant(&turn);
    return topic ? arena_copy(arena, topic->name) : STR_EMPTY;
}
