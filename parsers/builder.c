#include "parsers/builder_state.h"

#include <math.h>
#include "core/alloc.h"
#include "core/metric.h"
#include "core/text.h"
#include "io/number.h"
#include "parsers/derive.h"
#include "parsers/notes.h"
#include "parsers/reading.h"

enum { EXCERPT_MAX = 64 * 1024, HEADING_MAX = 240 };

static bool collecting_unread(const struct sb_builder *b)
{
    return b->out && b->options && b->options->collect_unread;
}

struct sb_builder *sb_builder_new(struct sb_dataset *ds, const char *source,
                                  const struct sb_parse_options *options, struct sb_parse_output *out)
{
    struct sb_builder *b = sb_xcalloc(1, sizeof *b);
    b->ds = ds;
    b->source = sb_dataset_intern(ds, source);
    b->options = options;
    b->out = out;
    b->unread_first = out ? out->unread_nr : 0;
    b->reading_first = out ? out->readings_nr : 0;
    sb_strbuf_init(&b->excerpt);
    sb_strbuf_init(&b->outputs);
    sb_strbuf_init(&b->heading);
    return b;
}

enum sb_section sb_builder_section(const struct sb_builder *b)
{
    return b->section;
}

bool sb_builder_in_run(const struct sb_builder *b)
{
    return b->open && !b->ended;
}

/* Opening and closing runs. */

/* Lines that were not recognised and behind which nothing of the run came are not inside it. */
static void drop_pending_unread(struct sb_builder *b)
{
    if (collecting_unread(b)) b->out->unread_nr = b->unread_first;
    if (sb_builder_explains(b)) b->reading_first = b->out->readings_nr;
}

static void forget_banner(struct sb_builder *b)
{
    if (!b->open) drop_pending_unread(b);
    b->pending = (struct pending){.version = "", .first_reading = b->out ? b->out->readings_nr : 0};
}

static void open_run(struct sb_builder *b)
{
    struct sb_run *run = sb_dataset_add_run(b->ds);
    b->run = b->ds->runs_nr - 1;
    run->source = b->source;
    run->ordinal = ++b->ordinal;
    run->first_line = b->pending.banner ? b->pending.line : b->line;
    run->last_line = b->line;
    run->version = b->pending.version ? b->pending.version : "";
    run->warnings = b->pending.counts[SB_MESSAGE_WARNING];
    run->errors = b->pending.counts[SB_MESSAGE_ERROR];
    run->fatals = b->pending.counts[SB_MESSAGE_FATAL];
    b->fatal = b->pending.fatal;
    for (size_t i = b->pending.first_reading;
         b->pending.banner && sb_builder_explains(b) && i < b->out->readings_nr; i++)
        if (b->out->readings[i].line >= run->first_line) b->out->readings[i].ordinal = run->ordinal;
    if (b->heading.len)
        sb_note_run(b->ds, b->run)->heading = sb_arena_strndup(&b->ds->arena, b->heading.buf, b->heading.len);
    b->open = true; /* before the banner is forgotten: lines behind it are inside the run */
    forget_banner(b);
    b->ended = b->outside = b->started = b->has_final = b->short_report = b->checkpoint = false;
    b->phase = SB_PHASE_ANY;
    b->section = SB_SECTION_ANY;
    b->once_nr = 0;
    b->elapsed_s = -1;
    b->interval_rule = NULL;
    b->heading_closed = true; /* the next line between runs begins a new one */
}

static const char *failure_reason(struct sb_builder *b, const struct sb_run *run)
{
    if (b->fatal) return sb_arena_printf(&b->ds->arena, "FATAL: %s", b->fatal);
    if (run->points_nr) return "no report: it ends behind interval lines (interrupted or cut)";
    if (b->phase >= SB_PHASE_STARTED)
        return "no report: it ends behind the start of the test (interrupted or cut)";
    return "no report: it ends within the options";
}

