/* detect_endings.c - endings of host names: countries and the usual others; and which of them are words, too. */
#include "privacy/detecting.h"

/* Sorted. `word`: a word of English, Swedish, German or Spanish, as it stands behind a forgotten blank. */
static const struct {
    const char *name;
    bool word;
} endings[] = {
    { "ac", false }, { "ad", true }, { "ae", false }, { "aero", false }, { "af", false }, { "ag", true }, { "ai", true },
    { "al", true }, { "am", true }, { "ao", false }, { "app", true }, { "ar", true }, { "art", true }, { "as", true },
    { "asia", false }, { "at", true }, { "au", false }, { "aw", false }, { "ax", false }, { "az", false }, { "ba", false },
    { "bank", true }, { "bb", false }, { "bd", false }, { "be", true }, { "bf", false }, { "bg", false }, { "bh", false },
    { "bi", false }, { "biz", false }, { "bj", false }, { "blog", true }, { "bm", false }, { "bn", false }, { "bo", false },
    { "br", false }, { "bs", false }, { "bt", false }, { "bw", false }, { "by", true }, { "bz", false }, { "ca", true },
    { "cafe", true }, { "cat", true }, { "cc", false }, { "cd", false }, { "cf", false }, { "cg", false }, { "ch", true },
    { "ci", false }, { "ck", false }, { "cl", false }, { "cloud", true }, { "club", true }, { "cm", true }, { "cn", false },
    { "co", true }, { "com", false }, { "coop", false }, { "cr", false }, { "cu", false }, { "cv", false }, { "cw", false },
    { "cx", false }, { "cy", false }, { "cz", false }, { "de", true }, { "dev", false }, { "digital", false }, { "dj", false },
    { "dk", false }, { "dm", false }, { "do", true }, { "dz", false }, { "ec", false }, { "edu", false }, { "ee", false },
    { "eg", true }, { "email", true }, { "er", true }, { "es", true }, { "et", true }, { "eu", false }, { "fi", false },
    { "finance", true }, { "fj", false }, { "fk", false }, { "fm", true }, { "fo", false }, { "fr", false }, { "ga", true },
    { "gd", false }, { "ge", true }, { "gf", false }, { "gg", false }, { "gh", false }, { "gi", false }, { "gl", false },
    { "gm", false }, { "gmbh", false }, { "gn", false }, { "gov", false }, { "gp", false }, { "gq", false }, { "gr", true },
    { "group", true }, { "gs", false }, { "gt", false }, { "gu", false }, { "gw", false }, { "gy", false }, { "help", true },
    { "hk", false }, { "hm", true }, { "hn", false }, { "host", true }, { "hr", false }, { "ht", false }, { "hu", false },
    { "id", true }, { "ie", true }, { "il", false }, { "im", true }, { "in", true }, { "info", true }, { "int", true },
    { "io", true }, { "iq", false }, { "ir", false }, { "is", true }, { "it", true }, { "je", true }, { "jm", false },
    { "jo", false }, { "jobs", true }, { "jp", false }, { "ke", false }, { "kg", false }, { "kh", false }, { "ki", true },
    { "km", true }, { "kn", false }, { "kp", false }, { "kr", false }, { "kw", false }, { "ky", false }, { "kz", false },
    { "la", true }, { "lb", false }, { "lc", false }, { "legal", true }, { "li", false }, { "life", true }, { "live", true },
    { "lk", false }, { "loan", true }, { "loans", true }, { "lr", false }, { "ls", false }, { "lt", false }, { "lu", false },
    { "lv", false }, { "ly", false }, { "ma", true }, { "mail", true }, { "market", true }, { "mc", false }, { "md", false },
    { "me", true }, { "media", true }, { "mg", true }, { "mh", false }, { "mil", false }, { "mk", false }, { "ml", true },
    { "mm", true }, { "mn", false }, { "mo", false }, { "mobi", false }, { "money", true }, { "mp", false }, { "mq", false },
    { "mr", false }, { "ms", true }, { "mt", true }, { "mu", true }, { "museum", false }, { "mv", false }, { "mw", false },
    { "mx", false }, { "my", true }, { "mz", false }, { "na", true }, { "name", true }, { "nc", false }, { "ne", true },
    { "net", true }, { "network", true }, { "news", true }, { "nf", false }, { "ng", false }, { "ni", true }, { "nl", false },
    { "no", true }, { "np", false }, { "nr", false }, { "nu", true }, { "nz", false }, { "om", true }, { "online", true },
    { "org", false }, { "pa", true }, { "page", true }, { "pay", true }, { "pe", true }, { "pf", false }, { "pg", false },
    { "ph", false }, { "photo", true }, { "pics", true }, { "pk", false }, { "pl", false }, { "pm", true }, { "pn", false },
    { "post", true }, { "pr", true }, { "pro", true }, { "ps", true }, { "pt", false }, { "pw", true }, { "py", false },
    { "qa", false }, { "re", true }, { "ro", false }, { "rocks", false }, { "rs", false }, { "ru", false }, { "rw", false },
    { "sa", true }, { "sale", true }, { "sb", false }, { "sc", false }, { "sd", false }, { "se", true }, { "sg", false },
    { "sh", false }, { "shop", true }, { "si", true }, { "site", true }, { "sk", false }, { "sl", false }, { "sm", false },
    { "sn", false }, { "so", true }, { "solutions", false }, { "space", true }, { "sr", false }, { "ss", false },
    { "st", true }, { "store", true }, { "studio", false }, { "su", true }, { "support", true }, { "sv", true },
    { "swiss", false }, { "sx", false }, { "sy", false }, { "sz", false }, { "tc", false }, { "td", false }, { "team", true },
    { "tech", false }, { "tel", false }, { "tf", false }, { "tg", false }, { "th", false }, { "tips", true }, { "tj", false },
    { "tk", false }, { "tl", false }, { "tm", true }, { "tn", false }, { "to", true }, { "today", true }, { "tools", true },
    { "top", true }, { "tr", false }, { "travel", true }, { "tt", false }, { "tv", true }, { "tw", false }, { "tz", false },
    { "ua", false }, { "ug", false }, { "uk", false }, { "us", true }, { "uy", false }, { "uz", false }, { "va", true },
    { "vc", false }, { "ve", true }, { "vg", false }, { "vi", true }, { "vip", false }, { "vn", false }, { "vu", false },
    { "web", true }, { "webcam", false }, { "wf", false }, { "wiki", false }, { "work", true }, { "world", true },
    { "ws", false }, { "xyz", false }, { "ye", true }, { "yt", false }, { "za", false }, { "zm", false }, { "zone", true },
    { "zw", false },
};

bool detect_known_ending(struct str ending, bool *is_a_word_too)
{
    size_t low = 0, high = ARRAY_LEN(endings);
    char folded[16];
    if (ending.len >= sizeof folded)
        return false;
    for (size_t i = 0; i < ending.len; i++)
        folded[i] = ending.data[i] >= 'A' && ending.data[i] <= 'Z' ? (char)(ending.data[i] + 32) : ending.data[i];
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_compare(str_of(endings[middle].name), str_make(folded, ending.len));
        if (order == 0) {
            *is_a_word_too = endings[middle].word;
            return true;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
