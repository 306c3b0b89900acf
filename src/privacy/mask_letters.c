#include "privacy/masking.h"

#include <utf8proc.h>

#define PARTS_MAX 16 /* of one letter, decomposed */

static bool is_letter(int32_t c)
{
    if (c < 0x80)
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    utf8proc_category_t category = utf8proc_category(c);
    return category <= UTF8PROC_CATEGORY_LO || category == UTF8PROC_CATEGORY_ND;
}

/* Letters that no decomposition takes apart, as people write them without their own keyboard. */
static int32_t plain(int32_t c)
{
    switch (c) {
    case 0xf8: return 'o';  /* ø */
    case 0xe6: return 'a';  /* æ */
    case 0x142: return 'l'; /* ł */
    case 0x111: return 'd'; /* đ */
    case 0x131: return 'i'; /* ı */
    default: return c;
    }
}

static size_t add(struct mask_letter *out, int32_t c, size_t from, size_t to)
{
    int32_t parts[PARTS_MAX];
    int boundary = 0;
    size_t count = 0;
    utf8proc_ssize_t found = utf8proc_decompose_char(c, parts, PARTS_MAX,
        UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE, &boundary);
    for (utf8proc_ssize_t i = 0; i < found && i < PARTS_MAX; i++) {
        int32_t letter = plain(parts[i]);
        out[count++] = (struct mask_letter){ is_letter(letter) ? letter : 0, (uint32_t)from, (uint32_t)to };
    }
    return count;
}

struct mask_letters mask_letters_of(struct arena *arena, struct str text)
{
    struct mask_letters letters = { NULL, 0 };
    size_t room = 0;
    for (size_t at = 0; at < text.len;) {
        unsigned char byte = (unsigned char)text.data[at];
        int32_t c = byte;
        utf8proc_ssize_t len = byte < 0x80 ? 1 : utf8proc_iterate((const uint8_t *)text.data + at, (utf8proc_ssize_t)(text.len - at), &c);
        if (len < 1) {
            len = 1; /* no UTF-8: a byte that is no letter */
            c = ' ';
        }
        if (letters.count + PARTS_MAX > room) {
            room = room ? room * 2 : text.len + PARTS_MAX;
            struct mask_letter *longer = ARENA_NEW_ARRAY(arena, struct mask_letter, room);
            if (letters.count)
                memcpy(longer, letters.items, letters.count * sizeof *longer);
            letters.items = longer;
        }
        if (byte < 0x80) {
            int32_t letter = c >= 'A' && c <= 'Z' ? c + 32 : c;
            letters.items[letters.count++] = (struct mask_letter){ is_letter(letter) ? letter : 0, (uint32_t)at, (uint32_t)at + 1 };
        } else {
            letters.count += add(letters.items + letters.count, c, at, at + (size_t)len);
        }
        at += (size_t)len;
    }
    return letters;
}
