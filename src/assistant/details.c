/* details.c - the parameters of an action, found in what the customer says. */
#include "assistant/details.h"

#include <regex.h>

#include "assistant/fill.h"

#define WORD_MAX 200  /* bytes of a value */
#define WORDS_MAX 300 /* of a text that are tried: a pattern takes its time on each */

struct pattern {
    regex_t compiled;
    bool usable;
};

static struct pattern pattern_new(struct arena *arena, const struct action_parameter *parameter)
{
    struct pattern pattern = { .usable = false };
    const char *whole = arena_format(arena, "^(%.*s)$", STR_ARG(parameter->pattern)).data;
    pattern.usable = regcomp(&pattern.compiled, whole, REG_EXTENDED | REG_ICASE | REG_NOSUB) == 0;
    return pattern;
}

static void pattern_free(struct pattern *pattern)
{
    if (pattern->usable)
        regfree(&pattern->compiled);
}

static bool pattern_fits(const struct pattern *pattern, struct arena *arena, struct str text)
{
    return pattern->usable && text.len > 0 && text.len <= WORD_MAX &&
           regexec(&pattern->compiled, arena_cstr(arena, text), 0, NULL, 0) == 0;
}

static bool looks_like_a_value(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if ((word.data[i] >= '0' && word.data[i] <= '9') || word.data[i] == '@')
            return true;
    return false;
}

static struct str without_marks(struct str word)
{
    while (word.len && strchr(".,;:!?\"'()[]<>#", word.data[word.len - 1]))
        word.len--;
    while (word.len && strchr("\"'()[]<>#", word.data[0])) {
        word.data++;
        word.len--;
    }
    return word;
}

static struct str with_spaces(struct arena *arena, struct str text)
{
    char *copy = arena_take(arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        copy[i] = (unsigned char)text.data[i] < ' ' ? ' ' : text.data[i];
    return str_make(copy, text.len);
}

#define BARE_DIGITS 4 /* at least, of a number that is written without its letters */

/* What a number may stand behind when it is one of these: "order 20417", "faktura för 20417". */
static const char naming[] = "|order|orders|parcel|invoice|number|no|nr|for|ordern|ordernummer|paket|faktura|fakturan|nummer|för|bestellung|"
                             "bestellnummer|rechnung|für|pedido|número|numero|factura|paquete|del|para|";

static bool is_bare_number(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] < '0' || word.data[i] > '9')
            return false;
    return word.len >= BARE_DIGITS;
}

/* "20417" where W-20417 is meant: the letters that the pattern begins with, put before it. */
static struct str with_letters(struct arena *arena, const struct pattern *pattern, struct str regex, struct str number)
{
    static const char *const between[] = { "-", "" };
    size_t letters = 0;
    while (letters < regex.len && ((regex.data[letters] >= 'A' && regex.data[letters] <= 'Z') || (regex.data[letters] >= 'a' && regex.data[letters] <= 'z')))
        letters++;
    for (size_t i = 0; letters && is_bare_number(number) && i < ARRAY_LEN(between); i++) {
        struct str whole = arena_format(arena, "%.*s%s%.*s", STR_ARG(str_slice(regex, 0, letters)), between[i], STR_ARG(number));
        if (pattern_fits(pattern, arena, whole))
            return whole;
    }
    return STR_EMPTY;
}

/* Unasked, a number alone may be anything, such as a postcode: a word before it must say what it is. */
static bool is_named(struct arena *arena, struct str before)
{
    struct str folded = tokens_join(arena, tokens_of(arena, str_slice(before, 0, WORD_MAX)));
    return folded.len && str_find(str_of(naming), arena_format(arena, "|%.*s|", STR_ARG(folded)), 0) >= 0;
}

/* A word of the text that fits the pattern. Unless it is the answer to the question, only a word
 * with a digit or an @ can be one: a name's pattern would fit anything. */
struct str details_find(struct turn *turn, const struct action_parameter *parameter, struct str text, bool asked)
{
    struct pattern pattern = pattern_new(turn->arena, parameter);
    struct str found = STR_EMPTY, before = STR_EMPTY, rest = with_spaces(turn->arena, text), word;
    if (asked && pattern_fits(&pattern, turn->arena, str_trim(rest)))
        found = str_trim(rest);
    for (int tried = 0; found.len == 0 && tried < WORDS_MAX && str_split(&rest, ' ', &word); tried++) {
        word = without_marks(word);
        struct str pair = arena_format(turn->arena, "%.*s%.*s", STR_ARG(str_slice(before, 0, WORD_MAX)), STR_ARG(str_slice(word, 0, WORD_MAX)));
        if ((asked || looks_like_a_value(word)) && pattern_fits(&pattern, turn->arena, word))
            found = word;
        else if (before.len && looks_like_a_value(pair) && pattern_fits(&pattern, turn->arena, pair))
            found = pair; /* "W 20417" for W-20417's pattern with an optional dash */
        else if (asked || is_named(turn->arena, before))
            found = with_letters(turn->arena, &pattern, parameter->pattern, word);
        before = word;
    }
    pattern_free(&pattern);
    return found;
}

