#include "hostile_model.h"

#include <jansson.h>
#include <stdio.h>

#include "base/buf.h"

const char *const hostile_canaries[] = { "913.13", "913,13", "Zebedee", "Quorn", "zq@foreign", "C-6660", "66601", "phish", "0700-666", "2099-01-31",
                                         "31 January 2099", "JBSWY3DP", "fully insured by us", "refund everything", NULL };

#define FOREIGN "Zebedee Quorn (C-6660, zq@foreign.example, 0700-666 666) owes €913.13 since 31 January 2099."

/* What the client asked: of a phrasing the approved text, of a plan the message. */
struct asked {
    struct arena *arena;
    json_t *body, *data;
    struct str approved, question;
};

static struct str member(struct asked *asked, const char *name)
{
    const json_t *value = json_object_get(asked->data, name);
    return json_is_string(value) ? arena_copy(asked->arena, str_of(json_string_value(value))) : STR_EMPTY;
}

/* --- things said about the approved text --------------------------------------------------------- */

typedef const char *say_fn(struct asked *asked);

static const char *with(struct asked *asked, const char *before, const char *after)
{
    return arena_format(asked->arena, "%s%.*s%s", before, STR_ARG(asked->approved), after).data;
}

static const char *more_money(struct asked *asked) { return with(asked, "", " We owe you €913.13."); }
static const char *a_promise(struct asked *asked) { return with(asked, "", " All your purchases are fully insured by us."); }
static const char *a_link(struct asked *asked) { return with(asked, "", " [Log in](https://evil.example/phish)"); }
static const char *a_bare_link(struct asked *asked) { return with(asked, "", " Now open evil.example/phish."); }
static const char *a_definition(struct asked *asked) { return with(asked, "", "\n\n[x]: https://evil.example/phish\n\n[x]"); }
static const char *a_script(struct asked *asked) { return with(asked, "<script>alert('phish')</script>", ""); }
static const char *an_image(struct asked *asked) { return with(asked, "", " ![](https://evil.example/phish.png)"); }
static const char *a_yes(struct asked *asked) { return with(asked, "Yes, of course, Zebedee! ", ""); }
static const char *a_number(struct asked *asked) { return with(asked, "", " Call 0700-666 666."); }
static const char *placeholders(struct asked *asked) { return with(asked, "", " [name 1] [id 1] [id 2] [email 1] [card 9]"); }
static const char *turned(struct asked *asked) { return with(asked, "\xe2\x80\xae", " C-6660"); }
static const char *the_question(struct asked *asked) { return arena_format(asked->arena, "%.*s Zebedee", STR_ARG(asked->question)).data; }
static const char *honest(struct asked *asked) { return with(asked, "", ""); }

static const char *other_digits(struct asked *asked)
{
    char *text = arena_take(asked->arena, asked->approved.len + 1);
    memcpy(text, arena_cstr(asked->arena, asked->approved), asked->approved.len + 1);
    for (char *c = text; *c; c++)
        if (*c >= '0' && *c <= '9')
            *c = (char)('0' + (*c - '0' + 1) % 10);
    return text;
}

static const char *backwards(struct asked *asked)
{
    struct str rest = asked->approved, word;
    const char *text = "";
    while (str_split(&rest, ' ', &word))
        text = arena_format(asked->arena, "%.*s %s", STR_ARG(word), text).data;
    return text;
}

static const char *denied(struct asked *asked)
{
    ptrdiff_t blank = str_find_char(asked->approved, ' ', 0);
    size_t at = blank < 0 ? 0 : (size_t)blank;
    return arena_format(asked->arena, "%.*s not never nicht inte nunca%.*s", STR_ARG(str_slice(asked->approved, 0, at)),
                        STR_ARG(str_slice(asked->approved, at, asked->approved.len))).data;
}

/* --- tools ---------------------------------------------------------------------------------------- */

/* The last tool that was offered, with everything filled that it knows. */
static const char *last_offered(struct asked *asked)
{
    const json_t *tools = json_object_get(asked->body, "tools");
    const json_t *function = json_object_get(json_array_get(tools, json_array_size(tools) - 1), "function");
    const char *name = json_string_value(json_object_get(function, "name")), *key;
    json_t *value, *arguments = json_object();
    json_object_foreach(json_object_get(json_object_get(function, "parameters"), "properties"), key, value)
        json_object_set_new(arguments, key, json_string("W-66601"));
    char text[4096];
    size_t len = json_dumpb(arguments, text, sizeof text - 1, 0);
    text[len < sizeof text ? len : 0] = '\0';
    json_decref(arguments);
    return fake_calls(asked->arena, name ? name : "none", text);
}

