#include "assistant/restated.h"

#include "assistant/tokens.h"
#include "base/must.h"

#define SENTENCES_MAX 200

/* As tokens.h folds words. Without weight: they tie words together, or are polite. No "yes", "sure", "of course": to a
 * question those are an answer of their own. */
static const char *const small_words[][2] = {
    { "en", "a an the of in on at to for with as and so that this it its these those there here which is are be also too then "
            "please hello hi thanks thank about how what where who" },
    { "sv", "en ett den det de som i på till för med av och så att detta dessa där här är blir vara också även då snälla hej "
            "tack hur vad var vem sin sitt sina" },
    { "de", "der die das den dem des ein eine einen einem einer eines und in im an am auf zu zum zur für mit von vom als so dass dies diese "
            "dieser dieses da hier ist sind sein auch dann bitte hallo danke es wie was wo wer welche welcher welches" },
    { "es", "el la los las lo un una unos unas de del en a al para por con y e que este esta esto estos estas ese esa eso ahí aquí es son ser "
            "está están también entonces así pues favor hola gracias cómo qué dónde cuál se" },
};

/* Whom a sentence is about: every word of a row is the same. */
static const struct {
    const char *language, *sign, *words;
} persons[] = {
    { "en", "\x01you", "you your yours yourself youre youll youve" },
    { "en", "\x01we", "we us our ours i me my mine im ive weve" },
    { "en", "\x01they", "they them their theirs he she him her his hers" },
    { "sv", "\x01you", "du dig din ditt dina ni er ert era" },
    { "sv", "\x01we", "vi oss vår vårt våra jag mig min mitt mina" },
    { "sv", "\x01they", "dom dem deras han hon hans hennes honom henne" },
    { "de", "\x01you", "sie ihnen ihr ihre ihren ihrem ihrer ihres du dich dir dein deine deinen deinem deiner" },
    { "de", "\x01we", "wir uns unser unsere unseren unserem unserer ich mich mir mein meine meinen meinem meiner" },
    { "es", "\x01you", "usted ustedes su sus tú tu tus te le les ti" },
    { "es", "\x01we", "nosotros nos nuestro nuestra nuestros nuestras yo me mi mis" },
};

/* Without one of these a sentence says something else: conditions, denials, bounds, where from, what ends or is kept
 * from happening. Folded, not stemmed. */
static const struct {
    const char *language, *words;
} guards[] = {
    { "en", "if unless when until till once only except not no never nothing nobody none without cannot cant dont doesnt isnt arent wont before after "
            "may might could unfortunately instead rather than else otherwise as soon provided up least most more less fewer under over within "
            "maximum minimum from by stop stops stopped stopping cease ceases refuse refuses refused reject rejects rejected avoid avoids avoiding "
            "fail fails failed unable impossible prevent prevents deny denies denied decline declines declined lose loses lost cancel cancels "
            "cancelled half part some sometimes usually often normally almost nearly" },
    { "sv", "om ifall när tills förrän bara endast utom inte ej ingen inget inga aldrig utan innan efter kanske kan istället annars hellre än "
            "upp minst högst mest mer mindre färre under över inom från senast tidigast sluta slutar vägra vägrar nekar nekas undvika undviker "
            "misslyckas hindrar förlorar avbryter avbryt halva delar vissa ibland oftast nästan" },
    { "de", "wenn falls sobald bis nur außer ausser nicht kein keine keinen keinem keiner nie ohne bevor nach nachdem vielleicht können könnte statt "
            "stattdessen sonst andernfalls als mindestens höchstens meist mehr weniger unter über innerhalb ab aus spätestens frühestens aufhören "
            "verweigern verweigert ablehnen ablehnt abgelehnt vermeiden scheitert verhindern verlieren stornieren storniert halb teil manche manchmal "
            "meistens fast nahezu" },
    { "es", "si cuando hasta solo sólo solamente salvo excepto no nunca nada nadie ningún ninguna sin antes después quizá puede podría menos más mínimo "
            "máximo dentro desde vez sino caso contrario dejar deja dejan rechazar rechaza rechazado evitar evita falla impedir pierde cancela cancelado "
            "mitad parte algunos algunas veces normalmente casi" },
};

/* A sentence, or a clause of one. */
struct sentence_words {
    struct str text;    /* as it stands */
    struct str *words;  /* those with weight: stems, numbers, signs of persons */
    size_t count;
    struct str *guards; /* those of them that turn it */
    size_t guard_count;
    /* Of the approved text only: which words one sentence of the answer has said again, and where the parts end that may be
     * left out as a whole. */
    bool *said;
    bool touched;
    struct statement *statements;
    size_t statement_count;
};

