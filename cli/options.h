/*
 * Command-line options: one table row each (options.c), read through getopt_long(). A command lists the
 * options it takes; --help is made from the same rows.
 */
#ifndef SB_CLI_OPTIONS_H
#define SB_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/err.h"
#include "core/label.h"

enum sb_format { SB_FORMAT_DEFAULT, SB_FORMAT_TEXT, SB_FORMAT_CSV, SB_FORMAT_JSON, SB_FORMAT_MARKDOWN };

struct sb_text_list {
    const char **v;
    size_t nr, alloc;
};

/* What was asked for. Texts are borrowed from argv or from `owned`. */
struct sb_options {
    const char *output; /* NULL: the command's default */
    const char *format; /* as given; see sb_options_format() */
    struct sb_filter *filters;
    size_t filters_nr, filters_alloc;
    bool include_suspect, help, quiet;
    unsigned jobs; /* 0: one per processor */
    const char *layout;
    struct sb_text_list label_files;
    const char *factor, *baseline, *candidate;
    bool strict;
    bool all_pairs;
    struct sb_text_list metrics, charts; /* globs */
    double margin, alpha, confidence;    /* fractions; NaN: default */
    const char *correction, *p_method;
    const char *estimate, *center;
    uint64_t seed;
    size_t permutations, bootstrap;    /* 0: default, none */
    struct sb_text_list null_controls; /* LABEL=GLOB[,LABEL=GLOB...] as given */
    double tolerance;                  /* a share; NaN: none */
    bool prediction, all_columns;
    bool aggregate, steady; /* other views of the data */
    const char *percentiles, *scaling;
    double width, cost_boot, cost_run; /* NaN: default */
    bool series, histogram, labels_only, unread;
    const char *charts_dir;
    const char *theme, *palette, *size;
    double scale, dpi; /* NaN: default */
    bool all, data, book;
    bool list;
    const char *db, *id, *at, *at_label;              /* history */
    bool resume, retry_failed, allow_busy, show_argv; /* collect */
    const char *host, *scratch;
    const char *kind, *arch, *suite, *mirror, *kernel; /* image */
    const char *container, *engine, *dockerfile, *user, *key;
    bool force;
    struct sb_text_list paths;
    struct sb_text_list owned; /* freed with the options */
};

struct sb_command;

/* Reads argv[1..] of a command into *options. On --help prints nothing and sets options->help. */
bool sb_options_parse(struct sb_options *options, const struct sb_command *command, int argc, char **argv,
                      struct sb_err *err) SB_MUST_CHECK;
void sb_options_release(struct sb_options *options);

/* One of text, csv, json, markdown; `fallback` when none was given; an unknown one is a usage error. */
bool sb_options_format(const struct sb_options *options, enum sb_format fallback, enum sb_format *format,
                       struct sb_err *err) SB_MUST_CHECK;

/* Prints a command's help to stdout. */
void sb_options_help(const struct sb_command *command);

#endif
