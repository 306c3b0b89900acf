/* init.c - the workspace that `beckon init` writes: small, working, and explained line by line. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workspace/workspace.h"

struct init_file {
    const char *name; /* ends in '/': a folder */
    const char *text;
};

static const struct init_file init_files[] = {
    { "workspace.yaml",
      "# What beckon knows about your company. docs/workspace.md explains every key; `beckon check .` finds mistakes.\n"
      "name: Your Company\n"
      "description: What you do, in one line\n"
      "languages: [en]            # the first is the default; add sv, de, es, …\n"
      "timezone: UTC              # such as Europe/Stockholm\n"
      "greeting:\n"
      "  en: Hello! An AI assistant answers first, and a person is one tap away. What can we do for you?\n"
      "\n"
      "skills: [orders, payments] # what your people are good at; topics name the ones they need\n"
      "dispositions: [solved, explained, refunded, no_answer]\n"
      "theme:\n"
      "  accent: \"#0b6e4f\"\n"
      "\n"
      "# How sure the assistant must be to answer, and below which it does not even guess.\n"
      "assistant:\n"
      "  answer_threshold: 0.60\n"
      "  clarify_threshold: 0.25\n"
      "\n"
      "# How the service runs; leave a line out to have its default.\n"
      "engine:\n"
      "  offer_patience_ms: 15000   # how long an agent may think about an offer\n"
      "  service_level_ms: 180000   # a request for a person should be met within this time\n"
      "\n"
      "# Customers that your own page has logged in: it signs their id with this secret (HMAC-SHA256).\n"
      "# identity:\n"
      "#   secret_file: secrets/identity.key   # openssl rand -hex 32 > secrets/identity.key\n"
      "\n"
      "# Your back end, for files in actions/.\n"
      "# actions:\n"
      "#   base_url: https://api.example.com\n"
      "#   token_file: secrets/actions.token\n"
      "\n"
      "# Replies that agents insert with a key.\n"
      "canned:\n"
      "  - name: hello\n"
      "    title: Greeting\n"
      "    text: Hello, I have read what you wrote above. Give me a moment to look at it.\n"
      "  - name: goodbye\n"
      "    title: Goodbye\n"
      "    text: Glad that it worked out. Write here again whenever you like.\n" },
    { "topics/", NULL },
    { "topics/delivery-time.md",
      "---\n"
      "# One topic a file. The examples teach the assistant to recognise it: write them as customers do.\n"
      "title: How long does delivery take?\n"
      "examples:\n"
      "  - when will my order arrive\n"
      "  - how long does shipping take\n"
      "  - where is my parcel\n"
      "  - my package has not come yet\n"
      "  - delivery time\n"
      "  - when do you ship\n"
      "  - how many days until i get my order\n"
      "  - still waiting for my delivery\n"
      "skills: [orders]\n"
      "related: [delivery]\n"
      "quick_replies: [Can I send it back?]\n"
      "---\n"
      "We send every order within **2 working days**, and it arrives 2 to 4 working days later. You get an e-mail with a\n"
      "tracking link as soon as the parcel has left.\n" },
    { "topics/returns.md",
      "---\n"
      "title: Can I send it back?\n"
      "examples:\n"
      "  - i want to return something\n"
      "  - how do i send an item back\n"
      "  - it does not fit, can i return it\n"
      "  - what is your return policy\n"
      "  - return label\n"
      "  - i changed my mind about my order\n"
      "  - how long can i return a purchase\n"
      "  - send back shoes\n"
      "skills: [orders]\n"
      "related: [returns]\n"
      "quick_replies: [When do I get my money back?]\n"
      "---\n"
      "Yes: within **30 days** after the parcel arrived, unused and with its labels. Put the return slip into the box and\n"
      "take it to any parcel shop; sending it back is free.\n" },
    { "topics/refund-time.md",
      "---\n"
      "title: When do I get my money back?\n"
      "examples:\n"
      "  - when will i get my refund\n"
      "  - i have not got my money back\n"
      "  - how long does a refund take\n"
      "  - refund status\n"
      "  - you have received my return but not paid me\n"
      "  - where is my refund\n"
      "  - money back\n"
      "  - when do you pay back\n"
      "skills: [payments]\n"
      "related: [returns]\n"
      "---\n"
      "We pay back within **5 working days** after your parcel has reached us, the same way as you paid. Your bank may need\n"
      "another day or two to show it.\n" },
    { "knowledge/", NULL },
    { "knowledge/delivery.md",
      "---\n"
      "# Articles are sources of answers and stand at /help/NAME. Write paragraphs that can stand alone. Another\n"
      "# language needs a title of its own, and its text below a line '--- lang: sv'.\n"
      "title: Delivery\n"
      "---\n"
      "## How long it takes\n"
      "\n"
      "Orders leave our warehouse within 2 working days and arrive 2 to 4 working days later.\n"
      "\n"
      "## Where it goes\n"
      "\n"
      "Parcels go to your door or to a parcel shop near you. You choose at the checkout.\n"
      "\n"
      "## If nobody is at home\n"
      "\n"
      "The driver leaves the parcel at the nearest parcel shop, where it waits for 7 days.\n" },
    { "knowledge/returns.md",
      "---\n"
      "title: Returns and refunds\n"
      "---\n"
      "## How to return\n"
      "\n"
      "You can return unused goods within 30 days after they arrived. Put the return slip into the box and take it to any\n"
      "parcel shop.\n"
      "\n"
      "## Your money\n"
      "\n"
      "We pay back within 5 working days after the parcel has reached us, the same way as you paid.\n"
      "\n"
      "## What cannot be returned\n"
      "\n"
      "Gift cards and goods made to your measure cannot be returned.\n" },
    { "actions/", NULL },
    { "README.md",
      "# A workspace for beckon\n"
      "\n"
      "    beckon check .                              find mistakes\n"
      "    beckon ask . \"when will my order arrive?\"    try the assistant\n"
      "    beckon help agent add                       how to add the first agent\n"
      "    beckon serve .                              run it\n"
      "\n"
      "* `workspace.yaml`: the company, languages, skills, thresholds\n"
      "* `topics/`: what the assistant answers, one topic a file\n"
      "* `knowledge/`: longer articles\n"
      "* `actions/`: calls to your own back end, such as looking up an order (empty so far)\n"
      "* `data/`: written by the server; keep it out of version control, and back it up with `beckon backup`\n" },
    { ".gitignore", "data/\nsecrets/\n" },
};

