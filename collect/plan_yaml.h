/* One YAML document from a text, with what is wrong with it as YAML. Private to the plan_*.c files. */
#ifndef SB_COLLECT_PLAN_YAML_H
#define SB_COLLECT_PLAN_YAML_H

#include "collect/plan_reader.h"

/* Loads r->doc (delete it with yaml_document_delete() after true) and gives its root, a mapping. False with a
 * mistake in r when the text is empty, not YAML, several documents, or something else than a mapping. */
bool sb_yaml_load(struct sb_plan_reader *r, const char *text, size_t len,
                  const yaml_node_t **root) SB_MUST_CHECK;

#endif