struct statement {
    struct str text;
    size_t from, to; /* of the sentence's words */
};

struct restating {
    struct arena arena;
    struct str language;
    const char *small, *guards;
    struct stemmer *stemmer;
    bool *now; /* which words of a sentence of the source one clause says */
};

static bool is_in(const char *words, struct str word)
{
    struct str rest = str_of(words), piece;
    while (str_split(&rest, ' ', &piece))
        if (str_equal(piece, word))
            return true;
    return false;
}

static bool has_digit(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= '0' && word.data[i] <= '9')
            return true;
    return false;
}

/* Empty: it has no weight. */
static struct str weight_of(struct restating *restating, struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(persons); i++)
        if (str_equal(restating->language, str_of(persons[i].language)) && is_in(persons[i].words, word))
            return str_of(persons[i].sign);
    if (is_in(restating->small, word))
        return STR_EMPTY;
    return has_digit(word) ? word : stemmer_stem(restating->stemmer, &restating->arena, word);
}

static struct sentence_words words_of(struct restating *restating, struct str text)
{
    struct tokens tokens = tokens_with_numbers(&restating->arena, text);
    struct sentence_words sentence = { .text = str_trim(text), .words = ARENA_NEW_ARRAY(&restating->arena, struct str, tokens.count + 1),
                                       .guards = ARENA_NEW_ARRAY(&restating->arena, struct str, tokens.count + 1) };
    for (size_t i = 0; i < tokens.count; i++) {
        struct str word = weight_of(restating, tokens.words[i]);
        if (is_in(restating->guards, tokens.words[i]))
            word = sentence.guards[sentence.guard_count++] = tokens.words[i];
        if (word.len)
            sentence.words[sentence.count++] = word;
    }
    return sentence;
}

/* A full stop ends a sentence only before blank space; a list's item is one of its own. */
static size_t sentence_end(struct str text, size_t from)
{
    for (size_t i = from; i < text.len; i++) {
        char c = text.data[i], next = i + 1 < text.len ? text.data[i + 1] : '\n';
        if (c == '\n' || ((c == '.' || c == '!' || c == '?') && (next == ' ' || next == '\n' || next == '*' || next == '_')))
            return i + 1;
    }
    return text.len;
}

static size_t sentences_of(struct restating *restating, struct str text, struct sentence_words *out)
{
    size_t count = 0;
    for (size_t at = 0, end; at < text.len && count < SENTENCES_MAX; at = end) {
        end = count + 1 == SENTENCES_MAX ? text.len : sentence_end(text, at);
        out[count] = words_of(restating, str_slice(text, at, end));
        count += out[count].count > 0;
    }
    return count;
}

/* The length of what parts two statements here, or 0. */
static size_t joint_at(const struct restating *restating, struct str text, size_t at)
{
    static const char *const joints[][2] = { { "en", ", and " }, { "sv", ", och " }, { "de", ", und " }, { "es", ", y " } };
    struct str rest = str_slice(text, at, text.len);
    for (size_t k = 0; k < ARRAY_LEN(joints); k++)
        if (str_equal(restating->language, str_of(joints[k][0])) && str_starts(rest, str_of(joints[k][1])))
            return strlen(joints[k][1]);
    return str_starts(rest, STR("; ")) ? 2 : 0;
}

/* "It is free; we tell you before, and you can stop it" states three things. A comma alone, or an "and", may only go on with one. */
static void find_statements(struct restating *restating, struct sentence_words *sentence)
{
    struct str rest = sentence->text;
    size_t words = 0;
    sentence->said = ARENA_NEW_ARRAY(&restating->arena, bool, sentence->count + 1);
    sentence->statements = ARENA_NEW_ARRAY(&restating->arena, struct statement, sentence->count + 1);
    while (rest.len) {
        size_t end = 0, joint = 0;
        while (end < rest.len && !(joint = joint_at(restating, rest, end)))
            end++;
        struct str text = str_slice(rest, 0, end);
        size_t count = words_of(restating, text).count;
        if (count && sentence->statement_count < sentence->count)
            sentence->statements[sentence->statement_count++] = (struct statement){ text, words, words + count };
        words += count;
        rest = str_slice(rest, end + joint, rest.len);
    }
}

