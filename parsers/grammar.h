/*
 * The grammar: what sysbench prints, one table row for each shape of line.
 *
 * A family is one file (grammar_<family>.c) with one const table; grammar.c lists the families. To add a
 * format, write its file, name its table in grammar.c, and quote the sysbench source file whose printf it
 * reads.
 *
 * A row says where its line stands in a report (phase), which heading it needs above it (in), which heading
 * it is (opens), what the line proves about the run (kind, flags), and where each captured number or word
 * goes.
 */
#ifndef SB_PARSERS_GRAMMAR_H
#define SB_PARSERS_GRAMMAR_H

#include <stddef.h>
#include "parsers/pattern.h"

struct sb_builder;

/* The order in which every generation of sysbench prints a run. A line of an earlier phase after a result
 * begins another run. */
enum sb_phase {
    SB_PHASE_ANY, /* may stand anywhere */
    SB_PHASE_OPTIONS,
    SB_PHASE_STARTED,
    SB_PHASE_INTERVAL,
    SB_PHASE_HISTOGRAM,
    SB_PHASE_RESULT,
    SB_PHASE_GENERAL,
    SB_PHASE_LATENCY,
    SB_PHASE_FAIRNESS,
    SB_PHASE_DEBUG,
};

/* The heading under which a line stands. */
enum sb_section {
    SB_SECTION_ANY, /* as `in`: no heading needed; as `opens`: no heading */
    SB_SECTION_OPTIONS,
    SB_SECTION_MEMORY_OPTIONS,
    SB_SECTION_CPU_SPEED,
    SB_SECTION_FILE_OPERATIONS,
    SB_SECTION_THROUGHPUT,
    SB_SECTION_SQL,
    SB_SECTION_QUERY_TIMES, /* --debug: times spent in queries and fetches */
    SB_SECTION_GENERAL,
    SB_SECTION_LATENCY,  /* 1.0, 1.1: Latency (ms): */
    SB_SECTION_RESPONSE, /* 0.4, 0.5: unit behind each number */
    SB_SECTION_FAIRNESS,
    SB_SECTION_PER_THREAD,
    SB_SECTION_HISTOGRAM,
};

enum {
    SB_RULE_BANNER = 1 << 0,  /* the program started: a run may follow, or prepare, or cleanup */
    SB_RULE_STARTS = 1 << 1,  /* the first line that only a `run` command prints */
    SB_RULE_ONCE = 1 << 2,    /* stands once in a run: a second one begins another run */
    SB_RULE_CONTEXT = 1 << 3, /* belongs to a run that is open, begins none */
    SB_RULE_OUTSIDE = 1 << 4, /* printed by prepare, cleanup or help: no run is open behind it */
    SB_RULE_ENDS = 1 << 5,    /* the last line of a complete report */
    SB_RULE_FINAL = 1 << 6,   /* a figure of the final report */
    SB_RULE_LAYOUT =
        1 << 7, /* without its heading: only with the indentation of sysbench's own format string */
    SB_RULE_SHORT = 1 << 8, /* the report this line stands in ends behind its latency block (fileio of 1.1) */
    SB_RULE_ENDS_SHORT = 1 << 9, /* the last line of such a report */
    SB_RULE_TRAILING =
        1 << 11, /* without a phase of its own: belongs to the run even behind its report's end */
    SB_RULE_BOUNDARY = 1 << 10, /* printed by no sysbench: a run with figures does not go on behind it */
};

enum sb_target {
    SB_TO_NOTHING,
    SB_TO_METRIC,      /* a final metric (a checkpoint's figure under a checkpoint heading) */
    SB_TO_PARAM,       /* an option's text */
    SB_TO_POINT,       /* a figure of an interval line */
    SB_TO_ELAPSED,     /* the seconds of an interval line; stands before its points */
    SB_TO_RANK,        /* a percentile's rank: completes the next target's name latency_p */
    SB_TO_METRIC_UNIT, /* a number whose unit is the next capture (see reading.c), as metric `name` */
    SB_TO_UNIT,        /* that unit */
};

struct sb_capture {
    enum sb_target to;
    const char *name;
    double scale; /* what the printed number is multiplied with; 0 means 1 */
};

#define SB_METRIC(n)                                                                                         \
    {                                                                                                        \
        .to = SB_TO_METRIC, .name = n                                                                        \
    }
#define SB_SCALED(n, by)                                                                                     \
    {                                                                                                        \
        .to = SB_TO_METRIC, .name = n, .scale = by                                                           \
    }
#define SB_PARAM(n)                                                                                          \
    {                                                                                                        \
        .to = SB_TO_PARAM, .name = n                                                                         \
    }
#define SB_POINT(n)                                                                                          \
    {                                                                                                        \
        .to = SB_TO_POINT, .name = n                                                                         \
    }
#define SB_SKIP                                                                                              \
    {                                                                                                        \
        .to = SB_TO_NOTHING                                                                                  \
    }

struct sb_set { /* an option that the line implies without printing it */
    const char *name, *text;
};

struct sb_rule {
    const char *name;    /* for `explain` */
    const char *pattern; /* see pattern.h */
    enum sb_phase phase;
    enum sb_section in, opens;
    unsigned flags;
    const char *kind; /* the test that prints this line; NULL when several do */
    struct sb_capture captures[SB_MATCH_MAX];
    struct sb_set set;
    unsigned indent; /* with SB_RULE_LAYOUT: blanks in front in the format string */
    /* Says whether the line is really one (NULL: it is). */
    bool (*accept)(const struct sb_builder *builder, const struct sb_match *match);
    /* What the captures' targets cannot say (NULL: nothing). */
    void (*handle)(struct sb_builder *builder, const struct sb_match *match);
};

struct sb_family {
    const char *name;
    const struct sb_rule *rules;
    size_t nr;
};

extern const struct sb_family sb_family_frame, sb_family_message, sb_family_interval, sb_family_histogram,
    sb_family_cpu, sb_family_memory, sb_family_fileio, sb_family_fileio_files, sb_family_threads,
    sb_family_oltp, sb_family_summary, sb_family_per_thread, sb_family_around, sb_family_report_hook;

/* The row that reads the line, given what stands above it, or NULL. The first row in table order wins. */
const struct sb_rule *sb_grammar_find(const struct sb_builder *builder, struct sb_slice line,
                                      struct sb_match *match);

#endif
