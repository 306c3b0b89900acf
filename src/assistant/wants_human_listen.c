#include "assistant/wants_human_listen.h"

#include <string.h>
#include <utf8proc.h>

#include "assistant/wants_human_fold.h"
#include "assistant/wants_human_guess.h"
#include "base/must.h"

/* What listens: the window being filled, the word being written, and the two before that may belong
 * to it ("h u m a n", "hu man"). */
struct listener {
    struct window *window;
    window_fn *look;
    void *context;
    struct letters word;
    struct letters held;            /* the last word, until the next says that it is whole */
    uint16_t spelled[SPELLED_MAX];  /* words of one letter in a row */
    size_t spelled_count;
    bool comma;                     /* before the next word */
};

/* --- the window ----------------------------------------------------------------------------------- */

static void slide(struct listener *listener)
{
    struct window *window = listener->window;
    unsigned by = window->count - WINDOW_LAP;
    size_t kept = 0;
    for (size_t i = 0; i < window->touched_count; i++) {
        uint16_t class = window->touched[i];
        window->classes[class] >>= by;
        if (window->classes[class]) window->touched[kept++] = class;
    }
    window->steps += window->touched_count;
    window->touched_count = kept;
    window->starts >>= by;
    window->breaks >>= by;
    window->commas >>= by;
    window->count -= by;
    window->whole = false;
}

static unsigned place(struct listener *listener)
{
    struct window *window = listener->window;
    if (window->count == WINDOW) {
        listener->look(listener->context, window);
        slide(listener);
    }
    unsigned at = window->count++;
    if (at == 0 || listener->comma || window->breaks >> (at - 1) & 1) window->starts |= (uint64_t)1 << at;
    if (listener->comma) window->commas |= (uint64_t)1 << at;
    listener->comma = false;
    return at;
}

static void touch(struct window *window, unsigned at, const uint16_t *classes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!window->classes[classes[i]]) window->touched[window->touched_count++] = classes[i];
        window->classes[classes[i]] |= (uint64_t)1 << at;
    }
    window->steps += count;
}

static void add_break(struct listener *listener)
{
    struct window *window = listener->window;
    if (window->count == 0 || window->breaks >> (window->count - 1) & 1) return;
    unsigned at = place(listener);
    ear_end_sentence(&window->ear);
    window->starts &= ~((uint64_t)1 << at);
    window->breaks |= (uint64_t)1 << at;
}

/* Whether the tables know most of it as a beginning: then it is a word, and nothing is guessed. */
static bool begins_known(struct listener *listener, const struct letters *word)
{
    uint32_t hash = HEARD_HASH_START;
    for (size_t i = 0; i < word->len; i++) {
        hash = heard_hash(hash, word->items[i]);
        if (i + 1 < HEARD_PREFIX_MIN) continue;
        int begins = heard_find_hashed(word->items, i + 1, hash, &listener->window->steps);
        if (begins >= 0 && heard_words[begins].prefix_count && (i + 1) * 3 >= word->len * 2u) return true;
    }
    return false;
}

/* The classes of every beginning of the word, then of the word itself, which is given if it is known. */
static void add_known(struct listener *listener, const uint16_t *letters, size_t len, int known)
{
    struct window *window = listener->window;
    uint32_t hash = HEARD_HASH_START;
    unsigned at = place(listener);
    ear_word(&window->ear, letters, len);
    for (size_t i = 0; i < len; i++) {
        hash = heard_hash(hash, letters[i]);
        if (i + 1 < HEARD_PREFIX_MIN) continue;
        int begins = heard_find_hashed(letters, i + 1, hash, &window->steps);
        if (begins >= 0)
            touch(window, at, heard_word_classes + heard_words[begins].prefix, heard_words[begins].prefix_count);
    }
    if (known >= 0)
        touch(window, at, heard_word_classes + heard_words[known].exact, heard_words[known].exact_count);
}

/* --- words ---------------------------------------------------------------------------------------- */

/* Letters without spaces between words: as few known words as cover them. */
static void add_run(struct listener *listener, const uint16_t *letters, const struct guess_cuts *cuts)
{
    for (size_t i = 0; i < cuts->count; i++)
        add_known(listener, letters + cuts->items[i].from, cuts->items[i].len, cuts->items[i].word);
}

static void add_word(struct listener *listener, const struct letters *word)
{
    struct window *window = listener->window;
    int known = heard_find(word->items, word->len, &window->steps);
    if (known < 0 && !begins_known(listener, word)) {
        struct letters guessed = *word;
        struct guess_cuts cuts;
        known = guess_word(&guessed, &window->steps);
        if (known < 0 && guess_run_together(word, &cuts, &window->steps)) {
            add_run(listener, word->items, &cuts);
            return;
        }
        if (known >= 0) {
            add_known(listener, heard_letters + heard_words[known].letters, heard_words[known].len, known);
            return;
        }
    }
    add_known(listener, word->items, word->len, known);
}

