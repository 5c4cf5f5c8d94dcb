/*
 * Labels of runs: from path components and file names, headings, the manifest, a layout template and a label
 * file. Later ones in this list outrank earlier ones. Every label keeps why it was given (for --labels-only).
 */
#ifndef SB_PARSERS_LABELS_H
#define SB_PARSERS_LABELS_H

#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"

struct sb_label_rules;

struct sb_label_rules *sb_label_rules_new(void);
void sb_label_rules_free(struct sb_label_rules *rules);

/* `{platform}/{config}_{test}.txt`: matches whole trailing path components of the source. `{name}` matches
 * one or more bytes other than '/', as few as possible but for the last of a component; `{}` matches and sets
 * nothing. False (usage) for a template with an unclosed brace or a name that is not [a-z][a-z0-9_]*. */
bool sb_label_rules_set_layout(struct sb_label_rules *rules, const char *layout,
                               struct sb_err *err) SB_MUST_CHECK;

/* A label file's text (CSV): columns before the column named `=>` are keys (any label, or `source` as a
 * glob), those after it are set on the matching runs; later rows win. `name` is for messages. */
bool sb_label_rules_add_csv(struct sb_label_rules *rules, const char *name, const char *text, size_t len,
                            struct sb_err *err) SB_MUST_CHECK;

#endif
