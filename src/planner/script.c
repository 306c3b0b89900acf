#include "planner/script.h"

#include <stdio.h>

#include "base/memory.h"
#include "planner/script_words.h"

const struct script_verb_row script_verbs[SCRIPT_VERB_COUNT] = {
#define V(verb, word, who, arguments, meaning) { word, who, arguments, meaning },
    SCRIPT_VERBS(V)
#undef V
};

static const struct { const char *word; enum script_who who; } actors[] = {
    { "customer", BY_CUSTOMER }, { "agent", BY_AGENT }, { "supervisor", BY_SUPERVISOR }, { "operator", BY_OPERATOR },
};

static const char *const op_words[] = {
    [OP_IS] = "is", [OP_IS_NOT] = "is-not", [OP_CONTAINS] = "contains", [OP_AT_LEAST] = "at-least",
    [OP_AT_MOST] = "at-most", [OP_PRESENT] = "present", [OP_ABSENT] = "absent",
};

/* What is left of the line that is being read. */
struct line {
    struct err *err;
    struct word words[WORDS_MAX];
    size_t count, at;
    struct script_statement *statement;
};

static const struct word *peek(const struct line *line)
{
    return line->at < line->count ? &line->words[line->at] : NULL;
}

static bool next_is(const struct line *line, const char *word)
{
    const struct word *next = peek(line);
    return next && next->kind == WORD_PLAIN && str_equal(next->text, str_of(word));
}

static bool is_name(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (i && (c == '-' || c == '_'))))
            return false;
    }
    return text.len > 0 && text.len <= 40;
}

/* One value of the type named in a table's arguments. */
static bool take_value(struct line *line, struct str type, const char *slot)
{
    struct script_statement *statement = line->statement;
    const struct word *word = peek(line);
    struct script_value *value = &statement->args[statement->arg_count];
    if (!word)
        return err_set(line->err, "%s%s%.*s is missing at the end", slot ? slot : "", slot ? " " : "", STR_ARG(type));
    must(statement->arg_count < SCRIPT_ARGS_MAX);
    *value = (struct script_value){ .slot = slot, .text = word->text };
    bool plain = word->kind == WORD_PLAIN;
    bool fits;
    if (str_equal(type, STR("TEXT")))
        fits = word->kind == WORD_TEXT;
    else if (str_equal(type, STR("JSON")))
        fits = word->kind == WORD_JSON;
    else if (str_equal(type, STR("NAME")))
        fits = plain && is_name(word->text);
    else if (str_equal(type, STR("NUMBER")))
        fits = value->is_number = plain && words_number(word->text, &value->number);
    else if (str_equal(type, STR("RANGE")))
        fits = value->is_number = plain && words_range(word->text, &value->number, &value->upper);
    else
        fits = plain;
    if (!fits)
        return err_set(line->err, "`%.*s` stands where a %.*s is wanted", STR_ARG(word->text), STR_ARG(type));
    line->at++;
    statement->arg_count++;
    return true;
}

/* Arguments in order: the pieces of `arguments` before the first '['. */
static bool take_arguments(struct line *line, const char *arguments)
{
    struct str rest = str_of(arguments), piece;
    while (str_split(&rest, ' ', &piece)) {
        if (!piece.len || piece.data[0] == '[')
            break;
        if (!take_value(line, piece, NULL))
            return false;
    }
    return true;
}

