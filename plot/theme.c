#include "plot/theme.h"
#include <math.h>

#define RGB(hex)                                                                                             \
    {                                                                                                        \
        (unsigned char)((hex) >> 16), (unsigned char)((hex) >> 8 & 0xff), (unsigned char)((hex)&0xff)        \
    }

static const struct sb_theme_def themes[] =
    {
        [SB_THEME_LIGHT] =
            {
                .background = RGB(0xffffff),
                .title = RGB(0x1a1a1a),
                .text = RGB(0x333333),
                .muted = RGB(0x666666),
                .grid = RGB(0xe2e2e2),
                .axis = RGB(0x808080),
                .band = RGB(0xf3f5f7),
                .whisker = RGB(0x1a1a1a),
                .good = RGB(0x009e73),
                .bad = RGB(0xd55e00),
                .neutral = RGB(0x737373),
                .warn = RGB(0xb03a00),
                .tint = 0.16,
                .slots = {{RGB(0x0072b2), 0},
                          {RGB(0xe69f00), 0},
                          {RGB(0x009e73), 0},
                          {RGB(0xcc79a7), 0},
                          {RGB(0xd55e00), 0},
                          {RGB(0x56b4e9), 0},
                          {RGB(0x7a6a1f), 0},
                          {RGB(0x5b4ea3), 0},
                          {RGB(0xd8cc2e), 0},
                          {RGB(0x8c8c8c), 0},
                          {RGB(0x882255), 0},
                          {RGB(0x44403a), 0}},
            },
        [SB_THEME_DARK] =
            {
                .background = RGB(0x14171c),
                .title = RGB(0xf5f6f7),
                .text = RGB(0xd0d3d8),
                .muted = RGB(0x949aa4),
                .grid = RGB(0x2d3138),
                .axis = RGB(0x7a808a),
                .band = RGB(0x1d2128),
                .whisker = RGB(0xf5f6f7),
                .good = RGB(0x20c08f),
                .bad = RGB(0xff7f3f),
                .neutral = RGB(0x949aa4),
                .warn = RGB(0xffa071),
                .tint = 0.22,
                .slots = {{RGB(0x56b4e9), 0},
                          {RGB(0xe69f00), 0},
                          {RGB(0x20c08f), 0},
                          {RGB(0xe08fbf), 0},
                          {RGB(0xff7f3f), 0},
                          {RGB(0x3d8fd1), 0},
                          {RGB(0xb5a54a), 0},
                          {RGB(0xa79bf0), 0},
                          {RGB(0xf0e442), 0},
                          {RGB(0xa0a4ab), 0},
                          {RGB(0xd0608f), 0},
                          {RGB(0xe0ddd5), 0}},
            },
        [SB_THEME_PRINT] =
            {
                .background = RGB(0xffffff),
                .title = RGB(0x000000),
                .text = RGB(0x1a1a1a),
                .muted = RGB(0x4d4d4d),
                .grid = RGB(0xd9d9d9),
                .axis = RGB(0x4d4d4d),
                .band = RGB(0xf2f2f2),
                .whisker = RGB(0x000000),
                .good = RGB(0x262626),
                .bad = RGB(0x262626),
                .neutral = RGB(0x737373),
                .warn = RGB(0x000000),
                .tint = 0.12,
                .outlined = true,
                .slots = {{RGB(0x4d4d4d), SB_HATCH_NONE},
                          {RGB(0xd0d0d0), SB_HATCH_UP},
                          {RGB(0xa0a0a0), SB_HATCH_NONE},
                          {RGB(0xf7f7f7), SB_HATCH_DOWN},
                          {RGB(0xc4c4c4), SB_HATCH_CROSS},
                          {RGB(0x808080), SB_HATCH_LEVEL},
                          {RGB(0xf7f7f7), SB_HATCH_UPRIGHT},
                          {RGB(0xb8b8b8), SB_HATCH_DOWN},
                          {RGB(0xe4e4e4), SB_HATCH_LEVEL},
                          {RGB(0x8f8f8f), SB_HATCH_UPRIGHT},
                          {RGB(0xf7f7f7), SB_HATCH_CROSS},
                          {RGB(0xd9d9d9), SB_HATCH_NONE}},
            },
};

/* Paul Tol, "Colour Schemes", 2021 (https://personal.sron.nl/~pault/): bright, then muted. */
static const struct sb_slot tol[SB_SLOTS] = {
    {RGB(0x4477aa), 0}, {RGB(0xee6677), 0}, {RGB(0x228833), 0}, {RGB(0xccbb44), 0},
    {RGB(0x66ccee), 0}, {RGB(0xaa3377), 0}, {RGB(0x999999), 0}, {RGB(0xcc6677), 0},
    {RGB(0x6655bb), 0}, {RGB(0x44aa99), 0}, {RGB(0x999933), 0}, {RGB(0xaa4499), 0},
};

