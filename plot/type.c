#include "plot/type.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "plot/fontset.h"
#include <math.h>
#include <pango/pangocairo.h>

enum { LONGEST_TEXT = 2000, MARKS_IN_A_ROW = 4 };

/* Everything is shaped at one size and scaled: widths are linear (no hinting), and fontconfig is asked for
 * two patterns instead of two for every size. */
#define SHAPING_SIZE 16.0

static PangoLayout *measuring; /* reused; its font map is the process's default */

static cairo_font_options_t *plain_options(void)
{
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    return options;
}

static void make_context(void)
{
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    cairo_font_options_t *options = plain_options();
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 96);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    pango_context_set_language(context, pango_language_from_string("en"));
    measuring = pango_layout_new(context);
    pango_layout_set_auto_dir(measuring, FALSE);
    g_object_unref(context); /* the layout holds it */
}

bool sb_type_init(struct sb_err *err)
{
    if (measuring) return true;
    if (!sb_fontset_install(err)) return false;
    make_context();
    return true;
}

bool sb_type_in_use(void)
{
    return measuring != NULL;
}

/* Characters that would steer the reader or the file instead of being read. */
static bool steers(unsigned c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f ||
           c == 0xfeff || (c >= 0xe0000 && c <= 0xe0fff) || (c >= 0xfff9 && c <= 0xfffb);
}

