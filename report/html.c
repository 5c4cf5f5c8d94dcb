/* index.html: the frame and the order of its sections. */
#include "report/html.h"

#include "core/alloc.h"
#include "core/text.h"
#include "report/assets.h"
#include "report/headline.h"
#include "report/images.h"
#include "report/method.h"
#include "report/words.h"

/* ---- head ---- */

static void add_base64(struct sb_html *h, const unsigned char *bytes, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16 | (i + 1 < len ? (unsigned)bytes[i + 1] << 8 : 0) |
                         (i + 2 < len ? bytes[i + 2] : 0);
        for (size_t k = 0; k < 4; k++)
            sb_strbuf_addc(h->out, i + k > len ? '=' : digits[group >> (18 - 6 * k) & 63]);
    }
}

static void add_head(struct sb_html *h, const char *title)
{
    sb_html_put(h, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                   "'unsafe-inline'; "
                   "img-src data:; base-uri 'none'; form-action 'none'; script-src 'sha256-");
    add_base64(h, sb_asset_js_sha256, 32);
    sb_html_put(h, "'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" "
                   "content=\"no-referrer\">\n");
    sb_html_cell(h, "title", title);
    sb_html_put(h, "\n<link rel=\"icon\" href=\"data:,\">\n<style>\n");
    sb_strbuf_add(h->out, sb_asset_css, sb_asset_css_len);
    sb_html_put(h, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the findings</a>\n");
}

/* ---- sections ---- */

static bool wants_platforms(const struct sb_html *h)
{
    return h->view.platforms.rows_nr > 0;
}

static bool wants_configs(const struct sb_html *h)
{
    return h->view.configs.levels_nr > 1;
}

static bool wants_within(const struct sb_html *h)
{
    return h->view.results->summaries_nr > 0;
}

static bool wants_images(const struct sb_html *h)
{
    return sb_images_wanted(&h->view) || sb_html_has_charts(h, "images");
}

static bool wants_overview(const struct sb_html *h)
{
    return sb_html_has_charts(h, "overview");
}

static bool wants_effects(const struct sb_html *h)
{
    return h->view.results->effects_nr || sb_html_has_charts(h, "effects");
}

static void add_sentences(struct sb_html *h, const struct sb_view_matrix *m)
{
    for (size_t l = 0; l < m->levels_nr && m->baselines_nr; l++) {
        const char *text = l < 12 ? sb_headline_level(&h->view, m, &h->arena, l) : NULL;
        if (text) sb_html_prose(h, "p", text);
    }
}

static void add_platforms(struct sb_html *h)
{
    add_sentences(h, &h->view.platforms);
    if (sb_headline_barred(&h->view))
        sb_html_put(h, "<p class=\"callout\">Ratios marked \xe2\x80\x9cnot comparable\xe2\x80\x9d stand "
                       "between runs under different "
                       "accelerators: they say nothing about virtualisation.</p>\n");
    sb_html_charts(h, "platforms", "*", NULL);
    sb_html_matrix(h, &h->view.platforms, "m-platforms");
}

static void add_configs(struct sb_html *h)
{
    add_sentences(h, &h->view.configs);
    sb_html_charts(h, "configs", "*", NULL);
    sb_html_matrix(h, &h->view.configs, "m-configs");
}

static void add_overview(struct sb_html *h)
{
    sb_html_charts(h, "overview", "*", NULL);
}

static const struct section {
    const char *id, *title;
    bool (*wanted)(const struct sb_html *h); /* NULL: always */
    void (*add)(struct sb_html *h);
} sections[] = {
    {.id = "overview", .title = "Overview", .wanted = wants_overview, .add = add_overview},
    {.id = "platforms", .title = "Across platforms", .wanted = wants_platforms, .add = add_platforms},
    {.id = "within",
     .title = "Within one platform and configuration",
     .wanted = wants_within,
     .add = sb_html_within},
    {.id = "configs", .title = "Across configurations", .wanted = wants_configs, .add = add_configs},
    {.id = "effects", .title = "Effects of the factors", .wanted = wants_effects, .add = sb_html_effects},
    {.id = "images", .title = "Raw or qcow2?", .wanted = wants_images, .add = sb_html_images},
    {.id = "tables", .title = "All tables", .wanted = wants_within, .add = sb_html_tables},
    {.id = "quality", .title = "Data quality", .add = sb_html_quality},
};

static void add_sections(struct sb_html *h)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(sections); i++) {
        const struct section *s = &sections[i];
        if (s->wanted && !s->wanted(h)) continue;
        sb_html_putf(h, "<section id=\"%s\" aria-labelledby=\"h-%s\"><h2 id=\"h-%s\">%s</h2>\n", s->id, s->id,
                     s->id, s->title);
        s->add(h);
        sb_html_put(h, "</section>\n");
    }
}

