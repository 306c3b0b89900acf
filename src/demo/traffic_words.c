#include "demo/traffic_play.h"

static struct str one_of(struct traffic *traffic, const char *const *words, size_t count)
{
    return str_of(words[random_below(&traffic->random, count)]);
}
#define ONE_OF(traffic, words) one_of((traffic), (words), ARRAY_LEN(words))

struct str traffic_odd(struct traffic *traffic)
{
    static const char *const words[] = {
        "do you sell penguins",
        "what is the meaning of life",
        "my cat walked over the keyboard jjjjkkkk",
        "how tall is the kaknäs tower",
        "can you write a poem about the sea for my aunt",
        "which bus goes to the harbour",
        "who won the match yesterday",
        "is the bird in your logo real",
        "what should i cook tonight",
        "could you tell me a joke",
    };
    return ONE_OF(traffic, words);
}

struct str traffic_wants_person(struct traffic *traffic)
{
    static const char *const words[] = {
        "I want to talk to a person",
        "can i speak to a human please",
        "agent please",
        "let me talk to someone who works there",
        "not a robot please, a real person",
    };
    return ONE_OF(traffic, words);
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
