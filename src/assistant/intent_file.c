#include "assistant/intent_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "assistant/intent_parts.h"
#include "base/limits.h"
#include "base/memory.h"
#include "base/replace.h"

#define MAGIC "beckonIM"
#define MAGIC_LEN 8
#define HEAD_LEN (MAGIC_LEN + 4)
#define SUM_LEN 8
#define FEATURES_MOST (1u << 26)
#define UNITS_MOST 4096u
#define SAME_MOST (4u * LIMIT_EXAMPLES)

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "tables are written as they lie in memory");

/* Eight bytes at a time, in four chains so that they overlap: damage is found at memory's speed. */
static uint64_t checksum(struct str bytes)
{
    uint64_t chains[4] = { 0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu, bytes.len }, sum = 0;
    size_t at = 0;
    for (; at + 32 <= bytes.len; at += 32)
        for (int k = 0; k < 4; k++) {
            uint64_t word;
            memcpy(&word, bytes.data + at + 8 * k, sizeof word);
            chains[k] = (chains[k] ^ word) * 0x9fb21c651e98df25u;
            chains[k] ^= chains[k] >> 29;
        }
    for (; at < bytes.len; at++)
        chains[0] = ((chains[0] ^ (uint8_t)bytes.data[at]) * 0x9fb21c651e98df25u) ^ (chains[0] >> 31);
    for (int k = 0; k < 4; k++)
        sum = (sum ^ chains[k] ^ (chains[k] >> 32)) * 0xd6e8feb86659fd93u;
    return sum ^ (sum >> 32);
}

/* --- writing ------------------------------------------------------------------------------------ */

static void put_table(struct buf *out, const void *table, size_t count, size_t size)
{
    buf_add_varint(out, count);
    buf_add(out, table, count * size);
}

static void put_output(struct buf *out, const struct output *output)
{
    put_table(out, output->weights, output->units * output->width, sizeof(float));
    put_table(out, output->bias, output->width, sizeof(float));
}

static void put_ensemble(struct buf *out, const struct ensemble *ensemble)
{
    buf_add_varint(out, ensemble->linear_count);
    buf_add_varint(out, ensemble->network_count);
    buf_add_varint(out, ensemble->phrases_count);
    for (size_t i = 0; i < ensemble->linear_count; i++) {
        const struct linear *linear = &ensemble->linears[i];
        put_table(out, linear->weights, linear->features, lanes_short_row(linear->width));
        put_table(out, linear->bias, linear->width, sizeof(float));
    }
    for (size_t i = 0; i < ensemble->network_count; i++) {
        const struct network *network = &ensemble->networks[i];
        put_table(out, network->bias, network->units, sizeof(float));
        put_table(out, network->weights, network->features, lanes_short_row(network->units));
        put_output(out, &network->output);
    }
    for (size_t i = 0; i < ensemble->phrases_count; i++) {
        const struct phrases *phrases = &ensemble->phrases[i];
        buf_add_varint(out, phrases->depth);
        for (size_t s = 0; s < PHRASES_SPANS; s++)
            buf_add_varint(out, phrases->counts[s]);
        put_table(out, phrases->parts, phrases->depth * phrases->part_count, sizeof(float));
        put_table(out, phrases->bias, phrases->output.units, sizeof(float));
        put_table(out, phrases->spelling, phrases->features, lanes_short_row(phrases->depth));
        put_output(out, &phrases->output);
    }
    put_table(out, ensemble->common.ends, ensemble->common.count, sizeof(uint32_t));
    put_table(out, ensemble->common.spelled, ensemble->common.count ? ensemble->common.ends[ensemble->common.count - 1] : 0, sizeof(uint32_t));
}

static void put_lexicon(struct buf *out, const struct intent *intent)
{
    uint64_t *hashes = MEMORY_NEW_ARRAY(uint64_t, intent->lexicon.count + 1);
    struct map_slot slot;
    for (size_t i = 0; map_next(&intent->lexicon.numbers, &i, &slot);)
        hashes[(uintptr_t)slot.value - 1] = slot.key;
    put_table(out, hashes, intent->lexicon.count, sizeof *hashes);
    put_table(out, intent->all.weighing.idf, intent->all.weighing.count, sizeof(float));
    buf_add(out, &intent->all.weighing.unknown_idf, sizeof(float));
    memory_free(hashes);
}

static void put_same(struct buf *out, const struct map *same)
{
    uint64_t *keys = map_sorted_keys(same);
    buf_add_varint(out, same->count);
    for (size_t i = 0; i < same->count; i++) {
        uintptr_t value = (uintptr_t)map_get(same, keys[i]);
        uint32_t topic = value == UINTPTR_MAX ? 0 : (uint32_t)value;
        buf_add(out, &keys[i], sizeof keys[i]);
        buf_add(out, &topic, sizeof topic);
    }
    memory_free(keys);
}

