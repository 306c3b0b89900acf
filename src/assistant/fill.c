#include "assistant/fill.h"

#include "assistant/words.h"
#include "base/limits.h"
#include "workspace/fields.h"
#include "workspace/template.h"

#define VALUE_MAX 1000 /* bytes of one value in an answer */
#define ITEMS_MAX 20   /* of a list in an answer */
#define NBSP "\xc2\xa0"

static bool speaks(struct str language, const char *code)
{
    return language.len >= 2 && memcmp(language.data, code, 2) == 0;
}

/* --- amounts and dates -------------------------------------------------------------------------- */

static const struct currency {
    const char *code, *symbol;
} currencies[] = { { "EUR", "€" }, { "USD", "$" }, { "GBP", "£" } };

static void add_grouped(struct buf *out, uint64_t whole, const char *separator)
{
    char digits[24];
    int len = 0;
    do
        digits[len++] = (char)('0' + whole % 10);
    while (whole /= 10);
    while (len--) {
        buf_add_char(out, digits[len]);
        if (len && len % 3 == 0)
            buf_add(out, separator, strlen(separator));
    }
}

struct str fill_money(struct arena *arena, int64_t minor, struct str currency, struct str language)
{
    const char *symbol = NULL;
    bool english = !speaks(language, "sv") && !speaks(language, "de") && !speaks(language, "es");
    uint64_t amount = minor < 0 ? (uint64_t)0 - (uint64_t)minor : (uint64_t)minor;
    struct buf out;
    for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
        if (str_equal(currency, str_of(currencies[i].code)))
            symbol = currencies[i].symbol;
    if (speaks(language, "sv") && str_equal(currency, STR("SEK")))
        symbol = "kr";
    const char *unit = symbol ? symbol : arena_cstr(arena, currency);
    buf_init(&out, 128);
    if (minor < 0)
        buf_add_char(&out, '-');
    if (english)
        buf_add_format(&out, "%s%s", unit, symbol || currency.len == 0 ? "" : NBSP);
    add_grouped(&out, amount / 100, english ? "," : speaks(language, "sv") ? NBSP : ".");
    buf_add_format(&out, "%c%02u", english ? '.' : ',', (unsigned)(amount % 100));
    if (!english && currency.len)
        buf_add_format(&out, NBSP "%s", unit);
    struct str text = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return text;
}

static int digits_at(struct str text, size_t at, size_t count)
{
    int value = 0;
    if (at + count > text.len)
        return -1;
    for (size_t i = at; i < at + count; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return -1;
        value = value * 10 + (text.data[i] - '0');
    }
    return value;
}

bool fill_date(struct arena *arena, struct str text, struct str language, struct str *out)
{
    int year = digits_at(text, 0, 4), month = digits_at(text, 5, 2), day = digits_at(text, 8, 2);
    if (text.len < 10 || text.len > 40 || text.data[4] != '-' || text.data[7] != '-' || year < 1 || month < 1 || month > 12 ||
        day < 1 || day > 31)
        return false;
    if (text.len > 10 && ((text.data[10] != 'T' && text.data[10] != ' ') || digits_at(text, 11, 2) < 0))
        return false;
    struct str name = words_month(month, language);
    const char *format = speaks(language, "de") ? "%d. %.*s %d" : speaks(language, "es") ? "%d de %.*s de %d" : "%d %.*s %d";
    *out = arena_format(arena, format, day, STR_ARG(name), year);
    return true;
}

/* --- values ------------------------------------------------------------------------------------- */

struct str fill_plain(struct arena *arena, const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_STRING: return arena_copy(arena, str_make(json_string_value(value), json_string_length(value)));
    case JSON_INTEGER: return arena_format(arena, "%lld", (long long)json_integer_value(value));
    case JSON_REAL: return arena_format(arena, "%.15g", json_real_value(value));
    case JSON_TRUE: return STR("true");
    case JSON_FALSE: return STR("false");
    default: return STR_EMPTY;
    }
}

