#include "assistant/languages.h"

#include <math.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/memory.h"

/* The commonest words, the commonest first: small words are among the first SMALL_WORDS. Then words
 * that customers use, so that short texts have something to go by. */
static const struct sample {
    const char *code, *words;
} samples[] = {
    { "en", "the to and of a i is it you in that for my on have not be this with are was me can do at what but your if or so how "
            "when will from as an they we get has been by no there would all about which just out up dont any where why who "
            "does did had more some than please want need pay order money card account help still yet already cant thanks "
            "hello hi should could back again today tomorrow yesterday month week day bought sent received want" },
    { "sv", "att och det är i en jag som på inte har för med till den ett av så de om kan men du min mig vad när hur ska vill "
            "var från eller ni er mitt mina vi att få fått blir bli här där då nu vid utan bara mer än någon något ingen varför "
            "vilken vilket skulle måste finns gör göra hade varit tack hej betala pengar order faktura kort konto hjälp redan "
            "tillbaka igen idag imorgon igår månad vecka dag köpt skickat behöver funkar fungerar" },
    { "de", "ich die und der das nicht ist zu in es ein mit den mir mich sie auf wie habe für eine was kann an ist von wenn aber "
            "wann auch dem im noch meine mein so wird dass bei nach bin war hat werden warum wo oder ihr euch wir einen einer "
            "schon nur mehr aus um keine kein muss möchte will bitte danke hallo bezahlen geld bestellung rechnung karte konto "
            "hilfe zurück heute morgen gestern monat woche tag gekauft geschickt brauche über können "
            "guten funktioniert geht" },
    { "es", "de que no a la el en y es un por me una lo los se con para mi qué está las tengo como si cuándo pero más su yo cómo "
            "al del le ya o he te este esta mis muy ha hay son dónde puedo quiero cuál sin sobre también porque todavía nada "
            "algo nos cuando quien ser hacer gracias hola pagar dinero pedido factura tarjeta cuenta ayuda devolver hoy mañana "
            "ayer mes semana día comprado enviado necesito favor esto eso mas donde dia funciona tiempo" },
    { "da", "at og det er i en jeg som på ikke har for med til den et af så de om kan men du min mig hvad hvornår hvordan skal vil "
            "hvor fra eller mit mine vi få fået bliver her der nu uden bare mere end nogen noget ingen hvorfor hvilken skulle "
            "findes gøre havde været tak hej betale penge ordre faktura kort konto hjælp tilbage igen dag i morgen går måned uge købt" },
    { "no", "å og det er i en jeg som på ikke har for med til den et av så de om kan men du min meg hva når hvordan skal vil hvor fra "
            "eller mitt mine vi få fått blir her der nå uten bare mer enn noen noe ingen hvorfor hvilken skulle finnes gjøre hadde "
            "vært takk hei betale penger ordre faktura kort konto hjelp tilbake igjen dag morgen går måned uke kjøpt" },
    { "fi", "ja on ei se että en mitä oli olen mutta kun niin minun sen hän miten milloin missä voi minä ole olla tämä jos kuin vain "
            "nyt te me tai siitä mikä miksi ovat voin haluan pitää vielä jo kiitos hei maksaa rahaa tilaus lasku kortti tili apua "
            "takaisin tänään huomenna eilen kuukausi viikko päivä ostin" },
    { "fr", "de je la le et les des est que en un une pas pour vous à il dans qui ce ne mon sur au plus avec j'ai c'est me ma se mais "
            "comment quand où pourquoi du par si mes nous votre elle on sont être avoir fait tout bien très suis puis veux peux merci "
            "bonjour payer argent commande facture carte compte aide retour aujourd'hui demain hier mois semaine jour acheté envoyé" },
    { "it", "di che non è il la e un a per in mi una sono ho del con si ma lo come da le i cosa quando perché dove mio mia al se ci più "
            "questo questa della ha gli alla anche posso voglio devo quanto chi tutto molto ancora già grazie ciao pagare soldi ordine "
            "fattura carta conto aiuto indietro oggi domani ieri mese settimana giorno comprato" },
    { "nl", "de het een ik en van is dat niet in te je op mijn voor met zijn er aan om als maar wat hoe wanneer waar kan heb heeft ook "
            "bij naar uit dan nog die dit mij me ze hij wij jullie worden waarom welke moet wil graag geen meer over al bedankt hallo "
            "betalen geld bestelling rekening kaart factuur hulp terug vandaag morgen gisteren maand week dag gekocht" },
    { "pt", "de que não o a e um do da em para é uma com eu os no se na por mais as meu minha mas como quando onde dos me já está ao ele "
            "tem foi você isso muito nos seu sua quero posso tenho qual porque também ainda obrigado olá pagar dinheiro pedido fatura "
            "cartão conta ajuda devolver hoje amanhã ontem mês semana dia comprei" },
    { "pl", "nie to się w na i z do jest że jak mi co ja po mam czy ale mój moja kiedy gdzie od za tak już dla o jestem dlaczego czego by "
            "może mnie tego który jeszcze tylko chcę mogę proszę dziękuję cześć zapłacić pieniądze zamówienie faktura karta konto pomoc "
            "zwrot dzisiaj jutro wczoraj miesiąc tydzień dzień kupiłem" },
};