/* If the next word is the option `[word]` or `[word TYPE]` of the table: takes it. */
static bool take_option(struct line *line, const char *arguments, bool *taken)
{
    const struct word *word = peek(line);
    *taken = false;
    for (const char *at = arguments; word->kind == WORD_PLAIN && (at = strchr(at, '[')); at++) {
        struct str inside = str_make(at + 1, strcspn(at + 1, "]")), name;
        str_split(&inside, ' ', &name);
        if (!str_equal(name, word->text))
            continue;
        /* Table texts are constant, but a slot is compared by its word: keep one that ends. */
        if (script_option(line->statement, at + 1))
            return err_set(line->err, "`%.*s` stands twice", STR_ARG(name));
        line->at++;
        *taken = true;
        bool is_switch = name.data[name.len] == ']';
        if (!is_switch)
            return take_value(line, inside, at + 1);
        must(line->statement->arg_count < SCRIPT_ARGS_MAX);
        line->statement->args[line->statement->arg_count++] = (struct script_value){ .slot = at + 1 };
        return true;
    }
    return true;
}

static bool take_options(struct line *line, const char *arguments, const char *common)
{
    while (peek(line)) {
        bool taken = false;
        if (line->statement->arg_count == SCRIPT_ARGS_MAX)
            return err_set(line->err, "the line has too many options");
        if (!take_option(line, arguments, &taken))
            return false;
        if (!taken && common && !take_option(line, common, &taken))
            return false;
        if (!taken)
            return err_set(line->err, "`%.*s` does not belong here", STR_ARG(peek(line)->text));
    }
    return true;
}

static bool at_common_option(const struct line *line)
{
    static const char *const words[] = { "for", "refused", "key", "repeated", "within" };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (next_is(line, words[i]))
            return true;
    return false;
}

static bool take_match(struct line *line)
{
    struct script_statement *statement = line->statement;
    if (statement->match_count == SCRIPT_MATCHES_MAX)
        return err_set(line->err, "more than %d fields are compared", SCRIPT_MATCHES_MAX);
    struct script_match *match = &statement->matches[statement->match_count++];
    if (peek(line)->kind != WORD_PLAIN)
        return err_set(line->err, "\"%.*s\" stands where a field's name is wanted", STR_ARG(peek(line)->text));
    match->field = line->words[line->at++].text;
    match->op = OP_IS;
    for (size_t i = 0; i < ARRAY_LEN(op_words); i++)
        if (next_is(line, op_words[i])) {
            match->op = (enum script_op)i;
            line->at++;
            break;
        }
    if (match->op == OP_PRESENT || match->op == OP_ABSENT)
        return true;
    const struct word *word = peek(line);
    if (!word)
        return err_set(line->err, "what `%.*s` shall be is missing at the end", STR_ARG(match->field));
    match->value.text = word->text;
    match->value.is_number = word->kind == WORD_PLAIN && words_number(word->text, &match->value.number);
    bool compares = match->op == OP_AT_LEAST || match->op == OP_AT_MOST;
    if (compares && !match->value.is_number)
        return err_set(line->err, "`%s` compares with a number", op_words[match->op]);
    line->at++;
    return true;
}

/* expect [no] [KIND.OF.EVENT] {FIELD [OP] VALUE} */
static bool take_matches(struct line *line)
{
    struct script_statement *statement = line->statement;
    if (statement->verb == SCRIPT_EXPECT) {
        statement->never = next_is(line, "no");
        line->at += statement->never;
        const struct word *word = peek(line);
        if (word && word->kind == WORD_PLAIN && str_find_char(word->text, '.', 0) > 0) {
            statement->event = word->text;
            line->at++;
        }
    }
    if (statement->never && !statement->event.len)
        return err_set(line->err, "`expect no` needs the kind of an event, such as message.sent");
    while (peek(line) && !at_common_option(line))
        if (!take_match(line))
            return false;
    if (!statement->event.len && !statement->match_count)
        return err_set(line->err, "say what is expected");
    return true;
}

static bool find_verb(struct line *line)
{
    const struct word *word = peek(line);
    struct script_statement *statement = line->statement;
    if (!word)
        return err_set(line->err, "what the %.*s does is missing", STR_ARG(line->words[0].text));
    for (size_t i = 0; i < SCRIPT_VERB_COUNT; i++)
        if (next_is(line, script_verbs[i].word) && script_verbs[i].who & statement->who) {
            statement->verb = (enum script_verb)i;
            line->at++;
            return true;
        }
    if (statement->who == BY_NOBODY)
        return err_set(line->err, "a line begins with customer, agent, supervisor or operator, or with a word such as advance; not with `%.*s`",
                       STR_ARG(word->text));
    return err_set(line->err, "a %.*s cannot `%.*s`", STR_ARG(line->words[0].text), STR_ARG(word->text));
}

