#include "cli/commands.h"

#include <math.h>
#include "cli/emit.h"
#include "cli/gate.h"
#include "cli/page.h"
#include "cli/show.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "io/number.h"
#include "report/escape.h"
#include "report/words.h"

static enum sb_gate_outcome outcome_of(const struct sb_gate *gate, size_t row)
{
    return sb_gate_outcome(gate, gate->reasons[row]);
}

/* ---- csv and json: the columns of a comparison behind outcome and reason ---- */

static void fill_table(struct sb_table *table, const struct sb_gate *gate)
{
    struct sb_table plain;
    sb_table_init(&plain);
    sb_table_of_comparisons(&plain, &gate->results);
    const char **names = sb_arena_alloc(&table->arena, (plain.columns_nr + 2) * sizeof *names);
    names[0] = "outcome";
    names[1] = "reason";
    for (size_t c = 0; c < plain.columns_nr; c++)
        names[c + 2] = plain.columns[c]; /* of static storage, or of the results' arena */
    sb_table_set_columns(table, names, plain.columns_nr + 2);
    for (size_t r = 0; r < plain.rows_nr; r++) {
        struct sb_cell *cell = sb_table_add_row(table);
        *cell++ = sb_show_text(sb_gate_outcome_text(outcome_of(gate, r)));
        *cell++ = sb_show_text(sb_gate_reason_text(gate->reasons[r]));
        for (size_t c = 0; c < plain.columns_nr; c++)
            *cell++ = plain.cells[r * plain.columns_nr + c];
    }
    sb_table_free(&plain);
}

static int emit_table(const struct sb_gate *gate, const struct sb_options *o, struct sb_err *err)
{
    struct sb_table table;
    sb_table_init(&table);
    fill_table(&table, gate);
    int status = sb_emit_table(&table, "gate", SB_FORMAT_TEXT, o, err);
    sb_table_free(&table);
    return status;
}

/* ---- text and markdown ---- */

static const char *result_text(struct sb_table *table, const struct sb_gate *gate, size_t row)
{
    const char *reason = sb_gate_reason_text(gate->reasons[row]);
    return outcome_of(gate, row) == SB_GATE_FAIL ? sb_arena_printf(&table->arena, "FAIL: %s", reason)
                                                 : reason;
}

/* Of one table: those that stand for a test, the percentiles that fail (those that pass are left to --metric,
 * csv and json), or what --metric asked for. */
enum part { HEADLINES, PERCENTILES, ASKED };

static bool is_in(const struct sb_gate *gate, enum part part, size_t row)
{
    bool percentile = sb_metric_is_percentile(gate->results.comparisons[row].metric);
    return part == ASKED ||
           (percentile == (part == PERCENTILES) && (!percentile || outcome_of(gate, row) == SB_GATE_FAIL));
}

static size_t count_part(const struct sb_gate *gate, enum part part)
{
    size_t nr = 0;
    for (size_t i = 0; i < gate->results.comparisons_nr; i++)
        nr += is_in(gate, part, i);
    return nr;
}

static void add_row(struct sb_page *page, struct sb_table *table, const struct sb_gate *gate,
                    const char **labels, bool with_metric, size_t row)
{
    const struct sb_comparison *c = &gate->results.comparisons[row];
    bool compared = gate->reasons[row] != SB_GATE_NOT_COMPARABLE;
    struct sb_cell *cell = sb_show_row(table, labels, &c->rest);
    if (with_metric) *cell++ = sb_show_text(c->metric);
    *cell++ = sb_show_figure(compared ? sb_show_ratio(table, c->ratio, c->ratio_low, c->ratio_high) : "");
    *cell++ = sb_show_text(result_text(table, gate, row));
    *cell++ = sb_show_text(sb_page_marks(page, &c->findings));
}

static void add_part(struct sb_page *page, const struct sb_gate *gate, enum part part, const char *title)
{
    const struct sb_results *results = &gate->results;
    const struct sb_label_sets sets = {&results->comparisons->rest, results->comparisons_nr,
                                       sizeof *results->comparisons};
    struct sb_table *table = sb_page_add(page, title);
    const char **labels = sb_show_labels(table, &sets);
    bool with_metric = part != HEADLINES;
    const char *ratio = sb_show_ci_heading(&table->arena, results, "ratio");
    const char *columns[] = {"metric", ratio, "result", "notes"};
    sb_show_columns(table, labels, columns + !with_metric, SB_ARRAY_SIZE(columns) - !with_metric);
    for (int pass = 0; pass < 2; pass++) /* what fails comes first */
        for (size_t i = 0; i < results->comparisons_nr; i++)
            if ((outcome_of(gate, i) == SB_GATE_FAIL) == (pass == 0) && is_in(gate, part, i))
                add_row(page, table, gate, labels, with_metric, i);
}

