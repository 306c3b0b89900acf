#include "assistant/agreement.h"

#include "base/must.h"

#define WORDS_MAX 9  /* of a message */
#define PHRASE_MAX 5 /* words of a phrase below */

/* Each phrase stands between two '|'. English, Swedish, German, Spanish. */
static const char agrees[] =
    "|yes|yeah|yea|yep|yup|ye|yess|y|aye|of course|sure|sure thing|absolutely|definitely|do it|do that|do so|go ahead|go for it|go on|please do|please do it|please do that|please do so|"
    "that is right|thats right|that is correct|thats correct|that is fine|thats fine|thats ok|that is ok|sounds good|sounds great|works for me|"
    "that works|fine by me|fine with me|i confirm|i agree|agreed|confirmed|i want that|i would like that|id like that|im sure|i am sure|"
    "ja|jaa|japp|jo|jodå|jajamän|javisst|självklart|naturligtvis|absolut|gör det|gör så|kör|kör på|gör det du|stämmer|det stämmer|det är rätt|"
    "det är riktigt|låter bra|det låter bra|det går bra|det blir bra|det är bra|jag bekräftar|det vill jag|"
    "jep|jawohl|jawoll|klar|na klar|natürlich|selbstverständlich|auf jeden fall|mach das|mach es|machs|machen sie das|machen sie es|"
    "machen sie das so|tun sie das|stimmt|das stimmt|stimmt so|passt|das passt|passt so|klingt gut|das klingt gut|einverstanden|in ordnung|"
    "das ist richtig|ist richtig|ich bestätige|das möchte ich|das will ich|"
    "sí|si|sip|claro|claro que sí|claro que si|por supuesto|desde luego|hazlo|hágalo|hagalo|adelante|está bien|esta bien|suena bien|de acuerdo|"
    "me parece bien|es correcto|así es|asi es|confirmo|lo confirmo|eso quiero|";
static const char denies[] =
    "|no|nope|nah|n|not now|not today|dont|dont do it|dont do that|i dont want that|i dont want to|id rather not|that is wrong|thats wrong|"
    "that is not right|thats not right|not correct|"
    "nej|nä|nää|inte nu|inte idag|gör inte det|gör det inte|jag vill inte|det vill jag inte|det är fel|det stämmer inte|"
    "nein|nee|nö|ne|nicht jetzt|heute nicht|nicht heute|das will ich nicht|das möchte ich nicht|ich will nicht|das ist falsch|das stimmt nicht|"
    "ahora no|hoy no|no lo hagas|no lo haga|no quiero|no lo quiero|no quiero eso|está mal|no es correcto|";
static const char polite[] =
    "|please|pls|plz|thanks|thx|ty|cheers|thank you|thank you very much|thanks a lot|many thanks|that would be great|that would be nice|"
    "that would be good|that would be lovely|then|now|right away|ok|okay|mate|great|perfect|good|i do|move it|change it|send it|block it|"
    "tack|tack så mycket|tack snälla|snälla|är du snäll|gärna|mycket gärna|då|nu|okej|så|bra|perfekt|flytta den|ändra den|ändra det|skicka den|"
    "spärra det|bitte|bitte sehr|bitte schön|danke|danke schön|vielen dank|gern|gerne|sehr gern|sehr gerne|dann|jetzt|so|gut|genau|perfekt|"
    "das wäre gut|das wäre super|das wäre toll|gracias|muchas gracias|por favor|porfa|porfavor|ahora|vale|bueno|perfecto|entonces|"
    "cámbialo|cámbielo|envíalo|envíelo|bloquéala|bloquéela|";

/* How many words at the beginning of `text` are one phrase of the list, the longest that fits; 0: none. */
static size_t words_of_phrase(struct str text, const char *phrases)
{
    char wanted[64];
    size_t longest = 0, words = 0;
    for (size_t end = 1; end <= text.len && end < sizeof wanted - 2 && words < PHRASE_MAX; end++) {
        if (end < text.len && text.data[end] != ' ') continue;
        words++;
        wanted[0] = '|';
        memcpy(wanted + 1, text.data, end);
        wanted[end + 1] = '|';
        if (str_find(str_of(phrases), str_make(wanted, end + 2), 0) >= 0) longest = words;
    }
    return longest;
}

static struct str behind(struct str text, size_t words)
{
    struct str word;
    while (words-- && str_split(&text, ' ', &word)) {
    }
    return text;
}

/* "No" before a yes ("no, do it") and a yes before a no say both: neither counts. */
enum agreement agreement_in(struct str folded)
{
    static const struct { const char *phrases; enum agreement meaning; } lists[] = {
        { agrees, AGREEMENT_YES }, { denies, AGREEMENT_NO }, { polite, AGREEMENT_NONE },
    };
    enum agreement found = AGREEMENT_NONE;
    for (size_t taken = 0; folded.len;) {
        size_t most = 0, list = 0;
        for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
            size_t words = words_of_phrase(folded, lists[i].phrases);
            if (words > most) {
                most = words;
                list = i;
            }
        }
        if (most == 0 || (taken += most) > WORDS_MAX) return AGREEMENT_NONE;
        if (lists[list].meaning && found && found != lists[list].meaning) return AGREEMENT_NONE;
        if (lists[list].meaning) found = lists[list].meaning;
        folded = behind(folded, most);
    }
    return found;
}
