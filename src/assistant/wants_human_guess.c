#include "assistant/wants_human_guess.h"

#include <string.h>

#include "assistant/wants_human_fold.h"
#include "base/must.h"

#define RUN_MIN 8              /* letters of words written together; shorter ones are words of some language */
#define PIECE_MAX 16           /* letters of one word in a run */
/* What a piece of a run costs: a letter that belongs to no word, a known word, a marked one. */
#define LEFT_OVER 12
#define KNOWN 4
#define MARKED 2

int heard_find_hashed(const uint16_t *letters, size_t len, uint32_t hash, uint64_t *steps)
{
    for (uint32_t slot = heard_slot(hash);; slot = (slot + 1) & heard_slot_mask) {
        ++*steps;
        if (!heard_slots[slot]) return -1;
        const struct heard_word *word = &heard_words[heard_slots[slot] - 1];
        if (word->len == len && memcmp(heard_letters + word->letters, letters, sizeof *letters * len) == 0) return heard_slots[slot] - 1;
    }
}

int heard_find(const uint16_t *letters, size_t len, uint64_t *steps)
{
    uint32_t hash = HEARD_HASH_START;
    for (size_t i = 0; i < len; i++) hash = heard_hash(hash, letters[i]);
    return heard_find_hashed(letters, len, hash, steps);
}

/* --- one word ------------------------------------------------------------------------------------- */

static bool same(const uint16_t *a, const uint16_t *b, size_t count)
{
    return memcmp(a, b, sizeof *a * count) == 0;
}

/* One letter more, less, other, or two swapped. */
static bool is_one_off(const uint16_t *a, size_t a_len, const uint16_t *b, size_t b_len)
{
    size_t i = 0, shorter = a_len < b_len ? a_len : b_len;
    while (i < shorter && a[i] == b[i]) i++;
    if (a_len == b_len)
        return i == a_len || same(a + i + 1, b + i + 1, a_len - i - 1) ||
               (i + 1 < a_len && a[i] == b[i + 1] && a[i + 1] == b[i] && same(a + i + 2, b + i + 2, a_len - i - 2));
    if (a_len + 1 == b_len) return same(a + i, b + i + 1, a_len - i);
    return a_len == b_len + 1 && same(a + i + 1, b + i, b_len - i);
}

static int find_mistyped(const uint16_t *letters, size_t len, uint64_t *steps)
{
    uint32_t set = 0;
    if (len + 1 < HEARD_TYPO_MIN) return -1;
    for (size_t i = 0; i < len; i++) set |= heard_letter_bit(letters[i]);
    size_t to = len + 1 <= HEARD_LETTERS_MAX ? len + 1 : HEARD_LETTERS_MAX;
    for (size_t i = heard_typo_from[len - 1]; i < heard_typo_from[to + 1]; i++) {
        const struct heard_typo *typo = &heard_typos[i];
        ++*steps;
        if (__builtin_popcount(typo->letters_set ^ set) > 2) continue;
        if (is_one_off(letters, len, heard_letters + heard_words[typo->word].letters, typo->len)) return typo->word;
    }
    return -1;
}

static bool read_signs(struct letters *word, uint16_t one)
{
    static const char digits[] = "o1zeasgtb9";
    bool changed = false;
    for (size_t i = 0; i < word->len; i++) {
        uint16_t letter = word->items[i];
        if (letter < '0' || letter > '9') continue;
        word->items[i] = letter == '1' ? one : (uint16_t)digits[letter - '0'];
        changed |= word->items[i] != letter;
    }
    return changed;
}

static bool read_look_alikes(struct letters *word)
{
    bool latin = false, other = false;
    struct letters copy = *word;
    for (size_t i = 0; i < word->len; i++) {
        copy.items[i] = fold_look_alike(word->items[i]);
        latin |= word->items[i] < 128;
        other |= copy.items[i] != word->items[i];
    }
    if (!latin || !other) return false;
    *word = copy;
    return true;
}

static bool read_doubled(struct letters *word)
{
    size_t kept = 0;
    for (size_t i = 0; i < word->len; i++)
        if (!kept || word->items[kept - 1] != word->items[i]) word->items[kept++] = word->items[i];
    bool changed = kept != word->len;
    word->len = (uint8_t)kept;
    return changed;
}

static int marked(int word)
{
    return word >= 0 && heard_words[word].typo ? word : -1;
}

