/* model_plan.c - what a message that was not understood is about: chosen by a model among what the workspace and the
 * customer's identity allow. Its choice is a wish, no more: details are checked as if the customer's enemy had written
 * them, and the ordinary flow asks, confirms and acts. */
#include <jansson.h>

#include "assistant/details.h"
#include "assistant/model_work.h"

#define TOPICS_MOST 96
#define EXAMPLES_SHOWN 2
#define NONE_OF_THESE "NONE_OF_THESE" /* upper case: no topic is named so */
#define PERSON "PERSON"

struct planning {
    struct turn *turn;
    const struct topic *topics[TOPICS_MOST];
    size_t topic_count;
    struct model_tool tools[TOPICS_MOST + 2];
    size_t tool_count;
};

/* --- what is offered ---------------------------------------------------------------------------- */

static const struct action *action_of(const struct turn *turn, const struct topic *topic)
{
    return topic->action.len ? workspace_action(turn->workspace, topic->action) : NULL;
}

static void add_property(struct turn *turn, const struct action_parameter *parameter, struct buf *out)
{
    buf_add_json_str(out, parameter->name);
    buf_add_str(out, STR(":{\"type\":\"string\",\"description\":"));
    buf_add_json_str(out, workspace_text(turn->workspace, parameter->questions, parameter->question_count, turn->workspace->languages[0]));
    if (parameter->choice_count) {
        buf_add_str(out, STR(",\"enum\":["));
        for (size_t i = 0; i < parameter->choice_count; i++) {
            if (i)
                buf_add_char(out, ',');
            buf_add_json_str(out, parameter->choices[i]);
        }
        buf_add_char(out, ']');
    }
    buf_add_char(out, '}');
}

static struct str schema_of(struct turn *turn, const struct action *action)
{
    struct buf out;
    buf_init(&out, LIMIT_BODY);
    buf_add_str(&out, STR("{\"type\":\"object\",\"properties\":{"));
    for (size_t i = 0; action && i < action->parameter_count; i++) {
        if (i)
            buf_add_char(&out, ',');
        add_property(turn, &action->parameters[i], &out);
    }
    buf_add_str(&out, STR("},\"additionalProperties\":false}"));
    struct str schema = out.full ? STR("{\"type\":\"object\",\"properties\":{}}") : arena_copy(turn->arena, buf_str(&out));
    buf_free(&out);
    return schema;
}

static struct str description_of(struct turn *turn, const struct topic *topic)
{
    struct str text = workspace_text(turn->workspace, topic->titles, topic->title_count, turn->language);
    for (size_t l = 0; l < topic->example_count; l++)
        for (size_t i = 0; str_equal(topic->examples[l].language, turn->language) && i < topic->examples[l].count && i < EXAMPLES_SHOWN; i++)
            text = arena_format(turn->arena, "%.*s%s%.*s", STR_ARG(text), i ? "; " : " Such as: ", STR_ARG(topic->examples[l].items[i]));
    return text;
}

static void add_tool(struct planning *planning, struct str name, struct str description, struct str schema)
{
    planning->tools[planning->tool_count++] = (struct model_tool){ name, description, schema };
}

/* Topics that the assistant may serve, to whoever this is: an action's details only where it may run. */
static bool may_serve(struct turn *turn, const struct topic *topic, bool *acts)
{
    *acts = topic->step_count && flow_may_act(turn, topic, action_of(turn, topic));
    return topic->ceiling >= AUTONOMY_ANSWER && (*acts || flow_has_answer(turn, topic));
}

static int by_likelihood(const void *a, const void *b, void *context)
{
    const float *shares = context;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    if (shares[one] != shares[other])
        return shares[one] > shares[other] ? -1 : 1;
    return one < other ? -1 : 1;
}

static int by_place(const void *a, const void *b)
{
    return *(const size_t *)a < *(const size_t *)b ? -1 : 1;
}

/* Those that the assistant may serve; in a large workspace the likeliest of them. In the workspace's order, so that what
 * a server has kept of the last prompt fits this one, too. */
