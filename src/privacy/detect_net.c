/* detect_net.c - e-mail addresses, IP addresses, addresses of the web. */
#include "privacy/detecting.h"

#include <arpa/inet.h>

#define ADDRESS_MAX 64 /* bytes of an IP address with its zone */
#define LABEL_MAX 63
#define ENDING_MAX 24

/* --- e-mail ------------------------------------------------------------------------------------- */

static bool is_local(char c)
{
    return detect_word(c) || (c && strchr(".!#$%&'*+/=?^_`{|}~-", c));
}

/* The end of a host name that begins at `from`: labels with dots between them; *dots is how many of those. */
static size_t host_end(const struct detecting *detecting, size_t from, size_t *dots, size_t *last_label)
{
    size_t at = from, end = from;
    *dots = 0;
    *last_label = from;
    for (;;) {
        size_t label = at;
        while (detect_word(detect_at(detecting, at)) || (at > label && detect_at(detecting, at) == '-'))
            at++;
        while (at > label && detecting->text.data[at - 1] == '-')
            at--;
        if (at == label || at - label > LABEL_MAX)
            return end;
        *last_label = label;
        *dots += label > from;
        end = at;
        if (detect_at(detecting, at) != '.')
            return end;
        at++;
    }
}

/* Letters, or an ending of other scripts in ASCII (xn--p1ai). */
static bool is_ending(struct str label)
{
    if (label.len < 2 || label.len > LABEL_MAX)
        return false;
    if (str_starts(label, STR("xn--")))
        return true;
    for (size_t i = 0; i < label.len; i++)
        if (detect_digit(label.data[i]) || label.data[i] == '-')
            return false;
    return true;
}

/* user:secret@host of a whole address: that is found as one. */
static bool is_in_url(struct str text, size_t at)
{
    for (int i = 0; i < 2 * LABEL_MAX && at > 0 && (unsigned char)text.data[at - 1] > ' '; i++)
        if (str_starts(str_slice(text, --at, text.len), STR("://")))
            return true;
    return false;
}

void detect_emails(struct detecting *detecting)
{
    struct str text = detecting->text;
    for (ptrdiff_t at = 0; (at = str_find_char(text, '@', (size_t)at)) >= 0; at++) {
        size_t from = (size_t)at, dots, last;
        while (from > 0 && (size_t)at - from < LABEL_MAX + 1 && is_local(text.data[from - 1]))
            from--;
        while (from < (size_t)at && strchr(".'`/=*{|", text.data[from]))
            from++;
        size_t end = host_end(detecting, (size_t)at + 1, &dots, &last);
        if (from < (size_t)at && dots > 0 && !is_in_url(text, (size_t)at) && is_ending(str_slice(text, last, end)))
            detect_claim(detecting, DETECT_EMAIL, from, end);
    }
}

/* --- IP ----------------------------------------------------------------------------------------- */

static bool is_hex(char c)
{
    return detect_digit(c) || (detect_letter(c) && (c | 32) <= 'f');
}

/* A network's length behind the address: /24. */
static size_t with_prefix(const struct detecting *detecting, size_t end, int most)
{
    size_t at = end + 1;
    int value = 0;
    if (detect_at(detecting, end) != '/')
        return end;
    while (detect_digit(detect_at(detecting, at)) && at - end <= 3)
        value = value * 10 + detecting->text.data[at++] - '0';
    return at > end + 1 && value <= most && !detect_word(detect_at(detecting, at)) ? at : end;
}

/* 127.0.0.0/8, ::1 and :: are this machine or none: not personal. */
static bool is_personal(const uint8_t *bytes, size_t count)
{
    if (count == 4)
        return bytes[0] != 127;
    for (size_t i = 0; i < 15; i++)
        if (bytes[i])
            return true;
    return bytes[15] > 1;
}

/* The run of an address's characters at `from`; what ends a sentence is not of it. */
static size_t address_run(const struct detecting *detecting, size_t from, bool six)
{
    size_t at = from;
    for (char c; (c = detect_at(detecting, at)), at - from < ADDRESS_MAX && (detect_digit(c) || c == '.' || (six && (is_hex(c) || c == ':'))); at++)
        ;
    while (at > from && (detecting->text.data[at - 1] == '.' ||
                         (detecting->text.data[at - 1] == ':' && !(at - from > 1 && detecting->text.data[at - 2] == ':'))))
        at--;
    return at;
}

static bool is_address(const struct detecting *detecting, size_t from, size_t to, bool six)
{
    char text[ADDRESS_MAX];
    uint8_t bytes[16];
    if (to - from < 2 || to - from >= sizeof text)
        return false;
    memcpy(text, detecting->text.data + from, to - from);
    text[to - from] = '\0';
    bool digit = false;
    for (size_t i = 0; i < to - from; i++)
        digit |= detect_digit(text[i]); /* face::add is a word of some program */
    return digit && inet_pton(six ? AF_INET6 : AF_INET, text, bytes) == 1 && is_personal(bytes, six ? 16 : 4);
}