static bool noncharacter(unsigned c)
{
    return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

const char *sb_type_safe(struct sb_arena *arena, const char *text, bool lines)
{
    struct sb_strbuf visible = SB_STRBUF_INIT, out = SB_STRBUF_INIT;
    size_t count = 0, marks = 0;
    if (text) sb_text_visible(&visible, text, strnlen(text, (size_t)LONGEST_TEXT * 8), true);
    for (size_t i = 0; i < visible.len && count < LONGEST_TEXT;) {
        unsigned c;
        size_t n = sb_utf8_decode(visible.buf + i, visible.len - i, &c);
        const char *from = visible.buf + i;
        i += n;
        marks = g_unichar_ismark(c) ? marks + 1 : 0;
        if (steers(c) || marks > MARKS_IN_A_ROW) continue;
        count++;
        if (c == '\n' && lines)
            sb_strbuf_addc(&out, '\n');
        else if (c == '\n' || c == '\t' || c == 0x2028 || c == 0x2029)
            sb_strbuf_addc(&out, ' ');
        else if (noncharacter(c) || (c >= 0x2400 && c <= 0x2421)) /* few fonts have pictures of controls */
            sb_strbuf_adds(&out, "\xef\xbf\xbd");
        else
            sb_strbuf_add(&out, from, n);
    }
    if (count == LONGEST_TEXT) sb_strbuf_adds(&out, "…");
    const char *safe = sb_arena_strndup(arena, out.buf, out.len);
    sb_strbuf_release(&visible);
    sb_strbuf_release(&out);
    return safe;
}

static void set_font(PangoLayout *layout, struct sb_font font)
{
    PangoFontDescription *d = pango_font_description_new();
    pango_font_description_set_family_static(d, "Inter");
    pango_font_description_set_weight(d, font.weight == SB_SEMIBOLD ? PANGO_WEIGHT_SEMIBOLD
                                                                    : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(d, SHAPING_SIZE * PANGO_SCALE);
    pango_layout_set_font_description(layout, d);
    pango_font_description_free(d);
    PangoAttrList *attrs = pango_attr_list_new();
    if (font.tabular) pango_attr_list_insert(attrs, pango_attr_font_features_new("tnum=1"));
    pango_layout_set_attributes(layout, attrs);
    pango_attr_list_unref(attrs);
}

static void set_text(PangoLayout *layout, const char *text, size_t len, struct sb_font font)
{
    set_font(layout, font);
    pango_layout_set_width(layout, -1);
    pango_layout_set_text(layout, text, (int)len);
}

/* Widths at the shaping size, since layout asks for the same few texts again and again. Direct-mapped: what
 * falls on the same place replaces what was there. */
enum { WIDTHS = 2048, LONGEST_KEPT = 63 };

struct kept_width {
    char text[LONGEST_KEPT + 1];
    unsigned char len;
    bool used, semibold, tabular;
    double width;
};

static struct kept_width *place_of(const char *text, size_t len, struct sb_font font)
{
    static struct kept_width kept[WIDTHS];
    unsigned hash = 2166136261u ^ (font.weight == SB_SEMIBOLD) ^ (unsigned)font.tabular << 1; /* FNV-1a */
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return &kept[(hash ^ hash >> 15) % WIDTHS];
}

static double shaped_width(const char *text, size_t len, struct sb_font font)
{
    PangoRectangle logical;
    PangoLayout *layout = measuring;
    set_text(layout, text, len, font);
    pango_layout_get_extents(layout, NULL, &logical);
    return (double)logical.width / PANGO_SCALE;
}

static double width_of(const char *text, size_t len, struct sb_font font)
{
    if (!len) return 0;
    if (len > LONGEST_KEPT) return shaped_width(text, len, font) * font.size / SHAPING_SIZE;
    struct kept_width *k = place_of(text, len, font);
    bool hit = k->used && k->len == len && k->semibold == (font.weight == SB_SEMIBOLD) &&
               k->tabular == font.tabular && memcmp(k->text, text, len) == 0;
    if (!hit) {
        *k = (struct kept_width){.len = (unsigned char)len,
                                 .used = true,
                                 .semibold = font.weight == SB_SEMIBOLD,
                                 .tabular = font.tabular,
                                 .width = shaped_width(text, len, font)};
        memcpy(k->text, text, len);
    }
    return k->width * font.size / SHAPING_SIZE;
}

double sb_type_width(const char *text, struct sb_font font)
{
    return width_of(text, strlen(text), font);
}

/* Byte offsets at which the text may be cut, from 0 to its length; in the arena. */
static const size_t *cut_points(struct sb_arena *arena, const char *text, size_t *nr)
{
    int attrs_nr;
    PangoLayout *layout = measuring;
    pango_layout_set_text(layout, text, -1);
    const PangoLogAttr *attrs = pango_layout_get_log_attrs_readonly(layout, &attrs_nr);
    size_t *cuts = sb_arena_alloc(arena, sizeof *cuts * (size_t)attrs_nr);
    const char *p = text;
    *nr = 0;
    for (int i = 0; i < attrs_nr; i++) {
        if (attrs[i].is_cursor_position) cuts[(*nr)++] = (size_t)(p - text);
        if (*p) p = g_utf8_next_char(p);
    }
    return cuts;
}

const char *sb_type_fit(struct sb_arena *arena, const char *text, struct sb_font font, double width)
{
    if (sb_type_width(text, font) <= width) return text;
    size_t nr, low = 0;
    const size_t *cuts = cut_points(arena, text, &nr);
    const char *best = "…";
    size_t high = nr;
    while (low + 1 < high) { /* cuts[low] fits (or is nothing), cuts[high] does not */
        size_t middle = low + (high - low) / 2, len = cuts[middle];
        while (len > 0 && text[len - 1] == ' ')
            len--;
        const char *cut = sb_arena_printf(arena, "%.*s…", (int)len, text);
        bool fits = sb_type_width(cut, font) <= width;
        if (fits) best = cut;
        *(fits ? &low : &high) = middle;
    }
    return best;
}

static const char *trimmed(struct sb_arena *arena, const char *s, size_t len)
{
    while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\n'))
        len--;
    while (len > 0 && *s == ' ')
        s++, len--;
    return sb_arena_strndup(arena, s, len);
}

/* True when the line ends inside a word. */
static bool breaks_word(const char *text, size_t end, const PangoLogAttr *attrs)
{
    if (!text[end]) return false;
    return !attrs[g_utf8_pointer_to_offset(text, text + end)].is_line_break;
}

struct sb_lines sb_type_wrap(struct sb_arena *arena, const char *text, struct sb_font font, double width,
                             size_t max)
{
    struct sb_lines lines = {NULL, 0, 0, false};
    if (!*text || !max) return lines;
    PangoLayout *layout = pango_layout_copy(measuring);
    set_text(layout, text, strlen(text), font);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(layout, (int)ceil(fmax(width, 1) * SHAPING_SIZE / font.size * PANGO_SCALE));
    size_t total = (size_t)pango_layout_get_line_count(layout);
    const PangoLogAttr *attrs = pango_layout_get_log_attrs_readonly(layout, NULL);
    const char **out = sb_arena_alloc(arena, sizeof *out * (total < max ? total : max));
    for (size_t i = 0; i < total && i < max; i++) {
        const PangoLayoutLine *line = pango_layout_get_line_readonly(layout, (int)i);
        size_t start = (size_t)line->start_index, len = (size_t)line->length;
        bool cut = i + 1 == max && total > max;
        lines.broken |= cut || breaks_word(text, start + len, attrs);
        const char *one = cut ? sb_arena_printf(arena, "%.*s…", (int)len, text + start) : text + start;
        out[lines.nr] = cut ? sb_type_fit(arena, one, font, width) : trimmed(arena, one, len);
        lines.width = fmax(lines.width, sb_type_width(out[lines.nr++], font));
    }
    g_object_unref(layout);
    lines.line = out;
    return lines;
}

void sb_type_draw(cairo_t *cr, const char *text, struct sb_font font)
{
    PangoLayout *layout = measuring;
    set_text(layout, text, strlen(text), font);
    cairo_scale(cr, font.size / SHAPING_SIZE, font.size / SHAPING_SIZE);
    cairo_move_to(cr, 0, 0);
    PangoLayoutLine *line = pango_layout_get_line_readonly(layout, 0);
    if (line) pango_cairo_show_layout_line(cr, line);
}
