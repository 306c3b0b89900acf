/* Whoever asks for a person gets one, and whoever needs one, in many words and languages. What only looks like it does not.
 *
 * The sets were written in customers' words before the rules, and a third of each was held out: lines
 * marked "held" were never looked at when a rule was written or a sentence learned. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "assistant/wants_human_judge.h"
#include "base/random.h"

#define SETS "tests/unit/assistant/"

static const char *const languages[] = { "en", "sv", "de", "es" };

struct line {
    struct str part, kind, language, text;
};

/* The next line of a set; comments are passed over. */
static bool next_line(struct str *rest, struct line *line)
{
    struct str text;
    while (str_split(rest, '\n', &text)) {
        if (text.len == 0 || text.data[0] == '#') continue;
        assert_true(str_split(&text, '\t', &line->part) && str_split(&text, '\t', &line->kind) && str_split(&text, '\t', &line->language));
        line->text = text;
        return true;
    }
    return false;
}

struct figures {
    size_t lines, heard, kind;
};

/* [part: 0 tuned, 1 held][language, the last for all others] */
typedef struct figures table[2][ARRAY_LEN(languages) + 1];

static size_t column_of(struct str language)
{
    size_t i = 0;
    while (i < ARRAY_LEN(languages) && !str_equal(language, str_of(languages[i]))) i++;
    return i;
}

static struct figures sum(const struct figures *row)
{
    struct figures all = { 0, 0, 0 };
    for (size_t i = 0; i <= ARRAY_LEN(languages); i++) {
        all.lines += row[i].lines;
        all.heard += row[i].heard;
        all.kind += row[i].kind;
    }
    return all;
}

static void print_row(const char *name, const char *part, const struct figures *row)
{
    struct figures all = sum(row);
    print_message("%-12s %-5s %4zu lines, heard %5.1f %%, the very kind %5.1f %% ", name, part, all.lines,
                  100.0 * (double)all.heard / (double)all.lines, 100.0 * (double)all.kind / (double)all.lines);
    for (size_t i = 0; i <= ARRAY_LEN(languages); i++)
        if (row[i].lines) print_message(" %s %zu/%zu", i < ARRAY_LEN(languages) ? languages[i] : "other", row[i].heard, row[i].lines);
    print_message("\n");
}

/* Reads a set; `via`: what its lines are at least, or HEARD_NOTHING for near misses, which are "heard" if nothing is. */
static void play(const char *name, enum heard_via via, table figures)
{
    struct arena arena = { 0 };
    struct line line;
    memset(figures, 0, sizeof(table));
    struct str rest = file_read(&arena, arena_cstr(&arena, arena_format(&arena, SETS "heard_%s.tsv", name)));
    while (next_line(&rest, &line)) {
        struct heard heard = heard_in(line.text);
        bool held = str_equal(line.part, STR("held"));
        struct figures *cell = &figures[held][column_of(line.language)];
        bool right = via ? heard.via >= via : heard.via == HEARD_NOTHING;
        assert_true(held || str_equal(line.part, STR("tuned")));
        cell->lines++;
        cell->heard += right;
        cell->kind += str_equal(heard_kind_name(heard.kind), line.kind);
        if (!held && !right)
            print_message("'%.*s' is %.*s, heard %.*s (%.*s:%d)\n", STR_ARG(line.text), STR_ARG(line.kind),
                          STR_ARG(heard_kind_name(heard.kind)), STR_ARG(heard.language), heard.line);
    }
    print_row(name, "tuned", figures[0]);
    print_row(name, "held", figures[1]);
    arena_free(&arena);
}

static void must_hear(const char *name, enum heard_via via, double floor)
{
    table figures;
    play(name, via, figures);
    struct figures tuned = sum(figures[0]), held = sum(figures[1]);
    assert_true(tuned.lines + held.lines >= 150 && held.lines * 3 >= tuned.lines);
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) assert_true(figures[0][i].lines + figures[1][i].lines >= 40);
    assert_int_equal(tuned.heard, tuned.lines);
    assert_true((double)held.heard >= floor * (double)held.lines);
    assert_true((double)tuned.kind >= 0.9 * (double)tuned.lines);
}

static void a_wish_for_a_person_is_heard(void **state)
{
    UNUSED(state);
    must_hear("words", HEARD_WORDS, 0.9);
}

static void a_complaint_is_heard(void **state)
{
    UNUSED(state);
    must_hear("complaint", HEARD_COMPLAINT, 0.95);
}

static void signs_of_vulnerability_are_heard(void **state)
{
    UNUSED(state);
    must_hear("vulnerable", HEARD_VULNERABLE, 0.92);
}

static void danger_is_heard(void **state)
{
    UNUSED(state);
    must_hear("danger", HEARD_DANGER, 0.9);
}

