#include "assistant/ground.h"

#include "assistant/facts.h"
#include "assistant/quoted.h"

struct grounds {
    struct arena arena;
    struct facts facts;
    struct marks *sources;
    size_t count;
    struct marks text;
    struct marks *lines; /* of the values */
    size_t line_count;
};

static void read_values(struct grounds *grounds, struct str values)
{
    struct str rest = values, line;
    size_t lines = 1;
    for (size_t i = 0; i < values.len; i++)
        lines += values.data[i] == '\n';
    grounds->lines = ARENA_NEW_ARRAY(&grounds->arena, struct marks, lines);
    while (str_split(&rest, '\n', &line)) {
        struct marks *marks = &grounds->lines[grounds->line_count++];
        *marks = marks_of(&grounds->arena, line, false);
        facts_learn_values(&grounds->facts, marks);
    }
}

static void read(struct grounds *grounds, struct str text, const struct str *approved, size_t count, struct str values)
{
    *grounds = (struct grounds){ .count = count };
    grounds->facts.arena = &grounds->arena;
    grounds->sources = ARENA_NEW_ARRAY(&grounds->arena, struct marks, count + 1);
    for (size_t i = 0; i < count; i++) {
        grounds->sources[i] = marks_of(&grounds->arena, approved[i], true);
        facts_learn(&grounds->facts, &grounds->sources[i]);
    }
    read_values(grounds, values);
    grounds->text = marks_of(&grounds->arena, text, false);
}

static void forget(struct grounds *grounds)
{
    facts_free(&grounds->facts);
    arena_free(&grounds->arena);
}

static bool check_facts(struct err *err, const struct grounds *grounds, bool denials)
{
    const struct facts *facts = &grounds->facts;
    return facts_check_numbers(err, facts, &grounds->text) && facts_check_names(err, facts, &grounds->text) &&
           facts_check_addresses(err, facts, &grounds->text) && facts_check_promises(err, facts, &grounds->text, denials);
}

static bool check_sentences(struct err *err, struct grounds *grounds, struct str text)
{
    size_t stuck = 0;
    struct facts_run *runs;
    size_t run_count = facts_runs(&grounds->facts, &grounds->text, grounds->lines, grounds->line_count, &runs);
    struct quoted quoted = { &grounds->text, runs, run_count, grounds->sources, grounds->count };
    if (quoted_is(&grounds->arena, &quoted, &stuck) || grounds->text.count == 0)
        return true;
    size_t from = stuck > 3 ? grounds->text.items[stuck - 3].from : 0, to = grounds->text.items[stuck].to;
    return err_set(err, "the words '%.*s' do not follow each other in any source", STR_ARG(str_cut(str_slice(text, from, to), 200)));
}

bool ground_check(struct err *err, struct str text, const struct str *approved, size_t count, struct str values)
{
    struct grounds grounds;
    read(&grounds, text, approved, count, values);
    bool good = check_facts(err, &grounds, false) && check_sentences(err, &grounds, text);
    forget(&grounds);
    return good;
}

/* A comma inside of a value parts no clauses of the answer: the source has a place there. */
static void join_values(struct grounds *grounds)
{
    struct facts_run *runs;
    size_t count = facts_runs(&grounds->facts, &grounds->text, grounds->lines, grounds->line_count, &runs);
    for (size_t r = 0; r < count; r++)
        for (size_t i = 1; i < runs[r].len; i++)
            grounds->text.items[runs[r].from + i].clause = grounds->text.items[runs[r].from + i].sentence = false;
}

bool ground_facts(struct err *err, struct str text, const struct str *approved, size_t count, struct str values)
{
    struct grounds grounds;
    read(&grounds, text, approved, count, values);
    join_values(&grounds);
    bool good = check_facts(err, &grounds, true) && facts_check_denials(err, &grounds.facts, &grounds.text);
    forget(&grounds);
    return good;
}

bool ground_promises(struct err *err, struct str text, struct str source)
{
    struct grounds grounds;
    read(&grounds, text, &source, 1, STR_EMPTY);
    bool good = facts_check_promises(err, &grounds.facts, &grounds.text, false);
    forget(&grounds);
    return good;
}
