/* mask_phrases.c - names and addresses that a phrase introduces. Patterns cannot find them, so the phrase has to. */
#include "privacy/masking.h"

#define NAME_WORDS 4
#define ADDRESS_WORDS 9
#define PHRASE_WORDS 4

/* How much of a capital letter the value needs: a name behind "my name is" none, behind "Mr" one, behind
 * "I am" two words of them ("I am Swedish" is no name). */
enum need { NEED_NONE, NEED_CAPITAL, NEED_TWO };

/* Folded: lower case, no accents, ß is ss. */
static const struct {
    const char *words;
    enum mask_kind kind;
    enum need need;
} phrases[] = {
    { "my name is", MASK_NAME, NEED_NONE }, { "my names", MASK_NAME, NEED_NONE }, { "name's", MASK_NAME, NEED_CAPITAL },
    { "my full name is", MASK_NAME, NEED_NONE }, { "i am called", MASK_NAME, NEED_NONE }, { "this is", MASK_NAME, NEED_TWO },
    { "i am", MASK_NAME, NEED_TWO }, { "i'm", MASK_NAME, NEED_TWO }, { "im", MASK_NAME, NEED_TWO }, { "on behalf of", MASK_NAME, NEED_CAPITAL },
    { "in the name of", MASK_NAME, NEED_CAPITAL }, { "regards", MASK_NAME, NEED_CAPITAL }, { "sincerely", MASK_NAME, NEED_CAPITAL },
    { "cheers", MASK_NAME, NEED_CAPITAL }, { "mr", MASK_NAME, NEED_CAPITAL }, { "mrs", MASK_NAME, NEED_CAPITAL }, { "ms", MASK_NAME, NEED_CAPITAL },
    { "miss", MASK_NAME, NEED_CAPITAL }, { "dr", MASK_NAME, NEED_CAPITAL }, { "prof", MASK_NAME, NEED_CAPITAL },
    { "jag heter", MASK_NAME, NEED_NONE }, { "mitt namn ar", MASK_NAME, NEED_NONE }, { "mitt namn", MASK_NAME, NEED_CAPITAL },
    { "jag ar", MASK_NAME, NEED_TWO }, { "i namnet", MASK_NAME, NEED_CAPITAL }, { "mvh", MASK_NAME, NEED_NONE }, { "halsningar", MASK_NAME, NEED_CAPITAL },
    { "halsning", MASK_NAME, NEED_CAPITAL }, { "herr", MASK_NAME, NEED_CAPITAL }, { "fru", MASK_NAME, NEED_CAPITAL }, { "froken", MASK_NAME, NEED_CAPITAL },
    { "ich heisse", MASK_NAME, NEED_NONE }, { "ich heise", MASK_NAME, NEED_NONE }, { "mein name ist", MASK_NAME, NEED_NONE },
    { "mein name", MASK_NAME, NEED_CAPITAL }, { "ich bin", MASK_NAME, NEED_TWO }, { "im namen von", MASK_NAME, NEED_CAPITAL },
    { "grusse", MASK_NAME, NEED_CAPITAL }, { "grussen", MASK_NAME, NEED_CAPITAL }, { "lg", MASK_NAME, NEED_CAPITAL }, { "mfg", MASK_NAME, NEED_CAPITAL },
    { "frau", MASK_NAME, NEED_CAPITAL }, { "familie", MASK_NAME, NEED_CAPITAL },
    { "me llamo", MASK_NAME, NEED_NONE }, { "mi nombre es", MASK_NAME, NEED_NONE }, { "mi nombre", MASK_NAME, NEED_CAPITAL },
    { "soy", MASK_NAME, NEED_TWO }, { "a nombre de", MASK_NAME, NEED_CAPITAL }, { "saludos", MASK_NAME, NEED_CAPITAL },
    { "atentamente", MASK_NAME, NEED_CAPITAL }, { "senor", MASK_NAME, NEED_CAPITAL }, { "senora", MASK_NAME, NEED_CAPITAL },
    { "senorita", MASK_NAME, NEED_CAPITAL }, { "sr", MASK_NAME, NEED_CAPITAL }, { "sra", MASK_NAME, NEED_CAPITAL }, { "srta", MASK_NAME, NEED_CAPITAL },
    { "don", MASK_NAME, NEED_CAPITAL }, { "dona", MASK_NAME, NEED_CAPITAL },
    { "je m'appelle", MASK_NAME, NEED_NONE }, { "mi chiamo", MASK_NAME, NEED_NONE }, { "ik heet", MASK_NAME, NEED_NONE },
    { "jeg heter", MASK_NAME, NEED_NONE }, { "jeg hedder", MASK_NAME, NEED_NONE }, { "minun nimeni on", MASK_NAME, NEED_NONE },
    { "nimeni on", MASK_NAME, NEED_NONE }, { "me chamo", MASK_NAME, NEED_NONE }, { "o meu nome e", MASK_NAME, NEED_NONE },
    { "nazywam sie", MASK_NAME, NEED_NONE }, { "mam na imie", MASK_NAME, NEED_NONE },
    { "i live at", MASK_ADDRESS, NEED_NONE }, { "i live on", MASK_ADDRESS, NEED_NONE }, { "i live in", MASK_ADDRESS, NEED_CAPITAL },
    { "my address is", MASK_ADDRESS, NEED_NONE }, { "new address is", MASK_ADDRESS, NEED_NONE }, { "address", MASK_ADDRESS, NEED_CAPITAL },
    { "deliver to", MASK_ADDRESS, NEED_NONE }, { "deliver it to", MASK_ADDRESS, NEED_NONE }, { "send it to", MASK_ADDRESS, NEED_NONE },
    { "ship to", MASK_ADDRESS, NEED_NONE }, { "moved to", MASK_ADDRESS, NEED_NONE },
    { "jag bor pa", MASK_ADDRESS, NEED_NONE }, { "jag bor i", MASK_ADDRESS, NEED_CAPITAL }, { "min adress ar", MASK_ADDRESS, NEED_NONE },
    { "adressen ar", MASK_ADDRESS, NEED_NONE }, { "nya adress ar", MASK_ADDRESS, NEED_NONE }, { "adress", MASK_ADDRESS, NEED_CAPITAL },
    { "leverera till", MASK_ADDRESS, NEED_NONE }, { "skicka till", MASK_ADDRESS, NEED_NONE }, { "flyttat till", MASK_ADDRESS, NEED_NONE },
    { "ich wohne in", MASK_ADDRESS, NEED_NONE }, { "wohne in der", MASK_ADDRESS, NEED_NONE }, { "meine adresse ist", MASK_ADDRESS, NEED_NONE },
    { "neue adresse ist", MASK_ADDRESS, NEED_NONE }, { "adresse", MASK_ADDRESS, NEED_CAPITAL }, { "anschrift ist", MASK_ADDRESS, NEED_NONE },
    { "liefern sie an", MASK_ADDRESS, NEED_NONE }, { "umgezogen in", MASK_ADDRESS, NEED_NONE },
    { "vivo en", MASK_ADDRESS, NEED_NONE }, { "mi direccion es", MASK_ADDRESS, NEED_NONE }, { "nueva direccion es", MASK_ADDRESS, NEED_NONE },
    { "direccion", MASK_ADDRESS, NEED_CAPITAL }, { "envien a", MASK_ADDRESS, NEED_NONE }, { "enviar a", MASK_ADDRESS, NEED_NONE },
};