#define SMALL_WORDS 70
#define BUCKETS 4096      /* of trigrams, by hash */
#define SAMPLE_WEIGHT 3.0 /* the built-in words against the workspace's */
#define WORD_BONUS 1.5    /* nats for a word of the list */
#define FLOOR 0.15        /* share of unseen trigrams, the same for a model of few words and of many */
#define MARGIN 2.0        /* nats that the best must lead by */
#define OWN_BONUS 1.0     /* the workspace's own languages are likelier */

struct language_model {
    struct str code;
    bool own;
    double total;
    float cells[BUCKETS]; /* counts while learning, then logarithms of probabilities */
};

struct languages {
    struct language_model *models;
    size_t count;
    struct map words; /* hash of a sample's word -> bits of the models whose sample has it */
};

static const struct sample *sample_of(struct str code)
{
    for (size_t i = 0; i < ARRAY_LEN(samples); i++)
        if (code.len >= 2 && memcmp(code.data, samples[i].code, 2) == 0 && (code.len == 2 || code.data[2] == '-'))
            return &samples[i];
    return NULL;
}

static bool in_sample(const struct sample *sample, struct str word, size_t most)
{
    struct str rest = str_of(sample->words), piece;
    for (size_t i = 0; i < most && str_split(&rest, ' ', &piece); i++)
        if (str_equal(piece, word))
            return true;
    return false;
}

bool languages_is_small_word(struct str language, struct str word)
{
    const struct sample *sample = sample_of(language);
    return sample && in_sample(sample, word, SMALL_WORDS);
}

/* Buckets of the trigrams of " word ", by bytes: two bytes of UTF-8 make a trigram sharper, not worse. */
static size_t trigrams(struct str word, uint32_t *out, size_t room)
{
    char padded[34];
    size_t len = word.len < 32 ? word.len : 32, count = 0;
    padded[0] = ' ';
    memcpy(padded + 1, word.data, len);
    padded[len + 1] = ' ';
    for (size_t i = 0; i + 3 <= len + 2 && count < room; i++)
        out[count++] = (uint32_t)(str_hash(str_make(padded + i, 3)) >> 20) % BUCKETS;
    return count;
}

static void learn_word(struct language_model *model, struct str word, double weight)
{
    uint32_t grams[32];
    size_t count = trigrams(word, grams, ARRAY_LEN(grams));
    for (size_t i = 0; i < count; i++) {
        model->cells[grams[i]] += (float)weight;
        model->total += weight;
    }
}

