/* mask_record.c - what the customer's record knows, as patterns: whole values and their parts. */
#include <stdlib.h>

#include "privacy/masking.h"

#define PATTERNS_MAX 256
#define NAME_PART_MIN 2
#define SEGMENT_MIN 4
#define GAP_MAX 8 /* signs and blanks between two letters of a value */
#define ID_MIN 3
#define ID_DIGITS_MIN 4 /* an id of digits only, shorter than this, would hide every number */

const char *const mask_kind_names[MASK_KIND_COUNT] = { "name", "address", "id", "email", "phone" };

struct making {
    struct arena *arena;
    struct mask_patterns *patterns;
};

static void add(struct making *making, enum mask_kind kind, struct str value, size_t least, bool bridges)
{
    struct mask_letters letters = mask_letters_of(making->arena, value);
    struct mask_patterns *patterns = making->patterns;
    if (patterns->count == PATTERNS_MAX)
        return;
    struct mask_pattern pattern = { kind, ARENA_NEW_ARRAY(making->arena, int32_t, letters.count + 1), 0, bridges };
    for (size_t i = 0; i < letters.count; i++)
        if (letters.items[i].letter)
            pattern.letters[pattern.count++] = letters.items[i].letter;
    if (pattern.count >= least)
        patterns->items[patterns->count++] = pattern;
}

/* "von", "de la" and the like are in every second sentence. */
static bool is_particle(struct str word)
{
    static const char *const particles[] = { "von", "van", "der", "den", "de", "del", "la", "las", "los", "el", "al", "af", "av", "da", "di",
                                             "do", "dos", "du", "le", "y", "zu", "zur", "bin", "ibn", "och", "and", "und" };
    for (size_t i = 0; i < ARRAY_LEN(particles); i++)
        if (str_equal_nocase(word, str_of(particles[i])))
            return true;
    return false;
}

static bool is_part_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 || c == '\'';
}

static void add_name(struct making *making, struct str name)
{
    add(making, MASK_NAME, name, NAME_PART_MIN, true);
    for (size_t at = 0; at < name.len;) {
        size_t from = at;
        while (at < name.len && is_part_byte(name.data[at]))
            at++;
        struct str part = str_slice(name, from, at);
        if (part.len && !is_particle(part))
            add(making, MASK_NAME, part, NAME_PART_MIN, false);
        at += at == from;
    }
}

/* The street without its number. */
static struct str without_number(struct str segment)
{
    size_t end = 0;
    while (end < segment.len && !(segment.data[end] >= '0' && segment.data[end] <= '9'))
        end++;
    return str_trim(str_slice(segment, 0, end));
}

static void add_address(struct making *making, struct str address)
{
    struct str rest = address, line, segment;
    bool first = true;
    add(making, MASK_ADDRESS, address, SEGMENT_MIN, true);
    while (str_split(&rest, '\n', &line)) {
        while (str_split(&line, ',', &segment)) {
            segment = str_trim(segment);
            add(making, MASK_ADDRESS, segment, SEGMENT_MIN, true);
            struct str street = first ? without_number(segment) : STR_EMPTY;
            if (street.len && street.len < segment.len)
                add(making, MASK_ADDRESS, street, SEGMENT_MIN, true);
            first = false;
        }
    }
}

static void add_id(struct making *making, struct str id)
{
    bool digits = id.len > 0;
    for (size_t i = 0; i < id.len; i++)
        digits = digits && id.data[i] >= '0' && id.data[i] <= '9';
    add(making, MASK_ID, id, digits ? ID_DIGITS_MIN : ID_MIN, true);
}

static int longest_first(const void *a, const void *b)
{
    const struct mask_pattern *x = a, *y = b;
    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return (int)x->kind - (int)y->kind;
}

struct mask_patterns mask_patterns_of(struct arena *arena, const struct mask_record *record)
{
    struct mask_patterns patterns = { ARENA_NEW_ARRAY(arena, struct mask_pattern, PATTERNS_MAX), 0 };
    struct making making = { arena, &patterns };
    add_name(&making, record->name);
    add(&making, MASK_RECORD_EMAIL, record->email, SEGMENT_MIN, true);
    add(&making, MASK_RECORD_PHONE, record->phone, ID_DIGITS_MIN, true);
    add_address(&making, record->address);
    for (size_t i = 0; i < record->id_count; i++)
        add_id(&making, record->ids[i]);
    if (patterns.count > 1)
        qsort(patterns.items, patterns.count, sizeof *patterns.items, longest_first);
    return patterns;
}

static bool ends_word(const struct mask_letters *letters, size_t at)
{
    return at >= letters->count || !letters->items[at].letter;
}

size_t mask_pattern_end(const struct mask_pattern *pattern, const struct mask_letters *letters, size_t at)
{
    size_t gap = 0;
    for (size_t k = 0; k < pattern->count; at++) {
        if (at >= letters->count)
            return 0;
        int32_t letter = letters->items[at].letter;
        if (letter == pattern->letters[k]) {
            k++;
            gap = 0;
        } else if (letter || !pattern->bridges || k == 0 || ++gap > GAP_MAX) {
            return 0;
        }
    }
    /* "Annas", "Anna's": the ending stays. */
    bool genitive = pattern->kind == MASK_NAME && !ends_word(letters, at) && letters->items[at].letter == 's' && ends_word(letters, at + 1);
    return ends_word(letters, at) || genitive ? at : 0;
}
