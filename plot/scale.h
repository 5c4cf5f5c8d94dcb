/*
 * Scales and number text. A scale maps [low, high] to px linearly or by logarithm; ticks are at 1, 2 or 5
 * times a power of ten. Number text never depends on the locale.
 */
#ifndef SB_PLOT_SCALE_H
#define SB_PLOT_SCALE_H

#include <stdbool.h>
#include <stddef.h>
#include "core/strbuf.h"

enum { SB_TICKS_MAX = 64, SB_TICK_TEXT = 40 };

struct sb_tick {
    double value;
    char text[SB_TICK_TEXT];
};

struct sb_scale {
    double low, high; /* low < high, finite; both > 0 when log */
    bool log;
    double px_low, px_high; /* where they lie */
    struct sb_tick ticks[SB_TICKS_MAX];
    size_t ticks_nr;
};

/* The largest end of a scale. Values beyond a tenth of it are drawn as if they were that: room for arithmetic
 * and for labels behind the largest value. */
#define SB_SCALE_HUGE 1e306
double sb_scale_within(double value);

/* A linear scale with about `want` ticks (2 or more) that covers low..high, begins on a tick, ends on one
 * or at `high`, and holds zero when `from_zero`. Equal, reversed or non-finite limits are widened: any input
 * gives a usable scale. */
void sb_scale_linear(struct sb_scale *scale, double low, double high, bool from_zero, int want);

/* A logarithmic scale over low..high (> 0), widened to 1-2-5 ticks; thinned so that at most `want` are
 * labelled. */
void sb_scale_log(struct sb_scale *scale, double low, double high, int want);

/* A logarithmic scale for ratios around 1; low and high are kept, ticks lie inside, 1 is one of them. */
void sb_scale_ratio(struct sb_scale *scale, double low, double high, int want);

double sb_scale_px(const struct sb_scale *scale, double value); /* clamped to the scale's ends */
bool sb_scale_inside(const struct sb_scale *scale, double value);

/* "2,410", "48.8", "0.413", "1.23 M", "4.2×10⁻⁹": at least 3 significant digits, thousands kept whole. */
void sb_number_text(struct sb_strbuf *out, double value);
/* Fixed decimals with thousands separators and a true minus sign; `plus` writes + before positives. */
void sb_fixed_text(struct sb_strbuf *out, double value, int decimals, bool plus);

#endif
