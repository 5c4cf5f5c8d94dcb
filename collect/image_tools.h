/*
 * Programs of the system that building images needs: where they are, and which package has one that is
 * missing.
 */
#ifndef SB_COLLECT_IMAGE_TOOLS_H
#define SB_COLLECT_IMAGE_TOOLS_H

#include <stdbool.h>
#include "core/err.h"
#include "core/strbuf.h"

/* Path of a program in PATH or in the folders of the system's own tools, which are not in everybody's PATH
 * (/usr/sbin, Homebrew's e2fsprogs). Caller frees; NULL when it is not there. */
char *sb_tool_find(const char *name);

/* The same, with err naming the package when it is not there. */
char *sb_tool_need(const char *name, struct sb_err *err) SB_MUST_CHECK;

/* True when all are there; err names all that are not, with their packages. `names` ends with NULL. */
bool sb_tools_need(const char *const *names, struct sb_err *err) SB_MUST_CHECK;

/* The names with their packages on `system` ("linux", "darwin"), and what to do where a system has none. */
void sb_tools_advice(const char *const *names, const char *system, struct sb_strbuf *text);

#endif
