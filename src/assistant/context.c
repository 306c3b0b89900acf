#include "assistant/context.h"

#include "assistant/languages.h"

#define FOLLOWS_WORDS 12  /* a longer message says itself what it is about */
#define LEANS_WORDS 9
#define POINTS_WORDS 4    /* so few, one of which points: they have no subject of their own */
#define VAGUE_WORDS 9
#define HEAD_WORDS 16

/* Folded as tokens_join folds them; a message begins with one of them. */
static const char *const begins[] = {
    "and", "but", "what about", "how about", "then", "so", "also", "ok and", "ok but", "okay and", "yes but", "and if", "och", "men",
    "hur blir det med", "ok men", "ja men", "då", "und", "aber", "was ist mit", "wie ist es mit", "dann", "ok und", "ja aber",
    "y", "pero", "qué pasa con", "que pasa con", "entonces", "vale pero", "vale y", "since when", "until when",
};

/* ... or with one of these; in a few words, "why so little?", there is no subject beside it. */
static const char *const whys[] = { "why", "varför", "warum", "wieso", "por qué", "por que" };

/* ... or ends with one of them, as a question. */
static const char *const ends[] = { "then", "though", "då", "sen", "denn", "dann", "eigentlich", "entonces", "pues" };

/* Words that stand for what was spoken of. */
static const char *const stands_for[] = {
    "it", "that", "this", "they", "them", "those", "these", "its", "thats", "there", "den", "det", "dem", "dom", "denna", "detta",
    "das", "dies", "ihn", "dafür", "davon", "dabei", "eso", "esto", "esa", "ese", "ello", "dessa", "dit",
};

/* That there is something; with what, another word says. */
static const char *const something_is[] = {
    "issue", "issues", "problem", "problems", "trouble", "question", "questions", "matter", "something", "help", "wrong", "concern", "problemet",
    "fråga", "frågor", "fundering", "bekymmer", "strul", "något", "hjälp", "frage", "fragen", "anliegen", "schwierigkeiten", "ärger", "hilfe",
    "etwas", "problema", "problemas", "pregunta", "duda", "consulta", "algo", "ayuda",
};

/* Beside the language's small words. */
static const char *const says_nothing[] = {
    "have", "has", "had", "got", "there", "har", "hade", "finns", "mitt", "min", "mina", "habe", "hab", "haben", "hatte", "gibt", "mein", "meine",
    "meiner", "meinem", "meinen", "tengo", "tenía", "hay", "mi", "mis",
};

/* A question begins with one of them, where people leave out the mark. */
static const char *const asks[] = {
    "what", "whats", "how", "hows", "when", "why", "where", "who", "which", "is", "are", "can", "could", "do", "does", "will", "would", "may",
    "must", "should", "vad", "hur", "när", "varför", "var", "vem", "vilken", "vilket", "vilka", "kan", "får", "måste", "kostar", "was", "wie",
    "wann", "warum", "wieso", "wo", "wer", "welche", "welcher", "welches", "kann", "darf", "muss", "kostet", "qué", "que", "cómo", "como",
    "cuándo", "cuando", "por qué", "dónde", "quién", "cuál", "cuánto", "cuánta", "cuesta", "puedo", "tengo que",
};

/* Longest first: the first that fits is taken away. */
static const char *const takes_back[] = {
    "no sorry i meant", "no i meant to say", "sorry i meant", "no not that one", "i meant to say", "no i mean", "no i meant", "not that one",
    "no not that", "thats not what i meant", "that is not what i meant", "thats not what i asked", "that is not what i asked",
    "wrong one", "not this one", "not that", "i meant", "i mean", "no rather", "no wrong", "actually no", "correction",
    "nej jag menade", "nej jag menar", "jag menade", "jag menar", "nej inte den", "inte den", "inte det", "fel", "nej fel",
    "nein ich meinte", "nein ich meine", "ich meinte", "ich meine", "nein nicht die", "nein nicht das", "nicht die", "nicht das",
    "das meinte ich nicht", "nein falsch", "no quise decir", "no me refería a", "no me referia a", "quise decir", "me refería a",
    "me referia a", "no ese no", "no esa no", "ese no", "esa no", "perdón quise decir", "no", "nej", "nein",
};

static const char *const other_ones[] = {
    "the other", "other one", "other order", "another one", "another order", "a different order", "different one", "not that order", "wrong order",
    "den andra", "det andra", "en annan", "andra ordern", "fel order", "die andere", "den anderen", "das andere", "eine andere", "einen anderen",
    "falsche bestellung", "el otro", "la otra", "otro pedido", "otra compra", "pedido equivocado",
};