static void flatten(const json_t *value, struct buf *out, int depth)
{
    struct arena scratch = { 0 };
    const char *key;
    json_t *item;
    size_t i;
    if (depth > LIMIT_JSON_DEPTH)
        return;
    if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
            flatten(item, out, depth + 1);
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, item)
            flatten(item, out, depth + 1);
    } else if (!json_is_boolean(value)) {
        struct str line = fill_plain(&scratch, value);
        for (size_t k = 0; k < line.len; k++)
            buf_add_char(out, (unsigned char)line.data[k] < ' ' ? ' ' : line.data[k]);
        buf_add_char(out, '\n');
    }
    arena_free(&scratch);
}

void fill_flatten(const json_t *value, struct buf *out)
{
    flatten(value, out, 0);
}

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* What would be Markdown is escaped: a value is words, never a link or a heading; nor does it turn what stands beside it. */
static void add_escaped(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.len && i < VALUE_MAX; i++) {
        char c = text.data[i];
        bool between = i > 0 && i + 1 < text.len && is_alphanumeric(text.data[i - 1]) && is_alphanumeric(text.data[i + 1]);
        if ((unsigned char)c < ' ' || c == 0x7f) {
            buf_add_char(out, ' ');
            continue;
        }
        if (str_turns_writing(text, i)) {
            i += 2;
            continue;
        }
        if (strchr("\\`*[]<>|~", c) || (c == '_' && !between))
            buf_add_char(out, '\\');
        buf_add_char(out, c);
    }
}

/* A whole placeholder as a link's destination: the value must be an address that is safe to follow. */
static bool add_link(struct err *err, struct buf *out, struct str url, struct str name)
{
    bool safe = fields_safe_url(url);
    for (size_t i = 0; safe && i < url.len; i++)
        safe = (unsigned char)url.data[i] < 0x80;
    if (!safe)
        return err_set(err, "the field '%.*s' is not a safe address", STR_ARG(name));
    for (size_t i = 0; i < url.len; i++) {
        if (url.data[i] == '(' || url.data[i] == ')')
            buf_add_format(out, "%%%02X", (unsigned)url.data[i]);
        else
            buf_add_char(out, url.data[i]);
    }
    return true;
}

/* --- looking up --------------------------------------------------------------------------------- */

struct scope {
    const struct filling *filling;
    const json_t *item; /* of the list that is being written, or NULL */
    struct arena *arena;
    struct buf *out;
};

static const json_t *look_up(const struct scope *scope, const char *name)
{
    const json_t *places[] = { scope->item, scope->filling->result, scope->filling->parameters };
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        const json_t *value = places[i] ? json_object_get(places[i], name) : NULL;
        if (value)
            return value;
    }
    return NULL;
}

/* The currency of an amount: NAME_currency, else currency. */
static struct str currency_for(const struct scope *scope, struct str base)
{
    const json_t *value = look_up(scope, arena_format(scope->arena, "%.*s_currency", STR_ARG(base)).data);
    if (!json_is_string(value))
        value = look_up(scope, "currency");
    return json_is_string(value) ? str_of(json_string_value(value)) : STR_EMPTY;
}

static bool add_field(struct err *err, const struct scope *scope, struct str name, bool link)
{
    struct str base = name, text;
    const json_t *value = look_up(scope, arena_cstr(scope->arena, name));
    bool minor = str_ends(name, STR("_minor"));
    if (minor)
        base = str_slice(name, 0, name.len - 6);
    if (!value && !minor) {
        value = look_up(scope, arena_format(scope->arena, "%.*s_minor", STR_ARG(name)).data);
        minor = value != NULL;
    }
    if (minor && json_is_integer(value)) {
        buf_add_str(scope->out, fill_money(scope->arena, json_integer_value(value), currency_for(scope, base), scope->filling->language));
        return true;
    }
    text = json_is_boolean(value) ? STR_EMPTY : str_trim(fill_plain(scope->arena, value));
    if (text.len == 0)
        return err_set(err, "the field '%.*s' is missing", STR_ARG(name));
    if (link)
        return add_link(err, scope->out, text, name);
    if (json_is_string(value) && fill_date(scope->arena, text, scope->filling->language, &text))
        buf_add_str(scope->out, text);
    else
        add_escaped(scope->out, text);
    return true;
}

