/* A masked text shows nothing of the customer, reads on as a sentence, and can be given its values back. */
#include "../../support/public_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "privacy/mask.h"

static struct arena arena;
static struct mask *mask;

static const struct str orders[] = { { "W-20417", 7 }, { "CUST-81", 7 } };

/* A turn of the customer above. */
static void begin(void)
{
    struct mask_record record = { .name = STR("Zoë Åkerlund-Smith"), .email = STR("zoe.a@example.com"), .phone = STR("+46 70 123 45 67"),
                                  .address = STR("Ekgatan 12 B, 111 22 Lillby"), .ids = orders, .id_count = ARRAY_LEN(orders) };
    mask = mask_new(&arena, &record);
}

static int set_up(void **state)
{
    UNUSED(state);
    begin();
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    arena_free(&arena);
    return 0;
}

#define hides(text, expected) begin(), reads(text, expected)
#define reads(text, expected) assert_string_equal(arena_cstr(&arena, mask_hide(mask, str_of(text))), expected)

static void the_record_is_hidden_whatever_case_accents_and_blanks(void **state)
{
    UNUSED(state);
    reads("Zoë Åkerlund-Smith here", "[name 1] here");
    reads("ZOE AKERLUND SMITH here", "[name 1] here");
    reads("zoeåkerlundsmith", "[name 1]");
    reads("Is zoe's parcel there? Akerlunds too", "Is [name 2]'s parcel there? [name 3]s too");
    hides("my order w 20417 (W20417)", "my order [id 1] ([id 1])");
    hides("to Z O E . A @ EXAMPLE . COM", "to [email 1]");
    hides("ekgatan 12b? No, in Ekgatan, 11122 Lillby", "[address 1]? No, in [address 2], [address 3]");
    hides("0701234567 or +46 70 1234567", "[phone 1] or [phone 2]");
}

static void parts_of_words_are_left(void **state)
{
    UNUSED(state);
    hides("a blacksmith and a zoetrope", "a blacksmith and a zoetrope");
    hides("smithereens", "smithereens");
}

static void what_has_a_shape_is_hidden_too(void **state)
{
    UNUSED(state);
    hides("card 4111 1111 1111 1111, mail a@b.se, a@b.se", "card [card 1], mail [email 1], [email 1]");
    hides("reference 987654321098", "reference [phone 1]");
    hides("code X12345678", "code X[number 1]");
}

static void phrases_introduce_names(void **state)
{
    UNUSED(state);
    hides("Hi, my name is Maria del Carmen Ruiz and I paid", "Hi, my name is [name 1] and I paid");
    hides("my name is bob jones i paid twice", "my name is [name 1] i paid twice");
    hides("jag heter Örjan Ek.", "jag heter [name 1].");
    hides("Ich heiße Jörg Müller, guten Tag", "Ich heiße [name 1], guten Tag");
    hides("me llamo José Ortega", "me llamo [name 1]");
    hides("I am Peter Parker", "I am [name 1]");
    hides("Dear Mrs. Dalloway, hello", "Dear Mrs. [name 1], hello");
    hides("Kind regards,\nEdith Wharton", "Kind regards,\n[name 1]");
    hides("Mit freundlichen Grüßen\nHans Castorp", "Mit freundlichen Grüßen\n[name 1]");
}

static void phrases_that_introduce_nothing_hide_nothing(void **state)
{
    UNUSED(state);
    hides("my name is on the invoice", "my name is on the invoice");
    hides("I am Swedish and I am sorry", "I am Swedish and I am sorry");
    hides("jag heter inte så", "jag heter inte så");
    hides("can you deliver to my work", "can you deliver to my work");
    hides("My name is wrong. Change it", "My name is wrong. Change it");
}

static void phrases_introduce_addresses(void **state)
{
    UNUSED(state);
    hides("I live at 14 Baker Street, NW1 6XE London. Thanks", "I live at [address 1]. Thanks");
    hides("jag bor på Storgatan 5 och väntar", "jag bor på [address 1] och väntar");
    hides("ich wohne in der Lindenstraße 7", "ich wohne in [address 1]");
    hides("vivo en Calle Mayor 3, Madrid", "vivo en [address 1]");
    hides("please deliver to Elm Road 9 tomorrow", "please deliver to [address 1] tomorrow");
}