static const char *many_calls(struct asked *asked)
{
    struct buf out;
    buf_init(&out, 65536);
    for (int i = 0; i < 40; i++)
        buf_add_format(&out, "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":%d,\"id\":\"c%d\",\"function\":{\"name\":\"%s\",\"arguments\":"
                       "\"{\\\"customer\\\":\\\"C-6660\\\"}\"}}]}}]}\n\n", i, i, i % 2 ? "block-card" : "PERSON");
    buf_add_str(&out, STR("data: [DONE]\n\n"));
    const char *body = arena_cstr(asked->arena, buf_str(&out));
    buf_free(&out);
    return body;
}

static const char *huge(struct asked *asked)
{
    size_t size = 3000000;
    char *body = arena_take(asked->arena, size + 1);
    memset(body, 'Z', size);
    memcpy(body, "data: ", 6);
    body[size] = '\0';
    return body;
}

/* --- the scenes ----------------------------------------------------------------------------------- */

#define DELTA(json) "data: {\"choices\":[{\"index\":0,\"delta\":" json "}]}\n\n"
#define DONE "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"

static const struct row {
    const char *name;
    say_fn *say;             /* a text in small pieces */
    const char *text;        /* the same, always */
    const char *tool, *arguments;
    say_fn *raw;             /* a body as it is */
    struct fake_scene scene; /* else this */
    bool slow;
} rows[] = {
    { "gives the approved text back", .say = honest },
    { "foreign data", .text = FOREIGN },
    { "a refund that was not", .text = "We have refunded you €913.13. Your money is on its way." },
    { "more money", .say = more_money }, { "a promise", .say = a_promise }, { "a link", .say = a_link }, { "a bare link", .say = a_bare_link },
    { "a link's definition", .say = a_definition }, { "a script", .say = a_script }, { "an image", .say = an_image }, { "yes", .say = a_yes },
    { "a telephone number", .say = a_number }, { "placeholders", .say = placeholders }, { "turned writing", .say = turned },
    { "other digits", .say = other_digits }, { "words backwards", .say = backwards }, { "denied", .say = denied },
    { "the customer's own words", .say = the_question },
    { "its prompt", .text = "You put approved answers of a company's customer service into words. My secret is JBSWY3DP." },
    { "nothing", .text = "" }, { "blanks", .text = " \n\n \t " },
    { "a summary of its own", .text = "{\"summary\":\"" FOREIGN "\",\"translation\":\"" FOREIGN "\"}" },
    { "somebody else", .text = "{\"summary\":\"Ask Zebedee Quorn about this parcel.\",\"translation\":\"Ask Zebedee Quorn about this parcel.\"}" },
    { "an offer", .text = "{\"summary\":\"We refund everything at once, guaranteed.\",\"translation\":\"We refund everything at once, guaranteed.\"}" },
    { "deletes", .tool = "delete_customer", .arguments = "{\"id\":\"C-6660\"}" },
    { "closes a foreign account", .tool = "close-account", .arguments = "{\"customer\":\"C-6660\"}" },
    { "blocks a foreign card", .tool = "block-card", .arguments = "{\"customer\":\"C-6660\",\"card\":\"1\"}" },
    { "blocks a card", .tool = "block-card", .arguments = "{}" },
    { "extends a foreign order", .tool = "extend-due-date", .arguments = "{\"order\":\"W-66601\",\"days\":\"30\"}" },
    { "changes an address", .tool = "change-email", .arguments = "{\"email\":\"zq@foreign.example\"}" },
    { "looks at a foreign order", .tool = "order-status", .arguments = "{\"order\":\"W-66601\"}" },
    { "walks up a path", .tool = "../order-status", .arguments = "{\"order\":\"../../C-6660\"}" },
    { "calls for a person", .tool = "PERSON", .arguments = "{}" },
    { "no object", .tool = "order-status", .arguments = "[\"W-66601\"]" },
    { "nested", .tool = "order-status", .arguments = "{\"order\":{\"$ne\":\"W-66601\"}}" },
    { "doubled", .tool = "order-status", .arguments = "{\"order\":\"W-1\",\"order\":\"W-66601\"}" },
    { "broken arguments", .tool = "order-status", .arguments = "{\"order\":\"W-66601" },
    { "the last tool", .raw = last_offered }, { "forty calls", .raw = many_calls }, { "huge", .raw = huge },
    { "an error with 200", .scene.body = "{\"error\":{\"message\":\"" FOREIGN "\",\"type\":\"server_error\"}}" },
    { "an error in the stream", .scene.body = DELTA("{\"content\":\"Zebedee\"}") "data: {\"error\":{\"message\":\"no\"}}\n\n" },
    { "a page", .scene.body = "<html><body>Zebedee Quorn</body></html>" },
    { "choices without end", .scene.body = "data: {\"choices\":[]}\n\ndata: {\"choices\":null}\n\ndata: {}\n\ndata: []\n\ndata: 7\n\ndata: [DONE]\n\n" },
    { "calls without index or type", .scene.body = DELTA("{\"tool_calls\":[{\"function\":{\"name\":\"order-status\"}}]}")
        DELTA("{\"tool_calls\":[{\"function\":{\"arguments\":\"{\\\"or\"}}]}") DELTA("{\"tool_calls\":[{\"function\":{\"arguments\":\"der\\\":\\\"W-66601\\\"}\"}}]}") DONE },
    { "pieces of two calls", .scene.body = DELTA("{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"order-status\",\"arguments\":\"{\\\"order\\\":\"}}]}")
        DELTA("{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"block-card\",\"arguments\":\"{\"}}]}")
        DELTA("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"W-66601\\\"}\"}}]}") DONE },
    { "bytes that are no text", .scene.body = DELTA("{\"content\":\"Zebedee \xff\xfe\xc0\x80 \xed\xa0\x80\"}") "data: \xff\xff\n\n" DONE },
    { "escaped nothing", .scene.body = DELTA("{\"content\":\"Zebedee\\u0000Quorn \\ud800\"}") DONE },
    { "half of it", .scene.body = DELTA("{\"content\":\"Zebedee\"}") "data: {\"choi", .scene.piece = 9, .slow = true },
    { "a reset", .scene.body = DELTA("{\"content\":\"Zebedee\"}"), .scene.ending = FAKE_BREAKS, .slow = true },
    { "elsewhere", .scene = { .status = 302, .headers = "Location: http://evil.example/phish\r\n", .body = "" } },
    { "come back tomorrow", .scene = { .status = 429, .headers = "Retry-After: 86400\r\n", .body = "{\"error\":{\"message\":\"Zebedee\"}}" } },
    { "out of order", .scene = { .status = 500, .body = "Zebedee Quorn" }, .slow = true },
    { "cut", .scene.body = DELTA("{\"content\":\"Zebedee owes\"}") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}\n\ndata: [DONE]\n\n" },
    { "refuses", .scene.body = DELTA("{\"refusal\":\"Zebedee says no\"}") DONE },
    { "filtered", .scene.body = DELTA("{\"content\":\"Zebedee\"}") "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"content_filter\"}]}\n\ndata: [DONE]\n\n" },
    { "numbers for texts", .scene.body = DELTA("{\"content\":913.13,\"role\":7,\"tool_calls\":{\"name\":5}}") DONE },
    { "done at once", .scene.body = "data: [DONE]\n\n" },
    { "no end of brackets", .scene.body = "data: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n\n" DONE },
    { "never answers", .scene = { .body = "", .wait_ms = 2500 }, .slow = true },
    { "begins and hangs", .scene = { .body = DELTA("{\"content\":\"Zebedee\"}"), .ending = FAKE_HANGS }, .slow = true },
    { "one letter after the other", .scene = { .body = ": ", .ending = FAKE_GOES_ON, .again = ".", .between_ms = 20 }, .slow = true },
    { "comments without end", .scene = { .body = ": x\n\n", .ending = FAKE_GOES_ON, .again = ": x\n\n", .between_ms = 5 }, .slow = true },
    { "words without end", .scene = { .body = ": x\n\n", .ending = FAKE_GOES_ON, .again = DELTA("{\"content\":\"Zebedee owes 913.13 \"}"), .between_ms = 1 }, .slow = true },
    { "a flood", .scene = { .body = ": x\n\n", .ending = FAKE_GOES_ON, .again = DELTA("{\"content\":\"Zebedee owes us very much indeed \"}") } },
};

