#include "cli/collect_run.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include "cli/interrupt.h"
#include "cli/plan_file.h"
#include "cli/progress.h"
#include "cli/view_plan.h"
#include "collect/experiment.h"
#include "core/text.h"
#include "report/columns.h"

enum { STEP_FAILED = 5, LINE_WIDTH = 79, NARROWEST = 20 };

struct teller {
    bool terminal, quiet;
    bool shown; /* the progress line is on the screen */
};

/* ---- on a terminal: one line ---- */

static void clear_line(struct teller *t)
{
    if (t->shown) fputs("\r\x1b[K", stderr);
    t->shown = false;
}

/* "12 of 360, 1 h 20 min left: docker config1, boot 2: cpu_test1" */
static void add_place(struct sb_strbuf *out, const struct sb_collect_event *e)
{
    char left[32];
    sb_strbuf_addf(out, "%zu of %zu", e->done, e->total);
    if (isfinite(e->left)) sb_strbuf_addf(out, ", %s left", sb_duration(e->left, left, sizeof left));
    if (e->boot)
        sb_strbuf_addf(out, ": %s %s, boot %u", e->boot->platform->name, e->boot->config->name,
                       e->boot->boot);
    if (e->run)
        sb_strbuf_addf(out, ": %s", e->run->test->name);
    else if (e->boot)
        sb_strbuf_adds(out, ": starting");
}

/* One less than the terminal has: a line that is full would go on in the next and stay. */
static int line_width(void)
{
    struct winsize size;
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST;
    return known ? size.ws_col - 1 : LINE_WIDTH;
}

static void show_line(struct teller *t, const struct sb_collect_event *e)
{
    struct sb_strbuf text = SB_STRBUF_INIT, line = SB_STRBUF_INIT;
    add_place(&text, e);
    sb_columns_cut(&line, text.buf, line_width());
    fprintf(stderr, "\r\x1b[K%s", line.buf);
    t->shown = true;
    sb_strbuf_release(&text);
    sb_strbuf_release(&line);
}

/* ---- elsewhere: a line for each event ---- */

static const char *const event_words[] = {
    [SB_COLLECT_STARTED] = "started", [SB_COLLECT_BOOTING] = "boot",    [SB_COLLECT_RUNNING] = "run",
    [SB_COLLECT_RUN_DONE] = "done",   [SB_COLLECT_WARNING] = "warning", [SB_COLLECT_FINISHED] = "finished",
};

static void add_clock(struct sb_strbuf *out)
{
    char text[32];
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) && strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc))
        sb_strbuf_addf(out, "%s ", text);
}

static void add_what(struct sb_strbuf *out, const struct sb_collect_event *e)
{
    char left[32];
    if (e->run)
        sb_strbuf_addf(out, " %s", e->run->log);
    else if (e->boot)
        sb_strbuf_addf(out, " %s/%s boot %u", e->boot->platform->name, e->boot->config->name, e->boot->boot);
    if (e->text && *e->text) {
        sb_strbuf_adds(out, ": ");
        sb_text_visible(out, e->text, strlen(e->text), false);
    }
    if (e->kind == SB_COLLECT_BOOTING && isfinite(e->left))
        sb_strbuf_addf(out, ", %s left", sb_duration(e->left, left, sizeof left));
}

static void print_event(const struct sb_collect_event *e)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    add_clock(&line);
    bool failed = e->kind == SB_COLLECT_RUN_DONE && e->text && *e->text;
    sb_strbuf_addf(&line, "%zu/%zu %s", e->done, e->total, failed ? "failed" : event_words[e->kind]);
    add_what(&line, e);
    fprintf(stderr, "%s\n", line.buf);
    sb_strbuf_release(&line);
}

/* ---- both ---- */

static bool is_trouble(const struct sb_collect_event *e)
{
    return e->kind == SB_COLLECT_WARNING || (e->kind == SB_COLLECT_RUN_DONE && e->text && *e->text);
}

static void tell(void *data, const struct sb_collect_event *e)
{
    struct teller *t = data;
    if (t->quiet) return;
    if (!t->terminal) {
        print_event(e);
        return;
    }
    clear_line(t);
    if (is_trouble(e)) print_event(e);
    if (e->kind != SB_COLLECT_FINISHED) show_line(t, e);
}

/* Without slashes at the end, and without "/." there. */
static const char *without_slash(struct sb_arena *arena, const char *folder)
{
    size_t len = strlen(folder);
    for (bool cut = true; cut;) {
        cut = len > 1 && folder[len - 1] == '/';
        if (cut) len--;
        if (len > 2 && folder[len - 1] == '.' && folder[len - 2] == '/') len -= 2, cut = true;
    }
    return sb_arena_strndup(arena, folder, len ? len : 1);
}

