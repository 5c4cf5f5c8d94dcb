/*
 * SVG: PLplot's svg device draws into memory; this pass rewrites what it wrote. Geometry comes back in
 * logical px with y downwards, rectangles as <rect>, and the n-th placeholder text becomes the n-th text of
 * the display list: real, selectable text in our fonts, with the length we measured (so that another font
 * does not break the layout). No doctype, no style sheet, no reference; all ids begin with the chart's:
 * several charts fit into one HTML page.
 */
#include "plot/plstream.h"
#include "plot/backend.h"
#include "core/alloc.h"
#include <math.h>

static void add_px(struct sb_strbuf *out, double px)
{
    long hundredths = lround(px * 100);
    unsigned long size = (unsigned long)labs(hundredths);
    if (hundredths < 0) sb_strbuf_addc(out, '-');
    sb_strbuf_addf(out, "%lu", size / 100);
    if (size % 100 == 0) return;
    sb_strbuf_addf(out, size % 10 ? ".%02lu" : ".%lu", size % 10 ? size % 100 : size % 100 / 10);
}

static void add_attr(struct sb_strbuf *out, const char *name, double px)
{
    sb_strbuf_addf(out, " %s=\"", name);
    add_px(out, px);
    sb_strbuf_addc(out, '"');
}

static void add_escaped(struct sb_strbuf *out, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': sb_strbuf_adds(out, "&amp;"); break;
        case '<': sb_strbuf_adds(out, "&lt;"); break;
        case '>': sb_strbuf_adds(out, "&gt;"); break;
        case '"': sb_strbuf_adds(out, "&quot;"); break;
        default: sb_strbuf_addc(out, *text);
        }
    }
}

static void placeholder(const struct sb_pl_target *target, const struct sb_dl *dl,
                        const struct sb_dl_item *item)
{
    (void)target;
    sb_pl_placeholder(dl, item);
}

static void add_text(struct sb_strbuf *out, const struct sb_dl_item *item)
{
    static const char *const anchors[] = {"", " text-anchor=\"middle\"", " text-anchor=\"end\""};
    sb_strbuf_adds(out, "<text");
    add_attr(out, "x", item->x);
    add_attr(out, "y", item->y);
    add_attr(out, "font-size", item->font.size);
    add_attr(out, "textLength", item->w);
    sb_strbuf_adds(out, " lengthAdjust=\"spacingAndGlyphs\"");
    sb_strbuf_adds(out, anchors[item->anchor]);
    if (item->font.weight == SB_SEMIBOLD) sb_strbuf_adds(out, " font-weight=\"600\"");
    if (item->font.tabular) sb_strbuf_adds(out, " style=\"font-feature-settings:'tnum'\"");
    if (item->upward) {
        sb_strbuf_adds(out, " transform=\"rotate(-90 ");
        add_px(out, item->x);
        sb_strbuf_addc(out, ' ');
        add_px(out, item->y);
        sb_strbuf_adds(out, ")\"");
    }
    sb_strbuf_addf(out, " fill=\"#%02x%02x%02x\">", item->color.r, item->color.g, item->color.b);
    add_escaped(out, item->text);
    sb_strbuf_adds(out, "</text>\n");
}

/* A shape as PLplot wrote it. */
struct shape {
    char stroke[8], fill[8]; /* "#RRGGBB" or "" */
    double width, opacity;   /* px; of stroke or fill */
    struct sb_pt *points;    /* logical px */
    size_t nr, alloc;
};

/* PLplot writes numbers with a point whatever the locale is; strtod() would read them by the locale. */
static double read_number(const char **s, const char *end)
{
    double value = 0, place = 1;
    const char *p = *s;
    bool negative = p < end && *p == '-';
    p += negative;
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        value = value * 10 + (*p - '0');
    if (p < end && *p == '.')
        for (p++; p < end && *p >= '0' && *p <= '9'; p++)
            value += (*p - '0') * (place /= 10);
    if (p + 1 < end && *p == 'e') {
        bool minus = p[1] == '-';
        int e = 0;
        for (p += 2; p < end && *p >= '0' && *p <= '9'; p++)
            e = e * 10 + (*p - '0');
        value *= pow(10, minus ? -e : e);
    }
    *s = p;
    return negative ? -value : value;
}

/* The value of an attribute inside [element, end), NULL when it has none. */
static const char *attribute(const char *element, const char *end, const char *name, const char **value_end)
{
    size_t len = strlen(name);
    for (const char *p = element; p + len + 2 < end; p++) {
        if (p[-1] != ' ' && p[-1] != '\n') continue;
        if (memcmp(p, name, len) != 0 || p[len] != '=' || p[len + 1] != '"') continue;
        const char *value = p + len + 2;
        *value_end = memchr(value, '"', (size_t)(end - value));
        return *value_end ? value : NULL;
    }
    return NULL;
}

static void read_color(const char *element, const char *end, const char *name, char color[8])
{
    const char *stop, *value = attribute(element, end, name, &stop);
    *color = '\0';
    if (value && *value == '#' && stop - value == 7) snprintf(color, 8, "%.7s", value);
}

