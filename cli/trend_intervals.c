#include "cli/trend_intervals.h"

#include <math.h>
#include "analyze/analyze.h"
#include "analyze/twosample.h"

double sb_trend_confidence(const struct sb_options *o)
{
    struct sb_analysis_settings settings;
    sb_analysis_defaults(&settings);
    return isnan(o->confidence) ? settings.confidence : o->confidence;
}

/* The number of values behind the standard deviation: within the only boot, those of its runs. */
static size_t values_of(const struct sb_trend_point *p)
{
    return p->n == 1 ? p->n_runs : p->n;
}

static void set_confidence(struct sb_trend_point *p, double confidence)
{
    bool has_interval = isfinite(p->ci_low) || isfinite(p->ci_high);
    if (p->confidence == confidence) return; /* as stored, to the last digit */
    if (p->sd > 0 && values_of(p) > 1) {
        const struct sb_moments m = {values_of(p), p->mean, p->sd * p->sd};
        struct sb_range ci = sb_t_interval(m, confidence);
        p->ci_low = ci.low;
        p->ci_high = ci.high;
    } else if (has_interval &&
               p->sd != 0) { /* of equal values the interval is the resolution, at any level */
        return;
    }
    p->confidence = confidence;
}

void sb_trends_set_confidence(struct sb_trends *trends, double confidence)
{
    for (size_t i = 0; i < trends->nr; i++)
        for (size_t k = 0; k < trends->v[i].nr; k++)
            set_confidence(&trends->v[i].points[k], confidence);
}
