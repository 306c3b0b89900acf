#include "gateway/schemas.h"

#include <stddef.h>

/* Shorthands for JSON Schema: one line a member, in the order of the answer. */
#define OBJECT(...) "{\"type\":\"object\",\"properties\":{" __VA_ARGS__ "}}"
#define NEEDS(names, ...) "{\"type\":\"object\",\"required\":[" names "],\"properties\":{" __VA_ARGS__ "}}"
#define NUMBER(name) "\"" name "\":{\"type\":\"integer\"}"
#define RATIO(name) "\"" name "\":{\"type\":[\"number\",\"null\"]}"
#define TEXT(name) "\"" name "\":{\"type\":\"string\"}"
#define FLAG(name) "\"" name "\":{\"type\":\"boolean\"}"
#define TEXTS(name) "\"" name "\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}"
#define NUMBERS(name) "\"" name "\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"
#define LIST(name, item) "\"" name "\":{\"type\":\"array\",\"items\":" item "}"
#define REF(schema) "{\"$ref\":\"#/components/schemas/" schema "\"}"
#define PART(name, schema) "\"" name "\":" REF(schema)
#define CHOICE(name, values) "\"" name "\":{\"type\":\"string\",\"enum\":[" values "]}"

#define VERSION_FIELDS NUMBER("number") "," TEXT("workspace") "," TEXT("what") "," NUMBER("at") "," NUMBER("agent") "," \
    TEXT("agent_name") "," NUMBER("files")