static void offer(struct planning *planning)
{
    struct turn *turn = planning->turn;
    size_t count = turn->workspace->topic_count, found = 0, *topics = ARENA_NEW_ARRAY(turn->arena, size_t, count + 1);
    bool acts;
    add_tool(planning, STR(NONE_OF_THESE), STR("No topic clearly fits."), schema_of(turn, NULL));
    add_tool(planning, STR(PERSON), STR("The customer wants or needs a person."), schema_of(turn, NULL));
    for (size_t i = 0; i < count; i++)
        if (may_serve(turn, &turn->workspace->topics[i], &acts))
            topics[found++] = i;
    if (found > TOPICS_MOST && turn->intents.shares)
        qsort_r(topics, found, sizeof *topics, by_likelihood, (void *)(uintptr_t)turn->intents.shares);
    planning->topic_count = found < TOPICS_MOST ? found : TOPICS_MOST;
    if (planning->topic_count)
        qsort(topics, planning->topic_count, sizeof *topics, by_place);
    for (size_t i = 0; i < planning->topic_count; i++) {
        const struct topic *topic = planning->topics[i] = &turn->workspace->topics[topics[i]];
        may_serve(turn, topic, &acts);
        add_tool(planning, topic->name, description_of(turn, topic), schema_of(turn, acts ? action_of(turn, topic) : NULL));
    }
}

static struct str data_of(struct turn *turn)
{
    struct mask *mask = model_mask(turn);
    const struct topic *last = workspace_topic(turn->workspace, turn->dialogue.topic);
    struct buf out;
    buf_init(&out, LIMIT_MODEL_REQUEST);
    buf_add_str(&out, STR("{\"message\":"));
    buf_add_json_str(&out, mask_hide(mask, turn->question->text));
    buf_add_str(&out, STR(",\"said_before\":["));
    bool more = false;
    for (size_t i = 0; i + 1 < turn->dialogue.said_count; i++) { /* the last is the message itself */
        if (!model_may_hear(turn->dialogue.said[i]))
            continue;
        if (more)
            buf_add_char(&out, ',');
        buf_add_json_str(&out, mask_hide(mask, turn->dialogue.said[i]));
        more = true;
    }
    buf_add_str(&out, STR("],\"last_topic\":"));
    buf_add_json_str(&out, last ? workspace_text(turn->workspace, last->titles, last->title_count, turn->language) : STR_EMPTY);
    buf_add_char(&out, '}');
    struct str data = arena_copy(turn->arena, buf_str(&out));
    buf_free(&out);
    return data;
}

/* --- what is chosen ----------------------------------------------------------------------------- */

static bool refuse(struct turn *turn, const char *why, const char *format, struct str detail)
{
    struct err err;
    err_set(&err, format, STR_ARG(str_cut(detail, 120)));
    turn->reply->trace.objection = arena_copy(turn->arena, str_of(err.text));
    model_refuse(&turn->reply->trace, why);
    return false;
}

/* The value stands in the customer's own words, or is one of those that anybody is offered. */
static bool is_the_customers(const struct turn *turn, const struct action_parameter *parameter, struct str value)
{
    for (size_t i = 0; i < parameter->choice_count; i++)
        if (str_equal(parameter->choices[i], value))
            return true;
    struct str folded = tokens_join(turn->arena, tokens_with_numbers(turn->arena, value));
    for (size_t i = 0; folded.len && i <= turn->dialogue.said_count; i++) {
        struct str said = i < turn->dialogue.said_count ? turn->dialogue.said[i] : turn->question->text;
        struct str words = tokens_join(turn->arena, tokens_with_numbers(turn->arena, said));
        if (str_find(arena_format(turn->arena, " %.*s ", STR_ARG(words)), arena_format(turn->arena, " %.*s ", STR_ARG(folded)), 0) >= 0)
            return true;
    }
    return false;
}

