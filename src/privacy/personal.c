#include "privacy/personal.h"

#include <utf8proc.h>

#include "base/buf.h"

#define MASK STR("…")
#define NAME_LETTERS 2 /* shorter words of a name are initials: they would hide half of the text */

/* --- characters --- */

static size_t next_char(struct str text, size_t at, int32_t *character)
{
    utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.len - at), character);
    if (len > 0) return at + (size_t)len;
    *character = (unsigned char)text.data[at];
    return at + 1;
}

static bool is_digit(int32_t character)
{
    return utf8proc_category(character) == UTF8PROC_CATEGORY_ND;
}

static bool is_letter(int32_t character)
{
    utf8proc_category_t category = utf8proc_category(character);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME;
}

static bool is_space(int32_t character)
{
    return character <= ' ' || utf8proc_category(character) == UTF8PROC_CATEGORY_ZS;
}

/* --- words --- */

/* What stands between spaces: `first` to `last` without the punctuation around it. */
struct piece {
    size_t from, to, first, last;
    size_t digits, letters;
    bool is_address;
};

static bool next_piece(struct str text, size_t at, struct piece *piece)
{
    int32_t character;
    size_t next = at;
    while (at < text.len && (next = next_char(text, at, &character), is_space(character))) at = next;
    if (at >= text.len) return false;
    *piece = (struct piece){ .from = at, .first = text.len };
    while (at < text.len && (next = next_char(text, at, &character), !is_space(character))) {
        bool digit = is_digit(character), letter = is_letter(character);
        piece->digits += digit;
        piece->letters += letter;
        if ((digit || letter) && piece->first > at) piece->first = at;
        if (digit || letter) piece->last = next;
        at = next;
    }
    piece->to = at;
    struct str word = str_slice(text, piece->from, piece->to);
    ptrdiff_t sign = str_find_char(word, '@', 0);
    piece->is_address = (sign > 0 && (size_t)sign + 1 < word.len) || str_find(word, STR("://"), 0) >= 0 ||
                        (word.len > 4 && str_equal_nocase(str_slice(word, 0, 4), STR("www.")));
    if (piece->first > piece->last) piece->first = piece->last = piece->from;
    return true;
}

static bool is_same_word(struct str one, struct str other)
{
    size_t a = 0, b = 0;
    while (a < one.len && b < other.len) {
        int32_t first, second;
        a = next_char(one, a, &first);
        b = next_char(other, b, &second);
        if (utf8proc_tolower(first) != utf8proc_tolower(second)) return false;
    }
    return a == one.len && b == other.len;
}

/* Letters and digits from `at` on; an apostrophe ends a name ("Maria's"), a hyphen joins two. */
static bool next_name(struct str text, size_t at, struct str *word)
{
    int32_t character;
    size_t from, next = at;
    while (at < text.len && (next = next_char(text, at, &character), !is_letter(character) && !is_digit(character))) at = next;
    from = at;
    while (at < text.len && (next = next_char(text, at, &character), is_letter(character) || is_digit(character))) at = next;
    *word = str_slice(text, from, at);
    return word->len > 0;
}

static bool is_name(struct str word, const struct str *names, size_t name_count)
{
    struct str name;
    for (size_t i = 0; i < name_count; i++)
        for (size_t at = 0; next_name(names[i], at, &name); at = (size_t)(name.data - names[i].data) + name.len)
            if (name.len >= NAME_LETTERS && is_same_word(word, name)) return true;
    return false;
}

static bool has_name(struct str piece, const struct str *names, size_t name_count)
{
    struct str word;
    for (size_t at = 0; next_name(piece, at, &word); at = (size_t)(word.data - piece.data) + word.len)
        if (is_name(word, names, name_count)) return true;
    return false;
}

/* The words in front of `at` are how people say who they are. */
static bool is_introduced(struct str text, size_t at)
{
    static const struct str phrases[] = {
        { "my name is", 10 }, { "my name's", 9 }, { "jag heter", 9 }, { "mitt namn är", 13 }, { "ich heiße", 10 }, { "ich heisse", 10 },
        { "mein name ist", 13 }, { "me llamo", 8 }, { "mi nombre es", 12 },
    };
    struct str before = str_trim(str_slice(text, 0, at));
    for (size_t i = 0; i < ARRAY_LEN(phrases); i++)
        if (before.len >= phrases[i].len && is_same_word(str_slice(before, before.len - phrases[i].len, before.len), phrases[i]))
            return true;
    return false;
}

/* --- what is found --- */