static bool has_word(const struct str *words, size_t count, struct str word)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(words[i], word))
            return true;
    return false;
}

/* The clause's words from its word `first` on, and round to the one before, stand in this order in the source:
 * "in the app you can pay" for "you can pay in the app", but never "the shop pays you" for "you pay the shop". */
static bool in_order(const struct sentence_words *clause, size_t first, const struct sentence_words *source, bool fresh, bool *said)
{
    size_t at = 0;
    for (size_t i = 0; i < clause->count; i++) {
        struct str word = clause->words[(first + i) % clause->count];
        while (at < source->count && ((fresh && source->said[at]) || !str_equal(source->words[at], word)))
            at++;
        if (at == source->count)
            return false;
        said[at++] = true;
    }
    return true;
}

/* The clause's words stand in the sentence of the source; what turns that sentence, turns this one. */
static bool stands_in(struct restating *restating, const struct sentence_words *clause, const struct sentence_words *said,
                      struct sentence_words *source)
{
    bool *now = restating->now, stands = false;
    /* First by words that no clause before has said: "you pay now, and you pay again". */
    for (size_t n = 0; n < 2 * clause->count && !stands; n++) {
        memset(now, 0, source->count * sizeof *now);
        stands = in_order(clause, n % clause->count, source, n < clause->count, now);
    }
    if (!stands)
        return false;
    for (size_t i = 0; i < source->guard_count; i++)
        if (!has_word(said->guards, said->guard_count, source->guards[i]))
            return false;
    for (size_t i = 0; i < source->count; i++)
        source->said[i] = source->said[i] || now[i];
    return source->touched = true;
}

/* The next clause of *rest: up to a comma and its like, or an "and". */
static struct str next_clause(struct str *rest)
{
    static const char *const joints[] = { " and ", " och ", " und ", " y " };
    size_t end = rest->len, next = rest->len;
    for (size_t i = 0; i < end; i++) {
        char c = rest->data[i];
        bool mark = (c == ',' || c == ';' || c == ':') && i + 1 < rest->len && rest->data[i + 1] == ' ';
        size_t joint = 0;
        for (size_t k = 0; c == ' ' && !joint && k < ARRAY_LEN(joints); k++)
            if (str_starts(str_slice(*rest, i, rest->len), str_of(joints[k])))
                joint = strlen(joints[k]);
        if (!mark && !joint)
            continue;
        end = i;
        next = i + (mark ? 1 : joint);
    }
    struct str clause = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, next, rest->len);
    return clause;
}

/* Words that may be left out: whom it is about is told by the rest. */
static bool is_person(struct str word)
{
    return word.len && word.data[0] == '\x01';
}

static size_t count_of(struct str text, const char *sign)
{
    size_t count = 0;
    for (ptrdiff_t at = 0; (at = str_find(text, str_of(sign), (size_t)at)) >= 0; at++)
        count++;
    return count;
}

/* "A payment costs 5" for "a late payment costs 5 €" says more than is approved, and less: what is said of a statement, is said
 * with all of its words and signs. */
static bool check_whole(struct err *err, struct str text, const struct sentence_words *source, const struct statement *statement)
{
    static const char *const signs[] = { "€", "$", "£", "¥", "%" };
    size_t said = 0, left = source->count;
    for (size_t i = statement->from; i < statement->to && i < source->count; i++) {
        said += source->said[i];
        if (!source->said[i] && !is_person(source->words[i]))
            left = i;
    }
    if (said && left < source->count)
        return err_set(err, "it leaves '%.*s' out of '%.*s'", STR_ARG(source->words[left]), STR_ARG(str_cut(str_trim(statement->text), 160)));
    for (size_t i = 0; said && i < ARRAY_LEN(signs); i++)
        if (count_of(text, signs[i]) < count_of(statement->text, signs[i]))
            return err_set(err, "it leaves '%s' out of '%.*s'", signs[i], STR_ARG(str_cut(str_trim(statement->text), 160)));
    return true;
}

static bool check_wholes(struct err *err, struct str text, const struct sentence_words *source, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t s = 0; source[i].touched && s < source[i].statement_count; s++)
            if (!check_whole(err, text, &source[i], &source[i].statements[s]))
                return false;
    return true;
}