static bool stands_alone(const struct detecting *detecting, size_t from, size_t to, bool six)
{
    char before = detect_before(detecting, from), next = detect_at(detecting, to);
    bool longer = before == '.' || (six && before == ':') || (next == '.' && detect_word(detect_at(detecting, to + 1)));
    return !detect_word(before) && !detect_word(next) && !longer;
}

/* An IPv6 address may have a zone: fe80::1%eth0. */
static size_t with_zone(const struct detecting *detecting, size_t end)
{
    size_t at = end + 1;
    if (detect_at(detecting, end) != '%')
        return end;
    while (detect_word(detect_at(detecting, at)))
        at++;
    return at > end + 1 ? at : end;
}

void detect_ips(struct detecting *detecting)
{
    struct str text = detecting->text;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.data[at];
        bool begins = at == 0 || !(is_hex(text.data[at - 1]) || text.data[at - 1] == ':');
        if (begins && (is_hex(c) || c == ':')) {
            size_t end = address_run(detecting, at, true);
            if (end > at && memchr(text.data + at, ':', end - at) && is_address(detecting, at, end, true) && stands_alone(detecting, at, end, true)) {
                end = with_prefix(detecting, with_zone(detecting, end), 128);
                detect_claim(detecting, DETECT_IP, at, end);
                at = end - 1;
                continue;
            }
        }
        if (detect_digit(c) && !detect_word(detect_before(detecting, at))) {
            size_t end = address_run(detecting, at, false);
            if (is_address(detecting, at, end, false) && stands_alone(detecting, at, end, false))
                detect_claim(detecting, DETECT_IP, at, with_prefix(detecting, end, 32));
        }
    }
}

/* --- web ---------------------------------------------------------------------------------------- */

static bool is_url_byte(char c)
{
    return (unsigned char)c > ' ' && !strchr("\"<>\\^`{|}", c);
}

/* Port, path, query; what belongs to the sentence around it stays outside. */
static size_t url_end(const struct detecting *detecting, size_t host)
{
    size_t at = host;
    char c = detect_at(detecting, at);
    if (c != '/' && c != ':' && c != '?' && c != '#')
        return host;
    while (is_url_byte(detect_at(detecting, at)))
        at++;
    while (at > host && strchr(".,;:!?)'*]", detecting->text.data[at - 1]))
        at--;
    return at;
}

static bool follows(const struct detecting *detecting, size_t at, const char *literal)
{
    struct str wanted = str_of(literal);
    return str_equal_nocase(str_slice(detecting->text, at, at + wanted.len), wanted);
}

static void claim_with_scheme(struct detecting *detecting, size_t from, size_t host)
{
    size_t dots, last;
    for (size_t at = host; is_url_byte(detect_at(detecting, at)) && detecting->text.data[at] != '/'; at++)
        if (detecting->text.data[at] == '@') /* user:secret@host */
            host = at + 1;
    size_t end = host_end(detecting, host, &dots, &last);
    if (dots && is_ending(str_slice(detecting->text, last, end)))
        detect_claim(detecting, DETECT_URL, from, url_end(detecting, end));
}

/* A full stop without a blank behind it ("sorry.it") looks like one: an ending that is a word too counts
 * only with something else that says what it is. */
static void claim_bare(struct detecting *detecting, size_t from)
{
    size_t dots, last;
    size_t end = host_end(detecting, from, &dots, &last);
    struct str ending = str_slice(detecting->text, last, end);
    bool www = follows(detecting, from, "www."), word = false;
    if (dots < 1u + www || ending.len > ENDING_MAX || !detect_known_ending(ending, &word))
        return;
    size_t to = url_end(detecting, end);
    bool sure = www || dots > 1 || (to > end && detecting->text.data[end] == '/');
    for (size_t i = from; !sure && i < last; i++)
        sure = detect_digit(detecting->text.data[i]) || detecting->text.data[i] == '-';
    if (sure || (!word && last - from > 2))
        detect_claim(detecting, DETECT_URL, from, to);
}

void detect_urls(struct detecting *detecting)
{
    struct str text = detecting->text;
    static const char *const schemes[] = { "http://", "https://", "ftp://" };
    for (size_t at = 0; at < text.len; at++) {
        char before = detect_before(detecting, at);
        if (!detect_word(text.data[at]) || detect_word(before) || before == '.' || before == '@' || before == '-' || before == '/' || detecting->claimed[at] == DETECT_CLAIMED)
            continue;
        char first = text.data[at] | 32;
        for (size_t i = 0; (first == 'h' || first == 'f') && i < ARRAY_LEN(schemes); i++)
            if (follows(detecting, at, schemes[i]))
                claim_with_scheme(detecting, at, at + strlen(schemes[i]));
        if (detecting->claimed[at] != DETECT_CLAIMED)
            claim_bare(detecting, at);
    }
}
