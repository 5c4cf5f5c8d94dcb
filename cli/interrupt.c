#include "cli/interrupt.h"

#include <stddef.h>
#include "core/alloc.h"
#include "io/outfile.h"

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
static struct sigaction before[SB_ARRAY_SIZE(signals)];
static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    if (caught == number) sb_interrupt_die();
    caught = number;
}

const volatile sig_atomic_t *sb_interrupt_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SB_ARRAY_SIZE(signals); i++)
        if (sigaction(signals[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    return &caught;
}

void sb_interrupt_release(void)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(signals); i++)
        sigaction(signals[i], &before[i], NULL);
}

void sb_interrupt_die(void)
{
    if (!caught) return;
    sb_outfile_cleanup();
    signal(caught, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, caught);
    sigprocmask(SIG_UNBLOCK, &only, NULL);
    raise(caught);
}
