/* symbol.h - names that the state keeps (languages, topics, lists of skills), each stored once.
 *
 * A symbol lives as long as its table, so two names are equal when their pointers are. What the
 * present settings say about a name is worked out when first asked for and kept until the settings
 * change (`epoch`). A name that the settings do not know any more stays usable: a vanished language
 * is served as the workspace's first, a vanished skill is not asked for, a vanished topic needs none. */
#ifndef ENGINE_SYMBOL_H
#define ENGINE_SYMBOL_H

#include "base/map.h"
#include "engine/settings.h"

struct symbol {
    struct str text;
    uint64_t epoch;             /* of the settings that the fields below are about */
    int language;               /* index in the settings; a vanished one: 0 */
    uint64_t skills;            /* the text as a list of skills; unknown ones left out */
    const struct settings_topic *topic;
    struct symbol *topic_skills; /* the topic's skills as a list */
    struct symbol *next;        /* with the same hash */
};

struct symbols {
    struct map by_hash;
    struct arena arena;
    const struct settings *settings;
    uint64_t epoch;
    struct symbol *none;        /* the empty text */
};

/* `settings` must outlive the table; symbols_changed is called when its content has changed. */
void symbols_init(struct symbols *symbols, const struct settings *settings);
void symbols_changed(struct symbols *symbols);
void symbols_free(struct symbols *symbols);

struct symbol *symbol_of(struct symbols *symbols, struct str text);
/* NULL if the text names no topic of the present settings. */
struct symbol *symbol_of_topic(struct symbols *symbols, struct str text);

int symbol_language(struct symbols *symbols, struct symbol *symbol);
uint64_t symbol_skills(struct symbols *symbols, struct symbol *symbol);
struct symbol *symbol_topic_skills(struct symbols *symbols, struct symbol *symbol);

/* A comma-separated list as bits, unknown names left out. */
uint64_t symbol_list_skills(const struct settings *settings, struct str list);
uint32_t symbol_list_languages(const struct settings *settings, struct str list);

#endif
