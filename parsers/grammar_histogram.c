/*
 * --histogram: sb_histogram.c sb_histogram_print(), sysbench.c run_test().
 *
 *   Latency histogram (values are in milliseconds)
 *          value  ------------- distribution ------------- count
 *          0.185 |****                                     12
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "parsers/builder.h"

/* The bar may fill its forty columns; the count is the last word. */
static void bucket(struct sb_builder *b, const struct sb_match *m)
{
    struct sb_slice count = sb_slice_trim(m->captures[1]);
    size_t from = count.len;
    while (from && count.s[from - 1] >= '0' && count.s[from - 1] <= '9')
        from--;
    sb_builder_bucket(b, m->captures[0], (struct sb_slice){count.s + from, count.len - from});
}

static const struct sb_rule rules[] = {
    {.name = "histogram heading",
     .pattern = "Latency histogram (values are in milliseconds)",
     .phase = SB_PHASE_HISTOGRAM,
     .opens = SB_SECTION_HISTOGRAM,
     .flags = SB_RULE_ONCE},
    {.name = "histogram heading",
     .pattern = "value  ------------- distribution ------------- count",
     .phase = SB_PHASE_HISTOGRAM,
     .in = SB_SECTION_HISTOGRAM},
    {.name = "histogram",
     .pattern = "%n |%*",
     .phase = SB_PHASE_HISTOGRAM,
     .in = SB_SECTION_HISTOGRAM,
     .handle = bucket},
};

const struct sb_family sb_family_histogram = {"histogram", rules, SB_ARRAY_SIZE(rules)};
