/* The headline sentences: counts of verdicts, and the largest difference of each kind with its interval. */
#include "report/headline.h"

#include <math.h>
#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"
#include "report/suspect.h"
#include "report/words.h"

enum { SENTENCES_MAX = 5, NAMES_MAX = 16 };

/* ---- emulation ---- */

struct names {
    const char *v[NAMES_MAX];
    size_t nr;
};

static void add_name(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->nr; i++)
        if (strcmp(names->v[i], name) == 0) return;
    if (names->nr < NAMES_MAX) names->v[names->nr++] = name;
}

static int platform_cmp(const void *a, const void *b)
{
    return sb_platform_cmp(*(const char *const *)a, *(const char *const *)b);
}

static void emulated_platforms(const struct sb_view *view, struct names *names)
{
    const struct sb_dataset *ds = view->report->ds;
    for (size_t i = 0; i < view->results->summaries_nr; i++) {
        const struct sb_summary *s = &view->results->summaries[i];
        const char *platform = sb_labels_get(&s->cell, "platform");
        if (sb_streq(s->accelerator, "tcg")) add_name(names, platform ? platform : "");
    }
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const char *platform = sb_run_label(&ds->runs[i], "platform");
        if (sb_streq(sb_run_param(&ds->runs[i], "env.accelerator"), "tcg"))
            add_name(names, platform ? platform : "");
    }
    qsort(names->v, names->nr, sizeof *names->v, platform_cmp);
}

static void join_names(struct sb_strbuf *out, const char *const *names, size_t nr, bool platforms)
{
    for (size_t i = 0; i < nr; i++) {
        const char *name = platforms ? sb_platform_display(names[i]) : names[i];
        sb_strbuf_addf(out, "%s%s", i == 0 ? "" : i + 1 == nr ? " and " : ", ", *name ? name : "all runs");
    }
}

size_t sb_headline_barred(const struct sb_view *view)
{
    size_t barred = 0;
    const struct sb_view_matrix *m = &view->platforms;
    for (size_t r = 0; r < m->rows_nr; r++)
        for (size_t l = 0; l < m->levels_nr; l++) {
            const struct sb_comparison *c = sb_view_comparison(m, 0, &m->rows[r], l);
            barred += c && c->barred && m->rows[r].headline;
        }
    return barred;
}

static const char *emulation_sentence(const struct sb_view *view, struct sb_arena *arena)
{
    struct names names = {.nr = 0};
    struct sb_strbuf out = SB_STRBUF_INIT;
    size_t barred = sb_headline_barred(view);
    emulated_platforms(view, &names);
    if (names.nr) {
        join_names(&out, names.v, names.nr, true);
        sb_strbuf_addf(
            &out,
            " %s measured under software emulation (TCG), so nothing about virtualisation overhead can "
            "be concluded from these figures",
            names.nr == 1 ? "was" : "were");
        if (barred)
            sb_strbuf_addf(&out, "; the %zu headline %s across accelerators %s shown, but %s no conclusion",
                           barred, sb_words_plural(barred, "comparison", "comparisons"),
                           sb_words_plural(barred, "is", "are"), sb_words_plural(barred, "carries", "carry"));
    } else if (barred) {
        sb_strbuf_addf(&out,
                       "%zu headline %s between platforms that ran under different accelerators: shown, but "
                       "nothing about virtualisation overhead can be concluded from %s",
                       barred, sb_words_plural(barred, "comparison is", "comparisons are"),
                       sb_words_plural(barred, "it", "them"));
    }
    if (out.len) sb_strbuf_addc(&out, '.');
    const char *text = out.len ? sb_arena_strdup(arena, out.buf) : NULL;
    sb_strbuf_release(&out);
    return text;
}

bool sb_headline_emulated(const struct sb_view *view)
{
    struct names names = {.nr = 0};
    emulated_platforms(view, &names);
    return names.nr || sb_headline_barred(view);
}

/* ---- verdicts ---- */

struct tally {
    size_t total;
    size_t count[SB_INCONCLUSIVE + 1];
    struct {
        const struct sb_comparison *comparison;
        const struct sb_view_row *row;
    } largest[SB_INCONCLUSIVE + 1];
};

static void tally_add(struct tally *t, const struct sb_view_row *row, const struct sb_comparison *c)
{
    if (!c || c->barred || !row->headline || c->verdict == SB_VERDICT_NONE) return;
    const struct sb_comparison *largest = t->largest[c->verdict].comparison;
    t->total++;
    t->count[c->verdict]++;
    if (largest && !(fabs(log(c->ratio)) > fabs(log(largest->ratio)))) return;
    t->largest[c->verdict].comparison = c;
    t->largest[c->verdict].row = row;
}