static bool is_empty_or_missing(struct err *err, const char *directory)
{
    DIR *open = opendir(directory);
    if (!open)
        return errno == ENOENT ? true : err_set(err, "%s cannot be used: %s", directory, strerror(errno));
    bool empty = true;
    for (struct dirent *entry; (entry = readdir(open));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            empty = false;
    closedir(open);
    return empty ? true : err_set(err, "%s is not empty; name a new or an empty folder", directory);
}

static bool make_folder(struct err *err, const char *path)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    return err_set(err, "the folder %s cannot be made: %s", path, strerror(errno));
}

static bool write_file(struct err *err, const char *path, struct str text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return err_set(err, "%s cannot be written: %s", path, strerror(errno));
    bool good = true;
    while (good && text.len) {
        ssize_t written = write(fd, text.data, text.len);
        if (written < 0 && errno != EINTR)
            good = err_set(err, "%s cannot be written: %s", path, strerror(errno));
        else if (written > 0)
            text = str_slice(text, (size_t)written, text.len);
    }
    if (close(fd) != 0 && good)
        good = err_set(err, "%s cannot be written: %s", path, strerror(errno));
    return good;
}

bool workspace_init(struct err *err, const char *directory)
{
    struct arena arena = { 0 };
    bool good = is_empty_or_missing(err, directory) && make_folder(err, directory);
    for (size_t i = 0; good && i < ARRAY_LEN(init_files); i++) {
        const char *path = arena_format(&arena, "%s/%s", directory, init_files[i].name).data;
        good = init_files[i].text ? write_file(err, path, str_of(init_files[i].text)) : make_folder(err, path);
    }
    arena_free(&arena);
    return good;
}
