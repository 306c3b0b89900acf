#include "lantern.h"

#include <stdio.h>
#include <sys/stat.h>

static const struct { const char *name, *text; } files[] = {
    { "actions/next.yaml", "url: /c/{customer}/next\nidentity: signed\n"
                           "parameters:\n  - { name: purchase, title: { en: Purchase, sv: Köp }, pattern: \"P-[0-9]{4}\", required: false }\n" },
    { "actions/track.yaml", "url: /orders/{order}\nparameters:\n  - name: order\n    pattern: \"W-?[0-9]{5}\"\n"
                            "    question: { en: Which order?, sv: Vilken order? }\n" },
    { "actions/extend.yaml", "method: POST\nurl: /c/{customer}/extend\nidentity: signed\nchanges: true\n"
                             "confirmation: { en: \"Move order {{order}} by {{days}} days?\", sv: \"Flytta order {{order}} {{days}} dagar?\" }\n"
                             "parameters:\n  - { name: order, pattern: \"W-?[0-9]{5}\", question: { en: Which order?, sv: Vilken order? } }\n"
                             "  - { name: days, pattern: \"14|30\", choices: [\"14\", \"30\"], question: { en: How many days?, sv: Hur många dagar? } }\n" },
    { "topics/due.md", "---\ntitle: { en: When is my payment due?, sv: När ska jag betala? }\nexamples:\n  en: [when do i have to pay, what is my "
                       "due date, when is the next payment, how much do i owe, payment deadline, last day to pay]\n"
                       "  sv: [när förfaller fakturan, vilket datum ska jag betala, när är nästa betalning, sista dag att betala]\n"
                       "identity: signed\naction: next\nskills: [payments]\nrelated: [paying]\nquick_replies: { en: [Can I have more time?] }\n---\n"
                       "Your next payment of **{{amount}}** is due on **{{date}}**.\n\n--- when: status=none\nYou have nothing to pay.\n\n"
                       "--- lang: sv\nDin nästa betalning på **{{amount}}** ska betalas senast **{{date}}**.\n" },
    { "topics/track.md", "---\ntitle: { en: Where is my order?, sv: Var är min order? }\nexamples:\n  en: [where is my parcel, track my order, "
                         "has my package been sent, my delivery has not come, order status, when does my parcel arrive]\n"
                         "  sv: [var är mitt paket, spåra min order, har paketet skickats, leveransen har inte kommit]\n"
                         "action: track\n---\nOrder {{order}} is {{status}}.\n\n--- when: refused=not_found\nI cannot find that order.\n\n"
                         "--- lang: sv\nOrder {{order}} är {{status}}.\n" },
    { "topics/extend.md", "---\ntitle: { en: Can I have more time?, sv: Kan jag få mer tid? }\nexamples:\n  en: [i need more time to pay, extend the "
                          "due date, can i pay later, postpone my payment, move the deadline of my payment, give me an extension]\n"
                          "  sv: [jag behöver mer tid, skjut upp betalningen, kan jag betala senare, flytta förfallodagen]\n"
                          "identity: signed\naction: extend\n---\nDone: order {{order}} is now due on {{date}}.\n\n"
                          "--- when: general\nLog in to move a payment.\n\n--- lang: sv\nKlart: order {{order}} ska nu betalas {{date}}.\n" },
    { "topics/fees.md", "---\ntitle: { en: What does a late payment cost?, sv: Vad kostar det att betala för sent? }\nexamples:\n  en: [late fee, how much "
                        "is a reminder, what happens if i pay late, is there a penalty, late payment charge, overdue cost]\n"
                        "  sv: [förseningsavgift, vad kostar en påminnelse, vad händer om jag betalar för sent, dröjsmålsavgift]\n"
                        "related: [paying]\n---\nA late payment costs €5.\n\n--- lang: sv\nEn sen betalning kostar 5 €.\n" },
    { "topics/hardship.md", "---\ntitle: Payment plan\nexamples: [arrange a payment plan, pay in small steps, a plan for what i owe, monthly plan "
                            "for my balance, split my balance]\nautonomy: off\n---\nNever said.\n" },
    { "topics/limit.md", "---\ntitle: Spending limit\nexamples: [raise my limit, how high is my spending limit, increase my credit limit, why is my limit "
                         "low, change the limit]\nautonomy: draft\n---\nThe limit follows your payments.\n" },
    { "knowledge/paying.md", "---\ntitle: Paying\n---\n## Gift vouchers\n\nGift vouchers from partner shops cannot be used for instalments.\n\n"
                             "## Banks\n\nTransfers from foreign banks take three days.\n\n## Shops\n\nOur partner shops wrap presents for you:\n\n"
                             "* **Ribbons** come in red and green.\n* **Boxes** are made of pine.\n* **Cards** are written by hand.\n* **Wax seals** show a "
                             "whimbrel.\n" },
};

struct workspace *lantern_make(struct folder *folder, const char *more)
{
    struct problems problems = { 0 };
    char head[2048];
    folder_make(folder);
    mkdir(folder_file(folder, "topics"), 0755);
    mkdir(folder_file(folder, "knowledge"), 0755);
    mkdir(folder_file(folder, "actions"), 0755);
    snprintf(head, sizeof head, "name: Lantern\nlanguages: [en, sv]\nskills: [payments]\nactions:\n  base_url: http://127.0.0.1:1\n%s", more);
    file_write(folder_file(folder, "workspace.yaml"), str_of(head));
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        file_write(folder_file(folder, files[i].name), str_of(files[i].text));
    struct workspace *workspace = workspace_read(folder->path, &problems);
    for (size_t i = 0; i < problems.count; i++)
        printf("# %.*s:%d: %.*s\n", STR_ARG(problems.items[i].file), problems.items[i].line, STR_ARG(problems.items[i].what));
    problems_free(&problems);
    return workspace;
}
