/* Geometry of generated charts: no two texts overlap, nothing leaves the canvas, every text can be read. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/alloc.h"
#include "gallery.h"
#include "plot/canvas.h"

#define COUNT SB_ARRAY_SIZE

static unsigned state = 1;

static unsigned rnd(unsigned below)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

static double number(void)
{
    static const double nasty[] = {0,  -1, 1e-300, 1e300,     -1e300, 5e-324, 1.7e308,
                                   42, 42, 1e6,    123456789, 0.001,  -0.5};
    unsigned kind = rnd(12);
    if (kind == 0) return NAN;
    if (kind == 1) return nasty[rnd(COUNT(nasty))];
    if (kind == 2) return INFINITY;
    return 100 + rnd(1000000) / 1000.0;
}

static const char *word(void)
{
    static char endless[5001];
    if (!*endless) memset(endless, 'W', sizeof endless - 1);
    if (rnd(25) == 0) return endless;
    static const char *const words[] = {
        "cpu",
        "QEMU raw",
        "QEMU qcow2",
        "Docker",
        "fileio rndwr 4 threads",
        "4 vCPU · 8 GiB",
        "a-very-long-name-without-any-blank-in-it",
        "",
        "日本語のラベル",
        "עברית",
        "<&>#d",
        "\xff\xfe",
        "x\x01\x1b[0m",
        "a b c d e f g h i j k l m n o p q r s t u v w x y z",
        "naïve café",
        "100 %",
        "ﷺ﷽",
        "🎉🎉",
        "i",
        "configuration number one hundred and twenty-three of the experiment"};
    return words[rnd(COUNT(words))];
}

static const char **words(size_t nr)
{
    const char **out = sb_xcalloc(nr + 1, sizeof *out);
    for (size_t i = 0; i < nr; i++)
        out[i] = word();
    return out;
}

struct made {
    struct sb_chart chart;
    struct sb_panel panels[12];
    struct sb_bar *bars[12];
    double values[64];
    const double **points;
    size_t *points_nr;
    const char **groups[12];
    const char **series;
    struct sb_forest_row rows[40];
    struct sb_heat heat;
    struct sb_heat_cell *cells;
    const char **heat_rows, **heat_columns;
    struct sb_xy xy;
    struct sb_curve curves[16];
    struct sb_sample samples[16][40];
    struct sb_distribution distributions[12];
    struct sb_bin bins[12][30];
};

static void make_panels(struct made *m)
{
    size_t series = m->chart.series_nr;
    m->chart.panels = m->panels;
    m->chart.panels_nr = rnd(4) ? 1 + rnd(3) : rnd(12);
    m->points = sb_xcalloc(60 * 12, sizeof *m->points);
    m->points_nr = sb_xcalloc(60 * 12, sizeof *m->points_nr);
    for (size_t i = 0; i < COUNT(m->values); i++)
        m->values[i] = rnd(10) ? 100 + rnd(1000) / 10.0 : number();
    for (size_t i = 0; i < 60 * 12; i++) {
        m->points[i] = m->values;
        m->points_nr[i] = rnd(COUNT(m->values));
    }
    for (size_t p = 0; p < m->chart.panels_nr; p++) {
        size_t groups = rnd(3) ? 1 + rnd(6) : rnd(60);
        m->groups[p] = words(groups);
        m->bars[p] = sb_xcalloc(groups * series + 1, sizeof *m->bars[p]);
        for (size_t i = 0; i < groups * series; i++) {
            double v = number();
            m->bars[p][i] = (struct sb_bar){v, v - fabs(v) * 0.05, v + fabs(v) * 0.05, rnd(12) == 0, 5};
        }
        m->panels[p] = (struct sb_panel){.title = word(),
                                         .unit = rnd(3) ? "events/s" : word(),
                                         .better = rnd(2) ? "higher" : "lower",
                                         .groups = m->groups[p],
                                         .groups_nr = groups,
                                         .bars = m->bars[p],
                                         .points = m->points,
                                         .points_nr = m->points_nr};
    }
}

static void make_rows(struct made *m)
{
    static const char *const verdicts[] = {"faster", "slower", "equivalent", "inconclusive", ""};
    bool wild = rnd(4) == 0;
    m->chart.rows = m->rows;
    m->chart.rows_nr = rnd(COUNT(m->rows));
    m->chart.margin = rnd(2) ? 0.02 : 0;
    for (size_t i = 0; i < m->chart.rows_nr; i++) {
        double r = wild ? fabs(number()) : 0.5 + rnd(1000) / 1000.0;
        m->rows[i] = (struct sb_forest_row){
            i / 4 % 2 ? "Section" : word(), word(),     r, r * 0.9, r * 1.1, verdicts[rnd(5)],
            rnd(8) ? NULL : word(),         rnd(9) == 0};
    }
}

static void make_heat(struct made *m)
{
    size_t rows = rnd(4) ? 1 + rnd(8) : rnd(60), columns = rnd(4) ? 1 + rnd(8) : rnd(30);
    m->heat_rows = words(rows);
    m->heat_columns = words(columns);
    m->cells = sb_xcalloc(rows * columns + 1, sizeof *m->cells);
    bool wild = rnd(3) == 0;
    for (size_t i = 0; i < rows * columns; i++)
        m->cells[i] =
            (struct sb_heat_cell){wild ? number() : (double)rnd(400) / 10 - 20, rnd(3) == 0, rnd(9) == 0};
    m->heat = (struct sb_heat){(const char *const *)m->heat_rows,
                               (const char *const *)m->heat_columns,
                               rows,
                               columns,
                               m->cells,
                               "%",
                               rnd(2) ? "higher" : "lower",
                               rnd(2) ? word() : NULL};
    m->chart.heat = &m->heat;
}

static void make_curves(struct made *m)
{
    bool wild = rnd(4) == 0;
    m->xy = (struct sb_xy){.x_title = word(),
                           .unit = "events/s",
                           .better = "higher",
                           .curves = m->curves,
                           .warmup = rnd(2) ? 5 : NAN,
                           .fit_name = rnd(2) ? word() : NULL,
                           .ideal = rnd(2)};
    m->xy.curves_nr = m->chart.series_nr ? rnd(COUNT(m->curves)) : 0;
    for (size_t c = 0; c < m->xy.curves_nr; c++) {
        size_t nr = rnd(COUNT(m->samples[c]));
        for (size_t k = 0; k < nr; k++) {
            double y = wild ? number() : 100 + rnd(1000);
            m->samples[c][k] =
                (struct sb_sample){(double)k * (1 + rnd(2)), y, y * 0.95, y * 1.05, rnd(20) == 0};
        }
        m->curves[c] = (struct sb_curve){rnd((unsigned)m->chart.series_nr), m->samples[c], nr,
                                         rnd(5) ? SB_CURVE_DATA : SB_CURVE_FIT};
    }
    m->chart.xy = &m->xy;
}

static void make_distributions(struct made *m)
{
    m->chart.distributions = m->distributions;
    m->chart.distributions_nr = m->chart.series_nr;
    m->chart.value_unit = "ms";
    for (size_t s = 0; s < m->chart.series_nr; s++) {
        size_t nr = rnd(COUNT(m->bins[s]));
        double v = 0.1;
        for (size_t i = 0; i < nr; i++)
            m->bins[s][i] =
                (struct sb_bin){v *= 1.05 + rnd(100) / 100.0, rnd(20) ? (double)rnd(10000) : number()};
        m->distributions[s] = (struct sb_distribution){s, m->bins[s], nr};
    }
}

static struct made *make(enum sb_chart_kind kind)
{
    struct made *m = sb_xcalloc(1, sizeof *m);
    m->chart = (struct sb_chart){.kind = kind,
                                 .title = word(),
                                 .subtitle = word(),
                                 .footer_left = word(),
                                 .footer_right = word(),
                                 .id = "t",
                                 .baseline = word()};
    m->chart.series_nr = rnd(5) ? 1 + rnd(4) : rnd(12);
    m->series = words(m->chart.series_nr);
    m->chart.series = (const char *const *)m->series;
    make_panels(m);
    make_rows(m);
    make_heat(m);
    make_curves(m);
    make_distributions(m);
    return m;
}

static void drop(struct made *m)
{
    for (size_t p = 0; p < COUNT(m->groups); p++) {
        free((void *)m->groups[p]);
        free(m->bars[p]);
    }
    free((void *)m->points);
    free(m->points_nr);
    free((void *)m->series);
    free((void *)m->heat_rows);
    free((void *)m->heat_columns);
    free(m->cells);
    free(m);
}

static void check_inside(const struct sb_dl *dl, const char *what)
{
    for (size_t i = 0; i < dl->items_nr; i++) {
        struct sb_box b = sb_dl_box(dl, &dl->items[i]);
        bool inside = b.x0 >= -0.6 && b.y0 >= -0.6 && b.x1 <= dl->width + 0.6 && b.y1 <= dl->height + 0.6;
        if (!inside)
            fail_msg("%s: item %zu (op %d \"%s\") at %.1f,%.1f..%.1f,%.1f leaves the canvas %.0fx%.0f", what,
                     i, (int)dl->items[i].op, dl->items[i].text ? dl->items[i].text : "", b.x0, b.y0, b.x1,
                     b.y1, dl->width, dl->height);
    }
}

static void check_overlap(const struct sb_dl *dl, const char *what)
{
    const double slack = 0.75;
    for (size_t i = 0; i < dl->items_nr; i++) {
        if (dl->items[i].op != SB_DL_TEXT) continue;
        struct sb_box a = sb_dl_box(dl, &dl->items[i]);
        for (size_t k = i + 1; k < dl->items_nr; k++) {
            if (dl->items[k].op != SB_DL_TEXT) continue;
            struct sb_box b = sb_dl_box(dl, &dl->items[k]);
            if (a.x1 - slack > b.x0 && b.x1 - slack > a.x0 && a.y1 - slack > b.y0 && b.y1 - slack > a.y0)
                fail_msg("%s: \"%s\" (%.1f,%.1f..%.1f,%.1f) and \"%s\" (%.1f,%.1f..%.1f,%.1f) overlap", what,
                         dl->items[i].text, a.x0, a.y0, a.x1, a.y1, dl->items[k].text, b.x0, b.y0, b.x1,
                         b.y1);
        }
    }
}

/* The colour under a text: of the last opaque rectangle drawn before it that covers its middle. */
static struct sb_rgb behind(const struct sb_dl *dl, size_t text)
{
    struct sb_box t = sb_dl_box(dl, &dl->items[text]);
    double x = (t.x0 + t.x1) / 2, y = (t.y0 + t.y1) / 2;
    for (size_t i = text; i-- > 0;) {
        const struct sb_dl_item *item = &dl->items[i];
        struct sb_box b = sb_dl_box(dl, item);
        if (item->op == SB_DL_RECT && item->alpha == 1 && b.x0 <= x && x <= b.x1 && b.y0 <= y && y <= b.y1 &&
            b.y1 - b.y0 > 4 && b.x1 - b.x0 > 4)
            return item->color;
    }
    return dl->background;
}

