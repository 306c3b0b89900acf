/* wants-human.c - turns the words and rules of src/assistant/wants_human/ into C tables.
 *
 *   wants-human src/assistant/wants_human/en.txt ... > build/wants_human_tables.c
 *
 * The language of a file is its name. docs/safety.md describes what may stand in it; a mistake ends
 * the build with file and line. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "assistant/wants_human_fold.h"
#include "assistant/wants_human_tables.h"

#define WORDS_MAX 16000
#define SETS_MAX 600
#define RULES_MAX 8000
#define PIECES_MAX 48000
#define SET_NAME_MAX 40

const uint32_t heard_slot_mask = 0; /* the header's hash wants one; the real one is written out */

struct word {
    uint16_t letters[HEARD_LETTERS_MAX];
    int len, typo, prefix;     /* prefix: the mark `*`, which makes it another word */
};

/* A sorted row of words, as indexes. */
struct list {
    int *items, count, room;
};

struct set {
    char name[SET_NAME_MAX];
    struct list words;
    const char *file;
    int line, used;
};

static struct word words[WORDS_MAX];
static int word_count;
static struct list classes[HEARD_CLASSES_MAX];
static int class_count;
static struct set sets[SETS_MAX];
static int set_count;
static struct heard_piece pieces[PIECES_MAX];
static int piece_count;
static struct heard_rule rules[RULES_MAX];
static int rule_count;

static const char *file = "";
static int line_number, first_set, spaceless, umlauts, inflected, inside_rule, section = -1, language;

static const char *const section_names[HEARD_COUNT] = {
    [HEARD_NEAR_MISS] = "near-miss",
#define X(kind, name, via) [HEARD_KIND_##kind] = #via " " name,
    HEARD_KINDS(X)
#undef X
#define X(remark, name) [HEARD_REMARK_##remark] = "remark " name,
    HEARD_REMARKS(X)
#undef X
};

static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "%s:%d: ", file, line_number);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void *grow(void *items, size_t size)
{
    void *grown = realloc(items, size);
    if (!grown) die("out of memory");
    return grown;
}

/* --- words and lists ------------------------------------------------------------------------------ */

static void add(struct list *list, int item)
{
    int at = list->count;
    while (at > 0 && list->items[at - 1] >= item) {
        if (list->items[at - 1] == item) return;
        at--;
    }
    if (list->count == list->room) list->items = grow(list->items, sizeof *list->items * (size_t)(list->room = list->room * 2 + 8));
    memmove(list->items + at + 1, list->items + at, sizeof *list->items * (size_t)(list->count - at));
    list->items[at] = item;
    list->count++;
}

static int word_of(const uint16_t *letters, int len, int prefix, int typo)
{
    int i = 0;
    while (i < word_count && (words[i].len != len || words[i].prefix != prefix || memcmp(words[i].letters, letters, sizeof *letters * (size_t)len))) i++;
    if (i == WORDS_MAX) die("more than %d words", WORDS_MAX);
    if (i == word_count) {
        memcpy(words[i].letters, letters, sizeof *letters * (size_t)len);
        words[i].len = len;
        words[i].prefix = prefix;
        word_count++;
    }
    words[i].typo |= typo;
    return i;
}

static int fold(const char *text, size_t size, uint16_t *letters)
{
    int len = 0;
    for (size_t at = 0; at < size;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text + at, (utf8proc_ssize_t)(size - at), &c);
        uint16_t folded[FOLD_MAX];
        if (used <= 0) die("not UTF-8");
        at += (size_t)used;
        int count = fold_is_apostrophe(c) ? 0 : fold_letters(c, folded);
        for (int i = 0; i < count; i++) {
            if (folded[i] == ' ') die("'%.*s' is not one word", (int)size, text);
            if (len == HEARD_LETTERS_MAX) die("'%.*s' is longer than %d letters", (int)size, text, HEARD_LETTERS_MAX);
            letters[len++] = folded[i];
        }
    }
    return len;
}

/* German umlauts are written ae, oe, ue where there is no key for them. */
static size_t spell_umlauts(const char *text, size_t size, char *out)
{
    size_t len = 0;
    for (size_t at = 0; at < size; at++) {
        unsigned char next = at + 1 < size ? (unsigned char)text[at + 1] : 0;
        char vowel = (unsigned char)text[at] != 0xc3 ? 0 : next == 0xa4 || next == 0x84 ? 'a' : next == 0xb6 || next == 0x96 ? 'o' :
                     next == 0xbc || next == 0x9c ? 'u' : 0;
        out[len++] = vowel ? vowel : text[at];
        if (vowel) {
            out[len++] = 'e';
            at++;
        }
    }
    return len;
}

