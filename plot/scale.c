#include "plot/scale.h"
#include <locale.h>
#include <math.h>

static const char minus_sign[] = "\xe2\x88\x92";

void sb_fixed_text(struct sb_strbuf *out, double value, int decimals, bool plus)
{
    char digits[400];
    /* The only place where the C library writes a fraction: whatever the locale's point is, we cut at the
     * first byte that is no digit and put our own. */
    snprintf(digits, sizeof digits, "%.*f", decimals < 0 ? 0 : decimals, fabs(value));
    size_t whole = strspn(digits, "0123456789"), total = strlen(digits);
    bool zero = strspn(digits, "0") == whole &&
                (decimals <= 0 || strspn(digits + total - (size_t)decimals, "0") == (size_t)decimals);
    if (value < 0 && !zero) sb_strbuf_adds(out, minus_sign);
    if (value > 0 && plus && !zero) sb_strbuf_addc(out, '+');
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0) sb_strbuf_addc(out, ',');
        sb_strbuf_addc(out, digits[i]);
    }
    if (decimals > 0) {
        sb_strbuf_addc(out, '.');
        sb_strbuf_add(out, digits + total - (size_t)decimals, (size_t)decimals);
    }
}

static void superscript(struct sb_strbuf *out, int number)
{
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    char text[16];
    snprintf(text, sizeof text, "%d", number < 0 ? -number : number);
    if (number < 0) sb_strbuf_adds(out, "⁻");
    for (const char *p = text; *p; p++)
        sb_strbuf_adds(out, digits[*p - '0']);
}

/* floor(log10(x)) of a positive number, exact at powers of ten; denormals included. */
static int exponent_of(double x)
{
    int e = (int)floor(log10(x));
    if (pow(10, e + 1) <= x) e++;
    return e;
}

/* x / 10^e without overflow or underflow on the way. */
static double scaled_down(double x, int e)
{
    if (e < -300) return x * 1e300 / pow(10, e + 300);
    return x / pow(10, e);
}

struct prefix {
    int exponent;
    const char *suffix;
};

/* Only where digits would otherwise not be read at a glance; below that, thousands separators do. */
static const struct prefix prefixes[] = {{15, " P"}, {12, " T"}, {9, " G"}, {6, " M"}};

static const struct prefix *prefix_for(double magnitude)
{
    for (size_t i = 0; magnitude < 1e18 && i < sizeof prefixes / sizeof *prefixes; i++)
        if (magnitude >= pow(10, prefixes[i].exponent)) return &prefixes[i];
    return NULL;
}

static bool needs_exponent(double magnitude)
{
    return magnitude > 0 && (magnitude >= 1e18 || magnitude < 1e-4);
}

static int decimals_for(double magnitude)
{
    if (magnitude == 0 || magnitude >= 100) return 0;
    if (magnitude >= 1) return magnitude >= 10 ? 1 : 2;
    return 2 - exponent_of(magnitude);
}

void sb_number_text(struct sb_strbuf *out, double value)
{
    double magnitude = fabs(value);
    if (!isfinite(value)) {
        sb_strbuf_adds(out, isnan(value) ? "–" : value > 0 ? "∞" : "−∞");
    } else if (needs_exponent(magnitude)) {
        int e = exponent_of(magnitude);
        sb_fixed_text(out, copysign(scaled_down(magnitude, e), value), 2, false);
        sb_strbuf_adds(out, "×10");
        superscript(out, e);
    } else {
        const struct prefix *p = prefix_for(magnitude);
        if (p) magnitude = scaled_down(magnitude, p->exponent);
        sb_fixed_text(out, copysign(magnitude, value), decimals_for(magnitude), false);
        if (p) sb_strbuf_adds(out, p->suffix);
    }
}

double sb_scale_within(double value)
{
    return fmax(-SB_SCALE_HUGE / 10, fmin(SB_SCALE_HUGE / 10, value));
}

static double clamped(double x)
{
    return x > SB_SCALE_HUGE ? SB_SCALE_HUGE : x < -SB_SCALE_HUGE ? -SB_SCALE_HUGE : x;
}