static void check_contrast(const struct sb_dl *dl, const char *what)
{
    for (size_t i = 0; i < dl->items_nr; i++) {
        if (dl->items[i].op != SB_DL_TEXT) continue;
        struct sb_rgb ground = behind(dl, i);
        double contrast = sb_contrast(dl->items[i].color, ground);
        if (contrast < 4.5)
            fail_msg("%s: \"%s\" has contrast %.2f (#%02x%02x%02x on #%02x%02x%02x)", what, dl->items[i].text,
                     contrast, dl->items[i].color.r, dl->items[i].color.g, dl->items[i].color.b, ground.r,
                     ground.g, ground.b);
    }
}

static void check_page(const struct sb_chart *chart, const struct sb_render_options *options,
                       const char *name, size_t *pages)
{
    struct sb_err err;
    struct sb_dl dl;
    struct sb_strbuf what = SB_STRBUF_INIT;
    sb_strbuf_addf(&what, "%s theme %d %gx%g page %zu", name, (int)options->theme, options->width,
                   options->height, options->page);
    sb_dl_init(&dl);
    if (!sb_chart_layout(chart, options, &dl, pages, &err)) fail_msg("%s: %s", what.buf, err.msg);
    assert_true(dl.height > 40 && dl.height < 4200);
    check_inside(&dl, what.buf);
    check_overlap(&dl, what.buf);
    check_contrast(&dl, what.buf);
    sb_dl_free(&dl);
    sb_strbuf_release(&what);
}

