/* detect_accounts.c - IBANs (ISO 13616) and payment cards (ISO/IEC 7812). */
#include "privacy/detecting.h"

#define IBAN_MAX 34

/* Length by country, from the IBAN registry; sorted. */
static const struct {
    char country[3];
    uint8_t len;
} iban_lengths[] = {
    { "AD", 24 }, { "AE", 23 }, { "AL", 28 }, { "AT", 20 }, { "AZ", 28 }, { "BA", 20 }, { "BE", 16 }, { "BG", 22 }, { "BH", 22 },
    { "BI", 27 }, { "BR", 29 }, { "BY", 28 }, { "CH", 21 }, { "CR", 22 }, { "CY", 28 }, { "CZ", 24 }, { "DE", 22 }, { "DJ", 27 },
    { "DK", 18 }, { "DO", 28 }, { "EE", 20 }, { "EG", 29 }, { "ES", 24 }, { "FI", 18 }, { "FK", 18 }, { "FO", 18 }, { "FR", 27 },
    { "GB", 22 }, { "GE", 22 }, { "GI", 23 }, { "GL", 18 }, { "GR", 27 }, { "GT", 28 }, { "HN", 28 }, { "HR", 21 }, { "HU", 28 },
    { "IE", 22 }, { "IL", 23 }, { "IQ", 23 }, { "IS", 26 }, { "IT", 27 }, { "JO", 30 }, { "KW", 30 }, { "KZ", 20 }, { "LB", 28 },
    { "LC", 32 }, { "LI", 21 }, { "LT", 20 }, { "LU", 20 }, { "LV", 21 }, { "LY", 25 }, { "MC", 27 }, { "MD", 24 }, { "ME", 22 },
    { "MK", 19 }, { "MN", 20 }, { "MR", 27 }, { "MT", 31 }, { "MU", 30 }, { "NI", 28 }, { "NL", 18 }, { "NO", 15 }, { "OM", 23 },
    { "PK", 24 }, { "PL", 28 }, { "PS", 29 }, { "PT", 25 }, { "QA", 29 }, { "RO", 24 }, { "RS", 22 }, { "RU", 33 }, { "SA", 24 },
    { "SC", 31 }, { "SD", 18 }, { "SE", 24 }, { "SI", 19 }, { "SK", 24 }, { "SM", 27 }, { "SO", 23 }, { "ST", 25 }, { "SV", 28 },
    { "TL", 23 }, { "TN", 24 }, { "TR", 26 }, { "UA", 29 }, { "VA", 22 }, { "VG", 24 }, { "XK", 20 }, { "YE", 30 },
};

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static size_t iban_length(char first, char second)
{
    size_t low = 0, high = ARRAY_LEN(iban_lengths);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = iban_lengths[middle].country[0] != first ? iban_lengths[middle].country[0] - first
                                                             : iban_lengths[middle].country[1] - second;
        if (order == 0)
            return iban_lengths[middle].len;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* The first four to the end, letters as 10 to 35, modulo 97 is 1. */
static bool iban_sum_fits(const char *iban, size_t len)
{
    int rest = 0;
    for (size_t i = 0; i < len; i++) {
        char c = iban[(i + 4) % len];
        rest = (detect_digit(c) ? rest * 10 + c - '0' : rest * 100 + c - 'A' + 10) % 97;
    }
    return rest == 1;
}

/* Where an IBAN that begins at `from` ends, or 0. Groups may have one blank or hyphen between them. The
 * country says how long it is, so what follows ("… 8901 in a sentence") is not read as part of it. */
static size_t iban_end(const struct detecting *detecting, size_t from)
{
    char iban[IBAN_MAX];
    size_t wanted = iban_length(upper(detect_at(detecting, from)), upper(detect_at(detecting, from + 1))), len = 0, at = from;
    while (len < wanted) {
        char c = detect_at(detecting, at), next = detect_at(detecting, at + 1);
        if (len > 1 && (c == ' ' || c == '-') && (detect_digit(next) || detect_letter(next)))
            c = detecting->text.data[++at];
        if (!detect_digit(c) && !detect_letter(c))
            return 0;
        iban[len++] = upper(c);
        at++;
    }
    return wanted && !detect_word(detect_at(detecting, at)) && iban_sum_fits(iban, len) ? at : 0;
}

void detect_ibans(struct detecting *detecting)
{
    struct str text = detecting->text;
    for (size_t at = 0; at + 15 <= text.len; at++) {
        if (!detect_digit(text.data[at + 2]) || !detect_letter(text.data[at]) || !detect_letter(text.data[at + 1]) ||
            !detect_digit(text.data[at + 3]) || detect_word(detect_before(detecting, at)))
            continue;
        size_t end = iban_end(detecting, at);
        if (end)
            detect_claim(detecting, DETECT_IBAN, at, end);
    }
}

/* --- cards -------------------------------------------------------------------------------------- */

#define LEN(n) (1u << (n))
#define LENS(a, b) ((LEN((b) + 1) - 1) & ~(LEN(a) - 1))

/* Issuers' ranges by their first digits, and how long their numbers are. One random number of 16 digits in
 * ten fits Luhn; with these one in fifty is left. */
static const struct {
    int from, to, digits;
    unsigned lens;
} issuers[] = {
    { 4, 4, 1, LEN(13) | LEN(16) | LEN(19) },                       /* Visa */
    { 51, 55, 2, LEN(16) }, { 2221, 2720, 4, LEN(16) },             /* Mastercard */
    { 34, 34, 2, LEN(15) }, { 37, 37, 2, LEN(15) },                 /* American Express */
    { 300, 305, 3, LENS(14, 19) }, { 3095, 3095, 4, LENS(14, 19) }, /* Diners Club */
    { 36, 36, 2, LENS(14, 19) }, { 38, 39, 2, LENS(14, 19) },
    { 6011, 6011, 4, LENS(16, 19) }, { 644, 649, 3, LENS(16, 19) }, { 65, 65, 2, LENS(16, 19) }, /* Discover */
    { 3528, 3589, 4, LENS(15, 19) }, { 1800, 1800, 4, LEN(15) }, { 2131, 2131, 4, LEN(15) },     /* JCB */
    { 62, 62, 2, LENS(16, 19) }, { 81, 82, 2, LENS(16, 19) },       /* UnionPay, RuPay */
    { 60, 60, 2, LEN(16) }, { 508, 508, 3, LEN(16) },               /* RuPay */
    { 50, 50, 2, LENS(12, 19) }, { 56, 58, 2, LENS(12, 19) },       /* Maestro, Dankort */
    { 6304, 6304, 4, LENS(12, 19) }, { 6390, 6390, 4, LENS(12, 19) }, { 67, 67, 2, LENS(12, 19) },
    { 636, 639, 3, LENS(16, 19) },                                  /* InterPayment, InstaPayment */
    { 2200, 2205, 4, LENS(16, 19) },                                /* Mir */
    { 9792, 9792, 4, LEN(16) },                                     /* Troy */
    { 1, 1, 1, LEN(15) },                                           /* UATP */
};

static bool is_issued(const char *digits, size_t count)
{
    for (size_t i = 0; i < ARRAY_LEN(issuers); i++) {
        int prefix = 0;
        for (int k = 0; k < issuers[i].digits; k++)
            prefix = prefix * 10 + digits[k] - '0';
        if (prefix >= issuers[i].from && prefix <= issuers[i].to && (issuers[i].lens & LEN(count)))
            return true;
    }
    return false;
}

/* Where a card number that begins at `from` ends, or 0. An expiry date may follow it behind a blank. */
static size_t card_end(const struct detecting *detecting, size_t from)
{
    struct detect_digits run;
    detect_digits(detecting, from, " -", &run);
    for (size_t count = run.count < 19 ? run.count : 19; count >= 12; count--) {
        bool whole = count == run.count ? !run.more : run.after[count - 1] != 0;
        char next = detect_at(detecting, run.ends[count - 1]);
        bool goes_on = detect_word(next) || ((next == '.' || next == ',') && detect_digit(detect_at(detecting, run.ends[count - 1] + 1)));
        if (whole && !goes_on && is_issued(run.digits, count) && detect_luhn(run.digits, count))
            return run.ends[count - 1];
    }
    return 0;
}

void detect_cards(struct detecting *detecting)
{
    struct str text = detecting->text;
    for (size_t at = 0; at + 12 <= text.len; at++) {
        char before = detect_before(detecting, at);
        /* 0.4111111111111111 is a number of some program, no card. */
        if (!detect_digit(text.data[at]) || detect_word(before) || ((before == '.' || before == ',') && at > 1 && detect_digit(text.data[at - 2])))
            continue;
        size_t end = card_end(detecting, at);
        if (end)
            detect_claim(detecting, DETECT_CARD, at, end);
    }
}