const struct schema schemas[] = {
    { "Empty", "{\"type\":\"object\"}" },
    { "Error", NEEDS("\"error\"", "\"error\":" NEEDS("\"code\",\"message\"", TEXT("code") "," TEXT("message") "," TEXT("field"))) },
    { "Acknowledgement", NEEDS("\"seq\"", NUMBER("seq") "," NUMBER("conversation") "," NUMBER("id") "," FLAG("repeated")) },
    { "Session", NEEDS("\"token\",\"customer\",\"verified\",\"conversations\",\"language\"", TEXT("token") ","
        NUMBER("customer") "," FLAG("verified") "," NUMBERS("conversations") "," TEXT("language") ","
        NUMBER("expires_at")) },
    { "Human", OBJECT(NUMBER("online") "," NUMBER("low_ms") "," NUMBER("high_ms")) },
    { "Canned", OBJECT(TEXT("name") "," TEXT("language") "," TEXT("title") "," TEXT("text")) },
    { "Workspace", OBJECT(TEXT("name") "," TEXT("description") "," TEXT("version") "," TEXTS("languages") ","
        TEXT("language") "," TEXT("greeting") "," TEXT("accent") "," TEXT("privacy_url") "," FLAG("ai") ","
        TEXTS("dispositions") "," TEXTS("skills") "," PART("human", "Human") "," LIST("canned", REF("Canned")) ","
        "\"demo\":" OBJECT(TEXT("backend"))) },
    { "Details", OBJECT(TEXT("name") "," TEXT("email") "," TEXT("external_id") "," FLAG("verified")) },
    { "Conversation", OBJECT(NUMBER("conversation") "," NUMBER("customer") ","
        CHOICE("state", "\"assistant\",\"waiting\",\"active\",\"resolved\"") "," NUMBER("agent") "," TEXT("agent_name") ","
        TEXT("language") "," NUMBER("opened_at") "," NUMBER("last_at") "," NUMBER("wait_from") "," NUMBER("place") ","
        NUMBER("low_ms") "," NUMBER("high_ms") "," NUMBER("appointment") "," FLAG("turn") "," NUMBER("last_seq") ","
        NUMBER("seq") "," NUMBER("customer_read") "," NUMBER("customer_delivered") "," NUMBER("staff_read") ","
        NUMBER("staff_delivered") "," NUMBER("stars") "," PART("human", "Human") "," TEXT("topic") ","
        FLAG("recontact") "," NUMBER("offered_to") "," NUMBER("wrapup_until") "," PART("customer_details", "Details")) },
    { "Events", NEEDS("\"events\",\"last\"", LIST("events", REF("Event")) "," NUMBER("last") "," FLAG("more")) },
    { "Login", NEEDS("\"agent\",\"name\",\"role\",\"token\"", NUMBER("agent") "," TEXT("name") "," TEXT("role") ","
        TEXT("token") "," NUMBER("expires_at")) },
    { "Offer", OBJECT(NUMBER("offer") "," NUMBER("conversation") "," NUMBER("customer") "," TEXT("topic") ","
        TEXT("language") "," NUMBER("wait_from") "," NUMBER("appointment") "," NUMBER("made_at") "," NUMBER("expires_at")) },
    { "Colleague", OBJECT(NUMBER("agent") "," TEXT("name") "," TEXT("state") "," TEXTS("skills") "," TEXT("role")) },
    { "Me", OBJECT(NUMBER("agent") "," TEXT("name") "," TEXT("login") "," TEXT("role") "," TEXT("pool") ","
        TEXT("state") "," NUMBER("state_since") "," NUMBER("capacity") "," TEXTS("skills") "," TEXTS("languages") ","
        NUMBER("seq") "," LIST("offers", REF("Offer")) "," LIST("conversations", REF("Conversation")) ","
        NUMBER("now") "," NUMBER("heartbeat_ms") "," NUMBER("session_expires_at") ","
        LIST("colleagues", REF("Colleague")) "," TEXTS("skills_all") "," TEXTS("dispositions") ","
        LIST("canned", REF("Canned")) "," LIST("titles", OBJECT(CHOICE("kind", "\"topic\",\"article\",\"action\",\"label\"") "," TEXT("name") "," LIST("titles", OBJECT(TEXT("language") "," TEXT("title")))))) },
    { "ActionParameter", OBJECT(TEXT("name") "," TEXT("title") "," TEXT("question") "," TEXT("pattern") "," FLAG("required") "," TEXTS("choices")) },
    { "Action", OBJECT(TEXT("action") "," TEXT("title") "," FLAG("changes") "," CHOICE("lacks", "\"\",\"identity\",\"code\"") ","
        LIST("parameters", REF("ActionParameter"))) },
    { "Actions", NEEDS("\"actions\"", LIST("actions", REF("Action"))) },
    { "ActionTrial", NEEDS("\"needs\"", CHOICE("needs", "\"nobody\",\"agent\",\"supervisor\"") "," CHOICE("lacks", "\"\",\"identity\",\"code\"") ","
        TEXT("sends")) },
    { "Approval", OBJECT(NUMBER("number") "," NUMBER("conversation") "," NUMBER("customer") "," TEXT("name") "," TEXT("action") ","
        TEXT("title") "," TEXT("topic") "," TEXT("amount") "," TEXT("why") "," TEXT("asked_by") "," CHOICE("needs", "\"agent\",\"supervisor\"") ","
        "\"titles\":{\"type\":\"object\"},\"parameters\":{\"type\":\"object\"}," NUMBER("asked_at") "," NUMBER("expires_at")) },
    { "Approvals", NEEDS("\"approvals\"", LIST("approvals", REF("Approval"))) },
    { "Agent", OBJECT(NUMBER("agent") "," TEXT("name") "," TEXT("login") "," TEXT("role") "," TEXT("pool") ","
        CHOICE("state", "\"offline\",\"away\",\"online\"") "," NUMBER("state_since") "," NUMBER("active") ","
        NUMBER("wrapping") "," NUMBER("offered") "," NUMBER("capacity") "," TEXTS("skills") "," TEXTS("languages")) },
    { "Agents", NEEDS("\"agents\"", LIST("agents", REF("Agent"))) },
    { "Live", OBJECT(NUMBER("waiting") "," NUMBER("longest_wait_from") "," NUMBER("online") "," NUMBER("away") ","
        NUMBER("free_places") "," NUMBER("by_assistant") "," NUMBER("active") "," NUMBER("handle_time_ms") ","
        NUMBER("service_level_ms")) },
    { "Figures", OBJECT(NUMBER("opened") "," NUMBER("resolved") "," NUMBER("answered_by_assistant") ","
        NUMBER("human_requests") "," NUMBER("met") "," NUMBER("met_in_time") "," RATIO("service_level") ","
        RATIO("median_wait_ms") "," RATIO("p95_wait_ms") "," RATIO("longest_wait_ms") "," NUMBER("ratings") ","
        RATIO("rating_mean") "," NUMBER("recontacts") ","
        LIST("series", OBJECT(NUMBER("at") "," NUMBER("opened") "," NUMBER("requests") "," NUMBER("met") "," NUMBER("answered")))) },
    { "Waiting", OBJECT(NUMBER("conversation") "," NUMBER("customer") "," FLAG("recontact") "," TEXT("name") "," TEXT("topic") ","
        TEXT("language") "," NUMBER("wait_from") "," NUMBER("place") "," NUMBER("low_ms") "," NUMBER("high_ms") ","
        NUMBER("offered_to") "," NUMBER("appointment")) },
    { "Active", OBJECT(NUMBER("conversation") "," NUMBER("customer") "," TEXT("name") "," NUMBER("agent") ","
        TEXT("agent_name") "," TEXT("topic") "," TEXT("language") "," TEXT("state") "," NUMBER("last_at") ","
        NUMBER("opened_at")) },
    { "Board", OBJECT(NUMBER("now") "," NUMBER("seq") "," PART("live", "Live") ","
        "\"figures\":{\"anyOf\":[" REF("Figures") ",{\"type\":\"null\"}]}," LIST("agents", REF("Agent")) ","
        LIST("waiting", REF("Waiting")) "," LIST("conversations", REF("Active"))) },
    { "Row", OBJECT(NUMBER("conversation") "," NUMBER("customer") "," TEXT("name") "," NUMBER("agent") ","
        TEXT("state") "," TEXT("topic") "," TEXT("language") "," NUMBER("opened_at") "," NUMBER("last_at") ","
        TEXT("last_text") "," NUMBER("stars") "," NUMBER("requested_at") "," NUMBER("met_at") ","
        NUMBER("resolved_at")) },
    { "Conversations", NEEDS("\"conversations\"", LIST("conversations", REF("Row"))) },
    { "Target", OBJECT(TEXT("topic") "," TEXT("article") "," TEXT("title") "," NUMBER("likely")) },
    { "Asked", NEEDS("\"message\"", NUMBER("message") "," TEXT("wording") "," TEXT("language") "," LIST("choices", REF("Target")) ","
        LIST("all", REF("Target"))) },
    { "Paraphrase", OBJECT(NUMBER("paraphrase") "," TEXT("topic") "," TEXT("article") "," TEXT("title") "," FLAG("known") ","
        TEXT("language") "," TEXT("wording") "," CHOICE("state", "\"approved\",\"revoked\"") "," NUMBER("version") ","
        NUMBER("conversation") "," NUMBER("agent") "," TEXT("agent_name") "," NUMBER("learned_at") "," NUMBER("reviewer") ","
        TEXT("reviewer_name") "," NUMBER("reviewed_at")) },
    { "Paraphrases", NEEDS("\"paraphrases\"", LIST("paraphrases", REF("Paraphrase")) "," FLAG("more") "," NUMBER("in_use")) },
    { "ContentItem", OBJECT(TEXT("name") "," TEXT("title") "," TEXTS("languages") "," NUMBER("examples")) },
    { "Content", NEEDS("\"version\"", TEXT("version") "," LIST("topics", REF("ContentItem")) "," LIST("articles", REF("ContentItem"))) },
    { "ContentFile", NEEDS("\"text\",\"version\"", CHOICE("kind", "\"topic\",\"article\"") "," TEXT("name") "," TEXT("file") ","
        TEXT("text") "," TEXT("version") "," TEXT("digest")) },
    { "Problem", OBJECT(TEXT("file") "," NUMBER("line") "," TEXT("what") "," TEXT("cure")) },
    { "DraftCheck", NEEDS("\"problems\"", LIST("problems", REF("Problem")) "," LIST("preview",
        OBJECT(TEXT("language") "," TEXT("title") "," TEXT("when") "," TEXT("markdown")))) },
    { "Decided", OBJECT(CHOICE("decision", "\"answer\",\"ask\",\"act\",\"hand_over\"") "," TEXT("topic") "," NUMBER("confidence") ","
        FLAG("failed") "," TEXT("reason") "," TEXT("text") "," TEXTS("choices") "," LIST("sources", OBJECT(TEXT("title") "," TEXT("url"))) ","
        "\"explanation\":{\"type\":\"object\"}") },
    { "DraftChanges", NEEDS("\"problems\"", LIST("problems", REF("Problem")) "," NUMBER("asked") "," LIST("changes", OBJECT(NUMBER("message") ","
        NUMBER("conversation") "," TEXT("text") "," PART("before", "Decided") "," PART("after", "Decided")))) },
    { "Publication", NEEDS("\"problems\"", LIST("problems", REF("Problem")) "," NUMBER("number") "," TEXT("version") "," TEXT("digest")) },
    { "Version", OBJECT(VERSION_FIELDS) },
    { "Versions", NEEDS("\"versions\"", LIST("versions", REF("Version")) "," FLAG("more")) },
    { "VersionChanges", NEEDS("\"number\",\"changes\"", VERSION_FIELDS "," NUMBER("against") "," LIST("changes",
        OBJECT(TEXT("file") "," TEXT("before") "," TEXT("after")))) },
    { "ChatCompletion", OBJECT(TEXT("id") "," TEXT("object") "," NUMBER("created") "," TEXT("model") ","
        LIST("choices", "{\"type\":\"object\"}")) },
    { "Model", OBJECT(TEXT("id") "," TEXT("object") "," TEXT("owned_by")) },
    { "Models", OBJECT(TEXT("object") "," LIST("data", "{\"type\":\"object\"}")) },
    { "JsonRpc", OBJECT(TEXT("jsonrpc")) },
    { "Article", OBJECT(TEXT("name") "," TEXT("title") "," TEXT("language") "," TEXT("url") "," TEXT("markdown")) },
    { "Backup", NEEDS("\"file\"", TEXT("file")) },
    { "Reload", NEEDS("\"version\"", TEXT("version")) },
    { "Health", NEEDS("\"healthy\"", FLAG("healthy")) },
    { "Ready", NEEDS("\"ready\",\"learning\"", FLAG("ready") "," FLAG("learning") "," TEXT("reason")) },
    { "Description", "{\"type\":\"object\"}" },
    { NULL, NULL },
};