static void add_parts(struct sb_page *page, const struct sb_gate *gate, const struct sb_options *o,
                      const char *title)
{
    size_t percentiles = count_part(gate, PERCENTILES);
    if (o->metrics.nr) {
        add_part(page, gate, ASKED, title);
        return;
    }
    add_part(page, gate, HEADLINES, title);
    if (percentiles) add_part(page, gate, PERCENTILES, "Printed percentiles that fail");
    page->hidden = gate->results.comparisons_nr - count_part(gate, HEADLINES) - percentiles;
}

/* "2 slower, 1 missing, 15 equivalent" */
static void say_counts(struct sb_page *page, const struct sb_gate *gate)
{
    static const enum sb_gate_reason order[] = {
        SB_GATE_SLOWER, SB_GATE_MISSING, SB_GATE_NOT_COMPARABLE, SB_GATE_INCONCLUSIVE, SB_GATE_EQUIVALENT,
        SB_GATE_FASTER, SB_GATE_NEW};
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < SB_ARRAY_SIZE(order); i++)
        if (gate->counts[order[i]])
            sb_strbuf_addf(&text, "%s%zu %s", text.len ? ", " : "", gate->counts[order[i]],
                           sb_gate_reason_text(order[i]));
    sb_page_say(page, "%s.", text.buf);
    sb_strbuf_release(&text);
}

/* When a row is slower or faster: what the p of the settings promises, and over what. */
static void say_significance(struct sb_page *page, const struct sb_analysis_settings *s)
{
    char alpha[SB_NUMBER_MAX];
    sb_number_format(s->alpha, alpha);
    if (sb_words_adjusts_itself(s))
        sb_page_say(page, "slower, faster: significant at %s in each cell and metric by itself (%s).", alpha,
                    s->p_method);
    else if (strcmp(s->correction, "holm") == 0)
        sb_page_say(page, "slower, faster: significant at %s over the whole table (holm).", alpha);
    else if (strcmp(s->correction, "bh") == 0)
        sb_page_say(page,
                    "slower, faster: adjusted p below %s; of all such rows at most that share is expected to "
                    "be false (bh).",
                    alpha);
    else
        sb_page_say(page, "slower, faster: significant at %s in each row by itself, not corrected (%s).",
                    alpha, s->correction);
}

static void say_all(struct sb_page *page, const struct sb_gate *gate, const struct sb_options *o)
{
    const struct sb_analysis_settings *s = &gate->results.settings;
    say_counts(page, gate);
    char margin[SB_NUMBER_MAX];
    sb_number_format(100 * s->margin, margin);
    sb_page_say(page, "ratio: candidate / baseline. equivalent: within %s %%.", margin);
    say_significance(page, s);
    sb_view_say_carried(page, &gate->results, o);
    if (gate->counts[SB_GATE_INCONCLUSIVE] && !gate->strict)
        sb_page_say(page, "Inconclusive passes; --strict fails it.");
    if (*gate->sides_differ)
        sb_page_say(page, "No cell is on both sides: they have no value of these labels in common: %s.",
                    gate->sides_differ);
    if (gate->same_figures)
        sb_page_say(page, "Baseline and candidate have exactly the same figures: are they the same logs?");
    sb_page_say_findings(page, &gate->results);
}

static int emit_page(const struct sb_gate *gate, const struct sb_options *o, enum sb_format format,
                     struct sb_err *err)
{
    struct sb_page page;
    sb_page_init(&page);
    size_t failures = sb_gate_failures(gate);
    const char *title = failures ? sb_arena_printf(&page.arena, "Gate: FAIL, %zu of %zu", failures,
                                                   gate->results.comparisons_nr - gate->counts[SB_GATE_NEW])
                                 : sb_arena_printf(&page.arena, "Gate: pass, all %zu",
                                                   gate->results.comparisons_nr - gate->counts[SB_GATE_NEW]);
    add_parts(&page, gate, o, title);
    say_all(&page, gate, o);
    int status = sb_page_emit(&page, format, o, err);
    sb_page_release(&page);
    return status;
}

/* ---- junit ---- */

static const char *skip_reason(enum sb_gate_reason reason)
{
    if (reason == SB_GATE_INCONCLUSIVE) return "inconclusive: the data do not decide";
    return reason == SB_GATE_NEW ? "new: the baseline does not have it" : NULL;
}

