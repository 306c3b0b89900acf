/* commands.c - the table of commands; cli.h says what comes from it. */
#include "cli/cli.h"

#include <string.h>

#define OPTIONS(...) (const struct cli_option[]){ __VA_ARGS__, { NULL, NULL, NULL } }
#define JSON_OPTION { "json", NULL, "print JSON, for scripts" }

#define KEYS_HELP \
    "The keys are kept apart from the log on purpose: what a backup of the log holds of a customer can " \
    "be read only as long as a copy of that customer's key exists. Keep key backups for a short time " \
    "only, so that erasing a customer reaches every copy."

#define AGENT_HELP \
    "Works on a running server too: it is then asked to do it, over the token in DIR/data/operator.json."

#define ROLE_OPTION { "role", "ROLE", "agent (the default), supervisor or administrator" }
#define POOL_OPTION { "pool", "POOL", "employee (the default), on_demand or outsourced" }
#define CAPACITY_OPTION { "capacity", "N", "conversations at once, 1 to 20; 3 if left out" }
#define SKILLS_OPTION { "skills", "LIST", "skills, separated by commas" }
#define LANGUAGES_OPTION { "languages", "LIST", "languages, separated by commas" }

const struct cli_command cli_commands[] = {
    {
        "serve", "serve a workspace", "DIR", 1, 1,
        OPTIONS({ "address", "A", "address to listen on; 127.0.0.1 if left out" },
                { "port", "N", "port to listen on; 8080 if left out, 0 takes a free one" },
                { "tls-cert", "FILE", "certificate chain (PEM); serves https" },
                { "tls-key", "FILE", "private key of the certificate (PEM)" },
                { "trust-proxy", NULL, "take the client's address from X-Forwarded-For" },
                { "traffic", "[RATE]", "play seeded customers and agents, RATE conversations a minute (20 an hour if left out)" },
                { "rate-limit", "N", "requests a second from one address; 200 if left out, 0 for no limits at all" },
                { "quiet", NULL, "no log line for each request" }),
        "Serves the workspace in DIR until SIGTERM or SIGINT. What customers and staff do is kept in "
        "DIR/data, which is made at the first start. SIGHUP reads the workspace's files again; if they "
        "have a mistake, the old version stays in force and the log says which.\n\n"
        "The address 127.0.0.1 is reached from this machine only. To serve the world, give --tls-cert "
        "and --tls-key, or put a reverse proxy in front and give --trust-proxy.\n\n"
        "The demo workspace gets its back end, the systems of a firm that does not exist, on a port "
        "beside.\n\n"
        "  beckon serve demo --traffic\n"
        "  beckon serve /srv/support --address 0.0.0.0 --port 443 --tls-cert cert.pem --tls-key key.pem",
        false, cli_serve,
    },
    {
        "init", "make a small working workspace", "DIR", 1, 1, NULL,
        "Writes a workspace of a few files into DIR, which must be empty or missing. Edit them, look with "
        "`beckon check DIR`, and serve them.",
        false, cli_init,
    },
    {
        "check", "check the workspace's files", "DIR", 1, 1,
        OPTIONS(JSON_OPTION, { "online", NULL, "ask the language model one small question, too" }),
        "Reads every file of the workspace and names each mistake with file, line and cure. Exit status 0 "
        "when there is none, 1 otherwise. With --online a language model that the workspace names must answer, too; "
        "without it nothing leaves this machine.",
        false, cli_check,
    },
    {
        "ask", "ask the assistant one question", "DIR TEXT", 2, 2,
        OPTIONS(JSON_OPTION, { "language", "L", "language of the conversation" },
                { "customer", "ID", "ask as this customer with a signed identity" },
                { "dialogue", "FILE", "go on with the conversation kept in FILE, and keep it there" },
                { "no-model", NULL, "leave out the language model that the workspace names" }),
        "Prints what the assistant of the workspace in DIR decides on TEXT: decision, topic, confidence, "
        "text and sources. Nothing is stored.\n\n"
        "  beckon ask demo \"When is my payment due?\"",
        false, cli_ask,
    },
    {
        "action", "show or try one of the assistant's actions", "DIR NAME [PARAMETER=VALUE]...", 2, 18,
        OPTIONS({ "customer", "ID", "for this customer, as if the host page had signed it" },
                { "send", NULL, "really call the back end; needs --key" },
                { "key", "KEY", "the idempotency key to send" }),
        "Prints the request that the action NAME of the workspace in DIR would send (the token left out) and sends "
        "nothing. With --send it is called, and the outcome and answer are printed; exit status 0 when it was done.\n\n"
        "  beckon action demo order-status --customer C-1001 order=W-20417",
        false, cli_action,
    },
    {
        "intents train", "learn a model of intents", "DIR|CSV", 1, 1,
        OPTIONS({ "output", "FILE", "the model's file; DIR/data/intents.model if left out for a DIR" },
                { "best", NULL, "take up to half a minute and make the best model" },
                { "unlabelled", "TEXTS", "learn from these as well: a text a line, or the column text of a .csv file" },
                { "review", "FILE", "write what was learned from TEXTS, and as which intent, as CSV" },
                { "check", "CSV", "rows that are not learned from: calibration and threshold are chosen on them" },
                { "language", "L", "language of the texts, such as en; guessed if left out" },
                { "seed", "N", "seed of what is random; 1 if left out" }, JSON_OPTION),
        "Learns which intent is meant from the topics of the workspace in DIR, or from a CSV file with a line "
        "text,intent for each example; `oos` as intent marks what is outside all of them. The same examples and "
        "seed give the same model.\n\n"
        "A server uses DIR/data/intents.model instead of learning at its start, as long as the files of DIR are the "
        "same. Remove it to go back.\n\n"
        "  beckon intents train examples.csv -o intents.model --best\n"
        "  beckon intents train demo --best --unlabelled history.txt --review learned.csv",
        false, cli_intents_train,
    },
    {
        "intents eval", "examine a model on texts whose intents are known", "MODEL|DIR CSV", 2, 2, OPTIONS(JSON_OPTION),
        "Asks the model for the intent of each row of text,intent and prints how many are right, what is mistaken "
        "for what, how far its probabilities are off, and the time a text takes. A row `oos` is right if the text is "
        "rejected, and counts as one more class in the accuracy.\n\n"
        "  beckon intents eval intents.model test.csv --json",
        false, cli_intents_eval,
    },
    {
        "intents suggest", "say which intents are weak or overlap, and what to write", "DIR|CSV", 1, 1, OPTIONS(JSON_OPTION),
        "Lets models answer examples that they have not seen, and shows the intents that are not recognised, those "
        "that are taken for each other, and texts that stand in two of them, with the examples that show it.",
        false, cli_intents_suggest,
    },
    {
        "assistant calibrate", "choose how sure the assistant must be to answer", "DIR|MODEL", 1, 1,
        OPTIONS({ "examples", "CSV", "rows of text,intent that nothing was learned from, oos for what is outside" },
                { "risk", "R", "share of answers that may be wrong; the workspace's accepted_risk, or 0.05, if left out" },
                { "delta", "D", "how often the promise may fail; 0.1 if left out" }, JSON_OPTION),
        "Chooses the lowest answer_threshold for which it is shown, with probability 1 - D, that at most a share R "
        "of the answers is wrong (Learn-then-Test with exact binomial tests, strict to loose). Prints the guarantee "
        "and how much is answered at that threshold; or, if nothing can be shown, how many more examples are needed, "
        "with exit status 1. Write the threshold into workspace.yaml, under assistant.\n\n"
        "  beckon assistant calibrate demo --examples reviewed.csv",
        false, cli_assistant_calibrate,
    },
    {
        "knowledge eval", "measure how well articles are found", "ARTICLES QUESTIONS", 2, 2,
        OPTIONS(JSON_OPTION, { "plain", NULL, "plain BM25 over words only" }),
        "ARTICLES is a JSON list of {\"id\", \"title\", \"content\"}, content as text, Markdown or HTML; \"questions\" (a list of "
        "texts) and \"language\" may stand beside. QUESTIONS is CSV with the columns text and id: a question and the article that "
        "answers it; a question in several rows has several right articles. Prints mean average precision, mean reciprocal rank, "
        "precision of the first, recall at five and the time a question takes, beside the same of plain BM25. docs/retrieval.md "
        "says how articles are found.\n\n"
        "  beckon knowledge eval articles.json questions.csv",
        false, cli_knowledge_eval,
    },
    {
        "knowledge search", "show which articles a question finds, and why", "DIR TEXT", 2, 2,
        OPTIONS(JSON_OPTION, { "language", "L", "language of the question; found in the text if left out" }),
        "Prints the ten best articles of the workspace in DIR for TEXT, each with its best passage, how much of the question it "
        "covers, and its score by part (1 is the best of all articles in that part).\n\n"
        "  beckon knowledge search demo \"what does it cost to pay late\"",
        false, cli_knowledge_search,
    },
    {
        "reload", "make the running server read its files again", "DIR", 1, 1, NULL,
        "Checks the workspace in DIR and tells the server that serves it to take the new files; "
        "conversations go on. The same as SIGHUP, with an answer.",
        false, cli_reload,
    },
    {
        "tail", "follow the log of events", "DIR", 1, 1,
        OPTIONS({ "follow", NULL, "go on as events come in" }, JSON_OPTION,
                { "from", "N", "begin at event N; the last 20 if left out" },
                { "open", NULL, "open the personal fields: they are shown as sealed otherwise" }),
        "Prints one line an event: number, time, kind and fields. Works beside a running server.\n\n"
        "  beckon tail demo --follow --json | grep human.requested",
        false, cli_tail,
    },
    {
        "verify", "check the log's chain of hashes", "DIR", 1, 1,
        OPTIONS({ "head", "N:HASH", "what verify printed earlier: event N must still be there, with this hash" },
                JSON_OPTION),
        "Recomputes the chain over every event, reads each record, and compares the snapshot with the state that "
        "the events give. Exit status 0 when all is as it was written; otherwise the first bad event is named. "
        "Works beside a running server.\n\n"
        "It prints the head: the number and hash of the last event. Keep it elsewhere: with --head a later run "
        "also finds a log whose end was cut off, or that was written anew as a whole.",
        false, cli_verify,
    },
    {
        "rebuild", "make the views anew from the log", "DIR", 1, 1, NULL,
        "Removes what is made from the log, DIR/data/views.db (inbox, search, figures) and the snapshot, and makes "
        "it again from the events. Stop the server first.",
        false, cli_rebuild,
    },
    {
        "erase", "erase a customer's data", "DIR CUSTOMER", 2, 2, OPTIONS(JSON_OPTION),
        "Deletes the key of the customer with the number CUSTOMER, and their rows in the views. What the "
        "log and its backups hold of this customer can never be read again; the chain still verifies. "
        "This cannot be undone.\n\n" AGENT_HELP,
        false, cli_erase,
    },
    {
        "backup", "copy the log while it is in use", "DIR FILE", 2, 2,
        OPTIONS({ "keys", "KEYFILE", "copy the keys to KEYFILE as well" }),
        "Writes a consistent copy of the log to FILE, beside a running server or not. FILE must not exist. "
        "The workspace's own files and DIR/data/master.key are yours to copy.\n\n" KEYS_HELP,
        false, cli_backup,
    },
    {
        "restore", "put a backup in place", "DIR FILE", 2, 2,
        OPTIONS({ "keys", "KEYFILE", "the backup of the keys" }),
        "Checks the backup FILE and puts it into DIR/data as the log. Refuses to overwrite a log that is "
        "there. Put DIR/data/master.key in place first: without it the keys cannot be opened. Customers "
        "whose key is in no backup stay unreadable.",
        false, cli_restore,
    },
    {
        "agent add", "add a member of staff", "DIR LOGIN", 2, 2,
        OPTIONS({ "name", "NAME", "name that customers see; LOGIN if left out" }, ROLE_OPTION, POOL_OPTION,
                CAPACITY_OPTION, SKILLS_OPTION, LANGUAGES_OPTION,
                { "password-file", "FILE", "read the password from FILE, '-' for stdin; asked for if left out" },
                JSON_OPTION),
        AGENT_HELP "\n\n  beckon agent add demo maria --name Maria --skills payments,refunds --languages en,sv",
        false, cli_agent_add,
    },
    {
        "agent list", "list the staff", "DIR", 1, 1, OPTIONS(JSON_OPTION), AGENT_HELP, false, cli_agent_list,
    },
    {
        "agent change", "change role, pool, capacity, skills or languages", "DIR LOGIN", 2, 2,
        OPTIONS({ "role", "ROLE", "agent, supervisor or administrator" },
                { "pool", "POOL", "employee, on_demand or outsourced" },
                { "capacity", "N", "conversations at once, 1 to 20" }, SKILLS_OPTION, LANGUAGES_OPTION),
        "What is left out stays. " AGENT_HELP, false, cli_agent_change,
    },
    {
        "agent password", "set a password and end the person's sessions", "DIR LOGIN", 2, 2,
        OPTIONS({ "password-file", "FILE", "read the password from FILE, '-' for stdin; asked for if left out" }),
        AGENT_HELP, false, cli_agent_password,
    },
    {
        "agent remove", "remove a member of staff", "DIR LOGIN", 2, 2, NULL,
        "Ends the person's sessions; conversations that they own go back to the queue. " AGENT_HELP,
        false, cli_agent_remove,
    },
    {
        "scenario", "play stories against the engine or a server", "FILE...", 1, -1,
        OPTIONS({ "virtual", NULL, "in virtual time, straight on the engine (the default)" },
                { "start", NULL, "on a server of its own for each file, over real sockets" },
                { "against", "URL", "on the running server at URL" },
                { "workspace", "DIR", "the workspace that is played on; demo if left out" },
                { "operator", "FILE", "operator.json of the server at URL, to add staff and read metrics" },
                { "crash-command", "CMD", "with --against: a shell command that kills and restarts the server" },
                { "seed", "N", "seed of repeat blocks; 1 if left out" },
                { "verbose", NULL, "print each line as it is played" }),
        "Plays each FILE and says what was expected and what was seen at the first line that does not hold. "
        "docs/scenarios.md describes the language.\n\n"
        "  beckon scenario tests/scenario/*.scn\n"
        "  beckon scenario --start --workspace demo tests/scenario/*.scn",
        false, cli_scenario,
    },
    {
        "help", "explain a command", "[COMMAND...]", 0, 2,
        OPTIONS({ "man", NULL, "print the manual page (troff)" },
                { "markdown", NULL, "print the commands as Markdown" },
                { "completion", NULL, "print the completion for bash" },
                { "api", NULL, "print the HTTP API as Markdown" },
                { "openapi", NULL, "print the HTTP API as an OpenAPI description (JSON)" },
                { "scenarios", NULL, "print the verbs of the scenario language as Markdown" }),
        "Without COMMAND, lists the commands.", false, cli_help,
    },
    { "version", "print the version", "", 0, 0, OPTIONS(JSON_OPTION), "", false, cli_version },
    {
        "demo-backend", "serve the demo firm's back end", "DIR", 0, 1,
        OPTIONS({ "port", "N", "port on 127.0.0.1; 8181 if left out" },
                { "db", "FILE", "the firm's books; DIR/data/firm.db if left out" }), "", true, cli_demo_backend,
    },
    { NULL, NULL, NULL, 0, 0, NULL, NULL, false, NULL },
};

/* Short forms, where habit expects one. */
char cli_letter(const struct cli_option *option)
{
    return strcmp(option->name, "follow") == 0 ? 'f' : strcmp(option->name, "output") == 0 ? 'o' : 0;
}

const struct cli_command *cli_find(const char *name)
{
    for (const struct cli_command *row = cli_commands; row->name; row++)
        if (!strcmp(row->name, name))
            return row;
    return NULL;
}
