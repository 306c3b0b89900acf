#include "node/state.h"

#include "base/memory.h"

/* Customer and agent who write different languages: a reader of committed messages. What one of them says becomes a
 * question to the language model, on a pool thread, if the other does not read it; the translation comes back as a
 * command. Nobody waits for it: the message itself is there at once. Without a model this does nothing.
 *
 * Which language a customer reads is the one that they wrote last; which an agent reads stands in their record. */

#define AT_ONCE 2       /* translations; others wait their turn */
#define WAITING_MAX 64  /* further ones are left out */
#define HISTORY 12      /* messages from before a person came that are put into their language */

/* What is known of a conversation that a person owns. */
struct talk {
    char customer[LIMIT_TAG + 1]; /* the language that they write, or empty */
};

struct translating {
    uv_work_t work;
    struct translating *next;
    struct node *node;
    struct content *content;
    struct arena arena;
    struct consult consult;
    atomic_bool cancelled;
    struct translation wanted;
    struct model_trace trace;
    struct str from, said_by, text;
    uint64_t conversation, message;
    bool done;
};

struct translator {
    struct map talks;
    struct translating *running, *waiting;
    size_t running_count, waiting_count, reading;
};

static bool is_on(const struct node *node)
{
    const struct workspace_model *model = &node->content->workspace->model;
    return model->base_url.len && (model->uses & MODEL_USE_TRANSLATE);
}

/* --- one translation --- */

static void run_next(struct translator *translator);

static void translating_free(struct translating *one)
{
    content_drop(one->content);
    arena_free(&one->arena);
    memory_free(one);
}

static void ask(uv_work_t *work)
{
    struct translating *one = work->data;
    one->done = assistant_translate(one->content->assistant, &one->wanted, &one->arena, &one->text, &one->trace);
}

/* What came of it, into the log: people see that a message was not translated, and why. */
static void tell(struct translating *one, struct str fallback)
{
    struct command command = { .kind = COMMAND_TRANSLATE, .actor = ACTOR_ASSISTANT, .conversation = one->conversation };
    command.translate = (struct command_translate){
        .message = one->message, .said_by = one->said_by, .from = one->from, .to = one->wanted.to, .text = one->done ? one->text : STR_EMPTY,
        .model = str_cut(one->trace.model, LIMIT_NAME), .prompt = one->trace.prompt, .tokens = one->trace.tokens,
        .fallback = one->done ? STR_EMPTY : fallback };
    node_submit(one->node, &command, NULL, NULL);
}

static void asked(uv_work_t *work, int status)
{
    struct translating *one = work->data, **at;
    struct translator *translator = one->node->translator;
    must(status == 0);
    consult_end(&one->consult, one->node, one->conversation, &one->trace);
    bool stops = str_equal(one->trace.fallback, STR("cancelled"));
    if (one->done || (one->trace.fallback.len && !stops)) tell(one, one->trace.fallback);
    for (at = &translator->running; *at != one;) at = &(*at)->next;
    *at = one->next;
    translator->running_count--;
    translating_free(one);
    run_next(translator);
}

/* False: there is no place, and it is left out. */
static bool run(struct translator *translator, struct translating *one)
{
    struct node *node = one->node;
    consult_begin(&one->consult, node, one->content, one->conversation, MODEL_USE_TRANSLATE, &one->cancelled);
    if (!one->consult.placed) return false;
    struct node_customer customer = { .verified = false };
    struct conversation_view view;
    if (engine_conversation(node->engine, one->conversation, &view)) node_customer(node, view.customer, &one->arena, &customer);
    one->wanted.customer_id = customer.external_id;
    one->wanted.customer_name = customer.name;
    one->consult.use.customer_email = customer.email;
    one->wanted.model = &one->consult.use;
    one->work.data = one;
    one->next = translator->running;
    translator->running = one;
    translator->running_count++;
    must(uv_queue_work(node->loop, &one->work, ask, asked) == 0);
    return true;
}

static void run_next(struct translator *translator)
{
    while (translator->waiting && translator->running_count < AT_ONCE) {
        struct translating *one = translator->waiting;
        translator->waiting = one->next;
        translator->waiting_count--;
        if (run(translator, one)) continue;
        tell(one, STR("no_place"));
        translating_free(one);
    }
}

static void translate(struct node *node, const struct event *event, struct str from, struct str to)
{
    struct translator *translator = node->translator;
    if (translator->waiting_count == WAITING_MAX) return;
    struct translating *one = MEMORY_NEW(struct translating), **last = &translator->waiting;
    one->node = node;
    one->content = node->content;
    content_hold(one->content);
    one->conversation = event->conversation;
    one->message = event->seq;
    one->said_by = arena_copy(&one->arena, event->message_sent.author);
    one->from = arena_copy(&one->arena, from);
    one->wanted.to = arena_copy(&one->arena, to);
    one->wanted.text = arena_copy(&one->arena, event->message_sent.text);
    while (*last) last = &(*last)->next;
    *last = one;
    translator->waiting_count++;
    run_next(translator);
}

/* --- who reads what --- */

static bool is_same(struct str one, struct str other)
{
    return one.len >= 2 && other.len >= 2 && str_equal(str_slice(one, 0, 2), str_slice(other, 0, 2));
}

