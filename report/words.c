#include "report/words.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

#define MINUS "\xe2\x88\x92" /* U+2212 */
#define DASH  "\xe2\x80\x93" /* en dash: no value */

static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};

/* Digits by integer arithmetic, so that no locale has a say. */
const char *sb_words_fixed(double value, int decimals, char buf[SB_WORDS_MAX])
{
    if (decimals < 0) decimals = 0;
    if (decimals >= (int)SB_ARRAY_SIZE(powers)) decimals = (int)SB_ARRAY_SIZE(powers) - 1;
    double scaled = fabs(value) * powers[decimals];
    if (!isfinite(value) || scaled >= 9e15) {
        sb_number_pretty(value, 6, buf, SB_WORDS_MAX);
        return buf;
    }
    unsigned long long digits = (unsigned long long)llround(scaled);
    bool negative = value < 0 && digits > 0,
         commas = digits >= 10000ULL * (unsigned long long)powers[decimals];
    char reversed[SB_WORDS_MAX];
    size_t n = 0;
    for (int place = 0; digits || place <= decimals; place++, digits /= 10) {
        if (decimals && place == decimals) reversed[n++] = '.';
        if (commas && place > decimals && (place - decimals) % 3 == 0) reversed[n++] = ',';
        reversed[n++] = (char)('0' + digits % 10);
    }
    size_t at = (size_t)snprintf(buf, SB_WORDS_MAX, "%s", negative ? MINUS : "");
    while (n)
        buf[at++] = reversed[--n];
    buf[at] = '\0';
    return buf;
}

