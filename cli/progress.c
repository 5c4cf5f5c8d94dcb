#include "cli/progress.h"

#include <math.h>
#include <unistd.h>

void sb_progress_start(struct sb_progress *p, const char *what, bool quiet)
{
    *p = (struct sb_progress){.what = what, .on = !quiet && isatty(STDERR_FILENO)};
    if (p->on) clock_gettime(CLOCK_MONOTONIC, &p->started);
    p->last = p->started;
}

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
    return (double)(b->tv_sec - a->tv_sec) + (double)(b->tv_nsec - a->tv_nsec) * 1e-9;
}

/* At most ten lines a second, and none in the first half second: short work stays silent. */
static bool due(struct sb_progress *p, double *elapsed)
{
    struct timespec now;
    if (!p->on) return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    *elapsed = seconds_between(&p->started, &now);
    if (*elapsed < 0.5 || seconds_between(&p->last, &now) < 0.1) return false;
    p->last = now;
    p->shown = true;
    return true;
}

void sb_progress_files(void *progress, size_t files, size_t runs)
{
    double elapsed;
    if (due(progress, &elapsed))
        fprintf(stderr, "\r\x1b[K%s: %zu files, %zu runs, %.0f files/s",
                ((struct sb_progress *)progress)->what, files, runs, (double)files / elapsed);
}

void sb_progress_step(struct sb_progress *p, size_t done, const char *unit)
{
    double elapsed;
    if (!due(p, &elapsed)) return;
    double rate = (double)done / elapsed;
    fprintf(stderr, "\r\x1b[K%s: %zu of %zu %s, %.1f/s", p->what, done, p->total, unit, rate);
    if (done && p->total >= done) fprintf(stderr, ", %.0f s left", (double)(p->total - done) / rate);
}

void sb_progress_end(struct sb_progress *p)
{
    if (p->shown) fputs("\r\x1b[K", stderr);
    p->shown = false;
}

const char *sb_duration(double seconds, char *buf, size_t size)
{
    double minutes = round(seconds / 60), hours = floor(minutes / 60);
    if (!isfinite(seconds))
        snprintf(buf, size, "?");
    else if (seconds < 90)
        snprintf(buf, size, "%.0f s", seconds);
    else if (minutes < 90)
        snprintf(buf, size, "%.0f min", minutes);
    else if (hours < 48)
        snprintf(buf, size, "%.0f h %.0f min", hours, minutes - 60 * hours);
    else
        snprintf(buf, size, "%.0f d %.0f h", floor(hours / 24), fmod(hours, 24));
    return buf;
}
