/*
 * A page for people, as text or Markdown: tables, the meaning of their footnotes, then what must be said
 * about the analysis as a whole, each sentence once.
 */
#ifndef SB_CLI_PAGE_H
#define SB_CLI_PAGE_H

#include "cli/options.h"
#include "core/results.h"
#include "io/table.h"

enum { SB_PAGE_TABLES = 4 };

struct sb_page {
    struct sb_arena arena;
    struct {
        const char *title; /* NULL: none */
        struct sb_table table;
    } parts[SB_PAGE_TABLES];
    size_t parts_nr;
    struct sb_codes notes;  /* in the order of their marks 1, 2 ... */
    struct sb_codes common; /* codes that every row has: said below the table, not marked on each row */
    const char **lines;
    size_t lines_nr;
    size_t hidden; /* rows that a default view left out */
};

void sb_page_init(struct sb_page *page);
void sb_page_release(struct sb_page *page);

/* The page's next table, at most SB_PAGE_TABLES. */
struct sb_table *sb_page_add(struct sb_page *page, const char *title);

/* Codes that hold for the analysis as a whole and stand on every row are left off the rows: begin, then keep
 * with each row's codes, before the rows are made. */
void sb_page_common_begin(struct sb_page *page, const struct sb_results *results);
void sb_page_common_keep(struct sb_page *page, const struct sb_codes *row);

/* The footnote marks of these codes, "1,3"; codes in page->common have none. */
const char *sb_page_marks(struct sb_page *page, const struct sb_codes *codes);

/* A sentence below the tables. */
void sb_page_say(struct sb_page *page, const char *format, ...) SB_PRINTF(2, 3);

/* What the analysis says as a whole, but for what a footnote or a sentence that starts "CODE:" says already.
 * After the tables. */
void sb_page_say_findings(struct sb_page *page, const struct sb_results *results);

/* Writes it to -o, and to standard error how many rows were left out. 0, or -1 with err. */
int sb_page_emit(const struct sb_page *page, enum sb_format format, const struct sb_options *options,
                 struct sb_err *err);

#endif
