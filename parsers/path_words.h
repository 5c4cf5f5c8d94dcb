/*
 * What the words of a path say. A source (public name) is read component by component and word by word
 * against a table of recognisers; what no recogniser knows is kept as pieces, which path_labels.h compares
 * across all sources.
 */
#ifndef SB_PARSERS_PATH_WORDS_H
#define SB_PARSERS_PATH_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"

enum sb_word_label {
    SB_WORD_PLATFORM,
    SB_WORD_CONFIG,
    SB_WORD_TEST,
    SB_WORD_REPETITION,
    SB_WORD_BOOT,
    SB_WORD_VCPUS,
    SB_WORD_MEMORY,
    SB_WORD_LABELS
};

const char *sb_word_label_name(enum sb_word_label label);

struct sb_word_claim {
    const char *value; /* NULL: not said */
    const char *why;   /* the words that say it */
    int rank;          /* a more specific word outranks a deeper one */
};

/* Words that nobody understood, as they stand, and where: component from the end (0: the file name), piece in
 * it. */
struct sb_path_piece {
    const char *text;
    size_t component, index;
    size_t depth; /* component from the start */
};

/* An option's value that the name gives: thr64, --cpu-max-prime=1000, rndrd. */
struct sb_path_param {
    const char *name, *text, *why;
};

enum { SB_PATH_TESTS_MAX = 8 };

/* A test that the path names: its kind as sysbench calls it, and the name that people gave it ("cpu_test1").
 */
struct sb_path_test {
    const char *kind, *name;
};

struct sb_path_words {
    struct sb_word_claim claims[SB_WORD_LABELS];
    struct sb_path_piece *pieces;
    size_t pieces_nr;
    struct sb_path_param *params;
    size_t params_nr;
    struct sb_path_test tests[SB_PATH_TESTS_MAX]; /* every test that the path names, in its order */
    size_t tests_nr;
};

/* Reads all components but the last `skip_last`. Arrays and strings live in the arena. */
void sb_path_words_read(struct sb_path_words *words, struct sb_arena *arena, const char *source,
                        size_t skip_last);

/* How much a platform's name says: 1 only virtual or container (vm, qemu), 2 a little more (kvm, host), 3 and
 * 4 which one. */
int sb_platform_word_rank(const char *platform);

/* The option value that a fileio mode word means ("rndrw" -> "random r/w"), NULL when it is none. */
const char *sb_fileio_mode_text(const char *word);

#endif
