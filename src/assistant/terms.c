#include "assistant/terms.h"

#include <utf8proc.h>

#define PIECE 4096 /* bytes looked at in one go */

/* --- words -------------------------------------------------------------------------------------- */

/* Scripts without spaces between words. */
static bool is_unspaced(utf8proc_int32_t c)
{
    return (c >= 0x0e00 && c <= 0x0eff) || (c >= 0x1000 && c <= 0x109f) || (c >= 0x1780 && c <= 0x17ff) ||
           (c >= 0x3040 && c <= 0x30ff) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || c >= 0x20000;
}

/* Bytes from `from` on of characters that are all spaced or all unspaced. */
static size_t run_at(struct str word, size_t from, bool *unspaced)
{
    size_t at = from;
    while (at < word.len) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)word.data + at, (utf8proc_ssize_t)(word.len - at), &c);
        if (len <= 0)
            return word.len - from;
        if (at == from)
            *unspaced = is_unspaced(c);
        else if (is_unspaced(c) != *unspaced)
            break;
        at += (size_t)len;
    }
    return at - from;
}

static size_t next_character(struct str text, size_t at)
{
    for (at++; at < text.len && ((unsigned char)text.data[at] & 0xc0) == 0x80;)
        at++;
    return at;
}

static void each_pair(struct str run, terms_fn *each, void *context)
{
    size_t from = 0, middle = next_character(run, 0);
    if (middle >= run.len)
        each(context, run);
    while (middle < run.len) {
        size_t end = next_character(run, middle);
        each(context, str_slice(run, from, end));
        from = middle;
        middle = end;
    }
}

static void each_of_word(struct str word, terms_fn *each, void *context)
{
    for (size_t at = 0, len; at < word.len; at += len) {
        bool unspaced = false;
        len = run_at(word, at, &unspaced);
        struct str run = str_slice(word, at, at + len);
        if (unspaced)
            each_pair(run, each, context);
        else
            each(context, run);
    }
}

/* Up to PIECE bytes that end between two words; in the middle of one only if it is that long. */
static struct str first_piece(struct str text)
{
    size_t end = PIECE;
    if (text.len <= PIECE)
        return text;
    while (end > 1 && text.data[end - 1] != '\n' && text.data[end - 1] != ' ')
        end--;
    if (end > 1)
        return str_slice(text, 0, end);
    for (end = PIECE; end > 1 && ((unsigned char)text.data[end] & 0xc0) == 0x80;)
        end--;
    return str_slice(text, 0, end);
}

void terms_each(struct arena *arena, struct str text, terms_fn *each, void *context)
{
    while (text.len) {
        struct str piece = first_piece(text);
        struct tokens tokens = tokens_with_numbers(arena, piece);
        for (size_t i = 0; i < tokens.count; i++)
            each_of_word(tokens.words[i], each, context);
        text = str_slice(text, piece.len, text.len);
    }
}

struct word_list {
    struct str *words;
    size_t count, room;
};

static void keep_word(void *context, struct str word)
{
    struct word_list *list = context;
    if (list->count < list->room)
        list->words[list->count++] = word;
}

size_t terms_words(struct arena *arena, struct str text, struct str *words, size_t room)
{
    struct word_list list = { words, 0, room };
    terms_each(arena, text, keep_word, &list);
    return list.count;
}

/* --- letters and n-grams ------------------------------------------------------------------------ */

/* Letters that no decomposition takes apart but that people type without their stroke. */
static utf8proc_int32_t without_stroke(utf8proc_int32_t c)
{
    static const struct { utf8proc_int32_t from, to; } strokes[] = {
        { 0xf8, 'o' }, { 0x111, 'd' }, { 0x142, 'l' }, { 0x131, 'i' }, { 0x127, 'h' },
    };
    for (size_t i = 0; i < ARRAY_LEN(strokes); i++)
        if (strokes[i].from == c)
            return strokes[i].to;
    return c;
}

size_t terms_letters(struct str word, int32_t letters[TERMS_WORD_BYTES])
{
    size_t count = 0;
    for (size_t at = 0; at < word.len && count < TERMS_WORD_BYTES;) {
        utf8proc_int32_t c, parts[8];
        if ((unsigned char)word.data[at] < 0x80) {
            letters[count++] = word.data[at++];
            continue;
        }
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)word.data + at, (utf8proc_ssize_t)(word.len - at), &c);
        if (len <= 0)
            break;
        at += (size_t)len;
        int boundary = 0;
        utf8proc_ssize_t made = utf8proc_decompose_char(c, parts, ARRAY_LEN(parts), UTF8PROC_DECOMPOSE, &boundary);
        for (utf8proc_ssize_t i = 0; i < made && i < (utf8proc_ssize_t)ARRAY_LEN(parts) && count < TERMS_WORD_BYTES; i++)
            if (parts[i] < 0x300 || parts[i] > 0x36f) /* combining accents */
                letters[count++] = without_stroke(parts[i]);
    }
    return count;
}

static uint64_t gram_key(const int32_t *letters, size_t count)
{
    uint64_t hash = 0xcbf29ce484222325u ^ count;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ (uint32_t)letters[i]) * 0x100000001b3u;
    return hash | 1;
}

size_t terms_grams(struct str word, int least, int most, uint64_t *out)
{
    int32_t padded[TERMS_WORD_BYTES + 2];
    size_t letters = terms_letters(word, padded + 1), count = 0;
    padded[0] = padded[letters + 1] = ' ';
    letters += 2;
    for (size_t n = (size_t)least; n <= (size_t)most; n++) {
        if (letters <= n) { /* it gives itself, once */
            out[count++] = gram_key(padded, letters);
            break;
        }
        for (size_t i = 0; i + n <= letters && count < TERMS_GRAMS_MAX; i++)
            out[count++] = gram_key(padded + i, n);
    }
    return count;
}
