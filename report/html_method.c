/* Method, environment, reproduction. */
#include "report/html.h"

#include "core/platform.h"
#include "core/text.h"
#include "report/method.h"

/* ---- environment ---- */

static void add_facts(struct sb_html *h)
{
    const struct sb_dataset *ds = h->report->ds;
    const char *section = NULL;
    for (size_t i = 0; i < ds->env_nr && i < 500; i++) {
        const struct sb_env *env = &ds->env[i];
        if (!section || strcmp(section, env->section) != 0) {
            if (section) sb_html_put(h, "</dl>\n");
            section = env->section;
            sb_html_cell(h, "h3", section);
            sb_html_put(h, "<dl class=\"facts\">\n");
        }
        sb_html_cell(h, "dt", env->name);
        sb_html_cell(h, "dd", env->value);
        sb_html_put(h, "\n");
    }
    if (section) sb_html_put(h, "</dl>\n");
}

static const char *accelerator_words(const char *accelerator)
{
    if (!accelerator) return "not known";
    return strcmp(accelerator, "tcg") == 0 ? "tcg (software emulation)" : accelerator;
}

static void add_cells(struct sb_html *h)
{
    const struct sb_dataset *ds = h->report->ds;
    bool any = false, commands = false;
    for (size_t i = 0; i < ds->cells_nr; i++) {
        any = any || ds->cells[i].accelerator || ds->cells[i].argv;
        commands = commands || ds->cells[i].argv;
    }
    if (!any) return;
    sb_html_open_table(h, "t-cells", "data", "How each cell ran");
    sb_html_put(
        h, "<caption><span>How each cell ran.</span></caption>\n<thead><tr><th scope=\"col\">Platform</th>"
           "<th scope=\"col\">Configuration</th><th scope=\"col\">Accelerator</th>");
    sb_html_put(h, commands ? "<th scope=\"col\">Command line</th></tr></thead>\n<tbody>\n"
                            : "</tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < ds->cells_nr && i < 500; i++) {
        const struct sb_cell_info *cell = &ds->cells[i];
        sb_html_put(h, "<tr>");
        sb_html_cell(h, "th scope=\"row\"", sb_platform_display(cell->platform));
        sb_html_cell(h, "td", cell->config);
        sb_html_cell(h, "td", accelerator_words(cell->accelerator));
        if (commands) sb_html_cell(h, "td class=\"command\"", cell->argv ? cell->argv : "");
        sb_html_put(h, "</tr>\n");
    }
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
}

/* The first cell of each configuration; later ones imply the same. */
static bool is_first_of_config(const struct sb_view *view, size_t c)
{
    const char *config = sb_labels_get(&view->cells[c].labels, "config");
    for (size_t i = 0; config && i < c; i++)
        if (sb_streq(sb_labels_get(&view->cells[i].labels, "config"), config)) return false;
    return config != NULL;
}

/* What naming a configuration says: the labels that the other tables leave out beside it. */
static void add_configurations(struct sb_html *h)
{
    const struct sb_view *view = &h->view;
    if (!view->implied_nr) return;
    sb_html_put(h, "<h3>Configurations</h3>\n<dl class=\"facts\">\n");
    for (size_t c = 0, shown = 0; c < view->cells_nr && c < 5000 && shown < 100; c++) {
        if (!is_first_of_config(view, c)) continue;
        const struct sb_labels *labels = &view->cells[c].labels;
        sb_html_cell(h, "dt", sb_labels_get(labels, "config"));
        sb_html_put(h, "<dd>");
        bool first = true;
        for (size_t i = 0; i < view->implied_nr; i++) {
            const char *value = sb_labels_get(labels, view->implied[i]);
            if (!value) continue;
            sb_html_text(h,
                         sb_arena_printf(&h->arena, "%s%s %s", first ? "" : ", ", view->implied[i], value));
            first = false;
        }
        sb_html_put(h, "</dd>\n");
        shown++;
    }
    sb_html_put(h, "</dl>\n");
}

static void add_environment(struct sb_html *h)
{
    const char *versions = sb_method_versions(&h->view, &h->arena);
    sb_html_put(h, "<section id=\"environment\" aria-labelledby=\"h-environment\"><h2 "
                   "id=\"h-environment\">Environment</h2>\n<p>");
    if (*versions) {
        sb_html_put(h, "The logs name sysbench ");
        sb_html_text(h, versions);
        sb_html_put(h, ".");
    } else {
        sb_html_put(h, "The logs do not name their sysbench version.");
    }
    if (!h->report->ds->env_nr && !h->report->ds->cells_nr)
        sb_html_put(h,
                    " No manifest came with them, so nothing is known about host, guests and accelerators.");
    sb_html_put(h, "</p>\n");
    add_cells(h);
    add_configurations(h);
    add_facts(h);
    sb_html_put(h, "</section>\n");
}

void sb_html_method(struct sb_html *h)
{
    size_t nr;
    const char **paragraphs = sb_method_paragraphs(&h->view, &h->arena, &nr);
    sb_html_put(h, "<p class=\"on-paper\">Left out on paper: the tables of all metrics (summary.csv, "
                   "comparisons.csv) and the "
                   "evidence (runs.csv).</p>\n");
    sb_html_put(h, "<section id=\"method\" aria-labelledby=\"h-method\"><h2 id=\"h-method\">Method</h2>\n");
    for (size_t i = 0; i < nr; i++)
        sb_html_prose(h, "p", paragraphs[i]);
    sb_html_put(h, "</section>\n");
    add_environment(h);
    sb_html_put(h, "<section id=\"reproduction\" aria-labelledby=\"h-reproduction\"><h2 "
                   "id=\"h-reproduction\">Reproduction</h2>\n");
    sb_html_put(h, "<p>The same logs and this command give the same page, byte for byte");
    if (h->report->version) {
        sb_html_put(h, " (sbstat ");
        sb_html_text(h, h->report->version);
        sb_html_put(h, ")");
    }
    sb_html_put(h, ".</p>\n<pre class=\"command\" tabindex=\"0\"><code>");
    sb_html_text(h, h->report->command ? h->report->command : "sbstat report");
    sb_html_put(h, "</code></pre></section>\n");
}
