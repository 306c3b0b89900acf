#include "assistant/care.h"

#include "assistant/words.h"
#include "base/tongue.h"

/* {number} is the emergency number. X(NAME, en, sv, de, es) */
#define CARES(X) \
    X(DANGER_SELF_HARM, \
      "Thank you for telling me. You are not alone with this: I am getting a person for you right now. If you could hurt yourself, please call " \
      "{number} now, or go to somebody you trust.", \
      "Tack för att du säger det. Du är inte ensam med det här: jag hämtar en människa åt dig nu. Om du kan komma att skada dig, ring {number} nu, " \
      "eller gå till någon du litar på.", \
      "Danke, dass Sie das sagen. Sie sind damit nicht allein: ich hole jetzt sofort einen Menschen für Sie. Wenn Sie sich etwas antun könnten, rufen " \
      "Sie bitte jetzt {number} an, oder gehen Sie zu jemandem, dem Sie vertrauen.", \
      "Gracias por decirlo. No está a solas con esto: ahora mismo aviso a una persona para usted. Si puede hacerse daño, llame ahora al {number} o " \
      "acuda a alguien de confianza.") \
    X(DANGER_HARM, \
      "I am getting a person for you right now. If you or somebody else is in danger, please call {number} first.", \
      "Jag hämtar en människa åt dig nu. Om du eller någon annan är i fara, ring {number} först.", \
      "Ich hole jetzt sofort einen Menschen für Sie. Wenn Sie oder jemand anderes in Gefahr sind, rufen Sie bitte zuerst {number} an.", \
      "Ahora mismo aviso a una persona para usted. Si usted u otra persona está en peligro, llame primero al {number}.") \
    X(DANGER_FRAUD, \
      "I am getting a person for you right now. Meanwhile end any call about this, approve nothing, and give nobody a code or a password.", \
      "Jag hämtar en människa åt dig nu. Avsluta under tiden varje samtal om det här, godkänn ingenting och ge ingen en kod eller ett lösenord.", \
      "Ich hole jetzt sofort einen Menschen für Sie. Beenden Sie inzwischen jedes Gespräch darüber, bestätigen Sie nichts und geben Sie niemandem " \
      "einen Code oder ein Passwort.", \
      "Ahora mismo aviso a una persona para usted. Mientras tanto, cuelgue cualquier llamada sobre esto, no apruebe nada y no dé a nadie códigos ni " \
      "contraseñas.") \
    X(SELF_HARM, \
      "Thank you for telling me how you are. I am passing you to a person now, who takes time for you. If it gets worse before, please call {number}, " \
      "or talk to somebody you trust.", \
      "Tack för att du berättar hur du mår. Jag kopplar dig nu till en människa som tar sig tid. Om det blir värre innan dess, ring {number} eller prata med " \
      "någon du litar på.", \
      "Danke, dass Sie sagen, wie es Ihnen geht. Ich gebe jetzt an einen Menschen weiter, der sich Zeit nimmt. Wenn es vorher schlimmer wird, rufen Sie bitte " \
      "{number} an, oder sprechen Sie mit jemandem, dem Sie vertrauen.", \
      "Gracias por decir cómo está. Le paso ahora con una persona que le dedicará tiempo. Si antes empeora, llame al {number} o hable con alguien de " \
      "confianza.") \
    X(COERCION, \
      "Thank you for trusting us with this. I am passing you to a person now. If it is not safe to write, stop at any time; if you are in danger, call {number}.", \
      "Tack för att du berättar det här. Jag kopplar dig till en människa nu. Om det inte är säkert att skriva, sluta när som helst; är du i fara, ring {number}.", \
      "Danke, dass Sie uns das anvertrauen. Ich gebe jetzt an einen Menschen weiter. Wenn Schreiben nicht sicher ist, hören Sie jederzeit auf; sind Sie in " \
      "Gefahr, rufen Sie {number} an.", \
      "Gracias por confiárnoslo. Le paso ahora con una persona. Si no es seguro escribir, pare cuando quiera; si está en peligro, llame al {number}.") \
    X(BEREAVEMENT, \
      "I am very sorry for your loss. A person will take care of this with you; you do not have to explain it again.", \
      "Jag beklagar sorgen. En människa tar hand om det här med dig; du behöver inte förklara det igen.", \
      "Mein herzliches Beileid. Ein Mensch kümmert sich mit Ihnen darum; Sie müssen es nicht noch einmal erklären.", \
      "Le acompaño en el sentimiento. Una persona se ocupará de esto con usted; no tendrá que explicarlo otra vez.") \
    X(DEBT, \
      "Thank you for telling us. A person will look with you at what can be done; I am passing you on now.", \
      "Tack för att du berättar. En människa ser med dig vad som går att göra; jag kopplar dig vidare nu.", \
      "Danke, dass Sie das sagen. Ein Mensch sieht mit Ihnen, was sich tun lässt; ich gebe jetzt weiter.", \
      "Gracias por decírnoslo. Una persona verá con usted qué se puede hacer; le paso ahora.")