/* The step, 1, 2 or 5 times a power of ten, that cuts `range` into at most `want` parts. */
static double nice_step(double range, int want, int *exponent)
{
    double rough = range / want;
    int e = exponent_of(rough);
    double base = pow(10, e), lead = rough / base;
    double step = lead <= 1 + 1e-9 ? 1 : lead <= 2 + 1e-9 ? 2 : lead <= 5 + 1e-9 ? 5 : 10;
    *exponent = step == 10 ? e + 1 : e;
    return step * base;
}

static void add_tick(struct sb_scale *scale, double value, const struct sb_strbuf *text)
{
    if (scale->ticks_nr == SB_TICKS_MAX) return;
    struct sb_tick *tick = &scale->ticks[scale->ticks_nr++];
    tick->value = value;
    snprintf(tick->text, sizeof tick->text, "%s", text->buf);
}

/* All labels of one axis have the same number of decimals and the same prefix or power. */
static void label_linear(struct sb_scale *scale, double step, int step_exponent)
{
    double largest = fmax(fabs(scale->low), fabs(scale->high));
    const struct prefix *p = prefix_for(largest);
    int power = needs_exponent(largest) ? exponent_of(largest) : p ? p->exponent : 0;
    int decimals = power - step_exponent;
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (double i = round(scale->low / step), last = floor(scale->high / step + 1e-9); i <= last; i++) {
        double value = i * step;
        sb_strbuf_clear(&text);
        sb_fixed_text(&text, scaled_down(fabs(value), power) * (value < 0 ? -1 : 1),
                      decimals > 17 ? 17 : decimals, false);
        if (i == 0) {
            sb_strbuf_clear(&text);
            sb_strbuf_addc(&text, '0');
        } else if (needs_exponent(largest)) {
            sb_strbuf_adds(&text, "×10");
            superscript(&text, power);
        } else if (p) {
            sb_strbuf_adds(&text, p->suffix);
        }
        add_tick(scale, value, &text);
    }
    sb_strbuf_release(&text);
}

/* Something to look at around values that do not differ, or not measurably. */
static void widen(double *low, double *high)
{
    double size = fmax(fabs(*low), fabs(*high));
    if (size < 1e-300) {
        *low = 0;
        *high = 1;
    } else if (*high - *low < size * 1e-9) {
        *low -= size * 0.05;
        *high += size * 0.05;
    }
}

void sb_scale_linear(struct sb_scale *scale, double low, double high, bool from_zero, int want)
{
    *scale = (struct sb_scale){.low = 0, .high = 1};
    if (!isfinite(low) || !isfinite(high)) low = 0, high = 1;
    low = clamped(fmin(low, high));
    high = clamped(fmax(low, high));
    if (from_zero) {
        low = fmin(low, 0);
        high = fmax(high, 0);
    }
    widen(&low, &high);
    int e;
    double step = nice_step(high - low, want < 2 ? 2 : want, &e);
    scale->low = floor(low / step + 1e-9) * step;
    scale->high = ceil(high / step - 1e-9) * step;
    /* The upper end need not be a tick when that would leave much of the picture empty. */
    if (scale->high / 2 - high / 2 > 0.10 * (high / 2 - scale->low / 2) && high > scale->low + step)
        scale->high = high;
    label_linear(scale, step, e);
}

static void label_log(struct sb_scale *scale, double value)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    int e = exponent_of(value);
    double lead = scaled_down(value, e);
    if (needs_exponent(value)) {
        if (lead > 1.5) sb_strbuf_addf(&text, "%d×", (int)lround(lead));
        sb_strbuf_adds(&text, "10");
        superscript(&text, e);
    } else {
        const struct prefix *p = prefix_for(value);
        double shown = p ? scaled_down(value, p->exponent) : value;
        sb_fixed_text(&text, shown, e < 0 ? -e : 0, false);
        if (p) sb_strbuf_adds(&text, p->suffix);
    }
    add_tick(scale, value, &text);
    sb_strbuf_release(&text);
}