/* On a dark page the greys begin at the light end. */
static const struct sb_slot dark_greys[SB_SLOTS] = {
    {RGB(0xd8d8d8), SB_HATCH_NONE},    {RGB(0x606060), SB_HATCH_UP},    {RGB(0x9a9a9a), SB_HATCH_NONE},
    {RGB(0x3a3d42), SB_HATCH_DOWN},    {RGB(0x707070), SB_HATCH_CROSS}, {RGB(0x8a8a8a), SB_HATCH_LEVEL},
    {RGB(0x3a3d42), SB_HATCH_UPRIGHT}, {RGB(0x55585e), SB_HATCH_DOWN},  {RGB(0x4a4d52), SB_HATCH_LEVEL},
    {RGB(0x7a7a7a), SB_HATCH_UPRIGHT}, {RGB(0x3a3d42), SB_HATCH_CROSS}, {RGB(0x55585e), SB_HATCH_NONE},
};

struct sb_theme_def sb_theme_with(enum sb_theme theme, enum sb_palette palette)
{
    struct sb_theme_def def = themes[theme];
    const struct sb_slot *slots = def.slots;
    if (palette == SB_PALETTE_TOL) slots = tol;
    if (palette == SB_PALETTE_GREY)
        slots = theme == SB_THEME_DARK ? dark_greys : themes[SB_THEME_PRINT].slots;
    if (palette == SB_PALETTE_GREY) def.outlined = true;
    if (slots != def.slots) memcpy(def.slots, slots, sizeof def.slots);
    return def;
}

static double linear(unsigned char channel)
{
    double c = channel / 255.0;
    return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(struct sb_rgb c)
{
    return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b);
}