void intent_file_seal(struct buf *out)
{
    uint64_t sum = checksum(buf_str(out));
    buf_add(out, &sum, sizeof sum);
}

void intent_write(const struct intent *intent, struct str made_from, struct buf *out)
{
    uint32_t version = INTENT_FILE_VERSION;
    buf_add(out, MAGIC, MAGIC_LEN);
    buf_add(out, &version, sizeof version);
    buf_add_bytes(out, made_from);
    buf_add_bytes(out, intent->language);
    buf_add_varint(out, intent->topics);
    for (size_t t = 0; t < intent->topics; t++)
        buf_add_bytes(out, intent->names[t]);
    put_lexicon(out, intent);
    put_ensemble(out, &intent->all.ensemble);
    put_table(out, intent->all.cover.starts, intent->all.cover.features + 1, sizeof(uint32_t));
    put_table(out, intent->all.cover.topics, intent->all.cover.count, sizeof(uint16_t));
    put_table(out, &intent->trust.inside, sizeof intent->trust.inside / sizeof(double), sizeof(double));
    put_table(out, &intent->trust.right, sizeof intent->trust.right / sizeof(double), sizeof(double));
    buf_add(out, &intent->trust.threshold, sizeof intent->trust.threshold);
    put_same(out, &intent->same);
    intent_file_seal(out);
}

/* --- reading ------------------------------------------------------------------------------------ */

static void take(struct reader *reader, void *to, size_t len)
{
    if (reader->bad || (size_t)(reader->end - reader->at) < len) {
        reader->bad = true;
        memset(to, 0, len);
        return;
    }
    memcpy(to, reader->at, len);
    reader->at += len;
}

/* A table of exactly `count` entries; NULL (and bad) if it is another. */
static void *take_table(struct reader *reader, size_t count, size_t size)
{
    reader->bad |= reader_varint(reader) != count || (size_t)(reader->end - reader->at) / size < count;
    if (reader->bad)
        return NULL;
    void *table = memory_new(count + 1, size);
    take(reader, table, count * size);
    return table;
}

static float *take_floats(struct reader *reader, size_t count)
{
    float *table = take_table(reader, count, sizeof *table);
    for (size_t i = 0; table && i < count; i++)
        reader->bad |= !isfinite(table[i]);
    return table;
}

static int8_t *take_short(struct reader *reader, size_t rows, size_t width)
{
    int8_t *table = take_table(reader, rows, lanes_short_row(width));
    reader->bad |= table && !lanes_are_finite(table, rows, width);
    return table;
}

static void take_doubles(struct reader *reader, double *to, size_t count)
{
    reader->bad |= reader_varint(reader) != count;
    take(reader, to, count * sizeof *to);
    for (size_t i = 0; i < count; i++)
        reader->bad |= !isfinite(to[i]);
}

/* A number of at most `most`; 0 and bad otherwise. */
static size_t take_count(struct reader *reader, size_t most)
{
    uint64_t count = reader_varint(reader);
    reader->bad |= count > most;
    return reader->bad ? 0 : (size_t)count;
}

static void take_output(struct reader *reader, struct output *output, size_t units, size_t classes)
{
    *output = (struct output){ .units = units, .classes = classes, .width = lanes_width(classes) };
    output->weights = take_floats(reader, units * output->width);
    output->bias = take_floats(reader, output->width);
}

/* The number of entries of the table that comes next, without taking it. */
static size_t peek_count(const struct reader *reader, size_t most)
{
    struct reader ahead = *reader;
    size_t count = take_count(&ahead, most);
    return ahead.bad ? 0 : count;
}

static void take_network(struct reader *reader, struct network *network, size_t features, size_t classes)
{
    size_t units = peek_count(reader, UNITS_MOST);
    reader->bad |= units == 0 || units % LANES != 0;
    *network = (struct network){ .features = features, .units = units };
    network->bias = take_floats(reader, units);
    network->weights = take_short(reader, features, units);
    take_output(reader, &network->output, units, classes);
}

static void take_phrases(struct reader *reader, struct phrases *phrases, size_t features, size_t classes)
{
    size_t units = 0, depth = take_count(reader, UNITS_MOST);
    reader->bad |= depth == 0 || depth % LANES != 0;
    *phrases = (struct phrases){ .features = features, .depth = depth };
    for (size_t s = 0; s < PHRASES_SPANS; s++) {
        phrases->counts[s] = take_count(reader, UNITS_MOST);
        reader->bad |= phrases->counts[s] % LANES != 0;
        units += phrases->counts[s];
    }
    phrases->part_count = phrases_parts(phrases->counts);
    phrases->parts = take_floats(reader, depth * phrases->part_count);
    phrases->bias = take_floats(reader, units);
    phrases->spelling = take_short(reader, features, depth);
    take_output(reader, &phrases->output, units, classes);
}