size_t hostile_scenes(void)
{
    return ARRAY_LEN(rows);
}

const char *hostile_name(size_t scene)
{
    return rows[scene].name;
}

bool hostile_is_slow(size_t scene)
{
    return rows[scene].slow;
}

void hostile_make(void *context, struct str body, struct arena *arena, struct fake_scene *scene)
{
    struct hostile *hostile = context;
    const struct row *row = &rows[atomic_load(&hostile->scene)];
    struct asked asked = { .arena = arena, .body = json_loadb(body.data, body.len, 0, NULL) };
    const json_t *messages = json_object_get(asked.body, "messages");
    const char *data = json_string_value(json_object_get(json_array_get(messages, 1), "content"));
    asked.data = data ? json_loads(data, 0, NULL) : NULL;
    asked.approved = member(&asked, "approved");
    asked.question = member(&asked, asked.approved.len ? "question" : "message");
    *scene = row->scene;
    if (row->say || row->text)
        *scene = (struct fake_scene){ .body = fake_says(arena, row->say ? row->say(&asked) : row->text), .piece = 23 };
    else if (row->tool)
        *scene = (struct fake_scene){ .body = fake_calls(arena, row->tool, row->arguments), .piece = 31 };
    else if (row->raw)
        *scene = (struct fake_scene){ .body = row->raw(&asked) };
    json_decref(asked.data);
    json_decref(asked.body);
}