static struct set *set_of(const char *name, size_t len)
{
    for (int i = first_set; i < set_count; i++)
        if (strlen(sets[i].name) == len && memcmp(sets[i].name, name, len) == 0) return &sets[i];
    return NULL;
}

/* One word, word*, word~ or @set into the list. */
static void add_item(struct list *list, const char *item, size_t len)
{
    uint16_t letters[HEARD_LETTERS_MAX];
    char spelled[256];
    int prefix = 0, typo = 0;
    if (item[0] == '@') {
        struct set *set = set_of(item + 1, len - 1);
        if (!set) die("there is no set '%.*s' above", (int)len - 1, item + 1);
        set->used = 1;
        for (int i = 0; i < set->words.count; i++) add(list, set->words.items[i]);
        return;
    }
    for (; len && (item[len - 1] == '*' || item[len - 1] == '~'); len--) {
        prefix |= item[len - 1] == '*';
        typo |= item[len - 1] == '~';
    }
    int count = fold(item, len, letters);
    if (!prefix && !typo && inflected && inside_rule && count >= inflected) prefix = 1;
    if (!count || len > 120) die("an empty or too long word");
    if (prefix && count < (letters[0] >= 0xac00 ? HEARD_PREFIX_MIN : HEARD_PREFIX_MIN + 1)) die("'%.*s*' is too short to stand for all that begins so", (int)len, item);
    if (typo && count < HEARD_TYPO_MIN) die("'%.*s~' is too short for typing errors", (int)len, item);
    add(list, word_of(letters, count, prefix, typo));
    size_t other = umlauts ? spell_umlauts(item, len, spelled) : len;
    if (other == len && (!umlauts || memcmp(spelled, item, len) == 0)) return;
    add(list, word_of(letters, fold(spelled, other, letters), prefix, typo));
}

/* True if `$`, the end of a sentence, is one of them. */
static int add_items(struct list *list, const char *items, size_t len)
{
    int end = 0;
    while (len) {
        const char *bar = memchr(items, '|', len);
        size_t size = bar ? (size_t)(bar - items) : len;
        if (!size) die("nothing beside a bar");
        if (size == 1 && *items == '$') end = 1;
        else add_item(list, items, size);
        items += size + (bar != NULL);
        len -= size + (bar != NULL);
    }
    return end;
}

static int class_of(struct list *list)
{
    for (int i = 0; i < class_count; i++)
        if (classes[i].count == list->count && memcmp(classes[i].items, list->items, sizeof *list->items * (size_t)list->count) == 0) {
            free(list->items);
            return i;
        }
    if (class_count == HEARD_CLASSES_MAX) die("more than %d classes", HEARD_CLASSES_MAX);
    classes[class_count] = *list;
    return class_count++;
}

/* --- rules ---------------------------------------------------------------------------------------- */

static void add_piece(int kind, int max, int class)
{
    if (piece_count == PIECES_MAX) die("more than %d pieces", PIECES_MAX);
    pieces[piece_count++] = (struct heard_piece){ (uint8_t)kind, (uint8_t)max, (uint16_t)class };
}

static int number(const char *text, size_t len)
{
    int value = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') die("'%.*s' is no number", (int)len, text);
        value = value * 10 + text[i] - '0';
    }
    if (value < 1 || value > HEARD_SPAN_MAX) die("a repetition is 1 to %d", HEARD_SPAN_MAX);
    return value;
}

/* Chinese and Japanese: every character is a piece. */
static int add_characters(const char *text, size_t len)
{
    uint16_t letters[HEARD_LETTERS_MAX];
    int count = fold(text, len, letters);
    for (int i = 0; i < count; i++) {
        struct list list = { 0 };
        add(&list, word_of(letters + i, 1, 0, 0));
        add_piece(PIECE_ONE, 1, class_of(&list));
    }
    return count;
}

