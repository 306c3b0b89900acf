#include "assistant/words.h"

#include "assistant/agreement.h"
#include "assistant/heard.h"
#include "base/tongue.h"

static const char *const sentences[SENTENCE_COUNT][TONGUES] = {
#define X(name, en, sv, de, es) { en, sv, de, es },
    SENTENCES(X)
#undef X
};

static const char *const months[TONGUES][12] = {
    { "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December" },
    { "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december" },
    { "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember" },
    { "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre" },
};

struct str words_sentence(enum sentence sentence, struct str language)
{
    return str_of(sentences[sentence][tongue_of(language)]);
}

struct str words_month(int month, struct str language)
{
    must(month >= 1 && month <= 12);
    return str_of(months[tongue_of(language)][month - 1]);
}

/* --- remarks ------------------------------------------------------------------------------------ */

/* Whole messages, folded as tokens_join folds them, between '|'. What answers a question of the assistant's; small
 * talk is heard by the rules of src/assistant/wants_human. */
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
                     "vergiss es|egal|cancelar|cancela|olvídalo|olvidalo|déjalo|dejalo|para|no cancel|stop it|avbryt det|lass es|"
                     "forget about it|leave it as it is|leave it like that|better not|rather not|dont do it|i changed my mind|changed my mind|"
                     "låt det vara|hellre inte|jag ångrade mig|jag har ångrat mig|gör det inte|lassen sie es|lieber nicht|doch nicht|"
                     "nvm|nothing|nothing really|nothing else|ingenting|inget|inget särskilt|nichts|gar nichts|nada|nada más|nada mas|"
                     "vergessen sie es|ich habe es mir anders überlegt|mejor no|déjelo|dejelo|olvídelo|olvidelo|he cambiado de idea|"
                     "lass mal|lass gut sein|lassen sie mal|lieber doch nicht|nej strunt samma|skit i det|strunta i det|no stop|stop please|please stop|" },
};

/* What may stand before a short answer without changing it; after a denial only the wish to stop is one. */
static const char leads[] = "|ok|okay|okej|oh|ah|hm|hmm|well|wait|actually|sorry|vänta|äh|ach|moment|warte|bueno|espera|espere|";
static const char denials[] = "|no|nej|nein|nah|nope|nee|nä|nö|";

static enum remark look_up(struct arena *arena, struct str folded)
{
    struct str wanted = arena_format(arena, "|%.*s|", STR_ARG(folded));
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        if (str_find(str_of(phrases[i].phrases), wanted, 0) >= 0)
            return phrases[i].remark;
    return REMARK_NOTHING;
}

/* "No, forget it", "oh wait, better not". */
static enum remark behind_leads(struct arena *arena, struct str folded)
{
    struct str rest = folded, word;
    bool denied = false;
    while (str_split(&rest, ' ', &word) && rest.len) {
        struct str wanted = arena_format(arena, "|%.*s|", STR_ARG(word));
        bool denial = str_find(str_of(denials), wanted, 0) >= 0;
        denied |= denial;
        if (!denial && str_find(str_of(leads), wanted, 0) < 0)
            return REMARK_NOTHING;
        enum remark remark = look_up(arena, rest);
        if (remark == REMARK_CANCEL || (remark != REMARK_NOTHING && !denied))
            return remark;
    }
    return REMARK_NOTHING;
}

static enum remark short_answer(struct arena *arena, struct str text)
{
    if (text.len > 80)
        return REMARK_NOTHING;
    struct str folded = str_trim(text);
    /* A number alone is a token "#": 1 and 2 are looked up as they are. */
    if (!(folded.len == 1 && (folded.data[0] == '1' || folded.data[0] == '2')))
        folded = tokens_join(arena, tokens_of(arena, text));
    if (folded.len == 0)
        return REMARK_NOTHING;
    enum remark remark = look_up(arena, folded);
    if (remark == REMARK_NOTHING)
        remark = behind_leads(arena, folded);
    if (remark != REMARK_NOTHING || str_find_char(text, '?', 0) >= 0)
        return remark;
    enum agreement agreement = agreement_in(folded);
    return agreement == AGREEMENT_YES ? REMARK_YES : agreement == AGREEMENT_NO ? REMARK_NO : REMARK_NOTHING;
}

enum remark words_remark(struct arena *arena, struct str text)
{
    enum remark answer = short_answer(arena, text);
    if (answer != REMARK_NOTHING)
        return answer;
    switch (heard_remark_in(text).remark) {
    case HEARD_REMARK_HELLO: return REMARK_HELLO;
    case HEARD_REMARK_THANKS: return REMARK_THANKS;
    case HEARD_REMARK_GOODBYE: return REMARK_GOODBYE;
    case HEARD_REMARK_WHAT_ARE_YOU: return REMARK_WHAT_ARE_YOU;
    case HEARD_REMARK_HELP: case HEARD_REMARK_FILLER: return REMARK_HELP;
    case HEARD_REMARK_HOW_ARE_YOU: return REMARK_HOW_ARE_YOU;
    case HEARD_REMARK_NAME: return REMARK_NAME;
    case HEARD_REMARK_JOKE: return REMARK_JOKE;
    case HEARD_REMARK_CAN_DO: return REMARK_CAN_DO;
    case HEARD_REMARK_ABUSE: return REMARK_ABUSE;
    default: return REMARK_NOTHING;
    }
}

#define ASIDE_BYTES 60 /* a longer clause says something */
#define ASIDES_MAX 4

static size_t clause_end(struct str text)
{
    size_t end = 0;
    while (end < text.len && !strchr(".,;:!?\n", text.data[end]))
        end++;
    return end;
}

static bool is_aside(struct arena *arena, struct str clause)
{
    enum remark remark = clause.len <= ASIDE_BYTES ? words_remark(arena, clause) : REMARK_NOTHING;
    return remark == REMARK_HELLO || remark == REMARK_THANKS || remark == REMARK_CANCEL || remark == REMARK_HELP;
}

/* "Thanks, also did you charge me twice": with nothing before it any more it only says that there is a matter. */
static struct str without_also(struct arena *arena, struct str text, bool cut)
{
    struct str rest = text, word;
    if (!cut || !str_split(&rest, ' ', &word))
        return text;
    struct str folded = arena_format(arena, "|%.*s|", STR_ARG(tokens_join(arena, tokens_of(arena, word))));
    return str_find(STR("|also|också|auch|außerdem|también|además|"), folded, 0) >= 0 ? str_trim(rest) : text;
}

struct str words_behind_remarks(struct arena *arena, struct str text)
{
    struct str rest = str_trim(text);
    for (int asides = 0; asides < ASIDES_MAX; asides++) {
        size_t end = clause_end(rest);
        if (end == rest.len || !is_aside(arena, str_slice(rest, 0, end)))
            break;
        while (end < rest.len && strchr(" .,;:!?\n", rest.data[end]))
            end++;
        rest = str_slice(rest, end, rest.len);
    }
    rest = without_also(arena, rest, rest.data != str_trim(text).data);
    return tokens_of(arena, rest).count > 1 ? rest : str_trim(text);
}
