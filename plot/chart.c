#include "plot/chart.h"
#include "core/alloc.h"
#include "plot/canvas.h"
#include "plot/plstream.h"
#include "plot/backend.h"
#include <math.h>

#ifndef SBSTAT_VERSION
#define SBSTAT_VERSION "?"
#endif

static const struct sb_kind *const kinds[] = {
    [SB_CHART_BARS] = &sb_kind_bars,         [SB_CHART_POINTS] = &sb_kind_points,
    [SB_CHART_FOREST] = &sb_kind_forest,     [SB_CHART_HEAT] = &sb_kind_heat,
    [SB_CHART_SCALING] = &sb_kind_scaling,   [SB_CHART_SERIES] = &sb_kind_series,
    [SB_CHART_ORDER] = &sb_kind_order,       [SB_CHART_HISTOGRAM] = &sb_kind_histogram,
    [SB_CHART_ECDF] = &sb_kind_ecdf,         [SB_CHART_PERCENTILE] = &sb_kind_percentile,
    [SB_CHART_OVERVIEW] = &sb_kind_overview,
};

static const char *const theme_names[] = {
    [SB_THEME_LIGHT] = "light", [SB_THEME_DARK] = "dark", [SB_THEME_PRINT] = "print"};

const char *sb_chart_extension(enum sb_chart_format format)
{
    static const char *const extensions[] = {
        [SB_CHART_SVG] = "svg", [SB_CHART_PNG] = "png", [SB_CHART_PDF] = "pdf"};
    return extensions[format];
}

const char *sb_chart_kind_name(enum sb_chart_kind kind)
{
    return kinds[kind]->name;
}

bool sb_plot_init(struct sb_err *err)
{
    return sb_type_init(err) && sb_pl_init(err);
}

bool sb_plot_in_use(void)
{
    return sb_type_in_use();
}

static const char *const *safe_names(struct sb_arena *arena, const char *const *names, size_t nr)
{
    const char **safe = sb_arena_calloc(arena, nr + 1, sizeof *safe);
    for (size_t i = 0; i < nr; i++)
        safe[i] = sb_type_safe(arena, names[i], false);
    return safe;
}

static void safe_panels(struct sb_arena *arena, struct sb_chart *chart)
{
    struct sb_panel *panels = sb_arena_calloc(arena, chart->panels_nr + 1, sizeof *panels);
    for (size_t i = 0; i < chart->panels_nr; i++) {
        panels[i] = chart->panels[i];
        panels[i].title = sb_type_safe(arena, panels[i].title, false);
        panels[i].unit = sb_type_safe(arena, panels[i].unit, false);
        panels[i].better = sb_type_safe(arena, panels[i].better, false);
        panels[i].groups = safe_names(arena, panels[i].groups, panels[i].groups_nr);
    }
    chart->panels = panels;
}

static void safe_rows(struct sb_arena *arena, struct sb_chart *chart)
{
    struct sb_forest_row *rows = sb_arena_calloc(arena, chart->rows_nr + 1, sizeof *rows);
    for (size_t i = 0; i < chart->rows_nr; i++) {
        rows[i] = chart->rows[i];
        rows[i].heading = rows[i].heading ? sb_type_safe(arena, rows[i].heading, false) : NULL;
        rows[i].label = sb_type_safe(arena, rows[i].label, false);
        rows[i].verdict = sb_type_safe(arena, rows[i].verdict, false);
        rows[i].note = rows[i].note ? sb_type_safe(arena, rows[i].note, false) : NULL;
    }
    chart->rows = rows;
}

static void safe_xy(struct sb_arena *arena, struct sb_chart *chart)
{
    if (!chart->xy) return;
    struct sb_xy *xy = sb_arena_alloc(arena, sizeof *xy);
    *xy = *chart->xy;
    xy->x_title = sb_type_safe(arena, xy->x_title, false);
    xy->unit = sb_type_safe(arena, xy->unit, false);
    xy->better = sb_type_safe(arena, xy->better, false);
    xy->fit_name = sb_type_safe(arena, xy->fit_name, false);
    chart->xy = xy;
}

static void safe_heat(struct sb_arena *arena, struct sb_chart *chart)
{
    if (!chart->heat) return;
    struct sb_heat *heat = sb_arena_alloc(arena, sizeof *heat);
    *heat = *chart->heat;
    heat->rows = safe_names(arena, heat->rows, heat->rows ? heat->rows_nr : 0);
    heat->columns = safe_names(arena, heat->columns, heat->columns ? heat->columns_nr : 0);
    heat->unit = sb_type_safe(arena, heat->unit, false);
    heat->better = sb_type_safe(arena, heat->better, false);
    heat->hatch_name = sb_type_safe(arena, heat->hatch_name, false);
    chart->heat = heat;
}

