/* wants-human-ear.c - learns the second ear of wants_human from sentences.
 *
 *   wants-human-ear src/assistant/wants_human/sentences.tsv > build/wants_human_ear_weights.c
 *
 * A line is: class, kind, language, sentence; class `-` for what nobody needs to hear. Multinomial
 * logistic regression (softmax) over hashed features of unit length, by stochastic gradient descent with
 * a step for each weight that shrinks with use (AdaGrad: Duchi, Hazan, Singer 2011, section 1.1). Same
 * sentences, same weights. With --folds it prints what it would hear of sentences that it did not learn. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "assistant/wants_human_ear.h"
#include "assistant/wants_human_fold.h"

#define SENTENCES_MAX 40000
#define FEATURES_MAX 1200
#define EPOCHS 14
#define RATE 0.6
#define DECAY 2e-5
#define FOLDS 5
#define FALSE_SHARE 0.015 /* of sentences that nobody needs to hear: so many may be heard */
#define WORD_LETTERS 32

struct feature {
    uint32_t bucket;
    float value;
};

struct sentence {
    int class;              /* EAR_COUNT: nothing */
    int near;               /* nothing, but made to sound like something: does not count for the threshold */
    struct feature *features;
    int count;
    const char *text;
};

static struct sentence sentences[SENTENCES_MAX];
static int sentence_count;
static double weights[EAR_BUCKETS][EAR_COUNT], used[EAR_BUCKETS][EAR_COUNT];

static const char *const class_names[EAR_COUNT] = {
#define X(class, name) [EAR_##class] = name,
    EAR_CLASSES(X)
#undef X
};

static void die(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(1);
}

/* --- features ------------------------------------------------------------------------------------- */

struct collecting {
    struct feature items[FEATURES_MAX];
    int count;
};

static void collect(void *context, uint32_t bucket, int weight)
{
    struct collecting *collecting = context;
    if (collecting->count < FEATURES_MAX) collecting->items[collecting->count++] = (struct feature){ bucket, (float)weight };
}

struct reading {
    struct collecting collecting;
    uint16_t letters[WORD_LETTERS];
    size_t len;
    uint32_t last, before;
};

static void end_word(struct reading *reading)
{
    if (!reading->len) return;
    ear_features(reading->letters, reading->len, reading->last, reading->before, collect, &reading->collecting);
    reading->before = reading->last;
    reading->last = ear_word_hash(reading->letters, reading->len);
    reading->len = 0;
}

static void read_features(struct sentence *sentence)
{
    static struct reading reading;
    memset(&reading, 0, sizeof reading);
    size_t size = strlen(sentence->text);
    for (size_t at = 0; at < size;) {
        utf8proc_int32_t c;
        uint16_t letters[FOLD_MAX];
        utf8proc_ssize_t step = utf8proc_iterate((const utf8proc_uint8_t *)sentence->text + at, (utf8proc_ssize_t)(size - at), &c);
        at += step > 0 ? (size_t)step : 1;
        if (step <= 0 || fold_is_apostrophe(c)) continue;
        int count = fold_letters(c, letters);
        for (int i = 0; i < count; i++) {
            if (letters[i] == ' ' || fold_is_word(letters[i])) end_word(&reading);
            if (letters[i] == ' ') continue;
            if (reading.len < WORD_LETTERS) reading.letters[reading.len++] = letters[i];
            if (fold_is_word(letters[i])) end_word(&reading);
        }
    }
    end_word(&reading);
    ear_end_features(reading.last, collect, &reading.collecting);
    double squares = 0;
    for (int i = 0; i < reading.collecting.count; i++) squares += reading.collecting.items[i].value * reading.collecting.items[i].value;
    for (int i = 0; i < reading.collecting.count; i++) reading.collecting.items[i].value /= (float)sqrt(squares);
    sentence->count = reading.collecting.count;
    sentence->features = malloc(sizeof *sentence->features * (size_t)(sentence->count + 1));
    if (!sentence->features) die("", 0, "out of memory");
    memcpy(sentence->features, reading.collecting.items, sizeof *sentence->features * (size_t)sentence->count);
}

/* --- learning ------------------------------------------------------------------------------------- */

/* Log odds of each class against nothing, which has none. */
static void score(const struct sentence *sentence, double *scores)
{
    for (int c = 0; c < EAR_COUNT; c++) scores[c] = EAR_PRIOR;
    for (int i = 0; i < sentence->count; i++)
        for (int c = 0; c < EAR_COUNT; c++) scores[c] += weights[sentence->features[i].bucket][c] * sentence->features[i].value;
}

static void learn(const struct sentence *sentence)
{
    double scores[EAR_COUNT], most = 0, all;
    score(sentence, scores);
    for (int c = 0; c < EAR_COUNT; c++) most = scores[c] > most ? scores[c] : most;
    all = exp(-most);
    for (int c = 0; c < EAR_COUNT; c++) all += exp(scores[c] - most);
    for (int c = 0; c < EAR_COUNT; c++) {
        double error = (sentence->class == c) - exp(scores[c] - most) / all;
        for (int i = 0; i < sentence->count; i++) {
            uint32_t bucket = sentence->features[i].bucket;
            double slope = error * sentence->features[i].value - DECAY * weights[bucket][c];
            used[bucket][c] += slope * slope;
            weights[bucket][c] += RATE * slope / sqrt(used[bucket][c] + 1e-8);
        }
    }
}

