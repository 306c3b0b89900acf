#include "assistant/words.h"

#define WORDS_LANGUAGES 4

static const char *const words_languages[WORDS_LANGUAGES] = { "en", "sv", "de", "es" };

static const char *const sentences[SENTENCE_COUNT][WORDS_LANGUAGES] = {
#define X(name, en, sv, de, es) { en, sv, de, es },
    SENTENCES(X)
#undef X
};

static const char *const months[WORDS_LANGUAGES][12] = {
    { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" },
    { "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december" },
    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember" },
    { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre" },
};

size_t words_language(struct str language)
{
    for (size_t i = 0; i < WORDS_LANGUAGES; i++)
        if (language.len >= 2 && memcmp(language.data, words_languages[i], 2) == 0)
            return i;
    return 0;
}

bool words_knows(struct str language)
{
    return words_language(language) || str_starts(language, str_of(words_languages[0]));
}

struct str words_sentence(enum sentence sentence, struct str language)
{
    return str_of(sentences[sentence][words_language(language)]);
}

struct str words_month(int month, struct str language)
{
    must(month >= 1 && month <= 12);
    return str_of(months[words_language(language)][month - 1]);
}

/* --- remarks ------------------------------------------------------------------------------------ */

/* Whole messages, folded as tokens_join folds them, between '|'. */
static const struct {
    enum remark remark;
    const char *phrases;
} phrases[] = {
    { REMARK_YES, "|yes|y|yes please|yeah|yep|yup|ja|jo|japp|ja tack|ja bitte|jawohl|jep|si|sí|sí por favor|si por favor|claro|vale|"
                  "ok|okay|okej|sure|of course|do it|go ahead|please do|correct|right|that is right|thats right|yes do it|confirm|"
                  "i confirm|gör det|javisst|absolut|stämmer|det stämmer|gerne|genau|mach das|richtig|stimmt|hazlo|hágalo|hagalo|correcto|"
                  "adelante|confirmo|de acuerdo|exactly|perfect|yes thanks|yes thank you|1|" },
    { REMARK_NO, "|no|n|nope|nej|nej tack|nein|nein danke|no gracias|no thanks|no thank you|nah|nein bitte nicht|inte|dont|do not|"
                 "wrong|fel|falsch|not now|no please|no es correcto|ne|not correct|2|" },
    { REMARK_CANCEL, "|cancel|stop|forget it|never mind|nevermind|leave it|quit|abort|avbryt|glöm det|strunt samma|sluta|abbrechen|stopp|"
                     "vergiss es|egal|cancelar|cancela|olvídalo|olvidalo|déjalo|dejalo|para|no cancel|stop it|avbryt det|lass es|" },
    { REMARK_HELLO, "|hello|hi|hey|hello there|hi there|hey there|good morning|good afternoon|good evening|hej|hejsan|hallå|tjena|"
                    "god morgon|hej hej|hallo|guten tag|guten morgen|guten abend|moin|servus|grüss gott|hola|buenas|buenos días|"
                    "buenos dias|buenas tardes|hola buenas|hola buenos días|" },
    { REMARK_THANKS, "|thanks|thank you|thx|ty|cheers|thanks a lot|thank you very much|many thanks|ok thanks|great thanks|perfect thanks|"
                     "thank you so much|great|tack|tack så mycket|tackar|tusen tack|stort tack|ok tack|danke|vielen dank|danke schön|"
                     "dankeschön|danke sehr|super danke|gracias|muchas gracias|mil gracias|ok gracias|perfecto gracias|that helped|"
                     "that helps|that is all|thats all|" },
    { REMARK_GOODBYE, "|bye|goodbye|bye bye|see you|good night|hej då|hejdå|vi hörs|ha det|tschüss|auf wiedersehen|bis bald|ciao|adiós|"
                      "adios|hasta luego|chao|bye thanks|thanks bye|" },
    { REMARK_WHAT_ARE_YOU, "|are you a bot|are you a robot|are you human|are you a human|are you a person|are you a real person|are you real|"
                           "are you an ai|is this a bot|am i talking to a bot|who are you|what are you|är du en robot|är du en bot|"
                           "är du en människa|är du en riktig människa|är du en ai|vem är du|bist du ein mensch|bist du ein bot|"
                           "bist du ein roboter|sind sie ein mensch|sind sie ein roboter|sind sie ein bot|wer bist du|wer sind sie|"
                           "eres un robot|eres un bot|eres una persona|eres humano|eres una persona real|quién eres|quien eres|" },
    { REMARK_HELP, "|help|help me|can you help me|i need help|i have a question|question|hjälp|hjälp mig|kan du hjälpa mig|jag behöver hjälp|"
                   "jag har en fråga|hilfe|können sie mir helfen|kannst du mir helfen|ich habe eine frage|ich brauche hilfe|ayuda|"
                   "puedes ayudarme|me puedes ayudar|tengo una pregunta|necesito ayuda|hello can you help me|hi can you help me|"
                   "hello i need help|hi i need help|hi i have a question|hello i have a question|" },
};

enum remark words_remark(struct arena *arena, struct str text)
{
    if (text.len > 80)
        return REMARK_NOTHING;
    struct str folded = str_trim(text);
    /* A number alone is a token "#": 1 and 2 are looked up as they are. */
    if (!(folded.len == 1 && (folded.data[0] == '1' || folded.data[0] == '2')))
        folded = tokens_join(arena, tokens_of(arena, text));
    if (folded.len == 0)
        return REMARK_NOTHING;
    struct str wanted = arena_format(arena, "|%.*s|", STR_ARG(folded));
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        if (str_find(str_of(phrases[i].phrases), wanted, 0) >= 0)
            return phrases[i].remark;
    return REMARK_NOTHING;
}
