/* Files of charts: what is in them, that they are always the same, and that nothing goes wrong loudly. */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include "core/alloc.h"
#include "core/text.h"
#include "gallery.h"
#include "plot/canvas.h"
#include "plot/plstream.h"

void plexit(const char *message); /* of PLplot */

#define COUNT SB_ARRAY_SIZE

static struct sb_strbuf render(const struct sb_chart *chart, enum sb_chart_format format,
                               const struct sb_render_options *options)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err err;
    if (!sb_chart_render(chart, format, options, &out, &err)) fail_msg("%s", err.msg);
    return out;
}

static size_t find(const char *name)
{
    for (size_t i = 0; i < gallery_nr(); i++)
        if (strcmp(gallery_name(i), name) == 0) return i;
    fail_msg("no chart %s", name);
    return 0;
}

static size_t occurrences(const struct sb_strbuf *text, const char *what)
{
    size_t nr = 0;
    for (const char *p = text->buf; (p = strstr(p, what)); p += strlen(what))
        nr++;
    return nr;
}

static void assert_same(const struct sb_strbuf *a, const struct sb_strbuf *b, const char *what)
{
    if (a->len != b->len || memcmp(a->buf, b->buf, a->len) != 0)
        fail_msg("%s: bytes differ (%zu and %zu)", what, a->len, b->len);
}

/* Every id of an SVG begins with the chart's, so that several fit into one page. */
static void check_ids(const struct sb_strbuf *svg, const char *id)
{
    for (const char *p = svg->buf; (p = strstr(p, " id=\"")); p++)
        if (!sb_has_prefix(p + 5, id)) fail_msg("id %.30s does not begin with %s", p + 5, id);
}

static void test_svg(void **unused)
{
    for (size_t i = 0; i < gallery_nr(); i++) {
        const struct sb_chart *chart = gallery_chart(i);
        struct sb_err err;
        struct sb_dl dl;
        struct sb_render_options options = {.theme = SB_THEME_LIGHT};
        size_t pages, texts = 0;
        struct sb_strbuf svg = render(chart, SB_CHART_SVG, &options);
        sb_dl_init(&dl);
        assert_true(sb_chart_layout(chart, &options, &dl, &pages, &err));
        for (size_t k = 0; k < dl.items_nr; k++)
            texts += dl.items[k].op == SB_DL_TEXT;
        sb_dl_free(&dl);
        assert_true(sb_has_prefix(svg.buf, "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\""));
        assert_int_equal(occurrences(&svg, "<text "), texts);
        assert_int_equal(occurrences(&svg, " textLength=\""), texts);
        assert_int_equal(occurrences(&svg, "role=\"img\""), 1);
        assert_int_equal(occurrences(&svg, "<title "), 1);
        assert_null(strstr(svg.buf, "<!DOCTYPE"));
        assert_null(strstr(svg.buf, "<script"));
        assert_null(strstr(svg.buf, "href"));
        assert_null(strstr(svg.buf, "nan"));
        assert_null(strstr(svg.buf, "inf\""));
        assert_int_equal(occurrences(&svg, "http"), 1);
        check_ids(&svg, chart->id);
        sb_strbuf_release(&svg);
    }
}

static unsigned u32(const char *p)
{
    return (unsigned)(unsigned char)p[0] << 24 | (unsigned)(unsigned char)p[1] << 16 |
           (unsigned)(unsigned char)p[2] << 8 | (unsigned char)p[3];
}

static void test_png(void **unused)
{
    static const struct {
        double scale, dpi;
        unsigned width, per_metre;
    } rows[] = {{1, 0, 760, 3780},  {2, 0, 1520, 7559},    {3, 0, 2280, 11339},
                {0, 0, 1520, 7559}, {0, 300, 2375, 11811}, {2, 300, 1520, 11811}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sb_render_options options = {.scale = rows[i].scale, .dpi = rows[i].dpi};
        struct sb_strbuf png = render(gallery_chart(0), SB_CHART_PNG, &options);
        assert_memory_equal(png.buf, "\x89PNG\r\n\x1a\n", 8);
        assert_int_equal(u32(png.buf + 16), rows[i].width);
        assert_memory_equal(png.buf + 37, "pHYs", 4);
        assert_int_equal(u32(png.buf + 41), rows[i].per_metre);
        sb_strbuf_release(&png);
    }
}

