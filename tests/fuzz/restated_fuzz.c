/* Whether a text only says again what a source says, and what a model's answer has as a JSON member: the language's
 * number, then text and source with a zero byte between. A source always says itself again. */
#include "assistant/model_work.h"
#include "assistant/restated.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const languages[] = { "en", "sv", "de", "es", "fr" };
    struct str rest = str_make((const char *)data, size), text = STR_EMPTY;
    struct arena arena = { 0 };
    struct err err;
    if (size < 2 || size > 4000)
        return 0;
    struct str language = str_of(languages[data[0] % ARRAY_LEN(languages)]);
    rest = str_slice(rest, 1, rest.len);
    str_split(&rest, '\0', &text);
    if (!rest.data)
        rest = STR_EMPTY;
    bool good = restated_is(&err, text, rest, language);
    must(!good || restated_knows(language));
    if (str_find(rest, STR("]("), 0) < 0) /* a link without an end never stands */
        must(!restated_knows(language) || restated_is(&err, rest, rest, language));
    struct str member = model_member(text, "summary", &arena);
    must(!member.len || str_is_utf8(member));
    must(model_form_fits(&err, &arena, text, text) || err.text[0]);
    arena_free(&arena);
    return 0;
}
