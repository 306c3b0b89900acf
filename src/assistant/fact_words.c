#include "assistant/fact_words.h"

/* Every word of every answer is looked up here: the tables hold the words themselves, one behind the other. */
#define NAME_ROOM 16

struct named {
    char name[NAME_ROOM];
    int value;
};

static inline bool is_name(const char name[NAME_ROOM], struct str word)
{
    return name[0] == word.data[0] && memcmp(name, word.data, word.len) == 0 && name[word.len] == 0;
}

static int value_of(const struct named *names, size_t count, struct str word)
{
    if (word.len == 0 || word.len >= NAME_ROOM)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (is_name(names[i].name, word))
            return names[i].value;
    return 0;
}

int fact_words_month(struct str word)
{
    static const struct named months[] = {
        { "january", 1 }, { "januari", 1 }, { "januar", 1 }, { "enero", 1 }, { "jan", 1 }, { "february", 2 }, { "februari", 2 },
        { "februar", 2 }, { "febrero", 2 }, { "feb", 2 }, { "march", 3 }, { "mars", 3 }, { "märz", 3 }, { "marzo", 3 }, { "april", 4 },
        { "abril", 4 }, { "apr", 4 }, { "may", 5 }, { "maj", 5 }, { "mai", 5 }, { "mayo", 5 }, { "june", 6 }, { "juni", 6 }, { "junio", 6 },
        { "jun", 6 }, { "july", 7 }, { "juli", 7 }, { "julio", 7 }, { "jul", 7 }, { "august", 8 }, { "augusti", 8 }, { "agosto", 8 },
        { "aug", 8 }, { "september", 9 }, { "septiembre", 9 }, { "setiembre", 9 }, { "sep", 9 }, { "sept", 9 }, { "october", 10 },
        { "oktober", 10 }, { "octubre", 10 }, { "oct", 10 }, { "okt", 10 }, { "november", 11 }, { "noviembre", 11 }, { "nov", 11 },
        { "december", 12 }, { "dezember", 12 }, { "diciembre", 12 }, { "dec", 12 }, { "dez", 12 },
    };
    return value_of(months, ARRAY_LEN(months), word);
}

int fact_words_weekday(struct str word)
{
    static const struct named days[] = {
        { "monday", 1 }, { "måndag", 1 }, { "måndagen", 1 }, { "montag", 1 }, { "lunes", 1 }, { "tuesday", 2 }, { "tisdag", 2 },
        { "tisdagen", 2 }, { "dienstag", 2 }, { "martes", 2 }, { "wednesday", 3 }, { "onsdag", 3 }, { "onsdagen", 3 }, { "mittwoch", 3 },
        { "miércoles", 3 }, { "thursday", 4 }, { "torsdag", 4 }, { "torsdagen", 4 }, { "donnerstag", 4 }, { "jueves", 4 }, { "friday", 5 },
        { "fredag", 5 }, { "fredagen", 5 }, { "freitag", 5 }, { "viernes", 5 }, { "saturday", 6 }, { "lördag", 6 }, { "lördagen", 6 },
        { "samstag", 6 }, { "sonnabend", 6 }, { "sábado", 6 }, { "sunday", 7 }, { "söndag", 7 }, { "söndagen", 7 }, { "sonntag", 7 },
        { "domingo", 7 },
    };
    return value_of(days, ARRAY_LEN(days), word);
}

