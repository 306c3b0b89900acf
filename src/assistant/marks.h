/* marks.h - a text as a row of words, numbers, dates' parts, currencies and addresses, for comparing statements.
 *
 * Words are in lower case without apostrophes. A number is read as people of several countries write
 * it: 1.234,56 and 1,234.56 and 1 234,56 are the same; "1.234" may be two numbers and is kept as both.
 * Where a template has a place for a value there is a gap. Marks know where a sentence or a clause
 * begins. Markdown's own characters are no marks. */
#ifndef ASSISTANT_MARKS_H
#define ASSISTANT_MARKS_H

#include "base/arena.h"

enum mark_kind {
    MARK_WORD,
    MARK_NUMBER,
    MARK_DATE,     /* all in digits: 2026-03-12, 12.3.2026, 3/12/2026 */
    MARK_CURRENCY, /* a sign: the words for it are words */
    MARK_PERCENT,
    MARK_ADDRESS,
    MARK_GAP,      /* {{field}} */
    MARK_BLOCK,    /* {{#field}}, {{^field}}, {{/field}} */
};

struct mark {
    enum mark_kind kind;
    struct str text;      /* word: folded; number: its value, such as "1234.5"; date: 2026-03-12; address: as it stands */
    struct str other;     /* number, date: the other way to read it, or empty */
    size_t from, to;      /* in the text */
    bool block, sentence, clause; /* one begins here; a block is a paragraph, an item, a heading, a line broken on purpose */
    bool capital;         /* a word that begins with a capital letter */
};

struct marks {
    struct mark *items;
    size_t count;
};

/* `template`: {{…}} are gaps and blocks; otherwise braces are nothing. */
struct marks marks_of(struct arena *arena, struct str text, bool template);

/* The same word, number or date (in one of their readings), sign or address. */
bool marks_equal(const struct mark *a, const struct mark *b);
bool marks_is_word(const struct mark *mark, const char *word);

#endif