static void take_common(struct reader *reader, struct common *common, size_t features)
{
    common->count = peek_count(reader, COMMON_WORDS);
    common->ends = take_table(reader, common->count, sizeof(uint32_t));
    for (size_t w = 1; w < common->count && !reader->bad; w++)
        reader->bad |= common->ends[w] < common->ends[w - 1];
    size_t spelled = reader->bad || common->count == 0 ? 0 : common->ends[common->count - 1];
    common->spelled = take_table(reader, spelled, sizeof(uint32_t));
    for (size_t i = 0; i < spelled && !reader->bad; i++)
        reader->bad |= common->spelled[i] >= features;
    if (reader->bad)
        common->count = 0;
    common_index(common);
}

static void take_ensemble(struct reader *reader, struct ensemble *ensemble, size_t features, size_t classes)
{
    size_t linears = take_count(reader, ENSEMBLE_MEMBERS), networks = take_count(reader, ENSEMBLE_MEMBERS);
    size_t phrases = take_count(reader, ENSEMBLE_MEMBERS);
    *ensemble = (struct ensemble){ .features = features, .classes = classes };
    reader->bad |= linears + networks + phrases == 0;
    for (; ensemble->linear_count < linears && !reader->bad; ensemble->linear_count++) {
        struct linear *linear = &ensemble->linears[ensemble->linear_count];
        *linear = (struct linear){ .features = features, .classes = classes, .width = lanes_width(classes) };
        linear->weights = take_short(reader, features, linear->width);
        linear->bias = take_floats(reader, linear->width);
    }
    while (ensemble->network_count < networks && !reader->bad)
        take_network(reader, &ensemble->networks[ensemble->network_count++], features, classes);
    while (ensemble->phrases_count < phrases && !reader->bad)
        take_phrases(reader, &ensemble->phrases[ensemble->phrases_count++], features, classes);
    take_common(reader, &ensemble->common, features);
    if (!reader->bad)
        ensemble_prepare(ensemble);
}

