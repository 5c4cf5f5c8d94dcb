#include "parsers/lines.h"

#include "core/text.h"

void sb_lines_each(const char *text, size_t len, sb_line_fn *fn, void *context)
{
    uint32_t number = 0;
    for (size_t at = 0; at < len;) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t end = newline ? (size_t)(newline - text) : len, stop = end;
        while (stop > at && text[stop - 1] == '\r')
            stop--;
        if (number < UINT32_MAX) number++;
        fn(context, text + at, stop - at, number);
        at = end + 1;
    }
}