static bool is_full(const json_t *value)
{
    switch (value ? json_typeof(value) : JSON_NULL) {
    case JSON_OBJECT: return true;
    case JSON_ARRAY: return json_array_size(value) > 0;
    case JSON_STRING: return json_string_length(value) > 0;
    case JSON_INTEGER: return json_integer_value(value) != 0;
    case JSON_REAL: case JSON_TRUE: return true;
    default: return false;
    }
}

/* --- walking ------------------------------------------------------------------------------------ */

static bool add_pieces(struct err *err, const struct scope *scope, const struct template_piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool link = i > 0 && pieces[i - 1].kind == TEMPLATE_TEXT && str_ends(pieces[i - 1].text, STR("]("));
        if (pieces[i].kind == TEMPLATE_TEXT)
            buf_add_str(scope->out, pieces[i].text);
        else if (pieces[i].kind == TEMPLATE_FIELD && !add_field(err, scope, pieces[i].text, link))
            return false;
    }
    return true;
}

static bool add_block(struct err *err, const struct scope *outer, const struct template_piece *block, size_t count)
{
    struct scope scope = *outer;
    const json_t *value = look_up(outer, arena_cstr(outer->arena, block->text));
    if (is_full(value) != (block->kind == TEMPLATE_IF))
        return true;
    if (block->kind == TEMPLATE_UNLESS || !json_is_array(value)) {
        scope.item = json_is_object(value) ? value : NULL;
        return add_pieces(err, &scope, block + 1, count);
    }
    if (json_array_size(value) > ITEMS_MAX)
        return err_set(err, "the list '%.*s' has more than %d items", STR_ARG(block->text), ITEMS_MAX);
    for (size_t i = 0; i < json_array_size(value); i++) {
        scope.item = json_array_get(value, i);
        if (!json_is_object(scope.item))
            return err_set(err, "the list '%.*s' has an item that is no object", STR_ARG(block->text));
        if (!add_pieces(err, &scope, block + 1, count))
            return false;
    }
    return true;
}

static bool add_all(struct err *err, const struct scope *scope, const struct template *template)
{
    for (size_t i = 0; i < template->count;) {
        const struct template_piece *piece = &template->pieces[i];
        size_t end = i + 1;
        if (piece->kind == TEMPLATE_IF || piece->kind == TEMPLATE_UNLESS) {
            while (end < template->count && template->pieces[end].kind != TEMPLATE_END)
                end++;
            if (!add_block(err, scope, piece, end - i - 1))
                return false;
            i = end + 1;
        } else {
            while (end < template->count && template->pieces[end].kind <= TEMPLATE_FIELD)
                end++;
            if (!add_pieces(err, scope, piece, end - i))
                return false;
            i = end;
        }
    }
    return true;
}

bool fill_template(struct err *err, struct arena *arena, struct str text, const struct filling *filling, struct str *out)
{
    struct template template;
    size_t at;
    struct buf buf;
    if (!template_read(err, arena, text, &template, &at))
        return false;
    buf_init(&buf, LIMIT_MESSAGE);
    struct scope scope = { filling, NULL, arena, &buf };
    bool good = add_all(err, &scope, &template);
    if (good && buf.full)
        good = err_set(err, "the filled answer is longer than %d bytes", LIMIT_MESSAGE);
    if (good)
        *out = arena_copy(arena, str_trim(buf_str(&buf)));
    buf_free(&buf);
    return good;
}
