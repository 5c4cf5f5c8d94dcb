/*
 * The fonts of the charts. Inter Regular and Semi Bold are shipped with the program, so that the same chart
 * gives the same bytes on every machine; the system's fonts serve only the characters Inter lacks (CJK,
 * Hebrew, emoji ...).
 */
#ifndef SB_PLOT_FONTSET_H
#define SB_PLOT_FONTSET_H

#include "core/err.h"

/* Finds the shipped fonts and makes a private fontconfig the process's current one. The folders tried, in
 * this order: $SBSTAT_FONTS, ../share/sbstat/fonts beside the program, the install prefix, the source tree.
 * Idempotent. */
bool sb_fontset_install(struct sb_err *err) SB_MUST_CHECK;

#endif
