/*
 * bench_charts one FILE.png           grouped bars, 1520 px wide, one process
 * bench_charts batch FOLDER COUNT N   COUNT charts x SVG, PNG, PDF in N worker processes
 */
#include "gallery.h"
#include "core/alloc.h"
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static bool draw(const struct sb_chart *chart, enum sb_chart_format format, const char *path)
{
    const struct sb_render_options options = {.theme = SB_THEME_LIGHT, .scale = 2};
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err err;
    FILE *f = NULL;
    bool ok = sb_chart_render(chart, format, &options, &out, &err);
    if (!ok) fprintf(stderr, "%s\n", err.msg);
    if (ok) f = fopen(path, "wb");
    ok = f && fwrite(out.buf, 1, out.len, f) == out.len;
    if (f && fclose(f) != 0) ok = false;
    sb_strbuf_release(&out);
    return ok;
}

/* The kinds people draw most, in turns; each in all formats. */
static bool draw_share(const char *folder, long count, long worker, long workers)
{
    static const size_t kinds[] = {0, 1, 2, 3, 4};
    bool ok = true;
    for (long i = worker; ok && i < count; i += workers) {
        const struct sb_chart *chart = gallery_chart(kinds[(size_t)i % SB_ARRAY_SIZE(kinds)]);
        for (int format = SB_CHART_SVG; ok && format <= SB_CHART_PDF; format++) {
            char path[4096];
            snprintf(path, sizeof path, "%s/chart%03ld.%s", folder, i,
                     sb_chart_extension((enum sb_chart_format)format));
            ok = draw(chart, (enum sb_chart_format)format, path);
        }
    }
    return ok;
}

static bool batch(const char *folder, long count, long workers)
{
    bool ok = true;
    for (long w = 0; w < workers; w++) {
        pid_t child = fork();
        if (child < 0) return false;
        if (child == 0) _exit(draw_share(folder, count, w, workers) ? 0 : 1);
    }
    for (long w = 0; w < workers; w++) {
        int status;
        if (wait(&status) < 0 || status != 0) ok = false;
    }
    return ok;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "one") == 0) return !draw(gallery_chart(0), SB_CHART_PNG, argv[2]);
    if (argc == 5 && strcmp(argv[1], "batch") == 0)
        return !batch(argv[2], strtol(argv[3], NULL, 10), strtol(argv[4], NULL, 10));
    fprintf(stderr, "usage: bench_charts one FILE.png | batch FOLDER COUNT N\n");
    return 2;
}