static void what_was_hidden_can_be_shown_again(void **state)
{
    UNUSED(state);
    struct str shown;
    struct str hidden = mask_hide(mask, STR("Zoë, send it to b@c.de or 08-123 456 78"));
    assert_string_equal(arena_cstr(&arena, hidden), "[name 1], send it to [email 1] or [phone 1]");
    assert_true(mask_show(mask, STR("Dear [name 1]: [Email 1]. [list] [email]"), &shown));
    assert_string_equal(arena_cstr(&arena, shown), "Dear Zoë: b@c.de. [list] [email]");
    assert_false(mask_show(mask, STR("and [email 2]"), &shown));
    assert_false(mask_show(mask, STR("and [card 1]"), &shown));
}

/* Whoever writes a placeholder does not get what it stands for. */
static void a_placeholder_that_somebody_wrote_stands_for_nothing(void **state)
{
    UNUSED(state);
    struct str shown;
    struct str hidden = mask_hide(mask, STR("repeat [email 1] and [EMAIL 1] to me, my mail is b@c.de"));
    assert_string_equal(arena_cstr(&arena, hidden), "repeat (email 1) and (EMAIL 1) to me, my mail is [email 1]");
    assert_true(mask_show(mask, hidden, &shown));
    assert_string_equal(arena_cstr(&arena, shown), "repeat (email 1) and (EMAIL 1) to me, my mail is b@c.de");
}

static void a_mask_knows_nothing_of_another_customers(void **state)
{
    UNUSED(state);
    struct mask_record nobody = { .name = STR_EMPTY };
    struct mask *other = mask_new(&arena, &nobody);
    struct str shown;
    mask_hide(mask, STR("b@c.de"));
    assert_int_equal(mask_count(mask), 1);
    assert_int_equal(mask_count(other), 0);
    assert_false(mask_show(other, STR("[email 1]"), &shown));
}

/* A name of one letter, an id "7": hiding those would make every sentence unreadable. */
static void what_is_too_short_to_tell_is_left(void **state)
{
    UNUSED(state);
    struct str ids[] = { STR("7"), STR("a1") };
    struct mask_record record = { .name = STR("J"), .ids = ids, .id_count = 2 };
    mask = mask_new(&arena, &record);
    reads("j has 7 of a1", "j has 7 of a1");
}

/* 6.4: names and addresses dominate; with the record known, they are hidden. The synthetic sentences' own spans are
 * taken as the record. */
static void names_and_addresses_of_the_sentences_are_hidden_when_the_record_knows_them(void **state)
{
    UNUSED(state);
    json_t *sentences = public_json("pii/synthetic_sentences.json"), *sentence, *span;
    int names = 0, hidden_names = 0, addresses = 0, hidden_addresses = 0;
    size_t i, k;
    if (!sentences) {
        print_message("skipped: pii/synthetic_sentences.json is not there\n");
        skip();
    }
    json_array_foreach(sentences, i, sentence) {
        struct str text = str_of(json_string_value(json_object_get(sentence, "full_text")));
        json_array_foreach(json_object_get(sentence, "spans"), k, span) {
            const char *type = json_string_value(json_object_get(span, "entity_type"));
            struct str value = str_of(json_string_value(json_object_get(span, "entity_value")));
            bool name = !strcmp(type, "PERSON"), address = !strcmp(type, "STREET_ADDRESS");
            if ((!name && !address) || value.len < 4) /* a house's number alone tells nothing */
                continue;
            struct mask_record record = { .name = name ? value : STR_EMPTY, .address = address ? value : STR_EMPTY };
            bool gone = str_find(mask_hide(mask_new(&arena, &record), text), value, 0) < 0;
            names += name;
            addresses += address;
            hidden_names += name && gone;
            hidden_addresses += address && gone;
        }
    }
    print_message("names %d of %d, addresses %d of %d\n", hidden_names, names, hidden_addresses, addresses);
    json_decref(sentences);
    assert_true(names > 400 && hidden_names == names);
    assert_true(addresses > 250 && hidden_addresses == addresses);
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(the_record_is_hidden_whatever_case_accents_and_blanks),
        STORY(parts_of_words_are_left),
        STORY(what_has_a_shape_is_hidden_too),
        STORY(phrases_introduce_names),
        STORY(phrases_that_introduce_nothing_hide_nothing),
        STORY(phrases_introduce_addresses),
        STORY(what_was_hidden_can_be_shown_again),
        STORY(a_placeholder_that_somebody_wrote_stands_for_nothing),
        STORY(a_mask_knows_nothing_of_another_customers),
        STORY(what_is_too_short_to_tell_is_left),
        STORY(names_and_addresses_of_the_sentences_are_hidden_when_the_record_knows_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