const char *sb_report_folder_of(struct sb_arena *arena, const char *folder)
{
    const char *name = without_slash(arena, folder), *last = strrchr(name, '/');
    last = last ? last + 1 : name;
    if (*last && strspn(last, ".") < strlen(last)) return sb_arena_printf(arena, "%s-report", name);
    char *real = realpath(name, NULL);
    const char *real_last = real ? strrchr(real, '/') + 1 : "";
    const char *above = strcmp(name, ".") == 0 ? ".." : sb_arena_printf(arena, "%s/..", name);
    const char *report = *real_last ? sb_arena_printf(arena, "%s/%s-report", above, real_last)
                                    : sb_arena_printf(arena, "%s/report", above);
    free(real);
    return report;
}

static const char *plural(size_t nr)
{
    return nr == 1 ? "" : "s";
}

static void print_counts(const struct sb_collect_summary *s, const char *folder)
{
    printf("%zu of %zu run%s done in %s", s->done, s->planned, plural(s->planned), folder);
    if (s->from_before) printf(", %zu of them before", s->from_before);
    if (s->failed) printf(", %zu failed", s->failed);
    if (s->missing) printf(", %zu missing", s->missing);
    if (s->boots_failed) printf("; %zu boot%s gave up", s->boots_failed, plural(s->boots_failed));
    puts(s->stopped ? "; stopped" : "");
}

/* How the experiment was called. */
struct call {
    const char *command, *plan, *folder, *scratch;
    bool allow_busy;
};

/* What happened, and the commands that come next. */
static void print_summary(const struct sb_collect_summary *s, const struct call *call, bool report_follows,
                          struct sb_arena *arena)
{
    const char *folder = without_slash(arena, call->folder), *dir = sb_quoted(arena, folder);
    const char *again = sb_arena_printf(arena, "sbstat %s %s -o %s%s%s%s --resume", call->command,
                                        sb_quoted(arena, call->plan), dir, call->scratch ? " --scratch " : "",
                                        call->scratch ? sb_quoted(arena, call->scratch) : "",
                                        call->allow_busy ? " --allow-busy" : "");
    print_counts(s, dir);
    if (s->missing) printf("go on:  %s\n", again);
    if (s->failed) printf("again:  %s --retry-failed\n", again);
    if (s->done && !report_follows)
        printf("report: sbstat report %s -o %s\n", dir,
               sb_quoted(arena, sb_report_folder_of(arena, call->folder)));
    fflush(stdout);
}

static void announce(struct sb_plan *plan, const char *plan_path, const struct teller *t)
{
    struct sb_plan_warning *warnings;
    size_t nr = sb_plan_warnings(plan, &plan->arena, &warnings);
    if (nr && !t->quiet)
        fprintf(stderr, "sbstat: %zu warning%s about this plan: sbstat collect plan %s\n", nr, plural(nr),
                sb_quoted(&plan->arena, plan_path));
}

static int run_plan(struct sb_plan_file *file, const struct call *call, const struct sb_options *o,
                    struct sb_err *err)
{
    struct teller teller = {.terminal = isatty(STDERR_FILENO) != 0, .quiet = o->quiet};
    struct sb_collect_summary summary = {.planned = 0};
    const struct sb_collect_options options = {.plan_text = file->text,
                                               .plan_len = file->len,
                                               .folder = call->folder,
                                               .scratch = o->scratch,
                                               .resume = o->resume,
                                               .retry_failed = o->retry_failed,
                                               .allow_busy = o->allow_busy,
                                               .stop = sb_interrupt_catch(),
                                               .event = tell,
                                               .data = &teller,
                                               .version = SBSTAT_VERSION};
    announce(&file->plan, call->plan, &teller);
    /* Who reads the progress may go away; the experiment goes on. */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    bool ok = sb_collect_run(&file->plan, &options, &summary, err);
    clear_line(&teller);
    signal(SIGPIPE, before);
    if (ok || summary.begun)
        print_summary(&summary, call, ok && !summary.stopped && strcmp(call->command, "run") == 0,
                      &file->plan.arena);
    sb_interrupt_release();
    sb_interrupt_die();
    if (!ok) return -1;
    return summary.failed || summary.missing || summary.boots_failed ? STEP_FAILED : 0;
}

int sb_cli_collect(const char *command, const char *plan_path, const struct sb_options *o, const char *folder,
                   struct sb_err *err)
{
    const struct call call = {.command = command,
                              .plan = plan_path,
                              .folder = folder,
                              .scratch = o->scratch,
                              .allow_busy = o->allow_busy};
    struct sb_plan_file file;
    int status = -1;
    if (o->retry_failed && !o->resume)
        return sb_fail(err, SB_ERR_USAGE, "--retry-failed goes with --resume") - 1;
    if (sb_plan_file_read(&file, plan_path, err)) status = run_plan(&file, &call, o, err);
    sb_plan_file_release(&file);
    return status;
}
