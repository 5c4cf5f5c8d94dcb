/*
 * PNG and PDF: PLplot draws once on a cairo recording surface (texts go there directly, through Pango), the
 * recording is replayed on the real surface. Only a recording gives both formats the same layout: an image
 * surface would round text widths to whole pixels.
 */
#include "plot/plstream.h"
#include "plot/backend.h"
#include "core/alloc.h"
#include <cairo-pdf.h>
#include <math.h>
#include <time.h>

static void draw_text(const struct sb_pl_target *target, const struct sb_dl *dl,
                      const struct sb_dl_item *item)
{
    (void)dl;
    cairo_t *cr = target->cr;
    double before = item->w * (item->anchor == SB_START ? 0 : item->anchor == SB_MIDDLE ? 0.5 : 1);
    cairo_save(cr);
    cairo_identity_matrix(cr); /* PLplot's has y upwards */
    cairo_scale(cr, SB_PL_OVERSAMPLING, SB_PL_OVERSAMPLING);
    cairo_translate(cr, item->x, item->y);
    if (item->upward) cairo_rotate(cr, -1.5707963267948966);
    cairo_translate(cr, -before, 0);
    cairo_set_source_rgb(cr, item->color.r / 255.0, item->color.g / 255.0, item->color.b / 255.0);
    sb_type_draw(cr, item->text, item->font);
    cairo_new_path(cr);
    cairo_restore(cr);
}

static cairo_surface_t *record(const struct sb_dl *dl, struct sb_err *err)
{
    const cairo_rectangle_t extents = {0, 0, dl->width * SB_PL_OVERSAMPLING, dl->height * SB_PL_OVERSAMPLING};
    cairo_surface_t *recording = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents);
    struct sb_pl_target target = {.device = "extcairo", .cr = cairo_create(recording), .text = draw_text};
    bool ok = sb_pl_draw(&target, dl, err);
    cairo_status_t status = cairo_status(target.cr);
    if (ok && status) ok = sb_fail(err, SB_ERR_INTERNAL, "cairo: %s", cairo_status_to_string(status));
    cairo_destroy(target.cr);
    if (ok) return recording;
    cairo_surface_destroy(recording);
    return NULL;
}

static cairo_status_t replay(cairo_surface_t *recording, cairo_surface_t *surface, double scale,
                             struct sb_rgb page)
{
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, page.r / 255.0, page.g / 255.0, page.b / 255.0);
    cairo_paint(cr);
    cairo_scale(cr, scale / SB_PL_OVERSAMPLING, scale / SB_PL_OVERSAMPLING);
    cairo_set_source_surface(cr, recording, 0, 0);
    cairo_paint(cr);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    return status;
}

static cairo_status_t append(void *to, const unsigned char *bytes, unsigned len)
{
    sb_strbuf_add(to, bytes, len);
    return CAIRO_STATUS_SUCCESS;
}

bool sb_render_png(const struct sb_dl *dl, const struct sb_render_meta *meta, double scale, double dpi,
                   struct sb_strbuf *out, struct sb_err *err)
{
    cairo_surface_t *recording = record(dl, err);
    if (!recording) return false;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)ceil(dl->width * scale),
                                                        (int)ceil(dl->height * scale));
    cairo_status_t status = replay(recording, image, scale, dl->background);
    cairo_surface_flush(image);
    const struct sb_pixels pixels = {
        cairo_image_surface_get_data(image), (size_t)cairo_image_surface_get_width(image),
        (size_t)cairo_image_surface_get_height(image), (size_t)cairo_image_surface_get_stride(image)};
    bool ok = !status && sb_png_write(&pixels, meta, dpi > 0 ? dpi : 96 * scale, out, err);
    cairo_surface_destroy(image);
    cairo_surface_destroy(recording);
    if (status)
        return sb_fail(err, SB_ERR_INTERNAL, "cairo cannot make the PNG: %s", cairo_status_to_string(status));
    return ok;
}

/* No clock in the output: SOURCE_DATE_EPOCH when set
 * (https://reproducible-builds.org/specs/source-date-epoch/), else the epoch itself. */
static void set_date(cairo_surface_t *pdf)
{
    const char *env = getenv("SOURCE_DATE_EPOCH");
    char *end;
    long long seconds = env && *env ? strtoll(env, &end, 10) : 0;
    if (!env || !*env || *end || seconds < 0 || seconds > 253402300799LL) seconds = 0;
    time_t when = (time_t)seconds;
    struct tm utc;
    char text[40] = "1970-01-01T00:00:00Z";
    if (gmtime_r(&when, &utc)) strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATE_DATE, text);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_MOD_DATE, text);
}

static void set_metadata(cairo_surface_t *pdf, const struct sb_render_meta *meta)
{
    set_date(pdf);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_CREATOR, "sbstat");
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_TITLE, meta->title);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_SUBJECT, meta->description);
    cairo_pdf_surface_set_metadata(pdf, CAIRO_PDF_METADATA_KEYWORDS, meta->parameters);
}

struct sb_pdf {
    cairo_surface_t *surface;
    struct sb_strbuf bytes;
    int page;
};

struct sb_pdf *sb_pdf_open(const struct sb_render_meta *meta)
{
    struct sb_pdf *pdf = sb_xcalloc(1, sizeof *pdf);
    sb_strbuf_init(&pdf->bytes);
    pdf->surface = cairo_pdf_surface_create_for_stream(append, &pdf->bytes, 100, 100);
    set_metadata(pdf->surface, meta);
    return pdf;
}

static bool pdf_failed(struct sb_err *err, cairo_status_t status)
{
    return sb_fail(err, SB_ERR_INTERNAL, "cairo cannot make the PDF: %s", cairo_status_to_string(status));
}

bool sb_pdf_add(struct sb_pdf *pdf, const struct sb_dl *page, const char *heading, struct sb_err *err)
{
    cairo_surface_t *recording = record(page, err);
    if (!recording) return false;
    cairo_pdf_surface_set_size(pdf->surface, page->width * 0.75, page->height * 0.75);
    cairo_status_t status = replay(recording, pdf->surface, 0.75, page->background);
    cairo_surface_destroy(recording);
    if (!status) cairo_surface_show_page(pdf->surface);
    if (!status) status = cairo_surface_status(pdf->surface);
    if (status) return pdf_failed(err, status);
    struct sb_strbuf link = SB_STRBUF_INIT;
    sb_strbuf_addf(&link, "page=%d", ++pdf->page);
    if (heading && *heading)
        cairo_pdf_surface_add_outline(pdf->surface, CAIRO_PDF_OUTLINE_ROOT, heading, link.buf,
                                      CAIRO_PDF_OUTLINE_FLAG_OPEN);
    sb_strbuf_release(&link);
    return true;
}

bool sb_pdf_close(struct sb_pdf *pdf, bool ok, struct sb_strbuf *out, struct sb_err *err)
{
    cairo_surface_finish(pdf->surface);
    cairo_status_t status = cairo_surface_status(pdf->surface);
    cairo_surface_destroy(pdf->surface);
    if (ok && status) ok = pdf_failed(err, status);
    if (ok) sb_strbuf_add(out, pdf->bytes.buf, pdf->bytes.len);
    sb_strbuf_release(&pdf->bytes);
    free(pdf);
    return ok;
}