static void test_pdf_date(void **unused)
{
    assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
    struct sb_strbuf none = render(gallery_chart(0), SB_CHART_PDF, NULL);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1700000000", 1), 0);
    struct sb_strbuf dated = render(gallery_chart(0), SB_CHART_PDF, NULL);
    assert_int_equal(setenv("SOURCE_DATE_EPOCH", "not a number", 1), 0);
    struct sb_strbuf wrong = render(gallery_chart(0), SB_CHART_PDF, NULL);
    assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
    assert_memory_equal(none.buf, "%PDF-", 5);
    assert_same(&none, &wrong, "an unusable SOURCE_DATE_EPOCH");
    assert_true(none.len != dated.len || memcmp(none.buf, dated.buf, none.len) != 0);
    sb_strbuf_release(&none);
    sb_strbuf_release(&dated);
    sb_strbuf_release(&wrong);
}

static struct sb_strbuf from_child[3]; /* chart 3 in each format, drawn in a process of its own */

static SB_NORETURN void draw_in_child(int fd, enum sb_chart_format format)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    alarm(120);
    bool ok = sb_chart_render(gallery_chart(3), format, NULL, &out, NULL) &&
              write(fd, out.buf, out.len) == (ssize_t)out.len;
    _exit(ok ? 0 : 1);
}

static void read_all(int fd, struct sb_strbuf *out)
{
    char buf[4096];
    for (ssize_t n; (n = read(fd, buf, sizeof buf)) > 0;)
        sb_strbuf_add(out, buf, (size_t)n);
}

