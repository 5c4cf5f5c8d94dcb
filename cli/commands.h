/*
 * Subcommands: one file (cmd_<name>.c) and one table row (commands.c) each.
 *
 * To add one: write cmd_<name>.c with a struct sb_command, declare it below, add it to the table in
 * commands.c and to CMakeLists.txt.
 */
#ifndef SB_CLI_COMMANDS_H
#define SB_CLI_COMMANDS_H

#include "cli/options.h"
#include "core/err.h"

struct sb_invocation {
    const struct sb_options *options;
    int argc; /* the command line as typed, without the program's name */
    char **argv;
};

/* What an option means in one command, instead of its row in options.c. */
struct sb_option_help {
    const char *name, *arg, *help;
};

struct sb_command {
    const char *name;
    const char *summary;                /* one line, for the list of commands */
    const char *usage;                  /* "PATH... -o DIR [options]" */
    const char *description;            /* paragraphs for --help */
    const char *const *options;         /* long names, NULL-terminated, without help */
    const char *format_help;            /* what --format takes here; NULL: text, csv, json or markdown */
    const char *output_help;            /* what -o takes here; NULL: a file */
    const struct sb_option_help *helps; /* ended by a NULL name; NULL: none */
    /* Does the work; returns the exit status, or fills err (its code decides) and returns -1. */
    int (*run)(const struct sb_invocation *in, struct sb_err *err);
};

/* Option lists that commands share. */
#define SB_OPTIONS_INPUT  "where", "layout", "labels", "include-suspect", "quiet"
#define SB_OPTIONS_OUTPUT "output", "format"

extern const struct sb_command sb_cmd_parse, sb_cmd_audit, sb_cmd_analyze, sb_cmd_compare, sb_cmd_effects,
    sb_cmd_repetitions, sb_cmd_run, sb_cmd_collect, sb_cmd_plot, sb_cmd_report, sb_cmd_explain, sb_cmd_gate,
    sb_cmd_diff, sb_cmd_history, sb_cmd_image;

#endif
