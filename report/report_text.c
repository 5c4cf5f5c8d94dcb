/* The short summary for the terminal: headline sentences, one block per test and configuration, notes. */
#include "report/report.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "report/columns.h"
#include "report/escape.h"
#include "report/headline.h"
#include "report/view.h"
#include "report/words.h"

enum { BLOCKS_MAX = 60, NAME_MAX_CELLS = 24, NARROWEST = 40 };

struct text {
    struct sb_strbuf *out;
    const struct sb_view *view;
    const struct sb_view_matrix *matrix;
    struct sb_arena arena;
    size_t width; /* 0: unlimited */
    bool color;
    size_t name_cells, mean_cells, n_cells, ratio_cells;
};

static const char *safe(struct text *t, const char *plain)
{
    struct sb_strbuf visible = SB_STRBUF_INIT;
    sb_escape_terminal(&visible, plain);
    const char *text = sb_arena_strdup(&t->arena, visible.buf);
    sb_strbuf_release(&visible);
    return text;
}

/* ---- the pieces of a line ---- */

static const char *name_text(struct text *t, size_t level)
{
    return safe(t, sb_view_level(t->matrix->factor, t->matrix->levels[level]));
}

static const char *mean_text(struct text *t, const struct sb_view_row *row, size_t level)
{
    char mean[SB_WORDS_MAX];
    const struct sb_summary *s = sb_view_summary(t->matrix, row, level);
    if (s) return sb_arena_strdup(&t->arena, sb_words_mean(s, mean));
    size_t left_out = sb_view_left_out(t->view, t->matrix, row, level);
    return left_out ? sb_arena_printf(&t->arena, "%zu left out", left_out) : "no data";
}

static const char *n_text(struct text *t, const struct sb_view_row *row, size_t level)
{
    const struct sb_summary *s = sb_view_summary(t->matrix, row, level);
    if (!s) return "";
    if (s->runs_excluded) return sb_arena_printf(&t->arena, "n %zu (-%zu)", s->n, s->runs_excluded);
    return sb_arena_printf(&t->arena, "n %zu", s->n);
}

static const char *ratio_text(struct text *t, const struct sb_comparison *c)
{
    char ratio[SB_WORDS_MAX], interval[SB_WORDS_MAX];
    if (!c) return "";
    return sb_arena_printf(&t->arena, "%s %s", sb_words_ratio(c->ratio, ratio),
                           sb_words_ratio_ci(c, interval));
}

static bool note_is_on(const struct text *t, size_t note, const struct sb_summary *s,
                       const struct sb_comparison *c)
{
    const struct sb_view_note *n = &t->view->notes[note];
    return !n->everywhere &&
           ((s && sb_codes_has(&s->findings, n->code)) || (c && sb_codes_has(&c->findings, n->code)));
}

/* "[1,4-6]": the notes of a line's two sides, each once, in their order. */
static const char *marks_text(struct text *t, const struct sb_summary *s, const struct sb_comparison *c)
{
    const char *text = "";
    for (size_t i = 0, last; i < t->view->notes_nr; i = last + 1) {
        last = i;
        if (!note_is_on(t, i, s, c)) continue;
        while (last + 1 < t->view->notes_nr && note_is_on(t, last + 1, s, c))
            last++;
        if (last == i + 1) last = i; /* two are not shorter as a range */
        text = sb_arena_printf(&t->arena, "%s%s%zu", text, *text ? "," : "[", i + 1);
        if (last > i) text = sb_arena_printf(&t->arena, "%s-%zu", text, last + 1);
    }
    return *text ? sb_arena_printf(&t->arena, "%s]", text) : text;
}

static const char *const colors[] = {
    ['f'] = "\033[32m", ['s'] = "\033[31m", ['e'] = "\033[36m", ['i'] = "\033[33m", ['b'] = "\033[2m"};

/* Short: the line has 80 cells. */
static const char *verdict_word(const struct sb_comparison *c)
{
    return c->barred ? "barred" : sb_words_verdict(c);
}

static void add_verdict(struct text *t, const struct sb_comparison *c, size_t cells)
{
    const char *color =
        t->color ? colors[(unsigned char)sb_words_verdict_sign(c) % SB_ARRAY_SIZE(colors)] : NULL;
    if (color) sb_strbuf_adds(t->out, color);
    sb_columns_cut(t->out, verdict_word(c), cells);
    if (color) sb_strbuf_adds(t->out, "\033[0m");
}

/* ---- lines and blocks ---- */

static void widen(size_t *cells, const char *text)
{
    size_t width = sb_columns_width(text);
    if (width > *cells) *cells = width;
}

