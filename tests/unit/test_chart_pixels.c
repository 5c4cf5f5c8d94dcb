/*
 * The demo charts against stored small pictures. Versions of cairo, Pango and FreeType differ in the last bit
 * of anti-aliasing, so a few pixels may differ a little; a moved label or a changed colour may not.
 *
 * SBSTAT_REGENERATE=1 writes the pictures anew: look at them before you commit them.
 */
#include <cairo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>
#include "core/alloc.h"
#include "gallery.h"

struct reader {
    const struct sb_strbuf *bytes;
    size_t at;
};

static cairo_status_t read_bytes(void *context, unsigned char *data, unsigned len)
{
    struct reader *r = context;
    if (r->bytes->len - r->at < len) return CAIRO_STATUS_READ_ERROR;
    memcpy(data, r->bytes->buf + r->at, len);
    r->at += len;
    return CAIRO_STATUS_SUCCESS;
}

static void path_of(char *path, size_t size, const char *name, const char *theme)
{
    snprintf(path, size, "%s/golden/plot/%s%s.png", SBSTAT_TESTS_DIR, name, theme);
}

static void write_reference(const char *path, const struct sb_strbuf *png)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(png->buf, 1, png->len, f), png->len);
    assert_int_equal(fclose(f), 0);
}

/* Share of pixels that differ clearly in any channel, and the mean difference of channels. */
static void compare(cairo_surface_t *drawn, cairo_surface_t *stored, const char *name)
{
    int width = cairo_image_surface_get_width(stored), height = cairo_image_surface_get_height(stored);
    assert_int_equal(cairo_surface_status(stored), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(drawn), width);
    assert_int_equal(cairo_image_surface_get_height(drawn), height);
    double total = 0, clear = 0;
    for (int y = 0; y < height; y++) {
        const unsigned char *a =
            cairo_image_surface_get_data(drawn) + y * cairo_image_surface_get_stride(drawn);
        const unsigned char *b =
            cairo_image_surface_get_data(stored) + y * cairo_image_surface_get_stride(stored);
        for (int x = 0; x < width; x++, a += 4, b += 4) {
            int worst = 0;
            for (int c = 0; c < 3; c++) {
                int d = abs(a[c] - b[c]);
                total += d;
                worst = d > worst ? d : worst;
            }
            clear += worst > 60;
        }
    }
    double pixels = (double)width * height;
    if (clear / pixels > 0.002 || total / pixels / 3 > 0.6)
        fail_msg("%s: %.3f %% of the pixels differ clearly, mean difference %.3f of 255", name,
                 100 * clear / pixels, total / pixels / 3);
}

static void check(const struct sb_chart *chart, const char *name, enum sb_theme theme)
{
    static const char *const suffix[] = {"", "-dark", "-print"};
    struct sb_render_options options = {.theme = theme, .scale = 0.5};
    struct sb_strbuf png = SB_STRBUF_INIT;
    struct sb_err err;
    char path[4096];
    path_of(path, sizeof path, name, suffix[theme]);
    if (!sb_chart_render(chart, SB_CHART_PNG, &options, &png, &err)) fail_msg("%s: %s", name, err.msg);
    if (getenv("SBSTAT_REGENERATE")) {
        write_reference(path, &png);
    } else {
        struct reader reader = {&png, 0};
        cairo_surface_t *drawn = cairo_image_surface_create_from_png_stream(read_bytes, &reader);
        cairo_surface_t *stored = cairo_image_surface_create_from_png(path);
        compare(drawn, stored, path);
        cairo_surface_destroy(drawn);
        cairo_surface_destroy(stored);
    }
    sb_strbuf_release(&png);
}

/* Texts without a glyph in Inter are drawn with whatever the machine has: not comparable. */
static bool depends_on_system(const char *name)
{
    return strcmp(name, "hostile") == 0;
}

static void test_pixels(void **unused)
{
    for (size_t i = 0; i < gallery_nr(); i++) {
        if (depends_on_system(gallery_name(i))) continue;
        check(gallery_chart(i), gallery_name(i), SB_THEME_LIGHT);
        if (i % 4 == 0) check(gallery_chart(i), gallery_name(i), i % 8 ? SB_THEME_PRINT : SB_THEME_DARK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_pixels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