static void a_wish_is_heard_in_many_languages(void **state)
{
    table figures;
    UNUSED(state);
    play("languages", HEARD_WORDS, figures);
    assert_int_equal(sum(figures[0]).heard, sum(figures[0]).lines);
    assert_true((double)sum(figures[1]).heard >= 0.95 * (double)sum(figures[1]).lines);
    assert_true(sum(figures[0]).lines + sum(figures[1]).lines >= 200);
}

static void a_wish_is_heard_however_it_is_written(void **state)
{
    table figures;
    UNUSED(state);
    play("obfuscated", HEARD_WORDS, figures);
    assert_int_equal(sum(figures[0]).heard, sum(figures[0]).lines);
    assert_true((double)sum(figures[1]).heard >= 0.95 * (double)sum(figures[1]).lines);
}

/* Honestly heard wrong is allowed, but seldom: a person who is not needed costs less than one who is missing. */
static void near_misses_are_let_pass(void **state)
{
    table figures;
    UNUSED(state);
    play("near", HEARD_NOTHING, figures);
    struct figures tuned = sum(figures[0]), held = sum(figures[1]);
    assert_true(tuned.lines + held.lines >= 200);
    assert_int_equal(tuned.heard, tuned.lines);
    assert_true((double)held.heard >= 0.93 * (double)held.lines);
}

/* The first set of all: via, language, text. */
static void what_was_heard_before_is_heard_still(void **state)
{
    struct arena arena = { 0 };
    struct str rest = file_read(&arena, SETS "wants_human.tsv"), text, via, language;
    size_t lines = 0, missed = 0, false_alarms = 0;
    UNUSED(state);
    while (str_split(&rest, '\n', &text)) {
        if (text.len == 0 || text.data[0] == '#') continue;
        assert_true(str_split(&text, '\t', &via) && str_split(&text, '\t', &language));
        bool near_miss = str_equal(via, STR("-"));
        struct heard heard = heard_in(text);
        enum heard_via least = HEARD_NOTHING;
        while (!near_miss && !str_equal(heard_via_name(least), via)) least++;
        lines++;
        missed += !near_miss && heard.via < least;
        false_alarms += near_miss && heard.via;
        if (near_miss ? heard.via != HEARD_NOTHING : heard.via < least)
            print_message("'%.*s' is %.*s, heard %.*s (%.*s:%d)\n", STR_ARG(text), STR_ARG(via), STR_ARG(heard_via_name(heard.via)),
                          STR_ARG(heard.language), heard.line);
    }
    print_message("wants_human.tsv: %zu lines, %zu missed, %zu heard wrongly\n", lines, missed, false_alarms);
    assert_int_equal(missed, 0);
    assert_true(false_alarms <= 4);
    arena_free(&arena);
}

/* --- wherever and however it stands ------------------------------------------------------------- */

static const char around[] = "The parcel came on Tuesday and the lamp in it has the wrong colour. I sent a picture of it with my first message. "
                             "The shop says that the return costs nothing. My order number is 20417. ";

/* In the middle of a message as long as it may be, across the windows that the rules look at. */
static void every_tuned_line_is_heard_inside_a_long_message(void **state)
{
    static const char *const names[] = { "words", "complaint", "vulnerable", "danger" };
    static char message[LIMIT_MESSAGE];
    struct line line;
    UNUSED(state);
    assert_int_equal(heard_in(str_of(around)).via, HEARD_NOTHING);
    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        struct arena arena = { 0 };
        struct str rest = file_read(&arena, arena_cstr(&arena, arena_format(&arena, SETS "heard_%s.tsv", names[n])));
        size_t places = 0, missed = 0;
        while (next_line(&rest, &line)) {
            if (!str_equal(line.part, STR("tuned"))) continue;
            size_t len = 0, before = 200 + (places * 131) % 5000;
            while (len < before) {
                size_t size = sizeof around - 1 < before - len ? sizeof around - 1 : before - len;
                memcpy(message + len, around, size);
                len += size;
            }
            memcpy(message + len, ".\n", 2);
            memcpy(message + len + 2, line.text.data, line.text.len);
            memcpy(message + len + 2 + line.text.len, ".\n", 2);
            len += line.text.len + 4;
            memcpy(message + len, around, sizeof around - 1);
            len += sizeof around - 1;
            bool heard = heard_in(str_make(message, len)).via >= (enum heard_via)(n + 1);
            if (!heard) print_message("not heard inside a long message: '%.*s'\n", STR_ARG(line.text));
            missed += !heard;
            places++;
        }
        assert_int_equal(missed, 0);
        arena_free(&arena);
    }
}

