#include "core/err.h"

#include <stdarg.h>

bool sb_fail(struct sb_err *err, enum sb_err_code code, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        err->code = code;
        vsnprintf(err->msg, sizeof err->msg, format, args);
        va_end(args);
    }
    return false;
}

int sb_err_exit_status(enum sb_err_code code)
{
    switch (code) {
    case SB_OK: return 0;
    case SB_ERR_USAGE: return 2;
    case SB_ERR_NO_INPUT:
    case SB_ERR_FORMAT: return 3;
    case SB_ERR_OUTPUT: return 4;
    case SB_ERR_STEP: return 5;
    case SB_ERR_INTERNAL: break;
    }
    return 70;
}