/* The phrase stands at the beginning, as whole words. */
static bool begins_with(struct str folded, const char *phrase)
{
    struct str wanted = str_of(phrase);
    return str_starts(folded, wanted) && (folded.len == wanted.len || folded.data[wanted.len] == ' ');
}

static size_t words_in(struct str folded)
{
    size_t count = folded.len > 0;
    for (size_t i = 0; i < folded.len; i++) count += folded.data[i] == ' ';
    return count;
}

static bool is_one_of(struct str word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(word, str_of(words[i]))) return true;
    return false;
}

static bool points(struct tokens tokens, size_t most)
{
    for (size_t w = 0; tokens.count <= most && w < tokens.count; w++)
        if (is_one_of(tokens.words[w], stands_for, ARRAY_LEN(stands_for))) return true;
    return false;
}

static bool begins_with_one_of(struct str folded, const char *const *phrases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (begins_with(folded, phrases[i])) return true;
    return false;
}

bool context_follows(struct arena *arena, struct str text)
{
    struct tokens tokens = tokens_of(arena, text);
    struct str folded = tokens_join(arena, tokens);
    if (tokens.count > FOLLOWS_WORDS) return false;
    if (begins_with_one_of(folded, begins, ARRAY_LEN(begins)) || begins_with_one_of(folded, whys, ARRAY_LEN(whys))) return true;
    if (tokens.count > 1 && context_asks(arena, text) && is_one_of(tokens.words[tokens.count - 1], ends, ARRAY_LEN(ends))) return true;
    return points(tokens, LEANS_WORDS);
}

bool context_leans(struct arena *arena, struct str text)
{
    struct tokens tokens = tokens_of(arena, text);
    return tokens.count <= POINTS_WORDS && (points(tokens, POINTS_WORDS) || begins_with_one_of(tokens_join(arena, tokens), whys, ARRAY_LEN(whys)));
}

bool context_is_vague(struct arena *arena, struct str text, struct str language)
{
    struct tokens tokens = tokens_of(arena, text);
    size_t somethings = 0, others = 0;
    for (size_t w = 0; tokens.count <= VAGUE_WORDS && w < tokens.count; w++) {
        bool something = is_one_of(tokens.words[w], something_is, ARRAY_LEN(something_is));
        somethings += something;
        others += !something && !languages_is_small_word(language, tokens.words[w]) &&
                  !is_one_of(tokens.words[w], says_nothing, ARRAY_LEN(says_nothing));
    }
    return somethings && others <= 1;
}

bool context_asks(struct arena *arena, struct str text)
{
    struct str folded = tokens_join(arena, tokens_of(arena, text));
    if (str_find_char(text, '?', 0) >= 0) return true;
    return begins_with_one_of(folded, asks, ARRAY_LEN(asks));
}

/* The message behind its first `count` words. */
static struct str behind(struct str text, size_t count)
{
    struct str word;
    while (count && str_split(&text, ' ', &word)) count -= word.len > 0;
    return str_trim(text);
}

/* Its first words, more than any phrase has: what a message takes back again and again is not read to its end each time. */
static struct str head_of(struct str text)
{
    struct str rest = text, word;
    size_t words = 0;
    while (words < HEAD_WORDS && str_split(&rest, ' ', &word)) words += word.len > 0;
    return rest.data ? str_slice(text, 0, (size_t)(rest.data - text.data)) : text;
}

/* How many words of it take something back; 0: none do. */
static size_t taken_back(struct arena *arena, struct str text)
{
    struct str folded = tokens_join(arena, tokens_of(arena, head_of(text)));
    for (size_t i = 0; i < ARRAY_LEN(takes_back); i++)
        if (begins_with(folded, takes_back[i])) return words_in(str_of(takes_back[i]));
    return 0;
}

struct correction context_correction(struct arena *arena, struct str text)
{
    struct correction correction = { .rest = str_trim(text) };
    struct tokens tokens = tokens_of(arena, text);
    struct str spaced = arena_format(arena, " %.*s ", STR_ARG(tokens_join(arena, tokens)));
    size_t phrase = 0, taken;
    for (size_t i = 0; i < ARRAY_LEN(other_ones) && tokens.count <= LEANS_WORDS; i++) {
        if (str_find(spaced, arena_format(arena, " %s ", other_ones[i]), 0) < 0) continue;
        correction.other = true;
        if (words_in(str_of(other_ones[i])) > phrase) phrase = words_in(str_of(other_ones[i]));
    }
    /* "No, I meant": one may follow another. */
    while (correction.rest.len && (taken = taken_back(arena, correction.rest)) > 0) {
        correction.found = true;
        correction.rest = behind(correction.rest, taken);
    }
    correction.found = correction.found || correction.other;
    correction.bare = correction.other && tokens_of(arena, correction.rest).count <= phrase + 1;
    return correction;
}