/* What fits is kept for the flow; what the customer did not write is left out, and asked for. */
static bool take_argument(struct turn *turn, const struct action *action, const char *key, const json_t *value)
{
    struct str shown;
    for (size_t i = 0; action && i < action->parameter_count; i++) {
        const struct action_parameter *parameter = &action->parameters[i];
        if (!str_equal(parameter->name, str_of(key)))
            continue;
        if (!json_is_string(value) || !mask_show(turn->mask, str_make(json_string_value(value), json_string_length(value)), &shown))
            return refuse(turn, "check_arguments", "the argument '%.*s' is no text, or has a placeholder that stands for nothing", parameter->name);
        shown = str_trim(shown);
        if (turn->planned_count < DIALOGUE_VALUES && is_the_customers(turn, parameter, shown) && details_fits(turn, parameter, shown))
            turn->planned[turn->planned_count++] = (struct dialogue_value){ parameter->name, arena_copy(turn->arena, shown) };
        return true;
    }
    return refuse(turn, "check_arguments", "there is no parameter '%.*s'", str_of(key));
}

static bool take_arguments(struct turn *turn, const struct action *action, const struct completion_call *call)
{
    struct str text = call->arguments.len ? buf_str(&call->arguments) : STR("{}");
    json_t *json = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL), *value;
    const char *key;
    bool good = !call->bad && (json_is_object(json) || json_is_null(json));
    if (!good)
        refuse(turn, "check_arguments", "the arguments are no JSON object%.*s", STR_EMPTY);
    json_object_foreach(json, key, value)
        good = good && take_argument(turn, action, key, value);
    json_decref(json);
    return good;
}

static const struct topic *offered(const struct planning *planning, struct str name)
{
    for (size_t i = 0; i < planning->topic_count; i++)
        if (str_equal(planning->topics[i]->name, name))
            return planning->topics[i];
    return NULL;
}

static int probability_of(const struct turn *turn, const struct topic *topic)
{
    for (size_t i = 0; i < turn->intents.count; i++)
        if (&turn->workspace->topics[turn->intents.top[i].topic] == topic)
            return turn_thousandths(turn->intents.top[i].probability);
    return 0;
}

static bool follow(struct planning *planning, struct completion *completion)
{
    struct turn *turn = planning->turn;
    completion_call_in_text(completion, turn->arena);
    if (!completion->call_count)
        return refuse(turn, "no_choice", "the model called no tool%.*s", STR_EMPTY);
    const struct completion_call *call = &completion->calls[0];
    struct str name = str_of(call->name);
    if (str_equal(name, STR(NONE_OF_THESE)))
        return refuse(turn, "no_topic", "the model found no topic%.*s", STR_EMPTY);
    turn->reply->trace.used = STR("planned");
    turn->path = STR("planned");
    if (str_equal(name, STR(PERSON))) {
        turn_hand_over(turn, STR("low_confidence"), SENTENCE_HAND_FAILED);
        return true;
    }
    const struct topic *topic = offered(planning, name);
    const struct action *action = topic ? action_of(turn, topic) : NULL;
    bool acts = action && flow_may_act(turn, topic, action);
    if (!topic || !take_arguments(turn, acts ? action : NULL, call)) {
        turn->reply->trace.used = STR("embedded");
        return topic ? false : refuse(turn, "not_offered", "the tool '%.*s' was not offered", name);
    }
    flow_topic(turn, topic, probability_of(turn, topic));
    return true;
}

bool model_plan(struct turn *turn)
{
    int most = turn->question->failed_turns_max > 0 ? turn->question->failed_turns_max : 2;
    /* The rule of failed turns comes first: with this one the customer goes to a person, whatever a model would say. */
    if (!model_may(turn->question->model, MODEL_TASK_PLAN) || turn->question->failed_turns + 1 >= most)
        return false;
    struct planning *planning = ARENA_NEW(turn->arena, struct planning);
    struct model_work work = { turn->question->model, turn->arena, &turn->reply->trace };
    struct model_answer answer;
    planning->turn = turn;
    offer(planning);
    struct model_question question = { .tools = planning->tools, .tool_count = planning->tool_count };
    bool good = model_ask(&work, MODEL_TASK_PLAN, data_of(turn), &question, &answer) && follow(planning, &answer.completion);
    completion_free(&answer.completion);
    return good;
}
