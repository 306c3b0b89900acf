/* script_words.h - the words of one line of a script. Shared by script.c and script_words.c only. */
#ifndef PLANNER_SCRIPT_WORDS_H
#define PLANNER_SCRIPT_WORDS_H

#include "base/arena.h"
#include "base/err.h"

enum word_kind { WORD_PLAIN, WORD_TEXT, WORD_JSON };

struct word {
    enum word_kind kind;
    struct str text; /* without quotes, escapes resolved */
};

#define WORDS_MAX 64

/* Takes a line apart; a comment ends it. false: err says what is wrong with it. */
bool words_read(struct err *err, struct str line, struct arena *arena, struct word words[WORDS_MAX],
                size_t *count) WARN_UNUSED;

/* "1500", "15s", "2m", "1h", "7d", "200ms" as a number (times in ms). */
bool words_number(struct str text, int64_t *out);
/* The same, or two of them as "2s..5s". */
bool words_range(struct str text, int64_t *from, int64_t *to);

#endif