static void measure(struct text *t)
{
    size_t blocks = 0;
    for (size_t l = 0; l < t->matrix->levels_nr; l++)
        widen(&t->name_cells, name_text(t, l));
    if (t->name_cells > NAME_MAX_CELLS) t->name_cells = NAME_MAX_CELLS;
    for (size_t r = 0; r < t->matrix->rows_nr && blocks < BLOCKS_MAX; r++) {
        const struct sb_view_row *row = &t->matrix->rows[r];
        blocks += row->headline;
        for (size_t l = 0; row->headline && l < t->matrix->levels_nr; l++) {
            widen(&t->mean_cells, mean_text(t, row, l));
            widen(&t->n_cells, n_text(t, row, l));
            widen(&t->ratio_cells, ratio_text(t, sb_view_comparison(t->matrix, 0, row, l)));
        }
    }
}

/* Cells left after what stands on the line; at least 1. */
static size_t room(const struct text *t, size_t used)
{
    if (!t->width) return 0;
    return t->width > used + 1 ? t->width - used : 1;
}

static void end_line(struct text *t)
{
    while (t->out->buf[t->out->len - 1] == ' ')
        t->out->buf[--t->out->len] = '\0';
    sb_strbuf_addc(t->out, '\n');
}

/* Behind what stands in `used` cells of the line, or where that does not fit on a line of their own. */
static void add_marks(struct text *t, const char *marks, size_t used, size_t indent)
{
    size_t width = sb_columns_width(marks);
    if (width && t->width && used + 1 + width > t->width) {
        end_line(t);
        indent = indent + width <= t->width ? indent : t->width > width ? t->width - width : 0;
        sb_strbuf_addf(t->out, "%*s", (int)indent, "");
    } else if (width) {
        sb_strbuf_addc(t->out, ' ');
    }
    sb_strbuf_adds(t->out, marks);
    end_line(t);
}

static void add_line(struct text *t, const struct sb_view_row *row, size_t level)
{
    const struct sb_comparison *c = sb_view_comparison(t->matrix, 0, row, level);
    const struct sb_summary *s = sb_view_summary(t->matrix, row, level);
    bool baseline = t->matrix->baselines_nr && strcmp(t->matrix->levels[level], t->matrix->baselines[0]) == 0;
    const char *last = c ? verdict_word(c) : baseline && s ? "baseline" : "";
    sb_strbuf_adds(t->out, "  ");
    sb_columns_pad(t->out, name_text(t, level), t->name_cells, false);
    sb_strbuf_adds(t->out, "  ");
    sb_columns_pad(t->out, mean_text(t, row, level), t->mean_cells, true);
    sb_strbuf_adds(t->out, "  ");
    sb_columns_pad(t->out, n_text(t, row, level), t->n_cells, false);
    sb_strbuf_adds(t->out, "  ");
    size_t indent = 8 + t->name_cells + t->mean_cells + t->n_cells, used = indent;
    if (c) {
        sb_columns_pad(t->out, ratio_text(t, c), t->ratio_cells, false);
        sb_strbuf_adds(t->out, "  ");
        used += 2 + t->ratio_cells;
        add_verdict(t, c, room(t, used));
    } else {
        sb_strbuf_adds(t->out, last);
    }
    add_marks(t, marks_text(t, s, c), used + sb_columns_width(last), indent);
}

/* On two lines where one is too short. */
static void add_heading(struct text *t, const char *place, const char *measure)
{
    struct sb_strbuf one = SB_STRBUF_INIT;
    sb_strbuf_addf(&one, "%s: %s", place, measure);
    bool fits = !t->width || sb_columns_width(one.buf) <= t->width;
    if (t->color) sb_strbuf_adds(t->out, "\033[1m");
    if (fits) {
        sb_strbuf_adds(t->out, one.buf);
    } else {
        sb_columns_cut(t->out, sb_arena_printf(&t->arena, "%s:", place), t->width);
        sb_strbuf_addc(t->out, '\n');
        sb_columns_wrap(t->out, measure, t->width, "    ", "    ");
        t->out->buf[--t->out->len] = '\0'; /* the newline: it is not bold */
    }
    sb_strbuf_adds(t->out, t->color ? "\033[0m\n" : "\n");
    sb_strbuf_release(&one);
}

static void add_block(struct text *t, const struct sb_view_row *row)
{
    char unit_buf[SB_WORDS_MAX], title_buf[SB_WORDS_MAX];
    const char *unit = sb_words_unit(row->metric, row->unit, unit_buf);
    const char *better = sb_better_text(row->better);
    struct sb_strbuf measure = SB_STRBUF_INIT;
    sb_strbuf_adds(&measure, sb_metric_title(row->metric, title_buf, sizeof title_buf));
    if (*unit) sb_strbuf_addf(&measure, ", %s", unit);
    if (*better) sb_strbuf_addf(&measure, ", %s is better", better);
    add_heading(t, safe(t, sb_view_place(t->view, &t->arena, &row->rest)), safe(t, measure.buf));
    sb_strbuf_release(&measure);
    for (size_t l = 0; l < t->matrix->levels_nr; l++)
        if (sb_view_summary(t->matrix, row, l) || sb_view_left_out(t->view, t->matrix, row, l))
            add_line(t, row, l);
}

