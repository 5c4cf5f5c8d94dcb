/*
 * What PLplot does and how it is kept from doing it:
 *   - asks on stdin for a missing device or file name: both are always given, in full (a prefix would match
 * another);
 *   - exit()s on errors: the plsexit handler jumps back here, the page is given up and reported;
 *   - prints and goes on after minor errors: the plsabort handler marks the page as failed;
 *   - is steered by PLPLOT_* variables: they are removed from the environment;
 *   - strokes the outline of filled areas: the width is made invisible before each;
 *   - loses write errors of its own files: it only ever gets a memory stream or our cairo context.
 */
#include "plot/plstream.h"
#include "core/alloc.h"
#include <math.h>
#include <plplot/plplot.h>
#include <setjmp.h>

static jmp_buf on_exit_jump;
static char complaint[256];

static void complain(const char *message)
{
    if (!*complaint) snprintf(complaint, sizeof complaint, "%s", message ? message : "unknown error");
}

static int handle_exit(const char *message)
{
    complain(message);
    longjmp(on_exit_jump, 1);
}

static bool has_device(const char *name)
{
    enum { MOST = 256 };
    const char *menu_items[MOST], *device_names[MOST];
    const char **menu = menu_items, **names = device_names;
    int nr = MOST;
    plgDevs(&menu, &names, &nr);
    bool found = false;
    for (int i = 0; i < nr && !found; i++)
        found = names[i] && strcmp(names[i], name) == 0;
    return found;
}

bool sb_pl_init(struct sb_err *err)
{
    static const char *const steering[] = {"PLPLOT_DEV", "PLPLOT_DRV_DIR", "PLPLOT_LIB", "PLPLOT_HOME"};
    static bool ready;
    if (ready) return true;
    for (size_t i = 0; i < SB_ARRAY_SIZE(steering); i++)
        unsetenv(steering[i]);
    plsexit(handle_exit);
    plsabort(complain);
    *complaint = '\0';
    if (setjmp(on_exit_jump)) return sb_fail(err, SB_ERR_INTERNAL, "PLplot cannot start: %s", complaint);
    if (!has_device("extcairo"))
        return sb_fail(err, SB_ERR_INTERNAL, "PLplot's cairo driver is missing: install plplot-driver-cairo");
    if (!has_device("svg"))
        return sb_fail(err, SB_ERR_INTERNAL, "PLplot's svg driver is missing: install libplplot17");
    ready = true;
    return true;
}

static void set_color(struct sb_rgb color, double alpha)
{
    plscol0a(1, color.r, color.g, color.b, alpha);
    plcol0(1);
}

static void fill(const struct sb_dl *dl, const struct sb_dl_item *item, const struct sb_pt *points, size_t nr)
{
    PLFLT *x = sb_xmalloc(sizeof *x * nr * 2), *y = x + nr;
    for (size_t i = 0; i < nr; i++) {
        x[i] = points[i].x;
        y[i] = dl->height - points[i].y;
    }
    set_color(item->color, item->alpha);
    plwidth(0.01);
    plfill((PLINT)nr, x, y);
    free(x);
}

static void draw_rect(const struct sb_dl *dl, const struct sb_dl_item *item)
{
    const struct sb_pt p[] = {{item->x, item->y},
                              {item->x + item->w, item->y},
                              {item->x + item->w, item->y + item->h},
                              {item->x, item->y + item->h}};
    fill(dl, item, p, 4);
}

static void draw_line(const struct sb_dl *dl, const struct sb_dl_item *item)
{
    size_t nr = item->nr;
    PLFLT *x = sb_xmalloc(sizeof *x * nr * 2), *y = x + nr;
    for (size_t i = 0; i < nr; i++) {
        x[i] = dl->points[item->first + i].x;
        y[i] = dl->height - dl->points[item->first + i].y;
    }
    set_color(item->color, item->alpha);
    plwidth(item->width * SB_PL_OVERSAMPLING);
    plline((PLINT)nr, x, y);
    free(x);
}