/* Words that are something else in another of the languages are left out: once, sex, elf. */
int fact_words_number(struct str word)
{
    static const struct named numbers[] = {
        { "two", 2 }, { "två", 2 }, { "zwei", 2 }, { "dos", 2 }, { "three", 3 }, { "tre", 3 }, { "drei", 3 }, { "tres", 3 }, { "four", 4 },
        { "fyra", 4 }, { "vier", 4 }, { "cuatro", 4 }, { "five", 5 }, { "fem", 5 }, { "fünf", 5 }, { "cinco", 5 }, { "six", 6 },
        { "sechs", 6 }, { "seis", 6 }, { "seven", 7 }, { "sju", 7 }, { "sieben", 7 }, { "siete", 7 }, { "eight", 8 }, { "åtta", 8 },
        { "acht", 8 }, { "ocho", 8 }, { "nine", 9 }, { "nio", 9 }, { "neun", 9 }, { "nueve", 9 }, { "ten", 10 }, { "tio", 10 },
        { "zehn", 10 }, { "diez", 10 }, { "eleven", 11 }, { "elva", 11 }, { "twelve", 12 }, { "tolv", 12 }, { "zwölf", 12 }, { "doce", 12 },
        { "fourteen", 14 }, { "fjorton", 14 }, { "vierzehn", 14 }, { "catorce", 14 }, { "fifteen", 15 }, { "femton", 15 }, { "quince", 15 },
        { "twenty", 20 }, { "tjugo", 20 }, { "zwanzig", 20 }, { "veinte", 20 }, { "thirty", 30 }, { "trettio", 30 }, { "dreißig", 30 },
        { "treinta", 30 }, { "sixty", 60 }, { "sextio", 60 }, { "sechzig", 60 }, { "sesenta", 60 }, { "ninety", 90 }, { "nittio", 90 },
        { "neunzig", 90 }, { "noventa", 90 }, { "hundred", 100 }, { "hundra", 100 }, { "hundert", 100 }, { "cien", 100 },
        { "thousand", 1000 }, { "tusen", 1000 }, { "tausend", 1000 },
    };
    return value_of(numbers, ARRAY_LEN(numbers), word);
}

int fact_words_currency(const struct mark *mark)
{
    static const struct named currencies[] = {
        { "€", 1 }, { "eur", 1 }, { "euro", 1 }, { "euros", 1 }, { "$", 2 }, { "usd", 2 }, { "dollar", 2 }, { "dollars", 2 }, { "dólares", 2 },
        { "£", 3 }, { "gbp", 3 }, { "pound", 3 }, { "pounds", 3 }, { "pund", 3 }, { "pfund", 3 }, { "libras", 3 }, { "kr", 4 }, { "sek", 4 },
        { "kronor", 4 }, { "kronen", 4 }, { "crowns", 4 }, { "coronas", 4 }, { "chf", 5 }, { "franken", 5 }, { "francs", 5 }, { "dkk", 6 },
        { "nok", 7 }, { "pln", 8 }, { "czk", 9 }, { "huf", 10 }, { "jpy", 11 }, { "yen", 11 },
    };
    if (mark->kind != MARK_CURRENCY && mark->kind != MARK_WORD)
        return 0;
    return value_of(currencies, ARRAY_LEN(currencies), mark->text);
}

int fact_words_unit(struct str word)
{
    static const struct named units[] = {
        { "minute", 1 }, { "minutes", 1 }, { "minut", 1 }, { "minuter", 1 }, { "minuten", 1 }, { "minuto", 1 }, { "minutos", 1 },
        { "hour", 2 }, { "hours", 2 }, { "timme", 2 }, { "timmar", 2 }, { "stunde", 2 }, { "stunden", 2 }, { "hora", 2 }, { "horas", 2 },
        { "day", 3 }, { "days", 3 }, { "dag", 3 }, { "dagar", 3 }, { "dagars", 3 }, { "tag", 3 }, { "tage", 3 }, { "tagen", 3 }, { "día", 3 },
        { "días", 3 }, { "arbetsdag", 3 }, { "arbetsdagar", 3 }, { "bankdagar", 3 }, { "werktage", 3 }, { "werktagen", 3 }, { "arbeitstage", 3 },
        { "week", 4 }, { "weeks", 4 }, { "vecka", 4 }, { "veckor", 4 }, { "woche", 4 }, { "wochen", 4 }, { "semana", 4 }, { "semanas", 4 },
        { "month", 5 }, { "months", 5 }, { "månad", 5 }, { "månader", 5 }, { "monat", 5 }, { "monate", 5 }, { "monaten", 5 }, { "mes", 5 },
        { "meses", 5 }, { "year", 6 }, { "years", 6 }, { "år", 6 }, { "jahr", 6 }, { "jahre", 6 }, { "jahren", 6 }, { "año", 6 }, { "años", 6 },
    };
    return value_of(units, ARRAY_LEN(units), word);
}