/* How many words it reaches over at most. */
static int add_written(const char *text, size_t len)
{
    struct list list = { 0 };
    int most = 1, kind = PIECE_ONE;
    if (len == 1 && (text[0] == '^' || text[0] == '$')) {
        add_piece(text[0] == '^' ? PIECE_START : PIECE_END, 0, 0);
        return 0;
    }
    if (len > 2 && text[0] == '.' && text[1] == '.') {
        add_piece(PIECE_GAP, number(text + 2, len - 2), 0);
        return pieces[piece_count - 1].max;
    }
    if (text[0] == '!') {
        kind = PIECE_NOT;
        text++;
        len--;
        most = 0;
    }
    const char *mark = kind == PIECE_ONE ? memchr(text, '?', len) : NULL;
    if (mark) {
        size_t rest = len - (size_t)(mark - text) - 1;
        if (memchr(text, '|', len)) die("'%.*s': all of it may be left out? Then make it a set", (int)len, text);
        kind = PIECE_UP_TO;
        most = rest ? number(mark + 1, rest) : 1;
        len = (size_t)(mark - text);
    }
    if (spaceless && kind == PIECE_ONE && !memchr(text, '|', len) && text[0] != '@') return add_characters(text, len);
    if (add_items(&list, text, len)) {
        if (kind != PIECE_ONE) die("'%.*s': an end is there or not, once", (int)len, text);
        kind = PIECE_OR_END;
    }
    add_piece(kind, most, class_of(&list));
    return most; /* the end takes no word, but then nothing follows it */
}

static void add_rule(char *text)
{
    int from = piece_count, span = 0;
    if (section < 0) die("a rule before the first [section]");
    inside_rule = section && section != HEARD_KIND_PERSON && section < HEARD_KIND_COUNT;
    if (rule_count == RULES_MAX) die("more than %d rules", RULES_MAX);
    for (char *at = strtok(text, " \t"); at; at = strtok(NULL, " \t")) span += add_written(at, strlen(at));
    int one = 0;
    for (int i = from; i < piece_count; i++) one |= pieces[i].kind == PIECE_ONE;
    if (!one) die("a rule needs a word that must be there");
    if (span > HEARD_SPAN_MAX) die("the rule reaches over %d words, more than %d", span, HEARD_SPAN_MAX);
    if (piece_count - from > HEARD_PIECES_MAX) die("more than %d pieces", HEARD_PIECES_MAX);
    inside_rule = 0;
    rules[rule_count++] = (struct heard_rule){ (uint16_t)from, (uint8_t)(piece_count - from), (uint8_t)section, (uint8_t)language, (uint16_t)line_number };
}

/* `a & b`: in any order, with some words between; `a & b & c` likewise. */
static void read_rule(char *text)
{
    static const int orders[6][3] = { { 0, 1, 2 }, { 1, 0, 2 }, { 2, 1, 0 }, { 0, 2, 1 }, { 1, 2, 0 }, { 2, 0, 1 } };
    char *groups[3] = { text }, whole[4096];
    int count = 1;
    for (char *mark; count < 3 && (mark = strstr(groups[count - 1], " & ")); count++) {
        *mark = 0;
        groups[count] = mark + 3;
    }
    for (int i = 0; i < (count == 1 ? 1 : count == 2 ? 2 : 6); i++) {
        if (strlen(groups[0]) + strlen(groups[count > 1]) + strlen(groups[count - 1]) + 20 > sizeof whole) die("too long");
        if (count == 1) strcpy(whole, groups[0]);
        else if (count == 2) sprintf(whole, "%s ..12 %s", groups[orders[i][0]], groups[orders[i][1]]);
        else sprintf(whole, "%s ..7 %s ..7 %s", groups[orders[i][0]], groups[orders[i][1]], groups[orders[i][2]]);
        add_rule(whole);
    }
}

/* `set NAME = words`, `known words`: the latter belong to nothing, but are no typing errors. */
static void read_words(char *text, int known)
{
    struct list nothing = { 0 };
    struct set *set = NULL;
    char *at = strtok(text, " \t"); /* set or known */
    if (!known) {
        char *name = strtok(NULL, " \t"), *equals = strtok(NULL, " \t");
        if (!name || !equals || strcmp(equals, "=") || strlen(name) >= SET_NAME_MAX) die("set NAME = words");
        if (set_of(name, strlen(name))) die("the set '%s' is there already", name);
        if (set_count == SETS_MAX) die("more than %d sets", SETS_MAX);
        set = &sets[set_count]; /* counted when it is whole, so that it cannot contain itself */
        *set = (struct set){ .file = file, .line = line_number };
        strcpy(set->name, name);
    }
    while ((at = strtok(NULL, " \t"))) add_item(set ? &set->words : &nothing, at, strlen(at));
    if (set && !set->words.count) die("an empty set");
    set_count += set != NULL;
    free(nothing.items);
}

static void read_section(char *text)
{
    char *end = strchr(text, ']');
    if (!end || end[1]) die("[section]");
    *end = 0;
    for (section = 0; section < HEARD_COUNT; section++)
        if (section_names[section] && strcasecmp(section_names[section], text + 1) == 0) return;
    die("there is no section '%s'", text + 1);
}