/* Before anything was drawn here: processes that are forked later may wait for ever. */
static void test_drawing_processes(void **unused)
{
    assert_false(sb_plot_in_use());
    for (int format = SB_CHART_SVG; format <= SB_CHART_PDF; format++) {
        int fds[2], status = -1;
        assert_int_equal(pipe(fds), 0);
        pid_t child = fork();
        if (child == 0) draw_in_child(fds[1], (enum sb_chart_format)format);
        close(fds[1]);
        sb_strbuf_init(&from_child[format]);
        read_all(fds[0], &from_child[format]);
        close(fds[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
    struct sb_err err;
    assert_true(sb_plot_init(&err));
    assert_true(sb_plot_in_use());
}

/* The same bytes whatever was drawn before, and in a child process. */
static void test_same_bytes(void **unused)
{
    for (int format = SB_CHART_SVG; format <= SB_CHART_PDF; format++) {
        struct sb_strbuf first[64];
        assert_true(gallery_nr() <= COUNT(first));
        for (size_t i = 0; i < gallery_nr(); i++)
            first[i] = render(gallery_chart(i), (enum sb_chart_format)format, NULL);
        for (size_t i = gallery_nr(); i-- > 0;) {
            struct sb_strbuf again = render(gallery_chart(i), (enum sb_chart_format)format, NULL);
            assert_same(&first[i], &again, gallery_name(i));
            sb_strbuf_release(&again);
        }
        assert_same(&first[3], &from_child[format], "in a process of its own");
        sb_strbuf_release(&from_child[format]);
        for (size_t i = 0; i < gallery_nr(); i++)
            sb_strbuf_release(&first[i]);
    }
}

static void test_locale(void **unused)
{
    static const char *const commas[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "C.UTF-8"};
    struct sb_strbuf plain = render(gallery_chart(find("facets")), SB_CHART_SVG, NULL);
    for (size_t i = 0; i < COUNT(commas); i++) {
        if (!setlocale(LC_ALL, commas[i])) continue;
        struct sb_strbuf other = render(gallery_chart(find("facets")), SB_CHART_SVG, NULL);
        setlocale(LC_ALL, "C");
        assert_same(&plain, &other, commas[i]);
        sb_strbuf_release(&other);
    }
    sb_strbuf_release(&plain);
}

static void refuse(const struct sb_chart *chart, const struct sb_render_options *options,
                   enum sb_err_code code, const char *word)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err err = {.code = SB_OK};
    sb_strbuf_adds(&out, "kept");
    assert_false(sb_chart_render(chart, SB_CHART_SVG, options, &out, &err));
    assert_int_equal(err.code, code);
    if (!strstr(err.msg, word)) fail_msg("\"%s\" does not say %s", err.msg, word);
    assert_string_equal(out.buf, "kept");
    sb_strbuf_release(&out);
}

static void test_refusals(void **unused)
{
    struct sb_chart chart = *gallery_chart(0);
    refuse(&chart, &(struct sb_render_options){.width = 20}, SB_ERR_USAGE, "width");
    refuse(&chart, &(struct sb_render_options){.width = NAN}, SB_ERR_USAGE, "width");
    refuse(&chart, &(struct sb_render_options){.height = 1e9}, SB_ERR_USAGE, "height");
    refuse(&chart, &(struct sb_render_options){.scale = -2}, SB_ERR_USAGE, "scale");
    refuse(&chart, &(struct sb_render_options){.dpi = INFINITY}, SB_ERR_USAGE, "resolution");
    refuse(&chart, &(struct sb_render_options){.page = 1}, SB_ERR_USAGE, "page 2");
    refuse(&chart, &(struct sb_render_options){.theme = (enum sb_theme)9}, SB_ERR_USAGE, "theme");
    for (int kind = SB_CHART_BARS; kind < SB_CHART_KINDS; kind++) {
        chart = (struct sb_chart){
            .kind = (enum sb_chart_kind)kind, .panels_nr = 1, .rows_nr = 1, .distributions_nr = 1, .id = "x"};
        refuse(&chart, NULL, SB_ERR_INTERNAL, "without");
    }
    chart.kind = SB_CHART_KINDS;
    refuse(&chart, NULL, SB_ERR_INTERNAL, "kind");
}

static void bad_text(const struct sb_pl_target *target, const struct sb_dl *dl, const struct sb_dl_item *item)
{
    (void)target;
    (void)item;
    sb_pl_placeholder(dl, item);
    plexit("as if PLplot had met an error");
}

/* PLplot would ask for another device on stdin, and exit() on errors. */
static void test_plplot_never_exits(void **unused)
{
    struct sb_dl dl;
    struct sb_err err;
    char *bytes = NULL;
    size_t len = 0;
    sb_dl_init(&dl);
    dl.width = dl.height = 300;
    assert_false(sb_pl_draw(&(struct sb_pl_target){.device = "no-such-device"}, &dl, &err));
    assert_non_null(strstr(err.msg, "no-such-device"));
    sb_dl_text(&dl, 10, 20, SB_START, sb_font_label, (struct sb_rgb){0, 0, 0}, "text");
    for (int round = 0; round < 3; round++) {
        struct sb_pl_target target = {
            .device = "svg", .file = open_memstream(&bytes, &len), .text = bad_text};
        assert_false(sb_pl_draw(&target, &dl, &err));
        assert_non_null(strstr(err.msg, "as if PLplot had met an error"));
        free(bytes);
    }
    sb_dl_free(&dl);
    struct sb_strbuf svg = render(gallery_chart(0), SB_CHART_SVG, NULL),
                     png = render(gallery_chart(0), SB_CHART_PNG, NULL);
    assert_true(svg.len > 1000 && png.len > 1000); /* and it still works */
    sb_strbuf_release(&svg);
    sb_strbuf_release(&png);
}

static void test_pages_and_book(void **unused)
{
    const struct sb_chart *charts[64];
    size_t total = 0;
    struct sb_err err;
    for (size_t i = 0; i < gallery_nr(); i++) {
        size_t pages;
        charts[i] = gallery_chart(i);
        assert_true(sb_chart_pages(charts[i], NULL, &pages, &err));
        assert_true(pages >= 1);
        total += pages;
    }
    struct sb_strbuf book = SB_STRBUF_INIT;
    assert_true(sb_chart_book(charts, gallery_nr(), "All charts", NULL, &book, &err));
    assert_true(total > gallery_nr()); /* one of them has several */
    assert_memory_equal(book.buf, "%PDF-", 5);
    struct sb_strbuf count = SB_STRBUF_INIT, flat = SB_STRBUF_INIT;
    for (size_t i = 0; i < book.len; i++)
        sb_strbuf_addc(&flat, book.buf[i] ? book.buf[i] : ' ');
    sb_strbuf_addf(&count, "/Count %zu", total);
    assert_non_null(strstr(flat.buf, count.buf));
    assert_false(sb_chart_book(charts, 0, "none", NULL, &book, &err));
    sb_strbuf_release(&flat);
    sb_strbuf_release(&count);
    sb_strbuf_release(&book);
}

static void count_datum(void *context, const struct sb_datum *datum)
{
    assert_true(datum->series != NULL);
    ++*(size_t *)context;
}

static void test_data(void **unused)
{
    static const struct {
        const char *name;
        size_t nr;
    } rows[] = {{"bars", 12},    {"points", 270}, {"forest", 10}, {"heat", 36},
                {"scaling", 25}, {"ecdf", 360},   {"empty", 0}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t nr = 0;
        sb_chart_data(gallery_chart(find(rows[i].name)), count_datum, &nr);
        if (nr != rows[i].nr) fail_msg("%s has %zu data, not %zu", rows[i].name, nr, rows[i].nr);
    }
}

static void test_metadata(void **unused)
{
    struct sb_strbuf svg = render(gallery_chart(find("scaling")), SB_CHART_SVG, NULL);
    assert_non_null(strstr(svg.buf, "kind=scaling theme=light size=760x"));
    assert_non_null(strstr(svg.buf, "metric=demo confidence=0.95"));
    sb_strbuf_release(&svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drawing_processes),
        cmocka_unit_test(test_svg),
        cmocka_unit_test(test_png),
        cmocka_unit_test(test_pdf_date),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_locale),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_pages_and_book),
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_metadata),
        cmocka_unit_test(test_plplot_never_exits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
