/*
 * draw_gallery FOLDER [NAME]   every demo chart (or the one named) in every format and theme: to look at
 * draw_gallery --docs FOLDER   the pictures of docs/gallery.md
 */
#include "gallery.h"
#include <stdio.h>

static bool write_file(const char *path, const struct sb_strbuf *bytes)
{
    FILE *f = fopen(path, "wb");
    bool ok = f && fwrite(bytes->buf, 1, bytes->len, f) == bytes->len;
    return f && fclose(f) == 0 && ok;
}

static bool draw(const struct sb_chart *chart, const char *name, const char *folder, enum sb_theme theme,
                 size_t page, size_t *pages)
{
    static const char *const themes[] = {"", "-dark", "-print"};
    struct sb_render_options options = {.theme = theme, .scale = 2, .page = page};
    struct sb_err err;
    bool ok = sb_chart_pages(chart, &options, pages, &err);
    for (int format = SB_CHART_SVG; ok && format <= SB_CHART_PDF; format++) {
        struct sb_strbuf out = SB_STRBUF_INIT;
        char path[1024];
        snprintf(path, sizeof path, "%s/%s%s%s%.*zu.%s", folder, name, themes[theme], page ? "-p" : "",
                 page ? 3 : 0, page ? page + 1 : 0, sb_chart_extension((enum sb_chart_format)format));
        ok = sb_chart_render(chart, (enum sb_chart_format)format, &options, &out, &err) &&
             write_file(path, &out);
        sb_strbuf_release(&out);
    }
    if (!ok) fprintf(stderr, "%s: %s\n", name, err.msg);
    return ok;
}

/* The first page of every chart as SVG; every third one dark, every third one for print. */
static bool draw_docs(const char *folder)
{
    static const char *const suffix[] = {"", "-dark", "-print"};
    bool ok = true;
    for (size_t i = 0; ok && i < gallery_nr(); i++) {
        for (int theme = SB_THEME_LIGHT; ok && theme <= SB_THEME_PRINT; theme++) {
            if (theme != SB_THEME_LIGHT &&
                (i % 3 != (size_t)theme || strcmp(gallery_name(i), "many-groups") == 0))
                continue;
            struct sb_render_options options = {.theme = (enum sb_theme)theme};
            struct sb_strbuf out = SB_STRBUF_INIT;
            char path[1024];
            snprintf(path, sizeof path, "%s/%s%s.svg", folder, gallery_name(i), suffix[theme]);
            ok = sb_chart_render(gallery_chart(i), SB_CHART_SVG, &options, &out, NULL) &&
                 write_file(path, &out);
            sb_strbuf_release(&out);
        }
    }
    return ok;
}

int main(int argc, char **argv)
{
    struct sb_err err;
    bool ok = argc > 1;
    if (!sb_plot_init(&err)) {
        fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    if (argc == 3 && strcmp(argv[1], "--docs") == 0) return draw_docs(argv[2]) ? 0 : 1;
    for (size_t i = 0; ok && i < gallery_nr(); i++) {
        if (argc > 2 && strcmp(argv[2], gallery_name(i)) != 0) continue;
        for (int theme = SB_THEME_LIGHT; ok && theme <= SB_THEME_PRINT; theme++) {
            size_t pages = 1;
            for (size_t page = 0; ok && page < pages; page++)
                ok = draw(gallery_chart(i), gallery_name(i), argv[1], (enum sb_theme)theme, page, &pages);
        }
    }
    return ok ? 0 : 1;
}