static void draw_disc(const struct sb_dl *dl, const struct sb_dl_item *item, bool arcs)
{
    struct sb_pt p[32];
    size_t nr = item->w < 3 ? 20 : 32;
    if (arcs) {
        set_color(item->color, item->alpha);
        plwidth(0.01);
        plarc(item->x, dl->height - item->y, item->w, item->w, 0, 360, 0, 1);
        return;
    }
    for (size_t i = 0; i < nr; i++) {
        double angle = 6.283185307179586 * (double)i / (double)nr;
        p[i] = (struct sb_pt){item->x + item->w * cos(angle), item->y + item->w * sin(angle)};
    }
    fill(dl, item, p, nr);
}

void sb_pl_placeholder(const struct sb_dl *dl, const struct sb_dl_item *item)
{
    plptex(item->x, dl->height - item->y, 1, 0, 0, "x");
}

/* Cuts a polyline into dashes. PLplot's own line styles are in mm of a guessed screen. */
static void draw_dashes(const struct sb_dl *dl, const struct sb_dl_item *item)
{
    double at = 0, period = item->dash + item->gap;
    struct sb_dl copy = *dl;
    struct sb_dl_item dash = *item;
    struct sb_pt ends[2];
    copy.points = ends;
    dash.first = 0;
    dash.nr = 2;
    for (size_t i = 1; i < item->nr; i++) {
        struct sb_pt a = dl->points[item->first + i - 1], b = dl->points[item->first + i];
        double length = hypot(b.x - a.x, b.y - a.y), pos = 0;
        while (pos < length) {
            double phase = fmod(at, period), left = phase < item->dash ? item->dash - phase : period - phase;
            double step = fmin(fmax(left, 1e-3), length - pos);
            if (phase < item->dash) {
                double inset = fmin(item->width / 2, step / 2 - 0.05), from = (pos + inset) / length;
                double to = (pos + step - inset) / length; /* lines of two points get round ends */
                ends[0] = (struct sb_pt){a.x + (b.x - a.x) * from, a.y + (b.y - a.y) * from};
                ends[1] = (struct sb_pt){a.x + (b.x - a.x) * to, a.y + (b.y - a.y) * to};
                if (to > from) draw_line(&copy, &dash);
            }
            pos += step;
            at += step;
        }
    }
}

static void draw_item(const struct sb_pl_target *target, const struct sb_dl *dl,
                      const struct sb_dl_item *item)
{
    switch (item->op) {
    case SB_DL_RECT: draw_rect(dl, item); break;
    case SB_DL_POLY: fill(dl, item, dl->points + item->first, item->nr); break;
    case SB_DL_DISC: draw_disc(dl, item, target->cr != NULL); break;
    case SB_DL_TEXT: target->text(target, dl, item); break;
    case SB_DL_LINE:
        if (item->dash > 0)
            draw_dashes(dl, item);
        else
            draw_line(dl, item);
        break;
    }
}

static void open_stream(const struct sb_pl_target *target, const struct sb_dl *dl)
{
    plsdev(target->device);
    plspage(0, 0, (PLINT)(dl->width * SB_PL_OVERSAMPLING), (PLINT)(dl->height * SB_PL_OVERSAMPLING), 0, 0);
    plspause(0);
    plscolbga(255, 255, 255, 0.0); /* nothing: the back ends paint the page */
    if (target->file) {
        plsetopt("drvopt", "text_clipping=0");
        plsfnam("memory"); /* never opened: the stream below is used */
        plsfile(target->file);
    }
    plinit();
    if (target->cr) pl_cmd(PLESC_DEVINIT, target->cr);
    pladv(0);
    plvpor(0, 1, 0, 1);
    plwind(0, dl->width, 0, dl->height);
}

bool sb_pl_draw(const struct sb_pl_target *target, const struct sb_dl *dl, struct sb_err *err)
{
    static volatile bool ending; /* static: survives the jump */
    *complaint = '\0';
    if (!has_device(target->device))
        return sb_fail(err, SB_ERR_INTERNAL, "PLplot has no device \"%s\"", target->device);
    ending = false;
    if (setjmp(on_exit_jump)) {
        if (!ending) { /* leave the stream ready for the next chart */
            ending = true;
            plend1();
        }
        return sb_fail(err, SB_ERR_INTERNAL, "PLplot gave up: %s", complaint);
    }
    open_stream(target, dl);
    for (size_t i = 0; i < dl->items_nr; i++)
        draw_item(target, dl, &dl->items[i]);
    ending = true;
    plend1();
    if (*complaint) return sb_fail(err, SB_ERR_INTERNAL, "PLplot could not draw: %s", complaint);
    return true;
}
