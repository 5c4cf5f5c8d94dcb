/* Charts: whole SVG documents put into the page, their ids made unique in it. */
#include "report/html.h"

#include "core/text.h"

/* Does an id or a reference to one start at s? Returns the length up to and including the opening mark. */
static size_t id_start(const char *s, size_t len, char before)
{
    static const char *const starts[] = {"id=\"", "href=\"#", "url(#", "url('#", "url(\"#"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        size_t n = strlen(starts[i]);
        if (n < len && memcmp(s, starts[i], n) == 0 && (i != 0 || sb_is_space(before))) return n;
    }
    return 0;
}

/* Copies the document from its <svg tag on; every id gets the prefix cN-. */
static void add_svg(struct sb_html *h, const char *svg, size_t len, size_t number, bool dark)
{
    size_t start = 0, from;
    while (start + 4 <= len && memcmp(svg + start, "<svg", 4) != 0)
        start++;
    from = start;
    for (size_t i = start; i < len; i++) {
        size_t n = svg[i] == 'i' || svg[i] == 'h' || svg[i] == 'u'
                       ? id_start(svg + i, len - i, i ? svg[i - 1] : ' ')
                       : 0;
        if (!n) continue;
        sb_strbuf_add(h->out, svg + from, i + n - from);
        sb_html_putf(h, "c%zu%s-", number, dark ? "d" : "");
        from = i + n;
        i = from - 1;
    }
    if (from < len) sb_strbuf_add(h->out, svg + from, len - from);
}

static void add_picture(struct sb_html *h, const struct sb_report_chart *chart, size_t number, bool dark,
                        const char *class)
{
    sb_html_putf(h, "<div class=\"%s\" role=\"img\" aria-label=\"", class);
    sb_html_text(h, chart->title ? chart->title : chart->name);
    sb_html_put(h, "\">");
    add_svg(h, dark ? chart->svg_dark : chart->svg, dark ? chart->svg_dark_len : chart->svg_len, number,
            dark);
    sb_html_put(h, "</div>");
}

static void add_figure(struct sb_html *h, const struct sb_report_chart *chart, size_t number)
{
    sb_html_putf(h, "<figure class=\"chart\" id=\"chart-%zu\">", number);
    if (chart->svg) {
        add_picture(h, chart, number, false, chart->svg_dark ? "on-light" : "on-any");
        if (chart->svg_dark) add_picture(h, chart, number, true, "on-dark");
    } else {
        sb_html_put(h, "<p class=\"quiet\">The chart stands beside this page: charts/");
        sb_html_text(h, chart->name);
        sb_html_put(h, ".svg</p>");
    }
    sb_html_put(h, "<figcaption>"); /* the picture carries its title; the caption says what it shows */
    sb_html_text(h, chart->alt ? chart->alt : chart->subtitle);
    sb_html_put(h, "</figcaption></figure>\n");
}

static bool matches(const struct sb_report_chart *chart, const char *section, const char *platform,
                    const char *config)
{
    if (!sb_streq(chart->section, section)) return false;
    if (!platform || !config) return !chart->platform || !chart->config;
    return sb_streq(chart->platform, platform) && sb_streq(chart->config, config);
}

/* Charts are embedded in their order until the budget is used up; the dark variants go first. */
static struct sb_report_chart within_budget(const struct sb_html *h, size_t i)
{
    size_t used = 0;
    struct sb_report_chart chart = h->report->charts[i];
    for (size_t k = 0; k < h->report->charts_nr; k++)
        used += h->report->charts[k].svg_len;
    bool no_dark = used * 2 > SB_HTML_CHARTS_MAX;
    used = 0;
    for (size_t k = 0; k <= i; k++)
        used += h->report->charts[k].svg_len + (no_dark ? 0 : h->report->charts[k].svg_dark_len);
    if (no_dark) chart.svg_dark = NULL;
    if (used > SB_HTML_CHARTS_MAX) chart.svg = NULL;
    return chart;
}

bool sb_html_has_charts(const struct sb_html *h, const char *section)
{
    for (size_t i = 0; i < h->report->charts_nr; i++)
        if (sb_streq(h->report->charts[i].section, section)) return true;
    return false;
}

size_t sb_html_charts(struct sb_html *h, const char *section, const char *platform, const char *config)
{
    size_t nr = 0;
    bool all = platform && strcmp(platform, "*") == 0;
    for (size_t i = 0; i < h->report->charts_nr; i++) {
        const struct sb_report_chart *chart = &h->report->charts[i];
        if (!(all ? sb_streq(chart->section, section) : matches(chart, section, platform, config))) continue;
        struct sb_report_chart embedded = within_budget(h, i);
        add_figure(h, &embedded, i);
        nr++;
    }
    return nr;
}