static void tally_level(struct tally *t, const struct sb_view_matrix *m, size_t level)
{
    for (size_t r = 0; r < m->rows_nr; r++)
        tally_add(t, &m->rows[r], sb_view_comparison(m, 0, &m->rows[r], level));
}

static void add_figures(struct sb_strbuf *out, const struct sb_view *view, struct sb_arena *arena,
                        const struct sb_view_row *row, const struct sb_comparison *c, bool name_level)
{
    char number[SB_WORDS_MAX], title_buf[SB_WORDS_MAX];
    const char *title = sb_metric_title(c->metric, title_buf, sizeof title_buf);
    sb_strbuf_addf(out, "%s%s%s, %c%s %s, ", sb_view_place(view, arena, &row->rest), name_level ? ", " : "",
                   name_level ? c->level : "", sb_ascii_lower(*title), title + 1,
                   sb_words_change(c->ratio, number));
    sb_words_change_ci(out, c, view->results->settings.confidence);
    if (c->n_baseline == c->n_level)
        sb_strbuf_addf(out, ", n = %zu each", c->n_level);
    else
        sb_strbuf_addf(out, ", n = %zu against %zu", c->n_level, c->n_baseline);
}

static void add_counts(struct sb_strbuf *out, const struct sb_view *view, struct sb_arena *arena,
                       const struct tally *t, double margin, bool name_level)
{
    static const enum sb_verdict order[] = {SB_FASTER, SB_SLOWER, SB_EQUIVALENT, SB_INCONCLUSIVE};
    char percent[SB_WORDS_MAX];
    bool said_total = false;
    size_t left = t->total;
    for (size_t i = 0; i < SB_ARRAY_SIZE(order); i++) {
        enum sb_verdict v = order[i];
        if (!t->count[v]) continue;
        left -= t->count[v];
        sb_strbuf_addf(out, "%s%s", said_total ? left ? ", " : " and " : "", sb_verdict_text(v));
        if (v == SB_EQUIVALENT) sb_strbuf_addf(out, " within %s %%", sb_words_percent(margin, percent));
        sb_strbuf_addf(out, " in %zu", t->count[v]);
        if (!said_total)
            sb_strbuf_addf(out, " of %zu headline %s", t->total,
                           sb_words_plural(t->total, "comparison", "comparisons"));
        said_total = true;
        bool figures = v != SB_EQUIVALENT || t->count[v] == t->total;
        if (figures) {
            sb_strbuf_addf(out, " (%s", t->count[v] > 1 ? "largest: " : "");
            add_figures(out, view, arena, t->largest[v].row, t->largest[v].comparison, name_level);
        }
        if (v == SB_INCONCLUSIVE) sb_strbuf_adds(out, "; undecided by these data, which does not mean equal");
        if (figures) sb_strbuf_addc(out, ')');
    }
}

const char *sb_headline_level(const struct sb_view *view, const struct sb_view_matrix *m,
                              struct sb_arena *arena, size_t level)
{
    struct tally t = {.total = 0};
    tally_level(&t, m, level);
    if (!t.total) return NULL;
    struct sb_strbuf out = SB_STRBUF_INIT;
    sb_strbuf_addf(&out, "Against %s, %s was ", sb_view_level(m->factor, m->baselines[0]),
                   sb_view_level(m->factor, m->levels[level]));
    add_counts(&out, view, arena, &t, m->results->settings.margin, false);
    sb_strbuf_addc(&out, '.');
    const char *text = sb_arena_strdup(arena, out.buf);
    sb_strbuf_release(&out);
    return text;
}

const char *sb_headline_factor(const struct sb_view *view, const struct sb_view_matrix *m,
                               struct sb_arena *arena)
{
    struct tally t = {.total = 0};
    for (size_t l = 0; l < m->levels_nr; l++)
        tally_level(&t, m, l);
    if (!t.total) return NULL;
    struct sb_strbuf out = SB_STRBUF_INIT;
    sb_strbuf_addf(&out, "Across configurations, against %s, a configuration was ", m->baselines[0]);
    add_counts(&out, view, arena, &t, m->results->settings.margin, m->levels_nr > 2);
    sb_strbuf_addc(&out, '.');
    const char *text = sb_arena_strdup(arena, out.buf);
    sb_strbuf_release(&out);
    return text;
}

/* ---- the rest ---- */