void sb_scale_log(struct sb_scale *scale, double low, double high, int want)
{
    static const double leads[] = {1, 2, 5};
    *scale = (struct sb_scale){.low = 1, .high = 10, .log = true};
    if (!(low > 0) || !isfinite(low)) low = high > 0 && isfinite(high) ? high / 10 : 1;
    if (!(high > 0) || !isfinite(high)) high = low * 10;
    low = fmax(fmin(low, SB_SCALE_HUGE), 1e-306);
    high = fmax(fmin(high, SB_SCALE_HUGE), low * 1.000001);
    int first = exponent_of(low), last = exponent_of(high) + 1, decades = last - first;
    int per_decade = decades * 3 <= want ? 3 : 1;
    int stride = per_decade == 3 ? 1 : (decades + want - 1) / want;
    scale->low = INFINITY;
    scale->high = -INFINITY;
    double below = pow(10, first), above = pow(10, last);
    for (int e = first; e <= last; e++) {
        for (int k = 0; k < 3; k++) {
            double value = leads[k] * pow(10, e);
            if (value <= low * (1 + 1e-9)) below = value;
            if (value >= high * (1 - 1e-9)) above = fmin(above, value);
        }
    }
    scale->low = below;
    scale->high = above > below ? above : below * 10;
    for (int e = first; e <= last; e++) {
        for (int k = 0; k < per_decade; k++) {
            double value = leads[k] * pow(10, e);
            bool shown = value >= scale->low * (1 - 1e-9) && value <= scale->high * (1 + 1e-9);
            if (shown && (e - first) % stride == 0) label_log(scale, value);
        }
    }
}

/* Candidate ticks of a ratio axis, finest first; the first set that is not too many is taken. */
static const double ratio_steps[] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5};

static void ratio_tick(struct sb_scale *scale, double value, int decimals)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_fixed_text(&text, value, decimals, false);
    add_tick(scale, value, &text);
    sb_strbuf_release(&text);
}

static bool ratio_even(struct sb_scale *scale, double step, int want)
{
    double first = ceil(scale->low / step - 1e-9), last = floor(scale->high / step + 1e-9);
    int decimals = step >= 0.1 && step != 0.25 ? 1 : step >= 0.01 ? 2 : 3;
    /* Even steps crowd at the upper end of a log axis: use them only while that end is not much denser. */
    if (last - first + 1 > want || scale->high / scale->low > 2.2) return false;
    for (double i = first; i <= last; i++)
        ratio_tick(scale, i * step, decimals);
    return true;
}

void sb_scale_ratio(struct sb_scale *scale, double low, double high, int want)
{
    *scale = (struct sb_scale){.low = fmax(low, 1e-300), .high = fmin(high, 1e300), .log = true};
    for (size_t i = 0; i < sizeof ratio_steps / sizeof *ratio_steps; i++)
        if (ratio_even(scale, ratio_steps[i], want)) return;
    static const double leads[] = {1, 2, 5};
    int first = exponent_of(scale->low), last = exponent_of(scale->high), decades = last - first + 1;
    int stride = 1 + decades / want;
    for (int e = first - 1; e <= last + 1; e++) {
        for (int k = 0; k < (decades * 3 <= want * 2 ? 3 : 1); k++) {
            double value = leads[k] * pow(10, e);
            if (value >= scale->low && value <= scale->high && e % stride == 0) label_log(scale, value);
        }
    }
}

bool sb_scale_inside(const struct sb_scale *scale, double value)
{
    return value >= scale->low && value <= scale->high;
}

double sb_scale_px(const struct sb_scale *scale, double value)
{
    double v = value < scale->low ? scale->low : value > scale->high ? scale->high : value;
    double share = scale->log ? log(v / scale->low) / log(scale->high / scale->low)
                              : (v / 2 - scale->low / 2) / (scale->high / 2 - scale->low / 2);
    return scale->px_low + (scale->px_high - scale->px_low) * share;
}
