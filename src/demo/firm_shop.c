/* firm_shop.c - what the demo's shop page needs: its products, and somebody to be logged in as.
 *
 * A real shop signs the identity of the customer who is logged in with it. Here the visitor picks
 * one of six customers; nobody else's identity is ever signed. */
#include <stdio.h>

#include "demo/firm_routes.h"
#include "demo/firm_seed.h"
#include "privacy/vault.h"

void firm_get_shop_customers(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    UNUSED(request);
    json_t *customers = json_array();
    for (size_t i = 0; i < FIRM_STORIES; i++) {
        json_t *row = firm_row(firm, "select id as customer, name from customers where id = ?1", "s",
                               firm_stories[i].customer);
        if (!row) continue;
        json_object_set_new(row, "line", json_string(firm_stories[i].line));
        json_array_append_new(customers, row);
    }
    answer->json = json_pack("{s:o}", "customers", customers);
}

static bool is_story(const char *customer)
{
    for (size_t i = 0; i < FIRM_STORIES; i++)
        if (!strcmp(firm_stories[i].customer, customer)) return true;
    return false;
}

void firm_get_shop_login(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    const char *customer = firm_query(request, "customer");
    json_t *row = is_story(customer)
        ? firm_row(firm, "select id as identity, name, email from customers where id = ?1", "s", customer) : NULL;
    if (!row) {
        firm_refuse(answer, 404, "not_found", "The shop has no such demo customer.");
        return;
    }
    struct buf hex;
    buf_init(&hex, 128);
    signature_make(firm->secret, str_of(customer), &hex);
    json_object_set_new(row, "signature", json_stringn(hex.data, hex.len));
    buf_free(&hex);
    answer->json = row;
}

static void write_euros(char out[32], const char *before, int64_t minor)
{
    snprintf(out, 32, "%s€%lld.%02lld", before, (long long)(minor / 100), (long long)(minor % 100));
}

void firm_get_shop_products(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    UNUSED(firm);
    UNUSED(request);
    json_t *products = json_array();
    for (size_t i = 0; i < firm_product_count; i++) {
        const struct firm_product *product = &firm_products[i];
        char price[32], parts[32];
        write_euros(price, "", product->price_minor);
        write_euros(parts, "3 × ", product->price_minor / 3);
        json_array_append_new(products, json_pack(
            "{s:s,s:s,s:s,s:s,s:I,s:s,s:s,s:s}", "product", product->product, "name", product->name, "text", product->text,
            "price", price, "price_minor", (json_int_t)product->price_minor, "parts", parts, "icon", product->icon,
            "colour", product->colour));
    }
    answer->json = json_pack("{s:s,s:o}", "currency", FIRM_CURRENCY, "products", products);
}
