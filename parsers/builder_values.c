/* What a line says, added to the run that it belongs to; declared in builder.h. */
#include "parsers/builder_state.h"

#include <math.h>
#include "core/alloc.h"
#include "core/metric.h"
#include "core/text.h"
#include "io/number.h"
#include "parsers/reading.h"

static char *slice_text(struct sb_builder *b, struct sb_slice slice)
{
    return sb_arena_strndup(&b->ds->arena, slice.s, slice.len);
}

/* For explain: what the line feeds. */
static void note_output(struct sb_builder *b, const char *name, struct sb_slice text, const char *unit)
{
    if (!sb_builder_explains(b)) return;
    if (b->outputs.len) sb_strbuf_adds(&b->outputs, "; ");
    sb_strbuf_addf(&b->outputs, "%s=%.*s", name, (int)text.len, text.s);
    if (*unit) sb_strbuf_addf(&b->outputs, " %s", unit);
}

static void add_unreadable(struct sb_builder *b, const char *code, const char *metric, struct sb_slice token)
{
    struct sb_finding *f = sb_dataset_add_finding(
        b->ds, code, SB_WARNING, b->run, b->line,
        "%s:%u: %s is printed as %.*s: %s; the value is taken as missing", b->source, (unsigned)b->line,
        metric, (int)(token.len > 80 ? 80 : token.len), token.s, sb_reading_reason(code));
    f->metric = sb_dataset_intern(b->ds, metric);
}

void sb_builder_metric(struct sb_builder *b, const char *name, struct sb_slice number, double scale)
{
    struct sb_reading reading;
    const char *unit = sb_metric_unit(name);
    const char *code = sb_read_number(number, unit, scale, &reading);
    if (!b->checkpoint) b->has_final = true;
    if (code) {
        add_unreadable(b, code, name, number);
        note_output(b, name, (struct sb_slice){"missing", 7}, "");
        return;
    }
    note_output(b, name, number, scale == 0 || scale == 1 ? unit : "");
    if (b->checkpoint) {
        struct sb_point point = {.elapsed_s = b->checkpoint_s,
                                 .metric = name,
                                 .unit = unit,
                                 .value = reading.value,
                                 .line = b->line,
                                 .checkpoint = true};
        sb_run_add_point(b->ds, sb_builder_run(b), &point);
        return;
    }
    struct sb_value value = {.metric = name,
                             .unit = unit,
                             .value = reading.value,
                             .resolution = reading.resolution,
                             .text = slice_text(b, number),
                             .line = b->line,
                             .origin = SB_PRINTED};
    sb_run_add_value(b->ds, sb_builder_run(b), &value);
}

void sb_builder_point(struct sb_builder *b, const char *name, double elapsed_s, struct sb_slice number,
                      double scale)
{
    struct sb_reading reading;
    const char *unit = sb_metric_unit(name);
    if (sb_read_number(number, unit, scale, &reading)) return;
    note_output(b, name, number, scale == 0 || scale == 1 ? unit : "");
    struct sb_point point = {.elapsed_s = elapsed_s,
                             .metric = name,
                             .unit = *unit ? unit : "1",
                             .value = reading.value,
                             .line = b->line};
    sb_run_add_point(b->ds, sb_builder_run(b), &point);
}

void sb_builder_set_param(struct sb_builder *b, const char *name, struct sb_slice text)
{
    char *copy = slice_text(b, sb_slice_trim(text));
    sb_run_set_param(b->ds, sb_builder_run(b), name, copy, b->line);
    note_output(b, name, text, "");
}

void sb_builder_set_threads(struct sb_builder *b, struct sb_slice text)
{
    uint64_t threads = 0;
    sb_builder_set_param(b, "threads", text);
    for (size_t i = 0; i < text.len; i++) {
        if (!sb_is_digit(text.s[i]) || threads > UINT32_MAX) return;
        threads = threads * 10 + (uint64_t)(text.s[i] - '0');
    }
    if (threads <= UINT32_MAX) sb_builder_run(b)->threads = (uint32_t)threads;
}

void sb_builder_set_version(struct sb_builder *b, struct sb_slice version)
{
    if (version.len && version.s[0] == 'v') version.s++, version.len--;
    b->pending.version = sb_arena_intern(&b->ds->arena, version.s, version.len);
}