/* In a sentence that this one speaks of already, else in any: the same words may stand in several. */
static bool stands_in_any(struct restating *restating, const struct sentence_words *clause, const struct sentence_words *said,
                          struct sentence_words *source, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (source[i].touched && stands_in(restating, clause, said, &source[i]))
            return true;
    for (size_t i = 0; i < count; i++)
        if (source[i].count == clause->count && stands_in(restating, clause, said, &source[i]))
            return true;
    for (size_t i = 0; i < count; i++)
        if (stands_in(restating, clause, said, &source[i]))
            return true;
    return false;
}

static bool check_sentence(struct err *err, struct restating *restating, const struct sentence_words *said, struct sentence_words *source, size_t count)
{
    struct str rest = said->text;
    for (size_t i = 0; i < count; i++)
        if (str_equal(source[i].text, said->text))
            return true;
    for (size_t i = 0; i < count; i++) {
        source[i].touched = false;
        memset(source[i].said, 0, source[i].count * sizeof *source[i].said);
    }
    while (rest.len) {
        struct str text = next_clause(&rest);
        struct sentence_words clause = words_of(restating, text);
        if (clause.count && !stands_in_any(restating, &clause, said, source, count))
            return err_set(err, "no sentence of the approved text says '%.*s'", STR_ARG(str_cut(clause.text, 200)));
    }
    return check_wholes(err, said->text, source, count);
}

/* Every number of the source, as its digits stand. */
static bool check_numbers(struct err *err, struct restating *restating, struct str text, struct str source)
{
    struct tokens wanted = tokens_with_numbers(&restating->arena, source), said = tokens_with_numbers(&restating->arena, text);
    for (size_t i = 0; i < wanted.count; i++) {
        bool there = !has_digit(wanted.words[i]);
        for (size_t k = 0; !there && k < said.count; k++)
            there = str_equal(said.words[k], wanted.words[i]);
        if (!there)
            return err_set(err, "it leaves '%.*s' out", STR_ARG(str_cut(wanted.words[i], 60)));
    }
    return true;
}

/* "](target)" of every Markdown link of `from` stands in `in`, too. */
static bool check_links(struct err *err, struct str from, struct str in, const char *complaint)
{
    for (ptrdiff_t at = 0; (at = str_find(from, STR("]("), (size_t)at)) >= 0; at++) {
        ptrdiff_t end = str_find_char(from, ')', (size_t)at);
        struct str link = str_slice(from, (size_t)at, end < 0 ? from.len : (size_t)end + 1);
        if (end < 0 || str_find(in, link, 0) < 0)
            return err_set(err, complaint, STR_ARG(str_cut(link, 120)));
    }
    return true;
}

static bool check(struct err *err, struct restating *restating, struct str text, struct str source)
{
    struct sentence_words *said = ARENA_NEW_ARRAY(&restating->arena, struct sentence_words, SENTENCES_MAX);
    struct sentence_words *approved = ARENA_NEW_ARRAY(&restating->arena, struct sentence_words, SENTENCES_MAX);
    size_t said_count = sentences_of(restating, text, said), approved_count = sentences_of(restating, source, approved);
    size_t longest = 1;
    for (size_t i = 0; i < approved_count; i++) {
        find_statements(restating, &approved[i]);
        longest = approved[i].count > longest ? approved[i].count : longest;
    }
    restating->now = ARENA_NEW_ARRAY(&restating->arena, bool, longest);
    for (size_t i = 0; i < said_count; i++)
        if (!check_sentence(err, restating, &said[i], approved, approved_count))
            return false;
    return check_numbers(err, restating, text, source) && check_links(err, text, source, "the link %.*s stands in no source") &&
           check_links(err, source, text, "it leaves the link %.*s out");
}

bool restated_knows(struct str language)
{
    for (size_t i = 0; i < ARRAY_LEN(small_words); i++)
        if (str_equal(str_slice(language, 0, 2), str_of(small_words[i][0])))
            return true;
    return false;
}

bool restated_is(struct err *err, struct str text, struct str source, struct str language)
{
    struct restating restating = { .language = str_slice(language, 0, 2) };
    for (size_t i = 0; i < ARRAY_LEN(small_words); i++)
        if (str_equal(restating.language, str_of(small_words[i][0])))
            restating.small = small_words[i][1], restating.guards = guards[i].words;
    if (!restating.small)
        return err_set(err, "answers in this language are not put in other words");
    restating.stemmer = stemmer_new(restating.language);
    bool good = check(err, &restating, text, source);
    stemmer_free(restating.stemmer);
    arena_free(&restating.arena);
    return good;
}