static const char *partial_reason(struct sb_builder *b)
{
    if (b->phase <= SB_PHASE_OPTIONS) return "no end of the report";
    return b->started ? "the report is cut: its last block is missing" : "a report without beginning or end";
}

static void set_status(struct sb_builder *b)
{
    struct sb_run *run = sb_builder_run(b);
    run->status = b->ended ? SB_COMPLETE : b->has_final ? SB_PARTIAL : SB_FAILED;
    if (run->status == SB_PARTIAL)
        run->status_reason = b->fatal
                                 ? sb_arena_printf(&b->ds->arena, "the report is cut; FATAL: %s", b->fatal)
                                 : partial_reason(b);
    if (run->status == SB_FAILED) run->status_reason = failure_reason(b, run);
}

static void keep_excerpt(struct sb_builder *b)
{
    if (b->options && b->options->keep_excerpts && b->excerpt_good) {
        sb_builder_run(b)->excerpt = sb_arena_strndup(&b->ds->arena, b->excerpt.buf, b->excerpt_good);
        sb_builder_run(b)->excerpt_line = sb_builder_run(b)->first_line;
    }
    sb_strbuf_clear(&b->excerpt);
    b->excerpt_good = 0;
}

static bool only_digits(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Numbers only: other options are printed in other words than they are typed in. */
static void compare_typed(struct sb_builder *b, const struct typed_option *typed, const char *printed)
{
    if (only_digits(typed->text) && only_digits(printed) && strcmp(typed->text, printed) != 0)
        sb_dataset_add_finding(b->ds, "NAME_CONTRADICTS_LOG", SB_WARNING, b->run, typed->line,
                               "%s:%u: the command says %s=%s, the log %s; the log is believed", b->source,
                               (unsigned)typed->line, typed->name, typed->text, printed);
}

/* What was typed but not printed. A test's name says more than the kind of its report ("oltp_read_only"). */
static void apply_typed(struct sb_builder *b)
{
    struct sb_run *run = sb_builder_run(b);
    for (size_t i = 0; i < b->typed_nr; i++) {
        const char *printed = sb_run_param(run, b->typed[i].name);
        if (printed)
            compare_typed(b, &b->typed[i], printed);
        else
            sb_run_set_param(b->ds, run, b->typed[i].name, b->typed[i].text, b->typed[i].line);
    }
    bool silent = !*run->kind ||
                  (strcmp(run->kind, "oltp") == 0 && strcmp(b->typed_test ? b->typed_test : "", "") != 0);
    if (b->typed_test && silent) run->kind = b->typed_test;
    b->typed_nr = 0;
    b->typed_test = NULL;
}

static void close_run(struct sb_builder *b)
{
    if (!b->open) return;
    set_status(b);
    apply_typed(b);
    sb_derive_values(b->ds, sb_builder_run(b));
    keep_excerpt(b);
    drop_pending_unread(b);
    b->open = false;
    b->ended = false;
    b->section = SB_SECTION_ANY;
    b->phase = SB_PHASE_ANY;
    b->fatal = NULL;
    b->thread = NULL;
}

/* A banner behind which no run came: a failed start when a FATAL stands there, else nothing that could be
 * counted. */
static void close_banner(struct sb_builder *b)
{
    if (b->pending.banner && b->pending.fatal && !b->outside) {
        uint32_t last = b->pending.fatal_line;
        open_run(b);
        sb_builder_run(b)->last_line = last;
        close_run(b);
    } else if (b->pending.banner && !b->outside) {
        sb_dataset_add_file_finding(b->ds, "BANNER_WITHOUT_RUN", SB_NOTE, b->source, b->pending.line,
                                    "sysbench was started here, but no run follows");
    }
    forget_banner(b);
}

/* What one line does. */

static bool had_once(const struct sb_builder *b, const struct sb_rule *rule)
{
    for (size_t i = 0; i < b->once_nr; i++)
        if (b->once[i] == rule) return true;
    return false;
}

static void end_checkpoint(struct sb_builder *b)
{
    b->checkpoint = false;
    b->phase = SB_PHASE_INTERVAL;
    b->once_nr = 0;
    b->section = SB_SECTION_ANY;
}

/* The seconds of an interval line, -1 when the row has none. */
static double elapsed_of(const struct sb_rule *rule, const struct sb_match *m)
{
    double elapsed;
    if (rule->captures[0].to != SB_TO_ELAPSED) return -1;
    return sb_number_parse(m->captures[0].s, m->captures[0].len, &elapsed) ? elapsed : -1;
}

/* Interval lines of one run never go back in time, nor does one kind of them stand twice at one time. */
static bool goes_back(const struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    double elapsed = elapsed_of(rule, m);
    return elapsed >= 0 && (elapsed < b->elapsed_s || (elapsed == b->elapsed_s && rule == b->interval_rule));
}

/* Does the line begin another run than the open one? */
static bool begins_another(const struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    if (rule->flags & SB_RULE_CONTEXT) return false;
    if (rule->phase == SB_PHASE_ANY) return false;
    if (rule->phase == SB_PHASE_INTERVAL && goes_back(b, rule, m)) return true;
    if (b->ended) return rule->phase != SB_PHASE_DEBUG;
    if ((rule->flags & SB_RULE_STARTS) && (b->started || b->phase > SB_PHASE_OPTIONS)) return true;
    if ((rule->flags & SB_RULE_ONCE) && had_once(b, rule)) return true;
    return b->phase >= SB_PHASE_RESULT && rule->phase < b->phase;
}

/* Interval lines come from a thread of their own that waits for nobody: one may stand inside a report, of a
 * checkpoint or the last one, of a run that has had such lines. */
static bool is_late_interval(const struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    if (rule->phase != SB_PHASE_INTERVAL || b->ended || goes_back(b, rule, m)) return false;
    return b->checkpoint || (b->phase >= SB_PHASE_RESULT && b->elapsed_s >= 0);
}

/* Sees to it that the right run is open for the line. False when the line belongs to none. */
static bool enter_run(struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    if (b->open && is_late_interval(b, rule, m)) return true;
    if (b->open && b->checkpoint && begins_another(b, rule, m)) end_checkpoint(b);
    if (b->open && begins_another(b, rule, m)) close_run(b);
    if (b->open && b->ended && rule->phase == SB_PHASE_ANY && !(rule->flags & SB_RULE_TRAILING)) close_run(b);
    if (b->open) return true;
    if (rule->flags & SB_RULE_CONTEXT || rule->phase == SB_PHASE_ANY) return false;
    if (b->outside && !(rule->flags & SB_RULE_STARTS)) forget_banner(b);
    open_run(b);
    return true;
}

static void apply_unit_metric(struct sb_builder *b, const char *name, struct sb_slice number,
                              struct sb_slice unit)
{
    double factor = sb_unit_factor(unit, sb_metric_unit(name));
    if (factor > 0) sb_builder_metric(b, name, number, factor);
}

/* "latency_p" with the rank that the line gives; NULL for rank 0: sysbench then keeps no percentiles. */
static const char *ranked_name(struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m,
                               const char *name)
{
    for (size_t i = 0; i < m->captures_nr; i++) {
        struct sb_slice rank = m->captures[i];
        if (rule->captures[i].to != SB_TO_RANK) continue;
        if (sb_slice_is(rank, "0") || rank.len > 3) return NULL;
        return sb_arena_printf(&b->ds->arena, "%s%.*s", name, (int)rank.len, rank.s);
    }
    return name;
}

static void apply_captures(struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    double elapsed = elapsed_of(rule, m);
    if (elapsed >= 0) {
        b->elapsed_s = elapsed;
        b->interval_rule = rule;
    } else {
        elapsed = b->elapsed_s > 0 ? b->elapsed_s : 0;
    }
    for (size_t i = 0; i < m->captures_nr; i++) {
        const struct sb_capture *c = &rule->captures[i];
        const char *name = c->name;
        if (name && sb_has_suffix(name, "_p")) name = ranked_name(b, rule, m, name);
        if (!name && c->to != SB_TO_RANK) continue;
        switch (c->to) {
        case SB_TO_METRIC: sb_builder_metric(b, name, m->captures[i], c->scale); break;
        case SB_TO_METRIC_UNIT: apply_unit_metric(b, name, m->captures[i], m->captures[i + 1]); break;
        case SB_TO_PARAM: sb_builder_set_param(b, name, m->captures[i]); break;
        case SB_TO_POINT: sb_builder_point(b, name, elapsed, m->captures[i], c->scale); break;
        case SB_TO_RANK:
            if (rule->phase == SB_PHASE_LATENCY && !b->checkpoint)
                sb_builder_set_param(b, "percentile", m->captures[i]);
            break;
        case SB_TO_ELAPSED:
        case SB_TO_UNIT:
        case SB_TO_NOTHING: break;
        }
    }
    if (rule->set.name) sb_run_set_param(b->ds, sb_builder_run(b), rule->set.name, rule->set.text, b->line);
}

static void note_kind(struct sb_builder *b, const struct sb_rule *rule)
{
    if (rule->kind && !*sb_builder_run(b)->kind)
        sb_builder_run(b)->kind = sb_dataset_intern(b->ds, rule->kind);
}

/* A line of a run. */
static void take_line(struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    if (rule->flags & SB_RULE_ONCE && b->once_nr < SB_ARRAY_SIZE(b->once)) b->once[b->once_nr++] = rule;
    if (rule->phase > b->phase) b->phase = rule->phase;
    if (rule->opens) b->section = rule->opens;
    if (rule->flags & SB_RULE_STARTS) b->started = true;
    if (rule->flags & SB_RULE_SHORT) b->short_report = true;
    note_kind(b, rule);
    apply_captures(b, rule, m);
    if (rule->handle) rule->handle(b, m);
    sb_builder_run(b)->last_line = b->line;
    if (!(rule->flags & SB_RULE_ENDS) && !(rule->flags & SB_RULE_ENDS_SHORT && b->short_report)) return;
    if (b->checkpoint)
        end_checkpoint(b);
    else
        b->ended = true;
}

static void take_banner(struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    struct pending before = b->pending;
    close_run(b);
    if (before.banner) {
        close_banner(b);
        before = (struct pending){.version = ""};
    }
    b->outside = false;
    b->pending =
        before; /* warnings right above the banner belong to it: deprecated options are told before it */
    b->pending.fatal = NULL; /* a FATAL there ended the program that printed it */
    b->pending.counts[SB_MESSAGE_FATAL] = b->pending.counts[SB_MESSAGE_ERROR] = 0;
    b->pending.banner = true;
    b->pending.line = b->line;
    b->pending.first_reading = sb_builder_explains(b) ? b->out->readings_nr : 0;
    b->pending.version = "";
    if (rule->handle) rule->handle(b, m);
}

/* Bookkeeping of lines: excerpt, unread, explain. */

static void add_reading(struct sb_builder *b, uint32_t ordinal, const char *rule, struct sb_slice text)
{
    if (!sb_builder_explains(b)) return;
    SB_ALLOC_GROW(b->out->readings, b->out->readings_nr + 1, b->out->readings_alloc);
    b->out->readings[b->out->readings_nr++] = (struct sb_line_reading){
        .line = b->line,
        .ordinal = ordinal,
        .rule = rule,
        .outputs = sb_arena_strndup(&b->ds->arena, b->outputs.buf, b->outputs.len),
        .text = sb_arena_strndup(&b->ds->arena, text.s, text.len),
    };
}

/* The lines before this one that no rule knew are inside the run after all. */
static void confirm_unread(struct sb_builder *b)
{
    if (collecting_unread(b)) b->unread_first = b->out->unread_nr;
    if (!sb_builder_explains(b)) return;
    for (size_t i = b->reading_first; i < b->out->readings_nr; i++)
        if (!*b->out->readings[i].rule && *b->out->readings[i].text) {
            b->out->readings[i].rule = "unread";
            b->out->readings[i].ordinal = sb_builder_run(b)->ordinal;
        }
    b->reading_first = b->out->readings_nr;
}

static void add_excerpt(struct sb_builder *b, struct sb_slice line)
{
    if (!b->options || !b->options->keep_excerpts || b->excerpt.len + line.len + 1 > EXCERPT_MAX) return;
    sb_strbuf_add(&b->excerpt, line.s, line.len);
    sb_strbuf_addc(&b->excerpt, '\n');
}

/* A short line between two runs may say what the next one is ("MUTEX BENCHMARKS"); the last such lines are
 * kept. */
static void keep_heading(struct sb_builder *b, struct sb_slice line)
{
    struct sb_slice text = sb_slice_trim(line);
    if (b->heading_closed) sb_strbuf_clear(&b->heading);
    b->heading_closed = false;
    if (text.len > HEADING_MAX || b->heading.len + text.len > HEADING_MAX) sb_strbuf_clear(&b->heading);
    if (text.len > HEADING_MAX) return;
    if (b->heading.len) sb_strbuf_addc(&b->heading, ' ');
    sb_strbuf_add(&b->heading, text.s, text.len);
}

static void take_unknown(struct sb_builder *b, struct sb_slice line)
{
    bool blank = !sb_slice_trim(line).len;
    bool between = !b->pending.banner && (!b->open || b->ended);
    if (between && !blank) {
        keep_heading(b, line);
        memset(b->pending.counts, 0,
               sizeof b->pending.counts); /* messages above it are not the next banner's */
        b->pending.fatal = NULL;
    }
    if (collecting_unread(b) && (b->open || b->pending.banner) && !blank) {
        SB_ALLOC_GROW(b->out->unread, b->out->unread_nr + 1, b->out->unread_alloc);
        b->out->unread[b->out->unread_nr++] =
            (struct sb_unread_line){b->source, b->line, sb_arena_strndup(&b->ds->arena, line.s, line.len)};
    }
    add_reading(b, 0, "", line);
    if (b->open || b->pending.banner) add_excerpt(b, line);
}

static void take_known(struct sb_builder *b, const struct sb_rule *rule, const struct sb_match *m)
{
    if (rule->flags & SB_RULE_BANNER) {
        take_banner(b, rule, m);
        sb_strbuf_clear(&b->excerpt);
        add_excerpt(b, m->line);
        add_reading(b, 0, rule->name, m->line);
        return;
    }
    if (rule->flags & SB_RULE_BOUNDARY) {
        if (b->open && (b->ended || b->has_final)) close_run(b);
        if (rule->handle) {
            close_run(b);
            b->typed_nr = 0;
            b->typed_test = NULL;
            rule->handle(b, m);
        }
        b->outside = false;
        add_reading(b, 0, rule->name, m->line);
        return;
    }
    if (rule->flags & SB_RULE_OUTSIDE) {
        close_run(b);
        b->outside = true;
        forget_banner(b);
        add_reading(b, 0, rule->name, m->line);
        return;
    }
    if (!enter_run(b, rule, m)) {
        if (rule->handle) rule->handle(b, m);
        add_reading(b, 0, rule->name, m->line);
        if (b->pending.banner) add_excerpt(b, m->line);
        return;
    }
    confirm_unread(b);
    take_line(b, rule, m);
    add_excerpt(b, m->line);
    b->excerpt_good = b->excerpt.len;
    add_reading(b, sb_builder_run(b)->ordinal, rule->name, m->line);
}

/* `results/raw.txt:12:    events per second: 5157.14`: what grep puts before the lines of several files.
 * False when the line has no such prefix. */
static bool without_grep_prefix(struct sb_slice line, struct sb_slice *file, struct sb_slice *rest)
{
    size_t colon = sb_slice_find(line, ":"), at = colon + 1, digits = at;
    *file = (struct sb_slice){line.s, colon};
    if (colon == line.len || !colon) return false;
    if (sb_slice_find(*file, ".") == colon && sb_slice_find(*file, "/") == colon) return false;
    while (digits < line.len && sb_is_digit(line.s[digits]))
        digits++;
    if (digits > at && digits < line.len && line.s[digits] == ':') at = digits + 1;
    *rest = (struct sb_slice){line.s + at, line.len - at};
    return true;
}

/* A line that grep found: each file's lines are of another run than the file's before. */
static const struct sb_rule *find_behind_grep(struct sb_builder *b, struct sb_slice line,
                                              struct sb_match *match)
{
    struct sb_slice file, rest;
    if (!without_grep_prefix(line, &file, &rest)) return NULL;
    const struct sb_rule *rule = sb_grammar_find(b, rest, match);
    if (!rule || rule->phase == SB_PHASE_ANY) return NULL;
    const char *name = sb_arena_intern(&b->ds->arena, file.s, file.len);
    if (b->grep_file != name) {
        close_run(b);
        sb_strbuf_clear(&b->heading);
        if (file.len <= HEADING_MAX) sb_strbuf_add(&b->heading, file.s, file.len);
        rule = sb_grammar_find(b, rest, match);
    }
    b->grep_file = name;
    return rule;
}

void sb_builder_line(struct sb_builder *b, const char *text, size_t len, uint32_t number)
{
    struct sb_match match;
    struct sb_slice line = {text, len};
    b->line = number;
    sb_strbuf_clear(&b->outputs);
    b->rule = sb_grammar_find(b, line, &match);
    if (!b->rule) b->rule = find_behind_grep(b, line, &match);
    if (b->rule)
        take_known(b, b->rule, &match);
    else
        take_unknown(b, line);
}

/* Takes back what the current line gave to the run. */
static void take_back_cut_line(struct sb_builder *b)
{
    struct sb_run *run = sb_builder_run(b);
    while (run->values_nr && run->values[run->values_nr - 1].line == b->line) {
        const struct sb_value *v = &run->values[run->values_nr - 1];
        struct sb_finding *f = sb_dataset_add_finding(
            b->ds, "VALUE_CUT", SB_WARNING, b->run, b->line,
            "%s:%u: the log is cut within the line of %s (%s); the value is taken as missing", b->source,
            (unsigned)b->line, v->metric, v->text);
        f->metric = v->metric;
        run->values_nr--;
    }
    b->has_final = run->values_nr > 0;
}

/* Every report ends in a number with two decimals. */
static bool ends_whole(const struct sb_run *run)
{
    const struct sb_value *last = run->values_nr ? &run->values[run->values_nr - 1] : NULL;
    const char *point = last && last->text ? strchr(last->text, '.') : NULL;
    return point && strlen(point + 1) >= 2;
}

size_t sb_builder_finish(struct sb_builder *b, bool unterminated)
{
    if (unterminated && b->open && sb_builder_run(b)->last_line == b->line) {
        if (b->ended && !ends_whole(sb_builder_run(b))) b->ended = false;
        if (b->started && !b->ended) take_back_cut_line(b);
    }
    close_run(b);
    close_banner(b);
    size_t runs = b->ordinal;
    sb_strbuf_release(&b->excerpt);
    sb_strbuf_release(&b->outputs);
    sb_strbuf_release(&b->heading);
    free(b);
    return runs;
}