static void read_line(char *text)
{
    size_t len = strlen(text);
    while (len && strchr(" \t\r\n", text[len - 1])) text[--len] = 0;
    text += strspn(text, " \t");
    if (!*text) return;
    if (*text == '[') read_section(text);
    else if (strncmp(text, "set ", 4) == 0) read_words(text, 0);
    else if (strncmp(text, "known ", 6) == 0) read_words(text, 1);
    else read_rule(text);
}

/* A line that begins with a space goes on the one before. */
static void read_file(const char *path)
{
    static char whole[65536], line[65536];
    FILE *in = fopen(path, "r");
    file = path;
    if (!in) die("cannot be read");
    line_number = 0;
    section = -1;
    first_set = set_count;
    *whole = 0;
    int next = 0;
    while (fgets(line, sizeof line, in)) {
        next++;
        char *comment = strchr(line, '#');
        if (comment) *comment = 0;
        if (line[0] != ' ' && line[0] != '\t') {
            read_line(whole);
            *whole = 0;
        }
        line_number = *whole ? line_number : next;
        if (strlen(whole) + strlen(line) + 2 > sizeof whole) die("too long");
        strcat(strcat(whole, " "), strtok(line, "\r\n") ? line : "");
    }
    read_line(whole);
    fclose(in);
    for (int i = first_set; i < set_count; i++) {
        line_number = sets[i].line;
        if (!sets[i].used) die("nothing uses the set '%s'", sets[i].name);
    }
}

/* --- writing -------------------------------------------------------------------------------------- */

/* The same letters with and without `*` are one entry of the table. */
static int entry_of[WORDS_MAX], entries[WORDS_MAX], entry_count;

static void make_entries(void)
{
    for (int i = 0; i < word_count; i++) {
        int e = 0;
        while (e < entry_count && (words[entries[e]].len != words[i].len ||
               memcmp(words[entries[e]].letters, words[i].letters, sizeof(uint16_t) * (size_t)words[i].len))) e++;
        if (e == entry_count) entries[entry_count++] = i;
        else words[entries[e]].typo |= words[i].typo;
        entry_of[i] = e;
    }
}

static void write_classes(int entry, int prefix, int *at)
{
    for (int c = 0; c < class_count; c++)
        for (int k = 0; k < classes[c].count; k++) {
            int word = classes[c].items[k];
            if (entry_of[word] != entry || words[word].prefix != prefix) continue;
            printf("%d,", c);
            if (++*at % 24 == 0) puts("");
        }
}

static void write_words(void)
{
    int at = 0, from[WORDS_MAX][3];
    puts("const uint16_t heard_letters[] = {");
    for (int e = 0; e < entry_count; e++) {
        for (int i = 0; i < words[entries[e]].len; i++) printf("%d,", words[entries[e]].letters[i]);
        puts("");
    }
    puts("0 };\nconst uint16_t heard_word_classes[] = {");
    for (int e = 0; e < entry_count; e++) {
        from[e][0] = at;
        write_classes(e, 0, &at);
        from[e][1] = at;
        write_classes(e, 1, &at);
        from[e][2] = at;
    }
    if (at > 65535) die("more than 65535 memberships");
    puts("0 };\nconst struct heard_word heard_words[] = {");
    for (int e = 0, letters = 0; e < entry_count; e++) {
        const struct word *word = &words[entries[e]];
        printf("{%d,%d,%d,%d,%d,%d,%d},\n", letters, word->len, word->typo, from[e][0], from[e][1] - from[e][0], from[e][1], from[e][2] - from[e][1]);
        letters += word->len;
    }
    printf("};\nconst uint16_t heard_word_count = %d;\n", entry_count);
}

static void write_slots(void)
{
    uint32_t size = 1024;
    while (size < (uint32_t)entry_count * 3) size *= 2;
    int *slots = calloc(size, sizeof *slots);
    if (!slots) die("out of memory");
    for (int e = 0; e < entry_count; e++) {
        uint32_t hash = HEARD_HASH_START;
        for (int i = 0; i < words[entries[e]].len; i++) hash = heard_hash(hash, words[entries[e]].letters[i]);
        uint32_t slot = (hash ^ (hash >> 15)) & (size - 1);
        while (slots[slot]) slot = (slot + 1) & (size - 1);
        slots[slot] = e + 1;
    }
    puts("const uint16_t heard_slots[] = {");
    for (uint32_t i = 0; i < size; i++) printf("%d,%s", slots[i], i % 24 == 23 ? "\n" : "");
    printf("};\nconst uint32_t heard_slot_mask = %u;\n", size - 1);
    free(slots);
}

