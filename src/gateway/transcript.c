#include <jansson.h>

#include "base/tongue.h"
#include "gateway/access_log.h"
#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/server.h"

/* A conversation as a text file, for the customer to keep: what was said, by whom, when. */

#define PAGE 500
#define TRANSCRIPT_MAX (8u << 20)

/* X(name, en, sv, de, es): names of the sides and the few sentences between; other languages get English. */
#define PHRASES(X) \
    X(TITLE, "Conversation", "Konversation", "Gespräch", "Conversación") \
    X(CUSTOMER, "Customer", "Kund", "Kundin oder Kunde", "Cliente") \
    X(ASSISTANT, "Assistant (AI)", "Assistent (AI)", "Assistent (KI)", "Asistente (IA)") \
    X(SOURCES, "Sources", "Källor", "Quellen", "Fuentes") \
    X(CHOICES, "Offered", "Erbjudna val", "Zur Wahl", "Opciones") \
    X(AGENT, "Agent", "Handläggare", "Kundenberatung", "Agente") \
    X(WAITS, "A person was asked for.", "En person efterfrågades.", "Ein Mensch wurde verlangt.", "Se pidió hablar con una persona.") \
    X(ASSIGNED, "took over the conversation.", "tog över konversationen.", "hat das Gespräch übernommen.", \
      "se hizo cargo de la conversación.") \
    X(PROMISE, "Promised to come back, number", "Lovat att återkomma, nummer", "Rückmeldung zugesagt, Nummer", \
      "Respuesta prometida, número") \
    X(RESOLVED, "The conversation ended.", "Konversationen avslutades.", "Das Gespräch ist beendet.", \
      "La conversación ha terminado.")

enum phrase {
#define X(name, en, sv, de, es) PHRASE_##name,
    PHRASES(X)
#undef X
    PHRASE_COUNT
};

static const char *const phrases[PHRASE_COUNT][TONGUES] = {
#define X(name, en, sv, de, es) { en, sv, de, es },
    PHRASES(X)
#undef X
};

struct transcript {
    struct node_page page;
    struct buf text;
    size_t tongue;
};

static void add_time(struct buf *text, int64_t at_ms)
{
    char time[32];
    time_text(at_ms, time);
    buf_add_format(text, "%.10s %.8s UTC  ", time, time + 11);
}

/* "Sources: Returns; Refunds", from an event's list of texts, or of objects with a title. */
static void add_list(struct transcript *transcript, enum phrase phrase, struct str json)
{
    json_t *list = json.len ? json_loadb(json.data, json.len, 0, NULL) : NULL, *item;
    size_t i;
    json_array_foreach(list, i, item) {
        json_t *title = json_is_object(item) ? json_object_get(item, "title") : item;
        buf_add_format(&transcript->text, "%s%s", i ? "; " : phrases[phrase][transcript->tongue], i ? "" : ": ");
        buf_add(&transcript->text, json_string_value(title), json_string_length(title));
    }
    if (json_array_size(list)) buf_add_str(&transcript->text, STR("\n"));
    json_decref(list);
}

static void add_message(struct transcript *transcript, const struct event *event)
{
    struct str author = event->message_sent.author, name = event->message_sent.name;
    enum phrase side = str_equal(author, STR("customer")) ? PHRASE_CUSTOMER
                     : str_equal(author, STR("assistant")) ? PHRASE_ASSISTANT : PHRASE_AGENT;
    buf_add_str(&transcript->text, name.len && side == PHRASE_AGENT ? name : str_of(phrases[side][transcript->tongue]));
    buf_add_str(&transcript->text, STR(":\n"));
    buf_add_str(&transcript->text, event->message_sent.text);
    buf_add_str(&transcript->text, STR("\n"));
    add_list(transcript, PHRASE_CHOICES, event->message_sent.choices);
    add_list(transcript, PHRASE_SOURCES, event->message_sent.sources);
    buf_add_str(&transcript->text, STR("\n"));
}

static void add_event(struct transcript *transcript, const struct event *event)
{
    struct buf *text = &transcript->text;
    switch (event->kind) {
    case EVENT_MESSAGE_SENT:
        add_time(text, event->at_ms);
        add_message(transcript, event);
        break;
    case EVENT_HUMAN_REQUESTED:
        add_time(text, event->at_ms);
        buf_add_format(text, "* %s\n\n", phrases[PHRASE_WAITS][transcript->tongue]);
        break;
    case EVENT_CARE_OFFERED:
        add_time(text, event->at_ms);
        buf_add_format(text, "* %.*s\n\n", STR_ARG(event->care_offered.text));
        break;
    case EVENT_CONVERSATION_ASSIGNED:
        add_time(text, event->at_ms);
        buf_add_format(text, "* %.*s %s\n\n", STR_ARG(event->conversation_assigned.name), phrases[PHRASE_ASSIGNED][transcript->tongue]);
        break;
    case EVENT_APPOINTMENT_MADE:
        add_time(text, event->at_ms);
        buf_add_format(text, "* %s %llu.\n\n", phrases[PHRASE_PROMISE][transcript->tongue],
                       (unsigned long long)event->appointment_made.number);
        break;
    case EVENT_CONVERSATION_RESOLVED:
        add_time(text, event->at_ms);
        buf_add_format(text, "* %s\n\n", phrases[PHRASE_RESOLVED][transcript->tongue]);
        break;
    default: break;
    }
}

static void finish(struct request *request)
{
    struct transcript *transcript = request->work;
    struct str headers = arena_format(
        &request->arena, "Content-Disposition: attachment; filename=\"conversation-%llu.txt\"\r\n",
        (unsigned long long)request->conversation);
    struct buf text = transcript->text;
    answer_send(request, &(struct answer){ .status = 200, .type = "text/plain; charset=utf-8",
                                           .body = buf_str(&text), .headers = headers });
    buf_free(&text);
}

static void on_page(void *context, const struct event *events, size_t count, uint64_t last)
{
    struct request *request = context;
    struct transcript *transcript = request->work;
    UNUSED(last);
    if (!events) { /* half a transcript would look whole */
        buf_free(&transcript->text);
        answer_refusal(request, REFUSAL_INTERNAL, NULL);
        return;
    }
    for (size_t i = 0; i < count; i++) add_event(transcript, &events[i]);
    if (count < PAGE || transcript->text.full || !request->connection) {
        finish(request);
        return;
    }
    transcript->page.after = events[count - 1].seq;
    node_read(request->gateway->node, &transcript->page, on_page, request);
}

void transcript_show(struct request *request)
{
    struct conversation_view view;
    if (!session_conversation(request, &view)) return;
    struct transcript *transcript = request->work = ARENA_NEW(&request->arena, struct transcript);
    /* What the customer sees is what stands in it, whoever fetches it. */
    transcript->page = (struct node_page){ .viewer = { VIEWER_CUSTOMER, view.customer },
                                           .conversation = request->conversation, .max = PAGE };
    transcript->tongue = tongue_of(view.language);
    buf_init(&transcript->text, TRANSCRIPT_MAX);
    buf_add_format(&transcript->text, "%.*s\n%s %llu\n\n", STR_ARG(node_workspace(request->gateway->node)->name),
                   phrases[PHRASE_TITLE][transcript->tongue], (unsigned long long)request->conversation);
    node_read(request->gateway->node, &transcript->page, on_page, request);
}