static bool is_among(const char (*words)[NAME_ROOM], size_t count, struct str word)
{
    if (word.len == 0 || word.len >= NAME_ROOM)
        return false;
    for (size_t i = 0; i < count; i++)
        if (is_name(words[i], word))
            return true;
    return false;
}

bool fact_words_negates(struct str word)
{
    static const char words[][NAME_ROOM] = {
        "not", "no", "never", "none", "nothing", "nobody", "without", "cannot", "cant", "dont", "doesnt", "isnt", "arent", "wont", "didnt",
        "wasnt", "werent", "shouldnt", "couldnt", "hasnt", "havent", "neither", "nor", "inte", "ingen", "inget", "inga", "ingenting", "aldrig",
        "utan", "ej", "nicht", "kein", "keine", "keinen", "keinem", "keiner", "keines", "nie", "niemals", "ohne", "nichts", "niemand",
        "nunca", "jamás", "sin", "nada", "nadie", "ningún", "ninguno", "ninguna", "tampoco", "ni",
    };
    return is_among(words, ARRAY_LEN(words), word);
}

bool fact_words_turns(struct str word)
{
    static const char words[][NAME_ROOM] = { "but", "men", "aber", "sondern", "pero", "sino", "although", "fast", "obwohl", "aunque" };
    return is_among(words, ARRAY_LEN(words), word);
}

/* --- promises ----------------------------------------------------------------------------------- */

const char *const fact_promise_names[FACT_PROMISE_COUNT] = {
#define X(NAME, says) [FACT_##NAME] = says,
    FACT_PROMISES(X)
#undef X
};