static bool read_statement(struct line *line)
{
    struct script_statement *statement = line->statement;
    statement->who = BY_NOBODY;
    for (size_t i = 0; i < ARRAY_LEN(actors); i++)
        if (next_is(line, actors[i].word))
            statement->who = actors[i].who;
    if (statement->who != BY_NOBODY)
        line->at++;
    if (statement->who & BY_PERSON) {
        const struct word *name = peek(line);
        if (!name || name->kind != WORD_PLAIN || !is_name(name->text))
            return err_set(line->err, "a name of small letters, digits and '-' is wanted behind `%.*s`",
                           STR_ARG(line->words[0].text));
        statement->name = name->text;
        line->at++;
    }
    if (!find_verb(line))
        return false;
    const char *arguments = script_verbs[statement->verb].arguments;
    enum script_verb verb = statement->verb;
    bool matches = verb == SCRIPT_EXPECT || verb == SCRIPT_EXPECT_BOARD || verb == SCRIPT_EXPECT_METRIC;
    if (matches ? !take_matches(line) : !take_arguments(line, arguments))
        return false;
    return take_options(line, arguments, statement->who == BY_NOBODY ? NULL : SCRIPT_COMMON);
}

/* What a table of words cannot say. */
static bool check_statement(struct err *err, const struct script_statement *statement, bool *acting)
{
    const struct script_value *first = script_argument(statement, 0);
    if (statement->verb == SCRIPT_SETTING && *acting)
        return err_set(err, "settings stand before the first actor");
    if (statement->who != BY_NOBODY)
        *acting = true;
    if (statement->verb == SCRIPT_ADVANCE && (first->number < 0 || first->number > SCRIPT_TIME_MAX))
        return err_set(err, "time goes forward, by at most 366 days");
    if (statement->verb == SCRIPT_TRANSFER &&
        (script_option(statement, "agent") != NULL) == (script_option(statement, "skill") != NULL))
        return err_set(err, "transfer needs `agent NAME` or `skill WORD`");
    if (statement->verb == SCRIPT_REPEAT) {
        if (first->number < 1 || first->number > SCRIPT_REPEAT_MAX)
            return err_set(err, "repeat 1 to %d times", SCRIPT_REPEAT_MAX);
        if (!str_equal(script_argument(statement, 1)->text, STR("customer")))
            return err_set(err, "only customers are repeated: repeat 500 customer NAME");
    }
    return true;
}

static bool close_repeat(struct err *err, struct script *script, size_t at, ptrdiff_t *open)
{
    struct script_statement *statement = &script->statements[at];
    if (statement->verb == SCRIPT_REPEAT) {
        if (*open >= 0)
            return err_set(err, "a repeat stands inside another");
        *open = (ptrdiff_t)at;
    } else if (statement->verb == SCRIPT_DONE) {
        if (*open < 0)
            return err_set(err, "there is no repeat that ends here");
        script->statements[*open].done = at;
        *open = -1;
    } else if (*open >= 0) {
        struct str name = script_argument(&script->statements[*open], 2)->text;
        if (statement->who != BY_CUSTOMER || !str_equal(statement->name, name))
            return err_set(err, "inside the repeat only `customer %.*s` acts", STR_ARG(name));
    }
    return true;
}

static struct script_statement *add_statement(struct script *script, size_t *capacity)
{
    if (script->count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 32;
        script->statements = memory_resize(script->statements, *capacity, sizeof *script->statements);
    }
    struct script_statement *statement = &script->statements[script->count++];
    memset(statement, 0, sizeof *statement);
    return statement;
}