const char *sb_headline_quality(const struct sb_view *view, struct sb_arena *arena)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    char runs[SB_WORDS_MAX], used[SB_WORDS_MAX], left_out[SB_WORDS_MAX];
    size_t nr = view->report->ds->runs_nr, out_nr = view->runs_suspect;
    bool kept = view->results->settings.include_suspect;
    sb_strbuf_addf(&out, "Of %s %s read, ", sb_words_count(nr, runs), sb_words_plural(nr, "run", "runs"));
    size_t usable = 0;
    for (size_t i = 0; i < view->cells_nr; i++)
        usable += view->cells[i].used;
    size_t stand = kept ? nr - view->runs_failed : usable;
    sb_strbuf_addf(&out, "%s %s in the statistics", sb_words_count(stand, used),
                   sb_words_plural(stand, "stands", "stand"));
    if (out_nr)
        sb_strbuf_addf(&out, "; %s %s errors that the audit found, and %s", sb_words_count(out_nr, left_out),
                       sb_words_plural(out_nr, "has", "have"),
                       kept ? sb_words_plural(out_nr, "was kept on request", "were kept on request")
                            : sb_words_plural(out_nr, "is left out", "are left out"));
    if (view->runs_failed) sb_strbuf_addf(&out, "; %zu gave no final figures", view->runs_failed);
    if (view->warnings)
        sb_strbuf_addf(&out, "; %zu %s", view->warnings,
                       sb_words_plural(view->warnings, "warning stands", "warnings stand"));
    if (view->sources_without_runs_nr)
        sb_strbuf_addf(&out, "; %zu %s gave no run", view->sources_without_runs_nr,
                       sb_words_plural(view->sources_without_runs_nr, "file", "files"));
    size_t boot = sb_view_note_number(view, "BOOT_UNKNOWN");
    if (boot && view->notes[boot - 1].rows)
        sb_strbuf_adds(&out, "; which runs shared a boot is not known, so each counts as independent");
    sb_strbuf_addc(&out, '.');
    const char *text = sb_arena_strdup(arena, out.buf);
    sb_strbuf_release(&out);
    return text;
}

static const char *nothing_compared(const struct sb_view *view, struct sb_arena *arena)
{
    if (!view->results->summaries_nr) return "No run could be used, so there is nothing to report.";
    if (view->platforms.levels_nr == 1)
        return sb_arena_printf(arena, "The logs hold one platform, %s: no platform is compared with another.",
                               sb_platform_display(view->platforms.levels[0]));
    if (view->platforms.levels_nr == 0)
        return "The logs name no platform: no platform is compared with another.";
    if (sb_headline_emulated(view)) return NULL;
    return "No two platforms ran the same test under the same conditions, so none is compared with another.";
}

static size_t level_sentences(const struct sb_view *view, struct sb_arena *arena, const char **out,
                              size_t room)
{
    size_t nr = 0, further = 0;
    const struct sb_view_matrix *m = &view->platforms;
    for (size_t l = 0; l < m->levels_nr; l++) {
        const char *text = m->baselines_nr ? sb_headline_level(view, m, arena, l) : NULL;
        if (text && nr < room)
            out[nr++] = text;
        else if (text)
            further++;
    }
    if (further)
        out[nr - 1] = sb_arena_printf(arena, "%.*s; %zu further %s in the tables.",
                                      (int)strlen(out[nr - 1]) - 1, out[nr - 1], further,
                                      sb_words_plural(further, "platform stands", "platforms stand"));
    return nr;
}

const char **sb_headline_sentences(const struct sb_view *view, struct sb_arena *arena, size_t *nr)
{
    const char **out = sb_arena_calloc(arena, SENTENCES_MAX + 1, sizeof *out);
    const char *emulation = emulation_sentence(view, arena);
    const char *configs = view->configs.baselines_nr ? sb_headline_factor(view, &view->configs, arena) : NULL;
    *nr = 0;
    if (emulation) out[(*nr)++] = emulation;
    size_t levels =
        level_sentences(view, arena, out + *nr, (size_t)SENTENCES_MAX - 1 - *nr - (configs != NULL));
    *nr += levels;
    const char *nothing = levels ? NULL : nothing_compared(view, arena);
    if (nothing) out[(*nr)++] = nothing;
    if (configs) out[(*nr)++] = configs;
    const char *suspect = sb_suspect_sentence(view, arena), *quality = sb_headline_quality(view, arena);
    out[(*nr)++] = suspect ? sb_arena_printf(arena, "%s %s", quality, suspect) : quality;
    return out;
}

const char **sb_report_findings(struct sb_arena *arena, const struct sb_report *report, size_t *nr)
{
    struct sb_view view;
    sb_view_init(&view, report);
    const char **sentences = sb_headline_sentences(&view, arena, nr);
    sb_view_free(&view);
    return sentences;
}
