/*
 * Numbers and verdicts as people read them: the same words in every format of the report. Texts are plain
 * UTF-8, not escaped; NaN is an en dash.
 */
#ifndef SB_REPORT_WORDS_H
#define SB_REPORT_WORDS_H

#include "core/results.h"
#include "core/strbuf.h"

enum { SB_WORDS_MAX = 64 };

/* With exactly `decimals` digits after the point, commas between thousands from 10,000 on, a true minus sign.
 */
const char *sb_words_fixed(double value, int decimals, char buf[SB_WORDS_MAX]);

/* The decimals that give the half-width of an interval two significant digits; a mean without interval gets
 * five digits. */
int sb_words_decimals(double mean, double half_width);

int sb_words_summary_decimals(const struct sb_summary *summary); /* for all figures of one row */

/* "1204.1 ± 9.8"; "1204.1" when there is no interval. */
const char *sb_words_mean(const struct sb_summary *summary, char buf[SB_WORDS_MAX]);
const char *sb_words_mean_alone(const struct sb_summary *summary, char buf[SB_WORDS_MAX]); /* "1204.1" */
const char *sb_words_half_width(const struct sb_summary *summary, char buf[SB_WORDS_MAX]); /* "9.8", "" */

/* The unit for people: "events/s" for events_per_second, "MiB/s", "" for counts. */
const char *sb_words_unit(const char *metric, const char *unit, char buf[SB_WORDS_MAX]);

/* "0.888", "3.88", "121": three decimals below 2, else three significant digits. */
const char *sb_words_ratio(double ratio, char buf[SB_WORDS_MAX]);
const char *sb_words_ratio_ci(const struct sb_comparison *comparison,
                              char buf[SB_WORDS_MAX]); /* "[0.858, 0.920]" */

/* "−11.2 %", "+3.0 %"; "× 3.88" from 2 on and below 1/2. */
const char *sb_words_change(double ratio, char buf[SB_WORDS_MAX]);
void sb_words_change_ci(struct sb_strbuf *out, const struct sb_comparison *comparison,
                        double confidence); /* "95 % CI −14.2 to −8.0 %" */

/* The verdict to show: "not comparable" for a barred comparison, "" for a metric that is never tested. */
const char *sb_words_verdict(const struct sb_comparison *comparison);
char sb_words_verdict_sign(
    const struct sb_comparison *comparison); /* one letter of "fseibn": its CSS class, its colour */

const char *sb_words_percent(double fraction, char buf[SB_WORDS_MAX]); /* 0.025 -> "2.5", without the sign; as
                                                                          many digits as were asked for: below
                                                                          1 it is never "100" */

/* Settings in words. The test: "Dunnett's test against the baseline"; what was adjusted: "adjusted by Holm's
 * method over ...". games-howell and dunnett adjust by themselves, and the correction is not used. */
const char *sb_words_test(const struct sb_analysis_settings *settings);
const char *sb_words_correction(const struct sb_analysis_settings *settings);
bool sb_words_adjusts_itself(const struct sb_analysis_settings *settings);

const char *sb_words_p(double p, char buf[SB_WORDS_MAX]);         /* "0.012", "< 0.001", "–" */
const char *sb_words_bytes(double bytes, char buf[SB_WORDS_MAX]); /* "1.50 GiB" */
const char *sb_words_count(size_t count, char buf[SB_WORDS_MAX]); /* "12,500" */
const char *sb_words_plural(size_t count, const char *one, const char *many);

/* What is known of a code of a finding without its message; NULL when nothing is. */
const char *sb_words_code(const char *code);

#endif
