/*
 * What `fileio prepare` and `cleanup` print: tests/fileio/sb_fileio.c create_files(), remove_files(). Its
 * rate is not a result.
 */
#include "parsers/grammar.h"

#include "core/alloc.h"

#define OUTSIDE(p) .name = "fileio files", .pattern = p, .flags = SB_RULE_OUTSIDE

static const struct sb_rule rules[] = {
    {OUTSIDE("%n files, %nKb each, %nMb total")},
    {OUTSIDE("Creating files for the test...")},
    {OUTSIDE("Creating file %*")},
    {OUTSIDE("Reusing existing file %*")},
    {OUTSIDE("Extending existing file %*")},
    {OUTSIDE("%n bytes written in %n seconds (%n MiB/sec).")},
    {OUTSIDE("%n bytes written in %n seconds (%n MB/sec).")},
    {OUTSIDE("No bytes written.")},
    {OUTSIDE("Removing test files...")},
};

const struct sb_family sb_family_fileio_files = {"fileio files", rules, SB_ARRAY_SIZE(rules)};