static bool read_lines(struct err *err, struct script *script, struct str text)
{
    struct str rest = text, raw;
    size_t capacity = 0;
    ptrdiff_t open = -1;
    bool acting = false;
    for (int number = 1; str_split(&rest, '\n', &raw); number++) {
        struct line line = { .err = err };
        bool fine = words_read(err, raw, &script->arena, line.words, &line.count);
        if (fine && !line.count)
            continue;
        if (fine && script->count == SCRIPT_STATEMENTS_MAX)
            fine = err_set(err, "the script has more than %d statements", SCRIPT_STATEMENTS_MAX);
        if (fine) {
            line.statement = add_statement(script, &capacity);
            line.statement->line = number;
            line.statement->text = str_trim(raw);
            fine = read_statement(&line) && check_statement(err, line.statement, &acting) &&
                   close_repeat(err, script, script->count - 1, &open);
        }
        if (!fine)
            return err_wrap(err, "%.*s:%d", STR_ARG(script->file), number);
        if (line.statement->verb == SCRIPT_STORY)
            script->story = script_argument(line.statement, 0)->text;
    }
    if (open >= 0) {
        err_set(err, "this repeat has no `done`");
        return err_wrap(err, "%.*s:%d", STR_ARG(script->file), script->statements[open].line);
    }
    return true;
}

bool script_read(struct err *err, struct script *script, struct str file, struct str text)
{
    memset(script, 0, sizeof *script);
    script->file = arena_copy(&script->arena, file);
    bool fine = true;
    if (text.len > SCRIPT_MAX)
        fine = err_set(err, "%.*s: longer than %d bytes", STR_ARG(file), SCRIPT_MAX);
    else if (!str_is_utf8(text))
        fine = err_set(err, "%.*s: not valid UTF-8", STR_ARG(file));
    fine = fine && read_lines(err, script, arena_copy(&script->arena, text));
    if (!fine)
        script_free(script);
    return fine;
}

void script_free(struct script *script)
{
    memory_free(script->statements);
    arena_free(&script->arena);
    memset(script, 0, sizeof *script);
}

const struct script_value *script_argument(const struct script_statement *statement, size_t n)
{
    for (size_t i = 0; i < statement->arg_count; i++)
        if (!statement->args[i].slot && n-- == 0)
            return &statement->args[i];
    return NULL;
}

/* Slots point into the tables of arguments: a word there ends at ' ' or ']'. */
const struct script_value *script_option(const struct script_statement *statement, const char *word)
{
    size_t len = strcspn(word, " ]");
    for (size_t i = 0; i < statement->arg_count; i++) {
        const char *slot = statement->args[i].slot;
        if (slot && strcspn(slot, " ]") == len && !memcmp(slot, word, len))
            return &statement->args[i];
    }
    return NULL;
}

void script_docs(struct buf *out)
{
    static const struct { int who; const char *title; } parts[] = {
        { BY_NOBODY, "the stage" }, { BY_CUSTOMER, "customer NAME" }, { BY_AGENT, "agent NAME" },
        { BY_SUPERVISOR, "supervisor NAME, beside what an agent can do" }, { BY_OPERATOR, "operator" },
    };
    for (size_t p = 0; p < ARRAY_LEN(parts); p++) {
        buf_add_format(out, "\n| %s | |\n| --- | --- |\n", parts[p].title);
        for (size_t i = 0; i < SCRIPT_VERB_COUNT; i++) {
            const struct script_verb_row *row = &script_verbs[i];
            bool belongs = row->who & parts[p].who && !(parts[p].who == BY_SUPERVISOR && row->who & BY_AGENT);
            if (belongs)
                buf_add_format(out, "| `%s%s%s` | %s |\n", row->word, *row->arguments ? " " : "", row->arguments,
                               row->meaning);
        }
    }
}
