#include "assistant/matters.h"

#define TEXT_MAX 600       /* bytes; a longer message tells a story */
#define PARTS_MAX 8
#define SPLITS_MAX 16      /* places at joints that are tried */
#define PART_WORDS 2      /* "and thanks" is no matter */
#define PART_CONFIDENCE 500 /* at least: out of its message a part is more easily misunderstood */
#define STORY_CONFIDENCE 800 /* of a statement beside a question: mostly it only says why it is asked */
#define COMMA_CONFIDENCE 650 /* of both sides of a comma: it stands in the middle of one matter, too */
#define CLEAR_LEAD 0.75      /* of the best topic over the second: the whole is about one thing ... */
#define CLEAR_CONFIDENCE 700 /* ... unless what stands at a joint says otherwise as clearly */

/* Words between two matters, folded, with their spaces. */
static const char *const joints[] = {
    " and also ", " and then ", " and ", " also ", " plus ", " besides ", " och också ", " och sen ", " och ", " dessutom ", " samt ",
    " und außerdem ", " und auch ", " und ", " außerdem ", " sowie ", " y también ", " y además ", " y ", " e ", " además ", " también ",
    ", ", /* only between what stands before another joint: "a, b and c" */
};

struct parts {
    struct str items[PARTS_MAX];
    size_t count;
};

static void add_part(struct parts *parts, struct str text)
{
    text = str_trim(text);
    if (text.len && parts->count < PARTS_MAX) parts->items[parts->count++] = text;
}

static bool ends_sentence(struct str text, size_t at)
{
    char c = text.data[at];
    if (c == '?' || c == '!' || c == ';' || c == '\n') return true;
    return c == '.' && (at + 1 == text.len || text.data[at + 1] == ' ' || text.data[at + 1] == '\n');
}

static void cut_sentences(struct parts *parts, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!ends_sentence(text, i)) continue;
        add_part(parts, str_slice(text, from, i + 1));
        from = i + 1;
    }
    add_part(parts, str_slice(text, from, text.len));
}

struct found {
    struct matter *matters; /* MATTERS_MAX */
    size_t count;
};

struct part {
    bool known;
    size_t topic;
    int confidence;
};

static struct part read_part(const struct turn *turn, struct str text)
{
    struct intent_result result;
    struct part part = { .known = false };
    if (tokens_of(turn->arena, text).count < PART_WORDS) return part;
    intent_predict(turn->assistant->intent, turn->arena, text, turn->language, &result);
    if (!result.count) return part;
    part.topic = result.top[0].topic;
    part.confidence = turn_thousandths(result.confidence);
    part.known = part.confidence >= turn->workspace->answer_threshold && part.confidence >= PART_CONFIDENCE;
    return part;
}

static void add_matter(struct found *found, struct part part)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->matters[i].topic == part.topic) return;
    if (part.known && found->count < MATTERS_MAX) found->matters[found->count++] = (struct matter){ part.topic, part.confidence };
}

struct reading {
    int tries; /* places at joints that may still be tried */
    int least; /* confidence that both sides of a joint must have */
    bool lists; /* within one side of a joint */
};

struct halves {
    struct str text[2];
    struct part part[2];
};

static bool split_at_joint(const struct turn *turn, struct str text, struct reading *reading, struct halves *halves);

/* One side of a joint: understood as one matter, or as a list of some ("a, b" of "a, b and c"), which as a whole is
 * neither. */
static struct part read_side(const struct turn *turn, struct str text, struct reading *reading)
{
    struct part part = read_part(turn, text);
    struct halves halves;
    if (part.known || reading->lists || str_find_char(text, ',', 0) < 0) return part;
    reading->lists = true;
    if (split_at_joint(turn, text, reading, &halves)) part = halves.part[0];
    reading->lists = false;
    return part;
}

/* Where a joint parts the text into two that are both understood and differ; the first such place. */
static bool split_at_joint(const struct turn *turn, struct str text, struct reading *reading, struct halves *halves)
{
    for (size_t j = 0; j < ARRAY_LEN(joints); j++) {
        struct str joint = str_of(joints[j]);
        bool comma = joint.data[0] == ',';
        int needed = comma && reading->least < COMMA_CONFIDENCE ? COMMA_CONFIDENCE : reading->least;
        for (ptrdiff_t at = str_find(text, joint, 0); at >= 0 && reading->tries > 0 && (!comma || reading->lists); at = str_find(text, joint, (size_t)at + 1)) {
            reading->tries--;
            halves->text[0] = str_slice(text, 0, (size_t)at);
            halves->text[1] = str_slice(text, (size_t)at + joint.len, text.len);
            struct part first = halves->part[0] = read_side(turn, halves->text[0], reading);
            struct part second = halves->part[1] = read_side(turn, halves->text[1], reading);
            int least = first.confidence < second.confidence ? first.confidence : second.confidence;
            if (first.known && second.known && least >= needed && first.topic != second.topic) return true;
        }
    }
    return false;
}

/* The whole leans clearly to one topic: what stands beside it is its story, not another matter. */
static bool is_one_thing(const struct turn *turn)
{
    const struct intent_result *whole = &turn->intents;
    return whole->count >= 2 && (turn_thousandths(whole->confidence) >= turn->workspace->answer_threshold &&
                                whole->top[0].probability - whole->top[1].probability > CLEAR_LEAD);
}

/* A text that is understood as `part`, or as what stands on both sides of its joints: "late, charged a fee, and broken" is three. */
static void add_halves(const struct turn *turn, struct str text, struct part part, struct reading *reading, struct found *found)
{
    struct halves halves;
    if (!split_at_joint(turn, text, reading, &halves)) {
        add_matter(found, part);
        return;
    }
    reading->lists = true;
    for (size_t i = 0; i < ARRAY_LEN(halves.text); i++)
        add_halves(turn, halves.text[i], halves.part[i], reading, found);
}

static size_t count_questions(const struct parts *parts)
{
    size_t count = 0;
    for (size_t i = 0; i < parts->count; i++)
        count += str_ends(parts->items[i], STR("?"));
    return count;
}

size_t matters_find(const struct turn *turn, struct matter matters[MATTERS_MAX])
{
    struct parts parts = { .count = 0 };
    struct found found = { matters, 0 };
    if (turn->matter.len > TEXT_MAX) return 0;
    cut_sentences(&parts, turn->matter);
    size_t questions = count_questions(&parts);
    bool clear = questions < 2 && is_one_thing(turn); /* two questions are two, whatever the whole sounds like */
    struct reading reading = { SPLITS_MAX, clear ? CLEAR_CONFIDENCE : 0, false };
    for (size_t i = 0; i < parts.count; i++) {
        struct part part = read_part(turn, parts.items[i]);
        bool story = questions && !str_ends(parts.items[i], STR("?"));
        reading.lists = false;
        part.known = part.known && !clear && (!story || part.confidence >= STORY_CONFIDENCE);
        add_halves(turn, parts.items[i], part, &reading, &found);
    }
    return found.count >= 2 ? found.count : 0;
}