bool details_fits(struct turn *turn, const struct action_parameter *parameter, struct str value)
{
    struct pattern pattern = pattern_new(turn->arena, parameter);
    bool fits = pattern_fits(&pattern, turn->arena, value);
    pattern_free(&pattern);
    return fits;
}

/* Every word of the text that could be the parameter's value, as it stands there: "W-20417", "W 20417", "20417" behind "order". */
static size_t spot(struct arena *arena, const struct action_parameter *parameter, struct str text, struct str *out, size_t max)
{
    struct pattern pattern = pattern_new(arena, parameter);
    struct str before = STR_EMPTY, rest = with_spaces(arena, text), word;
    size_t count = 0;
    for (int tried = 0; count < max && tried < WORDS_MAX && str_split(&rest, ' ', &word); tried++) {
        word = without_marks(word);
        struct str pair = arena_format(arena, "%.*s%.*s", STR_ARG(str_slice(before, 0, WORD_MAX)), STR_ARG(str_slice(word, 0, WORD_MAX)));
        bool bare = is_named(arena, before) && with_letters(arena, &pattern, parameter->pattern, word).len;
        if ((looks_like_a_value(word) && pattern_fits(&pattern, arena, word)) || bare)
            out[count++] = word;
        else if (before.len && looks_like_a_value(pair) && pattern_fits(&pattern, arena, pair))
            out[count++] = str_make(before.data, (size_t)(word.data + word.len - before.data));
        /* "a@b.pl, ul" is no address because "a@b.pl" is one. */
        before = count && out[count - 1].data + out[count - 1].len == word.data + word.len ? STR_EMPTY : word;
    }
    pattern_free(&pattern);
    return count;
}

size_t details_spot(struct arena *arena, const struct workspace *workspace, struct str text, struct str *out, size_t max)
{
    size_t count = 0;
    for (size_t a = 0; a < workspace->action_count; a++)
        for (size_t p = 0; p < workspace->actions[a].parameter_count; p++)
            if (!workspace->actions[a].parameters[p].choice_count)
                count += spot(arena, &workspace->actions[a].parameters[p], text, out + count, max - count);
    return count;
}

static struct str planned_value(const struct turn *turn, struct str name)
{
    for (size_t i = 0; i < turn->planned_count; i++)
        if (str_equal(turn->planned[i].name, name))
            return turn->planned[i].value;
    return STR_EMPTY;
}

/* A name such as W-20417, not an amount, a date or an address. */
static bool is_a_name(struct str value)
{
    bool letter = false, digit = false;
    for (size_t i = 0; i < value.len; i++) {
        letter |= (value.data[i] >= 'A' && value.data[i] <= 'Z') || (value.data[i] >= 'a' && value.data[i] <= 'z');
        digit |= value.data[i] >= '0' && value.data[i] <= '9';
    }
    return letter && digit && str_find_char(value, '@', 0) < 0;
}

void details_show(struct turn *turn, const json_t *result)
{
    for (size_t a = 0; a < turn->workspace->action_count; a++)
        for (size_t p = 0; p < turn->workspace->actions[a].parameter_count; p++) {
            const struct action_parameter *parameter = &turn->workspace->actions[a].parameters[p];
            struct str value = fill_plain(turn->arena, json_object_get(result, arena_cstr(turn->arena, parameter->name)));
            if (is_a_name(value) && details_fits(turn, parameter, value))
                dialogue_show(&turn->dialogue, turn->arena, parameter->name, value);
        }
}

struct str details_pointed_at(const struct turn *turn, struct str name)
{
    return context_follows(turn->arena, turn->matter) ? dialogue_shown(&turn->dialogue, name) : STR_EMPTY;
}

/* Details in this message, then what it points at, then in what was said before, the newest first. */
void details_gather(struct turn *turn, const struct action *action, const char *asked)
{
    struct dialogue *dialogue = &turn->dialogue;
    for (size_t i = 0; i < action->parameter_count; i++) {
        const struct action_parameter *parameter = &action->parameters[i];
        bool is_asked = asked && str_equal(parameter->name, str_of(asked));
        struct str value = details_find(turn, parameter, turn->question->text, is_asked);
        if (value.len == 0 && dialogue_value(dialogue, parameter->name).len)
            continue;
        if (value.len == 0 && !is_asked)
            value = details_pointed_at(turn, parameter->name);
        for (size_t s = dialogue->said_count; value.len == 0 && !is_asked && s-- > 0;)
            value = details_find(turn, parameter, dialogue->said[s], false);
        if (value.len == 0 && !is_asked)
            value = planned_value(turn, parameter->name);
        if (value.len)
            dialogue_set_value(dialogue, turn->arena, parameter->name, value);
    }
}

json_t *details_json(const struct turn *turn)
{
    json_t *object = json_object();
    for (size_t i = 0; i < turn->dialogue.value_count; i++) {
        const struct dialogue_value *value = &turn->dialogue.values[i];
        json_object_set_new(object, arena_cstr(turn->arena, value->name), json_stringn(value->value.data, value->value.len));
    }
    return object;
}
