/*
 * Ctrl-C and its like for commands that have something to end first: the handler only sets a flag, which the
 * command hands to what it calls; when that has tidied up, sb_interrupt_die() ends the program the way the
 * signal would have done. A second signal of the same kind ends it at once.
 */
#ifndef SB_CLI_INTERRUPT_H
#define SB_CLI_INTERRUPT_H

#include <signal.h>

/* From now on SIGINT, SIGTERM and SIGHUP (unless ignored before) set the flag, which is the signal's number.
 */
const volatile sig_atomic_t *sb_interrupt_catch(void);

/* What these signals did before is so again: for what comes after and does not look at the flag. */
void sb_interrupt_release(void);

/* Dies of the signal that came; returns when none did. */
void sb_interrupt_die(void);

#endif