static double read_attribute(const char *element, const char *end, const char *name, double fallback)
{
    const char *stop, *value = attribute(element, end, name, &stop);
    return value ? read_number(&value, stop) : fallback;
}

static void read_shape(struct shape *shape, const char *element, const char *end, double height)
{
    const char *stop, *p = attribute(element, end, "points", &stop);
    read_color(element, end, "stroke", shape->stroke);
    read_color(element, end, "fill", shape->fill);
    shape->width = read_attribute(element, end, "stroke-width", 0) / SB_PL_OVERSAMPLING;
    shape->opacity = read_attribute(element, end, *shape->fill ? "fill-opacity" : "stroke-opacity", 1);
    shape->nr = 0;
    while (p && p < stop) {
        if (*p != '-' && (*p < '0' || *p > '9')) {
            p++;
            continue;
        }
        SB_ALLOC_GROW(shape->points, shape->nr + 1, shape->alloc);
        struct sb_pt *pt = &shape->points[shape->nr++];
        pt->x = read_number(&p, stop) / SB_PL_OVERSAMPLING;
        if (p < stop && *p == ',') p++;
        pt->y = height - read_number(&p, stop) / SB_PL_OVERSAMPLING;
    }
}

static bool is_rect(const struct shape *s)
{
    const struct sb_pt *p = s->points;
    if (!*s->fill || (s->nr != 4 && s->nr != 5)) return false;
    if (s->nr == 5 && (p[0].x != p[4].x || p[0].y != p[4].y)) return false;
    return (p[0].y == p[1].y && p[1].x == p[2].x && p[2].y == p[3].y && p[3].x == p[0].x) ||
           (p[0].x == p[1].x && p[1].y == p[2].y && p[2].x == p[3].x && p[3].y == p[0].y);
}

static void add_paint(struct sb_strbuf *out, const struct shape *s)
{
    if (*s->fill) {
        sb_strbuf_addf(out, " fill=\"%s\"", s->fill);
        if (s->opacity < 0.999) add_attr(out, "fill-opacity", s->opacity);
    } else {
        sb_strbuf_addf(out, " fill=\"none\" stroke=\"%s\"", s->stroke);
        add_attr(out, "stroke-width", s->width);
        sb_strbuf_adds(out, s->nr == 2 ? " stroke-linecap=\"round\"" : " stroke-linejoin=\"round\"");
        if (s->opacity < 0.999) add_attr(out, "stroke-opacity", s->opacity);
    }
}

/* A closed polygon whose corners lie on a circle, as discs are drawn. */
static bool is_disc(const struct shape *s, struct sb_pt *centre, double *radius)
{
    size_t corners = s->nr - 1;
    if (!*s->fill || s->nr < 16 || s->points[0].x != s->points[corners].x ||
        s->points[0].y != s->points[corners].y)
        return false;
    *centre = (struct sb_pt){0, 0};
    *radius = 0;
    for (size_t i = 0; i < corners; i++) {
        centre->x += s->points[i].x / (double)corners;
        centre->y += s->points[i].y / (double)corners;
    }
    for (size_t i = 0; i < corners; i++)
        *radius += hypot(s->points[i].x - centre->x, s->points[i].y - centre->y) / (double)corners;
    for (size_t i = 0; i < corners; i++)
        if (fabs(hypot(s->points[i].x - centre->x, s->points[i].y - centre->y) - *radius) > 0.06)
            return false;
    return true;
}

static void add_points(struct sb_strbuf *out, const struct shape *s)
{
    for (size_t i = 0; i < s->nr; i++) {
        sb_strbuf_addc(out, i ? (i == 1 ? 'L' : ' ') : 'M');
        add_px(out, s->points[i].x);
        sb_strbuf_addc(out, ' ');
        add_px(out, s->points[i].y);
    }
}

/* The path that was written last, to be continued by a line of the same look: hatches and dashes are many
 * short lines. */
struct open_path {
    size_t points_end, end; /* in the output; end != its length: something else followed */
    char paint[128];
};

static void add_path(struct sb_strbuf *out, const struct shape *s, struct open_path *open)
{
    struct sb_strbuf paint = SB_STRBUF_INIT;
    bool opaque_line = !*s->fill && s->opacity > 0.999;
    add_paint(&paint, s);
    if (opaque_line && open->end == out->len && strcmp(open->paint, paint.buf) == 0)
        out->len = open->points_end;
    else
        sb_strbuf_adds(out, "<path d=\"");
    add_points(out, s);
    open->points_end = out->len;
    sb_strbuf_addf(out, "%s\"%s/>\n", *s->fill ? "Z" : "", paint.buf);
    open->end = opaque_line && paint.len < sizeof open->paint ? out->len : 0;
    snprintf(open->paint, sizeof open->paint, "%s", paint.buf);
    sb_strbuf_release(&paint);
}

