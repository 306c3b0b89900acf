/* privacy.c - how fast personal data is found and hidden, and how much of it is found (docs/privacy.md).
 *
 * Texts are the public synthetic sentences and what people ask a bank; without them, the longest message. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/limits.h"
#include "privacy/detect.h"
#include "privacy/mask.h"

#define ROUNDS 20

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static json_t *sentences(void)
{
    const char *folder = getenv("BECKON_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/pii/synthetic_sentences.json", folder ? folder : "../shared/data");
    return json_load_file(path, 0, NULL);
}

static void measure_sentences(const json_t *all)
{
    struct mask_record record = { .name = STR("Zoë Åkerlund-Smith"), .email = STR("zoe.a@example.com"), .address = STR("Ekgatan 12, 111 22 Lillby") };
    double finding = 0, hiding = 0, bytes = 0, count = 0;
    size_t i;
    json_t *sentence;
    for (int round = 0; round < ROUNDS; round++)
        json_array_foreach(all, i, sentence) {
            struct str text = str_of(json_string_value(json_object_get(sentence, "full_text")));
            struct arena arena = { 0 };
            double began = now_us();
            detect_find(&arena, text, true);
            double between = now_us();
            mask_hide(mask_new(&arena, &record), text);
            hiding += now_us() - between;
            finding += between - began;
            bytes += (double)text.len;
            count++;
            arena_free(&arena);
        }
    printf("personal data found, mean a sentence\t%.2f\tus\t\t\t\n", finding / count);
    printf("personal data found\t%.0f\tMB/s\t\t\t\n", bytes / finding);
    printf("personal data hidden, mean a sentence\t%.2f\tus\t\t\t\n", hiding / count);
}

static void measure_longest(const char *name, const char *pattern)
{
    static char text[LIMIT_MESSAGE];
    struct arena arena = { 0 };
    struct mask_record record = { .name = STR("Zoë Åkerlund-Smith") };
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = pattern[i % strlen(pattern)];
    double began = now_us();
    mask_hide(mask_new(&arena, &record), str_make(text, sizeof text));
    printf("personal data hidden in 8,000 bytes, %s\t%.2f\tms\t\t\t\n", name, (now_us() - began) / 1e3);
    arena_free(&arena);
}

int main(void)
{
    json_t *all = sentences();
    if (all)
        measure_sentences(all);
    else
        fprintf(stderr, "bench: the synthetic sentences are not there; their rows are left out\n");
    json_decref(all);
    measure_longest("a letter", "I have paid order W-20417 twice and my number is 08-123 456 78, a@b.se. ");
    measure_longest("made to be slow", "1.1-1 1@1:1/");
    return 0;
}
