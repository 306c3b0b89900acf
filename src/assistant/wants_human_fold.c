#include "assistant/wants_human_fold.h"

#include <string.h>
#include <utf8proc.h>

/* Letters that Unicode does not take apart, in the order of their code points. */
static const struct {
    uint16_t from;
    char to[3];
} plain[] = {
    { 0xe6, "ae" }, { 0xf0, "d" }, { 0xf8, "o" }, { 0xfe, "th" }, { 0x111, "d" }, { 0x131, "i" }, { 0x142, "l" }, { 0x153, "oe" },
};

bool fold_is_word(uint16_t letter)
{
    return (letter >= 0x3041 && letter <= 0x30ff) || (letter >= 0x3400 && letter <= 0x9fff) || (letter >= 0xf900 && letter <= 0xfaff);
}

static bool is_letter(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) || category == UTF8PROC_CATEGORY_ND;
}

/* Letters in squares and the halves of flags spell words too. */
static int32_t unframed(int32_t c)
{
    if (c >= 0x1f130 && c <= 0x1f149) return c - 0x1f130 + 'a';
    if (c >= 0x1f150 && c <= 0x1f169) return c - 0x1f150 + 'a';
    if (c >= 0x1f170 && c <= 0x1f189) return c - 0x1f170 + 'a';
    if (c >= 0x1f1e6 && c <= 0x1f1ff) return c - 0x1f1e6 + 'a';
    return c;
}

static int add_plain(uint16_t letter, uint16_t *letters)
{
    for (size_t i = 0; i < sizeof plain / sizeof plain[0] && plain[i].from <= letter; i++) {
        if (plain[i].from != letter) continue;
        int count = (int)strlen(plain[i].to);
        for (int k = 0; k < count; k++) letters[k] = (uint16_t)plain[i].to[k];
        return count;
    }
    letters[0] = letter;
    return 1;
}

int fold_letters(int32_t c, uint16_t letters[FOLD_MAX])
{
    utf8proc_int32_t parts[16];
    int last = 0, kept = 0;
    if (c < 128) {
        letters[0] = (uint16_t)(c >= 'A' && c <= 'Z' ? c + 32 : (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : ' ');
        return 1;
    }
    c = unframed(c);
    if ((c >= 0xac00 && c <= 0xd7a3) || c < 128) { /* Korean syllables stay whole */
        letters[0] = (uint16_t)c;
        return 1;
    }
    if (c == 0x640 || c == 0xad) return 0; /* a stroke that draws Arabic words out; a soft hyphen */
    utf8proc_ssize_t count = utf8proc_decompose_char(c, parts, 16, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                                     UTF8PROC_STRIPMARK | UTF8PROC_STABLE | UTF8PROC_IGNORE, &last);
    if (count < 0 || count > 16) count = 0;
    for (utf8proc_ssize_t i = 0; i < count && kept + 2 <= FOLD_MAX; i++) {
        if (parts[i] > 0xffff || !is_letter(parts[i])) letters[kept++] = ' ';
        else kept += add_plain((uint16_t)parts[i], letters + kept);
    }
    return kept;
}

uint16_t fold_look_alike(uint16_t letter)
{
    static const uint16_t from[] = {
        /* Greek */ 0x3b1, 0x3b5, 0x3b9, 0x3ba, 0x3bd, 0x3bf, 0x3c1, 0x3c4, 0x3c5, 0x3c7,
        /* Cyrillic */ 0x430, 0x432, 0x435, 0x43a, 0x43c, 0x43d, 0x43e, 0x440, 0x441, 0x442, 0x443, 0x445, 0x455, 0x456, 0x458, 0x4bb, 0x501,
    };
    static const char to[] = "aeiknoptuxabekmhopctyxsijhd";
    for (size_t i = 0; i < sizeof from / sizeof from[0]; i++)
        if (from[i] == letter) return (uint16_t)to[i];
    return letter;
}

bool fold_ends_sentence(int32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == ';' || c == '\n' || c == 0x2026 || c == 0xbf || c == 0xa1 || c == 0x37e ||
           c == 0x61f || c == 0x61b || c == 0x3002 || c == 0xff01 || c == 0xff1f || c == 0x964 || c == 0x6d4;
}

bool fold_is_comma(int32_t c)
{
    return c == ',' || c == ':' || c == '(' || c == ')' || c == 0x60c || c == 0x3001 || c == 0xff0c || c == 0x2013 || c == 0x2014;
}

bool fold_is_apostrophe(int32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x2018 || c == 0xb4 || c == '`' || c == 0x2bc;
}