static const struct care {
    enum heard_kind kind;
    const char *texts[4];
} cares[] = {
#define X(name, en, sv, de, es) { HEARD_KIND_##name, { en, sv, de, es } },
    CARES(X)
#undef X
};

/* Kinds that are spoken to alike; the others have the sentence of their `via`. */
static enum heard_kind spoken_to_as(enum heard_kind kind)
{
    switch (kind) {
    case HEARD_KIND_DANGER_VIOLENCE: case HEARD_KIND_DANGER_EMERGENCY: return HEARD_KIND_DANGER_HARM;
    case HEARD_KIND_GAMBLING: case HEARD_KIND_LOST_JOB: return HEARD_KIND_DEBT;
    default: return kind;
    }
}

static struct str sentence_of(const struct heard *heard, struct str language)
{
    static const enum sentence by_via[] = { [HEARD_WORDS] = SENTENCE_HAND_WORDS, [HEARD_COMPLAINT] = SENTENCE_HAND_COMPLAINT,
                                            [HEARD_VULNERABLE] = SENTENCE_HAND_VULNERABLE, [HEARD_DANGER] = SENTENCE_HAND_DANGER };
    enum heard_kind kind = spoken_to_as(heard->kind);
    for (size_t i = 0; i < ARRAY_LEN(cares); i++)
        if (cares[i].kind == kind) return str_of(cares[i].texts[tongue_of(language)]);
    return words_sentence(by_via[heard->via], language);
}

static struct str with_number(struct str text, struct str number, struct arena *arena)
{
    ptrdiff_t at = str_find(text, STR("{number}"), 0);
    if (at < 0) return text;
    return arena_format(arena, "%.*s%.*s%.*s", STR_ARG(str_slice(text, 0, (size_t)at)), STR_ARG(number),
                        STR_ARG(str_slice(text, (size_t)at + 8, text.len)));
}

static struct str help_line(const struct workspace *workspace, enum heard_kind kind, struct str language)
{
    for (size_t i = 0; i < workspace->help_line_count; i++) {
        const struct named_texts *line = &workspace->help_lines[i];
        if (str_equal(line->name, heard_kind_name(kind))) return workspace_text(workspace, line->texts, line->text_count, language);
    }
    return STR_EMPTY;
}

struct str care_sentence(const struct workspace *workspace, const struct heard *heard, struct str language, struct arena *arena)
{
    if (!heard->via) return STR_EMPTY;
    struct str text = with_number(sentence_of(heard, language), workspace->emergency_number, arena);
    struct str help = heard->via >= HEARD_VULNERABLE ? help_line(workspace, heard->kind, language) : STR_EMPTY;
    struct str both = help.len ? arena_format(arena, "%.*s %.*s", STR_ARG(text), STR_ARG(help)) : text;
    return both.len <= LIMIT_CARE ? both : text;
}

struct str care_at_once(const struct workspace *workspace, const struct heard *heard, struct str language, struct arena *arena)
{
    if (heard->via < HEARD_VULNERABLE) return STR_EMPTY;
    /* The words themselves know the language better than the conversation does. */
    bool other = heard->language.len && tongue_known(heard->language) && !heard_speaks(heard->languages, language);
    return care_sentence(workspace, heard, other ? heard->language : language, arena);
}
