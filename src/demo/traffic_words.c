#include "demo/traffic_play.h"

static struct str one_of(struct traffic *traffic, const char *const *words, size_t count)
{
    return str_of(words[random_below(&traffic->random, count)]);
}
#define ONE_OF(traffic, words) one_of((traffic), (words), ARRAY_LEN(words))

static const char *const languages[TRAFFIC_LANGUAGES] = { "en", "sv", "de", "es" };

/* What somebody says in one of the languages. */
struct said {
    const char *language, *text;
};

static struct str one_said(struct traffic *traffic, const struct said *said, size_t count, const char *language)
{
    size_t found = 0, chosen;
    for (size_t i = 0; i < count; i++) found += !strcmp(said[i].language, language);
    if (!found) return str_of(said[0].text);
    chosen = random_below(&traffic->random, found);
    for (size_t i = 0;; i++)
        if (!strcmp(said[i].language, language) && chosen-- == 0) return str_of(said[i].text);
}
#define ONE_SAID(traffic, said, language) one_said((traffic), (said), ARRAY_LEN(said), (language))

void traffic_speaks(struct traffic *traffic, struct str language)
{
    for (size_t i = 0; i < TRAFFIC_LANGUAGES; i++)
        if (str_equal(language, str_of(languages[i]))) traffic->spoken[i] = true;
}

const char *traffic_language(struct traffic *traffic)
{
    static const int shares[TRAFFIC_LANGUAGES] = { 70, 14, 8, 8 };
    int left = (int)random_below(&traffic->random, 100);
    for (size_t i = 0; i < TRAFFIC_LANGUAGES; i++) {
        if (left < shares[i]) return traffic->spoken[i] ? languages[i] : languages[0];
        left -= shares[i];
    }
    return languages[0];
}

struct str traffic_odd(struct traffic *traffic, const char *language)
{
    static const struct said words[] = {
        { "en", "do you sell penguins" },
        { "en", "what is the meaning of life" },
        { "en", "my cat walked over the keyboard jjjjkkkk" },
        { "en", "how tall is the kaknäs tower" },
        { "en", "can you write a poem about the sea for my aunt" },
        { "en", "which bus goes to the harbour" },
        { "en", "who won the match yesterday" },
        { "en", "is the bird in your logo real" },
        { "en", "what should i cook tonight" },
        { "en", "could you tell me a joke" },
        { "sv", "vilken buss går till hamnen" },
        { "sv", "vad ska jag laga i kväll" },
        { "sv", "är fågeln i er logga på riktigt" },
        { "de", "welcher bus fährt zum hafen" },
        { "de", "was soll ich heute abend kochen" },
        { "de", "ist der vogel in ihrem logo echt" },
        { "es", "qué autobús va al puerto" },
        { "es", "qué cocino esta noche" },
        { "es", "es de verdad el pájaro del logo" },
    };
    return ONE_SAID(traffic, words, language);
}

struct str traffic_own_words(struct traffic *traffic, const char *language)
{
    static const struct said words[] = {
        { "en", "the box with my lamp should have been here on friday, what is going on" },
        { "en", "dpd says my neighbour took the parcel but she knows nothing about it" },
        { "en", "i am at my parents for two weeks, can they bring the order there" },
        { "en", "the blue shirt stays, the white one goes back, so what do i owe you" },
        { "en", "is there a way to send boots back from norway" },
        { "en", "my headphones gave up after a year and a half" },
        { "en", "i had 15% off but the bill says otherwise" },
        { "en", "the coffee club stopped sending me coffee" },
        { "en", "this month is too much for me, can we spread it out" },
        { "en", "why is a company called kittiwake after me" },
        { "en", "from now on just take it from my card each month" },
        { "en", "hands off my card, i want to pay by myself" },
        { "en", "my bank sent the debit back, is that bad" },
        { "en", "i think i paid that bill last week already and again today" },
        { "en", "can i have a list of what i paid since summer" },
        { "en", "my dad offers to pay this one" },
        { "en", "how much can i still buy for this month" },
        { "en", "no sms, no code, no login" },
        { "en", "what was my pin again" },
        { "en", "new flat, new street, please write it down" },
        { "en", "let me have everything that you know about me in a file" },
        { "en", "did you ask a credit agency about me" },
        { "en", "freeze my card, i left my phone on the train" },
        { "en", "i got a gift card with a code, is anything left on it" },
        { "en", "every time i open the app it shuts down" },
        { "en", "enough of your newsletters" },
        { "en", "could i answer chats for you in the evenings" },
        { "sv", "paketet skulle ha kommit i fredags, vad händer" },
        { "sv", "jag tror att jag har betalat samma räkning två gånger" },
        { "sv", "ny lägenhet, ny gata, skriv upp det" },
        { "sv", "nog med nyhetsbrev nu" },
        { "sv", "kan vi dela upp det på fler månader" },
        { "sv", "frys kortet, jag glömde telefonen på tåget" },
        { "de", "das paket sollte am freitag da sein, was ist los" },
        { "de", "ich glaube, ich habe dieselbe rechnung zweimal bezahlt" },
        { "de", "neue wohnung, neue straße, bitte notieren" },
        { "de", "genug von ihren newslettern" },
        { "de", "können wir das auf mehr monate verteilen" },
        { "de", "frieren sie die karte ein, mein handy liegt im zug" },
        { "es", "el paquete tenía que estar el viernes, qué pasa" },
        { "es", "creo que he pagado dos veces la misma factura" },
        { "es", "piso nuevo, calle nueva, apúntenlo" },
        { "es", "basta de boletines" },
        { "es", "podemos repartirlo en más meses" },
        { "es", "congelen la tarjeta, me dejé el móvil en el tren" },
    };
    return ONE_SAID(traffic, words, language);
}

