/* wants_human.c - does the customer want a person? Tables and a small matcher; no model, no memory.
 *
 * The text is folded (case, accents, apostrophes, letters drawn out), its words become sets of
 * classes, and rules over classes are tried at every word. Some words may have one typing error. */
#include <utf8proc.h>

#include "assistant/assistant.h"
#include "assistant/wants_human_words.h"

#define WORDS_MAX 2048
#define WORD_LEN 40
#define TYPO_LEN 6 /* shorter words have too many neighbours */

struct listening {
    struct word_classes words[WORDS_MAX];
    size_t count;
    struct word_classes present; /* in any word */
};

static bool has(const struct word_classes *set, unsigned class)
{
    return set->bits[class / 64] >> (class % 64) & 1;
}

static void put(struct word_classes *set, unsigned class)
{
    set->bits[class / 64] |= (uint64_t)1 << (class % 64);
}

static const struct word_row *look_up(const char *word)
{
    size_t from = 0, to = wants_human_word_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = strcmp(word, wants_human_words[middle].text);
        if (order == 0)
            return &wants_human_words[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

/* One letter more, less, other, or two swapped. */
static bool is_one_off(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t i = 0, shorter = a_len < b_len ? a_len : b_len;
    while (i < shorter && a[i] == b[i])
        i++;
    if (a_len == b_len)
        return strcmp(a + i + 1, b + i + 1) == 0 ||
               (i + 1 < a_len && a[i] == b[i + 1] && a[i + 1] == b[i] && strcmp(a + i + 2, b + i + 2) == 0);
    if (a_len + 1 == b_len)
        return strcmp(a + i, b + i + 1) == 0;
    return a_len == b_len + 1 && strcmp(a + i + 1, b + i) == 0;
}

/* The words that people mistype when they ask for a person. */
static const char *const mistyped[] = {
    "human", "humans", "person", "agent", "agents", "representative", "operator", "advisor", "specialist", "employee",
    "kundtjanst", "manniska", "handlaggare", "medarbetare", "mitarbeiter", "berater", "kundenservice", "kundendienst",
    "menschen", "persona", "agente", "operador", "representante", "supervisor", "manager", "complaint", "complain",
    "lawyer", "unacceptable", "chatbot", "someone", "somebody", "suicide", "support", "humano", "connect", "transfer", "ombudsman",
    "beschwerde", "abogado", "advokat", "anwalt", "reclamacion", "klagomal", "gambling", "bereavement", "funeral",
};

static const struct word_row *look_up_mistyped(const char *word, size_t len)
{
    if (len + 1 < TYPO_LEN)
        return NULL;
    for (size_t i = 0; i < sizeof mistyped / sizeof mistyped[0]; i++) {
        size_t other = strlen(mistyped[i]);
        /* Five letters are only taken with two swapped or one left out of a longer word. */
        bool swapped = len == other && len < TYPO_LEN;
        if (!is_one_off(word, len, mistyped[i], other))
            continue;
        if (swapped) {
            size_t same = 0;
            for (size_t k = 0; k < len; k++)
                same += word[k] == mistyped[i][k];
            if (same != len - 2)
                continue;
        } else if (other < TYPO_LEN && len < TYPO_LEN) {
            continue;
        }
        return look_up(mistyped[i]);
    }
    return NULL;
}

static void add_word(struct listening *listening, char *word, size_t len)
{
    if (len == 0 || listening->count == WORDS_MAX)
        return;
    word[len < WORD_LEN ? len : WORD_LEN - 1] = 0;
    struct word_classes *set = &listening->words[listening->count++];
    *set = (struct word_classes){ { 0 } };
    put(set, WORD_ANYTHING);
    const struct word_row *row = len < WORD_LEN ? look_up(word) : NULL;
    if (!row && len < WORD_LEN)
        row = look_up_mistyped(word, len);
    for (size_t i = 0; row && i < sizeof row->classes && row->classes[i]; i++)
        put(set, row->classes[i]);
    for (size_t i = 0; i < WORD_BITS; i++)
        listening->present.bits[i] |= set->bits[i];
}

static void add_break(struct listening *listening)
{
    if (listening->count == 0 || listening->count == WORDS_MAX || has(&listening->words[listening->count - 1], WORD_BREAK))
        return;
    struct word_classes *set = &listening->words[listening->count++];
    *set = (struct word_classes){ { 0 } };
    put(set, WORD_BREAK);
}

/* --- folding ------------------------------------------------------------------------------------ */

static bool is_letter(utf8proc_int32_t c)
{
    if (c < 128)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    utf8proc_category_t category = utf8proc_category(c);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

/* The letters of one code point without case and accents; 0 to 4 of them. */
static int fold(utf8proc_int32_t c, utf8proc_int32_t *letters)
{
    if (c < 128) {
        letters[0] = c >= 'A' && c <= 'Z' ? c + 32 : c;
        return 1;
    }
    utf8proc_int32_t decomposed[16];
    int last = 0, kept = 0;
    utf8proc_ssize_t count = utf8proc_decompose_char(c, decomposed, 16, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                                     UTF8PROC_STRIPMARK | UTF8PROC_STABLE | UTF8PROC_IGNORE, &last);
    for (utf8proc_ssize_t i = 0; i < count && i < 16 && kept < 4; i++)
        letters[kept++] = decomposed[i];
    return kept;
}

static bool is_apostrophe(utf8proc_int32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x00b4 || c == '`' || c == 0x02bc;
}

static bool ends_sentence(utf8proc_int32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == ';' || c == '\n' || c == 0x2026 || c == 0xbf || c == 0xa1;
}

struct word_buffer {
    char text[WORD_LEN + 4];
    size_t len;
    int run; /* how often the last letter came in a row */
};

/* "huuuman" and "pleeease": three and more of a letter are one. Two stay two. */
static void add_letter(struct word_buffer *word, utf8proc_int32_t c)
{
    char letter = c < 128 ? (char)c : '~'; /* other alphabets have no words in the table */
    word->run = word->len && word->text[word->len - 1] == letter ? word->run + 1 : 1;
    if (word->run >= 3) {
        if (word->run == 3)
            word->len--;
        return;
    }
    if (word->len < WORD_LEN)
        word->text[word->len++] = letter;
}

static void listen(struct listening *listening, struct str text)
{
    struct word_buffer word = { .len = 0 };
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t left = (utf8proc_ssize_t)text.len;
    while (left > 0) {
        utf8proc_int32_t c, letters[4];
        utf8proc_ssize_t used = utf8proc_iterate(at, left, &c);
        if (used <= 0) {
            c = ' ';
            used = 1;
        }
        at += used;
        left -= used;
        if (is_apostrophe(c)) { /* don't is dont, but I'll is not ill */
            if (word.len == 1 && word.text[0] == 'i') {
                add_word(listening, word.text, word.len);
                word.len = 0;
            }
            continue;
        }
        int count = fold(c, letters);
        for (int i = 0; i < count; i++) {
            if (is_letter(letters[i])) {
                add_letter(&word, letters[i]);
            } else {
                add_word(listening, word.text, word.len);
                word.len = 0;
            }
        }
        if (ends_sentence(c))
            add_break(listening);
    }
    add_word(listening, word.text, word.len);
}

/* --- rules -------------------------------------------------------------------------------------- */

static bool is_edge(const struct listening *listening, size_t at)
{
    return at >= listening->count || has(&listening->words[at], WORD_BREAK);
}

/* Matches the pieces from `at` on. */
static bool match(const struct listening *listening, const struct rule_piece *piece, size_t at)
{
    switch (piece->kind) {
    case RULE_END: return true;
    case RULE_ONE:
        return at < listening->count && has(&listening->words[at], piece->class) && match(listening, piece + 1, at + 1);
    case RULE_UP_TO:
        for (unsigned taken = 0;; taken++) {
            if (match(listening, piece + 1, at + taken))
                return true;
            if (taken == piece->max || at + taken >= listening->count || !has(&listening->words[at + taken], piece->class))
                return false;
        }
    case RULE_NOT_NEXT: return (at >= listening->count || !has(&listening->words[at], piece->class)) && match(listening, piece + 1, at);
    case RULE_START: return (at == 0 || is_edge(listening, at - 1)) && match(listening, piece + 1, at);
    default: return is_edge(listening, at) && match(listening, piece + 1, at);
    }
}

static bool could_match(const struct listening *listening, const struct rule *rule)
{
    for (size_t i = 0; i < RULE_PIECES && rule->pieces[i].kind != RULE_END; i++)
        if (rule->pieces[i].kind == RULE_ONE && !has(&listening->present, rule->pieces[i].class))
            return false;
    return true;
}

/* A near miss frees its words from the classes that would ask for a person. */
static void forgive(struct listening *listening, const struct rule *rule, size_t at)
{
    static const uint8_t asking[] = { WORD_PERSON, WORD_STAFF, WORD_SOMEONE, WORD_NAGON, WORD_BOT, WORD_COMPLAIN, WORD_LEGAL };
    size_t pieces = 0, asked[RULE_PIECES], count = 0;
    for (; pieces < RULE_PIECES && rule->pieces[pieces].kind != RULE_END; pieces++)
        for (size_t k = 0; k < sizeof asking; k++)
            if (rule->pieces[pieces].kind == RULE_ONE && rule->pieces[pieces].class == asking[k])
                asked[count++] = asking[k];
    /* The word of that class nearest to the start of the match. */
    for (size_t k = 0; k < count; k++) {
        size_t i = at;
        while (i < listening->count && !has(&listening->words[i], (unsigned)asked[k]))
            i++;
        if (i < listening->count)
            for (size_t c = 0; c < sizeof asking; c++)
                listening->words[i].bits[asking[c] / 64] &= ~((uint64_t)1 << (asking[c] % 64));
    }
}

static unsigned judge(struct listening *listening)
{
    unsigned via = VIA_NEAR_MISS;
    for (size_t r = 0; r < wants_human_rule_count; r++) {
        const struct rule *rule = &wants_human_rules[r];
        if ((rule->via && rule->via <= via) || !could_match(listening, rule))
            continue;
        for (size_t at = 0; at < listening->count; at++) {
            if (!match(listening, rule->pieces, at))
                continue;
            if (rule->via == VIA_NEAR_MISS) {
                forgive(listening, rule, at);
                continue;
            }
            via = rule->via;
            break;
        }
    }
    return via;
}

struct str wants_human(struct str text)
{
    static const struct str vias[VIA_COUNT] = {
        { "", 0 }, { "words", 5 }, { "complaint", 9 }, { "vulnerable", 10 }, { "danger", 6 },
    };
    struct listening listening;
    listening.count = 0;
    listening.present = (struct word_classes){ { 0 } };
    listen(&listening, text);
    return vias[judge(&listening)];
}
