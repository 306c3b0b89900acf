#include "base/tongue.h"

static const char *const codes[TONGUES] = { "en", "sv", "de", "es" };

size_t tongue_of(struct str language)
{
    for (size_t i = 0; i < TONGUES; i++)
        if (str_starts(language, str_of(codes[i])))
            return i;
    return 0;
}

bool tongue_known(struct str language)
{
    return tongue_of(language) || str_starts(language, str_of(codes[0]));
}