int sb_words_decimals(double mean, double half_width)
{
    double scale = isfinite(half_width) && half_width > 0 ? half_width : NAN;
    int digits = 2;
    if (isnan(scale)) {
        scale = fabs(mean);
        digits = 5;
    }
    if (!isfinite(scale) || scale == 0) return 0;
    int decimals = digits - 1 - (int)floor(log10(scale));
    return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

/* Half of the interval; 0 when it is no more than what rounding leaves of equal figures. */
static double half_width(const struct sb_summary *s)
{
    double half = (s->ci_high - s->ci_low) / 2;
    return half < fabs(s->mean) * 1e-12 ? 0 : half;
}

int sb_words_summary_decimals(const struct sb_summary *s)
{
    return sb_words_decimals(s->mean, half_width(s));
}

const char *sb_words_mean_alone(const struct sb_summary *s, char buf[SB_WORDS_MAX])
{
    return sb_words_fixed(s->mean, sb_words_decimals(s->mean, half_width(s)), buf);
}

const char *sb_words_half_width(const struct sb_summary *s, char buf[SB_WORDS_MAX])
{
    double half = half_width(s);
    if (!isfinite(half)) return "";
    if (half == 0) return "0";
    return sb_words_fixed(half, sb_words_decimals(s->mean, half), buf);
}

const char *sb_words_mean(const struct sb_summary *s, char buf[SB_WORDS_MAX])
{
    char mean[SB_WORDS_MAX], half[SB_WORDS_MAX];
    const char *width = sb_words_half_width(s, half);
    sb_words_mean_alone(s, mean);
    snprintf(buf, SB_WORDS_MAX, *width ? "%.30s \xc2\xb1 %.28s" : "%s", mean, width);
    return buf;
}

const char *sb_words_unit(const char *metric, const char *unit, char buf[SB_WORDS_MAX])
{
    static const char suffix[] = "_per_second";
    if (strcmp(unit, "1") == 0) return "";
    if (strcmp(unit, "1/s") != 0 || !sb_has_suffix(metric, suffix)) return unit;
    size_t len = strlen(metric) - (sizeof suffix - 1);
    snprintf(buf, SB_WORDS_MAX, "%.*s/s", (int)(len < 50 ? len : 50), metric);
    for (char *c = buf; *c; c++)
        if (*c == '_') *c = ' ';
    return buf;
}

const char *sb_words_ratio(double ratio, char buf[SB_WORDS_MAX])
{
    if (!isfinite(ratio)) return DASH;
    if (ratio >= 0.1 && ratio < 2) return sb_words_fixed(ratio, 3, buf);
    sb_number_pretty(ratio, 3, buf, SB_WORDS_MAX);
    return buf;
}

const char *sb_words_ratio_ci(const struct sb_comparison *c, char buf[SB_WORDS_MAX])
{
    char low[SB_WORDS_MAX], high[SB_WORDS_MAX];
    if (!isfinite(c->ratio_low) || !isfinite(c->ratio_high)) return "";
    snprintf(buf, SB_WORDS_MAX, "[%.28s, %.28s]", sb_words_ratio(c->ratio_low, low),
             sb_words_ratio(c->ratio_high, high));
    return buf;
}

static bool is_factor(double ratio)
{
    return ratio >= 2 || ratio <= 0.5;
}

static const char *percent(double ratio, char buf[SB_WORDS_MAX])
{
    char number[SB_WORDS_MAX];
    double change = (ratio - 1) * 100;
    int decimals = fabs(change) < 1 ? 2 : 1;
    sb_words_fixed(change, decimals, number);
    snprintf(buf, SB_WORDS_MAX, "%s%.60s", change > 0 ? "+" : "", number);
    return buf;
}

const char *sb_words_change(double ratio, char buf[SB_WORDS_MAX])
{
    char number[SB_WORDS_MAX];
    if (!isfinite(ratio)) return DASH;
    if (is_factor(ratio))
        snprintf(buf, SB_WORDS_MAX, "\xc3\x97 %.40s", sb_words_ratio(ratio, number));
    else
        snprintf(buf, SB_WORDS_MAX, "%.40s %%", percent(ratio, number));
    return buf;
}

void sb_words_change_ci(struct sb_strbuf *out, const struct sb_comparison *c, double confidence)
{
    char level[SB_WORDS_MAX], low[SB_WORDS_MAX], high[SB_WORDS_MAX];
    if (!isfinite(c->ratio_low) || !isfinite(c->ratio_high)) {
        sb_strbuf_adds(out, "no interval");
        return;
    }
    bool factor = is_factor(c->ratio);
    sb_strbuf_addf(out, "%s %% CI %s to %s%s", sb_words_percent(confidence, level),
                   factor ? sb_words_ratio(c->ratio_low, low) : percent(c->ratio_low, low),
                   factor ? sb_words_ratio(c->ratio_high, high) : percent(c->ratio_high, high),
                   factor ? "" : " %");
}

const char *sb_words_verdict(const struct sb_comparison *c)
{
    return c->barred ? "not comparable" : sb_verdict_text(c->verdict);
}

char sb_words_verdict_sign(const struct sb_comparison *c)
{
    return c->barred ? 'b' : "nfsei"[c->verdict];
}

const char *sb_words_percent(double fraction, char buf[SB_WORDS_MAX])
{
    double percent = 100 * fraction, rounded = percent;
    for (double scale = 1e4; scale <= 1e12;
         scale *= 10) { /* drops what the product adds: 28.999999999999996 */
        rounded = round(percent * scale) / scale;
        if (fabs(rounded - percent) < 1e-10) break;
    }
    sb_number_format(rounded >= 100 && fraction < 1 ? percent : rounded, buf);
    return buf;
}

bool sb_words_adjusts_itself(const struct sb_analysis_settings *s)
{
    return sb_streq(s->p_method, "games-howell") || sb_streq(s->p_method, "dunnett");
}

const char *sb_words_test(const struct sb_analysis_settings *s)
{
    static const struct {
        const char *method, *text;
    } table[] = {
        {"welch", "Welch's t test on the logarithms"},
        {"permutation", "a permutation test of the difference of mean logarithms"},
        {"mann-whitney", "the Mann-Whitney U test"},
        {"games-howell", "Games and Howell's test of every pair, on the logarithms"},
        {"dunnett", "Dunnett's test of each level against the baseline, on the logarithms"},
    };
    for (size_t i = 0; s->p_method && i < SB_ARRAY_SIZE(table); i++)
        if (strcmp(table[i].method, s->p_method) == 0) return table[i].text;
    return table[0].text;
}

const char *sb_words_correction(const struct sb_analysis_settings *s)
{
    if (sb_words_adjusts_itself(s))
        return "which adjusts for the levels within each combination and metric, not for the number of "
               "combinations and metrics";
    if (sb_streq(s->correction, "holm"))
        return "adjusted by Holm's method over all headline and percentile rows of one comparison";
    if (sb_streq(s->correction, "bh"))
        return "adjusted by Benjamini and Hochberg's method, which controls the share of false verdicts, not "
               "their chance";
    if (sb_streq(s->correction, "none")) return "not adjusted for the number of comparisons, on request";
    return "adjusted as asked for on the command line";
}

const char *sb_words_p(double p, char buf[SB_WORDS_MAX])
{
    if (isnan(p)) return DASH;
    if (p < 0.001) return "< 0.001";
    return sb_words_fixed(p, p < 0.1 ? 3 : 2, buf);
}

const char *sb_words_bytes(double bytes, char buf[SB_WORDS_MAX])
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    char number[SB_WORDS_MAX];
    size_t unit = 0;
    if (!isfinite(bytes)) return DASH;
    for (; fabs(bytes) >= 1024 && unit + 1 < SB_ARRAY_SIZE(units); unit++)
        bytes /= 1024;
    snprintf(buf, SB_WORDS_MAX, "%.50s %s", sb_words_fixed(bytes, unit ? 2 : 0, number), units[unit]);
    return buf;
}

const char *sb_words_count(size_t count, char buf[SB_WORDS_MAX])
{
    return sb_words_fixed((double)count, 0, buf);
}

const char *sb_words_plural(size_t count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

const char *sb_words_code(const char *code)
{
    static const struct {
        const char *code, *text;
    } table[] = {
        {"BOOT_UNKNOWN",
         "It is not known which runs shared a boot or container, so every run counts as independent; "
         "if they shared one, the intervals are too narrow."},
        {"CONSTANT", "All repetitions gave the same figure: the interval is the printed resolution, there is "
                     "no p value."},
        {"LOG_UNDEFINED", "A value of zero or below: no ratio of geometric means can be formed."},
        {"ONE_BOOT",
         "All runs come from one boot or container: the interval covers what varies within it only."},
        {"PARAMETERS_SPLIT", "Runs of one cell differed in parameters or version and were kept apart."},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (strcmp(table[i].code, code) == 0) return table[i].text;
    return NULL;
}