static uint64_t word_key(struct str word)
{
    return str_hash(word) | 1;
}

static void add_model(struct languages *languages, struct str code, bool own)
{
    struct language_model *model = &languages->models[languages->count++];
    const struct sample *sample = sample_of(code);
    *model = (struct language_model){ .code = code, .own = own };
    struct str rest = sample ? str_of(sample->words) : STR_EMPTY, word;
    uint64_t bit = (uint64_t)1 << (languages->count - 1);
    while (rest.len && str_split(&rest, ' ', &word)) {
        uint64_t bits = (uintptr_t)map_get(&languages->words, word_key(word));
        learn_word(model, word, SAMPLE_WEIGHT);
        map_put(&languages->words, word_key(word), (void *)(uintptr_t)(bits | bit));
    }
}

struct languages *languages_new(const struct str *codes, size_t count)
{
    struct languages *languages = MEMORY_NEW(struct languages);
    must(count + ARRAY_LEN(samples) <= 64); /* bits of a word's set */
    languages->models = MEMORY_NEW_ARRAY(struct language_model, count + ARRAY_LEN(samples));
    for (size_t i = 0; i < count; i++)
        add_model(languages, codes[i], true);
    for (size_t i = 0; i < ARRAY_LEN(samples); i++) {
        bool there = false;
        for (size_t k = 0; k < count; k++)
            there |= sample_of(codes[k]) == &samples[i];
        if (!there)
            add_model(languages, str_of(samples[i].code), false);
    }
    return languages;
}

void languages_learn(struct languages *languages, struct arena *scratch, struct str code, struct str text)
{
    struct tokens tokens = tokens_of(scratch, text);
    for (size_t m = 0; m < languages->count; m++)
        if (languages->models[m].own && str_equal(languages->models[m].code, code))
            for (size_t i = 0; i < tokens.count; i++)
                learn_word(&languages->models[m], tokens.words[i], 1);
}

void languages_end(struct languages *languages)
{
    for (size_t m = 0; m < languages->count; m++) {
        struct language_model *model = &languages->models[m];
        for (size_t b = 0; b < BUCKETS; b++)
            model->cells[b] = (float)log((1 - FLOOR) * (double)model->cells[b] / (model->total + 1e-9) + FLOOR / BUCKETS);
    }
}

void languages_free(struct languages *languages)
{
    if (!languages)
        return;
    map_free(&languages->words);
    memory_free(languages->models);
    memory_free(languages);
}

#define WORDS_LOOKED_AT 60

static double score(const struct languages *languages, size_t number, struct tokens tokens)
{
    const struct language_model *model = &languages->models[number];
    double sum = model->own ? OWN_BONUS : 0;
    uint32_t grams[32];
    for (size_t i = 0; i < tokens.count && i < WORDS_LOOKED_AT; i++) {
        size_t count = trigrams(tokens.words[i], grams, ARRAY_LEN(grams));
        for (size_t k = 0; k < count; k++)
            sum += (double)model->cells[grams[k]] / 2; /* neighbours overlap: they are not independent */
        if ((uintptr_t)map_get(&languages->words, word_key(tokens.words[i])) >> number & 1)
            sum += WORD_BONUS;
    }
    return sum;
}

struct str languages_guess(const struct languages *languages, struct arena *arena, struct str text, double *margin)
{
    struct tokens tokens = tokens_of(arena, text);
    double best = -INFINITY, second = -INFINITY;
    const struct language_model *found = NULL;
    for (size_t m = 0; m < languages->count; m++) {
        double s = score(languages, m, tokens);
        if (s > best) {
            second = best;
            best = s;
            found = &languages->models[m];
        } else if (s > second) {
            second = s;
        }
    }
    double lead = found && tokens.count ? best - second : 0;
    if (margin)
        *margin = lead;
    return found && found->own && lead >= MARGIN ? found->code : STR_EMPTY;
}