static void add_nav(struct sb_html *h)
{
    static const char *const tail[][2] = {{"method", "Method"},
                                          {"environment", "Environment"},
                                          {"reproduction", "Reproduction"},
                                          {"evidence", "Evidence"}};
    sb_html_put(h, "<nav aria-label=\"Sections\"><ul>\n<li><a href=\"#findings\">Findings</a></li>\n");
    for (size_t i = 0; i < SB_ARRAY_SIZE(sections); i++)
        if (!sections[i].wanted || sections[i].wanted(h))
            sb_html_putf(h, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id, sections[i].title);
    for (size_t i = 0; i < SB_ARRAY_SIZE(tail); i++)
        sb_html_putf(h, "<li><a href=\"#%s\">%s</a></li>\n", tail[i][0], tail[i][1]);
    sb_html_put(h, "</ul></nav>\n");
}

static void add_findings(struct sb_html *h)
{
    size_t nr, first = 0;
    const char **sentences = sb_headline_sentences(&h->view, &h->arena, &nr);
    sb_html_put(
        h, "<section id=\"findings\" aria-labelledby=\"h-findings\"><h2 id=\"h-findings\">Findings</h2>\n");
    if (sb_headline_emulated(&h->view)) {
        sb_html_prose(h, "p class=\"callout\"", sentences[0]);
        first = 1;
    }
    sb_html_put(h, "<ul class=\"answer\">\n");
    for (size_t i = first; i < nr; i++)
        sb_html_prose(h, "li", sentences[i]);
    sb_html_put(h, "</ul></section>\n");
}

void sb_report_html(struct sb_strbuf *out, const struct sb_report *report)
{
    struct sb_html h = {.out = out, .report = report};
    sb_arena_init(&h.arena);
    sb_view_init(&h.view, report);
    sb_html_plan_evidence(&h);
    const char *title = sb_method_title(&h.view, &h.arena);
    add_head(&h, title);
    sb_html_put(&h, "<header class=\"page\"><div><h1>");
    sb_html_text(&h, title);
    sb_html_put(&h, "</h1>\n<p class=\"extent\">");
    sb_html_text(&h, sb_method_extent(&h.view, &h.arena));
    sb_html_put(&h, "</p></div><div id=\"tools\"></div></header>\n<div class=\"page body\">\n");
    add_nav(&h);
    sb_html_put(&h, "<main id=\"main\" tabindex=\"-1\">\n");
    add_findings(&h);
    add_sections(&h);
    sb_html_method(&h);
    sb_html_evidence(&h);
    sb_html_put(&h, "</main></div>\n<footer class=\"page\">Made by sbstat");
    if (report->version) sb_html_put(&h, " ");
    sb_html_text(&h, report->version);
    sb_html_put(&h, " from logs alone; nothing is loaded from elsewhere.</footer>\n<script>");
    sb_strbuf_add(out, sb_asset_js, sb_asset_js_len);
    sb_html_put(&h, "</script>\n</body>\n</html>\n");
    sb_view_free(&h.view);
    sb_arena_free(&h.arena);
}
