/*
 * Errors as values. Libraries fill a struct sb_err and return false (or a code); only the
 * program prints it and chooses an exit status.
 *
 * A message is complete: what happened, where (path:line when there is one) and what to do.
 * It never ends in a newline.
 */
#ifndef SB_CORE_ERR_H
#define SB_CORE_ERR_H

#include <stdbool.h>

enum sb_err_code {
    SB_OK = 0,
    SB_ERR_USAGE,    /* the caller's words are off: exit 2 */
    SB_ERR_NO_INPUT, /* a named path does not exist, or nothing usable was found: exit 3 */
    SB_ERR_OUTPUT,   /* output could not be written: exit 4 */
    SB_ERR_STEP,     /* a step of an experiment failed: exit 5 */
    SB_ERR_FORMAT,   /* a file's content is not what it should be: exit 3 when nothing else is usable */
    SB_ERR_INTERNAL, /* a bug or an exhausted resource: exit 70 */
};

struct sb_err {
    enum sb_err_code code;
    char msg[1024]; /* NUL-terminated, cut when too long */
};

#if defined(__GNUC__)
#define SB_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define SB_MUST_CHECK        __attribute__((warn_unused_result))
#define SB_NORETURN          __attribute__((noreturn))
#else
#define SB_PRINTF(fmt, args)
#define SB_MUST_CHECK
#define SB_NORETURN
#endif

/* Sets the error and returns false, so that a failing function can `return sb_fail(err, ...)`.
 * `err` may be NULL (the message is dropped). */
bool sb_fail(struct sb_err *err, enum sb_err_code code, const char *format, ...) SB_PRINTF(3, 4);

/* The exit status that design gives to an error code (see the README, "Exit codes"). */
int sb_err_exit_status(enum sb_err_code code);

#endif