double sb_contrast(struct sb_rgb a, struct sb_rgb b)
{
    double la = luminance(a), lb = luminance(b);
    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

static unsigned char mix_channel(unsigned char a, unsigned char b, double share)
{
    return (unsigned char)lround(a + (b - a) * share);
}

struct sb_rgb sb_mix(struct sb_rgb a, struct sb_rgb b, double share)
{
    return (struct sb_rgb){mix_channel(a.r, b.r, share), mix_channel(a.g, b.g, share),
                           mix_channel(a.b, b.b, share)};
}

struct sb_rgb sb_readable(struct sb_rgb color, struct sb_rgb behind)
{
    static const struct sb_rgb black = {0, 0, 0}, white = {255, 255, 255};
    struct sb_rgb towards = sb_contrast(black, behind) > sb_contrast(white, behind) ? black : white;
    struct sb_rgb out = color;
    for (int step = 1; step <= 20 && sb_contrast(out, behind) < 4.6; step++)
        out = sb_mix(color, towards, step / 20.0);
    return out;
}

/* The part of the line {a*x + b*y = c} (a, b in {0, 1, -1}) inside the box. */
static void hatch_line(struct sb_dl *dl, const struct sb_box *box, double a, double b, double c, double width,
                       struct sb_rgb color)
{
    struct sb_pt hit[4];
    size_t nr = 0;
    const double xs[] = {box->x0, box->x1}, ys[] = {box->y0, box->y1};
    for (int i = 0; i < 2 && b != 0; i++) {
        double y = (c - a * xs[i]) / b;
        if (y >= box->y0 && y <= box->y1) hit[nr++] = (struct sb_pt){xs[i], y};
    }
    for (int i = 0; i < 2 && a != 0; i++) {
        double x = (c - b * ys[i]) / a;
        if (x >= box->x0 && x <= box->x1) hit[nr++] = (struct sb_pt){x, ys[i]};
    }
    for (size_t i = 1; i < nr; i++) {
        if (fabs(hit[i].x - hit[0].x) + fabs(hit[i].y - hit[0].y) < 1) continue;
        sb_dl_segment(dl, hit[0].x, hit[0].y, hit[i].x, hit[i].y, width, color);
        return;
    }
}

static void hatch_family(struct sb_dl *dl, const struct sb_box *box, double a, double b, double spacing,
                         double width, struct sb_rgb color)
{
    double corners[] = {a * box->x0 + b * box->y0, a * box->x1 + b * box->y0, a * box->x0 + b * box->y1,
                        a * box->x1 + b * box->y1};
    double low = corners[0], high = corners[0];
    for (int i = 1; i < 4; i++) {
        low = fmin(low, corners[i]);
        high = fmax(high, corners[i]);
    }
    for (double c = low + spacing / 2; c < high; c += spacing)
        hatch_line(dl, box, a, b, c, width, color);
}

void sb_hatch(struct sb_dl *dl, const struct sb_box *outer, enum sb_hatch hatch, double spacing, double width,
              struct sb_rgb color)
{
    struct sb_box box = {outer->x0 + width / 2, outer->y0 + width / 2, outer->x1 - width / 2,
                         outer->y1 - width / 2};
    if (box.x1 - box.x0 < 1 || box.y1 - box.y0 < 1) return;
    double diagonal = spacing * 1.41421356;
    if (hatch == SB_HATCH_UP || hatch == SB_HATCH_CROSS) hatch_family(dl, &box, 1, 1, diagonal, width, color);
    if (hatch == SB_HATCH_DOWN || hatch == SB_HATCH_CROSS)
        hatch_family(dl, &box, 1, -1, diagonal, width, color);
    if (hatch == SB_HATCH_LEVEL) hatch_family(dl, &box, 0, 1, spacing, width, color);
    if (hatch == SB_HATCH_UPRIGHT) hatch_family(dl, &box, 1, 0, spacing, width, color);
}

static void outline(struct sb_dl *dl, const struct sb_box *b, double width, struct sb_rgb color, double dash)
{
    double h = width / 2;
    const struct sb_pt p[] = {{b->x0 + h, b->y0 + h},
                              {b->x1 - h, b->y0 + h},
                              {b->x1 - h, b->y1 - h},
                              {b->x0 + h, b->y1 - h},
                              {b->x0 + h, b->y0 + h}};
    if (b->x1 - b->x0 < 2 * width || b->y1 - b->y0 < 2 * width) return;
    sb_dl_dashed(dl, p, 5, width, color, dash, dash * 0.8);
}

void sb_swatch(struct sb_dl *dl, const struct sb_theme_def *theme, int slot, const struct sb_box *box,
               bool suspect)
{
    const struct sb_slot *s = &theme->slots[slot];
    struct sb_rgb fill = suspect ? sb_mix(s->color, theme->background, 0.78) : s->color;
    sb_dl_rect(dl, box->x0, box->y0, box->x1 - box->x0, box->y1 - box->y0, fill, 1);
    if (s->hatch) sb_hatch(dl, box, s->hatch, 4.5, 0.7, theme->whisker);
    if (suspect)
        outline(dl, box, 1.2, theme->outlined ? theme->whisker : s->color, 3.2);
    else if (theme->outlined)
        outline(dl, box, 0.7, theme->whisker, 0);
}

/* Corners of a shape on the unit circle, in turns; radius 2 lets stars alternate. */
struct shape {
    int corners;  /* 0: disc */
    double turn;  /* of the first corner from 12 o'clock, in turns */
    double inner; /* stars: radius of the notches, 0: none */
    double scale; /* to look as large as the disc */
};

static const struct shape shapes[SB_SLOTS] = {
    {0, 0, 0, 1},          {4, 0.125, 0, 1.24}, {3, 0, 0, 1.30},    {4, 0, 0, 1.30},
    {3, 0.5, 0, 1.30},     {5, 0, 0.42, 1.45},  {4, 0, 0.36, 1.50}, {5, 0, 0, 1.16},
    {4, 0.125, 0.40, 1.5}, {6, 0, 0, 1.12},     {3, 0.25, 0, 1.30}, {3, 0.75, 0, 1.30},
};

void sb_shape(struct sb_dl *dl, int slot, double x, double y, double radius, struct sb_rgb color)
{
    const struct shape *s = &shapes[slot];
    struct sb_pt p[16];
    int step = s->inner > 0 ? 2 : 1, nr = s->corners * step;
    double drop = s->corners == 3 ? (s->turn == 0 ? 0.18 : s->turn == 0.5 ? -0.18 : 0) * radius : 0;
    if (!nr) {
        sb_dl_disc(dl, x, y, radius, color, 1);
        return;
    }
    for (int i = 0; i < nr; i++) {
        double angle = 6.283185307179586 * (s->turn + (double)i / nr);
        double r = radius * s->scale * (step == 2 && i % 2 ? s->inner : 1);
        p[i] = (struct sb_pt){x + r * sin(angle), y + drop - r * cos(angle)};
    }
    sb_dl_poly(dl, p, (size_t)nr, color, 1);
}

void sb_marker(struct sb_dl *dl, const struct sb_theme_def *theme, int slot, double x, double y,
               double radius, double halo)
{
    if (halo > 0) sb_shape(dl, slot, x, y, radius + halo, theme->background);
    if (theme->outlined) {
        sb_shape(dl, slot, x, y, radius, theme->whisker);
        radius -= 1;
    }
    sb_shape(dl, slot, x, y, radius, theme->slots[slot].color);
}

void sb_suspect_ring(struct sb_dl *dl, const struct sb_theme_def *theme, double x, double y, double radius)
{
    sb_dl_disc(dl, x, y, radius + 4.4, theme->warn, 1);
    sb_dl_disc(dl, x, y, radius + 3, theme->background, 1);
}

int sb_slot_of(const struct sb_chart *chart, size_t series)
{
    int slot = chart->series_slot ? chart->series_slot[series] : (int)(series % SB_SLOTS);
    return (slot % SB_SLOTS + SB_SLOTS) % SB_SLOTS;
}