static struct talk *talk_of(struct translator *translator, uint64_t conversation)
{
    struct talk *talk = map_get(&translator->talks, conversation);
    if (talk) return talk;
    talk = MEMORY_NEW(struct talk);
    map_put(&translator->talks, conversation, talk);
    return talk;
}

static void forget(struct translator *translator, uint64_t conversation)
{
    struct talk *talk = conversation ? map_remove(&translator->talks, conversation) : NULL;
    memory_free(talk);
}

/* The languages that the conversation's agent reads, the first of them, and those of its two sides. */
struct sides {
    struct str agent, customer;
    bool reads; /* the agent reads `from` */
};

static bool reads(struct str languages, struct str language)
{
    struct str item;
    while (str_split(&languages, ',', &item))
        if (is_same(str_trim(item), language)) return true;
    return false;
}

static struct sides sides_of(struct node *node, const struct conversation_view *view, struct str from)
{
    struct agent_view agent;
    struct sides sides = { .customer = str_of(talk_of(node->translator, view->id)->customer) };
    struct str list = engine_agent(node->engine, view->agent, &agent) ? agent.languages : STR_EMPTY;
    sides.reads = reads(list, from);
    if (!str_split(&list, ',', &sides.agent)) sides.agent = node->content->workspace->languages[0];
    sides.agent = str_trim(sides.agent);
    if (!sides.customer.len) sides.customer = view->language;
    return sides;
}

/* A message of a conversation that an agent owns. */
static void look_at(struct node *node, const struct event *event, const struct conversation_view *view)
{
    const struct event_message_sent *message = &event->message_sent;
    struct arena arena = { 0 };
    struct str from = assistant_any_language(node->content->assistant, message->text, &arena);
    bool staff = str_equal(message->author, STR("agent")) || str_equal(message->author, STR("supervisor"));
    if (str_equal(message->author, STR("customer")) && from.len && from.len <= LIMIT_TAG)
        memcpy(talk_of(node->translator, view->id)->customer, arena_cstr(&arena, from), from.len + 1);
    struct str known = str_of(talk_of(node->translator, view->id)->customer);
    if (!from.len && !staff) from = known.len ? known : view->language; /* a word or two: as before */
    struct sides sides = sides_of(node, view, from);
    if (!from.len) from = sides.agent;
    if (staff && !is_same(from, sides.customer)) translate(node, event, from, sides.customer);
    if (!staff && !sides.reads && !is_same(from, sides.agent)) translate(node, event, from, sides.agent);
    arena_free(&arena);
}

/* --- a person came: what was said before --- */

struct reading {
    struct node *node;
    uint64_t conversation;
};

static void on_history(void *context, const struct event *events, size_t count, uint64_t last)
{
    struct reading *reading = context;
    struct node *node = reading->node;
    struct conversation_view view;
    size_t messages = 0, from = count;
    UNUSED(last);
    node->translator->reading--;
    while (from > 0 && messages < HISTORY) messages += events[--from].kind == EVENT_MESSAGE_SENT;
    if (engine_conversation(node->engine, reading->conversation, &view) && view.state == CONVERSATION_ACTIVE)
        for (size_t i = from; i < count; i++)
            if (events[i].kind == EVENT_MESSAGE_SENT) look_at(node, &events[i], &view);
    memory_free(reading);
}

static void on_assigned(struct node *node, const struct event *event)
{
    struct reading *reading = MEMORY_NEW(struct reading);
    *reading = (struct reading){ node, event->conversation };
    node->translator->reading++;
    struct node_page page = { { VIEWER_SUPERVISOR, 0 }, event->conversation, 0, event->seq, 100 };
    node_read(node, &page, on_history, reading);
}

/* --- the reader --- */

void translate_events(struct node *node, const struct event *events, size_t count)
{
    struct conversation_view view;
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        if (event->kind == EVENT_CONVERSATION_RESOLVED) forget(node->translator, event->conversation);
        if (!is_on(node)) continue;
        if (event->kind == EVENT_CONVERSATION_ASSIGNED) on_assigned(node, event);
        if (event->kind == EVENT_MESSAGE_SENT && event->owner && engine_conversation(node->engine, event->conversation, &view) &&
            view.state == CONVERSATION_ACTIVE)
            look_at(node, event, &view);
    }
}

void translate_start(struct node *node)
{
    node->translator = MEMORY_NEW(struct translator);
}

bool translate_busy(const struct node *node)
{
    return node->translator && (node->translator->running_count || node->translator->reading);
}

void translate_hurry(struct node *node)
{
    struct translator *translator = node->translator;
    if (!translator) return;
    while (translator->waiting) {
        struct translating *one = translator->waiting;
        translator->waiting = one->next;
        translating_free(one);
    }
    translator->waiting_count = 0;
    for (struct translating *one = translator->running; one; one = one->next) atomic_store(&one->cancelled, true);
}

void translate_stop(struct node *node)
{
    struct translator *translator = node->translator;
    struct map_slot slot;
    if (!translator) return;
    must(!translator->running_count && !translator->waiting_count && !translator->reading);
    for (size_t i = 0; map_next(&translator->talks, &i, &slot);) memory_free(slot.value);
    map_free(&translator->talks);
    memory_free(translator);
    node->translator = NULL;
}
