#include "engine/symbol.h"

#include "base/memory.h"

void symbols_init(struct symbols *symbols, const struct settings *settings)
{
    *symbols = (struct symbols){ .settings = settings, .epoch = 1 };
    symbols->none = symbol_of(symbols, STR_EMPTY);
}

void symbols_changed(struct symbols *symbols)
{
    symbols->epoch++;
}

void symbols_free(struct symbols *symbols)
{
    map_free(&symbols->by_hash);
    arena_free(&symbols->arena);
}

static struct symbol *find(const struct symbols *symbols, struct str text, uint64_t hash)
{
    struct symbol *symbol = map_get(&symbols->by_hash, hash);
    while (symbol && !str_equal(symbol->text, text)) symbol = symbol->next;
    return symbol;
}

static uint64_t hash_of(struct str text)
{
    return str_hash(text) | 1;
}

struct symbol *symbol_of(struct symbols *symbols, struct str text)
{
    if (!text.len && symbols->none) return symbols->none;
    uint64_t hash = hash_of(text);
    struct symbol *found = find(symbols, text, hash);
    if (found) return found;
    struct symbol *symbol = ARENA_NEW(&symbols->arena, struct symbol);
    symbol->text = arena_copy(&symbols->arena, text);
    symbol->next = map_get(&symbols->by_hash, hash);
    map_put(&symbols->by_hash, hash, symbol);
    return symbol;
}

uint64_t symbol_list_skills(const struct settings *settings, struct str list)
{
    uint64_t bits = 0;
    for (struct str name; list.len && str_split(&list, ',', &name); ) {
        int at = settings_skill(settings, name);
        if (at >= 0) bits |= (uint64_t)1 << at;
    }
    return bits;
}

uint32_t symbol_list_languages(const struct settings *settings, struct str list)
{
    uint32_t bits = 0;
    for (struct str name; list.len && str_split(&list, ',', &name); ) {
        int at = settings_language(settings, name);
        if (at >= 0) bits |= (uint32_t)1 << at;
    }
    return bits;
}

static struct symbol *list_of(struct symbols *symbols, uint64_t skills)
{
    const struct settings *settings = symbols->settings;
    struct buf list;
    buf_init(&list, LIMIT_SKILLS * (LIMIT_TAG + 1));
    for (size_t i = 0; i < settings->skill_count; i++) {
        if (!(skills >> i & 1)) continue;
        if (list.len) buf_add_char(&list, ',');
        buf_add_str(&list, settings->skills[i]);
    }
    struct symbol *symbol = symbol_of(symbols, buf_str(&list));
    buf_free(&list);
    return symbol;
}

static void refresh(struct symbols *symbols, struct symbol *symbol)
{
    if (symbol->epoch == symbols->epoch) return;
    const struct settings *settings = symbols->settings;
    int language = settings_language(settings, symbol->text);
    symbol->epoch = symbols->epoch;
    symbol->language = language >= 0 ? language : 0;
    symbol->skills = symbol_list_skills(settings, symbol->text);
    symbol->topic = settings_topic(settings, symbol->text);
    symbol->topic_skills = symbol->topic ? list_of(symbols, symbol->topic->skills) : symbols->none;
}

int symbol_language(struct symbols *symbols, struct symbol *symbol)
{
    refresh(symbols, symbol);
    return symbol->language;
}

uint64_t symbol_skills(struct symbols *symbols, struct symbol *symbol)
{
    refresh(symbols, symbol);
    return symbol->skills;
}

struct symbol *symbol_topic_skills(struct symbols *symbols, struct symbol *symbol)
{
    refresh(symbols, symbol);
    return symbol->topic_skills;
}

/* What clients send is looked up first: only names that the settings know become symbols. */
struct symbol *symbol_of_topic(struct symbols *symbols, struct str text)
{
    struct symbol *symbol = text.len ? find(symbols, text, hash_of(text)) : NULL;
    if (!symbol && settings_topic(symbols->settings, text)) symbol = symbol_of(symbols, text);
    if (symbol) refresh(symbols, symbol);
    return symbol && symbol->topic ? symbol : NULL;
}
