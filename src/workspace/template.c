#include "workspace/template.h"

bool template_has_fields(struct str text)
{
    return str_find(text, STR("{{"), 0) >= 0;
}

static bool is_field_name(struct str name)
{
    if (name.len == 0 || name.len > 64)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

static void add(struct template *out, enum template_kind kind, struct str text, size_t from)
{
    if (kind != TEMPLATE_TEXT || text.len)
        out->pieces[out->count++] = (struct template_piece){ kind, text, from };
}

/* One placeholder's inside to its kind and name. */
static struct template_piece placeholder(struct str inside)
{
    enum template_kind kind = TEMPLATE_FIELD;
    inside = str_trim(inside);
    char first = inside.len ? inside.data[0] : 0;
    if (first == '#' || first == '^' || first == '/') {
        kind = first == '#' ? TEMPLATE_IF : first == '^' ? TEMPLATE_UNLESS : TEMPLATE_END;
        inside = str_trim(str_slice(inside, 1, inside.len));
    }
    return (struct template_piece){ kind, inside, 0 };
}

/* Keeps *open, the name of the block that is open, in step with the piece. */
static bool nest(struct err *err, const struct template_piece *piece, struct str *open)
{
    if (piece->kind == TEMPLATE_IF || piece->kind == TEMPLATE_UNLESS) {
        if (open->len)
            return err_set(err, "{{#%.*s}} stands inside {{#%.*s}}", STR_ARG(piece->text), STR_ARG(*open));
        *open = piece->text;
    } else if (piece->kind == TEMPLATE_END) {
        if (!str_equal(*open, piece->text))
            return err_set(err, "{{/%.*s}} closes nothing", STR_ARG(piece->text));
        *open = STR_EMPTY;
    }
    return true;
}

bool template_read(struct err *err, struct arena *arena, struct str text, struct template *out, size_t *at)
{
    size_t room = 2;
    for (ptrdiff_t i = 0; (i = str_find(text, STR("{{"), (size_t)i)) >= 0; i += 2)
        room += 2;
    *out = (struct template){ ARENA_NEW_ARRAY(arena, struct template_piece, room), 0 };
    struct str open = STR_EMPTY;
    size_t from = 0;
    for (;;) {
        ptrdiff_t begin = str_find(text, STR("{{"), from);
        if (begin < 0)
            break;
        *at = (size_t)begin;
        ptrdiff_t end = str_find(text, STR("}}"), *at);
        if (end < 0)
            return err_set(err, "a placeholder has no end: '}}' is missing");
        struct template_piece piece = placeholder(str_slice(text, *at + 2, (size_t)end));
        if (!is_field_name(piece.text))
            return err_set(err, "'{{%.*s}}' is not a placeholder", STR_ARG(str_cut(piece.text, 64)));
        if (!nest(err, &piece, &open))
            return false;
        add(out, TEMPLATE_TEXT, str_slice(text, from, *at), from);
        add(out, piece.kind, piece.text, *at);
        from = (size_t)end + 2;
    }
    *at = from;
    if (open.len)
        return err_set(err, "{{/%.*s}} is missing", STR_ARG(open));
    add(out, TEMPLATE_TEXT, str_slice(text, from, text.len), from);
    return true;
}