static void check_chart(const struct sb_chart *chart, const struct sb_render_options *options,
                        const char *name)
{
    struct sb_render_options one = *options;
    size_t pages = 1;
    for (one.page = 0; one.page < pages && one.page < 40; one.page++)
        check_page(chart, &one, name, &pages);
}

static void test_gallery(void **unused)
{
    static const double widths[] = {0, 420, 1200}, heights[] = {0, 420, 900};
    for (size_t i = 0; i < gallery_nr(); i++)
        for (int theme = SB_THEME_LIGHT; theme <= SB_THEME_PRINT; theme++)
            for (size_t w = 0; w < COUNT(widths); w++)
                for (size_t h = 0; h < COUNT(heights); h++) {
                    struct sb_render_options options = {
                        .theme = (enum sb_theme)theme, .width = widths[w], .height = heights[h]};
                    check_chart(gallery_chart(i), &options, gallery_name(i));
                }
}

static void test_generated(void **unused)
{
    const char *rounds_text = getenv("SBSTAT_LAYOUT_ROUNDS");
    long rounds = rounds_text ? strtol(rounds_text, NULL, 10) : 20;
    for (long round = 0; round < rounds; round++) {
        for (int kind = 0; kind < SB_CHART_KINDS; kind++) {
            state = (unsigned)(round * SB_CHART_KINDS + kind + 1) * 2654435761u;
            struct made *m = make((enum sb_chart_kind)kind);
            struct sb_render_options options = {.theme = (enum sb_theme)rnd(3),
                                                .palette = (enum sb_palette)rnd(3)};
            if (rnd(3) == 0) options.width = 300 + rnd(1200);
            if (rnd(5) == 0) options.height = 300 + rnd(900);
            struct sb_strbuf name = SB_STRBUF_INIT;
            sb_strbuf_addf(&name, "%s round %ld", sb_chart_kind_name((enum sb_chart_kind)kind), round);
            check_chart(&m->chart, &options, name.buf);
            sb_strbuf_release(&name);
            drop(m);
        }
    }
}

static int setup(void **unused)
{
    struct sb_err err;
    return sb_plot_init(&err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gallery),
        cmocka_unit_test(test_generated),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