static void write_typos(void)
{
    int from[HEARD_LETTERS_MAX + 2] = { 0 }, count = 0;
    puts("const struct heard_typo heard_typos[] = {");
    for (int len = 0; len <= HEARD_LETTERS_MAX; len++) {
        from[len] = count;
        for (int e = 0; e < entry_count; e++) {
            const struct word *word = &words[entries[e]];
            uint32_t set = 0;
            if (!word->typo || word->len != len) continue;
            for (int i = 0; i < len; i++) set |= heard_letter_bit(word->letters[i]);
            printf("{%uu,%d,%d},\n", set, e, len);
            count++;
        }
    }
    from[HEARD_LETTERS_MAX + 1] = count;
    puts("{0,0,0} };\nconst uint16_t heard_typo_from[] = {");
    for (int len = 0; len < HEARD_LETTERS_MAX + 2; len++) printf("%d,", from[len]);
    puts("};");
}

/* The class of fewest words that a rule cannot do without. */
static int anchor_of(const struct heard_rule *rule)
{
    int best = -1;
    for (int i = 0; i < rule->count; i++) {
        const struct heard_piece *piece = &pieces[rule->pieces + i];
        if (piece->kind == PIECE_ONE && (best < 0 || classes[piece->class].count < classes[best].count)) best = piece->class;
    }
    return best;
}

static void write_rules(int files, char **paths)
{
    puts("const struct heard_piece heard_pieces[] = {");
    for (int i = 0; i < piece_count; i++) printf("{%d,%d,%d},%s", pieces[i].kind, pieces[i].max, pieces[i].class, i % 12 == 11 ? "\n" : "");
    puts("};\nconst struct heard_rule heard_rules[] = {");
    for (int i = 0; i < rule_count; i++) printf("{%d,%d,%d,%d,%d},\n", rules[i].pieces, rules[i].count, rules[i].kind, rules[i].language, rules[i].line);
    printf("};\nconst uint16_t heard_rule_count = %d;\nconst uint16_t heard_class_count = %d;\n", rule_count, class_count);
    puts("const uint16_t heard_anchored[] = {");
    static int from[HEARD_CLASSES_MAX + 1];
    int count = 0;
    for (int c = 0; c < class_count; c++) {
        from[c] = count;
        for (int i = 0; i < rule_count; i++)
            if (anchor_of(&rules[i]) == c) {
                printf("%d,", i);
                if (++count % 24 == 0) puts("");
            }
    }
    from[class_count] = count;
    puts("0 };\nconst uint16_t heard_anchors[] = {");
    for (int c = 0; c <= class_count; c++) printf("%d,%s", from[c], c % 24 == 23 ? "\n" : "");
    puts("};\nconst char *const heard_languages[] = {");
    for (int i = 0; i < files; i++) {
        const char *name = strrchr(paths[i], '/');
        printf("\"%.2s\",", name ? name + 1 : paths[i]);
    }
    printf("};\nconst unsigned heard_language_count = %d;\n", files);
}

/* Where words have many endings, the long ones of a rule stand for all that begin so: from how many letters on. */
static int inflected_from(const char *name)
{
    static const char *const many[] = { "sv", "de", "da", "no", "nl", "fi", "hu", "pl", "cs", "sk", "ru", "uk", "bg", "hr", "el" };
    static const char *const some[] = { "es", "it", "pt", "fr", "ro" };
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++)
        if (strncmp(name, many[i], 2) == 0) return 6;
    for (size_t i = 0; i < sizeof some / sizeof some[0]; i++)
        if (strncmp(name, some[i], 2) == 0) return 7;
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 33) die("more than 32 languages");
    for (language = 0; language < argc - 1; language++) {
        const char *name = strrchr(argv[language + 1], '/');
        name = name ? name + 1 : argv[language + 1];
        spaceless = strncmp(name, "zh", 2) == 0 || strncmp(name, "ja", 2) == 0;
        umlauts = strncmp(name, "de", 2) == 0;
        inflected = inflected_from(name);
        read_file(argv[language + 1]);
    }
    make_entries();
    puts("/* Made by tools/wants-human.c from src/assistant/wants_human; do not change. */");
    puts("#include \"assistant/wants_human_tables.h\"");
    write_words();
    write_slots();
    write_typos();
    write_rules(argc - 1, argv + 1);
    fprintf(stderr, "wants_human: %d languages, %d words, %d classes, %d rules\n", argc - 1, entry_count, class_count, rule_count);
    return 0;
}