/* Words that end a name, or that are none: "my name is on the invoice". */
static bool is_common(struct str word)
{
    static const char *const common[] = {
        "a", "an", "and", "the", "but", "i", "im", "on", "in", "not", "my", "is", "was", "from", "with", "for", "to", "of", "at", "or", "so", "it",
        "wrong", "misspelled", "spelled", "written", "please", "can", "have", "do",
        "och", "men", "jag", "min", "mitt", "ar", "inte", "pa", "fran", "med", "for", "att", "har", "det", "fel", "som", "eller", "vill", "kan",
        "und", "aber", "ich", "mein", "meine", "ist", "nicht", "auf", "von", "aus", "mit", "fur", "das", "der", "die", "falsch", "habe", "oder",
        "y", "pero", "yo", "mi", "es", "no", "en", "de", "con", "para", "que", "el", "la", "mal", "o", "tengo",
    };
    for (size_t i = 0; i < ARRAY_LEN(common); i++)
        if (str_equal(word, str_of(common[i])))
            return true;
    return false;
}

struct mask_words mask_words_of(struct arena *arena, struct str text, const struct mask_letters *letters)
{
    struct mask_words words = { text, ARENA_NEW_ARRAY(arena, struct mask_word, letters->count / 2 + 1), 0 };
    for (size_t at = 0; at < letters->count;) {
        char folded[64];
        size_t len = 0;
        struct mask_word word = { STR_EMPTY, letters->items[at].from, 0, false, false };
        if (!letters->items[at].letter) {
            at++;
            continue;
        }
        for (; at < letters->count; at++) {
            int32_t c = letters->items[at].letter;
            bool apostrophe = !c && text.data[letters->items[at].from] == '\'' && at + 1 < letters->count && letters->items[at + 1].letter;
            if (!c && !apostrophe)
                break;
            c = apostrophe ? '\'' : c < 0x80 ? c : '?'; /* phrases are of ASCII letters when folded */
            if (len < sizeof folded)
                folded[len++] = (char)c;
            word.digit |= c >= '0' && c <= '9';
            word.to = letters->items[at].to;
        }
        word.folded = arena_copy(arena, str_make(folded, len));
        unsigned char first = (unsigned char)text.data[word.from];
        word.capital = first >= 0x80 ? !(first == 0xc3 && (unsigned char)text.data[word.from + 1] >= 0xa0) : first >= 'A' && first <= 'Z';
        words.items[words.count++] = word;
    }
    return words;
}