/* Capital letters, what nobody sees, and exclamation marks change nothing. */
static void dress_does_not_matter(void **state)
{
    struct arena arena = { 0 };
    struct line line;
    struct str rest = file_read(&arena, SETS "heard_danger.tsv");
    size_t lines = 0;
    UNUSED(state);
    while (next_line(&rest, &line)) {
        static char dressed[4 * 1024];
        size_t len = 0;
        enum heard_via plain = heard_in(line.text).via;
        for (size_t i = 0; i < line.text.len; i++) {
            char c = line.text.data[i];
            dressed[len++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
            if (i % 3 == 1 && (c & 0x80) == 0) { /* a zero-width space */
                memcpy(dressed + len, "\xe2\x80\x8b", 3);
                len += 3;
            }
        }
        memcpy(dressed + len, "  \xf0\x9f\x98\xa1", 6);
        if (heard_in(str_make(dressed, len + 6)).via < plain) fail_msg("dressed up, '%.*s' is not heard", STR_ARG(line.text));
        lines++;
    }
    assert_true(lines >= 150);
    arena_free(&arena);
}

static void a_wish_is_heard_inside_other_words(void **state)
{
    UNUSED(state);
    assert_true(str_equal(wants_human(STR("My order is late, the app says nothing. I want a human. Thank you")), STR("words")));
    assert_true(str_equal(wants_human(STR("ordern är sen\nkan jag få prata med en människa\ntack")), STR("words")));
    assert_true(str_equal(wants_human(STR("I  WANT\tA\u00a0HUMAN!!!")), STR("words")));
    assert_true(str_equal(wants_human(STR("i wänt a hümän")), STR("words")));
}

/* What is worst comes first, and the rest is not lost. */
static void danger_comes_before_all(void **state)
{
    UNUSED(state);
    struct heard heard = heard_in(STR("I want a human. My husband died. I want to kill myself"));
    assert_int_equal(heard.via, HEARD_DANGER);
    assert_int_equal(heard.kind, HEARD_KIND_DANGER_SELF_HARM);
    assert_true(heard.kinds >> HEARD_KIND_BEREAVEMENT & 1 && heard.kinds >> HEARD_KIND_PERSON & 1);
    assert_true(str_equal(heard.language, STR("en")) && heard.line > 0);
    heard = heard_in(STR("this is unacceptable, my husband died and you send reminders"));
    assert_int_equal(heard.kind, HEARD_KIND_BEREAVEMENT);
    assert_true(str_equal(heard_kind_name(heard.kind), STR("bereavement")));
}

/* --- bounded work ----------------------------------------------------------------------------------- */

static uint64_t steps_of(struct str text)
{
    uint64_t steps;
    heard_counting(text, &steps);
    return steps;
}

/* Counted, not timed: so many steps a byte at most, whatever the text. */
static void the_work_is_bounded_for_every_text(void **state)
{
    static const char *const worst[] = {
        "a ", "talk to a ", "h.u.m.a.n ", "i will kill the money now ", "person", "wxyzqrstuv ", "my husband died and i ", "i have no ",
        "kann ich nicht mehr ", "no puedo pagar ", "jag orkar inte ", "he me i my you ", "0a1b2c3d4e ", "aaaaaaaaaa ", "\xe4\xba\xba ", "hu man ", "!.!.",
    };
    static char text[LIMIT_MESSAGE];
    struct random random = { 7 };
    uint64_t most = 0;
    UNUSED(state);
    for (size_t w = 0; w < ARRAY_LEN(worst) + 200; w++) {
        size_t len = sizeof text;
        for (size_t i = 0; i < len; i++) {
            if (w < ARRAY_LEN(worst)) text[i] = worst[w][i % strlen(worst[w])];
            else text[i] = w % 2 ? (char)random_next(&random) : " aehimnorstu"[random_below(&random, 12)];
        }
        uint64_t steps = steps_of(str_make(text, len));
        if (steps > most) most = steps;
        /* Half the text takes about half the work: no step looks back over the whole. */
        assert_true(steps_of(str_make(text, len / 2)) <= steps * 3 / 4 + 2000);
    }
    print_message("at most %llu steps for %d bytes\n", (unsigned long long)most, LIMIT_MESSAGE);
    assert_true(most <= 60 * (uint64_t)LIMIT_MESSAGE);
    assert_int_equal(wants_human(STR_EMPTY).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wish_for_a_person_is_heard), cmocka_unit_test(a_complaint_is_heard),
        cmocka_unit_test(signs_of_vulnerability_are_heard), cmocka_unit_test(danger_is_heard),
        cmocka_unit_test(a_wish_is_heard_in_many_languages), cmocka_unit_test(a_wish_is_heard_however_it_is_written),
        cmocka_unit_test(near_misses_are_let_pass), cmocka_unit_test(what_was_heard_before_is_heard_still),
        cmocka_unit_test(every_tuned_line_is_heard_inside_a_long_message), cmocka_unit_test(dress_does_not_matter),
        cmocka_unit_test(a_wish_is_heard_inside_other_words), cmocka_unit_test(danger_comes_before_all),
        cmocka_unit_test(the_work_is_bounded_for_every_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
