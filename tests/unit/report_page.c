/* Writes the report of the hand-made experiment, for the browser test and for looking at it:
 * report_page FORMAT [emulated] [hostile] [big] > file */
#include "report_fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

static void add_chart(struct sb_strbuf *svg, const char *ink, const char *paper)
{
    sb_strbuf_addf(svg,
                   "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" "
                   "height=\"200\" viewBox=\"0 0 640 200\">"
                   "<defs><clipPath id=\"a\"><rect width=\"640\" height=\"200\"/></clipPath></defs>"
                   "<g clip-path=\"url(#a)\"><rect width=\"640\" height=\"200\" fill=\"%s\"/>",
                   paper);
    static const char *const colors[] = {"#0072B2", "#E69F00", "#009E73"};
    for (int i = 0; i < 3; i++)
        sb_strbuf_addf(svg, "<rect x=\"%d\" y=\"%d\" width=\"80\" height=\"%d\" fill=\"%s\"/>", 60 + 150 * i,
                       160 - 30 * i, 20 + 30 * i, colors[i]);
    sb_strbuf_addf(
        svg, "<text x=\"20\" y=\"24\" fill=\"%s\" font-family=\"sans-serif\">A chart</text></g></svg>", ink);
}

static const char *const many[] = {"raw", "qcow2", "docker", "podman", "host", NULL};

int main(int argc, char **argv)
{
    struct fixture f;
    struct fixture_options o = {.emulated = false};
    struct sb_strbuf out = SB_STRBUF_INIT, light = SB_STRBUF_INIT, dark = SB_STRBUF_INIT;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "emulated") == 0) o.emulated = true;
        if (strcmp(argv[i], "hostile") == 0)
            o.hostile = "</script><img src=x onerror=alert(1)>\x1b[31m|`=cmd()\\input{x}\n\xe2\x80\xae";
        if (strcmp(argv[i], "big") == 0) o.repetitions = 50000, o.platforms = many;
    }
    fixture_init(&f, &o);
    add_chart(&light, "#111111", "#ffffff");
    add_chart(&dark, "#eeeeee", "#14171a");
    struct sb_report_chart chart = {.name = "overview",
                                    .section = "overview",
                                    .title = "A chart of the fixture.",
                                    .subtitle = "Bars without meaning.",
                                    .alt = "Three bars of rising height.",
                                    .svg = light.buf,
                                    .svg_len = light.len,
                                    .svg_dark = dark.buf,
                                    .svg_dark_len = dark.len};
    f.report.charts = &chart;
    f.report.charts_nr = 1;
    const struct sb_text_style style = {.width = 80};
    static const struct {
        const char *name;
        void (*write)(struct sb_strbuf *out, const struct sb_report *report);
    } formats[] = {{"html", sb_report_html},
                   {"md", sb_report_markdown},
                   {"json", sb_report_json},
                   {"tex", sb_report_latex},
                   {"junit", sb_report_junit},
                   {"bench", sb_report_benchstat},
                   {"openmetrics", sb_report_openmetrics}};
    clock_t start = clock();
    for (size_t i = 0; argc > 1 && i < SB_ARRAY_SIZE(formats); i++)
        if (strcmp(argv[1], formats[i].name) == 0) formats[i].write(&out, &f.report);
    if (argc > 1 && strcmp(argv[1], "text") == 0) sb_report_text(&out, &f.report, &style);
    if (o.repetitions)
        fprintf(stderr, "%zu runs: %zu bytes in %.2f s\n", f.ds.runs_nr, out.len,
                (double)(clock() - start) / CLOCKS_PER_SEC);
    fwrite(out.buf, 1, out.len, stdout);
    sb_strbuf_release(&out);
    sb_strbuf_release(&light);
    sb_strbuf_release(&dark);
    fixture_free(&f);
    return 0;
}