static const char *safe_id(struct sb_arena *arena, const char *id)
{
    char *safe = sb_arena_strdup(arena, id && *id ? id : "chart");
    for (char *p = safe; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9' && p > safe)))
            *p = '-';
    if (*safe == '-') *safe = 'c'; /* an id begins with a letter */
    return safe;
}

/* A copy whose texts can be drawn as they are: nothing behind this point meets a hostile byte or a NULL text.
 */
static struct sb_chart *safe_chart(struct sb_arena *arena, const struct sb_chart *chart)
{
    struct sb_chart *safe = sb_arena_alloc(arena, sizeof *safe);
    *safe = *chart;
    safe->title = sb_type_safe(arena, chart->title, true);
    safe->subtitle = sb_type_safe(arena, chart->subtitle, true);
    safe->footer_left = sb_type_safe(arena, chart->footer_left, false);
    safe->footer_right = sb_type_safe(arena, chart->footer_right, false);
    safe->alt = sb_type_safe(arena, chart->alt, false);
    safe->baseline = sb_type_safe(arena, chart->baseline, false);
    safe->id = safe_id(arena, chart->id);
    safe->series = safe_names(arena, chart->series, chart->series_nr);
    safe_panels(arena, safe);
    safe_rows(arena, safe);
    safe_xy(arena, safe);
    safe_heat(arena, safe);
    safe->value_name = sb_type_safe(arena, chart->value_name, false);
    safe->value_unit = sb_type_safe(arena, chart->value_unit, false);
    return safe;
}

static bool check_sizes(const struct sb_render_options *o, struct sb_err *err)
{
    if (!(o->width == 0 || (o->width >= 240 && o->width <= 4000)))
        return sb_fail(err, SB_ERR_USAGE, "a chart's width is 240 to 4000 px, not %g", o->width);
    if (!(o->height == 0 || (o->height >= 160 && o->height <= 4000)))
        return sb_fail(err, SB_ERR_USAGE, "a chart's height is 160 to 4000 px, not %g", o->height);
    if (!(o->scale == 0 || (o->scale >= 0.25 && o->scale <= 8)))
        return sb_fail(err, SB_ERR_USAGE, "a PNG's scale is 0.25 to 8, not %g", o->scale);
    if (!(o->dpi == 0 || (o->dpi >= 24 && o->dpi <= 1200)))
        return sb_fail(err, SB_ERR_USAGE, "a PNG's resolution is 24 to 1200 dpi, not %g", o->dpi);
    if ((unsigned)o->theme >= SB_ARRAY_SIZE(theme_names)) return sb_fail(err, SB_ERR_USAGE, "unknown theme");
    if ((unsigned)o->palette > SB_PALETTE_GREY) return sb_fail(err, SB_ERR_USAGE, "unknown palette");
    return true;
}

bool sb_chart_layout(const struct sb_chart *chart, const struct sb_render_options *options, struct sb_dl *dl,
                     size_t *pages, struct sb_err *err)
{
    if ((unsigned)chart->kind >= SB_ARRAY_SIZE(kinds))
        return sb_fail(err, SB_ERR_INTERNAL, "unknown kind of chart");
    if (!check_sizes(options, err) || !sb_type_init(err) || !kinds[chart->kind]->check(chart, err))
        return false;
    struct sb_theme_def theme = sb_theme_with(options->theme, options->palette);
    struct sb_canvas cv = {.dl = dl, .theme = &theme, .arena = &dl->arena};
    cv.chart = safe_chart(&dl->arena, chart);
    cv.width = options->width > 0 ? options->width : SB_CANVAS_WIDTH;
    cv.want_height = options->height;
    cv.page = options->page;
    cv.pages = 1;
    cv.x0 = SB_CANVAS_MARGIN;
    cv.x1 = cv.width - SB_CANVAS_MARGIN;
    dl->width = cv.width;
    dl->background = cv.theme->background;
    kinds[chart->kind]->layout(&cv);
    *pages = cv.pages;
    if (options->page >= cv.pages)
        return sb_fail(err, SB_ERR_USAGE, "page %zu of a chart with %zu", options->page + 1, cv.pages);
    return true;
}

static const struct sb_render_options default_options = {.theme = SB_THEME_LIGHT};

bool sb_chart_pages(const struct sb_chart *chart, const struct sb_render_options *options, size_t *pages,
                    struct sb_err *err)
{
    struct sb_render_options first = options ? *options : default_options;
    struct sb_dl dl;
    first.page = 0;
    sb_dl_init(&dl);
    bool ok = sb_chart_layout(chart, &first, &dl, pages, err);
    sb_dl_free(&dl);
    return ok;
}

static struct sb_render_meta meta_of(struct sb_arena *arena, const struct sb_chart *chart,
                                     const struct sb_render_options *options, const struct sb_dl *dl,
                                     size_t pages)
{
    struct sb_render_meta meta = {.title = sb_type_safe(arena, chart->title, false),
                                  .description = sb_type_safe(arena, chart->alt, false),
                                  .id = safe_id(arena, chart->id)};
    if (options->page > 0) meta.id = sb_arena_printf(arena, "%s-p%zu", meta.id, options->page + 1);
    meta.parameters = sb_arena_printf(arena, "sbstat %s chart kind=%s theme=%s size=%ldx%ld page=%zu/%zu%s%s",
                                      SBSTAT_VERSION, kinds[chart->kind]->name, theme_names[options->theme],
                                      lround(dl->width), lround(dl->height), options->page + 1, pages,
                                      chart->parameters && *chart->parameters ? " " : "",
                                      sb_type_safe(arena, chart->parameters, false));
    return meta;
}

/* PNG scale of the options, to the steps a replay can do exactly. */
static double png_scale(const struct sb_render_options *options)
{
    double scale = options->scale > 0 ? options->scale : options->dpi > 0 ? options->dpi / 96 : 2;
    return fmax(1, round(scale * 32)) / 32;
}

bool sb_chart_render(const struct sb_chart *chart, enum sb_chart_format format,
                     const struct sb_render_options *given, struct sb_strbuf *out, struct sb_err *err)
{
    const struct sb_render_options *options = given ? given : &default_options;
    struct sb_dl dl;
    size_t pages;
    sb_dl_init(&dl);
    bool ok = sb_plot_init(err) && sb_chart_layout(chart, options, &dl, &pages, err);
    if (ok) {
        struct sb_render_meta meta = meta_of(&dl.arena, chart, options, &dl, pages);
        struct sb_pdf *pdf;
        switch (format) {
        case SB_CHART_SVG: ok = sb_render_svg(&dl, &meta, out, err); break;
        case SB_CHART_PNG: ok = sb_render_png(&dl, &meta, png_scale(options), options->dpi, out, err); break;
        case SB_CHART_PDF:
            pdf = sb_pdf_open(&meta);
            ok = sb_pdf_add(pdf, &dl, NULL, err);
            ok = sb_pdf_close(pdf, ok, out, err);
            break;
        default: ok = sb_fail(err, SB_ERR_INTERNAL, "unknown chart format");
        }
    }
    sb_dl_free(&dl);
    return ok;
}

/* All pages of one chart. */
static bool add_chart(struct sb_pdf *pdf, const struct sb_chart *chart,
                      const struct sb_render_options *options, struct sb_err *err)
{
    bool ok = true;
    for (size_t page = 0, pages = 1; ok && page < pages; page++) {
        struct sb_render_options one = *options;
        struct sb_dl dl;
        one.page = page;
        sb_dl_init(&dl);
        ok = sb_chart_layout(chart, &one, &dl, &pages, err) &&
             sb_pdf_add(pdf, &dl, page ? NULL : sb_type_safe(&dl.arena, chart->title, false), err);
        sb_dl_free(&dl);
    }
    return ok;
}

bool sb_chart_book(const struct sb_chart *const *charts, size_t charts_nr, const char *title,
                   const struct sb_render_options *given, struct sb_strbuf *out, struct sb_err *err)
{
    const struct sb_render_options *options = given ? given : &default_options;
    if (!charts_nr) return sb_fail(err, SB_ERR_NO_INPUT, "no charts for a book");
    if (!sb_plot_init(err)) return false;
    struct sb_arena arena;
    sb_arena_init(&arena);
    struct sb_render_meta meta = {
        .title = sb_type_safe(&arena, title, false),
        .description = "",
        .id = "",
        .parameters = sb_arena_printf(&arena, "sbstat %s book charts=%zu", SBSTAT_VERSION, charts_nr)};
    struct sb_pdf *pdf = sb_pdf_open(&meta);
    bool ok = true;
    for (size_t i = 0; ok && i < charts_nr; i++)
        ok = add_chart(pdf, charts[i], options, err);
    ok = sb_pdf_close(pdf, ok, out, err);
    sb_arena_free(&arena);
    return ok;
}
