#include "analyze/variance.h"

#include <math.h>
#include "analyze/moments.h"
#include "analyze/tdist.h"

struct sb_components sb_variance_components(const double *x, const size_t *sizes, size_t groups)
{
    struct sb_components c = {NAN, NAN, NAN, false};
    size_t n = 0, at = 0;
    double size_squares = 0, within = 0, between = 0;
    for (size_t g = 0; g < groups; g++) {
        n += sizes[g];
        size_squares += (double)sizes[g] * (double)sizes[g];
    }
    if (n <= groups) return c;
    double mean = sb_stat_mean(x, n);
    for (size_t g = 0; g < groups; at += sizes[g++]) {
        struct sb_moments m = sb_stat_moments(x + at, sizes[g]);
        if (m.n > 1) within += (double)(m.n - 1) * m.var;
        if (m.n) between += (double)m.n * (m.mean - mean) * (m.mean - mean);
    }
    c.within = within / (double)(n - groups);
    if (groups < 2) return c;
    double n0 = ((double)n - size_squares / (double)n) / (double)(groups - 1);
    c.between = (between / (double)(groups - 1) - c.within) / n0;
    c.truncated = c.between < 0;
    if (c.truncated) c.between = 0;
    double total = c.between + c.within;
    c.icc = total > 0 ? c.between / total : NAN;
    return c;
}

size_t sb_best_runs_per_boot(const struct sb_components *c, double cost_boot, double cost_run, size_t most)
{
    if (isnan(c->between) || isnan(c->within) || !(c->within > 0)) return 1;
    double best = sqrt(c->within / c->between * cost_boot / cost_run);
    if (!(best < (double)most)) return most;
    return best > 1 ? (size_t)(best + 0.5) : 1;
}

double sb_expected_half_width(const struct sb_components *c, size_t boots, size_t runs, double confidence)
{
    if (boots < 2 || !runs) return NAN;
    double within = isnan(c->within) ? 0 : c->within; /* one run per boot: `between` holds both */
    double t = sb_t_quantile(1 - (1 - confidence) / 2, (double)(boots - 1));
    return t * sqrt((c->between + within / (double)runs) / (double)boots);
}

size_t sb_boots_for_half_width(const struct sb_components *c, size_t runs, double half, double confidence,
                               size_t limit)
{
    size_t low = 1, high = limit;
    if (!(sb_expected_half_width(c, limit, runs, confidence) <= half)) return 0;
    while (high - low > 1) { /* the width falls with every boot */
        size_t middle = low + (high - low) / 2;
        if (sb_expected_half_width(c, middle, runs, confidence) <= half)
            high = middle;
        else
            low = middle;
    }
    return high;
}
