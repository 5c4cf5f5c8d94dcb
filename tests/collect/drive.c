/*
 * Drives one platform by hand: reads a plan, then orders from standard input, one a line, and prints one line
 * for each answer. For tests of drivers without the runner.
 *
 *   drive PLAN SCRATCH [PLATFORM [CONFIG [EXPERIMENT]]]
 *
 *   show | check | start | stop | sweep | pause SECONDS
 *   exec SECONDS LOG WORD...      runs WORD... with that deadline; words are between blanks
 *
 * Answers: "ORDER ok ..." or "ORDER failed MESSAGE", of check with the exit status before it; of exec "exec
 * OUTCOME STATUS WALL REASON".
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "collect/driver.h"
#include "core/alloc.h"
#include "core/text.h"

static volatile sig_atomic_t stopped;

static void on_stop(int signal)
{
    (void)signal;
    stopped = 1;
}

static const char *const outcomes[] = {"ended", "timeout", "lost", "flood", "stopped"};

struct drive {
    struct sb_plan plan;
    struct sb_boot_spec spec;
    struct sb_boot_facts facts;
    struct sb_target *target;
    bool broken;
};

static void print_argv(const char *const *argv)
{
    for (; argv && *argv; argv++)
        printf(" %s", *argv);
    printf("\n");
}

static void print_text(const char *name, const char *text)
{
    printf(" %s=%s", name, text ? text : "-");
}

static void do_show(struct drive *d)
{
    struct sb_err err;
    if (!d->spec.platform->driver->show_argv(&d->spec, NULL, &d->facts, &err)) {
        printf("show failed %s\n", err.msg);
        return;
    }
    printf("show ok");
    print_argv(d->facts.argv);
}

static void do_check(struct drive *d)
{
    struct sb_err err;
    if (d->spec.platform->driver->check(&d->spec, &err))
        printf("check ok\n");
    else
        printf("check failed %d %s\n", sb_err_exit_status(err.code), err.msg);
}

static void do_start(struct drive *d)
{
    struct sb_err err;
    d->facts.doubt = NULL;
    d->facts.ready = NAN;
    d->target = d->spec.platform->driver->start(&d->spec, &d->facts, &err);
    d->broken = false;
    if (!d->target) {
        printf("start failed %s\n", err.msg);
        return;
    }
    printf("start ok ready=%.3f", d->facts.ready);
    print_text("tool", d->facts.tool);
    print_text("version", d->facts.tool_version);
    print_text("sha256", d->facts.image_sha256);
    print_text("format", d->facts.image_format);
    print_text("kernel", d->facts.kernel);
    print_text("sysbench", d->facts.sysbench);
    print_text("accelerator", d->facts.accelerator);
    print_text("other_kernel", d->facts.other_kernel ? "yes" : "no");
    print_text("doubt", d->facts.doubt);
    printf("\n");
}

static void do_exec(struct drive *d, char *rest)
{
    const char *words[64] = {NULL};
    size_t nr = 0;
    for (char *save = NULL, *word = strtok_r(rest, " ", &save); word && nr < 63;
         word = strtok_r(NULL, " ", &save))
        words[nr++] = word;
    if (nr < 3 || !d->target) {
        printf("exec failed: exec SECONDS LOG WORD..., after start\n");
        return;
    }
    struct sb_exec exec = {.argv = words + 2, .output = words[1], .deadline = strtod(words[0], NULL)};
    struct sb_exec_result result;
    d->spec.platform->driver->exec(d->target, &exec, &result);
    d->broken = result.outcome != SB_EXEC_ENDED;
    printf("exec %s %d %.2f %s\n", outcomes[result.outcome], result.status, result.wall, result.reason);
}

static void do_stop(struct drive *d)
{
    static const char *const ways[] = {"clean", "asked", "term", "kill"};
    if (!d->target) return;
    enum sb_stop_way way = d->spec.platform->driver->stop(d->target, d->broken);
    d->target = NULL;
    printf("stop ok %s\n", ways[way]);
}

static void do_sweep(struct drive *d)
{
    struct sb_err err;
    size_t removed = 0;
    if (d->spec.platform->driver->sweep(&d->spec, &removed, &err))
        printf("sweep ok %zu\n", removed);
    else
        printf("sweep failed %s\n", err.msg);
}

static void obey(struct drive *d, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *rest = line + strcspn(line, " ");
    if (*rest) *rest++ = '\0';
    if (strcmp(line, "show") == 0)
        do_show(d);
    else if (strcmp(line, "check") == 0)
        do_check(d);
    else if (strcmp(line, "start") == 0)
        do_start(d);
    else if (strcmp(line, "exec") == 0)
        do_exec(d, rest);
    else if (strcmp(line, "stop") == 0)
        do_stop(d);
    else if (strcmp(line, "sweep") == 0)
        do_sweep(d);
    else if (strcmp(line, "pause") == 0)
        usleep((useconds_t)(strtod(rest, NULL) * 1e6));
    else
        printf("%s failed: no such order\n", line);
    fflush(stdout);
}

static bool set_up(struct drive *d, int argc, char **argv)
{
    const char *experiment = argc > 5 ? argv[5] : "test";
    for (size_t i = 0; i < d->plan.platforms_nr; i++)
        if (argc <= 3 || strcmp(d->plan.platforms[i].name, argv[3]) == 0) {
            d->spec.platform = &d->plan.platforms[i];
            break;
        }
    for (size_t i = 0; i < d->plan.configs_nr; i++)
        if (argc <= 4 || strcmp(d->plan.configs[i].name, argv[4]) == 0) {
            d->spec.config = &d->plan.configs[i];
            break;
        }
    d->facts.arena = &d->plan.arena;
    d->spec.plan = &d->plan;
    d->spec.boot = 1;
    d->spec.experiment = experiment;
    d->spec.name = sb_arena_printf(&d->plan.arena, "sbstat-%s-1", experiment);
    d->spec.scratch = argv[2];
    d->spec.console = sb_arena_printf(&d->plan.arena, "%s/console", argv[2]);
    d->spec.deadline = d->plan.boot_timeout;
    d->spec.stop = &stopped;
    return d->spec.platform && d->spec.config;
}

int main(int argc, char **argv)
{
    struct drive d;
    memset(&d, 0, sizeof d);
    struct sb_err err;
    signal(SIGTERM, on_stop);
    if (argc < 3) return 2;
    bool ok = sb_plan_read(&d.plan, argv[1], NULL, &err);
    if (!ok) fprintf(stderr, "%s\n", err.msg);
    ok = ok && set_up(&d, argc, argv);
    char *line = NULL;
    size_t size = 0;
    while (ok && getline(&line, &size, stdin) > 0)
        obey(&d, line);
    if (d.target) do_stop(&d);
    free(line);
    sb_plan_free(&d.plan);
    return ok ? 0 : 2;
}