static void take_lexicon(struct reader *reader, struct intent *intent)
{
    size_t count = peek_count(reader, FEATURES_MOST);
    uint64_t *hashes = take_table(reader, count, sizeof *hashes);
    struct weighing *weighing = &intent->all.weighing;
    for (size_t i = 0; hashes && i < count && !reader->bad; i++) {
        reader->bad |= hashes[i] == 0 || map_get(&intent->lexicon.numbers, hashes[i]);
        if (!reader->bad)
            lexicon_add(&intent->lexicon, hashes[i]);
    }
    memory_free(hashes);
    *weighing = (struct weighing){ .idf = take_floats(reader, count), .numbers = count, .count = count };
    take(reader, &weighing->unknown_idf, sizeof(float));
    reader->bad |= !isfinite(weighing->unknown_idf);
    if (reader->bad)
        return;
    weighing->index = MEMORY_NEW_ARRAY(uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        weighing->index[i] = (uint32_t)i + 1;
}

static void take_cover(struct reader *reader, struct cover *cover, size_t features, size_t topics)
{
    *cover = (struct cover){ .features = features, .starts = take_table(reader, features + 1, sizeof(uint32_t)) };
    cover->count = peek_count(reader, SIZE_MAX / 4);
    cover->topics = take_table(reader, cover->count, sizeof(uint16_t));
    if (reader->bad)
        return;
    for (size_t f = 0; f < features; f++)
        reader->bad |= cover->starts[f] > cover->starts[f + 1];
    reader->bad |= cover->starts[0] != 0 || cover->starts[features] != cover->count;
    for (size_t i = 0; i < cover->count; i++)
        reader->bad |= cover->topics[i] >= topics;
}

static void take_same(struct reader *reader, struct map *same, size_t topics)
{
    size_t count = take_count(reader, SAME_MOST);
    uint64_t before = 0;
    for (size_t i = 0; i < count && !reader->bad; i++) {
        uint64_t key;
        uint32_t topic;
        take(reader, &key, sizeof key);
        take(reader, &topic, sizeof topic);
        reader->bad |= key <= before || topic > topics;
        if (!reader->bad)
            map_put(same, key, (void *)(topic ? (uintptr_t)topic : UINTPTR_MAX));
        before = key;
    }
}

static void take_model(struct reader *reader, struct intent *intent)
{
    intent->language = arena_copy(&intent->arena, reader_bytes(reader));
    intent->topics = take_count(reader, LIMIT_TOPICS);
    reader->bad |= intent->topics == 0;
    intent->names = ARENA_NEW_ARRAY(&intent->arena, struct str, intent->topics + 1);
    for (size_t t = 0; t < intent->topics; t++)
        intent->names[t] = arena_copy(&intent->arena, reader_bytes(reader));
    take_lexicon(reader, intent);
    take_ensemble(reader, &intent->all.ensemble, intent->lexicon.count, intent->topics);
    take_cover(reader, &intent->all.cover, intent->lexicon.count, intent->topics);
    take_doubles(reader, (double *)&intent->trust.inside, sizeof intent->trust.inside / sizeof(double));
    take_doubles(reader, (double *)&intent->trust.right, sizeof intent->trust.right / sizeof(double));
    take(reader, &intent->trust.threshold, sizeof intent->trust.threshold);
    reader->bad |= !isfinite(intent->trust.threshold);
    take_same(reader, &intent->same, intent->topics);
    reader->bad |= reader->at != reader->end;
}

static bool check_head(struct err *err, struct str name, struct str bytes)
{
    uint32_t version;
    uint64_t sum;
    if (bytes.len < HEAD_LEN + SUM_LEN || memcmp(bytes.data, MAGIC, MAGIC_LEN) != 0)
        return err_set(err, "%.*s is not a model of intents; make one with `beckon intents train`", STR_ARG(name));
    memcpy(&version, bytes.data + MAGIC_LEN, sizeof version);
    if (version > INTENT_FILE_VERSION)
        return err_set(err, "%.*s was made by a newer beckon (version %u of the file, this one reads %d); update beckon or train anew",
                       STR_ARG(name), version, INTENT_FILE_VERSION);
    memcpy(&sum, bytes.data + bytes.len - SUM_LEN, sizeof sum);
    if (version == 0 || sum != checksum(str_slice(bytes, 0, bytes.len - SUM_LEN)))
        return err_set(err, "%.*s is damaged (its checksum does not fit); train anew or take it from a backup", STR_ARG(name));
    if (version < INTENT_FILE_VERSION)
        return err_set(err, "%.*s was made by an older beckon (version %u of the file, this one reads %d); train anew", STR_ARG(name), version,
                       INTENT_FILE_VERSION);
    return true;
}

struct intent *intent_read(struct err *err, struct str name, struct str bytes, struct str *made_from)
{
    if (!check_head(err, name, bytes))
        return NULL;
    struct intent *intent = MEMORY_NEW(struct intent);
    struct reader reader = reader_of(str_slice(bytes, HEAD_LEN, bytes.len - SUM_LEN));
    struct str from = arena_copy(&intent->arena, reader_bytes(&reader));
    take_model(&reader, intent);
    if (reader.bad) {
        intent_free(intent);
        err_set(err, "%.*s is damaged (its parts do not fit each other); train anew or take it from a backup", STR_ARG(name));
        return NULL;
    }
    if (made_from)
        *made_from = from;
    return intent;
}

bool intent_save(struct err *err, const struct intent *intent, struct str made_from, const char *path)
{
    struct buf out;
    buf_init(&out, LIMIT_MODEL);
    intent_write(intent, made_from, &out);
    bool good = out.full ? err_set(err, "%s: the model is larger than %d bytes; train on fewer rows or without --best", path, LIMIT_MODEL)
                         : replace_file(err, path, buf_str(&out));
    buf_free(&out);
    return good;
}

/* Read in one piece: a model is the largest file that is read at a start. */
static char *read_whole(struct err *err, const char *path, size_t *len)
{
    struct stat info;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) != 0) {
        err_set(err, "%s cannot be opened: %s", path, strerror(errno));
        if (file >= 0)
            close(file);
        return NULL;
    }
    if (!S_ISREG(info.st_mode) || info.st_size > LIMIT_MODEL) {
        err_set(err, "%s is no regular file of at most %d bytes; name a model that `beckon intents train` made", path, LIMIT_MODEL);
        close(file);
        return NULL;
    }
    char *data = memory_new((size_t)info.st_size + 1, 1);
    ssize_t got = 1;
    for (*len = 0; *len < (size_t)info.st_size && got > 0; *len += got > 0 ? (size_t)got : 0)
        got = read(file, data + *len, (size_t)info.st_size - *len);
    if (got < 0) {
        err_set(err, "%s cannot be read: %s", path, strerror(errno));
        memory_free(data);
        data = NULL;
    }
    close(file);
    return data;
}

struct intent *intent_load(struct err *err, const char *path, struct str *made_from)
{
    size_t len;
    char *data = read_whole(err, path, &len);
    struct intent *intent = data ? intent_read(err, str_of(path), str_make(data, len), made_from) : NULL;
    memory_free(data);
    return intent;
}