/* Digits may be cut by spaces: 070 123 45 67. Gives the end of the run if there are enough. */
static size_t number_end(struct str text, const struct piece *first)
{
    struct piece piece = *first;
    size_t digits = 0, end = first->from;
    do {
        if (piece.letters || !piece.digits) break;
        digits += piece.digits;
        end = piece.to;
    } while (next_piece(text, piece.to, &piece));
    return digits >= PERSONAL_DIGITS ? end : 0;
}

struct personal_found personal_find(struct str text, size_t from, const struct str *names, size_t name_count)
{
    struct piece piece;
    for (size_t at = from; next_piece(text, at, &piece); at = piece.to) {
        size_t end = number_end(text, &piece);
        if (piece.is_address) return (struct personal_found){ PERSONAL_ADDRESS, piece.from, piece.to };
        if (end) return (struct personal_found){ PERSONAL_NUMBER, piece.from, end };
        if (piece.digits >= PERSONAL_DIGITS) return (struct personal_found){ PERSONAL_NUMBER, piece.from, piece.to };
        if ((piece.letters && is_introduced(text, piece.from)) || has_name(str_slice(text, piece.from, piece.to), names, name_count))
            return (struct personal_found){ PERSONAL_NAME, piece.first, piece.last };
    }
    return (struct personal_found){ PERSONAL_NOTHING, text.len, text.len };
}

static struct str one_line(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, text.len + 1);
    for (size_t at = 0; at < text.len;) {
        int32_t character;
        size_t next = next_char(text, at, &character);
        bool after_space = !out.len || out.data[out.len - 1] == ' ';
        if (!is_space(character)) buf_add_str(&out, str_slice(text, at, next));
        else if (!after_space) buf_add_char(&out, ' ');
        at = next;
    }
    struct str line = arena_copy(arena, str_trim(buf_str(&out)));
    buf_free(&out);
    return line;
}

struct str personal_mask(struct arena *arena, struct str text, const struct str *names, size_t name_count, size_t max)
{
    struct str line = one_line(arena, text);
    struct buf out;
    buf_init(&out, line.len * 4 + 16);
    for (size_t at = 0; at < line.len;) {
        struct personal_found found = personal_find(line, at, names, name_count);
        buf_add_str(&out, str_slice(line, at, found.from));
        if (found.kind) buf_add_str(&out, MASK);
        at = found.kind ? found.to : line.len;
    }
    struct str masked = arena_copy(arena, str_trim(str_cut(buf_str(&out), max)));
    buf_free(&out);
    return masked;
}

/* --- with what the record knows ----------------------------------------------------------------- */

#define NAMES_MAX 16

/* The name, the ids, and the part of the address that is a name. */
static size_t names_of(const struct mask_record *record, struct str names[NAMES_MAX])
{
    ptrdiff_t sign = str_find_char(record->email, '@', 0);
    size_t count = 0;
    names[count++] = record->name;
    names[count++] = str_slice(record->email, 0, sign > 0 ? (size_t)sign : record->email.len);
    for (size_t i = 0; i < record->id_count && count < NAMES_MAX; i++) names[count++] = record->ids[i];
    return count;
}

bool personal_has(struct arena *arena, struct str text, const struct mask_record *record)
{
    struct str names[NAMES_MAX];
    size_t count = names_of(record, names);
    struct mask *mask = mask_new(arena, record);
    mask_hide(mask, text);
    return mask_count(mask) > 0 || personal_find(text, 0, names, count).kind;
}

/* "[phone 1]" becomes the mask: nobody will get these values back. */
static struct str without_placeholders(struct arena *arena, struct str text)
{
    struct buf out;
    buf_init(&out, text.len * 4 + 16);
    for (size_t at = 0; at < text.len;) {
        size_t end = at + 1;
        while (text.data[at] == '[' && end < text.len && text.data[end] != ']' && text.data[end] != '[') end++;
        bool placeholder = text.data[at] == '[' && end < text.len && text.data[end] == ']';
        buf_add_str(&out, placeholder ? MASK : str_slice(text, at, at + 1));
        at = placeholder ? end + 1 : at + 1;
    }
    struct str copy = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return copy;
}

/* What stood behind a name may be taken for one when the name is gone: again, until nothing is found. */
struct str personal_hide(struct arena *arena, struct str text, const struct mask_record *record, size_t max)
{
    enum { ROUNDS = 8 };
    struct str names[NAMES_MAX];
    size_t count = names_of(record, names);
    for (int round = 0; round < ROUNDS; round++) {
        struct str hidden = without_placeholders(arena, mask_hide(mask_new(arena, record), text));
        text = personal_mask(arena, hidden, names, count, max);
        if (!personal_has(arena, text, record)) return text;
    }
    return STR_EMPTY;
}