static void end_spelling(struct listener *listener)
{
    struct guess_cuts cuts;
    if (listener->spelled_count >= 3 && guess_spelled(listener->spelled, listener->spelled_count, &cuts, &listener->window->steps)) {
        add_run(listener, listener->spelled, &cuts);
    } else {
        for (size_t i = 0; i < listener->spelled_count; i++)
            add_known(listener, &listener->spelled[i], 1, heard_find(&listener->spelled[i], 1, &listener->window->steps));
    }
    listener->spelled_count = 0;
}

static void let_go(struct listener *listener)
{
    if (listener->held.len) add_word(listener, &listener->held);
    listener->held.len = 0;
}

static void flush(struct listener *listener)
{
    end_spelling(listener);
    let_go(listener);
}

/* The word is at its end: one letter waits for others, a short one for its other half. */
static void end_word(struct listener *listener)
{
    struct letters *word = &listener->word;
    if (word->len == 0) return;
    if (word->len == 1 && !fold_is_word(word->items[0]) && !listener->held.len) {
        if (listener->spelled_count == SPELLED_MAX) end_spelling(listener);
        listener->spelled[listener->spelled_count++] = word->items[0];
    } else {
        struct letters joined;
        if (listener->spelled_count == 1 && guess_joined(&(struct letters){ .items = { listener->spelled[0] }, .len = 1 }, word, &joined, &listener->window->steps)) {
            listener->spelled_count = 0;
            listener->held = joined;
        } else if (listener->held.len && guess_joined(&listener->held, word, &joined, &listener->window->steps)) {
            listener->held = joined;
        } else {
            flush(listener);
            if (word->len == 1 && !fold_is_word(word->items[0])) listener->spelled[listener->spelled_count++] = word->items[0];
            else listener->held = *word;
        }
    }
    *word = (struct letters){ .len = 0 };
}

/* "huuuman" and "pleeease": three and more of a letter are one. Two stay two. */
static void add_letter(struct letters *word, uint16_t letter)
{
    word->run = word->len && word->items[word->len - 1] == letter ? (uint8_t)(word->run < 3 ? word->run + 1 : 4) : 1;
    if (word->run >= 3) {
        if (word->run == 3) word->len--;
        return;
    }
    bool digit = letter >= '0' && letter <= '9';
    word->has_digit |= digit;
    word->has_letter |= !digit;
    if (word->len < HEARD_LETTERS_MAX) word->items[word->len++] = letter;
}

/* Signs that stand for a letter inside a word: hum@n, per$on. */
static uint16_t letter_of_sign(int32_t c)
{
    return c == '@' ? 'a' : c == '$' ? 's' : c == 0x20ac ? 'e' : 0;
}

static void hear(struct listener *listener, int32_t c, int32_t next)
{
    uint16_t letters[FOLD_MAX];
    struct letters *word = &listener->word;
    if (fold_is_apostrophe(c)) { /* don't is dont, but I'll is not ill */
        if (word->len == 1 && word->items[0] == 'i') end_word(listener);
        return;
    }
    if (word->len && letter_of_sign(c) && ((next | 32) >= 'a' && (next | 32) <= 'z')) {
        add_letter(word, letter_of_sign(c));
        word->has_digit = true; /* guessed, as a digit would be */
        return;
    }
    int count = fold_letters(c, letters);
    for (int i = 0; i < count; i++) {
        if (letters[i] == ' ' || fold_is_word(letters[i])) end_word(listener);
        if (letters[i] == ' ') continue;
        add_letter(word, letters[i]);
        if (fold_is_word(letters[i])) end_word(listener);
    }
    if (fold_is_comma(c) && listener->window->count + listener->held.len + listener->spelled_count) {
        flush(listener);
        listener->comma = true;
    }
    if (fold_ends_sentence(c)) {
        /* h.u.m.a.n and hu.man: a full stop between letters ends nothing yet. */
        bool inside = c != '\n' && next > ' ' && (listener->spelled_count || (c == '.' && listener->held.len));
        if (inside) return;
        flush(listener);
        add_break(listener);
    }
}

static int32_t next_code_point(struct str *rest)
{
    utf8proc_int32_t c;
    if (!rest->len) return 0;
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)rest->data, (utf8proc_ssize_t)rest->len, &c);
    if (used <= 0) {
        c = ' ';
        used = 1;
    }
    *rest = str_make(rest->data + used, rest->len - (size_t)used);
    return c ? c : ' ';
}

void wants_human_listen(struct str text, struct window *window, window_fn *look, void *context)
{
    struct listener listener = { .window = window, .look = look, .context = context };
    must(heard_class_count <= HEARD_CLASSES_MAX);
    memset(window->classes, 0, sizeof window->classes[0] * heard_class_count);
    ear_start(&window->ear);
    window->touched_count = 0;
    window->starts = window->breaks = window->commas = window->steps = 0;
    window->count = 0;
    window->whole = true;
    window->last = window->near_miss = false;
    for (int32_t c = next_code_point(&text), next; c; c = next) {
        next = next_code_point(&text);
        hear(&listener, c, next);
        window->steps++;
    }
    end_word(&listener);
    flush(&listener);
    ear_end_sentence(&window->ear);
    window->last = true;
    look(context, window);
}
