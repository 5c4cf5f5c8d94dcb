/*
 * Reading a YAML document by tables of fields, with every mistake noted where it stands. Private to the
 * plan_*.c files.
 *
 * Functions that read a value note a mistake and return false (or NULL) when it is not what it should be, and
 * reading goes on, so that one reading finds all mistakes.
 */
#ifndef SB_COLLECT_PLAN_READER_H
#define SB_COLLECT_PLAN_READER_H

#include <yaml.h>
#include "collect/plan.h"

struct sb_plan_reader {
    struct sb_plan *plan;
    yaml_document_t *doc;
    struct sb_strbuf path; /* of the field that is read: "configs.config1.vcpus" */
    struct sb_plan_mistake *v;
    size_t nr, alloc;
    bool sizes_given;   /* configs or grid is there, right or wrong */
    unsigned grid_line; /* where grid stands; 0: there is none */
};

/* A field of a mapping. `into` of read() is what the mapping is read into. */
struct sb_plan_field {
    const char *name;
    void (*read)(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                 void *into);
    size_t offset; /* of what is read in *into */
    double min, max;
    const char *help; /* one line */
    bool required;
};

/* The tables, each ended by a NULL name. */
extern const struct sb_plan_field sb_plan_fields[];    /* plan_fields.c: the plan itself */
extern const struct sb_plan_field sb_timeout_fields[]; /* plan_fields.c: timeouts */
extern const struct sb_plan_field sb_config_fields[];  /* plan_configs.c */
extern const struct sb_plan_field sb_test_fields[];    /* plan_tests.c */
extern const struct sb_plan_field sb_exclude_fields[]; /* plan_exclude.c */

/* ---- mistakes ---- */

/* At the node (NULL: nowhere), for the field that is read. */
void sb_reader_mistake(struct sb_plan_reader *r, const yaml_node_t *at, const char *format, ...)
    SB_PRINTF(3, 4);
void sb_reader_mistake_at(struct sb_plan_reader *r, unsigned line, unsigned column, const char *format, ...)
    SB_PRINTF(4, 5);

/* Goes into a field, back to where _enter() was called. */
size_t sb_reader_enter(struct sb_plan_reader *r, const char *name);
size_t sb_reader_enter_item(struct sb_plan_reader *r, size_t index);
void sb_reader_leave(struct sb_plan_reader *r, size_t mark);

/* Text of a message, safe to show and not long; in the plan's arena. */
const char *sb_reader_shown(struct sb_plan_reader *r, const char *text, size_t len);

/* "; did you mean "boots"?", or "; <what>: a, b, c" when nothing is near; in the plan's arena. Also knows
 * words that people use for others (cpus, memory, smp ...). */
const char *sb_reader_meant(struct sb_plan_reader *r, const char *word, const char *const *names, size_t nr,
                            const char *what);

/* ---- values ---- */

const yaml_node_t *sb_reader_node(struct sb_plan_reader *r, int index);
unsigned sb_node_line(const yaml_node_t *node);
bool sb_node_is_empty(const yaml_node_t *node); /* nothing behind the colon, ~ or null */

/* One line of text without control characters, not empty; `want` says what it should be. NULL: mistake.
 * _words(): line breaks may stand between words, as in YAML's folded texts. */
const char *sb_reader_text(struct sb_plan_reader *r, const yaml_node_t *node, const char *want);
const char *sb_reader_words(struct sb_plan_reader *r, const yaml_node_t *node, const char *want);
bool sb_reader_count(struct sb_plan_reader *r, const yaml_node_t *node, double min, double max,
                     uint64_t *count);
bool sb_reader_flag(struct sb_plan_reader *r, const yaml_node_t *node, bool *flag);

/* A name that becomes a part of a path: [A-Za-z0-9._-], no dot or dash first, at most 64 bytes. */
bool sb_reader_safe_name(struct sb_plan_reader *r, const yaml_node_t *node, const char *name);

/* Whether a name differs from an earlier one in more than case: they become folders and files. */
bool sb_reader_names_differ(struct sb_plan_reader *r, const yaml_node_t *node, const char *name,
                            const char *earlier, unsigned earlier_line);

/* Whether the node is a mapping; `want` says what it should be. */
bool sb_reader_is_mapping(struct sb_plan_reader *r, const yaml_node_t *node, const char *want);

/* Keys that stand twice, and those that are no text, are mistakes; true for the others. `key` gets the text.
 * Loop over node->data.mapping.pairs. */
bool sb_reader_key(struct sb_plan_reader *r, const yaml_node_t *mapping, const yaml_node_pair_t *pair,
                   const char **key);

/* Reads a mapping by its table: in the table's order; unknown, repeated and missing fields are mistakes. */
void sb_reader_fields(struct sb_plan_reader *r, const yaml_node_t *mapping,
                      const struct sb_plan_field *fields, void *into);

/* Ready-made read() functions. */
void sb_read_unsigned(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                      void *into); /* unsigned, min to max */
void sb_read_seconds(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                     void *into); /* double, min to max */
void sb_read_flag(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                  void *into); /* bool */

/* ---- the sections; each in its own file ---- */

void sb_plan_read_platforms(struct sb_plan_reader *r, const struct sb_plan_field *field,
                            const yaml_node_t *value, void *into);
void sb_plan_read_configs(struct sb_plan_reader *r, const struct sb_plan_field *field,
                          const yaml_node_t *value, void *into);
void sb_plan_read_grid(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                       void *into);
void sb_plan_read_tests(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                        void *into);
void sb_plan_read_exclude(struct sb_plan_reader *r, const struct sb_plan_field *field,
                          const yaml_node_t *value, void *into);

/* What concerns several sections: sizes that a platform needs, too many runs. Call when all are read. */
void sb_plan_check_whole(struct sb_plan_reader *r, const yaml_node_t *root);

#endif