/* fold: which part is left out, or -1. The order is drawn anew each round, but always the same. */
static void train(int fold)
{
    static int order[SENTENCES_MAX];
    uint64_t random = 88172645463325252u;
    memset(weights, 0, sizeof weights);
    memset(used, 0, sizeof used);
    for (int i = 0; i < sentence_count; i++) order[i] = i;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        for (int i = sentence_count - 1; i > 0; i--) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            int other = (int)(random % (uint64_t)(i + 1)), kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        for (int i = 0; i < sentence_count; i++)
            if (order[i] / 2 % FOLDS != fold) learn(&sentences[order[i]]);
    }
}

/* --- thresholds: what may be heard wrongly of sentences that were not learned ---------------------- */

static double left_out[SENTENCES_MAX][EAR_COUNT];

static int downwards(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static double odds_of(const double *scores)
{
    double odds = 0;
    for (int c = 0; c < EAR_COUNT; c++) odds += exp(scores[c]);
    return log(odds);
}

static double threshold_of(double share)
{
    static double of_nothing[SENTENCES_MAX];
    int count = 0;
    for (int i = 0; i < sentence_count; i++)
        if (sentences[i].class == EAR_COUNT && !sentences[i].near) of_nothing[count++] = odds_of(left_out[i]);
    qsort(of_nothing, (size_t)count, sizeof *of_nothing, downwards);
    return of_nothing[(int)(share * count)];
}

static void print_folds(double threshold)
{
    for (int c = 0; c <= EAR_COUNT; c++) {
        int all = 0, heard = 0, right = 0;
        for (int i = 0; i < sentence_count; i++) {
            int best = 0;
            if (sentences[i].class != c) continue;
            all++;
            for (int k = 1; k < EAR_COUNT; k++)
                if (left_out[i][k] > left_out[i][best]) best = k;
            heard += odds_of(left_out[i]) > threshold;
            right += odds_of(left_out[i]) > threshold && best == c;
        }
        fprintf(stderr, "%-12s %5d sentences, %5.1f %% heard as something, %5.1f %% as that\n", c < EAR_COUNT ? class_names[c] : "nothing",
                all, 100.0 * heard / (all ? all : 1), 100.0 * right / (all ? all : 1));
    }
}

/* --- files ---------------------------------------------------------------------------------------- */

static int class_of(const char *name)
{
    for (int c = 0; c < EAR_COUNT; c++)
        if (strcmp(name, class_names[c]) == 0) return c;
    return strcmp(name, "-") == 0 ? EAR_COUNT : -1;
}

static void add_sentence(int class, int near, const char *text)
{
    struct sentence *sentence = &sentences[sentence_count++];
    *sentence = (struct sentence){ .class = class, .near = near, .text = strdup(text) };
    read_features(sentence);
}

/* A typing error: two letters inside the longest word change places. Each sentence is learned with and without. */
static void slip(char *text)
{
    size_t longest = 0, at = 0;
    for (size_t i = 0, len = 0; text[i]; i++) {
        len = (text[i] >= 'a' && text[i] <= 'z') ? len + 1 : 0;
        if (len > longest) longest = len, at = i;
    }
    if (longest < 4) return;
    size_t middle = at - longest / 2;
    char kept = text[middle];
    text[middle] = text[middle - 1];
    text[middle - 1] = kept;
}

static void read_sentences(const char *path)
{
    static char line[4096];
    FILE *in = fopen(path, "r");
    if (!in) die(path, 0, "cannot be read");
    for (int number = 1; fgets(line, sizeof line, in); number++) {
        if (line[0] == '#' || line[0] == '\n') continue;
        line[strcspn(line, "\n")] = 0;
        char *class = strtok(line, "\t"), *kind = strtok(NULL, "\t"), *language = strtok(NULL, "\t"), *text = strtok(NULL, "");
        if (!class || !kind || !language || !text || class_of(class) < 0) die(path, number, "class, kind, language, sentence");
        if (sentence_count + 2 > SENTENCES_MAX) die(path, number, "too many sentences");
        add_sentence(class_of(class), strcmp(kind, "near") == 0, text);
        slip(text);
        add_sentence(class_of(class), strcmp(kind, "near") == 0, text);
    }
    fclose(in);
}

static void write_weights(double threshold)
{
    double most = 0;
    for (int b = 0; b < EAR_BUCKETS; b++)
        for (int c = 0; c < EAR_COUNT; c++) most = fabs(weights[b][c]) > most ? fabs(weights[b][c]) : most;
    double scale = most / 127;
    puts("/* Made by tools/wants-human-ear.c from src/assistant/wants_human/sentences.tsv; do not change. */");
    puts("#include \"assistant/wants_human_ear.h\"\nconst int8_t ear_weights[EAR_BUCKETS][8] = {");
    for (int b = 0; b < EAR_BUCKETS; b++) {
        putchar('{');
        for (int c = 0; c < EAR_COUNT; c++) printf("%d,", (int)lround(weights[b][c] / scale));
        puts("},");
    }
    printf("};\nconst float ear_scale = %.9gf;\nconst float ear_threshold = %.9gf;\n", scale, threshold);
}

int main(int argc, char **argv)
{
    int folds = argc > 1 && strcmp(argv[1], "--folds") == 0;
    for (int i = 1 + folds; i < argc; i++) read_sentences(argv[i]);
    for (int fold = 0; fold < FOLDS; fold++) {
        train(fold);
        for (int i = 0; i < sentence_count; i++)
            if (i / 2 % FOLDS == fold) score(&sentences[i], left_out[i]);
    }
    double threshold = threshold_of(FALSE_SHARE);
    print_folds(threshold);
    if (folds) return 0;
    train(-1);
    write_weights(threshold);
    return 0;
}