void sb_builder_set_elapsed(struct sb_builder *b, double elapsed_s)
{
    b->elapsed_s = elapsed_s;
}

void sb_builder_begin_thread(struct sb_builder *b, struct sb_slice number)
{
    b->thread = sb_arena_intern(&b->ds->arena, number.s, number.len);
}

void sb_builder_thread_point(struct sb_builder *b, const char *figure, const char *unit,
                             struct sb_slice number, double scale)
{
    struct sb_reading reading;
    if (!b->open || !b->thread || sb_read_number(number, unit, scale, &reading)) return;
    const struct sb_value *time = sb_run_value(sb_builder_run(b), "total_time");
    char *name = sb_arena_printf(&b->ds->arena, "thread.%s.%s", b->thread, figure);
    struct sb_point point = {.elapsed_s = time ? time->value : 0,
                             .metric = name,
                             .unit = unit,
                             .value = reading.value,
                             .line = b->line};
    sb_run_add_point(b->ds, sb_builder_run(b), &point);
    note_output(b, name, number, scale == 1 ? unit : "");
}

/* A histogram's count: digits only, below 2^64. */
static bool read_count(struct sb_slice text, uint64_t *count)
{
    *count = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!sb_is_digit(text.s[i]) || *count > (UINT64_MAX - 9) / 10) return false;
        *count = *count * 10 + (uint64_t)(text.s[i] - '0');
    }
    return text.len > 0;
}

void sb_builder_bucket(struct sb_builder *b, struct sb_slice value_ms, struct sb_slice count)
{
    struct sb_reading reading;
    uint64_t events;
    if (sb_read_number(value_ms, "ms", 1, &reading) || !read_count(count, &events)) return;
    sb_run_add_bucket(sb_builder_run(b), reading.value, events, b->line);
    note_output(b, "histogram", value_ms, "ms");
    note_output(b, "count", count, "");
}

void sb_builder_begin_checkpoint(struct sb_builder *b, double elapsed_s)
{
    b->checkpoint = true;
    b->checkpoint_s = elapsed_s;
    b->once_nr = 0;
    b->section = SB_SECTION_ANY;
}

void sb_builder_command_option(struct sb_builder *b, const char *name, const char *text)
{
    if (b->typed_nr < TYPED_MAX)
        b->typed[b->typed_nr++] =
            (struct typed_option){sb_dataset_intern(b->ds, name), sb_dataset_intern(b->ds, text), b->line};
}

void sb_builder_command_test(struct sb_builder *b, const char *test)
{
    b->typed_test = sb_dataset_intern(b->ds, test);
}

/* prepare or cleanup said so: no run is to blame. */
static void message_outside(struct sb_builder *b, enum sb_message message, struct sb_slice text)
{
    if (message == SB_MESSAGE_FATAL)
        sb_dataset_add_file_finding(b->ds, "PREPARE_FAILED", SB_WARNING, b->source, b->line, "FATAL: %.*s",
                                    (int)(text.len > 200 ? 200 : text.len), text.s);
}

/* What sysbench says before its banner. Any other warning there is somebody else's. */
static bool may_precede_banner(struct sb_slice text)
{
    return sb_slice_has_prefix(text, "--") || sb_slice_has_prefix(text, "the --test option is deprecated") ||
           sb_slice_has_prefix(text, "Both event and time limits") ||
           sb_slice_has_prefix(text, "WARNING: Both max-requests");
}

void sb_builder_message(struct sb_builder *b, enum sb_message message, struct sb_slice text)
{
    if (!b->open && !b->pending.banner && message == SB_MESSAGE_WARNING && !may_precede_banner(text)) return;
    if (b->outside) {
        message_outside(b, message, text);
        return;
    }
    if (message == SB_MESSAGE_FATAL) {
        const char **fatal = b->open ? &b->fatal : &b->pending.fatal;
        if (!*fatal) *fatal = slice_text(b, sb_slice_trim(text));
        if (!b->open) b->pending.fatal_line = b->line;
    }
    if (!b->open) {
        b->pending.counts[message]++;
        return;
    }
    struct sb_run *run = sb_builder_run(b);
    switch (message) {
    case SB_MESSAGE_WARNING: run->warnings++; break;
    case SB_MESSAGE_ERROR: run->errors++; break;
    case SB_MESSAGE_FATAL: run->fatals++; break;
    }
}
