#include "assistant/tokens.h"

#include <libstemmer.h>
#include <utf8proc.h>

#include "base/memory.h"

static bool is_word_char(utf8proc_int32_t c)
{
    if (c < 128)
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
    utf8proc_category_t category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);
}

static bool is_apostrophe(utf8proc_int32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0x02bc;
}

/* The same for a text of ASCII alone, in which nothing but case is folded; gives how many bytes of it are. */
static size_t fold_ascii(struct str text, utf8proc_int32_t *points)
{
    size_t i = 0;
    for (; i < text.len && (unsigned char)text.data[i] < 128; i++)
        points[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + ('a' - 'A') : text.data[i];
    return i;
}

/* Code points of the text in NFKC without case; NULL if it cannot be decoded. */
static utf8proc_int32_t *folded(struct arena *arena, struct str text, utf8proc_ssize_t *count)
{
    const utf8proc_option_t options = UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STABLE | UTF8PROC_IGNORE;
    const utf8proc_uint8_t *data = (const utf8proc_uint8_t *)text.data;
    utf8proc_ssize_t room = (utf8proc_ssize_t)text.len + 64;
    utf8proc_int32_t *points = ARENA_NEW_ARRAY(arena, utf8proc_int32_t, (size_t)room + 1);
    *count = (utf8proc_ssize_t)text.len;
    if (fold_ascii(text, points) == text.len)
        return points;
    *count = utf8proc_decompose(data, (utf8proc_ssize_t)text.len, points, room, options);
    if (*count > room) { /* few code points grow that much */
        room = *count;
        points = ARENA_NEW_ARRAY(arena, utf8proc_int32_t, (size_t)room + 1);
        *count = utf8proc_decompose(data, (utf8proc_ssize_t)text.len, points, room, options);
    }
    if (*count >= 0)
        *count = utf8proc_normalize_utf32(points, *count, options);
    return *count >= 0 ? points : NULL;
}

struct word_writer {
    struct tokens *tokens;
    char *at, *begin;
    bool digits, keep_numbers;
};

static void end_word(struct word_writer *writer)
{
    if (writer->at > writer->begin && writer->tokens->count < TOKENS_MAX)
        writer->tokens->words[writer->tokens->count++] =
            writer->digits && !writer->keep_numbers ? STR("#") : str_make(writer->begin, (size_t)(writer->at - writer->begin));
    writer->begin = writer->at;
    writer->digits = true;
}

static struct tokens words_of(struct arena *arena, struct str text, bool keep_numbers)
{
    struct tokens tokens = { 0 };
    utf8proc_ssize_t count;
    text = str_cut(text, LIMIT_TOKENS_TEXT);
    utf8proc_int32_t *points = folded(arena, text, &count);
    if (!points || count == 0)
        return tokens;
    size_t room = (size_t)count / 2 + 1;
    tokens.words = ARENA_NEW_ARRAY(arena, struct str, room < TOKENS_MAX ? room : TOKENS_MAX);
    struct word_writer writer = { .tokens = &tokens, .digits = true, .keep_numbers = keep_numbers };
    writer.at = writer.begin = arena_take(arena, (size_t)count * 4 + 1);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        bool inner = is_apostrophe(points[i]) && writer.at > writer.begin;
        if (inner)
            continue;
        if (!is_word_char(points[i])) {
            end_word(&writer);
            continue;
        }
        writer.digits &= points[i] < 128 && points[i] >= '0' && points[i] <= '9';
        writer.at += utf8proc_encode_char(points[i], (utf8proc_uint8_t *)writer.at);
    }
    end_word(&writer);
    return tokens;
}

struct tokens tokens_of(struct arena *arena, struct str text)
{
    return words_of(arena, text, false);
}

struct tokens tokens_with_numbers(struct arena *arena, struct str text)
{
    return words_of(arena, text, true);
}

struct str tokens_join(struct arena *arena, struct tokens tokens)
{
    size_t len = 0;
    for (size_t i = 0; i < tokens.count; i++)
        len += tokens.words[i].len + 1;
    char *text = arena_take(arena, len + 1), *at = text;
    for (size_t i = 0; i < tokens.count; i++) {
        if (i)
            *at++ = ' ';
        memcpy(at, tokens.words[i].data, tokens.words[i].len);
        at += tokens.words[i].len;
    }
    return str_make(text, (size_t)(at - text));
}

/* --- stems -------------------------------------------------------------------------------------- */

struct stemmer {
    struct sb_stemmer *snowball;
};

struct stemmer *stemmer_new(struct str language)
{
    char code[3] = { 0 };
    if (language.len < 2 || (language.len > 2 && language.data[2] != '-'))
        return NULL;
    memcpy(code, language.data, 2);
    if (!strcmp(code, "nb") || !strcmp(code, "nn")) /* Snowball's Norwegian is Bokmål and goes by "no" */
        memcpy(code, "no", 2);
    struct sb_stemmer *snowball = sb_stemmer_new(code, "UTF_8");
    if (!snowball)
        return NULL;
    struct stemmer *stemmer = MEMORY_NEW(struct stemmer);
    stemmer->snowball = snowball;
    return stemmer;
}

void stemmer_free(struct stemmer *stemmer)
{
    if (!stemmer)
        return;
    sb_stemmer_delete(stemmer->snowball);
    memory_free(stemmer);
}

struct str stemmer_stem(struct stemmer *stemmer, struct arena *arena, struct str word)
{
    if (!stemmer || word.len > 64)
        return word;
    const sb_symbol *stem = sb_stemmer_stem(stemmer->snowball, (const sb_symbol *)word.data, (int)word.len);
    if (!stem) /* it could not get memory: the word itself will do */
        return word;
    return arena_copy(arena, str_make((const char *)stem, (size_t)sb_stemmer_length(stemmer->snowball)));
}
