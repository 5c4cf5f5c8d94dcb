#include "report/columns.h"

#include <string.h>
#include "core/alloc.h"
#include "core/text.h"

#define ELLIPSIS "\xe2\x80\xa6"

struct range {
    unsigned first, last;
};

static bool in_ranges(unsigned cp, const struct range *ranges, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last) return true;
    return false;
}

/* Unicode East Asian Width W and F, in blocks. */
static const struct range wide[] = {{0x1100, 0x115f},   {0x2e80, 0x303e},  {0x3041, 0xa4cf},
                                    {0xac00, 0xd7a3},   {0xf900, 0xfaff},  {0xfe30, 0xfe6f},
                                    {0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
                                    {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};
static const struct range combining[] = {
    {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},  {0x1ab0, 0x1aff},
    {0x1dc0, 0x1dff}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}};

/* One character: its bytes, and its cells in *cells. */
static size_t step(const char *s, size_t len, size_t *cells)
{
    unsigned cp = 0;
    size_t n = sb_utf8_decode(s, len, &cp);
    *cells = in_ranges(cp, wide, SB_ARRAY_SIZE(wide))             ? 2
             : in_ranges(cp, combining, SB_ARRAY_SIZE(combining)) ? 0
                                                                  : 1;
    return n ? n : 1;
}

static size_t width_of(const char *text, size_t len)
{
    size_t width = 0, cells;
    for (size_t i = 0; i < len; width += cells)
        i += step(text + i, len - i, &cells);
    return width;
}

size_t sb_columns_width(const char *text)
{
    return width_of(text, strlen(text));
}

void sb_columns_cut(struct sb_strbuf *out, const char *text, size_t width)
{
    size_t len = strlen(text), used = 0, cells, i = 0;
    if (!width || width_of(text, len) <= width) {
        sb_strbuf_add(out, text, len);
        return;
    }
    while (i < len) {
        size_t n = step(text + i, len - i, &cells);
        if (used + cells > width - 1) break;
        used += cells;
        i += n;
    }
    sb_strbuf_add(out, text, i);
    sb_strbuf_adds(out, ELLIPSIS);
}

static void blanks(struct sb_strbuf *out, size_t nr)
{
    while (nr-- > 0)
        sb_strbuf_addc(out, ' ');
}

void sb_columns_pad(struct sb_strbuf *out, const char *text, size_t width, bool right)
{
    struct sb_strbuf cut = SB_STRBUF_INIT;
    if (width) sb_columns_cut(&cut, text, width);
    size_t taken = sb_columns_width(cut.buf), padding = width > taken ? width - taken : 0;
    if (right) blanks(out, padding);
    sb_strbuf_add(out, cut.buf, cut.len);
    if (!right) blanks(out, padding);
    sb_strbuf_release(&cut);
}

void sb_columns_wrap(struct sb_strbuf *out, const char *text, size_t width, const char *first,
                     const char *rest)
{
    sb_strbuf_adds(out, first);
    size_t column = sb_columns_width(first), margin = sb_columns_width(rest);
    bool fresh = true;
    while (*text) {
        size_t len = strcspn(text, " "), cells = width_of(text, len);
        if (!fresh && width && column + 1 + cells > width) {
            sb_strbuf_addc(out, '\n');
            sb_strbuf_adds(out, rest);
            column = margin;
            fresh = true;
        }
        if (!fresh) sb_strbuf_addc(out, ' ');
        sb_strbuf_add(out, text, len);
        column += cells + !fresh;
        fresh = false;
        text += len + strspn(text + len, " ");
    }
    sb_strbuf_addc(out, '\n');
}
