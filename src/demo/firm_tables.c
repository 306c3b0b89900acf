#include "demo/firm_seed.h"

const struct firm_story firm_stories[FIRM_STORIES] = {
    { "C-1001", "One payment coming up" },
    { "C-1002", "Pay in 3; the next part has been moved once, the first was paid twice" },
    { "C-1003", "Sent back a pair of boots and waits for the refund; has a gift card" },
    { "C-1004", "One payment is late and got a fee" },
    { "C-1005", "Monthly plan; the saved card has expired" },
    { "C-1006", "A lamp is on its way, and a pan never came" },
};

const struct firm_product firm_products[] = {
    { "enamel-kettle", "Enamel kettle", "Two litres, whistles in D.", "kettle", "#c2552d", 4800 },
    { "marsh-lamp", "Marsh lamp", "Warm light on a bent reed of brass.", "lamp", "#d9a441", 8700 },
    { "shore-blanket", "Shore blanket", "Heavy wool, the colour of wet sand.", "blanket", "#b08d6e", 7200 },
    { "tide-chair", "Tide chair", "Ash and cord, made to sit in for hours.", "chair", "#4a5d3a", 34500 },
    { "mud-boots", "Mud boots", "Natural rubber; laughs at puddles.", "boots", "#6b4a32", 12900 },
    { "dawn-radio", "Dawn radio", "Wakes you with whatever the sea is doing.", "radio", "#7c8f86", 15600 },
};
const size_t firm_product_count = ARRAY_LEN(firm_products);

const char *const firm_names[FIRM_CUSTOMERS] = {
    "Maja Lindqvist", "Tomas Berg", "Aisha Karim", "Oliver Quinn", "Elsa Nyström",
    "Jonas Weber", "Nora Haugen", "Luca Ferri", "Signe Holm", "Marek Novak",
    "Hanna Virtanen", "Daan de Vries", "Ciara Byrne", "Emil Dahl", "Fatima Rahimi",
    "Pelle Strand", "Greta Vogel", "Sean Murphy", "Ida Koskinen", "Ruben Bakker",
    "Amelie Fuchs", "Kofi Mensah", "Linnea Ek", "Bram Jansen", "Yara Haddad",
    "Aino Laine", "Felix Braun", "Orla Keane", "Samir Nasser", "Tove Lund",
    "Jasper Smit", "Petra Hofmann", "Niall Doyle", "Sofia Rask", "Eero Salonen",
    "Mila Brandt", "Viggo Sand", "Thandi Nkosi", "Rasmus Falk", "Klara Wolff",
};

const struct firm_goods firm_goods[] = {
    { "Whimbrel Nest", "Enamel kettle", 4800 },
    { "Whimbrel Nest", "Marsh lamp", 8700 },
    { "Whimbrel Nest", "Shore blanket", 7200 },
    { "Whimbrel Nest", "Tide chair", 34500 },
    { "Whimbrel Nest", "Mud boots", 12900 },
    { "Whimbrel Nest", "Dawn radio", 15600 },
    { "Fern & Fold", "Linen shirt", 6490 },
    { "Fern & Fold", "Wool trousers", 11900 },
    { "Fern & Fold", "Rain jacket", 18900 },
    { "Fern & Fold", "Canvas shoes", 7990 },
    { "Saltbox Kitchen", "Cast-iron pan", 8900 },
    { "Saltbox Kitchen", "Bread knife", 5450 },
    { "Saltbox Kitchen", "Set of six bowls", 6200 },
    { "Tern Cycles", "City bicycle", 74900 },
    { "Tern Cycles", "Bicycle helmet", 8490 },
    { "Tern Cycles", "Pannier bag", 6990 },
    { "Little Auk Toys", "Wooden railway", 5990 },
    { "Little Auk Toys", "Puppet theatre", 9490 },
    { "Owl & Lantern Books", "Box of crime novels", 4250 },
    { "Owl & Lantern Books", "Atlas of sea birds", 6950 },
    { "Northmark Audio", "Headphones", 22900 },
    { "Northmark Audio", "Record player", 41900 },
};
const size_t firm_goods_count = ARRAY_LEN(firm_goods);
