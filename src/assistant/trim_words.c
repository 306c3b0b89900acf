/* trim_words.c - words that tie sentences and items together, by language. */
#include "assistant/fact_words.h"
#include "assistant/trim.h"

static const struct ties {
    const char *code, *conditions, *back, *collective;
} ties[] = {
    { "en",
      "if unless only except but however otherwise until till provided providing although though while whereas instead then "
      "depending depends else even whether when once before after as long sometimes usually normally mostly some most not never "
      "must may exception exceptions subject minimum maximum least",
      "it this that these those they them he she its their then otherwise however but also so therefore there here such both neither "
      "if afterwards after meanwhile instead yet still and or too again in", "all every each both following together must required any" },
    { "sv",
      "om såvida bara endast utom men dock annars tills förutsatt fast medan istället då beroende beror även när innan efter "
      "ibland oftast vanligtvis normalt vissa flesta inte aldrig måste får kan undantag minst högst såvida ifall eftersom",
      "den det detta denna dessa de dem hon han dess deras då annars dock men också så därför där här sådan båda ingen sedan därefter "
      "under istället ändå och eller igen i om", "alla samtliga varje båda följande måste krävs" },
    { "de",
      "wenn falls sofern nur außer aber jedoch sonst ansonsten bis solange obwohl während stattdessen dann abhängig je auch ob sobald "
      "bevor nachdem manchmal meistens normalerweise meist einige manche nicht nie muss müssen darf dürfen ausnahme ausnahmen mindestens "
      "höchstens sondern vorausgesetzt kein keine",
      "er sie es das dies diese dieser dieses jene deren dessen dann sonst jedoch aber auch so deshalb daher darum dort hier solche beide "
      "danach inzwischen stattdessen dennoch trotzdem und oder wieder in wenn falls", "alle alles sämtliche jede jeder jedes beide folgende folgenden müssen nötig" },
    { "es",
      "si salvo solo sólo excepto pero sin embargo aunque mientras hasta siempre cuando antes después según depende además normalmente "
      "algunos algunas mayoría no nunca debe deben puede pueden excepción excepciones mínimo máximo menos sino condición cuándo",
      "esto eso ello este esta estos estas ese esa él ella ellos ellas entonces además también así por allí aquí tal ambos después luego "
      "mientras sin pero y o otra si en", "todos todas cada ambos ambas siguientes siguiente deben todo" },
};

static const struct ties *ties_of(struct str language)
{
    for (size_t i = 0; i < ARRAY_LEN(ties); i++)
        if (str_starts(language, str_of(ties[i].code)) && (language.len == 2 || language.data[2] == '-'))
            return &ties[i];
    return NULL;
}

static bool is_in(const char *words, struct str word)
{
    struct str rest = str_of(words), piece;
    while (str_split(&rest, ' ', &piece))
        if (piece.len && str_equal(piece, word))
            return true;
    return false;
}

bool trim_knows(struct str language)
{
    return ties_of(language) != NULL;
}

bool trim_is_condition(struct str language, struct str word)
{
    const struct ties *own = ties_of(language);
    return !own || is_in(own->conditions, word) || fact_words_negates(word);
}

bool trim_points_back(struct str language, struct str word)
{
    const struct ties *own = ties_of(language);
    return !own || is_in(own->back, word);
}

bool trim_is_collective(struct str language, struct str word)
{
    const struct ties *own = ties_of(language);
    return !own || is_in(own->collective, word);
}