/* What stands between two words: nothing that ends a sentence. `commas`: those may stand there. */
static bool are_together(const struct mask_words *words, size_t first, bool commas)
{
    for (size_t i = words->items[first].to; i < words->items[first + 1].from; i++) {
        char c = words->text.data[i];
        bool full_stop = c == '.' && i - words->items[first].from > 4; /* "Dr.", "Sra." go on */
        if (full_stop || c == '!' || c == '?' || c == ';' || (c == ',' && !commas) || (c == '\n' && !commas))
            return false;
    }
    return true;
}

/* How many words of the phrase stand at `at`: all of them, or 0. */
static size_t phrase_at(const struct mask_words *words, size_t at, const char *phrase)
{
    struct str rest = str_of(phrase), word;
    size_t count = 0;
    while (str_split(&rest, ' ', &word)) {
        if (at + count >= words->count || !str_equal(words->items[at + count].folded, word))
            return 0;
        count++;
    }
    return count;
}

static size_t name_words(const struct mask_words *words, size_t at, enum need need)
{
    size_t count = 0, capitals = 0;
    bool lower = !words->items[at].capital;
    if ((lower && (need != NEED_NONE || is_common(words->items[at].folded))) || words->items[at].digit)
        return 0;
    while (at + count < words->count && count < NAME_WORDS && !words->items[at + count].digit) {
        const struct mask_word *word = &words->items[at + count];
        bool particle = !word->capital && word->folded.len <= 3 && at + count + 1 < words->count && words->items[at + count + 1].capital;
        if (count && !are_together(words, at + count - 1, false))
            break;
        if (count && (lower ? is_common(word->folded) || count >= 2 : !word->capital && !(particle && !is_common(word->folded))))
            break;
        if (!lower && count && is_common(word->folded) && word->folded.len == 1)
            break; /* "Anna. I have …" is over at the stop, "Anna I have" here */
        capitals += word->capital;
        count++;
    }
    return need == NEED_TWO && capitals < 2 ? 0 : count;
}

static size_t address_words(const struct mask_words *words, size_t at, enum need need)
{
    size_t count = 0, last_digit = 0, capitals = 0;
    if (need == NEED_CAPITAL && !words->items[at].capital && !words->items[at].digit)
        return 0;
    while (at + count < words->count && count < ADDRESS_WORDS) {
        const struct mask_word *word = &words->items[at + count];
        if (count && !are_together(words, at + count - 1, word->digit || word->capital))
            break;
        if (count && is_common(word->folded) && !word->capital && last_digit)
            break;
        count++;
        capitals += word->capital;
        if (word->digit)
            last_digit = count;
    }
    /* As far as it looks like an address: to the last number, and the names behind it. */
    size_t end = last_digit;
    if (!end && words->items[at].capital)
        end = 1;
    while (end && end < count && words->items[at + end].capital)
        end++;
    return last_digit || (capitals && words->items[at].capital) ? end : 0;
}

bool mask_introduced(const struct mask_words *words, size_t at, enum mask_kind *kind, size_t *from, size_t *to)
{
    for (size_t i = 0; i < ARRAY_LEN(phrases); i++) {
        if (phrases[i].words[0] != words->items[at].folded.data[0])
            continue;
        size_t len = phrase_at(words, at, phrases[i].words), first = at + len;
        if (!len || first >= words->count || !are_together(words, first - 1, true))
            continue;
        size_t count = phrases[i].kind == MASK_NAME ? name_words(words, first, phrases[i].need) : address_words(words, first, phrases[i].need);
        if (!count)
            continue;
        *kind = phrases[i].kind;
        *from = words->items[first].from;
        *to = words->items[first + count - 1].to;
        return true;
    }
    return false;
}