static void add_case(struct sb_strbuf *out, struct sb_table *table, const struct sb_gate *gate, size_t row)
{
    const struct sb_comparison *c = &gate->results.comparisons[row];
    struct sb_strbuf figures = SB_STRBUF_INIT;
    const char *reason = sb_gate_reason_text(gate->reasons[row]), *skipped = skip_reason(gate->reasons[row]);
    const char *ratio = sb_show_ratio(table, c->ratio, c->ratio_low, c->ratio_high);
    sb_strbuf_addf(&figures, "%s%s", *ratio ? "ratio " : "no ratio", ratio);
    if (isfinite(c->ratio_low))
        sb_strbuf_addf(&figures, " (%s)", sb_show_level(&table->arena, &gate->results, "CI"));
    sb_strbuf_addf(&figures, ", n = %zu against %zu", c->n_level, c->n_baseline);
    for (size_t i = 0; i < c->findings.nr; i++)
        sb_strbuf_addf(&figures, "%s%s", i ? ";" : ", findings ", c->findings.v[i]);
    sb_strbuf_adds(out, "    <testcase classname=\"gate\" name=\"");
    sb_escape_xml(out, sb_labels_text(&table->arena, &c->rest));
    sb_strbuf_adds(out, " ");
    sb_escape_xml(out, c->metric);
    sb_strbuf_adds(out, "\">\n");
    if (outcome_of(gate, row) == SB_GATE_FAIL)
        sb_strbuf_addf(out, "      <failure type=\"%s\" message=\"%s: %s\"/>\n", reason, reason, figures.buf);
    else if (skipped)
        sb_strbuf_addf(out, "      <skipped message=\"%s\"/>\n", skipped);
    sb_strbuf_addf(out, "      <system-out>%s, %s</system-out>\n    </testcase>\n", reason, figures.buf);
    sb_strbuf_release(&figures);
}

static int emit_junit(const struct sb_gate *gate, const struct sb_options *o, struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_table table; /* for its arena */
    size_t skipped = 0;
    for (size_t i = 0; i < gate->results.comparisons_nr; i++)
        skipped += outcome_of(gate, i) != SB_GATE_FAIL && skip_reason(gate->reasons[i]);
    sb_table_init(&table);
    sb_strbuf_addf(
        &out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sbstat gate\">\n"
        "  <testsuite name=\"gate\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
        gate->results.comparisons_nr, sb_gate_failures(gate), skipped);
    for (size_t i = 0; i < gate->results.comparisons_nr; i++)
        add_case(&out, &table, gate, i);
    sb_strbuf_adds(&out, "  </testsuite>\n</testsuites>\n");
    int status = sb_emit_bytes(&out, o, err);
    sb_table_free(&table);
    sb_strbuf_release(&out);
    return status;
}

/* ---- the command ---- */

static bool take_format(const struct sb_options *o, bool *junit, enum sb_format *format, struct sb_err *err)
{
    *format = SB_FORMAT_TEXT;
    *junit = o->format && strcmp(o->format, "junit") == 0;
    if (*junit || sb_options_format(o, SB_FORMAT_TEXT, format, err)) return true;
    return sb_fail(err, SB_ERR_USAGE, "--format takes text, csv, json, markdown or junit, not \"%.40s\"",
                   o->format);
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_gate gate;
    enum sb_format format;
    bool junit;
    int status = -1;
    if (!take_format(o, &junit, &format, err)) return -1;
    if (sb_gate_run(&gate, o, err)) {
        bool people = format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN;
        status = junit    ? emit_junit(&gate, o, err)
                 : people ? emit_page(&gate, o, format, err)
                          : emit_table(&gate, o, err);
        if (!status) status = sb_gate_failures(&gate) ? 1 : 0;
    }
    sb_gate_release(&gate);
    return status;
}

static const char *const options[] = {"baseline",       "candidate",  "strict", SB_OPTIONS_OUTPUT,
                                      SB_OPTIONS_INPUT, "metric",     "margin", "alpha",
                                      "confidence",     "correction", "test",   NULL};

static const struct sb_option_help helps[] = {
    {"baseline", "PATH", "logs, a folder of logs or a tidy CSV: what was before"},
    {"format", "FORMAT", "text, csv, json, markdown (for a pull request) or junit"},
    {"metric", "NAME", "judge only this metric, or a glob; may be repeated (default: every primary metric)"},
    {"margin", "PERCENT", "differences within it are equivalent (default: 2%)"},
    {NULL, NULL, NULL},
};

const struct sb_command sb_cmd_gate = {
    .name = "gate",
    .summary = "fails when the candidate is slower than the baseline",
    .usage = "--baseline PATH --candidate PATH [options]",
    .description =
        "Compares two sets of logs cell by cell (a cell: one value of each label) and exits with 1 when a "
        "primary metric is slower in the candidate, when a cell of the baseline is missing there, or "
        "when the two cannot be compared: other parameters or accelerators. An inconclusive comparison "
        "passes unless --strict; a new cell always passes. The verdicts are those of 'sbstat compare', "
        "corrected as --correction says, by default over the whole table; games-howell and dunnett test each "
        "cell and metric by itself.",
    .options = options,
    .helps = helps,
    .run = run,
};