struct str traffic_wants_person(struct traffic *traffic, const char *language)
{
    static const struct said words[] = {
        { "en", "I want to talk to a person" },
        { "en", "can i speak to a human please" },
        { "en", "agent please" },
        { "en", "let me talk to someone who works there" },
        { "en", "not a robot please, a real person" },
        { "sv", "Jag vill prata med en människa" },
        { "sv", "kan jag få prata med en handläggare" },
        { "de", "Ich möchte mit einem Menschen sprechen" },
        { "de", "bitte einen mitarbeiter" },
        { "es", "Quiero hablar con una persona" },
        { "es", "páseme con un agente por favor" },
    };
    return ONE_SAID(traffic, words, language);
}

struct str traffic_detail(struct traffic *traffic, struct arena *arena, const char *question)
{
    static const char *const post_codes[] = { "postcode", "postnummer", "Postleitzahl", "código postal" };
    static const char *const gift_cards[] = { "WG-7K2M-4PQ9", "WG-3HTD-8RWX", "WG-AAAA-0000" };
    static const char *const addresses[] = {
        "Reed Lane 12, 111 20 Stockholm", "Harbour Street 5, 20095 Hamburg", "Salt Quay 31, 1012 Utrecht",
    };
    if (!strchr(question, '?')) return STR_EMPTY;
    if (strstr(question, "WG-")) return ONE_OF(traffic, gift_cards);
    if (strstr(question, "W-")) return arena_format(arena, "W-%d", 20500 + (int)random_below(&traffic->random, 70));
    for (size_t i = 0; i < ARRAY_LEN(post_codes); i++)
        if (strstr(question, post_codes[i])) return ONE_OF(traffic, addresses);
    return STR_EMPTY;
}

struct str traffic_customer_reply(struct traffic *traffic, int turn)
{
    static const char *const first[] = {
        "Hi, thanks for taking this.",
        "Hello! Yes, it is about what I wrote above.",
        "Hi. I hope you can sort this out, I have tried twice already.",
        "Good that somebody is there.",
        "Hello, no hurry, I am on the train anyway.",
    };
    static const char *const later[] = {
        "ok, I see",
        "And do I have to do anything myself?",
        "Great, that helps.",
        "Sounds good, thank you",
        "Could you send me that by e-mail too?",
        "I see it in the app now.",
        "perfect, thanks a lot!",
    };
    return turn == 0 ? ONE_OF(traffic, first) : ONE_OF(traffic, later);
}

struct str traffic_agent_reply(struct traffic *traffic, int turn)
{
    static const char *const first[] = {
        "Hello, I have read what you wrote, so you need not tell it again. Give me a moment to look at it.",
        "Hi there! I have your conversation in front of me. One moment, please.",
        "Good to hear from you. I am looking into it now; it takes a minute or two.",
    };
    static const char *const middle[] = {
        "I can see it on your account now. The payment is where it should be, nothing has gone wrong.",
        "I have put a note on your purchase, and there will be no reminder while we look into it.",
        "I asked the shop just now. They have two working days to answer, and you get an e-mail from us either way.",
        "That is set right. The app shows it in a few minutes.",
        "You need not do anything more, I take care of it from here.",
        "I see why that was confusing. The date in your app is the one that counts.",
    };
    static const char *const last[] = {
        "Is there anything else that I can do for you today?",
        "Glad that it worked out. Write here again whenever you like.",
        "Thank you for your patience, and have a good day.",
    };
    return turn == 0 ? ONE_OF(traffic, first) : turn == 1 ? ONE_OF(traffic, middle) : ONE_OF(traffic, last);
}

struct str traffic_comment(struct traffic *traffic, int stars)
{
    static const char *const good[] = { "", "quick and friendly", "solved in two minutes", "", "thank you!", "easy" };
    static const char *const poor[] = { "", "took too long", "I had to ask twice", "did not really help" };
    return stars >= 4 ? ONE_OF(traffic, good) : ONE_OF(traffic, poor);
}