static void add_shape(struct sb_strbuf *out, const struct shape *s, struct open_path *open)
{
    struct sb_pt centre;
    double radius;
    if (is_rect(s)) {
        const struct sb_pt *a = &s->points[0], *b = &s->points[2];
        sb_strbuf_adds(out, "<rect");
        add_attr(out, "x", fmin(a->x, b->x));
        add_attr(out, "y", fmin(a->y, b->y));
        add_attr(out, "width", fabs(a->x - b->x));
        add_attr(out, "height", fabs(a->y - b->y));
    } else if (is_disc(s, &centre, &radius)) {
        sb_strbuf_adds(out, "<circle");
        add_attr(out, "cx", centre.x);
        add_attr(out, "cy", centre.y);
        add_attr(out, "r", radius);
    } else {
        add_path(out, s, open);
        return;
    }
    add_paint(out, s);
    sb_strbuf_adds(out, "/>\n");
}

static const struct sb_dl_item *next_text(const struct sb_dl *dl, size_t *at)
{
    while (*at < dl->items_nr && dl->items[*at].op != SB_DL_TEXT)
        ++*at;
    return *at < dl->items_nr ? &dl->items[(*at)++] : NULL;
}

/* Rewrites the elements behind PLplot's flipped group. False when it wrote something else than we asked for.
 */
static bool rewrite(const struct sb_dl *dl, const char *svg, struct sb_strbuf *out)
{
    struct shape shape = {.nr = 0};
    struct open_path open = {.end = 0};
    size_t text_at = 0;
    const char *p = strstr(svg, "<g");
    bool ok = p != NULL;
    while (ok && (p = strchr(p + 1, '<'))) {
        const char *end = strstr(p, p[1] == 't' ? "</text>" : ">");
        if (p[1] == '/') continue;
        ok = end != NULL;
        if (ok && strncmp(p, "<polyline", 9) == 0) {
            read_shape(&shape, p + 1, end, dl->height);
            if (shape.nr > 1) add_shape(out, &shape, &open);
        } else if (ok && strncmp(p, "<text", 5) == 0) {
            const struct sb_dl_item *item = next_text(dl, &text_at);
            ok = item != NULL;
            if (ok) add_text(out, item);
            p = end;
        } else {
            ok = false;
        }
    }
    ok = ok && !next_text(dl, &text_at);
    free(shape.points);
    return ok;
}

static void add_head(const struct sb_dl *dl, const struct sb_render_meta *meta, struct sb_strbuf *out)
{
    sb_strbuf_adds(out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
    sb_strbuf_addf(out, " id=\"%s\" role=\"img\" aria-labelledby=\"%s-title%s%s%s\"", meta->id, meta->id,
                   *meta->description ? " " : "", *meta->description ? meta->id : "",
                   *meta->description ? "-desc" : "");
    add_attr(out, "width", dl->width);
    add_attr(out, "height", dl->height);
    sb_strbuf_adds(out, " viewBox=\"0 0 ");
    add_px(out, dl->width);
    sb_strbuf_addc(out, ' ');
    add_px(out, dl->height);
    sb_strbuf_addf(out, "\">\n<title id=\"%s-title\">", meta->id);
    add_escaped(out, *meta->title ? meta->title : "Chart");
    sb_strbuf_adds(out, "</title>\n");
    if (*meta->description) {
        sb_strbuf_addf(out, "<desc id=\"%s-desc\">", meta->id);
        add_escaped(out, meta->description);
        sb_strbuf_adds(out, "</desc>\n");
    }
    if (*meta->parameters) {
        sb_strbuf_adds(out, "<metadata>");
        add_escaped(out, meta->parameters);
        sb_strbuf_adds(out, "</metadata>\n");
    }
    sb_strbuf_adds(out, "<rect");
    add_attr(out, "width", dl->width);
    add_attr(out, "height", dl->height);
    sb_strbuf_addf(out, " fill=\"#%02x%02x%02x\"/>\n", dl->background.r, dl->background.g, dl->background.b);
    sb_strbuf_adds(
        out,
        "<g font-family=\"Inter,'Inter Variable',system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',"
        "Arial,'Noto Sans',sans-serif\" xml:space=\"preserve\">\n");
}

bool sb_render_svg(const struct sb_dl *dl, const struct sb_render_meta *meta, struct sb_strbuf *out,
                   struct sb_err *err)
{
    char *drawn = NULL;
    size_t drawn_len = 0, start = out->len;
    struct sb_pl_target target = {.device = "svg", .text = placeholder};
    target.file = open_memstream(&drawn, &drawn_len);
    if (!target.file) return sb_fail(err, SB_ERR_INTERNAL, "no memory for an SVG chart");
    bool ok = sb_pl_draw(&target, dl, err);
    if (ok) {
        add_head(dl, meta, out);
        ok = rewrite(dl, drawn, out);
        if (!ok) sb_fail(err, SB_ERR_INTERNAL, "PLplot's svg device wrote an unexpected element");
        sb_strbuf_adds(out, "</g>\n</svg>\n");
    }
    if (!ok && out->len > start) {
        out->len = start;
        out->buf[start] = '\0';
    }
    free(drawn);
    return ok;
}
