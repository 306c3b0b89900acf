/* firm_invoice.c - copies of invoices: a page behind a link that anybody may open who has it, for an hour. */
#include <time.h>

#include "demo/firm_routes.h"
#include "privacy/vault.h"

/* What the link's key signs. */
static void link_text(struct str invoice, struct str until, struct buf *text)
{
    buf_init(text, FIRM_BODY_MAX);
    buf_add_format(text, "invoice %.*s until %.*s", STR_ARG(invoice), STR_ARG(until));
}

void firm_post_invoice_copy(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    const char *order = firm_order_id(request->arena, firm_field(request, "order"));
    json_t *known = firm_row(firm, "select 1 from orders where customer = ?1 and id = ?2", "ss",
                             request->customer, order);
    if (!known) {
        firm_refuse_order(answer);
        return;
    }
    json_decref(known);
    json_t *invoice = firm_row(firm,
        "select 'ready' as status, v.id as invoice, v.issued_on, v.total_minor as amount_minor, 'EUR' as currency,"
        " o.id as \"order\", o.shop from invoices v join orders o on o.id = v.order_id where o.id = ?1", "s", order);
    if (!invoice) {
        firm_refuse(answer, 409, "not_invoiced", "The invoice is made when the shop sends the parcel.");
        return;
    }
    const char *number = json_string_value(json_object_get(invoice, "invoice"));
    struct str until = arena_format(request->arena, "%lld", (long long)time(NULL) + FIRM_LINK_SECONDS);
    struct buf text, hex;
    buf_init(&hex, 128);
    link_text(str_of(number), until, &text);
    signature_make(firm->token, buf_str(&text), &hex);
    buf_free(&text);
    struct str link = arena_format(request->arena, "%.*s/documents/%s?until=%.*s&key=%.*s", STR_ARG(firm->url), number,
                                   STR_ARG(until), STR_ARG(buf_str(&hex)));
    buf_free(&hex);
    json_object_set_new(invoice, "link", json_stringn(link.data, link.len));
    answer->json = invoice;
}

static bool link_valid(const struct firm *firm, const struct firm_request *request)
{
    struct str until = str_of(firm_query(request, "until"));
    uint64_t seconds;
    if (!str_to_u64(until, &seconds) || seconds < (uint64_t)time(NULL)) return false;
    struct buf text;
    link_text(str_of(request->customer), until, &text);
    bool fits = signature_fits(firm->token, buf_str(&text), str_of(firm_query(request, "key")));
    buf_free(&text);
    return fits;
}

static void page_text(struct buf *page, const char *text)
{
    for (const char *c = text ? text : ""; *c; c++) {
        if (*c == '<') buf_add_str(page, STR("&lt;"));
        else if (*c == '&') buf_add_str(page, STR("&amp;"));
        else buf_add_char(page, *c);
    }
}

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text ? text : "";
}

static void page_row(struct buf *page, const char *left, const char *middle, int64_t minor)
{
    buf_add_str(page, STR("<tr><td>"));
    page_text(page, left);
    buf_add_str(page, STR("<td>"));
    page_text(page, middle);
    buf_add_format(page, "<td class=n>€%lld.%02lld\n", (long long)(minor / 100), (long long)(minor % 100));
}

static int64_t minor_of(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static const char page_begin[] =
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
    "<title>Invoice</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;"
    "padding:0 1rem;color:#2b211c;background:#fff}h1{color:#a3401c}table{width:100%;border-collapse:collapse;"
    "margin:1rem 0}td,th{text-align:left;padding:.4rem;border-bottom:1px solid #ecdcc6}.n{text-align:right}"
    "</style><h1>Whimbrel</h1>";

static void page_head(struct buf *page, const json_t *invoice)
{
    static const struct {
        const char *before, *field;
    } pieces[] = {
        { "<p>Invoice <b>", "invoice" }, { "</b>, issued on ", "issued_on" }, { "<br>Order ", "order" },
        { " at ", "shop" }, { "<p>", "name" }, { "<br>", "address" },
    };
    buf_add_str(page, str_of(page_begin));
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
        buf_add_str(page, str_of(pieces[i].before));
        page_text(page, text_of(invoice, pieces[i].field));
    }
}

static void invoice_page(struct firm *firm, const json_t *invoice, struct buf *page)
{
    const char *order = text_of(invoice, "order");
    json_t *items = firm_rows(firm, "select what, quantity || '' as quantity, price_minor from order_lines"
                                    " where order_id = ?1", "s", order);
    json_t *parts = firm_rows(firm, "select 'Due ' || due_on as due, coalesce('paid ' || paid_on, '') as paid,"
                                    " amount_minor from instalments where order_id = ?1 order by part", "s", order);
    size_t i;
    json_t *row;
    page_head(page, invoice);
    buf_add_str(page, STR("<table><tr><th>Item<th>Quantity<th class=n>Price\n"));
    json_array_foreach(items, i, row)
        page_row(page, text_of(row, "what"), text_of(row, "quantity"), minor_of(row, "price_minor"));
    page_row(page, "In all", "", minor_of(invoice, "total_minor"));
    buf_add_str(page, STR("</table><table><tr><th>Payment<th>State<th class=n>Amount\n"));
    json_array_foreach(parts, i, row)
        page_row(page, text_of(row, "due"), text_of(row, "paid"), minor_of(row, "amount_minor"));
    buf_add_str(page, STR("</table><p>A made-up invoice of a made-up firm: part of the beckon demo.</html>\n"));
    json_decref(items);
    json_decref(parts);
}

void firm_get_invoice_page(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    if (!link_valid(firm, request)) {
        firm_refuse(answer, 403, "link_expired", "This link works for one hour only; ask for the invoice again.");
        return;
    }
    json_t *invoice = firm_row(firm,
        "select v.id as invoice, v.issued_on, v.total_minor, o.id as \"order\", o.shop, c.name, c.address from invoices v"
        " join orders o on o.id = v.order_id join customers c on c.id = o.customer where v.id = ?1", "s", request->customer);
    if (invoice) invoice_page(firm, invoice, &answer->page);
    else firm_refuse(answer, 404, "not_found", "There is no such invoice.");
    json_decref(invoice);
}
