/* The builder's state, shared by builder.c (which line belongs to which run) and builder_values.c (what a
 * line says). */
#ifndef SB_PARSERS_BUILDER_STATE_H
#define SB_PARSERS_BUILDER_STATE_H

#include "core/strbuf.h"
#include "parsers/builder.h"

/* Options of a typed command, for the run behind it. */
struct typed_option {
    const char *name, *text;
    uint32_t line;
};

enum { TYPED_MAX = 64 };

/* What is known of a run from lines before it is sure that it is one: the banner and messages around it. */
struct pending {
    bool banner;
    uint32_t line; /* of the banner */
    const char *version;
    uint32_t counts[3]; /* by enum sb_message */
    const char *fatal;  /* the first FATAL's text */
    uint32_t fatal_line;
    size_t first_reading;
};

struct sb_builder {
    struct sb_dataset *ds;
    const char *source;
    const struct sb_parse_options *options;
    struct sb_parse_output *out;
    uint32_t line; /* the current one */
    uint32_t ordinal;
    const struct sb_rule *rule; /* the current line's */
    struct pending pending;
    struct typed_option typed[TYPED_MAX];
    size_t typed_nr;
    const char *typed_test; /* NULL: none */

    bool open; /* ds->runs[run] takes lines */
    size_t run;
    bool ended;   /* its report is complete */
    bool outside; /* prepare or cleanup output */
    bool started, has_final;
    bool short_report; /* ends behind the latency block (fileio of 1.1) */
    enum sb_phase phase;
    enum sb_section section;
    const struct sb_rule *once[64]; /* the ONCE rows that the run has had */
    size_t once_nr;
    const char *fatal; /* its first FATAL */
    bool checkpoint;   /* a checkpoint's report is being read */
    double checkpoint_s;
    double elapsed_s;                    /* of the last interval line, negative before the first */
    const struct sb_rule *interval_rule; /* its row */

    const char *thread; /* the number in a --debug report, NULL outside one */

    struct sb_strbuf excerpt; /* lines since the run's first */
    size_t excerpt_good;      /* up to the last recognised line */
    size_t unread_first;      /* index in out->unread of the first that is not yet known to be inside */
    size_t reading_first;     /* the same in out->readings */
    const char *grep_file;    /* the file name that grep put before the line before; NULL none */
    struct sb_strbuf heading; /* what stands above the current run or the next one */
    bool heading_closed;
    struct sb_strbuf outputs; /* the current line's, for explain */
};

static inline struct sb_run *sb_builder_run(struct sb_builder *b)
{
    return &b->ds->runs[b->run];
}

static inline bool sb_builder_explains(const struct sb_builder *b)
{
    return b->out && b->options && b->options->explain_source &&
           strcmp(b->options->explain_source, b->source) == 0;
}

#endif
