#include "plot/chart.h"
#include "core/alloc.h"
#include "plot/canvas.h"
#include "plot/plstream.h"
#include "plot/render.h"
#include <math.h>

#ifndef SBSTAT_VERSION
#define SBSTAT_VERSION "?"
#endif

static const struct sb_kind *const kinds[] = {
    [SB_CHART_BARS] = &sb_kind_bars,
    [SB_CHART_POINTS] = &sb_kind_points,
    [SB_CHART_FOREST] = &sb_kind_forest,
};

static const char *const theme_names[] = {
    [SB_THEME_LIGHT] = "light", [SB_THEME_DARK] = "dark", [SB_THEME_PRINT] = "print"};

const char *sb_chart_extension(enum sb_chart_format format)
{
    static const char *const extensions[] = {[SB_CHART_SVG] = "svg", [SB_CHART_PNG] = "png", [SB_CHART_PDF] = "pdf"};
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

static const char *safe_id(struct sb_arena *arena, const char *id)
{
    char *safe = sb_arena_strdup(arena, id && *id ? id : "chart");
    for (char *p = safe; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9' && p > safe))) *p = '-';
    if (*safe == '-') *safe = 'c'; /* an id begins with a letter */
    return safe;
}

/* A copy whose texts can be drawn as they are: nothing behind this point meets a hostile byte or a NULL text. */
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
    return true;
}

bool sb_chart_layout(const struct sb_chart *chart, const struct sb_render_options *options, struct sb_dl *dl,
                     size_t *pages, struct sb_err *err)
{
    if ((unsigned)chart->kind >= SB_ARRAY_SIZE(kinds)) return sb_fail(err, SB_ERR_INTERNAL, "unknown kind of chart");
    if (!check_sizes(options, err) || !sb_type_init(err) || !kinds[chart->kind]->check(chart, err)) return false;
    struct sb_canvas cv = {.dl = dl, .theme = sb_theme_def(options->theme), .arena = &dl->arena};
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
                                     const struct sb_render_options *options, const struct sb_dl *dl, size_t pages)
{
    struct sb_render_meta meta = {.title = sb_type_safe(arena, chart->title, false),
                                  .description = sb_type_safe(arena, chart->alt, false),
                                  .id = safe_id(arena, chart->id)};
    if (options->page > 0) meta.id = sb_arena_printf(arena, "%s-p%zu", meta.id, options->page + 1);
    meta.parameters = sb_arena_printf(
        arena, "sbstat %s chart kind=%s theme=%s size=%ldx%ld page=%zu/%zu%s%s", SBSTAT_VERSION,
        kinds[chart->kind]->name, theme_names[options->theme], lround(dl->width), lround(dl->height), options->page + 1,
        pages, chart->parameters && *chart->parameters ? " " : "", sb_type_safe(arena, chart->parameters, false));
    return meta;
}

/* PNG scale of the options, to the steps a replay can do exactly. */
static double png_scale(const struct sb_render_options *options)
{
    double scale = options->scale > 0 ? options->scale : options->dpi > 0 ? options->dpi / 96 : 2;
    return fmax(1, round(scale * 32)) / 32;
}

bool sb_chart_render(const struct sb_chart *chart, enum sb_chart_format format, const struct sb_render_options *given,
                     struct sb_strbuf *out, struct sb_err *err)
{
    const struct sb_render_options *options = given ? given : &default_options;
    struct sb_dl dl;
    size_t pages;
    sb_dl_init(&dl);
    bool ok = sb_plot_init(err) && sb_chart_layout(chart, options, &dl, &pages, err);
    if (ok) {
        struct sb_render_meta meta = meta_of(&dl.arena, chart, options, &dl, pages);
        const struct sb_dl *page = &dl;
        switch (format) {
        case SB_CHART_SVG: ok = sb_render_svg(&dl, &meta, out, err); break;
        case SB_CHART_PNG: ok = sb_render_png(&dl, &meta, png_scale(options), options->dpi, out, err); break;
        case SB_CHART_PDF: ok = sb_render_pdf(&page, 1, &meta, out, err); break;
        default: ok = sb_fail(err, SB_ERR_INTERNAL, "unknown chart format");
        }
    }
    sb_dl_free(&dl);
    return ok;
}
