/* Questions to the target of a boot that are no steps of a test. */
#include "collect/experiment_state.h"

#include <math.h>
#include <unistd.h>
#include "collect/host_load.h"
#include "core/alloc.h"
#include "io/outfile.h"

static const double load_deadline = 30; /* s */
static const size_t answer_limit = 256 * 1024;

bool sb_ask_target(const struct sb_boot_now *now, const char *const *argv, bool privileged, double deadline,
                   char **text, size_t *len, struct sb_exec_result *result)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    sb_strbuf_addf(&path, "%s/answer", now->spec->scratch);
    const struct sb_exec exec = {
        .argv = argv, .output = path.buf, .deadline = deadline, .privileged = privileged};
    *text = NULL;
    *len = 0;
    unlink(path.buf);
    now->driver->exec(now->target, &exec, result);
    if (access(path.buf, R_OK) == 0 && !sb_read_file(path.buf, answer_limit, text, len, NULL)) *text = NULL;
    unlink(path.buf);
    sb_strbuf_release(&path);
    return result->outcome == SB_EXEC_ENDED;
}

static void load_here(struct sb_machine_load *load)
{
    struct sb_cpu_times times;
    sb_load_averages(load->averages);
    load->steal = sb_cpu_times_now(&times) ? times.steal : NAN;
}

void sb_load_where_it_runs(const struct sb_boot_now *now, struct sb_machine_load *load)
{
    static const char *const argv[] = {"sh", "-c", sb_machine_load_script, NULL};
    struct sb_exec_result result;
    char *text;
    size_t len;
    if (!now->driver->remote) {
        load_here(load);
        return;
    }
    sb_ask_target(now, argv, false, load_deadline, &text, &len, &result);
    sb_machine_load_read(load, text ? text : "", text ? len : 0);
    free(text);
}
