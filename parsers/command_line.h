/* A typed command that starts sysbench, in a transcript: `root@vm:~# sudo sysbench cpu --threads=4 run`. */
#ifndef SB_PARSERS_COMMAND_LINE_H
#define SB_PARSERS_COMMAND_LINE_H

#include <stdbool.h>
#include "parsers/pattern.h"

struct sb_command_word {
    struct sb_slice name, value; /* --name=value; a word without dashes has an empty name */
};

enum { SB_COMMAND_WORDS = 64 };

struct sb_command_line {
    struct sb_command_word words[SB_COMMAND_WORDS];
    size_t nr;
    struct sb_slice test;    /* the test's or script's name without folder and .lua; empty: not said */
    struct sb_slice command; /* run, prepare, cleanup ... */
};

/* False when the line is not such a command. */
bool sb_command_line_read(struct sb_slice line, struct sb_command_line *command);

/* The name that sysbench 1.0 gives to an option of older versions (num-threads -> threads); others unchanged.
 */
struct sb_slice sb_option_name(struct sb_slice name);

#endif