int guess_word(struct letters *word, uint64_t *steps)
{
    int found = -1;
    *steps += word->len;
    if (read_look_alikes(word) && (found = heard_find(word->items, word->len, steps)) >= 0) return found;
    if (word->has_digit) {
        struct letters other = *word;
        if (!word->has_letter || word->len < 4) return -1;
        if (read_signs(word, 'i') && (found = marked(heard_find(word->items, word->len, steps))) >= 0) return found;
        if (read_signs(&other, 'l') && (found = marked(heard_find(other.items, other.len, steps))) >= 0) return found;
        return -1;
    }
    if ((found = find_mistyped(word->items, word->len, steps)) >= 0) return found;
    return read_doubled(word) ? marked(heard_find(word->items, word->len, steps)) : -1;
}

/* --- several words -------------------------------------------------------------------------------- */

/* The cheapest way to cut letters into known words: cost[i] is that of the first i letters. */
static void cut(const uint16_t *letters, size_t len, struct guess_cuts *cuts, uint64_t *steps)
{
    unsigned cost[SPELLED_MAX + 1] = { 0 };
    int16_t word_at[SPELLED_MAX + 1];
    uint8_t len_at[SPELLED_MAX + 1] = { 0 };
    must(len <= SPELLED_MAX);
    for (size_t i = 1; i <= len; i++) cost[i] = ~0u;
    for (size_t from = 0; from < len; from++) {
        uint32_t hash = HEARD_HASH_START;
        if (cost[from] + LEFT_OVER < cost[from + 1]) {
            cost[from + 1] = cost[from] + LEFT_OVER;
            word_at[from + 1] = -1;
            len_at[from + 1] = 1;
        }
        for (size_t size = 1; size <= PIECE_MAX && from + size <= len; size++) {
            hash = heard_hash(hash, letters[from + size - 1]);
            int word = heard_find_hashed(letters + from, size, hash, steps);
            if (word < 0 || !heard_words[word].exact_count) continue;
            unsigned with = cost[from] + (heard_words[word].typo ? MARKED : KNOWN);
            if (with > cost[from + size]) continue;
            cost[from + size] = with;
            word_at[from + size] = (int16_t)word;
            len_at[from + size] = (uint8_t)size;
        }
    }
    cuts->count = 0;
    for (size_t to = len; to; to -= len_at[to]) cuts->count++;
    size_t at = cuts->count;
    for (size_t to = len; to; to -= len_at[to]) {
        cuts->items[--at].from = (uint8_t)(to - len_at[to]);
        cuts->items[at].len = len_at[to];
        cuts->items[at].word = word_at[to];
    }
}

static void judge_cuts(const struct guess_cuts *cuts, bool *any_marked, bool *left_over)
{
    *any_marked = *left_over = false;
    for (size_t i = 0; i < cuts->count; i++) {
        *left_over |= cuts->items[i].word < 0;
        *any_marked |= marked(cuts->items[i].word) >= 0;
    }
}

bool guess_run_together(const struct letters *word, struct guess_cuts *cuts, uint64_t *steps)
{
    bool any_marked, left_over;
    if (word->len < RUN_MIN || word->has_digit) return false;
    cut(word->items, word->len, cuts, steps);
    judge_cuts(cuts, &any_marked, &left_over);
    return any_marked && !left_over;
}

bool guess_spelled(const uint16_t *letters, size_t len, struct guess_cuts *cuts, uint64_t *steps)
{
    bool any_marked, left_over;
    struct letters word = { .len = 0 };
    cut(letters, len, cuts, steps);
    judge_cuts(cuts, &any_marked, &left_over);
    if (any_marked) return true;
    if (len > HEARD_LETTERS_MAX) return false;
    /* All of it as one word with a sign or an error in it. */
    memcpy(word.items, letters, sizeof *letters * len);
    word.len = (uint8_t)len;
    word.has_letter = true;
    for (size_t i = 0; i < len; i++) word.has_digit |= letters[i] >= '0' && letters[i] <= '9';
    int found = guess_word(&word, steps);
    if (found < 0) return false;
    cuts->count = 1;
    cuts->items[0].from = 0;
    cuts->items[0].len = (uint8_t)len;
    cuts->items[0].word = (int16_t)found;
    return true;
}

bool guess_joined(const struct letters *a, const struct letters *b, struct letters *joined, uint64_t *steps)
{
    size_t len = (size_t)a->len + b->len;
    if (len < HEARD_TYPO_MIN || len > PIECE_MAX || a->has_digit || b->has_digit) return false;
    if (a->len == 1 && heard_find(b->items, b->len, steps) >= 0) return false; /* a gente, a gents' watch */
    *joined = *a;
    memcpy(joined->items + a->len, b->items, sizeof *b->items * b->len);
    joined->len = (uint8_t)len;
    return marked(heard_find(joined->items, joined->len, steps)) >= 0;
}
