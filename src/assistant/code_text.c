#include "assistant/code_text.h"

#define DIGITS 6

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* What makes digits beside it a part of something longer. */
static bool is_joined(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 || strchr("-_/#+", c) != NULL;
}

/* How long the six digits that begin at `at` are in the text, or 0. */
static size_t run_at(struct str text, size_t at, char code[CODE_ROOM])
{
    size_t count = 0, i = at;
    if (!is_digit(text.data[at]) || (at > 0 && is_joined(text.data[at - 1])))
        return 0;
    for (; i < text.len && count < DIGITS; i++) {
        bool between = count == DIGITS / 2 && is_digit(text.data[i - 1]) && (text.data[i] == ' ' || text.data[i] == '-');
        if (is_digit(text.data[i]))
            code[count++] = text.data[i];
        else if (!between)
            return 0;
    }
    code[count] = 0;
    return count == DIGITS && (i == text.len || !is_joined(text.data[i])) ? i - at : 0;
}

bool code_text_hide(struct arena *arena, struct str text, char code[CODE_ROOM], struct str *out)
{
    char *hidden = arena_take(arena, text.len + 1), found[CODE_ROOM];
    size_t len = 0;
    bool any = false;
    for (size_t i = 0; i < text.len;) {
        size_t run = run_at(text, i, found);
        if (run == 0) {
            hidden[len++] = text.data[i++];
            continue;
        }
        if (!any)
            memcpy(code, found, sizeof found);
        any = true;
        memset(hidden + len, '*', DIGITS);
        len += DIGITS;
        i += run;
    }
    *out = str_make(hidden, len);
    return any;
}