/* Words with single spaces between; a star stands for any ending. The longer of two comes first. */
static const struct {
    enum fact_promise promise;
    char words[24];
} promises[] = {
    { FACT_PROMISE_COUNT, "feel free" }, { FACT_PROMISE_COUNT, "free time" },
    { FACT_FREE, "free" }, { FACT_FREE, "no charge" }, { FACT_FREE, "no cost" }, { FACT_FREE, "no fee*" }, { FACT_FREE, "without charge" },
    { FACT_FREE, "without cost" }, { FACT_FREE, "costs nothing" }, { FACT_FREE, "complimentary" }, { FACT_FREE, "gratis" },
    { FACT_FREE, "kostnadsfri*" }, { FACT_FREE, "avgiftsfri*" }, { FACT_FREE, "utan kostnad" }, { FACT_FREE, "utan avgift*" },
    { FACT_FREE, "kostar ingenting" }, { FACT_FREE, "kostar inget" }, { FACT_FREE, "kostenlos*" }, { FACT_FREE, "kostenfrei*" },
    { FACT_FREE, "gebührenfrei*" }, { FACT_FREE, "umsonst" }, { FACT_FREE, "ohne kosten" }, { FACT_FREE, "ohne gebühr*" },
    { FACT_FREE, "kostet nichts" }, { FACT_FREE, "gratuit*" }, { FACT_FREE, "sin coste" }, { FACT_FREE, "sin costo" }, { FACT_FREE, "sin cargo*" },
    { FACT_FREE, "sin comisi*" }, { FACT_FREE, "no cuesta nada" },
    { FACT_REFUND, "will refund" }, { FACT_REFUND, "we refund" }, { FACT_REFUND, "full refund" }, { FACT_REFUND, "money back" },
    { FACT_REFUND, "will pay back" }, { FACT_REFUND, "will reimburse" }, { FACT_REFUND, "reimburse*" }, { FACT_REFUND, "återbetala*" },
    { FACT_REFUND, "betalar tillbaka" }, { FACT_REFUND, "pengarna tillbaka" }, { FACT_REFUND, "erstatten" }, { FACT_REFUND, "erstattet" },
    { FACT_REFUND, "geld zurück" }, { FACT_REFUND, "zahlen zurück" }, { FACT_REFUND, "zurückzahlen" }, { FACT_REFUND, "reembolsa*" },
    { FACT_REFUND, "devolveremos" }, { FACT_REFUND, "devolvemos" },
    { FACT_GUARANTEE, "guarant*" }, { FACT_GUARANTEE, "garant*" }, { FACT_GUARANTEE, "zusicher*" }, { FACT_GUARANTEE, "warrant*" },
    { FACT_COMPENSATION, "compensat*" }, { FACT_COMPENSATION, "kompens*" }, { FACT_COMPENSATION, "ersättning" }, { FACT_COMPENSATION, "ersätter" },
    { FACT_COMPENSATION, "entschädig*" }, { FACT_COMPENSATION, "schadensersatz" }, { FACT_COMPENSATION, "compensa*" },
    { FACT_COMPENSATION, "indemniza*" }, { FACT_COMPENSATION, "goodwill" },
    { FACT_PROMISE, "promise*" }, { FACT_PROMISE, "lovar" }, { FACT_PROMISE, "utlovar" }, { FACT_PROMISE, "versprechen" },
    { FACT_PROMISE, "versprochen" }, { FACT_PROMISE, "promete*" }, { FACT_PROMISE, "assure you" }, { FACT_PROMISE, "försäkrar" },
    { FACT_ALWAYS, "always" }, { FACT_ALWAYS, "alltid" }, { FACT_ALWAYS, "immer" }, { FACT_ALWAYS, "siempre" },
    { FACT_NEVER, "never" }, { FACT_NEVER, "aldrig" }, { FACT_NEVER, "niemals" }, { FACT_NEVER, "nie" }, { FACT_NEVER, "nunca" },
    { FACT_NEVER, "jamás" },
    { FACT_AT_ONCE, "immediately" }, { FACT_AT_ONCE, "at once" }, { FACT_AT_ONCE, "right away" }, { FACT_AT_ONCE, "instantly" },
    { FACT_AT_ONCE, "genast" }, { FACT_AT_ONCE, "omedelbart" }, { FACT_AT_ONCE, "direkt" }, { FACT_AT_ONCE, "sofort" },
    { FACT_AT_ONCE, "umgehend" }, { FACT_AT_ONCE, "inmediatamente" }, { FACT_AT_ONCE, "de inmediato" }, { FACT_AT_ONCE, "al instante" },
    { FACT_WAIVED, "waive*" }, { FACT_WAIVED, "efterskän*" }, { FACT_WAIVED, "erlassen" }, { FACT_WAIVED, "verzichten" },
    { FACT_WAIVED, "condona*" }, { FACT_WAIVED, "written off" }, { FACT_WAIVED, "avskriv*" },
    { FACT_APPROVED, "approved" }, { FACT_APPROVED, "godkänd*" }, { FACT_APPROVED, "godkänt" }, { FACT_APPROVED, "genehmigt" },
    { FACT_APPROVED, "bewilligt" }, { FACT_APPROVED, "aprobad*" },
    { FACT_EVERYTHING, "unlimited" }, { FACT_EVERYTHING, "obegräns*" }, { FACT_EVERYTHING, "unbegrenzt*" }, { FACT_EVERYTHING, "ilimitad*" },
};

static bool fits(struct str word, struct str pattern)
{
    if (pattern.len && pattern.data[pattern.len - 1] == '*')
        return str_starts(word, str_slice(pattern, 0, pattern.len - 1));
    return str_equal(word, pattern);
}

static size_t phrase_len(const struct marks *marks, size_t at, const char *words)
{
    struct str rest = str_of(words), word;
    size_t len = 0;
    while (str_split(&rest, ' ', &word)) {
        const struct mark *mark = &marks->items[at + len];
        if (at + len >= marks->count || mark->kind != MARK_WORD || (len > 0 && mark->sentence) || !fits(mark->text, word))
            return 0;
        len++;
    }
    return len;
}

enum fact_promise fact_words_promise(const struct marks *marks, size_t at, size_t *len)
{
    struct str word = marks->items[at].text;
    if (marks->items[at].kind != MARK_WORD || word.len == 0)
        return FACT_PROMISE_COUNT;
    for (size_t i = 0; i < ARRAY_LEN(promises); i++) {
        if (promises[i].words[0] != word.data[0])
            continue;
        *len = phrase_len(marks, at, promises[i].words);
        if (*len)
            return promises[i].promise;
    }
    return FACT_PROMISE_COUNT;
}
