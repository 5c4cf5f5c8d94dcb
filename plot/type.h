/*
 * Text: made safe, measured, broken into lines and drawn through Pango, the same for every output format.
 * Sizes and widths are in logical px. Widths do not depend on the resolution (no hinting, no rounding).
 */
#ifndef SB_PLOT_TYPE_H
#define SB_PLOT_TYPE_H

#include <cairo.h>
#include <stddef.h>
#include "core/arena.h"
#include "core/err.h"

enum sb_weight { SB_REGULAR, SB_SEMIBOLD };

struct sb_font {
    double size;
    enum sb_weight weight;
    bool tabular; /* figures of equal width */
};

/* Inter's vertical metrics as fractions of the size: what a line of text occupies around its baseline. */
#define SB_TYPE_ASCENT  0.80
#define SB_TYPE_DESCENT 0.22
#define SB_TYPE_CAP     0.727 /* height of a capital */

bool sb_type_init(struct sb_err *err) SB_MUST_CHECK; /* idempotent; before anything that measures or draws */
bool sb_type_in_use(void);                           /* it was called: Pango may have threads at work */

/* Well-formed UTF-8 without control, bidi-override or non-characters, one line, at most 2,000 characters,
 * never NULL (NULL gives ""). In the arena. `lines` keeps newlines. */
const char *sb_type_safe(struct sb_arena *arena, const char *text, bool lines);

double sb_type_width(const char *text, struct sb_font font);

/* The text cut at a character boundary with an ellipsis, so that it is at most `width` wide. */
const char *sb_type_fit(struct sb_arena *arena, const char *text, struct sb_font font, double width);

struct sb_lines {
    const char *const *line; /* in the arena */
    size_t nr;
    double width; /* the widest */
    bool broken;  /* a word was broken or text was cut: it did not really fit */
};

/* Breaks at words (inside words only when one is wider than `width`), at most `max` lines; the last one is
 * cut with an ellipsis when the text does not fit. An empty text has no lines. */
struct sb_lines sb_type_wrap(struct sb_arena *arena, const char *text, struct sb_font font, double width,
                             size_t max);

/* Draws with the left end of the baseline at the current origin, in the current source. */
void sb_type_draw(cairo_t *cr, const char *text, struct sb_font font);

#endif