static void add_blocks(struct text *t)
{
    size_t shown = 0, left = 0;
    measure(t);
    for (size_t r = 0; r < t->matrix->rows_nr; r++) {
        if (!t->matrix->rows[r].headline) continue;
        if (shown < BLOCKS_MAX) {
            sb_strbuf_addc(t->out, '\n');
            add_block(t, &t->matrix->rows[r]);
            shown++;
        } else {
            left++;
        }
    }
    if (left) sb_strbuf_addf(t->out, "\n%zu further tests stand in summary.csv and comparisons.csv.\n", left);
}

/* ---- legend and notes ---- */

static void wrap(struct text *t, const char *text, const char *first, const char *rest)
{
    sb_columns_wrap(t->out, safe(t, text), t->width, first, rest);
}

static bool shows_barred(const struct text *t)
{
    for (size_t r = 0; r < t->matrix->rows_nr; r++)
        for (size_t l = 0; t->matrix->rows[r].headline && l < t->matrix->levels_nr; l++) {
            const struct sb_comparison *c = sb_view_comparison(t->matrix, 0, &t->matrix->rows[r], l);
            if (c && c->barred) return true;
        }
    return false;
}

static void add_legend(struct text *t)
{
    const struct sb_analysis_settings *settings = &t->matrix->results->settings;
    char confidence[SB_WORDS_MAX];
    if (!t->matrix->rows_nr) return;
    sb_words_percent(settings->confidence, confidence);
    const char *text = sb_arena_printf(
        &t->arena,
        "Mean \xc2\xb1 half of its %s %% interval; n counts boots where they are known, else runs.",
        confidence);
    if (t->matrix->baselines_nr)
        text = sb_arena_printf(&t->arena, "%s Ratio to %s with its %s %% interval.", text,
                               sb_view_level(t->matrix->factor, t->matrix->baselines[0]), confidence);
    if (shows_barred(t))
        text = sb_arena_printf(&t->arena, "%s Barred: the two ran under different accelerators.", text);
    sb_strbuf_addc(t->out, '\n');
    wrap(t, text, "", "");
}

static bool is_marked(const struct text *t, size_t note)
{
    const struct sb_view_matrix *m = t->matrix;
    const char *code = t->view->notes[note].code;
    for (size_t r = 0; r < m->rows_nr; r++)
        for (size_t l = 0; m->rows[r].headline && l < m->levels_nr; l++) {
            const struct sb_summary *s = sb_view_summary(m, &m->rows[r], l);
            const struct sb_comparison *c = sb_view_comparison(m, 0, &m->rows[r], l);
            if ((s && sb_codes_has(&s->findings, code)) || (c && sb_codes_has(&c->findings, code)))
                return true;
        }
    return false;
}

static void add_notes(struct text *t)
{
    for (size_t i = 0; i < t->view->notes_nr; i++) {
        const struct sb_view_note *note = &t->view->notes[i];
        if (!is_marked(t, i)) continue;
        const char *first = note->everywhere ? "All rows: " : sb_arena_printf(&t->arena, "[%zu] ", i + 1);
        wrap(t, *note->text ? sb_arena_printf(&t->arena, "%s: %s", note->code, note->text) : note->code,
             first, "    ");
    }
}

static void add_sentences(struct text *t)
{
    size_t nr;
    const char **sentences = sb_headline_sentences(t->view, &t->arena, &nr);
    for (size_t i = 0; i < nr; i++)
        wrap(t, sentences[i], "* ", "  ");
}

void sb_report_text(struct sb_strbuf *out, const struct sb_report *report, const struct sb_text_style *style)
{
    struct sb_view view;
    struct sb_view_matrix by_test;
    struct text t = {.out = out, .view = &view, .color = style && style->color};
    if (style && style->width > 0) t.width = style->width > NARROWEST ? (size_t)style->width : NARROWEST;
    sb_arena_init(&t.arena);
    sb_view_init(&view, report);
    t.matrix = view.platforms.rows_nr ? &view.platforms : &view.configs;
    if (!t.matrix->rows_nr) {
        sb_view_matrix(&view, &by_test, view.results, "test", NULL);
        t.matrix = &by_test;
    }
    add_sentences(&t);
    add_blocks(&t);
    add_legend(&t);
    add_notes(&t);
    sb_view_free(&view);
    sb_arena_free(&t.arena);
}
